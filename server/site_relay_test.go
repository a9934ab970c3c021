package server_test

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	mastodon "engawa/network/mastodon/fake"
	"engawa/social"
)

// button sends one of the forms of linked accounts.
func (p *person) button(path string, values url.Values) *answer {
	p.Helper()
	return p.form(path, values, header("Origin", "https://"+host))
}

func (p *person) links() []social.Link {
	p.Helper()
	links, err := p.Home.Store.Links(p.Context(), p.id)
	if err != nil {
		p.Fatal(err)
	}
	return links
}

func TestRelayPagesAskForLogIn(t *testing.T) {
	p := attack(t).person("aoi")
	for _, path := range []string{"/relay", "/relay/rules", "/relay/posts/5"} {
		if a := p.stranger().get(path, asPage); a.status != http.StatusFound || a.location() != "/login?next="+path {
			t.Errorf("%s: %d to %q", path, a.status, a.location())
		}
		if a := p.get(path, asPage); a.status != http.StatusFound {
			t.Errorf("%s with a token and no session: %d", path, a.status)
		}
	}
	for _, path := range []string{"/relay/link", "/relay/rules", "/relay/links/5/drop", "/relay/posts/5/6/delete"} {
		if a := p.stranger().button(path, url.Values{"rules": {"x"}}); a.status != http.StatusSeeOther || a.location() != "/login?next=/relay" {
			t.Errorf("POST %s: %d to %q", path, a.status, a.location())
		}
	}
}

// An account is linked, changed and unlinked with the buttons of the page alone.
func TestLinkWithoutScript(t *testing.T) {
	far := mastodon.New(mastodon.Mastodon, time.Now)
	t.Cleanup(far.Close)
	x := attack(t, "ENGAWA_ALLOW_NETWORKS=127.0.0.0/8", "ENGAWA_ALLOW_HTTP=true")
	p := x.person("aoi")
	p.logIn()
	a := p.get("/relay?lang=en", asPage)
	for _, want := range []string{"No account is linked yet", `id="add-mastodon"`, `name="field.token"`, `type="password"`, `id="add-nostr"`} {
		if !strings.Contains(a.body, want) {
			t.Errorf("the first page lacks %q", want)
		}
	}
	a = p.button("/relay/link?lang=en", url.Values{"network": {"mastodon"}, "base": {far.URL}, "name": {"garden"}, "field.token": {"wrong token"}})
	if a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, `role="alert"`) || !strings.Contains(a.body, `value="garden"`) || strings.Contains(a.body, "wrong token") {
		t.Fatalf("a wrong token: %d %s", a.status, a.body)
	}
	a = p.button("/relay/link", url.Values{"network": {"mastodon"}, "base": {far.URL}, "name": {"garden"}, "field.token": {mastodon.Token}})
	if links := p.links(); len(links) != 1 || a.status != http.StatusSeeOther || a.location() != "/relay#link-"+links[0].ID.String() {
		t.Fatalf("linking: %d to %q: %+v", a.status, a.location(), links)
	}
	id := p.links()[0].ID.String()
	press := func(action string, holds func(l *social.Link) bool) {
		t.Helper()
		a := p.button("/relay/links/"+id+"/"+action, nil)
		if l := p.links()[0]; a.status != http.StatusSeeOther || !holds(&l) {
			t.Errorf("%s: %d %+v", action, a.status, l)
		}
		if a := p.get("/relay?lang=ja", asPage); a.status != http.StatusOK || !strings.Contains(a.body, "garden") {
			t.Errorf("after %s the page is %d", action, a.status)
		}
	}
	press("read", func(l *social.Link) bool { return l.List != 0 && !l.Merge })
	press("merge", func(l *social.Link) bool { return l.List != 0 && l.Merge })
	press("unmerge", func(l *social.Link) bool { return l.List != 0 && !l.Merge })
	press("unread", func(l *social.Link) bool { return l.List == 0 })
	press("pause", func(l *social.Link) bool { return l.State == social.LinkPaused })
	press("resume", func(l *social.Link) bool { return l.State == social.LinkActive })
	press("check", func(l *social.Link) bool { return l.OKAt > l.FailedAt })
	far.Revoke()
	press("check", func(l *social.Link) bool { return l.State == social.LinkReconnect && l.Error != "" })
	a = p.get("/relay?again="+id+"&lang=en", asPage)
	if !strings.Contains(a.body, `name="again" value="`+id+`"`) || !strings.Contains(a.body, "Has to be linked again") {
		t.Error("what is refused cannot be linked again")
	}
	if a := p.button("/relay/links/"+id+"/sell", nil); a.status != http.StatusNotFound {
		t.Errorf("no such button: %d", a.status)
	}
	other := x.person("mallory")
	other.logIn()
	for _, action := range []string{"check", "pause", "read", "drop"} {
		if a := other.button("/relay/links/"+id+"/"+action, nil); a.status != http.StatusNotFound {
			t.Errorf("%s of somebody else's: %d", action, a.status)
		}
	}
	if a := other.get("/relay?again="+id, asPage); a.status != http.StatusNotFound {
		t.Errorf("linking somebody else's again: %d", a.status)
	}
	if a := p.button("/relay/links/"+id+"/drop", nil); a.location() != "/relay" || len(p.links()) != 0 {
		t.Errorf("unlinking: %d to %q", a.status, a.location())
	}
}

// Where a network asks the person, the page says where it leads, and the person
// comes back to the pages without script.
func TestLinkByConsentWithoutScript(t *testing.T) {
	far := mastodon.New(mastodon.Mastodon, time.Now)
	t.Cleanup(far.Close)
	p := attack(t, "ENGAWA_ALLOW_NETWORKS=127.0.0.0/8", "ENGAWA_ALLOW_HTTP=true").person("aoi")
	p.logIn()
	a := p.button("/relay/link?lang=en", url.Values{"network": {"mastodon"}, "base": {far.URL}})
	there := regexp.MustCompile(`class="button" href="([^"]+)"`).FindStringSubmatch(a.body)
	if a.status != http.StatusOK || len(there) == 0 || !strings.Contains(a.body, "Mastodon\u2069 has to allow it") {
		t.Fatalf("%d %s", a.status, a.body)
	}
	u, err := url.Parse(html.UnescapeString(there[1]))
	if err != nil || "http://"+u.Host != far.URL {
		t.Fatalf("it leads to %q", there[1])
	}
	for _, c := range a.header["Set-Cookie"] {
		c, _, _ = strings.Cut(c, ";")
		p.cookie += "; " + c
	}
	a = p.get("/links/callback/mastodon?code=yes&state="+url.QueryEscape(u.Query().Get("state")), asPage)
	if a.status != http.StatusFound || a.location() != "/relay" || len(p.links()) != 1 {
		t.Errorf("back: %d to %q %s", a.status, a.location(), a.body)
	}
}

func TestRulesWithoutScript(t *testing.T) {
	p, _, settle := relayRig(t)
	p.logIn()
	p.say("Figs #out", "public", nil)
	p.say("Plums", "public", nil)
	settle()
	a := p.get("/relay/rules?lang=en", asPage)
	if a.status != http.StatusOK || !strings.Contains(a.body, "with #out go to program, bird") {
		t.Fatalf("%d %s", a.status, a.body)
	}
	kept := func() string {
		text, err := p.Home.Store.Rules(t.Context(), p.id)
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	before := kept()
	send := func(rules, do string) *answer {
		return p.button("/relay/rules?lang=en", url.Values{"rules": {rules}, "do": {do}})
	}
	a = send("[[rule]]\nto = [\"nowhere\"]\nwhen.tagany = [\"x\"]", "save")
	if a.status != http.StatusUnprocessableEntity || kept() != before || !strings.Contains(a.body, "line 3") || !strings.Contains(a.body, "did you mean when.tag_any") && !strings.Contains(a.body, "tag_any") {
		t.Errorf("rules with a fault: %d %s", a.status, a.body)
	}
	good := "[[rule]]\r\nname = \"plums\"\r\nwhen.text = [\"Plums\"]\r\nto = [\"program\"]\r\n"
	a = send(good, "check")
	if a.status != http.StatusOK || kept() != before || !strings.Contains(a.body, "your last 2 posts") || !strings.Contains(a.body, "1 post would go nowhere") || !strings.Contains(a.body, "sent: rule &#39;plums&#39;") {
		t.Errorf("checked: %d %s", a.status, a.body)
	}
	a = send(good, "save")
	if a.status != http.StatusOK || kept() != strings.ReplaceAll(good, "\r\n", "\n") || !strings.Contains(a.body, "Saved.") {
		t.Errorf("saved: %d %q", a.status, kept())
	}
	if a = send(strings.Repeat("#", 2<<20), "save"); a.status != http.StatusUnprocessableEntity {
		t.Errorf("two megabytes: %d", a.status)
	}
	if a = send(strings.Repeat("#", 300<<10), "save"); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, "262,144") {
		t.Errorf("300 kB: %d", a.status)
	}
}

func TestCopiesWithoutScript(t *testing.T) {
	p, far, settle := relayRig(t)
	p.logIn()
	far.Fail(422, "", "")
	post := p.say("Figs #out", "public", nil)
	settle()
	at := "/relay/posts/" + post
	ids := map[string]string{}
	for _, l := range p.links() {
		ids[l.Name] = l.ID.String()
	}
	a := p.get(at+"?lang=en", asPage)
	for _, want := range []string{"program", "Send it now", "Leave it", "sent: #out, rule &#39;out&#39;", "bird", "waits: the account is paused"} {
		if !strings.Contains(a.body, want) {
			t.Errorf("the page lacks %q: %s", want, a.body)
		}
	}
	if a = p.get("/relay?lang=en", asPage); !strings.Contains(a.body, `href="`+at+`"`) || !strings.Contains(a.body, "program: waits for your choice") {
		t.Error("the list of posts does not say it")
	}
	if a = p.button(at+"/"+ids["program"]+"/retry", nil); a.status != http.StatusSeeOther || a.location() != at+"#link-"+ids["program"] {
		t.Fatalf("%d to %q", a.status, a.location())
	}
	settle()
	if a = p.get(at+"?lang=en", asPage); len(far.Calls()) != 1 || !strings.Contains(a.body, "<strong>sent</strong>") || !strings.Contains(a.body, "Delete there") {
		t.Errorf("sent after all: %s", a.body)
	}
	if a = p.button(at+"/"+ids["program"]+"/skip?lang=en", nil); a.status != http.StatusConflict || !strings.Contains(a.body, "This is how it stands now") {
		t.Errorf("nothing to skip: %d", a.status)
	}
	p.button(at+"/"+ids["program"]+"/delete", nil)
	settle()
	if calls := far.Calls(); len(calls) != 2 || calls[1].Verb != "delete" {
		t.Errorf("deleted: %v", calls)
	}
	p.do("DELETE", "/api/v1/statuses/"+post, "", "")
	settle()
	if a = p.get(at+"?lang=en", asPage); a.status != http.StatusOK || !strings.Contains(a.body, "You deleted this post.") || !strings.Contains(a.body, "rule &#39;out&#39;") {
		t.Errorf("the copies of a deleted post: %d %s", a.status, a.body)
	}
	other := p.person("mallory")
	other.logIn()
	if a := other.get(at, asPage); a.status != http.StatusNotFound {
		t.Errorf("somebody else's: %d", a.status)
	}
	if a := other.button(at+"/"+ids["bird"]+"/delete", nil); a.status != http.StatusNotFound {
		t.Errorf("somebody else deletes: %d", a.status)
	}
	for _, path := range []string{"/relay/posts/x", "/relay/posts/99"} {
		if a := p.get(path, asPage); a.status != http.StatusNotFound {
			t.Errorf("%s: %d", path, a.status)
		}
	}
}
