package page

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Bounds of texts in characters: what is longer ends in "…".
const (
	maxName   = 120
	maxHandle = 320
	maxLine   = 200
	maxPara   = 2000
	maxLines  = 200
)

// maxMarks is how many combining marks may follow each other: enough for every
// living script, too few to paint over the neighbours.
const maxMarks = 4

// tidy makes a plain text fit to stand beside others: it has at most limit
// characters, no controls, no override of the direction of what follows
// (UAX #9 §2) and no towers of combining marks.
func tidy(s string, limit int) string {
	if len(s) <= limit && isPlain(s) {
		return strings.TrimSpace(s)
	}
	var b strings.Builder
	n, marks := 0, 0
	for _, r := range s {
		if r == '\n' || r == '\t' || r == '\r' {
			r = ' '
		}
		if r == utf8.RuneError || unicode.IsControl(r) || steersDirection(r) {
			continue
		}
		if isMark(r) {
			if marks++; marks > maxMarks {
				continue
			}
		} else {
			marks = 0
		}
		if n++; n > limit {
			return strings.TrimRight(b.String(), " \u200d\ufe0f") + "…"
		}
		b.WriteRune(r)
	}
	return strings.TrimSpace(b.String())
}

// verse is tidy for a text whose lines stay lines.
func verse(s string) string {
	lines := strings.SplitN(s, "\n", maxLines+1)
	if len(lines) > maxLines {
		lines[maxLines] = "…"
	}
	for i := range lines {
		lines[i] = tidy(lines[i], maxPara)
	}
	return strings.TrimSpace(strings.Join(lines, "\n"))
}

func isPlain(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}

func isMark(r rune) bool {
	return r >= 0x300 && r != 0xfe0f && unicode.In(r, unicode.Mn, unicode.Me)
}

// steersDirection tells the embeddings, overrides and isolates of UAX #9, and
// the interlinear and line separators, from letters.
func steersDirection(r rune) bool {
	switch {
	case r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069:
		return true
	case r >= 0xfff9 && r <= 0xfffb, r == 0x2028, r == 0x2029, r == 0xfeff:
		return true
	}
	return false
}

// isolate keeps a name's direction from reaching the sentence it stands in.
func isolate(s string) string { return "\u2068" + s + "\u2069" }

// decimal is s if it is the decimal form of a 64-bit id, else "".
func decimal(s string) string {
	if _, err := strconv.ParseInt(s, 10, 64); err != nil {
		return ""
	}
	return s
}

// langTag is s if it has the form of a language tag (RFC 5646 §2.1), else "".
func langTag(s string) string {
	if s == "" || len(s) > 35 || s[0] == '-' {
		return ""
	}
	for i := range len(s) {
		c := s[i]
		if c != '-' && (c < '0' || c > '9') && (c|0x20 < 'a' || c|0x20 > 'z') {
			return ""
		}
	}
	return s
}
