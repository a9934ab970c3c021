package queue

import (
	"context"
	"strings"
	"time"

	"engawa/social"
)

// finisher removes rows of done jobs and gives back what is not run here, as
// many at once as have gathered. What the store could not take is tried again.
func (q *Queue) finisher(ctx context.Context, end <-chan struct{}) {
	again := time.NewTimer(poll)
	defer again.Stop()
	for {
		select {
		case <-q.wake:
			q.company(end)
		case <-again.C:
		case <-end:
			q.flush(ctx)
			return
		}
		if !q.flush(ctx) {
			again.Reset(poll)
		}
	}
}

// company gives other jobs a moment to be done too: their rows then go with one
// commit. A job whose row is still there runs again after a crash, without harm.
func (q *Queue) company(end <-chan struct{}) {
	q.mu.Lock()
	many := len(q.done) >= finishAtOnce
	q.mu.Unlock()
	if many {
		return
	}
	moment := time.NewTimer(finishAfter)
	defer moment.Stop()
	select {
	case <-moment.C:
	case <-end:
	}
}

const (
	finishAfter  = 10 * time.Millisecond
	finishAtOnce = 64
)

// flush reports whether the store took all.
func (q *Queue) flush(ctx context.Context) bool {
	q.mu.Lock()
	done, back := q.done, q.back
	q.done, q.back = nil, nil
	q.flushing = len(done) + len(back)
	q.mu.Unlock()
	if len(done)+len(back) == 0 {
		return true
	}
	err := q.Store.Write(ctx, func(tx social.Tx) error {
		if len(done) > 0 {
			if _, err := tx.Finish(ctx, done); err != nil {
				return err
			}
		}
		for i := range back {
			if err := tx.Postpone(ctx, &back[i]); err != nil {
				return err
			}
		}
		return nil
	})
	q.mu.Lock()
	defer q.mu.Unlock()
	q.flushing = 0
	q.idle.Broadcast()
	if err != nil {
		q.Log.Error("done jobs could not be removed yet; without it they run again", "count", len(done), "err", err)
		q.done = append(done, q.done...)
		q.back = append(back, q.back...)
		return false
	}
	q.held -= len(done)
	return true
}

// clean makes an error fit for a column of text: valid, without NUL, bounded.
func clean(text string) string {
	const most = 500
	if len(text) > most {
		text = text[:most]
	}
	return strings.ReplaceAll(strings.ToValidUTF8(text, ""), "\x00", "")
}
