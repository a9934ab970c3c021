package relay

import (
	"context"
	"errors"
	"slices"
	"time"

	"engawa/internal/locale"
	"engawa/social"
)

const (
	// openLimit is how many open Copies of a Link are looked at together.
	openLimit = 500
	// settle is how long after its beginning an uncertain sending is looked for:
	// networks show a new post to their own readers a little later.
	settle social.Millis = 20_000
	// turnTime is how long one Job works on a Link before it lets a new one go on.
	turnTime social.Millis = 120_000
	// patience is how many failures in a row of the oldest Copy hold all others of
	// a Link up; after that a younger one tries whether it is the Link or the post.
	patience = 3
	// maxTries is when the person is asked about a Copy that never gets through:
	// after about four days.
	maxTries = 100
	// longFails is when the person is told that an account does not take its
	// oldest Copy: after about six hours.
	longFails = 13
	// maxGuesses bounds the sendings of a Copy whose outcome stays unknown.
	maxGuesses = 6
)

// entry is a Copy with its Part opened.
type entry struct {
	*social.Copy
	stored
}

// courier works off one Link.
type courier struct {
	*Ledger
	line  *line
	link  *social.Link
	login *social.Login
	net   Network
	also  social.ID // the Post that woke it
	began social.Millis

	tried    social.ID // the oldest Copy, when it failed in this turn
	triedDue social.Millis
	probed   bool // a younger one was tried after it
}

// HandleCopy brings the open Copies of a Link (Job.Ref) there: all that are due,
// oldest first. Job.Target is a Post whose Copies are among them.
func (l *Ledger) HandleCopy(ctx context.Context, j *social.Job) error {
	line, free := l.take(j.Ref)
	if !free {
		return &Later{After: time.Second, Err: errors.New("another job works on this link")}
	}
	defer l.leave(line)
	link, err := l.Home.Store.Link(ctx, 0, j.Ref)
	if social.IsKind(err, social.NotFound) {
		return l.abandon(ctx, j.Ref)
	}
	if err != nil || link.State != social.LinkActive {
		return err // who activates it wakes it
	}
	c := &courier{Ledger: l, line: line, link: link, net: l.Networks[link.Network], began: l.now()}
	c.also, _ = social.ParseID(j.Target)
	if c.net == nil {
		return nil // of a network that this program does not speak (any more)
	}
	if c.login, err = l.Login(ctx, link); err != nil {
		return c.locked(ctx, err)
	}
	return c.run(ctx)
}

// locked marks a Link whose credentials cannot be opened: the key of the home is
// another one, or they are damaged. Linking again mends it.
func (c *courier) locked(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return err
	}
	cause := &social.LinkError{Class: social.Reconnect, Message: locale.W("link.fail.sealed"), Remedy: locale.W("link.do.relink"), Err: err}
	c.log().Error("a link's credentials cannot be opened", "link", c.link.ID, "err", err)
	if err := c.tellReconnect(ctx, c.link, cause); err != nil {
		return err
	}
	return c.write(ctx, func(w *writing) error { return w.unwell(ctx, c.link, cause, social.LinkReconnect) })
}

// run takes one step after the other until nothing is due or the Link is down.
func (c *courier) run(ctx context.Context) error {
	for {
		if c.now()-c.began > turnTime {
			return c.write(ctx, func(w *writing) error { w.wake(c.link.ID, c.also, w.now); return nil })
		}
		groups, err := c.open(ctx)
		if err != nil {
			return err
		}
		g, e, err := c.choose(ctx, groups)
		if err != nil || e == nil {
			return err
		}
		if err := c.step(ctx, g, e); err != nil || c.link.State != social.LinkActive {
			return err
		}
	}
}

// group is the Copy of one Post: its open rows and, where asked, all.
type group struct {
	post social.ID
	rows []entry // open, by number
}

// open reads the open Copies, a group a Post, oldest first.
func (c *courier) open(ctx context.Context) ([]*group, error) {
	rows, err := c.Home.Store.OpenCopies(ctx, c.link.ID, openLimit)
	if err != nil {
		return nil, err
	}
	if c.also != 0 && len(rows) >= openLimit {
		own, err := c.Home.Store.Copies(ctx, []social.ID{c.also})
		if err != nil {
			return nil, err
		}
		for i := range own {
			if own[i].Link == c.link.ID && isOpen(own[i].State) && !slices.ContainsFunc(rows, func(r social.Copy) bool { return r.ID == own[i].ID }) {
				rows = append(rows, own[i])
			}
		}
	}
	var groups []*group
	byPost := map[social.ID]*group{}
	for i := range rows {
		g := byPost[rows[i].Post]
		if g == nil {
			g = &group{post: rows[i].Post}
			byPost[g.post] = g
			groups = append(groups, g)
		}
		e := entry{Copy: &rows[i]}
		if err := e.load(); err != nil {
			return nil, err
		}
		g.rows = append(g.rows, e)
	}
	for _, g := range groups {
		slices.SortFunc(g.rows, func(a, b entry) int { return a.Number - b.Number })
	}
	return groups, nil
}

// isOpen reports whether something is still to be done with a Copy.
func isOpen(s social.CopyState) bool {
	switch s {
	case social.CopySent, social.CopySkipped, social.CopyFailed, social.CopyDeleted:
		return false
	}
	return true
}

// choose finds the next thing to do, nil when nothing is due. What failed for
// the way's sake holds up all that is younger, so that a network that was down
// gets everything in order.
func (c *courier) choose(ctx context.Context, groups []*group) (*group, *entry, error) {
	now := c.now()
	open := map[social.ID]bool{}
	for _, g := range groups {
		e := g.next()
		if e == nil {
			open[g.post] = true // asked: those that continue it wait
			continue
		}
		if e.DueAt > now {
			open[g.post] = true
			if c.holdsUp(e) {
				return nil, nil, nil
			}
			continue
		}
		if e.State != social.CopyDeleting && e.After != 0 {
			wait, err := c.waitsFor(ctx, e.After, open)
			if err != nil {
				return nil, nil, err
			}
			if wait {
				open[g.post] = true
				continue
			}
		}
		return g, e, nil
	}
	return nil, nil, nil
}

// next is the row of a group that comes next: what is to be deleted (last part
// first), else the first open one; nil while the person is asked.
func (g *group) next() *entry {
	for i := len(g.rows) - 1; i >= 0; i-- {
		if g.rows[i].State == social.CopyDeleting {
			return &g.rows[i]
		}
	}
	for i := range g.rows {
		if g.rows[i].State == social.CopyAsked {
			return nil
		}
	}
	return &g.rows[0]
}

// holdsUp reports whether a Copy that waits after a failure keeps the younger
// ones back. When it failed often, one of them may try in the same turn.
func (c *courier) holdsUp(e *entry) bool {
	if e.Fails == 0 || e.State == social.CopyWaiting || c.line.odd[e.ID] {
		return false
	}
	if c.tried == e.ID && e.Fails >= patience && !c.probed {
		c.probed = true
		return false
	}
	return true
}

// passed remembers that others get through while the oldest does not.
func (c *courier) passed() {
	if c.tried == 0 || !c.probed {
		return
	}
	if c.line.odd == nil || len(c.line.odd) >= maxOdd {
		c.line.odd = map[social.ID]bool{}
	}
	c.line.odd[c.tried] = true
}

// waitsFor reports whether the Post that a Copy continues still has Copies to be sent.
func (c *courier) waitsFor(ctx context.Context, post social.ID, open map[social.ID]bool) (bool, error) {
	if open[post] {
		return true, nil
	}
	rows, err := c.rowsOf(ctx, post)
	if err != nil {
		return false, err
	}
	for i := range rows {
		if s := rows[i].State; isOpen(s) && s != social.CopyDeleting && rows[i].Ref.Zero() {
			return true, nil
		}
	}
	return false, nil
}

// rowsOf are the Copies of a Post at this Link, by number.
func (c *courier) rowsOf(ctx context.Context, post social.ID) ([]social.Copy, error) {
	rows, err := c.Home.Store.Copies(ctx, []social.ID{post})
	return ofLink(rows, c.link.ID), err
}

// ofLink are those of rows that belong to one Link, by number.
func ofLink(rows []social.Copy, link social.ID) []social.Copy {
	kept := rows[:0:0]
	for i := range rows {
		if rows[i].Link == link {
			kept = append(kept, rows[i])
		}
	}
	slices.SortFunc(kept, func(a, b social.Copy) int { return a.Number - b.Number })
	return kept
}

// step does the one thing that is next for e.
func (c *courier) step(ctx context.Context, g *group, e *entry) error {
	switch {
	case e.State == social.CopyDeleting:
		return c.remove(ctx, e)
	case e.State == social.CopySending && e.Ref.Zero() && !e.Gathered:
		return c.seek(ctx, e)
	case !e.Ref.Zero():
		return c.edit(ctx, e)
	}
	return c.send(ctx, g, e)
}

// abandon closes what is open of a Link that is no more.
func (l *Ledger) abandon(ctx context.Context, link social.ID) error {
	for {
		rows, err := l.Home.Store.OpenCopies(ctx, link, openLimit)
		if err != nil || len(rows) == 0 {
			return err
		}
		why := l.say(ctx, rows[0].User, "relay.copy.unlinked")
		err = l.write(ctx, func(w *writing) error {
			for i := range rows {
				rows[i].State, rows[i].Reason, rows[i].UpdatedAt = social.CopyFailed, why, w.now
				if err := w.PutCopy(ctx, &rows[i]); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
}
