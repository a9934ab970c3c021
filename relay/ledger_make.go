package relay

import (
	"context"
	"strings"

	"engawa/social"
)

// making is what a Post becomes at one Link.
type making struct {
	parts []stored
	lossy bool
	skip  string // why it becomes nothing
}

// laying is the Copy that a decision to send brings.
func (l *Ledger) laying(ctx context.Context, s *subject, d *Decision, triggers []string) (*laying, error) {
	m, err := l.make(ctx, s, d.Link, d.Rule.As, d.Rule.Name, triggers)
	if err != nil {
		return nil, err
	}
	in := &laying{made: m.parts, post: s.post.ID, link: d.Link, rule: d.Rule.Name, state: social.CopyQueued, due: l.now()}
	switch {
	case m.skip != "":
		in.state, in.reason, in.due = social.CopySkipped, m.skip, 0
		in.made = []stored{{}}
	case d.Rule.Limit.Confirm == ConfirmAlways:
		in.state, in.due, in.reason = social.CopyAsked, 0, "confirm"
	case d.Rule.Limit.Confirm == ConfirmLossy && m.lossy:
		in.state, in.due, in.reason = social.CopyAsked, 0, "lossy"
	case d.Rule.Limit.Hold > 0:
		in.state, in.due = social.CopyHeld, l.now()+d.Rule.Limit.Hold.Milliseconds()
	}
	return in, nil
}

// askFirst asks about Copies that go out only with the person's word.
func (l *Ledger) askFirst(ctx context.Context, s *subject, plans []*laying) error {
	for _, in := range plans {
		if in.state != social.CopyAsked {
			continue
		}
		key := "ask-" + in.post.String() + "-" + in.link.ID.String() + "-" + in.reason
		if err := l.tellOf(ctx, in.link, in.post, key, question{cause: in.reason}); err != nil {
			return err
		}
	}
	return nil
}

// make plans a Post for one Link.
func (l *Ledger) make(ctx context.Context, s *subject, link *social.Link, as Manner, rule string, triggers []string) (*making, error) {
	m := &making{}
	text := s.text()
	if as.Template != "" {
		text = strings.ReplaceAll(as.Template, "{text}", text)
	}
	segments := strings.Split(text, "\n\n")
	if as.Long == "cut_link" && len(segments) > 1 {
		segments = []string{segments[0] + " " + s.post.URL}
	}
	for i, segment := range segments {
		p := stored{Part: social.Part{Text: segment, Origin: s.post.URI, CreatedAt: s.post.CreatedAt}, Price: 15_000}
		if i == 0 {
			p.After = s.after(link.ID)
		}
		m.parts = append(m.parts, p)
	}
	return m, nil
}

// remake plans what a Copy is made of anew, with another way for what is too long.
func (l *Ledger) remake(ctx context.Context, e *entry, long string) ([]stored, error) {
	s, err := l.subject(ctx, e.Post)
	if err != nil {
		return nil, goneOK(err)
	}
	book, err := l.book(ctx, e.User)
	if err != nil {
		return nil, err
	}
	link, err := l.Home.Store.Link(ctx, e.User, e.Link)
	if err != nil {
		return nil, err
	}
	rule := book.ruleOf(e.Rule)
	as := rule.As
	as.Long = long
	m, err := l.make(ctx, s, link, as, rule.Name, s.triggers(book))
	if err != nil {
		return nil, err
	}
	return m.parts, nil
}
