package server

import (
	"context"
	"html/template"
	"io"
	"net/http"
	"strings"

	"engawa/internal/markup"
	"engawa/page"
	"engawa/social"
)

// postsAPage is how many Posts a public page shows.
const postsAPage = 20

// front is / for visitors; who is logged in goes to the deck.
func (s *site) front(v *visit) error {
	if v.user != nil {
		http.Redirect(v.w, v.r, deckPath, http.StatusFound)
		return nil
	}
	l, err := s.home.PublicFeed(v.ctx, v.viewer(), social.PublicQuery{Local: true, Page: social.Page{Limit: 5}})
	if err != nil {
		return err
	}
	view := page.FrontView{Visit: s.head(v), Rules: rules(&s.home.Info), Latest: s.postViews(v.viewer(), l)}
	if _, err := s.auth.Comes(v.ctx, ""); err == nil {
		view.SignUp = page.JoinPath
	}
	return s.show(v, page.Answer{Public: true}, func(w io.Writer) error { return s.pages.Front(w, v.lang, view) })
}

func rules(hi *social.HomeInfo) []page.RuleView {
	out := make([]page.RuleView, 0, len(hi.Rules))
	for _, r := range hi.Rules {
		out = append(out, page.RuleView{Text: r})
	}
	return out
}

func (s *site) about(v *visit) error {
	hi := &s.home.Info
	counts, err := s.home.Store.Counts(v.ctx, s.home.Clock.Now().UnixMilli())
	if err != nil {
		return err
	}
	view := page.AboutView{Visit: s.head(v), Rules: rules(hi), People: counts.Users, Posts: counts.Posts}
	if hi.Description != "" {
		view.Text = html(markup.Render(hi.Description, markup.Options{Format: markup.Markdown}).HTML)
	}
	if hi.Contact != 0 {
		if a, err := s.home.Store.Actor(v.ctx, hi.Contact); err == nil {
			owner := s.actorView(a)
			view.Owner = &owner
		}
	}
	return s.show(v, page.Answer{Public: v.user == nil}, func(w io.Writer) error { return s.pages.About(w, v.lang, view) })
}

// document is the page of the terms, or of the privacy policy, in force.
func (s *Server) document(site *site, kind string) func(*visit) error {
	return func(v *visit) error {
		text, since, err := s.API.Document(v.ctx, kind)
		if err != nil {
			return err
		}
		if since == 0 {
			return social.ErrNotFound
		}
		view := page.DocumentView{Visit: site.head(v), Kind: kind, Text: html(text), Since: social.Moment(since)}
		return site.show(v, page.Answer{Public: v.user == nil}, func(w io.Writer) error { return site.pages.Document(w, v.lang, view) })
	}
}

// handleOf finds the local Actor that a path /@name means. The page of somebody
// elsewhere is there.
func (s *site) handleOf(ctx context.Context, segment string) (*social.Actor, error) {
	name, ok := strings.CutPrefix(segment, "@")
	if !ok || name == "" {
		return nil, social.ErrNotFound
	}
	domain := s.home.Info.Domain
	if n, d, remote := strings.Cut(name, "@"); remote {
		name, domain = n, d
	}
	a, err := s.home.Store.ActorByHandle(ctx, name, domain)
	if err != nil {
		return nil, err
	}
	if a.State == social.ActorGone {
		return nil, &social.Error{Kind: social.Gone, Op: "show profile", Message: "This account was deleted"}
	}
	if a.Suspended != 0 {
		return nil, social.ErrNotFound
	}
	return a, nil
}

func (s *site) profile(v *visit) error {
	if strings.HasSuffix(v.r.PathValue("handle"), feedSuffix) {
		return s.profileFeed(v)
	}
	a, err := s.handleOf(v.ctx, v.r.PathValue("handle"))
	if err != nil {
		return err
	}
	if !a.Local() {
		http.Redirect(v.w, v.r, a.URL, http.StatusFound)
		return nil
	}
	pg := social.Page{Limit: postsAPage}
	if id, ok := social.ParseID(v.r.URL.Query().Get("before")); ok {
		pg.MaxID = id
	}
	recent, err := s.home.ActorPosts(v.ctx, v.viewer(), social.ActorPostsQuery{Actor: a.ID, NoReplies: true, NoDirect: true, Page: pg})
	if err != nil {
		return err
	}
	view := page.ProfileView{
		Visit: s.head(v), ActorView: s.actorView(a), URI: a.URI, Bio: html(a.Summary), Summary: markup.Text(a.Summary),
		Header: s.picture("header", a.Header.Key, a.Header.URL), Joined: social.Moment(a.CreatedAt), Posts: a.PostCount,
		Following: a.Following, Followers: a.Followers, Memorial: a.Memorial, NoIndex: !a.Indexable,
		Recent: s.postViews(v.viewer(), recent),
	}
	if a.HideFollows {
		view.Following, view.Followers = -1, -1
	}
	if err := s.profileMore(v, a, &view, pg.MaxID == 0); err != nil {
		return err
	}
	if recent.Last != 0 && len(recent.Posts) == postsAPage {
		view.Older = "/@" + a.Name + "?before=" + recent.Last.String()
	}
	return s.show(v, page.Answer{Public: v.user == nil}, func(w io.Writer) error { return s.pages.Profile(w, v.lang, view) })
}

func (s *site) profileMore(v *visit, a *social.Actor, view *page.ProfileView, first bool) error {
	for _, f := range a.Fields {
		view.Fields = append(view.Fields, page.FieldView{Name: f.Name, Value: template.HTML(f.Value), Verified: social.Moment(f.VerifiedAt)})
	}
	if a.MovedTo != 0 {
		if to, err := s.home.Store.Actor(v.ctx, a.MovedTo); err == nil {
			moved := s.actorView(to)
			view.MovedTo = &moved
		}
	}
	if !first {
		return nil
	}
	pinned, err := s.home.PinnedPosts(v.ctx, v.viewer(), a.ID)
	if err == nil {
		view.Pinned = s.postViews(v.viewer(), pinned)
	}
	return err
}

// post is /@name/id: a Post with its thread.
func (s *site) post(v *visit) error {
	a, err := s.handleOf(v.ctx, v.r.PathValue("handle"))
	if err != nil {
		return err
	}
	id, ok := social.ParseID(v.r.PathValue("id"))
	if !ok {
		return social.ErrNotFound
	}
	t, err := s.home.ThreadOf(v.ctx, v.viewer(), id)
	if err != nil {
		return err
	}
	l, err := s.home.PostFor(v.ctx, v.viewer(), id)
	if err != nil {
		return err
	}
	p := l.Posts[0]
	if p.Actor != a.ID || p.BoostOf != 0 {
		return social.ErrNotFound
	}
	if !p.Local() {
		http.Redirect(v.w, v.r, p.URL, http.StatusFound)
		return nil
	}
	view := page.ThreadView{Visit: s.head(v), Post: s.postView(v.viewer(), l, p)}
	for _, up := range t.Ancestors {
		view.Ancestors = append(view.Ancestors, s.postView(v.viewer(), t.Listing, up))
	}
	depth := map[social.ID]int{p.ID: 0}
	for _, down := range t.Descendants {
		depth[down.ID] = depth[down.ReplyTo] + 1
		view.Replies = append(view.Replies, page.ReplyView{Post: s.postView(v.viewer(), t.Listing, down), Depth: depth[down.ID]})
	}
	return s.show(v, page.Answer{Public: v.user == nil && p.Audience == social.Public}, func(w io.Writer) error { return s.pages.Thread(w, v.lang, view) })
}

func (s *site) tag(v *visit) error {
	name := v.r.PathValue("tag")
	if tag, feed := strings.CutSuffix(name, feedSuffix); feed {
		return s.tagFeed(v, tag)
	}
	q := social.TagQuery{Tag: name, Page: social.Page{Limit: postsAPage}}
	if id, ok := social.ParseID(v.r.URL.Query().Get("before")); ok {
		q.Page.MaxID = id
	}
	l, err := s.home.TagFeed(v.ctx, v.viewer(), q)
	if err != nil {
		return err
	}
	view := page.TagView{Visit: s.head(v), Tag: name, Posts: s.postViews(v.viewer(), l)}
	if len(l.Posts) == postsAPage {
		view.Older = "/tags/" + name + "?before=" + l.Last.String()
	}
	return s.show(v, page.Answer{Public: v.user == nil}, func(w io.Writer) error { return s.pages.Tag(w, v.lang, view) })
}
