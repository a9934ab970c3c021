package engawa

import (
	"engawa/internal/clock"
	"engawa/internal/locale"
	"engawa/social"
)

type laneEntity struct {
	ID      string        `json:"id"` // the link's
	Name    string        `json:"name"`
	Network string        `json:"network"`
	Handle  string        `json:"handle"`
	Avatar  string        `json:"avatar"`
	State   string        `json:"state"`
	List    *string       `json:"list_id"`
	Read    bool          `json:"read"`
	Merge   bool          `json:"merge"`
	Marker  *markerEntity `json:"marker"`
}

type markerEntity struct {
	LastRead  string  `json:"last_read_id"`
	UpdatedAt *string `json:"updated_at"`
	Version   int     `json:"version"`
}

// lanesList is GET lanes: every Link that can be read, read or not.
func lanesList(a *API, c *call) (any, error) {
	links, err := a.Home.Store.Links(c.ctx, c.me())
	if err != nil {
		return nil, err
	}
	marks, err := a.Home.Store.Markers(c.ctx, c.me())
	if err != nil {
		return nil, err
	}
	out := []laneEntity{}
	for i := range links {
		if links[i].Can.Has(social.AbleRead) {
			out = append(out, laneOf(&links[i], marks))
		}
	}
	return out, nil
}

func laneOf(l *social.Link, marks []social.Marker) laneEntity {
	e := laneEntity{ID: l.ID.String(), Name: l.Name, Network: l.Network, Handle: l.Handle, Avatar: l.Avatar, State: string(l.State), Read: l.List != 0, Merge: l.Merge}
	if l.List != 0 {
		s := l.List.String()
		e.List = &s
	}
	if m := markOf(l, marks); m != nil {
		e.Marker = markerOf(m)
	}
	return e
}

// lanesChange is PATCH lanes/{id}: {read?, merge?}.
func lanesChange(a *API, c *call) (any, error) {
	n, err := c.pathID("id")
	if err != nil {
		return nil, err
	}
	var in struct {
		Read  *bool `json:"read"`
		Merge *bool `json:"merge"`
	}
	if err := c.read(&in); err != nil {
		return nil, err
	}
	l, err := a.Links.Change(c.ctx, c.me(), n, &LinkChange{Read: in.Read, Merge: in.Merge})
	if err != nil {
		return nil, err
	}
	marks, err := a.Home.Store.Markers(c.ctx, c.me())
	return laneOf(l, marks), err
}

// laneRead is the caller's Link of the path, whose Lane is read.
func (a *API) laneRead(c *call) (*social.Link, error) {
	l, err := a.myLink(c, "id")
	if err != nil {
		return nil, err
	}
	if l.List == 0 {
		return nil, &social.Error{Kind: social.NotFound, Op: "lane", Message: string(locale.W("own.lane_unread", "example", `{"read": true}`))}
	}
	return l, nil
}

// lanesTimeline is GET lanes/{id}/timeline: Statuses, newest first, paged like
// Mastodon's timelines.
func lanesTimeline(a *API, c *call) (any, error) {
	l, err := a.laneRead(c)
	if err != nil {
		return nil, err
	}
	p, err := c.page()
	if err != nil {
		return nil, err
	}
	posts, err := a.Home.ListFeed(c.ctx, c.grant.Viewer(), l.List, p)
	if err != nil {
		return nil, err
	}
	data, err := a.Render.Statuses(c.ctx, c.grant.Viewer(), posts, "home")
	if err != nil {
		return nil, err
	}
	a.link(c, posts.First, posts.Last)
	return raw{"application/json; charset=utf-8", data}, nil
}

// markerName is the Marker of a Lane.
func markerName(l *social.Link) string { return "lane:" + l.ID.String() }

func markOf(l *social.Link, marks []social.Marker) *social.Marker {
	for i := range marks {
		if marks[i].Timeline == markerName(l) {
			return &marks[i]
		}
	}
	return nil
}

func markerOf(m *social.Marker) *markerEntity {
	return &markerEntity{LastRead: m.LastRead.String(), UpdatedAt: moment(m.UpdatedAt), Version: m.Version}
}

// lanesMarker is GET lanes/{id}/marker: how far it was read; {} when it never was.
func lanesMarker(a *API, c *call) (any, error) {
	l, err := a.laneRead(c)
	if err != nil {
		return nil, err
	}
	marks, err := a.Home.Store.Markers(c.ctx, c.me())
	if err != nil {
		return nil, err
	}
	if m := markOf(l, marks); m != nil {
		return markerOf(m), nil
	}
	return nil, nil
}

// lanesRead is PUT lanes/{id}/marker: {last_read_id}.
func lanesRead(a *API, c *call) (any, error) {
	l, err := a.laneRead(c)
	if err != nil {
		return nil, err
	}
	var in struct {
		LastRead id `json:"last_read_id"`
	}
	if err := c.read(&in); err != nil {
		return nil, err
	}
	if in.LastRead == 0 {
		return nil, refuse("last_read_id", locale.W("own.last_read"))
	}
	m := social.Marker{Timeline: markerName(l)}
	err = a.Home.Store.Write(c.ctx, func(tx social.Tx) error {
		marks, err := tx.Markers(c.ctx, c.me())
		if err != nil {
			return err
		}
		if old := markOf(l, marks); old != nil {
			m = *old
		}
		m.LastRead, m.UpdatedAt = social.ID(in.LastRead), clock.NowMillis(a.Home.Clock)
		m.Version++
		return tx.PutMarker(c.ctx, c.me(), &m)
	})
	return markerOf(&m), err
}
