package mastodon

import (
	"net/http"
	"strings"
	"time"

	"engawa/internal/clock"
	"engawa/social"
)

// saying is what a request says of a Post to be made, read but not judged. As
// JSON it is what a scheduled Post waits as, in the form that clients read of
// ScheduledStatus.params.
type saying struct {
	Text          string      `json:"text"`
	MediaIDs      []string    `json:"media_ids"`
	Poll          *pollSaying `json:"poll,omitempty"`
	InReplyTo     *social.ID  `json:"in_reply_to_id"`
	Quoted        *string     `json:"quoted_status_id"`
	QuotePolicy   string      `json:"quote_approval_policy,omitempty"`
	Sensitive     *bool       `json:"sensitive"`
	Warning       string      `json:"spoiler_text"`
	Visibility    string      `json:"visibility"`
	LocalOnly     bool        `json:"local_only,omitempty"`
	Language      *string     `json:"language"`
	Format        string      `json:"content_type,omitempty"`
	ScheduledAt   *string     `json:"scheduled_at"`
	Idempotency   *string     `json:"idempotency"`
	App           social.ID   `json:"application_id"`
	WithRateLimit bool        `json:"with_rate_limit"`
	Allowed       *[]string   `json:"allowed_mentions,omitempty"`
}

// pollSaying is what a request says of a poll. ExpiresIn is in seconds, nil
// when it was not said.
type pollSaying struct {
	Options    []string `json:"options"`
	ExpiresIn  *int     `json:"expires_in"`
	Multiple   bool     `json:"multiple"`
	HideTotals bool     `json:"hide_totals"`
}

// Mastodon's words for what a new Post names and that is not there.
var (
	noReply = &statusError{http.StatusNotFound, map[string]any{"error": "The post you are trying to reply to does not appear to exist."}}
	noQuote = &statusError{http.StatusNotFound, map[string]any{"error": "The post you are trying to quote does not appear to exist."}}
)

// maxKey is the longest Idempotency-Key that is kept, in bytes.
const maxKey = 255

// readSaying reads the parameters of POST and PUT of a status.
func readSaying(c *call) (*saying, error) {
	in := c.in
	s := &saying{
		Text: in.text("status"), Warning: in.text("spoiler_text"), Visibility: in.text("visibility"),
		LocalOnly: in.flag("local_only", false), Format: in.text("content_type"), App: c.grant.App,
		QuotePolicy: in.text("quote_approval_policy"), MediaIDs: in.texts("media_ids"),
	}
	if in.has("sensitive") && in.text("sensitive") != "" {
		s.Sensitive = in.optional("sensitive")
	}
	if l := in.text("language"); l != "" {
		s.Language = &l
	}
	if in.has("allowed_mentions") {
		allowed := in.texts("allowed_mentions")
		s.Allowed = &allowed
	}
	if key := c.Header.Get("Idempotency-Key"); key != "" {
		if len(key) > maxKey {
			return nil, badInput("Idempotency-Key", "Validation failed: Idempotency-Key is too long (maximum is 255 bytes)")
		}
		key = strings.ToValidUTF8(key, "")
		s.Idempotency = &key
	}
	if err := s.readRefs(in); err != nil {
		return nil, err
	}
	return s, s.readPoll(in)
}

// readRefs reads which Posts are answered and quoted.
func (s *saying) readRefs(in Params) error {
	if text := in.text("in_reply_to_id"); text != "" {
		id, ok := social.ParseID(text)
		if !ok {
			return noReply
		}
		s.InReplyTo = &id
	}
	for _, name := range []string{"quoted_status_id", "quote_id"} {
		if text := in.text(name); text != "" && s.Quoted == nil {
			if _, ok := social.ParseID(text); !ok {
				return noQuote
			}
			s.Quoted = &text
		}
	}
	return nil
}

func (s *saying) readPoll(in Params) error {
	poll := in.group("poll")
	options := poll.list("options")
	if len(options) == 0 {
		return nil
	}
	p := &pollSaying{Multiple: poll.flag("multiple", false), HideTotals: poll.flag("hide_totals", false)}
	for _, o := range options {
		p.Options = append(p.Options, (Params{"": o}).text(""))
	}
	if poll.text("expires_in") != "" {
		n, err := poll.number("expires_in", 0)
		if err != nil {
			return badInput("poll[expires_in]", "Validation failed: Expires at must be a number of seconds")
		}
		p.ExpiresIn = &n
	}
	s.Poll = p
	return nil
}

// minAhead is how far ahead a Post can be scheduled at least.
const minAhead = 5 * time.Minute

// scheduled reads scheduled_at: zero for a Post that is made at once, which one
// of the past is.
func scheduled(in Params, now time.Time) (social.Millis, error) {
	text := strings.TrimSpace(in.text("scheduled_at"))
	if text == "" {
		return 0, nil
	}
	at, err := parseMoment(text)
	switch {
	case err != nil:
		return 0, badInput("scheduled_at", "Validation failed: Scheduled at must be a moment as ISO 8601 writes it, such as 2026-01-31T09:00:00Z")
	case !at.After(now):
		return 0, nil
	case at.Before(now.Add(minAhead)):
		return 0, badInput("scheduled_at", "Validation failed: Scheduled at The scheduled date must be in the future, by 5 minutes or more")
	case at.After(now.AddDate(10, 0, 0)):
		return 0, badInput("scheduled_at", "Validation failed: Scheduled at must be within ten years")
	}
	return clock.Millis(at), nil
}

// parseMoment reads the forms of ISO 8601 that clients send; without a zone it
// is UTC.
func parseMoment(s string) (time.Time, error) {
	var first error
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05.999Z0700", "2006-01-02T15:04:05", "2006-01-02T15:04", "2006-01-02 15:04:05"} {
		t, err := time.Parse(layout, s)
		if err == nil {
			return t, nil
		}
		if first == nil {
			first = err
		}
	}
	return time.Time{}, first
}
