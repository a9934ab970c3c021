package store

import (
	"testing"

	"engawa/social"
)

func TestLists(t *testing.T) {
	onBoth(t, func(d *desk) {
		family := social.List{ID: 10, User: 1, Title: "Family", Replies: "list", Exclusive: true}
		work := social.List{ID: 11, User: 1, Title: "Work", Replies: "none"}
		theirs := social.List{ID: 12, User: 2, Title: "Theirs", Replies: "followed"}
		for _, l := range []social.List{family, work, theirs} {
			d.change(func(t *tx) error { return t.PutList(d.ctx, &l) })
		}
		gives(d, "Lists", []social.List{work, family})(d.Lists(d.ctx, 1))
		gives(d, "List", &family)(d.List(d.ctx, 1, 10))

		for _, m := range []ID{5, 6, 7, 8, 6} { // in one and the same millisecond
			d.change(func(t *tx) error { return t.AddListMember(d.ctx, 10, m, testNow) })
		}
		d.change(func(t *tx) error { return t.AddListMember(d.ctx, 12, 5, testNow) })
		d.refuse(social.NotFound, func(t *tx) error { return t.AddListMember(d.ctx, 99, 5, testNow) })

		members := func(what string, p social.Page, want ...ID) []social.Ranked {
			d.Helper()
			rows, err := d.ListMembers(d.ctx, 10, p)
			var ids []ID
			for _, r := range rows {
				ids = append(ids, r.ID)
			}
			gives(d, what, want)(ids, err)
			return rows
		}
		first := members("newest", social.Page{Limit: 2}, 8, 7)
		next := members("below", social.Page{Limit: 2, MaxID: first[1].Row}, 6, 5)
		members("above", social.Page{Limit: 1, MinID: next[1].Row}, 6)
		members("between", social.Page{Limit: 9, MaxID: first[0].Row, SinceID: next[1].Row}, 7, 6)
		members("nothing below", social.Page{Limit: 9, MaxID: next[1].Row})

		gives(d, "ListsWith", []social.List{family})(d.ListsWith(d.ctx, 1, 5))
		gives(d, "ListsWith", []social.List{theirs})(d.ListsWith(d.ctx, 2, 5))

		d.change(func(t *tx) error { return t.DropListMember(d.ctx, 10, 7) })
		d.change(func(t *tx) error { return t.DropListMember(d.ctx, 10, 7) })
		members("without 7", social.Page{Limit: 9}, 8, 6, 5)

		d.put("list_feed", "list, post, actor", []any{10, 1, 5}, []any{11, 1, 5})
		d.change(func(t *tx) error { return t.DropList(d.ctx, 1, 10) })
		missing[*social.List](d, "dropped")(d.List(d.ctx, 1, 10))
		members("of none", social.Page{Limit: 9})
		left, err := one(d.ctx, &d.reader, scanInt, "select count(*) from list_feed")
		if err != nil || *left != 1 {
			d.Errorf("%d rows left in list_feed (%v), want that of the other List", *left, err)
		}
	})
}

// TestOwners is threat T55: with ids swapped between two people, nothing is
// read and nothing changes.
func TestOwners(t *testing.T) {
	onBoth(t, func(d *desk) {
		const owner, thief = ID(1), ID(2)
		d.put("tags", "id, name, display", []any{1, "cat", "Cat"})
		put := func(user ID) func(t *tx) error {
			return func(t *tx) error {
				for _, err := range []error{
					t.PutList(d.ctx, &social.List{ID: 10, User: user, Title: user.String()}),
					t.PutFilter(d.ctx, &social.Filter{ID: 11, User: user, Title: user.String(), Action: "warn"}),
					t.PutScheduledPost(d.ctx, &social.ScheduledPost{ID: 12, User: user, Params: user.String()}),
				} {
					if err != nil {
						return err
					}
				}
				return nil
			}
		}
		d.change(put(owner))
		d.change(func(t *tx) error {
			if err := t.PutFeaturedTag(d.ctx, &social.FeaturedTag{ID: 13, Actor: owner, Tag: social.Tag{Name: "cat"}}); err != nil {
				return err
			}
			if _, err := t.Notify(d.ctx, &social.Notification{ID: 14, User: owner, Type: social.NotifyFollow, Actor: 5}); err != nil {
				return err
			}
			if err := t.PutToken(d.ctx, &social.Token{ID: 15, Hash: []byte("t"), User: owner}); err != nil {
				return err
			}
			return t.TouchConversation(d.ctx, &social.Conversation{ID: 16, User: owner, Thread: 1, LastPost: 1})
		})
		for what, f := range map[string]func(t *tx) error{
			"PutList":          func(t *tx) error { return t.PutList(d.ctx, &social.List{ID: 10, User: thief, Title: "mine"}) },
			"PutFilter":        func(t *tx) error { return t.PutFilter(d.ctx, &social.Filter{ID: 11, User: thief}) },
			"PutScheduledPost": func(t *tx) error { return t.PutScheduledPost(d.ctx, &social.ScheduledPost{ID: 12, User: thief}) },
			"PutPushSubscription": func(t *tx) error {
				return t.PutPushSubscription(d.ctx, &social.PushSubscription{ID: 1, Token: 15, User: thief})
			},
			"DropList":              func(t *tx) error { return t.DropList(d.ctx, thief, 10) },
			"DropFilter":            func(t *tx) error { return t.DropFilter(d.ctx, thief, 11) },
			"DropScheduledPost":     func(t *tx) error { return t.DropScheduledPost(d.ctx, thief, 12) },
			"DropFeaturedTag":       func(t *tx) error { return t.DropFeaturedTag(d.ctx, thief, 13) },
			"DropNotification":      func(t *tx) error { return t.DropNotification(d.ctx, thief, 14) },
			"ReadConversation":      func(t *tx) error { return t.ReadConversation(d.ctx, thief, 16, false) },
			"DropConversation":      func(t *tx) error { return t.DropConversation(d.ctx, thief, 16) },
			"a List":                func(t *tx) error { _, err := t.List(d.ctx, thief, 10); return err },
			"a scheduled post":      func(t *tx) error { _, err := t.ScheduledPost(d.ctx, thief, 12); return err },
			"a notification":        func(t *tx) error { _, err := t.Notification(d.ctx, thief, 14); return err },
			"a conversation":        func(t *tx) error { _, err := t.Conversation(d.ctx, thief, 16); return err },
			"the push of no one":    func(t *tx) error { _, err := t.PushSubscription(d.ctx, 15); return err },
			"dropping what is not":  func(t *tx) error { return t.DropPushSubscription(d.ctx, 15) },
			"the List of a missing": func(t *tx) error { return t.DropList(d.ctx, owner, 99) },
		} {
			d.Log(what)
			d.refuse(social.NotFound, f)
		}
		d.change(func(t *tx) error { return t.ClearNotifications(d.ctx, thief) })
		d.change(func(t *tx) error { return t.AcceptNotifications(d.ctx, thief, 5, false) })
		d.change(func(t *tx) error { return t.DropNotificationsOf(d.ctx, thief, 5, "", 0) })
		l, err := d.List(d.ctx, owner, 10)
		gives(d, "the List", &social.List{ID: 10, User: owner, Title: "1"})(l, err)
		_, err = d.Notification(d.ctx, owner, 14)
		gives(d, "the notification", true)(err == nil, err)
		s, err := d.ScheduledPost(d.ctx, owner, 12)
		gives(d, "the scheduled post", &social.ScheduledPost{ID: 12, User: owner, Params: "1"})(s, err)
		fs, err := d.Filters(d.ctx, owner)
		gives(d, "the Filter", []social.Filter{{ID: 11, User: owner, Title: "1", Action: "warn"}})(fs, err)
		for _, n := range []func() (int, error){
			func() (int, error) { x, err := d.Lists(d.ctx, thief); return len(x), err },
			func() (int, error) { x, err := d.Filters(d.ctx, thief); return len(x), err },
			func() (int, error) {
				x, err := d.ScheduledPosts(d.ctx, thief, social.Page{Limit: 9})
				return len(x), err
			},
			func() (int, error) { x, err := d.FeaturedTags(d.ctx, thief); return len(x), err },
			func() (int, error) {
				x, err := d.Conversations(d.ctx, thief, social.Page{Limit: 9})
				return len(x), err
			},
			func() (int, error) {
				x, err := d.Notifications(d.ctx, social.NotificationQuery{User: thief, Page: social.Page{Limit: 9}})
				return len(x), err
			},
		} {
			gives(d, "what the thief has", 0)(n())
		}
	})
}
