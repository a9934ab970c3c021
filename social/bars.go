package social

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/netip"
	"strings"
)

// barring are who may change a kind of Bar.
var barring = map[BarKind]Permission{
	AllowDomain: ManageFederation, BarEmailDomain: ManageBlocks, BarAddress: ManageBlocks, BarEmail: ManageBlocks,
}

// MayBar reports whether a role may read and change a kind of Bar.
func (r Role) MayBar(kind BarKind) bool { return r.May(barring[kind]) }

// SetBar makes a Bar (ID zero) or changes it. Value is in its canonical form.
func (h *Home) SetBar(ctx context.Context, by *User, bar Bar) (*Bar, error) {
	if !by.Role.MayBar(bar.Kind) {
		return nil, notAllowed("set bar")
	}
	var b Bar
	return &b, h.staffTurn(ctx, by, func(t *turn) error {
		b = bar
		action := "update"
		if b.ID == 0 {
			action, b.ID, b.CreatedAt, b.By = "create", t.h.newID(), t.now, by.ID
		}
		if err := t.PutBar(ctx, &b); err != nil {
			return err
		}
		return t.log(ctx, action, string(b.Kind), b.ID, b.Value, b.Severity)
	})
}

// DropBar removes a Bar.
func (h *Home) DropBar(ctx context.Context, by *User, kind BarKind, id ID) error {
	if !by.Role.MayBar(kind) {
		return notAllowed("drop bar")
	}
	return h.staffTurn(ctx, by, func(t *turn) error {
		b, err := t.Bar(ctx, kind, id)
		if err != nil {
			return err
		}
		if err := t.DropBar(ctx, kind, id); err != nil {
			return err
		}
		return t.log(ctx, "destroy", string(kind), id, b.Value, b.Severity)
	})
}

// CanonicalEmail is the hash, in hexadecimal, of an e-mail address as Mastodon
// makes it: lower case, without dots and what follows "+" in the name.
func CanonicalEmail(email string) string {
	name, domain, _ := strings.Cut(strings.ToLower(strings.TrimSpace(email)), "@")
	name, _, _ = strings.Cut(strings.ReplaceAll(name, ".", ""), "+")
	sum := sha256.Sum256([]byte(name + "@" + domain))
	return hex.EncodeToString(sum[:])
}

// BarredEmail is the Bar that keeps an e-mail address from signing up, nil for
// none. That it did is counted, by the address of the machine.
func (h *Home) BarredEmail(ctx context.Context, email string, from netip.Addr) (*Bar, error) {
	_, domain, _ := strings.Cut(strings.ToLower(strings.TrimSpace(email)), "@")
	domains := []string{domain}
	for rest := domain; ; {
		_, above, ok := strings.Cut(rest, ".")
		if !ok {
			break
		}
		rest = above
		domains = append(domains, above)
	}
	found, err := h.Store.BarsOf(ctx, BarEmailDomain, domains)
	if err == nil && len(found) == 0 {
		found, err = h.Store.BarsOf(ctx, BarEmail, []string{CanonicalEmail(email)})
	}
	if err != nil || len(found) == 0 {
		return nil, err
	}
	b := &found[0]
	return b, h.Store.Write(ctx, func(tx Tx) error { return tx.BarHeld(ctx, b.ID, from.String(), h.now()) })
}

// BarredAddress is what the narrowest Bar says of a machine's address: one of
// SignUpApproval, SignUpBlock, NoAccess, or "" for nothing.
func (h *Home) BarredAddress(ctx context.Context, addr netip.Addr) (string, error) {
	if !addr.IsValid() {
		return "", nil
	}
	addr = addr.Unmap().WithZone("")
	prefixes := make([]string, 0, addr.BitLen()+1)
	for bits := addr.BitLen(); bits >= 0; bits-- {
		p, err := addr.Prefix(bits)
		if err != nil {
			return "", err
		}
		prefixes = append(prefixes, p.String())
	}
	found, err := h.Store.BarsOf(ctx, BarAddress, prefixes)
	if err != nil {
		return "", err
	}
	best, severity := -1, ""
	for i := range found {
		if p, err := netip.ParsePrefix(found[i].Value); err == nil && p.Bits() > best {
			best, severity = p.Bits(), found[i].Severity
		}
	}
	return severity, nil
}
