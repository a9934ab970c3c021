package fediverse

import "testing"

// Follow, its answers, and taking it back, in both directions.
func TestFollow(t *testing.T) {
	w := New(t, "a.test", "b.test")
	alice, bob := w.Person("alice@a.test"), w.Person("bob@b.test")
	rel := alice.Follow(bob)
	if rel["requested"] != true && rel["following"] != true {
		t.Fatalf("the follow was not asked for: %v", rel)
	}
	if got := alice.relation(bob); got["following"] != true || got["requested"] != false {
		t.Fatalf("an open account accepts at once: %v", got)
	}
	if got := bob.relation(alice); got["followed_by"] != true {
		t.Fatalf("bob's home does not know its follower: %v", got)
	}
	bob.Follow(alice)
	if got := alice.relation(bob); got["followed_by"] != true {
		t.Fatalf("the other direction: %v", got)
	}
	if n := bob.account(bob)["followers_count"]; n != 1.0 {
		t.Fatalf("followers_count is %v, not 1", n)
	}
	if got := bob.notifications("follow"); len(got) != 1 {
		t.Fatalf("bob got %d follow notifications, not 1", len(got))
	}
	alice.Call("POST", "/api/v1/accounts/"+alice.idOf(bob)+"/unfollow", nil)
	w.Settle()
	if got := bob.relation(alice); got["followed_by"] != false {
		t.Fatalf("the undo did not arrive: %v", got)
	}
	if n := bob.account(bob)["followers_count"]; n != 0.0 {
		t.Fatalf("followers_count is %v, not 0", n)
	}
}

func TestFollowLocked(t *testing.T) {
	w := New(t, "a.test", "b.test")
	alice, bob, carol := w.Person("alice@a.test"), w.Person("bob@b.test"), w.Person("carol@a.test")
	bob.Call("PATCH", "/api/v1/accounts/update_credentials", JSON{"locked": true})
	w.Settle()
	alice.Follow(bob)
	carol.Follow(bob)
	if got := alice.relation(bob); got["requested"] != true || got["following"] != false {
		t.Fatalf("a locked account is asked: %v", got)
	}
	if got := bob.List("/api/v1/follow_requests"); len(got) != 2 {
		t.Fatalf("%d requests, not 2", len(got))
	}
	bob.Call("POST", "/api/v1/follow_requests/"+bob.idOf(alice)+"/authorize", nil)
	bob.Call("POST", "/api/v1/follow_requests/"+bob.idOf(carol)+"/reject", nil)
	w.Settle()
	if got := alice.relation(bob); got["following"] != true {
		t.Fatalf("the Accept did not arrive: %v", got)
	}
	if got := carol.relation(bob); got["requested"] != false || got["following"] != false {
		t.Fatalf("the Reject did not arrive: %v", got)
	}
	// A follower removed later is a Reject too.
	bob.Call("POST", "/api/v1/accounts/"+bob.idOf(alice)+"/remove_from_followers", nil)
	w.Settle()
	if got := alice.relation(bob); got["following"] != false {
		t.Fatalf("alice still follows: %v", got)
	}
}

// Nobody sees a followers-only post of a locked account before the answer (T53).
func TestFollowPendingShowsNothing(t *testing.T) {
	w := New(t, "a.test", "b.test")
	alice, bob, carol := w.Person("alice@a.test"), w.Person("bob@b.test"), w.Person("carol@a.test")
	carol.Follow(bob) // so that bob's posts come to a.test
	bob.Call("PATCH", "/api/v1/accounts/update_credentials", JSON{"locked": true})
	w.Settle()
	alice.Follow(bob)
	said := bob.Post("for followers", JSON{"visibility": "private"})
	uri := said["uri"].(string)
	if got := carol.home(); len(got) != 1 || got[0]["uri"] != uri {
		t.Fatalf("carol follows and sees it: %v", got)
	}
	if got := alice.home(); len(got) != 0 {
		t.Fatalf("alice only asked, and sees %v", got)
	}
	id := carol.home()[0]["id"].(string)
	if status, _ := alice.Raw("GET", "/api/v1/statuses/"+id, nil); status != 404 {
		t.Fatalf("alice opens it by id: %d, not 404", status)
	}
}
