package engawa

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"engawa/internal/locale"
	"engawa/social"
)

type linkEntity struct {
	ID          string           `json:"id"`
	Network     string           `json:"network"`
	Name        string           `json:"name"`
	Base        string           `json:"base"`
	Account     string           `json:"account"`
	Handle      string           `json:"handle"`
	URL         string           `json:"url"`
	Avatar      string           `json:"avatar"`
	Can         []string         `json:"can"`
	Limits      social.Bounds    `json:"limits"`
	Settings    json.RawMessage  `json:"settings"`
	State       string           `json:"state"`
	Summary     string           `json:"summary"`
	LastSuccess *string          `json:"last_success"`
	LastError   *lastError       `json:"last_error"`
	ExpiresAt   *string          `json:"expires_at"`
	Queue       map[string]int64 `json:"queue"`
	Month       monthEntity      `json:"month"`
	Lane        laneSwitch       `json:"lane"`
	CreatedAt   *string          `json:"created_at"`
}

// lastError is the last failure; over says that a success came after it.
type lastError struct {
	At      *string `json:"at"`
	Message string  `json:"message"`
	Remedy  string  `json:"remedy"`
	Over    bool    `json:"over"`
}

type monthEntity struct {
	Since string `json:"since"`
	Spent int64  `json:"spent_microdollars"`
	Sent  int64  `json:"sent"`
}

// laneSwitch is whether a Link's Lane is read, and where it shows.
type laneSwitch struct {
	Read  bool    `json:"read"`
	Merge bool    `json:"merge"`
	List  *string `json:"list_id"`
}

// openStates are those in which something is still to be done with a Copy.
var openStates = []social.CopyState{social.CopyHeld, social.CopyQueued, social.CopySending, social.CopyWaiting, social.CopyAsked, social.CopyFailed, social.CopyDeleting}

func (a *API) links(c *call, links []social.Link) ([]*linkEntity, error) {
	states, err := a.LinkStates(c.ctx, c.lang, links)
	if err != nil {
		return nil, err
	}
	out := make([]*linkEntity, len(links))
	for i := range links {
		out[i] = entityOf(c.lang, &links[i], states[i])
	}
	return out, nil
}

// linkOf is one Link.
func (a *API) linkOf(c *call, l *social.Link) (*linkEntity, error) {
	list, err := a.links(c, []social.Link{*l})
	if err != nil {
		return nil, err
	}
	return list[0], nil
}

// entityOf is a Link with its state in words and numbers.
func entityOf(lang locale.Lang, l *social.Link, state *LinkState) *linkEntity {
	e := &linkEntity{
		ID: l.ID.String(), Network: l.Network, Name: l.Name, Base: l.Base, Account: l.Account, Handle: l.Handle, URL: l.URL, Avatar: l.Avatar,
		Can: abilityNames(l.Can), Limits: l.Limits, Settings: json.RawMessage("{}"), State: string(l.State), LastSuccess: moment(l.OKAt),
		ExpiresAt: moment(l.ExpiresAt), Queue: map[string]int64{}, CreatedAt: moment(l.CreatedAt),
		Month: monthEntity{Since: state.Since.Format(time.DateOnly), Spent: state.Spent, Sent: state.Sent},
		Lane:  laneSwitch{Read: l.List != 0, Merge: l.Merge},
	}
	if l.List != 0 {
		s := l.List.String()
		e.Lane.List = &s
	}
	if json.Valid(l.Settings) && len(l.Settings) > 0 {
		e.Settings = l.Settings
	}
	if l.FailedAt != 0 && l.Error != "" {
		e.LastError = &lastError{At: moment(l.FailedAt), Message: locale.Say(lang, l.Error), Remedy: locale.Say(lang, l.Remedy), Over: l.OKAt > l.FailedAt}
	}
	for _, s := range openStates {
		e.Queue[string(s)] = state.Queue[s]
	}
	e.Summary = state.Summary
	return e
}

// summary says in words how a Link is.
func summary(lang locale.Lang, l *social.Link, s *LinkState, now time.Time) string {
	var say []string
	well := l.FailedAt == 0 || l.OKAt > l.FailedAt
	switch {
	case l.State == social.LinkPaused:
		say = append(say, locale.T(lang, "link.says.paused"))
	case l.State == social.LinkReconnect:
		say = append(say, locale.T(lang, "link.says.reconnect", "error", l.Error))
	case !well:
		say = append(say, locale.T(lang, "link.says.failed", "ago", locale.Relative(lang, time.UnixMilli(l.FailedAt), now), "error", l.Error))
	case l.OKAt == 0:
		say = append(say, locale.T(lang, "link.says.new"))
	default:
		say = append(say, locale.T(lang, "link.says.well", "ago", locale.Relative(lang, time.UnixMilli(l.OKAt), now)))
	}
	if !well && l.Remedy != "" {
		say = append(say, locale.Say(lang, l.Remedy)+locale.T(lang, "link.says.stop"))
	}
	if n := s.Queue[social.CopyHeld] + s.Queue[social.CopyQueued] + s.Queue[social.CopySending] + s.Queue[social.CopyWaiting] + s.Queue[social.CopyDeleting]; n > 0 {
		say = append(say, locale.T(lang, "link.says.waiting", "count", n))
	}
	if n := s.Queue[social.CopyAsked]; n > 0 {
		say = append(say, locale.T(lang, "link.says.asked", "count", n))
	}
	if l.ExpiresAt != 0 && l.ExpiresAt-now.UnixMilli() < 14*86_400_000 {
		say = append(say, locale.T(lang, "link.says.expires", "when", locale.Relative(lang, time.UnixMilli(l.ExpiresAt), now)))
	}
	if s.Spent > 0 {
		say = append(say, locale.T(lang, "link.says.spent", "money", Dollars(s.Spent)))
	}
	return strings.Join(say, " ")
}

// Dollars writes micro-dollars with at least two decimals: "$1.50", "$0.015".
func Dollars(micros int64) string {
	s := fmt.Sprintf("%d.%06d", micros/1_000_000, micros%1_000_000)
	for strings.HasSuffix(s, "0") && len(s)-strings.IndexByte(s, '.') > 3 {
		s = s[:len(s)-1]
	}
	return "$" + s
}
