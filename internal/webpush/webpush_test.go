package webpush

import (
	"bytes"
	"crypto/ecdh"
	"crypto/rand"
	"strings"
	"testing"
	"time"
)

func unb(t testing.TB, s string) []byte {
	t.Helper()
	b, err := Decode64(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func private(t testing.TB, s string) *ecdh.PrivateKey {
	t.Helper()
	k, err := ecdh.P256().NewPrivateKey(unb(t, s))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// The examples of RFC 8291 §5 and draft-ietf-webpush-encryption-04 §5.
func TestSpecifications(t *testing.T) {
	for _, c := range []struct {
		encoding                                         Encoding
		receiver, public, sender, salt, auth, text, body string
	}{
		{
			AES128GCM, "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94",
			"BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
			"yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw", "DGv6ra1nlYgDCS1FRnbzlw", "BTBZMqHH6r4Tts7J_aSIgg",
			"When I grow up, I want to be a watermelon",
			"DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN",
		},
		{
			AESGCM, "9FWl15_QUQAWDaD3k3l50ZBZQJ4au27F1V4F0uLSD_M",
			"BCEkBjzL8Z3C-oi2Q7oE5t2Np-p7osjGLg93qUP0wvqRT21EEWyf0cQDQcakQMqz4hQKYOQ3il2nNZct4HgAUQU",
			"nCScek-QpEjmOOlT-rQ38nZzvdPlqa00Zy0i6m2OJvY", "lngarbyKfMoi9Z75xYXmkg", "R29vIGdvbyBnJyBqb29iIQ",
			"I am the walrus", "6nqAQUME8hNqw5J3kl8cpVVJylXKYqZOeseZG8UueKpA",
		},
	} {
		r, err := ParseReceiver(c.public, c.auth)
		if err != nil {
			t.Fatal(err)
		}
		s, err := seal(r, c.encoding, []byte(c.text), private(t, c.sender), unb(t, c.salt))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(s.Body, unb(t, c.body)) {
			t.Errorf("%s: %x, want %x", c.encoding, s.Body, unb(t, c.body))
		}
		got, err := Open(private(t, c.receiver), unb(t, c.auth), &Sealed{Encoding: c.encoding, Body: unb(t, c.body), Salt: s.Salt, Public: s.Public})
		if err != nil || string(got) != c.text {
			t.Errorf("%s: %q, %v", c.encoding, got, err)
		}
	}
}

func browser(t testing.TB) (*ecdh.PrivateKey, *Receiver) {
	t.Helper()
	key, err := ecdh.P256().GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	auth := make([]byte, authSize)
	_, _ = rand.Read(auth)
	return key, &Receiver{key.PublicKey(), auth}
}

func TestThereAndBack(t *testing.T) {
	key, r := browser(t)
	id, err := NewIdentity()
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 11, 25, 0, 0, 0, 0, time.UTC)
	for _, e := range []Encoding{AES128GCM, AESGCM} {
		for _, text := range []string{"", "縁側", strings.Repeat("x", MaxMessage)} {
			s, err := Seal(r, e, []byte(text))
			if err != nil {
				t.Fatal(err)
			}
			proof, err := id.Proof("https://push.example:8443/a/b?c", "mailto:owner@home.example", now)
			if err != nil {
				t.Fatal(err)
			}
			got, gotProof, public, err := ReadSealed(id.Header(s, proof), s.Body)
			if err != nil || public != id.Public() {
				t.Fatal(public, err)
			}
			if err := CheckProof(gotProof, public, "https://push.example:8443", now); err != nil {
				t.Error(err)
			}
			back, err := Open(key, r.Auth, got)
			if err != nil || string(back) != text {
				t.Errorf("%s: %q, %v", e, back, err)
			}
			if len(s.Body) > recordSize {
				t.Errorf("%s: %d bytes are more than a push service must take", e, len(s.Body))
			}
			s.Body[len(s.Body)-1] ^= 1
			if _, err := Open(key, r.Auth, s); err == nil {
				t.Error("a changed message was read")
			}
		}
		if _, err := Seal(r, e, make([]byte, MaxMessage+1)); err == nil {
			t.Error("a message that fits nowhere was sealed")
		}
	}
}

func TestProofs(t *testing.T) {
	id, _ := NewIdentity()
	other, _ := NewIdentity()
	now := time.Date(2026, 11, 25, 0, 0, 0, 0, time.UTC)
	proof, err := id.Proof("https://push.example/x", "", now)
	if err != nil {
		t.Fatal(err)
	}
	for name, err := range map[string]error{
		"another origin": CheckProof(proof, id.Public(), "https://else.example", now),
		"another key":    CheckProof(proof, other.Public(), "https://push.example", now),
		"too late":       CheckProof(proof, id.Public(), "https://push.example", now.Add(13*time.Hour)),
		"no JWT":         CheckProof("x", id.Public(), "https://push.example", now),
	} {
		if err == nil {
			t.Errorf("%s is believed", name)
		}
	}
	raw, err := id.Private()
	if err != nil || len(raw) != 32 {
		t.Fatal(len(raw), err)
	}
	again, err := ParseIdentity(raw)
	if err != nil || again.Public() != id.Public() {
		t.Error("a kept key is another one", err)
	}
}

func TestBadReceivers(t *testing.T) {
	_, r := browser(t)
	for _, c := range [][2]string{{"", ""}, {"AAAA", "BTBZMqHH6r4Tts7J_aSIgg"}, {"!", "BTBZMqHH6r4Tts7J_aSIgg"}} {
		if _, err := ParseReceiver(c[0], c[1]); err == nil {
			t.Errorf("%q was taken", c)
		}
	}
	if _, err := Seal(r, "gzip", nil); err == nil {
		t.Error("an encoding nobody reads was taken")
	}
}

func FuzzOpen(f *testing.F) {
	key, r := browser(f)
	s, _ := Seal(r, AES128GCM, []byte("hello"))
	f.Add(s.Body, true)
	f.Add([]byte{}, false)
	f.Fuzz(func(t *testing.T, body []byte, standard bool) {
		x := &Sealed{Encoding: AESGCM, Body: body, Salt: s.Salt, Public: s.Public}
		if standard {
			x.Encoding = AES128GCM
		}
		_, _ = Open(key, r.Auth, x)
	})
}

func BenchmarkSeal(b *testing.B) {
	_, r := browser(b)
	text := bytes.Repeat([]byte("x"), 500)
	for b.Loop() {
		if _, err := Seal(r, AES128GCM, text); err != nil {
			b.Fatal(err)
		}
	}
}
