package social

import (
	"context"
	"errors"

	"engawa/internal/clock"
	"engawa/internal/keys"
	"engawa/internal/snowflake"
)

// Home is the domain at work: everything that is done or read passes it.
// All fields are set before use and not changed after; Neighbours and Queue
// may be the Nobody kinds below.
type Home struct {
	Store      Store
	Bus        Bus
	Queue      Queue
	Neighbours Neighbours
	Clock      clock.Clock
	IDs        *snowflake.Source
	Master     *keys.Master // seals private keys and second factors
	Info       HomeInfo     // the home this process speaks for first
	Limits     Limits

	tallies tallies
	days    dayCounts
}

// Limits bound what is said here; other servers' posts have the wider bounds of
// package internal/limits.
type Limits struct {
	Characters, PollOptions, PollOptionCharacters, Media, Pins, ProfileFields int
	PollMin, PollMax                                                          Millis
}

// DefaultLimits are those of a new home.
var DefaultLimits = Limits{
	Characters: 5000, PollOptions: 8, PollOptionCharacters: 100, Media: 8, Pins: 5, ProfileFields: 8,
	PollMin: 300_000, PollMax: 2_629_746_000,
}

// Queue is what the verbs ask of the queue: to insert Jobs as held by it
// already, and to take them over after commit.
type Queue interface {
	// Hold returns the fencing token and the lease's end for Jobs inserted
	// now; a zero token leaves them to be claimed.
	Hold() (token ID, until Millis)
	// Push hands over Jobs inserted under that token. It never blocks.
	Push([]Job)
}

// Neighbours fetches what is not here. It is implemented by the networks.
// Every method is bounded and stores what it found through Home.Do.
type Neighbours interface {
	// ActorByURI and ActorByHandle find an Actor here or fetch it.
	ActorByURI(ctx context.Context, uri string) (*Actor, error)
	ActorByHandle(ctx context.Context, name, domain string) (*Actor, error)
	// PostByURI finds a Post here (by id or page address) or fetches it.
	PostByURI(ctx context.Context, uri string) (*Post, error)
}

// turn is one Activity being carried out inside one transaction.
type turn struct {
	Tx
	h      *Home
	a      *Activity
	actor  *Actor
	now    Millis
	events []Event
	jobs   []Job

	quotedThere *Post // what a new Post of ours quotes, where only Links reach it
	counted     []dayCount
}

// Do carries out one Activity: the gate, the verb in one transaction, then, after
// commit, the Events and the Jobs. It is the only way anything changes that
// somebody else can see. Doing the same again changes nothing (Result.Done is false).
//
// The transport has proved that a.Actor said it; whether a.Actor may, is decided here.
func (h *Home) Do(ctx context.Context, a *Activity) (*Result, error) {
	if a.Object == nil {
		return nil, invalid("do", "object", "an activity needs an object")
	}
	verb, ok := verbs[verbKey{a.Verb, a.Object.Kind()}]
	if !ok {
		return nil, invalid("do", "type", string(a.Verb)+" of "+string(a.Object.Kind())+" is not an activity of this home")
	}
	if a.Verb == FollowVerb {
		h.meet(ctx, a)
	}
	var t *turn
	var res *Result
	err := h.Store.Write(ctx, func(tx Tx) error {
		t = &turn{Tx: tx, h: h, a: a, now: clock.Millis(h.Clock.Now())}
		if err := t.gate(ctx); err != nil {
			return err
		}
		var err error
		if res, err = verb(ctx, t); err != nil {
			return err
		}
		return t.enqueue(ctx)
	})
	if err != nil {
		return nil, err
	}
	h.after(t)
	return res, nil
}

// after tells, once a turn is on disk, who listens and who works.
func (h *Home) after(t *turn) {
	for i := range t.events {
		h.Bus.Publish(t.events[i])
	}
	if len(t.counted) > 0 {
		h.days.add(t.counted, t.now)
	}
	if len(t.jobs) > 0 {
		h.tallies.scheduled(t.jobs, t.now)
		h.Queue.Push(t.jobs)
	}
}

// gate loads who acts and refuses those who may not act at all.
func (t *turn) gate(ctx context.Context) error {
	if t.a.Actor == 0 {
		if _, ok := t.a.Object.(*Profile); ok && t.a.Origin != Local {
			return nil // a stranger's profile is how it becomes known
		}
		return invalid("do", "actor", "an activity needs an actor")
	}
	var err error
	if t.actor, err = t.Actor(ctx, t.a.Actor); err != nil {
		return err
	}
	if t.a.Verb == Delete && !t.actor.Local() {
		return nil // whoever it is may take away what is its own, again and again
	}
	if t.actor.Suspended != 0 && !(AllowedWhileSuspended(t.actor, t.a.Verb, t.a.Object.Kind())) {
		return forbidden("do", "Your login is currently disabled")
	}
	if t.actor.State == ActorGone {
		return &Error{Kind: Gone, Op: "do", Message: "this account has been deleted"}
	}
	return nil
}

// enqueue writes the turn's jobs, held by this process's queue.
func (t *turn) enqueue(ctx context.Context) error {
	if len(t.jobs) == 0 {
		return nil
	}
	token, until := t.h.Queue.Hold()
	for i := range t.jobs {
		j := &t.jobs[i]
		if j.ID == 0 {
			j.ID = t.h.newID()
		}
		if j.RunAt == 0 {
			j.RunAt = t.now
		}
		if j.RunAt <= t.now {
			j.Lease = token
		}
	}
	return t.Enqueue(ctx, t.jobs, until)
}

// local reports whether the Activity was said by one of our own Actors and
// shall be told to others.
func (t *turn) local() bool { return t.actor != nil && t.actor.Local() && !t.a.Quiet }

// emit keeps an Event for after the commit.
func (t *turn) emit(e Event) {
	if t.a.Quiet && e.Type != ActorChanged && e.Type != PostDeleted && e.Type != TokenRevoked {
		return
	}
	e.At = t.now
	t.events = append(t.events, e)
}

// send puts an Activity of ours on its way out.
func (t *turn) send(ctx context.Context, o Outgoing) error {
	if !t.local() {
		return nil
	}
	o.ID, o.CreatedAt = t.h.newID(), t.now
	if o.Actor == 0 {
		o.Actor = t.actor.ID
	}
	if err := t.PutOutgoing(ctx, &o); err != nil {
		return err
	}
	t.jobs = append(t.jobs, Job{Kind: JobFanout, Ref: o.ID, Key: "actor:" + o.Actor.String()})
	return nil
}

func (h *Home) newID() ID { return ID(h.IDs.Next()) }

// now is the home's clock in stored form.
func (h *Home) now() Millis { return clock.Millis(h.Clock.Now()) }

// isMissing reports whether err only says that a row is not there.
func isMissing(err error) bool { return errors.Is(err, ErrNotFound) || IsKind(err, NotFound) }

// missingOK turns "not there" into no error.
func missingOK(err error) error {
	if isMissing(err) {
		return nil
	}
	return err
}
