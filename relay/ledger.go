package relay

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"engawa/internal/clock"
	"engawa/social"
)

// Network is what the ledger asks of a linked network: network.Poster in the
// words of package social. A value that is a Doer too carries out Deeds.
type Network interface {
	Send(ctx context.Context, l *social.Login, p *social.Part) (*social.Sent, error)
	Edit(ctx context.Context, l *social.Login, ref social.Ref, p *social.Part) (*social.Sent, error)
	Delete(ctx context.Context, l *social.Login, ref social.Ref) (*social.Sent, error)
	Find(ctx context.Context, l *social.Login, p *social.Part) (*social.Sent, error)
}

// Doer carries out answers without text.
type Doer interface {
	Do(ctx context.Context, l *social.Login, d *social.Deed) (social.Ref, error)
}

// Ledger turns Posts into Copies and Copies into posts elsewhere, each exactly
// once. Its Handle methods are job handlers: each may be killed at any point and
// run again. All exported fields are set before use.
//
// What keeps a part from being posted twice: a Copy is written as sending
// before the network is asked, and as sent with its Ref after. One that is found
// as sending (after a crash, or an unknown outcome) is looked for there before
// it is sent again, with the same Key.
//
// What keeps it from being lost: whatever gives a Copy a time to come (DueAt)
// writes a Job for that time in the same transaction, and every Job of a Link
// works off all that is due there, oldest first.
type Ledger struct {
	Home     *social.Home
	Networks map[string]Network
	// Login opens a Link's credentials.
	Login func(ctx context.Context, l *social.Link) (*social.Login, error)
	// Tell sends a message of the home's own account.
	Tell func(ctx context.Context, n *Notice) error
	// MediaURL is the public address of a medium; nil: there is none.
	MediaURL func(*social.Media) string
	Log      *slog.Logger

	mu    sync.Mutex
	links map[social.ID]*line
	books map[social.ID]*bookEntry
}

// line is what is remembered of one Link; all of it may be lost.
type line struct {
	busy     bool // a job works on the Link; guarded by Ledger.mu
	lastSent social.Millis
	odd      map[social.ID]bool // Copies that fail while others get through: they hold nobody up
}

// maxOdd bounds line.odd.
const maxOdd = 1000

// take is the line of a Link for one job, which leaves it; false: another works
// on it. The queue runs one job of a Link at a time, so that is rare.
func (l *Ledger) take(link social.ID) (*line, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.links == nil {
		l.links = map[social.ID]*line{}
	}
	ln := l.links[link]
	if ln == nil {
		ln = &line{}
		l.links[link] = ln
	}
	if ln.busy {
		return nil, false
	}
	ln.busy = true
	return ln, true
}

func (l *Ledger) leave(ln *line) {
	l.mu.Lock()
	defer l.mu.Unlock()
	ln.busy = false
}

func (l *Ledger) now() social.Millis { return clock.Millis(l.Home.Clock.Now()) }

func (l *Ledger) newID() social.ID { return social.ID(l.Home.IDs.Next()) }

func (l *Ledger) log() *slog.Logger {
	if l.Log == nil {
		return slog.Default()
	}
	return l.Log
}

// writing is one transaction of the ledger with the Jobs that it leaves.
type writing struct {
	social.Tx
	l    *Ledger
	now  social.Millis
	jobs []social.Job
}

// write runs f in one transaction and hands its Jobs to the queue after commit.
func (l *Ledger) write(ctx context.Context, f func(w *writing) error) error {
	var w *writing
	err := l.Home.Store.Write(ctx, func(tx social.Tx) error {
		w = &writing{Tx: tx, l: l, now: l.now()}
		if err := f(w); err != nil {
			return err
		}
		if len(w.jobs) == 0 {
			return nil
		}
		token, until := l.Home.Queue.Hold()
		for i := range w.jobs {
			j := &w.jobs[i]
			j.ID = l.newID()
			j.RunAt = max(j.RunAt, w.now)
			if j.RunAt <= w.now {
				j.Lease = token
			}
		}
		return tx.Enqueue(ctx, w.jobs, until)
	})
	if err == nil && len(w.jobs) > 0 {
		l.Home.Queue.Push(w.jobs)
	}
	return err
}

// wake leaves a Job that works off what is due at a Link at a moment; one for
// each moment is enough.
func (w *writing) wake(link, post social.ID, at social.Millis) {
	for i := range w.jobs {
		if j := &w.jobs[i]; j.Kind == social.JobCopy && j.Ref == link && j.Target == post.String() && j.RunAt == at {
			return
		}
	}
	w.jobs = append(w.jobs, social.Job{
		Kind: social.JobCopy, Ref: link, Target: post.String(), Host: LinkHost(link), RunAt: at,
	})
}

// LinkHost is the Job.Host of what goes to one Link: its own lane and breaker.
func LinkHost(link social.ID) string { return "link:" + link.String() }

// Wake lets the queue look after all open Copies of a Link now: when it was
// linked again, and at the start.
func (l *Ledger) Wake(ctx context.Context, link social.ID) error {
	return l.write(ctx, func(w *writing) error {
		w.wake(link, 0, w.now)
		return nil
	})
}

// askedAge is how long a question stands: 30 days.
const askedAge social.Millis = 30 * 24 * 3_600_000

// Tidy closes questions that nobody answered, and wakes every Link that is
// active, in case a Job was given up. It is for the start and now and then.
func (l *Ledger) Tidy(ctx context.Context) error {
	links, err := l.Home.Store.AllLinks(ctx)
	if err != nil {
		return err
	}
	for i := range links {
		open, err := l.Home.Store.OpenCopies(ctx, links[i].ID, openLimit)
		if err != nil {
			return err
		}
		old := open[:0]
		for j := range open {
			if open[j].State == social.CopyAsked && open[j].UpdatedAt < l.now()-askedAge {
				old = append(old, open[j])
			}
		}
		if len(old) > 0 {
			if err := l.skip(ctx, old, l.say(ctx, links[i].User, "relay.copy.unanswered")); err != nil {
				return err
			}
		}
	}
	return l.write(ctx, func(w *writing) error {
		for i := range links {
			if links[i].State == social.LinkActive {
				w.wake(links[i].ID, 0, w.now)
			}
		}
		return nil
	})
}

// backoff is how long a Copy waits after its nth failure in a row: 15 s first, an hour at most.
func backoff(n int) time.Duration {
	return min(15*time.Second<<min(max(n-1, 0), 12), time.Hour)
}
