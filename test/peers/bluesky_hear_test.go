package peers_test

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"engawa/network/bluesky/fake"
	"engawa/social"
	"engawa/test/peers"
)

// patience is how long a stream may take to bring what it must bring.
const patience = 30 * time.Second

// stream listens as b to a fake Jetstream beside the real network.
func (s *sky) stream(a, b *social.Login, bob *peers.BlueskyPerson) {
	js := fake.NewJetstream()
	defer js.Close()
	client := s.at(0)
	client.Jetstream, client.Dialer, client.Files = js.URL, &websocket.Dialer{}, s.files
	came := make(chan *social.Batch, 100)
	ctx, cancel := context.WithCancel(s.Context())
	defer cancel()
	ended := make(chan error, 1)
	go func() {
		ended <- client.Hear(ctx, b, func(batch *social.Batch) error { came <- batch; return nil })
	}()
	wants := receive(s.T, js.Wants)
	if !slices.Contains(wants.DIDs, a.Account) || !slices.Contains(wants.DIDs, b.Account) || len(wants.DIDs) != 2 {
		s.Errorf("asked for %v", wants)
	}
	p := part("live", "今")
	p.Media = []social.PartFile{{Media: 1, Kind: social.Image, Alt: "湯のみ"}}
	ref := s.send(a, p)
	s.net.Settle()
	rkey := ref.ID[strings.LastIndex(ref.ID, "/")+1:]
	post := fake.Commit{Operation: "create", Collection: "app.bsky.feed.post", Rkey: rkey, CID: ref.CID, Record: map[string]any{"text": "今"}}
	js.Emit("did:plc:stranger", time.Now(), post)
	js.Emit(a.Account, time.Now(), post)
	live := receive(s.T, came)
	if it := live.Items[0]; it.Ref.ID != ref.ID || it.Author.Name != a.Handle || len(it.Media) != 1 || it.HTML != "<p>今</p>" {
		s.Errorf("heard %+v", it)
	}
	if again := s.read(b, social.LaneHome, live.Cursor); find(again, ref) != nil {
		s.Error("reading on from the stream's cursor brings the same again")
	}
	// what the AppView does not know yet
	post.Rkey, post.CID, post.Record = "3l2222222222a", "bafyreib", map[string]any{"text": "<先>", "createdAt": "2026-11-25T00:00:00Z"}
	js.Emit(a.Account, time.Now(), post)
	if it := receive(s.T, came).Items[0]; it.HTML != "<p>&lt;先&gt;</p>" || it.Author.Name != a.Handle {
		s.Errorf("heard %+v", it)
	}
	post.Operation, post.Record = "delete", nil
	js.Emit(a.Account, time.Now(), post)
	if it := receive(s.T, came).Items[0]; !it.Deleted || !strings.HasSuffix(it.URI, post.Rkey) {
		s.Errorf("heard %+v", it)
	}
	js.Emit(a.Account, time.Now(), fake.Commit{Operation: "create", Collection: "app.bsky.feed.repost", Rkey: "3l2222222222b", CID: "bafyreic",
		Record: map[string]any{"subject": map[string]string{"uri": ref.ID, "cid": ref.CID}}})
	if it := receive(s.T, came).Items[0]; it.Boost == nil || it.Boost.Ref.ID != ref.ID || it.Author.URI != a.Account {
		s.Errorf("heard %+v", it)
	}
	s.followLive(js, b, bob)
	js.Cut()
	s.fails(social.TryAgain, "broke off", receive(s.T, ended))
}

// followLive: who is followed from now on is asked for, too.
func (s *sky) followLive(js *fake.Jetstream, b *social.Login, bob *peers.BlueskyPerson) {
	carol := s.net.Person("carol")
	js.Emit(b.Account, time.Now(), fake.Commit{Operation: "create", Collection: "app.bsky.graph.follow", Rkey: "3l2222222222c", CID: "bafyreid",
		Record: map[string]any{"subject": carol.DID}})
	if w := receive(s.T, js.Wants); !slices.Contains(w.DIDs, carol.DID) {
		s.Errorf("asked for %v after a follow", w)
	}
	js.Emit(b.Account, time.Now(), fake.Commit{Operation: "delete", Collection: "app.bsky.graph.follow", Rkey: "3l2222222222c"})
	if w := receive(s.T, js.Wants); slices.Contains(w.DIDs, carol.DID) {
		s.Errorf("asked for %v after it was taken back", w)
	}
	var follows struct{ Follows []any }
	s.net.Call(bob, http.MethodGet, "app.bsky.graph.getFollows?actor="+bob.DID, nil, &follows)
	if len(follows.Follows) != 1 {
		s.Errorf("%d follows", len(follows.Follows))
	}
}

func receive[T any](t *testing.T, from <-chan T) T {
	t.Helper()
	select {
	case v := <-from:
		return v
	case <-time.After(patience):
		t.Fatal(errors.New("nothing came"))
	}
	panic("unreachable")
}
