package locale

import (
	"strconv"
	"strings"
	"time"
)

// Date writes the day of t in t's own zone: "23 Nov 2026", "2026年11月23日".
func Date(lang Lang, t time.Time) string {
	if lang.known() == Japanese {
		return t.Format("2006年1月2日")
	}
	return t.Format("2 Jan 2006")
}

// DateTime writes the minute of t in t's own zone and names the zone:
// "23 Nov 2026, 14:05 JST", "2026年11月23日 14:05 JST".
func DateTime(lang Lang, t time.Time) string {
	if lang.known() == Japanese {
		return t.Format("2006年1月2日 15:04 ") + zone(t)
	}
	return t.Format("2 Jan 2006, 15:04 ") + zone(t)
}

// zone names t's zone by its abbreviation, or as "UTC+5:30" where it has none.
func zone(t time.Time) string {
	name, offset := t.Zone()
	if name != "" && !strings.ContainsAny(name[:1], "+-") {
		return name
	}
	if offset == 0 {
		return "UTC"
	}
	sign := "+"
	if offset < 0 {
		sign, offset = "-", -offset
	}
	out := "UTC" + sign + strconv.Itoa(offset/3600)
	if minutes := offset % 3600 / 60; minutes != 0 {
		out += ":" + strconv.Itoa(100 + minutes)[1:]
	}
	return out
}

const day = 24 * time.Hour

// spans are the units of Duration and Relative, longest first.
var spans = []struct {
	size time.Duration
	key  string
}{
	{day, "day"}, {time.Hour, "hour"}, {time.Minute, "minute"}, {time.Second, "second"},
}

// Duration writes a span of time in its largest whole unit, rounded up, so
// that who waits so long has waited enough: "3 minutes", "3分".
func Duration(lang Lang, d time.Duration) string {
	for _, s := range spans {
		if d > s.size || d == s.size {
			n := int64(d / s.size)
			if d%s.size != 0 {
				n++
			}
			return T(lang, "time."+s.key, "count", n)
		}
	}
	return T(lang, "time.second", "count", 1)
}

// Relative tells when t was or will be, seen from now: "just now",
// "5 minutes ago", "in 3 hours"; the Date, in t's zone, when more than 30 days
// lie between.
func Relative(lang Lang, t, now time.Time) string {
	key, d := "time.ago.", now.Sub(t)
	if d < 0 {
		key, d = "time.in.", -d
	}
	if d > 30*day {
		return Date(lang, t)
	}
	if d < 10*time.Second {
		return T(lang, "time.now")
	}
	for _, s := range spans {
		if d >= s.size {
			return T(lang, key+s.key, "count", int64(d/s.size))
		}
	}
	return T(lang, "time.now")
}
