package relay

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"engawa/internal/locale"
	"engawa/social"
)

func TestRenderThread(t *testing.T) {
	text := "最初の段落です。\n\n" + strings.Repeat("次の文が続きます。", 40) + "\n\n#縁側 終わり"
	for _, network := range networkNames {
		d := written(text)
		d.Media = images(1)
		p := Render(d, targetOf(network), with(func(m *Manner) { m.Number = "1/3" }))
		sound(t, targetOf(network), p)
		if p.Skip != nil || p.Lossy() {
			t.Errorf("%s: %+v", network, p)
			continue
		}
		joined := strings.Join(textsOf(p), "")
		for _, want := range []string{"最初の段落です。", "#縁側 終わり"} {
			if strings.Count(joined, want) != 1 {
				t.Errorf("%s lacks %q: %q", network, want, joined)
			}
		}
		if strings.Count(joined, "次の文が続きます。") != 40 {
			t.Errorf("%s lost sentences: %q", network, joined)
		}
		if len(p.Parts) > 1 && !strings.HasSuffix(p.Parts[0].Text, " 1/"+string(rune('0'+len(p.Parts)))) {
			t.Errorf("%s: no number: %q", network, p.Parts[0].Text)
		}
		if len(p.Parts[0].Media) != 1 || len(p.Parts) > 1 && len(p.Parts[1].Media) != 0 {
			t.Errorf("%s: the picture is not in the first part", network)
		}
		last := p.Parts[len(p.Parts)-1]
		if got := spansOf(&last); !slices.Contains(got, "tag #縁側 → 縁側") || !slices.Equal(last.Tags, []string{"縁側"}) {
			t.Errorf("%s: spans %q, tags %q", network, got, last.Tags)
		}
	}
}

func TestRenderAnswers(t *testing.T) {
	d := written("返事")
	d.Post.ReplyTo = 50
	one(t, "x", d, with(nil), []string{"返事"}, "alone")
	target := targetOf("x")
	target.Follows = true
	at(t, target, d, with(nil), []string{"返事"})
	target.Parent, target.Root = social.Ref{ID: "9"}, social.Ref{ID: "8"}
	if p := at(t, target, d, with(nil), []string{"返事"}); p.Parts[0].Parent.ID != "9" || p.Parts[0].Root.ID != "8" {
		t.Errorf("%+v", p.Parts[0])
	}
}

func TestRenderManner(t *testing.T) {
	d := written("本文")
	link := "https://home.example/@me/100"
	one(t, "x", d, with(func(m *Manner) { m.LinkBack = "always" }), []string{"本文\n\n" + link})
	if p := one(t, "bluesky", d, with(func(m *Manner) { m.LinkBack = "always" }), []string{"本文"}); p.Parts[0].Link != link {
		t.Errorf("card %q", p.Parts[0].Link)
	}
	one(t, "nostr", d, with(func(m *Manner) { m.Template = "新着：{text}\n{link}" }), []string{"新着：本文\n" + link})
	one(t, "x", d, with(func(m *Manner) { m.Template = "{cw}{text} {odd}" }), []string{"本文 {odd}"})
	if p := one(t, "x", d, with(func(m *Manner) { m.Audience = "mentioned" }), []string{"本文"}); p.Parts[0].Limited != "mentioned" {
		t.Errorf("%+v", p.Parts[0])
	}
	one(t, "misskey", d, with(func(m *Manner) { m.Audience = "mentioned" }), []string{"本文"}, "gates")
	if p := one(t, "misskey", d, with(func(m *Manner) { m.Audience = "followers" }), []string{"本文"}); p.Parts[0].Audience != social.Followers {
		t.Errorf("%+v", p.Parts[0])
	}
	d.Post.Title = "題"
	one(t, "misskey", d, with(nil), []string{"題\n\n本文"})
	d.Post.Title = ""
	p := one(t, "bluesky", d, with(nil), []string{"本文"})
	part := p.Parts[0]
	if part.Language != "ja" || part.Origin != d.Post.URI || part.CreatedAt != d.Post.CreatedAt || part.Audience != social.Public || part.Link != "" {
		t.Errorf("%+v", part)
	}
	if p := one(t, "webhook", d, with(nil), []string{"本文"}); p.Parts[0].Link != link {
		t.Errorf("%+v", p.Parts[0])
	}
}

func TestRenderWalls(t *testing.T) {
	d := written("x")
	d.Post.DeletedAt = 1
	skips(t, "x", d, with(nil), "deleted")
	d.Post.DeletedAt, d.Post.Hidden = 0, 4
	skips(t, "x", d, with(nil), "hidden")
	d.Post.Hidden = 0
	target := targetOf("x")
	target.Link.Can = social.AbleRead
	if p := Render(d, target, with(nil)); p.Skip == nil || p.Skip.Code != "readOnly" {
		t.Errorf("%+v", p)
	}
	skips(t, "x", written(""), with(nil), "empty")
}

func TestPriceOfX(t *testing.T) {
	for text, want := range map[string]int64{
		"text":                     priceX,
		"https://example.com":      priceXURL,
		"see example.com":          priceXURL,
		"mail user@example.com":    priceX,
		"a http://localhost/ here": priceXURL, // an address all the same: rather too dear than too cheap
	} {
		d := written("")
		d.Post.Content = "<p>" + text + "</p>"
		p := Render(d, targetOf("x"), with(nil))
		if p.Price != want {
			t.Errorf("%q costs %d, want %d: %q", text, p.Price, want, spansOf(&p.Parts[0]))
		}
	}
	if p := Render(written("https://example.com"), targetOf("bluesky"), with(nil)); p.Price != 0 {
		t.Errorf("%+v", p)
	}
	limit := Limit{AskOver: 100_000, Confirm: ConfirmNo}
	p := Render(written("https://example.com"), targetOf("x"), with(nil))
	if why := p.NeedsAsk(&limit); why != "price" {
		t.Errorf("asked for %q", why)
	}
	limit = Limit{Confirm: ConfirmLossy}
	if why := p.NeedsAsk(&limit); why != "" {
		t.Errorf("asked for %q", why)
	}
	p.lose("cut")
	if why := p.NeedsAsk(&limit); why != "lossy" {
		t.Errorf("asked for %q", why)
	}
}

func TestLinksStayApart(t *testing.T) {
	content := `<p>これ<a href="https://example.com/a">https://example.com/a</a>を見て。abc<a href="https://example.com/b">https://example.com/b</a>。</p>`
	one(t, "x", html(content), with(nil), []string{"これhttps://example.com/a を見て。abc https://example.com/b。"})
	one(t, "mastodon", html(content), with(nil), []string{"これhttps://example.com/a を見て。abc https://example.com/b 。"})
	p := one(t, "bluesky", html(content), with(nil), []string{"これexample.com/aを見て。abcexample.com/b。"})
	wantSpans(t, p, "link example.com/a → https://example.com/a", "link example.com/b → https://example.com/b")
	long := written("https://example.com/" + strings.Repeat("long/", 100))
	p = one(t, "bluesky", long, with(nil), []string{"example.com/long/long/long/long/long/lo…"})
	wantSpans(t, p, "link example.com/long/long/long/long/long/lo… → "+"https://example.com/"+strings.Repeat("long/", 100))
}

func TestPreview(t *testing.T) {
	d := written("縁側 https://example.com/a")
	d.Post.Emojis = []social.Emoji{{Shortcode: "cat"}}
	d.Media = images(1)
	target := targetOf("x")
	p := Render(d, target, with(nil))
	shown := p.Show(locale.Japanese, target.Link, "ttr", "")
	raw, err := json.Marshal(shown)
	if err != nil {
		t.Fatal(err)
	}
	const want = `{"link":"7","name":"x","network":"x","send":true,"rule":"ttr","parts":[{"text":"縁側 https://example.com/a",` +
		`"spans":[{"from":7,"to":28,"kind":"link","target":"https://example.com/a"}],"length":28,"limit":280,` +
		`"media":[{"media":1,"kind":"image","alt":"絵","url":"https://home.example/blob/1","width":800,"height":600}],` +
		`"audience":"public","price":205000}],"losses":[],"price":205000}`
	if string(raw) != want {
		t.Errorf("got  %s\nwant %s", raw, want)
	}
	d.Post.Audience = social.Direct
	p = Render(d, target, with(nil))
	shown = p.Show(locale.English, target.Link, "ttr", "")
	if shown.Send || !strings.HasPrefix(shown.Reason, "it is not for everybody") || shown.Parts == nil {
		t.Errorf("%+v", shown)
	}
}

// Whatever a text is, each Plan is sound, and the same twice.
func FuzzRender(f *testing.F) {
	f.Add(`<p>縁側 <a href="https://home.example/tags/ttr" rel="tag">#<span>ttr</span></a> @alice :cat: https://example.com/日本</p>`, "注意", uint8(3))
	f.Add(`<p>a<br>b</p><blockquote><a href="http://x.jp">x</a><a class="mention" href="u">@b</a>`, "", uint8(200))
	f.Fuzz(func(t *testing.T, content, warning string, knobs uint8) {
		if !utf8.ValidString(content) || !utf8.ValidString(warning) || len(content) > 3000 || len(warning) > 300 {
			return
		}
		d := html(content)
		d.Post.Warning, d.Triggers = warning, []string{"ttr"}
		d.Post.Emojis = []social.Emoji{{Shortcode: "cat"}}
		d.Media = images(int(knobs % 7))
		as := with(func(m *Manner) {
			m.CW = []string{"auto", "prefix", "link_only"}[knobs%3]
			m.Long = []string{"thread", "cut_link", "link_only"}[knobs/3%3]
			m.Number = []string{"none", "1/3"}[knobs%2]
		})
		for _, network := range networkNames {
			target := targetOf(network)
			p, again := Render(d, target, as), Render(d, target, as)
			sound(t, target, p)
			a, _ := json.Marshal(p)
			b, _ := json.Marshal(again)
			if string(a) != string(b) {
				t.Errorf("%s: not the same twice", network)
			}
			if p.Skip == nil && strings.TrimSpace(warning) != "" && as.CW != "link_only" {
				for i := range p.Parts {
					if p.Parts[i].Warning == "" && !strings.HasPrefix(p.Parts[i].Text, "⚠ ") {
						t.Errorf("%s: part %d is bare: %+v", network, i, p.Parts[i])
					}
				}
			}
		}
	})
}

func BenchmarkRender(b *testing.B) {
	d := written("今日は縁側でお茶を飲みながら、隣の家の猫と話をしていました。https://example.com/engawa とても静かな午後です！ #縁側 #ttr")
	d.Triggers, d.Media = []string{"ttr"}, images(2)
	as := DefaultManner()
	for _, network := range []string{"x", "bluesky", "mastodon"} {
		target := targetOf(network)
		b.Run(network, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				Render(d, target, as)
			}
		})
	}
}
