package fediverse

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"engawa/server"
	"engawa/social"
)

// linked is a person of a.test who has an account at b.test too, linked by a
// token of b.test's Mastodon API.
type linked struct {
	*Person         // at a.test
	There   *Person // the account at b.test
	Link    *social.Link
}

func linkAccounts(t *testing.T, w *World, rules string) *linked {
	t.Helper()
	l := &linked{Person: w.Person("alice@a.test"), There: w.Person("aki@b.test")}
	link, url, err := l.Home.Links.Begin(w.ctx, l.ID, &server.LinkAsk{
		Network: "mastodon", Name: "b", Base: "b.test", Fields: map[string]string{"token": l.There.Token},
	})
	if err != nil || link == nil {
		t.Fatalf("not linked: %v, %q", err, url)
	}
	l.Link = link
	if rules != "" {
		if err := l.Home.Server.Home.Store.Write(w.ctx, func(tx social.Tx) error { return tx.PutRules(w.ctx, l.ID, rules, 1) }); err != nil {
			t.Fatal(err)
		}
		l.Home.Ledger.Forget(l.ID)
	}
	return l
}

// read shows the lane as a list.
func (l *linked) read(t *testing.T, merge bool) {
	t.Helper()
	yes := true
	link, err := l.Home.Links.Change(l.Home.w.ctx, l.ID, l.Link.ID, &server.LinkChange{Read: &yes, Merge: &merge})
	if err != nil {
		t.Fatal(err)
	}
	l.Link = link
}

// until waits for what a stream brings: the one thing here that no queue knows of.
func until(t *testing.T, w *World, what string, ok func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(w.ctx, 20*time.Second)
	defer cancel()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for !ok() {
		w.Settle()
		select {
		case <-ctx.Done():
			t.Fatalf("%s: it never came", what)
		case <-tick.C:
		}
	}
}

// texts are the plain texts of statuses.
func texts(list []JSON) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = strings.NewReplacer("<p>", "", "</p>", "").Replace(s["content"].(string))
	}
	return out
}

const relayRules = `
[[rule]]
name = "b"
when.tag_any = ["b"]
to = ["b"]
limit.hold = "0s"
`

// A post with the tag appears at the linked account, without the tag; an edit
// and a delete follow.
func TestLinkedRelay(t *testing.T) {
	w := New(t, "a.test", "b.test")
	l := linkAccounts(t, w, relayRules)
	there := func() []JSON { return l.There.List("/api/v1/accounts/" + l.There.ID.String() + "/statuses") }

	l.Post("nothing for others")
	post := l.Post("hello there #b")
	if got := texts(there()); !slices.Equal(got, []string{"hello there"}) {
		t.Fatalf("at b.test: %q", got)
	}
	l.Post("and more", JSON{"in_reply_to_id": post["id"]})
	list := there()
	if got := texts(list); !slices.Equal(got, []string{"and more", "hello there"}) || list[0]["in_reply_to_id"] != list[1]["id"] {
		t.Fatalf("the thread at b.test: %q", got)
	}
	l.Call("PUT", "/api/v1/statuses/"+post["id"].(string), JSON{"status": "hello everybody #b"})
	w.Settle()
	if got := texts(there()); !slices.Equal(got, []string{"and more", "hello everybody"}) {
		t.Fatalf("edited: %q", got)
	}
	l.Call("DELETE", "/api/v1/statuses/"+post["id"].(string), nil)
	w.Settle()
	if got := texts(there()); !slices.Equal(got, []string{"and more"}) {
		t.Fatalf("deleted: %q", got)
	}
	private := l.Post("for my followers #b", JSON{"visibility": "private"})
	if got := texts(there()); len(got) != 1 {
		t.Fatalf("a post for followers went out: %q", got)
	}
	verdicts, err := l.Home.Server.Home.Store.Verdicts(w.ctx, idOf(t, private))
	if err != nil || len(verdicts) != 1 || verdicts[0].Send || verdicts[0].Reason == "" {
		t.Errorf("why it did not go: %+v, %v", verdicts, err)
	}
}

func idOf(t *testing.T, s JSON) social.ID {
	t.Helper()
	id, ok := social.ParseID(s["id"].(string))
	if !ok {
		t.Fatalf("no id: %v", s)
	}
	return id
}

// The linked account's home timeline is a lane here, as a list; what is answered
// in it is answered there.
func TestLinkedLane(t *testing.T) {
	w := New(t, "a.test", "b.test")
	l := linkAccounts(t, w, "")
	bob := w.Person("bob@b.test")
	l.There.Follow(bob)
	before := bob.Post("before the lane was read")
	l.read(t, false)
	lane := func() []JSON { return l.List("/api/v1/timelines/list/" + l.Link.List.String()) }
	until(t, w, "what was there", func() bool { return slices.Contains(texts(lane()), "before the lane was read") })

	bob.Post("good morning from b")
	until(t, w, "by the stream", func() bool { return slices.Contains(texts(lane()), "good morning from b") })
	if got := texts(l.List("/api/v1/timelines/home")); slices.Contains(got, "good morning from b") {
		t.Errorf("it is in Home without having been merged: %q", got)
	}
	var seen JSON
	for _, s := range lane() {
		if texts([]JSON{s})[0] == "before the lane was read" {
			seen = s
		}
	}
	l.Call("POST", "/api/v1/statuses/"+seen["id"].(string)+"/favourite", nil)
	w.Settle()
	if got := bob.List("/api/v1/statuses/" + before["id"].(string) + "/favourited_by"); len(got) != 1 || got[0]["acct"] != "aki" {
		t.Fatalf("favourited there by %v", got)
	}
	l.Post("morning, bob", JSON{"in_reply_to_id": seen["id"]})
	thread := bob.Call("GET", "/api/v1/statuses/"+before["id"].(string)+"/context", nil)
	answers, _ := thread["descendants"].([]any)
	if len(answers) != 1 || answers[0].(JSON)["account"].(JSON)["acct"] != "aki" {
		t.Fatalf("answers there: %v", thread)
	}
	l.Call("POST", "/api/v1/statuses/"+seen["id"].(string)+"/unfavourite", nil)
	w.Settle()
	if got := bob.List("/api/v1/statuses/" + before["id"].(string) + "/favourited_by"); len(got) != 0 {
		t.Fatalf("still favourited there by %v", got)
	}
}

// What the home wants to know of a person comes as a direct message from its own
// account, and is answered there: in whatever Mastodon app the person uses.
func TestLinkedAsk(t *testing.T) {
	w := New(t, "a.test", "b.test")
	l := linkAccounts(t, w, relayRules+"limit.confirm = \"always\"\n")
	there := func() []string { return texts(l.There.List("/api/v1/accounts/" + l.There.ID.String() + "/statuses")) }
	question := func() JSON {
		t.Helper()
		list := l.List("/api/v1/conversations")
		if len(list) == 0 {
			t.Fatal("nobody asked")
		}
		return list[0]["last_status"].(JSON)
	}
	answer := func(q JSON, text string) {
		t.Helper()
		l.Post("@"+q["account"].(JSON)["acct"].(string)+" "+text, JSON{"in_reply_to_id": q["id"], "visibility": "direct"})
	}
	l.Post("may I? #b")
	if got := there(); len(got) != 0 {
		t.Fatalf("it went out unasked: %q", got)
	}
	asked := question()
	if text := asked["content"].(string); !strings.Contains(text, "may I?") || !strings.Contains(text, "skip") || !strings.Contains(text, "“b”") {
		t.Errorf("the question: %s", text)
	}
	if list := l.List("/api/v1/notifications?types[]=mention"); len(list) != 1 {
		t.Errorf("%d notifications of the question", len(list))
	}
	answer(asked, "what?")
	if help := question(); help["id"] == asked["id"] || !strings.Contains(help["content"].(string), "thread") {
		t.Errorf("help: %v", help["content"])
	}
	answer(question(), "thread")
	if got := there(); !slices.Equal(got, []string{"may I?"}) {
		t.Fatalf("after the answer: %q; the home said %v", got, question()["content"])
	}
	answer(asked, "skip")
	if got := there(); !slices.Equal(got, []string{"may I?"}) {
		t.Fatalf("after a late answer: %q", got)
	}
	for _, at := range []string{"b.test"} {
		if got := w.Home(at).Queue.Stats().Dead; got != 0 {
			t.Errorf("%d dead jobs at %s", got, at)
		}
	}
}

// A lane that is merged stands in Home too, and a paused link does nothing.
func TestLinkedMerge(t *testing.T) {
	w := New(t, "a.test", "b.test")
	l := linkAccounts(t, w, relayRules)
	bob := w.Person("bob@b.test")
	l.There.Follow(bob)
	l.read(t, true)
	bob.Post("for the merged")
	until(t, w, "in Home", func() bool { return slices.Contains(texts(l.home()), "for the merged") })

	pause := true
	if _, err := l.Home.Links.Change(w.ctx, l.ID, l.Link.ID, &server.LinkChange{Paused: &pause}); err != nil {
		t.Fatal(err)
	}
	l.Post("while paused #b")
	mine := "/api/v1/accounts/" + l.There.ID.String() + "/statuses"
	if got := l.There.List(mine); len(got) != 0 {
		t.Fatalf("a paused link sent %q", texts(got))
	}
	pause = false
	if _, err := l.Home.Links.Change(w.ctx, l.ID, l.Link.ID, &server.LinkChange{Paused: &pause}); err != nil {
		t.Fatal(err)
	}
	w.Settle()
	if got := texts(l.There.List(mine)); !slices.Equal(got, []string{"while paused"}) {
		t.Fatalf("after the pause: %q", got)
	}
	if err := l.Home.Links.Drop(w.ctx, l.ID, l.Link.ID); err != nil {
		t.Fatal(err)
	}
	until(t, w, "the end of the lane", func() bool { return l.Home.Lanes.Count() == 0 })
}
