package server

import (
	"context"
	"io"
	"time"

	"engawa/internal/clock"
	"engawa/internal/fetch"
	"engawa/media"
	"engawa/social"
)

// pictures lets package media open remote addresses through the safe client.
type pictures struct{ client *fetch.Client }

// Open implements media.Fetcher.
func (p pictures) Open(ctx context.Context, url string, max int64) (io.ReadCloser, string, error) {
	body, resp, err := p.client.Open(ctx, url, fetch.Options{MaxBytes: max, Accept: "image/*"})
	if err != nil {
		return nil, "", err
	}
	return body, resp.Header.Get("Content-Type"), nil
}

var _ media.Fetcher = pictures{}

// remoteKinds are the kinds of remote pictures by the name that others use.
var remoteKinds = map[string]struct {
	kind    media.Kind
	variant media.Variant
}{
	"avatar":     {media.Avatar, media.Original},
	"static":     {media.Avatar, media.Static},
	"header":     {media.Header, media.Original},
	"emoji":      {media.Emoji, media.Original},
	"attachment": {media.Attachment, media.Small},
	"original":   {media.Attachment, media.Original},
}

// remotePicture is the address under which this home shows a picture that
// stands elsewhere: through the bounded cache, so that readers' addresses and
// habits are not told to strangers.
func (s *Server) remotePicture(kind, url string) string {
	k, ok := remoteKinds[kind]
	if !ok || url == "" {
		return url
	}
	return s.Config.URL + s.links.Path(media.Ref{Kind: k.kind, URL: url}, k.variant)
}

// pruneEvery is how often what has an age is looked at.
const pruneEvery = time.Hour

// flushTime is how long the counts of the day may take to be written at the end.
const flushTime = 3 * time.Second

// keepHouse removes what has an age, now and then, until ctx ends.
func (s *Server) keepHouse(ctx context.Context) error {
	t := time.NewTicker(pruneEvery)
	defer t.Stop()
	s.tidy(ctx)
	for {
		select {
		case <-ctx.Done():
			last, stop := context.WithTimeout(context.WithoutCancel(ctx), flushTime)
			defer stop()
			return s.Home.FlushDays(last)
		case <-t.C:
			s.prune(ctx)
			s.tidy(ctx)
		}
	}
}

// tidy looks after Copies and Lanes.
func (s *Server) tidy(ctx context.Context) {
	if err := s.Ledger.Tidy(ctx); err != nil && ctx.Err() == nil {
		s.Log.Error("the copies of posts could not be looked after", "err", err)
	}
	if err := s.Home.TidyLanes(ctx); err != nil && ctx.Err() == nil {
		s.Log.Error("old rows of lanes could not be removed", "err", err)
	}
}

func (s *Server) prune(ctx context.Context) {
	if err := s.Home.FlushDays(ctx); err != nil {
		s.Log.Error("the counts of the day could not be written", "err", err)
	}
	var blobs []string
	err := s.store.Write(ctx, func(tx social.Tx) error {
		var err error
		blobs, err = tx.Prune(ctx, clock.Millis(clock.System.Now()))
		return err
	})
	if err != nil {
		s.Log.Error("old rows could not be removed", "err", err)
		return
	}
	s.dropUnconfirmed(ctx)
	for _, key := range blobs {
		if err := s.blobs.Delete(ctx, key); err != nil {
			s.Log.Warn("a file could not be removed", "key", key, "err", err)
		}
	}
}
