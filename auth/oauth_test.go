package auth_test

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"engawa/auth"
	"engawa/social"
)

const back = "https://app.example/cb?from=here"

func (r *rig) app(scopes ...string) *auth.Registered {
	r.t.Helper()
	app, err := r.Register(r.ctx, auth.Registration{Name: "App", RedirectURIs: []string{back, "ivory://x", auth.OOB}, Scopes: scopes})
	if err != nil {
		r.t.Fatal(err)
	}
	return app
}

func TestRegister(t *testing.T) {
	r := newRig(t)
	good := auth.Registration{Name: "App", RedirectURIs: []string{"ivory://x"}}
	for name, c := range map[string]struct {
		change func(*auth.Registration)
		field  string
	}{
		"as it is":           {func(*auth.Registration) {}, ""},
		"no name":            {func(x *auth.Registration) { x.Name = " " }, "client_name"},
		"long name":          {func(x *auth.Registration) { x.Name = strings.Repeat("縁", 61) }, "client_name"},
		"Japanese name":      {func(x *auth.Registration) { x.Name = strings.Repeat("縁", 60) }, ""},
		"NUL in the name":    {func(x *auth.Registration) { x.Name = "A\x00b" }, ""},
		"no redirect":        {func(x *auth.Registration) { x.RedirectURIs = nil }, "redirect_uris"},
		"many redirects":     {func(x *auth.Registration) { x.RedirectURIs = make([]string, 21) }, "redirect_uris"},
		"unknown scope":      {func(x *auth.Registration) { x.Scopes = []string{"read", "root"} }, "scopes"},
		"script as website":  {func(x *auth.Registration) { x.Website = "javascript:alert(1)//http://x" }, "website"},
		"website":            {func(x *auth.Registration) { x.Website = "https://app.example" }, ""},
		"another's clientid": {func(x *auth.Registration) { x.ClientID, x.Secret = "moved", "with its secret" }, ""},
	} {
		x := good
		c.change(&x)
		_, err := r.Register(r.ctx, x)
		var e *social.Error
		switch {
		case c.field == "" && err != nil:
			t.Errorf("%s: %v", name, err)
		case c.field != "" && (!errors.As(err, &e) || e.Kind != social.Invalid || e.Field != c.field):
			t.Errorf("%s: %v, want %s to be refused", name, err, c.field)
		}
	}
	for uri, ok := range map[string]bool{
		"https://a.example/cb": true, "http://localhost:3000": true, "tusky://a.b": true, "com.app:/cb": true, auth.OOB: true,
		"javascript:alert(1)": false, "JavaScript:alert(1)": false, " javascript:x": false, "java\tscript:x": false, "data:text/html,x": false,
		"vbscript:x": false, "file:///etc/passwd": false, "blob:https://x/y": false, "filesystem:https://x/": false, "view-source:https://x": false,
		"about:blank": false, "https:///cb": false, "https://": false, "/cb": false, "": false, "//x/y": false, "https://a.example/#": false,
		"https://a.example/cb#x": false, "https://bank.example@a.example/": false, "https://a.example/\n": false, "https://a.example/" + strings.Repeat("x", 2000): false,
	} {
		x := good
		x.RedirectURIs = []string{"ivory://x", uri}
		if _, err := r.Register(r.ctx, x); (err == nil) != ok {
			t.Errorf("redirect %q: %v, want allowed %v", uri, err, ok)
		}
	}
}

func code(err error) string {
	var e *auth.OAuthError
	if errors.As(err, &e) {
		return e.Code
	}
	if err != nil {
		return err.Error()
	}
	return ""
}

func TestCheckAsk(t *testing.T) {
	r := newRig(t)
	app := r.app("read", "write:statuses")
	challenge := strings.Repeat("c", 43)
	for name, c := range map[string]struct {
		change func(*auth.Ask)
		want   string
		shown  bool // before the redirect URI is proved: never redirected
	}{
		"right":          {func(*auth.Ask) {}, "", false},
		"PKCE":           {func(q *auth.Ask) { q.Challenge, q.ChallengeMethod = challenge, "S256" }, "", false},
		"narrower":       {func(q *auth.Ask) { q.Scopes = []string{"read:statuses", "write:statuses"} }, "", false},
		"oob":            {func(q *auth.Ask) { q.RedirectURI = auth.OOB }, "", false},
		"unknown client": {func(q *auth.Ask) { q.ClientID = "x" }, "invalid_client", true},
		"NUL":            {func(q *auth.Ask) { q.ClientID = "\x00" }, "invalid_client", true},
		"no redirect":    {func(q *auth.Ask) { q.RedirectURI = "" }, "invalid_redirect_uri", true},
		"prefix":         {func(q *auth.Ask) { q.RedirectURI = back + "/.." }, "invalid_redirect_uri", true},
		"without query":  {func(q *auth.Ask) { q.RedirectURI = "https://app.example/cb" }, "invalid_redirect_uri", true},
		"other case":     {func(q *auth.Ask) { q.RedirectURI = strings.ToUpper(back) }, "invalid_redirect_uri", true},
		"implicit":       {func(q *auth.Ask) { q.ResponseType = "token" }, "unsupported_response_type", false},
		"wider":          {func(q *auth.Ask) { q.Scopes = []string{"write"} }, "invalid_scope", false},
		"admin":          {func(q *auth.Ask) { q.Scopes = []string{"read", "admin:read"} }, "invalid_scope", false},
		"made up":        {func(q *auth.Ask) { q.Scopes = []string{"read:everything"} }, "invalid_scope", false},
		"plain":          {func(q *auth.Ask) { q.Challenge, q.ChallengeMethod = challenge, "plain" }, "invalid_code_challenge_method", false},
		"no method":      {func(q *auth.Ask) { q.Challenge = challenge }, "invalid_code_challenge_method", false},
		"no challenge":   {func(q *auth.Ask) { q.ChallengeMethod = "S256" }, "invalid_request", false},
		"long state":     {func(q *auth.Ask) { q.State = strings.Repeat("x", 5000) }, "invalid_request", false},
	} {
		q := auth.Ask{ClientID: app.ClientID, RedirectURI: back, ResponseType: "code", Scopes: []string{"read"}}
		c.change(&q)
		got, err := r.CheckAsk(r.ctx, &q)
		if code(err) != c.want || (got == nil) != c.shown {
			t.Errorf("%s: %v (app given: %v), want %q", name, err, got != nil, c.want)
		}
	}
}

func TestExchange(t *testing.T) {
	r := newRig(t)
	u := r.user("alice", r.hash(secret))
	app, other := r.app("read", "write"), r.app("read", "write")
	verifier := strings.Repeat("v", 50)
	sum := sha256.Sum256([]byte(verifier))
	challenge := base64.RawURLEncoding.EncodeToString(sum[:])
	for name, c := range map[string]struct {
		pkce   bool
		oob    bool
		wait   time.Duration
		change func(*auth.Exchange)
		want   string
	}{
		"right":            {change: func(*auth.Exchange) {}},
		"PKCE":             {pkce: true, change: func(x *auth.Exchange) { x.Verifier = verifier }},
		"no verifier":      {pkce: true, change: func(*auth.Exchange) {}, want: "invalid_grant"},
		"wrong verifier":   {pkce: true, change: func(x *auth.Exchange) { x.Verifier = verifier + "v" }, want: "invalid_grant"},
		"challenge itself": {pkce: true, change: func(x *auth.Exchange) { x.Verifier = challenge }, want: "invalid_grant"},
		"verifier alone":   {change: func(x *auth.Exchange) { x.Verifier = verifier }, want: "invalid_grant"},
		"in time":          {wait: 59 * time.Second, change: func(*auth.Exchange) {}},
		"late":             {wait: 61 * time.Second, change: func(*auth.Exchange) {}, want: "invalid_grant"},
		"by hand":          {oob: true, wait: 9 * time.Minute, change: func(x *auth.Exchange) { x.RedirectURI = auth.OOB }},
		"by hand, late":    {oob: true, wait: 11 * time.Minute, change: func(x *auth.Exchange) { x.RedirectURI = auth.OOB }, want: "invalid_grant"},
		"another redirect": {change: func(x *auth.Exchange) { x.RedirectURI = "ivory://x" }, want: "invalid_grant"},
		"another client":   {change: func(x *auth.Exchange) { x.ClientID, x.Secret = other.ClientID, other.Secret }, want: "invalid_grant"},
		"wrong secret":     {change: func(x *auth.Exchange) { x.Secret = other.Secret }, want: "invalid_client"},
		"no secret":        {change: func(x *auth.Exchange) { x.Secret = "" }, want: "invalid_client"},
		"no code":          {change: func(x *auth.Exchange) { x.Code = "" }, want: "invalid_grant"},
		"password grant":   {change: func(x *auth.Exchange) { x.GrantType = "password" }, want: "unsupported_grant_type"},
	} {
		q := auth.Ask{ClientID: app.ClientID, RedirectURI: back, ResponseType: "code", Scopes: []string{"read"}}
		if c.oob {
			q.RedirectURI = auth.OOB
		}
		if c.pkce {
			q.Challenge, q.ChallengeMethod = challenge, "S256"
		}
		text, err := r.Allow(r.ctx, app.App, u.ID, &q)
		if err != nil {
			t.Fatal(err)
		}
		r.clock.Advance(c.wait)
		x := auth.Exchange{GrantType: "authorization_code", ClientID: app.ClientID, Secret: app.Secret, Code: text, RedirectURI: back}
		c.change(&x)
		tok, err := r.Issue(r.ctx, x)
		if code(err) != c.want {
			t.Errorf("%s: %v, want %q", name, err, c.want)
			continue
		}
		if c.want != "" {
			continue
		}
		g, err := r.Grants.ByText(r.ctx, tok.Text)
		if err != nil || g.Actor != u.ID || !g.Allows("read:lists") || g.Allows("write:lists") || !g.Viewer().User || g.Viewer().Staff {
			t.Errorf("%s: grant %+v, %v", name, g, err)
		}
		if _, err := r.Issue(r.ctx, x); code(err) != "invalid_grant" {
			t.Errorf("%s: the code counts twice: %v", name, err)
		}
	}
}

func TestClientCredentials(t *testing.T) {
	r := newRig(t)
	app := r.app("read", "write:accounts")
	for scopes, want := range map[string]string{"": "", "read": "", "write:accounts": "", "write": "invalid_scope", "admin:read": "invalid_scope"} {
		x := auth.Exchange{GrantType: "client_credentials", ClientID: app.ClientID, Secret: app.Secret, Scopes: auth.ParseScopes(scopes)}
		tok, err := r.Issue(r.ctx, x)
		if code(err) != want {
			t.Errorf("%q: %v, want %q", scopes, err, want)
		}
		if want == "" {
			if g, err := r.Grants.ByText(r.ctx, tok.Text); err != nil || g.User != nil || g.Viewer() != (social.Viewer{}) {
				t.Errorf("%q: %+v, %v", scopes, g, err)
			}
		}
	}
}

func TestRevoke(t *testing.T) {
	r := newRig(t)
	u := r.user("alice", r.hash(secret))
	app, other := r.app("read"), r.app("read")
	tok, err := r.NewToken(r.ctx, app.ID, u.ID, []string{"read"}, "")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.Grants.ByText(r.ctx, tok.Text); err != nil { // it is in memory now
		t.Fatal(err)
	}
	if err := r.Revoke(r.ctx, other.ClientID, other.Secret, tok.Text); code(err) != "unauthorized_client" {
		t.Errorf("by another app: %v", err)
	}
	if err := r.Revoke(r.ctx, app.ClientID, "guess", tok.Text); code(err) != "unauthorized_client" {
		t.Errorf("with a wrong secret: %v", err)
	}
	for range 2 {
		if err := r.Revoke(r.ctx, app.ClientID, app.Secret, tok.Text); err != nil {
			t.Error(err)
		}
	}
	if err := r.Revoke(r.ctx, app.ClientID, app.Secret, "unknown"); err != nil {
		t.Errorf("an unknown token: %v", err)
	}
	_, err = r.Grants.ByText(r.ctx, tok.Text)
	r.wants(err, social.Unauthenticated)
	if len(r.last) == 0 || r.last[0].Type != social.TokenRevoked || r.last[0].Token != tok.ID {
		t.Errorf("streams were told %+v", r.last)
	}
}

// reading is a store in which something happens right after a token was read.
type reading struct {
	social.Store
	then func()
}

func (s *reading) TokenByHash(ctx context.Context, hash []byte) (*social.Token, error) {
	t, err := s.Store.TokenByHash(ctx, hash)
	if s.then != nil {
		then := s.then
		s.then = nil
		then()
	}
	return t, err
}

// What is revoked while it is being read is not kept in memory; what changes
// without an Event (another process) holds after a while.
func TestGrantsInMemory(t *testing.T) {
	r := newRig(t)
	u := r.user("alice", r.hash(secret))
	tok, err := r.NewToken(r.ctx, 0, u.ID, []string{"read"}, "")
	if err != nil {
		t.Fatal(err)
	}
	revoke := func() {
		err := r.store.Write(r.ctx, func(tx social.Tx) error {
			_, err := tx.RevokeToken(r.ctx, auth.Hash(tok.Text), r.clock.Now().UnixMilli())
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	grants := &auth.Grants{Store: r.store, Clock: r.clock}
	grants.Store = &reading{r.store, func() { revoke(); grants.Drop(social.Event{Type: social.TokenRevoked, Token: tok.ID}) }}
	_, _ = grants.ByText(r.ctx, tok.Text) // may still hold: it was asked before
	_, err = grants.ByText(r.ctx, tok.Text)
	r.wants(err, social.Unauthenticated)

	tok, _ = r.NewToken(r.ctx, 0, u.ID, []string{"read"}, "")
	if _, err := r.Grants.ByText(r.ctx, tok.Text); err != nil {
		t.Fatal(err)
	}
	revoke()
	r.clock.Advance(31 * time.Second)
	_, err = r.Grants.ByText(r.ctx, tok.Text)
	r.wants(err, social.Unauthenticated)
}

func TestBearer(t *testing.T) {
	r := newRig(t)
	for _, c := range []struct{ header, query, want string }{
		{"Bearer abc", "", "abc"}, {"bearer  abc ", "", "abc"}, {"Basic abc", "", ""}, {"Bearer ", "", ""}, {"", "?access_token=q", "q"},
		{"Bearer abc", "?access_token=q", "abc"},
	} {
		req := httptest.NewRequest("GET", "/"+c.query, nil)
		req.Header.Set("Authorization", c.header)
		if got := auth.Bearer(req); got != c.want {
			t.Errorf("%+v: %q", c, got)
		}
		g, err := r.Grants.Of(r.ctx, req)
		if (c.want == "") != (err == nil) || g != nil {
			t.Errorf("%+v: %v, %v", c, g, err)
		}
	}
}

func TestScopes(t *testing.T) {
	for _, c := range []struct {
		held, wanted string
		ok           bool
	}{
		{"read", "read", true}, {"read", "read:statuses", true}, {"read:statuses", "read", false}, {"read", "write", false},
		{"read", "readers", false}, {"follow", "write:mutes", true}, {"follow", "read:blocks", true}, {"follow", "read:lists", false},
		{"follow", "write", false}, {"read write", "follow", false}, {"admin:read", "admin:read:accounts", true}, {"read", "admin:read", false},
		{"admin:read:accounts", "admin:read:reports", false}, {"write", "admin:write", false}, {"", "read", false}, {"push", "push", true},
		{"read", "profile", false}, {"profile", "read:accounts", false},
	} {
		if got := auth.Covers(auth.ParseScopes(c.held), c.wanted); got != c.ok {
			t.Errorf("%q covers %q: %v", c.held, c.wanted, got)
		}
	}
	if auth.Within([]string{"read:nonsense"}, []string{"read"}) || !auth.Within(nil, nil) {
		t.Error("only known scopes are within others")
	}
	if got := auth.ParseScopes("read+write  follow\nread:a"); len(got) != 4 {
		t.Errorf("parsed as %q", got)
	}
}

func TestRedirectTo(t *testing.T) {
	for redirect, want := range map[string]string{
		"https://a.example/cb":        "https://a.example/cb?code=a%26b&state=s",
		"https://a.example/cb?z=1&a;": "https://a.example/cb?z=1&a;&code=a%26b&state=s",
		"ivory://x":                   "ivory://x?code=a%26b&state=s",
		"com.app:/cb":                 "com.app:/cb?code=a%26b&state=s",
		"myapp:cb":                    "myapp:cb?code=a%26b&state=s",
	} {
		if got := auth.RedirectTo(redirect, url.Values{"code": {"a&b"}, "state": {"s"}, "empty": {""}}); got != want {
			t.Errorf("%s: %s, want %s", redirect, got, want)
		}
	}
}
