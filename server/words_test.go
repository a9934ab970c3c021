package server_test

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"engawa/internal/markup"
	"engawa/social"
)

var (
	// ours are the names and addresses that stand in Japanese as they are.
	ours = regexp.MustCompile(`https?://[^ <"]+|127\.0\.0\.1(:[0-9]+)?|program|Figs #out|Plums #out|Webhook|@aoi\S*|aoi`)
	// foreign are words of English.
	foreign = regexp.MustCompile(`[A-Za-z]{2,}[^。「」]*`)
)

// inJapanese fails where English is left in a text for a person.
func (p *person) inJapanese(what, text string) {
	p.Helper()
	if strings.TrimSpace(text) == "" {
		p.Errorf("%s: nothing is said", what)
	}
	if rest := foreign.FindString(ours.ReplaceAllString(text, "")); rest != "" || strings.Contains(text, "=link.") || strings.Contains(text, "{") {
		p.Errorf("%s: %q stands in %q", what, rest, text)
	}
}

// messages are the texts of the home's messages to the person, newest first.
func (p *person) messages() (out []string) {
	p.Helper()
	var list []struct {
		Last struct {
			Content string `json:"content"`
		} `json:"last_status"`
	}
	a := p.get("/api/v1/conversations")
	if err := json.Unmarshal([]byte(a.body), &list); err != nil {
		p.Fatal(err, a.body)
	}
	for _, c := range list {
		out = append(out, markup.Text(c.Last.Content))
	}
	return out
}

// A Japanese person whose link is refused, and then breaks, reads of it in
// Japanese alone: the question, the copy's reason, the link's state, the page,
// and the errors of linking. What is kept is said to who asks in English, too.
func TestBrokenLinkInJapanese(t *testing.T) {
	p, far, settle := relayRig(t)
	err := p.Home.Store.Write(t.Context(), func(tx social.Tx) error {
		u, err := tx.User(t.Context(), p.id)
		if err != nil {
			return err
		}
		u.Locale = "ja"
		return tx.PutUser(t.Context(), u)
	})
	if err != nil {
		t.Fatal(err)
	}
	p.token = p.tokenFor(p.id, []string{"read", "write", "follow", "push"}) // who asks with the old one is remembered for a while
	p.logIn()
	link := func(lang string) map[string]any {
		for _, l := range p.list("/api/engawa/v1/links" + lang) {
			if l["name"] == "program" {
				return l
			}
		}
		t.Fatal("the link is gone")
		return nil
	}
	state := func(class string) {
		t.Helper()
		l := link("")
		last, _ := l["last_error"].(map[string]any)
		for _, text := range []any{l["summary"], last["message"], last["remedy"]} {
			p.inJapanese(class, text.(string))
		}
		if said := link("?lang=en")["summary"].(string); strings.ContainsAny(said, "。はをに") || strings.Contains(said, "=") {
			t.Errorf("%s, in English: %q", class, said)
		}
		if a := p.get("/relay", asPage); !strings.Contains(a.body, last["message"].(string)) || !strings.Contains(a.body, last["remedy"].(string)) {
			t.Errorf("%s: the page does not say it", class)
		}
		all := p.messages()
		if len(all) == 0 {
			t.Fatalf("%s: nobody was told", class)
		}
		for _, m := range all {
			p.inJapanese(class+", the message", m)
		}
	}
	far.Fail(422, "", "")
	post := p.say("Figs #out", "public", nil)
	settle()
	reason := p.decided("GET", "/api/engawa/v1/posts/"+post+"/copies", nil)["program"].Parts[0].Reason
	p.inJapanese("the reason", reason)
	state("a refused post")
	far.Fail(401, "", "")
	p.say("Plums #out", "public", nil)
	settle()
	if l := link(""); l["state"] != "reconnect" {
		t.Errorf("the link is %v", l["state"])
	}
	state("a refused signature")
	for _, ask := range []string{`{"network":"webhook","fields":{"url":"nonsense"}}`, `{"network":"none"}`, `{"network":"mastodon","base":"not a server"}`} {
		a := p.do("POST", "/api/engawa/v1/links", "application/json", ask)
		var body struct{ Error string }
		if err := json.Unmarshal([]byte(a.body), &body); err != nil || a.status < 400 {
			t.Fatal(a.status, a.body)
		}
		p.inJapanese(ask, strings.NewReplacer("https://example.com/hook", "", "URL", "", "none", "", "not a server", "", "mastodon.social", "").Replace(body.Error))
	}
}
