package mastodon

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"engawa/social"
)

// What a Collection may hold, in characters (Mastodon's).
const (
	maxCollectionName  = 40
	maxCollectionAbout = 100
)

var notAllowed = &social.Error{Kind: social.Forbidden, Op: "authorize", Message: "This action is not allowed"}

// readCollection takes what a request says; what a PATCH leaves out stays.
func readCollection(in Params, x *social.Collection) error {
	for _, f := range []struct {
		name string
		most int
		to   *string
	}{{"name", maxCollectionName, &x.Name}, {"description", maxCollectionAbout, &x.Description}} {
		if in.has(f.name) {
			*f.to = strings.TrimSpace(in.text(f.name))
		}
		if len([]rune(*f.to)) > f.most {
			return badInput(f.name, "Validation failed: "+strings.ToUpper(f.name[:1])+f.name[1:]+" is too long (maximum is "+strconv.Itoa(f.most)+" characters)")
		}
	}
	if x.Name == "" {
		return badInput("name", "Validation failed: Name can't be blank")
	}
	if in.has("language") {
		if x.Language = in.text("language"); x.Language != "" && !isLanguage(x.Language) {
			return badInput("language", "Validation failed: Language is invalid")
		}
	}
	if in.has("tag_name") {
		x.Tag = ""
		if text := in.text("tag_name"); text != "" {
			var err error
			if x.Tag, err = tagName("tag_name", text); err != nil {
				return err
			}
		}
	}
	x.Sensitive, x.Discoverable = in.flag("sensitive", x.Sensitive), in.flag("discoverable", x.Discoverable)
	return nil
}

func createCollection(a *API, c *call) (any, error) {
	x := &social.Collection{ID: a.newID(), Actor: c.me(), Discoverable: true, CreatedAt: a.now(), UpdatedAt: a.now()}
	x.URI = a.Base + "/collections/" + x.ID.String()
	if err := readCollection(c.in, x); err != nil {
		return nil, err
	}
	members := uniqueIDs(c.in.ids("account_ids"))
	if len(members) > social.MaxCollectionItems {
		return nil, tooManyItems
	}
	for _, id := range members {
		if err := a.mayFeature(c, id); err != nil {
			return nil, err
		}
	}
	err := a.Home.Store.Write(c.ctx, func(tx social.Tx) error {
		mine, err := tx.Collections(c.ctx, c.me(), social.Page{Limit: social.MaxCollections})
		if err != nil {
			return err
		}
		if len(mine) >= social.MaxCollections {
			return badInput("base", "Validation failed: You have already the maximum number of collections ("+strconv.Itoa(social.MaxCollections)+")")
		}
		if err := tx.PutCollection(c.ctx, x); err != nil {
			return err
		}
		for _, id := range members {
			item := social.CollectionItem{ID: a.newID(), Collection: x.ID, Actor: id, State: social.ItemAccepted, CreatedAt: a.now()}
			if err := tx.PutCollectionItem(c.ctx, &item); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return a.oneCollection(c, x)
}

// ownCollection is the one of the path, which only its owner changes.
func (a *API) ownCollection(c *call) (*social.Collection, error) {
	x, err := a.collectionOf(c)
	if err == nil && x.Actor != c.me() {
		return nil, notAllowed
	}
	return x, err
}

func updateCollection(a *API, c *call) (any, error) {
	x, err := a.ownCollection(c)
	if err != nil {
		return nil, err
	}
	if err := readCollection(c.in, x); err != nil {
		return nil, err
	}
	x.UpdatedAt = a.now()
	if err := a.Home.Store.Write(c.ctx, func(tx social.Tx) error { return tx.PutCollection(c.ctx, x) }); err != nil {
		return nil, err
	}
	return a.oneCollection(c, x)
}

func deleteCollection(a *API, c *call) (any, error) {
	x, err := a.ownCollection(c)
	if err != nil {
		return nil, err
	}
	return empty, a.Home.Store.Write(c.ctx, func(tx social.Tx) error { return tx.DropCollection(c.ctx, x.ID) })
}

// featurable says whether an Actor lets others put it into Collections: here
// who wants to be found. Of those elsewhere no consent is known.
func featurable(x *social.Actor) bool {
	return x.Local() && x.Discoverable && x.Suspended == 0 && x.State == social.ActorActive
}

// mayFeature refuses Actors who do not want to stand in a Collection of the User.
func (a *API) mayFeature(c *call, id social.ID) error {
	x, err := a.Home.Store.Actor(c.ctx, id)
	if err != nil {
		return err
	}
	rels, err := a.Home.Store.Relations(c.ctx, c.me(), []social.ID{id})
	if err != nil {
		return err
	}
	if r := rels[id]; (!featurable(x) && id != c.me()) || r == nil || r.Blocking || r.BlockedBy {
		return notAllowed
	}
	return nil
}

var tooManyItems = badInput("account_ids", "Validation failed: A collection has at most "+strconv.Itoa(social.MaxCollectionItems)+" accounts")

func addCollectionItem(a *API, c *call) (any, error) {
	x, err := a.ownCollection(c)
	if err != nil {
		return nil, err
	}
	id, err := c.in.id("account_id")
	if err != nil {
		return nil, err
	}
	if id == 0 {
		return nil, badInput("account_id", "Validation failed: Account must be given")
	}
	if err := a.mayFeature(c, id); err != nil {
		return nil, err
	}
	item := social.CollectionItem{ID: a.newID(), Collection: x.ID, Actor: id, State: social.ItemAccepted, CreatedAt: a.now()}
	err = a.Home.Store.Write(c.ctx, func(tx social.Tx) error {
		all, err := tx.CollectionItems(c.ctx, []social.ID{x.ID})
		if err != nil {
			return err
		}
		if slices.ContainsFunc(all[x.ID], func(i social.CollectionItem) bool { return i.Actor == id }) {
			return badInput("account_id", "Validation failed: Account has already been taken")
		}
		if len(all[x.ID]) >= social.MaxCollectionItems {
			return tooManyItems
		}
		return tx.PutCollectionItem(c.ctx, &item)
	})
	if err != nil {
		return nil, err
	}
	return map[string]any{"collection_item": collectionItem(&item)}, nil
}

// itemOf is the item of the path, in the Collection of the path.
func (a *API) itemOf(ctx context.Context, c *call, x *social.Collection) (*social.CollectionItem, error) {
	id, err := c.pathID("item")
	if err != nil {
		return nil, err
	}
	all, err := a.Home.Store.CollectionItems(ctx, []social.ID{x.ID})
	if err != nil {
		return nil, err
	}
	for i := range all[x.ID] {
		if all[x.ID][i].ID == id {
			return &all[x.ID][i], nil
		}
	}
	return nil, social.ErrNotFound
}

func dropCollectionItem(a *API, c *call) (any, error) {
	x, err := a.ownCollection(c)
	if err != nil {
		return nil, err
	}
	item, err := a.itemOf(c.ctx, c, x)
	if err != nil {
		return nil, err
	}
	return empty, a.Home.Store.Write(c.ctx, func(tx social.Tx) error { return tx.DropCollectionItem(c.ctx, item.ID) })
}

// revokeCollectionItem is how who stands in a Collection leaves it for good.
func revokeCollectionItem(a *API, c *call) (any, error) {
	x, err := a.collectionOf(c)
	if err != nil {
		return nil, err
	}
	item, err := a.itemOf(c.ctx, c, x)
	if err != nil {
		return nil, err
	}
	if item.Actor != c.me() {
		return nil, notAllowed
	}
	item.State = social.ItemRevoked
	return empty, a.Home.Store.Write(c.ctx, func(tx social.Tx) error { return tx.PutCollectionItem(c.ctx, item) })
}
