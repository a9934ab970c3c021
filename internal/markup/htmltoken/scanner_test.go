package htmltoken

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"
)

func tokens(src string) string {
	var b strings.Builder
	s := NewScanner(src)
	var t Token
	for s.Next(&t) {
		switch t.Kind {
		case Text:
			fmt.Fprintf(&b, "%q", t.Raw)
		case Start:
			fmt.Fprintf(&b, "<%s%s>", t.Tag, attributes(t.Attrs))
		case End:
			fmt.Fprintf(&b, "</%s>", t.Tag)
		}
	}
	return b.String()
}

func attributes(attrs string) string {
	out := ""
	for {
		name, value, rest, ok := NextAttr(attrs)
		if !ok {
			return out
		}
		out += fmt.Sprintf(" %s=%q", name, value)
		attrs = rest
	}
}

func TestScanner(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"", ""},
		{"a<b>c</B>", `"a"<b>"c"</b>`},
		{"a < b <3 <", `"a ""<"" b ""<""3 ""<"`},
		{`<a href="x>y" b='c' d=e f g = h>t`, `<a href="x>y" b="c" d="e" f="" g="h">"t"`},
		{`<br/><p/class=x/>`, `<br><p class="x/">`},
		{`<a ="b" c=>d`, `<a ="b"="" c="">"d"`},
		{`<a b="c>d`, ``},
		{`a<!-- <b> -->c<!-->d<!--->e<!--f--!>g<!--h`, `"a""c""d""e""g"`},
		{`<!DOCTYPE html>a<?x?>b</ c>d</>e`, `"a""b""d""e"`},
		{"<SCRIPT>a</b></scripts></script >c", `<></>"c"`},
		{"<svg/>a", `<>`},
		{"<h2>a</h6><blockquoteX>", `<h2>"a"</h6><>`},
	} {
		if got := tokens(c.in); got != c.want {
			t.Errorf("%q\n got %s\nwant %s", c.in, got, c.want)
		}
	}
}

func TestUnescape(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"a", "a"}, {"&lt;&amp;&#65;&#x42;&hearts;", "<&AB♥"}, {"&", "&"}, {"&;", "&;"}, {"&lt", "&lt"},
		{"?a=1&copy=2", "?a=1&copy=2"}, {"&nosuch;", "&nosuch;"}, {"&&lt;", "&<"}, {"&#0;&#xD800;&#x110000;", "\uFFFD\uFFFD\uFFFD"},
		{"&" + strings.Repeat("a", 40) + ";", "&" + strings.Repeat("a", 40) + ";"},
	} {
		if got := Unescape(c.in); got != c.want {
			t.Errorf("Unescape(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}

func TestEscape(t *testing.T) {
	if got := EscapeText("<a href=\"&\">\x00\x7f\n"); got != "&lt;a href=\"&amp;\"&gt;\n" {
		t.Errorf("text %q", got)
	}
	if got := EscapeAttr(`"'`); got != `&quot;'` {
		t.Errorf("attribute %q", got)
	}
}

func TestValid(t *testing.T) {
	for _, c := range []struct {
		in    string
		limit int
		want  string
	}{{"日本", 6, "日本"}, {"日本", 5, "日"}, {"日本", 3, "日"}, {"日本", 2, ""}, {"a\xffb", 9, "a\uFFFDb"}, {"\x80\x80\x80\x80\x80", 4, ""}} {
		if got := Valid(c.in, c.limit); got != c.want {
			t.Errorf("Valid(%q, %d) = %q, want %q", c.in, c.limit, got, c.want)
		}
	}
}

func FuzzScanner(f *testing.F) {
	f.Add(`<a href="x" b='c'>d</a><!-- e --><script>f</script>&amp;`)
	f.Fuzz(func(t *testing.T, src string) {
		s := NewScanner(src)
		var tok Token
		last := 0
		for s.Next(&tok) {
			if s.Pos() <= last || s.Pos() > len(src) {
				t.Fatalf("from %d to %d of %d", last, s.Pos(), len(src))
			}
			last = s.Pos()
			attributes(tok.Attrs)
			if utf8.ValidString(src) && !utf8.ValidString(Unescape(tok.Raw)) {
				t.Fatalf("%q", tok.Raw)
			}
		}
	})
}
