package bluesky

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"sync"
)

// nonces are the last DPoP nonces of the servers spoken to (RFC 9449, section 8).
type nonces struct {
	mu   sync.Mutex
	last map[string]string // by origin
}

func (n *nonces) of(origin string) string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.last[origin]
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

// proving is what proofs of possession are made with.
type proving struct {
	key    dpopKey
	nonces *nonces
	token  string // access token, "" towards the authorization server
}

// prove sends a request with a DPoP proof, and once more when the server wants its nonce in it.
func (n *Network) prove(ctx context.Context, p *proving, method, address string, b *body) (*answer, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, err
	}
	origin := u.Scheme + "://" + u.Host
	for try := 0; ; try++ {
		proof, err := p.key.proof(method, origin+u.EscapedPath(), p.nonces.of(origin), p.token, n.now())
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
		if !errors.As(err, &refused) {
			return nil, err
		}
		fresh := p.nonces.note(origin, refused.Header)
		if try > 0 || !fresh || refused.Name != "use_dpop_nonce" && challengeError(refused.Header.Get("WWW-Authenticate")) != "use_dpop_nonce" {
			return nil, err
		}
	}
}
