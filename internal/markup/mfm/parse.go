package mfm

import (
	"strings"
	"unicode/utf8"

	"engawa/internal/markup/htmltoken"
)

// MaxSource is how many bytes of MFM are parsed; what follows is dropped.
const MaxSource = 256 << 10

// NestLimit is how deep nodes may nest; deeper marks stay text.
const NestLimit = 20

// Parse reads MFM: the tree that mfm.js 0.25 parse gives. Strings in the nodes
// are parts of the source where they can be.
func Parse(source string) []Node { return ParseNest(source, NestLimit) }

// ParseNest is Parse with another nesting limit.
func ParseNest(source string, limit int) []Node {
	source = htmltoken.Valid(source, MaxSource)
	p := newParser(source, limit)
	p.budget = stepsPerByte*len(source) + minSteps
	return p.full()
}

// ParseSimple reads MFM of names: only text, emoji and plain (parseSimple).
func ParseSimple(source string) []Node {
	p := newParser(htmltoken.Valid(source, MaxSource), NestLimit)
	from, pos := 0, 0
	for pos < len(p.src) {
		node, end := p.simpleItem(pos)
		if end < 0 {
			pos++
			continue
		}
		p.text(from, pos)
		p.nodes = append(p.nodes, node)
		from, pos = end, end
	}
	p.text(from, pos)
	return p.nodes
}

func (p *parser) simpleItem(pos int) (Node, int) {
	switch class[p.src[pos]] {
	case classEmoji:
		return p.emoji(pos)
	case classMark:
		switch p.src[pos] {
		case ':':
			return p.emojiCode(pos)
		case '<':
			return p.plainTag(pos)
		case '#', '*':
			return p.emoji(pos)
		}
	}
	return Node{}, -1
}

// The budget bounds the time a hostile text can take; no text that was written
// by a person comes near it.
const (
	stepsPerByte = 64
	minSteps     = 4096
)

// parser holds one text. Every item it tries gives a Node and where it ends;
// an end of -1 says that nothing begins there, a Node of kind Text that the
// source up to the end is text as it stands.
type parser struct {
	src    string
	nodes  []Node // finished, the innermost list last
	depth  int
	limit  int
	label  bool // inside the text of a link
	budget int

	dead  map[place]struct{} // where loops came by that led to nothing
	trail []place            // where the running loops came by

	fence, lineEnd, mathEnd, mathClose, plainClose, centerClose, altEnd finder
}

func newParser(source string, limit int) parser {
	return parser{
		src: source, limit: limit,
		fence:       finder{find: findFence},
		lineEnd:     finder{find: findLineEnd},
		mathEnd:     finder{find: findMathEnd},
		mathClose:   finder{find: findMathClose},
		plainClose:  finder{find: findPlainClose},
		centerClose: finder{find: findCenterClose},
		altEnd:      finder{find: findAltEnd},
	}
}

// text adds src[from:to] as a Text, if there is any.
func (p *parser) text(from, to int) {
	if to > from {
		p.nodes = append(p.nodes, Node{Kind: Text, Text: p.src[from:to]})
	}
}

// full reads the whole source with block nodes.
func (p *parser) full() []Node {
	from, pos := 0, 0
	for pos < len(p.src) {
		begin := p.lineBegin(pos)
		if !begin && !p.begins(pos) {
			pos++
			continue
		}
		node, end := p.fullItem(pos, begin)
		switch {
		case end < 0:
			pos += p.runeLen(pos)
		case node.Kind == Text:
			pos = end
		default:
			p.text(from, pos)
			p.nodes = append(p.nodes, node)
			from, pos = end, end
		}
	}
	p.text(from, pos)
	return p.nodes
}

// fullItem tries what may stand at pos outside of inline nodes; begin says
// that pos begins a line.
func (p *parser) fullItem(pos int, begin bool) (Node, int) {
	start := p.skipNewline(pos)
	if begin || start > pos {
		if node, end := p.block(pos, start); end >= 0 {
			return node, end
		}
	}
	if start == pos {
		if node, end := p.inline(pos); end >= 0 {
			return node, end
		}
	}
	if begin || start > pos {
		return p.search(start)
	}
	return Node{}, -1
}

func (p *parser) block(pos, start int) (Node, int) {
	if start < len(p.src) {
		switch p.src[start] {
		case '<':
			return p.center(start)
		case '`':
			return p.blockCode(start)
		case '\\':
			return p.mathBlock(start)
		}
	}
	return p.quote(pos)
}

// inline tries every inline node that can begin with the byte at pos, in the
// order of mfm.js.
func (p *parser) inline(pos int) (Node, int) {
	p.spend()
	switch c := p.src[pos]; c {
	case '<':
		return p.tag(pos)
	case '*':
		if node, end := p.emoji(pos); end >= 0 {
			return node, end
		}
		return p.asterisk(pos)
	case '_':
		return p.underscore(pos)
	case '`':
		return p.inlineCode(pos)
	case '\\':
		return p.mathInline(pos)
	case '~':
		return p.strikeWave(pos)
	case '$':
		return p.fn(pos)
	case '@':
		return p.mention(pos)
	case '#':
		if node, end := p.emoji(pos); end >= 0 {
			return node, end
		}
		return p.hashtag(pos)
	case ':':
		return p.emojiCode(pos)
	case '[', '?':
		return p.link(pos)
	case 'h':
		return p.url(pos)
	}
	return p.emoji(pos)
}

// spend counts a step; when they are used up nothing nests any more.
func (p *parser) spend() {
	p.budget--
	if p.budget < 0 {
		p.limit = 0
	}
}

// emoji also takes a lone U+FE0F, as text.
func (p *parser) emoji(pos int) (Node, int) {
	if p.at(pos, "\uFE0F") {
		return Node{}, pos + len("\uFE0F")
	}
	n := EmojiLen(p.src[pos:])
	if n == 0 {
		return Node{}, -1
	}
	return Node{Kind: UnicodeEmoji, Text: p.src[pos : pos+n]}, pos + n
}

func (p *parser) at(pos int, s string) bool { return strings.HasPrefix(p.src[pos:], s) }

func (p *parser) runeLen(pos int) int {
	if p.src[pos] < utf8.RuneSelf {
		return 1
	}
	_, n := utf8.DecodeRuneInString(p.src[pos:])
	return n
}

func (p *parser) lineBegin(pos int) bool {
	return pos == 0 || p.src[pos-1] == '\n' || p.src[pos-1] == '\r'
}

func (p *parser) endsLine(pos int) bool {
	return pos == len(p.src) || p.src[pos] == '\n' || p.src[pos] == '\r'
}

// skipNewline moves over one line end (CRLF, CR or LF) if there is one.
func (p *parser) skipNewline(pos int) int {
	if pos == len(p.src) {
		return pos
	}
	switch p.src[pos] {
	case '\n':
		return pos + 1
	case '\r':
		if pos+1 < len(p.src) && p.src[pos+1] == '\n' {
			return pos + 2
		}
		return pos + 1
	}
	return pos
}

// beforeNewline moves back over one line end before pos, not beyond from.
func (p *parser) beforeNewline(from, pos int) int {
	if pos-1 >= from && p.src[pos-1] == '\n' {
		if pos-2 >= from && p.src[pos-2] == '\r' {
			return pos - 2
		}
		return pos - 1
	}
	if pos-1 >= from && p.src[pos-1] == '\r' {
		return pos - 1
	}
	return pos
}

func (p *parser) afterAlnum(pos int) bool { return pos > 0 && isAlnum(p.src[pos-1]) }

// spaceLen measures a space, tab or U+3000 at pos.
func (p *parser) spaceLen(pos int) int {
	switch {
	case pos == len(p.src):
		return 0
	case p.src[pos] == ' ' || p.src[pos] == '\t':
		return 1
	case p.at(pos, "\u3000"):
		return len("\u3000")
	}
	return 0
}
