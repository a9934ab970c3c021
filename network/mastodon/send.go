package mastodon

import (
	"context"
	"net/http"

	"engawa/internal/loose"
	"engawa/network"
	"engawa/social"
)

// draft is the body of POST and PUT /api/v1/statuses.
type draft struct {
	Status     string      `json:"status"`
	ReplyTo    string      `json:"in_reply_to_id,omitempty"`
	Spoiler    string      `json:"spoiler_text,omitempty"`
	Sensitive  bool        `json:"sensitive"`
	Visibility string      `json:"visibility,omitempty"`
	Language   string      `json:"language,omitempty"`
	Media      []string    `json:"media_ids,omitempty"`
	Attributes []mediaInfo `json:"media_attributes,omitempty"`
	Poll       *pollDraft  `json:"poll,omitempty"`
	Quoted     string      `json:"quoted_status_id,omitempty"`
	QuoteID    string      `json:"quote_id,omitempty"` // Pleroma, Akkoma
}

type mediaInfo struct {
	ID          string `json:"id"`
	Description string `json:"description"`
}

type pollDraft struct {
	Options  []string `json:"options"`
	Expires  int64    `json:"expires_in"` // seconds
	Multiple bool     `json:"multiple"`
}

// wall refuses what would be seen by more people than it is meant for.
func wall(p *social.Part) error {
	if p.Audience > social.Direct {
		return network.HomeOnly()
	}
	return nil
}

// Send posts a Part or boosts. The key makes it safe to repeat for an hour;
// as nobody knows when the last try was, an unknown outcome is Uncertain.
func (n *Network) Send(ctx context.Context, l *social.Login, p *social.Part) (*social.Sent, error) {
	if err := wall(p); err != nil {
		return nil, err
	}
	s, err := n.open(ctx, l)
	if err != nil {
		return nil, err
	}
	if !p.Boost.Zero() || p.Boost.URI != "" {
		return s.boost(ctx, p)
	}
	d, err := s.draft(ctx, p)
	if err != nil {
		return nil, err
	}
	if d.Media, err = s.upload(ctx, p); err != nil {
		return nil, err
	}
	return s.post(ctx, call{method: "POST", path: "/api/v1/statuses", body: d, key: p.Key, once: true})
}

// post carries out a call that answers with a Status.
func (s *session) post(ctx context.Context, c call) (*social.Sent, error) {
	var made status
	if err := s.ask(ctx, c, &made); err != nil {
		return nil, err
	}
	if made.ID == "" {
		return nil, nonsense(s.base, c.once, nil)
	}
	return &social.Sent{Ref: refOf(&made)}, nil
}

// draft is the text of a Part with what belongs to it but media.
func (s *session) draft(ctx context.Context, p *social.Part) (*draft, error) {
	d := &draft{Status: p.Text, Spoiler: p.Warning, Sensitive: p.Sensitive, Visibility: p.Audience.String(), Language: p.Language}
	if p.Poll != nil {
		d.Poll = &pollDraft{Options: p.Poll.Options, Expires: p.Poll.Seconds, Multiple: p.Poll.Multiple}
	}
	var err error
	if !p.Parent.Zero() {
		if d.ReplyTo, err = s.resolve(ctx, p.Parent); err != nil {
			return nil, err
		}
	}
	if p.Quote.Zero() {
		return d, nil
	}
	srv, err := s.server(ctx, s.base)
	if err != nil {
		return nil, err
	}
	quoted, err := s.resolve(ctx, p.Quote)
	if err != nil {
		return nil, err
	}
	switch srv.quoteKey {
	case "quoted_status_id":
		d.Quoted = quoted
	case "quote_id":
		d.QuoteID = quoted
	default:
		return nil, network.NoQuotes(hostOf(s.base))
	}
	return d, nil
}

// boost passes a post on; repeated, it answers with the same boost.
func (s *session) boost(ctx context.Context, p *social.Part) (*social.Sent, error) {
	id, err := s.resolve(ctx, p.Boost)
	if err != nil {
		return nil, err
	}
	return s.post(ctx, call{method: "POST", path: "/api/v1/statuses/" + id + "/reblog", body: map[string]string{"visibility": p.Audience.String()}})
}

// Edit makes the Status say what p says; its audience stays as it is. Media
// that look the same are kept, others are sent anew.
func (n *Network) Edit(ctx context.Context, l *social.Login, ref social.Ref, p *social.Part) (*social.Sent, error) {
	if err := wall(p); err != nil {
		return nil, err
	}
	s, err := n.open(ctx, l)
	if err != nil {
		return nil, err
	}
	id, err := s.resolve(ctx, ref)
	if err != nil {
		return nil, err
	}
	var old status
	if err := s.ask(ctx, call{method: "GET", path: "/api/v1/statuses/" + id}, &old); err != nil {
		return nil, err
	}
	d := &draft{Status: p.Text, Spoiler: p.Warning, Sensitive: p.Sensitive, Language: p.Language}
	if p.Poll != nil { // left out, it would be removed
		d.Poll = &pollDraft{Options: p.Poll.Options, Expires: p.Poll.Seconds, Multiple: p.Poll.Multiple}
	}
	if kept, same := s.kept(p, old.Media); same {
		for _, m := range kept {
			d.Media = append(d.Media, m.ID)
		}
		d.Attributes = kept
	} else if d.Media, err = s.upload(ctx, p); err != nil {
		return nil, err
	}
	return s.post(ctx, call{method: "PUT", path: "/api/v1/statuses/" + id, body: d})
}

// kept pairs the files of a Part with the media of the post; false when one of
// them must be another.
func (s *session) kept(p *social.Part, media []media) ([]mediaInfo, bool) {
	if len(p.Media) != len(media) {
		return nil, false
	}
	var out []mediaInfo
	for i := range media {
		m, f := &media[i], &p.Media[i]
		w, h := m.Meta.Original.Width, m.Meta.Original.Height
		if m.ID == "" || kinds[m.Type] != f.Kind || !alike(w, h, f.Width, f.Height) {
			return nil, false
		}
		out = append(out, mediaInfo{ID: string(m.ID), Description: s.alt(f.Alt)})
	}
	return out, true
}

// alike: the two sizes have the same shape within 2 %, or one is unknown.
func alike(w, h, w2, h2 int) bool {
	if w <= 0 || h <= 0 || w2 <= 0 || h2 <= 0 {
		return true
	}
	a, b := float64(w)*float64(h2), float64(w2)*float64(h)
	return a <= b*1.02 && b <= a*1.02
}

// Delete removes the Status, or takes the boost back.
func (n *Network) Delete(ctx context.Context, l *social.Login, ref social.Ref) (*social.Sent, error) {
	s, err := n.open(ctx, l)
	if err != nil {
		return nil, err
	}
	id, err := s.resolve(ctx, ref)
	if err == nil {
		err = s.ask(ctx, call{method: "DELETE", path: "/api/v1/statuses/" + id}, nil)
	}
	if err != nil && !goneThere(err) {
		return nil, err
	}
	return &social.Sent{Ref: ref}, nil
}

// goneThere: what an error is about is not there.
func goneThere(err error) bool {
	e := (*social.LinkError)(nil)
	return asLinkError(err, &e) && e.Class == social.NotThere && (statusOf(err) == 0 || statusOf(err) == http.StatusNotFound || statusOf(err) == http.StatusGone)
}

// alt is a description as long as the server takes it.
func (s *session) alt(text string) string {
	limit := s.login.Limits.AltText
	if limit <= 0 {
		limit = 1500
	}
	return loose.Runes(text, limit)
}
