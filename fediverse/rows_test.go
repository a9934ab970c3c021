package fediverse

import (
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	_ "modernc.org/sqlite"
)

// bookkeeping are the tables that may change although nothing happened: what was
// seen, which hosts spoke, what is to be done.
var bookkeeping = []string{"seen", "hosts", "domains", "jobs", "outgoing", "tag_days"}

// rows is a home's database beside the home, for looking at.
func (h *Home) rows() *sql.DB {
	h.w.tb.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(h.w.dir, h.Domain, "engawa.db")+"?_pragma=busy_timeout(5000)")
	if err != nil {
		h.w.tb.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	h.w.tb.Cleanup(func() { _ = db.Close() })
	return db
}

// snapshot is every table with the number of its rows and a hash of what they say.
type snapshot map[string]string

func (w *World) snapshot(db *sql.DB) snapshot {
	w.tb.Helper()
	out := snapshot{}
	for _, name := range w.texts(db, "select name from sqlite_master where type = 'table' and sql like 'create table%' order by name") {
		if slices.Contains(bookkeeping, name) || strings.Contains(name, "search") {
			continue
		}
		columns := w.texts(db, "select name from pragma_table_info('"+name+"') where name not in ('fetched_at', 'updated_at', 'checked_at') order by name")
		all := w.texts(db, "select quote("+strings.Join(columns, ")||'|'||quote(")+") from "+name+" order by 1")
		sum := sha256.Sum256([]byte(strings.Join(all, "\n")))
		out[name] = fmt.Sprintf("%d rows %s", len(all), hex.EncodeToString(sum[:6]))
	}
	if len(out) < 40 {
		w.tb.Fatalf("only %d tables were found", len(out))
	}
	return out
}

func (w *World) texts(db *sql.DB, query string, args ...any) (out []string) {
	w.tb.Helper()
	rows, err := db.QueryContext(w.ctx, query, args...)
	if err != nil {
		w.tb.Fatalf("%s: %v", query, err)
	}
	defer rows.Close()
	for rows.Next() {
		var s sql.NullString
		if err := rows.Scan(&s); err != nil {
			w.tb.Fatal(err)
		}
		out = append(out, s.String)
	}
	if err := rows.Err(); err != nil {
		w.tb.Fatal(err)
	}
	return out
}

// changed are the tables that differ.
func (s snapshot) changed(after snapshot) (out []string) {
	for name := range s {
		if s[name] != after[name] {
			out = append(out, name+": "+s[name]+" → "+after[name])
		}
	}
	slices.Sort(out)
	return out
}
