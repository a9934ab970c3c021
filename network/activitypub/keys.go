package activitypub

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"engawa/internal/fetch"
	"engawa/internal/httpsig"
	"engawa/internal/keys"
	"engawa/internal/proof"
	"engawa/social"
)

// knownKey is a public key with whom it belongs to: the owner's own document
// named it (T6, T12). It is not changed.
type knownKey struct {
	id     string
	public keys.Public
	actor  social.ID
	owner  string // the actor's URI
	host   string // of both
}

// refusal is why an inbox or a document is refused, with its HTTP status.
type refusal struct {
	status int
	text   string
}

func (r *refusal) Error() string { return r.text }

func refused(status int, text string) *refusal { return &refusal{status, text} }

// signatureOf reads the signature of a request and checks all that needs no key.
func (f *Federation) signatureOf(r *http.Request, digest *httpsig.Digest) (*httpsig.Signature, error) {
	sig, err := httpsig.Parse(r)
	if err == nil {
		err = sig.Check(digest, f.now(), f.origins)
	}
	if err != nil {
		return nil, asRefusal(err)
	}
	return sig, nil
}

// verify proves who signed a request: with a key that is known, else after one
// fetch, and one more when a known key does not match any more. claimed is the
// actor that the body names, if any.
func (f *Federation) verify(ctx context.Context, sig *httpsig.Signature, digest *httpsig.Digest, claimed string) (*knownKey, error) {
	now := f.now()
	host := HostOf(sig.KeyID)
	switch {
	case host == "":
		return nil, refused(http.StatusUnauthorized, "the keyId must be an http(s) URL")
	case f.blocked(ctx, host):
		return nil, refused(http.StatusForbidden, "this home does not speak with "+host)
	case f.ours(sig.KeyID):
		return nil, refused(http.StatusUnauthorized, "the key is one of this home, which does not send to itself")
	}
	key, fresh, err := f.keyFor(ctx, sig.KeyID, claimed)
	if err != nil {
		return nil, asRefusal(err)
	}
	err = sig.Verify(key.public, digest, now, f.origins)
	if err != nil && !fresh && f.reread.add(sig.KeyID, struct{}{}) {
		// Perhaps the owner has a new key: its document is read once more, not
		// once for each request that does not match.
		if key, err = f.refreshKey(ctx, sig.KeyID, key.owner); err == nil {
			err = sig.Verify(key.public, digest, now, f.origins)
		}
	}
	if err != nil {
		return nil, asRefusal(err)
	}
	if sig.Scheme == httpsig.RFC9421 && key.public.Kind() == keys.Ed25519 {
		f.hosts.showsEd(ctx, key.host)
	}
	return key, nil
}

// asRefusal gives a failure the status of mastodon.md 5.2.
func asRefusal(err error) error {
	if r, ok := errors.AsType[*refusal](err); ok {
		return r
	}
	if e, ok := errors.AsType[*httpsig.Error](err); ok {
		return refused(e.Status(), e.Text)
	}
	if e, ok := errors.AsType[*fetch.Error](err); ok && e.Temporary() {
		return refused(http.StatusServiceUnavailable, "the server of the key cannot be reached now")
	}
	if social.KindOf(err) == social.Temporary && !isFetch(err) && !errors.Is(err, ErrInvalid) && !errors.Is(err, ErrDocument) {
		return refused(http.StatusServiceUnavailable, "the key cannot be looked up now")
	}
	return refused(http.StatusUnauthorized, "the key could not be found: "+cut(err.Error(), 300))
}

func isFetch(err error) bool { return fetch.KindOf(err) != 0 }

// keyFor finds a key: remembered, stored, or fetched (fresh is true then).
func (f *Federation) keyFor(ctx context.Context, keyID, claimed string) (key *knownKey, fresh bool, err error) {
	if k, ok := f.keys.get(keyID); ok {
		return k, false, nil
	}
	if k, err := f.storedKey(ctx, keyID); err == nil {
		return k, false, nil
	} else if !social.IsKind(err, social.NotFound) {
		return nil, false, err
	}
	k, err := f.fetchKey(ctx, keyID, claimed)
	return k, true, err
}

func (f *Federation) storedKey(ctx context.Context, keyID string) (*knownKey, error) {
	row, err := f.Home.Store.KeyByID(ctx, keyID)
	if err != nil {
		return nil, err
	}
	a, err := f.Home.Store.Actor(ctx, row.Actor)
	if err != nil {
		return nil, err
	}
	if a.Local() || row.RetiredAt != 0 || !sameOrigin(keyID, a.URI) {
		return nil, social.ErrNotFound
	}
	public, err := keys.ParseDER(row.Public)
	if err != nil {
		return nil, social.ErrNotFound // unreadable: fetched again
	}
	k := &knownKey{id: keyID, public: public, actor: a.ID, owner: a.URI, host: HostOf(a.URI)}
	f.keys.put(keyID, k)
	return k, nil
}

// fetchKey loads the owner of a key that is not here: the actor that the body
// names if it may be the owner, else whom the key's own document names.
func (f *Federation) fetchKey(ctx context.Context, keyID, claimed string) (*knownKey, error) {
	if err, ok := f.failed.get("key " + keyID); ok {
		return nil, err
	}
	host := HostOf(keyID)
	failures, _ := f.misses.get(host)
	if failures >= maxMisses {
		return nil, refused(http.StatusServiceUnavailable, "too many keys of "+host+" could not be found; try again later")
	}
	select {
	case f.slots <- struct{}{}:
		defer func() { <-f.slots }()
	default:
		return nil, refused(http.StatusServiceUnavailable, "too many keys are being looked up; try again later")
	}
	ctx, cancel := context.WithTimeout(fetch.WithLimits(ctx, fetch.Limits{Requests: 8, Bytes: 4 << 20}), keyTime)
	defer cancel()
	k, err := f.loadKey(ctx, keyID, claimed)
	if err != nil {
		f.fail("key "+keyID, err)
		f.misses.put(host, failures+1)
	}
	return k, err
}

// Strangers may not make this home send requests without end (T26): a POST waits
// so long for the document of its key, so many do at once, and of one host so
// many may fail in a minute.
const (
	keyTime   = 15 * time.Second
	keySlots  = 32
	maxMisses = 20
)

func (f *Federation) loadKey(ctx context.Context, keyID, claimed string) (*knownKey, error) {
	if claimed != "" && sameOrigin(claimed, keyID) {
		if _, err := f.refreshActor(ctx, claimed); err == nil {
			if k, err := f.storedKey(ctx, keyID); err == nil {
				return k, nil
			}
		} else if isTemporary(err) {
			return nil, err
		}
	}
	address, _, _ := strings.Cut(keyID, "#")
	if address == claimed {
		return nil, refused(http.StatusUnauthorized, "the actor "+claimed+" has no key "+keyID)
	}
	doc, err := f.document(ctx, address)
	if err != nil {
		return nil, err
	}
	owner := doc.ID()
	if !isActorType(doc.Type()) {
		owner = doc.Get("owner", "controller").ID()
	}
	if !sameOrigin(owner, keyID) {
		return nil, refused(http.StatusUnauthorized, "the owner of the key must be of the key's own host")
	}
	return f.refreshKey(ctx, keyID, owner)
}

// refreshKey loads an actor anew; the key must be one of its own.
func (f *Federation) refreshKey(ctx context.Context, keyID, owner string) (*knownKey, error) {
	if err, ok := f.failed.get("key " + keyID); ok {
		return nil, err
	}
	f.keys.drop(keyID)
	if _, err := f.refreshActor(ctx, owner); err != nil {
		return nil, err
	}
	k, err := f.storedKey(ctx, keyID)
	if social.IsKind(err, social.NotFound) {
		err = refused(http.StatusUnauthorized, "the actor "+owner+" has no key "+keyID)
	}
	return k, err
}

// fail remembers that something cannot be found now.
func (f *Federation) fail(what string, err error) {
	age := missingAge
	switch {
	case errors.Is(err, context.Canceled), fetch.KindOf(err) == fetch.OverBudget, fetch.KindOf(err) == fetch.Canceled:
		return
	case isTemporary(err) && !isFetch(err):
		return // our own trouble
	case isTemporary(err):
		age = failedAge
	}
	f.failed.putFor(what, err, age)
}

// isTemporary reports whether a look-up may succeed later.
func isTemporary(err error) bool {
	if e, ok := errors.AsType[*fetch.Error](err); ok {
		return e.Temporary()
	}
	if r, ok := errors.AsType[*refusal](err); ok {
		return r.status == http.StatusServiceUnavailable
	}
	if errors.Is(err, ErrInvalid) || errors.Is(err, ErrDocument) || errors.Is(err, ErrUnknown) || errors.Is(err, ErrNotHere) {
		return false
	}
	return social.KindOf(err) == social.Temporary
}

// proved reports whether a document carries an integrity proof by its actor
// (FEP-8b32), with a key of that actor.
func (f *Federation) proved(ctx context.Context, body []byte, actor string) bool {
	p, err := proof.Parse(body)
	if err != nil || !sameOrigin(p.VerificationMethod, actor) {
		return false
	}
	k, _, err := f.keyFor(ctx, p.VerificationMethod, actor)
	return err == nil && k.owner == actor && p.Verify(k.public, f.now()) == nil
}
