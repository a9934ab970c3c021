package mastodon

import (
	"math"
	"slices"
	"sort"
	"strconv"
	"strings"
	"unicode/utf8"

	"engawa/social"
)

// has reports whether a parameter was given at all, null included.
func (p Params) has(name string) bool { _, ok := p[name]; return ok }

// text is a parameter as text; "" when absent, null or no scalar. Invalid UTF-8
// is made valid, and NUL, which no database takes, U+FFFD.
func (p Params) text(name string) string {
	switch v := p[name].(type) {
	case string:
		if !utf8.ValidString(v) {
			v = strings.ToValidUTF8(v, "\uFFFD")
		}
		return strings.ReplaceAll(v, "\x00", "\uFFFD")
	case bool:
		return strconv.FormatBool(v)
	case float64:
		if v == math.Trunc(v) && math.Abs(v) < 1<<53 {
			return strconv.FormatInt(int64(v), 10)
		}
		return strconv.FormatFloat(v, 'g', -1, 64)
	default:
		return ""
	}
}

// flag is a parameter as Rails reads booleans: everything but these is true.
func (p Params) flag(name string, byDefault bool) bool {
	switch p.text(name) {
	case "":
		return byDefault
	case "0", "f", "F", "false", "FALSE", "off", "OFF":
		return false
	default:
		return true
	}
}

// optional is nil when the parameter is absent.
func (p Params) optional(name string) *bool {
	if !p.has(name) {
		return nil
	}
	b := p.flag(name, false)
	return &b
}

// number is a parameter as an integer.
func (p Params) number(name string, byDefault int) (int, error) {
	s := strings.TrimSpace(p.text(name))
	if s == "" {
		return byDefault, nil
	}
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0, badInput(name, name+" must be a whole number, not "+strconv.Quote(s))
	}
	return n, nil
}

// id is a parameter as an id; zero when absent.
func (p Params) id(name string) (social.ID, error) {
	s := p.text(name)
	if s == "" {
		return 0, nil
	}
	id, ok := social.ParseID(s)
	if !ok {
		return 0, badInput(name, name+" must be an id, not "+strconv.Quote(s))
	}
	return id, nil
}

// texts is a list parameter: a[], a[0], a JSON list, or one scalar.
func (p Params) texts(name string) []string {
	var out []string
	for _, v := range p.list(name) {
		if s := (Params{"": v}).text(""); s != "" {
			out = append(out, s)
		}
	}
	return out
}

// list is a list parameter of any values, in order.
func (p Params) list(name string) []any {
	switch v := p[name].(type) {
	case nil:
		return nil
	case []any:
		return v
	case Params: // a[0]=…&a[1]=…
		keys := make([]string, 0, len(v))
		for k := range v {
			keys = append(keys, k)
		}
		sort.Slice(keys, func(i, j int) bool {
			a, errA := strconv.Atoi(keys[i])
			b, errB := strconv.Atoi(keys[j])
			if errA == nil && errB == nil {
				return a < b
			}
			return keys[i] < keys[j]
		})
		out := make([]any, len(keys))
		for i, k := range keys {
			out[i] = v[k]
		}
		return out
	default:
		return []any{v}
	}
}

// ids is a list parameter of ids; what is no id is left out, as Mastodon does.
func (p Params) ids(name string) []social.ID {
	var out []social.ID
	for _, s := range p.texts(name) {
		if id, ok := social.ParseID(s); ok {
			out = append(out, id)
		}
	}
	return out
}

// group is a nested parameter, empty when absent.
func (p Params) group(name string) Params {
	g, _ := p[name].(Params)
	return g
}

// file is an uploaded file.
func (p Params) file(name string) (File, bool) {
	f, ok := p[name].(File)
	return f, ok
}

// page reads the paging parameters; the limit is at most twice byDefault.
func (p Params) page(byDefault int) (social.Page, error) { return p.pageMax(byDefault, 2*byDefault) }

// pageMax is page with a maximum of its own.
func (p Params) pageMax(byDefault, most int) (social.Page, error) {
	var (
		pg  social.Page
		err error
	)
	if pg.Limit, err = p.number("limit", byDefault); err != nil {
		return pg, err
	}
	if pg.Limit < 0 {
		return pg, badRequest("limit", "limit must not be negative")
	}
	if pg.Limit == 0 {
		pg.Limit = byDefault
	}
	pg.Limit = min(pg.Limit, most)
	if pg.Offset, err = p.number("offset", 0); err != nil {
		return pg, err
	}
	if pg.Offset < 0 {
		return pg, badRequest("offset", "offset must not be negative")
	}
	if pg.MaxID, err = p.id("max_id"); err != nil {
		return pg, err
	}
	if pg.SinceID, err = p.id("since_id"); err != nil {
		return pg, err
	}
	pg.MinID, err = p.id("min_id")
	return pg, err
}

// numbers is a list parameter of whole numbers, each once.
func (p Params) numbers(name string) ([]int, error) {
	var out []int
	for _, s := range p.texts(name) {
		n, err := strconv.Atoi(strings.TrimSpace(s))
		if err != nil {
			return nil, badInput(name, name+" must be whole numbers, not "+strconv.Quote(s))
		}
		if !slices.Contains(out, n) {
			out = append(out, n)
		}
	}
	return out, nil
}
