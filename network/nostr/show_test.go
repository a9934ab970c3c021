package nostr

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"engawa/internal/clock"
	"engawa/social"
)

func showing(t testing.TB) *world {
	return &world{n: &Nostr{Clock: clock.NewFake(time.Unix(1795338000, 0))}, known: make(map[string]seen)}
}

func TestShow(t *testing.T) {
	const key = "npub10elfcs4fr0l0r8af98jlmgdh9c8tcxjvz9qkw038js35mp4dma8qzvjptg"
	for _, c := range []struct{ name, text, want string }{
		{"plain", "a <b> & \"c\"", "<p>a &lt;b&gt; &amp; &#34;c&#34;</p>"},
		{"lines", "一\n二\n\n三", "<p>一<br>二</p><p>三</p>"},
		{"nothing", "", ""},
		{"a person", "nostr:" + key + "、", `<p><a href="https://njump.me/` + key + `">@npub10elfcs4…</a>、</p>`},
		{"a secret key is never a link", "nostr:nsec1vl029mgpspedva04g90vltkh6fvh240zqtv9k0t9af8935ke9laqsnlfe5", "<p>nostr:nsec1vl029mgpspedva04g90vltkh6fvh240zqtv9k0t9af8935ke9laqsnlfe5</p>"},
		{"no identifier", "nostr:npub1x nostr:", "<p>nostr:npub1x nostr:</p>"},
		{"a picture", "見て https://x.example/a.JPG?w=1", "<p>見て</p>"},
	} {
		t.Run(c.name, func(t *testing.T) {
			it := &social.Item{}
			if got := showing(t).show(it, c.text); got != c.want {
				t.Errorf("shown as %s, want %s", got, c.want)
			}
		})
	}
}

func TestThreadTags(t *testing.T) {
	a, b, c := strings.Repeat("a", 64), strings.Repeat("b", 64), strings.Repeat("c", 64)
	for _, x := range []struct {
		name         string
		tags         [][]string
		root, parent string
	}{
		{"none", nil, "", ""},
		{"marked", [][]string{{"e", b, "", "reply"}, {"e", a, "", "root"}, {"e", c, "", "mention"}}, a, b},
		{"root alone", [][]string{{"e", a, "", "root"}}, a, a},
		{"reply alone", [][]string{{"e", a, "", "reply"}}, a, a},
		{"by place", [][]string{{"e", a}, {"e", c}, {"e", b}}, a, b},
		{"one by place", [][]string{{"e", a, ""}}, a, a},
		{"mentions alone", [][]string{{"e", a, "", "mention"}}, "", ""},
		{"nonsense", [][]string{{"e"}, {"e", "x"}, {}}, "", ""},
	} {
		t.Run(x.name, func(t *testing.T) {
			it := social.Item{}
			showing(t).thread(&it, seen{&Event{Tags: x.tags}, ""})
			if it.Root.ID != x.root || it.Parent.ID != x.parent {
				t.Errorf("root %.4s parent %.4s", it.Root.ID, it.Parent.ID)
			}
		})
	}
}

// bare is HTML without the tags that are written here: no other < is left.
func bare(html string) string {
	html = regexp.MustCompile(`<a href="[^"<>]*">`).ReplaceAllString(html, "")
	return strings.NewReplacer("<p>", "", "</p>", "", "<br>", "", "</a>", "").Replace(html)
}

// Whatever a note says, nothing of it becomes a tag.
func FuzzShow(f *testing.F) {
	f.Add("a nostr:npub1x https://x.example/a.png #b <script>", "imeta", "url https://x.example/a.png")
	f.Add("nostr:nevent1qqs", "e", strings.Repeat("a", 64))
	f.Fuzz(func(t *testing.T, text, name, value string) {
		e := &Event{ID: strings.Repeat("a", 64), PubKey: strings.Repeat("b", 64), Kind: kindNote, Content: text, Tags: [][]string{{name, value}, {name}, {}}}
		if it := showing(t).item(seen{e, ""}, 0); strings.ContainsAny(bare(it.HTML), `<>"`) {
			t.Errorf("%q is shown as %s", text, it.HTML)
		}
	})
}

func BenchmarkItem(b *testing.B) {
	w := showing(b)
	e := seen{&Event{ID: strings.Repeat("a", 64), PubKey: strings.Repeat("b", 64), Kind: kindNote,
		Content: strings.Repeat("縁側で茶を飲む ", 10) + "https://example.com/a #engawa", Tags: [][]string{{"t", "engawa"}, {"p", strings.Repeat("c", 64)}}}, ""}
	for b.Loop() {
		w.item(e, 0)
	}
}
