package mastodon

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"engawa/internal/loose"
	"engawa/network"
	"engawa/social"
)

// pageSize is the longest page that servers give.
const pageSize = 40

// Read brings a page of the home timeline or of the notifications: after a
// cursor (an id) the page directly above it (min_id), so that nothing is left
// out however long the gap.
func (n *Network) Read(ctx context.Context, l *social.Login, place social.LanePlace, cursor string, limit int) (*social.Batch, error) {
	s, err := n.open(ctx, l)
	if err != nil {
		return nil, err
	}
	q := url.Values{}
	if loose.IsID(cursor) {
		q.Set("min_id", cursor)
	} else {
		cursor = ""
	}
	read := s.readHome
	if place == social.LaneAlerts {
		read = s.readAlerts
	}
	for limit = min(max(limit, 1), pageSize); ; limit /= 2 {
		q.Set("limit", strconv.Itoa(limit))
		b, err := read(ctx, q, cursor, limit)
		if limit == 1 || !errors.Is(err, loose.ErrTooLong) { // else half a page may do
			return b, err
		}
	}
}

func (s *session) readHome(ctx context.Context, q url.Values, cursor string, limit int) (*social.Batch, error) {
	var page loose.List[status]
	code, err := s.askStatus(ctx, call{method: "GET", path: "/api/v1/timelines/home", query: q}, &page)
	if err != nil {
		return nil, err
	}
	b := &social.Batch{Cursor: cursor}
	if code == http.StatusPartialContent { // it is being rebuilt there: what is missing comes later
		return b, nil
	}
	page = slices.DeleteFunc(page, func(x status) bool { return cursor != "" && !newer(string(x.ID), cursor) })
	slices.Reverse(page)
	for i := range page {
		b.Cursor = newest(b.Cursor, string(page[i].ID))
	}
	b.Items = s.reader(s.login).items(page)
	b.More = cursor != "" && len(page) >= limit
	return b, nil
}

func (s *session) readAlerts(ctx context.Context, q url.Values, cursor string, limit int) (*social.Batch, error) {
	var page loose.List[notification]
	if err := s.ask(ctx, call{method: "GET", path: "/api/v1/notifications", query: q}, &page); err != nil {
		return nil, err
	}
	page = slices.DeleteFunc(page, func(x notification) bool { return cursor != "" && !newer(string(x.ID), cursor) })
	slices.Reverse(page)
	b := &social.Batch{Cursor: cursor, More: cursor != "" && len(page) >= limit}
	r := s.reader(s.login)
	for i := range page {
		b.Cursor = newest(b.Cursor, string(page[i].ID))
		if a := r.alert(&page[i], s.login.Account); a != nil {
			b.Alerts = append(b.Alerts, *a)
		}
	}
	return b, nil
}

// newer reports whether id a came after b: ids of one server sort by their
// length, then by their letters (facts/mastodon.md 3.2; the fixed length of
// GoToSocial's and Pleroma's is a case of it).
func newer(a, b string) bool {
	if len(a) != len(b) {
		return len(a) > len(b)
	}
	return a > b
}

func newest(a, b string) string {
	if b != "" && newer(b, a) {
		return b
	}
	return a
}

// Thread brings a post with what it answers and its answers, oldest first. Of
// more than limit the nearest are kept: half of them what it answers at most.
func (n *Network) Thread(ctx context.Context, l *social.Login, ref social.Ref, limit int) (*social.Batch, error) {
	s, err := n.open(ctx, l)
	if err != nil {
		return nil, err
	}
	id, err := s.resolve(ctx, ref)
	if err != nil {
		return nil, err
	}
	var post status
	if err := s.ask(ctx, call{method: "GET", path: "/api/v1/statuses/" + id}, &post); err != nil {
		return nil, err
	}
	var around struct {
		Before loose.List[status] `json:"ancestors"`
		After  loose.List[status] `json:"descendants"`
	}
	if err := s.ask(ctx, call{method: "GET", path: "/api/v1/statuses/" + id + "/context"}, &around); err != nil && !errors.Is(err, loose.ErrTooLong) {
		return nil, err
	}
	limit = max(limit, 1)
	before, after := around.Before, around.After
	if keep := max((limit-1)/2, limit-1-len(after)); len(before) > keep {
		before = before[len(before)-keep:]
	}
	after = after[:min(len(after), limit-1-len(before))]
	list := append(append(slices.Clone([]status(before)), post), after...)
	items := s.reader(l).items(list)
	if top := &around; len(top.Before) > 0 && top.Before[0].ReplyTo == "" {
		root := refOf(&top.Before[0])
		for i := range items {
			if items[i].Ref.ID != root.ID {
				items[i].Root = root
			}
		}
	}
	more := len(before) < len(around.Before) || len(after) < len(around.After)
	return &social.Batch{Items: items, More: more}, nil
}

// resolve is the server's own id of what a Ref names: the id as it is, or what
// the server finds under the address.
func (s *session) resolve(ctx context.Context, ref social.Ref) (string, error) {
	if loose.IsID(ref.ID) {
		return ref.ID, nil
	}
	for _, address := range []string{ref.ID, ref.URI, ref.URL} {
		if loose.WebURL(address) == "" {
			continue
		}
		var found struct {
			Statuses loose.List[status] `json:"statuses"`
		}
		q := url.Values{"q": {address}, "resolve": {"true"}, "type": {"statuses"}, "limit": {"1"}}
		if err := s.ask(ctx, call{method: "GET", path: "/api/v2/search", query: q}, &found); err != nil {
			return "", err
		}
		if len(found.Statuses) > 0 && found.Statuses[0].ID != "" {
			return string(found.Statuses[0].ID), nil
		}
	}
	return "", network.UnknownPost(hostOf(s.base), nil)
}
