package server

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"engawa/internal/clock"
	"engawa/internal/locale"
	"engawa/network"
	"engawa/relay"
	"engawa/social"
)

// Linking makes, changes and ends the Links of Users.
type Linking struct {
	s      *Server
	table  map[string]*Linked
	ledger *relay.Ledger
}

const (
	// maxLinks bounds the Links of one User.
	maxLinks = 50
	// stepAge is how long a person has to come back from another network: a day,
	// as a letter waits so long.
	stepAge social.Millis = 24 * 3_600_000
	// maxLinkName bounds the name of a Link, in characters.
	maxLinkName = 50
)

// LinkAsk is what a person gave to link an account.
type LinkAsk struct {
	Network string
	Name    string    // what to call it; "" takes the handle
	Again   social.ID // the Link whose account is linked again; zero: a new one
	Base    string
	Fields  map[string]string
}

// linkStep is what is kept, sealed, while the person is at the other network.
type linkStep struct {
	State []byte        `json:"state"`
	Name  string        `json:"name"`
	Again social.ID     `json:"again,omitempty"`
	At    social.Millis `json:"at"`
}

// Begin starts linking: it answers with the Link, or with where the person has
// to go first; with neither, the person goes on from a letter.
func (k *Linking) Begin(ctx context.Context, user social.ID, ask *LinkAsk) (*social.Link, string, error) {
	linker, err := k.linker(ask.Network)
	if err != nil {
		return nil, "", err
	}
	if ask.Again == 0 {
		links, err := k.s.store.Links(ctx, user)
		if err != nil {
			return nil, "", err
		}
		if len(links) >= maxLinks {
			return nil, "", &social.Error{Kind: social.Invalid, Op: "link", Message: string(locale.W("link.bad.many", "count", maxLinks))}
		}
	}
	step, err := linker.Begin(ctx, network.LinkInput{
		Base: ask.Base, Fields: ask.Fields, Callback: k.s.callback(ask.Network), HomeURL: k.s.Config.URL, HomeName: k.s.Home.Info.Name,
	})
	if err != nil {
		return nil, "", linkError(err)
	}
	return k.take(ctx, user, ask.Network, step, &linkStep{Name: ask.Name, Again: ask.Again})
}

// Finish goes on when the person is back from a network with what its address said.
func (k *Linking) Finish(ctx context.Context, user social.ID, name string, back url.Values) (*social.Link, string, error) {
	linker, err := k.linker(name)
	if err != nil {
		return nil, "", err
	}
	kept, err := k.kept(ctx, user, name)
	if err != nil {
		return nil, "", err
	}
	step, err := linker.Finish(ctx, kept.State, back)
	if err != nil {
		return nil, "", linkError(err)
	}
	return k.take(ctx, user, name, step, kept)
}

func (k *Linking) linker(name string) (network.Linker, error) {
	if l := k.table[name]; l != nil {
		if linker, ok := l.Value.(network.Linker); ok {
			return linker, nil
		}
	}
	return nil, &social.Error{Kind: social.NotFound, Op: "link", Field: "network", Message: string(locale.W("link.bad.network", "network", name))}
}

// take keeps what a step of linking brought: the Link, or where it stands.
func (k *Linking) take(ctx context.Context, user social.ID, name string, step *network.LinkStep, kept *linkStep) (*social.Link, string, error) {
	if step.Link == nil {
		kept.State, kept.At = step.State, clock.Millis(k.s.Home.Clock.Now())
		return nil, step.URL, k.keep(ctx, user, name, kept)
	}
	l, err := k.put(ctx, user, name, step, kept)
	if err != nil {
		return nil, "", err
	}
	k.changed(user)
	return l, "", k.ledger.Wake(ctx, l.ID)
}

func stepName(user social.ID, network string) string {
	return "link-step:" + user.String() + ":" + network
}

// keep seals a step for its person and network.
func (k *Linking) keep(ctx context.Context, user social.ID, name string, kept *linkStep) error {
	raw, err := json.Marshal(kept)
	if err != nil {
		return err
	}
	sealed := k.s.Home.Master.SealBytes(raw, stepName(user, name))
	return k.s.store.Write(ctx, func(tx social.Tx) error { return tx.PutSecret(ctx, stepName(user, name), []byte(sealed)) })
}

// kept opens it again.
func (k *Linking) kept(ctx context.Context, user social.ID, name string) (*linkStep, error) {
	over := &social.Error{Kind: social.Gone, Op: "link", Message: string(locale.W("link.bad.over"))}
	sealed, err := k.s.store.Secret(ctx, stepName(user, name))
	if social.IsKind(err, social.NotFound) || (err == nil && len(sealed) == 0) {
		return nil, over
	}
	if err != nil {
		return nil, err
	}
	raw, err := k.s.Home.Master.OpenBytes(string(sealed), stepName(user, name))
	if err != nil {
		return nil, err
	}
	var kept linkStep
	if err := json.Unmarshal(raw, &kept); err != nil || clock.Millis(k.s.Home.Clock.Now())-kept.At > stepAge {
		return nil, over
	}
	return &kept, nil
}

// put writes a linked account: a new Link, or the one that it had.
func (k *Linking) put(ctx context.Context, user social.ID, name string, step *network.LinkStep, kept *linkStep) (*social.Link, error) {
	var out *social.Link
	now := clock.Millis(k.s.Home.Clock.Now())
	err := k.s.store.Write(ctx, func(tx social.Tx) error {
		links, err := tx.Links(ctx, user)
		if err != nil {
			return err
		}
		l := *step.Link
		l.User, l.Network, l.State, l.OKAt, l.FailedAt, l.Error, l.Remedy = user, name, social.LinkActive, now, 0, "", ""
		old, err := former(links, &l, kept.Again)
		if err != nil {
			return err
		}
		if old != nil {
			l.ID, l.Name, l.List, l.Merge, l.Cursors, l.CreatedAt = old.ID, old.Name, old.List, old.Merge, old.Cursors, old.CreatedAt
			if len(l.Settings) == 0 {
				l.Settings = old.Settings
			}
		} else {
			l.ID, l.CreatedAt = social.ID(k.s.Home.IDs.Next()), now
			if l.Name, err = linkName(links, kept.Name, &l); err != nil {
				return err
			}
		}
		l.Secret = k.s.seal(l.ID, step.Secret)
		if err := tx.PutLink(ctx, &l); err != nil {
			return err
		}
		if err := tx.TouchLink(ctx, &l); err != nil {
			return err
		}
		out = &l
		return tx.PutSecret(ctx, stepName(user, name), []byte{})
	})
	return out, err
}

// former finds the Link that an account had before.
func former(links []social.Link, l *social.Link, again social.ID) (*social.Link, error) {
	for i := range links {
		same := links[i].Network == l.Network && links[i].Account == l.Account && links[i].Base == l.Base && l.Account != ""
		if again != 0 && links[i].ID == again && !same {
			return nil, &social.Error{Kind: social.Conflict, Op: "link", Message: string(locale.W("link.bad.other", "name", links[i].Name, "handle", links[i].Handle))}
		}
		if same {
			return &links[i], nil
		}
	}
	if again != 0 {
		return nil, &social.Error{Kind: social.NotFound, Op: "link", Message: string(locale.W("link.bad.none"))}
	}
	return nil, nil
}

// linkName is what a new Link is called: as the person wants, or by its network
// while that is free, else by its handle.
func linkName(links []social.Link, wanted string, l *social.Link) (string, error) {
	taken := func(name string) bool {
		for i := range links {
			if strings.EqualFold(links[i].Name, name) {
				return true
			}
		}
		return false
	}
	wanted = strings.TrimSpace(wanted)
	if wanted != "" {
		return wanted, checkName(wanted)
	}
	for _, name := range []string{l.Network, l.Handle, l.Network + " " + l.Handle} {
		if checkName(name) == nil && !taken(name) {
			return name, nil
		}
	}
	for n := 2; ; n++ {
		if name := fmt.Sprintf("%s %d", l.Network, n); !taken(name) {
			return name, nil
		}
	}
}

func checkName(name string) error {
	n := len([]rune(name))
	if n == 0 || n > maxLinkName || strings.ContainsAny(name, "\n\r\t") || strings.EqualFold(name, relay.ToNone) || strings.EqualFold(name, relay.FromHome) {
		return &social.Error{Kind: social.Invalid, Op: "link", Field: "name",
			Message: string(locale.W("link.bad.name", "max", maxLinkName))}
	}
	return nil
}

// linkError says what a network answered in the domain's words.
func linkError(err error) error {
	var known *social.LinkError
	if !errors.As(err, &known) {
		return err
	}
	kind := social.Invalid
	if known.Class == social.TryAgain || known.Class == social.Uncertain {
		kind = social.Temporary
	}
	message, remedy := known.Message, known.Remedy
	if known.Class == social.TryAgain { // nothing tries linking again by itself
		remedy = locale.W("link.do.look_later")
	}
	if remedy != "" {
		message = locale.W("link.fail.remedied", "message", message, "remedy", remedy)
	}
	return &social.Error{Kind: kind, Op: "link", Message: string(message), Err: err}
}

// changed tells who keeps something of a User's Links or rules.
func (k *Linking) changed(user social.ID) {
	k.s.bus.Publish(social.Event{Type: social.LinksChanged, User: user, At: clock.Millis(k.s.Home.Clock.Now())})
}
