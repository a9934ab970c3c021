package media

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"engawa/blob"
	"engawa/blob/disk"
	"engawa/internal/limits"
)

// origin is a Fetcher over a map of files, counting.
type origin struct {
	mu    sync.Mutex
	files map[string]originFile
	asked map[string]int
	wait  chan struct{} // when not nil, every fetch waits for it
}

type originFile struct {
	b           []byte
	contentType string
}

func (o *origin) Open(ctx context.Context, url string, max int64) (io.ReadCloser, string, error) {
	o.mu.Lock()
	o.asked[url]++
	f, ok := o.files[url]
	o.mu.Unlock()
	if o.wait != nil {
		<-o.wait
	}
	if !ok {
		return nil, "", errors.New("404")
	}
	return io.NopCloser(bytes.NewReader(f.b)), f.contentType, nil
}

type tickClock struct{ now time.Time }

func (c *tickClock) Now() time.Time { return c.now }

func newOrigin(t testing.TB, pictures ...string) *origin {
	o := &origin{files: map[string]originFile{}, asked: map[string]int{}}
	for i, url := range pictures {
		o.files[url] = originFile{jpegBytes(t, photo(40+i, 40)), "image/jpeg"}
	}
	return o
}

func newCache(t testing.TB, s Store, f Fetcher, o CacheOptions) *Cache {
	t.Helper()
	c, err := NewCache(t.Context(), s, f, o)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func newDisk(t testing.TB) *disk.Store {
	t.Helper()
	s, err := disk.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func fetch(t testing.TB, c *Cache, ref Ref, v Variant) (key string, size int64) {
	t.Helper()
	r, err := c.Open(t.Context(), ref, v)
	if err != nil {
		t.Fatalf("Open(%v): %v", ref, err)
	}
	defer r.Close()
	return r.Info().Key, r.Info().Size
}

// stored sums what the store really has.
func stored(t testing.TB, s Store) (bytes int64, n int) {
	t.Helper()
	if err := s.Walk(t.Context(), "", func(i Info) error { bytes += i.Size; n++; return nil }); err != nil {
		t.Fatal(err)
	}
	return bytes, n
}

func TestCacheVariants(t *testing.T) {
	o := newOrigin(t, "https://r.test/a")
	o.files["https://r.test/big"] = originFile{jpegBytes(t, photo(900, 900)), ""}
	o.files["https://r.test/gif"] = originFile{gifBytes(t, 30, 30, 3), "image/gif"}
	c := newCache(t, newDisk(t), o, CacheOptions{})
	for _, q := range []struct {
		url  string
		kind Kind
		v    Variant
		want string
	}{
		{"a", Avatar, Original, ".original.jpg"}, {"a", Avatar, Static, ".original.jpg"},
		{"big", Attachment, Original, ".original.jpg"}, {"big", Attachment, Small, ".small.jpg"}, {"big", Avatar, Small, ".original.jpg"},
		{"gif", Avatar, Original, ".original.gif"}, {"gif", Avatar, Static, ".static.png"}, {"gif", Attachment, Small, ".small.png"},
	} {
		for range 2 {
			if key, _ := fetch(t, c, Ref{q.kind, "https://r.test/" + q.url}, q.v); !strings.HasSuffix(key, q.want) {
				t.Errorf("%+v is %s", q, key)
			}
		}
	}
	for url, want := range map[string]int{"a": 1, "big": 2, "gif": 2} { // once a kind
		if got := o.asked["https://r.test/"+url]; got != want {
			t.Errorf("%s was asked %d times, want %d", url, got, want)
		}
	}
}

func TestCacheBound(t *testing.T) {
	var urls []string
	for i := range 30 {
		urls = append(urls, fmt.Sprintf("https://r.test/%d", i))
	}
	o, s := newOrigin(t, urls...), newDisk(t)
	_, one := fetch(t, newCache(t, newDisk(t), o, CacheOptions{}), Ref{Avatar, urls[29]}, Original)
	bound := 5*one + one/2
	c := newCache(t, s, o, CacheOptions{MaxBytes: bound})
	clear(o.asked)
	for i, url := range urls {
		fetch(t, c, Ref{Avatar, url}, Original)
		fetch(t, c, Ref{Avatar, urls[0]}, Original) // the first stays in use
		if got, _ := stored(t, s); got > bound {
			t.Fatalf("after %d: %d bytes stored, bound %d", i, got, bound)
		}
	}
	if o.asked[urls[0]] != 1 {
		t.Errorf("what is in use was fetched %d times", o.asked[urls[0]])
	}
	kept, n := c.Size()
	if real, files := stored(t, s); real != kept || files != n || n < 4 {
		t.Errorf("the index says %d bytes in %d, the store %d in %d", kept, n, real, files)
	}
	fetch(t, c, Ref{Avatar, urls[1]}, Original)
	if o.asked[urls[1]] != 2 {
		t.Errorf("what was evicted was fetched %d times", o.asked[urls[1]])
	}
	few := newCache(t, s, o, CacheOptions{MaxEntries: 2})
	if _, n := few.Size(); n != 2 {
		t.Errorf("%d entries, bound 2", n)
	}
	if _, files := stored(t, s); files != 2 {
		t.Errorf("%d files are left of 2", files)
	}
}

func TestCacheRestart(t *testing.T) {
	o, s := newOrigin(t, "https://r.test/a", "https://r.test/b"), newDisk(t)
	o.files["https://r.test/b"] = originFile{gifBytes(t, 30, 30, 3), "image/gif"}
	first := newCache(t, s, o, CacheOptions{})
	for _, url := range []string{"a", "b"} {
		fetch(t, first, Ref{Avatar, "https://r.test/" + url}, Static)
	}
	bytes, n := first.Size()
	remains := contentKey("remote", [32]byte{1}, ".small.jpg")
	for _, key := range []string{remains, "remote/x", "media/aa/other.jpg"} {
		if err := s.Put(t.Context(), key, strings.NewReader("x"), 1); err != nil {
			t.Fatal(err)
		}
	}
	second := newCache(t, s, o, CacheOptions{})
	if b2, n2 := second.Size(); b2 != bytes || n2 != n {
		t.Errorf("found %d bytes in %d, want %d in %d", b2, n2, bytes, n)
	}
	if _, err := s.Stat(t.Context(), remains); !errors.Is(err, blob.ErrNotFound) {
		t.Errorf("remains: %v", err)
	}
	if _, err := s.Stat(t.Context(), "media/aa/other.jpg"); err != nil {
		t.Errorf("another's file: %v", err)
	}
	if key, _ := fetch(t, second, Ref{Avatar, "https://r.test/b"}, Static); !strings.HasSuffix(key, ".static.png") || o.asked["https://r.test/b"] != 1 {
		t.Errorf("%s after %d fetches", key, o.asked["https://r.test/b"])
	}
	if err := second.Forget(t.Context(), Ref{Avatar, "https://r.test/b"}); err != nil {
		t.Fatal(err)
	}
	if _, n := second.Size(); n != 1 {
		t.Errorf("%d entries after Forget", n)
	}
	// Another process removed a file: it is fetched again.
	key, _ := fetch(t, second, Ref{Avatar, "https://r.test/a"}, Original)
	if err := s.Delete(t.Context(), key); err != nil {
		t.Fatal(err)
	}
	fetch(t, second, Ref{Avatar, "https://r.test/a"}, Original)
}

func TestCacheSingleFlight(t *testing.T) {
	o := newOrigin(t, "https://r.test/a")
	o.wait = make(chan struct{})
	c := newCache(t, newDisk(t), o, CacheOptions{})
	var wg sync.WaitGroup
	ctx, cancel := context.WithCancel(t.Context())
	for i := range 8 {
		wg.Go(func() {
			ctx := ctx
			if i > 0 {
				ctx = t.Context()
			}
			r, err := c.Open(ctx, Ref{Avatar, "https://r.test/a"}, Original)
			if err != nil {
				if i > 0 { // the one that left may see its own context's end
					t.Error(err)
				}
				return
			}
			r.Close()
		})
	}
	cancel()
	close(o.wait)
	wg.Wait()
	if n := o.asked["https://r.test/a"]; n != 1 {
		t.Errorf("fetched %d times", n)
	}
}

func TestCacheRefuses(t *testing.T) {
	o, clk := newOrigin(t), &tickClock{time.Unix(1e9, 0)}
	o.files["https://r.test/html"] = originFile{[]byte("<html>"), "text/html"}
	o.files["https://r.test/lie"] = originFile{[]byte("<html>"), "image/png"}
	o.files["https://r.test/page"] = originFile{jpegBytes(t, photo(8, 8)), "text/html; charset=utf-8"}
	s := newDisk(t)
	c := newCache(t, s, o, CacheOptions{Clock: clk})
	for url, want := range map[string]error{
		"https://r.test/html": ErrType, "https://r.test/lie": ErrType, "https://r.test/page": ErrType, "https://r.test/none": ErrRemote,
		"": ErrRemote, "https://r.test/" + strings.Repeat("x", limits.RemoteMediaURL): ErrRemote,
	} {
		for range 3 {
			r, err := c.Open(t.Context(), Ref{Avatar, url}, Original)
			if err == nil {
				r.Close()
				t.Errorf("%.30s was served", url)
			}
			if !errors.Is(err, ErrRemote) {
				t.Errorf("%.30s: %v", url, err)
			}
			if want != nil && !errors.Is(err, want) {
				t.Errorf("%.30s: %v, want %v", url, err, want)
			}
			want = nil
		}
	}
	if n := o.asked["https://r.test/lie"]; n != 1 {
		t.Errorf("a failure was tried %d times", n)
	}
	clk.now = clk.now.Add(limits.RemoteMediaRetry)
	c.Open(t.Context(), Ref{Avatar, "https://r.test/lie"}, Original)
	if n := o.asked["https://r.test/lie"]; n != 2 {
		t.Errorf("after the time to retry it was tried %d times", n)
	}
	if _, n := stored(t, s); n != 0 {
		t.Errorf("%d files stored", n)
	}
	for i := range 2 * limits.RemoteMediaFailures {
		c.fail(entryID{byte(i), byte(i >> 8)})
	}
	if len(c.failures) > limits.RemoteMediaFailures {
		t.Errorf("%d failures remembered", len(c.failures))
	}
}

func TestCacheKeys(t *testing.T) {
	f := files{Original: {1, 10}, Static: {2, 5}}
	for v := range variants {
		key := f.key(entryID{7, 8, 9}, v)
		id, got, typ, ok := parseCacheKey(key)
		want := v
		if v == Small {
			want = Original
		}
		if !ok || id != (entryID{7, 8, 9}) || got != want || typ != f[want].typ || blob.CheckKey(key) != nil {
			t.Errorf("%s: %v %v %v %v", key, id, got, typ, ok)
		}
	}
	for _, key := range []string{"", "remote/", "remote/aa/bb", "media/" + strings.Repeat("a", 80), "remote/aa/" + strings.Repeat("b", 62), "remote/aa/" + strings.Repeat("b", 62) + ".small.svg"} {
		if _, _, _, ok := parseCacheKey(key); ok {
			t.Errorf("%q is a key", key)
		}
	}
}

func BenchmarkCacheHit(b *testing.B) {
	o := newOrigin(b, "https://r.test/a")
	c := newCache(b, newDisk(b), o, CacheOptions{})
	ref := Ref{Avatar, "https://r.test/a"}
	fetch(b, c, ref, Original)
	b.ReportAllocs()
	for b.Loop() {
		fetch(b, c, ref, Original)
	}
}

func TestRemoteHandler(t *testing.T) {
	o := newOrigin(t, "https://r.test/a?x=1&y=/../#z", "https://r.test/b")
	c := newCache(t, newDisk(t), o, CacheOptions{})
	l, err := NewLinks(bytes.Repeat([]byte{7}, 32))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := NewLinks([]byte("short")); err == nil {
		t.Error("a short secret passes")
	}
	other, _ := NewLinks(bytes.Repeat([]byte{8}, 32))
	mux := http.NewServeMux()
	mux.Handle(RemotePattern, RemoteHandler(c, l))
	mux.Handle("/blob/{key...}", Handler(newDisk(t)))
	good := l.Path(Ref{Avatar, "https://r.test/a?x=1&y=/../#z"}, Original)
	b := l.Path(Ref{Avatar, "https://r.test/b"}, Original)
	for _, q := range []struct {
		name, path string
		want       int
	}{
		{"good", good, 200},
		{"gone", l.Path(Ref{Avatar, "https://r.test/none"}, Original), 404},
		{"signed by another", other.Path(Ref{Avatar, "https://r.test/b"}, Original), 404},
		{"another address", good[:strings.LastIndexByte(good, '/')] + b[strings.LastIndexByte(b, '/'):], 404},
		{"another kind", strings.Replace(b, "avatar", "attachment", 1), 404},
		{"another variant", strings.Replace(b, "original", "static", 1), 404},
		{"without", "/blob/remote/avatar/original//aHR0cHM6Ly9yLnRlc3QvYg", 404},
		{"by its key", "/blob/remote/aa/bb.original.jpg", 404},
	} {
		w := httptest.NewRecorder()
		r := httptest.NewRequest("GET", "/", nil)
		r.URL.Path = q.path
		mux.ServeHTTP(w, r)
		if w.Code != q.want && !(q.want == 404 && w.Code >= 300 && w.Code < 400) {
			t.Errorf("%s: %d, want %d", q.name, w.Code, q.want)
		}
		if q.want == 200 && (w.Header().Get("Content-Type") != "image/jpeg" || !strings.Contains(w.Header().Get("Content-Security-Policy"), "sandbox")) {
			t.Errorf("%s: %v", q.name, w.Header())
		}
	}
	if o.asked["https://r.test/b"] != 0 {
		t.Error("an address that was not signed was fetched")
	}
}
