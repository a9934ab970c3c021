package fediverse

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"engawa/test/peers"
)

// Follow, Accept, Reject and Undo, both ways, with both signatures.
func TestFedifyFollows(t *testing.T) {
	eachKnock(t, func(t *testing.T, knock string) {
		w, alice, peer := neighbour(t, knock)
		bob := knows(t, w, alice, peer)
		arrived(t, peer, "Follow", peer.URI("bob"))
		arrived(t, peer, "Accept", "")
		bobURI := peer.URI("bob")
		if got := peer.State().People["bob"]; !slices.Equal(got.Followers, []string{alice.URI()}) || got.Following[alice.URI()] != "accepted" {
			t.Fatalf("the peer's bob: %+v", got)
		}
		alice.acts("/api/v1/accounts/"+bob["id"].(string)+"/unfollow", nil)
		arrived(t, peer, "Undo", "")
		if got := peer.State().People["bob"].Followers; len(got) != 0 {
			t.Fatalf("followers after the undo: %v", got)
		}
		// The peer asks who decides by hand, and is refused and accepted.
		alice.Call("PATCH", "/api/v1/accounts/update_credentials", JSON{"locked": true})
		w.Settle()
		w.peerActs(peer, "follow", "alice", peers.Args{"target": "@alice@a.test"})
		asked := alice.List("/api/v1/follow_requests")
		if len(asked) != 1 {
			t.Fatalf("%d requests, not 1", len(asked))
		}
		alice.acts("/api/v1/follow_requests/"+asked[0]["id"].(string)+"/reject", nil)
		arrived(t, peer, "Reject", "")
		if got := peer.State().People["alice"].Following[alice.URI()]; got != "rejected" {
			t.Fatalf("the peer's alice is %q", got)
		}
		// A follower is removed: a Reject of what was accepted.
		alice.acts("/api/v1/accounts/"+bob["id"].(string)+"/remove_from_followers", nil)
		if got := peer.State().People["bob"].Following[alice.URI()]; got != "rejected" {
			t.Fatalf("the peer's bob is %q of %v", got, bobURI)
		}
	})
}

// A peer that decides by hand, both answers, and the Undo by the peer.
func TestFedifyFollowsThatWait(t *testing.T) {
	w, alice, peer := neighbour(t, rfc9421)
	peer.Do("set", "bob", peers.Args{"accept": "manual"})
	peer.Do("set", "alice", peers.Args{"accept": "reject"})
	bob, other := alice.accountAt(peer, "bob"), alice.accountAt(peer, "alice")
	alice.acts("/api/v1/accounts/"+bob["id"].(string)+"/follow", nil)
	alice.acts("/api/v1/accounts/"+other["id"].(string)+"/follow", nil)
	if rel := alice.relationTo(bob); rel["requested"] != true || rel["following"] != false {
		t.Fatalf("it waits: %v", rel)
	}
	if rel := alice.relationTo(other); rel["requested"] != false || rel["following"] != false {
		t.Fatalf("it was refused: %v", rel)
	}
	w.peerActs(peer, "accept", "bob", peers.Args{"target": alice.URI()})
	if rel := alice.relationTo(bob); rel["requested"] != false || rel["following"] != true {
		t.Fatalf("it was accepted: %v", rel)
	}
	w.peerActs(peer, "reject", "bob", peers.Args{"target": alice.URI()})
	if rel := alice.relationTo(bob); rel["following"] != false {
		t.Fatalf("it was taken back: %v", rel)
	}
	f := w.peerActs(peer, "follow", "bob", peers.Args{"target": "@alice@a.test"})
	w.peerActs(peer, "undo", "bob", peers.Args{"id": f.ID})
	if rel := alice.relationTo(bob); rel["followed_by"] != false {
		t.Fatalf("bob's undo: %v", rel)
	}
}

// Posts of alice in every audience, a reply, an edit and a deletion, as the peer takes them.
func TestFedifyReads(t *testing.T) {
	eachKnock(t, func(t *testing.T, knock string) {
		w, alice, peer := neighbour(t, knock)
		knows(t, w, alice, peer)
		followers := alice.URI() + "/followers"
		const public = "https://www.w3.org/ns/activitystreams#Public"
		bob := peer.URI("bob")
		for _, tc := range []struct {
			audience string
			to, cc   []string
		}{
			{"public", []string{public}, []string{followers, bob}},
			{"unlisted", []string{followers}, []string{public, bob}},
			{"private", []string{followers}, []string{bob}},
			{"direct", []string{bob}, nil},
		} {
			said := alice.Post("@bob@fedify.test 縁側 #お茶 "+tc.audience, JSON{"visibility": tc.audience, "spoiler_text": "挨拶", "language": "ja"})
			uri := said["uri"].(string)
			e := arrived(t, peer, "Create", uri)
			seen := peer.State().Seen[uri]
			if !slices.Equal(sorted(seen.To), sorted(tc.to)) || !slices.Equal(sorted(seen.CC), sorted(tc.cc)) {
				t.Errorf("%s: to %v cc %v", tc.audience, seen.To, seen.CC)
			}
			if seen.Type != "Note" || seen.Summary != "挨拶" || !seen.Sensitive || seen.AttributedTo != alice.URI() || !strings.Contains(seen.Content, "縁側") {
				t.Errorf("%s: %+v", tc.audience, seen)
			}
			if !hasTag(seen.Tags, "Mention", bob) || !hasNamed(seen.Tags, "Hashtag", "#お茶") {
				t.Errorf("%s: tags %+v", tc.audience, seen.Tags)
			}
			var a struct {
				Proof struct{ Type, Cryptosuite, VerificationMethod string }
			}
			if err := json.Unmarshal(e.Activity, &a); err != nil {
				t.Fatal(err)
			}
			if open := tc.audience == "public" || tc.audience == "unlisted"; open && (a.Proof.Cryptosuite != "eddsa-jcs-2022" || !strings.HasPrefix(a.Proof.VerificationMethod, alice.URI())) {
				t.Errorf("%s: proof %+v", tc.audience, a.Proof)
			}
		}
		local := alice.Post("@bob@fedify.test うちだけ", JSON{"visibility": "local"})
		said := alice.Post("まちがい")
		alice.Call("PUT", "/api/v1/statuses/"+said["id"].(string), JSON{"status": "なおした"})
		w.Settle()
		arrived(t, peer, "Update", said["uri"].(string))
		if seen := peer.State().Seen[said["uri"].(string)]; !seen.Edited || !strings.Contains(seen.Content, "なおした") || seen.Updated == "" {
			t.Errorf("after the edit: %+v", seen)
		}
		alice.Call("DELETE", "/api/v1/statuses/"+said["id"].(string), nil)
		w.Settle()
		arrived(t, peer, "Delete", said["uri"].(string))
		state := peer.State()
		if _, there := state.Seen[said["uri"].(string)]; there {
			t.Error("what was deleted is still there")
		}
		if _, there := state.Seen[local["uri"].(string)]; there {
			t.Error("a local post left the home")
		}
	})
}

// What the peer's bob says reaches alice's Home as it was meant.
func TestFedifySpeaks(t *testing.T) {
	eachKnock(t, func(t *testing.T, knock string) {
		w, alice, peer := neighbour(t, knock)
		knows(t, w, alice, peer)
		for visibility, want := range map[string]string{"public": "public", "unlisted": "unlisted", "followers": "private", "direct": "direct"} {
			r := w.peerActs(peer, "note", "bob", peers.Args{"content": "おはよう " + visibility, "visibility": visibility, "to": []string{"@alice@a.test"},
				"summary": "朝", "sensitive": true, "language": "ja", "hashtags": []string{"縁側"}})
			got := alice.fromHome(r.Object)
			if got == nil {
				t.Fatalf("%s did not reach Home", visibility)
			}
			if got["visibility"] != want || got["spoiler_text"] != "朝" || got["sensitive"] != true || got["language"] != "ja" ||
				!strings.Contains(got["content"].(string), "おはよう") || len(got["mentions"].([]any)) != 1 || len(got["tags"].([]any)) != 1 {
				t.Errorf("%s: %v", visibility, got)
			}
		}
		if n := alice.notifications("mention"); len(n) != 4 {
			t.Errorf("%d mentions, not 4", len(n))
		}
		r := w.peerActs(peer, "note", "bob", peers.Args{"content": "まちがい"})
		w.peerActs(peer, "update", "bob", peers.Args{"target": r.Object, "content": "なおした", "summary": "訂正"})
		if got := alice.fromHome(r.Object); !strings.Contains(got["content"].(string), "なおした") || got["edited_at"] == nil || got["spoiler_text"] != "訂正" {
			t.Errorf("after the edit: %v", got)
		}
		w.peerActs(peer, "delete", "bob", peers.Args{"target": r.Object})
		if got := alice.fromHome(r.Object); got != nil {
			t.Errorf("it is still in Home: %v", got)
		}
		w.peerActs(peer, "update", "bob", peers.Args{"name": "ボブ二世", "summary": "<p>はじめまして</p>"})
		if got := alice.accountAt(peer, "bob"); got["display_name"] != "ボブ二世" || !strings.Contains(got["note"].(string), "はじめまして") {
			t.Errorf("bob's profile: %v", got)
		}
		w.peerActs(peer, "delete", "bob", nil)
		for _, s := range alice.home() {
			if s["account"].(map[string]any)["username"] == "bob" {
				t.Errorf("bob is gone, his posts are in Home: %v", s["uri"])
			}
		}
	})
}

func sorted(list []string) []string { list = slices.Clone(list); slices.Sort(list); return list }

func hasTag(tags []peers.Tag, kind, href string) bool {
	return slices.ContainsFunc(tags, func(t peers.Tag) bool { return t.Type == kind && t.Href == href })
}

func hasNamed(tags []peers.Tag, kind, name string) bool {
	return slices.ContainsFunc(tags, func(t peers.Tag) bool { return t.Type == kind && t.Name == name })
}

// fromHome is a post in p's Home by its address, or nil.
func (p *Person) fromHome(uri string) JSON {
	p.tb.Helper()
	for _, s := range p.home() {
		if s["uri"] == uri {
			return s
		}
	}
	return nil
}
