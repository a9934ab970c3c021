package engawa

import (
	"encoding/json"
	"net/http"

	"engawa/internal/locale"
	"engawa/social"
)

// linksList is GET links.
func linksList(a *API, c *call) (any, error) {
	links, err := a.Home.Store.Links(c.ctx, c.me())
	if err != nil {
		return nil, err
	}
	return a.links(c, links)
}

// linksShow is GET links/{id}.
func linksShow(a *API, c *call) (any, error) {
	l, err := a.myLink(c, "id")
	if err != nil {
		return nil, err
	}
	return a.linkOf(c, l)
}

// myLink is the caller's Link that the path names.
func (a *API) myLink(c *call, name string) (*social.Link, error) {
	n, err := c.pathID(name)
	if err != nil {
		return nil, err
	}
	return a.Home.Store.Link(c.ctx, c.me(), n)
}

// Bounds of what is typed to link an account.
const (
	maxFields = 20
	maxTyped  = 8 << 10
)

// linksBegin is POST links: {network, name?, base?, fields?, again?}.
func linksBegin(a *API, c *call) (any, error) {
	var in struct {
		Network string            `json:"network"`
		Name    string            `json:"name"`
		Base    string            `json:"base"`
		Fields  map[string]string `json:"fields"`
		Again   id                `json:"again"`
	}
	if err := c.read(&in); err != nil {
		return nil, err
	}
	if in.Network == "" {
		return nil, refuse("network", locale.W("own.network"))
	}
	if len(in.Fields) > maxFields || len(in.Base) > maxTyped {
		return nil, refuse("fields", locale.W("own.fields_many"))
	}
	for name, v := range in.Fields {
		if len(v) > maxTyped {
			return nil, refuse("fields."+name, locale.W("own.field_long"))
		}
	}
	l, url, err := a.Links.Begin(c.ctx, c.me(), &LinkAsk{Network: in.Network, Name: in.Name, Base: in.Base, Fields: in.Fields, Again: social.ID(in.Again)})
	return a.stands(c, l, url, err)
}

// linksFinish is POST links/finish: {network, params}, for clients that catch
// the person coming back themselves. params are those of the address.
func linksFinish(a *API, c *call) (any, error) {
	var in struct {
		Network string            `json:"network"`
		Params  map[string]string `json:"params"`
	}
	if err := c.read(&in); err != nil {
		return nil, err
	}
	back := map[string][]string{}
	for k, v := range in.Params {
		back[k] = []string{v}
	}
	l, url, err := a.Links.Finish(c.ctx, c.me(), in.Network, back)
	return a.stands(c, l, url, err)
}

// stands answers where linking stands: the link, an address to send the person
// to, or that a letter was sent.
func (a *API) stands(c *call, l *social.Link, url string, err error) (any, error) {
	switch {
	case err != nil:
		return nil, err
	case l == nil && url == "":
		return status{http.StatusAccepted, map[string]any{"letter": true}}, nil
	case l == nil:
		return status{http.StatusAccepted, map[string]any{"url": url}}, nil
	}
	e, err := a.linkOf(c, l)
	return map[string]any{"link": e}, err
}

// maxSettings bounds a Link's settings, in bytes.
const maxSettings = 8 << 10

// linksChange is PATCH links/{id}: {name?, read?, merge?, settings?}.
func linksChange(a *API, c *call) (any, error) {
	n, err := c.pathID("id")
	if err != nil {
		return nil, err
	}
	var in struct {
		Name     *string         `json:"name"`
		Read     *bool           `json:"read"`
		Merge    *bool           `json:"merge"`
		Settings json.RawMessage `json:"settings"`
	}
	if err := c.read(&in); err != nil {
		return nil, err
	}
	ch := &LinkChange{Name: in.Name, Read: in.Read, Merge: in.Merge}
	if len(in.Settings) > 0 {
		if in.Settings[0] != '{' || len(in.Settings) > maxSettings {
			return nil, refuse("settings", locale.W("own.settings"))
		}
		ch.Settings = in.Settings
	}
	return a.changed(c, n, ch)
}

func (a *API) changed(c *call, n social.ID, ch *LinkChange) (any, error) {
	l, err := a.Links.Change(c.ctx, c.me(), n, ch)
	if err != nil {
		return nil, err
	}
	return a.linkOf(c, l)
}

// linksPause is POST links/{id}/pause: nothing is sent or read until resume.
func linksPause(a *API, c *call) (any, error) { return a.pause(c, true) }

// linksResume is POST links/{id}/resume.
func linksResume(a *API, c *call) (any, error) { return a.pause(c, false) }

func (a *API) pause(c *call, paused bool) (any, error) {
	n, err := c.pathID("id")
	if err != nil {
		return nil, err
	}
	return a.changed(c, n, &LinkChange{Paused: &paused})
}

// linksCheck is POST links/{id}/check: asks the network now. That it failed is
// in the answer, not an error.
func linksCheck(a *API, c *call) (any, error) {
	n, err := c.pathID("id")
	if err != nil {
		return nil, err
	}
	l, err := a.Links.Check(c.ctx, c.me(), n)
	if err != nil {
		return nil, err
	}
	return a.linkOf(c, l)
}

// linksDrop is DELETE links/{id}. What was sent through it stays where it is.
func linksDrop(a *API, c *call) (any, error) {
	l, err := a.myLink(c, "id")
	if err != nil {
		return nil, err
	}
	return nil, a.Links.Drop(c.ctx, c.me(), l.ID)
}
