package bluesky

import (
	"errors"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"engawa/social"
)

func TestFailures(t *testing.T) {
	reset := strconv.FormatInt(start.Add(90*time.Second).Unix(), 10)
	for name, tt := range map[string]struct {
		status int
		header map[string]string
		body   string
		class  social.LinkFailure
		words  string
		after  social.Millis
	}{
		"rate, reset":     {429, map[string]string{"RateLimit-Reset": reset}, `{"error":"RateLimitExceeded","message":"Rate Limit Exceeded"}`, social.TryAgain, "asks to wait", 91_000},
		"rate, retry":     {429, map[string]string{"Retry-After": "7"}, ``, social.TryAgain, "asks to wait", 7_000},
		"rate, for ever":  {429, map[string]string{"RateLimit-Reset": "99999999999"}, ``, social.TryAgain, "asks to wait", 86_400_000},
		"rate, past":      {429, map[string]string{"RateLimit-Reset": "1"}, ``, social.TryAgain, "asks to wait", 0},
		"takedown":        {400, nil, `{"error":"AccountTakedown","message":"Account has been taken down"}`, social.Reconnect, "taken this account down", 0},
		"deactivated":     {400, nil, `{"error":"AccountDeactivated","message":"x"}`, social.Reconnect, "deactivated", 0},
		"too long":        {400, nil, `{"error":"InvalidRequest","message":"Invalid app.bsky.feed.post record: grapheme too big (maximum 300, got 301) at $.record.text"}`, social.FixPost, "too long", 0},
		"blob too big":    {400, nil, `{"error":"InvalidRequest","message":"blob too big (maximum 500, got 600)"}`, social.FixPost, "too large", 0},
		"bad record":      {400, nil, `{"error":"InvalidRequest","message":"Invalid app.bsky.feed.post record: x"}`, social.FixPost, "does not take this post", 0},
		"scope":           {403, nil, `{"error":"InsufficientScope","message":"x"}`, social.Reconnect, "does not cover", 0},
		"forbidden":       {403, nil, `{}`, social.Unsupported, "does not allow", 0},
		"odd refusal":     {418, nil, `<html>`, social.FixPost, "does not take this post", 0},
		"body too big":    {413, nil, ``, social.FixPost, "too large", 0},
		"server error":    {500, nil, `{"error":"InternalServerError","message":"Internal Server Error"}`, social.TryAgain, "a problem of its own", 0},
		"gateway":         {502, nil, `<html>`, social.TryAgain, "a problem of its own", 0},
		"not a result":    {200, nil, `{"ok":true}`, social.TryAgain, "is not understood", 0},
		"not JSON":        {200, nil, `<html>`, social.TryAgain, "is not understood", 0},
		"redirect":        {302, map[string]string{"Location": "https://evil.example/"}, ``, social.TryAgain, "a problem of its own", 0},
		"not implemented": {501, nil, `{"error":"MethodNotImplemented","message":"Method Not Implemented"}`, social.Unsupported, "cannot do this", 0},
	} {
		r := newRig(t)
		r.on("com.atproto.repo.putRecord", func(w http.ResponseWriter, _ *http.Request) {
			for k, v := range tt.header {
				w.Header().Set(k, v)
			}
			answerWith(w, tt.status, tt.body)
		})
		_, err := r.Send(t.Context(), r.login(), good())
		t.Log(name)
		if e := r.class(err, tt.class, tt.words); e.After != tt.after {
			t.Errorf("after %d, want %d", e.After, tt.after)
		}
	}
}

func TestUnreachable(t *testing.T) {
	r := newRig(t)
	l := r.login()
	r.server.Close()
	_, err := r.Send(t.Context(), l, good())
	r.class(err, social.TryAgain, "cannot be reached")
	if err := r.failure("x", nil); err != nil {
		t.Error(err)
	}
	own := &social.LinkError{Message: "said before"}
	if got := r.failure("x", own); got != error(own) {
		t.Error(got)
	}
}

// TestEndlessAnswer: an answer is read up to a bound.
func TestEndlessAnswer(t *testing.T) {
	r := newRig(t)
	r.on("com.atproto.repo.putRecord", func(w http.ResponseWriter, _ *http.Request) {
		for range 2 << 10 {
			if _, err := w.Write(make([]byte, 1<<10)); err != nil {
				return
			}
		}
	})
	_, err := r.Send(t.Context(), r.login(), good())
	r.class(err, social.TryAgain, "is not understood")
}

// TestLongAnswers: what is too long is asked for in smaller pieces.
func TestLongAnswers(t *testing.T) {
	r := newRig(t)
	unless := func(name, value, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, req *http.Request) {
			if req.URL.Query().Get(name) != value {
				body := strings.Repeat(" ", maxAnswer+2)
				answerWith(w, 200, body)
				return
			}
			answerWith(w, 200, body)
		}
	}
	r.on("app.bsky.feed.getPostThread", unless("depth", "1", `{"thread":{"post":`+viewJSON("a", plainRecord, "", "")+`}}`))
	if b, err := r.Thread(t.Context(), r.login(), social.Ref{ID: "at://did:plc:bob/app.bsky.feed.post/a"}, 5); err != nil || len(b.Items) != 1 {
		t.Errorf("%+v, %v", b, err)
	}
	r.on("app.bsky.feed.getTimeline", unless("limit", "5", `{"feed":[{"post":`+viewJSON("a", plainRecord, "", "")+`}]}`))
	if b, err := r.Read(t.Context(), r.login(), social.LaneHome, "", 40); err != nil || len(b.Items) != 1 {
		t.Errorf("%+v, %v", b, err)
	}
	r.on("app.bsky.feed.getTimeline", unless("limit", "0", ``))
	_, err := r.Read(t.Context(), r.login(), social.LaneHome, "", 40)
	r.class(err, social.TryAgain, "reading")
}

// TestGone: deleting or taking back what is not there is done already.
func TestGone(t *testing.T) {
	r := newRig(t)
	r.say("com.atproto.repo.deleteRecord", 400, `{"error":"InvalidRequest","message":"Could not locate record: at://x"}`)
	r.say("com.atproto.repo.getRecord", 400, `{"error":"RecordNotFound","message":"Could not locate record"}`)
	mine := social.Ref{ID: "at://did:plc:alice/app.bsky.feed.post/3jz"}
	if _, err := r.Delete(t.Context(), r.login(), mine); err != nil {
		t.Error(err)
	}
	if s, err := r.Find(t.Context(), r.login(), good()); s != nil || err != nil {
		t.Error(s, err)
	}
	_, err := r.Edit(t.Context(), r.login(), mine, good())
	r.class(err, social.NotThere, "not on Bluesky any more")
	for _, ref := range []string{"at://did:plc:bob/app.bsky.feed.post/3jz", "https://bsky.app/", ""} {
		_, err := r.Delete(t.Context(), r.login(), social.Ref{ID: ref})
		r.class(err, social.FixPost, "not a post of the linked account")
	}
	r.say("com.atproto.repo.deleteRecord", 500, ``)
	_, err = r.Delete(t.Context(), r.login(), mine)
	r.class(err, social.TryAgain, "deleting")
}

func TestDeeds(t *testing.T) {
	r := newRig(t)
	for _, d := range []social.Deed{
		{Verb: social.Like, Content: "🍵"}, {Verb: social.Flag}, {Verb: social.Undo, Undo: social.Flag},
	} {
		_, err := r.Do(t.Context(), r.login(), &d)
		r.class(err, social.Unsupported, "Bluesky has")
	}
	_, err := r.Do(t.Context(), r.login(), &social.Deed{Verb: social.FollowVerb, Stranger: social.Stranger{URI: "https://home.example/users/bob"}})
	r.class(err, social.FixPost, "not on Bluesky")
	// a like of another app is found, not made a second time
	r.say("com.atproto.repo.getRecord", 400, `{"error":"RecordNotFound"}`)
	r.say("app.bsky.feed.getPosts", 200, `{"posts":[`+viewJSON("a", plainRecord, "", `,"viewer":{"like":"at://did:plc:alice/app.bsky.feed.like/other"}`)+`]}`)
	made, err := r.Do(t.Context(), r.login(), &social.Deed{Verb: social.Like, Post: social.Ref{ID: "at://did:plc:bob/app.bsky.feed.post/a"}})
	if err != nil || made.ID != "at://did:plc:alice/app.bsky.feed.like/other" || r.count("com.atproto.repo.putRecord") != 0 {
		t.Errorf("%+v, %v", made, err)
	}
	var e *social.LinkError
	if errors.As(err, &e) {
		t.Error(e)
	}
}
