package engawa

import (
	"context"
	"slices"

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
	post, err := c.pathID("id")
	if err != nil {
		return nil, err
	}
	return a.copiesOf(c, post)
}

func (a *API) copiesOf(c *call, post social.ID) ([]*targetEntity, error) {
	targets, err := a.Targets(c.ctx, c.lang, c.me(), post)
	if err != nil {
		return nil, err
	}
	out := []*targetEntity{}
	for _, t := range targets {
		e := &targetEntity{Link: t.Link.String(), Name: t.Name, Network: t.Network, Send: t.Send, Rule: t.Rule, Reason: t.Reason, At: moment(t.At),
			Parts: []copyEntity{}, Can: t.Actions}
		for i := range t.Parts {
			e.Parts = append(e.Parts, copyOf(&t.Parts[i]))
		}
		out = append(out, e)
	}
	return out, nil
}

func copyOf(cp *TargetPart) copyEntity {
	return copyEntity{
		ID: cp.ID.String(), Number: cp.Number + 1, Of: cp.Of, State: string(cp.Copy.State), StateText: cp.State,
		Reason: cp.Reason, Text: cp.Text, Remote: cp.Ref.ID, URI: cp.Ref.URI, URL: cp.Ref.URL, Cost: cp.Cost, Tries: cp.Tries,
		Due: moment(cp.DueAt), Sent: moment(cp.SentAt), Updated: moment(cp.UpdatedAt), Deleted: moment(cp.DeletedAt),
	}
}

// actionOn is one thing that can be done with the Copies of a Post at a Link.
type actionOn struct {
	name string
	when []social.CopyState // of a part, which make it possible
	do   func(ctx context.Context, a *API, l *social.Link, post social.ID) (bool, error)
}

var actions = []actionOn{
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

func actionsFor(parts []TargetPart) []string {
	out := []string{}
	for _, act := range actions {
		if slices.ContainsFunc(parts, func(p TargetPart) bool { return slices.Contains(act.when, p.Copy.State) }) {
			out = append(out, act.name)
		}
	}
	return out
}

// copiesAct is POST posts/{id}/copies/{link}/{action}.
func copiesAct(a *API, c *call) (any, error) {
	post, err := c.pathID("id")
	if err != nil {
		return nil, err
	}
	link, err := c.pathID("link")
	if err != nil {
		return nil, err
	}
	if err := a.Act(c.ctx, c.me(), post, link, c.PathValue("action")); err != nil {
		return nil, err
	}
	return a.copiesOf(c, post)
}
