package fediverse

import (
	"net/http"
	"testing"
)

func activityRequest(t *testing.T, uri string) *http.Request {
	t.Helper()
	req, err := http.NewRequest("GET", uri, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Accept", "application/activity+json")
	return req
}

func TestLikeAndUndo(t *testing.T) {
	w := New(t, "a.test", "b.test")
	alice, bob := w.friends()
	said := alice.Post("星をください")
	if got := bob.on(said["uri"], "favourite"); got["favourited"] != true {
		t.Fatalf("bob's own view: %v", got["favourited"])
	}
	if n := alice.status(said["id"])["favourites_count"]; n != 1.0 {
		t.Fatalf("favourites_count is %v, not 1", n)
	}
	if got := alice.notifications("favourite"); len(got) != 1 {
		t.Fatalf("%d notifications, not 1", len(got))
	}
	bob.on(said["uri"], "favourite") // twice is once
	if n := alice.status(said["id"])["favourites_count"]; n != 1.0 {
		t.Fatalf("favourites_count is %v after the second, not 1", n)
	}
	bob.on(said["uri"], "unfavourite")
	if n := alice.status(said["id"])["favourites_count"]; n != 0.0 {
		t.Fatalf("favourites_count is %v, not 0", n)
	}
	if got := alice.notifications("favourite"); len(got) != 0 {
		t.Fatalf("the notification stays: %v", got)
	}
}

func TestEmojiReaction(t *testing.T) {
	w := New(t, "a.test", "b.test")
	alice, bob := w.friends()
	said := alice.Post("おなかすいた")
	s := bob.See(said["uri"].(string))
	bob.Call("PUT", "/api/v1/pleroma/statuses/"+s["id"].(string)+"/reactions/🍣", nil)
	w.Settle()
	if n := alice.status(said["id"])["favourites_count"]; n != 0.0 {
		t.Fatalf("an emoji is not a favourite: %v", n)
	}
	reactions, _ := alice.status(said["id"])["emoji_reactions"].([]any)
	if len(reactions) != 1 || reactions[0].(map[string]any)["name"] != "🍣" {
		t.Fatalf("reactions at alice's: %v", reactions)
	}
	bob.Call("DELETE", "/api/v1/pleroma/statuses/"+s["id"].(string)+"/reactions/🍣", nil)
	w.Settle()
	if reactions, _ := alice.status(said["id"])["emoji_reactions"].([]any); len(reactions) != 0 {
		t.Fatalf("it was taken back: %v", reactions)
	}
}

func TestAnnounceAndUndo(t *testing.T) {
	w := New(t, "a.test", "b.test", "c.test")
	alice, bob := w.friends()
	carol := w.Person("carol@c.test")
	carol.Follow(bob)
	said := alice.Post("遠くまで")
	bob.on(said["uri"], "reblog")
	if n := alice.status(said["id"])["reblogs_count"]; n != 1.0 {
		t.Fatalf("reblogs_count is %v, not 1", n)
	}
	got := carol.home()
	if len(got) != 1 || got[0]["reblog"] == nil || got[0]["reblog"].(map[string]any)["uri"] != said["uri"] {
		t.Fatalf("carol's Home: %v", got)
	}
	bob.on(said["uri"], "unreblog")
	if n := alice.status(said["id"])["reblogs_count"]; n != 0.0 {
		t.Fatalf("reblogs_count is %v, not 0", n)
	}
	if got := carol.home(); len(got) != 0 {
		t.Fatalf("the boost stays in carol's Home: %v", got)
	}
}

func TestBlockAndUndo(t *testing.T) {
	w := New(t, "a.test", "b.test")
	alice, bob := w.friends()
	said := alice.Post("前")
	here := bob.home()[0]["id"].(string)
	alice.Call("POST", "/api/v1/accounts/"+alice.idOf(bob)+"/block", nil)
	w.Settle()
	if got := bob.relation(alice); got["following"] != false || got["followed_by"] != false || got["blocked_by"] != true {
		t.Fatalf("the follows end with the block: %v", got)
	}
	if status, _ := bob.Raw("GET", "/api/v1/statuses/"+here, nil); status != 404 {
		t.Fatalf("bob still opens %v: %d", said["uri"], status)
	}
	if status, _ := bob.Raw("POST", "/api/v1/accounts/"+bob.idOf(alice)+"/follow", nil); status != 403 {
		t.Fatalf("bob may follow again: %d", status)
	}
	alice.Call("POST", "/api/v1/accounts/"+alice.idOf(bob)+"/unblock", nil)
	w.Settle()
	if got := bob.relation(alice); got["blocked_by"] != false {
		t.Fatalf("the undo did not arrive: %v", got)
	}
}

func TestPins(t *testing.T) {
	w := New(t, "a.test", "b.test")
	alice, bob := w.friends()
	said := alice.Post("掲げる")
	alice.Call("POST", "/api/v1/statuses/"+said["id"].(string)+"/pin", nil)
	w.Settle()
	pinned := "/api/v1/accounts/" + bob.idOf(alice) + "/statuses?pinned=true"
	if got := bob.List(pinned); len(got) != 1 || got[0]["uri"] != said["uri"] {
		t.Fatalf("pinned at b.test: %v", got)
	}
	alice.Call("POST", "/api/v1/statuses/"+said["id"].(string)+"/unpin", nil)
	w.Settle()
	if got := bob.List(pinned); len(got) != 0 {
		t.Fatalf("still pinned: %v", got)
	}
}

func TestPollVotes(t *testing.T) {
	w := New(t, "a.test", "b.test")
	alice, bob := w.friends()
	said := alice.Post("どっち？", JSON{"poll": JSON{"options": []string{"山", "海"}, "expires_in": 3600}})
	poll := bob.See(said["uri"].(string))["poll"].(map[string]any)
	got := bob.Call("POST", "/api/v1/polls/"+poll["id"].(string)+"/votes", JSON{"choices": []string{"1"}})
	if got["voted"] != true {
		t.Fatalf("bob's view: %v", got)
	}
	w.Settle()
	mine := alice.status(said["id"])["poll"].(map[string]any)
	if mine["votes_count"] != 1.0 || mine["voters_count"] != 1.0 {
		t.Fatalf("the vote did not arrive: %v", mine)
	}
	if status, _ := bob.Raw("POST", "/api/v1/polls/"+poll["id"].(string)+"/votes", JSON{"choices": []string{"0"}}); status != 422 {
		t.Fatalf("a second vote answers %d, not 422", status)
	}
}

func TestFlag(t *testing.T) {
	w := New(t, "a.test", "b.test")
	alice, bob := w.friends()
	said := alice.Post("ひどいこと")
	s := bob.See(said["uri"].(string))
	r := bob.Call("POST", "/api/v1/reports", JSON{"account_id": bob.idOf(alice), "status_ids": []any{s["id"]}, "comment": "これは", "forward": true})
	if r["forwarded"] != true {
		t.Fatalf("the report: %v", r)
	}
	w.Settle()
	if st := w.Home("a.test").Queue.Stats(); len(st.Dropped) != 0 {
		t.Fatalf("the Flag was dropped: %v", st.Dropped)
	}
}

func TestMoveTakesFollowersAlong(t *testing.T) {
	w := New(t, "a.test", "b.test", "c.test")
	alice, bob := w.friends()
	next := w.Person("alice@c.test")
	next.moveFrom(alice)
	alice.moveTo(next)
	w.Settle()
	if got := bob.relation(next); got["following"] != true {
		t.Fatalf("bob does not follow the new account: %v", got)
	}
	if got := bob.relation(alice); got["following"] != false {
		t.Fatalf("bob still follows the old one: %v", got)
	}
	if got := bob.account(alice); got["moved"] == nil {
		t.Fatalf("the old account does not say where it went: %v", got)
	}
}

func TestQuoteAsksAndIsStamped(t *testing.T) {
	w := New(t, "a.test", "b.test")
	alice, bob := w.friends()
	said := alice.Post("引用どうぞ", JSON{"quote_approval_policy": "public"})
	s := bob.See(said["uri"].(string))
	q := bob.Post("これ", JSON{"quoted_status_id": s["id"]})
	got := bob.status(q["id"])["quote"].(map[string]any)
	if got["state"] != "accepted" {
		t.Fatalf("the quote's state at bob's is %v", got["state"])
	}
	there := alice.See(q["uri"].(string))["quote"].(map[string]any)
	if there["state"] != "accepted" {
		t.Fatalf("the quote's state at alice's is %v", there["state"])
	}
	if got := alice.notifications("quote"); len(got) != 1 {
		t.Fatalf("%d quote notifications, not 1", len(got))
	}
	alice.Call("POST", "/api/v1/statuses/"+said["id"].(string)+"/quotes/"+alice.See(q["uri"].(string))["id"].(string)+"/revoke", nil)
	w.Settle()
	if got := bob.status(q["id"])["quote"].(map[string]any); got["state"] != "revoked" {
		t.Fatalf("the revocation did not arrive: %v", got)
	}
	no := alice.Post("引用しないで", JSON{"quote_approval_policy": "nobody"})
	n := bob.See(no["uri"].(string))
	if status, _ := bob.Raw("POST", "/api/v1/statuses", JSON{"status": "でも", "quoted_status_id": n["id"]}); status != 422 {
		t.Fatalf("quoting what may not be quoted answers %d, not 422", status)
	}
}

func TestDeleteActor(t *testing.T) {
	w := New(t, "a.test", "b.test")
	alice, bob := w.friends()
	said := alice.Post("さようなら")
	here := bob.home()[0]["id"].(string)
	alice.leave()
	w.Settle()
	if status, _ := bob.Raw("GET", "/api/v1/statuses/"+here, nil); status != 404 {
		t.Fatalf("%v is still at b.test: %d", said["uri"], status)
	}
	if got := bob.relation(alice); got["following"] != false {
		t.Logf("bob's relation: %v", got)
	}
}
