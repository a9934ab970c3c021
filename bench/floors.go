package main

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	_ "modernc.org/sqlite" // the engine that store uses

	"engawa/internal/keys"
)

// floors are what the operations rest on, in ms of CPU, measured in this run by
// the plainest program that does each.
type floors struct {
	rsaSign, rsaVerify float64 // RSA-2048
	edSign             float64
	row                float64 // one row of 400 bytes, 100 a transaction, synchronous=FULL
	page               float64 // 20 of 20,000 rows by an index, at random depth
	answer             float64 // one answer of 30 kB over a kept loopback connection
}

// list names the floors, for the table.
func (f *floors) list() []struct {
	Name  string  `json:"name"`
	Value float64 `json:"ms_cpu"`
} {
	type line = struct {
		Name  string  `json:"name"`
		Value float64 `json:"ms_cpu"`
	}
	return []line{
		{"RSA-2048 sign", f.rsaSign}, {"RSA-2048 verify", f.rsaVerify}, {"Ed25519 sign", f.edSign},
		{"one grouped row", f.row}, {"page of 20 rows", f.page}, {"answer of 30 kB", f.answer},
	}
}

func measureFloors(ctx context.Context, dir string, rsa, ed keys.Private) (*floors, error) {
	f := &floors{}
	message := []byte(strings.Repeat("x", 300))
	signature, err := rsa.Sign(message)
	if err != nil {
		return nil, err
	}
	public := rsa.Public()
	steps := []struct {
		to *float64
		n  int
		f  func() error
	}{
		{&f.rsaSign, 400, func() error { _, err := rsa.Sign(message); return err }},
		{&f.rsaVerify, 4000, func() error { return public.Verify(message, signature) }},
		{&f.edSign, 4000, func() error { _, err := ed.Sign(message); return err }},
	}
	for _, s := range steps {
		if *s.to, err = own(s.n, s.f); err != nil {
			return nil, err
		}
	}
	if err := f.rows(ctx, filepath.Join(dir, "floor.db")); err != nil {
		return nil, fmt.Errorf("floor of rows: %w", err)
	}
	if f.answer, err = answerFloor(ctx); err != nil {
		return nil, fmt.Errorf("floor of answers: %w", err)
	}
	return f, nil
}

// own is the CPU of this process a call, the best of three rounds.
func own(n int, f func() error) (float64, error) {
	best := 0.0
	for round := range 3 {
		before := ownCPU()
		for range n {
			if err := f(); err != nil {
				return 0, err
			}
		}
		if each := millis(ownCPU()-before) / float64(n); round == 0 || each < best {
			best = each
		}
	}
	return best, nil
}

func ownCPU() time.Duration {
	var t unix.Timespec
	_ = unix.ClockGettime(unix.CLOCK_PROCESS_CPUTIME_ID, &t) // cannot fail for oneself
	return time.Duration(t.Nano())
}

// floorRows and floorGroup are the size of the table and of a transaction.
const floorRows, floorGroup = 20_000, 100

func (f *floors) rows(ctx context.Context, path string) error {
	db, err := sql.Open("sqlite", "file:"+path+"?_pragma=journal_mode(wal)&_pragma=synchronous(full)")
	if err != nil {
		return err
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	_, err = db.ExecContext(ctx, `create table post (id integer primary key, uri text, content text, actor integer, at integer);
		create table feed (user integer, post integer, primary key (user, post)) without rowid`)
	if err != nil {
		return err
	}
	before := ownCPU()
	text := strings.Repeat("縁側に座る。", 20)
	for id := 0; id < floorRows; id += floorGroup {
		if err := floorInsert(ctx, db, id, text); err != nil {
			return err
		}
	}
	f.row = millis(ownCPU()-before) / floorRows
	if _, err := db.ExecContext(ctx, "insert into feed select 1, id from post"); err != nil {
		return err
	}
	page, err := db.PrepareContext(ctx, `select p.id, p.uri, p.content, p.actor, p.at from feed f join post p on p.id = f.post
		where f.user = 1 and f.post < ? order by f.post desc limit 20`)
	if err != nil {
		return err
	}
	defer page.Close()
	f.page, err = own(1000, func() error { return floorPage(ctx, page) })
	return err
}

func floorInsert(ctx context.Context, db *sql.DB, first int, text string) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	insert, err := tx.PrepareContext(ctx, "insert into post values (?, ?, ?, ?, ?)")
	if err != nil {
		return err
	}
	for id := first; id < first+floorGroup; id++ {
		if _, err := insert.ExecContext(ctx, id, fmt.Sprintf("https://a.example/posts/%d", id), text, id%100, id); err != nil {
			return err
		}
	}
	return tx.Commit()
}

func floorPage(ctx context.Context, page *sql.Stmt) error {
	rows, err := page.QueryContext(ctx, 20+rand.IntN(floorRows-20))
	if err != nil {
		return err
	}
	defer rows.Close()
	n := 0
	for rows.Next() {
		var id, actor, at int64
		var uri, content string
		if err := rows.Scan(&id, &uri, &content, &actor, &at); err != nil {
			return err
		}
		n++
	}
	if n != 20 && rows.Err() == nil {
		return fmt.Errorf("%d rows instead of 20", n)
	}
	return rows.Err()
}

// floorServer is the argument with which this program serves 30 kB itself.
const floorServer = "serve-floor"

func serveFloor(addr string) error {
	answer := []byte(strings.Repeat("縁側", 5000))
	return (&http.Server{Addr: addr, ReadHeaderTimeout: time.Second, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		_, _ = w.Write(answer)
	})}).ListenAndServe()
}

func answerFloor(ctx context.Context) (float64, error) {
	self, err := os.Executable()
	if err != nil {
		return 0, err
	}
	addr, err := freeAddress()
	if err != nil {
		return 0, err
	}
	c, err := startChild(self, []string{floorServer, addr}, os.Environ(), addr, "/")
	if err != nil {
		return 0, err
	}
	defer c.stop()
	client := newClient(addr, 1)
	get := func() error {
		resp, err := client.Get("http://" + addr + "/")
		if err != nil {
			return err
		}
		defer resp.Body.Close()
		_, err = io.Copy(io.Discard, resp.Body)
		return err
	}
	for range 500 {
		if err := get(); err != nil {
			return 0, err
		}
	}
	return c.cost(ctx, 3000, func() error {
		for range 3000 {
			if err := get(); err != nil {
				return err
			}
		}
		return nil
	})
}

// freeAddress is a loopback address where nobody listens now.
func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	return l.Addr().String(), nil
}
