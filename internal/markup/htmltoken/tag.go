// Package htmltoken reads HTML of strangers in one pass: no tree, no
// allocation, no failure. It knows the elements that posts are made of and
// names every other one Unknown or Block.
package htmltoken

// Tag names an element that this package tells apart.
type Tag uint8

// The elements told apart. Unknown is any other inline element, Block any
// other element that stands on lines of its own, Hidden one whose content is
// never shown as text (script, style, svg …).
const (
	Unknown Tag = iota
	Block
	Hidden
	A
	B
	Blockquote
	Br
	Code
	Del
	Div
	Em
	H1
	H2
	H3
	H4
	H5
	H6
	I
	Li
	Ol
	P
	Pre
	Rp
	Rt
	Ruby
	S
	Small
	Span
	Strong
	Time
	U
	Ul
	tagCount
)

var names = [tagCount]string{
	A: "a", B: "b", Blockquote: "blockquote", Br: "br", Code: "code", Del: "del", Div: "div",
	Em: "em", H1: "h1", H2: "h2", H3: "h3", H4: "h4", H5: "h5", H6: "h6", I: "i", Li: "li",
	Ol: "ol", P: "p", Pre: "pre", Rp: "rp", Rt: "rt", Ruby: "ruby", S: "s", Small: "small",
	Span: "span", Strong: "strong", Time: "time", U: "u", Ul: "ul",
}

// String gives the element's name as it is written in HTML, or "" for
// Unknown, Block and Hidden.
func (t Tag) String() string { return names[t] }

// IsBlock tells whether the element begins on a line of its own.
func (t Tag) IsBlock() bool {
	switch t {
	case Block, Blockquote, Div, H1, H2, H3, H4, H5, H6, Li, Ol, P, Pre, Ul:
		return true
	}
	return false
}

// IsHeading tells whether the element is h1 to h6.
func (t Tag) IsHeading() bool { return t >= H1 && t <= H6 }

const longestName = 10

// lookup finds the Tag of a name in any letter case.
func lookup(name string) Tag {
	if len(name) > longestName {
		return Unknown
	}
	var low [longestName]byte
	for i := 0; i < len(name); i++ {
		c := name[i]
		if c >= 'A' && c <= 'Z' {
			c += 'a' - 'A'
		}
		low[i] = c
	}
	return lookupLower(low[:len(name)])
}

func lookupLower(name []byte) Tag {
	switch string(name) {
	case "a":
		return A
	case "b":
		return B
	case "blockquote":
		return Blockquote
	case "br":
		return Br
	case "code":
		return Code
	case "del":
		return Del
	case "div":
		return Div
	case "em":
		return Em
	case "h1", "h2", "h3", "h4", "h5", "h6":
		return H1 + Tag(name[1]-'1')
	case "i":
		return I
	case "li":
		return Li
	case "ol":
		return Ol
	case "p":
		return P
	case "pre":
		return Pre
	case "rp":
		return Rp
	case "rt":
		return Rt
	case "ruby":
		return Ruby
	case "s":
		return S
	case "small":
		return Small
	case "span":
		return Span
	case "strong":
		return Strong
	case "time":
		return Time
	case "u":
		return U
	case "ul":
		return Ul
	}
	return lookupRest(name)
}

func lookupRest(name []byte) Tag {
	switch string(name) {
	case "script", "style", "iframe", "noembed", "noframes", "noscript", "plaintext", "xmp",
		"textarea", "title", "svg", "math", "template", "object", "select", "frameset":
		return Hidden
	case "address", "article", "aside", "body", "center", "dd", "details", "dir", "dl", "dt",
		"fieldset", "figcaption", "figure", "footer", "form", "header", "hr", "html", "main",
		"menu", "nav", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr":
		return Block
	}
	return Unknown
}
