package x_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"engawa/internal/clock"
	"engawa/network"
	"engawa/network/x"
	"engawa/network/x/fake"
	"engawa/social"
)

// rig is one account linked by OAuth 1.0a on a fake X.
type rig struct {
	t     *testing.T
	clock *clock.Fake
	fake  *fake.X
	me    *fake.User
	x     *x.X
	login *social.Login
	waits []time.Duration
	files files
}

// files stands for the media of posts: by kind, some bytes of a type.
type files map[social.ID]file

type file struct {
	contentType string
	bytes       []byte
}

func (f files) Open(_ context.Context, p *social.PartFile) (io.ReadCloser, int64, string, error) {
	m := f[p.Media]
	return io.NopCloser(bytes.NewReader(m.bytes)), int64(len(m.bytes)), m.contentType, nil
}

func newRig(t *testing.T) *rig {
	t.Helper()
	r := &rig{t: t, clock: clock.NewFake(time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)), files: files{}}
	r.fake = fake.New(t, r.clock)
	r.me = r.fake.Join("fono")
	r.x = &x.X{HTTP: noRedirects(), Clock: r.clock, Files: r.files, API: r.fake.URL, Site: r.fake.URL,
		Pause: func(_ context.Context, d time.Duration) error {
			r.waits = append(r.waits, d)
			r.clock.Advance(d)
			return nil
		}}
	step, err := r.x.Begin(t.Context(), network.LinkInput{Fields: map[string]string{"consumerKey": r.fake.App.ConsumerKey,
		"consumerSecret": r.fake.App.ConsumerSecret, "token": r.me.Token, "tokenSecret": r.me.TokenSecret}})
	if err != nil {
		t.Fatal(err)
	}
	step.Link.ID = 7
	r.login = &social.Login{Link: step.Link, Secret: step.Secret}
	return r
}

func noRedirects() *http.Client {
	return &http.Client{Timeout: 10 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

// oauth2 links the same account by OAuth 2; kept is what Keep was given.
func (r *rig) oauth2() (l *social.Login, kept *[][]byte) {
	r.t.Helper()
	step, err := r.x.Begin(r.t.Context(), network.LinkInput{Callback: "https://home.example/back",
		Fields: map[string]string{"clientId": r.fake.App.ClientID, "clientSecret": r.fake.App.ClientSecret}})
	if err != nil {
		r.t.Fatal(err)
	}
	back := r.visit(step.URL)
	done, err := r.x.Finish(r.t.Context(), step.State, back)
	if err != nil {
		r.t.Fatal(err)
	}
	done.Link.ID = 8
	kept = new([][]byte)
	l = &social.Login{Link: done.Link, Secret: done.Secret}
	l.Keep = func(_ context.Context, secret []byte, _ social.Millis) error {
		*kept = append(*kept, secret)
		return nil
	}
	return l, kept
}

// visit goes where a person is sent and says where they come back to.
func (r *rig) visit(address string) url.Values {
	r.t.Helper()
	resp, err := noRedirects().Get(address)
	if err != nil {
		r.t.Fatal(err)
	}
	resp.Body.Close()
	back, err := url.Parse(resp.Header.Get("Location"))
	if err != nil || resp.StatusCode != http.StatusFound || back.Host != "home.example" {
		r.t.Fatalf("X sends the person back by %d to %v: %v", resp.StatusCode, back, err)
	}
	return back.Query()
}

func (r *rig) part(text string) *social.Part {
	return &social.Part{Key: "key-" + text, Text: text, Audience: social.Public, CreatedAt: r.clock.Now().UnixMilli()}
}

func (r *rig) send(p *social.Part) *social.Sent {
	r.t.Helper()
	sent, err := r.x.Send(r.t.Context(), r.login, p)
	if err != nil {
		r.t.Fatalf("sending %q: %v", p.Text, err)
	}
	return sent
}

// failure is the LinkError of err, of the class wanted; its words are for a
// person and without secrets.
func (r *rig) failure(err error, want social.LinkFailure) *social.LinkError {
	r.t.Helper()
	var e *social.LinkError
	if !errors.As(err, &e) {
		r.t.Fatalf("%v is no LinkError", err)
	}
	if e.Class != want || e.Message == "" {
		r.t.Fatalf("class %d: %v; want class %d", e.Class, e, want)
	}
	var secrets map[string]any
	if err := json.Unmarshal(r.login.Secret, &secrets); err != nil {
		r.t.Fatal(err)
	}
	for name, s := range secrets {
		if s, ok := s.(string); ok && s != "" && strings.Contains(e.Error()+string(e.Message)+string(e.Remedy), s) {
			r.t.Errorf("the error tells the %s: %v", name, e)
		}
	}
	return e
}

func count(calls []string, pattern string) (n int) {
	for _, c := range calls {
		if c == pattern {
			n++
		}
	}
	return n
}
