package peers_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"testing"

	"engawa/internal/ruler"
)

// oracleTexts is how many texts are compared.
const oracleTexts = 40_000

// The ruler of X agrees with twitter-text, the library that X itself publishes, on length and validity of every text.
func TestXRulerAgreesWithTwitterText(t *testing.T) {
	texts := append(oddTexts(), make([]string, oracleTexts)...)
	g := generator{rand.New(rand.NewPCG(20261122, 280))}
	for i := len(texts) - oracleTexts; i < len(texts); i++ {
		texts[i] = g.text()
	}
	answers := twitterText(t, texts)
	x := ruler.For("x", ruler.Bounds{})
	wrong := 0
	for i, text := range texts {
		want := answers[i]
		if length, valid := x.Measure(text), x.Valid(text); length != want.length || valid != want.valid {
			if wrong++; wrong <= 20 {
				t.Errorf("%q: %d, %v; twitter-text says %d, %v", text, length, valid, want.length, want.valid)
			}
		}
	}
	if wrong > 0 {
		t.Errorf("%d of %d texts are measured differently", wrong, len(texts))
	}
}

// What a long text is split into is taken by X, numbers and all.
func TestXSplitsIntoWhatTwitterTextTakes(t *testing.T) {
	g := generator{rand.New(rand.NewPCG(20261122, 281))}
	x := ruler.For("x", ruler.Bounds{})
	var parts []string
	for i := range 400 {
		var b strings.Builder
		for range 12 + g.IntN(60) {
			b.WriteString(strings.NewReplacer("\uFEFF", "", "\uFFFE", "", "\uFFFF", "").Replace(g.text()) + pick(g, []string{"", " ", "。", "\n\n", ". "}))
		}
		for _, s := range x.Split(b.String(), nil, ruler.Options{Number: i%2 == 0}) {
			parts = append(parts, s.Text)
		}
	}
	for i, answer := range twitterText(t, parts) {
		if !answer.valid {
			t.Errorf("%q is %d long and not taken", parts[i], answer.length)
		}
	}
	if len(parts) < 2000 {
		t.Errorf("only %d parts", len(parts))
	}
}

type oracle struct {
	length int
	valid  bool
}

// twitterText asks twitter-text, which test/peers/twitter has. Where its npm packages are not installed the test is
// skipped, or fails when CI is set.
func twitterText(t *testing.T, texts []string) []oracle {
	t.Helper()
	if _, err := os.Stat("twitter/node_modules/.package-lock.json"); err != nil {
		const how = "twitter-text is not installed: make test/peers/twitter/node_modules/.package-lock.json"
		if os.Getenv("CI") != "" {
			t.Fatal(how)
		}
		t.Skip(how)
	}
	var in bytes.Buffer
	for _, text := range texts {
		line, err := json.Marshal(text)
		if err != nil {
			t.Fatal(err)
		}
		in.Write(append(line, '\n'))
	}
	cmd := exec.Command("node", "measure.cjs")
	cmd.Dir, cmd.Stdin = "twitter", &in
	var said bytes.Buffer
	cmd.Stderr = &said
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("node measure.cjs: %v\n%s", err, &said)
	}
	var answers []oracle
	lines := bufio.NewScanner(bytes.NewReader(out))
	for lines.Scan() {
		var pair [2]any
		if err := json.Unmarshal(lines.Bytes(), &pair); err != nil {
			t.Fatalf("twitter-text on %q: %s", texts[len(answers)], lines.Bytes())
		}
		answers = append(answers, oracle{int(pair[0].(float64)), pair[1].(bool)})
	}
	if len(answers) != len(texts) {
		t.Fatalf("%d answers to %d texts", len(answers), len(texts))
	}
	return answers
}

// oddTexts are those that a generator would hardly hit.
func oddTexts() []string {
	label := strings.Repeat("a", 63)
	kanji := strings.Repeat("漢", 30)
	return []string{
		"", " ", "\uFEFF", "a\uFEFF", "\uFFFE", "\uFFFF.com", strings.Repeat("あ", 140), strings.Repeat("あ", 141),
		"https://" + label + ".com", "https://" + label + "a.com", label + ".com", label + "a.com", kanji + ".com",
		"https://" + kanji + ".com", "https://" + kanji + kanji + ".com", "https://日本。例.com", "https://" + kanji + "。" + kanji + ".com",
		"https://example.com/" + strings.Repeat("a", 4096), "https://t.co/" + strings.Repeat("a", 40), "https://t.co/" + strings.Repeat("a", 41),
		"https://t.co/abc/def", "HTTP://T.CO/abc?x=1/", "https://t.co/abc-def", "https://t.co/", "xn--あ.com", "xn--a.com", "https://xn--あ.com",
		"a.jp日本.com/path", "a.com.みんな/path", "日本a.com.みんな/path?x=1", "😀example.com/日本", "https://😀.com/", "😀.com",
		"a_b.example.com-☺.museum⤳-日本example.com:80/)漢", "b.a.com-あ.a.com/x", "a_b.com", "a.b_c.com", "a_b.c.com", "_a.com", "-a.com", ".a.com", "/a.com", "a-.com", "a..com", "a._b.com", "a.-b.com", "あ_い.com", "日_本a.jp",
		"example.com?x=1", "example.com:80", "example.com:80/", "example.com:", "example.com/?x=1!", "https://example.com?x=1", "https://example.com:8080?!",
		"https://example.com/(a(b)c)d", "https://example.com/(a(b(c)))", "https://example.com/a(b", "https://example.com/()", "https://example.com/(a)!", "https://example.com/!(a)", "https://example.com/a(b)!(c)", "https://example.com/a(b)(c)!(d)", "https://example.com/(a)(b)!", "https://example.com/!a(b)!",
		"https://example.com/@user/x", "https://example.com/@", "https://example.com/!!!", "example.com/–a–", "https://example.com/Αι", "https://example.com/ⱥ",
		"example.みんな", "example.みんなで", "https://example.コム", "https://嘉里.嘉里大酒店", "https://例.РФ", "пример.рф", "https://пример.рф/путь", "ＥＸＡＭＰＬＥ.com",
		"＠example.com", "＃example.com", "$example.com", "@example.com", "#example.com", "1example.com", "éexample.com/é", "example.comé", "example.com@", "example.com+", "example.com-",
		"https://example.com@x", "http://http://example.com", "https://https://example.com", "example.comexample.com", "example.com,example.com", "example.com.example.com.",
		strings.Repeat("a.", 300), strings.Repeat("あ.", 200) + "jp", strings.Repeat("a_", 60) + "b.com", "a" + strings.Repeat("\u0301", 40) + "b", "a" + strings.Repeat("\u0316\u0301", 40),
		"각", "\u1100\u1161\u11A8", "가\u11A8", "か\u3099", "\u212B", "\u2126", "\u0344", "\u1E9B\u0323", "क़", "\uFB1D", "🏴󠁧󠁢󠁥󠁮󠁧󠁿🏴󠁧󠁢󠁥", "🇯🇵🇯", "🇯🇯🇵", "🇦🇧🇨🇩", "#️⃣*⃣1️⃣0️", "©️®©\uFE0E",
		"example.com/1️⃣", "1️⃣example.com", "❤️‍🔥", "👨‍👩‍👦‍👦‍👦", "👩‍👨‍👦", "👩‍❤️‍💋‍👨", "👨‍❤️‍💋‍👩", "👁‍🗨", "👁️‍🗨️", "🏳️‍🌈🏳‍🌈", "🏴‍☠️🏴‍☠", "⛹🏽‍♀️⛹️‍♂️⛹‍♂️", "🕵️‍♀️", "☝🏽☝️🏽☝︎🏽", "✌🏿", "👯‍♀️👯🏽‍♀️",
		"☎︎☎️☎", "🧑‍🤝‍🧑", "🫠🥹", "👩🏽‍⚕️👩🏽‍⚕", "👩‍🦰", "🧑‍🦰", "\x01a.com", "https://a\x01b.com", "a\u00A0.com", "a\u200D.com", "https://a\u200Db.com", "\u202Aexample.com",
	}
}

// generator makes texts out of what posts are made of, stuck together.
type generator struct{ *rand.Rand }

func pick[T any](g generator, from []T) T { return from[g.IntN(len(from))] }

var (
	words = []string{"hello", "World", "縁側", "こんにちは", "カタカナ", "ﾊﾝｶｸ", "漢字", "日本", "Ünïcödé", "привет", "안녕", "مرحبا", "नमस्ते", "ไทย", "e\u0301", "か\u3099",
		"は\u309A", "a\u0301\u0323", "ﬁ", "½", "①", "㍿", "ｱ\uFF9E", "x\u20DD", "𠮷野家", "𝒜𝒷", "ß", "ſ", "K", "İ"}
	marks  = []string{" ", "  ", "\n", "\n\n", "\u3000", "。", "、", "！", "？", "!", "?", ".", ",", "…", "—", "「", "」", "(", ")", "[", "]", "\"", "'", ":", ";", "-", "_", "/", "@", "#", "$", "＠", "＃", "\u200B", "\u200D", "\u200E", "\u2028", "\u00A0", "\u3002", "\uFF0E", "|", "~", "+", "&", "=", "%", "\t", "\u061C", "\u2066"}
	emojis = []string{"😀", "❤", "❤️", "👍🏽", "👨‍👩‍👧‍👦", "🇯🇵", "🇺🇳", "🇯", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "1️⃣", "#️⃣", "*⃣", "👩‍💻", "👩🏾‍🚀", "🕵️‍♂️", "🏳️‍🌈", "☺️", "☺︎", "©️", "™️", "™", "🫡", "🧑‍🚀", "👩‍❤️‍💋‍👩", "⛹🏿‍♀️", "🤷🏽‍♀️", "💁‍♂️", "〰️", "㊙️", "🅰️", "⏏", "🀄", "👁‍🗨", "\uFE0F", "\u200D", "🏿", "🧜🏻‍♂️"}
	hosts  = []string{"example.com", "ttr.example.jp", "EXAMPLE.Org", "a.b.c.example.co.uk", "日本.jp", "例え.テスト", "example.みんな", "müller.de", "xn--wgv71a119e.jp", "example.invalidtld", "localhost", "192.0.2.1", "t.co", "x.com", "a_b.example.com", "foo-bar.dev", "-foo.com", "foo-.com", "пример.рф", "例子.中国", "example.xn--p1ai", "ex.ample", "日本example.com", "example日本.com", "삼성.삼성", "example.嘉里大酒店", "www.example.museum", "co.jp", "1.2.jp", "é.fr"}
	paths  = []string{"", "", "/", "/a", "/a/b.html", "/wiki/日本", "/wiki/Foo_(bar)", "/a(b(c)d)", "/a(b", "/é/ü", "/путь", "/a.", "/a,", "/a!", "/a?b=c&d=e", "?q=1", "?q=日本", "#frag", "/#frag", "/%E6%97%A5", "/@user/123", "/~x", "/a–b", "/a;b=c", "/a|b", "/a'b", "/a*", "/+", "/abc123?x=/", "/()", "/(a)(b)", "/a[1]", "/!(a)", "/a(b)!(c)", "/(a)!(b)c", "/(a(b)(c)"}
	ports  = []string{"", "", "", "", ":80", ":8080", ":", ":x"}
	stuck  = []string{"", "", "", " ", "。", "、", "です", "を見て", ".", ",", ")", "」", "!", "?", "'s", "@", "-", "_", "+", "\u3000", "😀", "a", "1"}
	before = []string{"", "", "", " ", "「", "(", "見て", "→", ".", "-", "_", "/", "@", "#", "$", "a", "1", "😀", "＠", "\n", ":", "\u200E", "é"}
)

func (g generator) text() string {
	var b strings.Builder
	for range 1 + g.IntN(9) {
		switch g.IntN(13) {
		case 0, 1, 2:
			b.WriteString(pick(g, words))
		case 3, 4:
			b.WriteString(pick(g, marks))
		case 5, 6:
			b.WriteString(pick(g, emojis))
		case 7, 8, 9:
			b.WriteString(g.address())
		case 10:
			b.WriteString(pick(g, []string{"@", "＠", "#", "＃", "$"}) + pick(g, words))
		case 11:
			b.WriteString(g.rare())
		default:
			b.WriteString(" ")
		}
	}
	if g.IntN(8) == 0 { // around the limit
		b.WriteString(strings.Repeat(pick(g, []string{"あ", "a", "😀", "é"}), 110+g.IntN(190)))
	}
	return b.String()
}

func (g generator) address() string {
	scheme := pick(g, []string{"", "", "https://", "https://", "http://", "HTTPS://", "ftp://", "https:/", "mailto:"})
	return pick(g, before) + scheme + pick(g, hosts) + pick(g, ports) + pick(g, paths) + pick(g, stuck)
}

// rare are e-mail addresses, mentions with hosts, labels of random length and letters, and any characters at all.
func (g generator) rare() string {
	switch g.IntN(6) {
	case 0:
		return pick(g, words) + "@" + pick(g, hosts)
	case 1:
		return fmt.Sprintf("@user@%s ", pick(g, hosts))
	case 2:
		return "https://" + strings.Repeat(pick(g, []string{"a", "é", "漢", "あ", "😀", "。", "ж"}), 1+g.IntN(70)) + pick(g, words) + "." + pick(g, hosts)
	case 3:
		return string([]rune{g.any(), g.any()}) + "." + pick(g, []string{"com", "jp", "net", "рф", "museum"}) + string(g.any())
	case 4:
		return "e" + strings.Repeat(pick(g, []string{"\u0301", "\u0316", "\u3099", "\u0301\u0323"}), 1+g.IntN(45))
	}
	return string([]rune{g.any(), g.any(), g.any()})
}

// any is a character that is no half of a pair.
func (g generator) any() rune {
	for {
		limits := []int{0x80, 0x500, 0x3400, 0x10000, 0x1FB00}
		if r := rune(g.IntN(pick(g, limits))); r < 0xD800 || r > 0xDFFF {
			return r
		}
	}
}
