package main

import (
	"math"
	"time"
)

// unit is what a figure is counted in, and how it is printed.
type unit struct {
	name   string
	digits int
}

var (
	cpu   = unit{"ms CPU", 3}
	micro = unit{"µs CPU", 2}
	wall  = unit{"ms", 2}
	sec   = unit{"s", 3}
	mib   = unit{"MiB", 1}
	mb    = unit{"MB", 1}
	times = unit{"times", 2}
)

// measure is one line of the table. Limits and floors may rest on the floors of
// this run. A figure is good when it is at most the limit.
type measure struct {
	key        string // for BENCH_ONLY
	what       string
	unit       unit
	must, wish func(*floors) float64 // nil: none, the figure is there to be known
	floor      func(*floors) float64 // nil: none is known
	rests      string                // what the floor is made of
}

func at(limit float64) func(*floors) float64 { return func(*floors) float64 { return limit } }

// below is a limit that must not be reached: "under twice".
func below(limit float64) func(*floors) float64 {
	return func(*floors) float64 { return math.Nextafter(limit, 0) }
}

// incomingRows are the rows that no server can do without for a Post that comes
// in: seen, job, post, address, feed.
const incomingRows = 5

func incomingFloor(f *floors) float64 { return f.rsaVerify + incomingRows*f.row }
func pageFloor(f *floors) float64     { return f.page + f.answer }

// table is every measure, in the order in which it is printed.
var table = []measure{
	{"incoming", "incoming Create, known actor, followed: accepted, stored, in the feed, streamed", cpu,
		at(0.5), at(0.25), incomingFloor, "RSA verify + 5 grouped rows"},
	{"deliver-rsa", "delivery to one more host, RSA", cpu,
		at(1.05), func(f *floors) float64 { return f.rsaSign + 0.08 }, func(f *floors) float64 { return f.rsaSign }, "RSA sign"},
	{"deliver-ed25519", "delivery to a host known to verify Ed25519 over RFC 9421", cpu,
		at(0.15), at(0.08), func(f *floors) float64 { return f.edSign }, "Ed25519 sign"},
	{"hang", "a host that hangs among 1,000: healthy p99 against that without it", times,
		below(2), at(1.1), nil, ""},
	{"page-newest", "home page of 20, newest, 200,000 posts", cpu,
		at(0.5), at(0.25), pageFloor, "20 rows + answer of 30 kB"},
	{"page-depth", "home page of 20, at random depth, 200,000 posts", cpu,
		at(0.5), at(0.25), pageFloor, "20 rows + answer of 30 kB"},
	{"large-newest", "home page of 20, newest, 1,000,000 posts against 200,000", times,
		at(1.3), at(1.1), nil, ""},
	{"large-depth", "home page of 20, at random depth, 1,000,000 posts against 200,000", times,
		at(1.3), at(1.1), nil, ""},
	{"latency", "arrival at the inbox to the stream event, p50, idle machine", wall,
		at(5), at(2), nil, ""},
	{"local", "local post without followers", cpu,
		at(1.5), at(0.7), func(f *floors) float64 { return f.edSign + incomingRows*f.row }, "Ed25519 sign + 5 grouped rows"},
	{"memory-rest", "resident at rest", mib, at(45), at(30), nil, ""},
	{"memory-busy", "resident after 10,000 incoming posts", mib, at(90), at(60), nil, ""},
	{"start", "start on an existing database to ready", sec, at(0.3), at(0.1), nil, ""},
	{"binary", "binary", mb, at(40), at(30), nil, ""},
	{"disk", "disk for 10,000 posts", mb, at(30), at(15), nil, ""},
	{"decide", "one rule decision: one post at one linked account, ten rules", micro, at(100), at(10), nil, ""},
	{"lane-memory", "resident for each of 50 lanes at rest, each with its stream", mib, at(2), at(0.5), nil, ""},
	{"lane-latency", "a lane's post leaving its server to the stream event, p50, idle machine", wall, at(200), at(20), nil, ""},
	{"lane-post", "a post that a lane brings: heard, folded, stored, in Home, streamed", cpu, nil, nil, nil, ""},
	{"relayed", "one more copy: a post that a rule sends to one account, less the post itself", cpu, nil, nil, nil, ""},
}

// result is a measured line.
type result struct {
	Key   string  `json:"key"`
	What  string  `json:"what"`
	Unit  string  `json:"unit"`
	Value float64 `json:"value"`
	Floor float64 `json:"floor,omitempty"`
	Ratio float64 `json:"ratio,omitempty"` // Value / Floor
	Must  float64 `json:"must,omitempty"`  // 0: none
	Wish  float64 `json:"wish,omitempty"`
	OK    bool    `json:"ok"`
	Wound string  `json:"error,omitempty"` // why there is no value; not OK then
	Good  bool    `json:"wish_ok"`
	Note  string  `json:"note,omitempty"` // what else was seen
}

// judge puts a value beside floor and limits.
func (m *measure) judge(value float64, f *floors) result {
	r := result{Key: m.key, What: m.what, Unit: m.unit.name, Value: value}
	if m.floor != nil {
		if r.Floor = m.floor(f); r.Floor > 0 {
			r.Ratio = value / r.Floor
		}
	}
	if m.must == nil {
		r.OK, r.Good = true, true
		return r
	}
	r.Must, r.Wish = m.must(f), m.wish(f)
	r.OK, r.Good = value <= r.Must, value <= r.Wish
	return r
}

// fail is the line of a measure that could not be taken.
func (m *measure) fail(err error, f *floors) result {
	r := m.judge(math.Inf(1), f)
	r.Value, r.Ratio, r.Wound, r.OK, r.Good = 0, 0, err.Error(), false, false
	return r
}

func millis(d time.Duration) float64 { return float64(d) / 1e6 }
