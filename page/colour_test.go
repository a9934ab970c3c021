package page

import (
	"regexp"
	"strings"
	"testing"
)

var (
	token = regexp.MustCompile(`--([a-z0-9-]+):(#[0-9a-f]{6})`)
	media = regexp.MustCompile(`(?s)@media ([^{]+)\{:root\{(.*?)\}\}`)
)

// themes reads the tokens of the four themes out of a style sheet, as a browser
// would cascade them.
func themes(css string) map[string]map[string]string {
	root := css[:strings.Index(css, "}")]
	out := map[string]map[string]string{}
	for _, theme := range []string{"light", "dark", "light more", "dark more"} {
		tokens := map[string]string{}
		read := func(block string) {
			for _, m := range token.FindAllStringSubmatch(block, -1) {
				tokens[m[1]] = m[2]
			}
		}
		read(root)
		for _, m := range media.FindAllStringSubmatch(css, -1) {
			if matches(m[1], theme) {
				read(m[2])
			}
		}
		out[theme] = tokens
	}
	return out
}

func matches(query, theme string) bool {
	dark, more := strings.HasPrefix(theme, "dark"), strings.HasSuffix(theme, "more")
	return (!strings.Contains(query, "scheme:dark") || dark) && (!strings.Contains(query, "scheme:light") || !dark) &&
		(!strings.Contains(query, "contrast:more") || more) && !strings.Contains(query, "print")
}

func checkThemes(t *testing.T, css string) {
	t.Helper()
	for theme, tokens := range themes(css) {
		least := 4.5
		if strings.HasSuffix(theme, "more") {
			least = 7
		}
		pair := func(text, ground string, least float64) {
			a, errA := parseColour(tokens[text])
			b, errB := parseColour(tokens[ground])
			if errA != nil || errB != nil {
				t.Errorf("%s: %v %v", theme, errA, errB)
			} else if got := contrast(a, b); got < least {
				t.Errorf("%s: --%s on --%s has %.2f:1, want %.1f:1", theme, text, ground, got, least)
			}
		}
		for _, ground := range []string{"paper", "mat", "card"} {
			for _, text := range []string{"ink", "ink-2", "wood", "leaf", "plum", "ember", "sky"} {
				pair(text, ground, least)
			}
		}
		pair("on-wood", "wood", least)
		pair("edge", "card", 3) // the border of an input: WCAG 1.4.11
		pair("edge", "paper", 3)
	}
}

func TestContrastOfTokens(t *testing.T) { checkThemes(t, styleSource) }

func TestContrastOfAnyAccent(t *testing.T) {
	for _, accent := range []string{"#ffff00", "#000000", "#ffffff", "#ff0000", "#0000ff", "#00ffcc", "#8a5a32"} {
		a, err := styleSheet(accent)
		if err != nil {
			t.Fatal(err)
		}
		checkThemes(t, a.body)
	}
}

func TestContrastIsThatOfWCAG(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want float64
	}{{"#000000", "#ffffff", 21}, {"#777777", "#ffffff", 4.48}, {"#ffffff", "#ffffff", 1}} {
		a, _ := parseColour(c.a)
		b, _ := parseColour(c.b)
		if got := contrast(a, b); got < c.want-0.01 || got > c.want+0.01 {
			t.Errorf("contrast(%s, %s) = %.3f, want %.2f", c.a, c.b, got, c.want)
		}
	}
}
