package mastodon

import (
	"context"
	"net/http"
	"strings"

	"engawa/social"
)

// notificationQuery reads what narrows a page of notifications.
func notificationQuery(in Params, byDefault int) (social.NotificationQuery, error) {
	var q social.NotificationQuery
	pg, err := in.page(byDefault)
	if err != nil {
		return q, err
	}
	from, err := in.id("account_id")
	if err != nil {
		return q, err
	}
	q = social.NotificationQuery{From: from, IncludeFiltered: in.flag("include_filtered", false), Page: pg}
	for _, t := range in.texts("types") {
		q.Types = append(q.Types, notificationType(t))
	}
	for _, t := range in.texts("exclude_types") {
		q.Exclude = append(q.Exclude, notificationType(t))
	}
	return q, nil
}

// reactionNames are what other servers call a reaction with an emoji.
var reactionNames = map[string]bool{"reaction": true, "emoji_reaction": true, "pleroma:emoji_reaction": true}

func notificationType(name string) social.NotificationType {
	if reactionNames[name] {
		return social.NotifyReaction
	}
	return social.NotificationType(name)
}

func notifications(a *API, c *call) (any, error) {
	q, err := notificationQuery(c.in, 40)
	if err != nil {
		return nil, err
	}
	n, err := a.Home.NotificationsOf(c.ctx, c.viewer(), q)
	if err != nil {
		return nil, err
	}
	a.link(c, n.First, n.Last)
	w, err := a.viewNotices(c.ctx, c.viewer(), n)
	if err != nil {
		return nil, err
	}
	return w.notifications(n, supported(c.in)), nil
}

// viewNotices begins a page of notifications.
func (a *API) viewNotices(ctx context.Context, v social.Viewer, n *social.Notices) (*view, error) {
	w, err := a.viewOf(ctx, v, n.Listing, "notifications")
	if err != nil {
		return nil, err
	}
	if err := w.loadMatters(ctx, n.Rows); err != nil {
		return nil, err
	}
	return w, w.loadMoved(ctx, n.Actors)
}

// supported are the types that a client says it knows; nil when it says nothing.
func supported(in Params) map[string]bool {
	if !in.has("supported_types") {
		return nil
	}
	out := make(map[string]bool)
	for _, t := range in.texts("supported_types") {
		out[t] = true
	}
	return out
}

func (w *view) notifications(n *social.Notices, known map[string]bool) notificationList {
	about := w.postsByID()
	out := make(notificationList, 0, len(n.Rows))
	for i := range n.Rows {
		out = append(out, w.notification(&n.Rows[i], n.Actors, about, known))
	}
	return out
}

// postsByID are the Posts of the view's Listing.
func (w *view) postsByID() map[social.ID]*social.Post {
	out := make(map[social.ID]*social.Post, len(w.l.Posts))
	for _, p := range w.l.Posts {
		out[p.ID] = p
	}
	return out
}

func (w *view) notification(r *social.Notification, who map[social.ID]*social.Actor, about map[social.ID]*social.Post, known map[string]bool) *Notification {
	n := &Notification{ID: r.ID, Type: string(r.Type), CreatedAt: r.CreatedAt, GroupKey: groupKeyOf(r)}
	if actor := who[r.Actor]; actor != nil {
		n.Account = w.account(actor)
	}
	if p := about[r.Post]; p != nil && r.Post != 0 {
		n.Status = w.status(p)
	}
	n.Emoji, n.EmojiURL = w.reactionOf(r)
	n.Report, n.Warning = w.reports[r.Report], w.warnings[r.Report]
	if known != nil && !known[n.Type] {
		n.Fallback = fallback(r, n.Account)
	}
	return n
}

func groupKeyOf(r *social.Notification) string {
	if r.GroupKey != "" {
		return r.GroupKey
	}
	return ungrouped + r.ID.String()
}

const ungrouped = "ungrouped-"

func (w *view) reactionOf(r *social.Notification) (name, url string) {
	if r.Type != social.NotifyReaction {
		return "", ""
	}
	if r.Emoji != nil {
		url = w.a.emojiURL(r.Emoji.URL)
	}
	return strings.Trim(r.Reaction, ":"), url
}

// fallbackTitles are what a client shows of types it does not know; %s is who.
var fallbackTitles = map[social.NotificationType]string{
	social.NotifyReaction:     "reacted to your post",
	social.NotifyQuote:        "quoted your post",
	social.NotifyQuotedUpdate: "edited a post you quoted",
	social.NotifyMoved:        "has moved",
	social.NotifySignUp:       "signed up",
	social.NotifyReport:       "reported somebody",
	social.NotifyWarning:      "decided about your account",
}

func fallback(r *social.Notification, who *Account) *Fallback {
	title := orElse(fallbackTitles[r.Type], "did something: "+string(r.Type))
	if who != nil {
		title = orElse(who.DisplayName, who.Username) + " " + title
	}
	return &Fallback{Title: title, Summary: strings.Trim(r.Reaction, ":")}
}

func notificationShow(a *API, c *call) (any, error) {
	id, err := c.pathID("id")
	if err != nil {
		return nil, err
	}
	return a.notificationByID(c.ctx, c.viewer(), id)
}

func (a *API) notificationByID(ctx context.Context, v social.Viewer, id social.ID) (*Notification, error) {
	n, err := a.Home.NotificationOf(ctx, v, id)
	if err != nil {
		return nil, err
	}
	w, err := a.viewNotices(ctx, v, n)
	if err != nil {
		return nil, err
	}
	return w.notifications(n, nil)[0], nil
}

func notificationDismiss(a *API, c *call) (any, error) {
	id, err := c.pathID("id")
	if err != nil {
		return nil, err
	}
	if _, err := a.Home.Store.Notification(c.ctx, c.me(), id); err != nil {
		return nil, err
	}
	return empty, a.dropNotifications(c, []social.ID{id})
}

// notificationsDestroy drops several; those that are not there are gone already.
func notificationsDestroy(a *API, c *call) (any, error) {
	ids := c.in.ids("ids")
	if len(ids) > maxGroupRead {
		return nil, tooManyIDs(maxGroupRead)
	}
	return empty, a.dropNotifications(c, ids)
}

func (a *API) dropNotifications(c *call, ids []social.ID) error {
	return a.Home.Store.Write(c.ctx, func(tx social.Tx) error {
		for _, id := range ids {
			if err := tx.DropNotification(c.ctx, c.me(), id); err != nil && !social.IsKind(err, social.NotFound) {
				return err
			}
		}
		return nil
	})
}

func notificationsClear(a *API, c *call) (any, error) {
	return empty, a.Home.Store.Write(c.ctx, func(tx social.Tx) error { return tx.ClearNotifications(c.ctx, c.me()) })
}

// Bounds of a count of unread notifications.
const (
	unreadByDefault = 100
	unreadMost      = 1000
)

// unreadAfter is up to where the User has read its notifications, and how far
// unread ones are counted.
func (a *API) unreadAfter(c *call) (after social.ID, limit int, err error) {
	if limit, err = c.in.number("limit", unreadByDefault); err != nil {
		return 0, 0, err
	}
	markers, err := a.Home.Store.Markers(c.ctx, c.me())
	for i := range markers {
		if markers[i].Timeline == "notifications" {
			after = markers[i].LastRead
		}
	}
	return after, min(max(limit, 1), unreadMost), err
}

func notificationsUnread(a *API, c *call) (any, error) {
	after, limit, err := a.unreadAfter(c)
	if err != nil {
		return nil, err
	}
	n, err := a.Home.Store.UnreadNotifications(c.ctx, c.me(), after, limit)
	if err != nil {
		return nil, err
	}
	return map[string]int64{"count": min(n, int64(limit))}, nil
}

var errConflict = &statusError{http.StatusConflict, map[string]any{"error": "Conflict: somebody else was there first; read it again and repeat"}}
