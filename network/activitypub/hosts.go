package activitypub

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"engawa/social"
)

// hosts is what is known of other servers, kept in memory and written only when
// it changes, which is rare.
type hosts struct {
	f     *Federation
	known *cache[string, *hostState]
}

// hostState is what a delivery asks of a host. It is replaced, never changed.
type hostState struct {
	scheme  social.SignatureScheme
	gone    bool
	ed      bool // it signed requests with Ed25519, or asked for it
	refused bool // Ed25519 was tried and refused
}

const (
	maxHosts = 20_000
	hostAge  = 6 * time.Hour
)

func newHosts(f *Federation) *hosts {
	return &hosts{f: f, known: newCache[string, *hostState](f.Home.Clock, maxHosts, hostAge)}
}

// of is what is known of a canonical host.
func (h *hosts) of(ctx context.Context, host string) hostState {
	if s, ok := h.known.get(host); ok {
		return *s
	}
	s := &hostState{}
	if row, err := h.f.Home.Store.Host(ctx, host); err == nil {
		s.scheme, s.gone = row.Signature, row.GoneAt != 0
	}
	h.known.put(host, s)
	return *s
}

// choose is how a delivery to a host is signed first. Ed25519 costs a tenth of
// RSA: it is tried with hosts that sign so or ask for it. That an actor has such
// a key for proofs is not enough: Fedify, which has, looks for the key of a
// request among publicKey only, and remembers under its id that there is none,
// so that the proofs by the same key do not hold any more.
func (h *hosts) choose(ctx context.Context, host string, canEd bool) social.SignatureScheme {
	s := h.of(ctx, host)
	switch {
	case s.scheme == social.RFC9421Ed25519 && !canEd:
		return social.RFC9421
	case s.scheme == social.RFC9421Ed25519, s.ed && canEd && !s.refused:
		return social.RFC9421Ed25519
	}
	return s.scheme
}

// worked notes that a host took a signature.
func (h *hosts) worked(ctx context.Context, host string, scheme social.SignatureScheme) {
	s := h.of(ctx, host)
	if s.scheme == scheme && !s.gone {
		return
	}
	s.scheme, s.gone = scheme, false
	h.write(ctx, host, s)
}

// refusedEd notes that a host does not take Ed25519.
func (h *hosts) refusedEd(ctx context.Context, host string) {
	s := h.of(ctx, host)
	s.refused = true
	if s.scheme != social.RFC9421Ed25519 {
		h.known.put(host, &s)
		return
	}
	s.scheme = social.Cavage
	h.write(ctx, host, s)
}

// acceptEd is the Accept-Signature (RFC 9421 5.1) that an inbox of ours answers
// with: homes sign to one another with Ed25519 from the second request on.
var acceptEd = []string{`sig1=("@method" "@target-uri" "content-digest");created;keyid;alg="ed25519"`}

// asksEd reports whether an answer asks for signatures with Ed25519.
func asksEd(h http.Header) bool {
	for _, v := range h["Accept-Signature"] {
		if strings.Contains(v, `alg="ed25519"`) {
			return true
		}
	}
	return false
}

// showsEd notes that a host signs with Ed25519, or asks for it.
func (h *hosts) showsEd(ctx context.Context, host string) {
	if s := h.of(ctx, host); !s.ed {
		s.ed = true
		h.known.put(host, &s)
	}
}

// gone notes that a host said it is no more.
func (h *hosts) gone(ctx context.Context, host string) {
	s := h.of(ctx, host)
	s.gone = true
	h.write(ctx, host, s)
}

// alive notes that a host signed something: whatever it said before, it is there.
func (h *hosts) alive(ctx context.Context, host string) {
	if s, ok := h.known.get(host); ok && !s.gone {
		return
	}
	if s := h.of(ctx, host); s.gone {
		s.gone = false
		h.write(ctx, host, s)
	}
}

// write keeps what changed, beside what the queue knows of the host.
func (h *hosts) write(ctx context.Context, host string, s hostState) {
	h.known.put(host, &s)
	now := h.f.millis()
	err := h.f.Home.Store.Write(ctx, func(tx social.Tx) error {
		row, err := tx.Host(ctx, host)
		if social.IsKind(err, social.NotFound) {
			row, err = &social.Host{Domain: host, FirstSeen: now}, nil
		}
		if err != nil {
			return err
		}
		next := *row
		next.Signature = s.scheme
		switch {
		case s.gone && next.GoneAt == 0:
			next.GoneAt = now
		case !s.gone:
			next.GoneAt = 0
		}
		return tx.PutHost(ctx, &next)
	})
	if err != nil {
		h.f.Log.Warn("what was learnt of a host could not be written", "host", host, "err", err)
	}
}

// blocklist is the domains this home refuses, read again when it is older than
// blocksAge.
type blocklist struct {
	current atomic.Pointer[blockSet]
	reading sync.Mutex
}

type blockSet struct {
	at      time.Time
	domains map[string]bool
}

const blocksAge = 10 * time.Second

// blocked reports whether this home refuses a canonical host, or a domain above it.
func (f *Federation) blocked(ctx context.Context, host string) bool {
	set := f.blockSet(ctx)
	if set == nil || len(set.domains) == 0 {
		return false
	}
	if i := strings.LastIndexByte(host, ':'); i > 0 && !strings.HasSuffix(host, "]") {
		if set.domains[host] {
			return true
		}
		host = host[:i]
	}
	for host != "" {
		if set.domains[host] {
			return true
		}
		_, host, _ = strings.Cut(host, ".")
	}
	return false
}

func (f *Federation) blockSet(ctx context.Context) *blockSet {
	set := f.blocks.current.Load()
	now := f.now()
	if set != nil && now.Sub(set.at) < blocksAge {
		return set
	}
	f.blocks.reading.Lock()
	defer f.blocks.reading.Unlock()
	if again := f.blocks.current.Load(); again != set {
		return again
	}
	rows, err := f.Home.Store.BlockedDomains(ctx)
	if err != nil {
		f.Log.Error("the blocked domains could not be read; the last known ones stay in force", "err", err)
		return set
	}
	next := &blockSet{at: now, domains: make(map[string]bool, len(rows))}
	for i := range rows {
		if d := &rows[i]; d.Domain != "" && d.UndoneAt == 0 && (d.Until == 0 || d.Until > now.UnixMilli()) && d.Kind != "limit" && d.Kind != "sensitive" {
			next.domains[d.Domain] = true
		}
	}
	f.blocks.current.Store(next)
	return next
}

// Forget drops what is remembered of an Actor, and of blocked domains; it
// listens to the home's Events.
func (f *Federation) Forget(e social.Event) {
	if e.Type != social.ActorChanged || f.ready() != nil {
		return
	}
	f.signers.drop(e.Actor)
	f.signers.drop(0)
	f.blocks.current.Store(nil)
}
