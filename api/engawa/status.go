package engawa

import "engawa/social"

type relayEntity struct {
	Links []*linkEntity    `json:"links"`
	Queue map[string]int64 `json:"queue"`
	Month monthEntity      `json:"month"`
	// Unwell are the ids of links that need the person.
	Unwell []string `json:"unwell"`
}

// relayStatus is GET relay/status: everything that the health page shows.
func relayStatus(a *API, c *call) (any, error) {
	links, err := a.Home.Store.Links(c.ctx, c.me())
	if err != nil {
		return nil, err
	}
	out := relayEntity{Queue: map[string]int64{}, Unwell: []string{}}
	if out.Links, err = a.links(c, links); err != nil {
		return nil, err
	}
	out.Month.Since = a.Home.Clock.Now().UTC().Format("2006-01-02")[:8] + "01"
	for _, s := range openStates {
		out.Queue[string(s)] = 0
	}
	for _, l := range out.Links {
		for state, n := range l.Queue {
			out.Queue[state] += n
		}
		out.Month.Spent += l.Month.Spent
		out.Month.Sent += l.Month.Sent
		failing := l.LastError != nil && !l.LastError.Over && l.State != string(social.LinkPaused)
		if l.State == string(social.LinkReconnect) || failing || l.Queue["asked"] > 0 {
			out.Unwell = append(out.Unwell, l.ID)
		}
	}
	return out, nil
}
