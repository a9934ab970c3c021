package store

import (
	"context"
	"database/sql/driver"
	"errors"
	"io"
	"sync"
)

// link is one connection, used below database/sql: statements are prepared once
// and values pass without reflection. One goroutine uses it at a time.
type link struct {
	conn    driver.Conn
	dialect *dialect
	stmts   map[string]driver.Stmt // by query text; nil where the driver keeps them itself
	limit   int                    // of stmts
	values  []driver.Value         // one row
	named   []driver.NamedValue    // arguments
	dead    bool                   // not to be used again
	watch   func(string, []any)    // tests: told of a query instead of running it
}

func newLink(conn driver.Conn, d *dialect) *link {
	l := &link{conn: conn, dialect: d}
	if l.limit = d.prepares; l.limit > 0 {
		l.stmts = make(map[string]driver.Stmt)
	}
	return l
}

func (l *link) close() error {
	errs := make([]error, 0, 1)
	for _, s := range l.stmts {
		errs = append(errs, s.Close())
	}
	return errors.Join(append(errs, l.conn.Close())...)
}

// bind turns arguments into what the driver takes.
func (l *link) bind(args []any) ([]driver.NamedValue, error) {
	l.named = l.named[:0]
	for i, a := range args {
		v, err := l.dialect.value(a)
		if err != nil {
			return nil, err
		}
		l.named = append(l.named, driver.NamedValue{Ordinal: i + 1, Value: v})
	}
	return l.named, nil
}

func (l *link) prepare(query string) (driver.Stmt, error) {
	if s := l.stmts[query]; s != nil {
		return s, nil
	}
	s, err := l.conn.Prepare(l.dialect.text(query))
	if err != nil {
		return nil, err
	}
	if len(l.stmts) >= l.limit { // any will do: those that are used all the time come back
		for text, old := range l.stmts {
			delete(l.stmts, text)
			if err := old.Close(); err != nil {
				return nil, errors.Join(err, s.Close())
			}
			break
		}
	}
	l.stmts[query] = s
	return s, nil
}

// exec runs a statement and returns how many rows it changed.
func (l *link) exec(ctx context.Context, query string, args []any) (int64, error) {
	if l.watch != nil {
		l.watch(query, args)
		return 1, nil
	}
	values, err := l.bind(args)
	if err != nil {
		return 0, err
	}
	var res driver.Result
	if l.stmts != nil {
		var s driver.Stmt
		if s, err = l.prepare(query); err != nil {
			return 0, err
		}
		res, err = s.(driver.StmtExecContext).ExecContext(l.dialect.patience(ctx), values)
	} else {
		res, err = l.conn.(driver.ExecerContext).ExecContext(ctx, query, values)
	}
	if err != nil {
		return 0, l.failed(err)
	}
	return res.RowsAffected()
}

// query calls each for every row; the row is valid only during the call, its
// strings are not reused. Within each, nothing else may be asked of this link.
func (l *link) query(ctx context.Context, query string, args []any, each func(row) error) (err error) {
	if l.watch != nil {
		l.watch(query, args)
		return nil
	}
	values, err := l.bind(args)
	if err != nil {
		return err
	}
	var rows driver.Rows
	if l.stmts != nil {
		var s driver.Stmt
		if s, err = l.prepare(query); err != nil {
			return err
		}
		rows, err = s.(driver.StmtQueryContext).QueryContext(l.dialect.patience(ctx), values)
	} else {
		rows, err = l.conn.(driver.QueryerContext).QueryContext(ctx, query, values)
	}
	if err != nil {
		return l.failed(err)
	}
	defer func() {
		if e := rows.Close(); err == nil && e != nil {
			err = l.failed(e)
		}
	}()
	n := len(rows.Columns())
	if cap(l.values) < n {
		l.values = make([]driver.Value, n)
	}
	buf := l.values[:n]
	for {
		if err := rows.Next(buf); err == io.EOF {
			return nil
		} else if err != nil {
			return l.failed(err)
		}
		if err := each(row(buf)); err != nil {
			return err
		}
	}
}

// failed notes whether the connection can be used again after err.
func (l *link) failed(err error) error {
	if v, ok := l.conn.(driver.Validator); (ok && !v.IsValid()) || errors.Is(err, driver.ErrBadConn) || l.dialect.broken(l.conn) {
		l.dead = true
	}
	return err
}

// pool is a bounded number of connections, opened when they are first needed.
// The one that was used last is used next: its page cache is warm.
type pool struct {
	open   func(context.Context) (*link, error)
	places chan struct{} // one for each connection that may be in use
	closed chan struct{}

	mu   sync.Mutex
	idle []*link
}

func newPool(n int, open func(context.Context) (*link, error)) *pool {
	return &pool{open: open, places: make(chan struct{}, n), closed: make(chan struct{})}
}

// errClosed is what who comes after the end is told.
var errClosed = errors.New("the store is closed")

// take waits for a connection; give must follow.
func (p *pool) take(ctx context.Context) (*link, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	select {
	case p.places <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-p.closed:
		return nil, errClosed
	}
	if l := p.pop(); l != nil {
		return l, nil
	}
	l, err := p.open(ctx)
	if err != nil {
		<-p.places
	}
	return l, err
}

func (p *pool) pop() *link {
	p.mu.Lock()
	defer p.mu.Unlock()
	n := len(p.idle) - 1
	if n < 0 {
		return nil
	}
	l := p.idle[n]
	p.idle = p.idle[:n]
	return l
}

func (p *pool) give(l *link) {
	if l.dead {
		_ = l.close() // it is broken: nothing more to learn
	} else {
		p.mu.Lock()
		p.idle = append(p.idle, l)
		p.mu.Unlock()
	}
	<-p.places
}

// close waits for all connections to come back, and keeps their places.
func (p *pool) close() error {
	close(p.closed)
	var errs []error
	for range cap(p.places) {
		p.places <- struct{}{}
	}
	for l := p.pop(); l != nil; l = p.pop() {
		errs = append(errs, l.close())
	}
	return errors.Join(errs...)
}
