package engawa

import (
	"encoding/json"
	"slices"

	"engawa/internal/locale"
	"engawa/social"
)

type foldsEntity struct {
	Head  string       `json:"head_id"`
	Posts []foldedPost `json:"posts"`
}

type foldedPost struct {
	Status json.RawMessage `json:"status"`
	Grade  int             `json:"grade"` // 0 for the head
	Why    string          `json:"why"`
	Seen   []seenEntity    `json:"seen_in"`
}

type seenEntity struct {
	Link    string       `json:"link_id"`
	Name    string       `json:"link"`
	Network string       `json:"network"`
	URL     string       `json:"url,omitempty"`
	Counts  countsEntity `json:"counts"`
}

type countsEntity struct {
	Replies    int64 `json:"replies"`
	Boosts     int64 `json:"boosts"`
	Favourites int64 `json:"favourites"`
	Quotes     int64 `json:"quotes"`
}

// maxFolded bounds a stack that is shown.
const maxFolded = 50

// foldsShow is GET posts/{id}/folds: the stack that a Post stands in, its head first.
func foldsShow(a *API, c *call) (any, error) {
	n, err := c.pathID("id")
	if err != nil {
		return nil, err
	}
	if _, err := a.Home.PostFor(c.ctx, c.grant.Viewer(), n); err != nil {
		return nil, err
	}
	s, err := a.stack(c, n)
	if err != nil {
		return nil, err
	}
	s.Folds = s.Folds[:min(len(s.Folds), maxFolded)]
	return a.foldsOf(c, s)
}

// stack is the whole stack that a Post stands in; one of its own without any.
func (a *API) stack(c *call, post social.ID) (*social.Stack, error) {
	at := post
	for range 2 { // once more for the head, where post is folded
		all, err := a.Home.Stacks(c.ctx, c.grant.Viewer(), []social.ID{at})
		if err != nil {
			return nil, err
		}
		s := all[at]
		switch {
		case s == nil:
			return &social.Stack{Head: at}, nil
		case s.Head == at:
			return s, nil
		}
		at = s.Head
	}
	return &social.Stack{Head: at}, nil
}

func (a *API) foldsOf(c *call, s *social.Stack) (any, error) {
	seen, err := a.seenIn(c, s.Seen)
	if err != nil {
		return nil, err
	}
	ids := []social.ID{s.Head}
	for i := range s.Folds {
		ids = append(ids, s.Folds[i].Post)
	}
	out := foldsEntity{Head: s.Head.String(), Posts: []foldedPost{}}
	l, err := a.Home.PostsFor(c.ctx, c.grant.Viewer(), ids)
	if err != nil {
		return nil, err
	}
	data, err := a.Render.Statuses(c.ctx, c.grant.Viewer(), l, "thread")
	if err != nil {
		return nil, err
	}
	var statuses []json.RawMessage
	if err := json.Unmarshal(data, &statuses); err != nil {
		return nil, err
	}
	for i, p := range l.Posts {
		if i >= len(statuses) {
			break
		}
		e := foldedPost{Status: statuses[i], Seen: seen[p.ID]}
		if e.Seen == nil {
			e.Seen = []seenEntity{}
		}
		if j := slices.IndexFunc(s.Folds, func(f social.Fold) bool { return f.Post == p.ID }); j >= 0 {
			e.Grade, e.Why = s.Folds[j].Grade, s.Folds[j].Why
			if e.Why == "" {
				e.Why = locale.T(c.lang, gradeTexts[min(max(e.Grade, 0), len(gradeTexts)-1)])
			}
		}
		out.Posts = append(out.Posts, e)
	}
	return out, nil
}

// gradeTexts are the reasons of folds by grade, where the fold says none.
var gradeTexts = [...]string{"fold.apart", "fold.same", "fold.declared", "fold.mine", "fold.likely"}

// seenIn names the Lanes of rows, by Post.
func (a *API) seenIn(c *call, rows []social.LaneRow) (map[social.ID][]seenEntity, error) {
	links, err := a.Home.Store.Links(c.ctx, c.me())
	if err != nil {
		return nil, err
	}
	out := map[social.ID][]seenEntity{}
	for i := range rows {
		j := slices.IndexFunc(links, func(l social.Link) bool { return l.ID == rows[i].Link })
		if j < 0 {
			continue
		}
		out[rows[i].Post] = append(out[rows[i].Post], seenEntity{Link: links[j].ID.String(), Name: links[j].Name, Network: links[j].Network, URL: rows[i].Ref.URL,
			Counts: countsEntity(rows[i].Counts)})
	}
	return out, nil
}

// foldsUndo is POST posts/{id}/unfold: the Post stands by itself from now on;
// of a head, all that is folded into it.
func foldsUndo(a *API, c *call) (any, error) {
	n, err := c.pathID("id")
	if err != nil {
		return nil, err
	}
	if err := a.Home.Unfold(c.ctx, c.grant.Viewer(), n); err != nil {
		return nil, err
	}
	return foldsShow(a, c)
}

// foldsAgain is POST posts/{id}/refold: what was kept apart may be folded with
// what comes next.
func foldsAgain(a *API, c *call) (any, error) {
	n, err := c.pathID("id")
	if err != nil {
		return nil, err
	}
	if _, err := a.Home.PostFor(c.ctx, c.grant.Viewer(), n); err != nil {
		return nil, err
	}
	return nil, a.Home.Refold(c.ctx, c.grant.Viewer(), n)
}
