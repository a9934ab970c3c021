package fake

import (
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Server is one Misskey.
type Server struct {
	URL string // http://127.0.0.1:port

	http *httptest.Server
	now  func() time.Time

	mu       sync.Mutex
	serial   int64
	last     int64
	users    map[string]*User // by id
	tokens   map[string]*token
	notes    map[string]*Note
	order    []*Note // oldest first
	files    map[string]*File
	sessions map[string]*session // MiAuth, by uuid
	used     map[string][]time.Time
	fails    []failure
	calls    []Call
	conns    map[*conn]bool
	lag      int // how many looks at users/notes do not show the newest note
	newest   bool
}

// User is an account here, or of another server where Host is not "".
type User struct {
	ID, Username, Name, Host string
	URI, URL, About          string
	Follows                  map[string]bool
	Favourites               map[string]bool
	Notifications            []map[string]any // oldest first
}

// token is what an app may do.
type token struct {
	user   *User
	rights map[string]bool
}

// Call is one call that came in.
type Call struct {
	Name   string
	Params map[string]any
}

// failure is what the next call of a name meets.
type failure struct {
	name   string
	status int // 0: the connection is cut after the work was done
	code   string
	header http.Header
}

// MaxText is maxNoteTextLength here.
const MaxText = 3000

// hourly bounds the calls of an hour by name.
var hourly = map[string]int{"notes/create": 300, "notes/delete": 300, "ap/show": 30, "drive/files/create": 120}

// New starts a server; now tells its time.
func New(now func() time.Time) *Server {
	s := &Server{
		now: now, users: map[string]*User{}, tokens: map[string]*token{}, notes: map[string]*Note{}, files: map[string]*File{},
		sessions: map[string]*session{}, used: map[string][]time.Time{}, conns: map[*conn]bool{},
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /miauth/{session}", s.consentPage)
	mux.HandleFunc("POST /miauth/{session}", s.consent)
	mux.HandleFunc("POST /api/miauth/{session}/check", s.check)
	mux.HandleFunc("GET /streaming", s.stream)
	mux.HandleFunc("GET /files/{id}", s.file)
	mux.HandleFunc("POST /api/", s.api)
	s.http = httptest.NewServer(mux)
	s.URL = s.http.URL
	return s
}

// Close ends the server and its streams.
func (s *Server) Close() {
	s.CutStreams()
	s.http.Close()
}

// id is the next id: 8 digits of base 36 for the milliseconds since 2000, the
// node, a counter ("aidx").
func (s *Server) id() string {
	ms := max(s.now().UnixMilli()-946_684_800_000, s.last)
	s.last = ms
	s.serial++
	return strings.ReplaceAll(fmt.Sprintf("%8sfake%4s", strconv.FormatInt(ms, 36), strconv.FormatInt(s.serial%1_679_616, 36)), " ", "0")
}

// AddUser makes an account; host "" is this server.
func (s *Server) AddUser(name, host string) *User {
	s.mu.Lock()
	defer s.mu.Unlock()
	u := &User{Username: name, Host: host, Follows: map[string]bool{}, Favourites: map[string]bool{}}
	u.ID = s.id()
	if host != "" {
		u.URI, u.URL = "https://"+host+"/users/"+u.ID, "https://"+host+"/@"+name
	}
	s.users[u.ID] = u
	return u
}

// Token gives u an access token; no rights are all of them.
func (s *Server) Token(u *User, rights ...string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.token(u, rights)
}

func (s *Server) token(u *User, rights []string) string {
	t := &token{user: u}
	if len(rights) > 0 {
		t.rights = map[string]bool{}
		for _, r := range rights {
			t.rights[r] = true
		}
	}
	text := "token" + s.id()
	s.tokens[text] = t
	return text
}

// Revoke takes all tokens of u back.
func (s *Server) Revoke(u *User) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for text, t := range s.tokens {
		if t.user == u {
			delete(s.tokens, text)
		}
	}
}

// Fail lets the next call of name fail with a status and code.
func (s *Server) Fail(name string, status int, code string, header http.Header) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fails = append(s.fails, failure{name, status, code, header})
}

// Cut lets the next call of name do its work and then cuts the connection, so
// that the caller does not learn of it.
func (s *Server) Cut(name string) { s.Fail(name, 0, "", nil) }

// Lag hides the newest note from the next looks at users/notes.
func (s *Server) Lag(looks int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lag = looks
}

// NewestFirst lets lists by sinceId begin with the newest, as old versions did.
func (s *Server) NewestFirst() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.newest = true
}

// Calls are those that came in, by name; "" are all.
func (s *Server) Calls(name string) (out []Call) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range s.calls {
		if name == "" || c.Name == name {
			out = append(out, c)
		}
	}
	return out
}

// call is a call that is being answered.
type call struct {
	*Server
	name string
	p    map[string]any
	body []byte // of the file
	kind string
	me   *User
}

// reply is an answer: out nil is 204.
type reply struct {
	status int
	out    any
}

// api answers POST /api/{name}.
func (s *Server) api(w http.ResponseWriter, r *http.Request) {
	c := &call{Server: s, name: strings.TrimPrefix(r.URL.Path, "/api/")}
	if !c.parse(r) {
		write(w, nil, failed("INVALID_PARAM"))
		return
	}
	s.mu.Lock()
	rep, header := c.answer()
	s.mu.Unlock()
	if rep.status == 0 {
		if conn, _, err := http.NewResponseController(w).Hijack(); err == nil {
			conn.Close()
		}
		return
	}
	write(w, header, rep)
}

// answer does the work of a call, with what was set to fail.
func (c *call) answer() (reply, http.Header) {
	s := c.Server
	s.calls = append(s.calls, Call{c.name, c.p})
	ep, ok := endpoints[c.name]
	if !ok {
		return failed("UNKNOWN_API_ENDPOINT"), nil
	}
	for i, f := range s.fails {
		if f.name != c.name {
			continue
		}
		s.fails = append(s.fails[:i], s.fails[i+1:]...)
		if f.status != 0 {
			rep := failed(f.code)
			rep.status = f.status
			return rep, f.header
		}
		c.gate(ep)
		return reply{}, nil
	}
	return c.gate(ep), nil
}

// gate checks who asks, what they may, and how often, and does it.
func (c *call) gate(ep endpoint) reply {
	text, _ := c.p["i"].(string)
	t := c.tokens[text]
	switch {
	case text != "" && t == nil:
		return failed("AUTHENTICATION_FAILED")
	case ep.right != "-" && t == nil:
		return failed("CREDENTIAL_REQUIRED")
	case ep.right != "-" && ep.right != "" && t.rights != nil && !t.rights[ep.right]:
		return failed("PERMISSION_DENIED")
	}
	if t != nil {
		c.me = t.user
	}
	if n := hourly[c.name]; n > 0 && c.me != nil {
		key := c.me.ID + c.name
		kept := c.used[key][:0]
		for _, at := range c.used[key] {
			if c.now().Sub(at) < time.Hour {
				kept = append(kept, at)
			}
		}
		c.used[key] = kept
		if len(kept) >= n {
			return failed("RATE_LIMIT_EXCEEDED")
		}
		c.used[key] = append(kept, c.now())
	}
	return ep.do(c)
}

// parse reads the parameters of JSON or of a form with a file.
func (c *call) parse(r *http.Request) bool {
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	c.p = map[string]any{}
	if kind != "multipart/form-data" {
		return json.NewDecoder(io.LimitReader(r.Body, 1<<20)).Decode(&c.p) == nil
	}
	parts, err := r.MultipartReader()
	if err != nil {
		return false
	}
	for {
		part, err := parts.NextPart()
		if err != nil {
			return err == io.EOF
		}
		data, err := io.ReadAll(io.LimitReader(part, 32<<20))
		if err != nil {
			return false
		}
		if part.FormName() == "file" {
			c.body, c.kind = data, part.Header.Get("Content-Type")
		} else {
			c.p[part.FormName()] = string(data)
		}
	}
}

func write(w http.ResponseWriter, h http.Header, rep reply) {
	for k, v := range h {
		w.Header()[k] = v
	}
	if rep.out == nil {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(rep.status)
	_ = json.NewEncoder(w).Encode(rep.out)
}

func ok(out any) reply { return reply{http.StatusOK, out} }

func none() reply { return reply{status: http.StatusNoContent} }
