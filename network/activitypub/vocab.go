package activitypub

import (
	"errors"
	"fmt"
	"strconv"
	"unicode/utf8"
)

// Bounds of a document that is read; one beyond them is refused whole.
const (
	MaxDocument = 1 << 20 // bytes
	maxDepth    = 32      // containers in one another
	maxItems    = 10_000  // of one array
	maxMembers  = 512     // of one object
	maxNodes    = 100_000 // values of all kinds
)

// ErrDocument is wrapped by every error about a document that cannot be read
// as ActivityStreams JSON at all; it stays wrong however often it is tried.
var ErrDocument = errors.New("not a readable ActivityStreams document")

// nodeKind is what a JSON value is.
type nodeKind uint8

const (
	isMissing nodeKind = iota // not there; also the kind of the zero Value
	isNull
	isFalse
	isTrue
	isNumber
	isString
	isArray
	isObject
)

// node is one value of a document. Values stand in the order of their text, so
// what a container holds follows it, and next leads over it.
type node struct {
	keyFrom, keyTo int32 // the member's name without quotes; equal outside of objects
	from, to       int32 // the text; of strings without quotes
	next           int32 // index of the first node behind this one and all it holds
	hash           uint16
	kind           nodeKind
	escaped        bool // the string holds backslashes
	keyEscaped     bool
}

// document is a parsed text. It is not changed once it is parsed.
type document struct {
	text  string
	nodes []node
}

// Value is one value of a parsed document; the zero Value is one that is not
// there, on which every method answers with nothing. Strings share the memory
// of the document.
//
// Documents are read by their literal keys, without JSON-LD: the meaning of a
// key is the one the fediverse gives it, whatever the @context says.
type Value struct {
	doc *document
	at  int32
}

// ParseDocument reads one JSON object of a stranger in one pass: UTF-8, RFC 8259
// to the letter, within the bounds above. Two members of one name are refused,
// since two readers could take different ones for the signed one. So are the
// keywords @graph, @included and @reverse anywhere, which let a document mean
// something else to a JSON-LD processor than to us (T3). What stands below
// @context is checked, but not kept.
func ParseDocument(text []byte) (Value, error) {
	if len(text) > MaxDocument {
		return Value{}, fmt.Errorf("%w: it has %d bytes; at most %d are read", ErrDocument, len(text), MaxDocument)
	}
	if !utf8.Valid(text) {
		return Value{}, fmt.Errorf("%w: it is not UTF-8", ErrDocument)
	}
	p := docParser{src: string(text)}
	p.nodes = make([]node, 0, len(text)/32+16)
	p.space()
	if p.peek() != '{' {
		return Value{}, fmt.Errorf("%w: it must be one JSON object", ErrDocument)
	}
	if !p.value(0, false) {
		return Value{}, fmt.Errorf("%w: %s at byte %d", ErrDocument, p.why, p.pos)
	}
	p.space()
	if p.pos != len(p.src) {
		return Value{}, fmt.Errorf("%w: something follows the object at byte %d", ErrDocument, p.pos)
	}
	return Value{doc: &document{text: p.src, nodes: p.nodes}}, nil
}

func (v Value) node() *node {
	if v.doc == nil {
		return &node{}
	}
	return &v.doc.nodes[v.at]
}

// Exists reports whether the value is there and not null.
func (v Value) Exists() bool { return v.node().kind > isNull }

// IsObject reports whether the value is an object.
func (v Value) IsObject() bool { return v.node().kind == isObject }

// IsString reports whether the value is a string.
func (v Value) IsString() bool { return v.node().kind == isString }

// Get is the member of an object by the first of names that is there and not
// null: the name that is usual first, then its aliases.
func (v Value) Get(names ...string) Value {
	n := v.node()
	if n.kind != isObject {
		return Value{}
	}
	for _, name := range names {
		hash := nameHash(name)
		for i := v.at + 1; i < n.next; {
			m := &v.doc.nodes[i]
			if m.hash == hash && v.doc.key(m) == name && m.kind > isNull {
				return Value{v.doc, i}
			}
			i = m.next
		}
	}
	return Value{}
}

// Str is a string's text, "" for everything else. U+0000, which no store takes,
// comes as U+FFFD.
func (v Value) Str() string {
	n := v.node()
	if n.kind != isString {
		return ""
	}
	s := v.doc.text[n.from:n.to]
	if n.escaped {
		return unescapeJSON(s)
	}
	return s
}

// Text is the first string of a value: itself, or the first item of an array
// that is one.
func (v Value) Text() string {
	for x := range v.Each {
		if x.IsString() {
			return x.Str()
		}
	}
	return ""
}

// True reports whether the value is true, or the text "true".
func (v Value) True() bool {
	n := v.node()
	return n.kind == isTrue || (n.kind == isString && v.Str() == "true")
}

// Number is a number's value; false for everything else.
func (v Value) Number() (float64, bool) {
	n := v.node()
	if n.kind != isNumber {
		return 0, false
	}
	f, err := strconv.ParseFloat(v.doc.text[n.from:n.to], 64)
	return f, err == nil
}

// Count is a number of things: 0 for what is none, never above most.
func (v Value) Count(most int64) int64 {
	f, ok := v.Number()
	switch {
	case !ok || !(f > 0):
		return 0
	case f >= float64(most):
		return most
	}
	return int64(f)
}

// Each calls f with the items of an array, or with the value itself where the
// vocabulary lets one stand for a list of one. Null and nothing are no items.
func (v Value) Each(f func(Value) bool) {
	n := v.node()
	if n.kind != isArray {
		if n.kind > isNull {
			f(v)
		}
		return
	}
	for i := v.at + 1; i < n.next; i = v.doc.nodes[i].next {
		if v.doc.nodes[i].kind > isNull && !f(Value{v.doc, i}) {
			return
		}
	}
}

// Members calls f with the members of an object, in their order.
func (v Value) Members(f func(name string, value Value) bool) {
	n := v.node()
	if n.kind != isObject {
		return
	}
	for i := v.at + 1; i < n.next; i = v.doc.nodes[i].next {
		if !f(v.doc.key(&v.doc.nodes[i]), Value{v.doc, i}) {
			return
		}
	}
}

// First is the first item as Each has them.
func (v Value) First() Value {
	for x := range v.Each {
		return x
	}
	return Value{}
}

// Len is how many items Each has.
func (v Value) Len() (n int) {
	for range v.Each {
		n++
	}
	return n
}

// ID is the id of what a value names: the string itself, the id of an object,
// the href of a Link; of an array, of its first item.
func (v Value) ID() string {
	v = v.First()
	if v.IsString() {
		return v.Str()
	}
	if id := v.Get("id", "@id").Str(); id != "" {
		return id
	}
	if v.Is("Link") {
		return v.Get("href").Str()
	}
	return ""
}

// Type is the first type of an object.
func (v Value) Type() string { return v.Get("type", "@type").Text() }

// Is reports whether an object is of the type, among others perhaps.
func (v Value) Is(typ string) bool {
	for t := range v.Get("type", "@type").Each {
		if t.Str() == typ {
			return true
		}
	}
	return false
}

func (d *document) key(n *node) string {
	s := d.text[n.keyFrom:n.keyTo]
	if n.keyEscaped {
		return unescapeJSON(s)
	}
	return s
}

// nameHash lets most names be told apart without looking at them.
func nameHash(s string) uint16 {
	if s == "" {
		return 0
	}
	n := len(s)
	return uint16(n)<<11 ^ uint16(s[0])<<6 ^ uint16(s[n/2])<<3 ^ uint16(s[n-1])
}
