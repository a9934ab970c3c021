package httpsig

import "strings"

// scanner walks through the text of a header.
type scanner struct {
	text string
	at   int
}

func (c *scanner) end() bool { return c.at >= len(c.text) }

// peek is the next byte, 0 at the end.
func (c *scanner) peek() byte {
	if c.end() {
		return 0
	}
	return c.text[c.at]
}

// skip passes over b, if it is next.
func (c *scanner) skip(b byte) bool {
	if c.end() || c.text[c.at] != b {
		return false
	}
	c.at++
	return true
}

// space passes over spaces and tabs.
func (c *scanner) space() {
	for c.at < len(c.text) && (c.text[c.at] == ' ' || c.text[c.at] == '\t') {
		c.at++
	}
}

// while takes the longest run of bytes that ok likes; it may be empty.
func (c *scanner) while(ok func(byte) bool) string {
	from := c.at
	for c.at < len(c.text) && ok(c.text[c.at]) {
		c.at++
	}
	return c.text[from:c.at]
}

// quoted takes a string in quotes (RFC 8941, 4.2.5). raw has the quotes and escapes, value has not.
func (c *scanner) quoted() (raw, value string, ok bool) {
	from := c.at
	if !c.skip('"') {
		return "", "", false
	}
	escaped := false
	for c.at < len(c.text) {
		switch b := c.text[c.at]; {
		case b == '"':
			c.at++
			raw = c.text[from:c.at]
			value = raw[1 : len(raw)-1]
			if escaped {
				value = unescape(value)
			}
			return raw, value, true
		case b == '\\':
			if c.at+1 >= len(c.text) || c.text[c.at+1] != '"' && c.text[c.at+1] != '\\' {
				return "", "", false
			}
			escaped = true
			c.at += 2
		case b < ' ' || b > '~':
			return "", "", false
		default:
			c.at++
		}
	}
	return "", "", false
}

func unescape(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' {
			i++
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// cavageValue takes a value of draft-cavage: a string in quotes, or a bare token.
func (c *scanner) cavageValue() (string, bool) {
	if c.peek() == '"' {
		_, value, ok := c.quoted()
		return value, ok
	}
	value := c.while(isTokenChar)
	return value, value != ""
}

// isTokenChar: tchar of RFC 9110, 5.6.2.
func isTokenChar(b byte) bool {
	return b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9' ||
		strings.IndexByte("!#$%&'*+-.^_`|~", b) >= 0
}

// isKeyChar: the characters of keys of RFC 8941, 3.1.2.
func isKeyChar(b byte) bool {
	return b >= 'a' && b <= 'z' || b >= '0' && b <= '9' || b == '_' || b == '-' || b == '.' || b == '*'
}

// isFieldName tells whether s is the name of a header field in lower case.
func isFieldName(s string) bool {
	for i := range len(s) {
		if !isTokenChar(s[i]) || s[i] >= 'A' && s[i] <= 'Z' {
			return false
		}
	}
	return s != ""
}
