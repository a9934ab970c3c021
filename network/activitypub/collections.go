package activitypub

import (
	"context"

	"engawa/internal/fetch"
	"engawa/social"
)

// collectionAt loads a collection, or one page of one, from its own host.
func (f *Federation) collectionAt(ctx context.Context, uri string) (*Collection, error) {
	v, from, err := f.get(ctx, uri, false)
	if err != nil {
		return nil, err
	}
	id := v.ID()
	if !sameOrigin(from, uri) || id != "" && !sameOrigin(id, uri) {
		return nil, badly("%s led to a collection of another host", uri)
	}
	return collection(v, id != "")
}

// walk calls each with the items of a collection, and takes one off pages for
// each request it needs. It ends when each answers false, when no pages are
// left, and at the first page that cannot be had.
func (f *Federation) walk(ctx context.Context, uri string, pages *int, each func(Value) bool) (*Collection, error) {
	*pages--
	top, err := f.collectionAt(ctx, uri)
	if err != nil {
		return nil, err
	}
	page := top
	switch {
	case top.FirstPage != nil:
		page = top.FirstPage
	case top.First != "" && len(top.Items) == 0:
		*pages--
		if page, err = f.collectionAt(ctx, top.First); err != nil {
			return top, err
		}
	}
	for seen := map[string]bool{}; ; *pages-- {
		for _, item := range page.Items {
			if !each(item) {
				return top, nil
			}
		}
		if page.Next == "" || seen[page.Next] || *pages <= 0 {
			return top, nil
		}
		seen[page.Next] = true
		if page, err = f.collectionAt(ctx, page.Next); err != nil {
			return top, err
		}
	}
}

// postOf takes an item of a collection that stands on host: a post that came
// along is believed when it is of that host, everything else is loaded from its
// origin.
func (f *Federation) postOf(ctx context.Context, item Value, host string) (*social.Post, error) {
	if item.Type() == "Create" {
		item = item.Get("object").First()
	}
	uri := uriOf(item)
	if uri == "" {
		return nil, badly("an item without an http(s) id")
	}
	if p, err := f.knownPost(ctx, uri); err == nil || f.ours(uri) {
		return p, err
	}
	if item.IsObject() && isPostType(item.Type()) && HostOf(uri) == host && JudgeDocument(item, uri).Decision == Take && item.Get("attributedTo").Exists() {
		return f.storePost(ctx, item)
	}
	return f.fetchPost(ctx, uri, false)
}

// profileLimits is what filling a profile may cost.
var profileLimits = fetch.Limits{Requests: 60, Bytes: 16 << 20}

const (
	profilePosts = 20 // of the outbox
	profilePins  = 10
)

// HandleProfile fills the profile of an Actor that somebody here began to follow
// (JobProfile): its newest posts, its pins, and how many it says to know.
func (f *Federation) HandleProfile(ctx context.Context, j *social.Job) error {
	if err := f.ready(); err != nil {
		return err
	}
	ctx = deeper(fetch.WithLimits(ctx, profileLimits))
	a, err := f.Home.Store.Actor(ctx, j.Ref)
	if err != nil || a.Local() || a.State == social.ActorGone {
		return f.failure(err)
	}
	if j.Target == social.ProfileAgain || f.millis()-a.FetchedAt > refreshAge.Milliseconds() {
		if fresh, err := f.refreshActor(ctx, a.URI); err == nil {
			a = fresh
		}
	}
	if a.Suspended != 0 {
		return nil
	}
	totals, err := f.fillPosts(ctx, a)
	if err != nil {
		return f.failure(err)
	}
	f.fillPins(ctx, a)
	followers, following := f.totalOf(ctx, a.FollowersURI), f.totalOf(ctx, a.FollowingURI)
	return f.Home.Store.Write(ctx, func(tx social.Tx) error {
		now, err := tx.Actor(ctx, a.ID)
		if err != nil {
			return err
		}
		err = tx.CountActor(ctx, a.ID, max(totals-now.PostCount, 0), max(followers-now.Followers, 0), max(following-now.Following, 0), 0)
		if err != nil {
			return err
		}
		users, err := tx.LocalFollowers(ctx, a.ID)
		if err != nil {
			return err
		}
		for _, user := range users[:min(len(users), maxFilled)] {
			if err := tx.FillHome(ctx, user, a.ID, profilePosts); err != nil {
				return err
			}
		}
		return nil
	})
}

// maxFilled is in how many Home feeds the posts that were found appear: a
// profile is filled for its first followers, later ones find it full.
const maxFilled = 20

// fillPosts stores the newest posts of an outbox and returns how many it tells
// of in all.
func (f *Federation) fillPosts(ctx context.Context, a *social.Actor) (int64, error) {
	if a.Outbox == "" {
		return 0, nil
	}
	left, pages, host := profilePosts, 2, HostOf(a.Outbox)
	c, err := f.walk(ctx, a.Outbox, &pages, func(item Value) bool {
		left--
		if item.IsString() || item.Type() == "Create" || isPostType(item.Type()) {
			if _, err := f.postOf(ctx, item, host); fetch.KindOf(err) == fetch.OverBudget {
				return false
			}
		}
		return left > 0
	})
	if c == nil {
		if isTemporary(err) {
			return 0, err
		}
		return 0, nil // many servers show no outbox
	}
	return c.Total, nil
}

func (f *Federation) fillPins(ctx context.Context, a *social.Actor) {
	if a.FeaturedURI == "" {
		return
	}
	left, pages, host := profilePins, 2, HostOf(a.FeaturedURI)
	_, err := f.walk(ctx, a.FeaturedURI, &pages, func(item Value) bool {
		p, err := f.postOf(ctx, item, host)
		if err == nil && p.Actor == a.ID {
			_, err = f.Home.Do(ctx, &social.Activity{
				Verb: social.Add, Actor: a.ID, Origin: social.Federated, Quiet: true, Object: &social.PostRef{Post: p.ID},
			})
		}
		left--
		return left > 0 && fetch.KindOf(err) != fetch.OverBudget
	})
	if err != nil {
		f.Log.Debug("pins could not be read", "actor", a.URI, "err", err)
	}
}

// totalOf is how many a collection says it holds; it is shown, never counted with.
func (f *Federation) totalOf(ctx context.Context, uri string) int64 {
	if uri == "" {
		return 0
	}
	c, err := f.collectionAt(ctx, uri)
	if err != nil {
		return 0
	}
	return c.Total
}
