package store

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"engawa/social"
)

// query is a text that grows together with its arguments.
type query struct {
	text strings.Builder
	args []any
}

// newQuery begins with text, at whose end stands arg's number.
func newQuery(text string, arg any) *query { return new(query).add(text, arg) }

// add appends text and, for each of args, its number: add("x = ", x) is "x = $3".
// Several arguments are separated by ", ".
func (q *query) add(text string, args ...any) *query {
	q.text.WriteString(text)
	for i, arg := range args {
		if i > 0 {
			q.text.WriteString(", ")
		}
		q.args = append(q.args, arg)
		q.text.WriteByte('$')
		q.text.WriteString(strconv.Itoa(len(q.args)))
	}
	return q
}

// page appends, after a condition, the bounds, order and limit of p on column.
func (q *query) page(column string, p social.Page) *query {
	if p.MaxID != 0 {
		q.add(" and "+column+" < ", p.MaxID)
	}
	if p.SinceID != 0 {
		q.add(" and "+column+" > ", p.SinceID)
	}
	order := " desc"
	if p.MinID != 0 {
		q.add(" and "+column+" > ", p.MinID)
		order = " asc"
	}
	return q.add(" order by "+column+order+" limit ", max(p.Limit, 1))
}

// paged reads the page p of q, newest first.
func paged[T any](ctx context.Context, r *reader, scan func(row, *T) error, q *query, column string, p social.Page) ([]T, error) {
	q.page(column, p)
	list, err := many(ctx, r, scan, q.text.String(), q.args...)
	if p.MinID != 0 {
		slices.Reverse(list)
	}
	return list, err
}

// params is "($1, …, $n)".
func params(n int) string {
	list := make([]string, n)
	for i := range list {
		list[i] = "$" + strconv.Itoa(i+1)
	}
	return "(" + strings.Join(list, ", ") + ")"
}

// excluded is "a = excluded.a, …" for every column of "(id, a, …)" but the first.
func excluded(columns string) string {
	names := strings.Split(strings.Trim(columns, "()"), ",")
	set := make([]string, 0, len(names))
	for _, name := range names[1:] {
		name = strings.TrimSpace(name)
		set = append(set, name+" = excluded."+name)
	}
	return strings.Join(set, ", ")
}
