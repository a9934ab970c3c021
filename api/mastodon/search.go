package mastodon

import (
	"context"
	"net/url"
	"strings"

	"engawa/social"
)

// found gathers what a search finds: ids, so that each kind is read at once.
type found struct {
	actors []social.ID
	posts  []social.ID
	tags   []social.Tag
	exact  bool // an address or a handle was resolved: nothing else is meant
}

func searchV2(a *API, c *call) (any, error) {
	q := strings.TrimSpace(c.in.text("q"))
	if q == "" {
		return nil, badRequest("q", "q must be given: what to search for")
	}
	pg, err := c.in.page(20)
	if err != nil {
		return nil, err
	}
	resolve := c.in.flag("resolve", false)
	if !c.viewer().User && (resolve || pg.Offset > 0) {
		return nil, &social.Error{Kind: social.Unauthenticated, Op: "search", Message: "Search queries that resolve remote resources or page are only for those who are logged in"}
	}
	want := c.in.text("type")
	f, err := a.search(c, q, want, resolve, pg)
	if err != nil {
		return nil, err
	}
	return a.searched(c, f)
}

// search looks for q in the kinds that want names, "" for all.
func (a *API) search(c *call, q, want string, resolve bool, pg social.Page) (*found, error) {
	f := &found{}
	if pg.Offset == 0 {
		if err := a.resolve(c.ctx, c.viewer(), q, want, resolve, f); err != nil {
			return nil, err
		}
		if f.exact {
			return f, nil
		}
	}
	if want == "" || want == "accounts" {
		ids, err := a.Home.Store.FindActors(c.ctx, c.viewer().Actor, strings.TrimPrefix(q, "@"), c.in.flag("following", false), pg)
		if err != nil {
			return nil, err
		}
		f.actors = uniqueIDs(append(f.actors, ids...))
	}
	if want == "" || want == "hashtags" {
		var err error
		if f.tags, err = a.Home.Store.FindTags(c.ctx, social.TagKey(strings.TrimPrefix(q, "#")), pg); err != nil {
			return nil, err
		}
	}
	if (want == "" || want == "statuses") && c.viewer().User {
		return f, a.searchStatuses(c, q, pg, f)
	}
	return f, nil
}

func (a *API) searchStatuses(c *call, q string, pg social.Page, f *found) error {
	author, err := c.in.id("account_id")
	if err != nil {
		return err
	}
	l, err := a.Home.SearchPosts(c.ctx, c.viewer(), social.SearchQuery{Text: q, Author: author, Page: pg})
	if err != nil {
		return err
	}
	for _, p := range l.Posts {
		f.posts = append(f.posts, p.ID)
	}
	return nil
}

// resolve finds the one thing that an address or a whole handle names: here, or
// with fetch, where it stands. What cannot be fetched is not found.
func (a *API) resolve(ctx context.Context, v social.Viewer, q, want string, fetch bool, f *found) error {
	switch {
	case strings.HasPrefix(q, "https://") || strings.HasPrefix(q, "http://"):
		f.exact = true
		return a.resolveURL(ctx, v, q, want, fetch, f)
	case strings.Contains(strings.TrimPrefix(q, "@"), "@") && !strings.ContainsAny(q, " \t"):
		if want != "" && want != "accounts" {
			return nil
		}
		actor, err := a.byHandle(ctx, q, fetch && v.User)
		if err != nil || actor == nil {
			return err
		}
		f.actors, f.exact = []social.ID{actor.ID}, true
	}
	return nil
}

// byHandle finds an Actor by name@domain, nil if there is none.
func (a *API) byHandle(ctx context.Context, handle string, fetch bool) (*social.Actor, error) {
	name, domain, ok := a.splitHandle(handle)
	if !ok {
		return nil, nil
	}
	actor, err := a.Home.Store.ActorByHandle(ctx, name, domain)
	if err == nil {
		return actor, nil
	}
	if !social.IsKind(err, social.NotFound) {
		return nil, err
	}
	if !fetch || a.Home.Neighbours == nil || domain == a.Home.Info.Domain {
		return nil, nil
	}
	actor, err = a.Home.Neighbours.ActorByHandle(ctx, name, domain)
	return actor, unreachable(ctx, err)
}

// unreachable: a neighbour that cannot be asked has nothing to be found.
func unreachable(ctx context.Context, err error) error {
	if err != nil && ctx.Err() != nil {
		return err
	}
	return nil
}

func (a *API) resolveURL(ctx context.Context, v social.Viewer, q, want string, fetch bool, f *found) error {
	if post, actor, err := a.here(ctx, q); err != nil {
		return err
	} else if post != 0 || actor != 0 {
		f.add(want, post, actor)
		return nil
	}
	if !fetch || !v.User || a.Home.Neighbours == nil {
		return nil
	}
	if want == "" || want == "statuses" {
		p, err := a.Home.Neighbours.PostByURI(ctx, q)
		if err == nil && p != nil {
			f.add(want, p.ID, 0)
			return nil
		}
		if err := unreachable(ctx, err); err != nil {
			return err
		}
	}
	if want == "" || want == "accounts" {
		actor, err := a.Home.Neighbours.ActorByURI(ctx, q)
		if err == nil && actor != nil {
			f.add(want, 0, actor.ID)
			return nil
		}
		return unreachable(ctx, err)
	}
	return nil
}

func (f *found) add(want string, post, actor social.ID) {
	if post != 0 && (want == "" || want == "statuses") {
		f.posts = append(f.posts, post)
	}
	if actor != 0 && (want == "" || want == "accounts") {
		f.actors = append(f.actors, actor)
	}
}

// here looks an address up among what is known: an id, or a page of ours
// (/@name, /@name/id).
func (a *API) here(ctx context.Context, q string) (post, actor social.ID, err error) {
	at, err := a.Home.Store.Address(ctx, q)
	switch {
	case err == nil && at.State != "gone" && at.Kind == "post":
		return at.Target, 0, nil
	case err == nil && at.State != "gone" && at.Kind == "actor":
		return 0, at.Target, nil
	case err != nil && !social.IsKind(err, social.NotFound):
		return 0, 0, err
	}
	u, err := url.Parse(q)
	if err != nil || !strings.HasPrefix(q, a.Base+"/@") {
		return 0, 0, nil
	}
	name, id, _ := strings.Cut(strings.TrimPrefix(u.Path, "/@"), "/")
	if n, ok := social.ParseID(id); ok {
		return n, 0, nil
	}
	x, err := a.byHandle(ctx, name, false)
	if err != nil || x == nil || id != "" {
		return 0, 0, err
	}
	return 0, x.ID, nil
}

// searched reads and converts what was found.
func (a *API) searched(c *call, f *found) (any, error) {
	out := Search{Accounts: accountList{}, Statuses: statusList{}}
	var err error
	if len(f.actors) > 0 {
		if out.Accounts, err = a.people(c.ctx, c.viewer(), f.actors); err != nil {
			return nil, err
		}
	}
	if len(f.posts) > 0 {
		l, err := a.Home.PostsFor(c.ctx, c.viewer(), f.posts)
		if err != nil {
			return nil, err
		}
		w, err := a.viewOf(c.ctx, c.viewer(), l, "")
		if err != nil {
			return nil, err
		}
		out.Statuses = w.statuses(l.Posts)
	}
	out.Hashtags, err = a.tagEntities(c, f.tags)
	return out, err
}

// searchV1 names hashtags only.
func searchV1(a *API, c *call) (any, error) {
	answer, err := searchV2(a, c)
	if err != nil {
		return nil, err
	}
	s := answer.(Search)
	names := make([]string, len(s.Hashtags))
	for i := range s.Hashtags {
		names[i] = s.Hashtags[i].Name
	}
	return map[string]any{"accounts": s.Accounts, "statuses": s.Statuses, "hashtags": names}, nil
}

// accountSearch is for completing names while somebody writes.
func accountSearch(a *API, c *call) (any, error) {
	q := strings.TrimSpace(c.in.text("q"))
	if q == "" {
		return accountList{}, nil
	}
	pg, err := c.in.page(40)
	if err != nil {
		return nil, err
	}
	f := &found{}
	if pg.Offset == 0 {
		if err := a.resolve(c.ctx, c.viewer(), q, "accounts", c.in.flag("resolve", false), f); err != nil {
			return nil, err
		}
	}
	if !f.exact {
		ids, err := a.Home.Store.FindActors(c.ctx, c.viewer().Actor, strings.TrimPrefix(q, "@"), c.in.flag("following", false), pg)
		if err != nil {
			return nil, err
		}
		f.actors = ids
	}
	return a.people(c.ctx, c.viewer(), f.actors)
}
