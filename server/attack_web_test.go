package server_test

import (
	"context"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"

	"engawa/auth"
)

// elsewhere are ways to write another site as a path.
var elsewhere = []string{
	"https://evil.example", "//evil.example", "///evil.example", `/\evil.example`, `\\evil.example`, "/\t/evil.example", "/\n//evil.example",
	"javascript:alert(1)", "data:text/html,x", "https:evil.example", "http:/evil.example", "/..//evil.example", "/.//evil.example",
	"%2f%2fevil.example", "@evil.example", ".evil.example", "https://" + host + "@evil.example", "",
}

var ownPath = regexp.MustCompile(`^/([^/\\]|$)`)

// TestRedirectsStayHere: no way back leads to another site (T71).
func TestRedirectsStayHere(t *testing.T) {
	p := attack(t).person("alice")
	p.logIn()
	for _, next := range elsewhere {
		for name, a := range map[string]*answer{
			"log in":    p.form("/login", url.Values{"login": {"alice"}, "password": {password}, "next": {next}}),
			"logged in": p.get("/login?next=" + url.QueryEscape(next)),
			"log out":   p.stranger().form("/logout?next="+url.QueryEscape(next), url.Values{"next": {next}}),
			"private":   p.stranger().get("/settings/password?next=" + url.QueryEscape(next)),
		} {
			if a.status/100 != 3 || !ownPath.MatchString(a.location()) {
				t.Errorf("%s, next %q: %d to %q", name, next, a.status, a.location())
			}
		}
	}
	for _, path := range []string{"//evil.example", "//evil.example/..", `/\evil.example`, "/deck//evil.example", "/users//evil.example", "/@//evil.example"} {
		if a := p.stranger().get(path, asPage); a.location() != "" && !ownPath.MatchString(strings.TrimPrefix(a.location(), "https://"+host)) {
			t.Errorf("%s leads to %s", path, a.location())
		}
	}
}

// TestRedirectURIsAreExact: a code goes where the app registered it, and an ask
// that is wrong leads no stranger away (T65, T71; RFC 9700 4.1.3, 4.11.2).
func TestRedirectURIsAreExact(t *testing.T) {
	x := attack(t)
	p := x.person("alice")
	p.logIn()
	app, err := x.Auth.Register(t.Context(), auth.Registration{Name: "app", RedirectURIs: []string{"https://app.example/cb"}, Scopes: []string{"read"}})
	if err != nil {
		t.Fatal(err)
	}
	ask := func(redirect, scope, method string) url.Values {
		v := url.Values{"client_id": {app.ClientID}, "redirect_uri": {redirect}, "response_type": {"code"}, "scope": {scope}, "decision": {"allow"}}
		if method != "" {
			v.Set("code_challenge", strings.Repeat("a", 43))
			v.Set("code_challenge_method", method)
		}
		return v
	}
	for _, redirect := range []string{
		"https://app.example/cb/", "https://app.example/cb/../evil", "https://app.example/cb?x", "https://app.example/cb#x", "https://app.example/CB",
		"https://app.example.evil.example/cb", "https://app.example@evil.example/cb", "http://app.example/cb", "https://app.example:444/cb",
		"https://APP.example/cb", "https://evil.example", "javascript:alert(1)", "urn:ietf:wg:oauth:2.0:oob", "https://app.example/cb ", "%68ttps://app.example/cb",
	} {
		for name, a := range map[string]*answer{
			"ask":    p.get("/oauth/authorize?" + ask(redirect, "read", "").Encode()),
			"answer": p.form("/oauth/authorize", ask(redirect, "read", "")),
		} {
			if a.status != http.StatusBadRequest || a.location() != "" {
				t.Errorf("%s with %q: %d to %q", name, redirect, a.status, a.location())
			}
		}
	}
	for name, q := range map[string]url.Values{"scope": ask("https://app.example/cb", "admin:write", ""), "plain": ask("https://app.example/cb", "read", "plain")} {
		if a := x.stranger().get("/oauth/authorize?" + q.Encode()); !strings.HasPrefix(a.location(), "/login?") {
			t.Errorf("%s, a stranger: %d to %q", name, a.status, a.location())
		}
		if a := p.form("/oauth/authorize", q); !strings.HasPrefix(a.location(), "https://app.example/cb?error=") {
			t.Errorf("%s: %d to %q", name, a.status, a.location())
		}
	}
	if a := p.form("/oauth/authorize", ask("https://app.example/cb", "read", "S256")); !strings.HasPrefix(a.location(), "https://app.example/cb?code=") {
		t.Errorf("what is right: %d to %q", a.status, a.location())
	}
}

// TestFormsFromElsewhere: no form works that another site sends (T27, T71).
func TestFormsFromElsewhere(t *testing.T) {
	x := attack(t)
	p := x.person("alice")
	p.logIn()
	other := x.person("mallory")
	forms := map[string]url.Values{
		"/login":                 {"login": {"alice"}, "password": {password}},
		"/logout":                {},
		"/oauth/authorize":       {"decision": {"allow"}},
		"/oauth/authorize/x":     {"decision": {"allow"}},
		"/setup":                 {"token": {"x"}},
		"/settings/password":     {"current": {password}, "password": {"another one"}, "again": {"another one"}},
		"/authorize_interaction": {"uri": {"https://" + host + "/users/mallory"}, "verb": {"follow"}},
		"/relay/link":            {"network": {"webhook"}, "field.url": {"https://evil.example/hook"}, "field.key": {"a key of thirty-two characters.."}},
		"/relay/links/5/drop":    {},
		"/relay/links/5/check":   {},
		"/relay/rules":           {"rules": {"[[rule]]\nto = [\"none\"]"}, "do": {"save"}},
		"/relay/posts/5/6/retry": {},
	}
	for path, values := range forms {
		for name, from := range map[string]with{
			"Origin": header("Origin", "https://evil.example"), "null": header("Origin", "null"), "plain": header("Origin", "http://evil.example"),
			"cross-site": header("Sec-Fetch-Site", "cross-site"), "same-site": header("Sec-Fetch-Site", "same-site"),
		} {
			if a := p.form(path, values, from); a.status != http.StatusForbidden || a.header.Get("Set-Cookie") != "" {
				t.Errorf("%s from elsewhere (%s): %d", path, name, a.status)
			}
		}
		if a := p.get(path + "?" + values.Encode()); a.header.Get("Set-Cookie") != "" {
			t.Errorf("GET %s sets %s", path, a.header.Get("Set-Cookie"))
		}
	}
	if !p.inside() {
		t.Error("logged out by another site")
	}
	if text, err := x.Home.Store.Rules(t.Context(), p.id); err != nil || text != "" || len(p.links()) != 0 {
		t.Errorf("rules or links from elsewhere: %q %v", text, err)
	}
	if now := other.json("GET", "/api/v1/accounts/"+other.id.String(), nil); now["followers_count"] != 0.0 {
		t.Errorf("followed from elsewhere: %v", now["followers_count"])
	}
	if a := p.form("/authorize_interaction", forms["/authorize_interaction"], header("Origin", "https://"+host)); a.status != http.StatusSeeOther {
		t.Errorf("the same from here: %d %s", a.status, a.body)
	}
	if now := other.json("GET", "/api/v1/accounts/"+other.id.String(), nil); now["followers_count"] != 1.0 {
		t.Error("the same from here follows nobody")
	}
}

// TestInteractAsksNobodyBeforeLogIn: a stranger makes this home send nothing,
// and nobody makes it send to a private address (T27).
func TestInteractAsksNobodyBeforeLogIn(t *testing.T) {
	var asked atomic.Int32
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	srv := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { asked.Add(1); http.NotFound(w, nil) })}
	ended := make(chan error, 1)
	go func() { ended <- srv.Serve(ln) }()
	t.Cleanup(func() { _ = srv.Shutdown(context.Background()); <-ended })
	uri := "http://" + ln.Addr().String() + "/users/x"
	path := "/authorize_interaction?uri=" + url.QueryEscape(uri)

	open := attack(t, "ENGAWA_ALLOW_HTTP=true", "ENGAWA_ALLOW_NETWORKS=127.0.0.0/8").person("alice")
	s := open.stranger()
	for _, a := range []*answer{s.get(path), s.form("/authorize_interaction", url.Values{"uri": {uri}}), s.get("/api/v2/search?resolve=true&q=" + url.QueryEscape(uri)), s.get("/blob/remote/avatar/original/AAAA/" + uri)} {
		if a.status < 300 || a.status >= 500 {
			t.Errorf("a stranger: %d", a.status)
		}
	}
	open.logIn()
	open.form("/authorize_interaction", url.Values{"uri": {uri}}, header("Origin", "https://evil.example"))
	if n := asked.Load(); n != 0 {
		t.Fatalf("%d requests for a stranger or another site", n)
	}
	open.get(path)
	if asked.Load() == 0 {
		t.Error("nothing is asked for who is logged in: this test proves nothing")
	}
	asked.Store(0)
	shut := attack(t, "ENGAWA_ALLOW_HTTP=true").person("alice")
	shut.logIn()
	if a := shut.get(path); a.status/100 != 4 && a.status != http.StatusServiceUnavailable {
		t.Errorf("a private address: %d", a.status)
	}
	if n := asked.Load(); n != 0 {
		t.Errorf("%d requests to a private address", n)
	}
}

// TestSessions: flags of the cookie, and what ends it (T62, T63, T72).
func TestSessions(t *testing.T) {
	p := attack(t).person("alice")
	cookie := p.logIn().header.Get("Set-Cookie")
	for _, flag := range []string{"; HttpOnly", "; Secure", "; SameSite=Lax", "; Path=/"} {
		if !strings.Contains(cookie, flag) {
			t.Errorf("%s lacks %s", cookie, flag)
		}
	}
	if strings.Contains(cookie, "Domain=") || !p.inside() {
		t.Errorf("%s", cookie)
	}
	first := *p
	p.logIn()
	p.form("/logout", nil)
	if p.inside() || !first.inside() {
		t.Error("after log-out: the one session must be gone, the other not")
	}
	p.logIn()
	old := *p
	a := p.form("/settings/password", url.Values{"current": {password}, "password": {"another password"}, "again": {"another password"}, "others": {"on"}})
	if a.status != http.StatusSeeOther || first.inside() || old.inside() {
		t.Errorf("a new password: %d, and old sessions hold: %t %t", a.status, first.inside(), old.inside())
	}
	if a := p.get("/api/v1/accounts/verify_credentials"); a.status != http.StatusUnauthorized {
		t.Errorf("a new password for everything: the token still gets %d", a.status)
	}
}

// TestLogInSaysTheSame: a name that is not there looks like a wrong password (T75).
func TestLogInSaysTheSame(t *testing.T) {
	x := attack(t)
	x.person("alice")
	try := func(name string) *answer {
		a := x.stranger().form("/login", url.Values{"login": {name}, "password": {"not the password"}})
		a.body = strings.ReplaceAll(a.body, name, "NAME")
		return a
	}
	there, not := try("alice"), try("nobody")
	if there.status != not.status || there.body != not.body || there.status/100 != 4 {
		t.Errorf("%d and %d:\n%s\n%s", there.status, not.status, there.body, not.body)
	}
}

// TestForgedForwardedFor: the header counts from a trusted proxy alone (T69).
func TestForgedForwardedFor(t *testing.T) {
	for name, tt := range map[string]struct {
		environ []string
		chain   string // * is another number each time
		want    int    // of the last of 30 wrong log-ins
	}{
		"nobody is trusted":     {nil, "10.9.8.*", http.StatusTooManyRequests},
		"another is trusted":    {[]string{"ENGAWA_TRUSTED_PROXIES=198.51.100.0/24"}, "10.9.8.*", http.StatusTooManyRequests},
		"one address":           {[]string{"ENGAWA_TRUSTED_PROXIES=192.0.2.0/24"}, "203.0.113.7", http.StatusTooManyRequests},
		"forged before a proxy": {[]string{"ENGAWA_TRUSTED_PROXIES=192.0.2.0/24"}, "10.9.8.*, 203.0.113.7", http.StatusTooManyRequests},
		"nonsense":              {[]string{"ENGAWA_TRUSTED_PROXIES=192.0.2.0/24"}, "10.9.8.*, unknown", http.StatusTooManyRequests},
		"many addresses":        {[]string{"ENGAWA_TRUSTED_PROXIES=192.0.2.0/24"}, "203.0.113.*", http.StatusUnauthorized},
	} {
		s := attack(t, tt.environ...).stranger()
		last := 0
		for i := range 30 {
			n := string(rune('0'+i/10)) + string(rune('0'+i%10))
			v := url.Values{"login": {"nobody" + n}, "password": {strings.Repeat("x", 2000)}} // too long to be worked on
			last = s.form("/login", v, header("X-Forwarded-For", strings.ReplaceAll(tt.chain, "*", "1"+n))).status
		}
		if last != tt.want {
			t.Errorf("%s: %d, want %d", name, last, tt.want)
		}
	}
}
