package social

import (
	"context"
	"slices"
)

// foldTime is how far apart two Posts that say the same may be to be one.
const foldTime = 48 * 3_600_000

// eventTime is how old something may be to be told to streams: what comes from
// before a gap stands in its place and is not news.
const eventTime = 3_600_000

// place puts what came into the List of the Link and, where its Lane is merged,
// into Home; what is one with something that stands there already is folded.
func (v *arrival) place(ctx context.Context, things []*thing) error {
	if v.link.List == 0 && !v.link.Merge {
		return nil
	}
	var tops []*came
	for _, x := range things {
		if c := v.at[x]; c != nil && c.by != nil {
			tops = append(tops, c)
		}
	}
	if len(tops) == 0 {
		return nil
	}
	tops, err := v.wanted(ctx, tops)
	if err != nil {
		return err
	}
	stacks, err := v.foldAll(ctx, tops)
	if err != nil {
		return err
	}
	var all []ID
	for _, c := range tops {
		all = append(append(all, c.p.ID, c.p.Subject()), stacks.with(c.p.Subject())...)
	}
	all = unique(all)
	inList, err := v.InList(ctx, v.link.List, all)
	if err != nil {
		return err
	}
	inHome := map[ID]bool{}
	if v.link.Merge {
		if inHome, err = v.InHome(ctx, v.me.ID, all); err != nil {
			return err
		}
	}
	for _, c := range tops {
		if err := v.put(ctx, c, stacks, inList, inHome); err != nil {
			return err
		}
	}
	return nil
}

// wanted leaves out whom the User muted or blocked.
func (v *arrival) wanted(ctx context.Context, tops []*came) ([]*came, error) {
	var authors []ID
	for _, c := range tops {
		authors = append(authors, c.p.Actor)
		if c.boost != nil {
			authors = append(authors, v.at[c.boost].p.Actor)
		}
	}
	rels, err := v.Relations(ctx, v.me.ID, unique(authors))
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(tops, func(c *came) bool {
		return !WantsToSee(rels[c.p.Actor]) || (c.boost != nil && !WantsToSee(rels[v.at[c.boost].p.Actor]))
	}), nil
}

// put gives one Post its places, unless one of its stack stands there.
func (v *arrival) put(ctx context.Context, c *came, s *stacks, inList, inHome map[ID]bool) error {
	stands := func(in map[ID]bool) bool {
		if in[c.p.ID] {
			return true
		}
		for _, id := range append(s.with(c.p.Subject()), c.p.Subject()) {
			if in[id] && id != c.p.ID && (c.boost == nil || c.p.CreatedAt-v.at[c.boost].p.CreatedAt < foldTime) {
				return true
			}
		}
		return false
	}
	e := Event{Type: PostCreated, Post: c.p.ID, Actor: c.p.Actor, Media: c.p.MediaCount > 0}
	if v.link.List != 0 && !stands(inList) {
		if err := v.AddLists(ctx, []ID{v.link.List}, c.p); err != nil {
			return err
		}
		inList[c.p.ID], inList[c.p.Subject()], e.Lists = true, true, []ID{v.link.List}
	}
	if v.link.Merge && !stands(inHome) {
		if err := v.AddHome(ctx, []ID{v.me.ID}, c.p); err != nil {
			return err
		}
		inHome[c.p.ID], inHome[c.p.Subject()], e.Home = true, true, []ID{v.me.ID}
	}
	if len(e.Lists)+len(e.Home) > 0 && v.now-c.p.CreatedAt < eventTime {
		v.emit(e)
	}
	return nil
}

// stacks are the folds of a User among some Posts.
type stacks struct {
	heads map[ID]ID   // of those folded
	under map[ID][]ID // by head
	apart map[ID]bool // kept apart by the person
}

func (s *stacks) add(f *Fold) {
	switch {
	case f.Grade == 0:
		s.apart[f.Post] = true
	case s.heads[f.Post] == 0:
		s.heads[f.Post] = f.Head
		s.under[f.Head] = append(s.under[f.Head], f.Post)
	}
}

// head is the Post that stands for id.
func (s *stacks) head(id ID) ID {
	if h := s.heads[id]; h != 0 {
		return h
	}
	return id
}

// with are the others of id's stack.
func (s *stacks) with(id ID) []ID {
	h := s.head(id)
	list := slices.DeleteFunc(slices.Clone(s.under[h]), func(x ID) bool { return x == id })
	if h != id {
		list = append(list, h)
	}
	return list
}

func (t *turn) stacksOf(ctx context.Context, user ID, posts []ID) (*stacks, error) {
	rows, err := t.Folds(ctx, user, unique(posts))
	return newStacks(rows), err
}

func newStacks(rows []Fold) *stacks {
	s := &stacks{heads: map[ID]ID{}, under: map[ID][]ID{}, apart: map[ID]bool{}}
	for i := range rows {
		s.add(&rows[i])
	}
	return s
}

// foldAll folds those of tops that are one with something that is here.
func (v *arrival) foldAll(ctx context.Context, tops []*came) (*stacks, error) {
	var marks []int64
	oldest := v.now
	var ids []ID
	for _, c := range tops {
		ids = append(ids, c.p.ID, c.p.Subject())
		if c.boost == nil && c.mark != 0 {
			marks, oldest = append(marks, c.mark), min(oldest, c.p.CreatedAt)
		}
		for _, p := range v.declared(c.thing) {
			ids = append(ids, p.ID)
		}
	}
	rows, err := v.LaneMarks(ctx, v.me.ID, marks, oldest-foldTime)
	if err != nil {
		return nil, err
	}
	for i := range rows {
		ids = append(ids, rows[i].Post)
	}
	s, err := v.stacksOf(ctx, v.me.ID, ids)
	if err != nil {
		return nil, err
	}
	likely, err := v.likely(ctx, rows)
	if err != nil {
		return nil, err
	}
	for _, c := range tops {
		if c.boost != nil || s.apart[c.p.ID] || s.heads[c.p.ID] != 0 || len(s.under[c.p.ID]) > 0 {
			continue
		}
		f := v.foldOf(c, likely)
		if f == nil || s.apart[f.Head] {
			continue
		}
		if f.Head = s.head(f.Head); f.Head == f.Post {
			continue
		}
		if err := v.PutFold(ctx, f); err != nil {
			return nil, err
		}
		s.add(f)
	}
	return s, nil
}

// declared are the Posts here that a thing says it is the same as.
func (v *arrival) declared(x *thing) (list []*Post) {
	if x.item.Deleted || x.boost != nil {
		return nil
	}
	keys := otherAddresses(x.uri)
	for _, same := range x.same {
		keys = append(append(keys, same), otherAddresses(same)...)
	}
	for _, key := range keys {
		if p := v.postAt(Ref{ID: key, URI: key}); p != nil && p.BoostOf == 0 {
			list = append(list, p)
		}
	}
	return list
}

// twin is a Post that says the same as another.
type twin struct {
	p  *Post
	by *Actor
}

// likely loads the Posts of rows that share marks, by mark, oldest first.
func (t *turn) likely(ctx context.Context, rows []LaneRow) (map[int64][]twin, error) {
	if len(rows) == 0 {
		return nil, nil
	}
	var ids []ID
	for i := range rows {
		ids = append(ids, rows[i].Post)
	}
	posts, err := t.Posts(ctx, unique(ids))
	if err != nil {
		return nil, err
	}
	byID, authors := make(map[ID]*Post, len(posts)), []ID(nil)
	for _, p := range posts {
		byID[p.ID], authors = p, append(authors, p.Actor)
	}
	actors, err := t.Actors(ctx, unique(authors))
	if err != nil {
		return nil, err
	}
	people := make(map[ID]*Actor, len(actors))
	for _, a := range actors {
		people[a.ID] = a
	}
	out := make(map[int64][]twin)
	for i := range rows {
		if p := byID[rows[i].Post]; p != nil && people[p.Actor] != nil {
			out[rows[i].Mark] = append(out[rows[i].Mark], twin{p, people[p.Actor]})
		}
	}
	return out, nil
}

// foldOf judges by the grades: declared, then likely.
func (v *arrival) foldOf(c *came, likely map[int64][]twin) *Fold {
	for _, p := range v.declared(c.thing) {
		if p.ID == c.p.ID {
			continue
		}
		f := &Fold{User: v.me.ID, Post: c.p.ID, Head: p.ID, Grade: 2, Why: "its network says that it is " + p.URI}
		if p.Actor == v.me.ID {
			f.Grade, f.Why = 3, "it is a copy of your own post"
		}
		return f
	}
	by := *c.by
	if v.isMe(&c.item.Author) {
		by.Aliases = append(slices.Clip(by.Aliases), v.me.URI)
	}
	return v.foldInto(v.me.ID, c.p, &by, likely[c.mark])
}

// foldInto finds, among Posts with the same words, one of the same person at
// about the same time.
func (t *turn) foldInto(user ID, p *Post, by *Actor, twins []twin) *Fold {
	for _, w := range twins {
		if w.p.ID == p.ID || w.p.MediaCount > 0 != (p.MediaCount > 0) || abs(w.p.CreatedAt-p.CreatedAt) > foldTime {
			continue
		}
		if w.by.ID == by.ID && w.p.Origin == p.Origin && hostOf(w.p.URI) == hostOf(p.URI) {
			continue // said twice in one place
		}
		if why, ok := samePerson(w.by, by); ok {
			return &Fold{User: user, Post: p.ID, Head: w.p.ID, Grade: 4, Why: "the same words, and " + why}
		}
	}
	return nil
}

func abs(n int64) int64 {
	if n < 0 {
		return -n
	}
	return n
}

// foldHome keeps a Post of the fediverse out of the Homes where a merged Lane
// shows the same already, and notes it there, so that Lanes find it.
func (t *turn) foldHome(ctx context.Context, p *Post, r *reach) error {
	if len(r.merged) == 0 || p.BoostOf != 0 {
		return nil
	}
	mark := wordsMark(wordsIn(p))
	author, err := t.Actor(ctx, p.Actor)
	if err != nil {
		return err
	}
	for _, user := range r.merged {
		var f *Fold
		if user != p.Actor { // one's own stands for itself
			if f, err = t.foldFor(ctx, user, p, author, mark); err != nil {
				return err
			}
		}
		if f != nil {
			if err := t.PutFold(ctx, f); err != nil {
				return err
			}
			r.home = slices.DeleteFunc(r.home, func(id ID) bool { return id == user })
		}
		if mark == 0 {
			continue
		}
		row := LaneRow{User: user, Post: p.ID, Ref: Ref{ID: user.String() + ":" + p.ID.String()}, Mark: mark, At: t.now}
		if _, err := t.PutLaneRow(ctx, &row); err != nil {
			return err
		}
	}
	return nil
}

// foldFor is the fold of a new Post into what stands in a User's Home; nil: there is none.
func (t *turn) foldFor(ctx context.Context, user ID, p *Post, author *Actor, mark int64) (*Fold, error) {
	var f *Fold
	if others := otherAddresses(p.URI); len(others) > 0 {
		rows, err := t.Addresses(ctx, others)
		if err != nil {
			return nil, err
		}
		for i := range rows {
			if rows[i].isPost() && rows[i].Target != p.ID && f == nil {
				f = &Fold{User: user, Post: p.ID, Head: rows[i].Target, Grade: 2, Why: "its network says that it is " + rows[i].URI}
			}
		}
	}
	if f == nil && mark != 0 {
		rows, err := t.LaneMarks(ctx, user, []int64{mark}, p.CreatedAt-foldTime)
		if err != nil {
			return nil, err
		}
		twins, err := t.likely(ctx, rows)
		if err != nil {
			return nil, err
		}
		f = t.foldInto(user, p, author, twins[mark])
	}
	if f == nil {
		return nil, nil
	}
	s, err := t.stacksOf(ctx, user, []ID{f.Head, p.ID})
	if err != nil || s.apart[p.ID] || s.apart[f.Head] {
		return nil, err
	}
	f.Head = s.head(f.Head)
	in, err := t.InHome(ctx, user, append(s.with(f.Head), f.Head))
	if err != nil || len(in) == 0 || f.Head == p.ID {
		return nil, err
	}
	return f, nil
}
