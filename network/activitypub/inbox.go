package activitypub

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"

	"crypto/sha256"

	"engawa/internal/httpsig"
	"engawa/social"
)

// maxInbox is how large an activity may be that comes in, in bytes (mastodon.md 5.9).
const maxInbox = 1 << 20

// postInbox takes what neighbours send, to the shared inbox and to personal
// ones alike. 202 means that the activity is on disk; what it does is decided
// later (HandleInbox).
func (f *Federation) postInbox(w http.ResponseWriter, r *http.Request) {
	if err := f.accept(r); err != nil {
		var no *refusal
		if !errors.As(err, &no) {
			f.Log.Error("an activity could not be kept", "err", err)
			no = refused(http.StatusServiceUnavailable, "this home cannot take the activity now")
		}
		if no.status == http.StatusServiceUnavailable {
			w.Header().Set("Retry-After", "300")
		}
		writeError(w, no.status, no.text)
		return
	}
	w.Header()["Accept-Signature"] = acceptEd
	w.WriteHeader(http.StatusAccepted)
}

// writeError answers {"error": text}.
func writeError(w http.ResponseWriter, status int, text string) {
	body, _ := json.Marshal(map[string]string{"error": text})
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(body)
}

// accept does everything between a POST and its row; nil means 202.
func (f *Federation) accept(r *http.Request) error {
	ctx := r.Context()
	if err := inboxType(r.Header.Get("Content-Type")); err != nil {
		return err
	}
	body, err := readInbox(r)
	if err != nil {
		return err
	}
	digest := httpsig.NewDigest(body)
	sig, err := f.signatureOf(r, digest)
	if err != nil {
		return err
	}
	doc, err := ParseDocument(body)
	if err != nil {
		return refused(http.StatusBadRequest, cut(err.Error(), 300))
	}
	actor := uriOf(doc.Get("actor", "as:actor"))
	if actor == "" {
		return refused(http.StatusBadRequest, "an activity needs an actor with an http(s) id")
	}
	if f.blocked(ctx, HostOf(actor)) {
		return refused(http.StatusForbidden, "this home does not speak with "+HostOf(actor))
	}
	if done, err := f.farewell(ctx, doc, actor); done || err != nil {
		return err
	}
	key, err := f.verify(ctx, sig, digest, actor)
	if err != nil {
		return err
	}
	f.hosts.alive(ctx, key.host)
	return f.keep(ctx, doc, key, body)
}

// inboxType wants one of the types of ActivityPub 7; peers that send plain
// application/json are borne with.
func inboxType(header string) error {
	switch header {
	case "application/activity+json", `application/ld+json; profile="https://www.w3.org/ns/activitystreams"`:
		return nil
	}
	kind, _, err := mime.ParseMediaType(header)
	if err == nil && (kind == "application/activity+json" || kind == "application/ld+json" || kind == "application/json") {
		return nil
	}
	return refused(http.StatusUnsupportedMediaType, "the Content-Type of an activity is application/activity+json")
}

func readInbox(r *http.Request) ([]byte, error) {
	tooLarge := refused(http.StatusRequestEntityTooLarge, "an activity has at most 1 MiB")
	if r.ContentLength > maxInbox {
		overhear(r.Body)
		return nil, tooLarge
	}
	size := r.ContentLength
	if size < 0 {
		size = 4 << 10
	}
	body := make([]byte, 0, min(size, 64<<10)+1)
	for {
		n, err := r.Body.Read(body[len(body):cap(body)])
		body = body[:len(body)+n]
		switch {
		case len(body) > maxInbox:
			overhear(r.Body)
			return nil, tooLarge
		case err == io.EOF:
			return body, nil
		case err != nil:
			return nil, refused(http.StatusBadRequest, "the body could not be read to its end")
		}
		if len(body) == cap(body) {
			body = append(body, 0)[:len(body)]
		}
	}
}

// overhear reads some more of a body that is too large: a sender that is still
// writing when the connection closes never sees the answer, and tries again.
func overhear(body io.Reader) { _, _ = io.CopyN(io.Discard, body, 3*maxInbox) }

// farewell answers what needs no key: an actor nobody here knows, telling of its
// own end or change. Its key may not be there any more (mastodon.md 5.2).
func (f *Federation) farewell(ctx context.Context, doc Value, actor string) (done bool, err error) {
	typ := doc.Type()
	if typ != "Delete" && typ != "Update" || doc.Get("object", "as:object").ID() != actor {
		return false, nil
	}
	at, err := f.Home.Store.Address(ctx, actor)
	switch {
	case social.IsKind(err, social.NotFound):
		return true, nil
	case err != nil:
		return false, err
	}
	return at.State == "gone", nil
}

// keep writes one row for an activity that was not seen before. Ids are
// remembered under the host that may use them, so that nobody can forestall
// somebody else's activity (T52).
func (f *Federation) keep(ctx context.Context, doc Value, key *knownKey, body []byte) error {
	id := doc.Get("id", "@id").Str()
	switch {
	case id == "" || len(id) > maxURI:
		sum := sha256.Sum256(body)
		id = key.owner + " " + hex.EncodeToString(sum[:])
	case HostOf(id) != key.host:
		id = key.host + " " + id
	}
	queue := f.Home.Queue
	token, until := queue.Hold()
	now := f.millis()
	jobs := []social.Job{{
		ID: social.ID(f.Home.IDs.Next()), Kind: social.JobInbox, Host: key.host, Key: "in:" + key.actor.String(),
		Network: "activitypub", Ref: key.actor, Target: key.owner, Body: body, RunAt: now, Lease: token,
	}}
	fresh := false
	err := f.Home.Store.Write(ctx, func(tx social.Tx) error {
		var err error
		if fresh, err = tx.Seen(ctx, id, now); err != nil || !fresh {
			return err
		}
		return tx.Enqueue(ctx, jobs, until)
	})
	if err == nil && fresh && token != 0 {
		queue.Push(jobs)
	}
	return err
}
