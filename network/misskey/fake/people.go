package fake

import "strings"

// endpoint is one call of the API; right "" needs a token, "-" nothing.
type endpoint struct {
	right string
	do    func(*call) reply
}

// endpoints by name.
var endpoints = table()

func table() map[string]endpoint {
	return map[string]endpoint{
		"meta": {"-", meta}, "i": {"read:account", self}, "users/show": {"-", show}, "users/notes": {"-", usersNotes},
		"notes/create": {"write:notes", create}, "notes/delete": {"write:notes", remove}, "notes/unrenote": {"write:notes", unrenote},
		"notes/show": {"-", showNote}, "notes/conversation": {"-", conversation}, "notes/children": {"-", children},
		"notes/timeline": {"read:account", timeline}, "i/notifications": {"read:notifications", notifications},
		"notes/reactions/create": {"write:reactions", react}, "notes/reactions/delete": {"write:reactions", unreact},
		"notes/favorites/create": {"write:favorites", favourite}, "notes/favorites/delete": {"write:favorites", unfavourite},
		"following/create": {"write:following", follow}, "following/delete": {"write:following", unfollow},
		"drive/files/create": {"write:drive", upload}, "ap/show": {"read:account", resolve},
	}
}

func (s *Server) lite(u *User) map[string]any {
	v := map[string]any{
		"id": u.ID, "name": nil, "username": u.Username, "host": nil, "avatarUrl": s.URL + "/identicon/" + u.Username, "avatarBlurhash": nil,
		"avatarDecorations": []any{}, "isBot": false, "isCat": false, "emojis": map[string]any{}, "onlineStatus": "unknown",
	}
	if u.Name != "" {
		v["name"] = u.Name
	}
	if u.Host != "" {
		v["host"], v["instance"] = u.Host, map[string]any{"name": u.Host, "softwareName": "misskey", "softwareVersion": "2026.3.2", "iconUrl": nil, "faviconUrl": nil, "themeColor": nil}
	} else {
		v["badgeRoles"] = []any{}
	}
	return v
}

func (s *Server) detailed(u *User) map[string]any {
	v := s.lite(u)
	v["uri"], v["url"], v["description"], v["bannerUrl"], v["alsoKnownAs"], v["fields"], v["verifiedLinks"] = nil, nil, nil, nil, nil, []any{}, []any{}
	if u.Host != "" {
		v["uri"], v["url"] = u.URI, u.URL
	}
	if u.About != "" {
		v["description"] = u.About
	}
	v["followersCount"], v["followingCount"], v["notesCount"] = 0, len(u.Follows), s.count(func(n *Note) bool { return n.By == u })
	return v
}

func meta(c *call) reply {
	return ok(map[string]any{
		"version": "2026.3.2", "name": nil, "uri": c.URL, "maxNoteTextLength": MaxText, "policies": map[string]any{"maxFileSizeMb": 30, "canPublicNote": true},
		"maxFileSize": 262144000, "features": map[string]any{"miauth": true}, "federation": "all",
	})
}

func self(c *call) reply {
	v := c.detailed(c.me)
	v["policies"] = map[string]any{"maxFileSizeMb": 30, "driveCapacityMb": 100}
	return ok(v)
}

func show(c *call) reply {
	if list, is := c.p["userIds"].([]any); is {
		out := []any{}
		for _, v := range list {
			if id, _ := v.(string); c.users[id] != nil {
				out = append(out, c.detailed(c.users[id]))
			}
		}
		return ok(out)
	}
	id, _ := c.p["userId"].(string)
	if u := c.users[id]; u != nil {
		return ok(c.detailed(u))
	}
	name, _ := c.p["username"].(string)
	host, _ := c.p["host"].(string)
	for _, u := range c.users {
		if strings.EqualFold(u.Username, name) && u.Host == host {
			return ok(c.detailed(u))
		}
	}
	return failed("NO_SUCH_USER")
}

// react is notes/reactions/create: one a user; another one takes its place.
func react(c *call) reply {
	n, bad := noteOf(c, "NO_SUCH_NOTE")
	if n == nil {
		return bad
	}
	r, _ := c.p["reaction"].(string)
	if name, custom := strings.CutPrefix(r, ":"); custom {
		r = ":" + strings.TrimSuffix(name, ":") + "@.:"
	}
	if r == "" {
		return invalid("reaction", "must be given")
	}
	if n.Reactions[c.me.ID] == r {
		return failed("ALREADY_REACTED")
	}
	n.Reactions[c.me.ID] = r
	c.notify(n.By, "reaction", c.me, n, r)
	return none()
}

// React lets u react to n.
func (s *Server) React(u *User, n *Note, reaction string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	n.Reactions[u.ID] = reaction
	s.notify(n.By, "reaction", u, n, reaction)
}

func unreact(c *call) reply {
	n, bad := noteOf(c, "NO_SUCH_NOTE")
	if n == nil {
		return bad
	}
	if n.Reactions[c.me.ID] == "" {
		return failed("NOT_REACTED")
	}
	delete(n.Reactions, c.me.ID)
	return none()
}

func favourite(c *call) reply {
	n, bad := noteOf(c, "NO_SUCH_NOTE")
	if n == nil {
		return bad
	}
	if c.me.Favourites[n.ID] {
		return failed("ALREADY_FAVORITED")
	}
	c.me.Favourites[n.ID] = true
	return none()
}

func unfavourite(c *call) reply {
	n, bad := noteOf(c, "NO_SUCH_NOTE")
	if n == nil {
		return bad
	}
	if !c.me.Favourites[n.ID] {
		return failed("NOT_FAVORITED")
	}
	delete(c.me.Favourites, n.ID)
	return none()
}

func follow(c *call) reply {
	id, _ := c.p["userId"].(string)
	u := c.users[id]
	if u == nil {
		return failed("NO_SUCH_USER")
	}
	if c.me.Follows[id] {
		return failed("ALREADY_FOLLOWING")
	}
	c.me.Follows[id] = true
	c.notify(u, "follow", c.me, nil, "")
	return ok(c.lite(u))
}

// Follow lets u follow other.
func (s *Server) Follow(u, other *User) {
	s.mu.Lock()
	defer s.mu.Unlock()
	u.Follows[other.ID] = true
	s.notify(other, "follow", u, nil, "")
}

func unfollow(c *call) reply {
	id, _ := c.p["userId"].(string)
	u := c.users[id]
	if u == nil {
		return failed("NO_SUCH_USER")
	}
	if !c.me.Follows[id] {
		return failed("NOT_FOLLOWING")
	}
	delete(c.me.Follows, id)
	return ok(c.lite(u))
}
