package engawa

import (
	"context"
	"encoding/json"
	"slices"

	"engawa/internal/locale"
	"engawa/social"
)

type targetEntity struct {
	Link    string       `json:"link_id"`
	Name    string       `json:"link"`
	Network string       `json:"network"`
	Send    bool         `json:"send"`
	Rule    string       `json:"rule,omitempty"`
	Reason  string       `json:"reason"`
	At      *string      `json:"decided_at"`
	Parts   []copyEntity `json:"parts"`
	Can     []string     `json:"actions"`
}

type copyEntity struct {
	ID        string  `json:"id"`
	Number    int     `json:"number"`
	Of        int     `json:"of"`
	State     string  `json:"state"`
	StateText string  `json:"state_text"`
	Reason    string  `json:"reason"`
	Text      string  `json:"text"`
	Remote    string  `json:"remote_id,omitempty"`
	URI       string  `json:"uri,omitempty"`
	URL       string  `json:"url,omitempty"`
	Cost      int64   `json:"cost_microdollars"`
	Tries     int     `json:"tries"`
	Due       *string `json:"due_at"`
	Sent      *string `json:"sent_at"`
	Updated   *string `json:"updated_at"`
	Deleted   *string `json:"deleted_at"`
}

// copiesList is GET posts/{id}/copies: for each Link what was decided, and
// where the Copy is.
func copiesList(a *API, c *call) (any, error) {
	post, err := a.myPost(c)
	if err != nil {
		return nil, err
	}
	return a.copiesOf(c, post)
}

// myPost is the Post of the path when the caller said it, a deleted one
// included as long as there are Copies of it.
func (a *API) myPost(c *call) (social.ID, error) {
	n, err := c.pathID("id")
	if err != nil {
		return 0, err
	}
	p, err := a.Home.Store.Post(c.ctx, n)
	if err == nil && p.Actor == c.me() {
		return n, nil
	}
	if err != nil && !social.IsKind(err, social.NotFound) && !social.IsKind(err, social.Gone) {
		return 0, err
	}
	copies, err := a.Home.Store.Copies(c.ctx, []social.ID{n})
	if err != nil {
		return 0, err
	}
	for i := range copies {
		if copies[i].User == c.me() {
			return n, nil
		}
	}
	return 0, social.ErrNotFound
}

func (a *API) copiesOf(c *call, post social.ID) ([]*targetEntity, error) {
	verdicts, err := a.Home.Store.Verdicts(c.ctx, post)
	if err != nil {
		return nil, err
	}
	copies, err := a.Home.Store.Copies(c.ctx, []social.ID{post})
	if err != nil {
		return nil, err
	}
	links, err := a.Home.Store.Links(c.ctx, c.me())
	if err != nil {
		return nil, err
	}
	out := []*targetEntity{}
	target := func(link social.ID) *targetEntity {
		for _, t := range out {
			if t.Link == link.String() {
				return t
			}
		}
		t := &targetEntity{Link: link.String(), Parts: []copyEntity{}, Can: []string{}}
		if i := slices.IndexFunc(links, func(l social.Link) bool { return l.ID == link }); i >= 0 {
			t.Name, t.Network = links[i].Name, links[i].Network
		}
		out = append(out, t)
		return t
	}
	for i := range verdicts {
		if v := &verdicts[i]; v.User == c.me() {
			t := target(v.Link)
			t.Send, t.Rule, t.Reason, t.At = v.Send, v.Rule, v.Reason, moment(v.At)
		}
	}
	for i := range copies {
		if cp := &copies[i]; cp.User == c.me() {
			t := target(cp.Link)
			if t.At == nil { // answered there, without a rule
				t.Send, t.Rule = true, cp.Rule
			}
			t.Parts = append(t.Parts, copyOf(c.lang, cp))
		}
	}
	for _, t := range out {
		t.Can = actionsFor(t.Parts)
	}
	return out, nil
}

func copyOf(lang locale.Lang, cp *social.Copy) copyEntity {
	// How the ledger keeps a Part is its own; its text stands at "text" or at
	// "part"."text" of the JSON.
	var part struct {
		Text string `json:"text"`
		Part struct {
			Text string `json:"text"`
		} `json:"part"`
	}
	_ = json.Unmarshal(cp.Part, &part)
	if part.Text == "" {
		part.Text = part.Part.Text
	}
	return copyEntity{
		ID: cp.ID.String(), Number: cp.Number + 1, Of: cp.Of, State: string(cp.State), StateText: locale.T(lang, "copy.state."+string(cp.State)),
		Reason: cp.Reason, Text: part.Text, Remote: cp.Ref.ID, URI: cp.Ref.URI, URL: cp.Ref.URL, Cost: cp.Cost, Tries: cp.Tries,
		Due: moment(cp.DueAt), Sent: moment(cp.SentAt), Updated: moment(cp.UpdatedAt), Deleted: moment(cp.DeletedAt),
	}
}

// actions are what can be done with the Copies of a Post at a Link, each with
// the states of a part that make it possible.
var actions = []struct {
	name string
	when []social.CopyState
	do   func(ctx context.Context, a *API, l *social.Link, post social.ID) (bool, error)
}{
	{"retry", []social.CopyState{social.CopyFailed, social.CopySkipped, social.CopyWaiting, social.CopyAsked},
		func(ctx context.Context, a *API, l *social.Link, post social.ID) (bool, error) {
			return a.Copies.Retry(ctx, l, post)
		}},
	{"skip", []social.CopyState{social.CopyAsked, social.CopyWaiting}, settle("skip")},
	{"thread", []social.CopyState{social.CopyAsked, social.CopyWaiting}, settle("thread")},
	{"cut", []social.CopyState{social.CopyAsked, social.CopyWaiting}, settle("cut")},
	{"delete", []social.CopyState{social.CopySent, social.CopyHeld, social.CopyQueued, social.CopyWaiting, social.CopyAsked, social.CopySending},
		func(ctx context.Context, a *API, l *social.Link, post social.ID) (bool, error) {
			return a.Copies.Delete(ctx, l, post)
		}},
}

func settle(choice string) func(context.Context, *API, *social.Link, social.ID) (bool, error) {
	return func(ctx context.Context, a *API, l *social.Link, post social.ID) (bool, error) {
		return a.Copies.Settle(ctx, l, post, choice)
	}
}

func actionsFor(parts []copyEntity) []string {
	out := []string{}
	for _, act := range actions {
		if slices.ContainsFunc(parts, func(p copyEntity) bool { return slices.Contains(act.when, social.CopyState(p.State)) }) {
			out = append(out, act.name)
		}
	}
	return out
}

// copiesAct is POST posts/{id}/copies/{link}/{action}.
func copiesAct(a *API, c *call) (any, error) {
	i := slices.IndexFunc(actions, func(x struct {
		name string
		when []social.CopyState
		do   func(context.Context, *API, *social.Link, social.ID) (bool, error)
	}) bool {
		return x.name == c.PathValue("action")
	})
	if i < 0 {
		return nil, social.ErrNotFound
	}
	post, err := a.myPost(c)
	if err != nil {
		return nil, err
	}
	l, err := a.myLink(c, "link")
	if err != nil {
		return nil, err
	}
	done, err := actions[i].do(c.ctx, a, l, post)
	if err != nil {
		return nil, err
	}
	if !done {
		return nil, &social.Error{Kind: social.Conflict, Op: "copies", Message: "There is nothing here to " + actions[i].name + "; “actions” says what can be done now"}
	}
	return a.copiesOf(c, post)
}
