package bluesky

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"engawa/internal/locale"
	"engawa/network"
)

// identity is who an account is and where it lives.
type identity struct {
	did    string
	handle string // as its DID document says it; "" when it has none
	pds    string // origin
}

// document is what is read of a DID document (W3C DID Core, section 5).
type document struct {
	ID          string   `json:"id"`
	AlsoKnownAs []string `json:"alsoKnownAs"`
	Service     []struct {
		ID       string `json:"id"`
		Type     string `json:"type"`
		Endpoint any    `json:"serviceEndpoint"`
	} `json:"service"`
}

// find resolves what a person typed, a handle or DID, to an identity whose
// handle and DID name each other (atproto.com/specs/handle, "Resolution").
// base, where it is set, is a PDS that is asked for the handle first.
func (n *Network) find(ctx context.Context, who, base string) (*identity, error) {
	who = strings.ToLower(strings.TrimPrefix(strings.TrimSpace(who), "@"))
	if strings.HasPrefix(who, "did:") {
		return n.identify(ctx, strings.TrimSpace(who))
	}
	if !validHandle(who) {
		return nil, network.Fix(locale.W("link.fail.handle", "typed", clip(who, 80)), locale.W("link.do.handle"))
	}
	did, err := n.resolve(ctx, who, base)
	if err != nil {
		return nil, err
	}
	id, err := n.identify(ctx, did)
	if err != nil {
		return nil, err
	}
	if id.handle != who {
		return nil, network.Fix(locale.W("link.fail.handle_back", "handle", "@"+who), locale.W("link.do.handle_back"))
	}
	return id, nil
}

// resolve asks for the DID of a handle: base, the resolver, then the handle's own server.
func (n *Network) resolve(ctx context.Context, handle, base string) (string, error) {
	var last error
	for _, server := range []string{base, or(n.Resolver, publicResolver)} {
		if server == "" {
			continue
		}
		var out struct {
			DID string `json:"did"`
		}
		last = n.getJSON(ctx, server+"/xrpc/com.atproto.identity.resolveHandle?handle="+url.QueryEscape(handle), &out)
		if last == nil && validDID(out.DID) {
			return out.DID, nil
		}
	}
	a, err := n.exchange(ctx, http.MethodGet, "https://"+handle+"/.well-known/atproto-did", nil, nil)
	if err == nil {
		if did := strings.TrimSpace(string(a.body)); validDID(did) {
			return did, nil
		}
	}
	var refused *xrpcError
	if last == nil || errors.As(last, &refused) && refused.Status < 500 && refused.Status != http.StatusTooManyRequests {
		return "", network.Fix(locale.W("link.fail.handle_none", "handle", "@"+handle), locale.W("link.do.handle"))
	}
	return "", n.failure("looking up @"+handle, last)
}

// identify reads the DID document of did.
func (n *Network) identify(ctx context.Context, did string) (*identity, error) {
	if !validDID(did) {
		return nil, network.Fix(locale.W("link.fail.did", "typed", clip(did, 80)), locale.W("link.do.handle"))
	}
	address := or(n.PLC, publicPLC) + "/" + did
	if host, web := strings.CutPrefix(did, "did:web:"); web {
		// atproto.com/specs/did: a host alone, no path, a port only for localhost
		if strings.ContainsRune(host, ':') || !validHandle(host) {
			return nil, network.Fix(locale.W("link.fail.did", "typed", clip(did, 80)), locale.W("link.do.handle"))
		}
		address = "https://" + host + "/.well-known/did.json"
	}
	var doc document
	if err := n.getJSON(ctx, address, &doc); err != nil {
		return nil, n.failure("looking up the account", err)
	}
	return n.read(did, &doc)
}

func (n *Network) read(did string, doc *document) (*identity, error) {
	if doc.ID != did {
		return nil, n.failure("looking up the account", errors.New("the DID document is another's"))
	}
	id := &identity{did: did}
	for _, name := range doc.AlsoKnownAs[:min(len(doc.AlsoKnownAs), 100)] {
		if h, ok := strings.CutPrefix(name, "at://"); ok && validHandle(h) {
			id.handle = strings.ToLower(h)
			break
		}
	}
	for _, s := range doc.Service[:min(len(doc.Service), 100)] {
		endpoint, _ := s.Endpoint.(string)
		if s.Type != "AtprotoPersonalDataServer" || (s.ID != "#atproto_pds" && s.ID != did+"#atproto_pds") {
			continue
		}
		pds, err := n.origin(endpoint)
		if err != nil {
			return nil, n.failure("looking up the account", err)
		}
		id.pds = pds
		return id, nil
	}
	return nil, network.Fix(locale.W("link.fail.pds_none"), locale.W("link.do.restore"))
}

// same reports whether two origins are the same server.
func same(a, b string) bool { return strings.TrimSuffix(a, "/") == strings.TrimSuffix(b, "/") }
