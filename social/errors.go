package social

import (
	"errors"

	"engawa/internal/locale"
)

// Kind says what sort of failure an Error is. Each transport maps it to its
// own status in one errors.go.
type Kind uint8

// The kinds of failure.
const (
	Invalid         Kind = iota + 1 // the request is wrong and stays wrong
	Unauthenticated                 // who is asking is not known
	Forbidden                       // known, but may not
	NotFound                        // not there, or not to be seen: never told apart
	Conflict                        // somebody else was there first
	Gone                            // was here and was deleted here
	Limited                         // too much, too often
	Temporary                       // try again later
)

// Error is every failure that leaves the domain.
type Error struct {
	Kind    Kind
	Op      string // what was being done: "create post"
	Field   string // the input at fault, if one is; may be empty
	Message string // for the person: what was wrong and what would be right; may be locale.Words
	Err     error  // for the operator; may be nil
}

// Error joins what the operator needs.
func (e *Error) Error() string {
	s := e.Op
	if e.Message != "" {
		if s != "" {
			s += ": "
		}
		s += locale.Say(locale.English, e.Message)
	}
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// KindOf returns the Kind of err, and Temporary for an error that is not ours:
// what nobody foresaw may pass, and is never the person's fault.
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return Temporary
}

// IsKind reports whether err is an Error of kind k.
func IsKind(err error, k Kind) bool {
	var e *Error
	return errors.As(err, &e) && e.Kind == k
}

// ErrNotFound is what a store's read answers for a row that is not there.
var ErrNotFound = &Error{Kind: NotFound, Message: "Record not found"}

func invalid(op, field, message string) error {
	return &Error{Kind: Invalid, Op: op, Field: field, Message: message}
}

func forbidden(op, message string) error {
	return &Error{Kind: Forbidden, Op: op, Message: message}
}

func notFound(op string) error {
	return &Error{Kind: NotFound, Op: op, Message: ErrNotFound.Message}
}
