package store

import (
	"context"
	"database/sql/driver"
	"encoding/json"
	"errors"
	"fmt"

	"engawa/social"
)

// row is one row as the driver gives it: int64, float64, bool, string, []byte, nil.
type row []driver.Value

// into stores the columns, in order, in what dst points to: *ID, *int64, *int,
// *uint8, *bool, *float64, *string or *[]byte. Pointers to named types are
// converted by the caller: (*string)(&p.Kind). A column's NULL is the zero value.
func (r row) into(dst ...any) error {
	if len(dst) != len(r) {
		return fmt.Errorf("store: %d columns for %d variables", len(r), len(dst))
	}
	for i, d := range dst {
		if !assign(d, r[i]) {
			return fmt.Errorf("store: column %d is a %T, not what a %T takes", i+1, r[i], d)
		}
	}
	return nil
}

func assign(dst any, v driver.Value) bool {
	switch v := v.(type) {
	case int64:
		return assignInt(dst, v)
	case string:
		return assignText(dst, v)
	case bool:
		if d, ok := dst.(*bool); ok {
			*d = v
			return true
		}
	case []byte:
		if d, ok := dst.(*[]byte); ok {
			*d = v
			return true
		}
		return assignText(dst, string(v))
	case float64:
		if d, ok := dst.(*float64); ok {
			*d = v
			return true
		}
		return assignInt(dst, int64(v))
	case nil:
		return true
	}
	return false
}

func assignInt(dst any, v int64) bool {
	switch d := dst.(type) {
	case *ID:
		*d = ID(v)
	case *int64:
		*d = v
	case *int:
		*d = int(v)
	case *uint8:
		*d = uint8(v)
	case *bool:
		*d = v != 0
	case *float64:
		*d = float64(v)
	default:
		return false
	}
	return true
}

func assignText(dst any, v string) bool {
	switch d := dst.(type) {
	case *string:
		*d = v
	case *[]byte:
		*d = []byte(v)
	default:
		return false
	}
	return true
}

// rows calls each for every row of a query. Outside a transaction a query whose
// connection turns out to be gone is asked again on another.
func (r *reader) rows(ctx context.Context, query string, args []any, each func(row) error) error {
	if r.link != nil {
		if err := ctx.Err(); err != nil {
			return err
		}
		return r.link.query(ctx, query, args, each)
	}
	for attempt := 0; ; attempt++ {
		l, err := r.from.take(ctx)
		if err != nil {
			return err
		}
		n := 0
		err = l.query(ctx, query, args, func(r row) error { n++; return each(r) })
		gone := l.dead
		r.from.give(l)
		if err == nil || !gone || n > 0 || attempt > cap(r.from.places) {
			return err
		}
	}
}

// one reads one row; social.ErrNotFound if there is none.
func one[T any](ctx context.Context, r *reader, scan func(row, *T) error, query string, args ...any) (*T, error) {
	var found *T
	err := r.rows(ctx, query, args, func(row row) error {
		found = new(T)
		return scan(row, found)
	})
	if err == nil && found == nil {
		return nil, social.ErrNotFound
	}
	if err != nil {
		return nil, err
	}
	return found, nil
}

// many reads all rows.
func many[T any](ctx context.Context, r *reader, scan func(row, *T) error, query string, args ...any) ([]T, error) {
	var all []T
	err := r.rows(ctx, query, args, func(row row) error {
		var t T
		all = append(all, t)
		return scan(row, &all[len(all)-1])
	})
	if err != nil {
		return nil, err
	}
	return all, nil
}

// Scans of single columns and pairs, for one and many.
func scanID(r row, id *ID) error               { return r.into(id) }
func scanInt(r row, n *int64) error            { return r.into(n) }
func scanText(r row, s *string) error          { return r.into(s) }
func scanRanked(r row, k *social.Ranked) error { return r.into(&k.ID, &k.Row) }

// exec changes something and returns how many rows were.
func (t *tx) exec(ctx context.Context, query string, args ...any) (int64, error) {
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	return t.link.exec(ctx, query, args)
}

// do is exec where it does not matter how many.
func (t *tx) do(ctx context.Context, query string, args ...any) error {
	_, err := t.exec(ctx, query, args...)
	return err
}

// found is exec of something that must be there: social.ErrNotFound if no row was changed.
func (t *tx) found(ctx context.Context, query string, args ...any) error {
	n, err := t.exec(ctx, query, args...)
	if err == nil && n == 0 {
		return social.ErrNotFound
	}
	return err
}

// once is exec of an "insert … on conflict do nothing": false if it was there.
func (t *tx) once(ctx context.Context, query string, args ...any) (bool, error) {
	n, err := t.exec(ctx, query, args...)
	return n > 0, err
}

// missingOK turns "not there" into no error.
func missingOK(err error) error {
	if errors.Is(err, social.ErrNotFound) {
		return nil
	}
	return err
}

// toJSON is v as JSON text, and "" for what is empty: nothing costs nothing.
// v must be of a type that JSON can hold.
func toJSON[T any](v []T) string {
	if len(v) == 0 {
		return ""
	}
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // a type of ours that JSON cannot hold
	}
	return string(b)
}

// fromJSON is the inverse of toJSON.
func fromJSON[T any](s string, v *[]T) error {
	if s == "" || s == "[]" {
		return nil
	}
	return json.Unmarshal([]byte(s), v)
}
