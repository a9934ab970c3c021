package media

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"sync"

	"golang.org/x/sync/singleflight"

	"engawa/internal/clock"
	"engawa/internal/limits"
)

// Fetcher opens addresses that others named, safely: it refuses private networks, follows few redirects, ends in time.
type Fetcher interface {
	// Open starts reading url. The body yields at most max bytes, then an error; the caller closes it. contentType is
	// the header as it came, "" without.
	Open(ctx context.Context, url string, max int64) (body io.ReadCloser, contentType string, err error)
}

// Ref names a picture on another server. The URL is one that a row of ours names (an actor's icon, a post's attachment,
// an emoji), never one that a request brings unsigned: see Links (T32).
type Ref struct {
	Kind Kind
	URL  string
}

// ErrRemote says that a remote picture cannot be had now; it wraps the cause the first time, and is remembered for
// limits.RemoteMediaRetry.
var ErrRemote = errors.New("remote picture cannot be had")

// cachePlace is the first component of the keys of cached files.
const cachePlace = "remote"

// Cache keeps pictures of other servers, made anew by Process, in a store: at most so many bytes and entries, the least
// recently used going first. What is kept is found again after a restart by listing the store, in the order it was
// fetched. Processes that share a store each keep their own bound, and forgive what another has removed.
type Cache struct {
	store   Store
	fetcher Fetcher
	o       CacheOptions
	flight  singleflight.Group

	mu       sync.Mutex // guards what follows; never held over I/O
	index    *index
	reserved int64 // bytes of files being stored
	failures failures
}

// CacheOptions bound a Cache; what is zero takes its value from package limits, the clock from the system.
type CacheOptions struct {
	MaxBytes   int64
	MaxEntries int
	Clock      clock.Clock
}

// NewCache lists what the store has below "remote/" and goes on from there. It removes what exceeds the bounds and the
// remains of pictures that were not stored whole.
func NewCache(ctx context.Context, store Store, f Fetcher, o CacheOptions) (*Cache, error) {
	if o.MaxBytes <= 0 {
		o.MaxBytes = limits.RemoteMediaBytes
	}
	if o.MaxEntries <= 0 {
		o.MaxEntries = limits.RemoteMediaEntries
	}
	if o.Clock == nil {
		o.Clock = clock.System
	}
	c := &Cache{store: store, fetcher: f, o: o, index: newIndex(), failures: failures{}}
	if err := c.rebuild(ctx); err != nil {
		return nil, fmt.Errorf("cache of remote media: %w", err)
	}
	return c, nil
}

// Open gives a file of a remote picture, fetching the picture if it is not kept; TypeByKey(r.Info().Key) is its type.
// Whoever asks for the same picture meanwhile waits for the same fetch, which goes on when the first to ask has left.
//
// Errors: ErrRemote (with ErrType, ErrTooLarge, ErrBroken where the picture was the matter), or the store's.
func (c *Cache) Open(ctx context.Context, ref Ref, v Variant) (File, error) {
	if int(ref.Kind) >= len(kinds) || v >= variants || ref.URL == "" || len(ref.URL) > limits.RemoteMediaURL {
		return nil, fmt.Errorf("%w: no such kind, variant or address", ErrRemote)
	}
	id := ref.id()
	const tries = 3 // another may remove what was found
	for range tries {
		if key, ok := c.lookup(id, v); ok {
			r, err := c.store.Open(ctx, key)
			if !errors.Is(err, fs.ErrNotExist) {
				return r, err
			}
			c.drop(id)
		}
		_, err, _ := c.flight.Do(string(id[:]), func() (any, error) {
			if _, ok := c.lookup(id, v); ok {
				return nil, nil
			}
			return nil, c.fill(context.WithoutCancel(ctx), ref, id)
		})
		if err != nil {
			return nil, err
		}
	}
	return nil, fmt.Errorf("%w: it was removed again and again", ErrRemote)
}

// Forget removes what is kept of a picture, for instance because its author deleted it.
func (c *Cache) Forget(ctx context.Context, ref Ref) error {
	id := ref.id()
	return c.remove(ctx, map[entryID]files{id: c.drop(id)})
}

// Size tells how many bytes and pictures are kept.
func (c *Cache) Size() (bytes int64, entries int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.index.bytes, c.index.len()
}

func (r Ref) id() entryID {
	return sha256.Sum256([]byte(kinds[r.Kind].name + "\x00" + r.URL))
}

func (c *Cache) lookup(id entryID, v Variant) (key string, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	f, ok := c.index.use(id)
	if !ok {
		return "", false
	}
	return f.key(id, v), true
}

func (c *Cache) drop(id entryID) files {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.index.remove(id)
}

// fill fetches, processes and stores one picture.
func (c *Cache) fill(ctx context.Context, ref Ref, id entryID) error {
	ctx, cancel := context.WithTimeout(ctx, limits.RemoteMediaTime)
	defer cancel()
	if c.failedLately(id) {
		return fmt.Errorf("%w: it failed less than %v ago", ErrRemote, limits.RemoteMediaRetry)
	}
	res, err := c.fetch(ctx, ref)
	if err != nil {
		c.fail(id)
		return fmt.Errorf("%w: %w", ErrRemote, err)
	}
	return c.keep(ctx, id, res)
}

func (c *Cache) fetch(ctx context.Context, ref Ref) (*Result, error) {
	body, contentType, err := c.fetcher.Open(ctx, ref.URL, kinds[ref.Kind].bytes)
	if err != nil {
		return nil, err
	}
	defer body.Close()
	if !maybeImage(contentType) {
		return nil, fmt.Errorf("%w: the server says %.80q", ErrType, contentType)
	}
	return Process(ctx, body, Options{Kind: ref.Kind})
}

// maybeImage spares reading a page or a document; what is an image the bytes decide.
func maybeImage(contentType string) bool {
	t, _, _ := strings.Cut(contentType, ";")
	t = strings.ToLower(strings.TrimSpace(t))
	return t == "" || t == "application/octet-stream" || t == "binary/octet-stream" || strings.HasPrefix(t, "image/")
}

// keep makes room, stores the files, and only then shows the entry. The original is stored last: without it the listing
// at the next start takes the others for remains.
func (c *Cache) keep(ctx context.Context, id entryID, res *Result) error {
	all := [variants]*Rendition{Original: &res.Original, Small: res.Small, Static: res.Static}
	var f files
	for v, r := range all {
		if r != nil {
			f[v].typ, f[v].size = typeNumber(r.Type), uint32(len(r.Bytes))
		}
	}
	victims, err := c.reserve(f.bytes())
	if err != nil {
		return err
	}
	err = c.remove(ctx, victims)
	for v := int(variants) - 1; v >= 0 && err == nil; v-- {
		if r := all[v]; r != nil {
			err = c.store.Put(ctx, f.key(id, Variant(v)), bytes.NewReader(r.Bytes), int64(len(r.Bytes)))
		}
	}
	c.mu.Lock()
	c.reserved -= f.bytes()
	if err == nil {
		c.index.put(id, f)
	}
	c.mu.Unlock()
	if err != nil {
		// What was stored of it goes, as far as the store lets it; else it is found at the next start.
		return errors.Join(err, c.remove(ctx, map[entryID]files{id: f}))
	}
	return nil
}

// reserve takes entries out until n more bytes fit.
func (c *Cache) reserve(n int64) (victims map[entryID]files, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if n > c.o.MaxBytes {
		return nil, fmt.Errorf("%w: %d bytes are more than the whole cache of %d holds", ErrRemote, n, c.o.MaxBytes)
	}
	c.reserved += n
	return c.shrink(c.o.MaxEntries - 1), nil
}

// shrink takes out the least recently used until the bounds hold. c.mu is held.
func (c *Cache) shrink(entries int) map[entryID]files {
	victims := map[entryID]files{}
	for c.index.bytes+c.reserved > c.o.MaxBytes || c.index.len() > entries {
		id, ok := c.index.oldest()
		if !ok {
			break
		}
		victims[id] = c.index.remove(id)
	}
	return victims
}

func (c *Cache) remove(ctx context.Context, victims map[entryID]files) error {
	var errs []error
	for id, f := range victims {
		for _, key := range f.keys(id) {
			errs = append(errs, c.store.Delete(ctx, key))
		}
	}
	return errors.Join(errs...)
}
