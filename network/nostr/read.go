package nostr

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"

	"engawa/internal/locale"
	"engawa/network"
	"engawa/social"
)

// cursor is how far a place was read: everything up to the second At, and of
// that second the events up to id ID. Without ID the place was read to its end,
// and what relays got late is looked for again over lateness.
type cursor struct {
	at int64
	id string
}

const (
	lateness = 600 // seconds
	ahead    = 900 // an event may be dated so far in the future
)

func parseCursor(s string) (c cursor) {
	at, id, _ := strings.Cut(s, ":")
	n, err := strconv.ParseInt(at, 10, 64)
	if err != nil || n < 0 || id != "" && !isHex32(id) {
		return cursor{}
	}
	return cursor{n, id}
}

func (c cursor) String() string {
	s := strconv.FormatInt(c.at, 10)
	if c.id != "" {
		s += ":" + c.id
	}
	return s
}

func (c cursor) since() int64 {
	if c.id == "" {
		return max(c.at-lateness, 0)
	}
	return c.at
}

// before reports whether e was read already.
func (c cursor) before(e *Event) bool {
	return c.id != "" && (e.At < c.at || e.At == c.at && e.ID <= c.id)
}

// authorsInFilter is how many authors one filter names: relays bound it.
const authorsInFilter = 500

// homeFilters ask for what follows and oneself say, boost and take back.
func homeFilters(me string, follows []string, since int64, limit int) (filters []filter) {
	authors := append([]string{me}, follows...)
	for chunk := range slices.Chunk(authors, authorsInFilter) {
		filters = append(filters, filter{Authors: chunk, Kinds: []int{kindNote, kindRepost, kindGeneric, kindDelete}, Since: since, Limit: limit})
	}
	return filters
}

func alertFilters(me string, since int64, limit int) []filter {
	return []filter{{P: []string{me}, Kinds: []int{kindNote, kindRepost, kindGeneric, kindReaction}, Since: since, Limit: limit}}
}

// pageSize is what is asked of each relay for one reading.
const pageSize = 500

// Read brings what came after the cursor, oldest first. Items come again within
// ten minutes before the end of the last reading; who stores them knows them.
func (n *Nostr) Read(ctx context.Context, l *social.Login, place social.LanePlace, from string, limit int) (*social.Batch, error) {
	s, err := n.signerOf(l)
	if err != nil {
		return nil, err
	}
	lists, err := n.relaysOf(ctx, l, s)
	if err != nil {
		return nil, err
	}
	at := parseCursor(from)
	limit = min(max(limit, 1), pageSize)
	ask := pageSize
	if from == "" {
		ask = limit
	}
	var filters []filter
	switch place {
	case social.LaneHome:
		follows, _, err := n.followsOf(ctx, l, s, lists.read, false)
		if err != nil {
			return nil, err
		}
		filters = homeFilters(l.Account, follows.keys, at.since(), ask)
	case social.LaneAlerts:
		filters = alertFilters(l.Account, at.since(), ask)
	default:
		return nil, network.NoWord("Nostr")
	}
	events, answered, err := n.askAll(ctx, lists.read, s, filters)
	if answered == 0 {
		return nil, away(locale.W("link.fail.relays_away"), err)
	}
	chosen, next := n.choose(events, at, limit, from == "")
	b := n.batch(ctx, l, s, lists.read, place, chosen)
	b.Cursor, b.More = next.String(), next.id != ""
	return b, nil
}

// choose takes, oldest first, at most limit events after the cursor; the
// newest when there was none.
func (n *Nostr) choose(events []seen, at cursor, limit int, first bool) (chosen []seen, next cursor) {
	latest := n.Clock.Now().Unix() + ahead
	events = slices.DeleteFunc(events, func(e seen) bool { return at.before(e.Event) || e.At > latest })
	sortEvents(events)
	next = cursor{at: at.at}
	if len(events) > limit {
		if !first {
			last := events[limit-1]
			return events[:limit], cursor{last.At, last.ID}
		}
		events = events[len(events)-limit:]
	}
	if len(events) > 0 {
		next.at = max(next.at, events[len(events)-1].At)
	}
	return events, next
}

func sortEvents(events []seen) {
	slices.SortFunc(events, func(a, b seen) int {
		return cmp.Or(cmp.Compare(a.At, b.At), cmp.Compare(a.ID, b.ID))
	})
}

// batch turns events into Items or Alerts, after fetching what they refer to.
func (n *Nostr) batch(ctx context.Context, l *social.Login, s signer, relays []string, place social.LanePlace, events []seen) *social.Batch {
	w := n.world(ctx, relays, s, events)
	b := &social.Batch{}
	for _, e := range events {
		if place == social.LaneAlerts {
			if a := w.alert(l.Account, e); a != nil {
				b.Alerts = append(b.Alerts, *a)
			}
			continue
		}
		b.Items = append(b.Items, w.items(e)...)
	}
	return b
}

// items is what an event brings to a home timeline. A deletion counts for posts
// of its author alone (NIP-09): what a relay still has by another stays.
func (w *world) items(e seen) (items []social.Item) {
	if e.Kind != kindDelete {
		if it := w.item(e, 0); it != nil {
			items = append(items, *it)
		}
		return items
	}
	who, _ := w.n.known(e.PubKey)
	for _, t := range e.Tags {
		if len(t) > 1 && t[0] == "e" && isHex32(t[1]) && len(items) < 100 {
			if of, ok := w.known[t[1]]; ok && of.PubKey != e.PubKey {
				continue
			}
			ref := w.n.refOf(t[1], e.PubKey, e.relay)
			items = append(items, social.Item{Ref: ref, URI: ref.URI, Author: who, Deleted: true})
		}
	}
	return items
}

// alert is what an event with my key in it tells me; nil: nothing.
func (w *world) alert(me string, e seen) *social.Alert {
	if e.PubKey == me {
		return nil
	}
	who, _ := w.n.known(e.PubKey)
	a := &social.Alert{ID: e.ID, By: who, At: e.At * 1000}
	about := lastTag(e.Event, "e")
	switch e.Kind {
	case kindNote:
		a.Type, a.Item = social.NotifyMention, w.item(e, 0)
		if q := e.tag("q"); isHex32(q) && w.known[q].Event != nil && w.known[q].PubKey == me {
			a.Type, about = social.NotifyQuote, q
		}
	case kindRepost, kindGeneric:
		a.Type = social.NotifyBoost
	case kindReaction:
		if e.Content == "-" {
			return nil
		}
		a.Type = social.NotifyFavourite
		if e.Content != "+" && e.Content != "" {
			a.Type, a.Emoji = social.NotifyReaction, short(e.Content)
		}
	}
	if isHex32(about) {
		a.About = w.n.refOf(about, me, e.relay)
		if of, ok := w.known[about]; ok && of.PubKey != me && e.Kind != kindNote {
			return nil // it is about somebody else's, and names me beside
		}
		if of, ok := w.known[about]; ok && a.Item == nil {
			a.Item = w.item(of, 0)
		}
	}
	return a
}

func lastTag(e *Event, name string) (value string) {
	for _, t := range e.Tags {
		if len(t) > 1 && t[0] == name {
			value = t[1]
		}
	}
	return value
}

// maxReferred is how many events a batch may fetch beside its own.
const maxReferred = 300

// world fetches what events refer to, then the profiles of everybody in them.
func (n *Nostr) world(ctx context.Context, relays []string, s signer, events []seen) *world {
	w := &world{n: n, known: make(map[string]seen)}
	for _, e := range events {
		w.known[e.ID] = e
	}
	var ids []string
	want := func(id string) {
		if _, ok := w.known[id]; !ok && isHex32(id) && len(ids) < maxReferred && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	for _, e := range events {
		switch e.Kind {
		case kindRepost, kindGeneric:
			if of := n.copied(e.Event); of != nil {
				w.known[of.ID] = seen{of, e.relay}
			} else {
				want(e.tag("e"))
			}
		case kindReaction:
			want(lastTag(e.Event, "e"))
		case kindNote:
			want(e.tag("q"))
		case kindDelete:
			for _, t := range e.Tags {
				if len(t) > 1 && t[0] == "e" {
					want(t[1])
				}
			}
		}
	}
	if len(ids) > 0 {
		more, _, _ := n.askAll(ctx, relays, s, []filter{{IDs: ids}}) // what is missing is left out
		for _, e := range more {
			w.known[e.ID] = e
		}
	}
	n.meet(ctx, relays, s, w.people())
	return w
}

// copied is the copy that a repost has of what it passes on (NIP-18), if it is
// genuine.
func (n *Nostr) copied(e *Event) *Event {
	if len(e.Content) < 2 {
		return nil
	}
	of, err := n.parse([]byte(e.Content))
	if err != nil || of.ID != e.tag("e") {
		return nil
	}
	return of
}

// people are the keys that the events show.
func (w *world) people() (keys []string) {
	for _, e := range w.known {
		keys = append(keys, e.PubKey)
		if e.Kind == kindRepost || e.Kind == kindGeneric {
			if of, ok := w.boosted(e); ok {
				keys = append(keys, of.PubKey)
			}
		}
		if e.Kind == kindNote {
			keys = append(keys, e.people()[:min(len(e.people()), 20)]...)
		}
	}
	slices.Sort(keys)
	return keys
}

// Thread brings a note with its root and the answers that name either (#e).
func (n *Nostr) Thread(ctx context.Context, l *social.Login, ref social.Ref, limit int) (*social.Batch, error) {
	s, err := n.signerOf(l)
	if err != nil {
		return nil, err
	}
	if !isHex32(ref.ID) {
		return nil, network.BadID("Nostr", short(ref.ID))
	}
	lists, err := n.relaysOf(ctx, l, s)
	if err != nil {
		return nil, err
	}
	relays := lists.read
	if relay, ok := cleanRelay(ref.Relay); ok && ref.Relay != "" {
		relays = addRelay(slices.Clone(relays), relay)
	}
	limit = min(max(limit, 1), pageSize)
	events, answered, err := n.askAll(ctx, relays, s, threadFilters(ref.ID, limit))
	if answered == 0 {
		return nil, away(locale.W("link.fail.relays_away"), err)
	}
	root := ""
	for _, e := range events {
		if e.ID == ref.ID {
			w := world{n: n}
			it := social.Item{}
			w.thread(&it, e)
			root = it.Root.ID
		}
	}
	if isHex32(root) && root != ref.ID {
		more, _, _ := n.askAll(ctx, relays, s, threadFilters(root, limit))
		known := make(map[string]bool)
		for _, e := range events {
			known[e.ID] = true
		}
		events = append(events, slices.DeleteFunc(more, func(e seen) bool { return known[e.ID] })...)
	}
	sortEvents(events)
	return n.batch(ctx, l, s, relays, social.LaneHome, events[:min(len(events), limit)]), nil
}

func threadFilters(id string, limit int) []filter {
	return []filter{{IDs: []string{id}, Kinds: []int{kindNote}}, {E: []string{id}, Kinds: []int{kindNote}, Limit: limit}}
}
