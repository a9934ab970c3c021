// Package blobtest is the conformance suite that every blob.Store passes.
package blobtest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/iotest"

	"engawa/blob"
)

// Run runs the suite. open gives a new, empty Store for each call and cleans up after the test.
func Run(t *testing.T, open func(t *testing.T) blob.Store) {
	for _, c := range []struct {
		name string
		test func(*testing.T, blob.Store)
	}{
		{"PutOpenStat", putOpenStat},
		{"Replace", replace},
		{"WholeOrAbsent", wholeOrAbsent},
		{"Missing", missing},
		{"Keys", badKeys},
		{"Walk", walk},
		{"WalkStops", walkStops},
		{"OpenOutlivesDelete", outlives},
		{"ReaderSeeks", seeks},
		{"Concurrent", concurrent},
		{"Cancelled", cancelled},
	} {
		t.Run(c.name, func(t *testing.T) { c.test(t, open(t)) })
	}
}

func put(t *testing.T, s blob.Store, key, content string) {
	t.Helper()
	if err := s.Put(t.Context(), key, strings.NewReader(content), int64(len(content))); err != nil {
		t.Fatalf("Put(%q): %v", key, err)
	}
}

func get(t *testing.T, s blob.Store, key string) string {
	t.Helper()
	r, err := s.Open(t.Context(), key)
	if err != nil {
		t.Fatalf("Open(%q): %v", key, err)
	}
	defer r.Close()
	b, err := io.ReadAll(r)
	if err != nil {
		t.Fatalf("read %q: %v", key, err)
	}
	return string(b)
}

func putOpenStat(t *testing.T, s blob.Store) {
	for _, c := range []struct {
		key, content string
		size         int64
	}{{"a", "", 0}, {"media/ab/x.jpg", "bytes", 5}, {"media/ab/y_-.jpg", "of unknown size", -1}} {
		if err := s.Put(t.Context(), c.key, strings.NewReader(c.content), c.size); err != nil {
			t.Fatalf("Put(%q): %v", c.key, err)
		}
		if got := get(t, s, c.key); got != c.content {
			t.Errorf("%q reads %q", c.key, got)
		}
		i, err := s.Stat(t.Context(), c.key)
		if err != nil || i.Key != c.key || i.Size != int64(len(c.content)) || i.ModTime.IsZero() {
			t.Errorf("Stat(%q) = %+v, %v", c.key, i, err)
		}
	}
}

func replace(t *testing.T, s blob.Store) {
	put(t, s, "a/b", "a long former content")
	put(t, s, "a/b", "new")
	if got := get(t, s, "a/b"); got != "new" {
		t.Errorf("reads %q", got)
	}
}

func wholeOrAbsent(t *testing.T, s blob.Store) {
	broken := errors.New("broken")
	cases := []struct {
		name string
		r    func() io.Reader
		size int64
		want error
	}{
		{"too short", func() io.Reader { return strings.NewReader("123") }, 4, blob.ErrSize},
		{"too long", func() io.Reader { return strings.NewReader("12345") }, 4, blob.ErrSize},
		{"reader fails", func() io.Reader { return io.MultiReader(strings.NewReader("12"), iotest.ErrReader(broken)) }, 4, broken},
		{"reader of unknown size fails", func() io.Reader {
			return io.MultiReader(strings.NewReader("12"), iotest.ErrReader(broken))
		}, -1, broken},
	}
	put(t, s, "kept", "former")
	for _, c := range cases {
		for _, key := range []string{"kept", "new/one"} {
			if err := s.Put(t.Context(), key, c.r(), c.size); !errors.Is(err, c.want) {
				t.Errorf("%s: Put(%q) = %v, want %v", c.name, key, err, c.want)
			}
		}
		if got := get(t, s, "kept"); got != "former" {
			t.Errorf("%s: reads %q", c.name, got)
		}
		if _, err := s.Stat(t.Context(), "new/one"); !errors.Is(err, blob.ErrNotFound) {
			t.Errorf("%s: Stat = %v", c.name, err)
		}
	}
	if got := list(t, s, ""); !slices.Equal(got, []string{"kept"}) {
		t.Errorf("failed Puts left %q", got)
	}
}

func missing(t *testing.T, s blob.Store) {
	put(t, s, "a/b", "x")
	for _, key := range []string{"none", "a/none", "a/b/c", "a"} {
		if _, err := s.Open(t.Context(), key); !errors.Is(err, blob.ErrNotFound) {
			t.Errorf("Open(%q) = %v", key, err)
		}
		if _, err := s.Stat(t.Context(), key); !errors.Is(err, blob.ErrNotFound) {
			t.Errorf("Stat(%q) = %v", key, err)
		}
		if err := s.Delete(t.Context(), key); err != nil {
			t.Errorf("Delete(%q) = %v", key, err)
		}
	}
	for range 2 {
		if err := s.Delete(t.Context(), "a/b"); err != nil {
			t.Errorf("Delete: %v", err)
		}
	}
	if _, err := s.Open(t.Context(), "a/b"); !errors.Is(err, blob.ErrNotFound) {
		t.Errorf("after Delete: %v", err)
	}
}

func badKeys(t *testing.T, s blob.Store) {
	ctx := t.Context()
	for _, key := range []string{"", "/", "/etc/passwd", "../a", "a/../../b", "a//b", "a/", ".a", "A", "a\x00b", "a\\b", strings.Repeat("a", 600)} {
		_, openErr := s.Open(ctx, key)
		_, statErr := s.Stat(ctx, key)
		for op, err := range map[string]error{
			"Put": s.Put(ctx, key, strings.NewReader("x"), 1), "Delete": s.Delete(ctx, key), "Open": openErr, "Stat": statErr,
		} {
			if !errors.Is(err, blob.ErrKey) {
				t.Errorf("%s(%q) = %v, want ErrKey", op, key, err)
			}
		}
		if key == "" {
			continue
		}
		if err := s.Walk(ctx, key, func(blob.Info) error { return nil }); !errors.Is(err, blob.ErrKey) {
			t.Errorf("Walk(%q) = %v, want ErrKey", key, err)
		}
	}
}

func list(t *testing.T, s blob.Store, prefix string) []string {
	t.Helper()
	var keys []string
	err := s.Walk(t.Context(), prefix, func(i blob.Info) error {
		keys = append(keys, i.Key)
		return nil
	})
	if err != nil {
		t.Fatalf("Walk(%q): %v", prefix, err)
	}
	slices.Sort(keys)
	return keys
}

func walk(t *testing.T, s blob.Store) {
	for _, key := range []string{"a/1", "a/b/2", "ab/3", "a-b/4", "c"} {
		put(t, s, key, key)
	}
	for _, c := range []struct {
		prefix string
		want   []string
	}{
		{"", []string{"a-b/4", "a/1", "a/b/2", "ab/3", "c"}},
		{"a", []string{"a/1", "a/b/2"}},
		{"a/b", []string{"a/b/2"}},
		{"c", []string{"c"}},
		{"none", nil},
		{"c/none", nil},
	} {
		if got := list(t, s, c.prefix); !slices.Equal(got, c.want) {
			t.Errorf("Walk(%q) = %q, want %q", c.prefix, got, c.want)
		}
	}
	err := s.Walk(t.Context(), "a/b", func(i blob.Info) error {
		if i.Size != 5 || i.ModTime.IsZero() {
			t.Errorf("Walk tells %+v", i)
		}
		return s.Delete(t.Context(), i.Key)
	})
	if got := list(t, s, "a"); err != nil || !slices.Equal(got, []string{"a/1"}) {
		t.Errorf("after deleting in Walk: %q, %v", got, err)
	}
}

func walkStops(t *testing.T, s blob.Store) {
	put(t, s, "a", "")
	put(t, s, "b", "")
	n, enough := 0, errors.New("enough")
	err := s.Walk(t.Context(), "", func(blob.Info) error { n++; return enough })
	if !errors.Is(err, enough) || n != 1 {
		t.Errorf("Walk = %v after %d", err, n)
	}
}

func outlives(t *testing.T, s blob.Store) {
	put(t, s, "a", "former")
	for _, change := range []func(){
		func() { put(t, s, "a", "latter") },
		func() { s.Delete(t.Context(), "a") },
	} {
		r, err := s.Open(t.Context(), "a")
		if err != nil {
			t.Fatal(err)
		}
		want := get(t, s, "a")
		change()
		got, err := io.ReadAll(r)
		if string(got) != want || err != nil {
			t.Errorf("open reader reads %q, %v, want %q", got, err, want)
		}
		r.Close()
	}
}

func seeks(t *testing.T, s blob.Store) {
	put(t, s, "a", "0123456789")
	r, err := s.Open(t.Context(), "a")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if i := r.Info(); i.Size != 10 || i.Key != "a" || i.ModTime.IsZero() {
		t.Errorf("Info = %+v", i)
	}
	b := make([]byte, 3)
	if n, err := r.ReadAt(b, 4); n != 3 || err != nil || string(b) != "456" {
		t.Errorf("ReadAt = %q, %v", b[:n], err)
	}
	if n, err := r.ReadAt(b, 9); n != 1 || err != io.EOF {
		t.Errorf("ReadAt the end = %d, %v", n, err)
	}
	if at, err := r.Seek(-2, io.SeekEnd); at != 8 || err != nil {
		t.Errorf("Seek = %d, %v", at, err)
	}
	rest, err := io.ReadAll(r)
	if string(rest) != "89" || err != nil {
		t.Errorf("after Seek reads %q, %v", rest, err)
	}
}

// concurrent writes one key from many sides while it is read: every read is whole.
func concurrent(t *testing.T, s blob.Store) {
	const writers, rounds, size = 8, 10, 30_000
	content := func(i int) []byte { return bytes.Repeat([]byte{byte('a' + i)}, size+i) }
	put(t, s, "k/shared", string(content(0)))
	var wg sync.WaitGroup
	errs := make(chan error, 2*writers)
	for i := range writers {
		wg.Go(func() {
			for range rounds {
				if err := s.Put(t.Context(), "k/shared", bytes.NewReader(content(i)), int64(size+i)); err != nil {
					errs <- err
					return
				}
			}
			errs <- s.Put(t.Context(), fmt.Sprintf("k/new%d/own", i), bytes.NewReader(content(i)), -1)
		})
		wg.Go(func() { errs <- readWhole(t.Context(), s, "k/shared", rounds) })
	}
	wg.Wait()
	close(errs)
	for err := range errs {
		if err != nil {
			t.Error(err)
		}
	}
	if got := list(t, s, "k"); len(got) != writers+1 {
		t.Errorf("there are %d blobs: %q", len(got), got)
	}
}

func readWhole(ctx context.Context, s blob.Store, key string, rounds int) error {
	for range rounds {
		r, err := s.Open(ctx, key)
		if err != nil {
			return err
		}
		b, err := io.ReadAll(r)
		r.Close()
		if err != nil {
			return err
		}
		if int64(len(b)) != r.Info().Size || bytes.Count(b, b[:1]) != len(b) {
			return fmt.Errorf("torn read of %d bytes, Info says %d", len(b), r.Info().Size)
		}
	}
	return nil
}

func cancelled(t *testing.T, s blob.Store) {
	put(t, s, "a", "x")
	ctx, cancel := context.WithCancel(t.Context())
	err := s.Put(ctx, "b", io.MultiReader(strings.NewReader("x"), readerFunc(func() { cancel() }), strings.NewReader("y")), -1)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("Put = %v", err)
	}
	if _, err := s.Stat(t.Context(), "b"); !errors.Is(err, blob.ErrNotFound) {
		t.Errorf("a cancelled Put left something: %v", err)
	}
	if _, err := s.Open(ctx, "a"); !errors.Is(err, context.Canceled) {
		t.Errorf("Open = %v", err)
	}
	if err := s.Walk(ctx, "", func(blob.Info) error { return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("Walk = %v", err)
	}
	if err := s.Delete(ctx, "a"); !errors.Is(err, context.Canceled) {
		t.Errorf("Delete = %v", err)
	}
}

// readerFunc yields nothing and calls f once.
type readerFunc func()

func (f readerFunc) Read([]byte) (int, error) {
	f()
	return 0, io.EOF
}
