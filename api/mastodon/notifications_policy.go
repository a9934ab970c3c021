package mastodon

import (
	"strconv"

	"engawa/social"
)

// requestsSummed bounds what the policy's summary counts.
const requestsSummed = 100

func (a *API) policyOf(c *call) (*social.User, PolicySummary, error) {
	u, err := a.Home.Store.User(c.ctx, c.me())
	if err != nil {
		return nil, PolicySummary{}, err
	}
	rows, err := a.Home.Store.NotificationRequests(c.ctx, c.me(), social.Page{Limit: requestsSummed})
	sum := PolicySummary{Requests: len(rows)}
	for i := range rows {
		sum.Notifications += int(rows[i].Count)
	}
	return u, sum, err
}

func policyShow(a *API, c *call) (any, error) {
	u, sum, err := a.policyOf(c)
	if err != nil {
		return nil, err
	}
	return policy(&u.Settings.Notifications, sum), nil
}

func policyShowV1(a *API, c *call) (any, error) {
	u, sum, err := a.policyOf(c)
	if err != nil {
		return nil, err
	}
	return policyV1(&u.Settings.Notifications, sum), nil
}

func policyV1(p *social.Policy, sum PolicySummary) V1NotificationPolicy {
	held := func(s string) bool { return s == "filter" || s == "drop" }
	return V1NotificationPolicy{
		NotFollowing: held(p.NotFollowing), NotFollowers: held(p.NotFollowers), NewAccounts: held(p.NewAccounts),
		PrivateMentions: held(p.PrivateMentions), Summary: sum,
	}
}

// policyFields are the choices of a policy by their names in the API.
func policyFields(p *social.Policy) map[string]*string {
	return map[string]*string{
		"not_following": &p.NotFollowing, "not_followers": &p.NotFollowers, "new_accounts": &p.NewAccounts,
		"private_mentions": &p.PrivateMentions, "limited_accounts": &p.LimitedAccounts, "bots": &p.Bots,
	}
}

func policyUpdate(a *API, c *call) (any, error) {
	err := a.changePolicy(c, func(name string, choice *string) error {
		given := c.in.text("for_" + name)
		switch given {
		case "":
		case "accept", "filter", "drop":
			*choice = given
		default:
			return badInput("for_"+name, "Validation failed: for_"+name+" must be accept, filter or drop, not "+strconv.Quote(given))
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return policyShow(a, c)
}

func policyUpdateV1(a *API, c *call) (any, error) {
	err := a.changePolicy(c, func(name string, choice *string) error {
		if on := c.in.optional("filter_" + name); on != nil && *on {
			*choice = "filter"
		} else if on != nil {
			*choice = "accept"
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return policyShowV1(a, c)
}

// changePolicy writes what choose makes of each choice, and tells those who
// hold the User in memory.
func (a *API) changePolicy(c *call, choose func(name string, choice *string) error) error {
	err := a.Home.Store.Write(c.ctx, func(tx social.Tx) error {
		u, err := tx.User(c.ctx, c.me())
		if err != nil {
			return err
		}
		next := *u
		for name, choice := range policyFields(&next.Settings.Notifications) {
			if err := choose(name, choice); err != nil {
				return err
			}
		}
		return tx.PutUser(c.ctx, &next)
	})
	if err == nil {
		a.Home.Bus.Publish(social.Event{Type: social.ActorChanged, Actor: c.me()})
	}
	return err
}

func notificationRequests(a *API, c *call) (any, error) {
	pg, err := c.in.page(40)
	if err != nil {
		return nil, err
	}
	rows, err := a.Home.Store.NotificationRequests(c.ctx, c.me(), pg)
	if err != nil {
		return nil, err
	}
	if n := len(rows); n > 0 {
		a.link(c, rows[0].ID, rows[n-1].ID)
	}
	return a.requests(c, rows)
}

// requests converts a page of requests with their Accounts and last Posts.
func (a *API) requests(c *call, rows []social.NotificationRequest) ([]NotificationRequest, error) {
	var posts, who []social.ID
	for i := range rows {
		posts, who = append(posts, rows[i].LastPost), append(who, rows[i].Actor)
	}
	l, err := a.Home.PostsFor(c.ctx, c.viewer(), uniqueIDs(posts))
	if err != nil {
		return nil, err
	}
	w, err := a.viewOf(c.ctx, c.viewer(), l, "notifications")
	if err != nil {
		return nil, err
	}
	actors, err := a.Home.Store.Actors(c.ctx, uniqueIDs(who))
	if err != nil {
		return nil, err
	}
	byID, about := w.byID(actors), w.postsByID()
	out := make([]NotificationRequest, 0, len(rows))
	for i := range rows {
		r := &rows[i]
		if byID[r.Actor] == nil {
			continue
		}
		x := NotificationRequest{
			ID: r.ID.String(), CreatedAt: moment(r.CreatedAt), UpdatedAt: moment(r.UpdatedAt),
			Count: strconv.FormatInt(r.Count, 10), Account: byID[r.Actor],
		}
		if p := about[r.LastPost]; p != nil {
			x.LastStatus = w.status(p)
		}
		out = append(out, x)
	}
	return out, nil
}

// requestRows are the User's requests with these ids.
func (a *API) requestRows(c *call, ids []social.ID) ([]social.NotificationRequest, error) {
	rows, err := a.Home.Store.NotificationRequests(c.ctx, c.me(), social.Page{Limit: maxGroupRead})
	if err != nil {
		return nil, err
	}
	var out []social.NotificationRequest
	for i := range rows {
		if has(ids, rows[i].ID) {
			out = append(out, rows[i])
		}
	}
	return out, nil
}

func notificationRequestShow(a *API, c *call) (any, error) {
	id, err := c.pathID("id")
	if err != nil {
		return nil, err
	}
	rows, err := a.requestRows(c, []social.ID{id})
	if err != nil {
		return nil, err
	}
	out, err := a.requests(c, rows)
	if err != nil {
		return nil, err
	}
	if len(out) == 0 {
		return nil, social.ErrNotFound
	}
	return out[0], nil
}

func notificationRequestAccept(a *API, c *call) (any, error)  { return a.answerOne(c, true) }
func notificationRequestDismiss(a *API, c *call) (any, error) { return a.answerOne(c, false) }

func (a *API) answerOne(c *call, accept bool) (any, error) {
	id, err := c.pathID("id")
	if err != nil {
		return nil, err
	}
	found, err := a.answerRequests(c, []social.ID{id}, accept)
	if err == nil && found == 0 {
		return nil, social.ErrNotFound
	}
	return empty, err
}

func notificationRequestsAccept(a *API, c *call) (any, error) {
	_, err := a.answerRequests(c, c.in.ids("id"), true)
	return empty, err
}

func notificationRequestsDismiss(a *API, c *call) (any, error) {
	_, err := a.answerRequests(c, c.in.ids("id"), false)
	return empty, err
}

// answerRequests lets what was held back through, or drops it; it reports how
// many requests there were.
func (a *API) answerRequests(c *call, ids []social.ID, accept bool) (int, error) {
	rows, err := a.requestRows(c, ids)
	if err != nil || len(rows) == 0 {
		return 0, err
	}
	err = a.Home.Store.Write(c.ctx, func(tx social.Tx) error {
		for i := range rows {
			if err := tx.AcceptNotifications(c.ctx, c.me(), rows[i].Actor, accept); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil && accept {
		a.Home.Bus.Publish(social.Event{Type: social.NotificationsMerged, User: c.me()})
	}
	return len(rows), err
}

// notificationRequestsMerged: they are merged when the answer comes.
func notificationRequestsMerged(*API, *call) (any, error) { return raw(`{"merged":true}`), nil }
