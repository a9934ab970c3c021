package misskey

import (
	"context"
	"strings"
	"time"

	"engawa/internal/loose"
	"engawa/social"
)

// How far Find looks back, how often it looks and how long it waits between,
// and how much earlier than the Part a note may be by a server's clock (ms).
const (
	findPages = 5
	findLooks = 2
	findPause = 3 * time.Second
	skew      = 2 * 60 * 1000
)

// Find looks through the account's own notes since the Part was made for one
// that is the same in text, warning, place and files. It looks twice: a note
// stands in this list a moment after it was made.
func (n *Network) Find(ctx context.Context, l *social.Login, p *social.Part) (*social.Sent, error) {
	s, err := n.open(l)
	if err != nil {
		return nil, err
	}
	want, err := s.draft(ctx, p)
	if isClass(err, social.NotThere) || isClass(err, social.FixPost) {
		return nil, nil // it cannot have been sent
	}
	if err != nil {
		return nil, err
	}
	for look := range findLooks {
		if look > 0 {
			if err := n.pause(ctx, findPause); err != nil {
				return nil, err
			}
		}
		found, err := s.look(ctx, want, p)
		if found != nil || err != nil {
			return found, err
		}
	}
	return nil, nil
}

func (s *session) look(ctx context.Context, want params, p *social.Part) (*social.Sent, error) {
	q := params{"userId": s.login.Account, "limit": 100, "withReplies": true, "withRenotes": true, "withChannelNotes": true, "allowPartial": false}
	for range findPages {
		var page loose.List[note]
		if err := s.ask(ctx, "users/notes", q, &page); err != nil {
			return nil, err
		}
		for i := range page {
			x := &page[i]
			q["untilId"] = string(x.ID)
			if at := s.moment(x.CreatedAt); at != 0 && at < p.CreatedAt-skew {
				return nil, nil
			}
			if same(x, want, p) {
				return &social.Sent{Ref: s.sentRef(x)}, nil
			}
		}
		if len(page) == 0 {
			break
		}
	}
	return nil, nil
}

// same reports whether a note is what was to be made. Its visibility may be
// narrower: the server lowers it for some accounts. It trims texts.
func same(x *note, want params, p *social.Part) bool {
	text, _ := want["text"].(string)
	cw, _ := want["cw"].(string)
	reply, _ := want["replyId"].(string)
	renote, _ := want["renoteId"].(string)
	return x.ID != "" && strings.TrimSpace(deref(x.Text)) == strings.TrimSpace(text) && deref(x.CW) == cw && string(x.ReplyID) == reply &&
		string(x.RenoteID) == renote && max(len(x.Files), len(x.FileIDs)) == len(p.Media)
}

func deref(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
