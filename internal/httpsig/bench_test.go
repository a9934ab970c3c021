package httpsig

import (
	"fmt"
	"net/http"
	"testing"

	"engawa/internal/keys"
)

// The floor rows are the bare operation of the key on a text of the same length; what Sign and
// Verify cost above them is the price of this package.
func BenchmarkSign(b *testing.B) {
	text := make([]byte, 300)
	digest := NewDigest(body)
	for _, kind := range []keys.Kind{keys.RSA, keys.Ed25519} {
		key := testKeys()[kind]
		b.Run(fmt.Sprintf("%s/floor", kind), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				_, _ = key.Sign(text)
			}
		})
		signer, _ := NewSigner(keyID, key)
		for _, scheme := range []Scheme{Cavage, RFC9421} {
			if kind == keys.Ed25519 && scheme == Cavage {
				continue
			}
			b.Run(fmt.Sprintf("%s/%s", kind, scheme), func(b *testing.B) {
				req := outgoing(b, http.MethodPost, "https://a.example/users/a/inbox")
				b.ReportAllocs()
				for b.Loop() {
					if err := signer.Sign(req, scheme, digest, now); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

func BenchmarkVerify(b *testing.B) {
	digest := NewDigest(body)
	ours := origins(b, "https://a.example")
	for _, kind := range []keys.Kind{keys.RSA, keys.Ed25519} {
		key := testKeys()[kind]
		text := make([]byte, 300)
		raw, _ := key.Sign(text)
		b.Run(fmt.Sprintf("%s/floor", kind), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				_ = key.Public().Verify(text, raw)
			}
		})
		signer, _ := NewSigner(keyID, key)
		for _, scheme := range []Scheme{Cavage, RFC9421} {
			if kind == keys.Ed25519 && scheme == Cavage {
				continue
			}
			req := outgoing(b, http.MethodPost, "https://a.example/users/a/inbox")
			if err := signer.Sign(req, scheme, digest, now); err != nil {
				b.Fatal(err)
			}
			in := received(req)
			b.Run(fmt.Sprintf("%s/%s", kind, scheme), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					sig, err := Parse(in)
					if err != nil {
						b.Fatal(err)
					}
					if err := sig.Verify(key.Public(), digest, now, ours); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
