package stream

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"engawa/social"
)

// broken renders nothing but Post 1.
type broken struct{ *rig }

func (b broken) Post(ctx context.Context, v social.Viewer, place string, id social.ID, fresh bool) ([]byte, bool) {
	if id != 1 {
		panic("a neighbour found a way")
	}
	return b.rig.Post(ctx, v, place, id, fresh)
}

// TestABrokenEventIsAlone: what cannot be rendered costs nobody the stream.
func TestABrokenEventIsAlone(t *testing.T) {
	r := newRig(t)
	r.Render, r.Log = broken{r}, slog.New(slog.DiscardHandler)
	s := r.open("alice", "public")
	for _, id := range []social.ID{2, 1} {
		r.Handle(social.Event{Type: social.PostCreated, Post: id, Public: true})
	}
	if m := s.hear(); m["event"] != "update" {
		t.Errorf("heard %v", m)
	}
}

// deadlines notes the last write deadline of an answer.
type deadlines struct {
	*httptest.ResponseRecorder
	set  int
	last time.Time
	stop func()
}

func (d *deadlines) SetWriteDeadline(t time.Time) error {
	if d.set++; t.IsZero() {
		d.stop() // the first write is over: the client goes
	}
	d.last = t
	return nil
}

// TestNoDeadlineBetweenWrites: HTTP/2 ends a stream at a deadline even when
// nothing is being written.
func TestNoDeadlineBetweenWrites(t *testing.T) {
	r := newRig(t)
	ctx, stop := context.WithCancel(t.Context())
	w := &deadlines{ResponseRecorder: httptest.NewRecorder(), stop: stop}
	req := httptest.NewRequest(http.MethodGet, base+"/user?access_token=alice", nil).WithContext(ctx)
	r.Hub.ServeHTTP(w, req)
	if w.set < 2 || !w.last.IsZero() || w.Body.String() != ":)\n" {
		t.Errorf("%d deadlines, the last %v, after %q", w.set, w.last, w.Body)
	}
}
