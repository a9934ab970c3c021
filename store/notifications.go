package store

import (
	"context"
	"slices"

	"engawa/social"
)

const notificationColumns = "id, user_id, type, actor, post, reaction, emoji, report, group_key, filtered, created_at"

func scanNotification(r row, n *social.Notification) error {
	var emoji string
	err := r.into(&n.ID, &n.User, (*string)(&n.Type), &n.Actor, &n.Post, &n.Reaction, &emoji, &n.Report,
		&n.GroupKey, &n.Filtered, &n.CreatedAt)
	if err != nil || emoji == "" {
		return err
	}
	n.Emoji = new(social.Emoji)
	return unpack(emoji, (*notedEmoji)(n.Emoji))
}

// notedEmoji gives an emoji short keys, and leaves out what is empty.
type notedEmoji struct {
	ID        ID            `json:"i,omitempty"`
	Shortcode string        `json:"c"`
	Domain    string        `json:"d,omitempty"`
	URI       string        `json:"u,omitempty"`
	URL       string        `json:"p"`
	StaticURL string        `json:"s,omitempty"`
	Category  string        `json:"g,omitempty"`
	Hidden    bool          `json:"h,omitempty"`
	UpdatedAt social.Millis `json:"t,omitempty"`
}

func (r *reader) Notifications(ctx context.Context, n social.NotificationQuery) ([]social.Notification, error) {
	q := newQuery("select "+notificationColumns+" from notifications where user_id = ", n.User)
	if len(n.Types) > 0 {
		q.add(" and type = any(", typeNames(n.Types)).add(")")
	}
	if len(n.Exclude) > 0 {
		q.add(" and not (type = any(", typeNames(n.Exclude)).add("))")
	}
	if n.From != 0 {
		q.add(" and actor = ", n.From)
	}
	switch {
	case n.OnlyFiltered:
		q.add(" and filtered")
	case !n.IncludeFiltered:
		q.add(" and not filtered")
	}
	return paged(ctx, r, scanNotification, q, "id", n.Page)
}

// typeNames are at most as many as there are types.
func typeNames(types []social.NotificationType) []string {
	names := make([]string, 0, len(types))
	for _, t := range types {
		if len(names) < 64 && !slices.Contains(names, string(t)) {
			names = append(names, string(t))
		}
	}
	return names
}

func (r *reader) Notification(ctx context.Context, user, id ID) (*social.Notification, error) {
	return one(ctx, r, scanNotification,
		"select "+notificationColumns+" from notifications where id = $1 and user_id = $2", id, user)
}

// UnreadNotifications counts those above after that are not held back, up to limit.
func (r *reader) UnreadNotifications(ctx context.Context, user ID, after ID, limit int) (int64, error) {
	n, err := one(ctx, r, scanInt,
		`select count(*) from (
			select 1 from notifications where user_id = $1 and id > $2 and not filtered limit $3) unread`, user, after, limit)
	if err != nil {
		return 0, err
	}
	return *n, nil
}

// NotificationRequests have the id of their Actor, which is what pages them and
// stays the same when more comes.
func (r *reader) NotificationRequests(ctx context.Context, user ID, p social.Page) ([]social.NotificationRequest, error) {
	q := newQuery("select * from (select actor, user_id, max(post) as post, count(*) as held,"+
		" min(created_at) as since, max(created_at) as latest"+
		" from notifications where filtered and user_id = ", user)
	q.add(" group by actor, user_id) requests where held > ", 0)
	return paged(ctx, r, func(r row, n *social.NotificationRequest) error {
		err := r.into(&n.Actor, &n.User, &n.LastPost, &n.Count, &n.CreatedAt, &n.UpdatedAt)
		n.ID = n.Actor
		return err
	}, q, "actor", p)
}

func (t *tx) Notify(ctx context.Context, n *social.Notification) (bool, error) {
	emoji := ""
	if n.Emoji != nil {
		emoji = packed((*notedEmoji)(n.Emoji))
	}
	return t.once(ctx,
		`insert into notifications (id, user_id, type, actor, post, reaction, emoji, report, group_key, filtered, created_at)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
		on conflict (user_id, actor, type, post, reaction, report) do nothing`,
		n.ID, n.User, n.Type, n.Actor, n.Post, n.Reaction, emoji, n.Report, n.GroupKey, n.Filtered, n.CreatedAt)
}

func (t *tx) DropNotification(ctx context.Context, user, id ID) error {
	return t.found(ctx, "delete from notifications where id = $1 and user_id = $2", id, user)
}

// ClearNotifications removes the held ones too.
func (t *tx) ClearNotifications(ctx context.Context, user ID) error {
	return t.do(ctx, "delete from notifications where user_id = $1", user)
}

// DropNotificationsOf takes the type "" for all types.
func (t *tx) DropNotificationsOf(ctx context.Context, user, actor ID, typ social.NotificationType, post ID) error {
	return t.do(ctx,
		`delete from notifications where user_id = $1 and actor = $2
		and (cast($3 as text) = '' or type = $3) and (cast($4 as bigint) = 0 or post = $4)`, user, actor, typ, post)
}

func (t *tx) AcceptNotifications(ctx context.Context, user, actor ID, accept bool) error {
	if accept {
		return t.do(ctx, "update notifications set filtered = false where user_id = $1 and actor = $2 and filtered", user, actor)
	}
	return t.do(ctx, "delete from notifications where user_id = $1 and actor = $2 and filtered", user, actor)
}
