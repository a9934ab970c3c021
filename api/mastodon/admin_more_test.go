package mastodon_test

import (
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"engawa/internal/clock"
	"engawa/social"
)

// series are the values of a measure by day.
func series(o object) (out []string) {
	data, _ := o["data"].([]any)
	for _, x := range data {
		out = append(out, object(x.(map[string]any)).text("value"))
	}
	return out
}

func TestAdminMeasures(t *testing.T) {
	d := newDesk(t)
	mod, ann, bob := d.staffer("mod", social.Moderator), d.user("ann"), d.user("bob")
	carol := d.far("carol", "far.example")
	post := ann.say("hello #tea")
	bob.form("POST", "/api/v1/statuses/"+post+"/favourite", "").ok()
	bob.form("POST", "/api/v1/statuses/"+post+"/reblog", "").ok()
	bob.form("POST", "/api/v1/statuses", url.Values{"status": {"yes"}, "in_reply_to_id": {post}}.Encode()).ok()
	ann.form("POST", "/api/v1/reports", "account_id="+bob.id.String()).ok()
	d.write(func(tx social.Tx) error {
		if err := tx.PutFollow(t.Context(), &social.Follow{ID: 1, Actor: ann.id, Target: carol.ID, URI: "x", CreatedAt: clock.Millis(testNow)}); err != nil {
			return err
		}
		return tx.CountDay(t.Context(), social.CountServers, "far.example", clock.Millis(testNow)-86_400_000, 4)
	})
	tag := mod.get("/api/v1/admin/tags").list()[0].text("id")
	body := `{"keys":["active_users","new_users","interactions","opened_reports","resolved_reports","tag_accounts","tag_uses","tag_servers","instance_accounts",
		"instance_media_attachments","instance_reports","instance_statuses","instance_follows","instance_followers","nonsense"],
		"start_at":"2026-05-16","end_at":"2026-05-17T23:00:00Z","tag_accounts":{"id":"` + tag + `"},"tag_uses":{"id":"` + tag + `"},"tag_servers":{"id":"` + tag + `"},
		"instance_accounts":{"domain":"far.example"},"instance_media_attachments":{"domain":"far.example"},"instance_reports":{"domain":"far.example"},
		"instance_statuses":{"domain":"far.example"},"instance_follows":{"domain":"far.example"},"instance_followers":{"domain":"far.example"}}`
	want := map[string][]string{ // total, then by day
		"active_users": {"3", "0", "3"}, "new_users": {"3", "0", "3"}, "interactions": {"3", "0", "3"}, "opened_reports": {"1", "0", "1"},
		"resolved_reports": {"0", "0", "0"}, "tag_accounts": {"1", "0", "1"}, "tag_uses": {"1", "0", "1"}, "tag_servers": {"0", "0", "0"},
		"instance_accounts": {"1", "0", "1"}, "instance_media_attachments": {"0", "0", "0"}, "instance_reports": {"0", "0", "0"},
		"instance_statuses": {"0", "4", "0"}, "instance_follows": {"1", "0", "1"}, "instance_followers": {"0", "0", "0"},
	}
	all := mod.json("POST", "/api/v1/admin/measures", body).list()
	if len(all) != len(want) {
		t.Fatalf("%d measures", len(all))
	}
	for _, m := range all {
		d.shaped("Measure", m)
		key := m.text("key")
		if got := append([]string{m.text("total")}, series(m)...); !slices.Equal(got, want[key]) {
			t.Errorf("%s: %v; want %v", key, got, want[key])
		}
		d.shaped("Datum", m["data"].([]any)[0].(map[string]any))
		if _, has := m["previous_total"]; has == strings.HasPrefix(key, "instance_") {
			t.Errorf("%s: %v", key, m)
		}
	}
	next := mod.form("POST", "/api/v1/admin/measures", "keys[]=new_users&start_at=2026-05-18&end_at=2026-05-19").list()
	d.has(next[0], "total", "0", "previous_total", "3", "data.0.date", "2026-05-18T00:00:00Z")
	for body, text := range map[string]string{
		"keys[]=new_users": "start_at and end_at must be given", "keys[]=new_users&start_at=x&end_at=2026-05-18": "start_at must be a date",
		"keys[]=new_users&start_at=2026-05-18&end_at=2026-05-01": "end_at must be at or after", "keys[]=tag_uses&start_at=2026-05-18&end_at=2026-05-18": "tag_uses[id] must be given",
		"keys[]=new_users&start_at=2020-05-18&end_at=2026-05-01": "at most",
	} {
		mod.form("POST", "/api/v1/admin/measures", body).fails(400, text)
	}
}

func TestAdminDimensions(t *testing.T) {
	d := newDesk(t)
	mod, ann := d.staffer("mod", social.Moderator), d.user("ann")
	carol := d.far("carol", "far.example")
	ann.say("hallo #tea", "language", "de")
	d.write(func(tx social.Tx) error {
		if err := tx.PutFollow(t.Context(), &social.Follow{ID: 1, Actor: ann.id, Target: carol.ID, URI: "x", CreatedAt: clock.Millis(testNow)}); err != nil {
			return err
		}
		if err := tx.CountDay(t.Context(), social.CountLanguages+"far.example", "", clock.Millis(testNow), 2); err != nil {
			return err
		}
		return tx.CountDay(t.Context(), social.CountServers, "far.example", clock.Millis(testNow), 4)
	})
	tag := mod.get("/api/v1/admin/tags").list()[0].text("id")
	all := mod.json("POST", "/api/v1/admin/dimensions", `{"keys":["languages","sources","servers","space_usage","software_versions","tag_servers","tag_languages",
		"instance_accounts","instance_languages","nonsense"],"start_at":"2026-05-01","end_at":"2026-05-17","limit":2,"tag_servers":{"id":"`+tag+`"},
		"tag_languages":{"id":"`+tag+`"},"instance_accounts":{"domain":"FAR.example"},"instance_languages":{"domain":"far.example"}}`).list()
	want := map[string]string{
		"languages": "en English 2", "sources": "Test Test 1", "servers": "far.example far.example 4", "tag_servers": "home.example home.example 1",
		"tag_languages": "de German 1", "instance_accounts": "carol carol 1", "instance_languages": "und und 2",
	}
	if len(all) != 9 {
		t.Fatalf("%d dimensions", len(all))
	}
	for _, x := range all {
		d.shaped("Dimension", x)
		key := x.text("key")
		if w := want[key]; w != "" && strings.Join([]string{x.text("data.0.key"), x.text("data.0.human_key"), x.text("data.0.value")}, " ") != w {
			t.Errorf("%s: %v; want %s", key, x["data"], w)
		}
		for _, datum := range x["data"].([]any) {
			d.shaped("DimensionDatum", datum.(map[string]any))
		}
	}
	d.has(all[4], "data.0.key", "engawa", "data.0.value", "test", "data.1.human_key", "Go", "data.2.human_key", "SQLite")
	d.has(all[3], "data.0.unit", "bytes", "data.0.key", "sqlite")
	mod.form("POST", "/api/v1/admin/dimensions", "keys[]=servers&limit=0").fails(400, "limit must be positive")
	mod.form("POST", "/api/v1/admin/dimensions", "keys[]=tag_servers").fails(400, "tag_servers[id] must be given")
}

func TestAdminRetention(t *testing.T) {
	d := newDesk(t)
	mod := d.staffer("mod", social.Moderator)
	day := func(n int) social.Millis { return clock.Millis(testNow.AddDate(0, 0, n)) }
	for i, u := range [][2]int{{-3, -3}, {-3, -1}, {-2, 0}} {
		d.write(func(tx social.Tx) error {
			return tx.PutUser(t.Context(), &social.User{ID: social.ID(50 + i), CreatedAt: day(u[0]), LastActiveAt: day(u[1])})
		})
	}
	if got := mod.form("POST", "/api/v1/admin/retention", "").list(); len(got) != 0 {
		t.Errorf("without parameters: %v", got)
	}
	all := mod.form("POST", "/api/v1/admin/retention", "start_at=2026-05-14&end_at=2026-05-16&frequency=day").list()
	if len(all) != 3 {
		t.Fatalf("%d cohorts", len(all))
	}
	d.shaped("Cohort", all[0])
	d.shaped("CohortDatum", all[0]["data"].([]any)[0].(map[string]any))
	d.has(all[0], "period", "2026-05-14T00:00:00+00:00", "frequency", "day", "data.0.value", "2", "data.0.rate", 1, "data.1.value", "1", "data.1.rate", 0.5, "data.2.rate", 0.5)
	d.has(all[1], "data.0.value", "1", "data.1.date", "2026-05-16T00:00:00+00:00")
	d.has(all[2], "data.0.value", "0", "data.0.rate", 0, "data.1", nil)
	month := mod.form("POST", "/api/v1/admin/retention", "start_at=2026-04-30&end_at=2026-05-16&frequency=month").list()
	d.has(month[1], "period", "2026-05-01T00:00:00+00:00", "frequency", "month", "data.0.value", "4")
	mod.form("POST", "/api/v1/admin/retention", "start_at=2026-01-01&end_at=2026-05-16").fails(400, "at most 92 days")
}

func TestAdminTrends(t *testing.T) {
	d := newDesk(t)
	mod, ann, bob := d.staffer("mod", social.Moderator), d.user("ann"), d.user("bob")
	stranger := &client{desk: d}
	for _, c := range []*client{ann, bob} {
		d.write(func(tx social.Tx) error {
			a, err := tx.Actor(t.Context(), c.id)
			next := *a
			next.Discoverable = true
			if err == nil {
				err = tx.PutActor(t.Context(), &next)
			}
			return err
		})
	}
	post := ann.say("look #tea https://news.example/a")
	other := bob.say("me too #tea https://news.example/a")
	for _, c := range []*client{bob, mod} {
		c.form("POST", "/api/v1/statuses/"+post+"/favourite", "").ok()
	}
	card := &social.Card{ID: 5, URL: "https://news.example/a", Title: "News", Type: "link", FetchedAt: clock.Millis(testNow)}
	d.write(func(tx social.Tx) error {
		if err := tx.PutCard(t.Context(), card); err != nil {
			return err
		}
		for _, p := range []string{post, other} {
			id, _ := social.ParseID(p)
			if err := tx.SetCard(t.Context(), id, card.ID); err != nil {
				return err
			}
		}
		return nil
	})
	// tags
	tags := mod.get("/api/v1/admin/trends/tags").list()
	if len(tags) != 1 {
		t.Fatalf("trends: %v", tags)
	}
	d.shaped("Tag", tags[0])
	d.has(tags[0], "name", "tea", "requires_review", true, "trendable", true, "history.0.accounts", "2")
	at := "/api/v1/admin/trends/tags/" + tags[0].text("id")
	d.has(mod.form("POST", at+"/reject", "").ok(), "trendable", false, "requires_review", false)
	if got := stranger.get("/api/v1/trends/tags").list(); len(got) != 0 {
		t.Errorf("a rejected tag trends: %v", got)
	}
	if got := mod.get("/api/v1/admin/trends/tags").list(); len(got) != 1 {
		t.Errorf("the staff sees %v", got)
	}
	d.has(mod.form("POST", at+"/approve", "").ok(), "trendable", true)
	if got := stranger.get("/api/v1/trends/tags").list(); len(got) != 1 {
		t.Errorf("an approved tag does not trend: %v", got)
	}
	one := "/api/v1/admin/tags/" + tags[0].text("id")
	d.shaped("Tag", mod.get(one).ok())
	d.has(mod.json("PUT", one, `{"display_name":"TEA","usable":false,"listable":false}`).ok(), "name", "TEA", "usable", false, "listable", false, "trendable", true)
	mod.json("PUT", one, `{"display_name":"coffee"}`).fails(422, "Name must be the same")
	ann.form("POST", "/api/v1/statuses", "status=more+%23Tea").fails(422, "Validation failed: Text contained a disallowed hashtag: tea")
	if got := ann.get("/api/v2/search?type=hashtags&q=te").ok(); len(got["hashtags"].([]any)) != 0 {
		t.Errorf("a tag that is not listed is found: %v", got)
	}
	d.has(mod.form("PATCH", one, "usable=true").ok(), "usable", true, "listable", false)
	ann.say("more #tea")
	// posts
	posts := mod.get("/api/v1/admin/trends/statuses").list()
	if len(posts) != 1 {
		t.Fatalf("trends: %v", posts)
	}
	d.has(posts[0], "id", post, "requires_review", true, "account.username", "ann")
	d.has(mod.form("POST", "/api/v1/admin/trends/statuses/"+post+"/reject", "").ok(), "id", post, "requires_review", false)
	if got := stranger.get("/api/v1/trends/statuses").list(); len(got) != 0 {
		t.Errorf("a rejected post trends: %v", got)
	}
	mod.form("POST", "/api/v1/admin/trends/statuses/"+post+"/approve", "").ok()
	if got := stranger.get("/api/v1/trends/statuses").list(); len(got) != 1 {
		t.Errorf("an approved post does not trend: %v", got)
	}
	// links and publishers
	links := mod.get("/api/v1/admin/trends/links").list()
	if len(links) != 1 {
		t.Fatalf("trends: %v", links)
	}
	d.has(links[0], "id", "5", "title", "News", "requires_review", true, "history.0.uses", "2")
	trends := func() int { return len(stranger.get("/api/v1/trends/links").list()) }
	d.has(mod.form("POST", "/api/v1/admin/trends/links/5/reject", "").ok(), "id", "5", "requires_review", false)
	if n := trends(); n != 0 {
		t.Errorf("%d links, one rejected", n)
	}
	mod.form("POST", "/api/v1/admin/trends/links/5/approve", "").ok()
	pubs := mod.get("/api/v1/admin/trends/links/publishers").list()
	if len(pubs) != 1 {
		t.Fatalf("publishers: %v", pubs)
	}
	d.shaped("Publisher", pubs[0])
	d.has(pubs[0], "domain", "news.example", "requires_review", true, "reviewed_at", nil)
	at = "/api/v1/admin/trends/links/publishers/" + pubs[0].text("id")
	d.has(mod.form("POST", at+"/reject", "").ok(), "trendable", false, "requires_review", false)
	if n := trends(); n != 0 {
		t.Errorf("%d links of a rejected publisher", n)
	}
	d.has(mod.form("POST", at+"/approve", "").ok(), "trendable", true)
	if n := trends(); n != 1 {
		t.Errorf("%d links", n)
	}
	for _, path := range []string{"tags/1/approve", "statuses/1/reject", "links/1/approve", "links/publishers/1/reject", "tags/x/approve"} {
		mod.form("POST", "/api/v1/admin/trends/"+path, "").fails(404, "Record not found")
	}
}

// TestNoAccess: an address that is let in nowhere, until the block is lifted.
func TestNoAccess(t *testing.T) {
	d := newDesk(t)
	admin := d.staffer("chief", social.Admin)
	ask := func(addr string) int {
		r := httptest.NewRequest("GET", "/api/v1/instance", nil)
		r.RemoteAddr = addr
		w := httptest.NewRecorder()
		d.http.ServeHTTP(w, r)
		return w.Code
	}
	o := admin.form("POST", "/api/v1/admin/ip_blocks", "ip=198.51.100.0/24&severity=no_access&expires_in=3600").ok()
	admin.form("POST", "/api/v1/admin/ip_blocks", "ip=203.0.113.0/24&severity=sign_up_block").ok()
	for addr, want := range map[string]int{"198.51.100.7:1": 403, "198.51.101.7:1": 200, "203.0.113.5:1": 200, "[2001:db8::1]:1": 200} {
		if got := ask(addr); got != want {
			t.Errorf("%s: %d; want %d", addr, got, want)
		}
	}
	d.clock.Advance(2 * time.Hour)
	if got := ask("198.51.100.7:1"); got != 200 {
		t.Errorf("after its time: %d", got)
	}
	admin.ask("DELETE", "/api/v1/admin/ip_blocks/"+o.text("id"), "", "").ok()
}
