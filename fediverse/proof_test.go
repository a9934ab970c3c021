package fediverse

import (
	"encoding/json"
	"testing"

	"engawa/test/peers"
)

// Fedify verifies the integrity proofs of public activities: without any HTTP
// signature it takes them, and it refuses them when a word was changed (FEP-8b32).
func TestFedifyVerifiesProofs(t *testing.T) {
	w, alice, peer := neighbour(t, rfc9421)
	knows(t, w, alice, peer)
	said := alice.Post("ほんとうのこと")
	sent := arrived(t, peer, "Create", said["uri"].(string))
	var activity map[string]any
	if err := json.Unmarshal(sent.Activity, &activity); err != nil {
		t.Fatal(err)
	}
	inbox := "https://" + peer.Host + "/inbox"
	if got := peer.Do("raw", "alice", peers.Args{"inbox": inbox, "activity": activity, "unsigned": true}); got.Status != 202 {
		t.Errorf("with its proof alone it was answered %d %s", got.Status, got.Body)
	}
	activity["object"].(map[string]any)["content"] = "<p>うそ</p>"
	if got := peer.Do("raw", "alice", peers.Args{"inbox": inbox, "activity": activity, "unsigned": true}); got.Status != 401 {
		t.Errorf("with another content it was answered %d %s", got.Status, got.Body)
	}
}
