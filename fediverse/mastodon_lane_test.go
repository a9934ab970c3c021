package fediverse

import (
	"context"
	"errors"
	"net"
	"slices"
	"testing"

	"github.com/gorilla/websocket"

	"engawa/social"
)

// A lane is read in order without gaps, page by page, and a thread as a whole.
func TestLaneOfAnotherHome(t *testing.T) {
	w := New(t, "a.test", "b.test")
	alice, bob := w.friends()
	n := w.linker()
	l := w.login(n, alice)
	var want []string
	first := bob.Post("0", JSON{"spoiler_text": "cw", "visibility": "unlisted"})
	start, err := n.Read(w.ctx, l, social.LaneHome, "", 20)
	if err != nil || len(start.Items) != 1 || start.Cursor == "" {
		t.Fatalf("%+v, %v", start, err)
	}
	it := start.Items[0]
	if it.URI != first["uri"] || it.Author.Name != "bob" || it.Author.Domain != "b.test" || it.Author.URI != bob.URI() || it.Warning != "cw" || it.Audience != social.Unlisted || it.Ref.ID == "" {
		t.Errorf("%+v", it)
	}
	for _, text := range []string{"1", "2", "3", "4", "5"} {
		want = append(want, bob.Post(text)["uri"].(string))
	}
	var got []string
	cursor := start.Cursor
	for range 10 {
		b, err := n.Read(w.ctx, l, social.LaneHome, cursor, 2)
		if err != nil {
			t.Fatal(err)
		}
		for _, it := range b.Items {
			got = append(got, it.URI)
		}
		cursor = b.Cursor
		if !b.More {
			break
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("read %v, want %v", got, want)
	}
	said := alice.Post("mine")
	bob.on(said["uri"], "favourite")
	reply := bob.Post("@alice@a.test やあ", JSON{"in_reply_to_id": bob.See(said["uri"].(string))["id"]})
	alerts, err := n.Read(w.ctx, l, social.LaneAlerts, "", 20)
	if err != nil {
		t.Fatal(err)
	}
	kinds := map[social.NotificationType]social.Alert{}
	for _, a := range alerts.Alerts {
		kinds[a.Type] = a
	}
	if kinds[social.NotifyFavourite].About.ID != said["id"] || kinds[social.NotifyMention].About.ID != said["id"] || kinds[social.NotifyMention].Item.URI != reply["uri"] || kinds[social.NotifyFollow].By.Name != "bob" {
		t.Errorf("alerts %+v", alerts.Alerts)
	}
	thread, err := n.Thread(w.ctx, l, kinds[social.NotifyMention].Item.Ref, 10)
	if err != nil || len(thread.Items) != 2 || thread.Items[0].URI != said["uri"] || thread.Items[1].Root.ID != said["id"] {
		t.Errorf("thread %+v, %v", thread, err)
	}
}

// A stream tells what comes in, what changes, what goes, and who calls.
func TestStreamOfAnotherHome(t *testing.T) {
	w := New(t, "a.test", "b.test")
	alice, bob := w.friends()
	n := w.linker()
	l := w.login(n, alice)
	ctx, stop := context.WithCancel(w.ctx)
	heard := make(chan *social.Batch, 100)
	over := make(chan error, 1)
	ready := make(chan struct{})
	n.Dialer = listening(n.Dialer, ready)
	go func() {
		over <- n.Hear(ctx, l, func(b *social.Batch) error { heard <- b; return nil })
	}()
	<-ready
	next := func() *social.Batch {
		select {
		case b := <-heard:
			return b
		case err := <-over:
			t.Fatalf("the stream ended: %v", err)
		case <-w.ctx.Done():
			t.Fatal("nothing was heard")
		}
		return nil
	}
	// The socket is open a moment before the server has subscribed it: what is
	// said until something is heard may be missed.
	var b *social.Batch
	var said JSON
	for b == nil {
		said = bob.Post("聞こえる？ @alice@a.test")
		select {
		case b = <-heard:
		default:
		}
	}
	for len(b.Items) == 0 || b.Items[0].URI != said["uri"] {
		b = next()
	}
	if b.Cursor != b.Items[0].Ref.ID {
		t.Errorf("cursor %q of %+v", b.Cursor, b.Items[0].Ref)
	}
	ref := b.Items[0].Ref
	bob.Call("PUT", "/api/v1/statuses/"+said["id"].(string), JSON{"status": "直した @alice@a.test"})
	w.Settle()
	for b = next(); len(b.Items) == 0 || b.Items[0].Ref.ID != ref.ID || b.Items[0].EditedAt == 0; b = next() {
	}
	bob.Call("DELETE", "/api/v1/statuses/"+said["id"].(string), nil)
	w.Settle()
	for b = next(); len(b.Items) == 0 || !b.Items[0].Deleted; b = next() {
	}
	if b.Items[0].Ref.ID != ref.ID {
		t.Errorf("deleted %+v, not %+v", b.Items[0].Ref, ref)
	}
	bob.Post("@alice@a.test もう一度")
	for b = next(); len(b.Alerts) == 0; b = next() {
	}
	if b.Alerts[0].Type != social.NotifyMention || b.Alerts[0].By.Name != "bob" {
		t.Errorf("alert %+v", b.Alerts[0])
	}
	stop()
	if err := <-over; !errors.Is(err, context.Canceled) {
		t.Errorf("it ended with %v", err)
	}
}

// listening closes ready when the first connection stands.
func listening(d *websocket.Dialer, ready chan struct{}) *websocket.Dialer {
	c := *d
	inner := d.NetDialContext
	c.NetDialContext = func(ctx context.Context, network, addr string) (net.Conn, error) {
		conn, err := inner(ctx, network, addr)
		close(ready)
		return conn, err
	}
	return &c
}
