package relay

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"engawa/internal/locale"
	"engawa/social"
)

var updateGolden = flag.Bool("update", false, "write the golden files anew")

// goldenCases are Posts that each network shows in its own way.
var goldenCases = []struct {
	name  string
	draft func() *Draft
	as    func(*Manner)
}{
	{"plain", func() *Draft { return written("縁側でお茶。 #ttr #縁側") }, nil},
	{"link and mention", func() *Draft {
		return written("@bob@example.org が書いた https://ja.wikipedia.org/wiki/縁側 を読む")
	}, nil},
	{"hidden link", func() *Draft {
		return html(`<p>続きは<a href="https://example.com/a?b=c">こちら</a>です<br>・一行</p><blockquote><p>引用</p></blockquote>`)
	}, nil},
	{"content warning, sensitive picture", func() *Draft {
		d := written("結末")
		d.Post.Warning, d.Post.Sensitive, d.Media = "映画", true, images(1)
		return d
	}, nil},
	{"content warning as prefix", func() *Draft {
		d := written("結末")
		d.Post.Warning, d.Media = "映画", images(1)
		return d
	}, func(m *Manner) { m.CW = "prefix" }},
	{"five pictures and a film", func() *Draft {
		d := written("旅")
		d.Media = append(images(5), social.Media{ID: 6, Kind: social.Video, Description: "海"})
		return d
	}, nil},
	{"poll", func() *Draft {
		d := written("どちら？")
		d.Poll = &social.Poll{Options: []social.Option{{Title: "お茶"}, {Title: "珈琲"}}, ExpiresAt: d.Now + 86_400_000}
		return d
	}, nil},
	{"quote", func() *Draft {
		d := written("これ")
		d.Post.QuoteOf, d.Post.QuoteState = 5, social.QuoteAccepted
		d.Quoted = &social.Post{ID: 5, URI: "https://example.org/5", URL: "https://example.org/@bob/5"}
		return d
	}, nil},
	{"long, numbered", func() *Draft {
		return written(strings.Repeat("今日は縁側でお茶を飲みました。", 12) + "\n\n" + strings.Repeat("猫も来ました。", 12) + "https://example.com/")
	}, func(m *Manner) { m.Number = "1/3" }},
	{"long, cut", func() *Draft { return written(strings.Repeat("今日は縁側でお茶を飲みました。", 40)) }, func(m *Manner) { m.Long = "cut_link" }},
	{"custom emoji, bare handle", func() *Draft {
		d := written("やあ :cat: @stranger")
		d.Post.Emojis = []social.Emoji{{Shortcode: "cat"}}
		return d
	}, nil},
	{"boost", func() *Draft {
		d := written("")
		d.Post.BoostOf, d.Boosted = 5, &social.Post{ID: 5, URL: "https://example.org/@bob/5"}
		return d
	}, func(m *Manner) { m.Boost = "link" }},
	{"unlisted, followers may answer", func() *Draft {
		d := written("静かに")
		d.Post.Audience = social.Unlisted
		return d
	}, func(m *Manner) { m.Audience = "followers" }},
}

// The golden file shows what each case becomes on each network:
// go test ./relay -run Golden -update writes it anew.
func TestRenderGolden(t *testing.T) {
	var b strings.Builder
	for _, c := range goldenCases {
		fmt.Fprintf(&b, "== %s\n", c.name)
		for _, network := range networkNames {
			d := c.draft()
			d.Triggers = []string{"ttr"}
			target := targetOf(network)
			p := Render(d, target, with(c.as))
			sound(t, target, p)
			showGolden(&b, network, &p)
		}
	}
	const file = "testdata/render.golden"
	if *updateGolden {
		if err := os.WriteFile(file, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	got, wanted := strings.Split(b.String(), "\n"), strings.Split(string(want), "\n")
	for i := range min(len(got), len(wanted)) {
		if got[i] != wanted[i] {
			t.Fatalf("%s:%d: got\n%s\nwant\n%s", file, i+1, got[i], wanted[i])
		}
	}
	if len(got) != len(wanted) {
		t.Errorf("%d lines, want %d", len(got), len(wanted))
	}
}

func showGolden(b *strings.Builder, network string, p *Plan) {
	if p.Skip != nil {
		fmt.Fprintf(b, "%s: nothing: %s\n", network, p.Skip.Say(locale.English))
		return
	}
	for i := range p.Parts {
		part := &p.Parts[i]
		fmt.Fprintf(b, "%s: %q", network, part.Text)
		for _, s := range spansOf(part) {
			fmt.Fprintf(b, " [%s]", s)
		}
		for _, f := range part.Media {
			fmt.Fprintf(b, " (%s %d %q)", f.Kind, f.Media, f.Alt)
		}
		for _, fact := range []struct {
			name, value string
		}{{"warning", part.Warning}, {"card", part.Link}, {"quote", part.Quote.ID}, {"limited", part.Limited}, {"tags", strings.Join(part.Tags, ",")}} {
			if fact.value != "" {
				fmt.Fprintf(b, " %s=%s", fact.name, fact.value)
			}
		}
		if part.Sensitive {
			b.WriteString(" sensitive")
		}
		if part.Poll != nil {
			fmt.Fprintf(b, " poll=%s/%ds", strings.Join(part.Poll.Options, ","), part.Poll.Seconds)
		}
		if part.Audience != social.Public {
			fmt.Fprintf(b, " audience=%s", part.Audience)
		}
		if p.Costs[i] > 0 {
			fmt.Fprintf(b, " $%.3f", float64(p.Costs[i])/1e6)
		}
		b.WriteByte('\n')
	}
	if len(p.Losses) > 0 {
		fmt.Fprintf(b, "  lost: %s\n", strings.Join(codes(*p), ", "))
	}
}
