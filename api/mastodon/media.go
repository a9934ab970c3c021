package mastodon

import (
	"context"
	"encoding/base64"
	"math"
	"net/http"
	"strconv"
	"strings"

	"engawa/social"
)

// createMedia is POST of v1 and v2: pictures are ready at once, films and sounds
// (202) are asked for until they are.
func createMedia(a *API, c *call) (any, error) {
	f, ok, err := c.in.upload("file")
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, badInput("file", "Validation failed: File can't be blank")
	}
	d, err := c.in.mediaDetail()
	if err != nil {
		return nil, err
	}
	u := Upload{File: f}
	if d.description != nil {
		u.Description = *d.description
	}
	if d.focus != nil {
		u.Focus = *d.focus
	}
	m, err := a.Media.Upload(c.ctx, c.me(), u)
	if err != nil {
		return nil, err
	}
	if m.State == social.MediaWaiting {
		return status{http.StatusAccepted, a.medium(m)}, nil
	}
	return a.medium(m), nil
}

// upload is a parameter as a file: one of a multipart body, or a data: URI.
func (p Params) upload(name string) (File, bool, error) {
	if f, ok := p.file(name); ok {
		return f, len(f.Data) > 0, nil
	}
	text := p.text(name)
	if text == "" {
		return File{}, false, nil
	}
	head, body, ok := strings.Cut(text, ",")
	kind, isData := strings.CutPrefix(head, "data:")
	kind, is64 := strings.CutSuffix(kind, ";base64")
	if !ok || !isData || !is64 {
		return File{}, false, badInput(name, "Validation failed: "+name+" must be a file or a data: URI in base64")
	}
	data, err := base64.StdEncoding.DecodeString(body)
	if err != nil {
		return File{}, false, badInput(name, "Validation failed: "+name+" is not base64: "+err.Error())
	}
	return File{Name: name, Type: kind, Data: data}, len(data) > 0, nil
}

// mediaDetail is what is said about a medium; nil is not said.
type mediaDetail struct {
	description *string
	focus       *[2]float64
}

func (p Params) mediaDetail() (mediaDetail, error) {
	var d mediaDetail
	if p.has("description") {
		text := strings.TrimSpace(p.text("description"))
		if len([]rune(text)) > maxMediaAlt {
			return d, badInput("description", "Validation failed: Description is too long (maximum is "+strconv.Itoa(maxMediaAlt)+" characters)")
		}
		d.description = &text
	}
	if text := p.text("focus"); text != "" {
		f, err := parseFocus(text)
		if err != nil {
			return d, err
		}
		d.focus = &f
	}
	return d, nil
}

// parseFocus reads "x,y"; what lies beyond -1 and 1 is brought to the edge.
func parseFocus(s string) ([2]float64, error) {
	var f [2]float64
	x, y, ok := strings.Cut(s, ",")
	for i, part := range []string{x, y} {
		n, err := strconv.ParseFloat(strings.TrimSpace(part), 64)
		if !ok || err != nil || math.IsNaN(n) {
			return f, badInput("focus", `Validation failed: Focus must be "x,y" with numbers from -1 to 1`)
		}
		f[i] = min(max(n, -1), 1)
	}
	return f, nil
}

func (d mediaDetail) apply(m *social.Media) {
	if d.description != nil {
		m.Description = *d.description
	}
	if d.focus != nil {
		m.FocusX, m.FocusY = d.focus[0], d.focus[1]
	}
}

// ownMedia is a medium of this User; somebody else's is not there.
func (a *API) ownMedia(ctx context.Context, user, id social.ID) (*social.Media, error) {
	m, err := a.Home.Store.Media(ctx, id)
	if err != nil {
		return nil, err
	}
	if m.Actor != user {
		return nil, social.ErrNotFound
	}
	return m, nil
}

// looseMedia is the medium of the path while it is on no Post.
func (a *API) looseMedia(c *call) (*social.Media, error) {
	id, err := c.pathID("id")
	if err != nil {
		return nil, err
	}
	m, err := a.ownMedia(c.ctx, c.me(), id)
	if err == nil && m.Post != 0 {
		return nil, social.ErrNotFound
	}
	return m, err
}

func getMedia(a *API, c *call) (any, error) {
	m, err := a.looseMedia(c)
	if err != nil {
		return nil, err
	}
	switch m.State {
	case social.MediaWaiting:
		return status{http.StatusPartialContent, a.medium(m)}, nil
	case social.MediaFailed:
		return nil, &statusError{http.StatusUnprocessableEntity, map[string]any{"error": "Error processing thumbnail for uploaded media"}}
	}
	return a.medium(m), nil
}

func updateMedia(a *API, c *call) (any, error) {
	m, err := a.looseMedia(c)
	if err != nil {
		return nil, err
	}
	d, err := c.in.mediaDetail()
	if err != nil {
		return nil, err
	}
	if err := a.putMedia(c, map[social.ID]mediaDetail{m.ID: d}); err != nil {
		return nil, err
	}
	return getMedia(a, c)
}

// putMedia changes what is said about media of the User.
func (a *API) putMedia(c *call, details map[social.ID]mediaDetail) error {
	if len(details) == 0 {
		return nil
	}
	return a.Home.Store.Write(c.ctx, func(tx social.Tx) error {
		for id, d := range details {
			m, err := tx.Media(c.ctx, id)
			if err != nil {
				return err
			}
			if m.Actor != c.me() {
				return social.ErrNotFound
			}
			next := *m
			d.apply(&next)
			if err := tx.PutMedia(c.ctx, &next); err != nil {
				return err
			}
		}
		return nil
	})
}

// mediaDetails reads media_attributes[] of an edit, for media that it keeps or adds.
func (a *API) mediaDetails(c *call, ids []social.ID) (map[social.ID]mediaDetail, error) {
	kept := make(map[social.ID]bool, len(ids))
	for _, id := range ids {
		kept[id] = true
	}
	details := make(map[social.ID]mediaDetail)
	for _, v := range c.in.list("media_attributes") {
		p, ok := v.(Params)
		if !ok {
			return nil, badInput("media_attributes", "Validation failed: media_attributes must be a list of id, description and focus")
		}
		id, ok := social.ParseID(p.text("id"))
		if !ok || !kept[id] {
			continue
		}
		d, err := p.mediaDetail()
		if err != nil {
			return nil, err
		}
		details[id] = d
	}
	return details, nil
}

func deleteMedia(a *API, c *call) (any, error) {
	id, err := c.pathID("id")
	if err != nil {
		return nil, err
	}
	m, err := a.ownMedia(c.ctx, c.me(), id)
	if err != nil {
		return nil, err
	}
	if m.Post != 0 {
		return nil, &statusError{http.StatusUnprocessableEntity, map[string]any{"error": "Media attachment is currently used by a status"}}
	}
	return empty, a.removeMedia(c, m)
}

// removeMedia removes a loose medium and its files.
func (a *API) removeMedia(c *call, m *social.Media) error {
	err := a.Home.Store.Write(c.ctx, func(tx social.Tx) error {
		now, err := tx.Media(c.ctx, m.ID)
		if err != nil {
			return err
		}
		if now.Actor != c.me() || now.Post != 0 {
			return social.ErrNotFound
		}
		return tx.DeleteMedia(c.ctx, m.ID)
	})
	if err != nil {
		return err
	}
	a.Media.Drop(c.ctx, m)
	return nil
}
