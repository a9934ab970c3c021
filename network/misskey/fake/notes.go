package fake

import (
	"strings"
	"time"
	"unicode/utf8"
)

// Note is a note.
type Note struct {
	ID           string
	At           time.Time
	By           *User
	Text, CW     *string
	Visibility   string
	LocalOnly    bool
	Visible      []string
	Files        []*File
	Reply        *Note
	Renote       *Note
	Reactions    map[string]string // by user
	Poll         map[string]any
	URI          string
	Emojis       map[string]string // of other servers
	deleted      bool
	mentionedIDs []string
}

func (n *Note) pure() bool {
	return n.Renote != nil && n.Text == nil && n.CW == nil && len(n.Files) == 0 && n.Poll == nil && n.Reply == nil
}

// Notes are those of u that stand, oldest first.
func (s *Server) Notes(u *User) (out []Note) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, n := range s.order {
		if n.By == u && !n.deleted {
			out = append(out, *n)
		}
	}
	return out
}

// Say lets u say something, as one who follows hears and sees it.
func (s *Server) Say(u *User, n Note) *Note {
	s.mu.Lock()
	defer s.mu.Unlock()
	n.By = u
	if n.Visibility == "" {
		n.Visibility = "public"
	}
	return s.put(&n)
}

// put stores a note, tells those whom it concerns, and streams it.
func (s *Server) put(n *Note) *Note {
	n.ID, n.At = s.id(), s.now().UTC()
	n.Reactions = map[string]string{}
	if n.By.Host != "" && n.URI == "" {
		n.URI = "https://" + n.By.Host + "/notes/" + n.ID
		if n.pure() {
			n.URI += "/activity"
		}
	}
	s.notes[n.ID] = n
	s.order = append(s.order, n)
	for _, u := range s.users {
		if u.Host == "" && n.Text != nil && u != n.By && strings.Contains(*n.Text+" ", "@"+u.Username+" ") {
			n.mentionedIDs = append(n.mentionedIDs, u.ID)
			s.notify(u, "mention", n.By, n, "")
		}
	}
	if n.Reply != nil && n.Reply.By != n.By {
		s.notify(n.Reply.By, "reply", n.By, n, "")
	}
	if n.Renote != nil && n.Renote.By != n.By {
		kind := "quote"
		if n.pure() {
			kind = "renote"
		}
		s.notify(n.Renote.By, kind, n.By, n, "")
	}
	for c := range s.conns {
		if s.inHome(c.user, n) {
			c.channel("homeTimeline", "note", s.view(n, c.user, 2))
		}
	}
	return n
}

// inHome: n stands in u's home timeline.
func (s *Server) inHome(u *User, n *Note) bool {
	return !n.deleted && (n.By == u || u.Follows[n.By.ID]) && s.visible(u, n)
}

func (s *Server) visible(u *User, n *Note) bool {
	if n.deleted {
		return false
	}
	if n.Visibility != "specified" || n.By == u {
		return true
	}
	for _, id := range n.Visible {
		if u != nil && id == u.ID {
			return true
		}
	}
	return false
}

// view is a note as u sees it.
func (s *Server) view(n *Note, u *User, deep int) map[string]any {
	v := map[string]any{
		"id": n.ID, "createdAt": n.At.Format("2006-01-02T15:04:05.000Z"), "userId": n.By.ID, "user": s.lite(n.By), "text": n.Text, "cw": n.CW,
		"visibility": n.Visibility, "localOnly": n.LocalOnly, "reactionAcceptance": nil, "renoteCount": s.count(func(x *Note) bool { return x.Renote == n }),
		"repliesCount": s.count(func(x *Note) bool { return x.Reply == n }), "reactionCount": len(n.Reactions), "reactionEmojis": map[string]any{},
		"replyId": nil, "renoteId": nil, "clippedCount": 0,
	}
	reactions := map[string]int{}
	for who, r := range n.Reactions {
		reactions[r]++
		if u != nil && who == u.ID {
			v["myReaction"] = r
		}
	}
	v["reactions"] = reactions
	ids, files := []string{}, []any{}
	for _, f := range n.Files {
		ids, files = append(ids, f.ID), append(files, s.fileView(f))
	}
	v["fileIds"], v["files"] = ids, files
	if n.By.Host != "" {
		v["uri"], v["emojis"] = n.URI, orEmpty(n.Emojis)
	}
	if len(n.mentionedIDs) > 0 {
		v["mentions"] = n.mentionedIDs
	}
	if n.Poll != nil {
		v["hasPoll"], v["poll"] = true, n.Poll
	}
	for key, other := range map[string]*Note{"reply": n.Reply, "renote": n.Renote} {
		if other == nil {
			continue
		}
		v[key+"Id"] = other.ID
		if deep > 0 && !other.deleted {
			v[key] = s.view(other, u, deep-1)
		}
	}
	if !s.visible(u, n) {
		v["text"], v["cw"], v["isHidden"] = nil, nil, true
	}
	return v
}

func orEmpty(m map[string]string) map[string]string {
	if m == nil {
		return map[string]string{}
	}
	return m
}

func (s *Server) count(is func(*Note) bool) (n int) {
	for _, x := range s.order {
		if !x.deleted && is(x) {
			n++
		}
	}
	return n
}

func noteOf(c *call, code string) (*Note, reply) {
	id, _ := c.p["noteId"].(string)
	n := c.notes[id]
	if n == nil || !c.visible(c.me, n) {
		return nil, failed(code)
	}
	return n, reply{}
}

// create is notes/create.
func create(c *call) reply {
	n := &Note{By: c.me, Visibility: "public"}
	for _, check := range []func(*call, *Note) *reply{texts, aims, attachments} {
		if bad := check(c, n); bad != nil {
			return *bad
		}
	}
	if n.Text == nil && len(n.Files) == 0 && n.Poll == nil && n.Renote == nil {
		return invalid("text", "must be given, or fileIds, renoteId or poll")
	}
	c.put(n)
	return ok(map[string]any{"createdNote": c.view(n, c.me, 1)})
}

func texts(c *call, n *Note) *reply {
	fail := func(param, reason string) *reply { r := invalid(param, reason); return &r }
	for name, to := range map[string]struct {
		max int
		set **string
	}{"text": {MaxText, &n.Text}, "cw": {100, &n.CW}} {
		v, given := c.p[name]
		if !given || v == nil {
			continue
		}
		s, is := v.(string)
		if k := utf8.RuneCountInString(s); !is || k < 1 || k > to.max {
			return fail(name, "must NOT have fewer than 1 or more characters than allowed")
		}
		if name == "text" {
			s = strings.TrimSpace(s)
		}
		if s != "" {
			*to.set = &s
		}
	}
	switch v, given := c.p["visibility"]; v {
	case "public", "home", "followers", "specified":
		n.Visibility = v.(string)
	default:
		if given {
			return fail("visibility", "must be equal to one of the allowed values")
		}
	}
	n.LocalOnly, _ = c.p["localOnly"].(bool)
	list, _ := c.p["visibleUserIds"].([]any)
	for _, v := range list {
		id, _ := v.(string)
		if c.users[id] == nil {
			return fail("visibleUserIds", "must be known users")
		}
		n.Visible = append(n.Visible, id)
	}
	return nil
}

func aims(c *call, n *Note) *reply {
	fail := func(code string) *reply { r := failed(code); return &r }
	if id, given := c.p["renoteId"].(string); given {
		n.Renote = c.notes[id]
		switch {
		case n.Renote == nil || !c.visible(c.me, n.Renote):
			return fail("NO_SUCH_RENOTE_TARGET")
		case n.Renote.pure():
			return fail("CANNOT_RENOTE_TO_A_PURE_RENOTE")
		}
	}
	if id, given := c.p["replyId"].(string); given {
		n.Reply = c.notes[id]
		switch {
		case n.Reply == nil || !c.visible(c.me, n.Reply):
			return fail("NO_SUCH_REPLY_TARGET")
		case n.Reply.pure():
			return fail("CANNOT_REPLY_TO_A_PURE_RENOTE")
		case n.Reply.Visibility == "specified" && n.Visibility != "specified":
			return fail("CANNOT_REPLY_TO_SPECIFIED_VISIBILITY_NOTE")
		}
	}
	return nil
}

func attachments(c *call, n *Note) *reply {
	fail := func(r reply) *reply { return &r }
	if list, given := c.p["fileIds"].([]any); given {
		if len(list) < 1 || len(list) > 16 {
			return fail(invalid("fileIds", "must have 1 to 16 items"))
		}
		for _, v := range list {
			id, _ := v.(string)
			f := c.files[id]
			if f == nil || f.by != c.me {
				return fail(failed("NO_SUCH_FILE"))
			}
			n.Files = append(n.Files, f)
		}
	}
	p, given := c.p["poll"].(map[string]any)
	if !given {
		return nil
	}
	list, _ := p["choices"].([]any)
	if len(list) < 2 || len(list) > 10 {
		return fail(invalid("poll/properties/choices", "must have 2 to 10 items"))
	}
	choices := []map[string]any{}
	for _, v := range list {
		text, _ := v.(string)
		if k := utf8.RuneCountInString(text); k < 1 || k > 50 {
			return fail(invalid("poll/properties/choices/items", "must have 1 to 50 characters"))
		}
		choices = append(choices, map[string]any{"text": text, "votes": 0, "isVoted": false})
	}
	n.Poll = map[string]any{"multiple": p["multiple"] == true, "expiresAt": nil, "choices": choices}
	if ms, is := p["expiredAfter"].(float64); is {
		n.Poll["expiresAt"] = c.now().Add(time.Duration(ms) * time.Millisecond).UTC().Format("2006-01-02T15:04:05.000Z")
	}
	return nil
}

// remove is notes/delete.
func remove(c *call) reply {
	n, bad := noteOf(c, "NO_SUCH_NOTE")
	if n == nil {
		return bad
	}
	if n.By != c.me {
		return failed("ACCESS_DENIED")
	}
	c.drop(n)
	return none()
}

// Delete lets the author of n delete it.
func (s *Server) Delete(n *Note) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.drop(n)
}

func (s *Server) drop(n *Note) {
	n.deleted = true
	for c := range s.conns {
		if c.watched[n.ID] {
			c.send("noteUpdated", map[string]any{"id": n.ID, "type": "deleted", "body": map[string]any{"deletedAt": s.now().UTC().Format(time.RFC3339)}})
		}
	}
}

// unrenote is notes/unrenote: all pure renotes of a note by the caller go.
func unrenote(c *call) reply {
	n, bad := noteOf(c, "NO_SUCH_NOTE")
	if n == nil {
		return bad
	}
	for _, x := range c.order {
		if x.Renote == n && x.By == c.me && x.pure() && !x.deleted {
			c.drop(x)
		}
	}
	return none()
}
