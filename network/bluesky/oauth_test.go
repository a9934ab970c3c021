package bluesky

import (
	"crypto/ecdsa"
	"crypto/sha256"
	"encoding/json"
	"math/big"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"engawa/social"
)

// authServer makes the rig an authorization server that wants nonces.
func (r *rig) authServer(change map[string]string) {
	u := r.server.URL
	meta := map[string]string{"issuer": u, "authorization_endpoint": u + "/authorize", "token_endpoint": u + "/token", "pushed_authorization_request_endpoint": u + "/par"}
	for k, v := range change {
		meta[k] = v
	}
	text, err := json.Marshal(meta)
	if err != nil {
		r.Fatal(err)
	}
	r.resolves(aliceDID, didDoc(aliceDID, "alice.test", u))
	r.say(".well-known/oauth-protected-resource", 200, `{"authorization_servers":["`+u+`"]}`)
	r.say(".well-known/oauth-authorization-server", 200, string(text))
	r.on("par", r.nonced(func(w http.ResponseWriter, _ *http.Request) {
		answerWith(w, 201, `{"request_uri":"urn:x","expires_in":60}`)
	}))
}

// nonced refuses proofs without the nonce "n1", and checks the others' signatures.
func (r *rig) nonced(then http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, req *http.Request) {
		w.Header().Set("DPoP-Nonce", "n1")
		claims := r.verify(req.Header.Get("DPoP"))
		if claims["nonce"] != "n1" {
			answerWith(w, 400, `{"error":"use_dpop_nonce"}`)
			return
		}
		if claims["htm"] != req.Method || claims["htu"] != r.server.URL+req.URL.Path {
			r.Errorf("a proof for %v %v at %s", claims["htm"], claims["htu"], req.URL.Path)
		}
		then(w, req)
	}
}

// verify checks a proof by the key in it (RFC 9449, section 4.3).
func (r *rig) verify(proof string) map[string]any {
	parts := strings.Split(proof, ".")
	if len(parts) != 3 {
		r.Errorf("%q is no proof", proof)
		return nil
	}
	var header struct {
		Typ, Alg string
		JWK      struct{ Kty, Crv, X, Y, D string }
	}
	var claims map[string]any
	sig, err := raw64.DecodeString(parts[2])
	for i, into := range []any{&header, &claims} {
		text, err := raw64.DecodeString(parts[i])
		if err != nil || json.Unmarshal(text, into) != nil {
			r.Errorf("%q is no JWS", proof)
			return nil
		}
	}
	x, _ := raw64.DecodeString(header.JWK.X)
	y, _ := raw64.DecodeString(header.JWK.Y)
	key, kerr := ecdsa.ParseUncompressedPublicKey(p256, append(append([]byte{4}, x...), y...))
	if err != nil || kerr != nil || len(sig) != 64 || header.Typ != "dpop+jwt" || header.Alg != "ES256" || header.JWK.D != "" {
		r.Errorf("header %+v", header)
		return nil
	}
	sum := sha256.Sum256([]byte(parts[0] + "." + parts[1]))
	if !ecdsa.Verify(key, sum[:], new(big.Int).SetBytes(sig[:32]), new(big.Int).SetBytes(sig[32:])) {
		r.Error("the signature of a proof is wrong")
	}
	return claims
}

func TestOAuth(t *testing.T) {
	r := newRig(t)
	r.authServer(nil)
	step, err := r.begin(map[string]string{"handle": "alice.test"})
	if err != nil {
		t.Fatal(err)
	}
	to, err := url.Parse(step.URL)
	if err != nil || !strings.HasPrefix(step.URL, r.server.URL+"/authorize?") || to.Query().Get("request_uri") != "urn:x" || to.Query().Get("client_id") != "https://home.example"+MetadataPath {
		t.Fatalf("%s, %v", step.URL, err)
	}
	form, err := url.ParseQuery(r.body("par"))
	if err != nil || form.Get("code_challenge_method") != "S256" || form.Get("scope") != "atproto transition:generic" || form.Get("redirect_uri") != "https://home.example/back" || form.Get("login_hint") != "alice.test" {
		t.Fatalf("%v, %v", form, err)
	}
	back := url.Values{"state": {form.Get("state")}, "iss": {r.server.URL}, "code": {"code-secret"}}
	for name, tt := range map[string]struct {
		status int
		body   string
		class  social.LinkFailure
		words  string
	}{
		"another account": {200, `{"access_token":"a","token_type":"DPoP","refresh_token":"r","scope":"atproto transition:generic","sub":"did:plc:bob"}`, social.Reconnect, "another account"},
		"less scope":      {200, `{"access_token":"a","token_type":"DPoP","scope":"atproto","sub":"did:plc:alice"}`, social.Reconnect, "does not cover"},
		"bearer":          {200, `{"access_token":"a","token_type":"Bearer","scope":"atproto transition:generic","sub":"did:plc:alice"}`, social.TryAgain, "is not understood"},
		"used code":       {400, `{"error":"invalid_grant","error_description":"x"}`, social.Reconnect, "has ended"},
	} {
		r.on("token", r.nonced(func(w http.ResponseWriter, _ *http.Request) { answerWith(w, tt.status, tt.body) }))
		_, err := r.Finish(t.Context(), step.State, back)
		t.Log(name)
		r.class(err, tt.class, tt.words)
	}
	r.on("token", r.nonced(func(w http.ResponseWriter, _ *http.Request) {
		form, _ := url.ParseQuery(r.body("token"))
		challenge := sha256.Sum256([]byte(form.Get("code_verifier")))
		if form.Get("code") != "code-secret" || raw64.EncodeToString(challenge[:]) == "" || form.Get("client_id") == "" {
			t.Errorf("token request %v", form)
		}
		answerWith(w, 200, `{"access_token":"access","token_type":"DPoP","refresh_token":"r","scope":"atproto transition:generic","sub":"did:plc:alice","expires_in":3600}`)
	}))
	r.on(getSession, r.nonced(func(w http.ResponseWriter, req *http.Request) {
		sum := sha256.Sum256([]byte("access"))
		if req.Header.Get("Authorization") != "DPoP access" || r.verify(req.Header.Get("DPoP"))["ath"] != raw64.EncodeToString(sum[:]) {
			t.Error("the proof is not bound to the token")
		}
		answerWith(w, 200, `{"did":"did:plc:alice","handle":"alice.test"}`)
	}))
	done, err := r.Finish(t.Context(), step.State, back)
	if err != nil || done.Link.Account != aliceDID || done.Link.ExpiresAt != start.Add(publicSession).UnixMilli() {
		t.Fatalf("%+v, %v", done, err)
	}
	forgedAnswers(r, step.State, back)
}

// forgedAnswers: what comes back belongs to what was begun.
func forgedAnswers(r *rig, state []byte, back url.Values) {
	for name, change := range map[string]url.Values{"state": {"state": {"x"}}, "issuer": {"iss": {"https://evil.example"}}, "no issuer": {"iss": nil}} {
		forged := url.Values{"state": back["state"], "iss": back["iss"], "code": back["code"]}
		for k, v := range change {
			forged[k] = v
		}
		_, err := r.Finish(r.Context(), state, forged)
		r.Log(name)
		r.class(err, social.FixPost, "another linking")
	}
	_, err := r.Finish(r.Context(), []byte(`{}`), url.Values{"state": {""}})
	r.class(err, social.FixPost, "not begun here")
}

// TestAuthServerLies: an authorization server that calls itself another, or points inside, is not believed.
func TestAuthServerLies(t *testing.T) {
	for name, change := range map[string]map[string]string{
		"issuer":   {"issuer": "https://bsky.social"},
		"endpoint": {"token_endpoint": "file:///etc/passwd"},
		"no PAR":   {"pushed_authorization_request_endpoint": ""},
	} {
		r := newRig(t)
		r.authServer(change)
		_, err := r.begin(map[string]string{"handle": "alice.test"})
		t.Log(name)
		r.class(err, social.TryAgain, "who may give permission")
	}
	r := newRig(t)
	r.authServer(nil)
	r.say(".well-known/oauth-protected-resource", 200, `{"authorization_servers":[]}`)
	_, err := r.begin(map[string]string{"handle": "alice.test"})
	r.class(err, social.FixPost, "no OAuth")
}

func TestClientMetadata(t *testing.T) {
	doc, err := ClientMetadata("https://home.example/", "縁側", "https://home.example/back")
	if err != nil {
		t.Fatal(err)
	}
	const want = `{"application_type":"web","client_id":"https://home.example/oauth/bluesky/client-metadata.json","client_name":"縁側","client_uri":"https://home.example",` +
		`"dpop_bound_access_tokens":true,"grant_types":["authorization_code","refresh_token"],"redirect_uris":["https://home.example/back"],"response_types":["code"],` +
		`"scope":"atproto transition:generic","token_endpoint_auth_method":"none"}`
	if string(doc) != want {
		t.Errorf("%s", doc)
	}
	for home, want := range map[string][2]string{
		"https://home.example":  {"https://home.example" + MetadataPath, "http://localhost:8080/back"},
		"http://localhost:8080": {"http://localhost/?redirect_uri=http%3A%2F%2F127.0.0.1%3A8080%2Fback&scope=atproto+transition%3Ageneric", "http://127.0.0.1:8080/back"},
		"http://home.example":   {"http://home.example" + MetadataPath, "http://localhost:8080/back"},
	} {
		if id, back := clientID(home, "http://localhost:8080/back"); id != want[0] || back != want[1] {
			t.Errorf("%s: %s, %s", home, id, back)
		}
	}
}

func TestKey(t *testing.T) {
	k, err := newKey()
	if err != nil {
		t.Fatal(err)
	}
	text, err := k.text()
	if err != nil {
		t.Fatal(err)
	}
	again, err := parseKey(text)
	if err != nil || !again.Equal(k.PrivateKey) {
		t.Errorf("%v", err)
	}
	for _, bad := range []string{"", "x", "AAAA", raw64.EncodeToString(make([]byte, 32))} {
		if _, err := parseKey(bad); err == nil {
			t.Errorf("%q is taken", bad)
		}
	}
}
