package social

import (
	"context"
	"slices"
	"time"
)

// laneBatch is how many Items one transaction takes.
const laneBatch = 100

// Arrive keeps what a Link read: Items become Posts of Origin Linked that the
// Link's User sees (or are the Posts that are here already), in the List of the
// Link and, where its Lane is merged, in Home; Alerts become notifications. What
// is the same as something that is here is folded (Fold). It may run twice.
//
// Nothing in a Batch is trusted: texts are sanitised, addresses and sizes
// bounded, nobody is shown to anybody else, and nothing is changed that did not
// come through Links.
func (h *Home) Arrive(ctx context.Context, l *Link, b *Batch) error {
	for items := range slices.Chunk(b.Items, laneBatch) {
		if err := h.arrive(ctx, l, items, nil, true); err != nil {
			return err
		}
	}
	for alerts := range slices.Chunk(b.Alerts, laneBatch) {
		if err := h.arrive(ctx, l, nil, alerts, false); err != nil {
			return err
		}
	}
	return nil
}

// ArriveThread keeps what a Link read around a Post, without putting it into feeds.
func (h *Home) ArriveThread(ctx context.Context, l *Link, b *Batch) error {
	for items := range slices.Chunk(b.Items, laneBatch) {
		if err := h.arrive(ctx, l, items, nil, false); err != nil {
			return err
		}
	}
	return nil
}

// arrival is a Batch being kept inside one transaction.
type arrival struct {
	*turn
	link  *Link
	links []Link // all of the User's
	me    *Actor

	known  map[string]*Address // by URI
	refs   map[string]ID       // Posts by the Link's ids
	posts  map[ID]*Post
	copies map[string]*Copy // by id and URI there
	people map[string]*Actor
	came   []*came
	at     map[*thing]*came
}

// came is what became of a thing.
type came struct {
	*thing
	p     *Post
	by    *Actor // nil for one's own Copies
	fresh bool   // a new row
}

func (h *Home) arrive(ctx context.Context, l *Link, items []Item, alerts []Alert, feeds bool) error {
	now := h.now()
	var things []*thing
	for i := range items {
		if x := clean(&items[i], now, 0); x != nil {
			things = append(things, x)
		}
	}
	heard := make([]*thing, len(alerts))
	for i := range alerts {
		if alerts[i].Item != nil {
			heard[i] = clean(alerts[i].Item, now, 0)
		}
	}
	var t *turn
	err := h.Store.Write(ctx, func(tx Tx) error {
		t = &turn{Tx: tx, h: h, a: &Activity{Verb: Create, Origin: Linked}, now: now}
		v := &arrival{turn: t, people: map[string]*Actor{}, at: map[*thing]*came{}}
		there, err := v.begin(ctx, l)
		if err != nil || !there {
			return err
		}
		if err := v.load(ctx, things, heard, alerts); err != nil {
			return err
		}
		for _, x := range things {
			if err := v.take(ctx, x); err != nil {
				return err
			}
		}
		if feeds {
			if err := v.place(ctx, things); err != nil {
				return err
			}
		}
		for i := range alerts {
			if err := v.hear(ctx, &alerts[i], heard[i]); err != nil {
				return err
			}
		}
		if err := v.place(ctx, v.calls(alerts, heard)); err != nil {
			return err
		}
		return t.enqueue(ctx)
	})
	if err == nil {
		h.after(t)
	}
	return err
}

// begin reports whether the Link is still there.
func (v *arrival) begin(ctx context.Context, l *Link) (bool, error) {
	var err error
	if v.links, err = v.Links(ctx, l.User); err != nil {
		return false, err
	}
	i := slices.IndexFunc(v.links, func(x Link) bool { return x.ID == l.ID })
	if i < 0 {
		return false, nil
	}
	v.link = &v.links[i]
	v.me, err = v.Actor(ctx, l.User)
	v.actor = v.me
	return err == nil, err
}

// load reads all that the things name, in a constant number of queries.
func (v *arrival) load(ctx context.Context, things, heard []*thing, alerts []Alert) error {
	var uris, refs []string
	note := func(r Ref) {
		if r.ID != "" {
			refs = append(refs, r.ID)
		}
		if r.URI != "" {
			uris = append(uris, r.URI)
		}
	}
	for _, x := range append(slices.Clone(things), heard...) {
		if x == nil {
			continue
		}
		x.each(func(x *thing) {
			note(x.item.Ref)
			note(x.item.Parent)
			uris = append(append(append(uris, x.uri, strangerURI(&x.item.Author)), otherAddresses(x.uri)...), x.same...)
			for _, same := range x.same {
				uris = append(uris, otherAddresses(same)...)
			}
			for i := range x.item.Mentions[:min(len(x.item.Mentions), laneNames)] {
				uris = append(uris, strangerURI(&x.item.Mentions[i]))
			}
		})
	}
	for i := range alerts {
		note(alerts[i].About)
		uris = append(uris, strangerURI(&alerts[i].By))
	}
	return v.lookUp(ctx, tidy(uris), tidy(refs))
}

// tidy leaves each text that can be an address once.
func tidy(list []string) []string {
	list = slices.DeleteFunc(list, func(s string) bool { return s == "" || len(s) > laneURI })
	slices.Sort(list)
	return slices.Compact(list)
}

func (v *arrival) lookUp(ctx context.Context, uris, refs []string) error {
	rows, err := v.Addresses(ctx, uris)
	if err != nil {
		return err
	}
	v.known = make(map[string]*Address, len(rows))
	var ids []ID
	for i := range rows {
		v.known[rows[i].URI] = &rows[i]
		if rows[i].isPost() {
			ids = append(ids, rows[i].Target)
		}
	}
	if v.refs, err = v.LanePosts(ctx, v.link.ID, refs); err != nil {
		return err
	}
	for _, id := range v.refs {
		ids = append(ids, id)
	}
	copies, err := v.CopiesByRef(ctx, v.me.ID, tidy(append(slices.Clone(refs), uris...)))
	if err != nil {
		return err
	}
	v.copies = make(map[string]*Copy, 2*len(copies))
	for i := range copies {
		c := &copies[i]
		if known := v.copies[c.Ref.ID]; known == nil || c.Link == v.link.ID { // ids of two servers may be alike
			v.copies[c.Ref.ID] = c
		}
		if c.Ref.URI != "" {
			v.copies[c.Ref.URI] = c
		}
		ids = append(ids, c.Post)
	}
	posts, err := v.Posts(ctx, unique(ids))
	v.posts = make(map[ID]*Post, len(posts))
	for _, p := range posts {
		v.posts[p.ID] = p
	}
	return err
}

// ownCopy is the Copy that stands at a Ref, if one does.
func (v *arrival) ownCopy(r Ref, uri string) *Copy {
	if c := v.copies[uri]; c != nil && uri != "" {
		return c
	}
	if c := v.copies[r.URI]; c != nil && r.URI != "" {
		return c
	}
	c := v.copies[r.ID]
	if c == nil || r.ID == "" {
		return nil
	}
	if i := slices.IndexFunc(v.links, func(l Link) bool { return l.ID == c.Link }); i >= 0 && v.sameIDs(&v.links[i]) {
		return c
	}
	return nil
}

// take keeps one thing with what stands within it.
func (v *arrival) take(ctx context.Context, x *thing) error {
	for _, in := range []*thing{x.quote, x.boost} {
		if in != nil {
			if err := v.take(ctx, in); err != nil {
				return err
			}
		}
	}
	if x.item.Deleted {
		return v.gone(ctx, x)
	}
	if c := v.ownCopy(x.item.Ref, x.uri); c != nil && x.boost == nil {
		p := v.posts[c.Post]
		if p == nil { // it is deleted here; what stands there will follow
			return nil
		}
		return v.seen(ctx, &came{thing: x, p: p})
	}
	by, err := v.person(ctx, &x.item.Author)
	if err != nil || by == nil {
		return err
	}
	c := &came{thing: x, by: by}
	if x.boost != nil && (v.at[x.boost] == nil || v.at[x.boost].p.BoostOf != 0) {
		return nil
	}
	if c.p, err = v.here(ctx, x, by); err != nil {
		return err
	}
	if c.p != nil {
		if err := v.again(ctx, c); err != nil {
			return err
		}
	} else if err := v.insert(ctx, c); err != nil || c.p == nil {
		return err
	}
	return v.seen(ctx, c)
}

// seen notes where the Link saw it.
func (v *arrival) seen(ctx context.Context, c *came) error {
	ref := c.item.Ref
	if ref.Author == "" {
		ref.Author = c.item.Author.ID
	}
	counts := Counters{counted(c.item.Counts.Replies), counted(c.item.Counts.Boosts), counted(c.item.Counts.Favourites), counted(c.item.Counts.Quotes)}
	row := LaneRow{Link: v.link.ID, User: v.me.ID, Post: c.p.ID, Ref: boundRef(ref), Mark: c.mark, Counts: counts, At: v.now}
	first, err := v.PutLaneRow(ctx, &row)
	if err != nil {
		return err
	}
	if !first && counts != (Counters{}) {
		if err := v.CountLaneRow(ctx, v.link.ID, ref.ID, counts); err != nil {
			return err
		}
	}
	v.refs[ref.ID] = c.p.ID
	v.posts[c.p.ID] = c.p
	v.came, v.at[c.thing] = append(v.came, c), c
	if first {
		return v.mineThere(ctx, c)
	}
	return nil
}

func boundRef(r Ref) Ref {
	r.URI, r.URL = cutText(r.URI, laneURI), webAddress(r.URL)
	r.CID, r.Author, r.Relay = cutText(r.CID, 512), cutText(r.Author, laneURI), cutText(r.Relay, laneURI)
	return r
}

// mineThere shows as done here what the linked account did there.
func (v *arrival) mineThere(ctx context.Context, c *came) error {
	if !c.item.Mine.Favourited || c.p.Origin != Linked || c.boost != nil {
		return nil
	}
	r := &Reaction{ID: v.h.newID(), Post: c.p.ID, Actor: v.me.ID, Content: Favourite, CreatedAt: v.now}
	r.URI = likeURI(v.me, r.ID)
	fresh, err := v.PutReaction(ctx, r)
	if err != nil || !fresh {
		return err
	}
	return v.PutDeed(ctx, &DeedRow{User: v.me.ID, Target: c.p.ID, Verb: Like, Content: Favourite, Link: v.link.ID, At: v.now})
}

// idFor is an id at the time when something was said.
func (v *arrival) idFor(at Millis) ID {
	if at < v.now {
		return ID(v.h.IDs.At(time.UnixMilli(at)))
	}
	return v.h.newID()
}
