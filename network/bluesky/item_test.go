package bluesky

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"engawa/social"
)

// viewJSON is a post as the AppView shows it, with an embed and labels.
func viewJSON(rkey, record, embed, more string) string {
	if embed != "" {
		embed = `"embed":` + embed + `,`
	}
	return fmt.Sprintf(`{"uri":"at://did:plc:bob/app.bsky.feed.post/%s","cid":"bafy%s","author":{"did":"did:plc:bob","handle":"bob.test","displayName":"ボブ","avatar":"https://cdn.example/a.jpg"},
		"record":%s,%s"likeCount":3,"repostCount":2,"replyCount":1,"quoteCount":4,"indexedAt":"2026-11-25T12:00:01.5Z"%s}`, rkey, rkey, record, embed, more)
}

func view(t *testing.T, s string) *postView {
	t.Helper()
	var v postView
	if err := json.Unmarshal([]byte(s), &v); err != nil {
		t.Fatal(err)
	}
	return &v
}

const plainRecord = `{"$type":"app.bsky.feed.post","text":"hi","createdAt":"2026-11-25T12:00:00.000Z","langs":["ja","en"],"tags":["x"],"bridgyOriginalUrl":"https://home.example/1","fediverseId":"javascript:x"}`

func TestItem(t *testing.T) {
	it := view(t, viewJSON("a", plainRecord, "", `,"viewer":{"like":"at://did:plc:alice/app.bsky.feed.like/1","bookmarked":true,"threadMuted":true}`)).item()
	if it.Author.Name != "bob.test" || it.Author.Domain != "bsky.app" || it.Author.URI != bobDID || it.Author.Display != "ボブ" || it.Author.Avatar == "" {
		t.Errorf("author %+v", it.Author)
	}
	if it.At != start.UnixMilli() || it.Language != "ja" || len(it.Tags) != 1 || it.HTML != "<p>hi</p>" || it.Sensitive {
		t.Errorf("%+v", it)
	}
	if it.Counts != (social.Counters{Replies: 1, Boosts: 2, Favourites: 3, Quotes: 4}) || !it.Mine.Favourited || it.Mine.Boosted || !it.Mine.Bookmarked || !it.Mine.Muted {
		t.Errorf("%+v %+v", it.Counts, it.Mine)
	}
	if len(it.Same) != 1 || it.Same[0] != "https://home.example/1" {
		t.Errorf("same %v", it.Same)
	}
	late := view(t, viewJSON("a", `{"text":"x","createdAt":"2030-01-01T00:00:00Z"}`, "", "")).item()
	if late.At != start.UnixMilli()+1500 {
		t.Errorf("said in the future: %d", late.At)
	}
	for name, s := range map[string]string{
		"no URI":      `{"uri":"https://evil.example","author":{"did":"did:plc:bob"},"record":{}}`,
		"no author":   `{"uri":"at://did:plc:bob/app.bsky.feed.post/a","author":{"did":"bob"},"record":{}}`,
		"nothing":     `{}`,
		"null record": `{"uri":"","record":null}`,
	} {
		if it := view(t, s).item(); it != nil {
			t.Errorf("%s: %+v", name, it)
		}
	}
	odd := view(t, viewJSON("a", `{"text":"kept","facets":"none","createdAt":"2026-11-25T12:00:00Z"}`, "", "")).item()
	if odd == nil || odd.HTML != "<p>kept</p>" {
		t.Errorf("a record with one wrong field: %+v", odd)
	}
}

func TestEmbeds(t *testing.T) {
	const img = `{"thumb":"https://cdn.example/t.jpg","fullsize":"https://cdn.example/f.jpg","alt":"湯のみ","aspectRatio":{"width":4,"height":3}}`
	quoted := `{"$type":"app.bsky.embed.record#viewRecord","uri":"at://did:plc:alice/app.bsky.feed.post/q","cid":"bafyq","author":{"did":"did:plc:alice","handle":"alice.test"},
		"value":{"text":"quoted","createdAt":"2026-11-25T11:00:00Z"},"embeds":[{"$type":"app.bsky.embed.images#view","images":[` + img + `]}],"likeCount":9,"indexedAt":"2026-11-25T11:00:00Z"}`
	for name, tt := range map[string]struct {
		embed string
		check func(*social.Item) bool
	}{
		"images": {`{"$type":"app.bsky.embed.images#view","images":[` + img + `,{"fullsize":"data:x"}]}`, func(it *social.Item) bool {
			return len(it.Media) == 1 && it.Media[0].Kind == social.Image && it.Media[0].RemoteURL == "https://cdn.example/f.jpg" && it.Media[0].PreviewURL == "https://cdn.example/t.jpg" &&
				it.Media[0].Description == "湯のみ" && it.Media[0].Width == 4
		}},
		"video": {`{"$type":"app.bsky.embed.video#view","playlist":"https://video.example/p.m3u8","thumbnail":"https://video.example/t.jpg","alt":"v","aspectRatio":{"width":-1,"height":3}}`, func(it *social.Item) bool {
			return len(it.Media) == 1 && it.Media[0].Kind == social.Video && it.Media[0].Width == 0 && it.Media[0].Description == "v"
		}},
		"card": {`{"$type":"app.bsky.embed.external#view","external":{"uri":"https://a.example/","title":"T","description":"D","thumb":"https://cdn.example/c.jpg"}}`, func(it *social.Item) bool {
			return it.Card != nil && it.Card.URL == "https://a.example/" && it.Card.Title == "T" && it.Card.Image.URL != ""
		}},
		"card of a script": {`{"$type":"app.bsky.embed.external#view","external":{"uri":"javascript:x","title":"T"}}`, func(it *social.Item) bool { return it.Card == nil }},
		"quote": {`{"$type":"app.bsky.embed.record#view","record":` + quoted + `}`, func(it *social.Item) bool {
			return it.Quote != nil && it.Quote.HTML == "<p>quoted</p>" && len(it.Quote.Media) == 1 && it.Quote.Counts.Favourites == 9 && it.Quote.Author.Name == "alice.test"
		}},
		"quote with picture": {`{"$type":"app.bsky.embed.recordWithMedia#view","record":{"record":` + quoted + `},"media":{"$type":"app.bsky.embed.images#view","images":[` + img + `]}}`, func(it *social.Item) bool {
			return it.Quote != nil && len(it.Media) == 1
		}},
		"quote gone":      {`{"$type":"app.bsky.embed.record#view","record":{"$type":"app.bsky.embed.record#viewNotFound","uri":"at://did:plc:alice/app.bsky.feed.post/q"}}`, func(it *social.Item) bool { return it.Quote == nil }},
		"quote of a list": {`{"$type":"app.bsky.embed.record#view","record":{"$type":"app.bsky.graph.defs#listView","uri":"at://did:plc:alice/app.bsky.graph.list/q"}}`, func(it *social.Item) bool { return it.Quote == nil }},
		"gallery": {`{"$type":"app.bsky.embed.gallery#view","media":[{"$type":"app.bsky.embed.gallery#viewImage","thumbnail":"https://cdn.example/t.jpg","fullsize":"https://cdn.example/f.jpg","alt":"g"}]}`, func(it *social.Item) bool {
			return len(it.Media) == 1 && it.Media[0].PreviewURL != "" && it.Media[0].Description == "g"
		}},
		"wrong types": {`{"$type":"app.bsky.embed.images#view","images":{"a":1}}`, func(it *social.Item) bool { return len(it.Media) == 0 }},
		"a hundred pictures": {`{"$type":"app.bsky.embed.gallery#view","items":[` + repeat(`{"thumbnail":"https://cdn.example/t.jpg","fullsize":"https://cdn.example/f.jpg"}`, 100) + `]}`, func(it *social.Item) bool {
			return len(it.Media) == maxMedia
		}},
	} {
		if it := view(t, viewJSON("a", plainRecord, tt.embed, "")).item(); it == nil || !tt.check(it) {
			t.Errorf("%s: %+v", name, it)
		}
	}
}

func repeat(s string, n int) string {
	out := s
	for range n - 1 {
		out += "," + s
	}
	return out
}

// TestOddFields: one field of a wrong type does not take the rest with it.
func TestOddFields(t *testing.T) {
	r := newRig(t)
	odd := strings.Replace(viewJSON("a", `{"text":"odd","facets":"none","langs":[5,"ja"],"createdAt":"2026-11-25T12:00:00Z"}`, `{"$type":"app.bsky.embed.images#view","images":[{"fullsize":7}]}`, `,"viewer":[]`), `"likeCount":3`, `"likeCount":"many"`, 1)
	r.say("app.bsky.feed.getTimeline", 200, `{"feed":[{"post":`+odd+`},"nonsense",{"post":`+viewJSON("b", plainRecord, "", "")+`}]}`)
	b, err := r.Read(t.Context(), r.login(), social.LaneHome, "", 10)
	if err != nil || len(b.Items) != 2 || b.Items[0].HTML != "<p>hi</p>" || b.Items[1].HTML != "<p>odd</p>" || b.Items[1].Counts.Boosts != 2 {
		t.Errorf("%+v, %v", b, err)
	}
	nested := `{"$type":"app.bsky.embed.recordWithMedia#view","media":`
	deep := view(t, viewJSON("a", plainRecord, strings.Repeat(nested, 2000)+`{}`+strings.Repeat("}", 2000), "")).item()
	if deep == nil || len(deep.Media) != 0 {
		t.Errorf("%+v", deep)
	}
}

// TestDeepQuote: quotes within quotes end, however deep somebody nests them.
func TestDeepQuote(t *testing.T) {
	embed := ""
	for range 50 {
		embeds := "[]"
		if embed != "" {
			embeds = "[" + embed + "]"
		}
		embed = `{"$type":"app.bsky.embed.record#view","record":{"$type":"app.bsky.embed.record#viewRecord","uri":"at://did:plc:alice/app.bsky.feed.post/q","cid":"b","author":{"did":"did:plc:alice"},"value":{"text":"q"},"embeds":` + embeds + `}}`
	}
	depth := 0
	for it := view(t, viewJSON("a", plainRecord, embed, "")).item(); it != nil; it = it.Quote {
		depth++
	}
	if depth != 1+maxQuotes {
		t.Errorf("%d posts in one another", depth)
	}
}

func TestLabels(t *testing.T) {
	for name, tt := range map[string]struct {
		record, labels string
		sensitive      bool
		warning        string
	}{
		"self":     {`{"text":"a","labels":{"$type":"com.atproto.label.defs#selfLabels","values":[{"val":"porn"}]}}`, `[]`, true, ""},
		"labelled": {`{"text":"a"}`, `[{"src":"did:plc:mod","val":"graphic-media"}]`, true, ""},
		"negated":  {`{"text":"a"}`, `[{"val":"porn","neg":true}]`, false, ""},
		"warned":   {`{"text":"a"}`, `[{"val":"!warn"}]`, true, "⚠"},
		"other":    {`{"text":"a"}`, `[{"val":"spam"},{"val":"!no-unauthenticated"}]`, false, ""},
	} {
		it := view(t, viewJSON("a", tt.record, "", `,"labels":`+tt.labels)).item()
		if it.Sensitive != tt.sensitive || it.Warning != tt.warning {
			t.Errorf("%s: %v %q", name, it.Sensitive, it.Warning)
		}
	}
}

// FuzzFeed: no answer of an AppView makes it panic, and whatever comes out has an address and an author.
func FuzzFeed(f *testing.F) {
	f.Add(`{"post":` + viewJSON("a", plainRecord, `{"$type":"app.bsky.embed.record#view","record":{}}`, "") + `,"reason":{"$type":"app.bsky.feed.defs#reasonRepost","by":{"did":"did:plc:alice"},"indexedAt":"2026-11-25T12:00:00Z"}}`)
	f.Add(`{"post":{"record":{"text":1},"embed":[]},"reason":null}`)
	f.Fuzz(func(t *testing.T, s string) {
		var p feedPost
		if json.Unmarshal([]byte(s), &p) != nil {
			return
		}
		p.at()
		for it := p.item(); it != nil; it = it.Quote {
			if it.Boost != nil {
				it = it.Boost
			}
			if _, ok := parseURI(it.URI); !ok || it.Ref.ID != it.URI || !validDID(it.Author.URI) || it.Author.Name == "" {
				t.Fatalf("%+v", it)
			}
		}
		var node threadNode
		if json.Unmarshal([]byte(`{"post":`+s+`,"parent":{"post":`+s+`},"replies":[{"post":`+s+`}]}`), &node) == nil {
			if got := flatten(&node, 2); len(got) > 2 {
				t.Fatalf("%d items", len(got))
			}
		}
	})
}
