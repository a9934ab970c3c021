package store

import (
	"testing"

	"engawa/social"
)

func TestFilters(t *testing.T) {
	onBoth(t, func(d *desk) {
		f := social.Filter{
			ID: 1, User: 1, Title: "猫", Contexts: []string{"home", "thread"}, Action: "hide", ExpiresAt: 5,
			Keywords: []social.FilterKeyword{{ID: 2, Keyword: `"cat" \ 猫`, WholeWord: true}, {ID: -3, Keyword: "dog"}},
			Posts:    []social.FilterPost{{ID: 4, Post: 1 << 62}},
		}
		bare := social.Filter{ID: 9, User: 1, Action: "warn"}
		for _, x := range []social.Filter{f, bare} {
			d.change(func(t *tx) error { return t.PutFilter(d.ctx, &x) })
		}
		gives(d, "Filters", []social.Filter{bare, f})(d.Filters(d.ctx, 1))
		f.Keywords, f.Action = nil, "blur"
		d.change(func(t *tx) error { return t.PutFilter(d.ctx, &f) })
		d.change(func(t *tx) error { return t.DropFilter(d.ctx, 1, 9) })
		gives(d, "changed", []social.Filter{f})(d.Filters(d.ctx, 1))
	})
}

func TestMarkers(t *testing.T) {
	onBoth(t, func(d *desk) {
		put := func(timeline string, read ID, version int, fine bool) {
			d.Helper()
			f := func(t *tx) error {
				return t.PutMarker(d.ctx, 1, &social.Marker{Timeline: timeline, LastRead: read, Version: version, UpdatedAt: int64(version) * 10})
			}
			if fine {
				d.change(f)
			} else {
				d.refuse(social.Conflict, f)
			}
		}
		put("home", 5, 2, false)
		put("home", 5, 1, true)
		put("home", 6, 1, false)
		put("home", 7, 2, true)
		put("home", 8, 4, false)
		put("home", 9, 0, false)
		put("notifications", 3, 0, true)
		put("notifications", 4, 1, true)
		gives(d, "Markers", []social.Marker{
			{Timeline: "home", LastRead: 7, Version: 2, UpdatedAt: 20},
			{Timeline: "notifications", LastRead: 4, Version: 1, UpdatedAt: 10},
		})(d.Markers(d.ctx, 1))
		gives[[]social.Marker](d, "somebody else's", nil)(d.Markers(d.ctx, 2))
	})
}

func TestScheduledPosts(t *testing.T) {
	onBoth(t, func(d *desk) {
		a := social.ScheduledPost{ID: 1, User: 1, At: 50, Params: `{"text":"later"}`, Media: []ID{7, 8}}
		b := social.ScheduledPost{ID: 2, User: 1, At: 40, Params: `{}`}
		for _, s := range []social.ScheduledPost{a, b} {
			d.change(func(t *tx) error { return t.PutScheduledPost(d.ctx, &s) })
		}
		a.At, a.Media = 60, []ID{8}
		d.change(func(t *tx) error { return t.PutScheduledPost(d.ctx, &a) })
		gives(d, "ScheduledPost", &a)(d.ScheduledPost(d.ctx, 1, 1))
		gives(d, "newest", []social.ScheduledPost{b})(d.ScheduledPosts(d.ctx, 1, social.Page{Limit: 1}))
		gives(d, "below", []social.ScheduledPost{a})(d.ScheduledPosts(d.ctx, 1, social.Page{Limit: 5, MaxID: 2}))
		gives(d, "above", []social.ScheduledPost{b})(d.ScheduledPosts(d.ctx, 1, social.Page{Limit: 5, MinID: 1}))
		d.change(func(t *tx) error { return t.DropScheduledPost(d.ctx, 1, 1) })
		missing[*social.ScheduledPost](d, "dropped")(d.ScheduledPost(d.ctx, 1, 1))
	})
}

func TestPushSubscriptions(t *testing.T) {
	onBoth(t, func(d *desk) {
		for id := ID(1); id <= 3; id++ {
			d.change(func(t *tx) error {
				return t.PutToken(d.ctx, &social.Token{ID: id, Hash: []byte{byte(id)}, User: 1, RevokedAt: int64(id) / 3})
			})
		}
		s := &social.PushSubscription{ID: 5, Token: 1, User: 1, Endpoint: "https://push.example/x", P256DH: "k", Auth: "a", Standard: true,
			Policy: "followed", Alerts: map[string]bool{"mention": true, "poll": false}}
		other := social.PushSubscription{ID: 6, Token: 2, User: 1, Endpoint: "https://push.example/y"}
		d.change(func(t *tx) error { return t.PutPushSubscription(d.ctx, s) })
		d.change(func(t *tx) error { return t.PutPushSubscription(d.ctx, &other) })
		d.refuse(social.NotFound, func(t *tx) error { // a revoked token
			return t.PutPushSubscription(d.ctx, &social.PushSubscription{ID: 7, Token: 3, User: 1})
		})
		gives(d, "PushSubscription", s)(d.PushSubscription(d.ctx, 1))
		s.ID, s.Endpoint, s.Alerts = 8, "https://push.example/z", nil
		d.change(func(t *tx) error { return t.PutPushSubscription(d.ctx, s) })
		gives(d, "replaced", s)(d.PushSubscription(d.ctx, 1))
		gives(d, "all of the User", []social.PushSubscription{*s, other})(d.PushSubscriptions(d.ctx, 1))
		d.change(func(t *tx) error { return t.DropPushSubscription(d.ctx, 1) })
		missing[*social.PushSubscription](d, "dropped")(d.PushSubscription(d.ctx, 1))
	})
}

func TestConversations(t *testing.T) {
	onBoth(t, func(d *desk) {
		touch := func(id ID, user, thread, post ID, unread bool, participants ...ID) social.Conversation {
			d.Helper()
			c := social.Conversation{ID: id, User: user, Thread: thread, LastPost: post, Participants: participants, Unread: unread}
			d.change(func(t *tx) error { return t.TouchConversation(d.ctx, &c) })
			return c
		}
		touch(1, 1, 100, 1000, true, 2, 3)
		b := touch(2, 1, 101, 1001, true, 2)
		theirs := touch(3, 2, 100, 1000, false, 1, 3)
		a := touch(4, 1, 100, 1002, false, 2)
		if a.ID != 1 {
			d.Errorf("touched again, the conversation is %d, want 1", a.ID)
		}
		gives(d, "Conversations", []social.Conversation{a, b})(d.Conversations(d.ctx, 1, social.Page{Limit: 5}))
		gives(d, "newest", []social.Conversation{a})(d.Conversations(d.ctx, 1, social.Page{Limit: 1}))
		gives(d, "below", []social.Conversation{b})(d.Conversations(d.ctx, 1, social.Page{Limit: 5, MaxID: 1002}))
		gives(d, "above", []social.Conversation{a})(d.Conversations(d.ctx, 1, social.Page{Limit: 5, MinID: 1001}))
		d.change(func(t *tx) error { return t.ReadConversation(d.ctx, 1, 2, false) })
		b.Unread = false
		gives(d, "read", &b)(d.Conversation(d.ctx, 1, 2))
		d.change(func(t *tx) error { return t.DropConversation(d.ctx, 1, 1) })
		missing[*social.Conversation](d, "dropped")(d.Conversation(d.ctx, 1, 1))
		gives(d, "somebody else's", &theirs)(d.Conversation(d.ctx, 2, 3))
	})
}
