package mastodon

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"engawa/network/mastodon/fake"
	"engawa/social"
)

func TestRefusals(t *testing.T) {
	x := newRig(t, fake.Mastodon)
	reset := x.clock.Now().Add(2 * time.Minute)
	for name, c := range map[string]struct {
		status int
		body   string
		header http.Header
		want   social.LinkFailure
		after  social.Millis
		says   string
	}{
		"revoked":      {401, `{"error":"The access token was revoked"}`, nil, social.Reconnect, 0, "was revoked"},
		"scopes":       {403, `{"error":"This action is outside the authorized scopes"}`, nil, social.Reconnect, 0, "scopes"},
		"disabled":     {403, `{"error":"Your login is currently disabled"}`, nil, social.Reconnect, 0, "disabled"},
		"not allowed":  {403, `{"error":"This action is not allowed"}`, nil, social.FixPost, 0, "not allowed"},
		"no parent":    {404, `{"error":"Record not found"}`, nil, social.NotThere, 0, ""},
		"gone":         {410, ``, nil, social.NotThere, 0, ""},
		"too large":    {413, `<html>`, nil, social.FixPost, 0, "too large"},
		"validation":   {422, `{"error":"Validation failed: Text character limit of 500 exceeded"}`, nil, social.FixPost, 0, "limit of 500"},
		"many, a time": {429, `{"error":"Too many requests"}`, http.Header{"X-Ratelimit-Reset": {reset.UTC().Format("2006-01-02T15:04:05.000000Z")}}, social.TryAgain, 119_000, ""},
		"many, Unix":   {429, ``, http.Header{"X-Ratelimit-Reset": {"1795597320"}}, social.TryAgain, 119_000, ""},
		"many, later":  {429, ``, http.Header{"Retry-After": {"60"}}, social.TryAgain, 60_000, ""},
		"many, absurd": {429, ``, http.Header{"Retry-After": {"99999999999"}}, social.TryAgain, 0, ""},
		"500":          {500, `<html>oops`, nil, social.Uncertain, 0, ""},
		"502":          {502, ``, nil, social.Uncertain, 0, ""},
		"moved":        {301, ``, http.Header{"Location": {"https://elsewhere.example/"}}, social.Reconnect, 0, "elsewhere.example"},
		"long words":   {422, `{"error":"` + strings.Repeat("x", 10000) + `"}`, nil, social.FixPost, 0, ""},
		"odd words":    {422, `{"error":{"a":[1]}}`, nil, social.FixPost, 0, ""},
		"nonsense":     {200, `[1,2]`, nil, social.Uncertain, 0, ""},
		"broken":       {200, `{"id":`, nil, social.Uncertain, 0, ""},
		"too much":     {200, strings.Repeat(" ", 2<<20), nil, social.Uncertain, 0, ""},
	} {
		x.Fail("POST /api/v1/statuses", c.status, c.body, c.header)
		_, err := x.n.Send(t.Context(), x.login, &social.Part{Key: name, Text: "a"})
		e, _ := err.(*social.LinkError)
		if class(err) != c.want || !strings.Contains(err.Error(), c.says) || len(err.Error()) > 1000 || strings.Contains(err.Error(), fake.Token) {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if d := e.After - c.after; c.after != 0 && (d < -1100 || d > 1100) {
			t.Errorf("%s: after %d, not %d", name, e.After, c.after)
		}
		if c.status == 422 && e.Remedy == "" {
			t.Errorf("%s: no remedy", name)
		}
	}
	x.Fail("GET /api/v1/timelines/home", 503, `{"error":"There was a temporary problem"}`, nil)
	if _, err := x.n.Read(t.Context(), x.login, social.LaneHome, "", 5); class(err) != social.TryAgain {
		t.Errorf("reading, 503: %v", err)
	}
	x.Revoke()
	if _, err := x.n.Read(t.Context(), x.login, social.LaneHome, "", 5); class(err) != social.Reconnect {
		t.Errorf("reading, revoked: %v", err)
	}
}

// A post whose arrival is unknown is found, within the hour of its key and after it.
func TestUncertain(t *testing.T) {
	x := newRig(t, fake.Mastodon)
	p := &social.Part{Key: "k", Text: "縁側 <b> & https://example.org/a", Warning: "cw", CreatedAt: x.now()}
	x.Put(fake.JSON{"content": "<p>other</p>", "_source": "other"})
	x.Cut("POST /api/v1/statuses") // the transport itself tries again, as there is a key
	x.Cut("POST /api/v1/statuses")
	if _, err := x.n.Send(t.Context(), x.login, p); class(err) != social.Uncertain {
		t.Fatalf("cut: %v", err)
	}
	all := x.Statuses()
	want := all[len(all)-1]["id"]
	x.clock.skip(3 * time.Hour)
	found, err := x.n.Find(t.Context(), x.login, p)
	if err != nil || found == nil || found.Ref.ID != want {
		t.Fatalf("found %+v, %v; want %v", found, err, want)
	}
	x.Fail("POST /api/v1/statuses", 500, "", nil)
	q := &social.Part{Key: "k2", Text: "two", CreatedAt: x.now()}
	if _, err := x.n.Send(t.Context(), x.login, q); class(err) != social.Uncertain {
		t.Errorf("500: %v", err)
	}
	if found, err := x.n.Find(t.Context(), x.login, q); found != nil || err != nil {
		t.Errorf("found what was never made: %+v %v", found, err)
	}
	again := &social.Part{Key: "k3", Text: p.Text, Warning: "cw", CreatedAt: x.now()}
	if found, err := x.n.Find(t.Context(), x.login, again); found != nil || err != nil {
		t.Errorf("an older post with the same text was taken: %+v %v", found, err)
	}
	x.Server.Close()
	if _, err := x.n.Send(t.Context(), x.login, q); class(err) != social.TryAgain {
		t.Errorf("no connection at all: %v", err)
	}
	if _, err := x.n.Find(t.Context(), x.login, q); class(err) != social.TryAgain {
		t.Errorf("no connection at all: %v", err)
	}
}

// Media that take their time are waited for; those that cannot be used are told.
func TestSlowMedia(t *testing.T) {
	for _, c := range []struct {
		kind  fake.Make
		looks int
		want  social.LinkFailure
		waits int
	}{{fake.Mastodon, 0, ok, 0}, {fake.OldMastodon, 0, ok, 0}, {fake.Mastodon, 3, ok, 4}, {fake.Mastodon, -1, social.FixPost, 1}, {fake.Mastodon, 1000, social.TryAgain, looks}} {
		x := newRig(t, c.kind)
		x.Slow(c.looks)
		_, err := x.n.Send(t.Context(), x.login, &social.Part{Key: "k", Text: "a", Media: []social.PartFile{{Kind: social.Video, Alt: strings.Repeat("あ", 2000)}}})
		if class(err) != c.want || x.waits != c.waits {
			t.Errorf("%d looks: %v after %d waits", c.looks, err, x.waits)
		}
	}
}
