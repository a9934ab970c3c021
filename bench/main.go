package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"regexp"
	"syscall"
	"time"
)

// bench is one run.
type bench struct {
	program  string // bin/engawa
	dir      string // everything that is thrown away
	profiles string // folder for CPU profiles, "" for none
	only     *regexp.Regexp
	world    *world
	floors   *floors
	began    time.Time
	results  map[string]result
	notes    map[string]string

	readResults []readResult // the second table
}

func main() {
	if len(os.Args) == 3 && os.Args[1] == floorServer {
		fmt.Fprintln(os.Stderr, serveFloor(os.Args[2]))
		os.Exit(1)
	}
	asJSON := flag.Bool("json", false, "print one JSON object instead of the table")
	program := flag.String("program", "bin/engawa", "the binary under test")
	flag.Usage = func() {
		fmt.Fprintln(os.Stderr, "usage: bench [--json] [--program bin/engawa]\n  BENCH_ONLY=REGEXP     only measures whose key matches (docs/performance.md)\n  BENCH_PROFILE=FOLDER  writes CPU profiles there; the figures of such a run are higher")
	}
	flag.Parse()
	ok, err := run(*program, *asJSON)
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
	}
	if !ok || err != nil {
		os.Exit(1)
	}
}

// longest is how long a run may take before it gives up.
const longest = 15 * time.Minute

func run(program string, asJSON bool) (ok bool, err error) {
	ctx, cancel := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer cancel()
	ctx, stop := context.WithTimeout(ctx, longest)
	defer stop()
	b, err := newBench(program)
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, b.close()) }()
	b.say("floors")
	if b.floors, err = measureFloors(ctx, b.dir, b.world.rsa, b.world.ed); err != nil {
		return false, err
	}
	for _, s := range []struct {
		name string
		f    func(context.Context) error
		keys []string
	}{
		{"the binary", b.binary, []string{"binary"}},
		{"a home that receives", b.incoming, []string{"memory-rest", "incoming", "memory-busy", "latency", "disk"}},
		{"a home that writes", b.outgoing, []string{"local", "deliver-rsa", "deliver-ed25519", "hang"}},
		{"rules", b.rules, []string{"decide"}},
		{"a home with lanes", b.lanes, []string{"lane-memory", "lane-latency", "lane-post", "relayed"}},
		{"homes with much in them", b.pages, []string{"start", "page-newest", "page-depth", "large-newest", "large-depth"}},
		{"what clients read", b.reads, readKeys()},
	} {
		if b.wants(s.keys...) {
			b.say("%s", s.name)
			if err := b.failing(s.keys, s.f(ctx)); err != nil {
				return false, err
			}
		}
	}
	list := b.list()
	if asJSON {
		err = b.writeJSON(os.Stdout, list)
	} else {
		err = errors.Join(b.writeTable(os.Stdout, list), b.writeReads(os.Stdout))
	}
	return b.passed(list), err
}

func newBench(program string) (*bench, error) {
	b := &bench{began: time.Now(), results: map[string]result{}, notes: map[string]string{}, profiles: os.Getenv("BENCH_PROFILE")}
	var err error
	if b.only, err = regexp.Compile(os.Getenv("BENCH_ONLY")); err != nil {
		return nil, fmt.Errorf("BENCH_ONLY is no regular expression: %w", err)
	}
	if b.program, err = filepath.Abs(program); err != nil {
		return nil, err
	}
	if _, err := os.Stat(b.program); err != nil {
		return nil, fmt.Errorf("%w; make it with `make build`", err)
	}
	if _, err := os.Stat("store/migration"); err != nil {
		return nil, fmt.Errorf("%w; start this from the root of the repository", err)
	}
	if b.profiles != "" {
		if err := os.MkdirAll(b.profiles, 0o755); err != nil {
			return nil, err
		}
	}
	if b.world, err = newWorld(); err != nil {
		return nil, err
	}
	b.dir, err = os.MkdirTemp("", "engawa-bench-run-")
	return b, err
}

func (b *bench) close() error { return errors.Join(b.world.close(), os.RemoveAll(b.dir)) }

// home is a new home with an empty data folder.
func (b *bench) home(name string) *home {
	return &home{program: b.program, data: filepath.Join(b.dir, name), world: b.world}
}

// wants reports whether one of the measures is asked for.
func (b *bench) wants(keys ...string) bool {
	for _, key := range keys {
		if b.only.MatchString(key) {
			return true
		}
	}
	return false
}

// say tells how far the run is.
func (b *bench) say(format string, args ...any) {
	fmt.Fprintf(os.Stderr, "%4.0f s  %s\n", time.Since(b.began).Seconds(), fmt.Sprintf(format, args...))
}

// set keeps a measured value, unless err says that there is none.
func (b *bench) set(key string, value float64, err error) error {
	if err != nil {
		return err
	}
	for i := range table {
		if m := &table[i]; m.key == key {
			r := m.judge(value, b.floors)
			b.results[key] = r
			b.say("%-16s %.*f %s", key, m.unit.digits, value, m.unit.name)
		}
	}
	return nil
}

// note adds to a line what else was seen.
func (b *bench) note(key, text string) { b.notes[key] = text }

// failing makes err the result of those of the measures that have none yet; only
// the end of the whole run is an error still.
func (b *bench) failing(keys []string, err error) error {
	if err == nil {
		return nil
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	b.say("%v", err)
	for i := range table {
		m := &table[i]
		if _, done := b.results[m.key]; done {
			continue
		}
		for _, key := range keys {
			if m.key == key {
				b.results[key] = m.fail(err, b.floors)
			}
		}
	}
	return nil
}

// profile starts a CPU profile of a part when they are asked for.
func (b *bench) profile(h *home, name string) (stop func() error) {
	if b.profiles == "" {
		return func() error { return nil }
	}
	return h.child.profile(filepath.Join(b.profiles, name+".pprof"), 4)
}

// binary is the size of the program.
func (b *bench) binary(context.Context) error {
	info, err := os.Stat(b.program)
	if err != nil {
		return err
	}
	return b.set("binary", float64(info.Size())/1e6, nil)
}

// list is the results in the order of the table, without what was not asked for.
func (b *bench) list() []result {
	var list []result
	for i := range table {
		if r, ok := b.results[table[i].key]; ok && b.only.MatchString(r.Key) {
			r.Note = b.notes[r.Key]
			list = append(list, r)
		}
	}
	return list
}

// passed reports whether there are results and none misses what it must.
func (b *bench) passed(list []result) bool {
	return passedReads(b.readResults) && (passed(list) || len(list) == 0 && len(b.readResults) > 0)
}

// passed reports whether no measure misses what it must.
func passed(list []result) bool {
	for i := range list {
		if !list[i].OK {
			return false
		}
	}
	return len(list) > 0
}
