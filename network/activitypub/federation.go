package activitypub

import (
	"context"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"

	"engawa/internal/clock"
	"engawa/internal/fetch"
	"engawa/internal/httpsig"
	"engawa/internal/keys"
	"engawa/network"
	"engawa/social"
)

// Federation is ActivityPub at work: inboxes, deliveries, documents, look-ups.
// Fill the exported fields before use; they are not changed after.
type Federation struct {
	Home    *social.Home
	Client  *fetch.Client
	Base    string // public base URL, without a slash at the end
	Version string // of this program, for NodeInfo
	// AuthorizedFetch answers documents only to who signs the request.
	AuthorizedFetch bool
	// AllowHTTP lets WebFinger fall back to plain http (tests on loopback).
	AllowHTTP bool
	// OpenRegistrations is what NodeInfo says of the door.
	OpenRegistrations bool
	Log               *slog.Logger

	once    sync.Once
	setUp   error
	origins httpsig.Origins
	keys    *cache[string, *knownKey]    // by key id; verified owners
	failed  *cache[string, error]        // look-ups that failed, by URI or handle
	signers *cache[social.ID, *signers]  // private halves, opened
	bodies  *cache[social.ID, *prepared] // Outgoings on their way
	deleted *cache[string, struct{}]     // objects whose Delete came first
	reread  *cache[string, struct{}]     // keys whose owners were read once more a short time ago
	misses  *cache[string, int]          // key look-ups that failed, by host
	slots   chan struct{}                // key look-ups under way
	threads *cache[string, *threadRun]   // fetches of threads, by id
	cooling *cache[social.ID, string]    // threads fetched a short time ago
	hosts   *hosts
	blocks  blocklist
	flights singleflight.Group
	drops   drops
	kept    kept
}

var (
	_ network.Deliverer = (*Federation)(nil)
	_ network.Receiver  = (*Federation)(nil)
	_ social.Neighbours = (*Federation)(nil)
)

// How many things are remembered, and how long (T51).
const (
	maxKnownKeys = 5_000
	maxFailed    = 10_000
	maxSigners   = 5_000
	maxBodies    = 256
	maxDeleted   = 10_000
	maxThreads   = 2_000
	keyAge       = 24 * time.Hour
	signerAge    = time.Hour
	bodyAge      = time.Hour
	deletedAge   = 6 * time.Hour // mastodon.md 5.1
	threadAge    = 15 * time.Minute
	failedAge    = time.Minute      // what may pass
	missingAge   = 10 * time.Minute // what is not there
	refreshAge   = 24 * time.Hour   // of an actor, on activity (misskey.md 1.2)
	rereadAge    = 5 * time.Minute
	resolveTime  = 25 * time.Second // of one look-up
)

// ready makes the private state, once.
func (f *Federation) ready() error {
	f.once.Do(func() {
		if f.Log == nil {
			f.Log = slog.Default()
		}
		c := f.Home.Clock
		f.origins, f.setUp = httpsig.NewOrigins(f.Base)
		f.keys = newCache[string, *knownKey](c, maxKnownKeys, keyAge)
		f.failed = newCache[string, error](c, maxFailed, failedAge)
		f.signers = newCache[social.ID, *signers](c, maxSigners, signerAge)
		f.bodies = newCache[social.ID, *prepared](c, maxBodies, bodyAge)
		f.deleted = newCache[string, struct{}](c, maxDeleted, deletedAge)
		f.reread = newCache[string, struct{}](c, maxFailed, rereadAge)
		f.misses = newCache[string, int](c, maxFailed, failedAge)
		f.slots = make(chan struct{}, keySlots)
		f.threads = newCache[string, *threadRun](c, maxThreads, 2*threadAge)
		f.cooling = newCache[social.ID, string](c, maxThreads, threadAge)
		f.hosts = newHosts(f)
	})
	return f.setUp
}

func (f *Federation) now() time.Time { return f.Home.Clock.Now() }

func (f *Federation) millis() social.Millis { return clock.Millis(f.now()) }

// ours reports whether a URI is of this home.
func (f *Federation) ours(uri string) bool {
	host := HostOf(uri)
	return host != "" && (host == HostOf(f.Base) || host == f.Home.Info.Domain)
}

// signers hold what one Actor of ours signs with; ed is nil without such a key.
type signers struct {
	rsa, ed *httpsig.Signer
	edKey   keys.Private // for integrity proofs
	edID    string
}

// signersOf opens the keys of an Actor of ours; they stay open for a while.
func (f *Federation) signersOf(ctx context.Context, actor social.ID) (*signers, error) {
	if s, ok := f.signers.get(actor); ok {
		return s, nil
	}
	all, err := f.Home.Store.Keys(ctx, actor)
	if err != nil {
		return nil, err
	}
	s := &signers{}
	for i := range all {
		k := &all[i]
		if len(k.Private) == 0 || k.RetiredAt != 0 {
			continue
		}
		private, err := f.Home.Master.Open(string(k.Private), k.KeyID)
		if err != nil {
			return nil, err
		}
		signer, err := httpsig.NewSigner(k.KeyID, private)
		if err != nil {
			return nil, err
		}
		switch private.Kind() {
		case keys.RSA:
			if s.rsa == nil {
				s.rsa = signer
			}
		case keys.Ed25519:
			if s.ed == nil {
				s.ed, s.edKey, s.edID = signer, private, k.KeyID
			}
		}
	}
	if s.rsa == nil {
		return nil, &social.Error{Kind: social.NotFound, Op: "sign", Message: "the actor " + actor.String() + " has no RSA key to sign with"}
	}
	f.signers.put(actor, s)
	return s, nil
}

// serverSigners are those of the home's own actor, which signs every GET.
func (f *Federation) serverSigners(ctx context.Context) (*signers, error) {
	const self = 0 // no Actor has this id
	if s, ok := f.signers.get(self); ok {
		return s, nil
	}
	a, err := f.Home.Store.ServerActor(ctx, f.Home.Info.ID)
	if err != nil {
		return nil, err
	}
	s, err := f.signersOf(ctx, a.ID)
	if err == nil {
		f.signers.put(self, s)
	}
	return s, err
}

// sign makes the hook that signs one request by a scheme.
func (f *Federation) sign(s *signers, scheme social.SignatureScheme, digest *httpsig.Digest) func(*http.Request) error {
	return func(r *http.Request) error {
		switch {
		case scheme == social.RFC9421Ed25519 && s.ed != nil:
			return s.ed.Sign(r, httpsig.RFC9421, digest, f.now())
		case scheme == social.Cavage:
			return s.rsa.Sign(r, httpsig.Cavage, digest, f.now())
		}
		return s.rsa.Sign(r, httpsig.RFC9421, digest, f.now())
	}
}

// drops counts why activities were left, by reason.
type drops struct {
	mu sync.Mutex
	n  map[string]int64
}

// count makes a Drop and counts it. reason is one of our own words.
func (d *drops) count(reason string, err error) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.n == nil {
		d.n = map[string]int64{}
	}
	d.n[reason]++
	return &network.Drop{Reason: reason, Err: err}
}

// Drops are how many activities were left so far, by reason.
func (f *Federation) Drops() map[string]int64 {
	f.drops.mu.Lock()
	defer f.drops.mu.Unlock()
	out := make(map[string]int64, len(f.drops.n))
	for k, v := range f.drops.n {
		out[k] = v
	}
	return out
}

// hasType reports whether a comma separated header holds a media type, without
// looking at its parameters.
func hasType(header, word string) bool {
	for part := range strings.SplitSeq(header, ",") {
		kind, _, _ := strings.Cut(part, ";")
		if strings.EqualFold(strings.TrimSpace(kind), word) {
			return true
		}
	}
	return false
}
