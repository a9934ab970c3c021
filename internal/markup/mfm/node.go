package mfm

// Kind is the kind of a Node; its String is the type name of mfm.js.
type Kind uint8

// The kinds of nodes.
const (
	Text Kind = iota
	Quote
	Search
	BlockCode
	MathBlock
	Center
	UnicodeEmoji
	EmojiCode
	Bold
	Small
	Italic
	Strike
	InlineCode
	MathInline
	Mention
	Hashtag
	URL
	Link
	Fn
	Plain
	kindCount
)

var kindNames = [kindCount]string{
	"text", "quote", "search", "blockCode", "mathBlock", "center", "unicodeEmoji", "emojiCode",
	"bold", "small", "italic", "strike", "inlineCode", "mathInline", "mention", "hashtag",
	"url", "link", "fn", "plain",
}

func (k Kind) String() string { return kindNames[k] }

// Node is a piece of MFM. Which fields it uses depends on its Kind.
type Node struct {
	Kind Kind
	// Flag: a Link without preview; a URL that was written in <>.
	Flag bool
	// Text is the text, code, formula, emoji, name of the emoji, user name,
	// tag without #, address, name of the function, or query.
	Text string
	// More is the language of a BlockCode, the host of a Mention (both may be
	// empty), or the whole line of a Search.
	More string
	// Args are the arguments of a Fn, each name once, in order.
	Args []Arg
	// Children of Quote, Center, Bold, Small, Italic, Strike, Link, Fn, Plain.
	Children []Node
}

// Arg is an argument of a function; a flag has no value.
type Arg struct {
	Name, Value string
	Flag        bool
}

// Acct is what a Mention looks like: @user or @user@host.
func (n *Node) Acct() string {
	if n.More == "" {
		return "@" + n.Text
	}
	return "@" + n.Text + "@" + n.More
}
