package mastodon

import "slices"

// usualStatus is about what a Status takes in an answer, in bytes.
const usualStatus = 1600

// What consists of pages writes itself, as pages do: encoding/json would read
// and copy all that a page has written, for four tenths of the CPU of a thread.

func (c Context) appendJSON(e *enc) {
	e.b = slices.Grow(e.b, usualStatus*(len(c.Ancestors)+len(c.Descendants))) // once, not by doubling
	e.b = append(e.b, '{')
	e.key("ancestors")
	c.Ancestors.appendJSON(e)
	e.key("descendants")
	c.Descendants.appendJSON(e)
	e.b = append(e.b, '}')
}

func (s Search) appendJSON(e *enc) {
	e.b = append(e.b, '{')
	e.key("accounts")
	s.Accounts.appendJSON(e)
	e.key("statuses")
	s.Statuses.appendJSON(e)
	e.any("hashtags", s.Hashtags)
	e.b = append(e.b, '}')
}

func (g *GroupedNotifications) appendJSON(e *enc) {
	e.b = append(e.b, '{')
	e.key("accounts")
	g.Accounts.appendJSON(e)
	if g.Partial != nil {
		e.any("partial_accounts", g.Partial)
	}
	e.key("statuses")
	g.Statuses.appendJSON(e)
	e.any("notification_groups", g.Groups)
	e.b = append(e.b, '}')
}
