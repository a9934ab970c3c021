package keys

import (
	"bytes"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"math/big"
	"strings"
	"testing"
)

func generate(t testing.TB, kind Kind) Private {
	t.Helper()
	k, err := Generate(kind)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func TestSignAndTextForms(t *testing.T) {
	for _, kind := range []Kind{RSA, Ed25519} {
		t.Run(string(kind), func(t *testing.T) {
			k := generate(t, kind)
			if k.Kind() != kind || k.Public().Kind() != kind || k.IsZero() {
				t.Fatalf("kind %q", k.Kind())
			}
			sig, err := k.Sign([]byte("hello"))
			if err != nil {
				t.Fatal(err)
			}
			text, _ := k.PEM()
			k2, err := ParsePrivatePEM("\n" + text + "\r\n ")
			if err != nil {
				t.Fatal(err)
			}
			pub, _ := k2.Public().PEM()
			p, err := ParsePublicPEM(pub)
			if err != nil {
				t.Fatal(err)
			}
			multi, _ := p.Multikey()
			p2, err := ParseMultikey(multi)
			if err != nil || !p2.Equal(k.Public()) {
				t.Fatalf("multikey %s: %v", multi, err)
			}
			if err := p2.Verify([]byte("hello"), sig); err != nil {
				t.Fatal(err)
			}
			if err := p2.Verify([]byte("hallo"), sig); !errors.Is(err, ErrSignature) {
				t.Fatalf("another message: %v", err)
			}
			if err := p2.Verify([]byte("hello"), sig[1:]); !errors.Is(err, ErrSignature) {
				t.Fatalf("short signature: %v", err)
			}
			if p2.Equal(generate(t, kind).Public()) {
				t.Fatal("two keys are equal")
			}
		})
	}
}

func TestPKCS1(t *testing.T) {
	k := generate(t, RSA)
	pub := string(pem.EncodeToMemory(&pem.Block{Type: "RSA PUBLIC KEY", Bytes: x509.MarshalPKCS1PublicKey(k.Public().rsa)}))
	if p, err := ParsePublicPEM(pub); err != nil || !p.Equal(k.Public()) {
		t.Fatal(err)
	}
	priv := string(pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(k.rsa)}))
	if q, err := ParsePrivatePEM(priv); err != nil || !q.Public().Equal(k.Public()) {
		t.Fatal(err)
	}
}

// The key pair of https://www.w3.org/TR/vc-di-eddsa/, A.
func TestSpecificationKey(t *testing.T) {
	k, err := ParseSecretMultikey("z3u2en7t5LR2WtQH5PfFqMqwVHBeXouLzo6haApm8XHqvjxq")
	if err != nil {
		t.Fatal(err)
	}
	const want = "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"
	if got, _ := k.Public().Multikey(); got != want {
		t.Fatalf("%s, want %s", got, want)
	}
	p, err := ParseMultikey("u7QGwDY2Tjn93PVFWWq02piP1NE9_XRlg-c8-jhJiDqKBDw") // the same in base64url
	if err != nil || !p.Equal(k.Public()) {
		t.Fatal(p, err)
	}
}

func TestZeroValues(t *testing.T) {
	var k Private
	var p Public
	if !k.IsZero() || !p.IsZero() || k.Kind() != "" || !k.Public().Equal(p) {
		t.Fatal("zero values are keys")
	}
	_, e1 := k.Sign(nil)
	_, e2 := k.PEM()
	_, e3 := p.PEM()
	_, e4 := p.Multikey()
	_, e5 := Generate("dsa")
	for i, err := range []error{e1, e2, e3, e4, e5, p.Verify(nil, nil)} {
		if err == nil {
			t.Errorf("%d: no error", i)
		}
	}
}

func TestRefusedKeys(t *testing.T) {
	good := generate(t, Ed25519)
	pub, _ := good.Public().PEM()
	big9k := new(big.Int).SetBit(big.NewInt(1), 9000, 1)
	huge := *generate(t, RSA).Public().rsa
	huge.N = big9k
	der, err := x509.MarshalPKIXPublicKey(&huge)
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"empty":   "",
		"no PEM":  "hello",
		"two":     pub + pub,
		"type":    strings.ReplaceAll(pub, "PUBLIC KEY", "CERTIFICATE"),
		"damaged": strings.Replace(pub, "MC", "MD", 1),
		"long":    pub + strings.Repeat("\n", maxPEM),
		"bits":    string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})),
	} {
		if _, err := ParsePublicPEM(text); err == nil {
			t.Errorf("public key, %s: accepted", name)
		}
		if _, err := ParsePrivatePEM(text); err == nil {
			t.Errorf("private key, %s: accepted", name)
		}
	}
	for _, s := range []string{"", "z", "z0OIl", "f00", "z6Mk", EncodeMultibase([]byte{0xed, 1, 2}), EncodeMultibase([]byte{0x85, 0x24, 2}), "z" + strings.Repeat("z", maxMultibase), "u=="} {
		if _, err := ParseMultikey(s); err == nil {
			t.Errorf("multikey %.20q: accepted", s)
		}
	}
}

func TestMultibase(t *testing.T) {
	for in, want := range map[string]string{ // draft-msporny-base58, 5, and leading zeros
		hex.EncodeToString([]byte("Hello World!")):                                 "z2NEpo7TZRRrLZSi2U",
		hex.EncodeToString([]byte("The quick brown fox jumps over the lazy dog.")): "zUSm3fpXnKG5EUBx2ndxBDMPVciP5hGey2Jh4NDv6gmeo1LkMeiKrLJUUBk6Z",
		"0000287fb4cd": "z11233QC4",
		"":             "z",
		"00":           "z1",
	} {
		b, _ := hex.DecodeString(in)
		if got := EncodeMultibase(b); got != want {
			t.Errorf("%s: %s, want %s", in, got, want)
		}
		if len(want) < 2 {
			continue
		}
		if got, err := DecodeMultibase(want); err != nil || !bytes.Equal(got, b) {
			t.Errorf("%s: %x, %v", want, got, err)
		}
	}
}

func FuzzMultibase(f *testing.F) {
	f.Add([]byte("Hello World!"))
	f.Add([]byte{0, 0, 1})
	f.Add(bytes.Repeat([]byte{0xff}, 64))
	f.Fuzz(func(t *testing.T, b []byte) {
		if len(b) == 0 || len(b) > 1000 {
			return
		}
		got, err := DecodeMultibase(EncodeMultibase(b))
		if err != nil || !bytes.Equal(got, b) {
			t.Fatalf("%x became %x (%v)", b, got, err)
		}
		if dec, err := DecodeMultibase("z" + string(b)); err == nil && EncodeMultibase(dec) != "z"+string(b) {
			t.Fatalf("%q is not canonical", b)
		}
	})
}

func TestSeal(t *testing.T) {
	m, err := NewMaster(bytes.Repeat([]byte{7}, MasterSize))
	if err != nil {
		t.Fatal(err)
	}
	other, _ := NewMaster(bytes.Repeat([]byte{8}, MasterSize))
	for _, kind := range []Kind{RSA, Ed25519} {
		k := generate(t, kind)
		sealed, err := m.Seal(k, "https://a.example/users/a#main-key")
		if err != nil {
			t.Fatal(err)
		}
		back, err := m.Open(sealed, "https://a.example/users/a#main-key")
		if err != nil || !back.Public().Equal(k.Public()) {
			t.Fatal(err)
		}
		again, _ := m.Seal(k, "https://a.example/users/a#main-key")
		if again == sealed {
			t.Error("the same nonce twice")
		}
		if _, err := other.Open(sealed, "https://a.example/users/a#main-key"); !errors.Is(err, ErrOtherMaster) {
			t.Errorf("another master key: %v", err)
		}
		last := sealed[len(sealed)-5]
		flip := sealed[:len(sealed)-5] + map[bool]string{true: "B", false: "A"}[last == 'A'] + sealed[len(sealed)-4:]
		for name, c := range map[string][2]string{
			"context":   {sealed, "https://a.example/users/b#main-key"},
			"altered":   {flip, "https://a.example/users/a#main-key"},
			"truncated": {sealed[:20], ""},
			"version":   {"x2" + sealed[2:], "https://a.example/users/a#main-key"},
			"empty":     {"", ""},
			"long":      {sealed + strings.Repeat("A", maxSealed), ""},
		} {
			if _, err := m.Open(c[0], c[1]); err == nil {
				t.Errorf("%s: opened", name)
			}
		}
	}
	if _, err := NewMaster(make([]byte, 31)); err == nil {
		t.Error("a short master key")
	}
	if _, err := m.Seal(Private{}, ""); err == nil {
		t.Error("sealed no key")
	}
	if _, err := m.Open(m.SealBytes([]byte("token"), "link 1"), "link 1"); err == nil {
		t.Error("a token is a key")
	}
}

func BenchmarkEncodeMultibase64(b *testing.B) {
	sig := bytes.Repeat([]byte{0xa5}, 64)
	b.ReportAllocs()
	for b.Loop() {
		EncodeMultibase(sig)
	}
}
