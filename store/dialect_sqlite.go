package store

import (
	"context"
	"database/sql/driver"
	"encoding/json"
	"errors"
	"net/url"
	"strconv"
	"strings"
	"time"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// sqliteWriterStatements is how many statements the writer keeps prepared.
const sqliteWriterStatements = 192

// sqliteReaders is how many connections read at once.
const sqliteReaders = 4

// sqlitePragmas hold for every connection; synchronous FULL is what makes an
// acknowledged post survive a power cut. Caches are small: the system's own
// page cache holds the file.
var sqlitePragmas = []string{
	"busy_timeout(10000)", "journal_mode(wal)", "synchronous(full)", "temp_store(memory)", "trusted_schema(off)",
}

func sqliteDialect(path string) *dialect {
	d := &dialect{
		name: "sqlite", readers: sqliteReaders, prepares: 64, alone: true, believe: time.Minute,
		text: sqliteText, schema: sqliteSchema, ids: jsonIDs, texts: jsonTexts,
		// A context that can end costs modernc a goroutine a statement; no
		// statement of ours runs for long.
		patience: func(context.Context) context.Context { return context.Background() },
		broken:   func(driver.Conn) bool { return false },
		taken:    sqliteTaken,
		search:   sqliteSearch,
		size:     "select page_count * page_size from pragma_page_count(), pragma_page_size()",
		version:  "select sqlite_version()",
	}
	open := func(pragmas ...string) (*link, error) {
		conn, err := new(sqlite.Driver).Open(sqliteDSN(path, append(sqlitePragmas, pragmas...)))
		if err != nil {
			return nil, err
		}
		return newLink(conn, d), nil
	}
	d.openReader = func(context.Context) (*link, error) { return open("cache_size(-2048)", "query_only(on)") }
	d.newWriter = func(_ context.Context, s *Store) (writer, error) {
		l, err := open("cache_size(-4096)", "wal_autocheckpoint(3000)", "journal_size_limit(16777216)")
		if err != nil {
			return nil, err
		}
		l.limit = sqliteWriterStatements
		return newGrouping(s, l), nil
	}
	return d
}

func sqliteDSN(path string, pragmas []string) string {
	u := url.URL{Scheme: "file", Opaque: (&url.URL{Path: path}).EscapedPath()}
	u.RawQuery = url.Values{"_pragma": pragmas}.Encode()
	return u.String()
}

// sqliteText is what SQLite reads for PostgreSQL's words in a query.
func sqliteText(query string) string {
	return sqlitePlain(sqliteWords.Replace(sqliteAny(query)))
}

// sqlitePlain writes "?" for $1 … $n where each stands once and in order: looking
// up the name of each argument costs SQLite the square of their number.
func sqlitePlain(query string) string {
	var b strings.Builder
	rest := query
	for next := 1; ; next++ {
		before, after, found := strings.Cut(rest, "$")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		digits := len(after) - len(strings.TrimLeft(after, "0123456789"))
		if n, err := strconv.Atoi(after[:digits]); err != nil || n != next {
			return query
		}
		b.WriteByte('?')
		rest = after[digits:]
	}
}

// SQLite plans a query anew whenever an argument is bound whose value it looked
// at for the plan: a bare one as the limit, or one compared with the column of a
// partial index "where column = constant". A sum hides it in the first case; in
// the second, queries write cast($n as bigint).
var sqliteWords = strings.NewReplacer(
	" limit $", " limit 0 + $",
	" offset $", " offset 0 + $",
	" for update skip locked", "",
	"greatest(", "max(",
	"least(", "min(",
)

// sqliteAny replaces "= any($n)" by the list that jsonIDs and jsonTexts make.
func sqliteAny(query string) string {
	var b strings.Builder
	for {
		before, after, found := strings.Cut(query, "= any(")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		param, rest, _ := strings.Cut(after, ")")
		b.WriteString("in (select value from json_each(" + param + "))")
		query = rest
	}
}

// sqliteSchema is what SQLite reads for PostgreSQL's words in a migration: a
// primary key of 64 bits is the rowid, and a table whose primary key is several
// columns or a text lies in the order of that key.
func sqliteSchema(sql string) string {
	return strings.NewReplacer(
		"bigint primary key", "integer primary key",
		"/* clustered */", "without rowid",
		" double precision ", " real ",
		` collate "C"`, "",
	).Replace(sql)
}

func jsonIDs(ids []ID) driver.Value {
	b := make([]byte, 0, 2+20*len(ids))
	b = append(b, '[')
	for i, id := range ids {
		if i > 0 {
			b = append(b, ',')
		}
		b = strconv.AppendInt(b, int64(id), 10)
	}
	return string(append(b, ']'))
}

func jsonTexts(list []string) driver.Value {
	if list == nil {
		return "[]"
	}
	b, err := json.Marshal(list)
	if err != nil {
		return "[]" // strings always can be
	}
	return string(b)
}

func sqliteTaken(err error) bool {
	var e *sqlite.Error
	return errors.As(err, &e) && (e.Code() == sqlite3.SQLITE_CONSTRAINT_UNIQUE || e.Code() == sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY)
}

// sqliteSearch is a contentless FTS5 table without positions: its tokens come
// cut from Go, and the tokenizer "ascii" only parts them at spaces.
var sqliteSearch = search{
	tables: `create virtual table post_search using fts5 (tokens, content = '', contentless_delete = 1, detail = none, tokenize = 'ascii')`,
	clear:  "delete from post_search where rowid = $1",
	insert: "insert into post_search (rowid, tokens) values ($1, $2)",
	hits:   "select p.id from post_search join posts p on p.id = post_search.rowid where post_search match ",
	column: "post_search.rowid",
	tokens: func(list []string) any { return strings.Join(list, " ") },
	query:  func(list []string) string { return `"` + strings.Join(list, `" "`) + `"` },
}
