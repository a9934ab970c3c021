package social

import "context"

// Notices are a page of notifications with what they are about.
type Notices struct {
	Rows []Notification
	*Listing
	Actors map[ID]*Actor // who did it
}

// NotificationsOf reads a User's notifications. Those about a Post that may not
// be seen any more, or by somebody who is gone, are left out.
func (h *Home) NotificationsOf(ctx context.Context, v Viewer, q NotificationQuery) (*Notices, error) {
	q.User = v.Actor
	rows, err := h.Store.Notifications(ctx, q)
	if err != nil {
		return nil, err
	}
	n, err := h.notices(ctx, v, rows)
	if err == nil && len(rows) > 0 {
		n.First, n.Last = rows[0].ID, rows[len(rows)-1].ID
	}
	return n, err
}

// NotificationOf reads one.
func (h *Home) NotificationOf(ctx context.Context, v Viewer, id ID) (*Notices, error) {
	row, err := h.Store.Notification(ctx, v.Actor, id)
	if err != nil {
		return nil, err
	}
	n, err := h.notices(ctx, v, []Notification{*row})
	if err == nil && len(n.Rows) == 0 {
		return nil, notFound("notification")
	}
	return n, err
}

func (h *Home) notices(ctx context.Context, v Viewer, rows []Notification) (*Notices, error) {
	var posts, actors []ID
	for i := range rows {
		actors = append(actors, rows[i].Actor)
		if rows[i].Post != 0 {
			posts = append(posts, rows[i].Post)
		}
	}
	l, err := h.show(ctx, v, unique(posts), byName)
	if err != nil {
		return nil, err
	}
	who, err := h.Store.Actors(ctx, unique(actors))
	if err != nil {
		return nil, err
	}
	n := &Notices{Listing: l, Actors: make(map[ID]*Actor, len(who))}
	for _, a := range who {
		n.Actors[a.ID] = a
	}
	seen := make(map[ID]bool, len(l.Posts))
	for _, p := range l.Posts {
		seen[p.ID] = true
	}
	for i := range rows {
		a := n.Actors[rows[i].Actor]
		if a == nil || a.Suspended != 0 || (rows[i].Post != 0 && !seen[rows[i].Post]) {
			continue
		}
		n.Rows = append(n.Rows, rows[i])
	}
	return n, nil
}

func unique(ids []ID) []ID {
	seen := make(map[ID]bool, len(ids))
	out := ids[:0:0]
	for _, id := range ids {
		if !seen[id] {
			seen[id] = true
			out = append(out, id)
		}
	}
	return out
}

// Talks are a page of conversations with their last Posts and participants.
type Talks struct {
	Rows []Conversation
	*Listing
	Participants map[ID]*Actor
}

// ConversationsOf reads a User's direct conversations, newest first.
func (h *Home) ConversationsOf(ctx context.Context, v Viewer, p Page) (*Talks, error) {
	rows, err := h.Store.Conversations(ctx, v.Actor, p)
	if err != nil {
		return nil, err
	}
	t, err := h.talks(ctx, v, rows)
	if err == nil && len(rows) > 0 {
		t.First, t.Last = rows[0].LastPost, rows[len(rows)-1].LastPost
	}
	return t, err
}

// ConversationOf reads one.
func (h *Home) ConversationOf(ctx context.Context, v Viewer, id ID) (*Talks, error) {
	row, err := h.Store.Conversation(ctx, v.Actor, id)
	if err != nil {
		return nil, err
	}
	return h.talks(ctx, v, []Conversation{*row})
}

func (h *Home) talks(ctx context.Context, v Viewer, rows []Conversation) (*Talks, error) {
	var posts, actors []ID
	for i := range rows {
		posts = append(posts, rows[i].LastPost)
		actors = append(actors, rows[i].Participants...)
	}
	l, err := h.show(ctx, v, posts, byName)
	if err != nil {
		return nil, err
	}
	who, err := h.Store.Actors(ctx, unique(actors))
	if err != nil {
		return nil, err
	}
	t := &Talks{Rows: rows, Listing: l, Participants: make(map[ID]*Actor, len(who))}
	for _, a := range who {
		t.Participants[a.ID] = a
	}
	return t, nil
}
