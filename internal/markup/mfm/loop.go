package mfm

import "strings"

// stop is what ends a list of inline nodes.
type stop struct {
	close   string // the mark itself
	newline bool   // a line end stops too
	slack   bool   // one line end may stand before the mark
	retried uint8  // not 0: a list of this kind is given up when its mark fails
}

const (
	retriedLabel  = 1
	retriedCenter = 2
)

func (p *parser) stops(pos int, s *stop) bool {
	c := p.src[pos]
	if c == s.close[0] {
		return p.at(pos, s.close)
	}
	if c != '\n' && c != '\r' {
		return false
	}
	return s.newline || s.slack && p.at(p.skipNewline(pos), s.close)
}

// place is where a list of inline nodes came by: what stops it, how deep, and
// the position.
type place struct {
	kind  uint8
	depth uint8
	pos   int32
}

// list reads inline nodes from pos until s stops them or the source ends. They
// are added to p.nodes. dead says that the same way was gone before in vain.
func (p *parser) list(pos int, s *stop) (end int, dead bool) {
	p.depth++
	defer func() { p.depth-- }()
	literal := p.depth >= p.limit
	from := pos
	for pos < len(p.src) {
		if !p.begins(pos) {
			pos++
			continue
		}
		if p.stops(pos, s) {
			break
		}
		if literal {
			pos++
			continue
		}
		if s.retried != 0 && p.seen(pos, s) {
			return pos, true
		}
		node, stop := p.inline(pos)
		switch {
		case stop < 0:
			pos++
		case node.Kind == Text:
			pos = stop
		default:
			p.text(from, pos)
			p.nodes = append(p.nodes, node)
			from, pos = stop, stop
		}
	}
	p.text(from, pos)
	return pos, false
}

func (p *parser) seen(pos int, s *stop) bool {
	at := place{s.retried, uint8(min(p.depth, 255)), int32(pos)}
	if _, dead := p.dead[at]; dead {
		return true
	}
	p.trail = append(p.trail, at)
	return false
}

// children reads inline nodes from pos to s as a list of their own. ok says
// that there was at least one and that s came. When it is false, bury has to
// be called for lists that are tried again.
func (p *parser) children(pos int, s *stop) (nodes []Node, end int, ok bool) {
	mark := len(p.nodes)
	end, dead := p.list(pos, s)
	ok = !dead && end > pos && strings.HasPrefix(p.src[p.afterSlack(end, s):], s.close)
	if ok {
		nodes = append(make([]Node, 0, len(p.nodes)-mark), p.nodes[mark:]...)
	}
	clear(p.nodes[mark:])
	p.nodes = p.nodes[:mark]
	return nodes, end, ok
}

func (p *parser) afterSlack(pos int, s *stop) int {
	if s.slack {
		return p.skipNewline(pos)
	}
	return pos
}

// bury notes that the way since mark led to nothing, so that no list takes it
// again: without that, a text of "[[[[" would take quadratic time.
func (p *parser) bury(mark int) {
	if len(p.trail) > mark && p.dead == nil {
		p.dead = make(map[place]struct{})
	}
	for _, at := range p.trail[mark:] {
		p.dead[at] = struct{}{}
	}
	p.trail = p.trail[:mark]
}

// enclosed reads open, nodes, close. When the close does not come, all that was
// read is text.
func (p *parser) enclosed(pos int, kind Kind, open string, s *stop) (Node, int) {
	nodes, end, ok := p.children(pos+len(open), s)
	if !ok {
		return Node{}, end
	}
	return Node{Kind: kind, Children: nodes}, end + len(s.close)
}

// finder remembers where it found something, so that asking again from every
// position costs one pass over the source.
type finder struct {
	find     func(src string, from int) int
	from, at int
	asked    bool
}

// next gives the first place at or after pos, or -1.
func (f *finder) next(src string, pos int) int {
	if f.asked && pos >= f.from && (f.at < 0 || pos <= f.at) {
		return f.at
	}
	f.asked, f.from, f.at = true, pos, f.find(src, pos)
	return f.at
}

func indexFrom(src, s string, from int) int {
	n := strings.Index(src[from:], s)
	if n < 0 {
		return -1
	}
	return from + n
}

func findMathEnd(src string, from int) int     { return indexFrom(src, `\)`, from) }
func findMathClose(src string, from int) int   { return indexFrom(src, `\]`, from) }
func findPlainClose(src string, from int) int  { return indexFrom(src, "</plain>", from) }
func findCenterClose(src string, from int) int { return indexFrom(src, "</center>", from) }

// findLineEnd gives the end of the source when no line end follows.
func findLineEnd(src string, from int) int {
	if n := strings.IndexAny(src[from:], "\r\n"); n >= 0 {
		return from + n
	}
	return len(src)
}

// findAltEnd finds what ends an address in <>.
func findAltEnd(src string, from int) int {
	if n := strings.IndexAny(src[from:], "> \t\u3000"); n >= 0 {
		return from + n
	}
	return -1
}

// findFence finds three backticks that are a line of their own, behind a line
// end that is not before from.
func findFence(src string, from int) int {
	for i := from; ; {
		n := strings.Index(src[i:], fence)
		if n < 0 {
			return -1
		}
		i += n
		end := i + len(fence)
		after := end == len(src) || src[end] == '\n' || src[end] == '\r'
		if after && i > from && (src[i-1] == '\n' || src[i-1] == '\r') {
			return i
		}
		i++
	}
}
