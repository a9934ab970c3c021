package main

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// watch begins to record the deliveries that hold text.
func (w *world) watch(text string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.watched, w.came = []byte(text), nil
}

// await waits until done, which is called under the lock, holds.
func (w *world) await(ctx context.Context, what string, done func() (have, want int)) error {
	deadline := time.After(patience)
	for {
		w.mu.Lock()
		have, want := done()
		err := errors.Join(w.errs...)
		w.mu.Unlock()
		if err != nil {
			return err
		}
		if have >= want {
			return nil
		}
		select {
		case <-w.changed:
		case <-ctx.Done():
			return ctx.Err()
		case <-deadline:
			return fmt.Errorf("%s: %d of %d after %v", what, have, want, patience)
		}
	}
}

// deliveries waits for n deliveries of what is watched.
func (w *world) deliveries(ctx context.Context, n int) ([]arrival, error) {
	err := w.await(ctx, "deliveries", func() (int, int) { return len(w.came), n })
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.came, err
}

// follow lets one actor of each host follow somebody of the home, and waits
// until all were accepted.
func (w *world) follow(ctx context.Context, name string, hosts []string, waits bool) error {
	w.mu.Lock()
	before := w.accepts
	w.mu.Unlock()
	target := homeBase + "/users/" + name
	err := each(ctx, len(hosts), 8, func(i int) error {
		actor := actorURI(hosts[i], "fan")
		req, err := w.signed(actor, "/inbox", fmt.Appendf(nil,
			`{"@context":"https://www.w3.org/ns/activitystreams","id":%q,"type":"Follow","actor":%q,"object":%q}`,
			actor+"#follows/"+name, actor, target))
		if err != nil {
			return err
		}
		return send(w.home, req)
	})
	if err != nil || !waits {
		return err
	}
	return w.await(ctx, "accepted follows of "+name, func() (int, int) { return w.accepts - before, len(hosts) })
}
