package mastodon

import (
	"context"
	"net/url"
	"strings"

	"engawa/internal/loose"
	"engawa/network"
	"engawa/social"
)

// deeds are the last part of /api/v1/statuses/{id}/… by verb, and its undoing.
var deeds = map[social.Verb]struct{ do, undo string }{
	social.Like: {"favourite", "unfavourite"}, social.Announce: {"reblog", "unreblog"}, social.Add: {"bookmark", "unbookmark"},
}

// Do favourites, reacts, boosts, bookmarks and follows, and takes it back. All
// of it may be repeated.
func (n *Network) Do(ctx context.Context, l *social.Login, d *social.Deed) (social.Ref, error) {
	s, err := n.open(ctx, l)
	if err != nil {
		return social.Ref{}, err
	}
	verb, undo := d.Verb, false
	switch verb {
	case social.Undo:
		verb, undo = d.Undo, true
	case social.Remove:
		verb, undo = social.Add, true
	}
	made, err := s.do(ctx, d, verb, undo)
	if undo && goneThere(err) {
		return social.Ref{}, nil
	}
	return made, err
}

func (s *session) do(ctx context.Context, d *social.Deed, verb social.Verb, undo bool) (social.Ref, error) {
	if verb == social.FollowVerb {
		return s.follow(ctx, d, undo)
	}
	deed, ok := deeds[verb]
	if !ok {
		return social.Ref{}, network.NoWord(hostOf(s.base))
	}
	id, err := s.resolve(ctx, d.Post)
	if err != nil {
		return social.Ref{}, err
	}
	c := call{method: "POST", path: "/api/v1/statuses/" + id + "/" + deed.do}
	if undo {
		c.path = "/api/v1/statuses/" + id + "/" + deed.undo
	}
	if verb == social.Like && d.Content != "" && d.Content != social.Favourite {
		if c, err = s.react(ctx, id, d.Content, undo); err != nil {
			return social.Ref{}, err
		}
	}
	sent, err := s.post(ctx, c)
	if err != nil {
		return social.Ref{}, err
	}
	return sent.Ref, nil
}

// react is the call that gives or takes back an emoji, in the server's own way.
func (s *session) react(ctx context.Context, id, content string, undo bool) (call, error) {
	srv, err := s.server(ctx, s.base)
	if err != nil {
		return call{}, err
	}
	name := url.PathEscape(strings.Trim(content, ":"))
	method := "PUT"
	if undo {
		method = "DELETE"
	}
	switch srv.react {
	case reactPleroma:
		return call{method: method, path: "/api/v1/pleroma/statuses/" + id + "/reactions/" + name}, nil
	case reactFedibird:
		return call{method: method, path: "/api/v1/statuses/" + id + "/emoji_reactions/" + name}, nil
	case reactGlitch:
		if undo {
			return call{method: "POST", path: "/api/v1/statuses/" + id + "/unreact/" + name}, nil
		}
		return call{method: "POST", path: "/api/v1/statuses/" + id + "/react/" + name}, nil
	}
	return call{}, network.NoEmoji(hostOf(s.base))
}

func (s *session) follow(ctx context.Context, d *social.Deed, undo bool) (social.Ref, error) {
	who := d.Stranger.ID
	if undo && who == "" {
		who = d.Made.ID
	}
	if !loose.IsID(who) {
		var err error
		if who, err = s.account(ctx, &d.Stranger); err != nil {
			return social.Ref{}, err
		}
	}
	path := "/api/v1/accounts/" + who + "/follow"
	if undo {
		path = "/api/v1/accounts/" + who + "/unfollow"
	}
	if err := s.ask(ctx, call{method: "POST", path: path}, nil); err != nil {
		return social.Ref{}, err
	}
	return social.Ref{ID: who, URI: d.Stranger.URI}, nil
}

// account finds somebody's id there, by handle or address.
func (s *session) account(ctx context.Context, who *social.Stranger) (string, error) {
	q := orElse(loose.WebURL(who.URI), loose.WebURL(who.URL))
	if who.Name != "" && who.Domain != "" {
		q = "@" + who.Name + "@" + who.Domain
	}
	var found struct {
		Accounts loose.List[account] `json:"accounts"`
	}
	if q != "" {
		query := url.Values{"q": {q}, "resolve": {"true"}, "type": {"accounts"}, "limit": {"1"}}
		if err := s.ask(ctx, call{method: "GET", path: "/api/v2/search", query: query}, &found); err != nil {
			return "", err
		}
	}
	if len(found.Accounts) == 0 || found.Accounts[0].ID == "" {
		return "", network.UnknownPerson(hostOf(s.base), orElse(loose.Line(q, 100), loose.Line(who.Name, 100)))
	}
	return string(found.Accounts[0].ID), nil
}
