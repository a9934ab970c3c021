package ruler

import (
	"strings"
	"unicode/utf8"
)

const (
	zwj     = "\u200D"
	picture = "\uFE0F" // variation selector 16
	keycap  = "\u20E3"
)

// emojiLen is the length in bytes of the emoji sequence that s begins with: what
// X counts as one (twemoji-parser 11.0.2, which its ruler uses). It is 0 where s
// begins with none, and may be 0 for an emoji of one character, as that weighs
// the same as any other character.
func emojiLen(s string, r rune) int {
	if r < 0x2038 {
		return keycapLen(s, r)
	}
	if r < 0x1F000 && r > 0x3299 {
		return 0
	}
	size := utf8.RuneLen(r)
	if isFlagLetter(r) {
		return flagLen(s)
	}
	if n := joinedLen(s, r, size); n > 0 {
		return n
	}
	switch {
	case r == 0x2122 || r == 0x265F || within(textual[:], r):
		if strings.HasPrefix(s[size:], picture) {
			size += len(picture)
		}
	case within(handTextual[:], r):
		if strings.HasPrefix(s[size:], picture) {
			size += len(picture)
		}
		size += skinLen(s[size:])
	case within(skinned[:], r):
		size += skinLen(s[size:])
	case r == 0x1F3F4:
		return subdivisionLen(s)
	}
	return size
}

// keycapLen is for #, * and digits with a frame, and for © and ® as pictures.
func keycapLen(s string, r rune) int {
	size := utf8.RuneLen(r)
	switch {
	case r == '#' || r == '*' || '0' <= r && r <= '9':
		rest := strings.TrimPrefix(s[size:], picture)
		if !strings.HasPrefix(rest, keycap) {
			return 0
		}
		return len(s) - len(rest) + len(keycap)
	case r == 0xA9 || r == 0xAE:
		if strings.HasPrefix(s[size:], picture) {
			return size + len(picture)
		}
	}
	return 0
}

// skinLen is the length of a colour of skin (U+1F3FB–1F3FF).
func skinLen(s string) int {
	if len(s) >= 4 && s[:3] == "\xF0\x9F\x8F" && s[3] >= 0xBB && s[3] <= 0xBF {
		return 4
	}
	return 0
}

func isFlagLetter(r rune) bool { return 0x1F1E6 <= r && r <= 0x1F1FF }

// flags are, for each first letter, the second ones.
var flags = [26]string{
	"CDEFGILMOQRSTUWXZ", "ABDEFGHIJLMNOQRSTVWYZ", "ACDFGHIKLMNOPRUVWXYZ", "EGJKMOZ", "ACEGHRSTU", "IJKMOR",
	"ABDEFGHILMNPQRSTUWY", "KMNRTU", "CDELMNOQRST", "EMOP", "EGHIMNPRWYZ", "ABCIKRSTUVY", "ACDEFGHKLMNOPQRSTUVWXYZ",
	"ACEFGILOPRUZ", "M", "AEFGHKLMNRSTWY", "A", "EOSUW", "ABCDEGHIJKLMNORSTVXYZ", "ACDFGHJKLMNORTVWZ", "AGMNSYZ",
	"ACEGINU", "FS", "K", "ET", "AMW",
}

// flagLen is for a regional indicator: two where they are a flag, else one.
func flagLen(s string) int {
	first, n := utf8.DecodeRuneInString(s)
	second, m := utf8.DecodeRuneInString(s[n:])
	if isFlagLetter(second) && strings.IndexByte(flags[first-0x1F1E6], byte('A'+second-0x1F1E6)) >= 0 {
		return n + m
	}
	return n
}

// subdivisionLen is for the flags of England, Scotland and Wales.
func subdivisionLen(s string) int {
	const flag = 4
	for _, name := range [...]string{"gbeng", "gbsct", "gbwls"} {
		p := flag
		for i := 0; i <= len(name); i++ {
			r, n := utf8.DecodeRuneInString(s[p:])
			if i < len(name) && r != 0xE0000+rune(name[i]) || i == len(name) && r != 0xE007F {
				p = 0
				break
			}
			p += n
		}
		if p > 0 {
			return p
		}
	}
	return flag
}

// joinedLen is for sequences with joiners; 0 when s begins with none.
func joinedLen(s string, r rune, size int) int {
	rest := s[size:]
	if !strings.HasPrefix(rest, zwj) && skinLen(rest) == 0 && !strings.HasPrefix(rest, picture) {
		return 0
	}
	if r == man || r == woman {
		if n := jobLen(rest); n > 0 {
			return size + n
		}
	}
	switch {
	case within(sporty[:], r):
		n := skinLen(rest)
		if n == 0 && strings.HasPrefix(rest, picture) {
			n = len(picture)
		}
		if m := genderLen(rest[n:]); n > 0 && m > 0 {
			return size + n + m
		}
	case within(gendered[:], r):
		n := skinLen(rest)
		if m := genderLen(rest[n:]); m > 0 {
			return size + n + m
		}
	case r == 0x1F46F || r == 0x1F93C || r == 0x1F9DE || r == 0x1F9DF:
		if m := genderLen(rest); m > 0 {
			return size + m
		}
	case r == man || r == woman:
		return familyLen(s, r)
	}
	for _, seq := range [...]string{"\U0001F3F3\uFE0F\u200D\U0001F308", "\U0001F3F4\u200D\u2620\uFE0F", "\U0001F441\u200D\U0001F5E8"} {
		if strings.HasPrefix(s, seq) {
			return len(seq)
		}
	}
	return 0
}

// jobLen is for what follows a man or woman: skin, joiner, thing.
func jobLen(s string) int {
	n := skinLen(s)
	if !strings.HasPrefix(s[n:], zwj) {
		return 0
	}
	n += len(zwj)
	r, size := utf8.DecodeRuneInString(s[n:])
	switch r {
	case 0x2695, 0x2696, 0x2708:
		if strings.HasPrefix(s[n+size:], picture) {
			return n + size + len(picture)
		}
	case 0x1F33E, 0x1F373, 0x1F393, 0x1F3A4, 0x1F3A8, 0x1F3EB, 0x1F3ED, 0x1F4BB, 0x1F4BC, 0x1F527, 0x1F52C, 0x1F680,
		0x1F692, 0x1F9B0, 0x1F9B1, 0x1F9B2, 0x1F9B3:
		return n + size
	}
	return 0
}

// genderLen is for a joiner with ♀ or ♂ as a picture.
func genderLen(s string) int {
	if strings.HasPrefix(s, zwj+"\u2640"+picture) || strings.HasPrefix(s, zwj+"\u2642"+picture) {
		return len(zwj + "\u2640" + picture)
	}
	return 0
}

const (
	boy   = 0x1F466
	girl  = 0x1F467
	man   = 0x1F468
	woman = 0x1F469
)

// familyLen is for couples, kisses and families: parents man and man, man and
// woman, woman and woman or one alone; children a boy, a girl, two boys, two
// girls, a girl and a boy.
func familyLen(s string, first rune) int {
	const person, joined = 4, 4 + len(zwj)
	if rest, ok := strings.CutPrefix(s[person:], zwj+"\u2764"+picture+zwj); ok {
		if kissed, ok := strings.CutPrefix(rest, "\U0001F48B"+zwj); ok {
			rest = kissed
		}
		if r, _ := utf8.DecodeRuneInString(rest); r == man || r == woman && first == woman {
			return len(s) - len(rest) + person
		}
		return 0
	}
	children := s[person:]
	if r := joinedTo(children); r == woman || r == man && first == man {
		children = children[joined:]
	}
	switch joinedTo(children) {
	case girl:
		if r := joinedTo(children[joined:]); r == boy || r == girl {
			children = children[joined:]
		}
	case boy:
		if joinedTo(children[joined:]) == boy {
			children = children[joined:]
		}
	default:
		return 0
	}
	return len(s) - len(children) + joined
}

// joinedTo is the boy, girl, man or woman that a joiner at the beginning of s ties on, or 0.
func joinedTo(s string) rune {
	rest, ok := strings.CutPrefix(s, zwj)
	if r, _ := utf8.DecodeRuneInString(rest); ok && boy <= r && r <= woman {
		return r
	}
	return 0
}

// span is a range of characters, both ends included.
type span struct{ from, to rune }

func within(set []span, r rune) bool {
	lo, hi := 0, len(set)
	for lo < hi {
		mid := int(uint(lo+hi) >> 1)
		if set[mid].to < r {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo < len(set) && set[lo].from <= r
}
