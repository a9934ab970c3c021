package locale

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

func TestSay(t *testing.T) {
	slow := W("link.fail.slow_for", "where", "X", "time", 15*time.Minute)
	for name, c := range map[string]struct {
		words  Words
		en, ja string
	}{
		"an argument":    {W("link.fail.away", "where", "misskey.io"), "misskey.io cannot be reached", "misskey.ioに接続できません"},
		"a time":         {slow, "X asks to wait for 15 minutes: too many requests", "リクエストが多すぎるため、Xから15分待つように求められました"},
		"one":            {W("link.fail.many", "where", "X", "count", 1), "X takes one file in a post", "Xの投稿に付けられるファイルは1個までです"},
		"many":           {W("link.fail.many", "where", "X", "count", int64(1500)), "X takes 1,500 files in a post", "Xの投稿に付けられるファイルは1,500個までです"},
		"words in words": {W("link.fail.remedied", "message", slow, "remedy", W("link.do.write")), "X asks to wait for 15 minutes: too many requests. Write something, or skip it there.", "リクエストが多すぎるため、Xから15分待つように求められました。本文を書くか、送信を中止してください。"},
		"odd signs":      {W("link.fail.away", "where", `a|b=c\!d\|`), `a|b=c\!d\| cannot be reached`, `a|b=c\!d\|に接続できません`},
		"signs said":     {W("link.fail.said", "message", W("link.fail.away", "where", `|`), "said", `=x|y`), `| cannot be reached: “=x|y”`, `|に接続できません（「=x|y」）`},
		"lines":          {W("link.fail.away", "where", "a\r\n\tb\x00"), "a b cannot be reached", "a bに接続できません"},
		"text of before": {"the token was revoked", "the token was revoked", "the token was revoked"},
		"no key":         {"=no.such|a=b", "=no.such|a=b", "=no.such|a=b"},
		"nothing":        {"", "", ""},
		"no argument":    {"=link.fail.away|", "{where} cannot be reached", "{where}に接続できません"},
		"broken number":  {"=link.fail.many|where=X|#count=many", "X takes many files in a post", "Xの投稿に付けられるファイルはmany個までです"},
		"broken time":    {"=link.fail.slow_for|where=X|~time=99999999999999999", "X asks to wait for 99999999999999999: too many requests", "リクエストが多すぎるため、Xから99999999999999999待つように求められました"},
	} {
		if got := Say(English, c.words); got != c.en {
			t.Errorf("%s: %q", name, got)
		}
		if got := Say(Japanese, c.words); got != c.ja {
			t.Errorf("%s: %q", name, got)
		}
	}
}

// What a stranger says is an argument: it never becomes a text of ours.
func TestSaidIsNoWords(t *testing.T) {
	got := Say(English, W("link.fail.said", "message", W("link.fail.away", "where", "a"), "said", "=link.do.relink"))
	if got != "a cannot be reached: “=link.do.relink”" {
		t.Errorf("%q", got)
	}
}

func TestWordsAreBounded(t *testing.T) {
	long := Words(strings.Repeat("あ", 1_000_000))
	w := W("link.fail.away", "where", string(long))
	if said := Say(Japanese, w); len(said) > 500 || !utf8.ValidString(said) || !strings.Contains(said, "あ…") {
		t.Errorf("%d bytes", len(said))
	}
	for range 100 {
		w = W("link.fail.said", "message", w, "said", "x")
		if len(w) > 1<<14 {
			t.Fatalf("%d bytes", len(w))
		}
	}
	deep := Words("=link.do.relink")
	for range 10 {
		deep = "=link.fail.said|said=x|@message=" + Words(hideBars.Replace(string(deep)))
	}
	if len(Say(English, deep)) > 2000 {
		t.Error("there is no end to what stands in what")
	}
}

func FuzzSay(f *testing.F) {
	for _, s := range []string{"", "=", "=link.do.relink", "=link.fail.away|where=X", `=link.fail.said|@message=\!`, "=link.fail.many|#count=1|where=x|=|"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, lang := range All() {
			Say(lang, s)
		}
		if got := Say(English, W("link.fail.away", "where", oneLine(s))); !strings.HasPrefix(got, oneLine(s)) {
			t.Errorf("%q became %q", s, got)
		}
	})
}
