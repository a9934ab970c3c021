// Command nostr is a Nostr relay for Engawa's tests: khatru, on loopback, in
// memory. It prints {"url":"ws://…"} when it serves and ends with its standard
// input. With RELAY_AUTH set it takes and gives nothing before NIP-42.
package main

import (
	"context"
	"encoding/json"
	"io"
	"log"
	"net"
	"net/http"
	"os"

	"github.com/fiatjaf/eventstore/slicestore"
	"github.com/fiatjaf/khatru"
	"github.com/nbd-wtf/go-nostr"
)

func main() {
	if err := run(); err != nil {
		log.Fatal(err)
	}
}

func run() error {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	relay, err := newRelay(os.Getenv("RELAY_AUTH") != "")
	if err != nil {
		return err
	}
	relay.ServiceURL = "ws://" + listener.Addr().String()
	if err := json.NewEncoder(os.Stdout).Encode(map[string]string{"url": relay.ServiceURL}); err != nil {
		return err
	}
	go http.Serve(listener, relay)
	_, err = io.Copy(io.Discard, os.Stdin) // until the test that started it is gone
	return err
}

// newRelay is a relay that keeps its events in memory.
func newRelay(auth bool) (*khatru.Relay, error) {
	store := &slicestore.SliceStore{}
	if err := store.Init(); err != nil {
		return nil, err
	}
	relay := khatru.NewRelay()
	relay.Log = log.New(io.Discard, "", 0)
	relay.StoreEvent = append(relay.StoreEvent, store.SaveEvent)
	relay.QueryEvents = append(relay.QueryEvents, store.QueryEvents)
	relay.DeleteEvent = append(relay.DeleteEvent, store.DeleteEvent)
	relay.ReplaceEvent = append(relay.ReplaceEvent, store.ReplaceEvent)
	if auth {
		relay.RejectEvent = append(relay.RejectEvent, func(ctx context.Context, event *nostr.Event) (bool, string) {
			return khatru.GetAuthed(ctx) != event.PubKey, "auth-required: write here as yourself"
		})
		relay.RejectFilter = append(relay.RejectFilter, func(ctx context.Context, _ nostr.Filter) (bool, string) {
			return khatru.GetAuthed(ctx) == "", "auth-required: say who reads"
		})
	}
	return relay, nil
}
