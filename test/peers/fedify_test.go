package peers_test

import (
	"slices"
	"testing"

	"engawa/internal/testca"
	"engawa/test/peers"
)

// pair starts two Fedify servers that can reach each other.
func pair(t *testing.T, firstKnock string) (one, two *peers.Peer) {
	t.Helper()
	ca, err := testca.New()
	if err != nil {
		t.Fatal(err)
	}
	one = peers.Fedify(t, peers.Options{Host: "one.test", CA: ca, FirstKnock: firstKnock})
	two = peers.Fedify(t, peers.Options{Host: "two.test", CA: ca, Hosts: map[string]string{"one.test": one.Addr}, FirstKnock: firstKnock})
	one.Route("two.test", two.Addr)
	return one, two
}

func TestTwoPeersFederate(t *testing.T) {
	for _, spec := range []string{"rfc9421", "draft-cavage-http-signatures-12"} {
		t.Run(spec, func(t *testing.T) {
			one, two := pair(t, spec)

			follow := one.Do("follow", "alice", peers.Args{"target": two.Handle("bob")})
			got := two.WaitFor("Follow", two.URI("bob"))
			if got.ID() != follow.ID || !got.Verified || got.Signature != spec || got.KeyID != one.URI("alice")+"#main-key" {
				t.Errorf("the follow arrived as %+v", got)
			}
			one.WaitFor("Accept", follow.ID)
			if state := one.State().People["alice"].Following[two.URI("bob")]; state != "accepted" {
				t.Errorf("alice's follow of bob is %q, want accepted", state)
			}

			note := two.Do("note", "bob", peers.Args{"content": "縁側で", "visibility": "followers"})
			one.WaitFor("Create", note.Object)
			if seen := one.State().Seen[note.Object]; seen.Content != "<p>縁側で</p>" || !slices.Equal(seen.To, []string{two.URI("bob") + "/followers"}) {
				t.Errorf("alice sees %+v", seen)
			}

			like := one.Do("like", "alice", peers.Args{"target": note.Object})
			two.WaitFor("Like", note.Object)
			one.Do("undo", "alice", peers.Args{"id": like.ID})
			two.WaitFor("Undo", like.ID)
			if likes := two.State().Likes; len(likes) != 0 {
				t.Errorf("likes after the undo: %+v", likes)
			}
		})
	}
}
