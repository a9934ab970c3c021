package activitypub

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"engawa/internal/fetch"
	"engawa/internal/httpsig"
	"engawa/network"
	"engawa/social"
)

// fanoutBatch is how many deliveries are inserted in one transaction.
const fanoutBatch = 1000

// Fanout implements network.Deliverer: one encoding, and one delivery for each
// inbox that is neither refused nor gone.
func (f *Federation) Fanout(ctx context.Context, j *social.Job) error {
	if err := f.ready(); err != nil {
		return err
	}
	o, err := f.Home.Store.Outgoing(ctx, j.Ref)
	if err != nil {
		return f.failure(err)
	}
	if o.Verb == social.Update && o.Object.Kind == social.ObjActor {
		f.signers.drop(o.Actor) // its keys may be new ones, made by another process
	}
	inboxes, err := f.Home.Inboxes(ctx, o)
	if errors.Is(err, social.ErrNobody) {
		return nil
	}
	if err != nil {
		return err
	}
	jobs, err := f.deliveries(ctx, o, inboxes)
	if err != nil || len(jobs) == 0 {
		return err
	}
	if len(o.Body) == 0 {
		if o.Body, err = f.encoder().Outgoing(ctx, o); err != nil {
			return f.failure(err)
		}
		if err := f.Home.Store.Write(ctx, func(tx social.Tx) error { return tx.SetOutgoingBody(ctx, o.ID, o.Body) }); err != nil {
			return err
		}
	}
	if _, err := f.prepare(ctx, o); err != nil {
		return f.failure(err)
	}
	for len(jobs) > 0 {
		n := min(len(jobs), fanoutBatch)
		if err := f.insert(ctx, jobs[:n]); err != nil {
			return err
		}
		jobs = jobs[n:]
	}
	return nil
}

// deliveries are the jobs of an Outgoing, one an inbox.
func (f *Federation) deliveries(ctx context.Context, o *social.Outgoing, inboxes []string) ([]social.Job, error) {
	domains := make([]string, 0, len(inboxes))
	seen := make(map[string]bool, len(inboxes))
	for _, in := range inboxes {
		if host := HostOf(in); host != "" && !seen[host] {
			seen[host] = true
			domains = append(domains, host)
		}
	}
	rows, err := f.Home.Store.Hosts(ctx, domains)
	if err != nil {
		return nil, err
	}
	origin := ""
	if !f.ours(o.URI) {
		origin = HostOf(o.Object.URI) // what is passed on does not go back to where it came from
	}
	actor, now := o.Actor.String(), f.millis()
	jobs := make([]social.Job, 0, len(inboxes))
	for _, in := range inboxes {
		host := HostOf(in)
		if host == "" || host == origin || f.ours(in) || f.blocked(ctx, host) {
			continue
		}
		if h := rows[host]; h != nil && h.GoneAt != 0 {
			continue
		}
		jobs = append(jobs, social.Job{
			ID: social.ID(f.Home.IDs.Next()), Kind: social.JobDeliver, Network: "activitypub",
			Key: host + "|" + actor, Host: host, Ref: o.ID, Target: in, RunAt: now,
		})
	}
	return jobs, nil
}

// insert writes jobs, held by this process's queue where it has room.
func (f *Federation) insert(ctx context.Context, jobs []social.Job) error {
	queue := f.Home.Queue
	token, until := queue.Hold()
	for i := range jobs {
		jobs[i].Lease = token
	}
	err := f.Home.Store.Write(ctx, func(tx social.Tx) error { return tx.Enqueue(ctx, jobs, until) })
	if err == nil && token != 0 {
		queue.Push(jobs)
	}
	return err
}

// prepared is an Outgoing ready to be sent many times: nothing of it depends on
// where it goes. It is not changed.
type prepared struct {
	actor  social.ID
	body   []byte
	digest *httpsig.Digest
	by     *signers
}

func (f *Federation) prepare(ctx context.Context, o *social.Outgoing) (*prepared, error) {
	by, err := f.signersOf(ctx, o.Actor)
	if err != nil {
		return nil, err
	}
	p := &prepared{actor: o.Actor, body: o.Body, digest: httpsig.NewDigest(o.Body), by: by}
	if len(p.body) <= maxKeptBody {
		f.bodies.put(o.ID, p)
	}
	return p, nil
}

// maxKeptBody is how large a body may be to be kept between deliveries, in bytes:
// what is passed on may have a MiB.
const maxKeptBody = 64 << 10

func (f *Federation) preparedFor(ctx context.Context, id social.ID) (*prepared, error) {
	if p, ok := f.bodies.get(id); ok {
		return p, nil
	}
	o, err := f.Home.Store.Outgoing(ctx, id)
	if err != nil {
		return nil, err
	}
	if len(o.Body) == 0 {
		if o.Body, err = f.encoder().Outgoing(ctx, o); err != nil {
			return nil, err
		}
	}
	return f.prepare(ctx, o)
}

// deliveryHeader is the same for all deliveries.
var deliveryHeader = http.Header{"Content-Type": {"application/activity+json"}}

// Deliver implements network.Deliverer: one POST to one inbox, knocking a second
// time by another signature where the first is refused (mastodon.md 5.3, 5.8).
func (f *Federation) Deliver(ctx context.Context, j *social.Job) error {
	if err := f.ready(); err != nil {
		return err
	}
	if f.blocked(ctx, j.Host) {
		return f.drops.count("blocked", nil)
	}
	p, err := f.preparedFor(ctx, j.Ref)
	if err != nil {
		return f.failure(err)
	}
	scheme := f.hosts.choose(ctx, j.Host, p.by.ed != nil)
	err = f.post(ctx, j.Target, p, scheme)
	if knockAgain(err) {
		scheme, err = f.secondKnock(ctx, j, p, scheme, err)
	}
	if err == nil {
		f.hosts.worked(ctx, j.Host, scheme)
		return nil
	}
	return f.delivered(ctx, j, p, err)
}

func (f *Federation) post(ctx context.Context, inbox string, p *prepared, scheme social.SignatureScheme) error {
	answer, err := f.Client.Post(ctx, inbox, p.body, fetch.Options{
		Header: deliveryHeader, Accept: "application/activity+json", StatusOnly: true, Idempotent: true,
		Sign: f.sign(p.by, scheme, p.digest),
	})
	if err == nil && asksEd(answer.Header) {
		f.hosts.showsEd(ctx, HostOf(inbox))
	}
	return err
}

// secondKnock tries the other schemes after a 400 or 401, and returns the one
// that was taken, or the first refusal.
func (f *Federation) secondKnock(ctx context.Context, j *social.Job, p *prepared, first social.SignatureScheme, refusal error) (social.SignatureScheme, error) {
	tries := [...]social.SignatureScheme{social.Cavage, social.RFC9421}
	if first == social.RFC9421Ed25519 {
		f.hosts.refusedEd(ctx, j.Host)
	}
	for _, scheme := range tries {
		if scheme == first {
			continue
		}
		switch err := f.post(ctx, j.Target, p, scheme); {
		case err == nil:
			return scheme, nil
		case !knockAgain(err):
			return scheme, err
		}
	}
	return first, refusal
}

// delivered gives a failed delivery its outcome (mastodon.md 5.8).
func (f *Federation) delivered(ctx context.Context, j *social.Job, p *prepared, err error) error {
	var e *fetch.Error
	if !asFetch(err, &e) {
		return err
	}
	switch e.Kind {
	case fetch.Canceled:
		return err
	case fetch.Unreachable, fetch.Timeout:
		if e.Uplink {
			return &network.Park{Err: err}
		}
		return &network.HostDown{Err: err}
	case fetch.BadStatus:
		return f.answered(ctx, j, p, e)
	}
	return f.drops.count("undeliverable", err)
}

// answered is delivered, for an answer that was no success.
func (f *Federation) answered(ctx context.Context, j *social.Job, p *prepared, e *fetch.Error) error {
	switch status := e.Status; {
	case status == http.StatusGone:
		if sharedInbox(j.Target) {
			f.hosts.gone(ctx, j.Host)
		}
		return &network.Gone{Err: e}
	case status == http.StatusUnauthorized:
		if a, err := f.Home.Store.Actor(ctx, p.actor); err == nil && a.State == social.ActorGone {
			return f.drops.count("refused", e) // whoever asks for the key finds nobody
		}
		return &network.Later{Err: e} // its server could not load our key, perhaps
	case status == http.StatusTooManyRequests, status == http.StatusRequestTimeout, status == http.StatusTooEarly:
		return &network.Later{After: e.RetryAfter, Err: e}
	case status == http.StatusNotImplemented, status >= 300 && status < 500:
		return f.drops.count("refused", e)
	case status == http.StatusServiceUnavailable && e.RetryAfter > 0:
		return &network.Later{After: e.RetryAfter, Err: e}
	case status >= 502:
		return &network.HostDown{Err: e}
	}
	return e
}

// sharedInbox reports whether an inbox looks like that of a whole server: it
// names nobody.
func sharedInbox(inbox string) bool {
	u, err := url.Parse(inbox)
	if err != nil {
		return false
	}
	switch path := strings.TrimSuffix(u.Path, "/"); path {
	case "/inbox", "/f/inbox", "/sharedInbox", "/shared-inbox", "/api/ap/shared-inbox", "/ap/inbox":
		return u.RawQuery == ""
	}
	return false
}
