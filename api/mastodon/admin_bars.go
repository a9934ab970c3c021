package mastodon

import (
	"net/netip"
	"strings"

	"engawa/internal/clock"
	"engawa/social"
)

// barResource are the operations that all lists of Bars share.
type barResource struct {
	kind social.BarKind
	// show converts a page of them.
	show func(*API, *call, []social.Bar) ([]any, error)
}

func (b barResource) index(a *API, c *call) (any, error) {
	pg, err := c.adminPaged()
	if err != nil {
		return nil, err
	}
	list, err := a.Home.Store.Bars(c.ctx, b.kind, pg)
	if err != nil {
		return nil, err
	}
	linkIDs(a, c, list, func(x *social.Bar) social.ID { return x.ID })
	return b.all(a, c, list)
}

// all is never null.
func (b barResource) all(a *API, c *call, list []social.Bar) ([]any, error) {
	out, err := b.show(a, c, list)
	if out == nil {
		out = []any{}
	}
	return out, err
}

func (b barResource) find(a *API, c *call) (*social.Bar, error) {
	id, err := c.pathID("id")
	if err != nil {
		return nil, err
	}
	return a.Home.Store.Bar(c.ctx, b.kind, id)
}

func (b barResource) one(a *API, c *call, bar *social.Bar) (any, error) {
	all, err := b.show(a, c, []social.Bar{*bar})
	if err != nil {
		return nil, err
	}
	return all[0], nil
}

func (b barResource) get(a *API, c *call) (any, error) {
	bar, err := b.find(a, c)
	if err != nil {
		return nil, err
	}
	return b.one(a, c, bar)
}

func (b barResource) drop(a *API, c *call) (any, error) {
	id, err := c.pathID("id")
	if err != nil {
		return nil, err
	}
	defer a.doors.known.Store(nil)
	return empty, a.Home.DropBar(c.ctx, c.by(), b.kind, id)
}

func (b barResource) put(a *API, c *call, bar social.Bar) (any, error) {
	bar.Kind = b.kind
	made, err := a.Home.SetBar(c.ctx, c.by(), bar)
	if err != nil {
		return nil, err
	}
	a.doors.known.Store(nil)
	return b.one(a, c, made)
}

var (
	domainAllows      = barResource{social.AllowDomain, showDomainAllows}
	emailDomainBlocks = barResource{social.BarEmailDomain, showEmailDomains}
	ipBlocks          = barResource{social.BarAddress, showIPBlocks}
	emailBlocks       = barResource{social.BarEmail, showEmailBlocks}
)

func showDomainAllows(_ *API, _ *call, list []social.Bar) (out []any, _ error) {
	for _, b := range list {
		out = append(out, AdminDomainAllow{ID: b.ID.String(), Domain: b.Value, CreatedAt: moment(b.CreatedAt)})
	}
	return out, nil
}

func showEmailDomains(a *API, c *call, list []social.Bar) (out []any, _ error) {
	ids := make([]social.ID, len(list))
	for i := range list {
		ids[i] = list[i].ID
	}
	now := clock.Millis(a.Home.Clock.Now())
	days, err := a.Home.Store.BarHistory(c.ctx, ids, now, historyDays)
	for _, b := range list {
		out = append(out, AdminEmailDomainBlock{ID: b.ID.String(), Domain: b.Value, CreatedAt: moment(b.CreatedAt), History: history(days[b.ID], now)})
	}
	return out, err
}

func showIPBlocks(_ *API, _ *call, list []social.Bar) (out []any, _ error) {
	for _, b := range list {
		out = append(out, AdminIPBlock{
			ID: b.ID.String(), IP: b.Value, Severity: b.Severity, Comment: b.Comment, CreatedAt: moment(b.CreatedAt), ExpiresAt: momentOr(b.Until),
		})
	}
	return out, nil
}

func showEmailBlocks(_ *API, _ *call, list []social.Bar) (out []any, _ error) {
	for _, b := range list {
		out = append(out, AdminEmailBlock{ID: b.ID.String(), Hash: b.Value})
	}
	return out, nil
}

// domainAllowCreate answers the one that is there already, if so.
func domainAllowCreate(a *API, c *call) (any, error) {
	domain, err := domainParam(c)
	if err != nil {
		return nil, err
	}
	old, err := a.Home.Store.BarsOf(c.ctx, social.AllowDomain, []string{domain})
	if err != nil {
		return nil, err
	}
	if len(old) > 0 {
		return domainAllows.one(a, c, &old[0])
	}
	return domainAllows.put(a, c, social.Bar{Value: domain})
}

func emailDomainCreate(a *API, c *call) (any, error) {
	domain, err := domainParam(c)
	if err != nil {
		return nil, err
	}
	return emailDomainBlocks.put(a, c, social.Bar{Value: domain})
}

// ipSeverities are those of an IP block.
var ipSeverities = map[string]bool{social.SignUpApproval: true, social.SignUpBlock: true, social.NoAccess: true}

// maxBarComment bounds the comment of a Bar, in characters.
const maxBarComment = 1500

// readIPBlock takes what a request says into b; all faults are told at once.
func readIPBlock(a *API, c *call, b *social.Bar) error {
	var wrong []string
	if c.in.has("severity") || b.Severity == "" {
		switch b.Severity = c.in.text("severity"); {
		case b.Severity == "":
			wrong = append(wrong, "Severity can't be blank")
		case !ipSeverities[b.Severity]:
			wrong = append(wrong, "Severity is not one of sign_up_requires_approval, sign_up_block, no_access")
		}
	}
	if c.in.has("ip") || b.Value == "" {
		prefix, ok := prefixOf(orElse(strings.TrimSpace(c.in.text("ip")), "0.0.0.0/32"))
		if !ok {
			wrong = append(wrong, "Ip is invalid")
		} else {
			b.Value = prefix
		}
		taken, err := a.Home.Store.BarsOf(c.ctx, social.BarAddress, []string{prefix})
		if err != nil {
			return err
		}
		if ok && len(taken) > 0 && taken[0].ID != b.ID {
			wrong = append(wrong, "Ip has already been taken")
		}
	}
	if c.in.has("comment") {
		b.Comment = strings.TrimSpace(c.in.text("comment"))
	}
	if len([]rune(b.Comment)) > maxBarComment {
		wrong = append(wrong, "Comment is too long (maximum is 1500 characters)")
	}
	if c.in.has("expires_in") {
		b.Until = 0
		seconds, err := c.in.number("expires_in", 0)
		if err != nil || seconds < 0 || seconds > maxExpiry {
			wrong = append(wrong, "Expires in is invalid")
		} else if seconds > 0 {
			b.Until = clock.Millis(a.Home.Clock.Now()) + int64(seconds)*1000
		}
	}
	if len(wrong) > 0 {
		return badInput("", "Validation failed: "+strings.Join(wrong, ", "))
	}
	return nil
}

// maxExpiry is the longest time of an IP block, in seconds: a century.
const maxExpiry = 100 * 365 * 86_400

// prefixOf is the canonical form of an address or a prefix.
func prefixOf(text string) (string, bool) {
	if addr, err := netip.ParseAddr(text); err == nil {
		addr = addr.Unmap().WithZone("")
		return netip.PrefixFrom(addr, addr.BitLen()).String(), true
	}
	p, err := netip.ParsePrefix(text)
	if err != nil || p.Addr().Is4In6() {
		return "", false
	}
	return p.Masked().String(), true
}

func ipBlockCreate(a *API, c *call) (any, error) {
	var b social.Bar
	if err := readIPBlock(a, c, &b); err != nil {
		return nil, err
	}
	return ipBlocks.put(a, c, b)
}

func ipBlockUpdate(a *API, c *call) (any, error) {
	b, err := ipBlocks.find(a, c)
	if err != nil {
		return nil, err
	}
	next := *b
	if err := readIPBlock(a, c, &next); err != nil {
		return nil, err
	}
	return ipBlocks.put(a, c, next)
}

// emailHash is the hash that a request means: of the address, or as it is given.
func emailHash(in Params) (string, bool) {
	if email := strings.TrimSpace(in.text("email")); email != "" {
		return social.CanonicalEmail(email), true
	}
	hash := strings.ToLower(strings.TrimSpace(in.text("canonical_email_hash")))
	return hash, hash != ""
}

func emailBlockCreate(a *API, c *call) (any, error) {
	hash, ok := emailHash(c.in)
	switch {
	case !ok:
		return nil, badInput("canonical_email_hash", "Validation failed: Canonical email hash can't be blank")
	case len(hash) != 64 || strings.Trim(hash, "0123456789abcdef") != "":
		return nil, badInput("canonical_email_hash", "Validation failed: Canonical email hash is invalid")
	}
	return emailBlocks.put(a, c, social.Bar{Value: hash})
}

// emailBlockTest answers the blocks that an address would meet.
func emailBlockTest(a *API, c *call) (any, error) {
	email := strings.TrimSpace(c.in.text("email"))
	if email == "" {
		return nil, badInput("email", "Validation failed: Email can't be blank")
	}
	list, err := a.Home.Store.BarsOf(c.ctx, social.BarEmail, []string{social.CanonicalEmail(email)})
	if err != nil {
		return nil, err
	}
	return emailBlocks.all(a, c, list)
}
