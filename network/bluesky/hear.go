package bluesky

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/gorilla/websocket"

	"engawa/internal/locale"
	"engawa/internal/socket"
	"engawa/network"
	"engawa/social"
)

const (
	maxFollows  = 10_000 // that a Jetstream takes as wantedDids
	connectTime = 30 * time.Second
	// rewind is how far before now a stream begins: arrivals between the last
	// reading and the connection come, some of them a second time.
	rewind = time.Minute
)

// event is one message of a Jetstream.
type event struct {
	DID    string `json:"did"`
	Micros int64  `json:"time_us"`
	Kind   string `json:"kind"`
	Commit struct {
		Operation  string          `json:"operation"`
		Collection string          `json:"collection"`
		Rkey       string          `json:"rkey"`
		CID        string          `json:"cid"`
		Record     json.RawMessage `json:"record"`
	} `json:"commit"`
}

// wanted is what a Jetstream is asked for, as the first message after connecting
// with requireHello: ten thousand DIDs are too many for an address.
type wanted struct {
	Type    string `json:"type"`
	Payload struct {
		Collections []string `json:"wantedCollections"`
		DIDs        []string `json:"wantedDids"`
		MaxBytes    int      `json:"maxMessageSizeBytes"`
	} `json:"payload"`
}

// Hear listens to a Jetstream for what the followed accounts, at most 10,000,
// post, repost, change and delete. It is the home timeline alone; notifications
// are read. A batch's Cursor is one of Read for social.LaneHome.
func (n *Network) Hear(ctx context.Context, l *social.Login, sink func(*social.Batch) error) error {
	if n.Jetstream == "" || n.Dialer == nil {
		return network.Cannot(locale.W("link.fail.jetstream"), "")
	}
	c, err := n.open(l)
	if err != nil {
		return err
	}
	e := &ear{caller: c, place: place{floor: n.now().Add(-rewind).UnixMilli(), seen: make(map[string]social.Millis)}}
	if err := e.learn(ctx); err != nil {
		return err
	}
	conn, err := e.connect(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { conn.Close() })()
	if err := e.ask(conn); err != nil {
		return unanswered(err)
	}
	defer socket.KeepAlive(conn)()
	for {
		_, data, err := conn.ReadMessage()
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			return network.StreamBroke("Bluesky", err)
		}
		socket.Alive(conn)
		if err := e.take(ctx, conn, data, sink); err != nil {
			return err
		}
	}
}

// ear is one listening.
type ear struct {
	*caller
	follows map[string]bool // by DID, the account itself among them
	place   place
}

// learn reads whom the account follows.
func (e *ear) learn(ctx context.Context) error {
	e.follows = map[string]bool{e.did: true}
	cursor := ""
	for len(e.follows) < maxFollows {
		q := pageQuery(cursor, 100)
		q.Set("actor", e.did)
		var out struct {
			Cursor  string   `json:"cursor"`
			Follows []author `json:"follows"`
		}
		if err := e.get(ctx, "app.bsky.graph.getFollows", q, &out); err != nil {
			return e.n.failure("asking whom the account follows", err)
		}
		for i := range out.Follows {
			if validDID(out.Follows[i].DID) && len(e.follows) < maxFollows {
				e.follows[out.Follows[i].DID] = true
			}
		}
		if out.Cursor == "" || out.Cursor == cursor || len(out.Follows) == 0 {
			break
		}
		cursor = clip(out.Cursor, 1024)
	}
	return nil
}

func (e *ear) connect(ctx context.Context) (*websocket.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, connectTime)
	defer cancel()
	from := e.n.now().Add(-rewind).UnixMicro()
	q := url.Values{"requireHello": {"true"}, "cursor": {strconv.FormatInt(from, 10)}}
	conn, resp, err := e.n.Dialer.DialContext(ctx, e.n.Jetstream+"/subscribe?"+q.Encode(), http.Header{})
	if err != nil {
		if resp != nil {
			resp.Body.Close()
		}
		return nil, network.Away("Bluesky", err)
	}
	conn.SetReadLimit(maxAnswer)
	return conn, nil
}

// ask tells the Jetstream what is wanted, anew when a follow came or went.
func (e *ear) ask(conn *websocket.Conn) error {
	w := wanted{Type: "options_update"}
	w.Payload.Collections = []string{posts, reposts, follows}
	w.Payload.DIDs = make([]string, 0, len(e.follows))
	for did := range e.follows {
		w.Payload.DIDs = append(w.Payload.DIDs, did)
	}
	w.Payload.MaxBytes = maxAnswer
	conn.SetWriteDeadline(time.Now().Add(connectTime))
	return conn.WriteJSON(w)
}

// take carries out one message. What cannot be read is passed over.
func (e *ear) take(ctx context.Context, conn *websocket.Conn, data []byte, sink func(*social.Batch) error) error {
	var ev event
	if loose(data, &ev) != nil || ev.Kind != "commit" || !e.follows[ev.DID] {
		return nil
	}
	u, ok := parseURI(atURI{ev.DID, ev.Commit.Collection, ev.Commit.Rkey}.String())
	if !ok {
		return nil
	}
	if u.collection == follows {
		if ev.DID != e.did {
			return nil
		}
		return e.refollow(ctx, conn, &ev)
	}
	it, err := e.item(ctx, &ev, u)
	if err != nil || it == nil {
		return err
	}
	at := ev.Micros / 1000
	e.place.note(&entry{key: it.URI, at: at})
	e.place.forget()
	return sink(&social.Batch{Items: []social.Item{*it}, Cursor: e.place.String()})
}

// refollow brings the list up to date. A follow that was taken back is known by
// its record's key alone, so the list is read again.
func (e *ear) refollow(ctx context.Context, conn *websocket.Conn, ev *event) error {
	if ev.Commit.Operation == "delete" {
		if err := e.learn(ctx); err != nil {
			return err
		}
		return e.ask(conn)
	}
	var r struct {
		Subject string `json:"subject"`
	}
	if loose(ev.Commit.Record, &r) != nil || !validDID(r.Subject) || e.follows[r.Subject] || len(e.follows) >= maxFollows {
		return nil
	}
	e.follows[r.Subject] = true
	return e.ask(conn)
}

// item is what an event brings; nil for what the home timeline does not show.
func (e *ear) item(ctx context.Context, ev *event, u atURI) (*social.Item, error) {
	uri := u.String()
	at := ev.Micros / 1000
	switch {
	case ev.Commit.Operation == "delete":
		ref := refOf(uri, "")
		return &social.Item{Ref: ref, URI: uri, Deleted: true, At: at}, nil
	case u.collection == reposts:
		return e.boost(ctx, ev, uri, at)
	case u.collection != posts:
		return nil, nil
	}
	v := &postView{URI: uri, CID: clip(ev.Commit.CID, 256), Record: ev.Commit.Record}
	if r := v.record(); r.Reply != nil && !e.knows(r.Reply.Parent.URI) {
		return nil, nil
	}
	shown, err := e.hydrate(ctx, v, ev.DID)
	if err != nil || shown == nil {
		return nil, err
	}
	it := shown.item()
	if it != nil && ev.Commit.Operation == "update" {
		it.EditedAt = at
	}
	return it, nil
}

// knows reports whether an answer to uri belongs into the home timeline.
func (e *ear) knows(uri string) bool {
	u, ok := parseURI(uri)
	return ok && e.follows[u.repo]
}

// hydrate asks the AppView for the post with all that hangs on it. Where it
// does not have it yet, or still the text before an edit, the record itself is
// shown, without pictures and quote.
func (e *ear) hydrate(ctx context.Context, v *postView, did string) (*postView, error) {
	found, err := e.postsAt(ctx, []string{v.URI})
	if err != nil {
		return nil, e.n.failure("looking up a post", err)
	}
	if f := found[v.URI]; f != nil {
		if f.CID != v.CID {
			f.CID, f.Record = v.CID, v.Record
		}
		return f, nil
	}
	if err := e.get(ctx, "app.bsky.actor.getProfile", url.Values{"actor": {did}}, &v.Author); err != nil || v.Author.DID != did {
		v.Author = author{DID: did}
	}
	return v, nil
}

func (e *ear) boost(ctx context.Context, ev *event, uri string, at social.Millis) (*social.Item, error) {
	var r struct {
		Subject strongRef `json:"subject"`
	}
	if loose(ev.Commit.Record, &r) != nil {
		return nil, nil
	}
	if u, ok := parseURI(r.Subject.URI); !ok || u.collection != posts {
		return nil, nil
	}
	found, err := e.postsAt(ctx, []string{r.Subject.URI})
	if err != nil {
		return nil, e.n.failure("looking up a post", err)
	}
	v := found[r.Subject.URI]
	if v == nil {
		return nil, nil
	}
	by := author{DID: ev.DID}
	if err := e.get(ctx, "app.bsky.actor.getProfile", url.Values{"actor": {ev.DID}}, &by); err != nil || by.DID != ev.DID {
		by = author{DID: ev.DID}
	}
	it := v.item()
	if it == nil {
		return nil, nil
	}
	return &social.Item{Ref: refOf(uri, ev.Commit.CID), URI: uri, Author: by.stranger(), At: at, Audience: social.Public, Boost: it}, nil
}
