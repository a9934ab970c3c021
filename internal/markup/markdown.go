package markup

import (
	"bytes"
	"strings"
	"sync"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// What is read as Markdown; a text beyond is plain, since the parser takes
// quadratic time for what nests or could (T45).
const (
	MaxMarkdown        = 64 << 10 // bytes
	maxMarkdownNesting = 16       // quote and list marks that begin a line
	maxMarkdownMarks   = 3000     // marks of emphasis, brackets and backticks
)

func renderMarkdown(source string, l *linker) string {
	if isTooMuch(source) {
		return renderPlain(source, l)
	}
	source = asciiTagSigns(source)
	pc := parser.NewContext()
	pc.Set(sourceKey, source)
	pc.Set(linkerKey, l)
	var out bytes.Buffer
	if err := markdown().Convert([]byte(source), &out, parser.WithContext(pc)); err != nil {
		return renderPlain(source, l)
	}
	return sanitizeOwn(out.String())
}

// isTooMuch tells whether a text is beyond the bounds.
func isTooMuch(source string) bool {
	if len(source) > MaxMarkdown {
		return true
	}
	marks := 0
	for i := 0; i < len(source); i++ {
		switch source[i] {
		case '*', '_', '~', '[', '`', '<':
			marks++
		}
	}
	if marks > maxMarkdownMarks {
		return true
	}
	for line := range strings.SplitSeq(source, "\n") {
		if nestsTooDeep(line) {
			return true
		}
	}
	return false
}

func nestsTooDeep(line string) bool {
	indent, marks := 0, 0
	for i := 0; i < len(line); i++ {
		switch line[i] {
		case '>', '-', '+', '*':
			marks++
		case ' ':
			indent++
		case '\t':
			indent += 4
		default:
			return marks > maxMarkdownNesting || indent > 8*maxMarkdownNesting
		}
	}
	return strings.Count(line, ">") > maxMarkdownNesting
}

// asciiTagSigns writes ＃ as # where it begins a tag: the Markdown parser stops
// at ASCII punctuation only.
func asciiTagSigns(source string) string {
	if !strings.Contains(source, "＃") {
		return source
	}
	var b strings.Builder
	from := 0
	for _, s := range Scan(source) {
		if s.Kind == SpanTag && source[s.Start] != '#' {
			b.WriteString(source[from:s.Start] + "#" + s.Name)
			from = s.End
		}
	}
	b.WriteString(source[from:])
	return b.String()
}

var (
	sourceKey = parser.NewContextKey()
	linkerKey = parser.NewContextKey()
)

// markdown is CommonMark without raw HTML (it stays text), with strikethrough,
// with line ends kept, and with what Scan finds.
var markdown = sync.OnceValue(func() goldmark.Markdown {
	blocks := []util.PrioritizedValue{}
	for _, p := range parser.DefaultBlockParsers() {
		if p.Priority != htmlBlockPriority {
			blocks = append(blocks, p)
		}
	}
	inlines := []util.PrioritizedValue{util.Prioritized(spanParser{}, 50)}
	for _, p := range parser.DefaultInlineParsers() {
		if p.Priority != rawHTMLPriority {
			inlines = append(inlines, p)
		}
	}
	return goldmark.New(
		goldmark.WithParser(parser.NewParser(
			parser.WithBlockParsers(blocks...),
			parser.WithInlineParsers(inlines...),
			parser.WithParagraphTransformers(parser.DefaultParagraphTransformers()...),
			parser.WithASTTransformers(util.Prioritized(spanLinker{}, 100)),
		)),
		goldmark.WithExtensions(extension.Strikethrough),
		goldmark.WithRendererOptions(
			html.WithHardWraps(),
			renderer.WithNodeRenderers(util.Prioritized(spanRenderer{}, 50)),
		),
	)
})

// The priorities that goldmark's default parsers give to HTML.
const (
	htmlBlockPriority = 900
	rawHTMLPriority   = 400
)

// spanNode is something that Scan found.
type spanNode struct {
	ast.BaseInline
	span  Span
	shown string
	html  []byte
}

var kindSpan = ast.NewNodeKind("Span")

func (n *spanNode) Kind() ast.NodeKind { return kindSpan }

func (n *spanNode) Dump(source []byte, level int) {
	ast.DumpHelper(n, source, level, map[string]string{"Shown": n.shown}, nil)
}

// spanParser finds what Scan finds; addresses at the colon behind http, since
// the parser stops at punctuation.
type spanParser struct{}

func (spanParser) Trigger() []byte { return []byte{'@', '#', ':'} }

func (spanParser) Parse(parent ast.Node, block text.Reader, pc parser.Context) ast.Node {
	source := pc.Get(sourceKey).(string)
	_, segment := block.PeekLine()
	pos := segment.Start
	if segment.Padding > 0 || pos >= len(source) {
		return nil
	}
	span, back := scanAt(source, pos)
	if span.Kind == 0 || span.End > segment.Stop {
		return nil
	}
	if back > 0 {
		last, ok := parent.LastChild().(*ast.Text)
		if !ok || last.Segment.Stop != pos || last.Segment.Start > pos-back {
			return nil
		}
		last.Segment = last.Segment.WithStop(pos - back)
	}
	block.Advance(span.End - pos)
	return &spanNode{span: span, shown: source[span.Start:span.End]}
}

// scanAt reads what begins at pos, or an address that began back bytes before.
func scanAt(source string, pos int) (span Span, back int) {
	switch source[pos] {
	case '@':
		return scanMention(source, pos), 0
	case '#':
		return scanTag(source, pos, 1), 0
	}
	for _, back := range [...]int{len("https"), len("http")} {
		if pos >= back {
			if span := scanURL(source, pos-back); span.Kind != 0 && span.End > pos {
				return span, back
			}
		}
	}
	return scanEmoji(source, pos), 0
}

// spanLinker makes HTML of the spans that are in no link, and collects where
// the links lead.
type spanLinker struct{}

func (spanLinker) Transform(doc *ast.Document, reader text.Reader, pc parser.Context) {
	l := pc.Get(linkerKey).(*linker)
	inLink := 0
	_ = ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		switch n := n.(type) {
		case *ast.Link:
			inLink += step(entering)
			if entering {
				l.url(string(n.Destination))
			}
		case *ast.Image:
			inLink += step(entering)
		case *ast.AutoLink:
			if entering {
				l.url(string(n.URL(reader.Source())))
			}
		case *spanNode:
			if entering && inLink > 0 {
				n.html = appendText(nil, n.shown)
			} else if entering {
				whole := n.span
				whole.Start, whole.End = 0, len(n.shown)
				n.html = l.append(nil, n.shown, whole)
			}
		}
		return ast.WalkContinue, nil
	})
}

func step(entering bool) int {
	if entering {
		return 1
	}
	return -1
}

// spanRenderer writes spans; images become links to them.
type spanRenderer struct{}

func (spanRenderer) RegisterFuncs(r renderer.NodeRendererFuncRegisterer) {
	r.Register(kindSpan, func(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
		if entering {
			_, _ = w.Write(n.(*spanNode).html)
		}
		return ast.WalkContinue, nil
	})
	r.Register(ast.KindImage, func(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			_, _ = w.WriteString("</a>")
			return ast.WalkContinue, nil
		}
		_, _ = w.WriteString(`<a href="`)
		_, _ = w.Write(appendAttr(nil, string(n.(*ast.Image).Destination)))
		_, _ = w.WriteString(`">`)
		return ast.WalkContinue, nil
	})
}
