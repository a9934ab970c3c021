package crash_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"sync"
	"testing"
	"time"

	"engawa/internal/testca"
)

// load is what happens at the home meanwhile, and what it was told has happened.
type load struct {
	tb     testing.TB
	peer   *peer
	client *http.Client
	token  string
	alice  string
	posted string   // the URI of a post that is liked and answered
	people []string // ids here of people there, to be followed

	acks chan struct{} // one for each thing acknowledged
	stop chan struct{} // closed: no new things

	mu      sync.Mutex
	up      chan struct{} // closed while the home runs
	posts   map[string]string
	follows map[string]string
	likes   []string
	replies []string
	retries int
}

func newLoad(tb testing.TB, ca *testca.CA, p *peer, addr string) *load {
	tb.Helper()
	l := &load{tb: tb, peer: p, alice: "https://a.test/users/alice", acks: make(chan struct{}, 1<<16), stop: make(chan struct{}), up: make(chan struct{}),
		posts: map[string]string{}, follows: map[string]string{}}
	l.client = &http.Client{Timeout: 30 * time.Second, Transport: &http.Transport{
		TLSClientConfig: &tls.Config{RootCAs: ca.Pool()},
		DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
			var d net.Dialer
			return d.DialContext(ctx, network, addr)
		},
	}}
	tb.Cleanup(l.client.CloseIdleConnections)
	return l
}

// call asks the API once.
func (l *load) call(method, path string, header http.Header, body, into any) error {
	var r io.Reader
	if body != nil {
		data, err := json.Marshal(body)
		if err != nil {
			return err
		}
		r = bytes.NewReader(data)
	}
	req, err := http.NewRequest(method, "https://a.test"+path, r)
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer "+l.token)
	for k, v := range header {
		req.Header[k] = v
	}
	return l.do(req, http.StatusOK, into)
}

func (l *load) do(req *http.Request, want int, into any) error {
	res, err := l.client.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	data, err := io.ReadAll(res.Body)
	if err != nil {
		return err
	}
	if res.StatusCode != want {
		return fmt.Errorf("%s %s: %d %s", req.Method, req.URL.Path, res.StatusCode, data)
	}
	if into == nil {
		return nil
	}
	return json.Unmarshal(data, into)
}

// insist does something until it is acknowledged; while the home is down it waits.
func (l *load) insist(what func() error) {
	for tries := 0; ; tries++ {
		l.mu.Lock()
		up := l.up
		l.mu.Unlock()
		<-up
		err := what()
		if err == nil {
			l.acks <- struct{}{}
			return
		}
		if tries > 500 {
			l.tb.Errorf("given up: %v", err)
			return
		}
		l.mu.Lock()
		l.retries++
		l.mu.Unlock()
	}
}

// isUp says that the home runs; isDown that it was killed.
func (l *load) isUp() { l.mu.Lock(); close(l.up); l.mu.Unlock() }

func (l *load) isDown() { l.mu.Lock(); l.up = make(chan struct{}); l.mu.Unlock() }

// run is everything at once, until stop is closed.
func (l *load) run(all *sync.WaitGroup) {
	for _, worker := range []func(n int){l.post, l.post2, l.follow, l.like, l.reply} {
		all.Go(func() {
			for n := 0; ; n++ {
				select {
				case <-l.stop:
					return
				default:
					worker(n)
				}
			}
		})
	}
}

func (l *load) post(n int)  { l.say("a" + strconv.Itoa(n)) }
func (l *load) post2(n int) { l.say("b" + strconv.Itoa(n)) }

func (l *load) say(name string) {
	var s struct{ ID, URI string }
	l.insist(func() error {
		return l.call("POST", "/api/v1/statuses", http.Header{"Idempotency-Key": {name}}, obj{"status": "post " + name + "."}, &s)
	})
	l.mu.Lock()
	l.posts[name] = s.URI
	l.mu.Unlock()
}

func (l *load) follow(n int) {
	if n >= len(l.people) {
		<-l.stop
		return
	}
	l.insist(func() error { return l.call("POST", "/api/v1/accounts/"+l.people[n]+"/follow", nil, nil, nil) })
	l.mu.Lock()
	l.follows[person("p"+strconv.Itoa(n))] = l.people[n]
	l.mu.Unlock()
}

// like: each from somebody else, so that the home has new people to learn of.
func (l *load) like(n int) {
	who := person("q" + strconv.Itoa(n))
	l.deliver(who, obj{"id": who + "#likes/1", "type": "Like", "actor": who, "object": l.posted})
	l.mu.Lock()
	l.likes = append(l.likes, who)
	l.mu.Unlock()
}

func (l *load) reply(n int) {
	who, id := person("fan"), "https://far.test/notes/"+strconv.Itoa(n)
	note := obj{"id": id, "type": "Note", "attributedTo": who, "inReplyTo": l.posted, "content": "<p>reply</p>", "to": []string{l.alice},
		"cc": []string{"https://www.w3.org/ns/activitystreams#Public"}, "published": time.Now().UTC().Format(time.RFC3339),
		"tag": []obj{{"type": "Mention", "href": l.alice, "name": "@alice@a.test"}}}
	l.deliver(who, obj{"id": id + "/activity", "type": "Create", "actor": who, "to": note["to"], "cc": note["cc"], "object": note})
	l.mu.Lock()
	l.replies = append(l.replies, id)
	l.mu.Unlock()
}

func (l *load) deliver(who string, activity obj) {
	activity["@context"] = "https://www.w3.org/ns/activitystreams"
	l.insist(func() error {
		req, err := l.peer.letter(who, activity)
		if err != nil {
			return err
		}
		return l.do(req, http.StatusAccepted, nil)
	})
}
