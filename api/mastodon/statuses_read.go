package mastodon

import (
	"context"
	"net/http"
	"sort"
	"strconv"

	"engawa/internal/markup"
	"engawa/social"
)

// Most things asked for by id at once (Mastodon's).
const (
	maxStatuses = 20
	maxAccounts = 40
)

func tooManyIDs(most int) error {
	return &statusError{http.StatusUnprocessableEntity, map[string]any{"error": "Too many ids: at most " + strconv.Itoa(most) + " at once"}}
}

func statusesByIDs(a *API, c *call) (any, error) {
	ids := c.in.ids("id")
	if len(ids) > maxStatuses {
		return nil, tooManyIDs(maxStatuses)
	}
	l, err := a.Home.PostsFor(c.ctx, c.viewer(), ids)
	if err != nil {
		return nil, err
	}
	return a.page(c, l, "")
}

func statusShow(a *API, c *call) (any, error) {
	id, err := c.pathID("id")
	if err != nil {
		return nil, err
	}
	return a.statusByID(c.ctx, c.viewer(), id)
}

func statusContext(a *API, c *call) (any, error) {
	id, err := c.pathID("id")
	if err != nil {
		return nil, err
	}
	t, err := a.Home.ThreadOf(c.ctx, c.viewer(), id)
	if err != nil {
		return nil, err
	}
	w, err := a.viewOf(c.ctx, c.viewer(), t.Listing, "thread")
	if err != nil {
		return nil, err
	}
	a.fetchThread(c, t, id)
	return Context{Ancestors: w.statuses(t.Ancestors), Descendants: w.statuses(t.Descendants)}, nil
}

// fetchThread asks for what the thread lacks, where somebody is logged in, and
// tells the client how to ask for the outcome.
func (a *API) fetchThread(c *call, t *social.Thread, id social.ID) {
	if a.Threads == nil || !c.viewer().User {
		return
	}
	var p *social.Post
	for _, x := range t.Posts {
		if x.ID == id {
			p = x
		}
	}
	if p != nil && p.Origin == social.Linked { // who showed it is asked; what it brings comes by itself
		_ = a.Home.GrowThread(c.ctx, c.viewer(), p)
		return
	}
	if p == nil || (p.Local() && !t.Missing) {
		return
	}
	if job := a.Threads.Fetch(c.ctx, p); job != "" {
		c.w.Header().Set("Mastodon-Async-Refresh", `id="`+job+`", retry=3, result_count=0`)
	}
}

func asyncRefresh(a *API, c *call) (any, error) {
	if a.Threads == nil {
		return nil, social.ErrNotFound
	}
	id := c.PathValue("id")
	count, finished, known := a.Threads.Result(id)
	if !known {
		return nil, social.ErrNotFound
	}
	state := "running"
	if finished {
		state = "finished"
	}
	return map[string]any{"async_refresh": map[string]any{"id": id, "status": state, "result_count": count}}, nil
}

// opened is the Post of the path, as far as the viewer may see it; for a Boost
// what it passes on.
func (a *API) opened(c *call) (*social.Listing, *social.Post, error) {
	id, err := c.pathID("id")
	if err != nil {
		return nil, nil, err
	}
	l, err := a.Home.PostFor(c.ctx, c.viewer(), id)
	if err != nil {
		return nil, nil, err
	}
	p := l.Posts[0]
	if p.BoostOf != 0 {
		p = l.Bundle.Posts[p.BoostOf]
	}
	return l, p, nil
}

func statusHistory(a *API, c *call) (any, error) {
	l, p, err := a.opened(c)
	if err != nil {
		return nil, err
	}
	w, err := a.viewOf(c.ctx, c.viewer(), l, "")
	if err != nil {
		return nil, err
	}
	edits, err := a.edits(c.ctx, l, p)
	if err != nil {
		return nil, err
	}
	author := w.author(p.Actor)
	out := make([]StatusEdit, 0, len(edits))
	for i := range edits {
		out = append(out, w.edit(&edits[i], author))
	}
	return out, nil
}

// edits are the versions of a Post, oldest first, the shown one last.
func (a *API) edits(ctx context.Context, l *social.Listing, p *social.Post) ([]social.Edit, error) {
	edits, err := a.Home.Store.Edits(ctx, p.ID)
	if err != nil {
		return nil, err
	}
	sort.SliceStable(edits, func(i, j int) bool { return edits[i].At < edits[j].At })
	at := p.EditedAt
	if at == 0 {
		at = p.CreatedAt
	}
	if n := len(edits); n > 0 && edits[n-1].At == at {
		return edits, nil
	}
	shown := social.Edit{
		Post: p.ID, At: at, Content: p.Content, Warning: p.Warning, Sensitive: p.Sensitive, Media: l.Media[p.ID], Emojis: p.Emojis,
	}
	if poll := l.Polls[p.ID]; poll != nil {
		for _, o := range poll.Options {
			shown.Options = append(shown.Options, o.Title)
		}
	}
	return append(edits, shown), nil
}

func statusSource(a *API, c *call) (any, error) {
	_, p, err := a.opened(c)
	if err != nil {
		return nil, err
	}
	return statusSourceOf(p), nil
}

// statusSourceOf is what was written; for a Post whose source is not known its text.
func statusSourceOf(p *social.Post) StatusSource {
	s := StatusSource{ID: p.ID.String(), Text: p.Source, SpoilerText: p.Warning, ContentType: string(p.Format)}
	if s.Text == "" {
		s.Text = markup.Text(p.Content)
	}
	if p.Format == "" {
		s.ContentType = string(social.Plain)
	}
	return s
}

func statusFavouritedBy(a *API, c *call) (any, error) {
	_, p, err := a.opened(c)
	if err != nil {
		return nil, err
	}
	pg, err := c.in.page(40)
	if err != nil {
		return nil, err
	}
	all, err := a.Home.Store.ReactionsBy(c.ctx, p.ID, social.Favourite, pg)
	if err != nil {
		return nil, err
	}
	rows := make([]social.Ranked, len(all))
	for i := range all {
		rows[i] = social.Ranked{ID: all[i].Actor, Row: all[i].ID}
	}
	return a.rankedPeople(c, rows, nil)
}

func statusRebloggedBy(a *API, c *call) (any, error) {
	_, p, err := a.opened(c)
	if err != nil {
		return nil, err
	}
	pg, err := c.in.page(40)
	if err != nil {
		return nil, err
	}
	rows, err := a.Home.Store.Boosters(c.ctx, p.ID, pg)
	return a.rankedPeople(c, rows, err)
}

func statusQuotes(a *API, c *call) (any, error) {
	_, p, err := a.opened(c)
	if err != nil {
		return nil, err
	}
	pg, err := c.in.page(20)
	if err != nil {
		return nil, err
	}
	ids, err := a.Home.Store.Quoters(c.ctx, p.ID, pg)
	if err != nil {
		return nil, err
	}
	l, err := a.Home.PostsFor(c.ctx, c.viewer(), ids)
	if err != nil {
		return nil, err
	}
	if len(ids) > 0 {
		l.First, l.Last = ids[0], ids[len(ids)-1]
	}
	return a.page(c, l, "")
}

// statusCard is the preview alone: what clients of before 3.0 ask for.
func statusCard(a *API, c *call) (any, error) {
	l, p, err := a.opened(c)
	if err != nil {
		return nil, err
	}
	card := l.Cards[p.Card]
	if card == nil {
		return empty, nil
	}
	if shown := a.view(c.viewer()).card(card); shown != nil {
		return shown, nil
	}
	return empty, nil
}

func pollShow(a *API, c *call) (any, error) {
	l, p, err := a.opened(c)
	if err != nil {
		return nil, err
	}
	w, err := a.viewOf(c.ctx, c.viewer(), l, "")
	if err != nil {
		return nil, err
	}
	if poll := w.poll(p); poll != nil {
		return poll, nil
	}
	return nil, social.ErrNotFound
}
