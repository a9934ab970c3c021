package mastodon

import (
	"slices"
	"strconv"
	"strings"

	"engawa/internal/clock"
	"engawa/social"
)

// Bounds of a User's Lists.
const (
	maxLists       = 50
	maxListTitle   = 256 // characters
	maxListMembers = 100 // a request
	listFill       = 40  // Posts of a new member that come in
)

var repliesPolicies = []string{"followed", "list", "none"}

// readList takes over what the request says of a List.
func readList(in Params, l *social.List) error {
	if in.has("title") {
		l.Title = strings.TrimSpace(in.text("title"))
	}
	if in.text("replies_policy") != "" {
		l.Replies = in.text("replies_policy")
	}
	l.Exclusive = in.flag("exclusive", l.Exclusive)
	switch {
	case l.Title == "":
		return badInput("title", "Validation failed: Title can't be blank")
	case len([]rune(l.Title)) > maxListTitle:
		return badInput("title", "Validation failed: Title is too long (maximum is "+strconv.Itoa(maxListTitle)+" characters)")
	case !slices.Contains(repliesPolicies, l.Replies):
		return badInput("replies_policy", "Validation failed: Replies policy is not one of followed, list, none")
	}
	return nil
}

func createList(a *API, c *call) (any, error) {
	l := &social.List{ID: a.newID(), User: c.me(), Replies: "list"}
	if err := readList(c.in, l); err != nil {
		return nil, err
	}
	err := a.Home.Store.Write(c.ctx, func(tx social.Tx) error {
		all, err := tx.Lists(c.ctx, c.me())
		if err != nil {
			return err
		}
		if len(all) >= maxLists {
			return badInput("title", "Validation failed: You have reached the maximum number of lists ("+strconv.Itoa(maxLists)+")")
		}
		return tx.PutList(c.ctx, l)
	})
	return listEntity(l), err
}

func updateList(a *API, c *call) (any, error) {
	id, err := c.pathID("id")
	if err != nil {
		return nil, err
	}
	var next social.List
	err = a.Home.Store.Write(c.ctx, func(tx social.Tx) error {
		l, err := tx.List(c.ctx, c.me(), id)
		if err != nil {
			return err
		}
		next = *l
		if err := readList(c.in, &next); err != nil {
			return err
		}
		return tx.PutList(c.ctx, &next)
	})
	return listEntity(&next), err
}

func deleteList(a *API, c *call) (any, error) {
	id, err := c.pathID("id")
	if err != nil {
		return nil, err
	}
	return empty, a.Home.Store.Write(c.ctx, func(tx social.Tx) error { return tx.DropList(c.ctx, c.me(), id) })
}

// listAndMembers reads the List of the path and the members that are named.
func (a *API) listAndMembers(c *call) (social.ID, []social.ID, error) {
	id, err := c.pathID("id")
	if err != nil {
		return 0, nil, err
	}
	if _, err := a.Home.Store.List(c.ctx, c.me(), id); err != nil {
		return 0, nil, err
	}
	named := c.in.texts("account_ids")
	if len(named) > maxListMembers {
		return 0, nil, badInput("account_ids", "Validation failed: At most "+strconv.Itoa(maxListMembers)+" accounts can be named at once")
	}
	var members []social.ID
	for _, text := range named {
		member, ok := social.ParseID(text)
		if !ok {
			return 0, nil, social.ErrNotFound
		}
		if !slices.Contains(members, member) {
			members = append(members, member)
		}
	}
	return id, members, nil
}

// addToList takes whom the User follows, or itself; others are not there.
func addToList(a *API, c *call) (any, error) {
	list, members, err := a.listAndMembers(c)
	if err != nil {
		return nil, err
	}
	rels, err := a.Home.Store.Relations(c.ctx, c.me(), members)
	if err != nil {
		return nil, err
	}
	for _, m := range members {
		if r := rels[m]; m != c.me() && (r == nil || (!r.Following && !r.Requested)) {
			return nil, social.ErrNotFound
		}
	}
	at := clock.Millis(a.Home.Clock.Now())
	return empty, a.Home.Store.Write(c.ctx, func(tx social.Tx) error {
		for _, m := range members {
			if err := tx.AddListMember(c.ctx, list, m, at); err != nil {
				return err
			}
			if err := tx.FillList(c.ctx, list, m, listFill); err != nil {
				return err
			}
		}
		return nil
	})
}

func removeFromList(a *API, c *call) (any, error) {
	list, members, err := a.listAndMembers(c)
	if err != nil {
		return nil, err
	}
	return empty, a.Home.Store.Write(c.ctx, func(tx social.Tx) error {
		for _, m := range members {
			if err := tx.DropListMember(c.ctx, list, m); err != nil {
				return err
			}
			if err := tx.DropFromList(c.ctx, list, m); err != nil {
				return err
			}
		}
		return nil
	})
}
