package bluesky

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"engawa/social"
)

func TestTID(t *testing.T) {
	seen := make(map[string]bool)
	last := ""
	for ms := start.UnixMilli(); ms < start.UnixMilli()+300; ms++ {
		id := tidOf("key", ms)
		if len(id) != 13 || strings.Trim(id, tidAlphabet) != "" || id[0] > 'j' {
			t.Fatalf("%q is no TID", id)
		}
		if id <= last || seen[id] || id != tidOf("key", ms) {
			t.Fatalf("%q after %q", id, last)
		}
		last, seen[id] = id, true
	}
	same := make(map[string]bool)
	for i := range 500 {
		same[tidOf(strings.Repeat("k", i), start.UnixMilli())] = true
	}
	if len(same) != 500 {
		t.Errorf("500 keys of one millisecond make %d TIDs", len(same))
	}
	for v, want := range map[uint64]string{0: "2222222222222", 1: "2222222222223", 1 << 10: "2222222222322", 1<<63 - 1: "bzzzzzzzzzzzz"} {
		if got := encodeTID(v); got != want {
			t.Errorf("encodeTID(%d) = %s, want %s", v, got, want)
		}
	}
}

func TestURI(t *testing.T) {
	for s, ok := range map[string]bool{
		"at://did:plc:abc/app.bsky.feed.post/3jz":       true,
		"at://did:web:例え.jp/app.bsky.feed.post/3jz":     false,
		"at://did:web:example.com/app.bsky.feed.post/a": true,
		"at://alice.test/app.bsky.feed.post/3jz":        false,
		"at://did:plc:abc/app.bsky.feed.post/":          false,
		"at://did:plc:abc/app.bsky.feed.post/a/b":       false,
		"at://did:plc:abc/app.bsky.feed.post/..":        false,
		"at://did:plc:abc/app.bsky.feed.post/a?b":       false,
		"https://bsky.app/profile/a/post/b":             false,
		"at://did:plc:abc":                              false,
		"at://did:plc:" + strings.Repeat("a", 2000):     false,
		"": false,
	} {
		if u, got := parseURI(s); got != ok || ok && u.String() != s {
			t.Errorf("%q: %v, %v", s, u, got)
		}
	}
	for s, ok := range map[string]bool{"alice.test": true, "a.b.c": true, "alice": false, "-a.test": false, "a..b": false, "a.1": false, "ä.test": false, "a.test/": false} {
		if validHandle(s) != ok {
			t.Errorf("handle %q: %v", s, !ok)
		}
	}
}

func TestFacets(t *testing.T) {
	text := "🍵 @bob #縁側 リンク"
	span := func(piece string, kind social.SpanKind, target string) social.Span {
		i := strings.Index(text, piece)
		return social.Span{From: i, To: i + len(piece), Kind: kind, Target: target}
	}
	bob, tag, link := span("@bob", social.SpanMention, bobDID), span("#縁側", social.SpanTag, "縁側"), span("リンク", social.SpanLink, "https://home.example/")
	all := []facet{
		{byteSlice{5, 9}, []feature{{Type: mentionFeature, DID: bobDID}}},
		{byteSlice{10, 17}, []feature{{Type: tagFeature, Tag: "縁側"}}},
		{byteSlice{18, 27}, []feature{{Type: linkFeature, URI: "https://home.example/"}}},
	}
	for name, tt := range map[string]struct {
		spans []social.Span
		want  []facet
	}{
		"all":                  {[]social.Span{bob, tag, link}, all},
		"out of order":         {[]social.Span{link, bob}, all[2:]},
		"overlapping":          {[]social.Span{bob, {From: 6, To: 17, Kind: social.SpanTag, Target: "x"}, tag}, all[:2]},
		"within a character":   {[]social.Span{{From: 1, To: 9, Kind: social.SpanTag, Target: "x"}, {From: 5, To: 12, Kind: social.SpanTag, Target: "x"}}, nil},
		"out of the text":      {[]social.Span{{From: 18, To: 28, Kind: social.SpanTag, Target: "x"}, {From: -1, To: 4, Kind: social.SpanTag, Target: "x"}}, nil},
		"empty":                {[]social.Span{{From: 5, To: 5, Kind: social.SpanTag, Target: "x"}}, nil},
		"mention of a handle":  {[]social.Span{span("@bob", social.SpanMention, "bob.test")}, nil},
		"mention of an actor":  {[]social.Span{span("@bob", social.SpanMention, "https://home.example/users/bob")}, nil},
		"link of other scheme": {[]social.Span{span("リンク", social.SpanLink, "javascript:alert(1)")}, nil},
		"tag too long":         {[]social.Span{span("#縁側", social.SpanTag, strings.Repeat("縁", 65))}, nil},
		"unknown":              {[]social.Span{span("@bob", "emoji", "x")}, nil},
	} {
		if got := facetsOf(text, tt.spans); !cmp.Equal(got, tt.want) {
			t.Errorf("%s: %s", name, cmp.Diff(tt.want, got))
		}
	}
	got := outerTags([]string{"縁側", "お茶", "", "1", "2", "3", "4", "5", "6", "7", "8"}, all)
	if want := []string{"お茶", "1", "2", "3", "4", "5", "6", "7"}; !cmp.Equal(got, want) {
		t.Errorf("tags %v", got)
	}
	for lang, ok := range map[string]bool{"ja": true, "pt-BR": true, "zh-Hant-TW": true, "": false, "日本": false, "x": false, "en_US": false} {
		if (langsOf(lang) != nil) != ok {
			t.Errorf("language %q: %v", lang, !ok)
		}
	}
}

// good is a Part that can be sent.
func good() *social.Part { return &social.Part{Key: "k", Text: "a", CreatedAt: start.UnixMilli()} }

func TestNotToBeSent(t *testing.T) {
	r := newRig(t)
	for name, tt := range map[string]struct {
		change func(*social.Part)
		class  social.LinkFailure
		words  string
	}{
		"graphemes":       {func(p *social.Part) { p.Text = strings.Repeat("が", 301) }, social.FixPost, "too long"},
		"bytes":           {func(p *social.Part) { p.Text = strings.Repeat("👨‍👩‍👧‍👦", 200) }, social.FixPost, "too long"},
		"not UTF-8":       {func(p *social.Part) { p.Text = "\xff" }, social.FixPost, "UTF-8"},
		"no time":         {func(p *social.Part) { p.CreatedAt = 0 }, social.FixPost, "no time"},
		"followers":       {func(p *social.Part) { p.Audience = social.Followers }, social.FixPost, "this post is not"},
		"direct":          {func(p *social.Part) { p.Audience = social.Direct }, social.FixPost, "this post is not"},
		"local":           {func(p *social.Part) { p.Audience = social.LocalOnly }, social.FixPost, "this post is not"},
		"poll":            {func(p *social.Part) { p.Poll = &social.PartPoll{} }, social.Unsupported, "no polls"},
		"reply elsewhere": {func(p *social.Part) { p.Parent = social.Ref{ID: "https://x.com/1"} }, social.FixPost, "not on Bluesky"},
		"quote elsewhere": {func(p *social.Part) { p.Quote = social.Ref{ID: "123"} }, social.FixPost, "not on Bluesky"},
		"five pictures":   {func(p *social.Part) { p.Media = make([]social.PartFile, 5) }, social.FixPost, "4 files"},
		"audio":           {func(p *social.Part) { p.Media = []social.PartFile{{Kind: social.Audio}} }, social.FixPost, "not both"},
		"two videos":      {func(p *social.Part) { p.Media = []social.PartFile{{Kind: social.Video}, {Kind: social.Video}} }, social.FixPost, "one video"},
	} {
		p := good()
		tt.change(p)
		_, err := r.Send(t.Context(), r.login(), p)
		t.Log(name)
		r.class(err, tt.class, tt.words)
	}
	if n := len(r.calls); n != 0 {
		t.Errorf("%d calls for what can never be sent: %v", n, r.calls)
	}
}

// TestRecord compares a whole record, byte for byte.
func TestRecord(t *testing.T) {
	r := newRig(t)
	r.say("com.atproto.repo.putRecord", 200, `{"uri":"at://did:plc:alice/app.bsky.feed.post/x","cid":"bafy"}`)
	p := good()
	p.Text, p.Language, p.Sensitive, p.Tags, p.Link = "縁側 #a", "ja", true, []string{"a", "b"}, "https://home.example/@alice/1"
	p.Spans = []social.Span{{From: 7, To: 9, Kind: social.SpanTag, Target: "a"}}
	p.Origin = "https://home.example/users/alice/statuses/1"
	p.Parent, p.Root = social.Ref{ID: "at://did:plc:bob/app.bsky.feed.post/p", CID: "bafyp"}, social.Ref{ID: "at://did:plc:bob/app.bsky.feed.post/r", CID: "bafyr"}
	l := r.login()
	l.Settings = []byte(`{"label":"nudity"}`)
	sent, err := r.Send(t.Context(), l, p)
	if err != nil {
		t.Fatal(err)
	}
	want := social.Ref{ID: "at://did:plc:alice/app.bsky.feed.post/x", URI: "at://did:plc:alice/app.bsky.feed.post/x",
		URL: "https://bsky.app/profile/did:plc:alice/post/x", CID: "bafy", Author: aliceDID}
	if sent.Ref != want {
		t.Errorf("%+v", sent.Ref)
	}
	const record = `{"$type":"app.bsky.feed.post","text":"縁側 #a",` +
		`"facets":[{"index":{"byteStart":7,"byteEnd":9},"features":[{"$type":"app.bsky.richtext.facet#tag","tag":"a"}]}],` +
		`"reply":{"root":{"uri":"at://did:plc:bob/app.bsky.feed.post/r","cid":"bafyr"},"parent":{"uri":"at://did:plc:bob/app.bsky.feed.post/p","cid":"bafyp"}},` +
		`"embed":{"$type":"app.bsky.embed.external","external":{"uri":"https://home.example/@alice/1","title":"home.example/@alice/1","description":""}},` +
		`"langs":["ja"],"labels":{"$type":"com.atproto.label.defs#selfLabels","values":[{"val":"nudity"}]},"tags":["b"],` +
		`"createdAt":"2026-11-25T12:00:00.000Z","bridgyOriginalUrl":"https://home.example/users/alice/statuses/1"}`
	var got struct {
		Repo, Collection, Rkey string
		Record                 json.RawMessage
	}
	if err := json.Unmarshal([]byte(r.body("com.atproto.repo.putRecord")), &got); err != nil {
		t.Fatal(err)
	}
	if string(got.Record) != record || got.Repo != aliceDID || got.Collection != posts || got.Rkey != tidOf("k", start.UnixMilli()) {
		t.Errorf("got  %s\nwant %s", r.body("com.atproto.repo.putRecord"), record)
	}
}

// TestReplyTo: the root of a thread is the one that its posts name.
func TestReplyTo(t *testing.T) {
	const mine, theirs = "at://did:plc:alice/app.bsky.feed.post/m", "at://did:plc:bob/app.bsky.feed.post/a"
	const inThread = `{"text":"x","reply":{"root":{"uri":"at://did:plc:bob/app.bsky.feed.post/top","cid":"bafytop"},"parent":{"uri":"at://x","cid":"b"}}}`
	top := strongRef{"at://did:plc:bob/app.bsky.feed.post/top", "bafytop"}
	for name, tt := range map[string]struct {
		parent, root social.Ref
		record       string // of the parent; "" gone
		want         replyRef
	}{
		"theirs, alone":         {social.Ref{ID: theirs}, social.Ref{}, plainRecord, replyRef{strongRef{theirs, "bafya"}, strongRef{theirs, "bafya"}}},
		"theirs, in a thread":   {social.Ref{ID: theirs}, social.Ref{}, inThread, replyRef{top, strongRef{theirs, "bafya"}}},
		"mine, in a thread":     {social.Ref{ID: mine}, social.Ref{}, inThread, replyRef{top, strongRef{mine, "bafym"}}},
		"mine, as its own root": {social.Ref{ID: mine, CID: "old"}, social.Ref{ID: mine, CID: "old"}, inThread, replyRef{top, strongRef{mine, "bafym"}}},
		"mine, gone":            {social.Ref{ID: mine, CID: "old"}, social.Ref{ID: mine, CID: "old"}, "", replyRef{strongRef{mine, "old"}, strongRef{mine, "old"}}},
		"theirs, gone":          {social.Ref{ID: theirs, CID: "old"}, social.Ref{ID: theirs, CID: "old"}, "", replyRef{strongRef{theirs, "old"}, strongRef{theirs, "old"}}},
		"both known, not asked": {social.Ref{ID: theirs, CID: "c"}, social.Ref{ID: mine, CID: "r"}, plainRecord, replyRef{strongRef{mine, "r"}, strongRef{theirs, "c"}}},
		"root without its CID":  {social.Ref{ID: theirs, CID: "c"}, social.Ref{ID: mine}, plainRecord, replyRef{strongRef{mine, "bafym"}, strongRef{theirs, "c"}}},
	} {
		r := newRig(t)
		r.say("app.bsky.feed.getPosts", 200, `{"posts":[]}`)
		r.say("com.atproto.repo.getRecord", 400, `{"error":"RecordNotFound"}`)
		if tt.record != "" {
			r.say("app.bsky.feed.getPosts", 200, `{"posts":[`+viewJSON("a", tt.record, "", "")+`]}`)
			r.say("com.atproto.repo.getRecord", 200, `{"uri":"`+mine+`","cid":"bafym","value":`+tt.record+`}`)
		}
		c, err := r.open(r.login())
		if err != nil {
			t.Fatal(err)
		}
		got, err := c.replyTo(t.Context(), &social.Part{Parent: tt.parent, Root: tt.root})
		if err != nil || *got != tt.want {
			t.Errorf("%s: %+v, %v, want %+v", name, got, err, tt.want)
		}
	}
}

// TestSmallerPicture sends a picture again as small as the PDS wants it, once.
func TestSmallerPicture(t *testing.T) {
	r := newRig(t)
	files := &pictures{n: 900_000}
	r.Files = files
	r.say("com.atproto.repo.uploadBlob", 200, `{"blob":{"$type":"blob"}}`)
	r.say("com.atproto.repo.putRecord", 400, `{"error":"InvalidRequest","message":"blob too big (maximum 500000, got 900000) at $.record.embed"}`)
	p := good()
	p.Media = []social.PartFile{{Kind: social.Image, Bytes: 5_000_000}}
	_, err := r.Send(t.Context(), r.login(), p)
	r.class(err, social.FixPost, "too large")
	if want := []int64{1_000_000, 500_000}; !cmp.Equal(files.opened, want) {
		t.Errorf("opened with %v, want %v", files.opened, want)
	}
}

func BenchmarkRecord(b *testing.B) {
	text := strings.Repeat("縁側でお茶を飲む。", 20)
	spans := []social.Span{{From: 0, To: 6, Kind: social.SpanTag, Target: "縁側"}, {From: 9, To: 15, Kind: social.SpanLink, Target: "https://home.example/"}}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := json.Marshal(postRecord{Type: posts, Text: text, Facets: facetsOf(text, spans), CreatedAt: stamp(1)}); err != nil {
			b.Fatal(err)
		}
	}
}
