package mastodon

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"engawa/network"
	"engawa/network/mastodon/fake"
	"engawa/social"
)

// What each make can do is read from what it announces, and done in its way.
func TestMakes(t *testing.T) {
	for kind, want := range map[fake.Make]struct {
		software         string
		chars, alt, poll int
		can, cannot      social.Ability
		react            string
	}{
		fake.Mastodon:    {"mastodon", 500, 1500, 4, social.AbleEdit | social.AbleQuote, social.AbleReact, ""},
		fake.OldMastodon: {"mastodon", 500, 1500, 4, social.AblePost, social.AbleEdit | social.AbleQuote | social.AbleReact, ""},
		fake.GoToSocial:  {"gotosocial", 5000, 1500, 4, social.AblePoll, social.AbleEdit | social.AbleQuote | social.AbleReact, ""},
		fake.Pleroma:     {"pleroma", 5000, 5000, 20, social.AbleEdit | social.AbleQuote | social.AbleReact, 0, "PUT /api/v1/pleroma/statuses/"},
		fake.Glitch:      {"mastodon", 500, 1500, 4, social.AbleEdit | social.AbleQuote | social.AbleReact, 0, "POST /api/v1/statuses/"},
		fake.Fedibird:    {"mastodon", 500, 1500, 4, social.AbleReact, social.AbleEdit | social.AbleQuote, "PUT /api/v1/statuses/"},
	} {
		x := newRig(t, kind)
		l := x.login.Link
		if l.Handle != "alice@m.example" || l.Limits.Characters != want.chars || l.Limits.AltText != want.alt || l.Limits.PollOptions != want.poll {
			t.Errorf("%s: %+v", kind, l)
		}
		if !l.Can.Has(want.can) || l.Can&want.cannot != 0 {
			t.Errorf("%s can %b", kind, l.Can)
		}
		if srv, err := x.n.server(t.Context(), x.URL); err != nil || srv.software != want.software {
			t.Errorf("%s is %+v, %v", kind, srv, err)
		}
		st := x.Put(nil)
		_, err := x.n.Do(t.Context(), x.login, &social.Deed{Verb: social.Like, Content: "🍣", Post: social.Ref{ID: st["id"].(string)}})
		if want.react == "" {
			if class(err) != social.Unsupported {
				t.Errorf("%s reacts: %v", kind, err)
			}
			continue
		}
		if err != nil || len(x.Calls(want.react)) != 1 {
			t.Errorf("%s: %v", kind, err)
		}
		b, err := x.n.Read(t.Context(), x.login, social.LaneHome, "", 5)
		if err != nil || len(b.Items) != 1 || strings.Join(b.Items[0].Mine.Reactions, "") != "🍣" {
			t.Errorf("%s: %+v %v", kind, b, err)
		}
	}
	x := newRig(t, fake.GoToSocial)
	sent, err := x.n.Send(t.Context(), x.login, &social.Part{Key: "k", Text: "a"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := x.n.Edit(t.Context(), x.login, sent.Ref, &social.Part{Text: "b"}); class(err) != social.NotThere && class(err) != social.Unsupported {
		t.Errorf("editing where there are no edits: %v", err)
	}
}

func TestBeginElsewhere(t *testing.T) {
	clock := &ticking{t: fixed}
	s := fake.New(fake.OneFrontpage, clock.Now)
	defer s.Close()
	n := &Network{HTTP: http.DefaultClient, Clock: clock}
	if _, err := n.Begin(t.Context(), network.LinkInput{Base: s.URL}); class(err) != social.Unsupported || !strings.Contains(err.Error(), "Mastodon's API") {
		t.Error(err)
	}
	busy := fake.New(fake.Mastodon, clock.Now)
	defer busy.Close()
	busy.Fail("GET /api/v2/instance", 503, "", nil)
	if _, err := n.Begin(t.Context(), network.LinkInput{Base: busy.URL}); class(err) != social.TryAgain {
		t.Error(err)
	}
	for in, want := range map[string]string{
		"mastodon.social": "https://mastodon.social", " https://Mastodon.Social/@a?b ": "https://mastodon.social", "@a@mastodon.social": "https://mastodon.social",
		"http://127.0.0.1:3000/": "http://127.0.0.1:3000", "a b": "", "": "", "https://": "", "javascript:x": "",
	} {
		if got, _ := baseOf(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

// An app is registered once for many people, and again when it is forgotten there.
func TestAppIsRegisteredOnce(t *testing.T) {
	x := newRig(t, fake.Mastodon)
	in := network.LinkInput{Base: x.URL, Callback: "https://home.example/back", HomeName: "縁側"}
	var step *network.LinkStep
	for range 3 {
		var err error
		if step, err = x.n.Begin(t.Context(), in); err != nil {
			t.Fatal(err)
		}
	}
	if got := len(x.Calls("POST /api/v1/apps")); got != 1 {
		t.Errorf("registered %d times", got)
	}
	u, _ := url.Parse(step.URL)
	if u.Query().Has("code_challenge") { // it is not announced there
		t.Error("PKCE where it is not known")
	}
	back := url.Values{"code": {"c"}, "state": {u.Query().Get("state")}}
	x.Fail("POST /oauth/token", 401, `{"error":"invalid_client"}`, nil)
	if _, err := x.n.Finish(t.Context(), step.State, back); class(err) != social.Reconnect {
		t.Errorf("%v", err)
	}
	if _, err := x.n.Begin(t.Context(), in); err != nil || len(x.Calls("POST /api/v1/apps")) != 2 {
		t.Errorf("not registered again: %v", err)
	}
}

// Pleroma's tokens end; they are renewed and kept before they are used.
func TestTokensAreRenewed(t *testing.T) {
	x := newRig(t, fake.Pleroma)
	step, err := x.n.Begin(t.Context(), network.LinkInput{Base: x.URL, Callback: "https://home.example/back"})
	if err != nil {
		t.Fatal(err)
	}
	u, _ := url.Parse(step.URL)
	done, err := x.n.Finish(t.Context(), step.State, url.Values{"code": {"c"}, "state": {u.Query().Get("state")}})
	if err != nil || done.Link.ExpiresAt == 0 {
		t.Fatalf("%+v %v", done, err)
	}
	var kept []byte
	l := &social.Login{Link: done.Link, Secret: done.Secret, Keep: func(_ context.Context, s []byte, _ social.Millis) error { kept = s; return nil }}
	stale := &social.Login{Link: &social.Link{Base: l.Base, ExpiresAt: l.ExpiresAt, Handle: l.Handle}, Secret: l.Secret}
	x.clock.skip(58 * time.Minute)
	if err := x.n.Check(t.Context(), l); err != nil || kept == nil || string(kept) != string(l.Secret) || l.ExpiresAt < social.Millis(x.clock.Now().UnixMilli()) {
		t.Fatalf("kept %s until %d: %v", kept, l.ExpiresAt, err)
	}
	if _, err := x.n.Read(t.Context(), stale, social.LaneHome, "", 5); err != nil {
		t.Errorf("who read the old credentials at the same time: %v", err)
	}
	kept = nil
	if err := x.n.Check(t.Context(), l); err != nil || kept != nil {
		t.Errorf("renewed without need: %v", err)
	}
}

func TestStreamsByMake(t *testing.T) {
	for _, kind := range []fake.Make{fake.Mastodon, fake.GoToSocial} {
		x := newRig(t, kind)
		heard, over := make(chan *social.Batch, 10), make(chan error, 1)
		go func() {
			over <- x.n.Hear(t.Context(), x.login, func(b *social.Batch) error { heard <- b; return nil })
		}()
		for x.Streams() == 0 {
			if t.Context().Err() != nil {
				t.Fatal("it never listened")
			}
		}
		for _, junk := range []string{`{`, `[]`, `{"event":"update","payload":"{"}`, `{"event":"update","payload":{"id":"1"}}`, `{"event":"update","payload":"{\"id\":\"1\"}"}`,
			`{"event":"delete","payload":"../x"}`, `{"event":"notification","payload":"{\"id\":\"1\",\"type\":\"severed_relationships\"}"}`, `{"event":"filters_changed"}`} {
			x.Raw(junk)
		}
		st := x.Put(fake.JSON{"content": "<p>a</p>"})
		if b := <-heard; len(b.Items) != 1 || b.Items[0].Ref.ID != st["id"] || b.Cursor != st["id"] {
			t.Errorf("%s: %+v", kind, b)
		}
		x.Push("update", fake.JSON{"id": "1", "uri": "https://b.example/1", "account": st["account"], "created_at": "2020-01-01T00:00:00Z"})
		if b := <-heard; b.Items[0].Ref.ID != "1" || b.Cursor != st["id"] {
			t.Errorf("%s: the cursor goes back to %s", kind, b.Cursor)
		}
		x.Notice(fake.JSON{"type": "pleroma:emoji_reaction", "emoji": "🍣", "status": st})
		if b := <-heard; len(b.Alerts) != 1 || b.Alerts[0].Emoji != "🍣" || b.Alerts[0].About.ID != st["id"] {
			t.Errorf("%s: %+v", kind, b)
		}
		x.Close()
		if err := <-over; class(err) != social.TryAgain {
			t.Errorf("%s: cut: %v", kind, err)
		}
	}
}
