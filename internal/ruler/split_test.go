package ruler

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/rivo/uniseg"
)

func texts(segments []Segment) (out []string) {
	for _, s := range segments {
		out = append(out, s.Text)
	}
	return out
}

func TestSplit(t *testing.T) {
	tests := []struct {
		name, network string
		limit         int
		text          string
		o             Options
		want          []string
	}{
		{"fits", "x", 20, "one two", Options{Number: true}, []string{"one two"}},
		{"paragraphs", "bluesky", 20, "First one.\n\nSecond one. And more.", Options{}, []string{"First one.", "Second one.", "And more."}},
		{"lines", "bluesky", 12, "line one\nline two\nline three", Options{}, []string{"line one", "line two", "line three"}},
		{"sentences", "misskey", 12, "今日は晴れ。明日は雨です。", Options{}, []string{"今日は晴れ。", "明日は雨です。"}},
		{"quoted sentence", "misskey", 12, "「そうだね！」と言った。それから", Options{}, []string{"「そうだね！」と言った。", "それから"}},
		{"words", "bluesky", 12, "alpha beta gamma delta", Options{}, []string{"alpha beta", "gamma delta"}},
		{"no full stop at the beginning", "misskey", 5, "あいうえお。かき", Options{}, []string{"あいうえ", "お。かき"}},
		{"where hiragana ends", "misskey", 10, "春眠暁を覚えず処々啼鳥を聞く", Options{}, []string{"春眠暁を覚えず", "処々啼鳥を聞く"}},
		{"graphemes", "bluesky", 2, "👨‍👩‍👧‍👦🇯🇵👍🏽", Options{}, []string{"👨‍👩‍👧‍👦🇯🇵", "👍🏽"}},
		{"address whole", "mastodon", 30, "縁側の話はこちらを見てください https://example.com/a/very/long/path/indeed です", Options{},
			[]string{"縁側の話はこちらを見てください", "https://example.com/a/very/long/path/indeed です"}},
		{"mention whole", "bluesky", 20, "said hello to @somebody.bsky.social now", Options{}, []string{"said hello to", "@somebody.bsky.socia", "l now"}},
		{"mention whole where it fits", "bluesky", 22, "said hello to @somebody.bsky.social now", Options{}, []string{"said hello to", "@somebody.bsky.social", "now"}},
		{"tag whole", "misskey", 10, "ここで #縁側日和 です", Options{}, []string{"ここで #縁側日和", "です"}},
		{"numbered", "bluesky", 15, "alpha beta gamma delta", Options{Number: true}, []string{"alpha beta 1/2", "gamma delta 2/2"}},
		{"lead", "misskey", 16, "今日は晴れ。明日は雨です。", Options{Lead: "CW: x\n"}, []string{"CW: x\n今日は晴れ。", "CW: x\n明日は雨です。"}},
		{"x counts double", "x", 20, "今日は晴れです。明日は雨です。", Options{}, []string{"今日は晴れです。", "明日は雨です。"}},
		{"at most", "bluesky", 6, "alpha beta gamma", Options{Max: 2}, []string{"alpha", "beta"}},
		{"spaces only", "bluesky", 2, "        ", Options{}, nil},
	}
	for _, tt := range tests {
		r := For(tt.network, Bounds{Characters: tt.limit})
		got := texts(r.Split(tt.text, nil, tt.o))
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestBytesBound(t *testing.T) {
	r := For("bluesky", Bounds{})
	text := strings.Repeat("👨‍👩‍👧‍👦", 200) // 200 graphemes of 25 bytes
	segments := r.Split(text, nil, Options{})
	if len(segments) != 2 || strings.Join(texts(segments), "") != text {
		t.Fatalf("%d segments", len(segments))
	}
	for _, s := range segments {
		if len(s.Text) > 3000 || uniseg.GraphemeClusterCount(s.Text) != len(s.Text)/25 {
			t.Errorf("a segment of %d bytes", len(s.Text))
		}
	}
}

func TestNumbersOfManyParts(t *testing.T) {
	r := For("bluesky", Bounds{Characters: 20})
	segments := r.Split(strings.Repeat("word ", 100), nil, Options{Number: true})
	for i, s := range segments {
		if want := fmt.Sprintf(" %d/%d", i+1, len(segments)); !strings.HasSuffix(s.Text, want) || !r.Fits(s.Text) {
			t.Errorf("segment %d is %q", i, s.Text)
		}
	}
	if len(segments) < 34 {
		t.Errorf("%d segments", len(segments))
	}
}

func TestCut(t *testing.T) {
	r := For("bluesky", Bounds{Characters: 20})
	for text, want := range map[string]string{
		"short":                           "short…L",
		"this is a text that is too long": "this is a text…L",
		"これは長すぎる文章なので切られてしまうはずです":             "これは長すぎる文章なので…L",
		"see https://example.com/is/too/long": "see…L",
	} {
		if got := r.Cut(text, nil, "", "…L"); got.Text != want || !r.Fits(got.Text) {
			t.Errorf("%q is cut to %q, want %q", text, got.Text, want)
		}
	}
}

// check is what holds for every split.
func check(t *testing.T, r *Ruler, text string, segments []Segment) {
	t.Helper()
	whole := r.pieces(text, nil)
	borders := map[int]bool{0: true, len(text): true}
	for rest, state, at := text, -1, 0; rest != ""; {
		var g string
		g, rest, _, state = uniseg.FirstGraphemeClusterInString(rest, state)
		if at += len(g); len(g) > maxCluster {
			return // such a heap of marks may be cut
		}
		borders[at] = true
	}
	last := 0
	var kept strings.Builder
	for _, s := range segments {
		if s.From < last || s.To < s.From || s.To > len(text) || s.Text[s.At:s.At+s.To-s.From] != text[s.From:s.To] {
			t.Fatalf("segment %+v of %q", s, text)
		}
		if len(segments) > 1 && !r.Fits(s.Text) && uniseg.GraphemeClusterCount(s.Text) > 1 {
			t.Errorf("%q of %q does not fit %d on %s", s.Text, text, r.Limit, r.Network)
		}
		for _, p := range whole {
			if inside := func(i int) bool { return p.From < i && i < p.To }; (inside(s.From) || inside(s.To)) && r.Measure(text[p.From:p.To]) < r.Limit-len(" 99/99") {
				t.Errorf("%q is cut on %s: %q", text[p.From:p.To], r.Network, s.Text)
			}
		}
		if !borders[s.From] || !borders[s.To] {
			t.Errorf("a grapheme of %q is cut on %s: %q", text, r.Network, s.Text)
		}
		last = s.To
		kept.WriteString(text[s.From:s.To])
	}
	without := func(s string) string {
		return strings.NewReplacer(" ", "", "\t", "", "\r", "", "\n", "", "\u3000", "").Replace(s)
	}
	if without(kept.String()) != without(text) {
		t.Errorf("%q became %q", text, texts(segments))
	}
}

func FuzzSplit(f *testing.F) {
	f.Add("縁側で https://example.com/a。次の文。@bob@example.org #tag", uint16(20))
	f.Add("a\u0301\u0301 👨‍👩‍👧‍👦 x.com日本.jp\r\n\r\nb", uint16(3))
	f.Fuzz(func(t *testing.T, text string, limit uint16) {
		if !utf8.ValidString(text) || len(text) > 2000 || strings.ContainsAny(text, "\v\f\u0085\u2028\u2029") {
			return
		}
		for i := range networks {
			r := For(networks[i].Network, Bounds{Characters: int(limit%500) + 60})
			check(t, &r, text, r.Split(text, nil, Options{}))
			r.Cut(text, nil, "", "…")
		}
	})
}

const japanese = "今日は縁側でお茶を飲みながら、隣の家の猫と話をしていました。https://example.com/engawa/猫?x=1 とても静かな午後です！👨‍👩‍👧‍👦 明日もきっと晴れるでしょう。#縁側 @bob@example.org "

func BenchmarkMeasure(b *testing.B) {
	text := strings.Repeat(japanese, 2)
	for i := range networks {
		r := For(networks[i].Network, Bounds{})
		b.Run(r.Network, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				r.Measure(text)
			}
		})
	}
}

func BenchmarkSplit(b *testing.B) {
	text := strings.Repeat(japanese, 10)
	for _, name := range []string{"x", "bluesky"} {
		r := For(name, Bounds{})
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				r.Split(text, nil, Options{Number: true})
			}
		})
	}
}

// No text takes more than linear time: these would, if what failed were tried again at each place.
func TestHostileTexts(t *testing.T) {
	r := For("x", Bounds{})
	for _, piece := range []string{"a.", "あ.", "a_", "_.a", "a-", "xn--", "http://", "a.com/(", "(", "a\u0301", "\u0301", "😀", "#1️⃣", "@", "a.com?", "あa.com"} {
		text := strings.Repeat(piece, 200_000/len(piece))
		r.Measure(text)
	}
	r.Split(strings.Repeat("a\u0301", 20_000), nil, Options{})
}
