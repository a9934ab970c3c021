package mastodon

import (
	"context"
	"sync"

	"engawa/social"
)

// gate lets a bounded number of requests with files in at once: each may hold
// maxUpload bytes. The zero gate is ready.
type gate struct {
	once  sync.Once
	slots chan struct{}
}

// maxUploading is how many requests with files are worked on at once.
const maxUploading = 4

// enter waits for a place until ctx ends; leave gives it back.
func (g *gate) enter(ctx context.Context) (leave func(), err error) {
	g.once.Do(func() { g.slots = make(chan struct{}, maxUploading) })
	select {
	case g.slots <- struct{}{}:
		return func() { <-g.slots }, nil
	case <-ctx.Done():
		return nil, &social.Error{Kind: social.Temporary, Op: "upload", Message: "Too many files are being uploaded. Try again in a minute", Err: ctx.Err()}
	}
}
