package webhook

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"engawa/internal/clock"
	"engawa/network"
	"engawa/network/webhook/fake"
	"engawa/social"
)

var (
	_  network.Linker = (*Network)(nil)
	_  network.Poster = (*Network)(nil)
	t0                = time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)
)

func newRig(t *testing.T) (*Network, *fake.Server, *social.Login) {
	t.Helper()
	c := clock.NewFake(t0)
	far := fake.New(c)
	t.Cleanup(far.Close)
	n := &Network{HTTP: &http.Client{}, Clock: c}
	step, err := n.Begin(t.Context(), network.LinkInput{Fields: map[string]string{"url": far.Hook(), "key": far.Key}})
	if err != nil {
		t.Fatal(err)
	}
	return n, far, &social.Login{Link: step.Link, Secret: step.Secret}
}

func class(t *testing.T, err error) social.LinkFailure {
	t.Helper()
	var le *social.LinkError
	if !errors.As(err, &le) {
		t.Fatalf("%v is no LinkError", err)
	}
	if strings.Contains(err.Error()+string(le.Message)+string(le.Remedy), "s3cret") {
		t.Errorf("the error names the address: %v", err)
	}
	return le.Class
}

// The example of the specification Standard Webhooks.
func TestSign(t *testing.T) {
	k, err := key("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
	if err != nil {
		t.Fatal(err)
	}
	got := Sign(k, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", []byte(`{"test": 2432232314}`))
	if want := "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

func TestLinking(t *testing.T) {
	n, far, l := newRig(t)
	if strings.Contains(l.Base+l.Handle+string(l.Settings), "s3cret") || l.Handle == "" || !l.Can.Has(social.AblePost|social.AbleEdit|social.AbleDelete) {
		t.Errorf("the link is %+v", l.Link)
	}
	if len(far.Calls()) != 0 {
		t.Error("linking made a post")
	}
	long := strings.Repeat("k", 32)
	for _, c := range []struct {
		url, key string
		want     social.LinkFailure
	}{
		{"", long, social.FixPost}, {"ftp://a.example", long, social.FixPost}, {"https://u:p@a.example/", long, social.FixPost},
		{far.Hook(), "short", social.FixPost}, {far.Hook(), "whsec_???", social.FixPost}, {far.Hook(), "whsec_" + base64.StdEncoding.EncodeToString([]byte("short")), social.FixPost},
		{far.Hook(), long, social.Reconnect}, // another key
	} {
		_, err := n.Begin(t.Context(), network.LinkInput{Fields: map[string]string{"url": c.url, "key": c.key}})
		if class(t, err) != c.want {
			t.Errorf("%q %q: %v", c.url, c.key, err)
		}
	}
}

func TestVerbs(t *testing.T) {
	n, far, l := newRig(t)
	p := &social.Part{Key: "k1", Text: "hello", Origin: "https://h.example/users/a/statuses/1", CreatedAt: 1}
	far.Break()
	if _, err := n.Send(t.Context(), l, p); class(t, err) != social.TryAgain {
		t.Errorf("an answer that is lost: %v", err)
	}
	if sent, err := n.Find(t.Context(), l, p); sent != nil || err != nil {
		t.Errorf("Find: %v, %v", sent, err)
	}
	sent, err := n.Send(t.Context(), l, p) // the same delivery
	if err != nil {
		t.Fatal(err)
	}
	if len(far.Calls()) != 1 || far.Again() != 1 || sent.Ref.ID != "n1" || sent.Ref.URL != far.URL+"/n1" {
		t.Errorf("%d calls, ref %+v", len(far.Calls()), sent.Ref)
	}
	p.Key, p.Text = "k1.2", "hallo"
	if _, err := n.Edit(t.Context(), l, sent.Ref, p); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if _, err := n.Delete(t.Context(), l, sent.Ref); err != nil {
			t.Fatal(err)
		}
	}
	var said []string
	for _, c := range far.Calls() {
		said = append(said, c.Verb+" "+c.ID+" "+c.Delivery)
	}
	if got := strings.Join(said, ", "); got != "create k1 k1, update n1 k1.2, delete n1 delete:n1" {
		t.Error(got)
	}
	far.Fail(410, "", "post gone")
	if _, err := n.Delete(t.Context(), l, social.Ref{ID: "n9"}); err != nil {
		t.Errorf("what is gone: %v", err)
	}
}

func TestFailures(t *testing.T) {
	n, far, l := newRig(t)
	for _, c := range []struct {
		status int
		after  string
		want   social.LinkFailure
		wait   social.Millis
	}{
		{500, "", social.TryAgain, 0}, {503, "7", social.TryAgain, 7000}, {429, "1.5", social.TryAgain, 1500}, {408, "", social.TryAgain, 0},
		{401, "", social.Reconnect, 0}, {403, "", social.Reconnect, 0}, {404, "", social.Reconnect, 0}, {410, "", social.Reconnect, 0},
		{302, "", social.Reconnect, 0}, {400, "", social.FixPost, 0}, {422, "", social.FixPost, 0},
	} {
		far.Fail(c.status, c.after, "")
		_, err := n.Send(t.Context(), l, &social.Part{Key: "k"})
		var le *social.LinkError
		if class(t, err) != c.want || !errors.As(err, &le) || le.After != c.wait {
			t.Errorf("%d: %v (wait %d)", c.status, err, le.After)
		}
	}
	far.Close()
	if _, err := n.Send(t.Context(), l, &social.Part{Key: "k"}); class(t, err) != social.TryAgain {
		t.Errorf("nobody there: %v", err)
	}
}

// The example of docs/webhook.md is what is sent.
func TestDocument(t *testing.T) {
	n, far, l := newRig(t)
	text := "猫 https://cats.example/ #cats"
	p := &social.Part{Key: "112233.5.0.1", Text: text, Warning: "cats", Language: "ja", Audience: social.Public,
		Spans: []social.Span{{From: 4, To: 25, Kind: social.SpanLink, Target: "https://cats.example/"}, {From: 26, To: 31, Kind: social.SpanTag, Target: "cats"}},
		Tags:  []string{"cats"}, Link: "https://home.example/@aoi/112233", Origin: "https://home.example/users/aoi/statuses/112233",
		Media: []social.PartFile{{Media: 1, Kind: social.Image, URL: "https://home.example/blob/1.webp", Alt: "a cat on a veranda", Width: 1200, Height: 800}},
		Poll:  &social.PartPoll{Options: []string{"cute", "very cute"}, Seconds: 86400},
		Root:  social.Ref{ID: "n1", URL: "https://prog.example/n1"}, Parent: social.Ref{ID: "n1", URL: "https://prog.example/n1"},
		CreatedAt: social.Millis(t0.UnixMilli())}
	if _, err := n.Send(t.Context(), l, p); err != nil {
		t.Fatal(err)
	}
	doc, err := os.ReadFile("../../docs/webhook.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, ok := strings.Cut(string(doc), "```json\n")
	example, _, ok2 := strings.Cut(rest, "```")
	if !ok || !ok2 {
		t.Fatal("docs/webhook.md has no example")
	}
	var want struct{ Post json.RawMessage }
	if err := json.Unmarshal([]byte(example), &want); err != nil {
		t.Fatal(err)
	}
	if got := norm(t, far.Calls()[0].Post); got != norm(t, want.Post) {
		t.Errorf("sent:\n%s\ndocumented:\n%s", got, norm(t, want.Post))
	}
	for _, s := range p.Spans {
		if got := text[s.From:s.To]; got != s.Target && got != "#"+s.Target {
			t.Errorf("the span is %q", got)
		}
	}
}

func norm(t *testing.T, raw json.RawMessage) string {
	t.Helper()
	var v any
	if err := json.Unmarshal(raw, &v); err != nil {
		t.Fatal(err)
	}
	out, _ := json.MarshalIndent(v, "", " ")
	return string(out)
}
