package store

import (
	"context"
	"database/sql/driver"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"engawa/social"
)

// dialect is what differs between the engines. Nothing else in this package
// knows which one is at work.
type dialect struct {
	name     string
	readers  int           // connections for reading
	prepares int           // how many statements we keep prepared a connection; 0: the driver does
	alone    bool          // no other node writes: what is cached after a commit is true
	believe  time.Duration // how long what is cached is believed

	openReader func(context.Context) (*link, error)
	newWriter  func(context.Context, *Store) (writer, error)
	// text turns PostgreSQL's words into the engine's, schema those of migrations.
	text, schema func(string) string
	// list makes one argument for "= any($n)" of ids or texts.
	ids   func([]ID) driver.Value
	texts func([]string) driver.Value
	// patience is the context that a statement runs under.
	patience func(context.Context) context.Context
	broken   func(driver.Conn) bool
	taken    func(error) bool // a unique index refused a row
	search   search
	size     string // asks how many bytes the database takes
	version  string // asks what version the engine is
}

// value turns an argument into what the driver takes. Texts lose what
// PostgreSQL refuses: NUL and what is not UTF-8.
func (d *dialect) value(a any) (driver.Value, error) {
	switch a := a.(type) {
	case ID:
		return int64(a), nil
	case int64, bool, float64, nil:
		return a, nil
	case string:
		return cleanText(a), nil
	case int:
		return int64(a), nil
	case []byte:
		if a == nil {
			return nil, nil
		}
		return a, nil
	case []ID:
		return d.ids(a), nil
	case []string:
		return d.texts(a), nil
	case social.Audience:
		return int64(a), nil
	case social.Origin:
		return int64(a), nil
	case social.QuoteState:
		return int64(a), nil
	case social.QuotePolicy:
		return int64(a), nil
	case social.ActorState:
		return int64(a), nil
	case social.ActorKind:
		return string(a), nil
	case social.PostKind:
		return string(a), nil
	case social.Format:
		return string(a), nil
	case social.JobKind:
		return string(a), nil
	case social.Verb:
		return string(a), nil
	case social.KeyKind:
		return string(a), nil
	case social.MediaKind:
		return string(a), nil
	case social.NotificationType:
		return string(a), nil
	case social.SignatureScheme:
		return string(a), nil
	case social.Role:
		return string(a), nil
	case social.Severity:
		return string(a), nil
	case social.BarKind:
		return string(a), nil
	case social.ReviewKind:
		return string(a), nil
	case social.LinkState:
		return string(a), nil
	case social.CopyState:
		return string(a), nil
	case social.Ability:
		return int64(a), nil
	default:
		return nil, fmt.Errorf("store: a %T cannot be an argument: convert it to int64, string, bool, float64 or []byte", a)
	}
}

func cleanText(s string) string {
	if utf8.ValidString(s) && strings.IndexByte(s, 0) < 0 {
		return s
	}
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "")
}
