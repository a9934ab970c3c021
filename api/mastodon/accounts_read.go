package mastodon

import (
	"log/slog"

	"engawa/social"
)

func accountVerify(a *API, c *call) (any, error) { return a.ownAccount(c) }

func accountsByIDs(a *API, c *call) (any, error) {
	ids := c.in.ids("id")
	if len(ids) > maxAccounts {
		return nil, tooManyIDs(maxAccounts)
	}
	return a.people(c.ctx, c.viewer(), ids)
}

// actorOf is the Actor of the path.
func (a *API) actorOf(c *call) (*social.Actor, error) {
	id, err := c.pathID("id")
	if err != nil {
		return nil, err
	}
	actor, err := a.Home.Store.Actor(c.ctx, id)
	if err != nil {
		return nil, err
	}
	if actor.State == social.ActorGone && actor.Local() {
		return nil, social.ErrNotFound
	}
	return actor, nil
}

// accountOne answers one Account. A profile of which only the name is known is
// fetched behind it.
func (a *API) accountOne(c *call, actor *social.Actor) (any, error) {
	w, err := a.viewActors(c.ctx, c.viewer(), []*social.Actor{actor})
	if err != nil {
		return nil, err
	}
	if actor.FetchedAt == 0 {
		a.lookAt(c, actor)
	}
	return w.account(actor), nil
}

// lookAt asks for what a profile lacks, where somebody of ours looks.
func (a *API) lookAt(c *call, actor *social.Actor) {
	if !c.viewer().User {
		return
	}
	if err := a.Home.LookAt(c.ctx, actor); err != nil {
		slog.Warn("a profile could not be asked for", "actor", actor.Handle(), "err", err)
	}
}

func accountShow(a *API, c *call) (any, error) {
	actor, err := a.actorOf(c)
	if err != nil {
		return nil, err
	}
	return a.accountOne(c, actor)
}

func accountLookup(a *API, c *call) (any, error) {
	acct := c.in.text("acct")
	if acct == "" {
		return nil, badRequest("acct", "acct must be given: a name, or a name@domain")
	}
	name, domain, ok := a.splitHandle(acct)
	if !ok {
		return nil, social.ErrNotFound
	}
	actor, err := a.Home.Store.ActorByHandle(c.ctx, name, domain)
	if err != nil {
		return nil, err
	}
	return a.accountOne(c, actor)
}

func accountStatuses(a *API, c *call) (any, error) {
	actor, err := a.actorOf(c)
	if err != nil {
		return nil, err
	}
	pg, err := c.in.page(20)
	if err != nil {
		return nil, err
	}
	if c.in.flag("pinned", false) {
		l, err := a.Home.PinnedPosts(c.ctx, c.viewer(), actor.ID)
		if err != nil {
			return nil, err
		}
		if pg.MaxID != 0 || pg.Offset != 0 { // they are few: there is one page
			l.Posts = nil
		}
		return a.page(c, l, "account")
	}
	l, err := a.Home.ActorPosts(c.ctx, c.viewer(), social.ActorPostsQuery{
		Actor: actor.ID, OnlyMedia: c.in.flag("only_media", false), NoReplies: c.in.flag("exclude_replies", false),
		NoBoosts: c.in.flag("exclude_reblogs", false), NoDirect: c.in.flag("exclude_direct", false),
		Tagged: social.TagKey(c.in.text("tagged")), Page: pg,
	})
	if err != nil {
		return nil, err
	}
	if first := pg.MaxID == 0 && pg.MinID == 0 && pg.SinceID == 0; first && len(l.Posts) < pg.Limit && (len(l.Posts) == 0 || int64(len(l.Posts)) < actor.PostCount) {
		a.lookAt(c, actor)
	}
	return a.page(c, l, "account")
}

func accountFollowers(a *API, c *call) (any, error) {
	return a.follows(c, a.Home.Store.Followers)
}

func accountFollowing(a *API, c *call) (any, error) {
	return a.follows(c, a.Home.Store.Following)
}

func accountRelationships(a *API, c *call) (any, error) {
	ids := c.in.ids("id")
	if len(ids) > 2*maxAccounts {
		return nil, tooManyIDs(2 * maxAccounts)
	}
	return a.relationships(c, ids)
}

// relationships are those of the viewer to Actors that are here, in this order.
func (a *API) relationships(c *call, ids []social.ID) ([]Relationship, error) {
	actors, err := a.Home.Store.Actors(c.ctx, ids)
	if err != nil {
		return nil, err
	}
	known := make([]social.ID, 0, len(actors))
	for _, x := range actors {
		if x.Suspended == 0 || c.in.flag("with_suspended", false) {
			known = append(known, x.ID)
		}
	}
	rels, err := a.Home.Store.Relations(c.ctx, c.me(), known)
	if err != nil {
		return nil, err
	}
	out := make([]Relationship, 0, len(known))
	for _, id := range known {
		if r := rels[id]; r != nil {
			out = append(out, relationship(r))
		}
	}
	return out, nil
}

// familiarShown is how many familiar followers are shown of each Account.
const familiarShown = 20

func accountFamiliar(a *API, c *call) (any, error) {
	ids := c.in.ids("id")
	if len(ids) > maxAccounts {
		return nil, tooManyIDs(maxAccounts)
	}
	found, err := a.Home.Store.Familiar(c.ctx, c.me(), ids, familiarShown)
	if err != nil {
		return nil, err
	}
	var all []social.ID
	for _, list := range found {
		all = append(all, list...)
	}
	actors, err := a.Home.Store.Actors(c.ctx, uniqueIDs(all))
	if err != nil {
		return nil, err
	}
	w, err := a.viewActors(c.ctx, c.viewer(), actors)
	if err != nil {
		return nil, err
	}
	byID := w.byID(actors)
	out := make([]FamiliarFollowers, 0, len(ids))
	for _, id := range ids {
		f := FamiliarFollowers{ID: id.String()}
		for _, x := range found[id] {
			if acc := byID[x]; acc != nil {
				f.Accounts = append(f.Accounts, acc)
			}
		}
		out = append(out, f)
	}
	return out, nil
}

func (w *view) byID(actors []*social.Actor) map[social.ID]*Account {
	out := make(map[social.ID]*Account, len(actors))
	for _, x := range actors {
		out[x.ID] = w.account(x)
	}
	return out
}

func uniqueIDs(ids []social.ID) []social.ID {
	seen := make(map[social.ID]bool, len(ids))
	var out []social.ID
	for _, id := range ids {
		if id != 0 && !seen[id] {
			seen[id] = true
			out = append(out, id)
		}
	}
	return out
}

func accountFeaturedTags(a *API, c *call) (any, error) {
	actor, err := a.actorOf(c)
	if err != nil {
		return nil, err
	}
	return a.featuredTags(c, actor)
}

func featuredTags(a *API, c *call) (any, error) {
	me, err := a.Home.Store.Actor(c.ctx, c.me())
	if err != nil {
		return nil, err
	}
	return a.featuredTags(c, me)
}

func (a *API) featuredTags(c *call, owner *social.Actor) (any, error) {
	all, err := a.Home.Store.FeaturedTags(c.ctx, owner.ID)
	if err != nil {
		return nil, err
	}
	w := a.view(c.viewer())
	out := make([]FeaturedTag, 0, len(all))
	for i := range all {
		out = append(out, w.featuredTag(&all[i], owner))
	}
	return out, nil
}

// accountNothing answers places of an Account that are always empty here.
func accountNothing(a *API, c *call) (any, error) {
	if _, err := a.actorOf(c); err != nil {
		return nil, err
	}
	return raw("[]"), nil
}
