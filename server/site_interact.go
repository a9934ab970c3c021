package server

import (
	"io"
	"net/http"
	"strings"

	"engawa/internal/markup"
	"engawa/page"
	"engawa/social"
)

// interactPage asks the reader to confirm what another home's link proposes.
// Nothing is fetched before somebody is logged in (T27).
func (s *site) interactPage(v *visit) error {
	if v.user == nil {
		return s.logInFirst(v)
	}
	uri := v.r.URL.Query().Get("uri")
	actor, post, err := s.meant(v, uri)
	if err != nil {
		return err
	}
	view := page.InteractView{Visit: s.head(v), URI: uri, Verb: page.Follow}
	if actor != nil {
		a := s.actorView(actor)
		view.Actor, view.Summary = &a, markup.Text(actor.Summary)
	} else {
		p := s.postView(v.viewer(), post, post.Posts[0])
		view.Post, view.Verb = &p, page.Favourite
	}
	if verb := page.Verb(v.r.URL.Query().Get("verb")); verb != "" && actor == nil {
		view.Verb = verb
	}
	return s.show(v, page.Answer{}, func(w io.Writer) error { return s.pages.Interact(w, v.lang, view) })
}

// meant finds the Actor or Post that an address or handle names.
func (s *site) meant(v *visit, uri string) (*social.Actor, *social.Listing, error) {
	uri = strings.TrimPrefix(strings.TrimSpace(uri), "acct:")
	if !strings.Contains(uri, "://") {
		name, domain, ok := strings.Cut(strings.TrimPrefix(uri, "@"), "@")
		if !ok {
			return nil, nil, social.ErrNotFound
		}
		a, err := s.home.Neighbours.ActorByHandle(v.ctx, name, domain)
		return a, nil, err
	}
	if a, err := s.home.Neighbours.ActorByURI(v.ctx, uri); err == nil {
		return a, nil, nil
	}
	p, err := s.home.Neighbours.PostByURI(v.ctx, uri)
	if err != nil {
		return nil, nil, err
	}
	l, err := s.home.PostFor(v.ctx, v.viewer(), p.ID)
	return nil, l, err
}

// interact does what was confirmed.
func (s *site) interact(v *visit) error {
	f, err := form(v)
	if err != nil {
		return err
	}
	if v.user == nil {
		return &social.Error{Kind: social.Unauthenticated, Op: "interact", Message: "log in first"}
	}
	actor, post, err := s.meant(v, f.Get("uri"))
	if err != nil {
		return err
	}
	act := &social.Activity{Actor: v.user.ID}
	next := deckPath
	switch verb := page.Verb(f.Get("verb")); {
	case actor != nil:
		act.Verb, act.Object = social.FollowVerb, &social.FollowAsk{Target: actor.ID}
		next = deckPath + "#/profile/" + actor.ID.String()
	case verb == page.Boost:
		act.Verb, act.Object = social.Announce, &social.PostRef{Post: post.Posts[0].ID}
	case verb == page.Reply:
		http.Redirect(v.w, v.r, deckPath+"#/post/"+post.Posts[0].ID.String(), http.StatusSeeOther)
		return nil
	default:
		act.Verb, act.Object = social.Like, &social.ReactionDraft{Post: post.Posts[0].ID, Content: social.Favourite}
	}
	if _, err := s.home.Do(v.ctx, act); err != nil {
		return err
	}
	if post != nil {
		next = deckPath + "#/post/" + post.Posts[0].ID.String()
	}
	http.Redirect(v.w, v.r, next, http.StatusSeeOther)
	return nil
}
