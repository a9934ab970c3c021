package mfm

import "strings"

// PlainText gives what nodes say without markup: inner text, links as "text
// (address)", readings as 漢(かん), times as ISO, quotes with "> ". Block nodes
// stand on lines of their own.
func PlainText(nodes []Node) string {
	var t textWriter
	t.nodes(nodes)
	return t.b.String()
}

type textWriter struct{ b strings.Builder }

func isBlock(k Kind) bool { return k >= Quote && k <= Center }

func (t *textWriter) nodes(nodes []Node) {
	for i := range nodes {
		if i > 0 && (isBlock(nodes[i].Kind) || isBlock(nodes[i-1].Kind)) {
			t.b.WriteByte('\n')
		}
		t.node(&nodes[i])
	}
}

func (t *textWriter) node(n *Node) {
	switch n.Kind {
	case Quote:
		t.quote(n)
	case Search:
		t.b.WriteString(n.More)
	case EmojiCode:
		t.b.WriteString(":" + n.Text + ":")
	case Mention:
		t.b.WriteString(n.Acct())
	case Hashtag:
		t.b.WriteString("#" + n.Text)
	case Link:
		t.link(n)
	case Fn:
		t.fn(n)
	case Center, Bold, Small, Italic, Strike, Plain:
		t.nodes(n.Children)
	default:
		t.b.WriteString(n.Text)
	}
}

func (t *textWriter) quote(n *Node) {
	for i, line := range strings.Split(PlainText(n.Children), "\n") {
		if i > 0 {
			t.b.WriteByte('\n')
		}
		t.b.WriteString("> " + line)
	}
}

func (t *textWriter) link(n *Node) {
	label := PlainText(n.Children)
	t.b.WriteString(label)
	if label != n.Text {
		t.b.WriteString(" (" + n.Text + ")")
	}
}

func (t *textWriter) fn(n *Node) {
	switch n.Text {
	case "ruby":
		base, reading := splitRuby(n)
		t.nodes(base)
		if reading != "" {
			t.b.WriteString("(" + reading + ")")
		}
		return
	case "unixtime":
		if iso, ok := unixtime(n); ok {
			t.b.WriteString(iso)
			return
		}
	}
	t.nodes(n.Children)
}

// NeedsSource tells whether the source must be sent along as source and
// _misskey_content, because the HTML says less: there is more than text,
// emoji, mentions, tags and addresses. A quote of another post needs it too,
// which only the caller knows.
func NeedsSource(nodes []Node) bool {
	for i := range nodes {
		switch nodes[i].Kind {
		case Text, UnicodeEmoji, EmojiCode, Mention, Hashtag, URL:
		default:
			return true
		}
	}
	return false
}

// Walk calls visit for every node, parents first.
func Walk(nodes []Node, visit func(*Node)) {
	for i := range nodes {
		visit(&nodes[i])
		Walk(nodes[i].Children, visit)
	}
}
