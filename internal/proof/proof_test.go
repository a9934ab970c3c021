package proof

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"engawa/internal/keys"
)

const (
	secret = "z3u2en7t5LR2WtQH5PfFqMqwVHBeXouLzo6haApm8XHqvjxq"
	method = "https://server.example/users/alice#ed25519-key"
)

var created = time.Date(2023, 2, 24, 23, 36, 38, 0, time.UTC)

func specKey(t testing.TB) keys.Private {
	t.Helper()
	k, err := keys.ParseSecretMultikey(secret)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func testdata(t testing.TB, file string) []byte {
	t.Helper()
	b, err := os.ReadFile("testdata/" + file)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// unsecured is a vector without its proof, and its proofValue and verificationMethod.
func unsecured(t testing.TB, doc []byte) (out []byte, value, method string) {
	t.Helper()
	var m map[string]any
	if err := json.Unmarshal(doc, &m); err != nil {
		t.Fatal(err)
	}
	p := m["proof"].(map[string]any)
	delete(m, "proof")
	out, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	return out, p["proofValue"].(string), p["verificationMethod"].(string)
}

func TestVectors(t *testing.T) {
	for _, file := range []string{"vc-di-eddsa.json", "fep-8b32.json"} {
		t.Run(file, func(t *testing.T) {
			doc := testdata(t, file)
			p, err := Parse(doc)
			if err != nil {
				t.Fatal(err)
			}
			if !p.Created.Equal(created) {
				t.Error(p.Created)
			}
			if err := p.Verify(specKey(t).Public(), time.Now()); err != nil {
				t.Fatal(err)
			}
			if file == "fep-8b32.json" {
				return // ours have an @context in the proof, this one was signed without
			}
			plain, value, method := unsecured(t, doc)
			ours, err := Create(plain, specKey(t), method, created.Add(400*time.Millisecond))
			if err != nil {
				t.Fatal(err)
			}
			if _, got, gotMethod := unsecured(t, ours); got != value || gotMethod != method {
				t.Errorf("%s %s, want %s", gotMethod, got, value)
			}
		})
	}
}

// The intermediate values of the vector of the specification.
func TestVectorHashes(t *testing.T) {
	p, err := Parse(testdata(t, "vc-di-eddsa.json"))
	if err != nil {
		t.Fatal(err)
	}
	const want = "66ab154f5c2890a140cb8388a22a160454f80575f6eae09e5a097cabe539a1db" +
		"59b7cb6251b8991add1ce0bc83107e3db9dbbab5bd2c28f687db1a03abc92f19"
	if got := hex.EncodeToString(p.sums[0][:]); got != want || len(p.sums) != 1 {
		t.Errorf("%s, want %s", got, want)
	}
	if got := hex.EncodeToString(p.value); got[:16] != "407cd12654b33d71" {
		t.Errorf("signature %s", got)
	}
}

func TestCreate(t *testing.T) {
	key := specKey(t)
	for _, doc := range []string{
		`{}`,
		` { } ` + "\n",
		`{"a":1}`,
		`{"@context":"https://www.w3.org/ns/activitystreams","content":"縁側 \"\u00e9\" \\ <b>","x":[1.0,1e21,-0,true,null,{"}":"]"}]}`,
		`{"@context":null,"b":"","a":{}}`,
		"{\r\n\t\"\\u0061\" : \"proof\" , \"b\":[ [ ] , { } ] }",
	} {
		out, err := Create([]byte(doc), key, method, created)
		if err != nil {
			t.Fatalf("%s: %v", doc, err)
		}
		trimmed := strings.TrimRight(doc, " \n")
		if !strings.HasPrefix(string(out), trimmed[:len(trimmed)-1]) || !json.Valid(out) {
			t.Errorf("%s became %s", doc, out)
		}
		p, err := Parse(out)
		if err != nil {
			t.Fatalf("%s: %v", out, err)
		}
		if p.VerificationMethod != method || !p.Created.Equal(created) || !p.Expires.IsZero() {
			t.Errorf("%+v", p)
		}
		if err := p.Verify(key.Public(), created); err != nil {
			t.Errorf("%s: %v", out, err)
		}
		var again bytes.Buffer // another order of space is the same document
		if err := json.Indent(&again, out, "", "\t"); err != nil {
			t.Fatal(err)
		}
		if p, err = Parse(again.Bytes()); err != nil || p.Verify(key.Public(), created) != nil {
			t.Errorf("indented: %v", err)
		}
	}
}

func TestCreateRefuses(t *testing.T) {
	rsa, err := keys.Generate(keys.RSA)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		doc    string
		key    keys.Private
		method string
	}{
		"RSA":            {`{}`, rsa, method},
		"no key":         {`{}`, keys.Private{}, method},
		"no method":      {`{}`, specKey(t), ""},
		"quotes":         {`{}`, specKey(t), `a"b`},
		"has proof":      {`{"pr\u006fof":{}}`, specKey(t), method},
		"no object":      {`[]`, specKey(t), method},
		"no JSON":        {`{"a":}`, specKey(t), method},
		"empty":          {``, specKey(t), method},
		"twice":          {`{"a":1,"\u0061":1}`, specKey(t), method},
		"twice, deeper":  {`{"a":{"b":1,"b":1}}`, specKey(t), method},
		"lone surrogate": {`{"a":"\ud800"}`, specKey(t), method},
		"number":         {`{"a":1e999}`, specKey(t), method},
		"bytes":          {"{\"a\":\"\xff\"}", specKey(t), method},
		"bytes in name":  {"{\"\xff\":1}", specKey(t), method},
		"large":          {`{"a":"` + strings.Repeat("a", maxDocument) + `"}`, specKey(t), method},
	} {
		if out, err := Create([]byte(c.doc), c.key, c.method, created); err == nil {
			t.Errorf("%s: %.200s", name, out)
		}
	}
}

func signedExample(t testing.TB) []byte {
	t.Helper()
	signed, err := Create([]byte(`{"@context":["https://a.example/c"],"id":"https://a.example/1","content":"hello"}`), specKey(t), method, created)
	if err != nil {
		t.Fatal(err)
	}
	return signed
}

func TestOtherKeys(t *testing.T) {
	p, err := Parse(signedExample(t))
	if err != nil {
		t.Fatal(err)
	}
	other, _ := keys.Generate(keys.Ed25519)
	rsa, _ := keys.Generate(keys.RSA)
	for _, key := range []keys.Public{other.Public(), rsa.Public(), {}} {
		if p.Verify(key, created) == nil {
			t.Error("verified with another key")
		}
	}
}

func replaceOnce(t testing.TB, in, from, to string) string {
	t.Helper()
	out := strings.Replace(in, from, to, 1)
	if out == in {
		t.Fatalf("%s is not in %s", from, in)
	}
	return out
}

func TestRefuses(t *testing.T) {
	signed := signedExample(t)
	edit := func(from, to string) string { return replaceOnce(t, string(signed), from, to) }
	const ctx = `"@context":["https://a.example/c"],"`
	for _, c := range []struct{ name, doc, want string }{
		{"good", string(signed), ""},
		{"LD signature beside", edit(`"content"`, `"signature":{"type":"RsaSignature2017"},"content"`), ""},
		{"other signature beside", edit(`"content"`, `"signature":{"type":"x"},"content"`), "does not match"},
		{"content", edit("hello", "hallo"), "does not match"},
		{"added", edit(`"content"`, `"x":1,"content"`), "does not match"},
		{"removed", edit(`"id":"https://a.example/1",`, ``), "does not match"},
		{"method", edit("alice#", "bob#"), "does not match"},
		{"created", edit("2023-02", "2023-03"), "does not match"},
		{"created added", edit(`"type":"Data`, `"expires":"2099-01-01T00:00:00Z","type":"Data`), "does not match"},
		{"context of the proof dropped", edit(ctx+"type", `"type`), ""}, // as Fedify sends it
		{"context of both changed", strings.ReplaceAll(string(signed), "example/c", "example/d"), "does not match"},
		{"context appended", edit(`/c"]`, `/c","https://a.example/d"]`), "is not that of the document"},
		{"context dropped", edit(ctx+`id`, `"id`), "the document has none"},
		{"expired", edit(`"type":"Data`, `"expires":"2023-01-01T00:00:00Z","type":"Data`), "held until"},
		{"purpose", edit("assertionMethod", "authentication"), "proofPurpose"},
		{"date", edit("2023-02-24T23:36:38Z", "yesterday"), "is like"},
		{"value", edit(`"proofValue":"z`, `"proofValue":"m`), "proofValue"},
		{"digits", edit(`"proofValue":"z`, `"proofValue":"z0`), "proofValue"},
		{"more digits", edit(`"proofValue":"z`, `"proofValue":"z2`), "does not match"},
		{"no value", edit(`"proofValue"`, `"proofvalue"`), "proofValue"},
		{"chain", edit(`"type":"Data`, `"previousProof":"urn:x","type":"Data`), "previousProof"},
		{"method is a list", edit(`"`+method+`"`, `[]`), "verificationMethod"},
		{"suite", edit("eddsa-jcs-2022", "eddsa-rdfc-2022"), ErrNone.Error()},
		{"type", edit("DataIntegrityProof", "RsaSignature2017"), ErrNone.Error()},
		{"no proof", `{"a":1}`, ErrNone.Error()},
		{"proof is text", `{"proof":"x"}`, "is an object"},
		{"proof is null", `{"proof":null}`, "is an object"},
		{"no proofs", `{"proof":[]}`, ErrNone.Error()},
		{"many", `{"proof":[{},{},{},{},{},{},{},{},{}]}`, "at most 8"},
		{"in a list, spaced", strings.TrimSuffix(edit(`"proof":`, `"proof": [ {} , `), "}") + `]}`, ""},
		{"two proofs", `{"proof":{},` + string(signed[1:]), "there twice"},
		{"twice within", edit(`"type":"Data`, `"type":"x","type":"Data`), "there twice"},
		{"no JSON", string(signed) + "x", "not JSON"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p, err := Parse([]byte(c.doc))
			if err == nil {
				err = p.Verify(specKey(t).Public(), created)
			}
			switch {
			case c.want == "" && err != nil:
				t.Fatalf("%v\n%s", err, c.doc)
			case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)):
				t.Fatalf("%v, want %q\n%s", err, c.want, c.doc)
			}
			if want := c.want == ErrNone.Error(); errors.Is(err, ErrNone) != want {
				t.Fatal(err)
			}
		})
	}
}

func FuzzParse(f *testing.F) {
	f.Add(testdata(f, "fep-8b32.json"))
	f.Add([]byte(`{"a":[{"b":"\"]}"} ],"proof":[{},{"type":"x"}]}`))
	f.Add([]byte(` { "proof" : { } , "\u0061" : -1.5e3 } `))
	f.Fuzz(func(t *testing.T, doc []byte) {
		_, _ = Parse(doc)
		all, err := open(doc)
		if err != nil {
			return
		}
		var want map[string]json.RawMessage
		if err := json.Unmarshal(doc, &want); err != nil || len(want) != len(all) {
			t.Fatalf("%q: %d members, want %d (%v)", doc, len(all), len(want), err)
		}
		for _, m := range all {
			if !bytes.Equal(want[m.name], m.raw) {
				t.Fatalf("%q: %s is %q, want %q", doc, m.name, m.raw, want[m.name])
			}
			if m.raw[0] == '[' {
				var list []json.RawMessage
				if err := json.Unmarshal(m.raw, &list); err != nil || len(list) != len(elements(m.raw)) {
					t.Fatalf("%q: %v", m.raw, err)
				}
			}
		}
	})
}

// A Note of about 2 kB with the @context of a real one.
func note(t testing.TB) []byte {
	t.Helper()
	doc := map[string]any{
		"@context":     []any{"https://www.w3.org/ns/activitystreams", "https://w3id.org/security/data-integrity/v1", map[string]string{"sensitive": "as:sensitive", "Hashtag": "as:Hashtag", "toot": "http://joinmastodon.org/ns#", "Emoji": "toot:Emoji", "misskey": "https://misskey-hub.net/ns#", "_misskey_quote": "misskey:_misskey_quote"}},
		"id":           "https://a.example/users/a/statuses/116000000000000000",
		"type":         "Note",
		"attributedTo": "https://a.example/users/a",
		"to":           []string{"https://www.w3.org/ns/activitystreams#Public"},
		"cc":           []string{"https://a.example/users/a/followers"},
		"published":    "2026-11-22T10:05:33Z",
		"sensitive":    false,
		"content":      strings.Repeat("<p>縁側に座って、お茶を飲む。</p>", 25),
	}
	b, err := json.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func BenchmarkCreate(b *testing.B) {
	key, doc := specKey(b), note(b)
	b.SetBytes(int64(len(doc)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Create(doc, key, method, created); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkVerify(b *testing.B) {
	key := specKey(b)
	doc, err := Create(note(b), key, method, created)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		p, err := Parse(doc)
		if err != nil {
			b.Fatal(err)
		}
		if err := p.Verify(key.Public(), created); err != nil {
			b.Fatal(err)
		}
	}
}
