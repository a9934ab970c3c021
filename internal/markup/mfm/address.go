package mfm

import "strings"

// mention reads @user or @user@host. Names with "." or "-" at an edge that
// cannot be cut off make the whole thing text.
func (p *parser) mention(pos int) (Node, int) {
	userEnd := p.handle(pos + 1)
	if p.label || userEnd == pos+1 || p.afterAlnum(pos) {
		return Node{}, -1
	}
	user, host, end := p.src[pos+1:userEnd], "", userEnd
	if userEnd < len(p.src) && p.src[userEnd] == '@' {
		if hostEnd := p.handle(userEnd + 1); hostEnd > userEnd+1 {
			host, end = strings.TrimRight(p.src[userEnd+1:hostEnd], ".-"), hostEnd
			if host == "" {
				return Node{}, end
			}
		}
	}
	name := strings.TrimRight(user, ".-")
	if name == "" || isEdge(name[0]) || host != "" && (name != user || isEdge(host[0])) {
		return Node{}, end
	}
	node := Node{Kind: Mention, Text: name, More: host}
	if host == "" {
		return node, pos + 1 + len(name)
	}
	return node, userEnd + 1 + len(host)
}

func isEdge(c byte) bool { return c == '.' || c == '-' }

func (p *parser) handle(pos int) int { return p.value(pos) }

// bracketed is a grammar of characters and balanced brackets.
type bracketed struct {
	pairs []pair
	char  func(p *parser, pos int) int // its length, 0 if it does not belong
}

type pair struct{ open, close string }

var (
	tagGrammar = bracketed{[]pair{{"(", ")"}, {"[", "]"}, {"「", "」"}, {"（", "）"}}, tagChar}
	urlGrammar = bracketed{[]pair{{"(", ")"}, {"[", "]"}}, urlChar}
)

// run reads as many items as there are; deep is how deep they nest already.
func (p *parser) run(pos, deep int, g *bracketed) int {
	for pos < len(p.src) {
		end := p.item(pos, deep, g)
		if end < 0 {
			break
		}
		pos = end
	}
	return pos
}

func (p *parser) item(pos, deep int, g *bracketed) int {
	if n := g.char(p, pos); n > 0 {
		return pos + n
	}
	if deep >= p.limit && deep > p.depth {
		return -1
	}
	for _, pair := range g.pairs {
		if !p.at(pos, pair.open) {
			continue
		}
		p.spend()
		end := p.run(pos+len(pair.open), deep+1, g)
		if p.at(end, pair.close) {
			return end + len(pair.close)
		}
		break
	}
	return -1
}

func tagChar(p *parser, pos int) int {
	switch c := p.src[pos]; {
	case c >= 0x80:
		if c == 0xE3 || c == 0xEF {
			for _, s := range [...]string{"\u3000", "【", "】", "「", "」", "（", "）"} {
				if p.at(pos, s) {
					return 0
				}
			}
		}
		return p.runeLen(pos)
	case strings.IndexByte(" \t\r\n.,!?'\"#:/[]()<>", c) >= 0:
		return 0
	}
	return 1
}

func urlChar(p *parser, pos int) int {
	if c := p.src[pos]; isAlnum(c) || strings.IndexByte(".,_/:%#@$&?!~=+-", c) >= 0 {
		return 1
	}
	return 0
}

func (p *parser) hashtag(pos int) (Node, int) {
	if p.label || p.afterAlnum(pos) {
		return Node{}, -1
	}
	end := p.run(pos+1, p.depth, &tagGrammar)
	tag := p.src[pos+1 : end]
	if tag == "" || isDigits(tag) {
		return Node{}, -1
	}
	return Node{Kind: Hashtag, Text: tag}, end
}

// schemeLen measures http:// or https:// at pos.
func (p *parser) schemeLen(pos int) int {
	switch {
	case p.at(pos, "https://"):
		return len("https://")
	case p.at(pos, "http://"):
		return len("http://")
	}
	return 0
}

func (p *parser) url(pos int) (Node, int) {
	n := p.schemeLen(pos)
	if n == 0 || p.label {
		return Node{}, -1
	}
	end := p.run(pos+n, p.depth, &urlGrammar)
	if end == pos+n {
		return Node{}, -1
	}
	content := strings.TrimRight(p.src[pos+n:end], ".,")
	if content == "" {
		return Node{}, end
	}
	end = pos + n + len(content)
	return Node{Kind: URL, Text: p.src[pos:end]}, end
}

// urlAlt reads <https://…>, where any character but a space may stand.
func (p *parser) urlAlt(pos int) (Node, int) {
	n := p.schemeLen(pos + 1)
	if n == 0 || p.label {
		return Node{}, -1
	}
	end := p.altEnd.next(p.src, pos+1+n)
	if end <= pos+1+n || p.src[end] != '>' {
		return Node{}, -1
	}
	return Node{Kind: URL, Flag: true, Text: p.src[pos+1 : end]}, end + 1
}

var stopLabel = stop{close: "]", newline: true, retried: retriedLabel}

// link reads [nodes](address) and ?[nodes](address).
func (p *parser) link(pos int) (Node, int) {
	silent := p.src[pos] == '?'
	open := pos
	if silent {
		open++
	}
	if p.label || !p.at(open, "[") {
		return Node{}, -1
	}
	mark := len(p.trail)
	p.label = true
	nodes, end, ok := p.children(open+1, &stopLabel)
	p.label = false
	if ok {
		if url, urlEnd := p.target(end + 1); urlEnd >= 0 {
			p.trail = p.trail[:mark]
			return Node{Kind: Link, Flag: silent, Text: url, Children: nodes}, urlEnd
		}
	}
	p.bury(mark)
	return Node{}, -1
}

// target reads the (address) of a link.
func (p *parser) target(pos int) (string, int) {
	if !p.at(pos, "(") {
		return "", -1
	}
	pos++
	var node Node
	end := -1
	if p.at(pos, "<") {
		node, end = p.urlAlt(pos)
	} else if p.at(pos, "http") {
		node, end = p.url(pos)
	}
	if end < 0 || node.Kind != URL || !p.at(end, ")") {
		return "", -1
	}
	return node.Text, end + 1
}
