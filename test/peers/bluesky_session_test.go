package peers_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	crypto "crypto/rand"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"engawa/internal/clock"
	"engawa/network"
	"engawa/network/bluesky"
	"engawa/social"
	"engawa/test/peers"
)

// gates: who may answer is limited, and the limits go with the post.
func (s *sky) gates(a, b *social.Login, alice *peers.BlueskyPerson) {
	quiet := part("gate", "静かに")
	quiet.Limited = "mentioned"
	ref := s.send(a, quiet)
	s.send(a, quiet)
	s.net.Settle()
	reply := part("intrusion", "でも")
	reply.Root, reply.Parent = ref, ref
	s.send(b, reply) // the PDS takes it, the AppView does not show it
	s.net.Settle()
	thread, err := s.client.Thread(s.Context(), a, ref, 10)
	if err != nil || len(thread.Items) != 1 {
		s.Errorf("%+v, %v, want the post alone", thread, err)
	}
	rkey := ref.ID[strings.LastIndex(ref.ID, "/")+1:]
	for _, gate := range []string{"threadgate", "postgate"} {
		var got struct{ Value map[string]any }
		s.net.Call(alice, http.MethodGet, "com.atproto.repo.getRecord?repo="+alice.DID+"&collection=app.bsky.feed."+gate+"&rkey="+rkey, nil, &got)
		if got.Value["post"] != ref.ID {
			s.Errorf("%s: %v", gate, got.Value)
		}
	}
	if _, err := s.client.Delete(s.Context(), a, ref); err != nil {
		s.Fatal(err)
	}
	var left struct{ Records []any }
	s.net.Call(alice, http.MethodGet, "com.atproto.repo.listRecords?repo="+alice.DID+"&collection=app.bsky.feed.threadgate", nil, &left)
	if len(left.Records) != 0 {
		s.Errorf("left behind: %v", left.Records)
	}
}

// clients are the documents of homes, by the path below home.engawa.internal.
var clients sync.Map

// serveMetadata is where the network finds them.
func serveMetadata(t *testing.T) (address string) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		doc, ok := clients.Load(r.URL.Path)
		if !ok {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		w.Write(doc.([]byte))
	}))
	t.Cleanup(server.Close)
	return server.Listener.Addr().String()
}

// homes: the PDS reads the documents by which homes show who they are, public and confidential ones.
func (s *sky) homes(alice *peers.BlueskyPerson) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), crypto.Reader)
	if err != nil {
		s.Fatal(err)
	}
	for path, client := range map[string]*bluesky.Network{"/public": s.at(0), "/confidential": s.at(0)} {
		days := 13
		if path == "/confidential" {
			client.ClientKey, days = key, 700
		}
		doc, err := client.Metadata("https://home.engawa.internal"+path, "縁側", "https://home.engawa.internal"+path+"/back")
		if err != nil {
			s.Fatal(err)
		}
		clients.Store(path+bluesky.MetadataPath, doc)
		in := network.LinkInput{Fields: map[string]string{"handle": alice.Handle}, HomeURL: "https://home.engawa.internal" + path, Callback: "https://home.engawa.internal" + path + "/back"}
		step, err := client.Begin(s.Context(), in)
		if err != nil {
			s.Fatalf("%s: %v (%v)", path, err, errors.Unwrap(err))
		}
		done, err := client.Finish(s.Context(), step.State, s.net.Authorize(alice, step.URL, true))
		if err != nil {
			s.Fatalf("%s: %v (%v)", path, err, errors.Unwrap(err))
		}
		l := s.login(done)
		if l.ExpiresAt < time.Now().AddDate(0, 0, days).UnixMilli() {
			s.Errorf("%s: expires %v", path, time.UnixMilli(l.ExpiresAt))
		}
		later := s.at(2 * time.Hour)
		later.ClientKey = client.ClientKey
		if err := later.Check(s.Context(), l); err != nil {
			s.Errorf("%s, renewed: %v (%v)", path, err, errors.Unwrap(err))
		}
	}
}

// oauth links alice through the PDS's own authorization server and works with rotated tokens.
func (s *sky) oauth(alice *peers.BlueskyPerson, b *social.Login) {
	begin := func() *network.LinkStep {
		s.Helper()
		step, err := s.client.Begin(s.Context(), network.LinkInput{Fields: map[string]string{"handle": alice.Handle},
			HomeURL: "http://localhost:8080", HomeName: "縁側", Callback: "http://localhost:8080/links/bluesky"})
		if err != nil {
			s.Fatalf("%v (%v)", err, errors.Unwrap(err))
		}
		if step.Link != nil || !strings.HasPrefix(step.URL, s.net.PDS+"/oauth/authorize?") {
			s.Fatalf("step %+v", step)
		}
		return step
	}
	step := begin()
	_, err := s.client.Finish(s.Context(), step.State, s.net.Authorize(alice, step.URL, false))
	s.fails(social.Reconnect, "gave no permission", err)
	step = begin()
	back := s.net.Authorize(alice, step.URL, true)
	forged := map[string][]string{"code": back["code"], "iss": back["iss"], "state": {"another"}}
	_, err = s.client.Finish(s.Context(), step.State, forged)
	s.fails(social.FixPost, "belongs to another linking", err)
	done, err := s.client.Finish(s.Context(), step.State, back)
	if err != nil {
		s.Fatalf("%v (%v)", err, errors.Unwrap(err))
	}
	l := s.login(done)
	if l.Account != alice.DID || l.Handle != alice.Handle || l.ExpiresAt < time.Now().Add(13*24*time.Hour).UnixMilli() {
		s.Errorf("linked %+v", l.Link)
	}
	old := string(l.Secret)
	later := s.at(2 * time.Hour) // an access token lasts one hour
	later.Files = s.files
	p := part("oauth", "鍵で")
	p.Media = []social.PartFile{{Media: 1, Kind: social.Image, Alt: "湯のみ"}}
	sent, err := later.Send(s.Context(), l, p)
	if err != nil {
		s.Fatalf("%v (%v)", err, errors.Unwrap(err))
	}
	if string(l.Secret) == old {
		s.Error("the rotated tokens were not kept")
	}
	if _, err := s.client.Send(s.Context(), l, part("oauth2", "もう一度")); err != nil {
		s.Errorf("with the kept tokens: %v (%v)", err, errors.Unwrap(err))
	}
	film := part("film", "動く")
	film.Media = []social.PartFile{{Media: 4, Kind: social.Video, Alt: "湯気", Width: 16, Height: 9}}
	film.Limited = "followers"
	moving := s.send(l, film)
	for name, who := range map[string]*social.Login{"another's timeline": b, "the own one, by OAuth": l} {
		lane := s.read(who, social.LaneHome, "")
		if find(lane, sent.Ref) == nil {
			s.Errorf("%s does not show it", name)
		}
		if it := find(lane, moving); it == nil || len(it.Media) != 1 || it.Media[0].Kind != social.Video || it.Media[0].Width != 16 || it.Media[0].Description != "湯気" {
			s.Errorf("%s shows the video as %+v", name, it)
		}
	}
	s.stolen(l, old)
}

// stolen: tokens that were used up are a copy that somebody stole; all of the permission ends.
func (s *sky) stolen(l *social.Login, old string) {
	stale := *l
	stale.Secret = []byte(old)
	_, err := s.at(2*time.Hour).Read(s.Context(), &stale, social.LaneHome, "", 10)
	s.fails(social.Reconnect, "has ended", err)
}

// at is another client, which knows nothing of earlier sessions, with its clock ahead.
func (s *sky) at(ahead time.Duration) *bluesky.Network {
	return &bluesky.Network{HTTP: s.client.HTTP, Clock: clock.NewFake(time.Now().Add(ahead)), PLC: s.net.PLC, Resolver: s.net.PDS, AllowHTTP: true}
}

// spoil replaces fields of a secret.
func (s *sky) spoil(l *social.Login, fields map[string]any) *social.Login {
	s.Helper()
	var c map[string]any
	if err := json.Unmarshal(l.Secret, &c); err != nil {
		s.Fatal(err)
	}
	for k, v := range fields {
		c[k] = v
	}
	secret, err := json.Marshal(c)
	if err != nil {
		s.Fatal(err)
	}
	spoiled := *l
	link := *l.Link
	spoiled.Link, spoiled.Secret = &link, secret
	s.links++
	link.ID = s.links
	return &spoiled
}

// sessions: tokens end, are refused, are gone; the app password is withdrawn.
func (s *sky) sessions(a *social.Login, alice *peers.BlueskyPerson) {
	for name, c := range map[string]struct {
		client *bluesky.Network
		login  *social.Login
	}{
		"access token over":    {s.at(3 * time.Hour), s.spoil(a, nil)},
		"access token refused": {s.client, s.spoil(a, map[string]any{"access": "x.y.z", "ends": 0})},
		"both tokens refused":  {s.client, s.spoil(a, map[string]any{"access": "", "refresh": "x.y.z"})},
	} {
		if err := c.client.Check(s.Context(), c.login); err != nil {
			s.Errorf("%s: %v (%v)", name, err, errors.Unwrap(err))
		}
	}
	alone := s.at(0) // the PDS by its address needs no directory
	alone.PLC, alone.Resolver = "http://127.0.0.1:1", "http://127.0.0.1:1"
	step, err := alone.Begin(s.Context(), network.LinkInput{Base: s.net.PDS, Fields: map[string]string{"handle": alice.Handle, "password": alice.AppPassword}})
	if err != nil || step.Link.Account != alice.DID || step.Link.Handle != alice.Handle {
		s.Errorf("%+v, %v", step, err)
	}
	s.net.Call(alice, http.MethodPost, "com.atproto.server.revokeAppPassword", map[string]string{"name": "engawa"}, nil)
	err = s.at(3*time.Hour).Check(s.Context(), s.spoil(a, nil))
	s.fails(social.Reconnect, "password is wrong", err)
}
