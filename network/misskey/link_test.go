package misskey

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"engawa/network"
	"engawa/social"
)

func TestMiAuth(t *testing.T) {
	x := newRig(t)
	in := network.LinkInput{Base: x.URL, Callback: "https://home.example/back?x=1", HomeName: "縁側"}
	step, err := x.n.Begin(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	if u, _ := url.Parse(step.URL); !strings.HasPrefix(u.Path, "/miauth/") || u.Query().Get("name") != "縁側" || !strings.Contains(u.Query().Get("permission"), "write:notes") || step.Link != nil {
		t.Fatalf("sent to %s", step.URL)
	}
	back, err := x.Consent(step.URL, x.alice, true)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := x.n.Finish(t.Context(), step.State, url.Values{"session": {"other"}}); class(err) != social.Reconnect {
		t.Errorf("another's session: %v", err)
	}
	done, err := x.n.Finish(t.Context(), step.State, back)
	if err != nil {
		t.Fatal(err)
	}
	l := done.Link
	host := strings.TrimPrefix(x.URL, "http://")
	if l.Account != x.alice.ID || l.Handle != "alice@"+host || l.URL != x.URL+"/@alice" || l.Limits.Characters != 3000 || l.Limits.Media != 16 || l.Limits.AltText != 512 || l.Limits.ImageBytes != 30<<20 {
		t.Errorf("linked %+v", l)
	}
	if !l.Can.Has(able|social.AbleStream) || l.Can.Has(social.AbleEdit) {
		t.Errorf("it can %b", l.Can)
	}
	login := &social.Login{Link: l, Secret: done.Secret}
	if err := x.n.Check(t.Context(), login); err != nil {
		t.Errorf("Check: %v", err)
	}
	if _, err := x.n.Send(t.Context(), login, &social.Part{Text: "a"}); err != nil { // what was asked for is enough
		t.Errorf("Send: %v", err)
	}
	if _, err := x.n.Finish(t.Context(), step.State, back); class(err) != social.Reconnect {
		t.Errorf("a session used twice: %v", err)
	}
	step, _ = x.n.Begin(t.Context(), in)
	if back, err = x.Consent(step.URL, x.alice, false); err != nil {
		t.Fatal(err)
	}
	if _, err := x.n.Finish(t.Context(), step.State, back); class(err) != social.Reconnect {
		t.Errorf("denied: %v", err)
	}
}

func TestBeginElsewhere(t *testing.T) {
	x := newRig(t)
	page := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("<html>")) }))
	defer page.Close()
	busy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(502) }))
	defer busy.Close()
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	for name, c := range map[string]struct {
		base, token string
		want        social.LinkFailure
	}{
		"no address": {"not a server", "", social.Unsupported}, "empty": {"", "", social.Unsupported}, "another server": {page.URL, "", social.Unsupported},
		"busy": {busy.URL, "", social.TryAgain}, "away": {gone.URL, "", social.TryAgain}, "wrong token": {x.URL, "wrong", social.Reconnect},
	} {
		_, err := x.n.Begin(t.Context(), network.LinkInput{Base: c.base, Fields: map[string]string{"token": c.token}})
		if class(err) != c.want {
			t.Errorf("%s: %v", name, err)
		}
	}
	for in, want := range map[string]string{
		"misskey.io": "https://misskey.io", " https://Misskey.io/@a ": "https://misskey.io", "@alice@misskey.io": "https://misskey.io", "http://127.0.0.1:3000/": "http://127.0.0.1:3000",
	} {
		if got, err := baseOf(in); got != want || err != nil {
			t.Errorf("%q: %q, %v", in, got, err)
		}
	}
}

// Another account under the same credentials is not taken for the linked one.
func TestCheckSeesAnotherAccount(t *testing.T) {
	x := newRig(t)
	other := x.link(x.Token(x.AddUser("mallory", "")))
	x.login.Secret = other.Secret
	if err := x.n.Check(t.Context(), x.login); class(err) != social.Reconnect || !strings.Contains(err.Error(), "mallory") {
		t.Error(err)
	}
	x.login.Secret = nil
	if err := x.n.Check(t.Context(), x.login); class(err) != social.Reconnect {
		t.Error(err)
	}
}
