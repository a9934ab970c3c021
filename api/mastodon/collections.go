package mastodon

import (
	"context"

	"engawa/social"
)

// Collection is a public list of Accounts that somebody recommends (4.6).
type Collection struct {
	ID           string           `json:"id"`
	AccountID    string           `json:"account_id"`
	URI          string           `json:"uri"`
	URL          *string          `json:"url"`
	Name         string           `json:"name"`
	Description  string           `json:"description"`
	Language     *string          `json:"language"`
	Local        bool             `json:"local"`
	Sensitive    bool             `json:"sensitive"`
	Discoverable bool             `json:"discoverable"`
	Tag          *ShallowTag      `json:"tag"`
	CreatedAt    string           `json:"created_at"`
	UpdatedAt    string           `json:"updated_at"`
	ItemCount    int              `json:"item_count"`
	Items        []CollectionItem `json:"items"`
}

// CollectionItem is one Account in a Collection; AccountID is told where it
// takes part.
type CollectionItem struct {
	ID        string  `json:"id"`
	State     string  `json:"state"`
	AccountID *string `json:"account_id,omitempty"`
	CreatedAt string  `json:"created_at"`
}

// collectionPage is how many Collections a page has, and at most.
const (
	collectionPage    = 40
	maxCollectionPage = 100
)

// collectionEntities converts Collections: the items in one query, and one for
// what stands between their Actors and the viewer.
func (a *API) collectionEntities(ctx context.Context, v social.Viewer, all []social.Collection) ([]Collection, error) {
	ids := make([]social.ID, len(all))
	for i := range all {
		ids[i] = all[i].ID
	}
	items, err := a.Home.Store.CollectionItems(ctx, ids)
	if err != nil {
		return nil, err
	}
	hidden, err := a.hiddenActors(ctx, v, items)
	if err != nil {
		return nil, err
	}
	out := make([]Collection, 0, len(all))
	for i := range all {
		out = append(out, a.collection(v, &all[i], items[all[i].ID], hidden))
	}
	return out, nil
}

// hiddenActors are those in items whom the viewer blocked or who blocked the viewer.
func (a *API) hiddenActors(ctx context.Context, v social.Viewer, items map[social.ID][]social.CollectionItem) (map[social.ID]bool, error) {
	hidden := map[social.ID]bool{}
	if !v.User {
		return hidden, nil
	}
	var ids []social.ID
	for _, list := range items {
		for i := range list {
			ids = append(ids, list[i].Actor)
		}
	}
	rels, err := a.Home.Store.Relations(ctx, v.Actor, uniqueIDs(ids))
	for id, r := range rels {
		if r.Blocking || r.BlockedBy || r.BlockingDomain {
			hidden[id] = true
		}
	}
	return hidden, err
}

func (a *API) collection(v social.Viewer, c *social.Collection, items []social.CollectionItem, hidden map[social.ID]bool) Collection {
	out := Collection{
		ID: c.ID.String(), AccountID: c.Actor.String(), URI: c.URI, Name: c.Name, Description: c.Description, Language: textOr(c.Language),
		Local: true, Sensitive: c.Sensitive, Discoverable: c.Discoverable, CreatedAt: moment(c.CreatedAt), UpdatedAt: moment(c.UpdatedAt), Items: []CollectionItem{},
	}
	if c.Tag != "" {
		key := social.TagKey(c.Tag)
		out.Tag = &ShallowTag{Name: key, URL: a.tagURL(key)}
	}
	for i := range items {
		x := &items[i]
		if x.State == social.ItemAccepted {
			out.ItemCount++
		}
		own := v.User && (v.Actor == c.Actor || v.Actor == x.Actor)
		if hidden[x.Actor] || (x.State != social.ItemAccepted && !own) {
			continue
		}
		out.Items = append(out.Items, collectionItem(x))
	}
	return out
}

func collectionItem(x *social.CollectionItem) CollectionItem {
	out := CollectionItem{ID: x.ID.String(), State: x.State, CreatedAt: moment(x.CreatedAt)}
	if x.State == social.ItemAccepted || x.State == social.ItemPending {
		id := x.Actor.String()
		out.AccountID = &id
	}
	return out
}

func accountCollections(a *API, c *call) (any, error) {
	return a.collectionPage(c, a.Home.Store.Collections)
}

func accountInCollections(a *API, c *call) (any, error) {
	return a.collectionPage(c, a.Home.Store.CollectionsWith)
}

func (a *API) collectionPage(c *call, read func(context.Context, social.ID, social.Page) ([]social.Collection, error)) (any, error) {
	actor, err := a.actorOf(c)
	if err != nil {
		return nil, err
	}
	pg, err := c.in.pageMax(collectionPage, maxCollectionPage)
	if err != nil {
		return nil, err
	}
	all, err := read(c.ctx, actor.ID, pg)
	if err != nil {
		return nil, err
	}
	a.linkOffset(c, pg, len(all))
	shown, err := a.visibleCollections(c, all)
	if err != nil {
		return nil, err
	}
	out, err := a.collectionEntities(c.ctx, c.viewer(), shown)
	return map[string]any{"collections": out}, err
}

// visibleCollections leaves out those of who blocked the viewer, and, for
// others, those that shall not be found.
func (a *API) visibleCollections(c *call, all []social.Collection) ([]social.Collection, error) {
	var owners []social.ID
	for i := range all {
		owners = append(owners, all[i].Actor)
	}
	rels, err := a.Home.Store.Relations(c.ctx, c.viewer().Actor, uniqueIDs(owners))
	if err != nil {
		return nil, err
	}
	out := all[:0]
	for _, x := range all {
		r := rels[x.Actor]
		if x.Actor == c.viewer().Actor || ((x.Discoverable || c.PathValue("id") == x.Actor.String()) && (r == nil || !r.BlockedBy)) {
			out = append(out, x)
		}
	}
	return out, nil
}

// collectionOf is the Collection of the path. Who is blocked by its owner finds none.
func (a *API) collectionOf(c *call) (*social.Collection, error) {
	id, err := c.pathID("id")
	if err != nil {
		return nil, err
	}
	x, err := a.Home.Store.Collection(c.ctx, id)
	if err != nil {
		return nil, err
	}
	owner, err := a.Home.Store.Actor(c.ctx, x.Actor)
	if err != nil {
		return nil, err
	}
	if owner.State == social.ActorGone || owner.Suspended != 0 {
		return nil, social.ErrNotFound
	}
	rels, err := a.Home.Store.Relations(c.ctx, c.viewer().Actor, []social.ID{x.Actor})
	if err != nil {
		return nil, err
	}
	if r := rels[x.Actor]; r != nil && r.BlockedBy {
		return nil, social.ErrNotFound
	}
	return x, nil
}

func collectionShow(a *API, c *call) (any, error) {
	x, err := a.collectionOf(c)
	if err != nil {
		return nil, err
	}
	all, err := a.collectionEntities(c.ctx, c.viewer(), []social.Collection{*x})
	if err != nil {
		return nil, err
	}
	ids := []social.ID{x.Actor}
	for _, item := range all[0].Items {
		if item.AccountID != nil {
			id, _ := social.ParseID(*item.AccountID)
			ids = append(ids, id)
		}
	}
	people, err := a.people(c.ctx, c.viewer(), uniqueIDs(ids))
	return map[string]any{"collection": all[0], "accounts": people}, err
}

// oneCollection is what the writes answer.
func (a *API) oneCollection(c *call, x *social.Collection) (any, error) {
	all, err := a.collectionEntities(c.ctx, c.viewer(), []social.Collection{*x})
	if err != nil {
		return nil, err
	}
	return map[string]any{"collection": all[0]}, nil
}
