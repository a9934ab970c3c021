package fediverse

import (
	"strings"
	"testing"

	"engawa/test/peers"
)

// The signatures that a peer may try first; homes answer both.
const (
	rfc9421 = "rfc9421"
	cavage  = "draft-cavage-http-signatures-12"
)

// neighbour is a home a.test with alice, and a Fedify server fedify.test with
// its own alice and bob.
func neighbour(t *testing.T, firstKnock string) (w *World, alice *Person, peer *peers.Peer) {
	t.Helper()
	w = Empty(t)
	peer = peers.Fedify(t, peers.Options{CA: w.CA, FirstKnock: firstKnock})
	w.Hosts[peer.Host] = peer.Addr
	w.Start("a.test")
	peer.Route("a.test", w.Hosts["a.test"])
	return w, w.Person("alice@a.test"), peer
}

// eachKnock runs a scenario with both first signatures.
func eachKnock(t *testing.T, scenario func(t *testing.T, knock string)) {
	for _, knock := range []string{rfc9421, cavage} {
		t.Run(knock, func(t *testing.T) { scenario(t, knock) })
	}
}

// peerActs lets a person of the peer do something and settles.
func (w *World) peerActs(peer *peers.Peer, verb, who string, args peers.Args) peers.Result {
	w.tb.Helper()
	r := peer.Do(verb, who, args)
	w.Settle()
	return r
}

// accountAt is somebody of a peer as p's home knows them.
func (p *Person) accountAt(peer *peers.Peer, name string) JSON {
	p.tb.Helper()
	return p.Find("accounts", peer.Handle(name))
}

// relationTo is what is between p and an account.
func (p *Person) relationTo(account JSON) JSON {
	p.tb.Helper()
	list := p.List("/api/v1/accounts/relationships?id[]=" + account["id"].(string))
	if len(list) != 1 {
		p.tb.Fatalf("%d relationships, not 1", len(list))
	}
	return list[0]
}

// acts posts to the API and settles.
func (p *Person) acts(path string, body any) JSON {
	p.tb.Helper()
	out := p.Call("POST", path, body)
	p.Home.w.Settle()
	return out
}

// arrived is an activity at the peer whose signature holds.
func arrived(t *testing.T, peer *peers.Peer, verb, object string) peers.Entry {
	t.Helper()
	e := peer.WaitFor(verb, object)
	if !e.Verified || !strings.HasPrefix(e.KeyID, "https://a.test/") {
		t.Errorf("%s of %s: signature %s of %s, verified %v %s", verb, object, e.Signature, e.KeyID, e.Verified, e.Reason)
	}
	return e
}

// knows follows each other across, and returns the peer's bob as alice's home has him.
func knows(t *testing.T, w *World, alice *Person, peer *peers.Peer) JSON {
	t.Helper()
	bob := alice.accountAt(peer, "bob")
	alice.acts("/api/v1/accounts/"+bob["id"].(string)+"/follow", nil)
	w.peerActs(peer, "follow", "bob", peers.Args{"target": "@alice@a.test"})
	if rel := alice.relationTo(bob); rel["following"] != true || rel["followed_by"] != true {
		t.Fatalf("they do not follow each other: %v; the peer: %+v", rel, peer.State().Errors)
	}
	return bob
}
