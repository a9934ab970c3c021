package server_test

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"engawa/auth"
	"engawa/network/mail/fake"
	"engawa/social"
)

// mailHome is a home that sends mail, with its letters.
func mailHome(t *testing.T, environ ...string) (*target, *fake.Server) {
	t.Helper()
	post, err := fake.New("home", "secret")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(post.Close)
	smtp := "smtp://home:secret@" + post.Host + ":" + strconv.Itoa(post.Port) + "?from=home@home.example&tls=off"
	x := attack(t, append([]string{"ENGAWA_SMTP=" + smtp}, environ...)...)
	x.work()
	return x, post
}

var linkIn = regexp.MustCompile(`https://home\.example(/\S+)`)

// letter waits for the next letter to an address, the n-th, and gives its text.
func letter(t *testing.T, post *fake.Server, to string, n int) string {
	t.Helper()
	for range 3000 {
		var found []string
		for _, l := range post.Letters() {
			if slices.Contains(l.To, to) {
				found = append(found, l.Text)
			}
		}
		if len(found) >= n {
			return found[n-1]
		}
		select {
		case <-t.Context().Done():
		case <-time.After(10 * time.Millisecond):
		}
	}
	t.Fatalf("letter %d to %s did not come", n, to)
	return ""
}

// follow opens the link of a letter and sends the form behind it.
func (p *person) followLink(text string) *answer {
	p.Helper()
	m := linkIn.FindAllStringSubmatch(text, -1)
	if len(m) == 0 {
		p.Fatalf("no link in %q", text)
	}
	for _, found := range m {
		u, err := url.Parse(found[1])
		if err != nil || u.Query().Get("token") == "" {
			continue
		}
		if a := p.get(found[1], asPage); a.status != http.StatusOK {
			p.Fatalf("%s: %d", found[1], a.status)
		}
		return p.form(u.Path, url.Values{"token": {u.Query().Get("token")}, "password": {"another horse"}, "again": {"another horse"}}, asPage)
	}
	p.Fatalf("no link with a token in %q", text)
	return nil
}

func joining(name string, more ...string) url.Values {
	v := url.Values{"username": {name}, "email": {name + "@mail.example"}, "password": {password}, "again": {password}, "agree": {"on"}}
	for i := 0; i+1 < len(more); i += 2 {
		v.Set(more[i], more[i+1])
	}
	return v
}

func TestJoinByMail(t *testing.T) {
	x, post := mailHome(t, "ENGAWA_REGISTRATION=open")
	eve := x.stranger()
	eve.name = "eve"
	if a := eve.get("/join", asPage); a.status != http.StatusOK || !strings.Contains(a.body, `name="agree"`) || strings.Contains(a.body, `name="reason"`) {
		t.Fatalf("%d %s", a.status, a.body)
	}
	if a := eve.form("/join", joining("eve", "agree", ""), asPage); a.status != 422 || !strings.Contains(a.body, `id="problem"`) {
		t.Errorf("without agreeing: %d %s", a.status, a.body)
	}
	if a := eve.form("/join", joining("eve"), asPage); a.status != http.StatusOK || a.header.Get("Set-Cookie") != "" {
		t.Fatalf("%d %s", a.status, a.body)
	}
	try := eve.form("/login", url.Values{"login": {"eve"}, "password": {password}})
	if try.status != http.StatusForbidden {
		t.Errorf("before the address is confirmed the log-in answers %d", try.status)
	}
	text := letter(t, post, "eve@mail.example", 1)
	if a := eve.followLink(text); a.status != http.StatusOK {
		t.Fatalf("%d %s", a.status, a.body)
	}
	if a := eve.form("/confirm", url.Values{"token": {linkToken(text)}}, asPage); a.status != http.StatusNotFound {
		t.Errorf("a used link answers %d", a.status)
	}
	eve.logIn()
}

func linkToken(text string) string {
	for _, m := range linkIn.FindAllStringSubmatch(text, -1) {
		if u, err := url.Parse(m[1]); err == nil && u.Query().Get("token") != "" {
			return u.Query().Get("token")
		}
	}
	return ""
}

// Who signs up with somebody's address learns nothing: the answers are the
// same, and only the owner of the address reads of it.
func TestNobodyLearnsWhoIsHere(t *testing.T) {
	x, post := mailHome(t, "ENGAWA_REGISTRATION=open")
	x.person("hanako")
	nobody := x.stranger()
	fresh := nobody.form("/join", joining("aaa", "email", "new@mail.example"), asPage)
	taken := nobody.form("/join", joining("bbb", "email", "hanako@mail.example"), asPage)
	if fresh.status != taken.status || strings.ReplaceAll(fresh.body, "new@", "") != strings.ReplaceAll(taken.body, "hanako@", "") {
		t.Errorf("the answers differ: %d %s\n%d %s", fresh.status, fresh.body, taken.status, taken.body)
	}
	if text := letter(t, post, "hanako@mail.example", 1); linkToken(text) != "" || !strings.Contains(text, "@bbb@home.example") {
		t.Errorf("the owner reads %q", text)
	}
	for _, login := range []string{"aaa", "bbb", "new@mail.example", "hanako@mail.example"} {
		a := nobody.form("/login", url.Values{"login": {login}, "password": {password + "!"}})
		if a.status != http.StatusUnauthorized {
			t.Errorf("%s: %d", login, a.status)
		}
	}
	one := nobody.form("/forgot", url.Values{"email": {"nobody@mail.example"}}, asPage)
	two := nobody.form("/forgot", url.Values{"email": {"hanako@mail.example"}}, asPage)
	if one.status != two.status || one.body != two.body {
		t.Errorf("the answers differ: %d %s\n%d %s", one.status, one.body, two.status, two.body)
	}
	letter(t, post, "hanako@mail.example", 2)
	for _, l := range post.Letters() {
		if slices.Contains(l.To, "nobody@mail.example") {
			t.Error("a letter went to somebody who is not here")
		}
	}
	// the API says the same to both, and neither token does anything
	app := &person{target: x, token: x.tokenFor(0, []string{"read", "write"})}
	for _, email := range []string{"other@mail.example", "hanako@mail.example"} {
		got := app.json("POST", "/api/v1/accounts", map[string]any{"username": "c" + email[:5], "email": email, "password": password, "agreement": true, "locale": "ja"})
		mine := &person{target: x, token: got["access_token"].(string)}
		if a := mine.get("/api/v1/accounts/verify_credentials"); a.status != http.StatusForbidden || !strings.Contains(a.body, "missing a confirmed e-mail") {
			t.Errorf("%s: %d %s", email, a.status, a.body)
		}
		if a := mine.do("POST", "/api/v1/emails/confirmations", "", ""); a.status != http.StatusOK || a.body != "{}" {
			t.Errorf("%s: %d %s", email, a.status, a.body)
		}
		if a := mine.get("/api/v1/emails/check_confirmation"); a.body != "false" {
			t.Errorf("%s: %d %s", email, a.status, a.body)
		}
	}
	if text := letter(t, post, "other@mail.example", 2); !strings.Contains(text, "確認") {
		t.Errorf("the letter in Japanese is %q", text)
	}
}

func TestForgottenPassword(t *testing.T) {
	x, post := mailHome(t)
	hanako := x.person("hanako")
	hanako.logIn()
	nobody := x.stranger()
	nobody.form("/forgot", url.Values{"email": {" Hanako@Mail.example "}}, asPage)
	text := letter(t, post, "hanako@mail.example", 1)
	if a := nobody.followLink(text); a.status != http.StatusSeeOther {
		t.Fatalf("%d %s", a.status, a.body)
	}
	if hanako.inside() || hanako.get("/api/v1/accounts/verify_credentials").status != http.StatusUnauthorized {
		t.Error("sessions and tokens outlive a new password")
	}
	if a := nobody.get("/setup?token="+linkToken(text), asPage); a.status != http.StatusNotFound {
		t.Errorf("a used link answers %d", a.status)
	}
	if a := nobody.form("/login", url.Values{"login": {"hanako"}, "password": {"another horse"}}); a.status != http.StatusSeeOther {
		t.Errorf("the new password: %d", a.status)
	}
}

func TestChangedAddress(t *testing.T) {
	x, post := mailHome(t)
	hanako, taro := x.person("hanako"), x.person("taro")
	hanako.logIn()
	_ = taro
	ask := func(email, pw string) *answer {
		return hanako.form("/settings/email", url.Values{"email": {email}, "current": {pw}}, asPage)
	}
	if a := ask("new@mail.example", "wrong"); a.status != 422 {
		t.Errorf("a wrong password: %d", a.status)
	}
	free, taken := ask("new@mail.example", password), ask("taro@mail.example", password)
	if free.status != 200 || strings.ReplaceAll(free.body, "new@", "") != strings.ReplaceAll(taken.body, "taro@", "") {
		t.Errorf("the answers differ: %s\n%s", free.body, taken.body)
	}
	if linkToken(letter(t, post, "taro@mail.example", 1)) != "" {
		t.Error("somebody else's letter bears a link")
	}
	ask("new@mail.example", password)
	hanako.followLink(letter(t, post, "new@mail.example", 2))
	letter(t, post, "hanako@mail.example", 1) // the old address is told
	if u, err := x.Home.Store.User(t.Context(), hanako.id); err != nil || u.Email != "new@mail.example" {
		t.Errorf("the address is %s, %v", u.Email, err)
	}
}

func TestInvitations(t *testing.T) {
	x := attack(t, "ENGAWA_REGISTRATION=invite", "ENGAWA_MIN_AGE=16")
	owner := x.staff("owner", social.Owner)
	member := x.person("member")
	member.logIn()
	if a := member.get("/settings/invites", asPage); a.status != http.StatusNotFound {
		t.Errorf("a member may invite: %d", a.status)
	}
	nobody := x.stranger()
	if a := nobody.get("/join", asPage); a.status != http.StatusForbidden {
		t.Errorf("without an invitation: %d", a.status)
	}
	owner.form("/settings/invites", url.Values{"most": {"1"}, "days": {"7"}})
	page := owner.get("/settings/invites", asPage).body
	code := regexp.MustCompile(`/invite/([A-Z0-9]+)`).FindStringSubmatch(page)
	if code == nil {
		t.Fatal(page)
	}
	where := nobody.get("/invite/"+code[1], asPage).location()
	if a := nobody.get(where, asPage); a.status != http.StatusOK || !strings.Contains(a.body, "@owner@home.example") || !strings.Contains(a.body, `name="born"`) {
		t.Errorf("%d %s", a.status, a.body)
	}
	young := time.Now().AddDate(-16, 0, 2).Format(time.DateOnly)
	old := time.Now().AddDate(-16, 0, -2).Format(time.DateOnly)
	for born, status := range map[string]int{"": 422, young: 422, "yesterday": 422} {
		if a := nobody.form("/join", joining("child", "invite", code[1], "born", born), asPage); a.status != status {
			t.Errorf("born %q: %d", born, a.status)
		}
	}
	if a := nobody.form("/join", joining("guest", "invite", code[1], "born", old), asPage); a.status != http.StatusSeeOther {
		t.Errorf("a guest: %d %s", a.status, a.body)
	}
	if a := nobody.form("/join", joining("second", "invite", code[1], "born", old), asPage); a.status == http.StatusSeeOther {
		t.Error("an invitation for one was used twice")
	}
	u, err := x.Home.Store.UserByLogin(t.Context(), "guest")
	if err != nil || u.InvitedBy != owner.id {
		t.Errorf("%+v, %v", u, err)
	}
	if id := regexp.MustCompile(`name="drop" value="(\d+)"`).FindStringSubmatch(page); id == nil {
		t.Error("an invitation cannot be taken back")
	} else if owner.form("/settings/invites", url.Values{"drop": {id[1]}}); strings.Contains(owner.get("/settings/invites", asPage).body, code[1]) {
		t.Error("an invitation was not taken back")
	}
}

// staff is somebody with a role, logged in.
func (x *target) staff(name string, role social.Role) *person {
	x.Helper()
	hash, err := auth.HashPassword(password)
	if err != nil {
		x.Fatal(err)
	}
	u, _, err := x.Home.CreateUser(x.Context(), social.NewUser{Name: name, Email: name + "@mail.example", Locale: "en", PasswordHash: hash, Role: role})
	if err != nil {
		x.Fatal(err)
	}
	p := &person{target: x, name: name, id: u.ID, token: x.tokenFor(u.ID, []string{"read", "write"})}
	p.logIn()
	return p
}

// Who waits is told by mail when the wait is over; the staff hears of it once
// the address is confirmed.
func TestApprovedByMail(t *testing.T) {
	x, post := mailHome(t, "ENGAWA_REGISTRATION=approval")
	owner := x.staff("owner", social.Owner)
	eve := x.stranger()
	eve.form("/join", joining("eve", "reason", "tea"), asPage)
	told := func() bool {
		return strings.Contains(owner.get("/api/v1/notifications").body, "admin.sign_up")
	}
	if told() {
		t.Error("the staff is told before the address is confirmed")
	}
	eve.followLink(letter(t, post, "eve@mail.example", 1))
	if !told() {
		t.Error("the staff is not told")
	}
	u, err := x.Home.Store.UserByLogin(t.Context(), "eve")
	if err != nil {
		t.Fatal(err)
	}
	by, err := x.Home.Store.User(t.Context(), owner.id)
	if err != nil {
		t.Fatal(err)
	}
	if err := x.Home.Approve(t.Context(), by, u.ID); err != nil {
		t.Fatal(err)
	}
	if text := letter(t, post, "eve@mail.example", 2); !strings.Contains(text, "@eve@home.example") {
		t.Error(text)
	}
	eve.name = "eve"
	eve.logIn()
}

func TestJoinWithApproval(t *testing.T) {
	x := attack(t, "ENGAWA_REGISTRATION=approval")
	nobody := x.stranger()
	if a := nobody.form("/join", joining("eve"), asPage); a.status != 422 {
		t.Errorf("without a reason: %d", a.status)
	}
	if a := nobody.form("/join", joining("eve", "reason", "縁側でお茶"), asPage); a.status != 200 || a.header.Get("Set-Cookie") != "" {
		t.Errorf("%d %s", a.status, a.body)
	}
	u, err := x.Home.Store.UserByLogin(t.Context(), "eve")
	if err != nil || u.ApprovedAt != 0 || u.Reason != "縁側でお茶" || u.SignUpAddress != "192.0.2.1" {
		t.Errorf("%+v, %v", u, err)
	}
	if a := nobody.form("/login", url.Values{"login": {"eve"}, "password": {password}}); a.status != http.StatusForbidden {
		t.Errorf("who waits is let in: %d", a.status)
	}
	closed := attack(t)
	if a := closed.stranger().form("/join", joining("eve"), asPage); a.status != http.StatusForbidden {
		t.Errorf("where nobody can join: %d", a.status)
	}
}
