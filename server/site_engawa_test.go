package server_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"engawa/internal/clock"
	webhook "engawa/network/webhook/fake"
	"engawa/social"
)

// relayRig is a home whose rule sends what has #out to a program on loopback,
// and to a Link of X that is paused, so that its parts are planned and wait.
func relayRig(t *testing.T) (*person, *webhook.Server, func()) {
	t.Helper()
	far := webhook.New(clock.System)
	t.Cleanup(far.Close)
	x := attack(t, "ENGAWA_ALLOW_NETWORKS=127.0.0.0/8", "ENGAWA_ALLOW_HTTP=true")
	p := x.person("aoi")
	p.json("POST", "/api/engawa/v1/links", map[string]any{"network": "webhook", "name": "program", "fields": map[string]string{"url": far.Hook(), "key": far.Key}})
	l := &social.Link{ID: social.ID(x.Home.IDs.Next()), User: p.id, Network: "x", Name: "bird", Account: "1", Handle: "aoi", State: social.LinkPaused, CreatedAt: 1,
		Can: social.AblePost | social.AbleReply | social.AbleDelete | social.AbleMedia | social.AblePoll | social.AbleQuote}
	err := x.Home.Store.Write(t.Context(), func(tx social.Tx) error {
		if err := tx.PutLink(t.Context(), l); err != nil {
			return err
		}
		return tx.TouchLink(t.Context(), l)
	})
	if err != nil {
		t.Fatal(err)
	}
	a := p.do("PUT", "/api/engawa/v1/rules", "text/plain", `[[rule]]
name = "out"
when.tag_any = ["out"]
to = ["program", "bird"]
limit.hold = "0s"
as.link_back = "when_cut"
`)
	if a.status != 200 {
		t.Fatal(a.status, a.body)
	}
	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	done := make(chan error, 1)
	go func() { done <- x.Queue.Run(ctx) }()
	t.Cleanup(func() { stop(); <-done })
	return p, far, func() {
		t.Helper()
		if err := x.Queue.Settle(ctx); err != nil {
			t.Fatal(err)
		}
	}
}

// decidedParts is what previews and copies have in common.
type decidedParts struct {
	Link   string `json:"link"`
	Send   bool
	Rule   string
	Reason string
	Parts  []struct {
		Text   string
		Length int
		Limit  int
		State  string
		Reason string
	}
}

func (p *person) decided(method, path string, body any) map[string]decidedParts {
	p.Helper()
	data, _ := json.Marshal(body)
	a := p.do(method, path, "application/json", string(data))
	var list []decidedParts
	if err := json.Unmarshal([]byte(a.body), &list); err != nil {
		p.Fatalf("%s %s: %d %s", method, path, a.status, a.body)
	}
	out := map[string]decidedParts{}
	for _, d := range list {
		out[d.Link] = d
	}
	return out
}

// What a preview shows is what goes out, to the letter.
func TestPreviewIsWhatGoesOut(t *testing.T) {
	p, _, settle := relayRig(t)
	parent := p.say("The first one #out", "public", nil)
	settle()
	for _, c := range []struct {
		name, text, visibility string
		more                   map[string]any
	}{
		{"plain", "Figs #out", "public", nil},
		{"no tag", "Figs", "public", nil},
		{"link", "See https://figs.example/a_b?x=1 #out #figs", "public", nil},
		{"mention", "Hello @aoi and @nobody@far.example #out", "public", nil},
		{"warning", "The end of it #out", "public", map[string]any{"spoiler_text": "a film"}},
		{"long", strings.Repeat("縁側に座っていると風が通る。", 40) + "\n\n#out", "public", nil},
		{"poll", "Which? #out", "public", map[string]any{"poll": map[string]any{"options": []string{"figs", "plums"}, "expires_in": 3600}}},
		{"followers", "for friends #out", "private", nil},
		{"unlisted", "quietly #out", "unlisted", nil},
		{"thread", "and on it goes", "public", map[string]any{"in_reply_to_id": parent}},
		{"quote", "this #out", "public", map[string]any{"quoted_status_id": parent}},
	} {
		draft := map[string]any{"text": c.text, "visibility": c.visibility}
		for k, v := range c.more {
			draft[k] = v
		}
		shown := p.decided("POST", "/api/engawa/v1/relay/preview", draft)
		post := p.say(c.text, c.visibility, c.more)
		settle()
		went := p.decided("GET", "/api/engawa/v1/posts/"+post+"/copies", nil)
		if len(shown) != 2 {
			t.Errorf("%s: previews for %d links", c.name, len(shown))
		}
		for link, s := range shown {
			w := went[link]
			if s.Reason != w.Reason && w.Reason != "" || s.Send != w.Send || len(s.Parts) != len(w.Parts) {
				t.Errorf("%s, %s: shown %+v, went %+v", c.name, link, s, w)
				continue
			}
			for i := range s.Parts {
				a, b := s.Parts[i].Text, w.Parts[i].Text
				for _, n := range realID.FindAllString(a, -1) { // the number that the post would have had
					if n != parent {
						a = strings.ReplaceAll(a, n, post)
					}
				}
				if a != b {
					t.Errorf("%s, %s, part %d: shown %q, went %q", c.name, link, i, a, b)
				}
				if s.Parts[i].Limit > 0 && s.Parts[i].Length > s.Parts[i].Limit {
					t.Errorf("%s, %s, part %d: %d of %d", c.name, link, i, s.Parts[i].Length, s.Parts[i].Limit)
				}
			}
		}
	}
}

// What the API does to copies happens at the program.
func TestActionsOnCopies(t *testing.T) {
	p, far, settle := relayRig(t)
	links := map[string]string{}
	for _, l := range p.list("/api/engawa/v1/links") {
		links[l["name"].(string)] = l["id"].(string)
	}
	far.Fail(422, "", "")
	post := p.say("Figs #out", "public", nil)
	settle()
	copies := "/api/engawa/v1/posts/" + post + "/copies"
	states := func() string {
		return fmt.Sprint(p.decided("GET", copies, nil)["program"].Parts)
	}
	if s := states(); !strings.Contains(s, "asked") || len(far.Calls()) != 0 {
		t.Fatalf("refused by the program: %s", s)
	}
	if got := p.decided("POST", copies+"/"+links["program"]+"/retry", nil); len(got) == 0 {
		t.Fatal("nothing")
	}
	settle()
	if s := states(); !strings.Contains(s, "sent") || len(far.Calls()) != 1 {
		t.Fatalf("sent again: %s", s)
	}
	p.decided("POST", copies+"/"+links["program"]+"/delete", nil)
	settle()
	if calls := far.Calls(); len(calls) != 2 || calls[1].Verb != "delete" || !strings.Contains(states(), "deleted") {
		t.Errorf("deleted: %v, %s", calls, states())
	}
	if a := p.do("POST", copies+"/"+links["program"]+"/delete", "", ""); a.status != 409 {
		t.Errorf("deleted twice: %d %s", a.status, a.body)
	}
	if got := p.decided("POST", copies+"/"+links["bird"]+"/delete", nil)["bird"]; len(got.Parts) != 1 || got.Parts[0].State != "deleted" {
		t.Errorf("what never went out: %+v", got)
	}
	far.Fail(422, "", "")
	post = p.say("Plums #out", "public", nil)
	settle()
	copies = "/api/engawa/v1/posts/" + post + "/copies"
	if got := p.decided("POST", copies+"/"+links["program"]+"/skip", nil)["program"]; got.Parts[0].State != "skipped" {
		t.Errorf("skipped: %+v", got)
	}
	p.decided("POST", copies+"/"+links["program"]+"/retry", nil)
	settle()
	if s := states(); !strings.Contains(s, "sent") {
		t.Errorf("after all: %s", s)
	}
}

// list asks the API for a list.
func (p *person) list(path string) (out []map[string]any) {
	p.Helper()
	if a := p.get(path); json.Unmarshal([]byte(a.body), &out) != nil {
		p.Fatalf("GET %s: %d %s", path, a.status, a.body)
	}
	return out
}

// Every operation of the own API has its headers and its limit, whoever asks
// and whatever for.
func TestOwnAPIIsGuarded(t *testing.T) {
	x := attack(t, "ENGAWA_RATE_LIMITS=on")
	p := x.person("aoi")
	table, err := os.ReadFile("../api/engawa/routes.go")
	if err != nil {
		t.Fatal(err)
	}
	found := regexp.MustCompile(`"(GET|POST|PUT|PATCH|DELETE) (/[a-z/{}]+)"`).FindAllStringSubmatch(string(table), -1)
	if len(found) < 20 {
		t.Fatalf("only %d operations were found", len(found))
	}
	found = append(found, []string{"", "GET", "/nowhere"})
	for _, m := range found {
		path := "/api/engawa/v1" + regexp.MustCompile(`\{[a-z]+\}`).ReplaceAllString(m[2], "1")
		for _, who := range []*person{x.stranger(), {target: x, token: "wrong"}, p} {
			a := who.do(m[1], path, "application/json", "{}")
			h := a.header
			if h.Get("X-RateLimit-Limit") == "" || h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Content-Type") == "" && a.body != "" || h.Get("Set-Cookie") != "" || a.status >= 500 {
				t.Errorf("%s %s: %d %v", m[1], path, a.status, h)
			}
			if who != p && m[2] != "/nowhere" && a.status != 401 {
				t.Errorf("%s %s without a token: %d %s", m[1], path, a.status, a.body)
			}
		}
	}
}
