package x_test

import (
	"context"
	"encoding/json"
	"net/url"
	"testing"
	"time"

	"engawa/network"
	"engawa/network/x"
	"engawa/social"
)

// The example of OAuth Core 1.0, appendix A.5, and the same with characters that
// encodings treat differently, reckoned by another implementation.
func TestSignature(t *testing.T) {
	params := [][2]string{
		{"oauth_consumer_key", "dpf43f3p2l4k3l03"},
		{"oauth_token", "nnch734d00sl2jdk"},
		{"oauth_signature_method", "HMAC-SHA1"},
		{"oauth_timestamp", "1191242096"},
		{"oauth_nonce", "kllo9940pd9333jh"},
		{"oauth_version", "1.0"},
	}
	for _, c := range []struct{ address, want string }{
		{"http://photos.example.net/photos?file=vacation.jpg&size=original", "tR3+Ty81lMeYAr/Fid0kMTYa/WM="},
		{"http://photos.example.net/photos?file=%E7%B8%81%E5%81%B4+%2B%2A~%25&size=original", "o/hpyQeS7KJc4at0JtuCtIVai6E="},
	} {
		u, err := url.Parse(c.address)
		if err != nil {
			t.Fatal(err)
		}
		if got := x.Signature("GET", u, params, "kd94hf93k423kf44", "pfkkdhi9sl3r4s00"); got != c.want {
			t.Errorf("%s is signed %s, want %s", c.address, got, c.want)
		}
	}
}

func TestLinkingWithFourKeys(t *testing.T) {
	r := newRig(t)
	l := r.login
	if l.Account != r.me.ID || l.Handle != "fono" || l.URL != r.fake.URL+"/fono" || !l.Can.Has(social.AblePost|social.AbleDelete|social.AbleMedia) ||
		l.Can.Has(social.AbleEdit) || l.Can.Has(social.AbleRead) || l.Limits.Characters != 280 {
		t.Errorf("linked as %+v", *l.Link)
	}
	r.me.Subscription = "Premium"
	l.Settings = []byte(`{"read":true}`)
	if err := r.x.Check(t.Context(), l); err != nil || l.Limits.Characters != 25000 || !l.Can.Has(social.AbleRead) {
		t.Errorf("after Check: %v, %+v, %b", err, l.Limits, l.Can)
	}
	r.me.TokenSecret = "another"
	r.failure(r.x.Check(t.Context(), l), social.Reconnect)
}

func TestLinkingWithBadKeys(t *testing.T) {
	r := newRig(t)
	whole := map[string]string{"consumerKey": r.fake.App.ConsumerKey, "consumerSecret": r.fake.App.ConsumerSecret, "token": r.me.Token, "tokenSecret": r.me.TokenSecret}
	for _, c := range []struct {
		name, field, value string
		want               social.LinkFailure
	}{
		{"a wrong app secret", "consumerSecret", "no", social.Reconnect},
		{"a wrong user secret", "tokenSecret", "no", social.Reconnect},
		{"an unknown token", "token", "no", social.Reconnect},
		{"a missing one", "token", "", social.FixPost},
	} {
		t.Run(c.name, func(t *testing.T) {
			fields := map[string]string{}
			for k, v := range whole {
				fields[k] = v
			}
			fields[c.field] = c.value
			_, err := r.x.Begin(t.Context(), network.LinkInput{Fields: fields})
			r.failure(err, c.want)
		})
	}
	_, err := r.x.Begin(t.Context(), network.LinkInput{})
	r.failure(err, social.FixPost)
	_, err = r.x.Send(t.Context(), &social.Login{Link: r.login.Link, Secret: []byte("{}")}, r.part("a"))
	r.failure(err, social.Reconnect)
}

func TestOAuth2(t *testing.T) {
	r := newRig(t)
	l, kept := r.oauth2()
	if l.Account != r.me.ID || l.ExpiresAt != 0 {
		t.Errorf("linked as %+v", *l.Link)
	}
	if _, err := r.x.Send(t.Context(), l, r.part("一")); err != nil || len(*kept) != 0 {
		t.Fatalf("with a fresh token: %v, kept %d", err, len(*kept))
	}
	r.clock.Advance(3 * time.Hour)
	if _, err := r.x.Send(t.Context(), l, r.part("二")); err != nil || len(*kept) != 1 {
		t.Fatalf("after the token ended: %v, kept %d", err, len(*kept))
	}
	// The same Login, opened before the renewal: the spent refresh token must not be used again.
	if _, err := r.x.Send(t.Context(), l, r.part("三")); err != nil || r.fake.Renewals() != 1 {
		t.Fatalf("with the old Login: %v, %d renewals", err, r.fake.Renewals())
	}
	r.clock.Advance(3 * time.Hour)
	if _, err := r.x.Send(t.Context(), l, r.part("四")); err != nil || r.fake.Renewals() != 2 {
		t.Fatalf("a second renewal with the old Login: %v, %d renewals", err, r.fake.Renewals())
	}
	// Another process knows only what was kept.
	again := &x.X{HTTP: noRedirects(), Clock: r.clock, API: r.fake.URL, Site: r.fake.URL}
	l.Secret = (*kept)[len(*kept)-1]
	r.fake.Revoke(false)
	if _, err := again.Send(t.Context(), l, r.part("五")); err != nil || r.fake.Renewals() != 3 {
		t.Fatalf("an access token refused before its time: %v, %d renewals", err, r.fake.Renewals())
	}
	l.Secret = (*kept)[len(*kept)-1]
	r.fake.Revoke(true)
	_, err := again.Send(t.Context(), l, r.part("六"))
	r.failure(err, social.Reconnect)
}

func TestRenewedTokensAreKeptBeforeTheyAreUsed(t *testing.T) {
	r := newRig(t)
	l, _ := r.oauth2()
	r.clock.Advance(3 * time.Hour)
	before := len(r.fake.Calls())
	var seen []string
	l.Keep = func(_ context.Context, secret []byte, expires social.Millis) error {
		seen = r.fake.Calls()[before:]
		var k map[string]any
		if err := json.Unmarshal(secret, &k); err != nil || k["refreshToken"] == "" || expires != 0 {
			t.Errorf("kept %s, %d: %v", secret, expires, err)
		}
		return nil
	}
	if _, err := r.x.Send(t.Context(), l, r.part("a")); err != nil {
		t.Fatal(err)
	}
	if len(seen) != 1 || seen[0] != "POST /2/oauth2/token" {
		t.Errorf("before Keep X was asked %v", seen)
	}
}

func TestFinishRefuses(t *testing.T) {
	r := newRig(t)
	begin := func() *network.LinkStep {
		step, err := r.x.Begin(t.Context(), network.LinkInput{Callback: "https://home.example/back",
			Fields: map[string]string{"clientId": r.fake.App.ClientID, "clientSecret": r.fake.App.ClientSecret}})
		if err != nil {
			t.Fatal(err)
		}
		return step
	}
	for _, c := range []struct {
		name   string
		change func(step *network.LinkStep, back url.Values)
		want   social.LinkFailure
	}{
		{"another state", func(_ *network.LinkStep, b url.Values) { b.Set("state", "x") }, social.FixPost},
		{"no state", func(_ *network.LinkStep, b url.Values) { b.Del("state") }, social.FixPost},
		{"a person who says no", func(_ *network.LinkStep, b url.Values) { b.Set("error", "access_denied"); b.Del("code") }, social.FixPost},
		{"a made-up code", func(_ *network.LinkStep, b url.Values) { b.Set("code", "code-999") }, social.Reconnect},
		{"a broken state", func(s *network.LinkStep, _ url.Values) { s.State = []byte("{") }, social.FixPost},
		{"a late code", func(*network.LinkStep, url.Values) { r.clock.Advance(time.Minute) }, social.Reconnect},
	} {
		t.Run(c.name, func(t *testing.T) {
			step := begin()
			back := r.visit(step.URL)
			c.change(step, back)
			_, err := r.x.Finish(t.Context(), step.State, back)
			r.failure(err, c.want)
		})
	}
}
