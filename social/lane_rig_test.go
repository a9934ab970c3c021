package social_test

import (
	"slices"
	"strings"
	"testing"

	"engawa/internal/clock"
	. "engawa/social"
)

// everyAbility is what a Link of these tests can do unless it says otherwise.
const everyAbility = AblePost | AbleReply | AbleEdit | AbleDelete | AbleMedia | AblePoll | AbleQuote | AbleBoost | AbleFavourite | AbleReact | AbleBookmark | AbleFollow | AbleRead | AbleNotify

// lane makes a Link of a User with its List.
func (r *rig) lane(of *Actor, network, name string, change ...func(*Link)) *Link {
	r.t.Helper()
	l := &Link{
		ID: r.id(), User: of.ID, Network: network, Name: name, Base: "https://" + name + ".example", Account: "acc-" + of.Name + "-" + name,
		Handle: of.Name + "@" + name + ".example", URL: "https://" + name + ".example/@" + of.Name, Can: everyAbility, State: LinkActive, List: r.id(),
		CreatedAt: clock.Millis(r.clock.Now()),
	}
	for _, c := range change {
		c(l)
	}
	r.write(func(tx Tx) error {
		if err := tx.PutLink(r.ctx, l); err != nil || l.List == 0 {
			return err
		}
		return tx.PutList(r.ctx, &List{ID: l.List, User: of.ID, Title: name, Replies: "list"})
	})
	return l
}

func mergedLane(l *Link) { l.Merge = true }

func can(a Ability) func(*Link) { return func(l *Link) { l.Can = a } }

// stranger is an account on Bluesky.
func stranger(name string) Stranger {
	return Stranger{ID: "did:plc:" + name, URI: "did:plc:" + name, URL: "https://bsky.app/profile/" + name, Name: name + ".bsky.social", Domain: "bsky.app", Display: strings.ToUpper(name)}
}

// item is a public post of a stranger there.
func (r *rig) item(by, key, text string, change ...func(*Item)) Item {
	uri := "at://did:plc:" + by + "/app.bsky.feed.post/" + key
	it := Item{
		Ref: Ref{ID: uri, URI: uri, URL: "https://bsky.app/profile/" + by + "/post/" + key, CID: "cid" + key}, URI: uri, Author: stranger(by),
		At: clock.Millis(r.clock.Now()), HTML: "<p>" + text + "</p>",
	}
	for _, c := range change {
		c(&it)
	}
	return it
}

// arrive lets a Link read items, a second after what was before.
func (r *rig) arrive(l *Link, items ...Item) {
	r.t.Helper()
	r.ok(r.Arrive(r.ctx, l, &Batch{Items: items}))
	r.clock.Advance(1e9)
}

func (r *rig) alerts(l *Link, list ...Alert) {
	r.t.Helper()
	r.ok(r.Arrive(r.ctx, l, &Batch{Alerts: list}))
	r.clock.Advance(1e9)
}

func view(a *Actor) Viewer { return Viewer{Actor: a.ID, User: a.Local()} }

// texts are what Posts say, newest first, boosts as "↻ text".
func texts(l *Listing) (out []string) {
	for _, p := range l.Posts {
		mark := ""
		if p.BoostOf != 0 {
			p, mark = l.Bundle.Posts[p.BoostOf], "↻ "
		}
		out = append(out, mark+strings.TrimSuffix(strings.TrimPrefix(p.Content, "<p>"), "</p>"))
	}
	return out
}

func (r *rig) wantList(l *Link, want ...string) {
	r.t.Helper()
	got, err := r.ListFeed(r.ctx, Viewer{Actor: l.User, User: true}, l.List, Page{Limit: 40})
	r.ok(err)
	if t := texts(got); !slices.Equal(t, want) {
		r.t.Errorf("list of %s: %q, want %q", l.Name, t, want)
	}
}

func (r *rig) wantHome(of *Actor, want ...string) {
	r.t.Helper()
	got, err := r.HomeFeed(r.ctx, view(of), Page{Limit: 40})
	r.ok(err)
	if t := texts(got); !slices.Equal(t, want) {
		r.t.Errorf("Home of %s: %q, want %q", of.Name, t, want)
	}
}

// laned is the Post that a Link knows under the id of an item.
func (r *rig) laned(l *Link, it Item) *Post {
	r.t.Helper()
	id, err := r.Store.LanePost(r.ctx, l.ID, it.Ref.ID)
	r.ok(err)
	p, err := r.Store.Post(r.ctx, id)
	r.ok(err)
	return p
}

// left are the Jobs of a kind since forget, as "target" or "target body".
func (r *rig) left(kind JobKind) (out []string) {
	for _, j := range r.jobs {
		if j.Kind == kind {
			out = append(out, strings.TrimSpace(j.Target+" "+string(j.Body)))
		}
	}
	return out
}

func (r *rig) wantLeft(kind JobKind, want ...string) {
	r.t.Helper()
	if got := r.left(kind); !slices.Equal(got, want) {
		r.t.Errorf("jobs %s: %q, want %q", kind, got, want)
	}
}

// unseen wants a Post to be nobody's but the Users it is shown to.
func (r *rig) unseen(p *Post, others ...Viewer) {
	r.t.Helper()
	for _, v := range others {
		if _, err := r.PostFor(r.ctx, v, p.ID); !IsKind(err, NotFound) {
			r.t.Errorf("%+v sees %d: %v", v, p.ID, err)
		}
	}
}

func anyPage() Page { return Page{Limit: 40} }

var _ = testing.Short
