package peers

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// Args are the arguments of a verb; fedify/verbs.mjs says which verb takes which.
type Args map[string]any

// Result is what a verb made.
type Result struct {
	ID       string          // URI of the activity sent
	Object   string          // URI of the object it made or found
	Document json.RawMessage // lookup and fetch: the document
	Status   int             // raw: what the inbox answered
	Body     string          // raw: the answer's body
}

// Entry is something that was posted to an inbox of the peer, accepted or not.
type Entry struct {
	Seq       int
	Path      string          // which inbox
	Status    int             // what the sender was answered
	Signature string          // "rfc9421", "draft-cavage-http-signatures-12" or "" for none
	Verified  bool            // whether the HTTP signature holds
	KeyID     string          // the key it names
	Reason    string          // why it does not hold
	Activity  json.RawMessage // as it came
}

// Type is the activity's type.
func (e Entry) Type() string { return e.field("type") }

// ID is the activity's URI.
func (e Entry) ID() string { return e.field("id") }

// Object is the URI of the activity's object, whether embedded or referred to.
func (e Entry) Object() string {
	var a struct{ Object json.RawMessage }
	if json.Unmarshal(e.Activity, &a) != nil {
		return ""
	}
	var uri string
	if json.Unmarshal(a.Object, &uri) == nil {
		return uri
	}
	return Entry{Activity: a.Object}.field("id")
}

func (e Entry) field(name string) string {
	var all map[string]json.RawMessage
	var value string
	if json.Unmarshal(e.Activity, &all) != nil || json.Unmarshal(all[name], &value) != nil {
		return ""
	}
	return value
}

// URI is the address of a person of the peer.
func (p *Peer) URI(name string) string { return "https://" + p.Host + "/users/" + name }

// Handle is @name@host.
func (p *Peer) Handle(name string) string { return "@" + name + "@" + p.Host }

// Route tells the peer where the server of that name is.
func (p *Peer) Route(name, addr string) {
	p.tb.Helper()
	if err := p.call("POST", "/hosts", []byte(name+"="+addr), nil); err != nil {
		p.tb.Fatalf("%s: %v", p.Host, err)
	}
}

// Try has a person of the peer do something. When it returns without error, what was sent has arrived.
func (p *Peer) Try(verb, actor string, args Args) (Result, error) {
	all := Args{"verb": verb, "actor": actor}
	for k, v := range args {
		all[k] = v
	}
	body, err := json.Marshal(all)
	if err != nil {
		return Result{}, err
	}
	var result Result
	if err := p.call("POST", "/do", body, &result); err != nil {
		return Result{}, fmt.Errorf("%s at %s, %s: %w", actor, p.Host, verb, err)
	}
	return result, nil
}

// Do is [Peer.Try] where failing fails the test.
func (p *Peer) Do(verb, actor string, args Args) Result {
	p.tb.Helper()
	result, err := p.Try(verb, actor, args)
	if err != nil {
		p.tb.Fatal(err)
	}
	return result
}

// Inbox is everything received so far.
func (p *Peer) Inbox() []Entry {
	p.tb.Helper()
	entries, err := p.after(0, 0)
	if err != nil {
		p.tb.Fatalf("%s: %v", p.Host, err)
	}
	return entries
}

// WaitInbox returns the first entry, of the past or still to come, that matches. The test fails, with the list of
// what did come, when none has within half a minute.
func (p *Peer) WaitInbox(match func(Entry) bool) Entry {
	p.tb.Helper()
	seen, list := 0, ""
	for deadline := time.Now().Add(patience); ; {
		entries, err := p.after(seen, time.Until(deadline))
		if err != nil {
			p.tb.Fatalf("%s: %v", p.Host, err)
		}
		for _, e := range entries {
			if match(e) {
				return e
			}
			seen = e.Seq
			list += fmt.Sprintf("\n  %d %s %s (%s): answered %d, verified %v %s", e.Seq, e.Type(), e.ID(), e.Object(), e.Status, e.Verified, e.Reason)
		}
		if time.Now().After(deadline) {
			p.tb.Fatalf("%s did not receive what was waited for within %v; it received:%s", p.Host, patience, list)
		}
	}
}

// WaitFor is [Peer.WaitInbox] for an accepted activity of this type about this object; an empty word matches any.
func (p *Peer) WaitFor(activity, object string) Entry {
	p.tb.Helper()
	return p.WaitInbox(func(e Entry) bool {
		return e.Status < 300 && (activity == "" || e.Type() == activity) && (object == "" || e.Object() == object)
	})
}

func (p *Peer) after(seq int, wait time.Duration) ([]Entry, error) {
	query := url.Values{"after": {strconv.Itoa(seq)}, "wait": {strconv.FormatInt(max(0, wait.Milliseconds()), 10)}}
	var entries []Entry
	err := p.call("GET", "/inbox?"+query.Encode(), nil, &entries)
	return entries, err
}

// State is what the peer knows and believes.
func (p *Peer) State() State {
	p.tb.Helper()
	var s State
	if err := p.call("GET", "/state", nil, &s); err != nil {
		p.tb.Fatalf("%s: %v", p.Host, err)
	}
	return s
}

var client = &http.Client{Timeout: 2 * patience}

// call speaks to the control port. An error carries the words of the peer.
func (p *Peer) call(method, path string, body []byte, into any) error {
	req, err := http.NewRequestWithContext(p.tb.Context(), method, p.control+path, bytes.NewReader(body))
	if err != nil {
		return err
	}
	res, err := client.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	if err != nil {
		return err
	}
	if res.StatusCode != http.StatusOK {
		return errors.New(string(answer))
	}
	if into == nil {
		return nil
	}
	return json.Unmarshal(answer, into)
}
