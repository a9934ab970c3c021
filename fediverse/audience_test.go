package fediverse

import (
	"net/http"
	"strings"
	"testing"

	"engawa/social"
)

// A post for this home only never leaves it, in no way.
func TestLocalNeverLeaves(t *testing.T) {
	s := newScene(t)
	dan := s.w.Person("dan@a.test")
	dan.acts("/api/v1/accounts/"+dan.idOf(s.alice)+"/follow", nil)
	before := len(s.good.came("Create")) + len(s.evil.came("Create"))
	said := s.alice.Post("うちだけ @carol@good.test", JSON{"visibility": "local"})
	id, uri := said["id"].(string), said["uri"].(string)
	if dan.fromHome(uri) == nil {
		t.Error("dan, who lives here, does not see it")
	}
	dan.acts("/api/v1/statuses/"+id+"/favourite", nil)
	dan.Post("@alice うん", JSON{"in_reply_to_id": id, "visibility": "local"})
	s.alice.Call("PUT", "/api/v1/statuses/"+id, JSON{"status": "うちだけ、ほんとうに @carol@good.test"})
	s.w.Settle()
	for _, path := range []string{uri, uri + "/activity", uri + "/replies"} {
		res, err := s.w.Client().Do(activityRequest(t, path))
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if res.StatusCode != http.StatusNotFound {
			t.Errorf("%s answers a stranger %d, not 404", path, res.StatusCode)
		}
	}
	s.alice.Call("DELETE", "/api/v1/statuses/"+id, nil)
	s.w.Settle()
	if after := len(s.good.came("Create")) + len(s.evil.came("Create")); after != before {
		t.Errorf("%d activities left", after-before)
	}
	for _, verb := range []string{"Update", "Delete", "Like"} {
		if n := len(s.good.came(verb)) + len(s.evil.came(verb)); n != 0 {
			t.Errorf("%d times %s left", n, verb)
		}
	}
}

// A conversation of two, in the list of conversations of both.
func TestDirectConversation(t *testing.T) {
	w := New(t, "a.test", "b.test")
	alice, bob := w.friends()
	carol := w.Person("carol@b.test")
	first := alice.Post("@bob@b.test ないしょ", JSON{"visibility": "direct"})
	inbox := bob.List("/api/v1/conversations")
	if len(inbox) != 1 || inbox[0]["unread"] != true || inbox[0]["last_status"].(map[string]any)["uri"] != first["uri"] {
		t.Fatalf("bob's conversations: %v", inbox)
	}
	reply := bob.Post("@alice@a.test わかった", JSON{"visibility": "direct", "in_reply_to_id": inbox[0]["last_status"].(map[string]any)["id"]})
	for _, p := range []*Person{alice, bob} {
		got := p.List("/api/v1/conversations")
		if len(got) != 1 || got[0]["last_status"].(map[string]any)["uri"] != reply["uri"] {
			t.Fatalf("%s's conversations: %v", p.Handle(), got)
		}
	}
	if got := carol.List("/api/v1/conversations"); len(got) != 0 {
		t.Errorf("carol reads %v", got)
	}
	id := bob.See(first["uri"].(string))["id"].(string)
	if status, _ := carol.Raw("GET", "/api/v1/statuses/"+id, nil); status != 404 {
		t.Errorf("carol opens it: %d", status)
	}
	bob.acts("/api/v1/conversations/"+inbox[0]["id"].(string)+"/read", nil)
	if got := bob.List("/api/v1/conversations"); got[0]["unread"] != false {
		t.Errorf("it stays unread: %v", got[0]["unread"])
	}
}

// The home's own emoji go along with posts and reactions.
func TestCustomEmoji(t *testing.T) {
	w := New(t, "a.test", "b.test")
	alice, bob := w.friends()
	for _, h := range []*Home{alice.Home, bob.Home} {
		e := &social.Emoji{ID: social.ID(h.Server.Home.IDs.Next()), Shortcode: "chaya", Domain: h.Domain, URI: "https://" + h.Domain + "/emojis/chaya",
			URL: "https://" + h.Domain + "/blob/chaya.png", StaticURL: "https://" + h.Domain + "/blob/chaya.png", UpdatedAt: 1}
		if err := h.Server.Home.Store.Write(w.ctx, func(tx social.Tx) error { return tx.PutEmoji(w.ctx, e) }); err != nil {
			t.Fatal(err)
		}
	}
	said := alice.Post("お茶 :chaya:")
	got := bob.fromHome(said["uri"].(string))
	if list := got["emojis"].([]any); len(list) != 1 || list[0].(map[string]any)["shortcode"] != "chaya" {
		t.Fatalf("emojis at bob's: %v", list)
	}
	bob.Call("PUT", "/api/v1/pleroma/statuses/"+got["id"].(string)+"/reactions/:chaya:", nil)
	w.Settle()
	reactions, _ := alice.status(said["id"])["emoji_reactions"].([]any)
	if len(reactions) != 1 || !strings.HasPrefix(reactions[0].(map[string]any)["name"].(string), "chaya") || reactions[0].(map[string]any)["url"] == nil {
		t.Errorf("reactions at alice's: %v", reactions)
	}
}

// Mutes hide, domain blocks cut.
func TestMuteAndDomainBlock(t *testing.T) {
	w := New(t, "a.test", "b.test")
	alice, bob := w.friends()
	first := bob.Post("一")
	id := alice.idOf(bob)
	alice.acts("/api/v1/accounts/"+id+"/mute", JSON{"notifications": true})
	second := bob.Post("@alice@a.test 二")
	for _, uri := range []any{first["uri"], second["uri"]} {
		if alice.fromHome(uri.(string)) != nil {
			t.Errorf("alice muted bob, and sees %v", uri)
		}
	}
	if n := alice.notifications("mention"); len(n) != 0 {
		t.Errorf("%d notifications of whom she muted", len(n))
	}
	alice.acts("/api/v1/accounts/"+id+"/unmute", nil)
	if alice.fromHome(second["uri"].(string)) == nil {
		t.Error("what came meanwhile is lost")
	}
	alice.acts("/api/v1/domain_blocks", JSON{"domain": "b.test"})
	if rel := bob.relation(alice); rel["followed_by"] != false || rel["following"] != false {
		t.Errorf("the follows of a blocked domain: %v", rel)
	}
	third := bob.Post("@alice@a.test 三")
	if alice.fromHome(third["uri"].(string)) != nil || len(alice.notifications("mention")) != 0 {
		t.Error("a blocked domain speaks on")
	}
	alice.Call("DELETE", "/api/v1/domain_blocks", JSON{"domain": "b.test"})
	if got := alice.relation(bob); got["domain_blocking"] != false {
		t.Errorf("it stays blocked: %v", got)
	}
}
