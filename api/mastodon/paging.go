package mastodon

import (
	"net/url"
	"strconv"

	"engawa/social"
)

// link sets the Link header of a paged list: rel="next" with the last row's id,
// rel="prev" with the first one's. There is none for an empty page. The other
// parameters of the request are kept.
func (a *API) link(c *call, first, last social.ID) {
	if first == 0 && last == 0 {
		return
	}
	next := a.pageURL(c, "max_id", last)
	prev := a.pageURL(c, "min_id", first)
	c.w.Header().Set("Link", `<`+next+`>; rel="next", <`+prev+`>; rel="prev"`)
}

// linkRows is link for places that are ordered by another row.
func (a *API) linkRows(c *call, rows []social.Ranked) {
	if len(rows) > 0 {
		a.link(c, rows[0].Row, rows[len(rows)-1].Row)
	}
}

// linkOffset pages places that are ranked.
func (a *API) linkOffset(c *call, pg social.Page, got int) {
	if got == 0 {
		return
	}
	q := c.kept()
	q.Set("offset", strconv.Itoa(pg.Offset+pg.Limit))
	h := `<` + a.at(c, q) + `>; rel="next"`
	if pg.Offset > 0 {
		q.Set("offset", strconv.Itoa(max(pg.Offset-pg.Limit, 0)))
		h += `, <` + a.at(c, q) + `>; rel="prev"`
	}
	c.w.Header().Set("Link", h)
}

func (a *API) pageURL(c *call, name string, id social.ID) string {
	q := c.kept()
	q.Set(name, id.String())
	return a.at(c, q)
}

// kept are the query parameters that stay from page to page.
func (c *call) kept() url.Values {
	q := c.URL.Query()
	for _, name := range []string{"max_id", "since_id", "min_id", "offset", "access_token"} {
		q.Del(name)
	}
	return q
}

func (a *API) at(c *call, q url.Values) string {
	return a.Base + c.URL.EscapedPath() + "?" + q.Encode()
}
