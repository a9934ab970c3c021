package mastodon

import (
	"strings"
	"testing"

	"engawa/social"
)

func TestNotificationsInGroups(t *testing.T) {
	h := newHouse(t)
	p := h.post("alice", "liked by many")
	other := h.post("alice", "liked once")
	like := func(name string, post social.ID) {
		a := &social.Activity{Verb: social.Like, Actor: h.ids[name], Object: &social.ReactionDraft{Post: post, Content: social.Favourite}}
		if name == "carol" || name == "dave" {
			a.Origin, a.URI = social.Federated, "https://far.example/l/"+h.newID().String()
		}
		h.do(a)
	}
	h.ids["dave"] = h.neighbour("dave")
	like("bob", p.ID)
	like("carol", other.ID)
	like("carol", p.ID)
	like("dave", p.ID)
	h.follow("bob", "alice")

	var flat []string
	for _, n := range h.get("alice", "/api/v1/notifications").list() {
		flat = append(flat, n["type"].(string))
	}
	if got := strings.Join(flat, " "); got != "follow favourite favourite favourite favourite" {
		t.Fatalf("notifications are %s", got)
	}
	o := h.get("alice", "/api/v2/notifications?expand_accounts=partial_avatars").object()
	groups := o["notification_groups"].([]any)
	if len(groups) != 3 {
		t.Fatalf("%d groups, not 3: %v", len(groups), groups)
	}
	g := groups[1].(object)
	if g["notifications_count"] != 3.0 || g["status_id"] != p.ID.String() || len(g["sample_account_ids"].([]any)) != 3 {
		t.Errorf("the group is %v", g)
	}
	if g["page_min_id"] == g["page_max_id"] || g["latest_page_notification_at"] == nil {
		t.Errorf("the group's bounds: %v", g)
	}
	if len(o["statuses"].([]any)) != 2 || len(o["accounts"].([]any))+len(o["partial_accounts"].([]any)) != 3 {
		t.Errorf("what the groups name: %d statuses, accounts %v, partial %v", len(o["statuses"].([]any)), o["accounts"], o["partial_accounts"])
	}
	key := g["group_key"].(string)
	one := h.get("alice", "/api/v2/notifications/"+key).object()["notification_groups"].([]any)
	if len(one) != 1 || one[0].(object)["notifications_count"] != 3.0 {
		t.Errorf("the group by its key: %v", one)
	}
	if got := h.get("alice", "/api/v2/notifications/"+key+"/accounts").ids(); got != joined(h.ids["dave"], h.ids["carol"], h.ids["bob"]) {
		t.Errorf("the group's accounts: %s", got)
	}
	if w := h.as("bob", "GET", "/api/v2/notifications/"+key); w.Code != 404 {
		t.Errorf("somebody else's group: %d", w.Code)
	}
	if n := h.get("alice", "/api/v2/notifications/unread_count").object()["count"]; n != 3.0 {
		t.Errorf("%v unread groups, not 3", n)
	}
	if n := h.get("alice", "/api/v1/notifications/unread_count").object()["count"]; n != 5.0 {
		t.Errorf("%v unread, not 5", n)
	}
	ungroupedOnly := h.get("alice", "/api/v2/notifications?grouped_types[]=follow").object()["notification_groups"].([]any)
	if len(ungroupedOnly) != 5 {
		t.Errorf("%d groups when favourites are not grouped, not 5", len(ungroupedOnly))
	}
	if w := h.as("alice", "POST", "/api/v2/notifications/"+key+"/dismiss"); w.Code != 200 {
		t.Fatal(w.Code, w.Body)
	}
	if n := len(h.get("alice", "/api/v1/notifications").list()); n != 2 {
		t.Errorf("%d notifications are left, not 2", n)
	}
	id := h.get("alice", "/api/v1/notifications").list()[0]["id"].(string)
	h.as("alice", "POST", "/api/v1/notifications/"+id+"/dismiss")
	if w := h.as("alice", "GET", "/api/v1/notifications/"+id); w.Code != 404 {
		t.Errorf("a dismissed notification: %d", w.Code)
	}
	h.as("alice", "POST", "/api/v1/notifications/clear")
	if n := len(h.get("alice", "/api/v1/notifications").list()); n != 0 {
		t.Errorf("%d notifications are left, not 0", n)
	}
}

// TestGroupsPage: pages of groups neither lose nor repeat a row.
func TestGroupsPage(t *testing.T) {
	h := newHouse(t)
	var posts []social.ID
	for range 6 {
		posts = append(posts, h.post("alice", "x").ID)
	}
	for _, name := range []string{"bob", "carol"} {
		for _, id := range posts {
			a := &social.Activity{Verb: social.Like, Actor: h.ids[name], Object: &social.ReactionDraft{Post: id, Content: social.Favourite}}
			if name == "carol" {
				a.Origin, a.URI = social.Federated, "https://far.example/l/"+id.String()
			}
			h.do(a)
		}
	}
	total, path := 0.0, "/api/v2/notifications?limit=4"
	for n := 0; path != "" && n < 10; n++ {
		w := h.get("alice", path)
		for _, g := range w.object()["notification_groups"].([]any) {
			total += g.(object)["notifications_count"].(float64)
		}
		m := linkNext.FindStringSubmatch(w.Header().Get("Link"))
		path = ""
		if m != nil {
			path = m[1]
		}
	}
	if total != 12 {
		t.Errorf("%v notifications on all pages, not 12", total)
	}
}

func TestReactionsHaveAFallback(t *testing.T) {
	h := newHouse(t)
	p := h.post("alice", "x")
	h.do(&social.Activity{Verb: social.Like, Actor: h.ids["bob"], Object: &social.ReactionDraft{Post: p.ID, Content: "🍵"}})
	n := h.get("alice", "/api/v1/notifications?supported_types[]=favourite").list()
	if len(n) != 1 || n[0]["emoji"] != "🍵" || n[0]["fallback"] == nil {
		t.Errorf("notifications are %v", n)
	}
	if n := h.get("alice", "/api/v1/notifications?exclude_types[]=pleroma:emoji_reaction").list(); len(n) != 0 {
		t.Errorf("excluded by the name others use: %v", n)
	}
}

func TestPolicyAndRequests(t *testing.T) {
	h := newHouse(t)
	p := h.get("alice", "/api/v2/notifications/policy").object()
	if p["for_not_following"] != "accept" || p["for_limited_accounts"] != "filter" {
		t.Errorf("the policy begins as %v", p)
	}
	if w := h.as("alice", "PATCH", "/api/v2/notifications/policy", `{"for_not_following":"filter"}`); w.Code != 200 {
		t.Fatal(w.Code, w.Body)
	}
	if w := h.as("alice", "PATCH", "/api/v2/notifications/policy", `{"for_bots":"shout"}`); w.Code != 422 {
		t.Errorf("a wrong choice: %d", w.Code)
	}
	post := h.post("alice", "x")
	h.do(&social.Activity{Verb: social.Like, Actor: h.ids["bob"], Object: &social.ReactionDraft{Post: post.ID, Content: social.Favourite}})
	if n := h.get("alice", "/api/v1/notifications").list(); len(n) != 0 {
		t.Errorf("a held notification is shown: %v", n)
	}
	reqs := h.get("alice", "/api/v1/notifications/requests").list()
	if len(reqs) != 1 || reqs[0]["account"].(object)["acct"] != "bob" || reqs[0]["notifications_count"] != "1" {
		t.Fatalf("requests are %v", reqs)
	}
	sum := h.get("alice", "/api/v2/notifications/policy").object()["summary"].(object)
	if sum["pending_requests_count"] != 1.0 || sum["pending_notifications_count"] != 1.0 {
		t.Errorf("the summary is %v", sum)
	}
	id := reqs[0]["id"].(string)
	if got := h.get("alice", "/api/v1/notifications/requests/"+id).object()["id"]; got != id {
		t.Errorf("request %v, not %s", got, id)
	}
	if w := h.as("bob", "POST", "/api/v1/notifications/requests/"+id+"/accept"); w.Code != 404 {
		t.Errorf("somebody else's request: %d", w.Code)
	}
	if w := h.as("alice", "POST", "/api/v1/notifications/requests/"+id+"/accept"); w.Code != 200 {
		t.Fatal(w.Code, w.Body)
	}
	if n := h.get("alice", "/api/v1/notifications").list(); len(n) != 1 {
		t.Errorf("%d notifications after they were accepted, not 1", len(n))
	}
	if last := h.events[len(h.events)-1]; last.Type != social.NotificationsMerged || last.User != h.ids["alice"] {
		t.Errorf("the last event is %+v", last)
	}
	h.as("alice", "PUT", "/api/v1/notifications/policy", `{"filter_not_following":false}`)
	if v1 := h.get("alice", "/api/v1/notifications/policy").object(); v1["filter_not_following"] != false {
		t.Errorf("the old form: %v", v1)
	}
}

func TestMarkers(t *testing.T) {
	h := newHouse(t)
	w := h.as("alice", "POST", "/api/v1/markers", `{"home":{"last_read_id":"12"}}`)
	if m := w.object()["home"].(object); m["last_read_id"] != "12" || m["version"] != 1.0 {
		t.Errorf("%d: %s", w.Code, w.Body)
	}
	h.as("alice", "POST", "/api/v1/markers?notifications[last_read_id]=7&home[last_read_id]=13")
	got := h.get("alice", "/api/v1/markers?timeline[]=home&timeline[]=notifications").object()
	if got["home"].(object)["last_read_id"] != "13" || got["home"].(object)["version"] != 2.0 || got["notifications"].(object)["last_read_id"] != "7" {
		t.Errorf("markers are %v", got)
	}
	if got := h.get("alice", "/api/v1/markers?timeline[]=home").object(); len(got) != 1 {
		t.Errorf("only home was asked for: %v", got)
	}
}

func TestConversations(t *testing.T) {
	h := newHouse(t)
	alice, err := h.api.Home.Store.Actor(h.ctx(), h.ids["alice"])
	h.must(err)
	p := h.post("bob", "between us", func(d *social.Draft) {
		d.Post.Audience = social.Direct
		d.Post.Mentions = []social.Mention{{Actor: alice.ID, Name: alice.Name, Domain: alice.Domain, URI: alice.URI, URL: alice.URL}}
	})
	all := h.get("alice", "/api/v1/conversations").list()
	if len(all) != 1 || all[0]["unread"] != true || all[0]["last_status"].(object)["id"] != p.ID.String() || all[0]["accounts"].([]any)[0].(object)["acct"] != "bob" {
		t.Fatalf("conversations are %v", all)
	}
	id := all[0]["id"].(string)
	if w := h.as("bob", "POST", "/api/v1/conversations/"+id+"/read"); w.Code != 404 {
		t.Errorf("somebody else's conversation: %d", w.Code)
	}
	if got := h.as("alice", "POST", "/api/v1/conversations/"+id+"/read").object(); got["unread"] != false {
		t.Errorf("read: %v", got)
	}
	if data, ok := h.api.Conversation(h.ctx(), social.Viewer{Actor: alice.ID, User: true}, mustID(t, id)); !ok || !strings.Contains(string(data), "between us") {
		t.Errorf("rendered: %v %s", ok, data)
	}
	if w := h.as("alice", "DELETE", "/api/v1/conversations/"+id); w.Code != 200 || len(h.get("alice", "/api/v1/conversations").list()) != 0 {
		t.Errorf("dropped: %d", w.Code)
	}
}

func mustID(t *testing.T, s string) social.ID {
	t.Helper()
	id, ok := social.ParseID(s)
	if !ok {
		t.Fatal("no id: " + s)
	}
	return id
}

func TestRendering(t *testing.T) {
	h := newHouse(t)
	p := h.post("bob", "hello there")
	alice := social.Viewer{Actor: h.ids["alice"], User: true}
	if data, ok := h.api.Post(h.ctx(), alice, "home", p.ID, false); !ok || !strings.Contains(string(data), "hello there") {
		t.Errorf("rendered: %v %s", ok, data)
	}
	if _, ok := h.api.Post(h.ctx(), alice, "home", 12, false); ok {
		t.Error("what is not there is rendered")
	}
	h.write(func(tx social.Tx) error {
		return tx.PutFilter(h.ctx(), &social.Filter{ID: h.newID(), User: alice.Actor, Title: "no", Contexts: []string{"home"}, Action: "hide", Keywords: []social.FilterKeyword{{ID: h.newID(), Keyword: "there"}}})
	})
	if data, _ := h.api.Post(h.ctx(), alice, "home", p.ID, false); !strings.Contains(string(data), `"keyword_matches":["there"]`) {
		t.Errorf("the filter is not told: %s", data)
	}
	if data, _ := h.api.Post(h.ctx(), alice, "public", p.ID, false); strings.Contains(string(data), "keyword_matches") {
		t.Error("a filter of another context is told")
	}
	h.must(h.api.Home.MuteActor(h.ctx(), social.Mute{Actor: alice.Actor, Target: h.ids["bob"]}))
	if _, ok := h.api.Post(h.ctx(), alice, "home", p.ID, false); ok {
		t.Error("a Post of somebody muted comes by itself")
	}
	if m := h.get("alice", "/api/v1/mutes").list(); len(m) != 1 || m[0]["mute_expires_at"] != nil {
		t.Errorf("mutes are %v", m)
	}
}

func TestTags(t *testing.T) {
	h := newHouse(t)
	h.post("bob", "x", func(d *social.Draft) { d.Post.Tags = []string{"Tea"} })
	if g := h.get("", "/api/v1/tags/TEA").object(); !strings.EqualFold(g["name"].(string), "tea") || g["following"] != nil || len(g["history"].([]any)) != historyDays {
		t.Errorf("a tag for a stranger: %v", g)
	}
	for _, name := range []string{"tea", "nobody_said_this", "お茶"} {
		if g := h.as("alice", "POST", "/api/v1/tags/"+name+"/follow").object(); g["following"] != true {
			t.Errorf("follow %s: %v", name, g)
		}
	}
	if got := h.get("alice", "/api/v1/followed_tags").list(); len(got) != 3 || got[0]["following"] != true {
		t.Errorf("followed: %v", got)
	}
	if g := h.as("alice", "POST", "/api/v1/tags/tea/unfollow").object(); g["following"] != false {
		t.Errorf("unfollow: %v", g)
	}
	if w := h.as("alice", "POST", "/api/v1/tags/a%20b/follow"); w.Code != 404 {
		t.Errorf("no tag: %d", w.Code)
	}
}

func TestSearch(t *testing.T) {
	h := newHouse(t)
	p := h.post("alice", "needle in the hay", func(d *social.Draft) { d.Post.Tags = []string{"needlework"} })
	all := h.get("alice", "/api/v2/search?q=needle").object()
	if len(all["statuses"].([]any)) != 1 || len(all["hashtags"].([]any)) != 1 || len(all["accounts"].([]any)) != 0 {
		t.Errorf("found %v", all)
	}
	if s := h.get("", "/api/v2/search?q=needle").object()["statuses"].([]any); len(s) != 0 {
		t.Errorf("a stranger searches in Posts: %v", s)
	}
	for q, want := range map[string][2]int{
		"carol@far.example": {1, 0}, "@carol@far.example": {1, 0}, "https://far.example/users/carol": {1, 0},
		"https://home.example/@alice": {1, 0}, p.URI: {0, 1}, p.URL: {0, 1}, "https://nowhere.example/x": {0, 0}, "@nobody@nowhere.example": {0, 0},
	} {
		o := h.get("alice", "/api/v2/search?resolve=true&q="+q).object()
		if a, s := len(o["accounts"].([]any)), len(o["statuses"].([]any)); a != want[0] || s != want[1] {
			t.Errorf("%s: %d accounts and %d statuses, not %v", q, a, s, want)
		}
	}
	if got := h.get("bob", "/api/v1/accounts/search?q=ali").ids(); got != h.ids["alice"].String() {
		t.Errorf("names: %s", got)
	}
}

func TestInstance(t *testing.T) {
	h := newHouse(t)
	v2 := h.get("", "/api/v2/instance").object()
	conf := v2["configuration"].(object)
	if conf["statuses"].(object)["max_characters"] != 5000.0 || conf["urls"].(object)["streaming"] != "wss://home.example" || v2["api_versions"].(object)["mastodon"] != float64(apiVersion) {
		t.Errorf("v2 is %v", v2)
	}
	v1 := h.get("", "/api/v1/instance").object()
	if v1["uri"] != "home.example" || v1["urls"].(object)["streaming_api"] != "wss://home.example" || v1["version"] != "4.6.0 (compatible; Engawa 1.0)" {
		t.Errorf("v1 is %v", v1)
	}
	for _, path := range []string{"rules", "extended_description", "privacy_policy", "activity", "peers", "domain_blocks", "translation_languages", "languages"} {
		h.get("", "/api/v1/instance/"+path)
	}
	own := h.get("alice", "/api/v1/accounts/verify_credentials").object()
	if own["role"].(object)["name"] != "Owner" || own["source"].(object)["privacy"] != "public" {
		t.Errorf("own account: %v", own)
	}
	if p := h.get("alice", "/api/v1/preferences").object(); p["posting:default:visibility"] != "public" {
		t.Errorf("preferences: %v", p)
	}
}

func TestMissingPictures(t *testing.T) {
	h := newHouse(t)
	h.handler = MissingPictures()
	for path, code := range map[string]int{"/avatars/missing.png": 200, "/headers/missing.png": 200, "/avatars/other.png": 404} {
		w := h.as("", "GET", path)
		if w.Code != code || (code == 200 && !strings.HasPrefix(w.Body.String(), "\x89PNG")) {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
}
