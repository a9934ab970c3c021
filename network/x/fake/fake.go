package fake

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync"
	"testing"
	"time"

	"engawa/internal/clock"
)

// App is a developer's app with the keys of one of its users.
type App struct {
	ConsumerKey, ConsumerSecret string
	ClientID, ClientSecret      string
}

// User is an account on the fake X.
type User struct {
	ID, Name, Username, Subscription string
	Token, TokenSecret               string // OAuth 1.0a
}

// Fault is what befalls one request.
type Fault struct {
	Status int // answered instead; 0: the connection is cut without an answer
	Body   string
	Header map[string]string
	After  bool // the request takes effect first
}

// X is the fake. Its exported fields may be set before it is used; everything
// else goes through methods.
type X struct {
	URL          string // API and pages
	Base         string // what a client that is led here believes to speak to, for signatures; "" is URL
	App          App
	Clock        clock.Clock
	Delay        time.Duration // until a post is in its author's timeline
	PostLimit    int           // posts in 15 minutes a user, 100
	Budget       int64         // micro-dollars; 0: without end
	StrictReply  bool          // the reply rule holds for one's own thread too
	Processing   int           // how often a film is still in progress
	FailMedia    bool          // processing ends as failed
	AccessLasts  time.Duration // of OAuth 2, two hours
	mu           sync.Mutex
	users        []*User
	posts        map[string]*Post
	order        []*Post
	media        map[string]*File
	deeds        map[string]bool // "likes 1 2"
	faults       map[string][]Fault
	calls        []string
	spent        int64
	charged      map[string]bool
	windows      map[string]*window
	codes        map[string]grant
	access       map[string]grant
	refresh      map[string]grant
	nonces       map[string]bool
	nextID       int64
	nextMillis   int64
	refreshCount int
}

// window counts the posts of a user in a quarter of an hour.
type window struct {
	used  int
	reset time.Time
}

// New starts a fake X with one app and ends it with the test.
func New(tb testing.TB, c clock.Clock) *X {
	tb.Helper()
	f := &X{Clock: c, PostLimit: 100, AccessLasts: 2 * time.Hour,
		App:   App{"ck-app", "cs-app-secret", "client-app", "client-secret"},
		posts: make(map[string]*Post), media: make(map[string]*File), deeds: make(map[string]bool), faults: make(map[string][]Fault),
		charged: make(map[string]bool), windows: make(map[string]*window), codes: make(map[string]grant), access: make(map[string]grant),
		refresh: make(map[string]grant), nonces: make(map[string]bool)}
	server := httptest.NewServer(f)
	tb.Cleanup(server.Close)
	f.URL = server.URL
	return f
}

// Join adds an account.
func (f *X) Join(username string) *User {
	f.mu.Lock()
	defer f.mu.Unlock()
	n := strconv.Itoa(len(f.users) + 1)
	u := &User{ID: "100" + n, Name: username, Username: username, Token: "100" + n + "-token", TokenSecret: "token-secret-" + n}
	f.users = append(f.users, u)
	return u
}

// Next lets a fault befall the next request to method and path pattern, as
// "POST /2/tweets"; several wait in line.
func (f *X) Next(pattern string, fault Fault) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.faults[pattern] = append(f.faults[pattern], fault)
}

// Spent is what X would charge, in micro-dollars.
func (f *X) Spent() int64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.spent
}

// Calls are the requests that were served, as "POST /2/tweets".
func (f *X) Calls() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]string(nil), f.calls...)
}

// Renewals is how many refresh tokens were exchanged.
func (f *X) Renewals() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.refreshCount
}

// routes are the endpoints; who asks is nil for those without authentication.
var routes = []struct {
	pattern string
	open    bool
	serve   func(*X, *User, *http.Request) reply
}{
	{"POST /2/tweets", false, (*X).create},
	{"DELETE /2/tweets/{id}", false, (*X).remove},
	{"GET /2/tweets/{id}", false, (*X).one},
	{"GET /2/tweets/search/recent", false, (*X).search},
	{"GET /2/users/me", false, (*X).me},
	{"GET /2/users/{id}/tweets", false, (*X).own},
	{"GET /2/users/{id}/mentions", false, (*X).mentions},
	{"GET /2/users/{id}/timelines/reverse_chronological", false, (*X).home},
	{"POST /2/users/{id}/{deed}", false, (*X).deed},
	{"DELETE /2/users/{id}/{deed}/{target}", false, (*X).undo},
	{"POST /2/media/upload", false, (*X).oneShot},
	{"GET /2/media/upload", false, (*X).status},
	{"POST /2/media/upload/initialize", false, (*X).initialize},
	{"POST /2/media/upload/{id}/append", false, (*X).appendTo},
	{"POST /2/media/upload/{id}/finalize", false, (*X).finalize},
	{"POST /2/media/metadata", false, (*X).metadata},
	{"POST /2/oauth2/token", true, (*X).token},
	{"GET /i/oauth2/authorize", true, (*X).authorize},
}

// reply is an answer: JSON, or nothing when body is nil.
type reply struct {
	status int
	body   any
	header map[string]string
}

// ServeHTTP serves one request as a whole under the lock.
func (f *X) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	mux := http.NewServeMux()
	for _, route := range routes {
		mux.HandleFunc(route.pattern, func(w http.ResponseWriter, r *http.Request) {
			f.mu.Lock()
			answer, cut := f.answer(route.pattern, route.open, route.serve, r)
			f.mu.Unlock()
			if cut {
				panic(http.ErrAbortHandler) // net/http cuts the connection without a word
			}
			answer.write(w)
		})
	}
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { problem(404, "Not Found", "Not Found").write(w) })
	mux.ServeHTTP(w, r)
}

func (f *X) answer(pattern string, open bool, serve func(*X, *User, *http.Request) reply, r *http.Request) (answer reply, cut bool) {
	f.calls = append(f.calls, pattern)
	r.Body = http.MaxBytesReader(nil, r.Body, 5<<20)
	var fault *Fault
	if waiting := f.faults[pattern]; len(waiting) > 0 {
		fault, f.faults[pattern] = &waiting[0], waiting[1:]
		if !fault.After {
			return fault.reply(), fault.Status == 0
		}
	}
	var who *User
	if !open {
		if who = f.authenticate(r); who == nil {
			return problem(401, "Unauthorized", "Unauthorized"), false
		}
		if f.Budget > 0 && f.spent >= f.Budget {
			return reply{status: 402, body: map[string]any{"title": "CreditsDepleted", "status": 402,
				"detail": "Your enrolled account does not have any credits to fulfill this request.", "type": "https://api.x.com/2/problems/credits"}}, false
		}
	}
	answer = serve(f, who, r)
	if fault != nil {
		return fault.reply(), fault.Status == 0
	}
	return answer, false
}

func (f *Fault) reply() reply {
	return reply{status: f.Status, body: json.RawMessage(f.Body), header: f.Header}
}

func (a reply) write(w http.ResponseWriter) {
	for k, v := range a.header {
		w.Header().Set(k, v)
	}
	if raw, ok := a.body.(json.RawMessage); a.body == nil || ok && len(raw) == 0 {
		w.WriteHeader(a.status)
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(a.status)
	json.NewEncoder(w).Encode(a.body)
}

func problem(status int, title, detail string) reply {
	return reply{status: status, body: map[string]any{"detail": detail, "type": "about:blank", "title": title, "status": status}}
}

func invalid(detail string) reply {
	return reply{status: 400, body: map[string]any{"title": "Invalid Request", "detail": "One or more parameters to your request was invalid.",
		"type": "https://api.twitter.com/2/problems/invalid-request", "errors": []any{map[string]any{"message": detail}}}}
}

// charge adds a price; the same resource is charged once a UTC day.
func (f *X) charge(price int64, resource string) {
	if resource != "" {
		key := f.Clock.Now().UTC().Format("2006-01-02 ") + resource
		if f.charged[key] {
			return
		}
		f.charged[key] = true
	}
	f.spent += price
}

func (f *X) user(id string) *User {
	for _, u := range f.users {
		if u.ID == id {
			return u
		}
	}
	return nil
}
