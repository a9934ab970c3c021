package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"engawa/internal/httpsig"
	"engawa/internal/keys"
)

// The neighbours: names under .bench.test, all served by one listener. A host's
// name tells what it is like: rNNNN has RSA keys, eNNNN has Ed25519 ones as
// well and asks for such signatures (RFC 9421 5.1), hang answers every GET and no POST.
const (
	rsaHosts = 1000
	edHosts  = 200 // fewer than the connections that the home keeps open
	hangHost = "hang.bench.test"
	homeHost = "home.bench.test"
	homeBase = "http://" + homeHost
)

func rsaHost(i int) string { return fmt.Sprintf("r%04d.bench.test", i) }
func edHost(i int) string  { return fmt.Sprintf("e%04d.bench.test", i) }

// world plays the neighbours of the home under test.
type world struct {
	rsa, ed  keys.Private // the same for all: making a thousand takes a minute
	rsaPEM   string
	edKey    string // Multikey
	listener net.Listener
	server   *http.Server
	home     *http.Client // connections to the home
	released chan struct{}

	mu      sync.Mutex
	accepts int           // Accepts of follows that came
	watched []byte        // what the deliveries that are waited for hold
	came    []arrival     // of them
	errs    []error       // of answers given to follows
	changed chan struct{} // something above did
}

type arrival struct {
	host string
	at   time.Time
	ed   bool // signed with Ed25519
}

func newWorld() (*world, error) {
	w := &world{changed: make(chan struct{}, 1), released: make(chan struct{})}
	var err error
	if w.rsa, err = keys.Generate(keys.RSA); err != nil {
		return nil, err
	}
	if w.ed, err = keys.Generate(keys.Ed25519); err != nil {
		return nil, err
	}
	if w.rsaPEM, err = w.rsa.Public().PEM(); err != nil {
		return nil, err
	}
	if w.edKey, err = w.ed.Public().Multikey(); err != nil {
		return nil, err
	}
	if w.listener, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		return nil, err
	}
	w.server = &http.Server{Handler: w, ReadHeaderTimeout: patience}
	go func() { _ = w.server.Serve(w.listener) }()
	return w, nil
}

func (w *world) close() error {
	close(w.released) // lets the hanging go
	return w.server.Close()
}

// hosts is the setting that leads the home to the neighbours.
func (w *world) hosts() string {
	addr := w.listener.Addr().String()
	list := make([]string, 0, rsaHosts+edHosts+1)
	for i := range rsaHosts {
		list = append(list, rsaHost(i)+"="+addr)
	}
	for i := range edHosts {
		list = append(list, edHost(i)+"="+addr)
	}
	return strings.Join(append(list, hangHost+"="+addr), ",")
}

// ServeHTTP implements http.Handler.
func (w *world) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	name, isActor := strings.CutPrefix(r.URL.Path, "/users/")
	switch {
	case r.Method == http.MethodPost && r.Host == hangHost:
		select {
		case <-w.released:
		case <-r.Context().Done():
		}
	case r.Method == http.MethodPost:
		w.inbox(rw, r)
	case r.URL.Path == "/.well-known/webfinger":
		rw.Header().Set("Content-Type", "application/jrd+json")
		_, _ = rw.Write(w.webfinger(r.Host, r.URL.Query().Get("resource")))
	case isActor && !strings.Contains(name, "/"):
		rw.Header().Set("Content-Type", "application/activity+json")
		_, _ = rw.Write(w.actor(r.Host, name))
	default:
		http.NotFound(rw, r)
	}
}

// inbox takes what the home sends.
func (w *world) inbox(rw http.ResponseWriter, r *http.Request) {
	at := time.Now()
	body, err := io.ReadAll(io.LimitReader(r.Body, 1<<20))
	if err != nil {
		http.Error(rw, err.Error(), http.StatusBadRequest)
		return
	}
	if strings.HasPrefix(r.Host, "e") {
		rw.Header().Set("Accept-Signature", `sig1=("@method" "@target-uri" "content-digest");created;keyid;alg="ed25519"`)
	}
	rw.WriteHeader(http.StatusAccepted)
	var follow json.RawMessage
	w.mu.Lock()
	defer w.mu.Unlock()
	switch {
	case w.watched != nil && bytes.Contains(body, w.watched):
		ed := strings.Contains(r.Header.Get("Signature-Input"), "ed25519")
		w.came = append(w.came, arrival{r.Host, at, ed})
	case bytes.Contains(body, []byte(`"type":"Accept"`)):
		w.accepts++
	case bytes.Contains(body, []byte(`"type":"Follow"`)):
		follow = body
		go w.accept(follow)
	default:
		return
	}
	select {
	case w.changed <- struct{}{}:
	default:
	}
}

// accept lets the home's follower in.
func (w *world) accept(follow json.RawMessage) {
	var f struct{ ID, Object string }
	err := json.Unmarshal(follow, &f)
	var req *http.Request
	if err == nil {
		req, err = w.signed(f.Object, "/inbox", fmt.Appendf(nil,
			`{"@context":"https://www.w3.org/ns/activitystreams","id":%q,"type":"Accept","actor":%q,"object":%s}`,
			f.Object+"#accept-"+strconv.Itoa(len(f.ID))+"-"+strconv.FormatInt(time.Now().UnixNano(), 36), f.Object, follow))
	}
	if err == nil {
		err = send(w.home, req)
	}
	if err != nil {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.errs = append(w.errs, fmt.Errorf("accepting a follow: %w", err))
	}
}

// signed is a request to the home by an actor, signed with its RSA key as
// Mastodon does. It can be sent once.
func (w *world) signed(actor, path string, body []byte) (*http.Request, error) {
	req, err := http.NewRequest(http.MethodPost, homeBase+path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/activity+json")
	signer, err := httpsig.NewSigner(actor+"#main-key", w.rsa)
	if err != nil {
		return nil, err
	}
	return req, signer.Sign(req, httpsig.Cavage, httpsig.NewDigest(body), time.Now())
}

func actorURI(host, name string) string { return "http://" + host + "/users/" + name }

func (w *world) webfinger(host, resource string) []byte {
	name, _, _ := strings.Cut(strings.TrimPrefix(resource, "acct:"), "@")
	return fmt.Appendf(nil, `{"subject":%q,"links":[{"rel":"self","type":"application/activity+json","href":%q}]}`,
		"acct:"+name+"@"+host, actorURI(host, name))
}

// actor is the document of anybody there, in Mastodon's shape.
func (w *world) actor(host, name string) []byte {
	uri := actorURI(host, name)
	doc := map[string]any{
		"@context": []any{"https://www.w3.org/ns/activitystreams", "https://w3id.org/security/v1", "https://w3id.org/security/multikey/v1"},
		"id":       uri, "type": "Person", "preferredUsername": name, "name": strings.ToUpper(name),
		"url": "http://" + host + "/@" + name, "summary": "<p>縁側で測る人</p>",
		"inbox": uri + "/inbox", "outbox": uri + "/outbox", "followers": uri + "/followers", "following": uri + "/following",
		"endpoints": map[string]any{"sharedInbox": "http://" + host + "/inbox"}, "published": "2024-01-01T00:00:00Z",
		"publicKey": map[string]any{"id": uri + "#main-key", "owner": uri, "publicKeyPem": w.rsaPEM},
	}
	if strings.HasPrefix(host, "e") {
		doc["assertionMethod"] = []any{map[string]any{"id": uri + "#ed25519-key", "type": "Multikey", "controller": uri, "publicKeyMultibase": w.edKey}}
	}
	text, err := json.Marshal(doc)
	if err != nil {
		panic(err) // strings only
	}
	return text
}
