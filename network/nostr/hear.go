package nostr

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/gorilla/websocket"
	"golang.org/x/sync/errgroup"

	"engawa/internal/locale"
	"engawa/social"
)

// ping is how often a silent relay is asked whether it lives.
const ping = 45 * time.Second

// ear joins what several relays say for one Link.
type ear struct {
	n      *Nostr
	l      *social.Login
	s      signer
	relays []string
	sink   func(*social.Batch) error
	begun  int64 // Unix seconds

	mu     sync.Mutex // one sink at a time
	heard  bounded[string, struct{}]
	latest map[social.LanePlace]int64 // the latest times that were handed on

	counting sync.Mutex
	alive    int // relays that are connected or about to be
}

// errSink marks what the sink answered, which ends the hearing.
type errSink struct{ error }

func (e errSink) Unwrap() error { return e.error }

// Hear hands on what the read relays say as they say it, each event once. A
// relay that is lost is tried again; when all are lost, it returns.
func (n *Nostr) Hear(ctx context.Context, l *social.Login, sink func(*social.Batch) error) error {
	s, err := n.signerOf(l)
	if err != nil {
		return err
	}
	lists, err := n.relaysOf(ctx, l, s)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	e := &ear{n: n, l: l, s: s, relays: lists.read, sink: sink, begun: n.Clock.Now().Unix(),
		latest: make(map[social.LanePlace]int64), alive: len(lists.read)}
	g, ctx := errgroup.WithContext(ctx)
	for _, relay := range lists.read {
		g.Go(func() error { return e.attend(ctx, relay) })
	}
	err = g.Wait()
	var sunk errSink
	if errors.As(err, &sunk) {
		return sunk.error
	}
	return err
}

// attend hears one relay until ctx ends, the sink fails or no relay is left.
func (e *ear) attend(ctx context.Context, relay string) error {
	pause := e.n.retry()
	for {
		begun := time.Now()
		err := e.session(ctx, relay)
		var sunk errSink
		if errors.As(err, &sunk) {
			return err
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if errors.Is(err, errAnew) {
			continue
		}
		if time.Since(begun) > time.Minute {
			pause = e.n.retry()
		}
		if left := e.count(-1); left == 0 {
			return away(locale.W("link.fail.relays_lost"), err)
		}
		timer := time.NewTimer(pause)
		select {
		case <-ctx.Done():
			timer.Stop()
			return ctx.Err()
		case <-timer.C:
		}
		pause = min(2*pause, 64*e.n.retry())
		e.count(1)
	}
}

func (e *ear) count(by int) int {
	e.counting.Lock()
	defer e.counting.Unlock()
	e.alive += by
	return e.alive
}

// errAnew asks for another session: whom the account follows has changed.
var errAnew = errors.New("the list of follows has changed")

// session connects, subscribes and hears until something fails.
func (e *ear) session(ctx context.Context, relay string) error {
	c, err := e.n.dial(ctx, relay)
	if err != nil {
		return err
	}
	defer c.close()
	follows, _, err := e.n.followsOf(ctx, e.l, e.s, e.relays, false)
	if err != nil {
		return err
	}
	for keys := range slices.Chunk(append([]string{e.l.Account}, follows.keys...), maxProfiles) {
		e.n.meet(ctx, e.relays, e.s, keys)
	}
	h := &hearing{ear: e, c: c, follows: follows}
	if err := h.subscribe(ctx); err != nil {
		return err
	}
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return h.listen(ctx) })
	g.Go(func() error { return c.beat(ctx) })
	return g.Wait()
}

// beat asks the relay whether it lives until ctx ends, then closes.
func (c *conn) beat(ctx context.Context) error {
	c.ws.SetPongHandler(func(string) error { return c.ws.SetReadDeadline(time.Now().Add(3 * ping)) })
	ticker := time.NewTicker(ping)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return c.ws.Close()
		case <-ticker.C:
			if err := c.ws.WriteControl(websocket.PingMessage, nil, time.Now().Add(10*time.Second)); err != nil {
				return err
			}
		}
	}
}
