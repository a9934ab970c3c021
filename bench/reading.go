package main

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

const (
	readLess   = 20_000 // the data set that the other one is compared with
	readRounds = 4
	readCrowd  = 16 // clients at once
	readGrowth = 1.5
	readHome   = 1.0 // ms of CPU
)

// reading is one operation of the client API that reads.
type reading struct {
	key  string // for BENCH_ONLY
	what string
	path func(posts int) string
	want int // entries of its answer
	n    int // requests in a round
	must float64
}

func at20(path string) func(int) string { return func(int) string { return path + "limit=20" } }

// operations is every one of them, in the order in which it is printed.
var operations = []reading{
	{"read-home", "home timeline of 20", at20("/api/v1/timelines/home?"), 20, 300, readHome},
	{"read-public", "public timeline of 20", at20("/api/v1/timelines/public?"), 20, 300, 0},
	{"read-account", "posts of an account, 20", at20("/api/v1/accounts/1/statuses?"), 20, 300, 0},
	{"read-tag", "timeline of a hashtag, 20", at20("/api/v1/timelines/tag/engawa?"), 20, 300, 0},
	{"read-notifications", "notifications, 20", at20("/api/v1/notifications?"), 20, 300, 0},
	{"read-grouped", "grouped notifications, 20", at20("/api/v2/notifications?"), 20, 200, 0},
	{"read-context", "context in a thread of 500", func(n int) string { return "/api/v1/statuses/" + strconv.FormatInt(threadID(n), 10) + "/context" }, threadLength - 1, 40, 0},
	{"read-search", "search for posts, 20", at20("/api/v2/search?q=%E3%81%8A%E8%8C%B6&type=statuses&"), 20, 200, 0},
}

// readCost is what an operation took in one data set with so many clients.
type readCost struct {
	Clients int     `json:"clients"`
	P50     float64 `json:"p50_ms"`
	P99     float64 `json:"p99_ms"`
	Rate    float64 `json:"per_second"`
	PerCore float64 `json:"per_second_and_core"`
	CPU     float64 `json:"ms_cpu"`
	Allocs  float64 `json:"allocations"`
	Bytes   float64 `json:"kib_allocated"`
}

// readResult is the line of an operation.
type readResult struct {
	Key    string     `json:"key"`
	What   string     `json:"what"`
	Costs  []readCost `json:"costs"`  // with one client and with sixteen, in the larger data set
	Growth float64    `json:"growth"` // CPU in the larger data set as a multiple of that in the smaller one
	OK     bool       `json:"ok"`
	Wound  string     `json:"error,omitempty"`
}

func readKeys() (keys []string) {
	for i := range operations {
		keys = append(keys, operations[i].key)
	}
	return keys
}

// reads measures what reads in two data sets, the smaller one first.
func (b *bench) reads(ctx context.Context) error {
	least := map[string]float64{}
	for _, posts := range []int{readLess, smallData} {
		if err := b.readsOf(ctx, posts, func(op *reading, costs []readCost, err error) {
			if posts == readLess && err == nil {
				least[op.key] = costs[0].CPU
				return
			}
			r := readResult{Key: op.key, What: op.what, Costs: costs}
			if err != nil {
				r.Wound = err.Error()
			} else {
				r.Growth = costs[0].CPU / least[op.key]
				r.OK = r.Growth <= readGrowth && (op.must == 0 || costs[0].CPU <= op.must)
			}
			b.readResults = append(b.readResults, r)
		}); err != nil {
			return err
		}
	}
	return nil
}

// readsOf starts a home with a data set and gives done the costs of each
// operation: with one client, and in the larger data set with many.
func (b *bench) readsOf(ctx context.Context, posts int, done func(*reading, []readCost, error)) error {
	h, err := b.dataset(ctx, posts, readStatements...)
	if err != nil {
		return err
	}
	if err := warm(filepath.Join(h.data, "engawa.db")); err != nil {
		return err
	}
	if err := h.start(); err != nil {
		return err
	}
	defer h.stop()
	reader, err := h.user("reader")
	if err != nil {
		return err
	}
	if err := h.child.rest(ctx); err != nil {
		return err
	}
	for i := range operations {
		op := &operations[i]
		if !b.only.MatchString(op.key) {
			continue
		}
		var costs []readCost
		for _, clients := range []int{1, readCrowd} {
			c, err := b.readCost(ctx, h, reader, op, posts, clients)
			if ctx.Err() != nil {
				return ctx.Err()
			}
			if err != nil {
				done(op, nil, err)
				costs = nil
				break
			}
			if costs = append(costs, c); posts == readLess {
				break
			}
		}
		if costs != nil {
			b.say("%-18s %d posts  %.3f ms CPU, %.0f allocations", op.key, posts, costs[0].CPU, costs[0].Allocs)
			done(op, costs, nil)
		}
	}
	return nil
}

func (b *bench) readCost(ctx context.Context, h *home, u *user, op *reading, posts, clients int) (readCost, error) {
	c := readCost{Clients: clients}
	path := op.path(posts)
	if err := each(ctx, op.n, clients, func(int) error { return u.reads(path, op.want) }); err != nil { // to warm up
		return c, err
	}
	stopProfile := func() error { return nil }
	if clients == 1 && posts == smallData {
		stopProfile = b.profile(h, op.key)
	}
	var mu sync.Mutex
	var took []float64
	var spent time.Duration
	before, err := h.child.allocated()
	if err != nil {
		return c, err
	}
	c.CPU, err = h.child.best(ctx, readRounds, op.n, func(int) error {
		began := time.Now()
		defer func() { spent += time.Since(began) }()
		return each(ctx, op.n, clients, func(int) error {
			began := time.Now()
			err := u.reads(path, op.want)
			mu.Lock()
			took = append(took, millis(time.Since(began)))
			mu.Unlock()
			return err
		})
	})
	if err != nil {
		return c, err
	}
	after, err := h.child.allocated()
	if err != nil {
		return c, err
	}
	slices.Sort(took)
	n := float64(len(took))
	c.P50, c.P99 = quantile(took, 0.5), quantile(took, 0.99)
	c.Rate, c.PerCore = n/spent.Seconds(), 1000/c.CPU
	c.Allocs, c.Bytes = (after.objects-before.objects)/n, (after.bytes-before.bytes)/n/1024
	return c, stopProfile()
}

// reads asks once and counts the entries of the answer without decoding it: the
// client shares the machine's cores.
func (u *user) reads(path string, want int) error {
	var answer countedEntries
	if err := u.call(http.MethodGet, path, nil, &answer); err != nil {
		return err
	}
	if int(answer) != want {
		return fmt.Errorf("%s: %d entries instead of %d", path, answer, want)
	}
	return nil
}

// countedEntries counts what an answer lists: the elements of its array, or of
// that among its members which says what was asked for.
type countedEntries int

// UnmarshalJSON implements json.Unmarshaler.
func (c *countedEntries) UnmarshalJSON(text []byte) error {
	for _, name := range []string{`"notification_groups":[`, `"descendants":[`, `"statuses":[`} {
		if text[0] != '{' {
			break
		}
		if _, list, is := strings.Cut(string(text), name); is {
			*c = countedEntries(elements("[" + list))
			return nil
		}
	}
	*c = countedEntries(elements(string(text)))
	return nil
}

// elements counts those of the array that a JSON text begins with.
func elements(text string) (n int) {
	depth, quoted, empty := 0, false, true
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted, empty = !quoted, false
		case quoted:
		case c == '[' || c == '{':
			if depth > 0 {
				empty = false
			}
			depth++
		case c == ']' || c == '}':
			if depth--; depth == 0 {
				if empty {
					return 0
				}
				return n + 1
			}
		case c == ',' && depth == 1:
			n++
		case c > ' ':
			empty = false
		}
	}
	return n
}

// allocation is what a Go program has allocated since its start.
type allocation struct{ objects, bytes float64 }

// allocated asks the child for the runtime's counters.
func (c *child) allocated() (a allocation, err error) {
	resp, err := newClient(c.admin, 1).Get("http://" + c.admin + "/metrics")
	if err != nil {
		return a, err
	}
	defer resp.Body.Close()
	lines := bufio.NewScanner(resp.Body)
	for lines.Scan() {
		for name, to := range map[string]*float64{"go_memstats_mallocs_total ": &a.objects, "go_memstats_alloc_bytes_total ": &a.bytes} {
			if text, is := strings.CutPrefix(lines.Text(), name); is {
				if *to, err = strconv.ParseFloat(text, 64); err != nil {
					return a, err
				}
			}
		}
	}
	if a.objects == 0 || a.bytes == 0 {
		return a, fmt.Errorf("/metrics tells of no allocations")
	}
	return a, lines.Err()
}
