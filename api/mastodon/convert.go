package mastodon

import (
	"context"
	"net/url"
	"strings"

	"engawa/internal/clock"
	"engawa/social"
)

// view turns the domain into entities for one viewer and one page. What stands
// several times on a page is converted once.
type view struct {
	a     *API
	v     social.Viewer
	now   social.Millis
	sieve *social.Sieve // nil: nothing is filtered
	l     *social.Listing

	accounts map[social.ID]*Account
	moved    map[social.ID]*social.Actor
	matters
}

// view begins a page without Posts.
func (a *API) view(v social.Viewer) *view {
	return &view{a: a, v: v, now: clock.Millis(a.Home.Clock.Now()), accounts: make(map[social.ID]*Account)}
}

// viewOf begins a page of Posts. place is the filters' context; what stands in
// no place in particular ("") tells all Filters that it meets.
func (a *API) viewOf(ctx context.Context, v social.Viewer, l *social.Listing, place string) (*view, error) {
	w := a.view(v)
	w.l = l
	if v.User && len(l.Posts) > 0 {
		filters, err := a.Home.Store.Filters(ctx, v.Actor)
		if err != nil {
			return nil, err
		}
		w.sieve = social.NewSieve(filters, place, w.now)
	}
	if l.Bundle == nil {
		return w, nil
	}
	return w, w.loadMoved(ctx, l.Actors)
}

// loadMoved reads where those went who moved: one query a page, and only if
// somebody did.
func (w *view) loadMoved(ctx context.Context, actors map[social.ID]*social.Actor) error {
	var missing []social.ID
	for _, a := range actors {
		if a.MovedTo != 0 && w.moved[a.MovedTo] == nil {
			missing = append(missing, a.MovedTo)
		}
	}
	if missing == nil {
		return nil
	}
	found, err := w.a.Home.Store.Actors(ctx, missing)
	if err != nil {
		return err
	}
	if w.moved == nil {
		w.moved = make(map[social.ID]*social.Actor, len(found))
	}
	for _, a := range found {
		w.moved[a.ID] = a
	}
	return nil
}

// statuses converts a page of Posts, which must stand in the view's Listing.
func (w *view) statuses(posts []*social.Post) statusList {
	out := make(statusList, 0, len(posts))
	for _, p := range posts {
		out = append(out, w.status(p))
	}
	return out
}

// status converts one Post of the view's Listing; nil where its author or the
// boosted Post is missing.
func (w *view) status(p *social.Post) *Status {
	if p.BoostOf == 0 {
		return w.post(p, 0)
	}
	s := &Status{
		ID: p.ID, CreatedAt: p.CreatedAt, Visibility: visibility(p.Audience), LocalOnly: p.Audience == social.LocalOnly,
		URI: p.URI, URL: orElse(p.URL, p.URI), Account: w.author(p.Actor),
	}
	orig := w.l.Bundle.Posts[p.BoostOf]
	if orig == nil {
		return s
	}
	r := w.post(orig, 0)
	s.Reblog = r
	// The shell says what holds of the inner one: clients read either.
	s.Sensitive, s.SpoilerText, s.Language, s.Replies, s.Reblogs, s.Favourites = r.Sensitive, r.SpoilerText, r.Language, r.Replies, r.Reblogs, r.Favourites
	s.QuotesCount, s.QuoteApproval = r.QuotesCount, r.QuoteApproval
	if r.Viewer != nil {
		shell := *r.Viewer
		shell.Pinned = nil
		s.Viewer = &shell
	}
	return s
}

// post converts a Post that is no Boost; depth counts the quotes around it.
func (w *view) post(p *social.Post, depth int) *Status {
	author := w.l.Actors[p.Actor]
	s := &Status{
		ID: p.ID, CreatedAt: p.CreatedAt, EditedAt: p.EditedAt, InReplyTo: p.ReplyTo, InReplyToAccount: p.ReplyToActor,
		Sensitive: p.Sensitive || (author != nil && author.MarkSensitive != 0), SpoilerText: p.Warning,
		Visibility: visibility(p.Audience), LocalOnly: p.Audience == social.LocalOnly, Language: p.Language,
		URI: p.URI, URL: orElse(p.URL, p.URI), Content: w.content(p),
		Replies: p.Replies, Reblogs: p.Boosts, Favourites: p.Favourites, QuotesCount: p.Quotes,
		Account: w.author(p.Actor), Media: w.media(w.l.Media[p.ID]), Mentions: w.mentions(p), Tags: w.tags(p.Tags),
		Emojis: w.emojis(p.Emojis), Poll: w.poll(p), QuoteApproval: w.approval(p),
	}
	if p.ReplyTo == 0 {
		s.InReplyToAccount = 0 // clients take the two together
	}
	if c := w.l.Cards[p.Card]; c != nil && p.Card != 0 {
		s.Card = w.card(c)
	}
	if app := w.l.Apps[p.App]; app != nil && p.App != 0 {
		s.Application = &StatusApplication{Name: app.Name, Website: app.Website}
	}
	mine := w.l.Mine[p.ID]
	s.Reactions = w.reactions(p, &mine)
	if w.v.User {
		s.Viewer = w.viewer(p, &mine)
	}
	s.Quote = w.quote(p, depth)
	return s
}

// content puts the title that a Post may have (an Article) before its text.
func (w *view) content(p *social.Post) string {
	if p.Title == "" || p.Kind == social.Question {
		return p.Content
	}
	return "<p><strong>" + escapeHTML.Replace(p.Title) + "</strong></p>" + p.Content
}

var escapeHTML = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;")

func (w *view) viewer(p *social.Post, mine *social.Mine) *StatusViewer {
	x := &StatusViewer{Favourited: mine.Favourited, Reblogged: mine.Boosted, Muted: mine.Muted, Bookmarked: mine.Bookmarked}
	if p.Actor == w.v.Actor {
		if p.Audience != social.Direct {
			pinned := mine.Pinned
			x.Pinned = &pinned
		}
		return x
	}
	if w.sieve != nil {
		x.Filtered = w.filtered(w.sieve.Matches(p, w.l.Media[p.ID], w.l.Polls[p.ID]))
	}
	return x
}

// quote is the quoted Post as the viewer may see it now; inside another quote
// only its id.
func (w *view) quote(p *social.Post, depth int) *Quote {
	quoted, state := w.l.Quoted(w.v, p)
	if state == "" {
		return nil
	}
	if depth == 0 {
		q := &Quote{State: state}
		if quoted != nil && quoted.BoostOf == 0 {
			q.Status = w.post(quoted, 1)
		}
		return q
	}
	q := &Quote{State: state, Shallow: true}
	switch {
	case quoted != nil:
		q.ID = quoted.ID
	case p.QuoteState == social.QuoteAccepted && p.QuoteOf != 0 && w.l.Bundle.Posts[p.QuoteOf] == nil:
		q.State, q.ID = "accepted", p.QuoteOf // two levels down nothing is loaded: who opens it is asked
	}
	return q
}

var (
	justPublic    = []string{"public"}
	justFollowers = []string{"followers"}
	justFollowing = []string{"following"}
)

// approval says who may quote p. A server that does not say (Misskey's kin
// know no consent) lets everybody.
func (w *view) approval(p *social.Post) QuoteApproval {
	q := QuoteApproval{CurrentUser: "denied"}
	rel := w.l.Relations[p.Actor]
	auto, manual := false, false
	if p.Audience <= social.Unlisted {
		switch p.QuotePolicy {
		case social.QuoteUnknown, social.QuoteAnyone:
			q.Automatic, auto = justPublic, true
		case social.QuoteFollowers:
			q.Automatic, auto = justFollowers, rel != nil && rel.Following
		case social.QuoteFollowing:
			q.Automatic, auto = justFollowing, rel != nil && rel.FollowedBy
		case social.QuoteManual:
			q.Manual, manual = justPublic, true
		}
	}
	own := p.Actor == w.v.Actor && p.Audience != social.Direct
	switch {
	case w.v.Actor == 0, rel != nil && (rel.Blocking || rel.BlockedBy):
	case own, auto:
		q.CurrentUser = "automatic"
	case manual:
		q.CurrentUser = "manual"
	}
	return q
}

// visibility is the API's name. What is local has no name that clients know:
// it is told as private, so that they neither offer boosts nor answer wider;
// local_only says the rest.
func visibility(a social.Audience) string {
	if a == social.LocalOnly {
		a = social.Followers
	}
	return a.String()
}

// acct is the name as it is shown here: without a domain for our own.
func (w *view) acct(name, domain string) string {
	if domain == w.a.Home.Info.Domain || domain == "" {
		return name
	}
	return name + "@" + domain
}

func (w *view) mentions(p *social.Post) []Mention {
	var out []Mention
	for i := range p.Mentions {
		m := &p.Mentions[i]
		if m.Silent {
			continue
		}
		if out == nil {
			out = make([]Mention, 0, len(p.Mentions))
		}
		out = append(out, Mention{ID: m.Actor, Username: m.Name, URL: orElse(m.URL, m.URI), Acct: w.acct(m.Name, m.Domain)})
	}
	return out
}

func (w *view) tags(names []string) []StatusTag {
	if len(names) == 0 {
		return nil
	}
	out := make([]StatusTag, len(names))
	for i, n := range names {
		key := social.TagKey(n)
		out[i] = StatusTag{Name: key, URL: w.a.tagURL(key)}
	}
	return out
}

func (a *API) tagURL(key string) string { return a.Base + "/tags/" + url.PathEscape(key) }

func orElse(s, other string) string {
	if s != "" {
		return s
	}
	return other
}
