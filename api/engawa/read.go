package engawa

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"engawa/internal/locale"
	"engawa/social"
)

// maxBody bounds a request's body, in bytes.
const maxBody = 256 << 10

// body reads the whole body, with its type.
func (c *call) body() (kind string, data []byte, err error) {
	kind, _, err = mime.ParseMediaType(c.Header.Get("Content-Type"))
	if err != nil && c.Header.Get("Content-Type") != "" {
		return "", nil, refuse("Content-Type", locale.W("own.type_unread"))
	}
	data, err = io.ReadAll(http.MaxBytesReader(c.w, c.Body, maxBody))
	var long *http.MaxBytesError
	if errors.As(err, &long) {
		return "", nil, refuse("", locale.W("own.body_large", "max", maxBody))
	}
	if err != nil {
		return "", nil, refuse("", locale.W("own.body_short"))
	}
	return kind, data, nil
}

// read fills v from a JSON object. A field that v does not have is an error.
func (c *call) read(v any) error {
	kind, data, err := c.body()
	if err != nil {
		return err
	}
	if kind != "application/json" && kind != "" {
		return refuse("Content-Type", locale.W("own.body_json", "kind", kind))
	}
	if len(bytes.TrimSpace(data)) == 0 {
		data = []byte("{}")
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		var wrong *json.UnmarshalTypeError
		if errors.As(err, &wrong) {
			return refuse(wrong.Field, locale.W("own.body_type", "got", wrong.Value, "want", wrong.Type.String()))
		}
		return refuse("", locale.W("own.body_unread", "why", strings.TrimPrefix(err.Error(), "json: ")))
	}
	if _, err := d.Token(); err != io.EOF {
		return refuse("", locale.W("own.body_more"))
	}
	return nil
}

// id is an id in JSON: a decimal string, or a number.
type id social.ID

// UnmarshalJSON implements json.Unmarshaler.
func (i *id) UnmarshalJSON(data []byte) error {
	if string(data) == "null" {
		return nil
	}
	n, ok := social.ParseID(strings.Trim(string(data), `"`))
	if !ok {
		return errors.New("an id is a decimal number as a string")
	}
	*i = id(n)
	return nil
}

// Pages of a timeline.
const (
	usualPage = 20
	maxPage   = 40
)

// page reads limit, max_id, since_id and min_id, as Mastodon has them.
func (c *call) page() (p social.Page, err error) {
	q := c.URL.Query()
	p.Limit = usualPage
	if s := q.Get("limit"); s != "" {
		if p.Limit, err = strconv.Atoi(s); err != nil || p.Limit < 1 {
			return p, refuse("limit", locale.W("own.limit", "max", maxPage))
		}
		p.Limit = min(p.Limit, maxPage)
	}
	for name, at := range map[string]*social.ID{"max_id": &p.MaxID, "since_id": &p.SinceID, "min_id": &p.MinID} {
		if s := q.Get(name); s != "" {
			n, ok := social.ParseID(s)
			if !ok {
				return p, refuse(name, locale.W("own.id", "name", name))
			}
			*at = n
		}
	}
	return p, nil
}

// link sets the Link header of a page: next with the last row, prev with the first.
func (a *API) link(c *call, first, last social.ID) {
	if first == 0 && last == 0 {
		return
	}
	at := func(name string, n social.ID) string {
		q := url.Values{}
		if l := c.URL.Query().Get("limit"); l != "" {
			q.Set("limit", l)
		}
		q.Set(name, n.String())
		return "<" + a.URL + c.URL.EscapedPath() + "?" + q.Encode() + ">"
	}
	c.w.Header().Set("Link", at("max_id", last)+`; rel="next", `+at("min_id", first)+`; rel="prev"`)
}

// flag reads a switch of the query.
func (c *call) flag(name string) bool {
	switch c.URL.Query().Get(name) {
	case "1", "true", "yes", "on":
		return true
	}
	return false
}

// moment writes a time; zero is null.
func moment(ms social.Millis) *string {
	if ms == 0 {
		return nil
	}
	s := time.UnixMilli(ms).UTC().Format("2006-01-02T15:04:05.000Z")
	return &s
}
