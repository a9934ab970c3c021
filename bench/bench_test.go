package main

import (
	"context"
	"database/sql"
	"errors"
	"math"
	"net/http"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"engawa/internal/clock"
	"engawa/internal/httpsig"
	"engawa/network/activitypub"
	"engawa/social"
	"engawa/store"
)

func TestJudge(t *testing.T) {
	f := &floors{rsaSign: 0.8, rsaVerify: 0.03, row: 0.01, page: 0.1, answer: 0.1}
	for _, c := range []struct {
		key      string
		value    float64
		ok, good bool
		ratio    float64
	}{
		{"incoming", 0.5, true, false, 6.25},
		{"incoming", 0.25, true, true, 3.125},
		{"incoming", 0.51, false, false, 6.375},
		{"deliver-rsa", 0.88, true, true, 1.1},
		{"deliver-rsa", 0.89, true, false, 1.1125},
		{"hang", 2, false, false, 0},
		{"hang", 1.99, true, false, 0},
		{"page-depth", 0.2, true, true, 1},
	} {
		r := measureOf(t, c.key).judge(c.value, f)
		if r.OK != c.ok || r.Good != c.good || math.Abs(r.Ratio-c.ratio) > 1e-9 {
			t.Errorf("%s at %v: ok %v, wish %v, ratio %v; want %v, %v, %v", c.key, c.value, r.OK, r.Good, r.Ratio, c.ok, c.good, c.ratio)
		}
	}
}

func measureOf(t *testing.T, key string) *measure {
	t.Helper()
	for i := range table {
		if table[i].key == key {
			return &table[i]
		}
	}
	t.Fatalf("no measure %q", key)
	return nil
}

func TestTableIsWhole(t *testing.T) {
	f := &floors{rsaSign: 1, rsaVerify: 1, edSign: 1, row: 1, page: 1, answer: 1}
	seen := map[string]bool{}
	for i := range table {
		m := &table[i]
		if seen[m.key] || m.what == "" || m.unit.name == "" {
			t.Errorf("%q is not whole or not unique", m.key)
		}
		seen[m.key] = true
		if m.must == nil {
			continue
		}
		if m.wish(f) > m.must(f) && m.key != "deliver-rsa" { // whose wish rests on a floor of this run
			t.Errorf("%s: the wish %v is less than the must %v asks", m.key, m.wish(f), m.must(f))
		}
	}
}

// A measure that could not be taken fails the run and says why; others stay.
func TestFailing(t *testing.T) {
	b := &bench{floors: &floors{}, results: map[string]result{}, notes: map[string]string{}, only: regexp.MustCompile("")}
	if err := b.set("latency", 1, nil); err != nil {
		t.Fatal(err)
	}
	if !passed(b.list()) {
		t.Error("a good figure did not pass")
	}
	if err := b.failing([]string{"latency", "disk"}, errors.New("the stream ended")); err != nil {
		t.Fatal(err)
	}
	list := b.list()
	if len(list) != 2 || !list[0].OK || list[1].OK || passed(list) {
		t.Errorf("got %+v", list)
	}
	known := measureOf(t, "lane-post")
	if r := known.judge(1e9, b.floors); !r.OK || strings.Contains(line(&r), "≤") {
		t.Errorf("a figure without a limit: %q", line(&r))
	}
	if r := known.fail(errors.New("no"), b.floors); r.OK || !strings.Contains(line(&r), "FAIL") {
		t.Errorf("a figure that could not be taken passes: %q", line(&r))
	}
	if text := line(&list[1]); !strings.Contains(text, "none") || !strings.Contains(text, "FAIL") || !strings.Contains(text, "the stream ended") {
		t.Errorf("the line is %q", text)
	}
	if err := b.failing([]string{"disk"}, context.Canceled); err == nil {
		t.Error("an interrupt does not end the run")
	}
	if passed(nil) {
		t.Error("a run without results passed")
	}
}

func TestProc(t *testing.T) {
	if got := statCPU("12 (a) b) S 1 2 3 4 5 6 7 8 9 10 250 50 0 0 20"); got != 3*time.Second {
		t.Errorf("CPU is %v", got)
	}
	if got := statCPU("12 (a) S 1"); got != 0 {
		t.Errorf("CPU of a cut line is %v", got)
	}
	if got, err := statusRSS("Name:\ta\nVmRSS:\t   30720 kB\nVmHWM:\t 1 kB\n"); err != nil || got != 30 {
		t.Errorf("RSS is %v, %v", got, err)
	}
	if _, err := statusRSS("Name:\ta\n"); err == nil {
		t.Error("no RSS and no error")
	}
	before := ownCPU()
	for i := 0; ownCPU() == before && i < 1e9; i++ {
	}
	if ownCPU() <= before {
		t.Error("the clock of this process stands")
	}
}

func TestQuantile(t *testing.T) {
	list := []float64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}
	for _, c := range []struct{ q, want float64 }{{0, 1}, {0.5, 6}, {0.99, 10}, {1, 10}} {
		if got := quantile(list, c.q); got != c.want {
			t.Errorf("quantile %v is %v, want %v", c.q, got, c.want)
		}
	}
	if quantile(nil, 0.5) != 0 {
		t.Error("of nothing")
	}
}

// What the neighbours send is what the program takes.
func TestSignedCreate(t *testing.T) {
	w, err := newWorld()
	if err != nil {
		t.Fatal(err)
	}
	defer w.close()
	ours, err := httpsig.NewOrigins(homeBase)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 5 {
		body := createBody(authorURI(i), "test", i, "2026-01-01T00:00:00Z")
		req, err := w.signed(authorURI(i), "/inbox", body)
		if err != nil {
			t.Fatal(err)
		}
		req.Host = homeHost
		received := &http.Request{Method: req.Method, URL: req.URL, Host: req.Host, Header: req.Header, RequestURI: "/inbox"}
		sig, err := httpsig.Parse(received)
		if err == nil {
			err = sig.Verify(w.rsa.Public(), httpsig.NewDigest(body), time.Now(), ours)
		}
		if err != nil {
			t.Errorf("signature: %v", err)
		}
		in, err := activitypub.Decode(body)
		if err != nil {
			t.Fatalf("%v in %s", err, body)
		}
		if in.Verb != social.Create || in.Kind != social.ObjPost || in.Actor != authorURI(i) {
			t.Errorf("decoded as %v %v by %s", in.Verb, in.Kind, in.Actor)
		}
	}
}

// The data set is what the store reads: a page at any place, with what the posts need.
func TestFill(t *testing.T) {
	const n = 1000
	path := filepath.Join(t.TempDir(), "engawa.db")
	ctx := t.Context()
	open := func() *store.Store {
		s, err := store.Open(ctx, store.Config{DSN: "sqlite:" + path, Clock: clock.System})
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	s := open()
	if err := s.Migrate(ctx); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	const reader = 900_000
	db, err := sql.Open("sqlite", "file:"+path)
	if err != nil {
		t.Fatal(err)
	}
	_, err = db.Exec(`insert into actors (id, domain, name, name_key, kind, uri, created_at, updated_at, home) values ($1, 'h', 'reader', 'reader', 'Person', 'http://h/users/reader', 1, 1, 1);
		insert into users (id, created_at) values ($1, 1)`, reader)
	if err != nil {
		t.Fatal(err)
	}
	db.Close()
	if err := fill(ctx, path, n, slices.Concat(fillStatements, readStatements)); err != nil {
		t.Fatal(err)
	}
	s = open()
	defer s.Close()
	home := &social.Home{Store: s, Clock: clock.System, Limits: social.DefaultLimits}
	replies, boosts, pictures := 0, 0, 0
	for before := n + 1; before > 20; before -= 20 {
		l, err := home.HomeFeed(ctx, social.Viewer{Actor: reader, User: true}, social.Page{Limit: 20, MaxID: social.ID(dataID(before))})
		if err != nil {
			t.Fatal(err)
		}
		if len(l.Posts) != 20 || l.Posts[0].ID != social.ID(dataID(before-1)) {
			t.Fatalf("before %d: %d posts", before, len(l.Posts))
		}
		for _, p := range l.Posts {
			switch {
			case p.BoostOf != 0:
				boosts++
			case p.ReplyTo != 0:
				replies++
				if len(p.Mentions) != 1 || p.Mentions[0].Actor != p.ReplyToActor {
					t.Errorf("reply %v names %v", p.ID, p.Mentions)
				}
			}
			pictures += len(l.Media[p.ID])
		}
	}
	if boosts < n/12 || replies < n/6 || pictures < n/5 {
		t.Errorf("%d boosts, %d replies, %d pictures among %d", boosts, replies, pictures, n)
	}
}
