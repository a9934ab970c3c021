package fediverse

import (
	"testing"

	"engawa/test/peers"
)

// Replies, likes, reactions and boosts, both ways.
func TestFedifyAnswers(t *testing.T) {
	eachKnock(t, func(t *testing.T, knock string) {
		w, alice, peer := neighbour(t, knock)
		knows(t, w, alice, peer)
		theirs := w.peerActs(peer, "note", "bob", peers.Args{"content": "お茶どうぞ"}).Object
		s := alice.fromHome(theirs)
		id := s["id"].(string)
		reply := alice.Post("@bob@fedify.test いただきます", JSON{"in_reply_to_id": id})
		if seen := peer.State().Seen[reply["uri"].(string)]; seen.InReplyTo != theirs {
			t.Errorf("the reply: %+v", seen)
		}
		alice.on(theirs, "favourite")
		arrived(t, peer, "Like", theirs)
		alice.Call("PUT", "/api/v1/pleroma/statuses/"+id+"/reactions/🍵", nil)
		w.Settle()
		alice.on(theirs, "reblog")
		arrived(t, peer, "Announce", theirs)
		state := peer.State()
		if len(state.Likes) != 2 || state.Likes[1].Content != "🍵" || len(state.Shares) != 1 || state.Shares[0].Object != theirs {
			t.Errorf("likes %+v, shares %+v", state.Likes, state.Shares)
		}
		alice.on(theirs, "unfavourite")
		alice.Call("DELETE", "/api/v1/pleroma/statuses/"+id+"/reactions/🍵", nil)
		w.Settle()
		alice.on(theirs, "unreblog")
		if state = peer.State(); len(state.Likes) != 0 || len(state.Shares) != 0 {
			t.Errorf("after the undos: likes %+v, shares %+v", state.Likes, state.Shares)
		}
		peerAnswers(t, w, alice, peer)
	})
}

// peerAnswers is the other direction.
func peerAnswers(t *testing.T, w *World, alice *Person, peer *peers.Peer) {
	t.Helper()
	said := alice.Post("だれかいますか")
	uri, id := said["uri"].(string), said["id"]
	reply := w.peerActs(peer, "note", "bob", peers.Args{"content": "はい", "inReplyTo": uri})
	if got := alice.fromHome(reply.Object); got == nil || got["in_reply_to_id"] != id {
		t.Errorf("bob's reply: %v", got)
	}
	like := w.peerActs(peer, "like", "bob", peers.Args{"target": uri})
	react := w.peerActs(peer, "react", "bob", peers.Args{"target": uri, "content": "🍡"})
	boost := w.peerActs(peer, "announce", "bob", peers.Args{"target": uri})
	got := alice.status(id)
	reactions, _ := got["emoji_reactions"].([]any)
	if got["favourites_count"] != 1.0 || got["reblogs_count"] != 1.0 || got["replies_count"] != 1.0 || len(reactions) == 0 {
		t.Errorf("counts: %v %v %v %v", got["favourites_count"], got["reblogs_count"], got["replies_count"], reactions)
	}
	if len(alice.notifications("favourite")) != 1 || len(alice.notifications("reblog")) != 1 {
		t.Error("no notifications of like and boost")
	}
	for _, r := range []peers.Result{like, react, boost} {
		w.peerActs(peer, "undo", "bob", peers.Args{"id": r.ID})
	}
	got = alice.status(id)
	reactions, _ = got["emoji_reactions"].([]any)
	if got["favourites_count"] != 0.0 || got["reblogs_count"] != 0.0 || len(reactions) != 0 {
		t.Errorf("after the undos: %v %v %v", got["favourites_count"], got["reblogs_count"], reactions)
	}
}

// Polls and votes, both ways.
func TestFedifyPolls(t *testing.T) {
	w, alice, peer := neighbour(t, cavage)
	knows(t, w, alice, peer)
	theirs := w.peerActs(peer, "note", "bob", peers.Args{"content": "どっち", "poll": peers.Args{"options": []string{"煎茶", "ほうじ茶"}}}).Object
	poll := alice.fromHome(theirs)["poll"].(map[string]any)
	alice.acts("/api/v1/polls/"+poll["id"].(string)+"/votes", JSON{"choices": []string{"1"}})
	if note := peer.State().Notes[theirs]; note.Votes["ほうじ茶"] != 1 || note.Voters != 1 {
		t.Errorf("the peer's count: %+v", note)
	}
	said := alice.Post("どっち？", JSON{"poll": JSON{"options": []string{"山", "海"}, "expires_in": 3600}})
	uri := said["uri"].(string)
	if seen := peer.State().Seen[uri]; seen.Type != "Question" || len(seen.Options) != 2 || seen.Options[0].Name != "山" {
		t.Errorf("the peer sees %+v", seen)
	}
	w.peerActs(peer, "vote", "bob", peers.Args{"target": uri, "name": "海"})
	mine := alice.status(said["id"])["poll"].(map[string]any)
	if mine["votes_count"] != 1.0 || mine["voters_count"] != 1.0 {
		t.Errorf("the vote did not arrive: %v", mine)
	}
	w.peerActs(peer, "vote", "bob", peers.Args{"target": uri, "name": "海"})
	w.peerActs(peer, "vote", "bob", peers.Args{"target": uri, "name": "川"})
	if mine = alice.status(said["id"])["poll"].(map[string]any); mine["votes_count"] != 1.0 {
		t.Errorf("twice, and for what is no option: %v", mine)
	}
}

// Pins, reports, blocks, both ways.
func TestFedifyPinsReportsBlocks(t *testing.T) {
	w, alice, peer := neighbour(t, rfc9421)
	bob := knows(t, w, alice, peer)
	bobID := bob["id"].(string)
	theirs := w.peerActs(peer, "note", "bob", peers.Args{"content": "掲げる"}).Object
	w.peerActs(peer, "pin", "bob", peers.Args{"target": theirs})
	pinned := "/api/v1/accounts/" + bobID + "/statuses?pinned=true"
	if got := alice.List(pinned); len(got) != 1 || got[0]["uri"] != theirs {
		t.Errorf("pinned: %v", got)
	}
	w.peerActs(peer, "unpin", "bob", peers.Args{"target": theirs})
	if got := alice.List(pinned); len(got) != 0 {
		t.Errorf("still pinned: %v", got)
	}
	said := alice.Post("掲げます")
	alice.acts("/api/v1/statuses/"+said["id"].(string)+"/pin", nil)
	alice.acts("/api/v1/statuses/"+said["id"].(string)+"/unpin", nil)
	if pins := peer.State().Pins; len(pins) != 2 || pins[0].Verb != "Add" || pins[0].Object != said["uri"] || pins[0].Target != alice.URI()+"/collections/featured" || pins[1].Verb != "Remove" {
		t.Errorf("the peer's pins: %+v", pins)
	}
	alice.acts("/api/v1/reports", JSON{"account_id": bobID, "status_ids": []any{alice.fromHome(theirs)["id"]}, "comment": "これは", "forward": true})
	if got := peer.State().Reports; len(got) != 1 || got[0].Content != "これは" || len(got[0].Objects) != 2 || got[0].Actor == alice.URI() {
		t.Errorf("the peer's reports: %+v", got)
	}
	w.peerActs(peer, "flag", "bob", peers.Args{"target": alice.URI(), "posts": []string{said["uri"].(string)}, "content": "あれは"})
	if dropped := w.Home("a.test").Queue.Stats().Dropped; len(dropped) != 0 {
		t.Errorf("dropped: %v", dropped)
	}
	alice.acts("/api/v1/accounts/"+bobID+"/block", nil)
	if got := peer.State().Blocks; len(got) != 1 || got[0].Object != peer.URI("bob") {
		t.Errorf("the peer's blocks: %+v", got)
	}
	alice.acts("/api/v1/accounts/"+bobID+"/unblock", nil)
	if got := peer.State().Blocks; len(got) != 0 {
		t.Errorf("the peer's blocks after the undo: %+v", got)
	}
	b := w.peerActs(peer, "block", "bob", peers.Args{"target": alice.URI()})
	if rel := alice.relationTo(bob); rel["blocked_by"] != true || rel["following"] != false {
		t.Errorf("bob blocks: %v", rel)
	}
	w.peerActs(peer, "undo", "bob", peers.Args{"id": b.ID})
	if rel := alice.relationTo(bob); rel["blocked_by"] != false {
		t.Errorf("bob blocks no more: %v", rel)
	}
}

// Moves, both ways: the followers go along where both accounts name each other.
func TestFedifyMoves(t *testing.T) {
	w, alice, peer := neighbour(t, cavage)
	knows(t, w, alice, peer)
	peer.Do("set", "alice", peers.Args{"aliases": []string{peer.URI("bob")}})
	w.peerActs(peer, "move", "bob", peers.Args{"target": peer.URI("alice")})
	if rel := alice.relationTo(alice.accountAt(peer, "alice")); rel["following"] != true {
		t.Errorf("alice did not follow along: %v; dropped %v", rel, w.Home("a.test").Queue.Stats().Dropped)
	}
	if rel := alice.relationTo(alice.accountAt(peer, "bob")); rel["following"] != false {
		t.Errorf("alice still follows the old account: %v", rel)
	}
	carol := w.Person("carol@a.test")
	carol.moveFrom(alice)
	alice.moveTo(carol)
	if got := peer.State().Moves; len(got) != 1 || got[0].Object != alice.URI() || got[0].Target != carol.URI() {
		t.Errorf("the peer's moves: %+v", got)
	}
}

// Profiles and the end of an account; what the peer finds when it looks for itself.
func TestFedifyProfilesAndEnd(t *testing.T) {
	w, alice, peer := neighbour(t, rfc9421)
	knows(t, w, alice, peer)
	alice.Call("PATCH", "/api/v1/accounts/update_credentials", JSON{"display_name": "アリス", "note": "縁側にいます"})
	w.Settle()
	arrived(t, peer, "Update", alice.URI())
	if got := peer.State().Seen[alice.URI()]; got.Name != "アリス" {
		t.Errorf("the peer's alice: %+v", got)
	}
	said := alice.Post("見てのとおり")
	if found := peer.Do("lookup", "alice", peers.Args{"target": said["uri"].(string)}); found.Object != said["uri"] {
		t.Errorf("the peer looked up %+v", found)
	}
	private := alice.Post("フォロワーへ", JSON{"visibility": "private"})
	if _, err := peer.Try("fetch", "alice", peers.Args{"target": private["uri"].(string)}); err == nil {
		t.Error("the peer's alice, no follower, was given a followers-only post")
	}
	if _, err := peer.Try("fetch", "bob", peers.Args{"target": private["uri"].(string)}); err != nil {
		t.Errorf("the peer's bob, a follower, was not given it: %v", err)
	}
	if _, err := peer.Try("fetch", "bob", peers.Args{"target": alice.URI() + "/followers"}); err != nil {
		t.Errorf("followers: %v", err)
	}
	if _, err := peer.Try("fetch", "bob", peers.Args{"target": alice.URI() + "/outbox"}); err != nil {
		t.Errorf("outbox: %v", err)
	}
	alice.leave()
	arrived(t, peer, "Delete", alice.URI())
	if got := peer.State().People["bob"].Followers; len(got) != 0 {
		t.Errorf("alice is gone, the peer keeps %v", got)
	}
	if errs := peer.State().Errors; len(errs) != 0 {
		t.Errorf("the peer's errors: %v", errs)
	}
}
