package misskey

import (
	"context"
	"strings"

	"engawa/internal/loose"
	"engawa/network"
	"engawa/social"
)

// Do reacts, passes on, bookmarks and follows, and takes it back. What is so
// already is no error, so all but a renote may be repeated.
func (n *Network) Do(ctx context.Context, l *social.Login, d *social.Deed) (social.Ref, error) {
	s, err := n.open(l)
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
	if err != nil && (done[codeOf(err)] || undo && isClass(err, social.NotThere)) {
		return made, nil
	}
	return made, err
}

func (s *session) do(ctx context.Context, d *social.Deed, verb social.Verb, undo bool) (social.Ref, error) {
	if verb == social.FollowVerb {
		return s.follow(ctx, d, undo)
	}
	id, err := s.resolve(ctx, d.Post)
	if err != nil {
		return social.Ref{}, err
	}
	ref := d.Post
	ref.ID = id
	on := params{"noteId": id}
	name := ""
	switch {
	case verb == social.Like && undo:
		name = "notes/reactions/delete"
	case verb == social.Like:
		name, on["reaction"] = "notes/reactions/create", s.reactionOf(d.Content)
	case verb == social.Add && undo:
		name = "notes/favorites/delete"
	case verb == social.Add:
		name = "notes/favorites/create"
	case verb == social.Announce && undo:
		name = "notes/unrenote"
	case verb == social.Announce:
		return s.renote(ctx, id)
	default:
		return social.Ref{}, network.NoWord(hostOf(s.base))
	}
	return ref, s.ask(ctx, name, on, nil)
}

// renote passes a note on to everybody, or to whom it may be shown at most.
func (s *session) renote(ctx context.Context, id string) (social.Ref, error) {
	var made struct {
		Note note `json:"createdNote"`
	}
	if err := s.ask(ctx, "notes/create", params{"renoteId": id, "visibility": "public", "localOnly": false}, &made); err != nil {
		return social.Ref{}, err
	}
	if made.Note.ID == "" {
		return social.Ref{}, nonsense(s.base, true, nil)
	}
	return s.sentRef(&made.Note), nil
}

// reactionOf is a reaction as the API takes it: the server's own emoji by its
// name alone; a favourite is a heart.
func (s *session) reactionOf(content string) string {
	if content == "" || content == social.Favourite {
		return heart
	}
	if name, host, ok := strings.Cut(strings.Trim(content, ":"), "@"); ok && (host == "." || strings.EqualFold(host, hostOf(s.base))) {
		return ":" + name + ":"
	}
	return content
}

func (s *session) follow(ctx context.Context, d *social.Deed, undo bool) (social.Ref, error) {
	who := d.Stranger.ID
	if undo && who == "" {
		who = d.Made.ID
	}
	if !loose.IsID(who) {
		var err error
		if who, err = s.who(ctx, d.Stranger.Name, d.Stranger.Domain); err != nil {
			return social.Ref{}, err
		}
	}
	name := "following/create"
	if undo {
		name = "following/delete"
	}
	return social.Ref{ID: who, URI: d.Stranger.URI}, s.ask(ctx, name, params{"userId": who}, nil)
}
