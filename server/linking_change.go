package server

import (
	"context"
	"strings"

	"engawa/internal/clock"
	"engawa/internal/locale"
	"engawa/network"
	"engawa/social"
)

// LinkChange is what is changed of a Link; nil leaves it.
type LinkChange struct {
	Name     *string
	Paused   *bool
	Read     *bool // show its Lane, as a List
	Merge    *bool // in Home too
	Settings []byte
}

// Change changes a Link of user.
func (k *Linking) Change(ctx context.Context, user, id social.ID, c *LinkChange) (*social.Link, error) {
	var out *social.Link
	wake := false
	err := k.s.store.Write(ctx, func(tx social.Tx) error {
		l, err := tx.Link(ctx, user, id)
		if err != nil {
			return err
		}
		if c.Name != nil {
			l.Name = strings.TrimSpace(*c.Name)
			if err := checkName(l.Name); err != nil {
				return err
			}
		}
		if c.Paused != nil && l.State != social.LinkReconnect {
			l.State = social.LinkActive
			if *c.Paused {
				l.State = social.LinkPaused
			}
			wake = !*c.Paused
		}
		if c.Settings != nil {
			l.Settings = c.Settings
		}
		if err := k.read(ctx, tx, l, c); err != nil {
			return err
		}
		if err := tx.PutLink(ctx, l); err != nil {
			return err
		}
		out = l
		return tx.TouchLink(ctx, l)
	})
	if err != nil {
		return nil, err
	}
	k.changed(user)
	if wake {
		err = k.ledger.Wake(ctx, id)
	}
	return out, err
}

// read makes or drops the List of a Lane, and names it after the Link.
func (k *Linking) read(ctx context.Context, tx social.Tx, l *social.Link, c *LinkChange) error {
	if c.Merge != nil {
		l.Merge = *c.Merge
	}
	reads := l.List != 0
	if c.Read != nil {
		reads = *c.Read
	}
	if l.Merge && c.Read == nil {
		reads = true
	}
	switch {
	case reads && !l.Can.Has(social.AbleRead):
		return &social.Error{Kind: social.Invalid, Op: "link", Field: "read", Message: string(locale.W("link.bad.unread", "name", l.Name))}
	case !reads && l.List != 0:
		list := l.List
		l.List, l.Merge = 0, false
		return missing(tx.DropList(ctx, l.User, list))
	case reads:
		if l.List == 0 {
			l.List = social.ID(k.s.Home.IDs.Next())
		}
		return tx.PutList(ctx, &social.List{ID: l.List, User: l.User, Title: l.Name, Replies: "followed"})
	}
	return nil
}

// missing turns "not there" into no error.
func missing(err error) error {
	if social.IsKind(err, social.NotFound) {
		return nil
	}
	return err
}

// Check asks the network whether a Link still works, and brings it up to date.
func (k *Linking) Check(ctx context.Context, user, id social.ID) (*social.Link, error) {
	l, err := k.s.store.Link(ctx, user, id)
	if err != nil {
		return nil, err
	}
	linker, err := k.linker(l.Network)
	if err != nil {
		return nil, err
	}
	login, err := k.s.Login(ctx, l)
	if err != nil {
		return nil, err
	}
	failed := linker.Check(ctx, login)
	var out *social.Link
	err = k.s.store.Write(ctx, func(tx social.Tx) error {
		cur, err := tx.Link(ctx, user, id)
		if err != nil {
			return err
		}
		now := clock.Millis(k.s.Home.Clock.Now())
		if failed != nil {
			unwell(cur, failed, now)
		} else {
			cur.Handle, cur.URL, cur.Avatar, cur.Can, cur.Limits = l.Handle, l.URL, l.Avatar, l.Can, l.Limits
			cur.OKAt, cur.Error, cur.Remedy = max(now, cur.FailedAt+1), "", ""
			if cur.State == social.LinkReconnect {
				cur.State = social.LinkActive
			}
		}
		out = cur
		if err := tx.PutLink(ctx, cur); err != nil {
			return err
		}
		return tx.TouchLink(ctx, cur)
	})
	if err != nil {
		return nil, err
	}
	k.changed(user)
	if out.State == social.LinkActive && failed == nil {
		err = k.ledger.Hurry(ctx, id)
	}
	return out, err
}

// Drop ends a Link. What was made through it stays there, and in the ledger.
func (k *Linking) Drop(ctx context.Context, user, id social.ID) error {
	if err := k.s.store.Write(ctx, func(tx social.Tx) error { return tx.DropLink(ctx, user, id) }); err != nil {
		return err
	}
	k.changed(user)
	return k.ledger.Wake(ctx, id) // which closes what is open
}

// Fields are what a person types to link an account on a network.
func (k *Linking) Fields() map[string][]network.Field {
	out := make(map[string][]network.Field, len(k.table))
	for name, l := range k.table {
		out[name] = l.Fields
	}
	return out
}

// unwell notes a failure in l.
func unwell(l *social.Link, err error, now social.Millis) {
	l.FailedAt, l.Error, l.Remedy = now, locale.W("link.fail.unreached"), locale.W("link.do.wait")
	if known := asLinkError(err); known != nil {
		l.Error, l.Remedy = known.Message, known.Remedy
		if known.Class == social.Reconnect && l.State == social.LinkActive {
			l.State = social.LinkReconnect
		}
	}
}
