package markup

import (
	"strings"
	"testing"
)

func TestReplaceEmoji(t *testing.T) {
	image := func(code string) (string, bool) {
		switch code {
		case "cat":
			return `https://e.example/"cat".png`, true
		case "own":
			return "/emoji/own.png", true
		case "bad":
			return "javascript:alert(1)", true
		}
		return "", false
	}
	const cat = `<img class="emoji" src="https://e.example/&quot;cat&quot;.png" alt=":cat:" title=":cat:" draggable="false" loading="lazy">`
	own := strings.NewReplacer("https://e.example/&quot;cat&quot;.png", "/emoji/own.png", ":cat:", ":own:").Replace(cat)
	for _, c := range []struct{ in, want string }{
		{"<p>a :cat: b</p>", "<p>a " + cat + " b</p>"},
		{"<p>:cat: :own: :bad: :nosuch:</p>", "<p>" + cat + " " + own + " :bad: :nosuch:</p>"},
		{"\u200b:cat:\u200b", "\u200b" + cat + "\u200b"},
		{`<a href="https://x/:cat:" title=":cat:">x</a>`, `<a href="https://x/:cat:" title=":cat:">x</a>`},
		{`<a title='>:cat:'>:cat:</a>`, `<a title='>:cat:'>` + cat + `</a>`},
		{"<code>:cat:<b>:cat:</b><br>:cat:</code>:cat:", "<code>:cat:<b>:cat:</b><br>:cat:</code>" + cat},
		{`<span class="invisible">/:cat:/</span>:cat:`, `<span class="invisible">/:cat:/</span>` + cat},
		{":a\" onx=:", ":a\" onx=:"},
		{"no emoji", "no emoji"},
		{"a@:cat: #:cat:", "a@" + cat + " #" + cat},
	} {
		if got := ReplaceEmoji(c.in, image); got != c.want {
			t.Errorf("ReplaceEmoji(%q)\n got %q\nwant %q", c.in, got, c.want)
		}
	}
}

func TestReplaceEmojiBounds(t *testing.T) {
	for _, in := range hostile() {
		ReplaceEmoji(Sanitize(in)+":a:", func(string) (string, bool) { return "", false })
	}
}
