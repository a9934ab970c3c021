package fediverse

import (
	"strings"
	"testing"
)

// Create in every audience that leaves the home, and in the one that does not.
func TestCreateAudiences(t *testing.T) {
	w := New(t, "a.test", "b.test")
	alice, bob := w.friends()
	carol := w.Person("carol@b.test")
	for _, tc := range []struct {
		audience           string
		bobSees, carolOpen bool
	}{
		{"public", true, true}, {"unlisted", true, true}, {"private", true, false}, {"direct", true, false}, {"local", false, false},
	} {
		t.Run(tc.audience, func(t *testing.T) {
			text := "こんにちは from " + tc.audience
			if tc.audience == "direct" {
				text += " @bob@b.test"
			}
			said := alice.Post(text, JSON{"visibility": tc.audience, "spoiler_text": "挨拶", "language": "ja"})
			var got JSON
			for _, s := range bob.home() {
				if s["uri"] == said["uri"] {
					got = s
				}
			}
			if (got != nil) != tc.bobSees {
				t.Fatalf("bob sees it: %v, want %v", got != nil, tc.bobSees)
			}
			if got == nil {
				return
			}
			if got["spoiler_text"] != "挨拶" || got["language"] != "ja" || got["visibility"] != tc.audience || got["sensitive"] != true {
				t.Errorf("it changed on the way: %v", got)
			}
			if !strings.Contains(got["content"].(string), "こんにちは from "+tc.audience) {
				t.Errorf("content %q", got["content"])
			}
			status, _ := carol.Raw("GET", "/api/v1/statuses/"+got["id"].(string), nil)
			if (status == 200) != tc.carolOpen {
				t.Errorf("carol opens it: %d, want open %v", status, tc.carolOpen)
			}
		})
	}
}

// A reply finds its place in the thread at both homes, also when it comes first.
func TestReplyAndThread(t *testing.T) {
	w := New(t, "a.test", "b.test")
	alice, bob := w.friends()
	carol := w.Person("carol@b.test")
	first := alice.Post("一つ目")
	seen := bob.See(first["uri"].(string))
	second := bob.Post("@alice@a.test 二つ目", JSON{"in_reply_to_id": seen["id"]})
	if got := alice.notifications("mention"); len(got) != 1 {
		t.Fatalf("alice got %d mentions, not 1", len(got))
	}
	there := alice.Find("statuses", second["uri"].(string))
	if there["in_reply_to_id"] != first["id"] {
		t.Fatalf("in_reply_to_id is %v, not %v", there["in_reply_to_id"], first["id"])
	}
	third := alice.Post("@bob@b.test 三つ目", JSON{"in_reply_to_id": there["id"]})
	ctx := carol.Call("GET", "/api/v1/statuses/"+seen["id"].(string)+"/context", nil)
	if got := ctx["descendants"].([]any); len(got) != 2 {
		t.Fatalf("%d descendants, not 2", len(got))
	}
	last := carol.See(third["uri"].(string))
	ctx = carol.Call("GET", "/api/v1/statuses/"+last["id"].(string)+"/context", nil)
	if got := ctx["ancestors"].([]any); len(got) != 2 {
		t.Fatalf("%d ancestors, not 2", len(got))
	}
	if n := alice.status(first["id"])["replies_count"]; n != 1.0 {
		t.Fatalf("replies_count is %v, not 1", n)
	}
}

// A reply to what is not here brings what it answers (thread fetching upwards).
func TestReplyFetchesUpwards(t *testing.T) {
	w := New(t, "a.test", "b.test", "c.test")
	alice, bob := w.friends()
	carol := w.Person("carol@c.test")
	root := carol.Post("根")
	seen := bob.See(root["uri"].(string))
	reply := bob.Post("@carol@c.test 枝", JSON{"in_reply_to_id": seen["id"]})
	here := alice.See(reply["uri"].(string))
	ctx := alice.Call("GET", "/api/v1/statuses/"+here["id"].(string)+"/context", nil)
	if got := ctx["ancestors"].([]any); len(got) != 1 || got[0].(map[string]any)["uri"] != root["uri"] {
		t.Fatalf("the root was not fetched: %v", got)
	}
}

func TestUpdateKeepsHistory(t *testing.T) {
	w := New(t, "a.test", "b.test")
	alice, bob := w.friends()
	said := alice.Post("まちがい")
	alice.Call("PUT", "/api/v1/statuses/"+said["id"].(string), JSON{"status": "なおした", "spoiler_text": "訂正"})
	w.Settle()
	got := bob.home()[0]
	if !strings.Contains(got["content"].(string), "なおした") || got["edited_at"] == nil || got["spoiler_text"] != "訂正" {
		t.Fatalf("the edit did not arrive: %v", got)
	}
	for _, p := range []*Person{alice, bob} {
		s := p.See(said["uri"].(string))
		if h := p.List("/api/v1/statuses/" + s["id"].(string) + "/history"); len(h) != 2 || !strings.Contains(h[0]["content"].(string), "まちがい") {
			t.Fatalf("history at %s: %v", p.Home.Domain, h)
		}
	}
}

func TestDelete(t *testing.T) {
	w := New(t, "a.test", "b.test")
	alice, bob := w.friends()
	said := alice.Post("消えるもの")
	here := bob.home()[0]
	if gone := alice.Call("DELETE", "/api/v1/statuses/"+said["id"].(string), nil); gone["text"] != "消えるもの" {
		t.Fatalf("the source does not come back for a redraft: %v", gone)
	}
	w.Settle()
	if status, _ := bob.Raw("GET", "/api/v1/statuses/"+here["id"].(string), nil); status != 404 {
		t.Fatalf("it is still at b.test: %d", status)
	}
	if got := bob.home(); len(got) != 0 {
		t.Fatalf("it is still in Home: %v", got)
	}
	resp, err := w.Client().Do(activityRequest(t, said["uri"].(string)))
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != 410 {
		t.Fatalf("what was deleted here answers %d, not 410", resp.StatusCode)
	}
}
