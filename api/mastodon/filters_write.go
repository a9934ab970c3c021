package mastodon

import (
	"slices"
	"strconv"
	"strings"

	"engawa/internal/clock"
	"engawa/social"
)

// Bounds of a User's Filters.
const (
	maxFilters   = 200
	maxKeywords  = 500
	maxKeyword   = 512 // characters
	maxFilterAge = 100 * 365 * 86_400
)

var (
	filterContexts = []string{"home", "notifications", "public", "thread", "account"}
	filterActions  = []string{"warn", "hide", "blur"}
)

// filtersChanged tells the User's open clients.
func (a *API) filtersChanged(c *call) {
	a.Home.Bus.Publish(social.Event{Type: social.FiltersChanged, User: c.me(), At: clock.Millis(a.Home.Clock.Now())})
}

// changeFilter changes the User's Filter that is chosen, as it is stored now,
// and tells it. One that keeps is not there for somebody else.
func (a *API) changeFilter(c *call, chosen func(*social.Filter) bool, change func(*social.Filter) error) (*social.Filter, error) {
	var next social.Filter
	err := a.Home.Store.Write(c.ctx, func(tx social.Tx) error {
		all, err := tx.Filters(c.ctx, c.me())
		if err != nil {
			return err
		}
		i := slices.IndexFunc(all, func(f social.Filter) bool { return chosen(&f) })
		if i < 0 {
			return social.ErrNotFound
		}
		next = all[i]
		next.Contexts, next.Keywords, next.Posts = slices.Clone(next.Contexts), slices.Clone(next.Keywords), slices.Clone(next.Posts)
		if err := change(&next); err != nil {
			return err
		}
		return tx.PutFilter(c.ctx, &next)
	})
	if err != nil {
		return nil, err
	}
	a.filtersChanged(c)
	return &next, nil
}

func withID(id social.ID) func(*social.Filter) bool {
	return func(f *social.Filter) bool { return f.ID == id }
}

func withKeyword(id social.ID) func(*social.Filter) bool {
	return func(f *social.Filter) bool {
		return slices.ContainsFunc(f.Keywords, func(k social.FilterKeyword) bool { return k.ID == id })
	}
}

func withPost(id social.ID) func(*social.Filter) bool {
	return func(f *social.Filter) bool {
		return slices.ContainsFunc(f.Posts, func(p social.FilterPost) bool { return p.ID == id })
	}
}

// insertFilter writes a new Filter.
func (a *API) insertFilter(c *call, f *social.Filter) error {
	err := a.Home.Store.Write(c.ctx, func(tx social.Tx) error {
		all, err := tx.Filters(c.ctx, c.me())
		if err != nil {
			return err
		}
		if len(all) >= maxFilters {
			return badInput("title", "Validation failed: You have reached the maximum of "+strconv.Itoa(maxFilters)+" filters")
		}
		return tx.PutFilter(c.ctx, f)
	})
	if err == nil {
		a.filtersChanged(c)
	}
	return err
}

// readFilter takes over what the request says of a Filter; in an old one, what
// it does not say stays.
func (a *API) readFilter(c *call, f *social.Filter) error {
	in := c.in
	if in.has("title") {
		f.Title = strings.TrimSpace(in.text("title"))
	}
	if in.has("filter_action") {
		f.Action = in.text("filter_action")
	}
	if err := a.readReach(c, f); err != nil {
		return err
	}
	switch {
	case f.Title == "":
		return badInput("title", "Validation failed: Title can't be blank")
	case len([]rune(f.Title)) > maxKeyword:
		return badInput("title", "Validation failed: Title is too long (maximum is "+strconv.Itoa(maxKeyword)+" characters)")
	case !slices.Contains(filterActions, f.Action):
		return badInput("filter_action", "Validation failed: Filter action is not one of warn, hide, blur")
	}
	return a.readKeywords(c, f)
}

// readReach reads where and until when a Filter holds.
func (a *API) readReach(c *call, f *social.Filter) error {
	in := c.in
	if in.has("context") {
		f.Contexts = in.texts("context")
	}
	if len(f.Contexts) == 0 {
		return badInput("context", "Validation failed: Context can't be blank")
	}
	for _, name := range f.Contexts {
		if !slices.Contains(filterContexts, name) {
			return badInput("context", "Validation failed: Context None or invalid context supplied: use home, notifications, public, thread, account")
		}
	}
	f.Contexts = slices.Compact(slices.Sorted(slices.Values(f.Contexts)))
	if !in.has("expires_in") {
		return nil
	}
	if in.text("expires_in") == "" {
		f.ExpiresAt = 0
		return nil
	}
	seconds, err := in.number("expires_in", 0)
	if err != nil {
		return err
	}
	if seconds < 0 || seconds > maxFilterAge {
		return badInput("expires_in", "Validation failed: Expires in must be seconds from 0 to "+strconv.Itoa(maxFilterAge))
	}
	f.ExpiresAt = 0
	if seconds > 0 {
		f.ExpiresAt = clock.Millis(a.Home.Clock.Now()) + int64(seconds)*1000
	}
	return nil
}

// readKeywords applies keywords_attributes: new ones, changes by id, and those
// that go (_destroy).
func (a *API) readKeywords(c *call, f *social.Filter) error {
	for _, v := range c.in.list("keywords_attributes") {
		p, ok := v.(Params)
		if !ok {
			return badInput("keywords_attributes", "Validation failed: keywords_attributes must be a list of keyword and whole_word")
		}
		if p.text("id") == "" {
			k := social.FilterKeyword{ID: a.newID(), WholeWord: true}
			if err := readKeyword(p, &k); err != nil {
				return err
			}
			f.Keywords = append(f.Keywords, k)
			continue
		}
		id, _ := social.ParseID(p.text("id"))
		i := slices.IndexFunc(f.Keywords, func(k social.FilterKeyword) bool { return k.ID == id })
		if i < 0 {
			return social.ErrNotFound
		}
		if p.flag("_destroy", false) {
			f.Keywords = slices.Delete(f.Keywords, i, i+1)
			continue
		}
		if err := readKeyword(p, &f.Keywords[i]); err != nil {
			return err
		}
	}
	return tooManyKeywords(f)
}

func tooManyKeywords(f *social.Filter) error {
	if len(f.Keywords) > maxKeywords || len(f.Posts) > maxKeywords {
		return badInput("keywords_attributes", "Validation failed: Keywords are too many (maximum is "+strconv.Itoa(maxKeywords)+")")
	}
	return nil
}

func readKeyword(in Params, k *social.FilterKeyword) error {
	if in.has("keyword") {
		k.Keyword = strings.TrimSpace(in.text("keyword"))
	}
	k.WholeWord = in.flag("whole_word", k.WholeWord)
	switch {
	case k.Keyword == "":
		return badInput("keyword", "Validation failed: Keyword can't be blank")
	case len([]rune(k.Keyword)) > maxKeyword:
		return badInput("keyword", "Validation failed: Keyword is too long (maximum is "+strconv.Itoa(maxKeyword)+" characters)")
	}
	return nil
}

func createFilter(a *API, c *call) (any, error) {
	f := &social.Filter{ID: a.newID(), User: c.me(), Action: "warn"}
	if err := a.readFilter(c, f); err != nil {
		return nil, err
	}
	if err := a.insertFilter(c, f); err != nil {
		return nil, err
	}
	return filter(f), nil
}

func updateFilter(a *API, c *call) (any, error) {
	id, err := c.pathID("id")
	if err != nil {
		return nil, err
	}
	f, err := a.changeFilter(c, withID(id), func(f *social.Filter) error { return a.readFilter(c, f) })
	if err != nil {
		return nil, err
	}
	return filter(f), nil
}

func deleteFilter(a *API, c *call) (any, error) {
	id, err := c.pathID("id")
	if err != nil {
		return nil, err
	}
	if err := a.Home.Store.Write(c.ctx, func(tx social.Tx) error { return tx.DropFilter(c.ctx, c.me(), id) }); err != nil {
		return nil, err
	}
	a.filtersChanged(c)
	return empty, nil
}

func createKeyword(a *API, c *call) (any, error) {
	id, err := c.pathID("id")
	if err != nil {
		return nil, err
	}
	k := social.FilterKeyword{ID: a.newID(), WholeWord: true}
	if err := readKeyword(c.in, &k); err != nil {
		return nil, err
	}
	_, err = a.changeFilter(c, withID(id), func(f *social.Filter) error {
		f.Keywords = append(f.Keywords, k)
		return tooManyKeywords(f)
	})
	return filterKeyword(k), err
}

func updateKeyword(a *API, c *call) (any, error) {
	id, err := c.pathID("id")
	if err != nil {
		return nil, err
	}
	var k social.FilterKeyword
	_, err = a.changeFilter(c, withKeyword(id), func(f *social.Filter) error {
		i := slices.IndexFunc(f.Keywords, func(k social.FilterKeyword) bool { return k.ID == id })
		err := readKeyword(c.in, &f.Keywords[i])
		k = f.Keywords[i]
		return err
	})
	return filterKeyword(k), err
}

func deleteKeyword(a *API, c *call) (any, error) {
	id, err := c.pathID("id")
	if err != nil {
		return nil, err
	}
	_, err = a.changeFilter(c, withKeyword(id), func(f *social.Filter) error {
		f.Keywords = slices.DeleteFunc(f.Keywords, func(k social.FilterKeyword) bool { return k.ID == id })
		return nil
	})
	return empty, err
}

func createFilterStatus(a *API, c *call) (any, error) {
	id, err := c.pathID("id")
	if err != nil {
		return nil, err
	}
	post, ok := social.ParseID(c.in.text("status_id"))
	if !ok {
		return nil, badInput("status_id", "Validation failed: Status must exist")
	}
	if _, err := a.Home.PostFor(c.ctx, c.viewer(), post); err != nil {
		return nil, err
	}
	p := social.FilterPost{ID: a.newID(), Post: post}
	_, err = a.changeFilter(c, withID(id), func(f *social.Filter) error {
		if slices.ContainsFunc(f.Posts, func(p social.FilterPost) bool { return p.Post == post }) {
			return badInput("status_id", "Validation failed: Status has already been taken")
		}
		f.Posts = append(f.Posts, p)
		return tooManyKeywords(f)
	})
	return filterStatus(p), err
}

func deleteFilterStatus(a *API, c *call) (any, error) {
	id, err := c.pathID("id")
	if err != nil {
		return nil, err
	}
	var gone social.FilterPost
	_, err = a.changeFilter(c, withPost(id), func(f *social.Filter) error {
		i := slices.IndexFunc(f.Posts, func(p social.FilterPost) bool { return p.ID == id })
		gone = f.Posts[i]
		f.Posts = slices.Delete(f.Posts, i, i+1)
		return nil
	})
	return filterStatus(gone), err
}
