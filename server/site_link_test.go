package server_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	mail "engawa/network/mail/fake"
	"engawa/social"
)

// letterHome is a home that hands its letters to a mail server on loopback.
func letterHome(t *testing.T) (*target, *mail.Server) {
	t.Helper()
	far, err := mail.New("home", "pass word")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(far.Close)
	return attack(t, fmt.Sprintf("ENGAWA_SMTP=smtp://home:pass%%20word@127.0.0.1:%d?from=relay@home.example&tls=off", far.Port)), far
}

// proofOf asks to link an address and reads where the letter leads.
func proofOf(p *person, far *mail.Server) string {
	p.Helper()
	if got := p.json("POST", "/api/engawa/v1/links", map[string]any{"network": "mail", "fields": map[string]string{"address": "aoi@mail.example"}}); got["letter"] != true {
		p.Fatalf("linking an address answers %v", got)
	}
	letters := far.Letters()
	u, err := url.Parse(regexp.MustCompile(`https://home\.example/\S+callback\S+`).FindString(letters[len(letters)-1].Text))
	if err != nil || u.Path == "" {
		p.Fatalf("the letter says %q", letters[len(letters)-1].Text)
	}
	return u.RequestURI() + "&lang=en"
}

func TestLinkByLetter(t *testing.T) {
	x, far := letterHome(t)
	p := x.person("aoi")
	way := proofOf(p, far)
	if a := p.get(way, asPage); a.status != http.StatusFound || !strings.HasPrefix(a.location(), "/login?next=%2Flinks%2Fcallback") && !strings.HasPrefix(a.location(), "/login?next=/links/callback") {
		t.Fatalf("without a session: %d %s", a.status, a.location())
	}
	p.logIn()
	if a := p.get("/links/callback/mail?code=guess&lang=en", asPage); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, "not complete") {
		t.Errorf("a guessed code: %d %s", a.status, a.body)
	}
	if a := p.get("/links/callback/nowhere?code=guess&lang=ja", asPage); a.status != http.StatusNotFound || !strings.Contains(a.body, "連携できませんでした") {
		t.Errorf("no such network: %d %s", a.status, a.body)
	}
	if a := p.get(way, asPage); a.status != http.StatusOK || !strings.Contains(a.body, "“mail” (mail) is linked.") {
		t.Fatalf("with the letter's code: %d %s", a.status, a.body)
	}
	links, err := x.Home.Store.Links(t.Context(), p.id)
	if err != nil || len(links) != 1 || links[0].Handle != "aoi@mail.example" || strings.Contains(string(links[0].Secret), "aoi") {
		t.Fatalf("the links are %+v, %v", links, err)
	}
	if strings.Contains(x.log.String(), "pass word") {
		t.Error("the log has the mail server's password")
	}
}

// A post by a rule becomes a letter, and its List-Unsubscribe pauses the link:
// after a second look for a browser, at once for a mail program.
func TestUnsubscribe(t *testing.T) {
	x, far := letterHome(t)
	p := x.person("aoi")
	p.logIn()
	p.get(proofOf(p, far), asPage)
	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	done := make(chan error, 1)
	go func() { done <- x.Queue.Run(ctx) }()
	t.Cleanup(func() { stop(); <-done })
	p.do("PUT", "/api/engawa/v1/rules", "text/plain", "[[rule]]\nname = \"out\"\nwhen.tag_any = [\"out\"]\nto = [\"mail\"]\nlimit.hold = \"0s\"\n")
	p.say("Figs are ripe #out", "public", nil)
	if err := x.Queue.Settle(ctx); err != nil {
		t.Fatal(err)
	}
	letters := far.Letters()
	last := letters[len(letters)-1]
	if len(letters) != 2 || !strings.HasPrefix(last.Text, "Figs are ripe") {
		t.Fatalf("%d letters, the last one %q", len(letters), last.Text)
	}
	u, err := url.Parse(strings.Trim(last.Header.Get("List-Unsubscribe"), "<>"))
	if err != nil {
		t.Fatal(err)
	}
	state := func() social.LinkState {
		links, err := x.Home.Store.Links(t.Context(), p.id)
		if err != nil {
			t.Fatal(err)
		}
		return links[0].State
	}
	s := x.stranger()
	q := u.Query()
	q.Set("key", "guess")
	if a := s.get(u.Path+"?"+q.Encode(), asPage); a.status != http.StatusNotFound || state() != social.LinkActive {
		t.Errorf("a guessed key: %d", a.status)
	}
	a := s.get(u.RequestURI()+"&lang=ja", asPage)
	on := regexp.MustCompile(`href="(/links/mail/unsubscribe[^"]*confirm=1[^"]*)"`).FindStringSubmatch(a.body)
	if a.status != http.StatusOK || len(on) == 0 || !strings.Contains(a.body, "停止する") || state() != social.LinkActive {
		t.Fatalf("the first look: %d %s", a.status, a.body)
	}
	if a = s.get(strings.ReplaceAll(on[1], "&amp;", "&"), asPage); a.status != http.StatusOK || state() != social.LinkPaused {
		t.Errorf("confirmed: %d, the link is %s", a.status, state())
	}
	id, _ := social.ParseID(u.Query().Get("link"))
	p.json("POST", "/api/engawa/v1/links/"+id.String()+"/resume", nil)
	if state() == social.LinkPaused {
		t.Fatal("it does not go on")
	}
	if a = s.form(u.RequestURI(), url.Values{"List-Unsubscribe": {"One-Click"}}); a.status != http.StatusOK || state() != social.LinkPaused {
		t.Errorf("one click: %d, the link is %s", a.status, state())
	}
}
