package mastodon

import (
	"context"
	"strings"

	"engawa/internal/hostname"
	"engawa/social"
)

type rankedRead func(ctx context.Context, of social.ID, p social.Page) ([]social.Ranked, error)

// follows answers who follows, or is followed by, the Actor of the path; nobody
// where it does not want that to be seen.
func (a *API) follows(c *call, read rankedRead) (any, error) {
	actor, err := a.actorOf(c)
	if err != nil {
		return nil, err
	}
	pg, err := c.in.page(40)
	if err != nil {
		return nil, err
	}
	own := c.viewer().Actor == actor.ID
	if (actor.HideFollows && !own) || actor.Suspended != 0 {
		return accountList{}, nil
	}
	if v := c.viewer(); v.Actor != 0 && !own {
		rels, err := a.Home.Store.Relations(c.ctx, v.Actor, []social.ID{actor.ID})
		if err != nil {
			return nil, err
		}
		if r := rels[actor.ID]; r != nil && r.BlockedBy {
			return accountList{}, nil
		}
	}
	rows, err := read(c.ctx, actor.ID, pg)
	return a.rankedPeople(c, rows, err)
}

// mine answers a place of Actors of one's own.
func (a *API) mine(c *call, read rankedRead) (any, error) {
	pg, err := c.in.page(40)
	if err != nil {
		return nil, err
	}
	rows, err := read(c.ctx, c.me(), pg)
	return a.rankedPeople(c, rows, err)
}

func blocks(a *API, c *call) (any, error) { return a.mine(c, a.Home.Store.Blocks) }

func followRequests(a *API, c *call) (any, error) { return a.mine(c, a.Home.Store.Requests) }

// mutes are blocks' like, each with the moment it ends.
func mutes(a *API, c *call) (any, error) {
	pg, err := c.in.page(40)
	if err != nil {
		return nil, err
	}
	rows, err := a.Home.Store.Mutes(c.ctx, c.me(), pg)
	if err != nil {
		return nil, err
	}
	a.linkRows(c, rows)
	rels, err := a.Home.Store.Relations(c.ctx, c.me(), idsOf(rows))
	if err != nil {
		return nil, err
	}
	out, err := a.people(c.ctx, c.viewer(), idsOf(rows))
	for _, acc := range out {
		acc.Mute = true
		if r := rels[acc.ID]; r != nil {
			acc.MuteExpires = r.MuteUntil
		}
	}
	return out, err
}

func domainBlocks(a *API, c *call) (any, error) {
	pg, err := c.in.page(100)
	if err != nil {
		return nil, err
	}
	all, err := a.Home.Store.DomainBlocks(c.ctx, c.me(), pg)
	if err != nil {
		return nil, err
	}
	out := make([]string, 0, len(all))
	for i := range all {
		out = append(out, all[i].Domain)
	}
	if n := len(all); n > 0 {
		a.link(c, all[0].ID, all[n-1].ID)
	}
	return out, nil
}

// splitHandle reads name, @name, name@domain or @name@domain; without a domain
// it is one of ours.
func (a *API) splitHandle(s string) (name, domain string, ok bool) {
	s = strings.TrimPrefix(strings.TrimSpace(s), "@")
	s = strings.TrimPrefix(s, "acct:")
	name, domain, found := strings.Cut(s, "@")
	if name == "" || strings.ContainsAny(name, "/ \t\n") {
		return "", "", false
	}
	if !found {
		return name, a.Home.Info.Domain, true
	}
	domain, err := hostname.Parse(domain)
	return name, domain, err == nil
}
