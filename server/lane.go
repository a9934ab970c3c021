package server

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"math/rand/v2"
	"sync"
	"time"

	"engawa/internal/clock"
	"engawa/internal/locale"
	"engawa/network"
	"engawa/social"
)

const (
	// lanePage is how many items are read at once, lanePages how many pages a
	// catch-up reads at most.
	lanePage  = 40
	lanePages = 25
	// pollLeast and pollMost are the pauses of a Lane that is polled: short while
	// something arrives, longer while nothing does.
	pollLeast = 20 * time.Second
	pollMost  = 3 * time.Minute
	// pollDear is the pause where reading costs money.
	pollDear = 15 * time.Minute
	// sweepFirst and sweepEvery are when a Lane with a stream is read all the
	// same: what was said between reading and listening, and what a stream lost.
	sweepFirst = 5 * time.Second
	sweepEvery = 15 * time.Minute
	// keepEvery is how often the place of a stream is written down.
	keepEvery = 10 * time.Second
	// retryMost is the longest pause after failures.
	retryMost = 15 * time.Minute
	// readBudget is what reading a Lane may cost a month where its Link's
	// settings do not say, in micro-dollars.
	readBudget = 2_000_000
)

// laneState is what Link.Cursors holds.
type laneState struct {
	Home   string `json:"home,omitempty"`
	Alerts string `json:"alerts,omitempty"`
	Month  string `json:"month,omitempty"` // that Spent is of, as 2026-11
	Spent  int64  `json:"spent,omitempty"` // micro-dollars
}

func (s *laneState) at(p social.LanePlace) *string {
	if p == social.LaneAlerts {
		return &s.Alerts
	}
	return &s.Home
}

// laneRun reads one Lane until its context ends. It holds one goroutine and no
// buffers of its own.
type laneRun struct {
	lanes *Lanes
	id    social.ID
	link  *social.Link
	login *social.Login
	stop  context.CancelFunc

	mu     sync.Mutex // one arrival at a time
	state  laneState
	keptAt time.Time
	dirty  bool
}

func newLaneRun(r *Lanes, l *social.Link, stop context.CancelFunc) *laneRun {
	run := &laneRun{lanes: r, id: l.ID, link: l, stop: stop}
	_ = json.Unmarshal(l.Cursors, &run.state) // what cannot be read begins anew
	return run
}

// same reports whether a runner needs no new start for l.
func (run *laneRun) same(l *social.Link, strict bool) bool {
	o := run.link
	return o.List == l.List && o.Merge == l.Merge && o.Base == l.Base && o.Name == l.Name && o.Can == l.Can &&
		bytes.Equal(o.Settings, l.Settings) && (!strict || bytes.Equal(o.Secret, l.Secret))
}

// run catches up, then listens or polls, again and again.
func (run *laneRun) run(ctx context.Context) {
	defer run.keep(context.WithoutCancel(ctx), true)
	fails := 0
	for ctx.Err() == nil {
		began := run.lanes.Clock.Now()
		err := run.live(ctx)
		if ctx.Err() != nil {
			return
		}
		if run.over(ctx, err) {
			return
		}
		fails++
		if run.lanes.Clock.Now().Sub(began) > 2*time.Minute {
			fails = 1 // it had worked
		}
		if !sleep(ctx, retryPause(fails, err)) {
			return
		}
	}
}

// live works until something fails.
func (run *laneRun) live(ctx context.Context) error {
	if run.login == nil {
		login, err := run.lanes.Login(ctx, run.link)
		if err != nil {
			return err
		}
		run.login = login
	}
	value := run.lanes.Networks[run.link.Network].Value
	reader := value.(network.LaneReader)
	if _, err := run.catchUp(ctx, reader); err != nil {
		return err
	}
	if listener, ok := value.(network.LaneListener); ok && run.link.Can.Has(social.AbleStream) {
		return run.hear(ctx, reader, listener)
	}
	return run.poll(ctx, reader)
}

// hear listens. What was said before the stream was there is read a little later.
func (run *laneRun) hear(ctx context.Context, reader network.LaneReader, listener network.LaneListener) error {
	inner, cancel := context.WithCancel(ctx)
	defer cancel()
	var sweep *time.Timer
	var sweeping sync.Mutex
	sweeping.Lock()
	sweep = time.AfterFunc(sweepFirst, func() {
		sweeping.Lock()
		defer sweeping.Unlock()
		if inner.Err() != nil {
			return
		}
		if _, err := run.catchUp(inner, reader); err != nil && inner.Err() == nil {
			run.lanes.Log.Info("a lane could not be read beside its stream", "link", run.id, "err", err)
		}
		sweep.Reset(sweepEvery)
	})
	sweeping.Unlock()
	err := listener.Hear(inner, run.login, func(b *social.Batch) error { return run.arrive(inner, b, placesOf(b)) })
	cancel()
	sweeping.Lock() // the last sweep is over
	sweep.Stop()
	sweeping.Unlock()
	return err
}

// placesOf is the place that a stream's Batch moves on; "" when it bears none.
func placesOf(b *social.Batch) social.LanePlace {
	switch {
	case b.Cursor == "":
		return ""
	case len(b.Alerts) > 0 && len(b.Items) == 0:
		return social.LaneAlerts
	case len(b.Alerts) > 0:
		return "" // of both: nobody knows which
	}
	return social.LaneHome
}

// poll reads again and again, sooner while there is something to read.
func (run *laneRun) poll(ctx context.Context, reader network.LaneReader) error {
	pause := pollLeast
	for {
		if !sleep(ctx, jitter(pause)) {
			return ctx.Err()
		}
		n, err := run.catchUp(ctx, reader)
		if err != nil {
			return err
		}
		if n > 0 {
			pause = max(pause/2, pollLeast)
		} else {
			pause = min(pause*3/2, pollMost)
		}
		if run.dear() {
			pause = pollDear
		}
	}
}

// catchUp reads all places of the Lane from where it was left, and reports how
// much arrived.
func (run *laneRun) catchUp(ctx context.Context, reader network.LaneReader) (int, error) {
	total := 0
	for _, place := range []social.LanePlace{social.LaneHome, social.LaneAlerts} {
		if place == social.LaneAlerts && !run.link.Can.Has(social.AbleNotify) {
			continue
		}
		for range lanePages {
			if run.spent() {
				return total, &social.LinkError{
					Class: social.OutOfBudget, Message: locale.W("link.fail.read_money"), Remedy: locale.W("link.do.read_money"), After: (6 * time.Hour).Milliseconds(),
				}
			}
			b, err := reader.Read(ctx, run.login, place, run.cursor(place), lanePage)
			if err != nil {
				return total, err
			}
			total += len(b.Items) + len(b.Alerts)
			if err := run.arrive(ctx, b, place); err != nil {
				return total, err
			}
			if !b.More {
				break
			}
		}
	}
	return total, run.well(ctx)
}

func (run *laneRun) cursor(p social.LanePlace) string {
	run.mu.Lock()
	defer run.mu.Unlock()
	return *run.state.at(p)
}

// arrive hands a Batch to the domain, then moves on.
func (run *laneRun) arrive(ctx context.Context, b *social.Batch, place social.LanePlace) error {
	run.mu.Lock()
	defer run.mu.Unlock()
	if len(b.Items)+len(b.Alerts) > 0 {
		if err := run.lanes.Arrive(ctx, run.link, b); err != nil {
			return err
		}
	}
	if b.Cost > 0 {
		month := run.month()
		if run.state.Month != month {
			run.state.Month, run.state.Spent = month, 0
		}
		run.state.Spent += b.Cost
		run.dirty = true
	}
	if place != "" && b.Cursor != "" && *run.state.at(place) != b.Cursor {
		*run.state.at(place) = b.Cursor
		run.dirty = true
	}
	if run.dirty && run.lanes.Clock.Now().Sub(run.keptAt) >= keepEvery {
		run.write(ctx, nil)
	}
	return nil
}

func (run *laneRun) month() string { return run.lanes.Clock.Now().UTC().Format("2006-01") }

// dear reports whether reading costs money.
func (run *laneRun) dear() bool {
	run.mu.Lock()
	defer run.mu.Unlock()
	return run.state.Spent > 0
}

// spent reports whether the month's money is used up.
func (run *laneRun) spent() bool {
	run.mu.Lock()
	defer run.mu.Unlock()
	var settings struct {
		Budget *int64 `json:"readBudget"`
	}
	_ = json.Unmarshal(run.link.Settings, &settings)
	most := int64(readBudget)
	if settings.Budget != nil {
		most = *settings.Budget
	}
	return run.state.Month == run.month() && run.state.Spent >= most && run.state.Spent > 0
}

// well notes that reading worked, with what is to be kept.
func (run *laneRun) well(ctx context.Context) error {
	run.mu.Lock()
	defer run.mu.Unlock()
	if !run.dirty && run.link.OKAt > run.link.FailedAt && run.lanes.Clock.Now().Sub(run.keptAt) < 5*time.Minute {
		return nil
	}
	run.write(ctx, func(l *social.Link, now social.Millis) {
		l.OKAt, l.Error, l.Remedy = max(now, l.FailedAt+1), "", ""
	})
	return nil
}

// keep writes the place down.
func (run *laneRun) keep(ctx context.Context, always bool) {
	run.mu.Lock()
	defer run.mu.Unlock()
	if run.dirty || !always {
		run.write(ctx, nil)
	}
}

// write stores the state, and what f changes of the Link. The lock is held. A
// failure is no harm: the same is read again.
func (run *laneRun) write(ctx context.Context, f func(l *social.Link, now social.Millis)) {
	raw, err := json.Marshal(run.state)
	if err == nil {
		err = run.lanes.Store.Write(ctx, func(tx social.Tx) error {
			cur, err := tx.Link(ctx, 0, run.id)
			if err != nil {
				return missing(err)
			}
			cur.Cursors = raw
			if f != nil {
				f(cur, clock.Millis(run.lanes.Clock.Now()))
			}
			run.link.OKAt, run.link.FailedAt = cur.OKAt, cur.FailedAt
			return tx.TouchLink(ctx, cur)
		})
	}
	if err != nil {
		run.lanes.Log.Warn("how far a lane was read could not be kept", "link", run.id, "err", err)
		return
	}
	run.keptAt, run.dirty = run.lanes.Clock.Now(), false
}

// over notes a failure and reports whether the Lane ends with it.
func (run *laneRun) over(ctx context.Context, err error) bool {
	if err == nil {
		return false
	}
	run.lanes.Log.Info("a lane broke off", "link", run.id, "network", run.link.Network, "err", err)
	run.mu.Lock()
	run.write(ctx, func(l *social.Link, now social.Millis) { unwell(l, err, now) })
	run.mu.Unlock()
	known := asLinkError(err)
	if known == nil || known.Class != social.Reconnect {
		return false
	}
	if run.lanes.Refused != nil {
		run.lanes.Refused(ctx, run.link, err)
	}
	return true
}

// retryPause grows with failures in a row, unless the network says how long.
func retryPause(fails int, err error) time.Duration {
	var known *social.LinkError
	if errors.As(err, &known) && known.Class == social.Unsupported {
		return jitter(6 * time.Hour)
	}
	if errors.As(err, &known) && known.After > 0 {
		return min(time.Duration(known.After)*time.Millisecond, 24*time.Hour)
	}
	return jitter(min(time.Second<<min(fails-1, 12), retryMost))
}

// jitter is d and up to a fifth more, so that Lanes of one server do not come together.
func jitter(d time.Duration) time.Duration { return d + time.Duration(rand.Int64N(int64(d)/5+1)) }

// sleep reports false when ctx ended first.
func sleep(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-t.C:
		return true
	}
}
