package social

import (
	"strconv"
	"time"
)

// ID names one row of one kind: signed, 64 bits, unique per kind, shown as a
// decimal string. Ids made here are snowflakes (package internal/snowflake);
// imported ones are kept as they were, so an ID does not tell a time. The zero
// ID means "none".
type ID int64

// String returns the decimal form that clients see; the zero ID is "0".
func (id ID) String() string { return strconv.FormatInt(int64(id), 10) }

// ParseID reads the decimal form. It reports false for anything else, the
// empty string included.
func ParseID(s string) (ID, bool) {
	n, err := strconv.ParseInt(s, 10, 64)
	return ID(n), err == nil
}

// Page says which part of a place is wanted, newest first.
//
// MaxID and SinceID bound the ids (exclusive); MinID asks for the page directly
// above that id instead of the newest one. Zero means unbounded. Limit is at
// least 1. Offset is used only by places that are ranked, not ordered by id.
type Page struct {
	MaxID, SinceID, MinID ID
	Limit, Offset         int
}

// Millis is a moment in milliseconds since 1970 UTC, as stored. Zero is "never".
type Millis = int64

// Moment turns stored milliseconds into a time, and zero into the zero time.
func Moment(ms Millis) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}
