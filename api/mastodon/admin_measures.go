package mastodon

import (
	"strconv"
	"strings"
	"time"

	"engawa/internal/clock"
	"engawa/social"
)

// span is a time of whole days, both included, as midnights UTC.
type span struct{ from, to social.Millis }

func (s span) days() int { return int((s.to-s.from)/dayMillis) + 1 }

// before is the span of as many days right before.
func (s span) before() span { return span{s.from - int64(s.days())*dayMillis, s.from - dayMillis} }

// maxSpan bounds how many days may be asked for.
const maxSpan = 400

// spanOf reads start_at and end_at, whose times of day do not count; false when
// one is missing.
func spanOf(in Params) (span, bool, error) {
	if in.text("start_at") == "" || in.text("end_at") == "" {
		return span{}, false, nil
	}
	from, ok := dayParam(in.text("start_at"))
	if !ok {
		return span{}, false, badRequest("start_at", "start_at must be a date, as 2026-05-17")
	}
	to, ok := dayParam(in.text("end_at"))
	if !ok {
		return span{}, false, badRequest("end_at", "end_at must be a date, as 2026-05-17")
	}
	s := span{from, to}
	if s.days() < 1 || s.days() > maxSpan {
		return span{}, false, badRequest("end_at", "end_at must be at or after start_at, by at most "+strconv.Itoa(maxSpan-1)+" days")
	}
	return s, true, nil
}

// dayParam reads a date with or without a time of day; the day is that of UTC.
func dayParam(text string) (social.Millis, bool) {
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05", "2006-01-02"} {
		if at, err := time.Parse(layout, strings.TrimSpace(text)); err == nil {
			ms := at.UnixMilli()
			return ms - mod(ms, dayMillis), true
		}
	}
	return 0, false
}

// counted is what a measure reads: by day, and for all the days together where
// that is not their sum (-1: it is).
type counted struct {
	days []social.CountOn
	all  int64
}

// measure is one line of the table of measures. param is the parameter that its
// key takes, "" for none. Those without a past tell all that is known instead of
// what happened in the time.
type measure struct {
	param  string
	noPast bool
	unit   string
	read   func(a *API, c *call, arg string, s span) (counted, error)
}

// measures are those of Mastodon.
var measures = map[string]measure{
	"active_users": {read: func(a *API, c *call, _ string, s span) (counted, error) {
		days, n, err := a.Home.Store.ActiveUsers(c.ctx, s.from, s.to)
		return counted{days, n}, err
	}},
	"new_users": {read: func(a *API, c *call, _ string, s span) (counted, error) {
		return summed(a.Home.Store.NewUsers(c.ctx, s.from, s.to))
	}},
	"interactions": {read: func(a *API, c *call, _ string, s span) (counted, error) {
		return summed(a.Home.Store.DayCounts(c.ctx, social.CountInteractions, "", s.from, s.to))
	}},
	"opened_reports": {read: func(a *API, c *call, _ string, s span) (counted, error) {
		return summed(a.Home.Store.OpenedReports(c.ctx, s.from, s.to))
	}},
	"resolved_reports": {read: func(a *API, c *call, _ string, s span) (counted, error) {
		return summed(a.Home.Store.ResolvedReports(c.ctx, s.from, s.to))
	}},
	"tag_accounts": {param: "id", read: ofTag(func(a *API, c *call, t *social.Tag, s span) (counted, error) {
		days, n, err := a.Home.Store.TagAccounts(c.ctx, t.ID, s.from, s.to)
		return counted{days, n}, err
	})},
	"tag_uses": {param: "id", read: ofTag(tagUses)},
	"tag_servers": {param: "id", read: ofTag(func(a *API, c *call, t *social.Tag, s span) (counted, error) {
		days, n, err := a.Home.Store.TagServers(c.ctx, t.ID, s.from, s.to)
		return counted{days, n}, err
	})},
	"instance_accounts":  {param: "domain", noPast: true, read: ofInstance("instance_accounts")},
	"instance_reports":   {param: "domain", noPast: true, read: ofInstance("instance_reports")},
	"instance_follows":   {param: "domain", noPast: true, read: ofInstance("instance_follows")},
	"instance_followers": {param: "domain", noPast: true, read: ofInstance("instance_followers")},
	"instance_statuses": {param: "domain", noPast: true, read: func(a *API, c *call, domain string, s span) (counted, error) {
		x, err := ofInstance("instance_statuses")(a, c, domain, s)
		if err == nil {
			x.days, err = a.Home.Store.DayCounts(c.ctx, social.CountServers, domain, s.from, s.to)
		}
		return x, err
	}},
	// Media of elsewhere are shown through a bounded cache and never stored for good.
	"instance_media_attachments": {param: "domain", noPast: true, unit: "bytes", read: func(*API, *call, string, span) (counted, error) {
		return counted{}, nil
	}},
}

func summed(days []social.CountOn, err error) (counted, error) { return counted{days, -1}, err }

// ofTag looks the tag up; one that is not there was never used.
func ofTag(read func(*API, *call, *social.Tag, span) (counted, error)) func(*API, *call, string, span) (counted, error) {
	return func(a *API, c *call, arg string, s span) (counted, error) {
		t, err := a.tagOfID(c, arg)
		if social.IsKind(err, social.NotFound) {
			return counted{}, nil
		}
		if err != nil {
			return counted{}, err
		}
		return read(a, c, t, s)
	}
}

func (a *API) tagOfID(c *call, text string) (*social.Tag, error) {
	id, ok := social.ParseID(text)
	if !ok {
		return nil, social.ErrNotFound
	}
	return a.Home.Store.TagByID(c.ctx, id)
}

func tagUses(a *API, c *call, t *social.Tag, s span) (counted, error) {
	// The history ends with the day it is asked for at.
	days, err := a.Home.Store.TagHistory(c.ctx, []string{t.Name}, s.to, s.days())
	if err != nil {
		return counted{}, err
	}
	x := counted{all: -1}
	for _, d := range days[t.Name] {
		x.days = append(x.days, social.CountOn{Day: d.Day, N: d.Uses})
	}
	return x, nil
}

func ofInstance(what string) func(*API, *call, string, span) (counted, error) {
	return func(a *API, c *call, domain string, s span) (counted, error) {
		days, n, err := a.Home.Store.Instance(c.ctx, what, domain, s.from, s.to)
		return counted{days, n}, err
	}
}

// maxKeys bounds how many measures or dimensions are read at once.
const maxKeys = 32

func adminMeasures(a *API, c *call) (any, error) {
	s, ok, err := spanOf(c.in)
	if err != nil {
		return nil, err
	}
	keys := c.in.texts("keys")
	switch {
	case !ok:
		return nil, badRequest("start_at", "start_at and end_at must be given")
	case len(keys) > maxKeys:
		return nil, badInput("keys", "keys: at most "+strconv.Itoa(maxKeys)+" measures are read at once")
	}
	if err := a.Home.FlushDays(c.ctx); err != nil {
		return nil, err
	}
	out := []*AdminMeasure{}
	for _, key := range keys {
		m, ok := measures[key]
		if !ok {
			continue // as Mastodon
		}
		x, err := a.measure(c, key, &m, s)
		if err != nil {
			return nil, err
		}
		out = append(out, x)
	}
	return out, nil
}

func (a *API) measure(c *call, key string, m *measure, s span) (*AdminMeasure, error) {
	arg, err := keyParam(c.in, key, m.param)
	if err != nil {
		return nil, err
	}
	x, err := m.read(a, c, arg, s)
	if err != nil {
		return nil, err
	}
	out := &AdminMeasure{Key: key, Unit: textOr(m.unit), Total: x.total(), Data: x.byDay(s)}
	if m.unit == "bytes" {
		out.HumanValue = humanBytes(0)
	}
	if m.noPast {
		return out, nil
	}
	former, err := m.read(a, c, arg, s.before())
	total := former.total()
	out.Previous = &total
	return out, err
}

// keyParam reads what a key needs: tag_uses[id]=…
func keyParam(in Params, key, param string) (string, error) {
	if param == "" {
		return "", nil
	}
	arg := strings.ToLower(strings.TrimSpace(in.group(key).text(param)))
	if arg == "" {
		return "", badRequest(key, key+"["+param+"] must be given")
	}
	return arg, nil
}

func (x *counted) total() string {
	n := x.all
	if n < 0 {
		n = 0
		for _, d := range x.days {
			n += d.N
		}
	}
	return strconv.FormatInt(n, 10)
}

// byDay has one entry for each day of a span, oldest first.
func (x *counted) byDay(s span) []AdminDatum {
	known := make(map[social.Millis]int64, len(x.days))
	for _, d := range x.days {
		known[d.Day] += d.N
	}
	out := make([]AdminDatum, 0, s.days())
	for day := s.from; day <= s.to; day += dayMillis {
		out = append(out, AdminDatum{Date: dayMoment(day), Value: strconv.FormatInt(known[day], 10)})
	}
	return out
}

func dayMoment(day social.Millis) string {
	return social.Moment(day).Format("2006-01-02T15:04:05Z07:00")
}

// humanBytes is a size as people read it.
func humanBytes(n int64) string {
	units := []string{"Bytes", "KB", "MB", "GB", "TB"}
	f, i := float64(n), 0
	for ; f >= 1024 && i < len(units)-1; i++ {
		f /= 1024
	}
	return strconv.FormatFloat(f, 'g', 3, 64) + " " + units[i]
}

// Bounds of a report of retention: it has a number for each two periods.
const (
	maxCohortDays   = 92
	maxCohortMonths = 36
)

// adminRetention counts who joined in one period and was still active in those
// after; without its parameters it is empty, as Mastodon's.
func adminRetention(a *API, c *call) (any, error) {
	s, ok, err := spanOf(c.in)
	if err != nil {
		return nil, err
	}
	out := []AdminCohort{}
	if !ok {
		return out, nil
	}
	frequency, periods := "day", s.periods("day")
	if c.in.text("frequency") == "month" {
		frequency, periods = "month", s.periods("month")
	}
	if n := len(periods) - 1; frequency == "day" && n > maxCohortDays || n > maxCohortMonths && frequency == "month" {
		return nil, badRequest("end_at", "a report of retention is of at most 92 days, or of 36 months")
	}
	people, err := a.Home.Store.Cohort(c.ctx, periods[0], periods[len(periods)-1])
	if err != nil {
		return nil, err
	}
	for i := range periods[:len(periods)-1] {
		out = append(out, cohort(frequency, periods, i, people))
	}
	return out, nil
}

// periods are the beginnings of the days or months of a span, and its end.
func (s span) periods(frequency string) []social.Millis {
	at := social.Moment(s.from)
	step := func() time.Time { return at.AddDate(0, 0, 1) }
	if frequency == "month" {
		at = at.AddDate(0, 0, 1-at.Day())
		step = func() time.Time { return at.AddDate(0, 1, 0) }
	}
	var out []social.Millis
	for ; clock.Millis(at) <= s.to; at = step() {
		out = append(out, clock.Millis(at))
	}
	return append(out, clock.Millis(at))
}

// cohort is who joined in the period i: made and last active.
func cohort(frequency string, periods []social.Millis, i int, people [][2]social.Millis) AdminCohort {
	const layout = "2006-01-02T15:04:05-07:00"
	out := AdminCohort{Period: social.Moment(periods[i]).Format(layout), Frequency: frequency, Data: []AdminCohortDatum{}}
	joined := 0
	for _, p := range people {
		if p[0] >= periods[i] && p[0] < periods[i+1] {
			joined++
		}
	}
	for _, from := range periods[i : len(periods)-1] {
		kept := 0
		for _, p := range people {
			if p[0] >= periods[i] && p[0] < periods[i+1] && max(p[1], p[0]) >= from {
				kept++
			}
		}
		out.Data = append(out.Data, AdminCohortDatum{
			Date: social.Moment(from).Format(layout), Rate: float64(kept) / float64(max(joined, 1)), Value: strconv.Itoa(kept),
		})
	}
	return out
}
