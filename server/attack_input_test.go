package server_test

import (
	"fmt"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"engawa/server"
	"engawa/store"
)

// tables are the files where routes stand; a pattern is a text in them.
var tables = []string{"routes.go", "../api/mastodon/routes_read.go", "../api/mastodon/routes_write.go", "../network/activitypub/serve.go"}

var pattern = regexp.MustCompile(`"((?:GET|POST|PUT|PATCH|DELETE) )?(/[A-Za-z0-9_.\-/{}$]*)(?:"[:,]| \+)`)

// everyRoute is every line of every table as method and path, with ids filled
// in; a pattern for all methods comes with GET and POST.
func everyRoute(t *testing.T) (out [][2]string) {
	t.Helper()
	for _, file := range tables {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range pattern.FindAllStringSubmatch(string(text), -1) {
			path := regexp.MustCompile(`\{[a-z_.]*\}`).ReplaceAllString(strings.ReplaceAll(m[2], "{$}", ""), "1")
			if method := strings.TrimSpace(m[1]); method != "" {
				out = append(out, [2]string{method, path})
			} else {
				out = append(out, [2]string{"GET", path}, [2]string{"POST", path})
			}
		}
	}
	for _, path := range []string{"/login", "/logout", "/oauth/authorize", "/setup", "/settings/password", "/authorize_interaction", "/about", "/@alice", "/@alice/1",
		"/users/alice", "/users/alice/inbox", "/nowhere", "/api/v1/nowhere", "/api/v1/streaming/user", "/api/v1/streaming/health"} {
		out = append(out, [2]string{"GET", path}, [2]string{"POST", path})
	}
	if len(out) < 240 {
		t.Fatalf("only %d routes were found", len(out))
	}
	return out
}

// TestHeadersOnEveryRoute: every answer, of whatever status, says what it is
// and runs nothing (T37, T43).
func TestHeadersOnEveryRoute(t *testing.T) {
	x := attack(t)
	p := x.person("alice")
	p.logIn()
	for _, route := range everyRoute(t) {
		for _, who := range []*person{x.stranger(), p} {
			for _, as := range []with{asPage, asDocument, header("Accept", "*/*")} {
				if who == p && (route[1] == "/logout" || route[1] == "/api/v1/streaming/user") { // a stream has no end
					continue
				}
				a := who.do(route[0], route[1], "", "", as)
				h := a.header
				csp := h.Get("Content-Security-Policy")
				if h.Get("X-Content-Type-Options") != "nosniff" || !strings.Contains(csp, "default-src 'none'") || strings.Contains(csp, "unsafe") || h.Get("Referrer-Policy") == "" {
					t.Errorf("%v: %d %v", route, a.status, h)
				}
				if a.body != "" && h.Get("Content-Type") == "" {
					t.Errorf("%v: %d has no type", route, a.status)
				}
				if strings.HasPrefix(h.Get("Content-Type"), "text/html") && !strings.Contains(csp, "frame-ancestors 'none'") {
					t.Errorf("%v: a page that can be framed: %s", route, csp)
				}
				if h.Get("Access-Control-Allow-Credentials") != "" {
					t.Errorf("%v lets other sites use cookies", route)
				}
				for _, c := range h.Values("Set-Cookie") {
					if !strings.Contains(c, "HttpOnly") || !strings.Contains(c, "Secure") || !strings.Contains(c, "SameSite=Lax") {
						t.Errorf("%v sets %s", route, c)
					}
				}
				if a.status >= 500 {
					t.Errorf("%v: %d %s", route, a.status, a.body)
				}
			}
		}
	}
}

// long is more than a field takes, and less than a body.
var long = strings.Repeat("あ", 300_000)

// nonsense is what bodies and queries are tried with; the fields are those
// that some operation reads.
var fields = []string{
	"status", "spoiler_text", "title", "name", "phrase", "keyword", "comment", "display_name", "note", "q", "uri", "login", "password", "client_name", "redirect_uris",
	"website", "scopes", "description", "focus", "acct", "domain", "reason", "username", "email", "language", "visibility", "in_reply_to_id", "scheduled_at", "code", "token", "grant_type",
}

var numbers = []string{"limit", "offset", "max_id", "min_id", "since_id", "expires_in", "duration", "poll[expires_in]", "id", "account_id"}

func nonsense() map[string]struct{ contentType, body, query string } {
	one := func(names []string, value string) string {
		v := url.Values{}
		for _, n := range names {
			v.Set(n, value)
		}
		return v.Encode()
	}
	deep := strings.Repeat(`{"a":`, 5000) + "1" + strings.Repeat("}", 5000)
	const form, json = "application/x-www-form-urlencoded", "application/json"
	return map[string]struct{ contentType, body, query string }{
		"one long field": {form, "title=" + url.QueryEscape(long[:300_000]) + "&status=" + url.QueryEscape(long[:20_000]), ""},
		"a megabyte":     {json, `{"title":"` + strings.Repeat("x", 1_000_000) + `","status":"` + strings.Repeat("y", 10_000) + `"}`, ""},
		"too large":      {json, `{"title":"` + strings.Repeat("x", 2<<20) + `"}`, ""},
		"no UTF-8":       {form, one(fields, "\xff\xfe\x00\xed\xa0\x80"), one(fields, "\xff\x00")},
		"NUL in JSON":    {json, `{"status":"\u0000\ud800","title":"\u0000","name":"\u0000","context":["\u0000"],"id":["\u0000"]}`, ""},
		"deep JSON":      {json, deep, ""},
		"deep lists":     {json, `{"status":` + strings.Repeat("[", 9000) + strings.Repeat("]", 9000) + `}`, ""},
		"deep names":     {form, "a" + strings.Repeat("[b]", 3000) + "=1", "id" + strings.Repeat("[]", 100) + "=1"},
		"many values":    {form, strings.Repeat("id[]=1&media_ids[]=1&account_ids[]=1&", 20_000), ""},
		"many options":   {json, `{"status":"x","poll":{"options":[` + strings.Repeat(`"a",`, 100_000) + `"b"],"expires_in":600}}`, ""},
		"negative":       {form, one(numbers, "-1"), one(numbers, "-1")},
		"huge numbers":   {form, one(numbers, "99999999999999999999"), one(numbers, "9223372036854775807")},
		"no numbers":     {json, `{"limit":{},"id":[[]],"max_id":true,"poll":"x","data":1,"subscription":[],"keywords_attributes":"x","status":{"a":1},"choices":{}}`, one(numbers, "NaN")},
		"other types":    {json, `[1,2,3]`, ""},
		"half a body":    {"multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\nabc", ""},
		"no boundary":    {"multipart/form-data", "x", ""},
		"odd type":       {"text/\xff;;=", "x", "%zz=%&;"},
	}
}

// TestNonsenseNeverFails: no operation answers 5xx or panics, whatever comes,
// and no refusal is of our own making (T46, T47).
func TestNonsenseNeverFails(t *testing.T) {
	x := attack(t)
	p := x.person("alice")
	p.logIn()
	routes := everyRoute(t)
	for name, n := range nonsense() {
		for _, route := range routes {
			if route[1] == "/logout" || route[1] == "/oauth/revoke" || strings.HasPrefix(route[1], "/api/v1/streaming") {
				continue // streams end with their client; the others with what is tried
			}
			path := route[1]
			if n.query != "" {
				path += "?" + n.query
			}
			r := func(r *http.Request) {}
			a := p.try(route[0], route[1], path, n.contentType, n.body, r)
			if a.status >= 500 {
				t.Errorf("%s, %v: %d %.300s", name, route, a.status, a.body)
			}
		}
	}
	if text := x.log.String(); strings.Contains(text, `"level":"ERROR"`) {
		i := strings.Index(text, `"level":"ERROR"`)
		t.Errorf("logged: %.1000s", text[max(0, i-60):])
	}
	if !p.inside() {
		t.Error("logged out")
	}
}

// try is do for a query that is none.
func (p *person) try(method, plain, path, contentType, body string, more ...with) *answer {
	p.Helper()
	_, query, _ := strings.Cut(path, "?")
	return p.do(method, plain, contentType, body, append(more, func(r *http.Request) {
		r.URL.RawQuery, r.RequestURI = query, path
	})...)
}

// TestEveryOperationIsLimited: each answers with its limit, and who asks too
// often is refused, with a token or a wrong one (T70).
func TestEveryOperationIsLimited(t *testing.T) {
	x := attack(t, "ENGAWA_RATE_LIMITS=on")
	s := x.stranger()
	for i := range 7 {
		a := s.form("/api/v1/apps", url.Values{"client_name": {"x"}, "redirect_uris": {"https://app.example/"}}, header("X-Forwarded-For", fmt.Sprintf("10.0.0.%d", i)))
		if want := i >= 5; (a.status == http.StatusTooManyRequests) != want {
			t.Errorf("app %d: %d", i+1, a.status)
		}
	}
	n := 0
	for _, route := range everyRoute(t) {
		if api := strings.HasPrefix(route[1], "/api/") && !strings.HasPrefix(route[1], "/api/v1/streaming") && !strings.Contains(route[1], "nowhere"); !api || route[1] == "/api/" || route[1] == "/api/engawa/" { // nothing is there
			continue
		}
		n++
		from := func(r *http.Request) { r.RemoteAddr = fmt.Sprintf("198.51.%d.%d:1", n/250, n%250) }
		if a := s.do(route[0], route[1], "", "", from); a.header.Get("X-RateLimit-Limit") == "" && a.status != http.StatusMethodNotAllowed {
			t.Errorf("%v has no limit (%d)", route, a.status)
		}
	}
	wrong := &person{target: x, token: "wrong"}
	last := 0
	for range 1600 {
		last = wrong.get("/api/v1/accounts/verify_credentials", func(r *http.Request) { r.RemoteAddr = "203.0.113.9:1" }).status
	}
	if last != http.StatusTooManyRequests {
		t.Errorf("1600 wrong tokens: %d", last)
	}
}

// TestAppsAreNobody: an app's own token and one for something else get
// nothing that is a User's (T64).
func TestAppsAreNobody(t *testing.T) {
	x := attack(t)
	p := x.person("alice")
	app := &person{target: x, token: x.tokenFor(0, []string{"read", "write", "follow", "push"})}
	for _, path := range []string{"/api/v1/accounts/verify_credentials", "/api/v1/timelines/home", "/api/v1/notifications", "/api/v1/lists", "/api/v2/filters", "/api/v1/preferences", "/oauth/userinfo"} {
		if a := app.get(path); a.status/100 != 4 {
			t.Errorf("%s: %d %s", path, a.status, a.body)
		}
	}
	for _, path := range []string{"/api/v1/admin/accounts", "/api/v1/admin/reports", "/api/v2/admin/accounts"} {
		if a := p.get(path); a.status != http.StatusForbidden {
			t.Errorf("%s: %d", path, a.status)
		}
	}
	if a := app.form("/api/v1/accounts", url.Values{"username": {"new"}, "email": {"new@mail.example"}, "password": {password}, "agreement": {"true"}}); a.status != http.StatusForbidden {
		t.Errorf("sign-up while registration is closed: %d %s", a.status, a.body)
	}
}

// TestLogHoldsNoSecrets: at the lowest level, with failures of all kinds.
func TestLogHoldsNoSecrets(t *testing.T) {
	x := attack(t, "ENGAWA_LOG=debug")
	p := x.person("alice")
	p.logIn()
	p.form("/login", url.Values{"login": {"alice"}, "password": {"wrong-" + password}})
	p.get("/api/v1/timelines/home?access_token=" + p.token)
	p.get("/api/v1/streaming?access_token=wrong" + p.token)
	p.get("/setup?token=setup-" + p.token)
	if err := x.end(); err != nil { // from now on nothing can be read
		t.Fatal(err)
	}
	for _, path := range []string{"/api/v1/instance?access_token=" + p.token, "/login?next=" + p.token, "/@alice?x=" + p.token, "/users/alice?x=" + p.token, "/setup?token=" + p.token, "/inbox"} {
		p.get(path, asPage)
		p.get(path, asDocument)
		p.form(path, url.Values{"password": {password}, "token": {p.token}})
	}
	text := x.log.String()
	if !strings.Contains(text, "ERROR") {
		t.Fatalf("nothing failed: %s", text)
	}
	for name, secret := range map[string]string{"token": p.token, "password": password, "cookie": strings.TrimPrefix(p.cookie, "engawa_session=")} {
		if strings.Contains(text, secret) || strings.Contains(text, url.QueryEscape(secret)) {
			t.Errorf("the log holds the %s", name)
		}
	}
}

// TestDatabaseErrorsHoldNoPassword: a server that cannot be reached, and a
// source that cannot be read.
func TestDatabaseErrorsHoldNoPassword(t *testing.T) {
	for _, dsn := range []string{
		"postgres://engawa:verysecret@127.0.0.1:1/engawa?connect_timeout=1", "postgres://engawa:verysecret@[::1]:1,127.0.0.1:1/x?sslmode=nonsense", "postgres://engawa:verysecret@host:port/x",
		"postgres://engawa:verysecret@/x?target_session_attrs=nonsense",
	} {
		s, err := store.Open(t.Context(), store.Config{DSN: dsn})
		if err == nil {
			err = s.Migrate(t.Context())
			_ = s.Close()
		}
		if err == nil || strings.Contains(err.Error(), "verysecret") {
			t.Errorf("%v", err)
		}
		_, err = server.LoadConfig(server.Sources{Environ: []string{"ENGAWA_DATABASE=" + dsn}})
		if err != nil && strings.Contains(err.Error(), "verysecret") {
			t.Errorf("%v", err)
		}
	}
	if !slices.ContainsFunc(server.Settings(), func(s server.Setting) bool { return s.Name == "admin_listen" && s.Default == "off" }) {
		t.Error("admin_listen is on by default")
	}
}
