package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"engawa/internal/clock"
	"engawa/relay"
	"engawa/social"
)

// takeover is a ttRelay configuration on its way into the store.
type takeover struct {
	*relay.TtRelay
	home     *social.Home
	user     *social.User
	links    []social.Link // as they are
	text     string        // of the rules as they are
	put      []social.Link // new ones, and known ones that get the credentials
	known    []bool        // by index of put
	copies   []social.Copy
	unknown  int
	added    bool // the rule is new
	warnings relay.Problems
}

// plan works out all that is to be stored; nothing is written.
func (t *takeover) plan(ctx context.Context) error {
	now := clock.Millis(t.home.Clock.Now())
	for i := range t.Links {
		t.draft(&t.Links[i], now)
	}
	t.Rule.To = []string{t.put[0].Name}
	if err := t.rule(); err != nil {
		return err
	}
	return t.oldCopies(ctx, now)
}

// draft gives a Link its ids, or finds the one of the same account that is here.
func (t *takeover) draft(d *relay.LinkDraft, now social.Millis) {
	l := d.Link
	at := slices.IndexFunc(t.links, func(k social.Link) bool {
		return k.Network == l.Network && k.Base == l.Base && (l.Account != "" && k.Account == l.Account || l.Account == "" && k.Handle == l.Handle)
	})
	if at >= 0 {
		l = t.links[at]
		l.State = social.LinkActive
	} else {
		l.ID, l.User, l.CreatedAt = social.ID(t.home.IDs.Next()), t.user.ID, now
		l.Name = t.freeName(l.Name)
	}
	l.Secret = []byte(t.home.Master.SealBytes(d.Secret, sealContext(l.ID)))
	t.put, t.known = append(t.put, l), append(t.known, at >= 0)
}

// freeName is a name that no Link of the User has.
func (t *takeover) freeName(name string) string {
	free := name
	for n := 2; slices.ContainsFunc(slices.Concat(t.links, t.put), func(l social.Link) bool { return strings.EqualFold(l.Name, free) }); n++ {
		free = fmt.Sprintf("%s-%d", name, n)
	}
	return free
}

// rule adds the rule below those that are there, unless one like it is.
func (t *takeover) rule() error {
	book, problems := relay.Parse(t.text)
	if err := problems.Err(); err != nil {
		return fmt.Errorf("the rules in force cannot be read, so none is added: %w", err)
	}
	tag := social.TagKey(t.Rule.When.TagAny[0])
	for _, r := range book.Rules {
		sameTag := len(r.When.TagAny) == 1 && social.TagKey(r.When.TagAny[0]) == tag
		if sameTag && slices.ContainsFunc(r.To, func(to string) bool { return strings.EqualFold(to, t.Rule.To[0]) }) {
			t.Rule.Name = r.Name
			return nil
		}
	}
	name := t.Rule.Name
	for n := 2; slices.ContainsFunc(book.Rules, func(r relay.Rule) bool { return strings.EqualFold(r.Name, t.Rule.Name) }); n++ {
		t.Rule.Name = fmt.Sprintf("%s-%d", name, n)
	}
	text := (&relay.Book{Rules: []relay.Rule{t.Rule}}).TOML()
	if t.text = strings.TrimRight(t.text, "\n"); t.text != "" {
		text = "\n\n# from ttRelay\n" + text
	}
	t.text, t.added = t.text+text, true
	if book, problems = relay.Parse(t.text); len(problems) == 0 {
		problems = relay.Check(book, slices.Concat(t.links, t.put))
	}
	t.warnings = problems.Warnings()
	if err := problems.Err(); err != nil {
		return fmt.Errorf("the rule does not go with those in force: %w", err)
	}
	return nil
}

// oldCopies makes Copies of ttRelay's memory, for the posts that are here.
func (t *takeover) oldCopies(ctx context.Context, now social.Millis) error {
	x := &t.put[0]
	for _, old := range t.Copies {
		p, err := t.post(ctx, old.Toot)
		if social.IsKind(err, social.NotFound) {
			t.unknown++
			continue
		}
		if err != nil {
			return err
		}
		there, err := t.home.Store.Copies(ctx, []social.ID{p.ID})
		if err != nil {
			return err
		}
		if slices.ContainsFunc(there, func(c social.Copy) bool { return c.Link == x.ID }) {
			continue
		}
		t.copies = append(t.copies, social.Copy{
			ID: social.ID(t.home.IDs.Next()), Post: p.ID, Link: x.ID, User: t.user.ID, Rule: t.Rule.Name, Of: 1,
			State: social.CopySent, Key: "ttrelay-" + old.Toot,
			Ref:    social.Ref{ID: old.Tweet, URL: x.Base + "/i/web/status/" + old.Tweet, Author: x.Account},
			SentAt: p.CreatedAt, UpdatedAt: now,
		})
	}
	return nil
}

// post is the User's Post that a toot is: by its address, or by its id where
// ttRelay listened to this server.
func (t *takeover) post(ctx context.Context, toot string) (*social.Post, error) {
	p, err := t.home.Store.PostByURI(ctx, "https://"+t.Instance+"/users/"+t.Account+"/statuses/"+toot)
	if id, ok := social.ParseID(toot); ok && t.Here && social.IsKind(err, social.NotFound) {
		p, err = t.home.Store.Post(ctx, id)
	}
	if err == nil && p.Actor != t.user.ID {
		return nil, &social.Error{Kind: social.NotFound, Op: "import"}
	}
	return p, err
}

// store writes everything in one transaction. Running it again changes nothing
// but the credentials.
func (t *takeover) store(ctx context.Context) error {
	return t.home.Store.Write(ctx, func(tx social.Tx) error {
		for i := range t.put {
			l := t.put[i]
			var err error
			if t.known[i] {
				err = tx.TouchLink(ctx, &l)
			} else {
				err = t.putLink(ctx, tx, &l)
			}
			if err != nil {
				return err
			}
		}
		if t.added {
			if err := tx.PutRules(ctx, t.user.ID, t.text, clock.Millis(t.home.Clock.Now())); err != nil {
				return err
			}
		}
		for i := range t.copies {
			c := t.copies[i]
			if err := tx.PutCopy(ctx, &c); err != nil {
				return err
			}
		}
		return nil
	})
}

// putLink stores a new Link; one that is read by default gets its List.
func (t *takeover) putLink(ctx context.Context, tx social.Tx, l *social.Link) error {
	if l.Network == "mastodon" && l.Can.Has(social.AbleRead) {
		list := social.List{ID: social.ID(t.home.IDs.Next()), User: t.user.ID, Title: l.Name, Replies: "followed"}
		if err := tx.PutList(ctx, &list); err != nil {
			return err
		}
		l.List = list.ID
	}
	return tx.PutLink(ctx, l)
}
