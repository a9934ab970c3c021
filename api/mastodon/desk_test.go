package mastodon_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"engawa/api/mastodon"
	"engawa/auth"
	"engawa/internal/clock"
	"engawa/internal/keys"
	"engawa/internal/snowflake"
	"engawa/social"
	"engawa/store"
)

// desk is a home with its API over a real store, and what was told on its bus.
type desk struct {
	*testing.T
	home  *social.Home
	api   *mastodon.API
	clock *clock.Fake
	http  http.Handler
	files *files

	mu     sync.Mutex
	events []social.Event
}

// Publish keeps Events and tells those who hold something of a User.
func (d *desk) Publish(e social.Event) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.events = append(d.events, e)
	d.api.Grants.Drop(e)
}

func (d *desk) told(t social.EventType) int {
	d.mu.Lock()
	defer d.mu.Unlock()
	n := 0
	for _, e := range d.events {
		if e.Type == t {
			n++
		}
	}
	return n
}

// idle is a queue that leaves every Job to be claimed.
type idle struct{}

func (idle) Hold() (social.ID, social.Millis) { return 0, 0 }
func (idle) Push([]social.Job)                {}

// abroad knows the neighbours by handle, and counts how often it was asked.
type abroad struct {
	home  *social.Home
	known map[string]*social.Actor
	asked []string
}

func (a *abroad) ActorByURI(context.Context, string) (*social.Actor, error) {
	return nil, social.ErrNotFound
}

func (a *abroad) ActorByHandle(ctx context.Context, name, domain string) (*social.Actor, error) {
	a.asked = append(a.asked, name+"@"+domain)
	found := a.known[name+"@"+domain]
	if found == nil {
		return nil, social.ErrNotFound
	}
	if _, err := a.home.Do(ctx, &social.Activity{Verb: social.Update, Origin: social.Federated, Object: &social.Profile{Actor: *found}}); err != nil {
		return nil, err
	}
	return a.home.Store.ActorByHandle(ctx, name, domain)
}

func (a *abroad) PostByURI(context.Context, string) (*social.Post, error) {
	return nil, social.ErrNotFound
}

// files keeps what is uploaded in memory: anything that begins like a PNG.
type files struct {
	home    *social.Home
	dropped []string
}

var picture = []byte("\x89PNG\r\n\x1a\n a picture")

func (f *files) check(u mastodon.Upload) error {
	if !bytes.HasPrefix(u.Data, picture[:8]) {
		return &social.Error{Kind: social.Invalid, Op: "upload", Message: "Validation failed: File content type is invalid"}
	}
	return nil
}

func (f *files) Upload(ctx context.Context, actor social.ID, u mastodon.Upload) (*social.Media, error) {
	if err := f.check(u); err != nil {
		return nil, err
	}
	id := social.ID(f.home.IDs.Next())
	m := &social.Media{
		ID: id, Actor: actor, Kind: social.Image, ContentType: "image/png", Key: "media/" + id.String(), Description: u.Description,
		FocusX: u.Focus[0], FocusY: u.Focus[1], Width: 4, Height: 3, CreatedAt: clock.Millis(f.home.Clock.Now()),
	}
	return m, f.home.Store.Write(ctx, func(tx social.Tx) error { return tx.PutMedia(ctx, m) })
}

func (f *files) Picture(_ context.Context, kind string, u mastodon.Upload) (social.Picture, error) {
	key := kind + "/" + social.ID(f.home.IDs.Next()).String()
	return social.Picture{Key: key, StaticKey: key, Alt: u.Description}, f.check(u)
}

func (f *files) Drop(_ context.Context, m *social.Media) { f.dropped = append(f.dropped, m.Key) }

var testNow = time.Date(2026, 5, 17, 12, 0, 0, 0, time.UTC)

// newDesk opens an empty home.
func newDesk(t *testing.T) *desk {
	t.Helper()
	fake := clock.NewFake(testNow)
	s, err := store.Open(t.Context(), store.Config{DSN: "sqlite:" + filepath.Join(t.TempDir(), "engawa.db"), Node: 1, Clock: fake})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	master, err := keys.NewMaster(bytes.Repeat([]byte{7}, keys.MasterSize))
	if err != nil {
		t.Fatal(err)
	}
	d := &desk{T: t, clock: fake}
	d.home = &social.Home{
		Store: s, Bus: d, Queue: idle{}, Clock: fake, IDs: snowflake.New(1, fake), Master: master, Limits: social.DefaultLimits,
		Info: social.HomeInfo{ID: 1, Domain: "home.example", URL: "https://home.example", Name: "Home", CreatedAt: clock.Millis(testNow)},
	}
	d.home.Neighbours = &abroad{home: d.home}
	d.files = &files{home: d.home}
	grants := &auth.Grants{Store: s, Clock: fake}
	d.api = &mastodon.API{
		Home: d.home, Grants: grants, Media: d.files, Base: "https://home.example", Version: "test", Registration: "closed",
		Auth: &auth.Auth{Home: d.home, Grants: grants, CodeLife: time.Minute, OOBLife: 10 * time.Minute},
	}
	d.write(func(tx social.Tx) error { return tx.PutHome(t.Context(), &d.home.Info) })
	d.http = d.api.Handler()
	return d
}

func (d *desk) write(f func(tx social.Tx) error) {
	d.Helper()
	if err := d.home.Store.Write(d.Context(), f); err != nil {
		d.Fatal(err)
	}
}

// user makes a person of this home, without keys: nothing is signed here. The
// answer is the client of a token with every scope.
func (d *desk) user(name string) *client {
	d.Helper()
	id, now := social.ID(d.home.IDs.Next()), clock.Millis(d.clock.Now())
	a := &social.Actor{ID: id, Home: d.home.Info.ID, Domain: d.home.Info.Domain, Name: name, Kind: social.Person, CreatedAt: now, UpdatedAt: now, FetchedAt: now}
	social.ActorURIs(&d.home.Info, a)
	u := &social.User{ID: id, Email: name + "@mail.example", Locale: "en", CreatedAt: now, ConfirmedAt: now, ApprovedAt: now}
	d.write(func(tx social.Tx) error {
		if err := tx.PutActor(d.Context(), a); err != nil {
			return err
		}
		return tx.PutUser(d.Context(), u)
	})
	return d.token(id, "read", "write", "follow", "push", "profile")
}

// token makes a client of a User with these scopes; zero is an app's own.
func (d *desk) token(user social.ID, scopes ...string) *client {
	d.Helper()
	ctx := d.Context()
	app, err := d.api.Auth.Register(ctx, auth.Registration{Name: "Test", RedirectURIs: []string{auth.OOB}, Scopes: slices.Compact(slices.Sorted(slices.Values(scopes)))})
	if err != nil {
		d.Fatal(err)
	}
	t, err := d.api.Auth.NewToken(ctx, app.ID, user, scopes, "")
	if err != nil {
		d.Fatal(err)
	}
	return &client{desk: d, id: user, text: t.Text, app: app}
}

// client asks the API with one token.
type client struct {
	*desk
	id   social.ID
	text string
	app  *auth.Registered
}

// answer is what came back.
type answer struct {
	*client
	what string
	code int
	head http.Header
	body []byte
}

// ask sends a body of this type; kind "" sends none.
func (c *client) ask(method, path, kind, body string, head ...string) *answer {
	c.Helper()
	var r io.Reader
	if kind != "" {
		r = strings.NewReader(body)
	}
	req := httptest.NewRequest(method, "https://home.example"+path, r)
	if kind != "" {
		req.Header.Set("Content-Type", kind)
	}
	if c.text != "" {
		req.Header.Set("Authorization", "Bearer "+c.text)
	}
	for i := 0; i+1 < len(head); i += 2 {
		req.Header.Set(head[i], head[i+1])
	}
	w := httptest.NewRecorder()
	c.http.ServeHTTP(w, req)
	return &answer{c, method + " " + path, w.Code, w.Header(), w.Body.Bytes()}
}

const (
	jsonType = "application/json"
	formType = "application/x-www-form-urlencoded"
)

func (c *client) json(method, path, body string, head ...string) *answer {
	c.Helper()
	return c.ask(method, path, jsonType, body, head...)
}

func (c *client) form(method, path, body string) *answer {
	c.Helper()
	return c.ask(method, path, formType, body)
}

// parts sends a multipart body; a value that begins like a picture is a file.
func (c *client) parts(method, path string, values ...string) *answer {
	c.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for i := 0; i+1 < len(values); i += 2 {
		name, value := values[i], values[i+1]
		part, err := w.CreateFormField(name)
		if strings.HasPrefix(value, string(picture[:4])) {
			part, err = w.CreateFormFile(name, "picture.png")
		}
		if err == nil {
			_, err = io.WriteString(part, value)
		}
		if err != nil {
			c.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		c.Fatal(err)
	}
	return c.ask(method, path, w.FormDataContentType(), b.String())
}

// ok wants 200 and gives the answer as an object.
func (a *answer) ok() object {
	a.Helper()
	return a.status(http.StatusOK)
}

// status wants this status and gives the answer as an object.
func (a *answer) status(code int) object {
	a.Helper()
	if a.code != code {
		a.Fatalf("%s: %d %s; want %d", a.what, a.code, a.body, code)
	}
	var o object
	if err := json.Unmarshal(a.body, &o); err != nil {
		a.Fatalf("%s: %s is no object: %v", a.what, a.body, err)
	}
	return o
}

// fails wants this status and this error.
func (a *answer) fails(code int, message string) object {
	a.Helper()
	o := a.status(code)
	if got := o.text("error"); !strings.Contains(got, message) {
		a.Errorf("%s: %q; want %q", a.what, got, message)
	}
	return o
}

// object is a JSON object that was answered.
type object map[string]any

// at walks down a path of keys and places: "media_attachments.0.id".
func (o object) at(path string) any {
	var v any = map[string]any(o)
	for key := range strings.SplitSeq(path, ".") {
		switch x := v.(type) {
		case map[string]any:
			v = x[key]
		case []any:
			var n int
			if _, err := fmt.Sscanf(key, "%d", &n); err != nil || n >= len(x) {
				return nil
			}
			v = x[n]
		default:
			return nil
		}
	}
	return v
}

func (o object) text(path string) string {
	s, _ := o.at(path).(string)
	return s
}

// has compares parts of an object: path, value, path, value …
func (d *desk) has(o object, pairs ...any) {
	d.Helper()
	for i := 0; i+1 < len(pairs); i += 2 {
		got, want := o.at(pairs[i].(string)), pairs[i+1]
		if n, ok := want.(int); ok {
			want = float64(n)
		}
		if fmt.Sprint(got) != fmt.Sprint(want) {
			d.Errorf("%v is %v; want %v", pairs[i], got, want)
		}
	}
}

// forms says the same in the three forms of a body.
func (c *client) forms(method, path string, json string, form url.Values) map[string]func() *answer {
	return map[string]func() *answer{
		"JSON": func() *answer { return c.json(method, path, json) },
		"form": func() *answer { return c.form(method, path, form.Encode()) },
		"multipart": func() *answer {
			var values []string
			for _, name := range slices.Sorted(maps.Keys(form)) {
				for _, v := range form[name] {
					values = append(values, name, v)
				}
			}
			return c.parts(method, path, values...)
		},
	}
}

// say posts a text and gives the status's id.
func (c *client) say(text string, more ...string) string {
	c.Helper()
	form := url.Values{"status": {text}}
	for i := 0; i+1 < len(more); i += 2 {
		form.Add(more[i], more[i+1])
	}
	return c.form("POST", "/api/v1/statuses", form.Encode()).ok().text("id")
}
