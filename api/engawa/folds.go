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
	Counts countsEntity    `json:"counts"`
}

type seenEntity struct {
	Link    string `json:"link_id"`
	Name    string `json:"link"`
	Network string `json:"network"`
	URL     string `json:"url,omitempty"`
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
	head, folds, err := a.stack(c, n)
	if err != nil {
		return nil, err
	}
	ids := []social.ID{head}
	for i := range folds {
		ids = append(ids, folds[i].Post)
	}
	return a.foldsOf(c, head, ids, folds)
}

// stack is the head of the stack that a Post stands in, and what is folded into it.
func (a *API) stack(c *call, post social.ID) (head social.ID, folds []social.Fold, err error) {
	folds, err = a.Home.Store.Folds(c.ctx, c.me(), []social.ID{post})
	if err != nil {
		return 0, nil, err
	}
	head = post
	for i := range folds {
		if folds[i].Post == post && folds[i].Grade > 0 {
			head = folds[i].Head
		}
	}
	if head != post {
		if folds, err = a.Home.Store.Folds(c.ctx, c.me(), []social.ID{head}); err != nil {
			return 0, nil, err
		}
	}
	folds = slices.DeleteFunc(folds, func(f social.Fold) bool { return f.Head != head || f.Post == head || f.Grade == 0 })
	return head, folds[:min(len(folds), maxFolded)], nil
}

func (a *API) foldsOf(c *call, head social.ID, ids []social.ID, folds []social.Fold) (any, error) {
	seen, err := a.seenIn(c, ids)
	if err != nil {
		return nil, err
	}
	out := foldsEntity{Head: head.String(), Posts: []foldedPost{}}
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
		e := foldedPost{Status: statuses[i], Seen: seen[p.ID], Counts: countsEntity{p.Replies, p.Boosts, p.Favourites, p.Quotes}}
		if e.Seen == nil {
			e.Seen = []seenEntity{}
		}
		if j := slices.IndexFunc(folds, func(f social.Fold) bool { return f.Post == p.ID }); j >= 0 {
			e.Grade, e.Why = folds[j].Grade, folds[j].Why
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

// seenIn are the Lanes in which the caller's Links saw posts.
func (a *API) seenIn(c *call, ids []social.ID) (map[social.ID][]seenEntity, error) {
	rows, err := a.Home.Store.LaneRows(c.ctx, c.me(), ids)
	if err != nil {
		return nil, err
	}
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
		out[rows[i].Post] = append(out[rows[i].Post], seenEntity{Link: links[j].ID.String(), Name: links[j].Name, Network: links[j].Network, URL: rows[i].Ref.URL})
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
	if _, err := a.Home.PostFor(c.ctx, c.grant.Viewer(), n); err != nil {
		return nil, err
	}
	head, folds, err := a.stack(c, n)
	if err != nil {
		return nil, err
	}
	apart := []social.ID{n}
	if head == n {
		apart = apart[:0]
		for i := range folds {
			apart = append(apart, folds[i].Post)
		}
	}
	err = a.Home.Store.Write(c.ctx, func(tx social.Tx) error {
		for _, p := range apart {
			if err := tx.PutFold(c.ctx, &social.Fold{User: c.me(), Post: p, Head: p, Why: "kept apart by you"}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return foldsShow(a, c)
}
