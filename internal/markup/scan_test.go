package markup

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

func names(source string, kind SpanKind) []string {
	var out []string
	for _, s := range Scan(source) {
		if s.Kind == kind {
			out = append(out, s.Name)
		}
	}
	return out
}

func TestScan(t *testing.T) {
	for _, c := range []struct {
		kind SpanKind
		in   string
		want []string
	}{
		{SpanMention, "@alice hi @bob.", []string{"alice", "bob"}},
		{SpanMention, "@alice@social.example, @a.b-c@x.example.", []string{"alice@social.example", "a.b-c@x.example"}},
		{SpanMention, "(@a) 「@b」 @c、@d。@e_", []string{"a", "b", "c", "d", "e_"}},
		{SpanMention, "a@b.example /@c =@d あ@e @@f @ @.g @-h", nil},
		{SpanMention, "@alice@例え.テスト @b@日本語.jpさん", []string{"alice@例え.テスト", "b@日本語.jp"}},
		{SpanMention, "@alice@social.exampleさん", []string{"alice@social.example"}},
		{SpanMention, "@a@localhost:8081 @b@h.example:x @c@h.example:100:", []string{"a@localhost:8081", "b@h.example", "c@h.example"}},
		{SpanMention, "@a@ @b@. @c@-x @d@x..y", []string{"a", "b", "c", "d@x"}},
		{SpanMention, "\n@a\n@b", []string{"a", "b"}},
		{SpanTag, "#tag #タグ ＃全角 #a_b #1st #日本語・英語 #a·b", []string{"tag", "タグ", "全角", "a_b", "1st", "日本語・英語", "a·b"}},
		{SpanTag, "#123 # #・a a#b あ#c /#d )#e &#f; ##g", nil},
		{SpanTag, "#a・ #b。 #c、d #e! #f-g (#h) #i#j", []string{"a", "b", "c", "e", "f", "h", "i"}},
		{SpanTag, "#1・2 #1_2 #_1 #1_", []string{"1・2", "1_2"}},
		{SpanTag, "#cafe\u0301 #ラーメン #人々 #한국어 #हिन्दी #ไทย", []string{"cafe\u0301", "ラーメン", "人々", "한국어", "हिन्दी", "ไทย"}},
		{SpanTag, "#tag❤ #tag\uFE0F", []string{"tag", "tag\uFE0F"}},
		{SpanURL, "see https://example.com/a, http://b.example.", []string{"https://example.com/a", "http://b.example"}},
		{SpanURL, "見てhttps://example.com/a。", []string{"https://example.com/a"}},
		{SpanURL, "「https://example.com/a」と（https://example.com/b）、https://example.com/c、d", []string{"https://example.com/a", "https://example.com/b", "https://example.com/c"}},
		{SpanURL, "https://example.com（公式）https://example.comはこちら", []string{"https://example.com", "https://example.com"}},
		{SpanURL, "https://ja.wikipedia.org/wiki/縁側_(建築) (https://a.example/b) [https://a.example/c]", []string{"https://ja.wikipedia.org/wiki/縁側_(建築)", "https://a.example/b", "https://a.example/c"}},
		{SpanURL, "https://a.example/(b(c)d)e) https://a.example/(b https://a.example/x[1]", []string{"https://a.example/(b(c)d)e", "https://a.example/", "https://a.example/x[1]"}},
		{SpanURL, "https://a.example/?q=1&r=2#f... https://a.example:8080/x https://a.example/~u/", []string{"https://a.example/?q=1&r=2#f", "https://a.example:8080/x", "https://a.example/~u/"}},
		{SpanURL, "https://日本語.jp/ https://münchen.example https://xn--wgv71a.jp", []string{"https://日本語.jp/", "https://münchen.example", "https://xn--wgv71a.jp"}},
		{SpanURL, "HTTPS://A.example/B http://localhost:3000/", []string{"HTTPS://A.example/B", "http://localhost:3000/"}},
		{SpanURL, "https:// https://a http://. xhttp://a.example @http://a.example ftp://a.example https://-a.b", nil},
		{SpanURL, `<https://a.example/x> "https://a.example/y" https://a.example/z|w`, []string{"https://a.example/x", "https://a.example/y", "https://a.example/z|w"}},
		{SpanURL, "https://a.example/@user/1 https://a.example/#tag", []string{"https://a.example/@user/1", "https://a.example/#tag"}},
		{SpanMention, "https://a.example/@user/1", nil},
		{SpanTag, "https://a.example/#tag", nil},
		{SpanEmoji, ":cat: :a_1: (:b2:) :x: ::", []string{"cat", "a_1", "b2"}},
		{SpanEmoji, "a:cat: :cat:b あ:cat: :cat::dog: 10:20:30 :c-t:", nil},
		{SpanEmoji, ":cat: :dog:\n:cow:。:pig:", []string{"cat", "dog", "cow", "pig"}},
		{SpanEmoji, "!:cat:!:dog:", []string{"cat", "dog"}},
	} {
		if got := names(c.in, c.kind); !slices.Equal(got, c.want) {
			t.Errorf("Scan(%q)\n got %q\nwant %q", c.in, got, c.want)
		}
	}
}

func TestLength(t *testing.T) {
	for _, c := range []struct {
		in   string
		want int
	}{
		{"", 0}, {"hello", 5}, {"日本語", 3}, {"e\u0301", 1}, {"👨‍👩‍👧‍👦👍🏽", 2}, {"a\r\nb", 3},
		{"https://example.com/a/very/long/path/that/goes/on", 23}, {"https://a.jp", 23}, {"見て https://a.jp。", 27},
		{"@alice@social.example hi", 9}, {"@alice hi", 9}, {"@a@b.example @c@d.example", 5}, {":cat:", 5},
	} {
		if got := Length(c.in); got != c.want {
			t.Errorf("Length(%q) = %d, want %d", c.in, got, c.want)
		}
	}
}

func hostileText() []string {
	r := strings.Repeat
	return []string{
		r("@a", 1e5), r("@a@", 1e5), r("#a", 1e5), "#" + r("a・", 1e5), r("#・", 1e5), r(":a", 1e5), r(":aa:", 1e5),
		r("https://a.b/(", 3e4), r("https://", 5e4), r("https://a.b/", 3e4), "https://a.b/" + r("(", 1e5), "@" + r("a.", 1e5),
		"@a@" + r("b.", 1e5), r("@a@b-", 1e5), "#e" + r("\u0301", 1e5), r("\xff#a\xff", 5e4), r("h", 2e5), r("http://a", 5e4),
	}
}

func TestHostileText(t *testing.T) {
	for _, in := range hostileText() {
		checkSpans(t, in)
		Length(in)
	}
}

func checkSpans(t *testing.T, in string) {
	t.Helper()
	last := 0
	for _, s := range Scan(in) {
		if s.Start < last || s.End <= s.Start || s.End > len(in) || s.Name == "" {
			t.Fatalf("span %+v of %.100q", s, in)
		}
		if utf8.ValidString(in) && !utf8.ValidString(in[s.Start:s.End]) {
			t.Fatalf("span %+v of %.100q cuts a character", s, in)
		}
		last = s.End
	}
}

func FuzzScan(f *testing.F) {
	f.Add("@alice@social.example #タグ https://例え.テスト/(a)。 :cat:")
	f.Add("＃a・b @a.b- http://localhost:80/?x=[1]")
	f.Fuzz(func(t *testing.T, in string) {
		checkSpans(t, in)
		if n := Length(in); n < 0 || n > len(in)+urlLength*len(Scan(in)) {
			t.Fatalf("length %d", n)
		}
	})
}

func BenchmarkScan(b *testing.B) {
	b.ReportAllocs()
	b.SetBytes(int64(len(post)))
	for b.Loop() {
		Scan(post)
	}
}

func BenchmarkLength(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		Length(post)
	}
}

const post = "@alice@social.example 縁側でお茶を飲みながら、新しいサーバーの話をしました。\n\n詳しくは https://blog.example.com/2026/11/engawa-first-look を見てください。 :blobcat: #縁側 #engawa"
