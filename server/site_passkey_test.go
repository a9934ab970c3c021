package server_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/fxamacker/cbor/v2"
)

// device is an authenticator (WebAuthn) with one passkey.
type device struct {
	id     []byte
	key    *ecdsa.PrivateKey
	handle string
	uses   uint32
}

var b64 = base64.RawURLEncoding

func newDevice(t *testing.T) *device {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	d := &device{id: make([]byte, 16), key: key}
	_, _ = rand.Read(d.id)
	return d
}

// client is what the browser says that it did.
func client(kind, challenge, origin string) []byte {
	out, _ := json.Marshal(map[string]any{"type": kind, "challenge": challenge, "origin": origin, "crossOrigin": false})
	return out
}

// data is the authenticator's data (WebAuthn §6.1): user present and verified.
func (d *device) data(rp string, attested []byte) []byte {
	sum := sha256.Sum256([]byte(rp))
	flags := byte(0x05)
	if attested != nil {
		flags |= 0x40
	}
	d.uses++
	return append(binary.BigEndian.AppendUint32(append(sum[:], flags), d.uses), attested...)
}

// make answers a creation (attestation none).
func (d *device) make(options map[string]any, origin string) map[string]any {
	d.handle = options["user"].(map[string]any)["id"].(string)
	point, _ := d.key.PublicKey.Bytes()
	cose, _ := cbor.Marshal(map[int]any{1: 2, 3: -7, -1: 1, -2: point[1:33], -3: point[33:]})
	attested := append(make([]byte, 16), byte(0), byte(len(d.id)))
	attested = append(append(attested, d.id...), cose...)
	object, _ := cbor.Marshal(map[string]any{"fmt": "none", "attStmt": map[string]any{}, "authData": d.data(host, attested)})
	return map[string]any{"id": b64.EncodeToString(d.id), "rawId": b64.EncodeToString(d.id), "type": "public-key", "response": map[string]any{
		"clientDataJSON": b64.EncodeToString(client("webauthn.create", options["challenge"].(string), origin)), "attestationObject": b64.EncodeToString(object),
	}}
}

// use answers a request.
func (d *device) use(options map[string]any, origin string) map[string]any {
	data, said := d.data(host, nil), client("webauthn.get", options["challenge"].(string), origin)
	sum := sha256.Sum256(said)
	digest := sha256.Sum256(append(bytes.Clone(data), sum[:]...))
	signature, _ := ecdsa.SignASN1(rand.Reader, d.key, digest[:])
	return map[string]any{"id": b64.EncodeToString(d.id), "rawId": b64.EncodeToString(d.id), "type": "public-key", "response": map[string]any{
		"clientDataJSON": b64.EncodeToString(said), "authenticatorData": b64.EncodeToString(data),
		"signature": b64.EncodeToString(signature), "userHandle": d.handle,
	}}
}

// scripted sends what the script of passkeys sends.
func (p *person) scripted(path string, body map[string]any) (*answer, map[string]any) {
	p.Helper()
	raw, err := json.Marshal(body)
	if err != nil {
		p.Fatal(err)
	}
	a := p.do("POST", path, "application/json", string(raw))
	var out map[string]any
	if err := json.Unmarshal([]byte(a.body), &out); err != nil {
		p.Fatalf("%s: %d %s", path, a.status, a.body)
	}
	return a, out
}

func publicKey(t *testing.T, out map[string]any) map[string]any {
	t.Helper()
	options, ok := out["options"].(map[string]any)
	if !ok {
		t.Fatalf("no options in %v", out)
	}
	return options["publicKey"].(map[string]any)
}

const here = "https://" + host

func TestPasskeys(t *testing.T) {
	x := attack(t)
	hanako, taro := x.person("hanako"), x.person("taro")
	hanako.logIn()
	d := newDevice(t)

	if a, _ := x.stranger().scripted("/settings/passkey", map[string]any{}); a.status != http.StatusUnauthorized {
		t.Errorf("a stranger: %d", a.status)
	}
	if a, _ := hanako.scripted("/settings/passkey", map[string]any{"current": "wrong"}); a.status != 422 {
		t.Errorf("a wrong password: %d", a.status)
	}
	_, begun := hanako.scripted("/settings/passkey", map[string]any{"current": password})
	made := d.make(publicKey(t, begun), here)
	if a, out := hanako.scripted("/settings/passkey/done", map[string]any{"state": begun["state"], "label": "phone", "credential": made}); a.status != http.StatusOK {
		t.Fatalf("%d %v", a.status, out)
	}
	if a, _ := hanako.scripted("/settings/passkey/done", map[string]any{"state": begun["state"], "label": "phone", "credential": made}); a.status != http.StatusUnauthorized {
		t.Errorf("the same again: %d", a.status)
	}
	if body := hanako.get("/settings/security", asPage).body; !strings.Contains(body, "phone") || !strings.Contains(body, `<script src="/page/passkey-`) {
		t.Error("the passkey is not listed")
	}

	// alone
	try := func(d *device, origin string) (*answer, *person) {
		who := x.stranger()
		_, begun := who.scripted("/login/passkey", map[string]any{})
		a, _ := who.scripted("/login/passkey/done", map[string]any{"state": begun["state"], "next": "/settings/password", "credential": d.use(publicKey(t, begun), origin)})
		who.cookie, _, _ = strings.Cut(a.header.Get("Set-Cookie"), ";")
		return a, who
	}
	if a, who := try(d, here); a.status != http.StatusOK || !who.inside() || !strings.Contains(a.body, "/settings/password") {
		t.Errorf("a log-in by passkey: %d %s", a.status, a.body)
	}
	if a, _ := try(d, "https://evil.example"); a.status != http.StatusUnauthorized {
		t.Errorf("from another origin: %d", a.status)
	}
	forged := newDevice(t)
	forged.id, forged.handle = d.id, d.handle
	forged.uses = 100
	if a, _ := try(forged, here); a.status != http.StatusUnauthorized {
		t.Errorf("by another key: %d", a.status)
	}

	// as second factor
	a := x.stranger().form("/login", url.Values{"login": {"hanako"}, "password": {password}})
	challenge := regexp.MustCompile(`name="challenge" value="([^"]+)"`).FindStringSubmatch(a.body)
	if challenge == nil || !strings.Contains(a.body, "data-passkey") {
		t.Fatalf("the password alone: %d", a.status)
	}
	who := x.stranger()
	_, begun = who.scripted("/login/passkey", map[string]any{"challenge": challenge[1]})
	a, _ = who.scripted("/login/passkey/done", map[string]any{"state": begun["state"], "credential": d.use(publicKey(t, begun), here)})
	who.cookie, _, _ = strings.Cut(a.header.Get("Set-Cookie"), ";")
	if a.status != http.StatusOK || !who.inside() {
		t.Errorf("as second factor: %d %s", a.status, a.body)
	}

	taro.logIn()
	id := idOf(hanako.get("/settings/security", asPage).body, "drop-passkey")
	if a := taro.press("drop-passkey", id, "current", password); a.status != http.StatusNotFound {
		t.Errorf("somebody else's passkey: %d", a.status)
	}
	hanako.press("drop-passkey", id, "current", password)
	if a, _ := try(d, here); a.status != http.StatusUnauthorized {
		t.Errorf("a removed passkey: %d", a.status)
	}
}

// Pages without passkeys run no script; the one with them runs ours alone.
func TestScriptPolicy(t *testing.T) {
	x := attack(t)
	for path, wants := range map[string]bool{"/login": true, "/about": false, "/": false} {
		policy := x.stranger().get(path, asPage).header.Get("Content-Security-Policy")
		if got := strings.Contains(policy, "script-src 'self'"); got != wants || strings.Contains(policy, "unsafe") {
			t.Errorf("%s: %s", path, policy)
		}
	}
}
