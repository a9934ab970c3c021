package relay

import (
	"slices"
	"strings"
	"testing"

	"engawa/social"
)

// Row 6: ttRelay sends five pictures where X takes four, and neither descriptions nor sizes count.
func TestTtRelayRow06Media(t *testing.T) {
	d := written("絵です")
	d.Media = images(6)
	d.Media[0].Description = strings.Repeat("長", 1200)
	target := targetOf("x")
	target.Link.Limits = social.Bounds{ImageBytes: 5 << 20, ImagePixels: 4096}
	p := at(t, target, d, with(nil), []string{"絵です", ""}, "altCut")
	if len(p.Parts[0].Media) != 4 || len(p.Parts[1].Media) != 2 {
		t.Fatalf("%d and %d media", len(p.Parts[0].Media), len(p.Parts[1].Media))
	}
	f := p.Parts[0].Media[0]
	if n := len([]rune(f.Alt)); n != 1000 || !strings.HasSuffix(f.Alt, "…") || f.Bytes != 5<<20 || f.Side != 4096 || f.Media != 1 || f.URL != "https://home.example/blob/1" {
		t.Errorf("the first file is %+v (%d)", f, n)
	}
	if p.Parts[1].Media[0].Alt != "絵" {
		t.Errorf("alt %q", p.Parts[1].Media[0].Alt)
	}

	p = one(t, "x", d, with(func(m *Manner) { m.Media = "link" }), []string{"絵です\n\nhttps://home.example/@me/100"}, "altCut", "mediaOver")
	if len(p.Parts[0].Media) != 4 {
		t.Errorf("%d media", len(p.Parts[0].Media))
	}
	one(t, "x", d, with(func(m *Manner) { m.Media, m.LinkBack = "link", "never" }), []string{"絵です"}, "altCut", "mediaOver", "linkNever")
	one(t, "misskey", d, with(nil), []string{"絵です"}, "altCut")
	one(t, "slack", d, with(nil), []string{"絵です"})

	mixed := written("混ぜ")
	mixed.Media = append(images(2), social.Media{ID: 8, Kind: social.Video}, social.Media{ID: 9, Kind: social.Audio}, social.Media{ID: 10, Kind: social.Image})
	for network, want := range map[string]string{"x": "II V I", "mastodon": "II V A I", "misskey": "IIVAI", "bluesky": "II V I", "nostr": "IIVAI"} {
		got := ""
		for _, part := range Render(mixed, targetOf(network), with(nil)).Parts {
			if got != "" {
				got += " "
			}
			for _, f := range part.Media {
				got += strings.ToUpper(string(f.Kind)[:1])
			}
		}
		if got != want {
			t.Errorf("%s: media %s, want %s", network, got, want)
		}
	}
}

// Row 11: ttRelay tweets what is for followers or for one person.
func TestTtRelayRow11Wall(t *testing.T) {
	for _, network := range networkNames {
		for _, audience := range []social.Audience{social.Followers, social.Direct, social.LocalOnly} {
			d := written("secret")
			d.Post.Audience = audience
			skips(t, network, d, with(nil), "audience")
			boost := written("")
			boost.Post.BoostOf, boost.Boosted = 5, d.Post
			skips(t, network, boost, with(func(m *Manner) { m.Boost = "link" }), "audience")
		}
		d := written("quiet")
		d.Post.Audience = social.Unlisted
		p := Render(d, targetOf(network), with(nil))
		if p.Skip != nil || p.Parts[0].Audience != social.Unlisted || slices.Contains(codes(p), "unlisted") == traitOf(network).unlisted {
			t.Errorf("%s: unlisted became %+v", network, p)
		}
	}
}

// Row 12: ttRelay tweets what stands behind a content warning, and sensitive pictures as they are.
func TestTtRelayRow12Warnings(t *testing.T) {
	d := written("結末は…")
	d.Post.Warning = "映画の結末"
	d.Media = images(1)
	const link = "⚠ 映画の結末\n\nhttps://home.example/@me/100"
	for _, network := range networkNames {
		p := Render(d, targetOf(network), with(nil))
		if p.Skip != nil {
			t.Errorf("%s: skipped", network)
			continue
		}
		sound(t, targetOf(network), p)
		part := p.Parts[0]
		if traitOf(network).warning {
			if part.Warning != "映画の結末" || part.Text != "結末は…" || len(part.Media) != 1 || !part.Sensitive || p.Lossy() {
				t.Errorf("%s: %+v", network, p)
			}
			continue
		}
		want, card := link, ""
		if network == "bluesky" {
			want, card = "⚠ 映画の結末", d.Post.URL
		}
		if part.Text != want || part.Link != card || len(part.Media) != 0 || !slices.Equal(codes(p), []string{"linkOnly"}) {
			t.Errorf("%s: %+v", network, p)
		}
	}
	prefix := with(func(m *Manner) { m.CW = "prefix" })
	p := one(t, "x", d, prefix, []string{"⚠ 映画の結末\n\n結末は…"})
	if !p.Parts[0].Sensitive {
		t.Error("the picture is bare")
	}
	skips(t, "x", d, with(func(m *Manner) { m.CW = "skip" }), "warningSkip")
	skips(t, "x", d, with(func(m *Manner) { m.CW = "native" }), "warning")
	skips(t, "x", d, with(func(m *Manner) { m.LinkBack = "never" }), "linkNever")
	one(t, "x", d, with(func(m *Manner) { m.CW, m.Template = "prefix", "【{cw}】{text}" }), []string{"【映画の結末】結末は…"})

}

func TestTtRelayRow12LongWarnings(t *testing.T) {
	prefix := with(func(m *Manner) { m.CW = "prefix" })
	long := written(strings.Repeat("結末。", 100))
	long.Post.Warning = "映画"
	for i, text := range textsOf(Render(long, targetOf("x"), prefix)) {
		if !strings.HasPrefix(text, "⚠ 映画\n\n") {
			t.Errorf("part %d is bare: %q", i, text)
		}
	}
	for _, part := range Render(long, targetOf("mastodon"), with(nil)).Parts {
		if part.Warning != "映画" {
			t.Errorf("a part is bare: %+v", part)
		}
	}
	long.Post.Warning = strings.Repeat("長い注意", 100)
	one(t, "x", long, with(nil), []string{"⚠ " + strings.Repeat("長い注意", 17)[:17*12-6] + "…\n\nhttps://home.example/@me/100"}, "warningCut", "linkOnly")

	longer := *long.Post
	longer.Warning = strings.Repeat("長い注意", 120)
	one(t, "mastodon", &Draft{Post: &longer}, with(nil), []string{"⚠ " + strings.Repeat("長い注意", 100)[:3*246] + "…\n\nhttps://home.example/@me/100"}, "warningCut", "linkOnly")
	if p := Render(long, targetOf("misskey"), with(nil)); len([]rune(p.Parts[0].Warning)) != 100 || !slices.Equal(codes(p), []string{"warningCut"}) {
		t.Errorf("%+v", p)
	}
	emoji := written("本文")
	emoji.Post.Warning, emoji.Post.Emojis = ":cat: 猫", []social.Emoji{{Shortcode: "cat"}}
	one(t, "x", emoji, prefix, []string{"⚠ 猫\n\n本文"}, "emoji")

}

func TestTtRelayRow12SensitiveMedia(t *testing.T) {
	sensitive := written("絵")
	sensitive.Post.Sensitive, sensitive.Media = true, images(1)
	if p := one(t, "x", sensitive, with(nil), []string{"絵"}); !p.Parts[0].Sensitive || p.Price != priceX+priceXFile {
		t.Errorf("%+v", p)
	}
	one(t, "threads", sensitive, with(nil), []string{"絵\n\nhttps://home.example/@me/100"}, "mediaSensitive")
	one(t, "x", sensitive, with(func(m *Manner) { m.SensitiveMedia = "link" }), []string{"絵\n\nhttps://home.example/@me/100"}, "mediaSensitive")
	skips(t, "x", sensitive, with(func(m *Manner) { m.SensitiveMedia = "skip" }), "sensitive")
}

// Row 13: ttRelay sends boosts as own words, polls without options, :emoji: raw and the handles of strangers.
func TestTtRelayRow13Boost(t *testing.T) {
	d := written("")
	d.Post.BoostOf, d.Post.Kind = 5, social.Boost
	d.Boosted = &social.Post{ID: 5, URI: "https://example.org/5", URL: "https://example.org/@bob/5"}
	for _, network := range networkNames {
		target := targetOf(network)
		if traitOf(network).fedi {
			if p := Render(d, target, with(nil)); p.Skip != nil || p.Parts[0].Boost.ID != "https://example.org/5" {
				t.Errorf("%s: %+v", network, p)
			}
		} else {
			skips(t, network, d, with(nil), "boostUnknown")
		}
		target.Boost = social.Ref{ID: "77"}
		p := Render(d, target, with(nil))
		if target.Link.Can.Has(social.AbleBoost) {
			if len(p.Parts) != 1 || p.Parts[0].Boost.ID != "77" || p.Parts[0].Text != "" {
				t.Errorf("%s: %+v", network, p)
			}
		} else if p.Skip == nil {
			t.Errorf("%s boosts", network)
		}
	}
	one(t, "mastodon", d, with(func(m *Manner) { m.Boost = "link" }), []string{"https://example.org/@bob/5"}, "boost")
	skips(t, "mastodon", d, with(func(m *Manner) { m.Boost = "skip" }), "boostSkip")
}

func TestTtRelayRow13Poll(t *testing.T) {
	d := written("どちら？")
	d.Post.HasPoll = true
	d.Poll = &social.Poll{Options: []social.Option{{Title: "お茶"}, {Title: "珈琲 @bob"}}, ExpiresAt: d.Now + 3600_000}
	for _, network := range []string{"x", "mastodon", "misskey", "webhook"} {
		p := one(t, network, d, with(nil), []string{"どちら？"})
		if poll := p.Parts[0].Poll; poll == nil || !slices.Equal(poll.Options, []string{"お茶", "珈琲 @bob"}) || poll.Seconds != 3600 {
			t.Errorf("%s: poll %+v", network, poll)
		}
	}
	one(t, "nostr", d, with(nil), []string{"どちら？\n\n・お茶\n・珈琲 @bob\n\nhttps://home.example/@me/100"}, "poll")
	p := one(t, "bluesky", d, with(nil), []string{"どちら？\n\n・お茶\n・珈琲 @bob"}, "poll")
	if p.Parts[0].Link != d.Post.URL {
		t.Errorf("card %q", p.Parts[0].Link)
	}
	one(t, "x", d, with(func(m *Manner) { m.Poll = "text" }), []string{"どちら？\n\n・お茶\n・珈琲 bob"}, "poll", "handle")
	one(t, "x", d, with(func(m *Manner) { m.Poll = "link" }), []string{"どちら？\n\nhttps://home.example/@me/100"}, "poll")
	skips(t, "nostr", d, with(func(m *Manner) { m.Poll = "native" }), "pollSkip")
	skips(t, "x", d, with(func(m *Manner) { m.Poll = "skip" }), "pollSkip")

	d.Poll.Multiple = true
	if p := Render(d, targetOf("x"), with(nil)); p.Parts[0].Poll != nil {
		t.Error("X has polls with several answers")
	}
	d.Poll.Multiple, d.Media = false, images(1)
	if p := Render(d, targetOf("x"), with(nil)); p.Parts[0].Poll != nil || len(p.Parts[0].Media) != 1 {
		t.Errorf("%+v", p)
	}
	if p := Render(d, targetOf("misskey"), with(nil)); p.Parts[0].Poll == nil || len(p.Parts[0].Media) != 1 {
		t.Errorf("%+v", p)
	}
	d.Media, d.Poll.ExpiresAt = nil, d.Now-1
	one(t, "misskey", d, with(nil), []string{"どちら？\n\n・お茶\n・珈琲 bob\n\nhttps://home.example/@me/100"}, "pollEnded", "handle")
	d.Poll.ExpiresAt = d.Now + 1000*3600*24*30
	if p := one(t, "x", d, with(nil), []string{"どちら？"}, "pollTime"); p.Parts[0].Poll.Seconds != week {
		t.Errorf("%+v", p.Parts[0].Poll)
	}
}

func TestTtRelayRow13Quote(t *testing.T) {
	d := written("これ")
	d.Post.QuoteOf, d.Post.QuoteURI, d.Post.QuoteState = 5, "https://example.org/5", social.QuoteAccepted
	d.Quoted = &social.Post{ID: 5, URI: "https://example.org/5", URL: "https://example.org/@bob/5"}
	one(t, "x", d, with(nil), []string{"これ\n\nhttps://example.org/@bob/5"}, "quote")
	p := one(t, "bluesky", d, with(nil), []string{"これ\n\nexample.org/@bob/5"}, "quote")
	wantSpans(t, p, "link example.org/@bob/5 → https://example.org/@bob/5")
	for _, network := range []string{"x", "bluesky", "mastodon", "misskey", "nostr", "discord"} {
		target := targetOf(network)
		target.Quote = social.Ref{ID: "55"}
		if p := at(t, target, d, with(nil), []string{"これ"}); p.Parts[0].Quote.ID != "55" {
			t.Errorf("%s: quote %+v", network, p.Parts[0].Quote)
		}
	}
	if p := one(t, "misskey", d, with(nil), []string{"これ"}); p.Parts[0].Quote.ID != "https://example.org/5" {
		t.Errorf("%+v", p)
	}
	one(t, "mastodon", d, with(nil), []string{"これ\n\nhttps://example.org/@bob/5"}, "quote")
	d.Quoted.QuotePolicy = social.QuoteAnyone
	if p := one(t, "mastodon", d, with(nil), []string{"これ"}); p.Parts[0].Quote.ID != "https://example.org/5" {
		t.Errorf("%+v", p)
	}
	target := targetOf("x")
	target.Quote = social.Ref{ID: "55"}
	d.Media = images(1)
	at(t, target, d, with(nil), []string{"これ\n\nhttps://example.org/@bob/5"}, "quote")
	d.Media = nil
	at(t, target, d, with(func(m *Manner) { m.Quote = "link" }), []string{"これ\n\nhttps://example.org/@bob/5"}, "quote")
	skips(t, "x", d, with(func(m *Manner) { m.Quote = "native" }), "quoteSkip")
	skips(t, "x", d, with(func(m *Manner) { m.Quote = "skip" }), "quoteSkip")
	d.Quoted.Audience = social.Followers
	one(t, "x", d, with(nil), []string{"これ"}, "quoteHidden")
}

func TestTtRelayRow13Emoji(t *testing.T) {
	d := written("おはよう :blobcat: 朝です :nobody:")
	d.Post.Emojis = []social.Emoji{{Shortcode: "blobcat"}}
	for _, network := range []string{"x", "bluesky", "nostr", "threads", "discord"} {
		one(t, network, d, with(nil), []string{"おはよう 朝です :nobody:"}, "emoji")
	}
	one(t, "misskey", d, with(nil), []string{"おはよう :blobcat: 朝です :nobody:"})
	alone := written(":blobcat:")
	alone.Post.Emojis = d.Post.Emojis
	one(t, "x", alone, with(nil), []string{":blobcat:"})
}

func TestTtRelayRow13Mentions(t *testing.T) {
	d := written("@bob@example.org と @alice と @stranger さん、bob@mail.example")
	for network, want := range map[string]string{
		"x":        "bob と alice と stranger さん、bob@mail.example",
		"threads":  "bob と alice と stranger さん、bob@mail.example",
		"bluesky":  "bob と alice と @stranger さん、bob@mail.example",
		"mastodon": "@bob@example.org と @alice@home.example と stranger さん、bob@mail.example",
		"misskey":  "@bob@example.org と @alice@home.example と stranger さん、bob@mail.example",
	} {
		p := Render(d, targetOf(network), with(nil))
		if got := textsOf(p); !slices.Equal(got, []string{want}) {
			t.Errorf("%s: %q, want %q", network, got, want)
		}
		sound(t, targetOf(network), p)
	}
	known := func(m *social.Mention) (string, string, bool) {
		return "@bob.bsky.social", "did:plc:bob", m.Name == "bob"
	}
	target := targetOf("bluesky")
	target.Person = known
	p := at(t, target, d, with(nil), []string{"@bob.bsky.social と alice と @stranger さん、bob@mail.example"}, "mention")
	wantSpans(t, p, "mention @bob.bsky.social → did:plc:bob")
	target = targetOf("mastodon")
	target.Person = func(m *social.Mention) (string, string, bool) { return "@" + m.Name, "55", true }
	p = at(t, target, written("@bob@example.org"), with(nil), []string{"@bob@example.org"})
	wantSpans(t, p, "mention @bob@example.org → 55")
	sky := written("@bob@example.org")
	sky.Post.Mentions[0].Name = "bob.bsky.social"
	if p := one(t, "x", sky, with(nil), []string{"bob"}, "mention"); p.Price != priceX {
		t.Errorf("%+v", p)
	}
	target = targetOf("bluesky")
	at(t, target, written("@bob@example.org"), with(func(m *Manner) { m.Mention = "name_only" }), []string{"bob"}, "mention")
	p = one(t, "bluesky", written("@bob@example.org"), with(func(m *Manner) { m.Mention = "link" }), []string{"@bob@example.org"})
	wantSpans(t, p, "link @bob@example.org → https://example.org/@bob")
	one(t, "x", written("@bob@example.org"), with(func(m *Manner) { m.Mention = "link" }), []string{"bob (https://example.org/@bob)"}, "mention")
	skips(t, "x", d, with(func(m *Manner) { m.Mention = "skip_post" }), "mentionSkip")
}

// Row 14: ttRelay counts nothing, so what is over 280 is lost.
func TestTtRelayRow14Length(t *testing.T) {
	sentence := "今日は縁側でお茶を飲みながら、隣の猫と話しました。" // 25 characters, 50 on X
	d := written(strings.Repeat(sentence, 8) + "\n\nhttps://example.com/" + strings.Repeat("a", 300))
	p := one(t, "x", d, with(func(m *Manner) { m.Number = "1/3" }), []string{
		strings.Repeat(sentence, 5) + " 1/2", strings.Repeat(sentence, 3) + "\n\nhttps://example.com/" + strings.Repeat("a", 300) + " 2/2",
	})
	if p.Price != priceX+priceXURL || !slices.Equal(p.Costs, []int64{priceX, priceXURL}) {
		t.Errorf("price %d, %d", p.Price, p.Costs)
	}
	one(t, "mastodon", d, with(nil), []string{strings.Repeat(sentence, 8) + "\n\nhttps://example.com/" + strings.Repeat("a", 300)})
	one(t, "x", d, with(func(m *Manner) { m.Long = "cut_link" }), []string{strings.Repeat(sentence, 4) + "今日は縁側でお茶を飲みながら、隣の猫と…\nhttps://home.example/@me/100"}, "cut")
	one(t, "x", d, with(func(m *Manner) { m.Long = "link_only" }), []string{"https://home.example/@me/100"}, "linkOnly")
	one(t, "bluesky", written(strings.Repeat(sentence, 20)), with(func(m *Manner) { m.Long = "link_only" }), []string{""}, "linkOnly")
	skips(t, "x", d, with(func(m *Manner) { m.Long = "skip" }), "long")
	p = Render(written(strings.Repeat("猫。", 5000)), targetOf("x"), with(nil))
	sound(t, targetOf("x"), p)
	if last := p.Parts[len(p.Parts)-1]; len(p.Parts) != maxThread || !strings.HasSuffix(last.Text, "…\nhttps://home.example/@me/100") || len(last.Spans) != 1 {
		t.Errorf("%d parts, the last %+v", len(p.Parts), last)
	}
}
