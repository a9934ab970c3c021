package server_test

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/tls"
	"encoding/json"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"engawa/internal/testca"
	"engawa/social"
)

const issuerHost = "id.test"

// idp is a small OpenID provider: whoever comes is who it is set to.
type idp struct {
	*testing.T
	key *rsa.PrivateKey

	mu       sync.Mutex
	claims   map[string]any
	codes    map[string]url.Values // what was asked, by code
	audience string
}

func identityHome(t *testing.T, environ ...string) (*target, *idp) {
	t.Helper()
	ca, err := testca.New()
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := ca.Leaf(issuerHost)
	if err != nil {
		t.Fatal(err)
	}
	p := &idp{T: t, codes: map[string]url.Values{}, audience: "engawa"}
	if p.key, err = rsa.GenerateKey(rand.Reader, 2048); err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewUnstartedServer(p)
	srv.TLS = &tls.Config{Certificates: []tls.Certificate{leaf}}
	srv.StartTLS()
	t.Cleanup(srv.Close)
	roots := filepath.Join(t.TempDir(), "roots.pem")
	if err := os.WriteFile(roots, ca.PEM(), 0o600); err != nil {
		t.Fatal(err)
	}
	secret := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(secret, []byte("s3cret\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	x := attack(t, append([]string{
		"ENGAWA_EXTRA_ROOTS=" + roots, "ENGAWA_HOSTS=" + issuerHost + "=" + srv.Listener.Addr().String(), "ENGAWA_OIDC_ISSUER=https://" + issuerHost,
		"ENGAWA_OIDC_CLIENT_ID=engawa", "ENGAWA_OIDC_CLIENT_SECRET_FILE=" + secret, "ENGAWA_OIDC_NAME=Family ID",
	}, environ...)...)
	return x, p
}

func (p *idp) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	base := "https://" + issuerHost
	switch r.URL.Path {
	case "/.well-known/openid-configuration":
		_ = json.NewEncoder(w).Encode(map[string]any{
			"issuer": base, "authorization_endpoint": base + "/authorize", "token_endpoint": base + "/token", "jwks_uri": base + "/keys",
			"id_token_signing_alg_values_supported": []string{"RS256"},
		})
	case "/keys":
		_ = json.NewEncoder(w).Encode(map[string]any{"keys": []any{map[string]any{
			"kty": "RSA", "alg": "RS256", "use": "sig", "kid": "1", "n": b64.EncodeToString(p.key.N.Bytes()), "e": b64.EncodeToString(big.NewInt(int64(p.key.E)).Bytes()),
		}}})
	case "/token":
		p.token(w, r)
	default:
		http.NotFound(w, r)
	}
}

// token trades a code once, for the client's secret and the right verifier.
func (p *idp) token(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	id, secret, ok := r.BasicAuth()
	if !ok {
		id, secret = r.FormValue("client_id"), r.FormValue("client_secret")
	}
	asked := p.codes[r.FormValue("code")]
	delete(p.codes, r.FormValue("code"))
	sum := sha256.Sum256([]byte(r.FormValue("code_verifier")))
	if asked == nil || id != "engawa" || secret != "s3cret" || b64.EncodeToString(sum[:]) != asked.Get("code_challenge") || r.FormValue("redirect_uri") != asked.Get("redirect_uri") {
		w.WriteHeader(http.StatusBadRequest)
		_, _ = w.Write([]byte(`{"error":"invalid_grant"}`))
		return
	}
	claims := map[string]any{"iss": "https://" + issuerHost, "aud": p.audience, "iat": time.Now().Unix(), "exp": time.Now().Add(time.Minute).Unix(), "nonce": asked.Get("nonce")}
	for k, v := range p.claims {
		claims[k] = v
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]any{"access_token": "x", "token_type": "Bearer", "id_token": p.sign(claims)})
}

func (p *idp) sign(claims map[string]any) string {
	body, _ := json.Marshal(claims)
	text := b64.EncodeToString([]byte(`{"alg":"RS256","kid":"1"}`)) + "." + b64.EncodeToString(body)
	sum := sha256.Sum256([]byte(text))
	signature, err := rsa.SignPKCS1v15(rand.Reader, p.key, crypto.SHA256, sum[:])
	if err != nil {
		p.Fatal(err)
	}
	return text + "." + b64.EncodeToString(signature)
}

// through goes to the provider and back as somebody with claims.
func (p *idp) through(who *person, query string, claims map[string]any) *answer {
	p.Helper()
	left := who.get("/login/identity"+query, asPage)
	to, err := url.Parse(left.location())
	if err != nil || to.Host != issuerHost {
		p.Fatalf("%d to %s", left.status, left.location())
	}
	q := to.Query()
	p.mu.Lock()
	p.claims, p.codes["code"] = claims, q
	p.mu.Unlock()
	trip, _, _ := strings.Cut(left.header.Get("Set-Cookie"), ";")
	cookies := strings.Trim(who.cookie+"; "+trip, "; ")
	back := url.Values{"code": {"code"}, "state": {q.Get("state")}}
	a := who.get("/login/identity/back?"+back.Encode(), asPage, header("Cookie", cookies))
	for _, c := range a.header.Values("Set-Cookie") {
		if strings.HasPrefix(c, "engawa_session=") {
			who.cookie, _, _ = strings.Cut(c, ";")
		}
	}
	return a
}

func TestIdentityProvider(t *testing.T) {
	x, p := identityHome(t, "ENGAWA_REGISTRATION=open")
	if a := x.stranger().get("/login", asPage); !strings.Contains(a.body, "Family ID") {
		t.Error("the log-in page does not name the provider")
	}
	claims := map[string]any{"sub": "u-1", "preferred_username": "hanako.s", "email": "Hanako@mail.example", "email_verified": true}
	hanako := x.stranger()
	a := p.through(hanako, "?next=/settings/security", claims)
	sealed := regexp.MustCompile(`name="stranger" value="([^"]+)"`).FindStringSubmatch(a.body)
	if a.status != http.StatusOK || sealed == nil || !strings.Contains(a.body, `value="hanako_s"`) || strings.Contains(a.body, `name="password"`) {
		t.Fatalf("%d %s", a.status, a.body)
	}
	form := url.Values{"username": {"hanako"}, "email": {"other@mail.example"}, "agree": {"on"}, "stranger": {sealed[1]}}
	if a := x.stranger().form("/join", url.Values{"username": {"eve"}, "agree": {"on"}, "stranger": {sealed[1] + "x"}}, asPage); a.status != http.StatusUnauthorized {
		t.Errorf("a forged stranger: %d", a.status)
	}
	if a := hanako.form("/join", form, asPage); a.status != http.StatusSeeOther {
		t.Fatalf("%d %s", a.status, a.body)
	}
	u, err := x.Home.Store.UserByLogin(t.Context(), "hanako")
	if err != nil || u.Email != "hanako@mail.example" || u.ConfirmedAt == 0 || u.Password != "" {
		t.Errorf("%+v, %v", u, err)
	}
	again := x.stranger()
	if a := p.through(again, "?next=/settings/security", claims); a.status != http.StatusFound || a.location() != "/settings/security" || !again.inside() {
		t.Errorf("the second log-in: %d to %s", a.status, a.location())
	}
	if a := x.stranger().form("/login", url.Values{"login": {"hanako"}, "password": {""}}); a.status != http.StatusUnauthorized {
		t.Errorf("without a password: %d", a.status)
	}

	// somebody with a password links an identity, and nobody else can take it
	taro := x.person("taro")
	taro.logIn()
	other := map[string]any{"sub": "u-2"}
	if a := p.through(taro, "?link=1", other); a.location() != "/settings/security" {
		t.Errorf("linking: %d %s", a.status, a.body)
	}
	if a := p.through(taro, "?link=1", claims); a.status != http.StatusConflict {
		t.Errorf("linking somebody else's: %d", a.status)
	}
	in := x.stranger()
	p.through(in, "", other)
	if ids, err := x.Home.Store.Identities(t.Context(), taro.id); err != nil || len(ids) != 1 || !in.inside() {
		t.Errorf("%v, %v", ids, err)
	}
}

func TestIdentityProviderRefused(t *testing.T) {
	x, p := identityHome(t, "ENGAWA_REGISTRATION=closed")
	hanako := x.person("hanako")
	claims := map[string]any{"sub": "u-1", "email": "hanako@mail.example", "email_verified": true}
	if a := p.through(x.stranger(), "", claims); a.status != http.StatusForbidden {
		t.Errorf("where nobody may join: %d", a.status)
	}
	err := x.Home.Store.Write(t.Context(), func(tx social.Tx) error {
		return tx.PutIdentity(t.Context(), &social.Identity{Issuer: "https://" + issuerHost, Subject: "u-1", User: hanako.id})
	})
	if err != nil {
		t.Fatal(err)
	}
	for name, bad := range map[string]map[string]any{
		"another nonce":    {"sub": "u-1", "nonce": "x"},
		"another audience": {"sub": "u-1", "aud": "else"},
		"another issuer":   {"sub": "u-1", "iss": "https://evil.example"},
		"too old":          {"sub": "u-1", "exp": time.Now().Add(-time.Hour).Unix()},
		"nobody":           {"sub": ""},
	} {
		if a := p.through(x.stranger(), "", bad); a.status != http.StatusUnauthorized {
			t.Errorf("%s: %d", name, a.status)
		}
	}
	if a := x.stranger().get("/login/identity/back?code=code&state=x", asPage); a.status != http.StatusUnauthorized {
		t.Errorf("without a cookie: %d", a.status)
	}
	in := x.stranger()
	if p.through(in, "?next=//evil.example", claims); !in.inside() {
		t.Error("the right one is not let in")
	}
}
