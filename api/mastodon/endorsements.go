package mastodon

import "engawa/social"

// endorsements are whom the User recommends on its profile.
func endorsements(a *API, c *call) (any, error) {
	pg, err := c.in.page(40)
	if err != nil {
		return nil, err
	}
	rows, err := a.Home.Store.Endorsed(c.ctx, c.me(), pg)
	return a.rankedPeople(c, rows, err)
}

func accountEndorsements(a *API, c *call) (any, error) {
	actor, err := a.actorOf(c)
	if err != nil {
		return nil, err
	}
	pg, err := c.in.page(40)
	if err != nil {
		return nil, err
	}
	rows, err := a.Home.Store.Endorsed(c.ctx, actor.ID, pg)
	return a.rankedPeople(c, rows, err)
}

// endorse recommends (or no longer) somebody whom the User follows.
func endorse(on bool) func(*API, *call, *social.Actor) error {
	return func(a *API, c *call, t *social.Actor) error {
		return a.Home.Store.Write(c.ctx, func(tx social.Tx) error {
			if !on {
				_, err := tx.Unendorse(c.ctx, c.me(), t.ID)
				return err
			}
			f, err := tx.Follow(c.ctx, c.me(), t.ID)
			if err != nil && !social.IsKind(err, social.NotFound) {
				return err
			}
			if err != nil || f.Pending {
				return badInput("id", "Validation failed: You must be already following the person you want to endorse")
			}
			_, err = tx.Endorse(c.ctx, c.me(), t.ID, a.newID(), a.now())
			return err
		})
	}
}

// featuredSuggestions are tags that the User writes often and does not feature.
func featuredSuggestions(a *API, c *call) (any, error) {
	used, err := a.Home.Store.UsedTags(c.ctx, c.me(), 2*maxFeatured)
	if err != nil {
		return nil, err
	}
	mine, err := a.Home.Store.FeaturedTags(c.ctx, c.me())
	if err != nil {
		return nil, err
	}
	featured := make(map[string]bool, len(mine))
	for i := range mine {
		featured[mine[i].Tag.Name] = true
	}
	kept := used[:0]
	for _, t := range used {
		if !featured[t.Name] && len(kept) < maxFeatured {
			kept = append(kept, t)
		}
	}
	return a.tagEntities(c, kept)
}
