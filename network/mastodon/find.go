package mastodon

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"unicode"

	"engawa/internal/loose"
	"engawa/internal/markup"
	"engawa/social"
)

// How far Find looks back, and how much earlier than the Part a post may be by
// a server's clock, in milliseconds.
const (
	findPages   = 5
	findSources = 10
	skew        = 2 * 60 * 1000
)

func asLinkError(err error, e **social.LinkError) bool { return errors.As(err, e) }

// Find looks through the account's own posts since the Part was made for one
// with the same text in the same place. A Part that is not found may be sent
// again: within the hour its key keeps it single, after it the list is whole.
func (n *Network) Find(ctx context.Context, l *social.Login, p *social.Part) (*social.Sent, error) {
	s, err := n.open(ctx, l)
	if err != nil {
		return nil, err
	}
	if !p.Boost.Zero() || p.Boost.URI != "" {
		return nil, nil // a boost is the same however often it is sent
	}
	var parent string
	if !p.Parent.Zero() {
		if parent, err = s.resolve(ctx, p.Parent); err != nil && !goneThere(err) {
			return nil, err
		}
	}
	before, sources := "", 0
	for range findPages {
		page, err := s.own(ctx, before)
		if err != nil {
			return nil, err
		}
		for i := range page {
			x := &page[i]
			before = string(x.ID)
			at := loose.Moment(x.CreatedAt, n.now()+24*3600*1000)
			if at != 0 && at < int64(p.CreatedAt)-skew && !x.Pinned {
				return nil, nil
			}
			if x.ID == "" || x.Reblog != nil || string(x.ReplyTo) != parent || len(x.Media) != len(p.Media) || x.Spoiler != p.Warning {
				continue
			}
			if same, err := s.says(ctx, x, p, &sources); same || err != nil {
				return sentAt(x), err
			}
		}
		if len(page) == 0 {
			break
		}
	}
	return nil, nil
}

func sentAt(x *status) *social.Sent { return &social.Sent{Ref: refOf(x)} }

// own is a page of the account's posts, newest first.
func (s *session) own(ctx context.Context, before string) ([]status, error) {
	q := url.Values{"limit": {"40"}, "exclude_reblogs": {"true"}}
	if before != "" {
		q.Set("max_id", before)
	}
	var page loose.List[status]
	err := s.ask(ctx, call{method: "GET", path: "/api/v1/accounts/" + url.PathEscape(s.login.Account) + "/statuses", query: q}, &page)
	return page, err
}

// says reports whether a Status says what a Part says: by what is left of both
// when white space, marks and the ends of handles are taken away, then, where
// the server tells the source, by it.
func (s *session) says(ctx context.Context, x *status, p *social.Part, sources *int) (bool, error) {
	if p.Origin != "" && strings.Contains(x.Content, p.Origin) {
		return true, nil
	}
	if condense(markup.Text(x.Content)) == condense(p.Text) {
		return true, nil
	}
	if *sources++; *sources > findSources {
		return false, nil
	}
	var src struct {
		Text string `json:"text"`
	}
	err := s.ask(ctx, call{method: "GET", path: "/api/v1/statuses/" + string(x.ID) + "/source"}, &src)
	switch statusOf(err) {
	case http.StatusNotFound, http.StatusMethodNotAllowed, http.StatusForbidden, http.StatusGone:
		return false, nil
	}
	return err == nil && condense(src.Text) == condense(p.Text), err
}

// condense leaves letters, digits and symbols.
func condense(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.IsControl(r) || r == 0x200b {
			return -1
		}
		return unicode.ToLower(r)
	}, s)
}
