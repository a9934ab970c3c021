package server_test

import (
	"context"
	"crypto/ecdh"
	"crypto/rand"
	"crypto/tls"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	"engawa/internal/testca"
	"engawa/internal/webpush"
)

// pushed is what a push service got, as the browser behind it reads it.
type pushed struct {
	path, ttl, urgency, topic string
	encoding                  webpush.Encoding
	public                    string
	message                   map[string]any
}

// pushService is a push service with one browser behind it.
type pushService struct {
	*testing.T
	key    *ecdh.PrivateKey
	secret []byte
	got    chan pushed
	status chan int // what it answers before it takes anything
}

const pushHost = "push.test"

// pushHome is a home and a push service that it can reach.
func pushHome(t *testing.T) (*target, *pushService) {
	t.Helper()
	ca, err := testca.New()
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := ca.Leaf(pushHost)
	if err != nil {
		t.Fatal(err)
	}
	p := &pushService{T: t, got: make(chan pushed, 16), status: make(chan int, 16), secret: make([]byte, 16)}
	if p.key, err = ecdh.P256().GenerateKey(rand.Reader); err != nil {
		t.Fatal(err)
	}
	_, _ = rand.Read(p.secret)
	srv := httptest.NewUnstartedServer(p)
	srv.TLS = &tls.Config{Certificates: []tls.Certificate{leaf}}
	srv.StartTLS()
	t.Cleanup(srv.Close)
	roots := filepath.Join(t.TempDir(), "roots.pem")
	if err := os.WriteFile(roots, ca.PEM(), 0o600); err != nil {
		t.Fatal(err)
	}
	x := attack(t, "ENGAWA_EXTRA_ROOTS="+roots, "ENGAWA_HOSTS="+pushHost+"="+srv.Listener.Addr().String())
	x.work()
	return x, p
}

// work runs the home's jobs until the test ends.
func (x *target) work() {
	ctx, cancel := context.WithCancel(context.WithoutCancel(x.Context()))
	done := make(chan error, 1)
	go func() { done <- x.RunJobs(ctx) }()
	x.Cleanup(func() { cancel(); <-done })
}

func (p *pushService) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	select {
	case status := <-p.status:
		w.Header().Set("Retry-After", "1")
		w.WriteHeader(status)
		p.got <- pushed{path: r.URL.Path, topic: "refused"}
		return
	default:
	}
	body, _ := io.ReadAll(r.Body)
	sealed, proof, public, err := webpush.ReadSealed(r.Header, body)
	if err != nil {
		p.Error(err)
		return
	}
	if err := webpush.CheckProof(proof, public, "https://"+pushHost, time.Now()); err != nil {
		p.Error(err)
	}
	text, err := webpush.Open(p.key, p.secret, sealed)
	if err != nil {
		p.Error(err)
	}
	out := pushed{path: r.URL.Path, ttl: r.Header.Get("TTL"), urgency: r.Header.Get("Urgency"), topic: r.Header.Get("Topic"), encoding: sealed.Encoding, public: public}
	if err := json.Unmarshal(text, &out.message); err != nil {
		p.Error(err)
	}
	w.WriteHeader(http.StatusCreated)
	p.got <- out
}

// next waits for what is pushed next.
func (p *pushService) next() pushed {
	p.Helper()
	select {
	case got := <-p.got:
		return got
	case <-time.After(30 * time.Second):
		p.Fatal("nothing was pushed")
	}
	return pushed{}
}

// subscribe asks for pushes of some kinds.
func (p *pushService) subscribe(who *person, path, policy string, standard bool, kinds ...string) {
	alerts := map[string]any{}
	for _, k := range kinds {
		alerts[k] = true
	}
	enc := base64.RawURLEncoding
	got := who.json("POST", "/api/v1/push/subscription", map[string]any{
		"subscription": map[string]any{
			"endpoint": "https://" + pushHost + path, "standard": standard,
			"keys": map[string]any{"p256dh": enc.EncodeToString(p.key.PublicKey().Bytes()), "auth": enc.EncodeToString(p.secret)},
		},
		"data": map[string]any{"policy": policy, "alerts": alerts},
	})
	if got["server_key"] == "" || got["standard"] != standard {
		p.Errorf("the subscription says %v", got)
	}
}

func TestPushInBothEncodings(t *testing.T) {
	x, p := pushHome(t)
	hanako, taro := x.person("hanako"), x.person("taro")
	for _, standard := range []bool{true, false} {
		p.subscribe(hanako, "/to/hanako", "all", standard, "mention")
		taro.say("@hanako <b>縁側</b> & tea", "public", nil)
		got := p.next()
		want := webpush.AESGCM
		if standard {
			want = webpush.AES128GCM
		}
		if got.encoding != want || got.urgency != "normal" || got.topic == "" || got.ttl == "" || got.path != "/to/hanako" {
			t.Errorf("%+v", got)
		}
		instance := x.stranger().json("GET", "/api/v2/instance", map[string]any{})
		if key := instance["configuration"].(map[string]any)["vapid"].(map[string]any)["public_key"]; key != got.public {
			t.Errorf("the instance says the key %v, the proof is by %s", key, got.public)
		}
		m := got.message
		if m["access_token"] != hanako.token || m["notification_type"] != "mention" || m["preferred_locale"] != "en" ||
			m["title"] != "@taro mentioned you" && m["title"] != "taro mentioned you" || m["body"] != "@hanako <b>縁側</b> & tea" {
			t.Errorf("the message is %v", m)
		}
		if _, isNumber := m["notification_id"].(float64); !isNumber || m["icon"] != "https://"+host+"/avatars/missing.png" {
			t.Errorf("the message is %v", m)
		}
	}
}

// What is not wanted is left out; what comes after it is the proof.
func TestPushPolicies(t *testing.T) {
	x, p := pushHome(t)
	hanako, taro := x.person("hanako"), x.person("taro")
	post := hanako.say("hello", "public", nil)
	for _, c := range []struct {
		policy, kind string
		follow       func()
		wants        bool
	}{
		{"none", "favourite", func() {}, false},
		{"all", "mention", func() {}, false},
		{"followed", "favourite", func() {}, false},
		{"followed", "favourite", func() { hanako.json("POST", "/api/v1/accounts/"+taro.id.String()+"/follow", nil) }, true},
		{"follower", "favourite", func() {}, false},
		{"follower", "favourite", func() { taro.json("POST", "/api/v1/accounts/"+hanako.id.String()+"/follow", nil) }, true},
	} {
		c.follow()
		p.subscribe(hanako, "/case", c.policy, true, c.kind)
		taro.json("POST", "/api/v1/statuses/"+post+"/favourite", nil)
		x.settle()
		p.subscribe(hanako, "/after", "all", true, "mention")
		taro.say("@hanako mark", "public", nil)
		got := p.next()
		if (got.path == "/case") != c.wants {
			t.Errorf("%s of %s: pushed to %s", c.policy, c.kind, got.path)
		}
		if got.path == "/case" {
			p.next()
		}
		taro.json("POST", "/api/v1/statuses/"+post+"/unfavourite", nil)
	}
}

// settle waits until no job is left.
func (x *target) settle() {
	x.Helper()
	for range 3000 {
		counts, err := x.Home.Store.JobCounts(x.Context())
		if err != nil {
			x.Fatal(err)
		}
		n := int64(0)
		for kind, c := range counts {
			if kind == "push" {
				n += c
			}
		}
		if n == 0 {
			return
		}
		select {
		case <-x.Context().Done():
		case <-time.After(10 * time.Millisecond):
		}
	}
	x.Fatal("jobs are left")
}

func TestPushServiceThatRefuses(t *testing.T) {
	x, p := pushHome(t)
	hanako, taro := x.person("hanako"), x.person("taro")
	p.subscribe(hanako, "/busy", "all", true, "mention")
	p.status <- http.StatusTooManyRequests
	taro.say("@hanako one", "public", nil)
	if got := p.next(); got.topic != "refused" {
		t.Fatalf("%+v", got)
	}
	if got := p.next(); got.message["body"] != "@hanako one" {
		t.Errorf("it was not tried again: %+v", got)
	}
	for _, status := range []int{http.StatusGone, http.StatusNotFound, http.StatusForbidden} {
		p.subscribe(hanako, "/gone", "all", true, "mention")
		p.status <- status
		taro.say("@hanako two", "public", nil)
		p.next()
		x.settle()
		if a := hanako.get("/api/v1/push/subscription"); a.status != http.StatusNotFound {
			t.Errorf("after %d the subscription is answered with %d", status, a.status)
		}
	}
}

// An endpoint inside the house is asked nothing and forgotten (T74).
func TestPushGoesNowhereInside(t *testing.T) {
	x, p := pushHome(t)
	hanako, taro := x.person("hanako"), x.person("taro")
	enc := base64.RawURLEncoding
	hanako.json("POST", "/api/v1/push/subscription", map[string]any{
		"subscription": map[string]any{"endpoint": "https://127.0.0.1:1/x", "standard": true,
			"keys": map[string]any{"p256dh": enc.EncodeToString(p.key.PublicKey().Bytes()), "auth": enc.EncodeToString(p.secret)}},
		"data": map[string]any{"alerts": map[string]any{"mention": true}},
	})
	taro.say("@hanako psst", "public", nil)
	x.settle()
	if a := hanako.get("/api/v1/push/subscription"); a.status != http.StatusNotFound {
		t.Errorf("the subscription is answered with %d %s", a.status, a.body)
	}
}
