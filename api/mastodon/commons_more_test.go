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
