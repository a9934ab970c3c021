package fediverse

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"engawa/internal/clock"
	"engawa/social"
)

// linkOf gives somebody a Link whose Lane is merged, as if it had been linked.
func (p *Person) linkOf(network string) *social.Link {
	p.tb.Helper()
	h := p.Home.Server.Home
	l := &social.Link{
		ID: social.ID(h.IDs.Next()), User: p.ID, Network: network, Name: network, Base: "https://" + network + ".test", State: social.LinkActive,
		Can:  social.AblePost | social.AbleReply | social.AbleFavourite | social.AbleBoost | social.AbleFollow | social.AbleRead,
		List: social.ID(h.IDs.Next()), Merge: true, CreatedAt: 1,
	}
	err := h.Store.Write(p.Home.w.ctx, func(tx social.Tx) error {
		if err := tx.PutLink(p.Home.w.ctx, l); err != nil {
			return err
		}
		return tx.PutList(p.Home.w.ctx, &social.List{ID: l.List, User: p.ID, Title: network, Replies: "list"})
	})
	if err != nil {
		p.tb.Fatal(err)
	}
	return l
}

func (p *Person) reads(l *social.Link, items ...social.Item) {
	p.tb.Helper()
	if err := p.Home.Server.Home.Arrive(p.Home.w.ctx, l, &social.Batch{Items: items}); err != nil {
		p.tb.Fatal(err)
	}
	p.Home.w.Settle()
}

// What a Lane shows, and how it is answered, never leaves the one it is shown to:
// not to others here, not to followers elsewhere, not to who asks by address.
func TestLaneLeaksNothing(t *testing.T) {
	w := New(t, "a.test", "b.test")
	alice, bob := w.friends()
	dan := w.Person("dan@a.test")
	l := alice.linkOf("nowhere")
	by := social.Stranger{ID: "did:plc:ann", URI: "did:plc:ann", Name: "ann.bsky.social", Domain: "bsky.app", Display: "Ann"}
	uri := "at://did:plc:ann/app.bsky.feed.post/1"
	alice.reads(l, social.Item{Ref: social.Ref{ID: uri, URI: uri, URL: "https://bsky.app/profile/ann/post/1"}, URI: uri, Author: by, At: clock.NowMillis(clock.System), HTML: "<p>himitsu #cats</p>", Tags: []string{"cats"}})
	list := alice.List("/api/v1/timelines/list/" + l.List.String())
	if len(list) != 1 || list[0]["uri"] != uri || list[0]["visibility"] != "public" || list[0]["account"].(map[string]any)["acct"] != "ann.bsky.social@bsky.app" {
		t.Fatalf("the list: %v", list)
	}
	if home := alice.List("/api/v1/timelines/home"); len(home) != 1 || home[0]["uri"] != uri {
		t.Fatalf("Home: %v", home)
	}
	id, ann := list[0]["id"].(string), list[0]["account"].(JSON)["id"].(string)
	// no network of this name is known, so what is done is taken back by and by
	if got := alice.Call("POST", "/api/v1/statuses/"+id+"/favourite", nil); got["favourited"] != true {
		t.Errorf("not shown as done: %v", got)
	}
	boost := alice.Call("POST", "/api/v1/statuses/"+id+"/reblog", nil)
	if rel := alice.Call("POST", "/api/v1/accounts/"+ann+"/follow", nil); rel["following"] != true {
		t.Errorf("not shown as followed: %v", rel)
	}
	reply := alice.Post("himitsu no henji #cats @dan", JSON{"in_reply_to_id": id})
	w.Settle()
	// the one neighbour who follows alice gets nothing
	for _, place := range []string{"/api/v1/timelines/home", "/api/v1/timelines/public", "/api/v1/notifications?exclude_types[]=follow", "/api/v1/timelines/tag/cats"} {
		if got := bob.List(place); len(got) != 0 {
			t.Errorf("bob's %s: %v", place, got)
		}
	}
	// nor dan, who lives here, nor a stranger
	ids := []string{id, reply["id"].(string), boost["id"].(string)}
	aliceID := alice.ID.String()
	for _, place := range []string{
		"/api/v1/timelines/home", "/api/v1/timelines/public", "/api/v1/timelines/public?local=true", "/api/v1/timelines/tag/cats", "/api/v1/notifications",
		"/api/v1/accounts/" + aliceID + "/statuses", "/api/v1/accounts/" + ann + "/statuses", "/api/v1/trends/statuses", "/api/v1/trends/tags",
		"/api/v1/accounts/" + aliceID + "/following?remote=1",
	} {
		for _, x := range dan.List(place) {
			if s, _ := x["content"].(string); strings.Contains(s, "himitsu") || x["acct"] == "ann.bsky.social@bsky.app" || x["name"] == "cats" {
				t.Errorf("dan's %s: %v", place, x)
			}
		}
	}
	for _, id := range ids {
		for _, path := range []string{"", "/context", "/favourited_by", "/reblogged_by", "/history", "/source"} {
			if status, data := dan.Raw("GET", "/api/v1/statuses/"+id+path, nil); status != http.StatusNotFound {
				t.Errorf("dan opens %s%s: %d %s", id, path, status, data)
			}
		}
		for _, verb := range []string{"favourite", "reblog", "bookmark"} {
			if status, _ := dan.Raw("POST", "/api/v1/statuses/"+id+"/"+verb, JSON{}); status != http.StatusNotFound {
				t.Errorf("dan can %s %s: %d", verb, id, status)
			}
		}
	}
	if found := dan.Call("GET", "/api/v2/search?q=himitsu", nil); len(found["statuses"].([]any)) != 0 {
		t.Errorf("dan finds %v", found)
	}
	if a := dan.Call("GET", "/api/v1/accounts/"+aliceID, nil); a["statuses_count"] != 0.0 || a["following_count"] != 1.0 {
		t.Errorf("counted: %v, %v", a["statuses_count"], a["following_count"])
	}
	replyID := reply["id"].(string)
	for _, path := range []string{
		"https://a.test/users/alice/statuses/" + replyID, "https://a.test/users/alice/statuses/" + replyID + "/activity", "https://a.test/users/alice/statuses/" + replyID + "/replies",
		"https://a.test/@alice/" + replyID, "https://a.test/users/alice/statuses/" + id, "https://a.test/@alice/" + id,
	} {
		for _, accept := range []string{"application/activity+json", "text/html"} {
			req := activityRequest(t, path)
			req.Header.Set("Accept", accept)
			res, err := w.Client().Do(req)
			if err != nil {
				t.Fatal(err)
			}
			res.Body.Close()
			if res.StatusCode != http.StatusNotFound {
				t.Errorf("%s (%s) answers a stranger %d", path, accept, res.StatusCode)
			}
		}
	}
	outbox := fromOutside(t, w, "https://a.test/users/alice/outbox?page=true")
	if strings.Contains(outbox, "himitsu") || strings.Contains(outbox, "at://") || strings.Contains(outbox, "did:plc") {
		t.Errorf("the outbox: %s", outbox)
	}
	if following := fromOutside(t, w, "https://a.test/users/alice/following?page=true"); strings.Contains(following, "did:plc") {
		t.Errorf("following: %s", following)
	}
}

// fromOutside is what a stranger's server is answered.
func fromOutside(t *testing.T, w *World, url string) string {
	t.Helper()
	res, err := w.Client().Do(activityRequest(t, url))
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

// A post that a Lane showed first comes from its own server as if it had not been
// here: to its followers, to who asks by address, and with an answer to it.
func TestLaneThenFederated(t *testing.T) {
	w := New(t, "a.test", "b.test")
	alice, _ := w.friends()
	dan := w.Person("dan@a.test")
	// alice's Lane is the only one that knows the next one, until dan asks for it
	secret := w.Person("eve@b.test")
	next := secret.Post("asked for")
	uri := next["uri"].(string)
	l := alice.linkOf("nowhere")
	alice.reads(l, social.Item{Ref: social.Ref{ID: "1", URI: uri}, URI: uri, At: 1, HTML: "<p>forged</p>",
		Author: social.Stranger{ID: "2", URI: secret.URI(), Name: "eve", Domain: "b.test"}})
	if got := alice.List("/api/v1/timelines/list/" + l.List.String()); len(got) != 1 || got[0]["content"] != "<p>forged</p>" {
		t.Fatalf("%v", got)
	}
	found := dan.Call("GET", "/api/v2/search?resolve=true&q="+uri, nil)["statuses"].([]any)
	if len(found) != 1 || !strings.Contains(found[0].(JSON)["content"].(string), "asked for") {
		t.Fatalf("dan finds %v", found)
	}
	if got := alice.List("/api/v1/timelines/list/" + l.List.String()); len(got) != 1 || !strings.Contains(got[0]["content"].(string), "asked for") {
		t.Errorf("alice's list: %v", got)
	}
	dan.acts("/api/v1/statuses/"+found[0].(JSON)["id"].(string)+"/favourite", nil)
	if n := secret.List("/api/v1/notifications"); len(n) != 1 || n[0]["type"] != "favourite" {
		t.Errorf("eve was told %v", n)
	}
}
