package fediverse

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"image"
	"image/png"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"

	"github.com/gorilla/websocket"

	"engawa/auth"
	"engawa/internal/clock"
	"engawa/network"
	"engawa/network/mastodon"
	"engawa/social"
)

// pixels is a picture that every fitting leaves as it is.
type pixels struct{ png []byte }

func (p pixels) Open(context.Context, *social.PartFile) (io.ReadCloser, int64, string, error) {
	return io.NopCloser(strings.NewReader(string(p.png))), int64(len(p.png)), "image/png", nil
}

// linker is the client of Mastodon's API, in the world of w.
func (w *World) linker() *mastodon.Network {
	return &mastodon.Network{
		HTTP: w.Client(), Clock: clock.System, Files: pixels{onePixel()},
		Dialer: &websocket.Dialer{
			TLSClientConfig: &tls.Config{RootCAs: w.CA.Pool()},
			NetDialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
				name, _, _ := net.SplitHostPort(addr)
				var d net.Dialer
				return d.DialContext(ctx, network, w.Hosts[name])
			},
		},
	}
}

// onePixel is the smallest PNG.
func onePixel() []byte {
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewRGBA(image.Rect(0, 0, 1, 1))); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// login links p's account by a token.
func (w *World) login(n *mastodon.Network, p *Person) *social.Login {
	w.tb.Helper()
	step, err := n.Begin(w.ctx, network.LinkInput{Base: p.Handle(), Fields: map[string]string{"token": p.Token}})
	if err != nil {
		w.tb.Fatal(err)
	}
	return &social.Login{Link: step.Link, Secret: step.Secret}
}

func class(err error) social.LinkFailure {
	var e *social.LinkError
	if errors.As(err, &e) {
		return e.Class
	}
	return 255
}

// An account is linked by going to its home, logging in there and saying yes.
func TestLinkByConsent(t *testing.T) {
	w := New(t, "a.test")
	h := w.Home("a.test")
	const password = "correct horse battery"
	hash, err := auth.HashPassword(password)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := h.Server.Home.CreateUser(w.ctx, social.NewUser{Name: "alice", Email: "alice@a.test", PasswordHash: hash}); err != nil {
		t.Fatal(err)
	}
	n := w.linker()
	step, err := n.Begin(w.ctx, network.LinkInput{Base: "https://A.test/@alice", Callback: "https://home.test/back", HomeName: "縁側", HomeURL: "https://home.test"})
	if err != nil {
		t.Fatal(err)
	}
	q, _ := url.Parse(step.URL)
	if q.Query().Get("code_challenge_method") != "S256" || step.Link != nil || strings.Contains(step.URL, "verifier") {
		t.Fatalf("sent to %s", step.URL)
	}
	back := consent(t, w, step.URL, password)
	if wrong := (url.Values{"code": back["code"], "state": {"other"}}); true {
		if _, err := n.Finish(w.ctx, step.State, wrong); class(err) != social.Reconnect {
			t.Errorf("with another's state: %v", err)
		}
	}
	done, err := n.Finish(w.ctx, step.State, back)
	if err != nil {
		t.Fatal(err)
	}
	l := done.Link
	if l.Handle != "alice@a.test" || l.Base != "https://a.test" || l.Network != "engawa" || l.URL != "https://a.test/@alice" || l.Limits.URL != 23 || l.Limits.Characters == 0 || l.Limits.PollOptions == 0 {
		t.Errorf("linked %+v", l)
	}
	all := social.AblePost | social.AbleEdit | social.AbleQuote | social.AbleReact | social.AbleStream
	if !l.Can.Has(all) {
		t.Errorf("it can %b", l.Can)
	}
	login := &social.Login{Link: l, Secret: done.Secret}
	if err := n.Check(w.ctx, login); err != nil {
		t.Errorf("Check: %v", err)
	}
	if _, err := n.Finish(w.ctx, step.State, back); class(err) != social.Reconnect {
		t.Errorf("a code used twice: %v", err)
	}
	if _, err := n.Finish(w.ctx, step.State, url.Values{"error": {"access_denied"}, "state": back["state"]}); class(err) != social.Reconnect || !strings.Contains(err.Error(), "access_denied") {
		t.Errorf("denied: %v", err)
	}
}

// consent does in the pages what a person does, and returns what they bring back.
func consent(t *testing.T, w *World, address, password string) url.Values {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	browser := w.Client()
	browser.Jar = jar
	browser.CheckRedirect = func(r *http.Request, _ []*http.Request) error {
		if r.URL.Host == "home.test" {
			return http.ErrUseLastResponse
		}
		return nil
	}
	post := func(at string, v url.Values) *http.Response {
		resp, err := browser.PostForm(at, v)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		return resp
	}
	post("https://a.test/login", url.Values{"login": {"alice"}, "password": {password}})
	u, _ := url.Parse(address)
	v := u.Query()
	v.Set("decision", "allow")
	resp := post("https://a.test/oauth/authorize", v)
	to, err := resp.Location()
	if err != nil || to.Host != "home.test" {
		t.Fatalf("after the consent: %d %v %v", resp.StatusCode, to, err)
	}
	return to.Query()
}

// A Part goes out once however often it is sent, is edited, found and deleted.
func TestSendToAnotherHome(t *testing.T) {
	w := New(t, "a.test")
	alice := w.Person("alice@a.test")
	n := w.linker()
	l := w.login(n, alice)
	p := &social.Part{
		Key: "k1", Text: "縁側から https://example.org/記事 #縁側", Warning: "挨拶", Language: "ja", Audience: social.Unlisted,
		Media: []social.PartFile{{Kind: social.Image, Alt: "庭", Width: 1, Height: 1}}, CreatedAt: social.Millis(clock.NowMillis(clock.System)),
	}
	if got, err := n.Find(w.ctx, l, p); got != nil || err != nil {
		t.Fatalf("found before it was sent: %v %v", got, err)
	}
	sent, err := n.Send(w.ctx, l, p)
	if err != nil {
		t.Fatal(err)
	}
	again, err := n.Send(w.ctx, l, p)
	if err != nil || again.Ref.ID != sent.Ref.ID {
		t.Errorf("sent again: %+v, %v", again, err)
	}
	if found, err := n.Find(w.ctx, l, p); err != nil || found == nil || found.Ref != sent.Ref {
		t.Errorf("found %+v, %v; sent %+v", found, err, sent)
	}
	s := alice.status(sent.Ref.ID)
	media := s["media_attachments"].([]any)
	if s["visibility"] != "unlisted" || s["spoiler_text"] != "挨拶" || s["language"] != "ja" || len(media) != 1 || media[0].(JSON)["description"] != "庭" || sent.Ref.URI != s["uri"] {
		t.Errorf("it became %v", s)
	}
	reply, err := n.Send(w.ctx, l, &social.Part{Key: "k2", Text: "続き", Audience: social.Unlisted, Parent: sent.Ref, Root: sent.Ref, Poll: &social.PartPoll{Options: []string{"a", "b"}, Seconds: 600}})
	if err != nil {
		t.Fatal(err)
	}
	if r := alice.status(reply.Ref.ID); r["in_reply_to_id"] != sent.Ref.ID || r["poll"] == nil {
		t.Errorf("the reply: %v", r)
	}
	p.Text, p.Media[0].Alt = "直した", "庭と猫"
	if _, err := n.Edit(w.ctx, l, sent.Ref, p); err != nil {
		t.Fatal(err)
	}
	s = alice.status(sent.Ref.ID)
	edited := s["media_attachments"].([]any)
	if !strings.Contains(s["content"].(string), "直した") || s["edited_at"] == nil || len(edited) != 1 || edited[0].(JSON)["id"] != media[0].(JSON)["id"] || edited[0].(JSON)["description"] != "庭と猫" {
		t.Errorf("edited: %v", s)
	}
	if _, err := n.Send(w.ctx, l, &social.Part{Key: "k3", Text: "x", Audience: social.LocalOnly}); class(err) != social.FixPost {
		t.Errorf("a post for home only: %v", err)
	}
	if _, err := n.Send(w.ctx, l, &social.Part{Key: "k4", Text: strings.Repeat("あ", 6000)}); class(err) != social.FixPost {
		t.Errorf("too long: %v", err)
	}
	for range 2 {
		if _, err := n.Delete(w.ctx, l, sent.Ref); err != nil {
			t.Errorf("Delete: %v", err)
		}
	}
	if code, _ := alice.Raw("GET", "/api/v1/statuses/"+sent.Ref.ID, nil); code != http.StatusNotFound {
		t.Errorf("after Delete: %d", code)
	}
	if _, err := n.Edit(w.ctx, l, sent.Ref, p); class(err) != social.NotThere {
		t.Errorf("editing what is gone: %v", err)
	}
}

// Boosts and quotes go by the id, or by the address of a post elsewhere.
func TestBoostAndQuoteThroughLink(t *testing.T) {
	w := New(t, "a.test", "b.test")
	alice, bob := w.friends()
	n := w.linker()
	l := w.login(n, alice)
	said := bob.Post("hello")
	uri := said["uri"].(string)
	for _, ref := range []social.Ref{{ID: uri}, {ID: alice.See(uri)["id"].(string)}} {
		boost, err := n.Send(w.ctx, l, &social.Part{Key: "b", Boost: ref})
		if err != nil {
			t.Fatal(err)
		}
		if b := alice.status(boost.Ref.ID); b["reblog"] == nil {
			t.Errorf("no boost: %v", b)
		}
		quote, err := n.Send(w.ctx, l, &social.Part{Key: "q" + ref.ID, Text: "見て", Quote: ref})
		if err != nil {
			t.Fatal(err)
		}
		if q := alice.status(quote.Ref.ID); q["quote"] == nil {
			t.Errorf("no quote: %v", q)
		}
		if _, err := n.Delete(w.ctx, l, boost.Ref); err != nil {
			t.Fatal(err)
		}
		if s := alice.See(uri); s["reblogged"] != false {
			t.Errorf("the boost stays: %v", s)
		}
	}
	if _, err := n.Send(w.ctx, l, &social.Part{Key: "n", Boost: social.Ref{ID: "https://b.test/users/bob/statuses/1"}}); class(err) != social.NotThere {
		t.Errorf("boosting nothing: %v", err)
	}
}

// What needs no text is done there and taken back.
func TestDeedsThroughLink(t *testing.T) {
	w := New(t, "a.test", "b.test")
	alice, bob := w.friends()
	n := w.linker()
	l := w.login(n, alice)
	post := alice.See(bob.Post("hello")["uri"].(string))
	ref := social.Ref{ID: post["id"].(string)}
	state := func(key string) any { return alice.status(ref.ID)[key] }
	for _, c := range []struct {
		deed social.Deed
		key  string
	}{
		{social.Deed{Verb: social.Like, Content: social.Favourite, Post: ref}, "favourited"},
		{social.Deed{Verb: social.Announce, Post: ref}, "reblogged"},
		{social.Deed{Verb: social.Add, Post: ref}, "bookmarked"},
	} {
		made, err := n.Do(w.ctx, l, &c.deed)
		if err != nil || state(c.key) != true {
			t.Fatalf("%s: %v, %v", c.key, state(c.key), err)
		}
		undo := social.Deed{Verb: social.Undo, Undo: c.deed.Verb, Content: c.deed.Content, Post: ref, Made: made}
		if _, err := n.Do(w.ctx, l, &undo); err != nil || state(c.key) != false {
			t.Errorf("undoing %s: %v, %v", c.key, state(c.key), err)
		}
	}
	if _, err := n.Do(w.ctx, l, &social.Deed{Verb: social.Like, Content: "🍣", Post: ref}); err != nil {
		t.Fatal(err)
	}
	if r, _ := json.Marshal(state("reactions")); !strings.Contains(string(r), "🍣") {
		t.Errorf("reactions %s", r)
	}
	if _, err := n.Do(w.ctx, l, &social.Deed{Verb: social.Undo, Undo: social.Like, Content: "🍣", Post: ref}); err != nil {
		t.Fatal(err)
	}
	w.Person("carol@b.test")
	carol := social.Stranger{Name: "carol", Domain: "b.test"}
	made, err := n.Do(w.ctx, l, &social.Deed{Verb: social.FollowVerb, Stranger: carol})
	if err != nil || made.ID == "" {
		t.Fatalf("follow: %+v %v", made, err)
	}
	if _, err := n.Do(w.ctx, l, &social.Deed{Verb: social.Undo, Undo: social.FollowVerb, Made: made}); err != nil {
		t.Errorf("unfollow: %v", err)
	}
	if _, err := n.Do(w.ctx, l, &social.Deed{Verb: social.Like, Post: social.Ref{ID: "1"}}); class(err) != social.NotThere {
		t.Errorf("liking nothing: %v", err)
	}
}

// A token that was revoked says so, in reading, writing and listening.
func TestRevokedToken(t *testing.T) {
	w := New(t, "a.test")
	alice := w.Person("alice@a.test")
	n := w.linker()
	l := w.login(n, alice)
	l.Secret = []byte(`{"token":"wrong"}`)
	for name, err := range map[string]error{
		"check":  n.Check(w.ctx, l),
		"stream": n.Hear(w.ctx, l, func(*social.Batch) error { return nil }),
		"send":   func() error { _, err := n.Send(w.ctx, l, &social.Part{Key: "k", Text: "x"}); return err }(),
		"read":   func() error { _, err := n.Read(w.ctx, l, social.LaneHome, "", 1); return err }(),
	} {
		if class(err) != social.Reconnect || strings.Contains(err.Error(), "wrong") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := n.Begin(w.ctx, network.LinkInput{Base: "a.test", Fields: map[string]string{"token": "wrong"}}); class(err) != social.Reconnect {
		t.Errorf("a wrong token: %v", err)
	}
	if _, err := n.Begin(w.ctx, network.LinkInput{Base: "not a server"}); class(err) != social.Unsupported {
		t.Errorf("a wrong server: %v", err)
	}
	if _, err := n.Begin(w.ctx, network.LinkInput{Base: "nowhere.test"}); class(err) != social.TryAgain {
		t.Errorf("a server that is away: %v", err)
	}
}
