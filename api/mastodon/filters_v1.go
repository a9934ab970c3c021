package mastodon

import (
	"slices"

	"engawa/social"
)

// The old filters are single keywords of the new ones; their id is the
// keyword's.

// readV1 takes over what a request of the old API says.
func (a *API) readV1(c *call, f *social.Filter, k *social.FilterKeyword) error {
	p := Params{"keyword": k.Keyword}
	if c.in.has("phrase") {
		p["keyword"] = c.in["phrase"]
	}
	if c.in.has("whole_word") {
		p["whole_word"] = c.in["whole_word"]
	}
	if err := readKeyword(p, k); err != nil {
		return err
	}
	if b := c.in.optional("irreversible"); b != nil {
		f.Action = "warn"
		if *b {
			f.Action = "hide"
		}
	}
	return a.readReach(c, f)
}

func createV1Filter(a *API, c *call) (any, error) {
	f := &social.Filter{ID: a.newID(), User: c.me(), Action: "warn"}
	k := social.FilterKeyword{ID: a.newID()}
	if err := a.readV1(c, f, &k); err != nil {
		return nil, err
	}
	f.Title, f.Keywords = k.Keyword, []social.FilterKeyword{k}
	if err := a.insertFilter(c, f); err != nil {
		return nil, err
	}
	return v1Filter(f, k), nil
}

func updateV1Filter(a *API, c *call) (any, error) {
	id, err := c.pathID("id")
	if err != nil {
		return nil, err
	}
	var k social.FilterKeyword
	f, err := a.changeFilter(c, withKeyword(id), func(f *social.Filter) error {
		i := slices.IndexFunc(f.Keywords, func(k social.FilterKeyword) bool { return k.ID == id })
		was, phrase := *f, f.Keywords[i].Keyword
		if err := a.readV1(c, f, &f.Keywords[i]); err != nil {
			return err
		}
		if len(f.Keywords) > 1 && (f.Action != was.Action || f.ExpiresAt != was.ExpiresAt || !slices.Equal(f.Contexts, was.Contexts)) {
			return unprocessable("These parameters cannot be changed from this application because they apply to more than one filter keyword. Use a more recent application or the web interface.")
		}
		if len(f.Keywords) == 1 && f.Title == phrase {
			f.Title = f.Keywords[0].Keyword
		}
		k = f.Keywords[i]
		return nil
	})
	if err != nil {
		return nil, err
	}
	return v1Filter(f, k), nil
}

// deleteV1Filter takes the keyword away, and with the last one the Filter.
func deleteV1Filter(a *API, c *call) (any, error) {
	id, err := c.pathID("id")
	if err != nil {
		return nil, err
	}
	err = a.Home.Store.Write(c.ctx, func(tx social.Tx) error {
		all, err := tx.Filters(c.ctx, c.me())
		if err != nil {
			return err
		}
		i := slices.IndexFunc(all, func(f social.Filter) bool { return withKeyword(id)(&f) })
		if i < 0 {
			return social.ErrNotFound
		}
		f := all[i]
		f.Keywords = slices.DeleteFunc(slices.Clone(f.Keywords), func(k social.FilterKeyword) bool { return k.ID == id })
		if len(f.Keywords) == 0 && len(f.Posts) == 0 {
			return tx.DropFilter(c.ctx, c.me(), f.ID)
		}
		return tx.PutFilter(c.ctx, &f)
	})
	if err != nil {
		return nil, err
	}
	a.filtersChanged(c)
	return empty, nil
}
