package bluesky

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"engawa/social"
)

// jwt is a token that ends at a time; its signature is nobody's.
func jwt(end time.Time) string {
	return "e30." + base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, `{"exp":%d}`, end.Unix())) + ".x"
}

func (r *rig) tokensAnswer(refresh string) string {
	return fmt.Sprintf(`{"accessJwt":"%s","refreshJwt":"%s","did":"%s","handle":"alice.test"}`, jwt(r.clock.Now().Add(2*time.Hour)), refresh, aliceDID)
}

const getSession = "com.atproto.server.getSession"

// answerSession answers getSession for alice where the token is not the old one.
func (r *rig) answerSession() {
	r.on(getSession, func(w http.ResponseWriter, req *http.Request) {
		if req.Header.Get("Authorization") == "Bearer access-secret" {
			answerWith(w, 400, `{"error":"ExpiredToken","message":"Token has expired"}`)
			return
		}
		answerWith(w, 200, `{"did":"`+aliceDID+`","handle":"alice.test","active":true}`)
	})
}

// TestOneRenewal: twenty calls at once with a token that has ended renew once, and keep the new one before its use.
func TestOneRenewal(t *testing.T) {
	r := newRig(t)
	r.answerSession()
	r.on("com.atproto.server.refreshSession", func(w http.ResponseWriter, req *http.Request) {
		if got := req.Header.Get("Authorization"); got != "Bearer refresh-secret" {
			t.Errorf("renewed with %q", got)
		}
		answerWith(w, 200, r.tokensAnswer("second-secret"))
	})
	l := r.login()
	var kept []string
	l.Keep = func(_ context.Context, secret []byte, _ social.Millis) error {
		kept = append(kept, string(secret))
		if n := r.count(getSession); n > 20 {
			t.Errorf("%d calls before the new tokens were kept", n)
		}
		return nil
	}
	var group sync.WaitGroup
	for range 20 {
		group.Go(func() {
			link := *l.Link
			own := *l
			own.Link = &link
			if err := r.Check(t.Context(), &own); err != nil {
				t.Errorf("%v (%v)", err, errors.Unwrap(err))
			}
		})
	}
	group.Wait()
	if n := r.count("com.atproto.server.refreshSession"); n != 1 || len(kept) != 1 || !strings.Contains(kept[0], "second-secret") {
		t.Errorf("%d renewals, kept %d times", n, len(kept))
	}
	// a Login that was read before the renewal
	if err := r.Check(t.Context(), l); err != nil || r.count("com.atproto.server.refreshSession") != 1 {
		t.Errorf("%v", err)
	}
	// one that was linked anew
	anew := r.loginWith(credentials{DID: aliceDID, PDS: r.server.URL, Since: start.UnixMilli() + 1, Access: "anew", Refresh: "r", Password: "p"})
	r.on(getSession, func(w http.ResponseWriter, req *http.Request) {
		if got := req.Header.Get("Authorization"); got != "Bearer anew" {
			t.Errorf("after linking anew: %q", got)
		}
		answerWith(w, 200, `{"did":"`+aliceDID+`"}`)
	})
	if err := r.Check(t.Context(), anew); err != nil {
		t.Error(err)
	}
}

// TestNotKept: tokens that could not be stored are not used, and not lost.
func TestNotKept(t *testing.T) {
	r := newRig(t)
	r.answerSession()
	r.say("com.atproto.server.refreshSession", 200, r.tokensAnswer("second-secret"))
	l := r.login()
	full := errors.New("disk full")
	l.Keep = func(context.Context, []byte, social.Millis) error { return full }
	r.class(r.Check(t.Context(), l), social.TryAgain, "could not be stored")
	r.class(r.Check(t.Context(), l), social.TryAgain, "could not be stored")
	if n := r.count(getSession); n != 1 {
		t.Errorf("%d calls with tokens that are not kept", n-1)
	}
	l.Keep = func(context.Context, []byte, social.Millis) error { return nil }
	if err := r.Check(t.Context(), l); err != nil {
		t.Error(err)
	}
	if n := r.count("com.atproto.server.refreshSession"); n != 1 {
		t.Errorf("renewed %d times", n)
	}
}

// TestPasswordAgain: the password is used when the refresh token has ended, and not again at once.
func TestPasswordAgain(t *testing.T) {
	r := newRig(t)
	r.answerSession()
	r.say("com.atproto.server.refreshSession", 400, `{"error":"ExpiredToken","message":"Token has been revoked"}`)
	r.on("com.atproto.server.createSession", func(w http.ResponseWriter, _ *http.Request) {
		if got := r.body("com.atproto.server.createSession"); got != `{"identifier":"did:plc:alice","password":"password-secret"}` {
			t.Errorf("logs in with %s", got)
		}
		answerWith(w, 200, r.tokensAnswer("third-secret"))
	})
	l := r.login()
	if err := r.Check(t.Context(), l); err != nil {
		t.Fatal(err)
	}
	r.clock.Advance(3 * time.Hour)
	r.clock.Set(start.Add(time.Minute)) // the tokens are refused although they look good
	r.say(getSession, 400, `{"error":"InvalidToken","message":"x"}`)
	e := r.class(r.Check(t.Context(), l), social.TryAgain, "after a pause")
	if e.After != (4 * time.Minute).Milliseconds() {
		t.Errorf("after %d", e.After)
	}
	if n := r.count("com.atproto.server.createSession"); n != 1 {
		t.Errorf("%d log-ins within a minute", n)
	}
	r.clock.Advance(5 * time.Minute)
	r.say("com.atproto.server.createSession", 401, `{"error":"AuthenticationRequired","message":"Invalid identifier or password"}`)
	r.class(r.Check(t.Context(), l), social.Reconnect, "password is wrong")
}

// TestServerDown: a server that is down costs no log-in.
func TestServerDown(t *testing.T) {
	r := newRig(t)
	r.answerSession()
	r.say("com.atproto.server.refreshSession", 503, ``)
	r.class(r.Check(t.Context(), r.login()), social.TryAgain, "renewing")
	if r.count("com.atproto.server.createSession") != 0 {
		t.Error("logged in again")
	}
}

func TestSecrets(t *testing.T) {
	r := newRig(t)
	for _, secret := range []string{"", "null", "{}", "x", `{"did":"alice","pds":"https://a.example","password":"p"}`, `{"did":"did:plc:a","password":"p"}`} {
		r.class(r.Check(t.Context(), &social.Login{Link: &social.Link{}, Secret: []byte(secret)}), social.Reconnect, "kept here")
	}
	l := r.login()
	r.say(getSession, 200, `{"did":"did:plc:bob","handle":"bob.test"}`)
	r.class(r.Check(t.Context(), l), social.Reconnect, "another account")
	r.say(getSession, 200, `{"did":"did:plc:alice","handle":"alice.test","active":false,"status":"takendown"}`)
	r.class(r.Check(t.Context(), l), social.Reconnect, "taken this account down")
}

// TestManySessions: what is remembered of Links is bounded.
func TestManySessions(t *testing.T) {
	var s sessions
	for i := range maxSessions + 50 {
		s.get(social.ID(i+1), &credentials{DID: aliceDID})
	}
	if len(s.kept) != maxSessions {
		t.Errorf("%d are kept", len(s.kept))
	}
	if _, ok := s.kept[sessionKey{1, aliceDID}]; ok {
		t.Error("the one used longest ago was kept")
	}
}

func TestJWTEnd(t *testing.T) {
	for token, want := range map[string]social.Millis{jwt(start): start.UnixMilli(), "": 0, "a.b.c": 0, "opaque": 0, "e30.e30.x": 0, "e30." + base64.RawURLEncoding.EncodeToString([]byte(`{"exp":-5}`)) + ".": 0} {
		if got := jwtEnd(token); got != want {
			t.Errorf("%q: %d, want %d", token, got, want)
		}
	}
}
