package server

import (
	"cmp"
	"context"
	"encoding/json"
	"net/url"
	"slices"

	"engawa/api/engawa"
	"engawa/internal/clock"
	"engawa/internal/locale"
	"engawa/network"
	"engawa/network/discord"
	"engawa/network/mail"
	"engawa/network/slack"
	"engawa/network/webhook"
	"engawa/relay"
	"engawa/social"
)

// ownAPI is what serves /api/engawa/v1/.
func (s *Server) ownAPI() *engawa.API {
	own := &engawa.API{
		Home: s.Home, Grants: s.Auth.Grants, URL: s.Config.URL, Links: ownLinks{s.Links}, Rules: ownRules{s},
		Drafts: ownDrafts{s}, Copies: ownCopies{s.Ledger}, Render: s.API,
	}
	if s.Config.RateLimits {
		own.Limits = &engawa.Limiter{Clock: clock.System, Address: clientAddress(s.Config.TrustedProxies)}
	}
	return own
}

// answers are the abilities of an account that a person uses there.
const answers = social.AblePost | social.AbleReply | social.AbleDelete | social.AbleMedia | social.AbleQuote | social.AbleBoost | social.AbleFavourite | social.AbleFollow

// knownNetworks are how networks are written, whether a person says the server,
// and what a Link can do there at most; what it can really, its network says
// when it is linked.
var knownNetworks = map[string]struct {
	title, base string
	can         social.Ability
}{
	"mastodon": {"Mastodon", "needed", answers | social.AbleEdit | social.AblePoll | social.AbleBookmark},
	"misskey":  {"Misskey", "needed", answers | social.AblePoll | social.AbleReact | social.AbleBookmark},
	"bluesky":  {"Bluesky", "optional", answers | social.AbleEdit | social.AbleBookmark},
	"nostr":    {"Nostr", "", answers | social.AbleReact},
	"x":        {"X", "", answers | social.AblePoll | social.AbleBookmark},
	"discord":  {"Discord", "", discord.Can},
	"slack":    {"Slack", "", slack.Can},
	"webhook":  {"Webhook", "", webhook.Can},
	"mail":     {"E-mail", "", mail.Can},
}

// ownLinks is Linking as package api/engawa asks for it.
type ownLinks struct{ *Linking }

// Networks implements engawa.Linking.
func (k ownLinks) Networks() []engawa.Network {
	out := make([]engawa.Network, 0, len(k.table))
	for name, l := range k.table {
		known := knownNetworks[name]
		n := engawa.Network{Name: name, Title: cmp.Or(known.title, name), Base: known.base, Can: known.can | reads(l.Value)}
		for _, f := range l.Fields {
			n.Fields = append(n.Fields, engawa.Field{Name: f.Name, Label: f.Label, Secret: f.Secret, Needed: f.Needed})
		}
		out = append(out, n)
	}
	slices.SortFunc(out, func(a, b engawa.Network) int { return cmp.Compare(a.Name, b.Name) })
	return out
}

// reads is what a network's interfaces say of reading.
func reads(value any) (can social.Ability) {
	if _, ok := value.(network.LaneReader); ok {
		can |= social.AbleRead | social.AbleNotify
	}
	if _, ok := value.(network.LaneListener); ok {
		can |= social.AbleStream
	}
	return can
}

// Begin implements engawa.Linking.
func (k ownLinks) Begin(ctx context.Context, user social.ID, ask *engawa.LinkAsk) (*social.Link, string, error) {
	return k.Linking.Begin(ctx, user, &LinkAsk{Network: ask.Network, Name: ask.Name, Again: ask.Again, Base: ask.Base, Fields: ask.Fields})
}

// Finish implements engawa.Linking.
func (k ownLinks) Finish(ctx context.Context, user social.ID, network string, back map[string][]string) (*social.Link, string, error) {
	return k.Linking.Finish(ctx, user, network, url.Values(back))
}

// Change implements engawa.Linking.
func (k ownLinks) Change(ctx context.Context, user, id social.ID, c *engawa.LinkChange) (*social.Link, error) {
	return k.Linking.Change(ctx, user, id, &LinkChange{Name: c.Name, Paused: c.Paused, Read: c.Read, Merge: c.Merge, Settings: c.Settings})
}

// ownRules reads and keeps rule books.
type ownRules struct{ s *Server }

// Read implements engawa.Rules.
func (o ownRules) Read(ctx context.Context, user social.ID) (string, []byte, error) {
	text, err := o.s.store.Rules(ctx, user)
	if err != nil {
		return "", nil, err
	}
	book, _ := relay.Parse(text)
	if book == nil { // of a later version: the text is all that can be shown
		return text, []byte("null"), nil
	}
	raw, err := json.Marshal(book)
	return text, raw, err
}

// Put implements engawa.Rules.
func (o ownRules) Put(ctx context.Context, user social.ID, in engawa.RuleText, keep bool, lang locale.Lang) (*engawa.RuleTrial, error) {
	text := in.Text
	if in.JSON {
		book, problems := relay.ParseJSON([]byte(in.Text))
		if problems.Err() != nil {
			return &engawa.RuleTrial{Errors: saidProblems(problems.Errors(), lang), Warnings: saidProblems(problems.Warnings(), lang)}, nil
		}
		text = book.TOML()
	}
	trial, problems, err := relay.Try(ctx, o.s.store, user, text)
	if err != nil {
		return nil, err
	}
	out := &engawa.RuleTrial{Errors: saidProblems(problems.Errors(), lang), Warnings: saidProblems(problems.Warnings(), lang)}
	for i := range trial {
		t := engawa.Tried{Post: trial[i].Post}
		for j := range trial[i].Each {
			t.Each = append(t.Each, decided(&trial[i].Each[j], lang))
		}
		out.Trial = append(out.Trial, t)
	}
	if !keep || len(out.Errors) > 0 {
		return out, nil
	}
	err = o.s.store.Write(ctx, func(tx social.Tx) error { return tx.PutRules(ctx, user, text, clock.NowMillis(o.s.Home.Clock)) })
	if err == nil {
		o.s.Links.changed(user)
	}
	return out, err
}

func saidProblems(ps relay.Problems, lang locale.Lang) []engawa.Problem {
	out := make([]engawa.Problem, len(ps))
	for i := range ps {
		out[i] = engawa.Problem{Line: ps[i].Line, Rule: ps[i].Rule, Key: ps[i].Key, Message: ps[i].Say(lang)}
	}
	return out
}

func decided(d *relay.Decision, lang locale.Lang) engawa.Decided {
	out := engawa.Decided{Link: d.Link, Send: d.Send, Reason: d.Say(lang)}
	if d.Rule != nil && !d.Near {
		out.Rule = d.Rule.Name
	}
	return out
}

// ownCopies acts on the ledger.
type ownCopies struct{ *relay.Ledger }

// Retry implements engawa.Copies: what is asked or waits goes as it was planned;
// what was given up is queued again from the first part that is not there.
func (o ownCopies) Retry(ctx context.Context, l *social.Link, post social.ID) (bool, error) {
	if done, err := o.Settle(ctx, l, post, "thread"); done || err != nil {
		return done, err
	}
	return o.each(ctx, l, post, func(c *social.Copy, now social.Millis) bool {
		if (c.State != social.CopyFailed && c.State != social.CopySkipped) || emptyPart(c.Part) {
			return false
		}
		c.State, c.DueAt, c.Reason = social.CopyQueued, now, ""
		return true
	})
}

// Delete implements engawa.Copies: what stands there is removed by the ledger,
// what never went out ends here.
func (o ownCopies) Delete(ctx context.Context, l *social.Link, post social.ID) (bool, error) {
	return o.each(ctx, l, post, func(c *social.Copy, now social.Millis) bool {
		switch c.State {
		case social.CopyDeleting, social.CopyDeleted:
			return false
		case social.CopyFailed, social.CopySkipped:
			if c.Ref.Zero() {
				return false
			}
		}
		c.Reason = string(locale.W("relay.copy.by_you"))
		if c.Ref.Zero() && c.Tries == 0 {
			c.State, c.DueAt, c.DeletedAt = social.CopyDeleted, 0, now
		} else {
			c.State, c.DueAt = social.CopyDeleting, 0
		}
		return true
	})
}

// each changes the Copies of a Post at a Link, as they are now, and wakes the ledger.
func (o ownCopies) each(ctx context.Context, l *social.Link, post social.ID, change func(c *social.Copy, now social.Millis) bool) (bool, error) {
	changed := false
	err := o.Home.Store.Write(ctx, func(tx social.Tx) error {
		rows, err := tx.Copies(ctx, []social.ID{post})
		if err != nil {
			return err
		}
		now := clock.NowMillis(o.Home.Clock)
		for i := range rows {
			if rows[i].Link != l.ID || !change(&rows[i], now) {
				continue
			}
			changed, rows[i].UpdatedAt = true, now
			if err := tx.PutCopy(ctx, &rows[i]); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil || !changed {
		return false, err
	}
	return true, o.Wake(ctx, l.ID)
}

// emptyPart reports whether a Copy holds nothing to be sent: its Post fits nowhere there.
func emptyPart(raw []byte) bool {
	var p social.Part
	return json.Unmarshal(raw, &p) != nil || (p.Text == "" && len(p.Media) == 0 && p.Poll == nil && p.Boost.Zero() && p.Quote.Zero())
}
