package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
)

const (
	smallData  = 200_000
	largeData  = 1_000_000
	pageReads  = 400 // a round
	pageRounds = 5
	pageWarm   = 300
	starts     = 7
)

// readings are the costs of a page in one data set, ms of CPU.
type readings struct{ newest, depth float64 }

// pages measures homes with much in them.
func (b *bench) pages(ctx context.Context) error {
	h, err := b.dataset(ctx, smallData)
	if err != nil {
		return err
	}
	if b.wants("start") {
		if err := b.failing([]string{"start"}, b.starts(h)); err != nil {
			return err
		}
	}
	if !b.wants("page-newest", "page-depth", "large-newest", "large-depth") {
		return nil
	}
	small, err := b.read(ctx, h, smallData, "page")
	if err := errors.Join(b.set("page-newest", small.newest, err), b.set("page-depth", small.depth, err)); err != nil {
		return err
	}
	if !b.wants("large-newest", "large-depth") {
		return nil
	}
	if h, err = b.dataset(ctx, largeData); err != nil {
		return err
	}
	large, err := b.read(ctx, h, largeData, "large")
	b.note("large-newest", fmt.Sprintf("%.3f ms CPU", large.newest))
	b.note("large-depth", fmt.Sprintf("%.3f ms CPU", large.depth))
	return errors.Join(b.set("large-newest", large.newest/small.newest, err), b.set("large-depth", large.depth/small.depth, err))
}

// starts is the median time from the start of the process to the first 200 of
// /readyz; the file is in the system's cache.
func (b *bench) starts(h *home) error {
	var took []float64
	for range starts {
		if err := h.start(); err != nil {
			return err
		}
		took = append(took, h.child.ready.Seconds())
		if err := h.stop(); err != nil {
			return err
		}
	}
	slices.Sort(took)
	return b.set("start", quantile(took, 0.5), nil)
}

// read starts the home and reads pages of its reader's Home.
func (b *bench) read(ctx context.Context, h *home, n int, name string) (r readings, err error) {
	if err := warm(filepath.Join(h.data, "engawa.db")); err != nil {
		return r, err
	}
	if err := h.start(); err != nil {
		return r, err
	}
	defer h.stop()
	reader, err := h.user("reader")
	if err != nil {
		return r, err
	}
	if err := h.child.rest(ctx); err != nil {
		return r, err
	}
	newest := func(times int) func() error {
		return func() error { return reader.homePages(times, func() int { return n + 1 }) }
	}
	depth := func(times int) func() error {
		return func() error { return reader.homePages(times, func() int { return 200 + rand.IntN(n-200) }) }
	}
	if err := errors.Join(newest(pageWarm)(), depth(pageWarm)()); err != nil {
		return r, err
	}
	for _, m := range []struct {
		to   *float64
		f    func() error
		name string
	}{{&r.newest, newest(pageReads), "newest"}, {&r.depth, depth(pageReads), "depth"}} {
		stopProfile := b.profile(h, name+"-"+m.name)
		if *m.to, err = h.child.best(ctx, pageRounds, pageReads, func(int) error { return m.f() }); err != nil {
			return r, err
		}
		if err := stopProfile(); err != nil {
			return r, err
		}
	}
	return r, nil
}

// warm brings a file into the system's cache, so that no page waits for a disk
// because of what ran before.
func warm(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = io.Copy(io.Discard, f)
	return err
}

// homePages reads pages of 20, each ending before thing number before() of the
// data set; the newest page is asked for as clients do, without max_id.
func (u *user) homePages(times int, before func() int) error {
	newest := before()
	for range times {
		i := before()
		path := "/api/v1/timelines/home?limit=20"
		if i != newest {
			path += "&max_id=" + strconv.FormatInt(dataID(i), 10)
		}
		var page []struct{ ID string }
		if err := u.call(http.MethodGet, path, nil, &page); err != nil {
			return err
		}
		if len(page) != 20 {
			return fmt.Errorf("%s: %d posts instead of 20", path, len(page))
		}
		if want := strconv.FormatInt(dataID(i-1), 10); i != newest && page[0].ID != want {
			return fmt.Errorf("%s begins with %s instead of %s", path, page[0].ID, want)
		}
	}
	return nil
}
