package mastodon

import (
	"engawa/internal/clock"
	"engawa/social"
)

// markerTimelines are the timelines that have a marker.
var markerTimelines = []string{"home", "notifications"}

func markersShow(a *API, c *call) (any, error) {
	all, err := a.Home.Store.Markers(c.ctx, c.me())
	if err != nil {
		return nil, err
	}
	out := map[string]Marker{}
	for _, name := range c.in.texts("timeline") {
		for i := range all {
			if all[i].Timeline == name {
				out[name] = marker(&all[i])
			}
		}
	}
	return out, nil
}

// markersSave moves markers on. Two clients that do so at once: the second one
// is told of the conflict.
func markersSave(a *API, c *call) (any, error) {
	given := map[string]social.ID{}
	for _, name := range markerTimelines {
		g := c.in.group(name)
		if g == nil {
			continue
		}
		id, err := g.id("last_read_id")
		if err != nil {
			return nil, err
		}
		if id != 0 {
			given[name] = id
		}
	}
	all, err := a.Home.Store.Markers(c.ctx, c.me())
	if err != nil {
		return nil, err
	}
	out := map[string]Marker{}
	err = a.Home.Store.Write(c.ctx, func(tx social.Tx) error {
		for name, id := range given {
			m := social.Marker{Timeline: name}
			for i := range all {
				if all[i].Timeline == name {
					m = all[i]
				}
			}
			m.LastRead, m.UpdatedAt = id, clock.Millis(a.Home.Clock.Now())
			m.Version++
			if err := tx.PutMarker(c.ctx, c.me(), &m); err != nil {
				return err
			}
			out[name] = marker(&m)
		}
		return nil
	})
	if social.IsKind(err, social.Conflict) {
		return nil, errConflict
	}
	return out, err
}
