package main

import (
	"context"
	"log/slog"
	"time"

	"engawa/internal/demo"
	"engawa/social"
)

// livePace is how long it stays quiet between two live steps.
const livePace = 4 * time.Second

// live goes on with the life of the town until ctx ends. What the visitor or
// chance has made impossible (a deleted post, a block) is passed over.
func (t *demoTown) live(ctx context.Context, log *slog.Logger) error {
	tick := time.NewTicker(livePace)
	defer tick.Stop()
	for i := 0; ; i = (i + 1) % len(demo.Live) {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
		s := demo.Live[i]
		post, err := t.perform(ctx, &s)
		switch {
		case ctx.Err() != nil:
			return nil
		case err != nil && social.KindOf(err) == social.Temporary:
			log.Warn("a step of the demo failed", "by", s.By, "err", err)
		case err == nil && s.Say != "":
			t.newest = post.URI
		}
	}
}
