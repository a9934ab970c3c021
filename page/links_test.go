package page

import (
	"strings"
	"testing"

	"engawa/internal/locale"
)

func TestSamePath(t *testing.T) {
	for _, good := range []string{"/", "/deck", "/@alice/1?x=y#z", "/oauth/authorize?redirect_uri=https%3A%2F%2Fx.example%2F", "/a//b", "/tags/梅"} {
		if SamePath(good) != good {
			t.Errorf("SamePath(%q) refused a path", good)
		}
	}
	for _, bad := range []string{"", "deck", "//evil.example", "/\\evil.example", "https://evil.example/", "javascript:alert(1)", "/\tx", "/a\nb", "\\\\evil", " /x", "/%zz", "/" + strings.Repeat("a", maxURL)} {
		if got := SamePath(bad); got != "" {
			t.Errorf("SamePath(%q) = %q", bad, got)
		}
	}
}

func FuzzSamePath(f *testing.F) {
	f.Add("/deck")
	f.Add("/\\evil.example")
	f.Fuzz(func(t *testing.T, s string) {
		got := SamePath(s)
		if got != "" && (got != s || got[0] != '/' || len(got) > 1 && (got[1] == '/' || got[1] == '\\')) {
			t.Errorf("SamePath(%q) = %q", s, got)
		}
	})
}

func TestOriginalTrustsOnlyItsOwnHost(t *testing.T) {
	for _, c := range []struct {
		post PostView
		want string
	}{
		{PostView{URI: "https://a.example/1", URL: "https://a.example/@x/1"}, "https://a.example/@x/1"},
		{PostView{URI: "https://a.example/1", URL: "https://evil.example/"}, "https://a.example/1"},
		{PostView{URI: "https://a.example/1", URL: "javascript:alert(1)"}, "https://a.example/1"},
		{PostView{URI: "https://a.example/1", URL: "/@x/1"}, "https://a.example/1"},
		{PostView{URI: "https://a.example/1", URL: "/@x/1", Local: true}, "/@x/1"},
		{PostView{URI: "nostr:1", URL: "also none"}, ""},
	} {
		if got := original(c.post); got != c.want {
			t.Errorf("original(%q, %q) = %q, want %q", c.post.URI, c.post.URL, got, c.want)
		}
	}
}

func TestShownLinkKeepsTheHostWhole(t *testing.T) {
	long := "https://" + strings.Repeat("sub.", 20) + "evil.example/https://bank.example/" + strings.Repeat("x", 90)
	if got := shownLink(long); !strings.HasPrefix(got, strings.Repeat("sub.", 20)+"evil.example/") || !strings.HasSuffix(got, "…") {
		t.Errorf("shownLink cut the host: %q", got)
	}
	for in, want := range map[string]string{
		"https://Example.COM/":           "example.com",
		"https://x.example:8443/a?b=c":   "x.example:8443/a?b=c",
		"https://bank@evil.example/":     "",
		"javascript:alert(1)":            "",
		"https://x.example/\u202egnp.xx": "x.example/%E2%80%AEgnp.xx",
	} {
		if got := shownLink(in); got != want {
			t.Errorf("shownLink(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestFormTarget(t *testing.T) {
	for in, want := range map[string]string{
		"https://app.example/cb?x=1":      "https://app.example",
		"http://localhost:3000/":          "http://localhost:3000",
		"ivory://callback":                "ivory:",
		OOB:                               "",
		"":                                "",
		"javascript:alert(1)":             "",
		"https://a.example;script-src/x":  "",
		"https:///nohost":                 "",
		"data:text/html,x":                "",
		"https://a.example' 'unsafe/path": "",
	} {
		if got := formTarget(in); got != want {
			t.Errorf("formTarget(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestWithLang(t *testing.T) {
	for in, want := range map[string]string{
		"":                           "?lang=ja",
		"/@a?max_id=3&lang=en":       "/@a?lang=ja&max_id=3",
		"//evil.example":             "?lang=ja",
		"/login?next=%2Foauth%3Fa%3": "/login?lang=ja",
		"/login?next=%2Foauth%3Fa":   "/login?lang=ja&next=%2Foauth%3Fa",
	} {
		if got := withLang(in, "ja"); got != want {
			t.Errorf("withLang(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestEmojified(t *testing.T) {
	set := []Emoji{{"a", "/blob/a.png"}, {"bad", "javascript:x"}, {`"><script>`, "/blob/b.png"}, {"q", `/blob/"onerror=".png`}}
	const img = `<img class="emoji" src="/blob/a.png" alt=":a:" title=":a:" height="20" loading="lazy">`
	for in, want := range map[string]HTML{
		"x :a: y":                          "x " + img + " y",
		":a::a:":                           img + img,
		":b: :bad: 12:30:45":               ":b: :bad: 12:30:45",
		`<a title=":a:">:a:</a>`:           `<a title=":a:">` + img + `</a>`,
		"<pre><code>:a:</code></pre>:a:":   "<pre><code>:a:</code></pre>" + img,
		`:"><script>:`:                     `:"><script>:`,
		":a":                               ":a",
		"https://x.example:8080/:a:":       "https://x.example:8080/" + img,
		"<p unclosed :a:":                  "<p unclosed :a:",
		":q:":                              `<img class="emoji" src="/blob/&#34;onerror=&#34;.png" alt=":q:" title=":q:" height="20" loading="lazy">`,
		strings.Repeat(":a:", maxEmojis+1): HTML(strings.Repeat(img, maxEmojis) + ":a:"),
	} {
		if got := emojified(HTML(in), set); got != want {
			t.Errorf("emojified(%.40q) = %.200q, want %.200q", in, got, want)
		}
	}
}

func TestScopeLines(t *testing.T) {
	lines := scopeLines(locale.English, []string{"read", "read:lists", "write:media", "write:media", "<b>", "admin:read:accounts", "admin:read"})
	var got []string
	for _, l := range lines {
		got = append(got, l.Text)
	}
	want := "read everything in your account, direct posts included|upload media|<b>|see everything that moderators see"
	if strings.Join(got, "|") != want {
		t.Errorf("got %q", got)
	}
	if lines[0].Grave || !lines[1].Grave || !lines[3].Grave {
		t.Error("the grave ones are not marked")
	}
}
