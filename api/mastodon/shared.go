package mastodon

import (
	"strings"

	"engawa/social"
)

// What reads and writes both answer with.

// requestsCounted is up to where follow requests are counted for one's own account.
const requestsCounted = 100

// ownAccount is one's own Account with source and role.
func (a *API) ownAccount(c *call) (*Account, error) {
	me, err := a.Home.Store.Actor(c.ctx, c.me())
	if err != nil {
		return nil, err
	}
	u, err := a.Home.Store.User(c.ctx, c.me())
	if err != nil {
		return nil, err
	}
	asked, err := a.Home.Store.Requests(c.ctx, c.me(), social.Page{Limit: requestsCounted})
	if err != nil {
		return nil, err
	}
	w, err := a.viewActors(c.ctx, c.viewer(), []*social.Actor{me})
	if err != nil {
		return nil, err
	}
	return w.credential(me, u, len(asked)), nil
}

// relationshipTo is the viewer's to one Actor: what most acts upon it answer.
func (a *API) relationshipTo(c *call, id social.ID) (any, error) {
	rels, err := a.Home.Store.Relations(c.ctx, c.me(), []social.ID{id})
	if err != nil {
		return nil, err
	}
	if rels[id] == nil {
		return nil, social.ErrNotFound
	}
	return relationship(rels[id]), nil
}

// VapidPublic is the name of the Secret that holds the public key of web push,
// as base64url text.
const VapidPublic = "vapid-public"

// vapidKey is the public key for web push, "" while there is none.
func (a *API) vapidKey(c *call) string {
	key, err := a.Home.Store.Secret(c.ctx, VapidPublic)
	if err != nil {
		return ""
	}
	return string(key)
}

func (a *API) application(c *call, app *social.App) Application {
	return Application{
		ID: app.ID.String(), Name: app.Name, Website: textOr(app.Website), Scopes: app.Scopes, RedirectURIs: app.RedirectURIs,
		RedirectURI: strings.Join(app.RedirectURIs, "\n"), VapidKey: a.vapidKey(c),
	}
}

// appVerify tells a token's App about itself.
func appVerify(a *API, c *call) (any, error) {
	app, err := a.Home.Store.App(c.ctx, c.grant.App)
	if err != nil {
		return nil, err
	}
	return a.application(c, app), nil
}
