package mastodon

import (
	"net/http"
	"testing"
)

func TestPagingIsLimitedMore(t *testing.T) {
	h := newHouse(t)
	h.api.Limits = &Limiter{Clock: h.clock}
	h.handler = h.api.Handler()
	for i := range 300 {
		if w := h.as("", "GET", "/api/v1/instance/rules?max_id=1"); w.Code != http.StatusOK {
			t.Fatalf("request %d: %d", i, w.Code)
		}
		if i == 150 {
			h.clock.Advance(5 * 60e9) // the common window ends, that of paging does not
		}
	}
	w := h.as("", "GET", "/api/v1/instance/rules?limit=2&max_id=1")
	if w.Code != http.StatusTooManyRequests || w.Header().Get("X-RateLimit-Remaining") != "0" || w.Header().Get("X-RateLimit-Reset") == "" {
		t.Errorf("paging too much: %d %v", w.Code, w.Header())
	}
	if w := h.as("", "GET", "/api/v1/instance/rules?xmax_id=1"); w.Code != http.StatusOK {
		t.Errorf("a first page is not paging: %d", w.Code)
	}
	if w := h.as("alice", "GET", "/api/v1/timelines/home?max_id=1"); w.Code != http.StatusOK {
		t.Errorf("another's window: %d", w.Code)
	}
}
