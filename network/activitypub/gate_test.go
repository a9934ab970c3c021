package activitypub

import (
	"fmt"
	"testing"

	"engawa/social"
)

func judgeText(t *testing.T, text, signer string) Verdict {
	t.Helper()
	in, err := Decode([]byte(text))
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return Judge(in, signer, false)
}

// matrixHosts are five hosts that look alike; no two are the same.
var matrixHosts = [5]string{"https://a.test", "https://b.test", "https://a.test:8443", "https://a.test.b.test", "https://xn--a-0ga.test"}

// T8: the hosts of actor, object and attributedTo.
func TestGateHosts(t *testing.T) {
	for i, actorHost := range matrixHosts {
		for j, objectHost := range matrixHosts {
			for k, ownerHost := range matrixHosts {
				actor, object, owner := actorHost+"/u", objectHost+"/n", ownerHost+"/u"
				want := Refuse
				if i == j && i == k {
					want = Take
				}
				text := fmt.Sprintf(`{"type":"Create","id":"%s/a","actor":%q,"object":{"type":"Note","id":%q,"attributedTo":%q,"content":"x"}}`, actorHost, actor, object, owner)
				if v := judgeText(t, text, actor); v.Decision != want {
					t.Errorf("actor %s, object %s, owner %s: %+v", actorHost, objectHost, ownerHost, v)
				}
				// a fetched document: where it came from, its id, its author
				doc := mustParse(t, fmt.Sprintf(`{"type":"Note","id":%q,"attributedTo":%q}`, object, owner))
				got := JudgeDocument(doc, actorHost+"/n")
				switch {
				case i != j && got.Decision != Fetch,
					i == j && j != k && got.Decision != Refuse,
					i == j && j == k && got.Decision != Take:
					t.Errorf("from %s, id %s, author %s: %+v", actorHost, objectHost, ownerHost, got)
				}
			}
			text := fmt.Sprintf(`{"type":"Follow","id":"%s/f","actor":"%s/u","object":"https://c.test/u"}`, objectHost, actorHost)
			if v := judgeText(t, text, actorHost+"/u"); (v.Decision == Take) != (i == j) {
				t.Errorf("activity id %s of actor %s: %+v", objectHost, actorHost, v)
			}
		}
	}
}

func TestGate(t *testing.T) {
	const alice, mallory = "https://a.test/alice", "https://a.test/mallory"
	for _, c := range []struct {
		name, text, signer string
		want               Decision
	}{
		{"own note", `{"type":"Create","id":"https://a.test/1","actor":"https://a.test/alice","object":{"type":"Note","id":"https://a.test/n","attributedTo":["https://a.test/alice"]}}`, alice, Take},
		{"note of a neighbour on the same host", `{"type":"Create","id":"https://a.test/1","actor":"https://a.test/alice","object":{"type":"Note","id":"https://a.test/n","attributedTo":"https://a.test/bob"}}`, alice, Refuse},
		{"note without author", `{"type":"Create","id":"https://a.test/1","actor":"https://a.test/alice","object":{"type":"Note","id":"https://a.test/n"}}`, alice, Refuse},
		{"named note", `{"type":"Create","id":"https://a.test/1","actor":"https://a.test/alice","object":"https://a.test/n"}`, alice, Fetch},
		{"named note elsewhere", `{"type":"Create","id":"https://a.test/1","actor":"https://a.test/alice","object":"https://b.test/n"}`, alice, Refuse},
		{"other key", `{"type":"Follow","id":"https://a.test/1","actor":"https://a.test/alice","object":"https://h.test/x"}`, mallory, Refuse},
		{"forwarded note", `{"type":"Create","id":"https://a.test/1","actor":"https://a.test/alice","object":{"type":"Note","id":"https://a.test/n","attributedTo":"https://a.test/alice"}}`, "https://b.test/u", Fetch},
		{"forwarded delete", `{"type":"Delete","id":"https://a.test/1","actor":"https://a.test/alice","object":"https://a.test/n"}`, "https://b.test/u", Fetch},
		{"forwarded fake", `{"type":"Create","id":"https://a.test/1","actor":"https://a.test/alice","object":{"type":"Note","id":"https://b.test/n","attributedTo":"https://a.test/alice"}}`, "https://b.test/u", Refuse},
		{"forwarded like", `{"type":"Like","id":"https://a.test/1","actor":"https://a.test/alice","object":"https://h.test/n"}`, "https://b.test/u", Refuse},
		{"other's profile", `{"type":"Update","id":"https://a.test/1","actor":"https://a.test/alice","object":{"type":"Person","id":"https://a.test/bob"}}`, alice, Refuse},
		{"own profile", `{"type":"Update","id":"https://a.test/1","actor":"https://a.test/alice","object":{"type":"Person","id":"https://a.test/alice"}}`, alice, Take},
		{"delete elsewhere", `{"type":"Delete","id":"https://a.test/1","actor":"https://a.test/alice","object":"https://b.test/n"}`, alice, Refuse},
		{"delete itself", `{"type":"Delete","id":"https://a.test/1","actor":"https://a.test/alice","object":"https://a.test/alice"}`, alice, Take},
		{"like elsewhere", `{"type":"Like","id":"https://a.test/1","actor":"https://a.test/alice","object":"https://b.test/n"}`, alice, Take},
		{"move", `{"type":"Move","id":"https://a.test/1","actor":"https://a.test/alice","object":"https://a.test/alice","target":"https://b.test/alice"}`, alice, Take},
		{"move of another", `{"type":"Move","id":"https://a.test/1","actor":"https://a.test/alice","object":"https://a.test/bob","target":"https://b.test/alice"}`, alice, Refuse},
		{"undo of another's", `{"type":"Undo","id":"https://a.test/1","actor":"https://a.test/alice","object":{"type":"Follow","id":"https://a.test/f","actor":"https://a.test/bob","object":"https://h.test/x"}}`, alice, Refuse},
		{"undo with a foreign inner id", `{"type":"Undo","id":"https://a.test/1","actor":"https://a.test/alice","object":{"type":"Follow","id":"https://b.test/f","actor":"https://a.test/alice","object":"https://h.test/x"}}`, alice, Take},
		{"accept of a follow of another", `{"type":"Accept","id":"https://a.test/1","actor":"https://a.test/alice","object":{"type":"Follow","id":"https://h.test/f","actor":"https://h.test/x","object":"https://a.test/bob"}}`, alice, Refuse},
		{"pin elsewhere", `{"type":"Add","actor":"https://a.test/alice","object":"https://b.test/n","target":"https://a.test/alice/pins"}`, alice, Refuse},
		{"pin without id", `{"type":"Add","actor":"https://a.test/alice","object":"https://a.test/n","target":"https://a.test/alice/pins"}`, alice, Take},
		{"report with a foreign id", `{"type":"Flag","id":"https://b.test/1","actor":"https://a.test/alice","object":["https://h.test/x"]}`, alice, Take},
		{"stamp of another host", `{"type":"Accept","id":"https://a.test/1","actor":"https://a.test/alice","object":{"type":"QuoteRequest","id":"https://h.test/q","actor":"https://h.test/x","object":"https://a.test/n","instrument":"https://h.test/n"},"result":"https://b.test/stamp"}`, alice, Refuse},
		{"quote request for another's note", `{"type":"QuoteRequest","id":"https://a.test/1","actor":"https://a.test/alice","object":"https://h.test/n","instrument":{"type":"Note","id":"https://a.test/n","attributedTo":"https://a.test/bob"}}`, alice, Refuse},
	} {
		if v := judgeText(t, c.text, c.signer); v.Decision != c.want {
			t.Errorf("%s: %+v, want %d", c.name, v, c.want)
		}
	}
}

// Every verb and kind that the decoder can give has a line in the table.
func TestAuthorityIsWhole(t *testing.T) {
	have := map[writerKey]bool{}
	for _, r := range authority {
		have[writerKey{r.verb, r.kind}] = true
		elsewhere := r.object == anywhere
		if elsewhere && r.why == "" {
			t.Errorf("%s of %s may be about another host without a reason", r.verb, r.kind)
		}
	}
	for key := range writers {
		if key.kind == social.ObjVote || have[key] {
			continue
		}
		t.Errorf("no rule for %s of %s", key.verb, key.kind)
	}
}

func TestHostOf(t *testing.T) {
	for uri, want := range map[string]string{
		"https://A.Test/x":          "a.test",
		"https://a.test:443/x":      "a.test",
		"https://a.test?x":          "a.test",
		"http://a.test:80/":         "a.test",
		"http://a.test:443/":        "a.test:443",
		"https://a.test:8443":       "a.test:8443",
		"https://user@a.test/x":     "",
		"https://a.test\\@b.test/x": "",
		"https://a.test /x":         "",
		"https://a.te%73t/x":        "",
		"https:a.test":              "",
		"acct:x@a.test":             "",
		"javascript:alert(1)":       "",
		"https://":                  "",
		"":                          "",
		"https://bücher.test/":      "xn--bcher-kva.test",
	} {
		if got := HostOf(uri); got != want {
			t.Errorf("%q: %q, want %q", uri, got, want)
		}
	}
}

// T9: url is shown only when it has the host of id.
func TestPageOf(t *testing.T) {
	for text, want := range map[string]string{
		`{"url":"https://a.test/page"}`:                   "https://a.test/page",
		`{"url":"https://b.test/page"}`:                   "",
		`{"url":"javascript:alert(1)"}`:                   "",
		`{"url":["https://b.test/1","https://a.test/2"]}`: "https://a.test/2",
		`{"url":[{"type":"Link","href":"https://a.test/v.mp4","mediaType":"video/mp4"},{"type":"Link","href":"https://a.test/w","mediaType":"text/html"}]}`: "https://a.test/w",
		`{}`: "",
	} {
		if got := pageOf(mustParse(t, text).Get("url"), "https://a.test/n"); got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}
