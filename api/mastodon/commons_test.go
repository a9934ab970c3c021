package mastodon

import (
	"context"
	"net/url"
	"strings"
	"testing"
	"time"

	"engawa/internal/clock"
	"engawa/internal/translate"
	"engawa/social"
)

// put answers 200 or fails the test.
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

func TestAnnouncements(t *testing.T) {
	h := newHouse(t)
	admin, member := h.admin(), h.token(h.ids["bob"], "admin:read admin:write")
	p := h.post("bob", "the news")
	h.write(func(tx social.Tx) error {
		return tx.PutEmoji(h.ctx(), &social.Emoji{ID: h.newID(), Shortcode: "cup", Domain: "home.example", URL: "/blob/media/cup.png", UpdatedAt: 1})
	})
	h.code(403, member, "POST", "/api/v1/admin/announcements", `{"text":"mine"}`)
	h.code(403, "alice", "POST", "/api/v1/admin/announcements", `{"text":"without the scope"}`)
	h.code(422, admin, "POST", "/api/v1/admin/announcements", `{"text":" "}`)
	h.code(422, admin, "POST", "/api/v1/admin/announcements", `{"text":"x","starts_at":"tomorrow"}`)
	h.code(422, admin, "POST", "/api/v1/admin/announcements", `{"text":"x","starts_at":"2027-01-02","ends_at":"2027-01-01"}`)
	made := h.call(admin, "POST", "/api/v1/admin/announcements", `{"text":"Tea :cup: for @bob and @nobody, #Tea `+p.URI+`","ends_at":"2031-01-01T10:00:00Z"}`)
	id := made["id"].(string)
	draft := h.call(admin, "POST", "/api/v1/admin/announcements", `{"text":"later","published":false}`)["id"].(string)
	if n := len(h.told(social.AnnouncementMade)); n != 1 {
		t.Errorf("%d announcements were told, want the one that is no draft", n)
	}

	all := h.get("bob", "/api/v1/announcements").list()
	if len(all) != 1 || all[0]["id"] != id || all[0]["read"] != false || !strings.Contains(all[0]["content"].(string), "<p>Tea :cup: for <") {
		t.Fatalf("announcements: %v", all)
	}
	for key, n := range map[string]int{"mentions": 1, "tags": 1, "statuses": 1, "emojis": 1, "reactions": 0} {
		if list := all[0][key].([]any); len(list) != n {
			t.Errorf("%s are %v, want %d", key, list, n)
		}
	}
	h.code(401, "", "GET", "/api/v1/announcements")

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

func TestOEmbed(t *testing.T) {
	h := newHouse(t)
	p := h.post("alice", "hello")
	h.follow("alice", "carol")
	far := h.post("carol", "far")
	secret := h.post("alice", "secret", func(d *social.Draft) { d.Post.Audience = social.Followers })
	warned := h.post("alice", "spoiler", func(d *social.Draft) { d.Post.Warning = "plot" })
	o := h.call("", "GET", "/api/oembed?url="+url.QueryEscape(h.base+"/@alice/"+p.ID.String())+"&maxwidth=300")
	if o["type"] != "rich" || o["version"] != "1.0" || o["width"] != 300.0 || o["author_url"] != h.base+"/@alice" || !strings.Contains(o["html"].(string), "hello") {
		t.Errorf("%v", o)
	}
	if o := h.call("", "GET", "/api/oembed?url="+url.QueryEscape(warned.URI)); strings.Contains(o["html"].(string), "spoiler") || !strings.Contains(o["html"].(string), "plot") {
		t.Errorf("%v", o)
	}
	for _, u := range []string{far.URI, secret.URI, "https://elsewhere.example/1", "", h.base + "/@alice"} {
		h.code(404, "alice", "GET", "/api/oembed?url="+url.QueryEscape(u))
	}
}

func TestWhatIsOffAnswers(t *testing.T) {
	h := newHouse(t)
	p := h.post("bob", "bonjour").ID.String()
	if r := h.call("alice", "GET", "/api/v1/annual_reports"); len(r["annual_reports"].([]any)) != 0 {
		t.Errorf("%v", r)
	}
	if r := h.call("alice", "GET", "/api/v1/annual_reports/2025/state"); r["state"] != "ineligible" {
		t.Errorf("%v", r)
	}
	h.call("alice", "POST", "/api/v1/annual_reports/2025/generate")
	h.code(404, "alice", "GET", "/api/v1/annual_reports/2025")
	h.code(403, "alice", "POST", "/api/v1/statuses/"+p+"/translate", `{"lang":"en"}`)
	if w := h.get("alice", "/api/v1/timelines/direct"); w.ids() != "" {
		t.Errorf("%s", w.Body)
	}
}

func TestInstancePeople(t *testing.T) {
	h := newHouse(t)
	h.post("alice", "one")
	h.write(func(tx social.Tx) error {
		if err := tx.PutDomainRule(h.ctx(), &social.DomainRule{ID: h.newID(), Domain: "bad.example", Severity: social.SeveritySuspend, Obfuscate: true, PublicComment: "spam", CreatedAt: 1}); err != nil {
			return err
		}
		return tx.PutHost(h.ctx(), &social.Host{Domain: "far.example", FirstSeen: 1})
	})
	if got := h.get("", "/api/v1/instance/peers").Body.String(); got != `["far.example"]` {
		t.Errorf("peers: %s", got)
	}
	if got := h.get("", "/api/v1/peers/search?q=FA").Body.String(); got != `["far.example"]` {
		t.Errorf("peers: %s", got)
	}
	if got := h.get("", "/api/v1/instance/domain_blocks").Body.String(); got != "[]" {
		t.Errorf("strangers are told %s", got)
	}
	got := h.get("alice", "/api/v1/instance/domain_blocks").list()
	if len(got) != 1 || got[0]["severity"] != "suspend" || got[0]["domain"] != "bad*****mple" && !strings.Contains(got[0]["domain"].(string), "*") || len(got[0]["digest"].(string)) != 64 {
		t.Errorf("domains: %v", got)
	}
	weeks := h.get("", "/api/v1/instance/activity").list()
	if len(weeks) != 12 || weeks[0]["statuses"] != "1" {
		t.Errorf("activity: %v", weeks)
	}
	h.post("alice", "two")
	if again := h.get("", "/api/v1/instance/activity").list(); again[0]["statuses"] != "1" {
		t.Errorf("counted within the hour: %v", again[0])
	}
	h.clock.Advance(time.Hour)
	if later := h.get("", "/api/v1/instance/activity").list(); later[0]["statuses"] != "2" {
		t.Errorf("an hour later: %v", later[0])
	}
}

func TestEmojiReactions(t *testing.T) {
	h := newHouse(t)
	p := h.post("bob", "tea").ID.String()
	tea := url.PathEscape("🍵")
	h.call("alice", "PUT", "/api/v1/pleroma/statuses/"+p+"/reactions/"+tea)
	if s := h.call("bob", "POST", "/api/v1/statuses/"+p+"/react/"+tea); len(s["emoji_reactions"].([]any)) != 1 || len(s["reactions"].([]any)) != 1 {
		t.Errorf("%v", s)
	}
	h.call("bob", "POST", "/api/v1/statuses/"+p+"/react/"+url.PathEscape("🍡"))
	all := h.get("alice", "/api/v1/pleroma/statuses/"+p+"/reactions").list()
	if len(all) != 2 || all[0]["name"] != "🍵" || all[0]["count"] != 2.0 || all[0]["me"] != true || len(all[0]["accounts"].([]any)) != 2 || all[1]["me"] != false {
		t.Errorf("%v", all)
	}
	if one := h.get("", "/api/v1/pleroma/statuses/"+p+"/reactions/"+tea).list(); len(one) != 1 || one[0]["me"] != false {
		t.Errorf("%v", one)
	}
	h.call("bob", "POST", "/api/v1/statuses/"+p+"/unreact/"+tea)
	h.call("alice", "DELETE", "/api/v1/pleroma/statuses/"+p+"/reactions/"+tea)
	if all := h.get("alice", "/api/v1/pleroma/statuses/"+p+"/reactions").list(); len(all) != 1 {
		t.Errorf("%v", all)
	}
	secret := h.post("bob", "s", func(d *social.Draft) { d.Post.Audience = social.Followers }).ID.String()
	h.code(404, "alice", "GET", "/api/v1/pleroma/statuses/"+secret+"/reactions")
}

func TestQuotePolicyIsToldToNeighbours(t *testing.T) {
	h := newHouse(t)
	p := h.post("alice", "quote me")
	before := len(h.jobs)
	h.clock.Advance(time.Second)
	s := h.call("alice", "PUT", "/api/v1/statuses/"+p.ID.String()+"/interaction_policy", `{"quote_approval_policy":"nobody"}`)
	if got := s["quote_approval"].(object); len(got["automatic"].([]any)) != 0 || s["edited_at"] != nil {
		t.Errorf("%v", s)
	}
	if n := len(h.jobs) - before; n != 1 || h.jobs[before].Kind != social.JobFanout || len(h.told(social.PostUpdated)) != 1 {
		t.Errorf("%d jobs: %v", n, h.jobs[before:])
	}
	out, err := h.api.Home.Store.Outgoing(h.ctx(), h.jobs[before].Ref)
	if err != nil || out.Verb != social.Update || out.Object.ID != p.ID {
		t.Errorf("%+v, %v", out, err)
	}
	h.call("alice", "PUT", "/api/v1/statuses/"+p.ID.String()+"/interaction_policy", `{"quote_approval_policy":"nobody"}`)
	if len(h.jobs) != before+1 {
		t.Error("what did not change was told")
	}
	h.code(404, "bob", "PUT", "/api/v1/statuses/"+p.ID.String()+"/interaction_policy", `{"quote_approval_policy":"public"}`)
	h.code(422, "alice", "PUT", "/api/v1/statuses/"+p.ID.String()+"/interaction_policy", `{"quote_approval_policy":"some"}`)
}

func TestEditTakesAPollAway(t *testing.T) {
	h := newHouse(t)
	s := h.call("alice", "POST", "/api/v1/statuses", `{"status":"tea?","poll":{"options":["a","b"],"expires_in":600}}`)
	path := "/api/v1/statuses/" + s["id"].(string)
	h.call("bob", "POST", "/api/v1/polls/"+s["id"].(string)+"/votes", `{"choices":[0]}`)
	if s := h.call("alice", "PUT", path, `{"status":"tea.","poll":{"options":["a","b"],"expires_in":600}}`); s["poll"].(object)["votes_count"] != 1.0 {
		t.Errorf("the poll that stayed: %v", s["poll"])
	}
	h.clock.Advance(time.Second)
	if s := h.call("alice", "PUT", path, `{"status":"no question"}`); s["poll"] != nil {
		t.Errorf("the poll is %v", s["poll"])
	}
	h.code(404, "bob", "GET", "/api/v1/polls/"+s["id"].(string))
	history := h.get("alice", path+"/history").list()
	if last := history[len(history)-1]; last["poll"] != nil || history[0]["poll"] == nil {
		t.Errorf("history: %v", history)
	}
	h.clock.Advance(time.Second)
	if s := h.call("alice", "PUT", path, `{"status":"again","poll":{"options":["c","d"],"expires_in":600}}`); s["poll"].(object)["votes_count"] != 0.0 {
		t.Errorf("a new poll: %v", s["poll"])
	}
}

// echo is a translation service that writes the language before each text.
type echo struct {
	asked int
	fails error
}

func (e *echo) Provider() string { return "Echo" }
func (e *echo) Languages(context.Context) (map[string][]string, error) {
	return map[string][]string{"en": {"ja"}, "": {"ja", "en"}}, nil
}
func (e *echo) Translate(_ context.Context, texts []string, from, to string) ([]string, string, error) {
	e.asked++
	out := make([]string, len(texts))
	for i, s := range texts {
		out[i] = "<p>[" + to + "]</p>" + s + "<script>x</script>"
	}
	return out, from, e.fails
}

func TestTranslate(t *testing.T) {
	h := newHouse(t)
	e := &echo{}
	h.api.Translate = e
	p := h.post("bob", "tea?", func(d *social.Draft) {
		d.Post.Warning, d.Post.Kind, d.Post.HasPoll = "a <b>", social.Question, true
		d.Poll = &social.Poll{Options: []social.Option{{Title: "yes"}, {Title: "no"}}, ExpiresAt: clock.Millis(sampleNow) + 600_000}
	})
	path := "/api/v1/statuses/" + p.ID.String() + "/translate"
	got := h.call("alice", "POST", path, `{"lang":"ja"}`)
	if got["content"] != "<p>[ja]</p><p>tea?</p>" || got["language"] != "ja" || got["detected_source_language"] != "en" || got["provider"] != "Echo" ||
		!strings.HasSuffix(got["spoiler_text"].(string), "a <b>") || len(got["poll"].(object)["options"].([]any)) != 2 {
		t.Errorf("%v", got)
	}
	h.call("alice", "POST", path, `{"lang":"ja"}`)
	if e.asked != 1 {
		t.Errorf("the service was asked %d times for the same", e.asked)
	}
	h.code(403, "alice", "POST", path, `{"lang":"de"}`)
	h.code(401, "", "POST", path, `{"lang":"ja"}`)
	secret := h.post("bob", "s", func(d *social.Draft) {
		d.Post.Audience = social.Direct
		d.Post.Mentions = []social.Mention{{Actor: h.ids["alice"], Name: "alice", Domain: "home.example"}}
	})
	h.code(403, "alice", "POST", "/api/v1/statuses/"+secret.ID.String()+"/translate", `{"lang":"ja"}`)
	if l := h.call("", "GET", "/api/v1/instance/translation_languages"); l["und"] == nil || l["en"].([]any)[0] != "ja" {
		t.Errorf("%v", l)
	}
	if v2 := h.call("", "GET", "/api/v2/instance"); v2["configuration"].(object)["translation"].(object)["enabled"] != true {
		t.Error("translation is not told to be on")
	}
	e.fails = translate.ErrBusy
	h.code(503, "alice", "POST", "/api/v1/statuses/"+h.post("bob", "more").ID.String()+"/translate", `{"lang":"ja"}`)
}

// TestFiltersEverywhere: each Status tells which Filters it meets: those of the
// place, or all where it stands in none.
func TestFiltersEverywhere(t *testing.T) {
	h := newHouse(t)
	h.follow("alice", "bob")
	p := h.post("bob", "no tea please").ID.String()
	h.call("alice", "POST", "/api/v2/filters", `{"title":"drinks","context":["home"],"filter_action":"hide","keywords_attributes":[{"keyword":"tea"}]}`)
	h.call("alice", "POST", "/api/v1/statuses/"+p+"/favourite")
	for path, want := range map[string]int{
		"/api/v1/timelines/home": 1, "/api/v1/timelines/public": 0, "/api/v1/favourites": 1, "/api/v1/statuses?id[]=" + p: 1, "/api/v1/accounts/" + h.ids["bob"].String() + "/statuses": 0,
	} {
		all := h.get("alice", path).list()
		if len(all) != 1 {
			t.Fatalf("%s: %v", path, all)
		}
		if got := all[0]["filtered"].([]any); len(got) != want {
			t.Errorf("%s: %v, want %d", path, got, want)
		} else if want == 1 && (got[0].(object)["filter"].(object)["title"] != "drinks" || got[0].(object)["keyword_matches"].([]any)[0] != "tea") {
			t.Errorf("%s: %v", path, got)
		}
	}
	if s := h.call("alice", "POST", "/api/v1/statuses/"+p+"/bookmark"); len(s["filtered"].([]any)) != 1 {
		t.Errorf("what a write answers: %v", s["filtered"])
	}
}
