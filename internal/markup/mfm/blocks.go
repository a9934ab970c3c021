package mfm

import (
	"strings"
	"unicode/utf8"
)

const fence = "```"

var stopCenter = stop{close: "</center>", slack: true, retried: retriedCenter}

// quote reads lines that begin with ">"; up to two line ends before and after
// them belong to it. What the lines hold is read as a text of its own.
func (p *parser) quote(pos int) (Node, int) {
	i := p.skipNewline(p.skipNewline(pos))
	if i >= len(p.src) || p.src[i] != '>' {
		return Node{}, -1
	}
	var content strings.Builder
	for line := 0; ; line++ {
		from := i + 1
		from += p.spaceLen(from)
		end := p.lineEnd.next(p.src, from)
		if line > 0 {
			content.WriteByte('\n')
		}
		content.WriteString(p.src[from:end])
		i = end
		if next := p.skipNewline(end); next < len(p.src) && next > end && p.src[next] == '>' {
			i = next
			continue
		}
		break
	}
	if content.Len() == 0 {
		return Node{}, -1
	}
	node := Node{Kind: Quote, Children: p.nested(content.String())}
	return node, p.skipNewline(p.skipNewline(i))
}

// nested reads another source one level deeper, with the budget of this one.
func (p *parser) nested(source string) []Node {
	in := newParser(source, p.limit)
	in.depth, in.budget = p.depth+1, p.budget
	if in.depth >= in.limit {
		return []Node{{Kind: Text, Text: source}}
	}
	nodes := in.full()
	p.budget, p.limit = in.budget, in.limit
	return nodes
}

func (p *parser) blockCode(start int) (Node, int) {
	if !p.at(start, fence) {
		return Node{}, -1
	}
	info := p.lineEnd.next(p.src, start+len(fence))
	from := p.skipNewline(info)
	if from == info {
		return Node{}, -1
	}
	mark := p.fence.next(p.src, from)
	if mark == from {
		mark = p.fence.next(p.src, from+1)
	}
	if mark < 0 {
		return Node{}, -1
	}
	end := p.beforeNewline(from, mark)
	if end == from {
		return Node{}, -1
	}
	language := strings.TrimFunc(p.src[start+len(fence):info], isJSSpace)
	return Node{Kind: BlockCode, Text: p.src[from:end], More: language}, p.skipNewline(mark + len(fence))
}

// isJSSpace is what String.prototype.trim removes.
func isJSSpace(r rune) bool {
	switch r {
	case ' ', '\t', '\n', '\v', '\f', '\r', 0xA0, 0xFEFF, 0x1680, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000:
		return true
	}
	return r >= 0x2000 && r <= 0x200A
}

func (p *parser) mathBlock(start int) (Node, int) {
	if !p.at(start, `\[`) {
		return Node{}, -1
	}
	from := p.skipNewline(start + 2)
	mark := p.mathClose.next(p.src, from)
	if mark < 0 || !p.endsLine(mark+2) {
		return Node{}, -1
	}
	end := p.beforeNewline(from, mark)
	if end == from {
		return Node{}, -1
	}
	return Node{Kind: MathBlock, Text: p.src[from:end]}, p.skipNewline(mark + 2)
}

func (p *parser) center(start int) (Node, int) {
	const open = "<center>"
	if !p.at(start, open) {
		return Node{}, -1
	}
	from := p.skipNewline(start + len(open))
	if p.centerClose.next(p.src, from) < 0 {
		return Node{}, -1
	}
	mark := len(p.trail)
	nodes, end, ok := p.children(from, &stopCenter)
	if ok {
		end = p.skipNewline(end) + len(stopCenter.close)
	}
	if !ok || !p.endsLine(end) {
		p.bury(mark)
		return Node{}, -1
	}
	p.trail = p.trail[:mark]
	return Node{Kind: Center, Children: nodes}, p.skipNewline(end)
}

// search reads a line that ends with a search button; start begins the line.
func (p *parser) search(start int) (Node, int) {
	end := p.lineEnd.next(p.src, start)
	line := p.src[start:end]
	query, ok := cutButton(line)
	if !ok {
		return Node{}, -1
	}
	_, n := utf8.DecodeLastRuneInString(query)
	if r := query[len(query)-n:]; r != " " && r != "\t" && r != "\u3000" || len(query) == n {
		return Node{}, -1
	}
	return Node{Kind: Search, Text: query[:len(query)-n], More: line}, p.skipNewline(end)
}

func cutButton(line string) (string, bool) {
	bare, bracket := strings.CutSuffix(line, "]")
	rest, ok := strings.CutSuffix(bare, "検索")
	if n := len(bare) - len("search"); !ok && n >= 0 && strings.EqualFold(bare[n:], "search") && bare[n] < 0x80 {
		rest, ok = bare[:n], true
	}
	if ok && bracket {
		rest, ok = strings.CutSuffix(rest, "[")
	}
	return rest, ok && rest != ""
}
