package relay

import (
	"slices"
	"strings"
	"testing"

	"engawa/internal/locale"
	"engawa/internal/markup"
	"engawa/social"
)

// everything is all abilities.
const everything = social.Ability(1<<20 - 1)

// able is what each network's Link can do.
var able = map[string]social.Ability{
	"bluesky": everything &^ social.AblePoll, "nostr": everything &^ social.AblePoll, "threads": everything &^ social.AblePoll,
	"discord": everything &^ (social.AblePoll | social.AbleBoost), "slack": social.AblePost, "mail": everything &^ (social.AblePoll | social.AbleBoost),
}

func targetOf(network string) *Target {
	can, ok := able[network]
	if !ok {
		can = everything
	}
	return &Target{Link: &social.Link{ID: 7, Network: network, Name: network, Can: can}}
}

// written is a Draft of a text as a User writes it.
func written(text string) *Draft {
	people := map[string]string{"alice": "home.example", "bob@example.org": "example.org"}
	p := social.Post{ID: 100, URI: "https://home.example/users/me/statuses/100", URL: "https://home.example/@me/100", Actor: 1, Home: 1,
		Kind: social.Note, Language: "ja", CreatedAt: 1_700_000_000_000}
	out := markup.Render(text, markup.Options{Format: markup.Plain, TagURL: func(tag string) string { return "https://home.example/tags/" + tag },
		Resolve: func(handle string) (markup.Mention, bool) {
			domain, ok := people[handle]
			name, _, _ := strings.Cut(handle, "@")
			return markup.Mention{URI: "https://" + domain + "/users/" + name, URL: "https://" + domain + "/@" + name, Name: name}, ok
		}})
	p.Content, p.Tags, p.Links = out.HTML, out.Tags, out.URLs
	for _, m := range out.Mentions {
		p.Mentions = append(p.Mentions, social.Mention{Actor: 9, Name: m.Name, Domain: people[m.Handle], URI: m.URI, URL: m.URL})
	}
	return &Draft{Post: &p, Now: p.CreatedAt, MediaURL: func(m *social.Media) string { return "https://home.example/blob/" + m.ID.String() }}
}

func html(content string) *Draft {
	d := written("")
	d.Post.Content = content
	return d
}

func with(f func(*Manner)) Manner {
	as := DefaultManner()
	if f != nil {
		f(&as)
	}
	return as
}

func textsOf(p Plan) (out []string) {
	for i := range p.Parts {
		out = append(out, p.Parts[i].Text)
	}
	return out
}

func codes(p Plan) (out []string) {
	for i := range p.Losses {
		out = append(out, p.Losses[i].Code)
	}
	return out
}

func images(n int) (out []social.Media) {
	for i := range n {
		out = append(out, social.Media{ID: social.ID(i + 1), Kind: social.Image, ContentType: "image/png", Width: 800, Height: 600, Description: "絵"})
	}
	return out
}

var networkNames = []string{"x", "bluesky", "mastodon", "misskey", "nostr", "threads", "discord", "slack", "webhook", "mail"}

// one renders and wants exactly the texts and losses.
func one(t *testing.T, network string, d *Draft, as Manner, texts []string, losses ...string) Plan {
	t.Helper()
	return at(t, targetOf(network), d, as, texts, losses...)
}

func at(t *testing.T, target *Target, d *Draft, as Manner, texts []string, losses ...string) Plan {
	t.Helper()
	p := Render(d, target, as)
	name := target.Link.Network
	if p.Skip != nil {
		t.Errorf("%s: skipped: %s", name, p.Skip.Say(locale.English))
		return p
	}
	if got := textsOf(p); !slices.Equal(got, texts) {
		t.Errorf("%s: %q\nwant %q", name, got, texts)
	}
	if got := codes(p); !slices.Equal(got, losses) {
		t.Errorf("%s: losses %q, want %q", name, got, losses)
	}
	sound(t, target, p)
	return p
}

// sound is what holds for every Plan.
func sound(t *testing.T, target *Target, p Plan) {
	t.Helper()
	r := rulerOf(target.Link)
	for i := range p.Parts {
		part := &p.Parts[i]
		if n := Length(&r, part); r.Limit > 0 && n > r.Limit || r.Bytes > 0 && len(part.Text) > r.Bytes {
			t.Errorf("%s: part %d is %d long: %q", target.Link.Network, i, n, part.Text)
		}
		last := 0
		for _, s := range part.Spans {
			if s.From < last || s.To <= s.From || s.To > len(part.Text) {
				t.Errorf("%s: span %+v of %q", target.Link.Network, s, part.Text)
			}
			last = s.To
		}
		if part.Audience > social.Followers {
			t.Errorf("%s: audience %v", target.Link.Network, part.Audience)
		}
	}
	for i := range p.Losses {
		for _, lang := range locale.All() {
			if said := p.Losses[i].Say(lang); strings.Contains(said, "relay.loss.") || strings.Contains(said, "{") {
				t.Errorf("the loss %s says %q", p.Losses[i].Code, said)
			}
		}
	}
}

func spansOf(p *social.Part) (out []string) {
	for _, s := range p.Spans {
		out = append(out, string(s.Kind)+" "+p.Text[s.From:s.To]+" → "+s.Target)
	}
	return out
}

func wantSpans(t *testing.T, p Plan, want ...string) {
	t.Helper()
	if len(p.Parts) == 0 {
		t.Fatal("no part")
	}
	if got := spansOf(&p.Parts[0]); !slices.Equal(got, want) {
		t.Errorf("spans %q\nwant %q", got, want)
	}
}

func skips(t *testing.T, network string, d *Draft, as Manner, code string) {
	t.Helper()
	p := Render(d, targetOf(network), as)
	switch {
	case p.Skip == nil:
		t.Errorf("%s: became %q, want it skipped: %s", network, textsOf(p), code)
	case p.Skip.Code != code || len(p.Parts) > 0:
		t.Errorf("%s: skipped for %s with %d parts, want %s", network, p.Skip.Code, len(p.Parts), code)
	case strings.Contains(p.Skip.Say(locale.Japanese), "relay.loss"):
		t.Errorf("%s has no words", code)
	}
}

// Row 3: ttRelay removes the first trigger tag only, where its case is the same, and leaves the space.
func TestTtRelayRow03TagRemoval(t *testing.T) {
	for text, want := range map[string]string{
		"縁側 #ttr":                  "縁側",
		"#ttr 縁側":                  "縁側",
		"縁側 #TTR でお茶 #ttr":         "縁側 でお茶",
		"縁側\n\n#ttr #engawa":       "縁側\n\n#engawa",
		"縁側\n\n#ttr\n\nお茶":         "縁側\n\nお茶",
		"縁側\n#ttr\nお茶":             "縁側\nお茶",
		"hello #ttr.":              "hello.",
		"hello #ttr world #other":  "hello world #other",
		"#ttr":                     "",
		"line #ttr\nnext":          "line\nnext",
		"https://example.com #ttr": "https://example.com",
	} {
		d := written(text)
		d.Triggers = []string{"ttr"}
		if want == "" {
			skips(t, "x", d, with(nil), "empty")
			continue
		}
		one(t, "x", d, with(nil), []string{want})
		one(t, "mastodon", d, with(func(m *Manner) { m.StripTrigger = false }), []string{text})
	}
	d := written("縁側 #ttr #engawa")
	d.Triggers = []string{"ttr"}
	p := one(t, "nostr", d, with(nil), []string{"縁側 #engawa"})
	if !slices.Equal(p.Parts[0].Tags, []string{"engawa"}) {
		t.Errorf("tags %q", p.Parts[0].Tags)
	}
}

// Row 4: ttRelay's HTML reader glues words at <br> and knows no other tags.
func TestTtRelayRow04HTML(t *testing.T) {
	for content, want := range map[string]string{
		"<p>a<br>b<br/>c<br />d</p>":                                                  "a\nb\nc\nd",
		"<p>one</p><p>two</p>":                                                        "one\n\ntwo",
		"<p>a &amp; b &lt;c&gt; &#39;</p>":                                            "a & b <c> '",
		"<ul><li>x</li><li>y</li></ul>":                                               "・x\n・y",
		"<p>a</p><blockquote><p>q</p><p>r</p></blockquote><p>b</p>":                   "a\n\n> q\n> \n> r\n\nb",
		"<blockquote><p>q</p></blockquote><p>a</p>":                                   "> q\n\na",
		"<pre><code>a\n  b</code></pre>":                                              "a\n  b",
		"<p><ruby>縁<rt>えん</rt></ruby>側</p>":                                           "縁(えん)側",
		"<p>x<script>alert(1)</script>y</p>":                                          "xy",
		`<p class="quote-inline">RE: <a href="https://a.example/1">x</a></p><p>t</p>`: "t",
	} {
		one(t, "misskey", html(content), with(nil), []string{want})
	}
}

// Row 5: ttRelay moves addresses to the end, breaks those with Japanese and throws where there is none.
func TestTtRelayRow05URLs(t *testing.T) {
	one(t, "x", written("no address"), with(nil), []string{"no address"})
	d := written("前 https://ja.wikipedia.org/wiki/縁側 後")
	p := one(t, "x", d, with(nil), []string{"前 https://ja.wikipedia.org/wiki/%E7%B8%81%E5%81%B4 後"})
	wantSpans(t, p, "link https://ja.wikipedia.org/wiki/%E7%B8%81%E5%81%B4 → https://ja.wikipedia.org/wiki/縁側")
	if r := rulerOf(targetOf("x").Link); r.Measure(p.Parts[0].Text) != 23+6 {
		t.Errorf("X counts %d", r.Measure(p.Parts[0].Text))
	}
	one(t, "mastodon", d, with(nil), []string{"前 https://ja.wikipedia.org/wiki/縁側 後"})
	p = one(t, "bluesky", d, with(nil), []string{"前 ja.wikipedia.org/wiki/縁側 後"})
	wantSpans(t, p, "link ja.wikipedia.org/wiki/縁側 → https://ja.wikipedia.org/wiki/縁側")
	if p.Parts[0].Link != "https://ja.wikipedia.org/wiki/縁側" {
		t.Errorf("card %q", p.Parts[0].Link)
	}

	hidden := html(`<p>see <a href="https://example.com/long">the article</a>, or <a href="https://evil.example/">https://bank.example</a>です</p>`)
	one(t, "x", hidden, with(nil), []string{"see the article (https://example.com/long), or https://evil.example/ です"})
	p = one(t, "bluesky", hidden, with(nil), []string{"see the article, or evil.exampleです"})
	wantSpans(t, p, "link the article → https://example.com/long", "link evil.example → https://evil.example/")
}
