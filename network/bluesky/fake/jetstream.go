package fake

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

const (
	maxDIDs        = 10_000
	maxCollections = 100
	writeTime      = 10 * time.Second
)

// Jetstream is a running fake. Its zero value is not usable.
type Jetstream struct {
	// URL is its base: ws://127.0.0.1:port.
	URL string
	// Wants gets what a client wants, each time it says so; it holds 100.
	Wants chan Options

	server *httptest.Server
	mu     sync.Mutex
	now    int64 // microseconds, of the last event
	past   []Event
	ears   map[*websocket.Conn]Options
}

// Options are what a client wants to hear.
type Options struct {
	Collections []string `json:"wantedCollections"`
	DIDs        []string `json:"wantedDids"`
}

// Event is one thing that happened in a repository.
type Event struct {
	DID    string `json:"did"`
	Micros int64  `json:"time_us"`
	Kind   string `json:"kind"`
	Commit Commit `json:"commit"`
}

// Commit is what happened: Operation is create, update or delete.
type Commit struct {
	Rev        string `json:"rev"`
	Operation  string `json:"operation"`
	Collection string `json:"collection"`
	Rkey       string `json:"rkey"`
	Record     any    `json:"record,omitempty"`
	CID        string `json:"cid,omitempty"`
}

// NewJetstream starts one; Close ends it.
func NewJetstream() *Jetstream {
	j := &Jetstream{Wants: make(chan Options, 100), ears: make(map[*websocket.Conn]Options)}
	j.server = httptest.NewServer(http.HandlerFunc(j.serve))
	j.URL = "ws" + strings.TrimPrefix(j.server.URL, "http")
	return j
}

// Close cuts every connection and ends the server.
func (j *Jetstream) Close() {
	j.Cut()
	j.server.Close()
}

// Cut ends every connection without a word, as a network that fails does.
func (j *Jetstream) Cut() {
	j.mu.Lock()
	defer j.mu.Unlock()
	for conn := range j.ears {
		conn.Close()
	}
}

// Emit tells every client that wants it what did has done at time at; times
// grow from event to event whatever at says.
func (j *Jetstream) Emit(did string, at time.Time, c Commit) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.now = max(at.UnixMicro(), j.now+1)
	c.Rev = strconv.FormatInt(j.now, 36)
	e := Event{DID: did, Micros: j.now, Kind: "commit", Commit: c}
	j.past = append(j.past, e)
	for conn, o := range j.ears {
		o.send(conn, e)
	}
}

func (j *Jetstream) serve(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path != "/subscribe" {
		http.NotFound(w, r)
		return
	}
	q := r.URL.Query()
	o := Options{Collections: q["wantedCollections"], DIDs: q["wantedDids"]}
	if !o.allowed() {
		http.Error(w, "too many wanted", http.StatusBadRequest)
		return
	}
	conn, err := (&websocket.Upgrader{}).Upgrade(w, r, nil)
	if err != nil {
		return
	}
	defer conn.Close()
	defer j.leave(conn)
	if q.Get("requireHello") != "true" {
		j.hear(conn, o, q.Get("cursor"))
	}
	for first := q.Get("requireHello") == "true"; ; first = false {
		_, data, err := conn.ReadMessage()
		if err != nil {
			return
		}
		var said struct {
			Type    string  `json:"type"`
			Payload Options `json:"payload"`
		}
		if json.Unmarshal(data, &said) != nil || said.Type != "options_update" || !said.Payload.allowed() {
			closing := websocket.FormatCloseMessage(websocket.ClosePolicyViolation, "bad options")
			conn.WriteControl(websocket.CloseMessage, closing, time.Now().Add(writeTime))
			return
		}
		cursor := ""
		if first {
			cursor = q.Get("cursor")
		}
		j.hear(conn, said.Payload, cursor)
		select {
		case j.Wants <- said.Payload:
		default:
		}
	}
}

// hear notes what conn wants and sends what happened since cursor.
func (j *Jetstream) hear(conn *websocket.Conn, o Options, cursor string) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.ears[conn] = o
	since, err := strconv.ParseInt(cursor, 10, 64)
	if err != nil {
		return
	}
	for _, e := range j.past {
		if e.Micros >= since {
			o.send(conn, e)
		}
	}
}

func (j *Jetstream) leave(conn *websocket.Conn) {
	j.mu.Lock()
	defer j.mu.Unlock()
	delete(j.ears, conn)
}

func (o *Options) allowed() bool {
	return len(o.DIDs) <= maxDIDs && len(o.Collections) <= maxCollections
}

// send writes e where it is wanted; a connection that does not take it will be
// noticed by its reader.
func (o *Options) send(conn *websocket.Conn, e Event) {
	if len(o.DIDs) > 0 && !slices.Contains(o.DIDs, e.DID) || len(o.Collections) > 0 && !slices.Contains(o.Collections, e.Commit.Collection) {
		return
	}
	conn.SetWriteDeadline(time.Now().Add(writeTime))
	_ = conn.WriteJSON(e)
}
