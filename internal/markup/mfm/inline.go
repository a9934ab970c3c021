package mfm

import "strings"

var (
	stopSmall  = stop{close: "</small>"}
	stopBold   = stop{close: "</b>"}
	stopItalic = stop{close: "</i>"}
	stopStrike = stop{close: "</s>"}
	stopBig    = stop{close: "***"}
	stopAsta   = stop{close: "**"}
	stopWave   = stop{close: "~~", newline: true}
	stopFn     = stop{close: "]"}
)

func (p *parser) tag(pos int) (Node, int) {
	switch {
	case p.at(pos, "<small>"):
		return p.enclosed(pos, Small, "<small>", &stopSmall)
	case p.at(pos, "<b>"):
		return p.enclosed(pos, Bold, "<b>", &stopBold)
	case p.at(pos, "<i>"):
		return p.enclosed(pos, Italic, "<i>", &stopItalic)
	case p.at(pos, "<s>"):
		return p.enclosed(pos, Strike, "<s>", &stopStrike)
	case p.at(pos, "<plain>"):
		return p.plainTag(pos)
	}
	return p.urlAlt(pos)
}

func (p *parser) plainTag(pos int) (Node, int) {
	const open, shut = "<plain>", "</plain>"
	if !p.at(pos, open) {
		return Node{}, -1
	}
	from := p.skipNewline(pos + len(open))
	mark := p.plainClose.next(p.src, from)
	if mark < 0 {
		return Node{}, -1
	}
	end := p.beforeNewline(from, mark)
	if end == from {
		return Node{}, -1
	}
	return Node{Kind: Plain, Children: []Node{{Text: p.src[from:end]}}}, mark + len(shut)
}

func (p *parser) asterisk(pos int) (Node, int) {
	switch {
	case p.at(pos, "***"):
		node, end := p.enclosed(pos, Fn, "***", &stopBig)
		if node.Kind == Fn {
			node.Text = "tada"
		}
		return node, end
	case p.at(pos, "**"):
		return p.enclosed(pos, Bold, "**", &stopAsta)
	}
	return p.words(pos, Italic, "*")
}

func (p *parser) underscore(pos int) (Node, int) {
	if p.at(pos, "__") {
		return p.words(pos, Bold, "__")
	}
	return p.words(pos, Italic, "_")
}

// words reads ASCII letters, digits and spaces between two marks.
func (p *parser) words(pos int, kind Kind, mark string) (Node, int) {
	from := pos + len(mark)
	end := from
	for end < len(p.src) {
		if isAlnum(p.src[end]) {
			end++
		} else if n := p.spaceLen(end); n > 0 {
			end += n
		} else {
			break
		}
	}
	if end == from || !p.at(end, mark) || kind == Italic && p.afterAlnum(pos) {
		return Node{}, -1
	}
	return Node{Kind: kind, Children: []Node{{Text: p.src[from:end]}}}, end + len(mark)
}

func (p *parser) strikeWave(pos int) (Node, int) {
	if !p.at(pos, "~~") {
		return Node{}, -1
	}
	return p.enclosed(pos, Strike, "~~", &stopWave)
}

func (p *parser) inlineCode(pos int) (Node, int) {
	from := pos + 1
	n := strings.IndexAny(p.src[from:], "`´\r\n")
	if n <= 0 || p.src[from+n] != '`' {
		return Node{}, -1
	}
	return Node{Kind: InlineCode, Text: p.src[from : from+n]}, from + n + 1
}

func (p *parser) mathInline(pos int) (Node, int) {
	from := pos + 2
	if !p.at(pos, `\(`) {
		return Node{}, -1
	}
	end := p.mathEnd.next(p.src, from)
	if end <= from || p.lineEnd.next(p.src, from) < end {
		return Node{}, -1
	}
	return Node{Kind: MathInline, Text: p.src[from:end]}, end + 2
}

// fn reads $[name.arg=v,flag nodes]; what is malformed is text up to where it
// stops to be a function.
func (p *parser) fn(pos int) (Node, int) {
	if !p.at(pos, "$[") {
		return Node{}, -1
	}
	from := pos + 2
	end := p.name(from)
	if end == from {
		return Node{}, end
	}
	name := p.src[from:end]
	var args []Arg
	if end < len(p.src) && p.src[end] == '.' {
		args, end = p.args(end)
	}
	if end == len(p.src) || p.src[end] != ' ' {
		return Node{}, end
	}
	nodes, end, ok := p.children(end+1, &stopFn)
	if !ok {
		return Node{}, end
	}
	return Node{Kind: Fn, Text: name, Args: args, Children: nodes}, end + 1
}

func (p *parser) name(pos int) int {
	for pos < len(p.src) && (isAlnum(p.src[pos]) || p.src[pos] == '_') {
		pos++
	}
	return pos
}

// args reads ".a=1,b"; the end is the dot when nothing valid follows.
func (p *parser) args(dot int) (args []Arg, end int) {
	end = dot
	for sep := dot; sep < len(p.src) && (sep == dot || p.src[sep] == ','); sep = end {
		nameEnd := p.name(sep + 1)
		if nameEnd == sep+1 {
			break
		}
		arg := Arg{Name: p.src[sep+1 : nameEnd], Flag: true}
		end = nameEnd
		if end < len(p.src) && p.src[end] == '=' {
			if v := p.value(end + 1); v > end+1 {
				arg.Value, arg.Flag, end = p.src[end+1:v], false, v
			}
		}
		args = setArg(args, arg)
	}
	return args, end
}

func (p *parser) value(pos int) int {
	for pos < len(p.src) && (isAlnum(p.src[pos]) || strings.IndexByte("_.-", p.src[pos]) >= 0) {
		pos++
	}
	return pos
}

// maxArgs bounds the arguments kept of one function.
const maxArgs = 64

// setArg keeps the last value of each name. __proto__ is dropped, as an object
// of JavaScript does.
func setArg(args []Arg, arg Arg) []Arg {
	if arg.Name == "__proto__" {
		return args
	}
	for i := range args {
		if args[i].Name == arg.Name {
			args[i] = arg
			return args
		}
	}
	if len(args) == maxArgs {
		return args
	}
	return append(args, arg)
}

func (p *parser) emojiCode(pos int) (Node, int) {
	from := pos + 1
	end := from
	for end < len(p.src) && (isAlnum(p.src[end]) || strings.IndexByte("_+-", p.src[end]) >= 0) {
		end++
	}
	if end == from || end == len(p.src) || p.src[end] != ':' {
		return Node{}, -1
	}
	if end+1 < len(p.src) && isAlnum(p.src[end+1]) {
		return Node{}, -1
	}
	return Node{Kind: EmojiCode, Text: p.src[from:end]}, end + 1
}
