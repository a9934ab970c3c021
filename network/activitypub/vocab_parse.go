package activitypub

import (
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// docParser reads JSON in one pass. A method that answers false has set why;
// pos is where it stopped.
type docParser struct {
	src   string
	pos   int
	nodes []node
	why   string
}

func (p *docParser) fail(why string) bool {
	p.why = why
	return false
}

func (p *docParser) peek() byte {
	if p.pos < len(p.src) {
		return p.src[p.pos]
	}
	return 0
}

func (p *docParser) space() {
	for p.pos < len(p.src) {
		switch p.src[p.pos] {
		case ' ', '\t', '\r', '\n':
			p.pos++
		default:
			return
		}
	}
}

// value reads one value and appends its nodes; context says that it stands
// below an @context.
func (p *docParser) value(depth int, context bool) bool {
	if depth > maxDepth {
		return p.fail("it is nested more than " + strconv.Itoa(maxDepth) + " deep")
	}
	if len(p.nodes) >= maxNodes {
		return p.fail("it holds more than " + strconv.Itoa(maxNodes) + " values")
	}
	at := len(p.nodes)
	p.nodes = append(p.nodes, node{from: int32(p.pos)})
	var ok bool
	switch p.peek() {
	case '{':
		ok = p.object(at, depth, context)
	case '[':
		ok = p.array(at, depth, context)
	case '"':
		ok = p.stringValue(at, context)
	case 't':
		ok = p.word(at, "true", isTrue)
	case 'f':
		ok = p.word(at, "false", isFalse)
	case 'n':
		ok = p.word(at, "null", isNull)
	default:
		ok = p.number(at)
	}
	p.nodes[at].next = int32(len(p.nodes))
	return ok
}

func (p *docParser) word(at int, word string, kind nodeKind) bool {
	if !strings.HasPrefix(p.src[p.pos:], word) {
		return p.fail("a value begins with {, [, a quote, a digit, -, true, false or null")
	}
	p.pos += len(word)
	p.nodes[at].kind, p.nodes[at].to = kind, int32(p.pos)
	return true
}

func (p *docParser) stringValue(at int, context bool) bool {
	from, to, escaped, ok := p.str()
	if !ok {
		return false
	}
	n := &p.nodes[at]
	n.kind, n.from, n.to, n.escaped = isString, int32(from), int32(to), escaped
	if context && keyword(p.src[from:to], escaped) {
		return p.fail("its @context gives another name to @graph, @included or @reverse, which are not accepted")
	}
	return true
}

// str reads a string and gives the bounds of what is between its quotes.
func (p *docParser) str() (from, to int, escaped, ok bool) {
	p.pos++
	from = p.pos
	for p.pos < len(p.src) {
		switch c := p.src[p.pos]; {
		case c == '"':
			p.pos++
			return from, p.pos - 1, escaped, true
		case c == '\\':
			escaped = true
			if !p.escape() {
				return 0, 0, false, false
			}
		case c < ' ':
			return 0, 0, false, p.fail("a control character stands in a string")
		default:
			p.pos++
		}
	}
	return 0, 0, false, p.fail("a string does not end")
}

func (p *docParser) escape() bool {
	if p.pos+1 >= len(p.src) {
		return p.fail("a string does not end")
	}
	switch p.src[p.pos+1] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		p.pos += 2
		return true
	case 'u':
		if _, ok := hex4(p.src[p.pos+2:]); ok {
			p.pos += 6
			return true
		}
	}
	return p.fail(`a backslash begins one of \" \\ \/ \b \f \n \r \t \uXXXX`)
}

func hex4(s string) (rune, bool) {
	if len(s) < 4 {
		return 0, false
	}
	var r rune
	for i := range 4 {
		c := s[i]
		switch {
		case c >= '0' && c <= '9':
			c -= '0'
		case c >= 'a' && c <= 'f':
			c -= 'a' - 10
		case c >= 'A' && c <= 'F':
			c -= 'A' - 10
		default:
			return 0, false
		}
		r = r<<4 | rune(c)
	}
	return r, true
}

func (p *docParser) digits() bool {
	from := p.pos
	for p.pos < len(p.src) && p.src[p.pos]-'0' <= 9 {
		p.pos++
	}
	return p.pos > from
}

func (p *docParser) number(at int) bool {
	const bad = "a value begins with {, [, a quote, a digit, -, true, false or null"
	if p.peek() == '-' {
		p.pos++
	}
	if p.peek() == '0' {
		p.pos++
	} else if !p.digits() {
		return p.fail(bad)
	}
	if p.peek() == '.' {
		p.pos++
		if !p.digits() {
			return p.fail("digits follow the point of a number")
		}
	}
	if c := p.peek(); c == 'e' || c == 'E' {
		p.pos++
		if c := p.peek(); c == '+' || c == '-' {
			p.pos++
		}
		if !p.digits() {
			return p.fail("digits follow the e of a number")
		}
	}
	p.nodes[at].kind, p.nodes[at].to = isNumber, int32(p.pos)
	return true
}

func (p *docParser) array(at, depth int, context bool) bool {
	p.nodes[at].kind = isArray
	p.pos++
	p.space()
	if p.peek() == ']' {
		p.pos++
		return true
	}
	for n := 1; ; n++ {
		if n > maxItems {
			return p.fail("an array has more than " + strconv.Itoa(maxItems) + " items")
		}
		p.space()
		if !p.value(depth+1, context) {
			return false
		}
		p.space()
		switch p.peek() {
		case ',':
			p.pos++
		case ']':
			p.pos++
			return true
		default:
			return p.fail("a comma or ] follows an item")
		}
	}
}

func (p *docParser) object(at, depth int, context bool) bool {
	p.nodes[at].kind = isObject
	p.pos++
	p.space()
	if p.peek() == '}' {
		p.pos++
		return true
	}
	for n := 1; ; n++ {
		if n > maxMembers {
			return p.fail("an object has more than " + strconv.Itoa(maxMembers) + " members")
		}
		p.space()
		if !p.member(at, depth, context) {
			return false
		}
		p.space()
		switch p.peek() {
		case ',':
			p.pos++
		case '}':
			p.pos++
			return true
		default:
			return p.fail("a comma or } follows a member")
		}
	}
}

func (p *docParser) member(object, depth int, context bool) bool {
	if p.peek() != '"' {
		return p.fail("a member begins with its name in quotes")
	}
	from, to, escaped, ok := p.str()
	if !ok {
		return false
	}
	name := p.src[from:to]
	if keyword(name, escaped) {
		return p.fail("@graph, @included and @reverse are not accepted")
	}
	if escaped {
		name = unescapeJSON(name)
	}
	hash := nameHash(name)
	if p.known(object, name, hash) {
		return p.fail("two members of one object have the same name")
	}
	p.space()
	if p.peek() != ':' {
		return p.fail("a colon follows the name of a member")
	}
	p.pos++
	p.space()
	at := len(p.nodes)
	isContext := name == "@context"
	if !p.value(depth+1, context || isContext) {
		return false
	}
	n := &p.nodes[at]
	n.keyFrom, n.keyTo, n.keyEscaped, n.hash = int32(from), int32(to), escaped, hash
	if isContext && !context && n.kind >= isArray { // keep that it is there
		p.nodes = p.nodes[:at+1]
		n.kind, n.next = isTrue, int32(at+1)
	}
	return true
}

// known reports whether the object has a member of this name already.
func (p *docParser) known(object int, name string, hash uint16) bool {
	for i := object + 1; i < len(p.nodes); {
		n := &p.nodes[i]
		if n.hash == hash {
			key := p.src[n.keyFrom:n.keyTo]
			if n.keyEscaped {
				key = unescapeJSON(key)
			}
			if key == name {
				return true
			}
		}
		i = int(n.next)
	}
	return false
}

// keyword reports whether the text of a string is one of the keywords that
// reorder what a document means.
func keyword(s string, escaped bool) bool {
	if escaped {
		if len(s) > 64 {
			return false
		}
		s = unescapeJSON(s)
	}
	return len(s) > 5 && s[0] == '@' && (s == "@graph" || s == "@included" || s == "@reverse")
}

// unescapeJSON resolves the escapes of a string that was checked. Lone halves
// of surrogate pairs, and U+0000, become U+FFFD.
func unescapeJSON(s string) string {
	b := make([]byte, 0, len(s))
	for i := 0; i < len(s); {
		if s[i] != '\\' {
			n := strings.IndexByte(s[i:], '\\')
			if n < 0 {
				n = len(s) - i
			}
			b = append(b, s[i:i+n]...)
			i += n
			continue
		}
		if c := s[i+1]; c != 'u' {
			b = append(b, unescaped[c])
			i += 2
			continue
		}
		r, _ := hex4(s[i+2:])
		i += 6
		if utf16.IsSurrogate(r) {
			low := rune(-1)
			if strings.HasPrefix(s[i:], `\u`) {
				low, _ = hex4(s[i+2:])
			}
			if r = utf16.DecodeRune(r, low); r != utf8.RuneError {
				i += 6
			}
		}
		if r == 0 {
			r = utf8.RuneError
		}
		b = utf8.AppendRune(b, r)
	}
	return string(b)
}

var unescaped = [256]byte{'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}
