package ruler

func isLetter(c uint16) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

func isDigit(c uint16) bool { return '0' <= c && c <= '9' }

func isAlnum(c uint16) bool { return isLetter(c) || isDigit(c) }

// isNoChar are the characters that no post may have.
func isNoChar(c uint16) bool { return c == 0xFEFF || c >= 0xFFFE }

// mayPrecede are the characters behind which an address may begin.
func mayPrecede(c uint16) bool {
	return !isAlnum(c) && c != '@' && c != '#' && c != '$' && c != 0xFF20 && c != 0xFF03 && !isNoChar(c)
}

// isDomainChar are those that a label of a domain begins and ends with: all but
// punctuation of ASCII, white space, marks of direction and isNoChar.
func isDomainChar(c uint16) bool {
	if c < 0x80 {
		return !(c == ' ' || 0x09 <= c && c <= 0x0D || c == '!' || '#' <= c && c <= '/' || ':' <= c && c <= '@' ||
			'[' <= c && c <= '_' || '{' <= c && c <= '~')
	}
	if c < 0x2000 {
		return c != 0x85 && c != 0xA0 && c != 0x61C && c != 0x1680 && c != 0x180E
	}
	if c <= 0x2069 {
		return !(c <= 0x200A || c == 0x200E || c == 0x200F || 0x2028 <= c && c <= 0x202F || c == 0x205F || c >= 0x2066)
	}
	return c != 0x3000 && !isNoChar(c)
}

// isLatin are the accented Latin letters of X's rules, with those that differ
// from one of them in case only.
func isLatin(c uint16) bool {
	switch {
	case c < 0xC0:
		return false
	case c < 0x250:
		return c != 0xD7 && c != 0xF7
	case c < 0x300:
		return isRareLatin(c)
	case c <= 0x36F:
		return true
	case c < 0x1E00:
		return c == 0x399 || c == 0x3B9
	}
	switch c {
	case 0x1FBE, 0x2C65, 0x2C66, 0x2C7E, 0x2C7F, 0xA7DC:
		return true
	}
	return c <= 0x1EFF
}

func isRareLatin(c uint16) bool {
	switch c {
	case 0x253, 0x254, 0x256, 0x257, 0x259, 0x25B, 0x260, 0x263, 0x268, 0x269, 0x26F, 0x272, 0x275, 0x280, 0x283,
		0x288, 0x289, 0x28A, 0x28B, 0x28C, 0x292, 0x2BB:
		return true
	}
	return false
}

func isCyrillic(c uint16) bool { return 0x400 <= c && c <= 0x4FF || 0x1C80 <= c && c <= 0x1C87 }

// isASCIIDomainChar are those of a domain that is found without a scheme.
func isASCIIDomainChar(c uint16) bool { return c == '-' || isAlnum(c) || isLatin(c) }

// isPathChar are those of a path, without brackets.
func isPathChar(c uint16) bool {
	if c < 0x80 {
		return isAlnum(c) || among(c, "!#$%&'*+,-./:;=@[]_|~")
	}
	return isLatin(c) || isCyrillic(c) || c == 0x2013
}

// endsPath are those that a path may end with.
func endsPath(c uint16) bool {
	if c < 0x80 {
		return isAlnum(c) || among(c, "#+-/=_")
	}
	return isLatin(c) || isCyrillic(c)
}

func isQueryChar(c uint16) bool {
	return c < 0x80 && (isAlnum(c) || among(c, "!#$%&'()*+,-./:;=?@[]_|~"))
}

func endsQuery(c uint16) bool { return c < 0x80 && (isAlnum(c) || among(c, "#&-/=_")) }

func among(c uint16, set string) bool {
	for i := 0; i < len(set); i++ {
		if uint16(set[i]) == c {
			return true
		}
	}
	return false
}
