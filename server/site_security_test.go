package server_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/pquerna/otp/totp"
)

// press sends a button of the page of log-ins.
func (p *person) press(do, id string, more ...string) *answer {
	p.Helper()
	v := url.Values{"do": {do}, "id": {id}}
	for i := 0; i+1 < len(more); i += 2 {
		v.Set(more[i], more[i+1])
	}
	return p.form("/settings/security", v, asPage)
}

func idOf(page, do string) string {
	m := regexp.MustCompile(`name="do" value="` + do + `"><input type="hidden" name="id" value="([^"]*)"`).FindStringSubmatch(page)
	if m == nil {
		return ""
	}
	return m[1]
}

func TestLogInsAreListedAndEnded(t *testing.T) {
	x := attack(t)
	hanako, taro := x.person("hanako"), x.person("taro")
	hanako.logIn()
	other := &person{target: x, name: "hanako"}
	other.logIn()
	taro.logIn()
	body := hanako.get("/settings/security", asPage).body
	if n := strings.Count(body, `value="end-session"`); n != 2 {
		t.Errorf("%d browsers are listed", n)
	}
	token := idOf(body, "end-token")
	if a := taro.press("end-token", token); a.status != http.StatusNotFound {
		t.Errorf("somebody else's token: %d", a.status)
	}
	if hanako.get("/api/v1/accounts/verify_credentials").status != http.StatusOK {
		t.Error("somebody else revoked a token")
	}
	if a := hanako.press("end-token", token); a.status != http.StatusSeeOther {
		t.Errorf("%d %s", a.status, a.body)
	}
	if hanako.get("/api/v1/accounts/verify_credentials").status != http.StatusUnauthorized {
		t.Error("a revoked token holds")
	}
	for _, session := range regexp.MustCompile(`value="end-session"><input type="hidden" name="id" value="([0-9a-f]+)"`).FindAllStringSubmatch(body, -1) {
		if a := taro.press("end-session", session[1]); a.status != http.StatusNotFound {
			t.Errorf("somebody else's session: %d", a.status)
		}
	}
	if a := hanako.press("end-others", ""); a.status != http.StatusSeeOther || !hanako.inside() || other.inside() {
		t.Errorf("%d, this browser %v, the other %v", a.status, hanako.inside(), other.inside())
	}
}

// A stream ends within 5 s of the token's end.
func TestRevokedTokensStreamEnds(t *testing.T) {
	x := attack(t)
	x.work()
	hanako := x.person("hanako")
	hanako.logIn()
	srv := httptest.NewServer(x.handler)
	defer srv.Close()
	ctx, cancel := timeout(t)
	defer cancel()
	c, _, err := websocket.DefaultDialer.DialContext(ctx, "ws"+strings.TrimPrefix(srv.URL, "http")+"/api/v1/streaming?stream=user&access_token="+hanako.token, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	hanako.press("end-token", idOf(hanako.get("/settings/security", asPage).body, "end-token"))
	_ = c.SetReadDeadline(time.Now().Add(5 * time.Second))
	for {
		if _, _, err := c.ReadMessage(); err != nil {
			if strings.Contains(err.Error(), "timeout") {
				t.Error("the stream goes on")
			}
			return
		}
	}
}

func TestSecondFactorWithRecoveryCodes(t *testing.T) {
	x := attack(t)
	hanako := x.person("hanako")
	hanako.logIn()
	body := hanako.get("/settings/totp", asPage).body
	secret := regexp.MustCompile(`name="secret" value="([A-Z2-7]+)"`).FindStringSubmatch(body)
	if secret == nil || !strings.Contains(body, "<svg") {
		t.Fatal(body)
	}
	set := func(code, pw string) *answer {
		return hanako.form("/settings/totp", url.Values{"secret": {secret[1]}, "code": {code}, "current": {pw}}, asPage)
	}
	code, err := totp.GenerateCode(secret[1], time.Now())
	if err != nil {
		t.Fatal(err)
	}
	if set(code, "wrong").status != 422 || set("000000", password).status != 422 {
		t.Error("a wrong code or password is taken")
	}
	codes := regexp.MustCompile(`<code>([A-Z0-9]{4}-[A-Z0-9-]{14})</code>`).FindAllStringSubmatch(set(code, password).body, -1)
	if len(codes) != 10 {
		t.Fatalf("%d recovery codes", len(codes))
	}
	enter := func(code string) *answer {
		a := x.stranger().form("/login", url.Values{"login": {"hanako"}, "password": {password}})
		challenge := regexp.MustCompile(`name="challenge" value="([^"]+)"`).FindStringSubmatch(a.body)
		if a.status != http.StatusOK || challenge == nil || a.header.Get("Set-Cookie") != "" {
			t.Fatalf("the password alone: %d", a.status)
		}
		return x.stranger().form("/login", url.Values{"challenge": {challenge[1]}, "code": {code}})
	}
	if a := enter("AAAA-AAAA-AAAA-AAAA"); a.status != http.StatusUnauthorized {
		t.Errorf("a made-up code: %d", a.status)
	}
	if a := enter(strings.ToLower(codes[3][1])); a.status != http.StatusSeeOther {
		t.Errorf("a recovery code: %d", a.status)
	}
	if a := enter(codes[3][1]); a.status != http.StatusUnauthorized {
		t.Errorf("a used recovery code: %d", a.status)
	}
	if a := hanako.press("totp-off", ""); a.status != http.StatusOK || !strings.Contains(a.body, `name="current"`) {
		t.Errorf("without the password: %d", a.status)
	}
	if a := hanako.press("totp-off", "", "current", "wrong"); a.status != 422 {
		t.Errorf("a wrong password: %d", a.status)
	}
	if a := hanako.press("codes", "", "current", password); strings.Contains(a.body, codes[0][1]) || strings.Count(a.body, "<li><code>") != 10 {
		t.Errorf("new codes: %d", a.status)
	}
	hanako.press("totp-off", "", "current", password)
	if a := x.stranger().form("/login", url.Values{"login": {"hanako"}, "password": {password}}); a.status != http.StatusSeeOther {
		t.Errorf("after turning it off: %d", a.status)
	}
}
