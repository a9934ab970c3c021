package fake

import (
	"slices"
)

// page cuts a list (oldest first) as Misskey does: newest first, but by sinceId
// alone oldest first.
func page[T any](c *call, list []T, id func(T) string) []T {
	limit := 10
	if f, is := c.p["limit"].(float64); is {
		limit = int(min(max(f, 1), 100))
	}
	since, _ := c.p["sinceId"].(string)
	until, _ := c.p["untilId"].(string)
	out := slices.DeleteFunc(append([]T{}, list...), func(x T) bool { return since != "" && id(x) <= since || until != "" && id(x) >= until })
	if since == "" || until != "" || c.newest {
		slices.Reverse(out)
	}
	return out[:min(len(out), limit)]
}

func (c *call) notePage(is func(*Note) bool) reply {
	var list []*Note
	for _, n := range c.order {
		if !n.deleted && is(n) {
			list = append(list, n)
		}
	}
	out := []any{}
	for _, n := range page(c, list, func(n *Note) string { return n.ID }) {
		out = append(out, c.view(n, c.me, 2))
	}
	return ok(out)
}

func timeline(c *call) reply {
	return c.notePage(func(n *Note) bool { return c.inHome(c.me, n) })
}

func usersNotes(c *call) reply {
	id, _ := c.p["userId"].(string)
	if c.users[id] == nil {
		return failed("NO_SUCH_USER")
	}
	var hidden *Note
	if c.lag > 0 && len(c.order) > 0 {
		c.lag--
		hidden = c.order[len(c.order)-1]
	}
	return c.notePage(func(n *Note) bool { return n.By.ID == id && n != hidden && c.visible(c.me, n) })
}

func showNote(c *call) reply {
	n, bad := noteOf(c, "NO_SUCH_NOTE")
	if n == nil {
		return bad
	}
	return ok(c.view(n, c.me, 2))
}

// conversation is what a note answers, nearest first.
func conversation(c *call) reply {
	n, bad := noteOf(c, "NO_SUCH_NOTE")
	if n == nil {
		return bad
	}
	out := []any{}
	for up := n.Reply; up != nil && !up.deleted; up = up.Reply {
		out = append(out, c.view(up, c.me, 1))
	}
	return ok(out)
}

func children(c *call) reply {
	n, bad := noteOf(c, "NO_SUCH_NOTE")
	if n == nil {
		return bad
	}
	return c.notePage(func(x *Note) bool { return x.Reply == n && c.visible(c.me, x) })
}

// notify tells u, in the list and in the stream.
func (s *Server) notify(u *User, kind string, by *User, n *Note, reaction string) {
	if u == by || u.Host != "" {
		return
	}
	id := s.id()
	v := map[string]any{"id": id, "createdAt": s.now().UTC().Format("2006-01-02T15:04:05.000Z"), "type": kind, "userId": by.ID, "user": s.lite(by)}
	if n != nil {
		v["note"] = s.view(n, u, 2)
	}
	if reaction != "" {
		v["reaction"] = reaction
	}
	u.Notifications = append(u.Notifications, v)
	for c := range s.conns {
		if c.user == u {
			c.channel("main", "notification", v)
		}
	}
}

func notifications(c *call) reply {
	return ok(page(c, c.me.Notifications, func(v map[string]any) string { return v["id"].(string) }))
}

// resolve is ap/show for notes.
func resolve(c *call) reply {
	uri, _ := c.p["uri"].(string)
	for _, n := range c.order {
		if !n.deleted && uri != "" && (n.URI == uri || c.URL+"/notes/"+n.ID == uri) {
			return ok(map[string]any{"type": "Note", "object": c.view(n, c.me, 1)})
		}
	}
	return failed("NO_SUCH_OBJECT")
}
