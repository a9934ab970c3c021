package mastodon

import (
	"strconv"
	"strings"

	"engawa/social"
)

// groupable are the types whose notifications may stand in one group.
var groupable = []string{"favourite", "reblog", "follow", "reaction", "admin.sign_up"}

// How much is read for a page of groups: rows a read, and reads.
const (
	groupReads   = 4
	maxGroupRead = 200
	sampleShown  = 8
)

// grouping gathers rows, newest first, into at most limit groups.
type grouping struct {
	types  map[string]bool
	limit  int
	groups []NotificationGroup
	at     map[string]int
}

func newGrouping(in Params, limit int) *grouping {
	g := &grouping{types: make(map[string]bool), limit: limit, at: make(map[string]int)}
	types := groupable
	if in.has("grouped_types") {
		types = in.texts("grouped_types")
	}
	for _, t := range types {
		g.types[t] = true
	}
	return g
}

// add puts a row into its group and returns the group's key; "" when it would
// open one group too many.
func (g *grouping) add(r *social.Notification) string {
	key := groupKeyOf(r)
	if !g.types[string(r.Type)] {
		key = ungrouped + r.ID.String()
	}
	i, there := g.at[key]
	if !there {
		if len(g.groups) >= g.limit {
			return ""
		}
		i = len(g.groups)
		g.at[key] = i
		g.groups = append(g.groups, NotificationGroup{
			GroupKey: key, Type: string(r.Type), MostRecent: r.ID, first: r.ID, latest: r.CreatedAt, about: r.Post,
		})
	}
	x := &g.groups[i]
	x.Count++
	x.last = r.ID
	if len(x.sampled) < sampleShown && !has(x.sampled, r.Actor) {
		x.sampled = append(x.sampled, r.Actor)
	}
	return key
}

func has(ids []social.ID, id social.ID) bool {
	for _, x := range ids {
		if x == id {
			return true
		}
	}
	return false
}

// groupedPage are rows that make one page of groups, with what they need.
type groupedPage struct {
	notices []*social.Notices
	*grouping
	rows        map[string]*social.Notification // the newest of each group
	first, last social.ID
}

// readGroups reads rows until they make limit groups, or there are no more, or
// enough was read. The page ends with the last row taken, so that the next one
// begins exactly after it; a group that goes on there has the same key.
func (a *API) readGroups(c *call, q social.NotificationQuery) (*groupedPage, error) {
	p := &groupedPage{grouping: newGrouping(c.in, q.Page.Limit), rows: make(map[string]*social.Notification)}
	want := q.Page.Limit
	reads := groupReads
	if q.Page.MinID != 0 {
		reads = 1 // the page directly above: as many rows as it has groups at most
	} else {
		q.Page.Limit = min(2*want, maxGroupRead)
	}
	for ; reads > 0; reads-- {
		n, err := a.Home.NotificationsOf(c.ctx, c.viewer(), q)
		if err != nil {
			return nil, err
		}
		if n.Last == 0 {
			return p, nil
		}
		if p.first == 0 {
			p.first = n.First
		}
		p.notices = append(p.notices, n)
		if !p.take(n) {
			return p, nil
		}
		p.last = n.Last
		q.Page.MaxID = n.Last
	}
	return p, nil
}

// take adds rows until the page is full; then it reports false.
func (p *groupedPage) take(n *social.Notices) bool {
	for i := range n.Rows {
		r := &n.Rows[i]
		key := p.add(r)
		if key == "" {
			return false
		}
		p.last = r.ID
		if p.rows[key] == nil {
			p.rows[key] = r
		}
	}
	return true
}

func notificationsGrouped(a *API, c *call) (any, error) {
	q, err := notificationQuery(c.in, 40)
	if err != nil {
		return nil, err
	}
	p, err := a.readGroups(c, q)
	if err != nil {
		return nil, err
	}
	a.link(c, p.first, p.last)
	return a.grouped(c, p, true)
}

// grouped converts a page of groups, each Account and Status once.
func (a *API) grouped(c *call, p *groupedPage, paged bool) (*GroupedNotifications, error) {
	out := &GroupedNotifications{Groups: p.groups, Accounts: accountList{}, Statuses: statusList{}}
	if out.Groups == nil {
		out.Groups = []NotificationGroup{}
	}
	n := p.joined()
	w, err := a.viewNotices(c.ctx, c.viewer(), n)
	if err != nil {
		return nil, err
	}
	w.fillGroups(p, n, paged, supported(c.in))
	about := w.postsByID()
	seen := map[social.ID]bool{}
	for i := range out.Groups {
		id := out.Groups[i].about
		if post := about[id]; post != nil && !seen[id] {
			seen[id] = true
			out.Statuses = append(out.Statuses, w.status(post))
		}
	}
	w.groupAccounts(out, n, c.in.text("expand_accounts") == "partial_avatars")
	return out, nil
}

// joined are the rows' Listings as one.
func (p *groupedPage) joined() *social.Notices {
	if len(p.notices) == 1 {
		return p.notices[0]
	}
	all := &social.Notices{Listing: &social.Listing{Bundle: &social.Bundle{}}, Actors: map[social.ID]*social.Actor{}}
	if len(p.notices) == 0 {
		return all
	}
	for _, n := range p.notices {
		all.Posts = append(all.Posts, n.Posts...)
		joinInto(&all.Bundle.Posts, n.Bundle.Posts)
		joinInto(&all.Listing.Actors, n.Listing.Actors)
		joinInto(&all.Media, n.Media)
		joinInto(&all.Polls, n.Polls)
		joinInto(&all.Cards, n.Cards)
		joinInto(&all.Apps, n.Apps)
		joinInto(&all.Relations, n.Relations)
		joinInto(&all.Mine, n.Mine)
		joinInto(&all.Actors, n.Actors)
	}
	return all
}

func joinInto[V any](to *map[social.ID]V, from map[social.ID]V) {
	if *to == nil {
		*to = make(map[social.ID]V, len(from))
	}
	for k, v := range from {
		(*to)[k] = v
	}
}

func (w *view) fillGroups(p *groupedPage, n *social.Notices, paged bool, known map[string]bool) {
	for i := range p.groups {
		g := &p.groups[i]
		for _, id := range g.sampled {
			g.Samples = append(g.Samples, id.String())
		}
		if g.about != 0 {
			id := g.about.String()
			g.StatusID = &id
		}
		if paged {
			g.PageMinID, g.PageMaxID, g.LatestAt = g.last.String(), g.first.String(), momentOr(g.latest)
		}
		r := p.rows[g.GroupKey]
		if r == nil {
			continue
		}
		g.Emoji, g.EmojiURL = w.reactionOf(r)
		g.Report, g.Warning = w.reports[r.Report], w.warnings[r.Report]
		if known != nil && !known[g.Type] {
			var who *Account
			if actor := n.Actors[r.Actor]; actor != nil {
				who = w.account(actor)
			}
			g.Fallback = fallback(r, who)
		}
	}
}

// groupAccounts collects the sampled Accounts; with partial, only each group's
// first one stands there whole.
func (w *view) groupAccounts(out *GroupedNotifications, n *social.Notices, partial bool) {
	whole, seen := map[social.ID]bool{}, map[social.ID]bool{}
	for i := range out.Groups {
		for at, id := range out.Groups[i].sampled {
			if !partial || at == 0 {
				whole[id] = true
			}
		}
	}
	if partial {
		out.Partial = &[]PartialAccount{}
	}
	for i := range out.Groups {
		for _, id := range out.Groups[i].sampled {
			actor := n.Actors[id]
			if actor == nil || seen[id] {
				continue
			}
			seen[id] = true
			if acc := w.account(actor); whole[id] {
				out.Accounts = append(out.Accounts, acc)
			} else {
				*out.Partial = append(*out.Partial, PartialAccount{
					ID: acc.ID.String(), Acct: acc.Acct, Locked: acc.Locked, Bot: acc.Bot, URL: acc.URL,
					Avatar: acc.Avatar, AvatarStatic: acc.AvatarStatic, AvatarAlt: acc.AvatarAlt,
				})
			}
		}
	}
}

// groupRows are the notifications of one group. A key ends with the hour in
// which they were made, and ids made here tell it, so that one read finds them.
func (a *API) groupRows(c *call, key string) (*social.Notices, error) {
	if id, ok := strings.CutPrefix(key, ungrouped); ok {
		n, ok := social.ParseID(id)
		if !ok {
			return nil, social.ErrNotFound
		}
		return a.Home.NotificationOf(c.ctx, c.viewer(), n)
	}
	typ, _, _ := strings.Cut(key, "-")
	hour, err := strconv.ParseInt(key[strings.LastIndexByte(key, '-')+1:], 10, 64)
	if err != nil || hour < 0 || hour > 1<<26 {
		return nil, social.ErrNotFound
	}
	const idsAnHour = 3_600_000 << 16
	n, err := a.Home.NotificationsOf(c.ctx, c.viewer(), social.NotificationQuery{
		Types: []social.NotificationType{social.NotificationType(typ)}, IncludeFiltered: true,
		Page: social.Page{MaxID: social.ID((hour + 1) * idsAnHour), SinceID: social.ID(max(hour*idsAnHour-1, 1)), Limit: maxGroupRead},
	})
	if err != nil {
		return nil, err
	}
	kept := n.Rows[:0]
	for i := range n.Rows {
		if n.Rows[i].GroupKey == key {
			kept = append(kept, n.Rows[i])
		}
	}
	n.Rows = kept
	if len(kept) == 0 {
		return nil, social.ErrNotFound
	}
	return n, nil
}

func notificationGroupShow(a *API, c *call) (any, error) {
	n, err := a.groupRows(c, c.PathValue("group_key"))
	if err != nil {
		return nil, err
	}
	p := &groupedPage{grouping: newGrouping(Params{}, 1), rows: make(map[string]*social.Notification), notices: []*social.Notices{n}}
	p.take(n)
	return a.grouped(c, p, false)
}

func notificationGroupAccounts(a *API, c *call) (any, error) {
	n, err := a.groupRows(c, c.PathValue("group_key"))
	if err != nil {
		return nil, err
	}
	var ids []social.ID
	for i := range n.Rows {
		ids = append(ids, n.Rows[i].Actor)
	}
	w, err := a.viewNotices(c.ctx, c.viewer(), n)
	if err != nil {
		return nil, err
	}
	out := accountList{}
	for _, id := range uniqueIDs(ids) {
		if actor := n.Actors[id]; actor != nil {
			out = append(out, w.account(actor))
		}
	}
	return out, nil
}

func notificationGroupDismiss(a *API, c *call) (any, error) {
	n, err := a.groupRows(c, c.PathValue("group_key"))
	if err != nil {
		return nil, err
	}
	ids := make([]social.ID, len(n.Rows))
	for i := range n.Rows {
		ids[i] = n.Rows[i].ID
	}
	return empty, a.dropNotifications(c, ids)
}

// notificationGroupsUnread counts groups, not notifications.
func notificationGroupsUnread(a *API, c *call) (any, error) {
	after, limit, err := a.unreadAfter(c)
	if err != nil {
		return nil, err
	}
	q, err := notificationQuery(c.in, unreadByDefault)
	if err != nil {
		return nil, err
	}
	q.User, q.Page = c.me(), social.Page{SinceID: after, Limit: limit}
	rows, err := a.Home.Store.Notifications(c.ctx, q)
	if err != nil {
		return nil, err
	}
	g := newGrouping(c.in, limit)
	for i := range rows {
		g.add(&rows[i])
	}
	return map[string]int{"count": len(g.groups)}, nil
}
