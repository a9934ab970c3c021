package crash_test

import (
	"bytes"
	"crypto/tls"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"engawa/internal/httpsig"
	"engawa/internal/keys"
	"engawa/internal/testca"
)

const actType = "application/activity+json"

type obj = map[string]any

// peer is a server with as many people as are asked for. It remembers what came
// to its inboxes.
type peer struct {
	tb     testing.TB
	addr   string
	pem    string
	signer func(who string) *httpsig.Signer

	mu      sync.Mutex
	arrived []obj
}

func newPeer(tb testing.TB, ca *testca.CA) *peer {
	tb.Helper()
	key, err := keys.Generate(keys.RSA)
	if err != nil {
		tb.Fatal(err)
	}
	p := &peer{tb: tb}
	if p.pem, err = key.Public().PEM(); err != nil {
		tb.Fatal(err)
	}
	p.signer = func(who string) *httpsig.Signer {
		s, err := httpsig.NewSigner(who+"#main-key", key)
		if err != nil {
			panic(err)
		}
		return s
	}
	leaf, err := ca.Leaf("far.test")
	if err != nil {
		tb.Fatal(err)
	}
	server := httptest.NewUnstartedServer(p)
	server.TLS = &tls.Config{Certificates: []tls.Certificate{leaf}}
	server.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	server.StartTLS()
	tb.Cleanup(server.Close)
	p.addr = server.Listener.Addr().String()
	return p
}

func person(name string) string { return "https://far.test/users/" + name }

// ServeHTTP implements http.Handler.
func (p *peer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodPost {
		var a obj
		body, err := io.ReadAll(r.Body)
		if err != nil || json.Unmarshal(body, &a) != nil {
			http.Error(w, "cut off", http.StatusBadRequest) // its sender was killed
			return
		}
		p.mu.Lock()
		p.arrived = append(p.arrived, a)
		p.mu.Unlock()
		w.WriteHeader(http.StatusAccepted)
		return
	}
	if name, ok := strings.CutPrefix(r.URL.Path, "/users/"); ok && !strings.Contains(name, "/") {
		id := person(name)
		w.Header().Set("Content-Type", actType)
		_ = json.NewEncoder(w).Encode(obj{
			"@context": "https://www.w3.org/ns/activitystreams", "id": id, "type": "Person", "preferredUsername": name,
			"inbox": id + "/inbox", "outbox": id + "/outbox", "followers": id + "/followers", "endpoints": obj{"sharedInbox": "https://far.test/inbox"},
			"publicKey": obj{"id": id + "#main-key", "owner": id, "publicKeyPem": p.pem},
		})
		return
	}
	if acct, ok := strings.CutPrefix(r.URL.Query().Get("resource"), "acct:"); ok {
		name, _, _ := strings.Cut(acct, "@")
		w.Header().Set("Content-Type", "application/jrd+json")
		_ = json.NewEncoder(w).Encode(obj{"subject": acct, "links": []obj{{"rel": "self", "type": actType, "href": person(name)}}})
		return
	}
	http.NotFound(w, r)
}

// letter is a signed POST to the shared inbox.
func (p *peer) letter(who string, activity obj) (*http.Request, error) {
	body, err := json.Marshal(activity)
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequest("POST", "https://a.test/inbox", bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", actType)
	return req, p.signer(who).Sign(req, httpsig.Cavage, httpsig.NewDigest(body), time.Now())
}

func (p *peer) count() int { p.mu.Lock(); defer p.mu.Unlock(); return len(p.arrived) }

// came maps, for activities of a type, the URI of the object to the ids it came under.
func (p *peer) came(verb string) map[string]map[string]bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	out := map[string]map[string]bool{}
	for _, a := range p.arrived {
		if a["type"] != verb {
			continue
		}
		object, _ := a["object"].(string)
		if o, ok := a["object"].(obj); ok {
			object, _ = o["id"].(string)
		}
		if out[object] == nil {
			out[object] = map[string]bool{}
		}
		id, _ := a["id"].(string)
		out[object][id] = true
	}
	return out
}
