package mastodon

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"engawa/social"
)

// call is what a request is answered with 200.
func (h *house) call(name, method, path string, body ...string) object {
	h.Helper()
	w := h.as(name, method, path, body...)
	if w.Code != 200 {
		h.Fatalf("%s %s as %q: %d %s", method, path, name, w.Code, w.Body)
	}
	return w.object()
}

// code is what a request is answered with.
func (h *house) code(want int, name, method, path string, body ...string) {
	h.Helper()
	if w := h.as(name, method, path, body...); w.Code != want {
		h.Errorf("%s %s as %q: %d %s; want %d", method, path, name, w.Code, w.Body, want)
	}
}

// told are the Events of a type.
func (h *house) told(t social.EventType) (out []social.Event) {
	for _, e := range h.events {
		if e.Type == t {
			out = append(out, e)
		}
	}
	return out
}

func (h *house) admin() string { return h.token(h.ids["alice"], "read write admin:read admin:write") }

// announced is a house with one announcement that is told and a draft, and who
// may write them.
func announced(t *testing.T) (h *house, admin, id, draft string) {
	t.Helper()
	h = newHouse(t)
	admin = h.admin()
	p := h.post("bob", "the news")
	h.write(func(tx social.Tx) error {
		return tx.PutEmoji(h.ctx(), &social.Emoji{ID: h.newID(), Shortcode: "cup", Domain: "home.example", URL: "/blob/media/cup.png", UpdatedAt: 1})
	})
	made := h.call(admin, "POST", "/api/v1/admin/announcements", `{"text":"Tea :cup: for @bob and @nobody, #Tea `+p.URI+`","ends_at":"2031-01-01T10:00:00Z"}`)
	draft = h.call(admin, "POST", "/api/v1/admin/announcements", `{"text":"later","published":false}`)["id"].(string)
	return h, admin, made["id"].(string), draft
}

func TestAnnouncements(t *testing.T) {
	h, admin, id, draft := announced(t)
	member := h.token(h.ids["bob"], "admin:read admin:write")
	h.code(403, member, "POST", "/api/v1/admin/announcements", `{"text":"mine"}`)
	h.code(403, "alice", "POST", "/api/v1/admin/announcements", `{"text":"without the scope"}`)
	h.code(422, admin, "POST", "/api/v1/admin/announcements", `{"text":" "}`)
	h.code(422, admin, "POST", "/api/v1/admin/announcements", `{"text":"x","starts_at":"tomorrow"}`)
	h.code(422, admin, "POST", "/api/v1/admin/announcements", `{"text":"x","starts_at":"2027-01-02","ends_at":"2027-01-01"}`)
	if n := len(h.told(social.AnnouncementMade)); n != 1 {
		t.Errorf("%d announcements were told, want the one that is no draft", n)
	}
	h.code(401, "", "GET", "/api/v1/announcements")
	all := h.get("bob", "/api/v1/announcements").list()
	if len(all) != 1 || all[0]["id"] != id || all[0]["read"] != false || !strings.Contains(all[0]["content"].(string), "<p>Tea :cup: for <") {
		t.Fatalf("announcements: %v", all)
	}
	for key, n := range map[string]int{"mentions": 1, "tags": 1, "statuses": 1, "emojis": 1, "reactions": 0} {
		if list := all[0][key].([]any); len(list) != n {
			t.Errorf("%s are %v, want %d", key, list, n)
		}
	}
	h.call("bob", "POST", "/api/v1/announcements/"+id+"/dismiss")
	if got := h.get("bob", "/api/v1/announcements").ids(); got != "" {
		t.Errorf("dismissed, yet there: %s", got)
	}
	if got := h.get("bob", "/api/v1/announcements?with_dismissed=true").list(); len(got) != 1 || got[0]["read"] != true {
		t.Errorf("with those dismissed: %v", got)
	}
	h.call(admin, "PUT", "/api/v1/admin/announcements/"+draft, `{"published":true}`)
	if got := h.get("alice", "/api/v1/announcements").ids(); got != draft+" "+id {
		t.Errorf("published: %s", got)
	}
	h.clock.Advance(6 * 365 * 24 * time.Hour)
	if got := h.get("alice", "/api/v1/announcements").ids(); got != draft {
		t.Errorf("after its end: %s", got)
	}
	h.call(admin, "DELETE", "/api/v1/admin/announcements/"+draft)
	if n := len(h.told(social.AnnouncementDeleted)); n != 1 {
		t.Errorf("%d deletions were told", n)
	}
	if all := h.get(admin, "/api/v1/admin/announcements").list(); len(all) != 1 || all[0]["text"] == "" {
		t.Errorf("what the staff sees: %v", all)
	}
}

func TestAnnouncementReactions(t *testing.T) {
	h, _, id, draft := announced(t)
	react := "/api/v1/announcements/" + id + "/reactions/"
	h.call("bob", "PUT", react+"cup")
	h.clock.Advance(time.Second)
	h.call("bob", "PUT", react+url.PathEscape("🍵"))
	h.call("alice", "PUT", react+url.PathEscape("🍵"))
	h.call("alice", "PUT", react+url.PathEscape("🍵"))
	h.code(422, "bob", "PUT", react+"no_emoji")
	h.code(404, "bob", "PUT", "/api/v1/announcements/"+draft+"/reactions/cup")
	h.code(404, "bob", "DELETE", react+"never")
	h.clock.Advance(time.Second)
	for _, e := range []string{"🍡", "🍢", "🍣", "🍤", "🍥", "🍦"} {
		h.call("bob", "PUT", react+url.PathEscape(e))
	}
	h.code(422, "bob", "PUT", react+url.PathEscape("🍧"))
	reactions := h.get("bob", "/api/v1/announcements").list()[0]["reactions"].([]any)
	if first, second := reactions[0].(object), reactions[1].(object); len(reactions) != 8 || first["name"] != "cup" || first["me"] != true ||
		!strings.HasPrefix(first["url"].(string), h.base) || second["count"] != 2.0 {
		t.Errorf("reactions: %v", reactions)
	}
	h.call("bob", "DELETE", react+"cup")
	if n := len(h.told(social.AnnouncementReacted)); n != 10 {
		t.Errorf("%d changes of reactions were told, want 10", n)
	}
	data, ok := h.api.AnnouncementReaction(h.ctx(), mustID(t, id), "cup")
	if !ok || string(data) != `{"name":"cup","count":0,"url":"https://home.example/blob/media/cup.png","static_url":"https://home.example/blob/media/cup.png","announcement_id":"`+id+`"}` {
		t.Errorf("the streams hear %s", data)
	}
	if data, ok := h.api.Announcement(h.ctx(), mustID(t, id)); !ok || strings.Contains(string(data), `"read"`) || strings.Contains(string(data), `"me"`) {
		t.Errorf("the streams hear %s", data)
	}
}

func TestTermsByDate(t *testing.T) {
	h := newHouse(t)
	admin := h.admin()
	h.code(404, "", "GET", "/api/v1/instance/terms_of_service")
	day := func(days int) string { return sampleNow.AddDate(0, 0, days).Format(time.DateOnly) }
	h.code(422, admin, "PUT", "/api/v1/admin/documents/terms_of_service/"+day(-1), `{"text":"x"}`)
	h.code(404, admin, "PUT", "/api/v1/admin/documents/cookies/"+day(0), `{"text":"x"}`)
	h.call(admin, "PUT", "/api/v1/admin/documents/terms_of_service/"+day(0), `{"text":"Be **kind**."}`)
	h.call(admin, "PUT", "/api/v1/admin/documents/terms_of_service/"+day(30), `{"text":"Be kinder.","changelog":"kinder"}`)
	h.call(admin, "PUT", "/api/v1/admin/documents/privacy_policy/"+day(0), `{"text":"We tell nobody."}`)
	now := h.call("", "GET", "/api/v1/instance/terms_of_service")
	if now["effective"] != true || now["effective_date"] != day(0) || now["succeeded_by"] != day(30) || !strings.Contains(now["content"].(string), "<strong>kind</strong>") {
		t.Errorf("in force: %v", now)
	}
	next := h.call("", "GET", "/api/v1/instance/terms_of_service/"+day(30))
	if next["effective"] != false || next["succeeded_by"] != nil {
		t.Errorf("the next: %v", next)
	}
	h.code(404, "", "GET", "/api/v1/instance/terms_of_service/"+day(7))
	h.code(404, "", "GET", "/api/v1/instance/terms_of_service/yesterday")
	if p := h.call("", "GET", "/api/v1/instance/privacy_policy"); p["content"] != "<p>We tell nobody.</p>" {
		t.Errorf("privacy policy: %v", p)
	}
	urls := h.call("", "GET", "/api/v2/instance")["configuration"].(object)["urls"].(object)
	if urls["terms_of_service"] != h.base+"/terms-of-service" || urls["privacy_policy"] != h.base+"/privacy-policy" {
		t.Errorf("the instance tells %v", urls)
	}
	h.code(422, admin, "DELETE", "/api/v1/admin/documents/terms_of_service/"+day(0))
	h.clock.Advance(31 * 24 * time.Hour)
	if later := h.call("", "GET", "/api/v1/instance/terms_of_service"); later["effective_date"] != day(30) {
		t.Errorf("a month later: %v", later)
	}
	if all := h.get(admin, "/api/v1/admin/documents/terms_of_service").list(); len(all) != 2 {
		t.Errorf("versions: %v", all)
	}
}

func TestCollections(t *testing.T) {
	h := newHouse(t)
	alice, bob := h.ids["alice"].String(), h.ids["bob"].String()
	h.findable(false, "bob")
	h.code(403, "alice", "POST", "/api/v1/collections", `{"name":"tea","account_ids":["`+bob+`"]}`) // bob does not want to be found
	h.findable(true, "bob")
	made := h.call("alice", "POST", "/api/v1/collections", `{"name":"Tea people","description":"d","tag_name":"#Tea","language":"ja","account_ids":["`+bob+`"]}`)["collection"].(object)
	id := made["id"].(string)
	if made["item_count"] != 1.0 || made["tag"].(object)["name"] != "tea" || made["local"] != true || made["account_id"] != alice {
		t.Errorf("made: %v", made)
	}
	path := "/api/v1/collections/" + id
	for _, c := range []struct {
		code int
		body string
	}{{422, `{}`}, {422, `{"name":"` + strings.Repeat("あ", 41) + `"}`}, {422, `{"name":"x","language":"klingon!"}`}, {422, `{"name":"x","tag_name":"a b"}`},
		{404, `{"name":"x","account_ids":["12"]}`}, {403, `{"name":"x","account_ids":["` + h.ids["carol"].String() + `"]}`}} {
		h.code(c.code, "alice", "POST", "/api/v1/collections", c.body)
	}
	shown := h.call("", "GET", path)
	if people := shown["accounts"].([]any); len(people) != 2 || shown["collection"].(object)["name"] != "Tea people" {
		t.Errorf("shown: %v", shown)
	}
	h.code(403, "bob", "PATCH", path, `{"name":"mine"}`)
	h.code(403, "bob", "DELETE", path)
	h.code(403, "bob", "POST", path+"/items", `{"account_id":"`+bob+`"}`)
	h.code(404, "bob", "PATCH", "/api/v1/collections/12", `{"name":"mine"}`)
	if x := h.call("alice", "PATCH", path, `{"sensitive":true}`)["collection"].(object); x["sensitive"] != true || x["name"] != "Tea people" {
		t.Errorf("changed: %v", x)
	}
	h.code(422, "alice", "POST", path+"/items", `{"account_id":"`+bob+`"}`)
	h.code(422, "alice", "POST", path+"/items", `{}`)
	own := h.call("alice", "POST", path+"/items", `{"account_id":"`+alice+`"}`)["collection_item"].(object)
	if own["state"] != "accepted" || own["account_id"] != alice {
		t.Errorf("item: %v", own)
	}
	item := made["items"].([]any)[0].(object)["id"].(string)
	h.code(403, "alice", "POST", path+"/items/"+item+"/revoke")
	in := h.call("bob", "GET", "/api/v1/accounts/"+bob+"/in_collections")["collections"].([]any)
	if len(in) != 1 {
		t.Errorf("bob stands in %v", in)
	}
	h.call("bob", "POST", path+"/items/"+item+"/revoke")
	if in := h.call("bob", "GET", "/api/v1/accounts/"+bob+"/in_collections")["collections"].([]any); len(in) != 0 {
		t.Errorf("bob left and stands in %v", in)
	}
	h.code(422, "alice", "POST", path+"/items", `{"account_id":"`+bob+`"}`) // who left is not brought back
	if x := h.call("", "GET", path)["collection"].(object); x["item_count"] != 1.0 || len(x["items"].([]any)) != 1 {
		t.Errorf("without bob: %v", x)
	}
	h.call("alice", "DELETE", path+"/items/"+own["id"].(string))
	h.code(404, "alice", "DELETE", path+"/items/"+own["id"].(string))
	for range social.MaxCollections - 1 {
		h.call("alice", "POST", "/api/v1/collections", `{"name":"more","discoverable":false}`)
	}
	h.code(422, "alice", "POST", "/api/v1/collections", `{"name":"one too many"}`)
	if w := h.get("bob", "/api/v1/accounts/"+alice+"/collections?limit=3"); !strings.Contains(w.Header().Get("Link"), "offset=3") {
		t.Errorf("Link: %s", w.Header().Get("Link"))
	}
	h.do(&social.Activity{Verb: social.BlockVerb, Actor: h.ids["alice"], Object: &social.ActorRef{Actor: h.ids["bob"]}})
	h.code(404, "bob", "GET", path)
	h.call("alice", "DELETE", path)
	h.code(404, "alice", "GET", path)
}

// findable says whether somebody of ours wants to be found.
func (h *house) findable(on bool, names ...string) {
	h.Helper()
	h.write(func(tx social.Tx) error {
		for _, name := range names {
			a, err := tx.Actor(h.ctx(), h.ids[name])
			if err != nil {
				return err
			}
			next := *a
			next.Discoverable = on
			if err := tx.PutActor(h.ctx(), &next); err != nil {
				return err
			}
		}
		return nil
	})
}

func TestEndorsements(t *testing.T) {
	h := newHouse(t)
	bob := h.ids["bob"].String()
	h.code(422, "alice", "POST", "/api/v1/accounts/"+bob+"/endorse")
	h.follow("alice", "bob")
	if r := h.call("alice", "POST", "/api/v1/accounts/"+bob+"/endorse"); r["endorsed"] != true {
		t.Errorf("%v", r)
	}
	for _, path := range []string{"/api/v1/endorsements", "/api/v1/accounts/" + h.ids["alice"].String() + "/endorsements"} {
		if got := h.get("alice", path).ids(); got != bob {
			t.Errorf("%s: %s", path, got)
		}
	}
	if r := h.call("alice", "POST", "/api/v1/accounts/"+bob+"/unpin"); r["endorsed"] != false {
		t.Errorf("%v", r)
	}
	h.call("alice", "POST", "/api/v1/accounts/"+bob+"/pin")
	h.call("alice", "POST", "/api/v1/accounts/"+bob+"/unfollow")
	if got := h.get("alice", "/api/v1/endorsements").ids(); got != "" {
		t.Errorf("not followed any more: %s", got)
	}
}

func TestSuggestions(t *testing.T) {
	h := newHouse(t)
	h.findable(false, "alice")
	if got := h.get("alice", "/api/v1/suggestions").ids(); got != h.ids["bob"].String() {
		t.Errorf("suggested: %s", got)
	}
	if got := h.get("alice", "/api/v2/suggestions").list(); len(got) != 1 || got[0]["sources"].([]any)[0] != "most_followed" {
		t.Errorf("suggested: %v", got)
	}
	if got := h.get("alice", "/api/v1/directory?order=new&local=true").ids(); got != h.ids["bob"].String() {
		t.Errorf("directory: %s", got)
	}
	h.call("alice", "DELETE", "/api/v1/suggestions/"+h.ids["bob"].String())
	if got := h.get("alice", "/api/v1/suggestions").ids(); got != "" {
		t.Errorf("dropped, yet suggested: %s", got)
	}
}

func TestLinksTrend(t *testing.T) {
	h := newHouse(t)
	h.post("alice", "#tea and #tea", func(d *social.Draft) { d.Post.Tags = []string{"Tea"} })
	card := &social.Card{ID: h.newID(), URL: "https://news.example/a", Title: "News", Type: "link", FetchedAt: 1}
	one, two := h.post("alice", "look"), h.post("bob", "look too")
	secret := h.post("bob", "look", func(d *social.Draft) { d.Post.Audience = social.Followers })
	h.write(func(tx social.Tx) error {
		if err := tx.PutCard(h.ctx(), card); err != nil {
			return err
		}
		for _, p := range []*social.Post{one, two, secret} {
			if err := tx.SetCard(h.ctx(), p.ID, card.ID); err != nil {
				return err
			}
		}
		return nil
	})
	got := h.get("", "/api/v1/trends/links").list()
	if len(got) != 1 || got[0]["url"] != card.URL || got[0]["history"].([]any)[0].(object)["accounts"] != "2" {
		t.Errorf("links: %v", got)
	}
	if got := h.get("bob", "/api/v1/timelines/link?url="+url.QueryEscape(card.URL)).ids(); got != joined(two.ID, one.ID) {
		t.Errorf("posts of a link: %s", got)
	}
	h.code(404, "", "GET", "/api/v1/timelines/link?url=https://news.example/b")
	if got := h.get("alice", "/api/v1/featured_tags/suggestions").list(); len(got) != 1 || got[0]["name"] != "Tea" {
		t.Errorf("tags to feature: %v", got)
	}
}
