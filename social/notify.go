package social

import "context"

// note is a notification about to be made by the turn's Actor.
type note struct {
	user     ID
	typ      NotificationType
	post     *Post
	from     ID // zero: the turn's Actor
	reaction string
	emoji    *Emoji
	report   ID
}

// notify tells a User, unless it wants nothing of who did it, muted the thread,
// or its policy drops or holds it.
func (t *turn) notify(ctx context.Context, n note) error {
	from := t.actor
	if n.from != 0 && n.from != from.ID {
		var err error
		if from, err = t.Actor(ctx, n.from); err != nil {
			return err
		}
	}
	if t.a.Quiet || (n.user == from.ID && n.typ != NotifyPoll) {
		return nil
	}
	user, err := t.User(ctx, n.user)
	if err != nil {
		return missingOK(err) // a local Actor that nobody logs in as
	}
	verdict, err := t.verdict(ctx, user, from, &n)
	if err != nil || verdict == "drop" {
		return err
	}
	row := Notification{
		ID: t.h.newID(), User: n.user, Type: n.typ, Actor: from.ID, Reaction: n.reaction, Emoji: n.emoji,
		Report: n.report, Filtered: verdict == "filter", CreatedAt: t.now,
	}
	if n.post != nil {
		row.Post = n.post.ID
	}
	row.GroupKey = groupKey(&row)
	fresh, err := t.Notify(ctx, &row)
	if err != nil || !fresh {
		return err
	}
	if n.typ == NotifyMention && n.post != nil && !n.post.Local() {
		if err := t.IndexPost(ctx, n.post.ID, searchText(n.post)); err != nil {
			return err
		}
	}
	if !row.Filtered {
		t.emit(Event{Type: Notified, User: n.user, Notification: row.ID, Post: row.Post, Actor: from.ID})
		return t.push(ctx, &row)
	}
	return nil
}

// groupKey puts notifications of one kind about one Post within an hour together.
func groupKey(n *Notification) string {
	const hour = 3_600_000
	switch n.Type {
	case NotifyFavourite, NotifyBoost, NotifyReaction:
		return string(n.Type) + "-" + n.Post.String() + "-" + ID(n.CreatedAt/hour).String()
	case NotifyFollow, NotifySignUp:
		return string(n.Type) + "-" + ID(n.CreatedAt/hour).String()
	default:
		return "ungrouped-" + n.ID.String()
	}
}

// verdict is "", "filter" or "drop".
func (t *turn) verdict(ctx context.Context, user *User, from *Actor, n *note) (string, error) {
	switch n.typ {
	case NotifySignUp, NotifyReport, NotifyWarning: // what somebody answers for is told, whomever it blocks
		return "", nil
	}
	refused, err := t.BlockedAmong(ctx, []ID{user.ID}, from)
	if err != nil {
		return "", err
	}
	if r := refused[user.ID]; r == RefusesAll || r == RefusesNotifications {
		return "drop", nil
	}
	if n.post != nil && n.typ != NotifyPoll {
		muted, err := t.ThreadMuted(ctx, user.ID, n.post.Thread)
		if err != nil || muted {
			return "drop", err
		}
	}
	p := &user.Settings.Notifications
	switch n.typ {
	case NotifySignUp, NotifyReport, NotifyWarning, NotifyPoll, NotifyMoved, NotifyStatus, NotifyUpdate, NotifyFollowRequest:
		return "", nil
	}
	if *p == (Policy{}) && from.Limited == 0 {
		return "", nil
	}
	rels, err := t.Relations(ctx, user.ID, []ID{from.ID})
	if err != nil {
		return "", err
	}
	return p.judge(rels[from.ID], from, n, t.now), nil
}

const (
	newFollowerAge = 3 * 24 * 3_600_000
	newAccountAge  = 30 * 24 * 3_600_000
)

// judge applies the Policy; whom the User follows always passes.
func (p *Policy) judge(rel *Relation, from *Actor, n *note, now Millis) string {
	if rel.Following {
		return ""
	}
	worst := ""
	apply := func(when bool, action string) {
		if when && (action == "drop" || (action == "filter" && worst == "")) {
			worst = action
		}
	}
	limited := p.LimitedAccounts
	if limited == "" {
		limited = "filter"
	}
	private := n.typ == NotifyMention && n.post.Audience == Direct
	apply(true, p.NotFollowing)
	apply(!rel.FollowedBy, p.NotFollowers)
	apply(now-from.CreatedAt < newAccountAge, p.NewAccounts)
	apply(private, p.PrivateMentions)
	apply(from.Limited != 0, limited)
	apply(from.Bot(), p.Bots)
	return worst
}
