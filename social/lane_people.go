package social

import (
	"context"
	"slices"
	"strings"

	"engawa/internal/markup"
)

// strangerURI is the global address of a Stranger; "" when it has none.
func strangerURI(s *Stranger) string {
	switch {
	case s.URI != "" && len(s.URI) <= laneURI:
		return s.URI
	case s.URL != "" && len(s.URL) <= laneURI:
		return s.URL
	}
	return ""
}

// person finds or makes the Actor of a Stranger. nil: it claims to be somebody
// here that is not here, or names nobody.
func (v *arrival) person(ctx context.Context, s *Stranger) (*Actor, error) {
	uri := strangerURI(s)
	if uri == "" {
		return nil, nil
	}
	if a, done := v.people[uri]; done {
		return a, nil
	}
	a, err := v.meet(ctx, s, uri)
	if err != nil {
		return nil, err
	}
	v.people[uri] = a
	return a, nil
}

func (v *arrival) meet(ctx context.Context, s *Stranger, uri string) (*Actor, error) {
	if at := v.known[uri]; at != nil {
		if at.Kind != "actor" || at.State == "gone" {
			return nil, nil
		}
		a, err := v.Actor(ctx, at.Target)
		if err != nil {
			return nil, missingOK(err)
		}
		return a, v.refresh(ctx, a, s)
	}
	a := strangerActor(s, uri)
	if a.Name == "" || a.Domain == "" || v.ourDomain(a.Domain) {
		return nil, nil
	}
	taken, err := v.ActorByHandle(ctx, a.Name, a.Domain)
	if err == nil {
		if sameHost(uri, taken.URI) && strings.HasPrefix(uri, "http") {
			return taken, nil // its server gives it another address than the Link does
		}
		a.Name += "~" + v.h.newID().String() // the handle changed hands
	} else if !isMissing(err) {
		return nil, err
	}
	a.ID, a.CreatedAt, a.UpdatedAt = v.h.newID(), v.now, v.now
	if err := v.PutActor(ctx, a); err != nil {
		return nil, err
	}
	v.emit(Event{Type: ActorChanged, Actor: a.ID})
	v.known[uri] = &Address{URI: uri, Kind: "actor", Target: a.ID, State: "primary"}
	return a, nil
}

// ourDomain reports whether handles of a domain are ours to give.
func (v *arrival) ourDomain(domain string) bool {
	return strings.EqualFold(domain, v.h.Info.Domain) || domain == v.me.Domain
}

func sameHost(a, b string) bool { return hostOf(a) != "" && hostOf(a) == hostOf(b) }

func hostOf(uri string) string {
	_, rest, ok := strings.Cut(uri, "://")
	if !ok {
		return ""
	}
	host, _, _ := strings.Cut(rest, "/")
	return strings.ToLower(host)
}

// strangerActor is a Stranger made clean. It is asked of nobody (FetchedAt zero),
// and has no inbox: it can be reached through Links only.
func strangerActor(s *Stranger, uri string) *Actor {
	a := &Actor{
		Name: handlePart(s.Name), Domain: strings.ToLower(handlePart(s.Domain)), Kind: Person, URI: uri, URL: webAddress(s.URL),
		DisplayName: strings.TrimSpace(cutText(s.Display, 500)), Summary: markup.Sanitize(cutText(s.HTML, laneText)),
		Avatar: Picture{URL: webAddress(s.Avatar)}, Header: Picture{URL: webAddress(s.Header)}, Emojis: cleanEmojis(s.Emojis),
	}
	if s.Bot {
		a.Kind = Service
	}
	for _, same := range s.Same[:min(len(s.Same), laneSame)] {
		if same != "" && len(same) <= laneURI && same != uri {
			a.Aliases = append(a.Aliases, same)
		}
	}
	return a
}

// handlePart is what may stand in a handle: no spaces, no @, not too long.
func handlePart(s string) string {
	s = strings.TrimPrefix(cutText(s, 300), "@")
	return strings.Map(func(r rune) rune {
		if r <= ' ' || r == '@' || r == '/' || r == 0x7f || r == 0xFFFD {
			return -1
		}
		return r
	}, s)
}

// refresh takes a newer profile of somebody whom only Lanes know. What its own
// server said of somebody is not changed by what a Link says.
func (v *arrival) refresh(ctx context.Context, a *Actor, s *Stranger) error {
	if !onlyThere(a) || a.FetchedAt != 0 || (s.Display == "" && s.Avatar == "") {
		return nil
	}
	n := strangerActor(s, a.URI)
	if n.DisplayName == a.DisplayName && n.Avatar.URL == a.Avatar.URL && n.URL == a.URL && n.Kind == a.Kind &&
		(n.Header.URL == "" || n.Header.URL == a.Header.URL) && (n.Summary == "" || n.Summary == a.Summary) &&
		(len(n.Aliases) == 0 || slices.Equal(n.Aliases, a.Aliases)) {
		return nil
	}
	next := *a
	next.DisplayName, next.Avatar, next.URL, next.Kind, next.Emojis, next.UpdatedAt = n.DisplayName, n.Avatar, n.URL, n.Kind, n.Emojis, v.now
	if n.Header.URL != "" {
		next.Header = n.Header
	}
	if n.Summary != "" {
		next.Summary = n.Summary
	}
	if len(n.Aliases) > 0 {
		next.Aliases = n.Aliases
	}
	if err := v.PutActor(ctx, &next); err != nil {
		return err
	}
	*a = next
	v.emit(Event{Type: ActorChanged, Actor: a.ID})
	return nil
}

// perServer are the networks whose ids mean something on one server only.
var perServer = map[string]bool{"mastodon": true, "misskey": true}

// sameIDs reports whether what l and the Link that is read call by one id is one thing.
func (v *arrival) sameIDs(l *Link) bool {
	return l.Network == v.link.Network && (l.Base == v.link.Base || !perServer[l.Network])
}

// isMe reports whether a Stranger is the User: the linked account, another one
// of the User's, or the User here.
func (v *arrival) isMe(s *Stranger) bool {
	if s.URI != "" && s.URI == v.me.URI {
		return true
	}
	for i := range v.links {
		l := &v.links[i]
		switch {
		case s.ID != "" && s.ID == l.Account && v.sameIDs(l),
			s.URL != "" && s.URL == l.URL,
			s.URI != "" && s.URI == l.Account,
			s.Name != "" && strings.EqualFold(strings.TrimPrefix(l.Handle, "@"), s.Name+"@"+s.Domain) && l.Network == v.link.Network:
			return true
		}
	}
	return false
}
