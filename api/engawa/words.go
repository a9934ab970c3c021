package engawa

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"time"

	"engawa/internal/locale"
	"engawa/social"
)

// What the operations answer is here for who writes pages on the server too.

// LinkState is how a Link is, in words and numbers.
type LinkState struct {
	Summary string
	Queue   map[social.CopyState]int64 // Copies with which something is still to be done
	Since   time.Time                  // of the month
	Spent   int64                      // micro-dollars, in this month
	Sent    int64
}

// LinkStates tells how links are, in their order.
func (a *API) LinkStates(ctx context.Context, lang locale.Lang, links []social.Link) ([]*LinkState, error) {
	ids := make([]social.ID, len(links))
	for i := range links {
		ids[i] = links[i].ID
	}
	now := a.Home.Clock.Now().UTC()
	month := time.Date(now.Year(), now.Month(), 1, 0, 0, 0, 0, time.UTC)
	totals, err := a.Home.Store.LinkTotals(ctx, ids, month.UnixMilli())
	if err != nil {
		return nil, err
	}
	out := make([]*LinkState, len(links))
	for i := range links {
		s := &LinkState{Queue: map[social.CopyState]int64{}, Since: month}
		for _, state := range openStates {
			s.Queue[state] = 0
		}
		if t := totals[links[i].ID]; t != nil {
			maps.Copy(s.Queue, t.Open)
			s.Spent, s.Sent = t.Spent, t.Sent
		}
		s.Summary = summary(lang, &links[i], s, now)
		out[i] = s
	}
	return out, nil
}

// OpenStates are those in which something is still to be done with a Copy, in
// the order in which a Copy comes to them.
func OpenStates() []social.CopyState { return slices.Clone(openStates) }

// Target is what was decided for a Post at one Link, and where its Copies are.
type Target struct {
	Link          social.ID
	Name, Network string // "" when the Link is gone
	Send          bool
	Rule, Reason  string
	At            social.Millis // of the decision; zero: none by a rule, it was answered there
	Parts         []TargetPart
	Actions       []string // what Act can do now
}

// TargetPart is one Copy.
type TargetPart struct {
	*social.Copy
	Text   string // as it was planned
	State  string // in words
	Reason string // in words
}

// reasonOf is why a Copy is in its state, in lang. What is asked about before it
// goes out bears the word of the question (relay.Plan.NeedsAsk).
func reasonOf(lang locale.Lang, c *social.Copy) string {
	if key := "relay.copy." + c.Reason; c.State == social.CopyAsked && locale.Has(key) {
		return locale.T(lang, key)
	}
	return locale.Say(lang, c.Reason)
}

// Targets are those of a Post that user said, a deleted one included as long as
// there are Copies of it; others are not found.
func (a *API) Targets(ctx context.Context, lang locale.Lang, user, post social.ID) ([]*Target, error) {
	if err := a.ownPost(ctx, user, post); err != nil {
		return nil, err
	}
	verdicts, err := a.Home.Store.Verdicts(ctx, post)
	if err != nil {
		return nil, err
	}
	copies, err := a.Home.Store.Copies(ctx, []social.ID{post})
	if err != nil {
		return nil, err
	}
	links, err := a.Home.Store.Links(ctx, user)
	if err != nil {
		return nil, err
	}
	out := []*Target{}
	target := func(link social.ID) *Target {
		for _, t := range out {
			if t.Link == link {
				return t
			}
		}
		t := &Target{Link: link}
		if i := slices.IndexFunc(links, func(l social.Link) bool { return l.ID == link }); i >= 0 {
			t.Name, t.Network = links[i].Name, links[i].Network
		}
		out = append(out, t)
		return t
	}
	for i := range verdicts {
		if v := &verdicts[i]; v.User == user {
			t := target(v.Link)
			t.Send, t.Rule, t.Reason, t.At = v.Send, v.Rule, v.Reason, v.At
		}
	}
	for i := range copies {
		if cp := &copies[i]; cp.User == user {
			t := target(cp.Link)
			if t.At == 0 { // answered there, without a rule
				t.Send, t.Rule = true, cp.Rule
			}
			t.Parts = append(t.Parts, TargetPart{cp, partText(cp), locale.T(lang, "copy.state."+string(cp.State)), reasonOf(lang, cp)})
		}
	}
	for _, t := range out {
		t.Actions = actionsFor(t.Parts)
	}
	return out, nil
}

// ownPost is no error when user said the Post, a deleted one included as long
// as there are Copies of it.
func (a *API) ownPost(ctx context.Context, user, post social.ID) error {
	p, err := a.Home.Store.Post(ctx, post)
	if err == nil && p.Actor == user {
		return nil
	}
	if err != nil && !social.IsKind(err, social.NotFound) && !social.IsKind(err, social.Gone) {
		return err
	}
	copies, err := a.Home.Store.Copies(ctx, []social.ID{post})
	if err != nil {
		return err
	}
	if slices.ContainsFunc(copies, func(c social.Copy) bool { return c.User == user }) {
		return nil
	}
	return social.ErrNotFound
}

// partText is the text of a Copy. How the ledger keeps a Part is its own; the
// text stands at "text" or at "part"."text" of the JSON.
func partText(cp *social.Copy) string {
	var part struct {
		Text string `json:"text"`
		Part struct {
			Text string `json:"text"`
		} `json:"part"`
	}
	_ = json.Unmarshal(cp.Part, &part)
	if part.Text == "" {
		return part.Part.Text
	}
	return part.Text
}

// Act does one of Target.Actions with the Copies of a Post that user said.
func (a *API) Act(ctx context.Context, user, post, link social.ID, action string) error {
	i := slices.IndexFunc(actions, func(x actionOn) bool { return x.name == action })
	if i < 0 {
		return social.ErrNotFound
	}
	if err := a.ownPost(ctx, user, post); err != nil {
		return err
	}
	l, err := a.Home.Store.Link(ctx, user, link)
	if err != nil {
		return err
	}
	done, err := actions[i].do(ctx, a, l, post)
	if err == nil && !done {
		err = &social.Error{Kind: social.Conflict, Op: "copies", Message: string(locale.W("own.nothing", "action", action))}
	}
	return err
}

// Allow counts one use of a named limit by a User, as the operations that have
// it do: "network", "trial", "preview". A nil Limiter allows everything.
func (l *Limiter) Allow(name string, user social.ID) error {
	if l == nil {
		return nil
	}
	now := l.Clock.Now()
	l.mu.Lock()
	defer l.mu.Unlock()
	w := l.window(name+"|"+user.String(), limits[name], now)
	w.left--
	if w.left < 0 {
		return tooMany(w.ends)
	}
	return nil
}
