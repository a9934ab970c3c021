package bluesky

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"sync"
	"time"
)

// nonces are the last DPoP nonces of the servers spoken to (RFC 9449, section
// 8), and how far their clocks are ahead of ours.
type nonces struct {
	mu   sync.Mutex
	last map[string]string // by origin
	skew time.Duration
}

func (n *nonces) of(origin string) (string, time.Duration) {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.last[origin], n.skew
}

// note keeps the nonce of an answer; it reports whether it is a new one.
func (n *nonces) note(origin string, h http.Header) bool {
	nonce := h.Get("DPoP-Nonce")
	if nonce == "" || len(nonce) > 1024 {
		return false
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.last[origin] == nonce {
		return false
	}
	if n.last == nil || len(n.last) >= 8 {
		n.last = make(map[string]string, 2)
	}
	n.last[origin] = nonce
	return true
}

// set takes the time from an answer, for a home whose clock is wrong.
func (n *nonces) set(h http.Header, now time.Time) bool {
	at, err := http.ParseTime(h.Get("Date"))
	if err != nil {
		return false
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	n.skew = at.Sub(now)
	return true
}

// proving is what proofs of possession are made with.
type proving struct {
	key    dpopKey
	nonces *nonces
	token  string // access token, "" towards the authorization server
}

// bodies makes what a request carries, anew for each try; now is the server's time.
type bodies func(now time.Time) (*body, error)

// just is the same body each time.
func just(b *body) bodies { return func(time.Time) (*body, error) { return b, nil } }

// prove sends a request with a DPoP proof, and again when the server wants its
// nonce in it or another time.
func (n *Network) prove(ctx context.Context, p *proving, method, address string, make bodies) (*answer, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, err
	}
	origin := u.Scheme + "://" + u.Host
	for try := 0; ; try++ {
		nonce, skew := p.nonces.of(origin)
		now := n.now().Add(skew)
		b, err := make(now)
		if err != nil {
			return nil, err
		}
		proof, err := p.key.proof(method, origin+u.EscapedPath(), nonce, p.token, now)
		if err != nil {
			return nil, err
		}
		header := http.Header{"Dpop": {proof}}
		if p.token != "" {
			header.Set("Authorization", "DPoP "+p.token)
		}
		a, err := n.exchange(ctx, method, address, header, b)
		if err == nil {
			p.nonces.note(origin, a.header)
			return a, nil
		}
		var refused *xrpcError
		if !errors.As(err, &refused) || try == 2 || !p.learn(origin, refused, n.now()) {
			return nil, err
		}
	}
}

// learn takes from a refusal what the next proof needs; false when another proof will not help.
func (p *proving) learn(origin string, refused *xrpcError, now time.Time) bool {
	fresh := p.nonces.note(origin, refused.Header)
	for _, name := range []string{refused.Name, challengeError(refused.Header.Get("WWW-Authenticate"))} {
		switch name {
		case "use_dpop_nonce":
			return fresh
		case "invalid_dpop_proof":
			return p.nonces.set(refused.Header, now)
		}
	}
	return false
}
