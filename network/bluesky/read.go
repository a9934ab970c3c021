package bluesky

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"engawa/social"
)

const (
	maxPage  = 50 // entries of one answer: it stays below maxAnswer
	maxPages = 10 // how far back one reading looks for where the last one ended
	// overlap is how far before the newest entry of the last reading is looked
	// again: entries arrive in the AppView a little out of order.
	overlap = 2 * 60 * 1000
	// maxSeen bounds the entries remembered within the overlap.
	maxSeen = 200
)

// entry is one thing of a feed.
type entry struct {
	key  string
	at   social.Millis // when the AppView had it
	sort social.Millis // by which the feed is sorted: older for what was written before
	item *social.Item
	note *notification
}

// mark64 is short for a key.
func (e *entry) mark() string {
	h := fnv.New64a()
	h.Write([]byte(e.key))
	return strconv.FormatUint(h.Sum64(), 36)
}

// place is how far a feed was read: the time of the latest arrival, and what was
// seen within the overlap before it. What arrived until floor, before the first
// reading began, is not looked for.
type place struct {
	at    social.Millis
	floor social.Millis
	seen  map[string]social.Millis
}

// since is the time until which all is known.
func (p *place) since() social.Millis { return max(p.at-overlap, p.floor) }

// A cursor is "at.floor.time.mark.time.mark…", the numbers in base 36, floor and
// times as milliseconds before at.
func parsePlace(cursor string) (place, error) {
	p := place{seen: make(map[string]social.Millis)}
	if cursor == "" {
		return p, nil
	}
	bad := fmt.Errorf("bluesky: %q is no cursor of this network", clip(cursor, 40))
	parts := strings.Split(cursor, ".")
	if len(parts)%2 != 0 || len(parts) > 2*maxSeen+2 {
		return p, bad
	}
	at, err := strconv.ParseInt(parts[0], 36, 52)
	floor, ferr := strconv.ParseInt(parts[1], 36, 32)
	if err != nil || ferr != nil || at <= 0 || floor < 0 {
		return p, bad
	}
	p.at, p.floor = at, at-floor
	for i := 2; i < len(parts); i += 2 {
		ago, err := strconv.ParseInt(parts[i], 36, 32)
		if err != nil || ago < 0 || len(parts[i+1]) > 13 {
			return p, bad
		}
		p.seen[parts[i+1]] = at - ago
	}
	return p, nil
}

func (p *place) String() string {
	marks := make([]string, 0, len(p.seen))
	for m, at := range p.seen {
		if at > p.since() {
			marks = append(marks, m)
		}
	}
	slices.SortFunc(marks, func(a, b string) int {
		return cmp.Or(cmp.Compare(p.seen[b], p.seen[a]), cmp.Compare(a, b))
	})
	marks = marks[:min(len(marks), maxSeen)]
	var b strings.Builder
	b.WriteString(strconv.FormatInt(p.at, 36))
	b.WriteByte('.')
	b.WriteString(strconv.FormatInt(p.at-p.since(), 36))
	for _, m := range marks {
		b.WriteByte('.')
		b.WriteString(strconv.FormatInt(p.at-p.seen[m], 36))
		b.WriteByte('.')
		b.WriteString(m)
	}
	return b.String()
}

// forget drops what is before the overlap, so that the place stays small.
func (p *place) forget() {
	if len(p.seen) <= 2*maxSeen {
		return
	}
	for m, at := range p.seen {
		if at <= p.since() {
			delete(p.seen, m)
		}
	}
	if len(p.seen) > 2*maxSeen {
		clear(p.seen)
	}
}

func (p *place) knows(e *entry) bool {
	_, seen := p.seen[e.mark()]
	return seen || p.at != 0 && e.at <= p.since()
}

func (p *place) note(e *entry) {
	p.at = max(p.at, e.at)
	p.seen[e.mark()] = e.at
}

// Read brings the home timeline or the notifications. After a pause it looks
// back at most 500 entries, and what is older is not brought.
func (n *Network) Read(ctx context.Context, l *social.Login, at social.LanePlace, cursor string, limit int) (*social.Batch, error) {
	c, err := n.open(l)
	if err != nil {
		return nil, err
	}
	from, err := parsePlace(cursor)
	if err != nil {
		return nil, err
	}
	page := c.timeline
	if at == social.LaneAlerts {
		page = c.notifications
	}
	limit = max(limit, 1)
	fresh, err := walk(ctx, page, &from, limit)
	if err != nil {
		return nil, n.failure("reading", err)
	}
	more := false
	if len(fresh) > limit {
		if cursor == "" {
			fresh = fresh[len(fresh)-limit:]
		} else {
			fresh, more = fresh[:limit], true
		}
	}
	if cursor == "" && len(fresh) > 0 {
		from.floor = fresh[0].at - 1
	}
	b := &social.Batch{More: more}
	for i := range fresh {
		from.note(&fresh[i])
		if fresh[i].item != nil {
			b.Items = append(b.Items, *fresh[i].item)
		}
	}
	if at == social.LaneAlerts {
		if b.Alerts, err = c.alerts(ctx, fresh); err != nil {
			return nil, n.failure("reading", err)
		}
	}
	b.Cursor = cursor
	if len(fresh) > 0 {
		b.Cursor = from.String()
	}
	return b, nil
}

// pager reads one page of a feed, newest first, and where the next one is ("": nowhere).
type pager func(ctx context.Context, cursor string, limit int) ([]entry, string, error)

// walk collects what is new since from, oldest first. The first reading is one page.
func walk(ctx context.Context, page pager, from *place, limit int) ([]entry, error) {
	var fresh []entry
	next := ""
	limit = min(limit, maxPage)
	for range maxPages {
		entries, after, err := page(ctx, next, limit)
		if errors.Is(err, errLong) && limit > 1 {
			limit = max(limit/8, 1)
			entries, after, err = page(ctx, next, limit)
		}
		if err != nil {
			return nil, err
		}
		known := false
		for i := range entries {
			if from.knows(&entries[i]) {
				known = known || entries[i].sort <= from.since()
				continue
			}
			fresh = append(fresh, entries[i])
		}
		if known || after == "" || after == next || from.at == 0 || len(entries) == 0 {
			break
		}
		next = after
	}
	slices.Reverse(fresh)
	return fresh, nil
}

func pageQuery(cursor string, limit int) url.Values {
	q := url.Values{"limit": {strconv.Itoa(limit)}}
	if cursor != "" {
		q.Set("cursor", cursor)
	}
	return q
}

func (c *caller) timeline(ctx context.Context, cursor string, limit int) ([]entry, string, error) {
	var out struct {
		Cursor string     `json:"cursor"`
		Feed   []feedPost `json:"feed"`
	}
	if err := c.get(ctx, "app.bsky.feed.getTimeline", pageQuery(cursor, limit), &out); err != nil {
		return nil, "", err
	}
	entries := make([]entry, 0, len(out.Feed))
	for i := range out.Feed[:min(len(out.Feed), maxPage)] {
		if it := out.Feed[i].item(); it != nil {
			entries = append(entries, entry{key: it.URI, at: out.Feed[i].at(), sort: it.At, item: it})
		}
	}
	return entries, clip(out.Cursor, 1024), nil
}

func (c *caller) notifications(ctx context.Context, cursor string, limit int) ([]entry, string, error) {
	var out struct {
		Cursor string         `json:"cursor"`
		List   []notification `json:"notifications"`
	}
	if err := c.get(ctx, "app.bsky.notification.listNotifications", pageQuery(cursor, limit), &out); err != nil {
		return nil, "", err
	}
	entries := make([]entry, 0, len(out.List))
	for i := range out.List[:min(len(out.List), maxPage)] {
		nt := &out.List[i]
		if _, ok := parseURI(nt.URI); ok {
			at := moment(nt.At)
			entries = append(entries, entry{key: nt.URI + " " + nt.Reason, at: at, sort: at, note: nt})
		}
	}
	return entries, clip(out.Cursor, 1024), nil
}

// reasons are the notifications that are known here (app.bsky.notification.listNotifications).
var reasons = map[string]social.NotificationType{
	"like": social.NotifyFavourite, "like-via-repost": social.NotifyFavourite,
	"repost": social.NotifyBoost, "repost-via-repost": social.NotifyBoost,
	"follow": social.NotifyFollow, "mention": social.NotifyMention, "reply": social.NotifyMention, "quote": social.NotifyQuote,
	"subscribed-post": social.NotifyStatus,
}

// alerts are entries as notifications, with the posts concerned.
func (c *caller) alerts(ctx context.Context, entries []entry) ([]social.Alert, error) {
	var uris []string
	for i := range entries {
		if uri := entries[i].note.concerned(); uri != "" {
			uris = addOnce(uris, uri)
		}
	}
	found, err := c.postsAt(ctx, uris)
	if err != nil {
		return nil, err
	}
	var out []social.Alert
	for i := range entries {
		nt := entries[i].note
		kind := reasons[nt.Reason]
		if kind == "" || !validDID(nt.Author.DID) {
			continue
		}
		a := social.Alert{ID: nt.URI, Type: kind, By: nt.Author.stranger(), At: entries[i].at, About: refOf(nt.Subject, "")}
		if v := found[nt.concerned()]; v != nil {
			a.Item = v.item()
			if v.Author.DID == c.did {
				a.About = refOf(v.URI, v.CID)
			}
		}
		if kind != social.NotifyFollow && a.Item == nil {
			continue // deleted meanwhile
		}
		out = append(out, a)
	}
	return out, nil
}

// concerned is the post that a notification is about: of a like or repost mine,
// of an answer the answer; "" for follows and what is not known here.
func (nt *notification) concerned() string {
	var uri string
	switch reasons[nt.Reason] {
	case social.NotifyFavourite, social.NotifyBoost:
		var r struct {
			Subject strongRef `json:"subject"`
		}
		_ = loose(nt.Record, &r)
		uri = or(r.Subject.URI, nt.Subject)
	case social.NotifyMention, social.NotifyQuote, social.NotifyStatus:
		uri = nt.URI
	}
	if u, ok := parseURI(uri); !ok || u.collection != posts {
		return ""
	}
	return uri
}
