package nostr

import (
	"encoding/hex"
	"encoding/json"
	"strings"
	"testing"

	"github.com/btcsuite/btcd/btcec/v2/schnorr"
)

func mustKey(t *testing.T, s string) Key {
	t.Helper()
	k, ok := parseKey(s)
	if !ok {
		t.Fatalf("%s is no key", s)
	}
	return Key{k}
}

// The examples of NIP-19.
func TestBech32(t *testing.T) {
	for _, c := range []struct{ prefix, hex, text string }{
		{"npub", "7e7e9c42a91bfef19fa929e5fda1b72e0ebc1a4c1141673e2794234d86addf4e", "npub10elfcs4fr0l0r8af98jlmgdh9c8tcxjvz9qkw038js35mp4dma8qzvjptg"},
		{"nsec", "67dea2ed018072d675f5415ecfaed7d2597555e202d85b3d65ea4e58d2d92ffa", "nsec1vl029mgpspedva04g90vltkh6fvh240zqtv9k0t9af8935ke9laqsnlfe5"},
	} {
		if got := encode32(c.prefix, c.hex); got != c.text {
			t.Errorf("%s is written %s", c.hex, got)
		}
		for _, text := range []string{c.text, strings.ToUpper(c.text)} {
			if p, err := decodePointer(text); err != nil || p.prefix != c.prefix || p.id != c.hex {
				t.Errorf("%s is read as %+v, %v", text, p, err)
			}
		}
	}
	const profile = "nprofile1qqsrhuxx8l9ex335q7he0f09aej04zpazpl0ne2cgukyawd24mayt8gpp4mhxue69uhhytnc9e3k7mgpz4mhxue69uhkg6nzv9ejuumpv34kytnrdaksjlyr9p"
	p, err := decodePointer(profile)
	if err != nil || p.id != "3bf0c63fcb93463407af97a5e5ee64fa883d107ef9e558472c4eb9aaaefa459d" || len(p.relays) != 2 || p.relays[0] != "wss://r.x.com" {
		t.Errorf("nprofile is read as %+v, %v", p, err)
	}
	id := strings.Repeat("0f", 32)
	if p, err := decodePointer(Nevent(id, p.id, "wss://r.x.com")); err != nil || p.id != id || p.author != "3bf0c63fcb93463407af97a5e5ee64fa883d107ef9e558472c4eb9aaaefa459d" || len(p.relays) != 1 {
		t.Errorf("nevent is read as %+v, %v", p, err)
	}
	for _, bad := range []string{"", "npub1", "npub10elfcs4fr0l0r8af98jlmgdh9c8tcxjvz9qkw038js35mp4dma8qzvjptq", "npub1Qqsrh", "nostr:x", "lnbc1qqqsyq",
		"npub10elfcs4fr0l0r8af98jlmgdh9c8tcxjvz9qkw038js35mp4dma8qzvjpt", strings.Repeat("q", 2000)} {
		if p, err := decodePointer(bad); err == nil {
			t.Errorf("%q is read as %+v", bad, p)
		}
	}
}

// BIP-340, test vectors 0 and 1, the first with the aux that is used here.
func TestSignatures(t *testing.T) {
	sk := mustKey(t, "0000000000000000000000000000000000000000000000000000000000000003")
	if want := "f9308a019258c31049344f85f89d5229b531c845836f99b08601f113bce036f9"; sk.Public() != want {
		t.Errorf("the public key is %s, want %s", sk.Public(), want)
	}
	var zero [32]byte
	sig, err := schnorr.Sign(sk.key, zero[:], schnorr.CustomNonce(zero))
	if err != nil {
		t.Fatal(err)
	}
	const want = "e907831f80848d1069a5371b402410364bdf1c5f8307b0084c55f1ce2dca821525f66a4a85ea8b71e482a74f382d2ce5ebeee8fdb2172f477df4900d310536c0"
	if got := hex.EncodeToString(sig.Serialize()); got != want {
		t.Errorf("signed %s, want %s", got, want)
	}
}

func TestEvents(t *testing.T) {
	k := mustKey(t, "0000000000000000000000000000000000000000000000000000000000000003")
	make := func() *Event {
		return &Event{Kind: 1, At: 1795338000, Tags: [][]string{{"t", "縁側"}, {"e", "", "x\"y"}}, Content: "a\n\t\r\b\f\\\"\u0001 <&> 縁側 👨‍👩‍👧‍👦\u2028"}
	}
	one, two := make(), make()
	if err := k.Sign(one); err != nil {
		t.Fatal(err)
	}
	if err := k.Sign(two); err != nil {
		t.Fatal(err)
	}
	if one.ID != two.ID || one.Sig != two.Sig {
		t.Error("the same event is signed in two ways")
	}
	want := `[0,"f9308a019258c31049344f85f89d5229b531c845836f99b08601f113bce036f9",1795338000,1,[["t","縁側"],["e","","x\"y"]],"a\n\t\r\b\f\\\"\u0001 <&> 縁側 👨‍👩‍👧‍👦` + "\u2028" + `"]`
	if got := string(one.appendSerial(nil)); got != want {
		t.Errorf("serialised as\n%s, want\n%s", got, want)
	}
	data, err := json.Marshal(one)
	if err != nil {
		t.Fatal(err)
	}
	if back, err := ParseEvent(data); err != nil || back.Content != one.Content {
		t.Errorf("read back: %v", err)
	}
	for name, change := range map[string]func(*Event){
		"another text":    func(e *Event) { e.Content += "!" },
		"another time":    func(e *Event) { e.At++ },
		"another key":     func(e *Event) { e.PubKey = strings.Repeat("0", 63) + "1" },
		"another id":      func(e *Event) { e.ID = strings.Repeat("0", 64) },
		"no signature":    func(e *Event) { e.Sig = "" },
		"a wrong one":     func(e *Event) { e.Sig = strings.Repeat("0", 128) },
		"capitals":        func(e *Event) { e.ID = strings.ToUpper(e.ID) },
		"a kind too high": func(e *Event) { e.Kind = 70000 },
		"a huge text":     func(e *Event) { e.Content = strings.Repeat("a", maxContent+1) },
	} {
		e := make()
		if err := k.Sign(e); err != nil {
			t.Fatal(err)
		}
		change(e)
		data, err := json.Marshal(e)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := ParseEvent(data); err == nil {
			t.Errorf("an event with %s is believed", name)
		}
	}
}

// NIP-44's vectors: conversation key, message, lengths.
func TestNIP44(t *testing.T) {
	one := mustKey(t, strings.Repeat("0", 63)+"1")
	two := mustKey(t, strings.Repeat("0", 63)+"2")
	shared, err := conversation(one.key, two.Public())
	if err != nil || hex.EncodeToString(shared) != "c41c775356fd92eadc63ff5a0dc1da211b268cbea22316767095b2871ea1412d" {
		t.Fatalf("the conversation key is %x, %v", shared, err)
	}
	nonce := make([]byte, 32)
	nonce[31] = 1
	const want = "AgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAABee0G5VSK0/9YypIObAtDKfYEAjD35uVkHyB0F4DwrcNaCXlCWZKaArsGrY6M9wnuTMxWfp1RTN9Xga8no+kF5Vsb"
	if got, err := encryptWith(shared, nonce, "a"); err != nil || got != want {
		t.Errorf("sealed as %s, %v", got, err)
	}
	for n, want := range map[int]int{1: 32, 32: 32, 33: 64, 37: 64, 64: 64, 65: 96, 100: 128, 111: 128, 200: 224, 250: 256, 320: 320, 383: 384, 384: 384, 400: 448, 500: 512, 512: 512, 515: 640, 700: 768, 800: 896, 900: 1024, 1020: 1024, 65536: 65536} {
		if got := padded(n); got != want {
			t.Errorf("%d bytes are padded to %d, want %d", n, got, want)
		}
	}
	sealed, err := one.Seal(two.Public(), "縁側")
	if err != nil {
		t.Fatal(err)
	}
	if text, err := two.Unseal(one.Public(), sealed); err != nil || text != "縁側" {
		t.Errorf("unsealed as %q, %v", text, err)
	}
	for _, bad := range []string{"", "#", "AAAA", sealed[:len(sealed)-4], "B" + sealed[1:], sealed[:60] + "AAAA" + sealed[64:]} {
		if text, err := two.Unseal(one.Public(), bad); err == nil {
			t.Errorf("%q is unsealed as %q", bad, text)
		}
	}
	if _, err := one.Seal(two.Public(), ""); err == nil {
		t.Error("nothing is sealed")
	}
}

func FuzzMessage(f *testing.F) {
	f.Add([]byte(`["EVENT","s",{"id":"","pubkey":"","created_at":1,"kind":1,"tags":[["e"]],"content":"","sig":""}]`))
	f.Add([]byte(`["OK","a",true,"duplicate: x"]`))
	f.Add([]byte(`["CLOSED",1]`))
	f.Fuzz(func(t *testing.T, data []byte) {
		m := parseMessage(data)
		if m == nil {
			return
		}
		if e, err := ParseEvent(m.event); err == nil && len(e.Sig) != 128 {
			t.Error("an event without a signature is believed")
		}
	})
}

func FuzzPointer(f *testing.F) {
	f.Add("npub10elfcs4fr0l0r8af98jlmgdh9c8tcxjvz9qkw038js35mp4dma8qzvjptg")
	f.Add("nprofile1qqsrhuxx8l9ex335q7he0f09aej04zpazpl0ne2cgukyawd24mayt8gpp4mhxue69uhhytnc9e3k7mgpz4mhxue69uhkg6nzv9ejuumpv34kytnrdaksjlyr9p")
	f.Fuzz(func(t *testing.T, s string) {
		p, err := decodePointer(s)
		if err == nil && p.prefix == "npub" && npub(p.id) != strings.ToLower(s) {
			t.Errorf("%q is written %q", s, npub(p.id))
		}
	})
}

func BenchmarkVerify(b *testing.B) {
	k, err := NewKey()
	if err != nil {
		b.Fatal(err)
	}
	e := &Event{Kind: 1, At: 1, Content: strings.Repeat("縁側", 50), Tags: [][]string{{"t", "a"}}}
	if err := k.Sign(e); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if err := e.verify(); err != nil {
			b.Fatal(err)
		}
	}
}
