package social

import (
	"slices"
	"strings"
	"testing"
)

func TestMarks(t *testing.T) {
	mark := func(html string) int64 { return wordsMark(wordsIn(&Post{Content: html})) }
	a := mark("<p>Hello, wide world! See you.</p>")
	for text, same := range map[string]bool{
		"<p>hello wide world see you</p>": true, "<p>Ｈｅｌｌｏ, wide<br>world! See you. #ttr</p>": true,
		`<p>Hello, wide world! <span>See</span> you. <a href="https://x.example">https://x.example/a</a></p>`: true,
		"<p>Hello, wide world! See you, @bob</p>":                                                             true, "<p>Hello, wide world! See me.</p>": false, "": false,
	} {
		if (mark(text) == a) != same {
			t.Errorf("%q: %d and %d", text, mark(text), a)
		}
	}
	if a == 0 || mark("<p>too short</p>") != 0 || mark("今日はとても天気がいいですね") == 0 {
		t.Error("what can be told")
	}
}

func TestOtherAddresses(t *testing.T) {
	hex := "3bf0c63fcb93463407af97a5e5ee64fa883d107ef9e558472c4eb9aaaefa459d"
	npub := "npub180cvv07tjdrrgpa0j7j7tmnyl2yr6yr7l8j4s3evf6u64th6gkwsyjh6w6" // NIP-19's example
	for in, want := range map[string]string{
		"https://bsky.brid.gy/convert/ap/at://did:plc:a/app.bsky.feed.post/1": "at://did:plc:a/app.bsky.feed.post/1",
		"at://did:plc:a/app.bsky.feed.post/1":                                 "https://bsky.brid.gy/convert/ap/at://did:plc:a/app.bsky.feed.post/1",
		"https://mostr.pub/users/" + hex:                                      "nostr:" + npub,
		"nostr:" + npub:                                                       "https://mostr.pub/users/" + hex,
		"https://fed.brid.gy/r/https://x.example/1":                           "https://x.example/1",
		"did:plc:a": "https://bsky.brid.gy/ap/did:plc:a",
	} {
		if got := otherAddresses(in); !slices.Contains(got, want) {
			t.Errorf("%s: %q, want %s", in, got, want)
		}
	}
	for _, in := range []string{"", "https://x.example/1", "https://mostr.pub/users/zz", "nostr:npub1x", "nostr:note1" + strings.Repeat("!", 58), "https://bsky.brid.gy/convert/ap/"} {
		if got := otherAddresses(in); len(got) > 0 {
			t.Errorf("%s: %q", in, got)
		}
	}
}

func TestSamePerson(t *testing.T) {
	far := func(handle string, change ...func(*Actor)) *Actor {
		name, domain, _ := strings.Cut(handle, "@")
		a := &Actor{ID: ID(len(handle)*1000) + ID(handle[0]), Name: name, Domain: domain, URI: "https://" + domain + "/users/" + name}
		for _, c := range change {
			c(a)
		}
		return a
	}
	alias := func(s string) func(*Actor) { return func(a *Actor) { a.Aliases = append(a.Aliases, s) } }
	did := func(s string) func(*Actor) { return func(a *Actor) { a.URI = s } }
	for _, c := range []struct {
		a, b *Actor
		want bool
	}{
		{far("ann@x.example"), far("bob@x.example"), false},
		{far("ann@x.example"), far("ann@other.example"), true},
		{far("ann.bsky.social@bsky.app", did("did:plc:1")), far("ann@x.example"), true},
		{far("ann.example@bsky.app", did("did:plc:1")), far("me@ann.example"), true},
		{far("z.bsky.social@bsky.app", did("did:plc:1")), far("ann@x.example", alias("did:plc:1")), true},
		{far("z.bsky.social@bsky.app", did("did:plc:1")), far("q@bsky.brid.gy", did("https://bsky.brid.gy/ap/did:plc:1")), true},
		{far("npub1@nostr", did("nostr:npub1"), alias("acct:ann@x.example")), far("ann@x.example"), true},
		{far("a@x.example"), far("a@other.example"), false}, // too short a name
		{far("x.bsky.social@bsky.app"), far("y@bsky.social"), false},
	} {
		for _, pair := range [][2]*Actor{{c.a, c.b}, {c.b, c.a}} {
			why, got := samePerson(pair[0], pair[1])
			if got != c.want || got != (why != "") {
				t.Errorf("%s and %s: %v %q", pair[0].Handle(), pair[1].Handle(), got, why)
			}
		}
	}
}

func FuzzClean(f *testing.F) {
	f.Add("at://x", "<p>x</p>", "w", int64(5), "#t", "https://x.example/a.png")
	f.Add("", "\x00<a href='javascript:x'>", "\xff", int64(-1), "", "file:///x")
	f.Fuzz(func(t *testing.T, uri, html, warning string, at int64, tag, media string) {
		it := Item{Ref: Ref{ID: uri, URI: uri}, URI: uri, HTML: html, Warning: warning, At: at, Tags: []string{tag}, Media: []Media{{RemoteURL: media}}, Same: []string{media}}
		outer := Item{Ref: Ref{ID: "o"}, URI: "o", HTML: html, Quote: &it}
		x := clean(&outer, 1000, 0)
		if x == nil {
			t.Fatal("an item with an address is kept")
		}
		x.each(func(x *thing) {
			if x.post.CreatedAt <= 0 || x.post.CreatedAt > 1000 || len(x.uri) > laneURI || strings.Contains(x.post.Content, "javascript:") || strings.Contains(x.post.Warning, "\x00") {
				t.Errorf("%+v", x.post)
			}
			for _, m := range x.media {
				if !strings.HasPrefix(strings.ToLower(m.RemoteURL), "http") {
					t.Errorf("medium at %q", m.RemoteURL)
				}
			}
			_ = otherAddresses(x.uri)
		})
	})
}
