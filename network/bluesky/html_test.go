package bluesky

import (
	"encoding/json"
	"html"
	"strings"
	"testing"
	"unicode/utf8"

	xhtml "golang.org/x/net/html"
)

func TestShow(t *testing.T) {
	at := func(from, to int, f feature) facet { return facet{byteSlice{from, to}, []feature{f}} }
	link := feature{Type: linkFeature, URI: "https://a.example/?x=1&y=2"}
	for name, tt := range map[string]struct {
		text   string
		facets []facet
		want   string
	}{
		"plain":         {"a < b & \"c\"", nil, `<p>a &lt; b &amp; &#34;c&#34;</p>`},
		"empty":         {"", nil, `<p></p>`},
		"lines":         {"a\nb\n\nc\n\n\nd", nil, `<p>a<br>b</p><p>c</p><p>d</p>`},
		"link":          {"see 縁側", []facet{at(4, 10, link)}, `<p>see <a href="https://a.example/?x=1&amp;y=2" rel="nofollow noopener" target="_blank">縁側</a></p>`},
		"out of order":  {"ab", []facet{at(1, 2, feature{Type: tagFeature, Tag: "b"}), at(0, 1, feature{Type: tagFeature, Tag: "a"})}, `<p><a href="https://bsky.app/hashtag/a" class="mention hashtag" rel="tag">a</a><a href="https://bsky.app/hashtag/b" class="mention hashtag" rel="tag">b</a></p>`},
		"overlapping":   {"abc", []facet{at(0, 2, link), at(1, 3, link)}, `<p><a href="https://a.example/?x=1&amp;y=2" rel="nofollow noopener" target="_blank">ab</a>c</p>`},
		"in a rune":     {"縁側", []facet{at(1, 6, link)}, `<p>縁側</p>`},
		"outside":       {"a", []facet{at(0, 9, link), at(-1, 1, link), at(1, 0, link)}, `<p>a</p>`},
		"script":        {"a", []facet{at(0, 1, feature{Type: linkFeature, URI: "javascript:alert(1)"})}, `<p>a</p>`},
		"out of quotes": {"a", []facet{at(0, 1, feature{Type: linkFeature, URI: `https://a.example/"><script>`})}, `<p><a href="https://a.example/&#34;&gt;&lt;script&gt;" rel="nofollow noopener" target="_blank">a</a></p>`},
		"bad DID":       {"@a", []facet{at(0, 2, feature{Type: mentionFeature, DID: `did:plc:"><b>`})}, `<p>@a</p>`},
		"no features":   {"a", []facet{{byteSlice{0, 1}, nil}}, `<p>a</p>`},
		"unknown":       {"a", []facet{at(0, 1, feature{Type: "com.example#bold"})}, `<p>a</p>`},
	} {
		if got := show(tt.text, tt.facets).html; got != tt.want {
			t.Errorf("%s:\ngot  %s\nwant %s", name, got, tt.want)
		}
	}
	s := show("@alice.test と @x", []facet{at(0, 11, feature{Type: mentionFeature, DID: aliceDID}), at(16, 18, feature{Type: mentionFeature, DID: bobDID})})
	if len(s.mentions) != 2 || s.mentions[0].Name != "alice.test" || s.mentions[1].Name != bobDID || s.mentions[0].Domain != "bsky.app" {
		t.Errorf("mentions %+v", s.mentions)
	}
}

// FuzzShow: whatever the facets, the HTML has only the elements that are made
// here, with http(s) links alone, and its text is the text.
func FuzzShow(f *testing.F) {
	f.Add("縁側 @bob #tag <b>\n\nx", `[{"index":{"byteStart":7,"byteEnd":11},"features":[{"$type":"app.bsky.richtext.facet#mention","did":"did:plc:bob"}]}]`)
	f.Add("a", `[{"index":{"byteStart":0,"byteEnd":1},"features":[{"$type":"app.bsky.richtext.facet#link","uri":"javascript:x"}]}]`)
	f.Add("a\nb", `[{"index":{"byteStart":0,"byteEnd":3},"features":[{"$type":"app.bsky.richtext.facet#tag","tag":"\"><i>"}]}]`)
	f.Fuzz(func(t *testing.T, text, facets string) {
		var fs []facet
		if json.Unmarshal([]byte(facets), &fs) != nil || !utf8.ValidString(text) {
			return
		}
		made := show(text, fs).html
		var said strings.Builder
		z := xhtml.NewTokenizer(strings.NewReader(made))
		for z.Next() != xhtml.ErrorToken {
			switch tok := z.Token(); tok.Type {
			case xhtml.TextToken:
				said.WriteString(tok.Data)
			case xhtml.StartTagToken, xhtml.EndTagToken:
				if !strings.Contains(" p a br ", " "+tok.Data+" ") {
					t.Fatalf("<%s> in %s", tok.Data, made)
				}
				for _, a := range tok.Attr {
					if a.Key == "href" && webURL(a.Val) == "" {
						t.Fatalf("a link to %q in %s", a.Val, made)
					}
				}
			default:
				t.Fatalf("%v in %s", tok, made)
			}
		}
		// the tokenizer makes one of several line ends and drops NUL
		plain := strings.NewReplacer("\n", "", "\r", "", "\x00", "", "\ufffd", "")
		if got, want := plain.Replace(said.String()), plain.Replace(text); got != want {
			t.Fatalf("text %q, want %q in %s", got, want, html.EscapeString(made))
		}
	})
}

func BenchmarkShow(b *testing.B) {
	text := strings.Repeat("縁側でお茶を飲む。", 20)
	facets := []facet{{byteSlice{0, 6}, []feature{{Type: tagFeature, Tag: "縁側"}}}, {byteSlice{9, 15}, []feature{{Type: linkFeature, URI: "https://home.example/"}}}}
	b.ReportAllocs()
	for b.Loop() {
		show(text, facets)
	}
}
