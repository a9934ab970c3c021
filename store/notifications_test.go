package store

import (
	"testing"

	"engawa/social"
)

func TestNotifications(t *testing.T) {
	onBoth(t, func(d *desk) {
		tell := func(n social.Notification, fresh bool) social.Notification {
			d.Helper()
			d.change(func(t *tx) error {
				got, err := t.Notify(d.ctx, &n)
				if err == nil && got != fresh {
					d.Errorf("Notify of %+v says %v", n, got)
				}
				return err
			})
			return n
		}
		blob := &social.Emoji{ID: 3, Shortcode: "blobcat", Domain: "far.example", URI: "u", URL: "p", StaticURL: "s", Category: "g", Hidden: true, UpdatedAt: 8}
		fav := tell(social.Notification{ID: 1, User: 1, Type: social.NotifyFavourite, Actor: 5, Post: 90, GroupKey: "g", CreatedAt: 11}, true)
		tell(social.Notification{ID: 2, User: 1, Type: social.NotifyFavourite, Actor: 5, Post: 90}, false)
		react := tell(social.Notification{ID: 3, User: 1, Type: social.NotifyReaction, Actor: 5, Post: 90, Reaction: ":blobcat:", Emoji: blob}, true)
		heart := tell(social.Notification{ID: 4, User: 1, Type: social.NotifyReaction, Actor: 5, Post: 90, Reaction: "❤"}, true)
		follow := tell(social.Notification{ID: 5, User: 1, Type: social.NotifyFollow, Actor: 6}, true)
		held := tell(social.Notification{ID: 6, User: 1, Type: social.NotifyMention, Actor: 7, Post: 91, Filtered: true, CreatedAt: 30}, true)
		theirs := tell(social.Notification{ID: 7, User: 2, Type: social.NotifyFollow, Actor: 6}, true)
		report := tell(social.Notification{ID: 8, User: 1, Type: social.NotifyReport, Actor: 6, Report: 70}, true)
		tell(social.Notification{ID: 9, User: 1, Type: social.NotifyReport, Actor: 6, Report: 70}, false)
		second := tell(social.Notification{ID: 10, User: 1, Type: social.NotifyReport, Actor: 6, Report: 71}, true)

		type list = []social.Notification
		all := social.Page{Limit: 40}
		for what, c := range map[string]struct {
			q    social.NotificationQuery
			want list
		}{
			"all":      {social.NotificationQuery{Page: all}, list{second, report, follow, heart, react, fav}},
			"newest":   {social.NotificationQuery{Page: social.Page{Limit: 2}}, list{second, report}},
			"below":    {social.NotificationQuery{Page: social.Page{Limit: 2, MaxID: 5}}, list{heart, react}},
			"above":    {social.NotificationQuery{Page: social.Page{Limit: 2, MinID: 1}}, list{heart, react}},
			"since":    {social.NotificationQuery{Page: social.Page{Limit: 2, SinceID: 1}}, list{second, report}},
			"between":  {social.NotificationQuery{Page: social.Page{Limit: 9, SinceID: 3, MaxID: 8}}, list{follow, heart}},
			"types":    {social.NotificationQuery{Types: []social.NotificationType{social.NotifyFavourite, social.NotifyFollow, "x"}, Page: all}, list{follow, fav}},
			"excluded": {social.NotificationQuery{Exclude: []social.NotificationType{social.NotifyReaction, social.NotifyReport}, Page: all}, list{follow, fav}},
			"from":     {social.NotificationQuery{From: 6, Exclude: []social.NotificationType{social.NotifyReport}, Page: all}, list{follow}},
			"filtered": {social.NotificationQuery{OnlyFiltered: true, Page: all}, list{held}},
			"with filtered": {social.NotificationQuery{IncludeFiltered: true, Types: []social.NotificationType{social.NotifyMention, social.NotifyFollow},
				Page: all}, list{held, follow}},
			"both": {social.NotificationQuery{Types: []social.NotificationType{social.NotifyReaction}, Exclude: []social.NotificationType{social.NotifyReaction}, Page: all}, nil},
		} {
			c.q.User = 1
			gives(d, what, c.want)(d.Notifications(d.ctx, c.q))
		}
		gives(d, "Notification", &react)(d.Notification(d.ctx, 1, 3))
		gives(d, "unread", int64(3))(d.UnreadNotifications(d.ctx, 1, 4, 100))
		gives(d, "unread up to", int64(2))(d.UnreadNotifications(d.ctx, 1, 0, 2))

		d.change(func(t *tx) error { return t.DropNotification(d.ctx, 1, 10) })
		d.refuse(social.NotFound, func(t *tx) error { return t.DropNotification(d.ctx, 1, 10) })

		left := func(what string, want ...social.Notification) {
			d.Helper()
			gives(d, what, list(want))(d.Notifications(d.ctx, social.NotificationQuery{User: 1, IncludeFiltered: true, Page: all}))
		}
		drop := func(actor ID, typ social.NotificationType, post ID) {
			d.change(func(t *tx) error { return t.DropNotificationsOf(d.ctx, 1, actor, typ, post) })
		}
		drop(5, social.NotifyFavourite, 91)
		left("of another post", report, held, follow, heart, react, fav)
		drop(5, social.NotifyFavourite, 90)
		left("the favourite", report, held, follow, heart, react)
		drop(6, social.NotifyFollow, 0)
		left("the follow", report, held, heart, react)
		drop(5, "", 0)
		left("all by 5", report, held)
		d.change(func(t *tx) error { return t.ClearNotifications(d.ctx, 1) })
		left("cleared")
		gives(d, "somebody else's", &theirs)(d.Notification(d.ctx, 2, 7))
	})
}

func TestNotificationRequests(t *testing.T) {
	onBoth(t, func(d *desk) {
		for i, n := range []social.Notification{
			{Actor: 5, Post: 90}, {Actor: 6, Post: 91}, {Actor: 5, Post: 92}, {Actor: 7}, {Actor: 8, Post: 93},
		} {
			n.ID, n.User, n.Type, n.Filtered, n.CreatedAt = ID(i+1), 1, social.NotifyMention, n.Actor != 8, int64(i+1)*10
			d.change(func(t *tx) error { _, err := t.Notify(d.ctx, &n); return err })
		}
		type list = []social.NotificationRequest
		five := social.NotificationRequest{ID: 5, User: 1, Actor: 5, LastPost: 92, Count: 2, CreatedAt: 10, UpdatedAt: 30}
		six := social.NotificationRequest{ID: 6, User: 1, Actor: 6, LastPost: 91, Count: 1, CreatedAt: 20, UpdatedAt: 20}
		seven := social.NotificationRequest{ID: 7, User: 1, Actor: 7, Count: 1, CreatedAt: 40, UpdatedAt: 40}
		ask := func(p social.Page, want list) {
			d.Helper()
			gives(d, "requests", want)(d.NotificationRequests(d.ctx, 1, p))
		}
		ask(social.Page{Limit: 9}, list{seven, six, five})
		ask(social.Page{Limit: 1}, list{seven})
		ask(social.Page{Limit: 1, MaxID: 7}, list{six})
		ask(social.Page{Limit: 1, MinID: 5}, list{six})
		d.change(func(t *tx) error { return t.AcceptNotifications(d.ctx, 1, 5, true) })
		d.change(func(t *tx) error { return t.AcceptNotifications(d.ctx, 1, 6, false) })
		ask(social.Page{Limit: 9}, list{seven})
		rows, err := d.Notifications(d.ctx, social.NotificationQuery{User: 1, Page: social.Page{Limit: 9}})
		var ids []ID
		for _, n := range rows {
			ids = append(ids, n.ID)
		}
		gives(d, "let through", []ID{5, 3, 1})(ids, err)
	})
}
