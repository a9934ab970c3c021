package fediverse

import (
	"strings"
	"testing"
)

// New keys lose nobody: followers' servers take what they sign, and whoever
// has only the old ones refuses what those still sign.
func TestRotatedKeysKeepPeers(t *testing.T) {
	w := New(t, "one.test", "two.test")
	alice, bob := w.Person("alice@one.test"), w.Person("bob@two.test")
	bob.Follow(alice)
	w.Settle()
	alice.Post("with the first key")
	w.Settle()
	before, err := alice.Home.Home.Store.Keys(w.ctx, alice.ID)
	if err != nil {
		t.Fatal(err)
	}
	if err := alice.Home.Home.RotateKeys(w.ctx, alice.ID); err != nil {
		t.Fatal(err)
	}
	w.Settle()
	alice.Post("with the second key")
	w.Settle()
	home := bob.List("/api/v1/timelines/home")
	if len(home) < 2 || !strings.Contains(home[0]["content"].(string), "with the second key") {
		t.Fatalf("bob's home begins with %v", home)
	}
	here, err := bob.Home.Home.Store.ActorByHandle(w.ctx, "alice", "one.test")
	if err != nil {
		t.Fatal(err)
	}
	known, err := bob.Home.Home.Store.Keys(w.ctx, here.ID)
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range known {
		for _, old := range before {
			if k.KeyID == old.KeyID && k.RetiredAt == 0 {
				t.Errorf("bob's home still believes %s", k.KeyID)
			}
		}
	}
}
