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

// The verbs a test of Engawa may use, seen to arrive and to be understood on the other side. One pair serves all.
func TestEveryVerb(t *testing.T) {
	one, two := pair(t, "")
	follow := one.Do("follow", "alice", peers.Args{"target": two.URI("bob")})
	note := two.Do("note", "bob", peers.Args{"content": "<p>first</p>", "to": []string{one.Handle("alice")}, "hashtags": []string{"縁側"},
		"summary": "cw", "sensitive": true, "language": "ja",
		"attachments": []peers.Args{{"url": "https://two.test/cat.png", "mediaType": "image/png", "name": "a cat"}}})
	seen := one.State().Seen[note.Object]
	if !seen.Sensitive || seen.Summary != "cw" || len(seen.Tags) != 2 || seen.Tags[0].Href != one.URI("alice") || seen.Tags[1].Name != "#縁側" ||
		len(seen.Attachments) != 1 || seen.Attachments[0].Name != "a cat" || seen.Attachments[0].URL != "https://two.test/cat.png" {
		t.Errorf("alice sees %+v", seen)
	}
	answers(t, one, two, note.Object)
	changes(t, one, two, note.Object)
	partings(t, one, two, follow.ID)
}

// answers are what alice at one says to bob's note at two.
func answers(t *testing.T, one, two *peers.Peer, note string) {
	bob := two.URI("bob")
	reply := one.Do("note", "alice", peers.Args{"content": "second", "inReplyTo": note, "visibility": "direct"})
	if seen := two.State().Seen[reply.Object]; seen.InReplyTo != note || !slices.Equal(seen.To, []string{bob}) || len(seen.CC) != 0 {
		t.Errorf("bob sees %+v", seen)
	}
	one.Do("react", "alice", peers.Args{"target": note, "content": "🍵"})
	boost := one.Do("announce", "alice", peers.Args{"target": note})
	one.Do("flag", "alice", peers.Args{"target": bob, "posts": []string{note}, "content": "hm"})
	state := two.State()
	if len(state.Likes) != 1 || state.Likes[0].Content != "🍵" || state.Likes[0].Type != "EmojiReact" {
		t.Errorf("reactions %+v", state.Likes)
	}
	if len(state.Shares) != 1 || state.Shares[0].ID != boost.ID || state.Shares[0].Object != note {
		t.Errorf("boosts %+v", state.Shares)
	}
	if len(state.Reports) != 1 || !slices.Equal(state.Reports[0].Objects, []string{bob, note}) {
		t.Errorf("reports %+v", state.Reports)
	}
}

// changes are what bob at two does with his own note, which alice at one follows.
func changes(t *testing.T, one, two *peers.Peer, note string) {
	two.Do("pin", "bob", peers.Args{"target": note})
	two.Do("unpin", "bob", peers.Args{"target": note})
	two.Do("update", "bob", peers.Args{"target": note, "content": "edited"})
	two.Do("update", "bob", peers.Args{"name": "Bob the second"})
	state := one.State()
	if len(state.Pins) != 2 || state.Pins[0].Verb != "Add" || state.Pins[1].Verb != "Remove" || state.Pins[1].Object != note {
		t.Errorf("pins %+v", state.Pins)
	}
	if seen := state.Seen[note]; seen.Content != "<p>edited</p>" || !seen.Edited || seen.Updated == "" {
		t.Errorf("alice sees %+v after the edit", seen)
	}
	if bob := state.Seen[two.URI("bob")]; bob.Name != "Bob the second" {
		t.Errorf("alice sees bob as %+v", bob)
	}
	two.Do("delete", "bob", peers.Args{"target": note})
	if _, there := one.State().Seen[note]; there {
		t.Error("alice still sees what was deleted")
	}
}

// partings end with nobody following anybody.
func partings(t *testing.T, one, two *peers.Peer, follow string) {
	alice, bob := one.URI("alice"), two.URI("bob")
	two.Do("set", "alice", peers.Args{"aliases": []string{bob}})
	two.Do("move", "bob", peers.Args{"target": two.URI("alice")})
	if moves := one.State().Moves; len(moves) != 1 || moves[0].Object != bob || moves[0].Target != two.URI("alice") {
		t.Errorf("moves %+v", moves)
	}
	one.Do("undo", "alice", peers.Args{"id": follow})
	if followers := two.State().People["bob"].Followers; len(followers) != 0 {
		t.Errorf("bob's followers after the undo: %v", followers)
	}
	one.Do("block", "alice", peers.Args{"target": bob})
	if blocks := two.State().Blocks; len(blocks) != 1 || blocks[0].Actor != alice || blocks[0].Object != bob {
		t.Errorf("blocks %+v", blocks)
	}
}

func TestPollsAndVotes(t *testing.T) {
	one, two := pair(t, "")
	poll := two.Do("note", "bob", peers.Args{"content": "tea?", "to": []string{one.URI("alice")},
		"poll": peers.Args{"options": []string{"煎茶", "ほうじ茶"}}})
	if seen := one.State().Seen[poll.Object]; seen.Type != "Question" || len(seen.Options) != 2 || seen.Options[1].Name != "ほうじ茶" {
		t.Errorf("alice sees %+v", seen)
	}
	one.Do("vote", "alice", peers.Args{"target": poll.Object, "name": "ほうじ茶"})
	if note := two.State().Notes[poll.Object]; note.Votes["ほうじ茶"] != 1 || note.Votes["煎茶"] != 0 || note.Voters != 1 {
		t.Errorf("the poll stands at %+v", note)
	}
}

func TestFollowsThatWait(t *testing.T) {
	one, two := pair(t, "")
	two.Do("set", "bob", peers.Args{"accept": "manual"})
	one.Do("follow", "alice", peers.Args{"target": two.URI("bob")})
	one.Do("follow", "bob", peers.Args{"target": two.URI("bob")})
	two.Do("accept", "bob", peers.Args{"target": one.URI("alice")})
	two.Do("reject", "bob", peers.Args{"target": one.URI("bob")})
	people := one.State().People
	if people["alice"].Following[two.URI("bob")] != "accepted" || people["bob"].Following[two.URI("bob")] != "rejected" {
		t.Errorf("alice: %v, bob: %v", people["alice"].Following, people["bob"].Following)
	}
	if followers := two.State().People["bob"].Followers; !slices.Equal(followers, []string{one.URI("alice")}) {
		t.Errorf("bob's followers: %v", followers)
	}
}

// What is not signed is recorded as such and changes nothing; who is not reachable is an error with the reason.
func TestWhatIsRefused(t *testing.T) {
	one, two := pair(t, "")
	forged := peers.Args{"@context": "https://www.w3.org/ns/activitystreams", "type": "Delete", "id": "https://one.test/activities/1",
		"actor": one.URI("alice"), "object": one.URI("alice")}
	answer := one.Do("raw", "alice", peers.Args{"inbox": "https://two.test/inbox", "activity": forged, "unsigned": true})
	got := two.WaitInbox(func(e peers.Entry) bool { return e.Type() == "Delete" })
	if answer.Status != 401 || got.Status != 401 || got.Verified || got.Signature != "" || len(two.State().Deletions) != 0 {
		t.Errorf("an unsigned Delete was answered %d and recorded as %+v", answer.Status, got)
	}
	forged["id"] = "https://one.test/activities/2"
	answer = one.Do("raw", "alice", peers.Args{"inbox": "https://two.test/inbox", "activity": forged})
	if answer.Status != 202 || len(two.State().Deletions) != 1 {
		t.Errorf("the same, signed, was answered %d %s", answer.Status, answer.Body)
	}

	private := two.Do("note", "bob", peers.Args{"content": "for few", "visibility": "followers"})
	if result, err := one.Try("fetch", "alice", peers.Args{"target": private.Object}); err == nil {
		t.Errorf("alice, no follower, was given %s", result.Document)
	}
	if _, err := one.Try("follow", "alice", peers.Args{"target": "@somebody@nowhere.test"}); err == nil {
		t.Error("following somebody on an unknown host succeeded")
	}
	if _, err := one.Try("fly", "alice", nil); err == nil {
		t.Error("a verb that does not exist succeeded")
	}
}

func TestLookup(t *testing.T) {
	one, two := pair(t, "")
	found := one.Do("lookup", "alice", peers.Args{"target": two.Handle("bob")})
	if found.Object != two.URI("bob") || len(found.Document) == 0 {
		t.Errorf("looking up bob found %+v", found)
	}
	two.Do("delete", "bob", nil)
	if _, err := one.Try("fetch", "alice", peers.Args{"target": two.URI("bob")}); err == nil {
		t.Error("bob can be fetched although he is gone")
	}
}
