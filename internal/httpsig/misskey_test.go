package httpsig

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"engawa/internal/keys"
)

type recorded struct {
	What    string
	Method  string
	Path    string
	Headers map[string]string
	Body    string
}

func (r recorded) request() *http.Request {
	req := httptest.NewRequest(r.Method, "https://mka.test"+r.Path, strings.NewReader(r.Body))
	req.Header = make(http.Header)
	for k, v := range r.Headers {
		if k != "host" {
			req.Header.Set(k, v)
		}
	}
	req.Host, req.RequestURI = r.Headers["host"], r.Path
	return req
}

func readJSON(t testing.TB, file string, into any) {
	t.Helper()
	b, err := os.ReadFile("testdata/" + file)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, into); err != nil {
		t.Fatal(err)
	}
}

func recordings(t testing.TB) ([]recorded, keys.Public) {
	t.Helper()
	var posts struct{ Requests []recorded }
	readJSON(t, "signed-posts.json", &posts)
	var actor struct {
		PublicKey struct{ ID, PublicKeyPem string }
	}
	readJSON(t, "document-actor.json", &actor)
	key, err := keys.ParsePublicPEM(actor.PublicKey.PublicKeyPem)
	if err != nil {
		t.Fatal(err)
	}
	return posts.Requests, key
}

// Fifteen POSTs that Misskey 2026.3.2 sent.
func TestRecordedMisskey(t *testing.T) {
	posts, key := recordings(t)
	if len(posts) != 15 {
		t.Fatalf("%d recordings, want 15", len(posts))
	}
	ours := origins(t, "https://mka.test")
	for _, p := range posts {
		t.Run(p.What, func(t *testing.T) {
			now, err := http.ParseTime(p.Headers["date"])
			if err != nil {
				t.Fatal(err)
			}
			sig, err := Parse(p.request())
			if err != nil {
				t.Fatal(err)
			}
			if sig.KeyID != "https://mkb.test/users/atv8j3bszc0q0006#main-key" || sig.Scheme != Cavage || sig.Algorithm != "rsa-sha256" || !sig.Created.Equal(now) {
				t.Fatalf("%+v", sig)
			}
			if err := sig.Verify(key, NewDigest([]byte(p.Body)), now.Add(2*time.Second), ours); err != nil {
				t.Fatal(err)
			}
			want(t, sig.Verify(key, NewDigest([]byte(p.Body+" ")), now, ours), Invalid, "body does not match")
			other := p.request()
			other.RequestURI += "x"
			sig, err = Parse(other)
			if err != nil {
				t.Fatal(err)
			}
			want(t, sig.Verify(key, NewDigest([]byte(p.Body)), now, ours), Invalid, "does not match the request")
		})
	}
}
