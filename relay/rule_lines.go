package relay

import (
	"sort"
	"strconv"

	"github.com/pelletier/go-toml/v2/unstable"
)

// lineIndex is the line on which each key of a TOML text first stands, by its
// path: "rule.0", "rule.0.when.tag_any". Keys of arrays of tables bear the index.
type lineIndex map[string]int

// maxDepth is how deep tables and lists may nest. A rule needs two.
const maxDepth = 8

// indexLines reads a text that is known to be TOML.
func indexLines(text []byte) lineIndex {
	w := lineWalk{lines: lineIndex{}, arrays: map[string]int{}}
	for i, c := range text {
		if c == '\n' {
			w.ends = append(w.ends, i)
		}
	}
	var p unstable.Parser
	p.Reset(text)
	prefix := ""
	for p.NextExpression() {
		switch e := p.Expression(); e.Kind {
		case unstable.ArrayTable:
			prefix = w.enter("", e.Key(), true)
		case unstable.Table:
			prefix = w.enter("", e.Key(), false)
		case unstable.KeyValue:
			w.pair(prefix, e, 0)
		}
	}
	return w.lines
}

type lineWalk struct {
	lines  lineIndex
	arrays map[string]int // how many tables an array of tables has so far
	ends   []int          // offsets of the line ends
}

// enter notes each step of a key and returns the path that it leads to.
func (w *lineWalk) enter(path string, key unstable.Iterator, array bool) string {
	for key.Next() {
		k := key.Node()
		path = joinKey(path, string(k.Data))
		if n, is := w.arrays[path]; is && (!array || !key.IsLast()) {
			path = joinKey(path, strconv.Itoa(n-1))
		} else if array && key.IsLast() {
			w.arrays[path] = n + 1
			path = joinKey(path, strconv.Itoa(n))
		}
		if _, seen := w.lines[path]; !seen {
			w.lines[path] = 1 + sort.SearchInts(w.ends, int(k.Raw.Offset))
		}
	}
	return path
}

func (w *lineWalk) pair(prefix string, e *unstable.Node, depth int) {
	w.value(w.enter(prefix, e.Key(), false), e.Value(), depth+1)
}

func (w *lineWalk) value(path string, v *unstable.Node, depth int) {
	if depth > maxDepth {
		return
	}
	switch v.Kind {
	case unstable.InlineTable:
		for it := v.Children(); it.Next(); {
			if it.Node().Kind == unstable.KeyValue {
				w.pair(path, it.Node(), depth)
			}
		}
	case unstable.Array:
		i := 0
		for it := v.Children(); it.Next(); {
			if k := it.Node().Kind; k == unstable.Comment {
				continue
			}
			w.value(joinKey(path, strconv.Itoa(i)), it.Node(), depth+1)
			i++
		}
	}
}

func joinKey(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}
