package relay

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// readSpan takes "20s", "5m", "2h", "1h30m" or "3d", and 0.
func readSpan(v any, most time.Duration) (time.Duration, *flaw) {
	var d time.Duration
	switch t := v.(type) {
	case int64:
		if t != 0 {
			return 0, wrong("relay.flaw.duration", "got", strconv.FormatInt(t, 10))
		}
	case string:
		var err error
		if days, is := strings.CutSuffix(t, "d"); is {
			var n int64
			n, err = strconv.ParseInt(days, 10, 16)
			d = time.Duration(n) * 24 * time.Hour
		} else {
			d, err = time.ParseDuration(t)
		}
		if err != nil {
			return 0, wrong("relay.flaw.duration", "got", quote(t))
		}
	default:
		return 0, wrong("relay.flaw.type", "got", kindOf(v), "want", textKey("relay.want.duration"))
	}
	if d < 0 || d > most {
		return 0, wrong("relay.flaw.range", "got", spanText(d), "min", "0s", "max", spanText(most))
	}
	return d, nil
}

// spanText is the shortest form that readSpan takes: "10m", not "10m0s".
func spanText(d time.Duration) string {
	s := d.String()
	if strings.HasSuffix(s, "m0s") {
		s = s[:len(s)-2]
	}
	if strings.HasSuffix(s, "h0m") {
		s = s[:len(s)-2]
	}
	return s
}

// moneyField is a sum in dollars, kept in micro-dollars.
type moneyField func(*Rule) *int64

// maxMoney is a million dollars.
const maxMoney = 1e6

func (b moneyField) read(v any, r *Rule) *flaw {
	var dollars float64
	switch t := v.(type) {
	case int64:
		dollars = float64(t)
	case float64:
		dollars = t
	default:
		return wrong("relay.flaw.type", "got", kindOf(v), "want", textKey("relay.want.money"))
	}
	if !(dollars >= 0 && dollars <= maxMoney) {
		return wrong("relay.flaw.range", "got", strconv.FormatFloat(dollars, 'g', -1, 64), "min", 0, "max", int64(maxMoney))
	}
	*b(r) = int64(math.Round(dollars * 1e6))
	return nil
}

func (b moneyField) write(r *Rule) any {
	n := *b(r)
	if n%1e6 == 0 {
		return n / 1e6
	}
	return float64(n) / 1e6
}

// editKeep is keep.edit: a word, or "redo_within:10m".
type editKeep struct{}

// maxRedo is how long after sending an edit may still delete and send again.
const maxRedo = 24 * time.Hour

var editWords = []EditPolicy{EditAuto, EditReplace, EditCorrect, EditIgnore}

func (editKeep) read(v any, r *Rule) *flaw {
	s, is := v.(string)
	if !is {
		return wrong("relay.flaw.type", "got", kindOf(v), "want", textKey("relay.want.text"))
	}
	if rest, is := strings.CutPrefix(s, string(EditRedo)+":"); is {
		d, bad := readSpan(strings.TrimSpace(rest), maxRedo)
		if bad == nil && d == 0 {
			bad = wrong("relay.flaw.duration", "got", quote(rest))
		}
		if bad == nil {
			r.Keep.Edit, r.Keep.Within = EditRedo, d
		}
		return bad
	}
	for _, w := range editWords {
		if s == string(w) {
			r.Keep.Edit, r.Keep.Within = w, 0
			return nil
		}
	}
	return wrong("relay.flaw.choice", "got", quote(s), "choices", append(wordsOf(editWords), quote(string(EditRedo)+":10m")))
}

func (editKeep) write(r *Rule) any {
	if r.Keep.Edit == EditRedo {
		return string(EditRedo) + ":" + spanText(r.Keep.Within)
	}
	return string(r.Keep.Edit)
}

// feedback is keep.feedback: collect or off.
type feedback struct{}

func (feedback) read(v any, r *Rule) *flaw {
	switch v {
	case "collect":
		r.Keep.Feedback = true
	case "off":
		r.Keep.Feedback = false
	default:
		s, is := v.(string)
		if !is {
			return wrong("relay.flaw.type", "got", kindOf(v), "want", textKey("relay.want.text"))
		}
		return wrong("relay.flaw.choice", "got", quote(s), "choices", []string{`"collect"`, `"off"`})
	}
	return nil
}

func (feedback) write(r *Rule) any {
	if r.Keep.Feedback {
		return "collect"
	}
	return "off"
}

// templateField is as.template: text with {text}, {link} and {cw}, of which the
// first or second has to be there.
type templateField struct{}

func (templateField) read(v any, r *Rule) *flaw {
	at := textField(func(r *Rule) *string { return &r.As.Template })
	if bad := at.read(v, r); bad != nil || r.As.Template == "" {
		return bad
	}
	shows := false
	for rest := r.As.Template; ; {
		_, after, open := strings.Cut(rest, "{")
		name, next, closed := strings.Cut(after, "}")
		switch {
		case !open && shows:
			return nil
		case !open:
			return wrong("relay.flaw.template_empty", "names", templateNames)
		case !closed || !slices.Contains(templateNames, "{"+name+"}"):
			return wrong("relay.flaw.template", "got", quote("{"+name), "names", templateNames)
		}
		shows = shows || name != "cw"
		rest = next
	}
}

var templateNames = []string{"{text}", "{link}", "{cw}"}

func (templateField) write(r *Rule) any { return r.As.Template }

// quietHours is limit.quiet_hours: "23:00-07:00", with a time zone where it is
// not the server's: "23:00-07:00 Asia/Tokyo".
type quietHours struct{}

func (quietHours) read(v any, r *Rule) *flaw {
	s, is := v.(string)
	if !is {
		return wrong("relay.flaw.type", "got", kindOf(v), "want", textKey("relay.want.text"))
	}
	if s == "" {
		r.Limit.Quiet = Quiet{}
		return nil
	}
	if len(s) > maxText {
		return checkText(s)
	}
	hours, zone, _ := strings.Cut(strings.TrimSpace(s), " ")
	a, b, ok := strings.Cut(hours, "-")
	from, okFrom := clockTime(a)
	to, okTo := clockTime(b)
	if !ok || !okFrom || !okTo || from == to {
		return wrong("relay.flaw.quiet", "got", quote(s))
	}
	if zone = strings.TrimSpace(zone); zone != "" {
		if _, err := time.LoadLocation(zone); err != nil {
			return wrong("relay.flaw.zone", "got", quote(zone))
		}
	}
	r.Limit.Quiet = Quiet{from, to, zone}
	return nil
}

func (quietHours) write(r *Rule) any {
	q := r.Limit.Quiet
	if !q.Set() {
		return ""
	}
	s := clockText(q.From) + "-" + clockText(q.To)
	if q.Zone != "" {
		s += " " + q.Zone
	}
	return s
}

// clockTime reads "7:05" as minutes since midnight; 24:00 is midnight.
func clockTime(s string) (int, bool) {
	h, m, ok := strings.Cut(strings.TrimSpace(s), ":")
	if !ok || len(h) < 1 || len(h) > 2 || len(m) != 2 {
		return 0, false
	}
	hour, err1 := strconv.ParseUint(h, 10, 8)
	minute, err2 := strconv.ParseUint(m, 10, 8)
	if err1 != nil || err2 != nil || minute > 59 || hour > 24 || hour == 24 && minute > 0 {
		return 0, false
	}
	return int(hour%24*60 + minute), true
}

func clockText(m int) string {
	return strconv.Itoa(100 + m/60)[1:] + ":" + strconv.Itoa(100 + m%60)[1:]
}

// Set reports whether there are quiet hours.
func (q Quiet) Set() bool { return q.From != q.To }

// Until is when the quiet hours that t lies in end, t itself outside them. t
// bears the server's zone, which counts where Zone is empty.
func (q Quiet) Until(t time.Time) time.Time {
	if !q.Set() {
		return t
	}
	at := t
	if q.Zone != "" {
		if zone, err := time.LoadLocation(q.Zone); err == nil {
			at = t.In(zone)
		}
	}
	now := at.Hour()*60 + at.Minute()
	inside := q.From <= now && now < q.To
	if q.From > q.To {
		inside = now >= q.From || now < q.To
	}
	if !inside {
		return t
	}
	day := at.Day()
	if q.From > q.To && now >= q.From {
		day++
	}
	return time.Date(at.Year(), at.Month(), day, q.To/60, q.To%60, 0, 0, at.Location()).In(t.Location())
}
