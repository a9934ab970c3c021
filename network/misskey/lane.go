package misskey

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"engawa/internal/loose"
	"engawa/social"
)

// pageSize is the longest page that servers give; maxGap bounds how many pages
// one reading closes a gap with.
const (
	pageSize = 100
	maxGap   = 20
)

// Read brings a page of notes/timeline or i/notifications. After a cursor (an
// id; ids sort by time) it is the page directly above it, whether the server
// answers a sinceId with the oldest or with the newest that follow.
func (n *Network) Read(ctx context.Context, l *social.Login, place social.LanePlace, cursor string, limit int) (*social.Batch, error) {
	s, err := n.open(l)
	if err != nil {
		return nil, err
	}
	for limit = min(max(limit, 1), pageSize); ; limit /= 2 {
		b, err := s.readPage(ctx, place, cursor, limit)
		if limit == 1 || !errors.Is(err, loose.ErrTooLong) { // else half a page may do
			return b, err
		}
	}
}

func (s *session) readPage(ctx context.Context, place social.LanePlace, cursor string, limit int) (*social.Batch, error) {
	if place == social.LaneAlerts {
		page, more, err := pages(ctx, s, "i/notifications", params{"markAsRead": false}, cursor, limit, func(x *notification) string { return string(x.ID) })
		if err != nil {
			return nil, err
		}
		b := &social.Batch{Cursor: cursor, Alerts: s.alerts(ctx, page), More: more}
		if len(page) > 0 {
			b.Cursor = string(page[len(page)-1].ID)
		}
		return b, nil
	}
	page, more, err := pages(ctx, s, "notes/timeline", params{"allowPartial": false, "withRenotes": true}, cursor, limit, func(x *note) string { return string(x.ID) })
	if err != nil {
		return nil, err
	}
	b := &social.Batch{Cursor: cursor, Items: s.items(ctx, page), More: more}
	if len(page) > 0 {
		b.Cursor = string(page[len(page)-1].ID)
	}
	return b, nil
}

// pages reads the limit entries that follow the cursor, oldest first. A full
// page is checked for what may lie between it and the cursor.
func pages[T any](ctx context.Context, s *session, name string, p params, cursor string, limit int, id func(*T) string) (all []T, more bool, err error) {
	p["limit"] = limit
	if loose.IsID(cursor) {
		p["sinceId"] = cursor
	} else {
		cursor = ""
	}
	for range maxGap {
		var page loose.List[T]
		if err := s.ask(ctx, name, p, &page); err != nil {
			return nil, false, err
		}
		before := len(all)
		for i := range page {
			if x := id(&page[i]); x != "" && x > cursor && (p["untilId"] == nil || x < p["untilId"].(string)) {
				all = append(all, page[i])
			}
		}
		slices.SortStableFunc(all, func(a, b T) int { return cmp.Compare(id(&a), id(&b)) })
		all = slices.CompactFunc(all, func(a, b T) bool { return id(&a) == id(&b) })
		if cursor == "" || len(page) < limit || len(all) == before {
			break
		}
		p["untilId"] = id(&all[0])
	}
	if len(all) > limit && cursor != "" {
		all, more = all[:limit], true
	}
	return all, more || cursor != "" && len(all) == limit, nil
}

// items are those of notes that are whole, in their order.
func (s *session) items(ctx context.Context, notes []note) []social.Item {
	list := make([]*note, len(notes))
	for i := range notes {
		list[i] = &notes[i]
	}
	s.meet(ctx, list, nil)
	out := make([]social.Item, 0, len(notes))
	for _, n := range list {
		if it := s.item(n, depth); it != nil {
			out = append(out, *it)
		}
	}
	return out
}

// alertTypes are the notifications that are taken over.
var alertTypes = map[string]social.NotificationType{
	"note": social.NotifyStatus, "follow": social.NotifyFollow, "mention": social.NotifyMention, "reply": social.NotifyMention,
	"renote": social.NotifyBoost, "quote": social.NotifyQuote, "reaction": social.NotifyReaction, "pollEnded": social.NotifyPoll,
	"receiveFollowRequest": social.NotifyFollowRequest,
}

func (s *session) alerts(ctx context.Context, list []notification) (out []social.Alert) {
	var notes []*note
	var users []*user
	for i := range list {
		if alertTypes[list[i].Type] != "" {
			notes, users = append(notes, list[i].Note), append(users, &list[i].User)
		}
	}
	s.meet(ctx, notes, users)
	for i := range list {
		if a := s.alert(&list[i]); a != nil {
			out = append(out, *a)
		}
	}
	return out
}

// alert is one notification; nil for those that mean nothing here.
func (s *session) alert(n *notification) *social.Alert {
	kind, ok := alertTypes[n.Type]
	if !ok || n.ID == "" {
		return nil
	}
	who := &n.User
	if who.ID == "" && n.Note != nil {
		who = &n.Note.User
	}
	by, ok := s.stranger(who)
	if !ok {
		return nil
	}
	a := &social.Alert{ID: string(n.ID), Type: kind, By: by, At: s.moment(n.CreatedAt)}
	if a.At == 0 {
		a.At = social.Millis(s.now())
	}
	x := n.Note
	switch {
	case x == nil:
		return a
	case kind == social.NotifyReaction:
		a.Emoji, a.About = s.reaction(n.Reaction), s.refOf(x)
		if a.Emoji == heart {
			a.Type, a.Emoji = social.NotifyFavourite, ""
		}
	case kind == social.NotifyBoost && x.Renote != nil:
		x = x.Renote
		a.About = s.refOf(x)
	case kind == social.NotifyQuote && x.Renote != nil:
		a.About = s.refOf(x.Renote)
	case n.Type == "reply" && x.ReplyID != "":
		a.About = social.Ref{ID: string(x.ReplyID), Author: s.login.Account}
	case string(x.User.ID) == s.login.Account:
		a.About = s.refOf(x)
	}
	a.Item = s.item(x, depth)
	return a
}

// Thread brings a note with what it answers (notes/conversation) and its
// answers (notes/children), oldest first. Of more than limit the nearest are kept.
func (n *Network) Thread(ctx context.Context, l *social.Login, ref social.Ref, limit int) (*social.Batch, error) {
	s, err := n.open(l)
	if err != nil {
		return nil, err
	}
	id, err := s.resolve(ctx, ref)
	if err != nil {
		return nil, err
	}
	limit = min(max(limit, 1), pageSize)
	var post note
	if err := s.ask(ctx, "notes/show", params{"noteId": id}, &post); err != nil {
		return nil, err
	}
	var before, after loose.List[note]
	if post.ReplyID != "" {
		if err := s.ask(ctx, "notes/conversation", params{"noteId": id, "limit": limit}, &before); err != nil && !isClass(err, social.NotThere) {
			return nil, err
		}
	}
	if err := s.ask(ctx, "notes/children", params{"noteId": id, "limit": limit}, &after); err != nil && !isClass(err, social.NotThere) {
		return nil, err
	}
	byID := func(a, b note) int { return cmp.Compare(a.ID, b.ID) }
	slices.SortFunc(before, byID)
	slices.SortFunc(after, byID)
	total := len(before) + len(after) + 1
	if keep := max((limit-1)/2, limit-1-len(after)); len(before) > keep {
		before = before[len(before)-keep:]
	}
	after = after[:min(len(after), limit-1-len(before))]
	list := append(append(slices.Clone([]note(before)), post), after...)
	b := &social.Batch{Items: s.items(ctx, list), More: len(list) < total}
	if list[0].ReplyID == "" {
		root := s.refOf(&list[0])
		for i := range b.Items {
			if b.Items[i].Ref.ID != root.ID {
				b.Items[i].Root = root
			}
		}
	}
	return b, nil
}
