package media

import (
	"context"
	"crypto/sha256"
	"errors"
	"io"
	"testing"

	"engawa/blob"
)

// Every blob.Store is a Store, and its error is the one that is looked for.
var _ Store = blob.Store(nil)

func TestContentKey(t *testing.T) {
	got := contentKey("media", sha256.Sum256(nil), ".png")
	want := "media/e3/b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855.png"
	if got != want || blob.CheckKey(got) != nil {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestKeep(t *testing.T) {
	s := newDisk(t)
	for _, c := range []struct {
		name string
		b    []byte
		o    Options
		n    int
		prev Type
	}{
		{"photo", jpegBytes(t, photo(900, 700)), Options{}, 2, JPEG},
		{"small photo", jpegBytes(t, photo(90, 70)), Options{}, 1, JPEG},
		{"moving avatar", gifBytes(t, 90, 70, 3), Options{Kind: Avatar}, 2, PNG},
	} {
		k, err := mustProcess(t, c.b, c.o).Keep(t.Context(), s, "1")
		if _, n := stored(t, s); err != nil || n != c.n || TypeByKey(k.Preview()) != c.prev || k.Original == "" {
			t.Errorf("%s: %d files, %+v, %v", c.name, n, k, err)
		}
		if err := k.Delete(t.Context(), s); err != nil {
			t.Error(err)
		}
		if _, n := stored(t, s); n != 0 {
			t.Errorf("%s: Delete leaves %d", c.name, n)
		}
	}
	full := &fullStore{Store: s, left: 1}
	k, err := mustProcess(t, jpegBytes(t, photo(900, 700)), Options{}).Keep(t.Context(), full, "1")
	if _, n := stored(t, s); !errors.Is(err, errFull) || n != 0 || k != (Keys{}) {
		t.Errorf("a full store: %v, %d files, %+v", err, n, k)
	}
}

var errFull = errors.New("full")

// fullStore takes so many more files.
type fullStore struct {
	Store
	left int
}

func (f *fullStore) Put(ctx context.Context, key string, r io.Reader, size int64) error {
	if f.left--; f.left < 0 {
		return errFull
	}
	return f.Store.Put(ctx, key, r, size)
}

// A cache on a store that fails keeps nothing half, says so as the store's fault, and tries again.
func TestCacheFullStore(t *testing.T) {
	s := newDisk(t)
	full := &fullStore{Store: s, left: 1}
	o := newOrigin(t)
	o.files["https://r.test/big"] = originFile{jpegBytes(t, photo(900, 700)), "image/jpeg"}
	c := newCache(t, full, o, CacheOptions{})
	ref := Ref{Attachment, "https://r.test/big"}
	if _, err := c.Open(t.Context(), ref, Original); !errors.Is(err, errFull) || errors.Is(err, ErrRemote) {
		t.Errorf("Open = %v", err)
	}
	if _, n := stored(t, s); n != 0 || c.index.len() != 0 || c.reserved != 0 {
		t.Errorf("%d files, %d entries, %d bytes reserved", n, c.index.len(), c.reserved)
	}
	full.left = 9
	fetch(t, c, ref, Small)
}
