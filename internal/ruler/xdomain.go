package ruler

import (
	_ "embed"
	"strings"
	"sync"
	"unicode"
	"unicode/utf16"
)

// tldFile are the top level domains that X knows (twitter-text 3.1.0): those of
// letters a-z sorted, then the others in the order in which they are tried.
//
//go:embed tld.txt
var tldFile string

// longestTLD bounds the letters that are looked up.
const longestTLD = 24

type tldTable struct {
	ascii map[string]struct{}
	other [][]uint16
}

var tlds = sync.OnceValue(func() *tldTable {
	t := &tldTable{ascii: make(map[string]struct{}, 1500)}
	for name := range strings.Lines(tldFile) {
		name = strings.TrimSpace(name)
		switch {
		case name == "":
		case name[0] < 0x80:
			t.ascii[name] = struct{}{}
		default:
			t.other = append(t.other, utf16.Encode([]rune(name)))
		}
	}
	return t
})

// tldAt gives the end of the top level domain that begins at t[p], or -1. It is
// followed by none of 0-9 a-z @ + -, but for one in punycode.
func tldAt(t []uint16, p int) int {
	if p >= len(t) {
		return -1
	}
	if t[p] >= 0x80 {
		return otherTLD(t, p)
	}
	var name [longestTLD]byte
	n := 0
	for p+n < len(t) && isLetter(t[p+n]) {
		if n == longestTLD {
			return -1
		}
		name[n] = byte(t[p+n] | 0x20)
		n++
	}
	if _, known := tlds().ascii[string(name[:n])]; known && endsTLD(t, p+n) {
		return p + n
	}
	if n != 2 || string(name[:2]) != "xn" || p+4 >= len(t) || t[p+2] != '-' || t[p+3] != '-' {
		return -1
	}
	end := p + 4
	for end < len(t) && (isAlnum(t[end]) || t[end] == '-') {
		end++
	}
	if end == p+4 {
		return -1
	}
	return end
}

func otherTLD(t []uint16, p int) int {
	for _, name := range tlds().other {
		if len(t)-p < len(name) {
			continue
		}
		i := 0
		for i < len(name) && (t[p+i] == name[i] || upper(t[p+i]) == upper(name[i])) {
			i++
		}
		if i == len(name) && endsTLD(t, p+i) {
			return p + i
		}
	}
	return -1
}

func endsTLD(t []uint16, p int) bool {
	if p >= len(t) {
		return true
	}
	c := t[p]
	return !isAlnum(c) && c != '@' && c != '+' && c != '-'
}

// upper folds case as a regular expression of ECMAScript does without the flag
// u (§22.2.2.7.3): nothing beyond ASCII equals anything within.
func upper(c uint16) uint16 {
	if c < 0x80 {
		if 'a' <= c && c <= 'z' {
			c -= 0x20
		}
		return c
	}
	if u := unicode.ToUpper(rune(c)); u >= 0x80 && u <= 0xFFFF {
		return uint16(u)
	}
	return c
}

// The longest domain label, in punycode.
const maxLabel = 63

// labelsFit tells whether each label of a domain has 1 to 63 characters in
// punycode. The full stops of East Asia separate labels only there.
func labelsFit(domain []uint16) bool {
	length, part, ascii := 0, 0, true
	close := func(end int) bool {
		n := end - part
		if !ascii {
			n = len("xn--") + punycodeLen(domain[part:end])
		}
		length += n
		part, ascii = end+1, true
		return length <= maxLabel
	}
	for i, c := range domain {
		switch {
		case c == '.':
			if !close(i) || length == 0 {
				return false
			}
			length = 0
		case c == 0x3002 || c == 0xFF0E || c == 0xFF61:
			if !close(i) {
				return false
			}
			length++
		case c < 0x20 || c > 0x7E:
			ascii = false
		}
	}
	return close(len(domain)) && length > 0
}

// The parameters of punycode (RFC 3492 §5).
const (
	pBase, pTMin, pTMax, pSkew, pDamp = 36, 1, 26, 38, 700
	pFirstBias, pFirstN               = 72, 128
)

// punycodeLen is how long a label is in punycode (RFC 3492 §6.3), or something
// above maxLabel when it is longer than that.
func punycodeLen(label []uint16) int {
	if len(label) > 2*maxLabel {
		return maxLabel + 1
	}
	var buf [2 * maxLabel]rune
	points := appendPoints(buf[:0], label)
	basic := 0
	for _, r := range points {
		if r < 0x80 {
			basic++
		}
	}
	length, handled := basic, basic
	if basic > 0 {
		length++
	}
	n, delta, bias := rune(pFirstN), 0, pFirstBias
	for handled < len(points) && length <= maxLabel {
		next := rune(unicode.MaxRune)
		for _, r := range points {
			if r >= n && r < next {
				next = r
			}
		}
		delta += int(next-n) * (handled + 1)
		n = next
		for _, r := range points {
			if r < n {
				delta++
			}
			if r == n {
				length += digits(delta, bias)
				bias = adapt(delta, handled+1, handled == basic)
				delta = 0
				handled++
			}
		}
		delta++
		n++
	}
	return length
}

// appendPoints decodes UTF-16; halves of pairs stand for themselves.
func appendPoints(points []rune, units []uint16) []rune {
	for i := 0; i < len(units); i++ {
		r := rune(units[i])
		if i+1 < len(units) {
			if pair := utf16.DecodeRune(r, rune(units[i+1])); pair != unicode.ReplacementChar {
				r = pair
				i++
			}
		}
		points = append(points, r)
	}
	return points
}

func digits(delta, bias int) int {
	count := 1
	for k := pBase; ; k += pBase {
		t := min(max(k-bias, pTMin), pTMax)
		if delta < t {
			return count
		}
		delta = (delta - t) / (pBase - t)
		count++
	}
}

func adapt(delta, points int, first bool) int {
	if first {
		delta /= pDamp
	} else {
		delta /= 2
	}
	delta += delta / points
	k := 0
	for delta > (pBase-pTMin)*pTMax/2 {
		delta /= pBase - pTMin
		k += pBase
	}
	return k + (pBase-pTMin+1)*delta/(delta+pSkew)
}
