// Package disk keeps blobs as files below one folder: the key is the path. Every access goes through os.Root, so neither
// a key nor a symbolic link in the folder leads out of it (T34).
//
// A blob is written to a file whose name begins with a dot, at the top of the folder, synced, renamed to its place, and
// the folders above it are synced (github.com/google/renameio does the first half). Left-overs of a crash are removed by
// Open when they are older than an hour. Empty folders are left.
package disk

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"
	"time"

	"github.com/google/renameio/v2"

	"engawa/blob"
)

// staleAfter is the age at which a temporary file belongs to no Put any more, also none of another process.
const staleAfter = time.Hour

// Store is a blob.Store on one folder.
type Store struct {
	root *os.Root
}

var _ blob.Store = (*Store)(nil)

// Open opens the folder dir, makes it (mode 0700) when it is missing, and removes what a crash left.
func Open(dir string) (*Store, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("objects folder: %w", err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("objects folder: %w", err)
	}
	s := &Store{root: root}
	if _, err := s.Sweep(context.Background(), time.Now().Add(-staleAfter)); err != nil {
		root.Close()
		return nil, err
	}
	return s, nil
}

// Close gives the folder back. Readers that are open stay usable.
func (s *Store) Close() error { return s.root.Close() }

// Sweep removes temporary files last written before the given time and tells how many.
func (s *Store) Sweep(ctx context.Context, before time.Time) (int, error) {
	entries, err := fs.ReadDir(s.root.FS(), ".")
	if err != nil {
		return 0, fmt.Errorf("objects folder: %w", err)
	}
	n := 0
	for _, e := range entries {
		if err := ctx.Err(); err != nil {
			return n, err
		}
		if !strings.HasPrefix(e.Name(), ".") || !e.Type().IsRegular() {
			continue
		}
		if info, err := e.Info(); err != nil || !info.ModTime().Before(before) {
			continue
		}
		if err := s.root.Remove(e.Name()); err == nil {
			n++
		} else if !errors.Is(err, fs.ErrNotExist) {
			return n, fmt.Errorf("objects folder: %w", err)
		}
	}
	return n, nil
}

// Put implements blob.Store.
func (s *Store) Put(ctx context.Context, key string, r io.Reader, size int64) error {
	if err := blob.CheckKey(key); err != nil {
		return err
	}
	if err := s.put(ctx, key, r, size); err != nil {
		return fmt.Errorf("put blob %s: %w", key, err)
	}
	return nil
}

func (s *Store) put(ctx context.Context, key string, r io.Reader, size int64) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := s.root.MkdirAll(path.Dir(key), 0o700); err != nil {
		return err
	}
	f, err := renameio.NewPendingFile(key, renameio.WithRoot(s.root), renameio.WithPermissions(0o600))
	if err != nil {
		return err
	}
	defer f.Cleanup()
	if err := fill(ctx, f.File, r, size); err != nil {
		return err
	}
	if err := f.CloseAtomicallyReplace(); err != nil {
		return err
	}
	return s.syncAbove(key)
}

// fill copies r into f and checks the size; the file sees no ReadFrom, so that the context is asked between pieces.
func fill(ctx context.Context, f *os.File, r io.Reader, size int64) error {
	if size >= 0 {
		r = io.LimitReader(r, size+1)
	}
	n, err := io.Copy(struct{ io.Writer }{f}, &ctxReader{ctx, r})
	if err != nil {
		return err
	}
	if size >= 0 && n != size {
		return fmt.Errorf("%w: announced %d, read %d bytes or more", blob.ErrSize, size, n)
	}
	return ctx.Err()
}

// syncAbove makes the names of key and of the folders above it durable.
func (s *Store) syncAbove(key string) error {
	for dir := path.Dir(key); ; dir = path.Dir(dir) {
		d, err := s.root.Open(dir)
		if err != nil {
			return err
		}
		err = errors.Join(d.Sync(), d.Close())
		if err != nil || dir == "." {
			return err
		}
	}
}

// Open implements blob.Store.
func (s *Store) Open(ctx context.Context, key string) (blob.Reader, error) {
	if err := blob.CheckKey(key); err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	f, err := s.root.Open(key)
	if err != nil {
		return nil, fail("open", key, err)
	}
	st, err := f.Stat()
	if err != nil {
		f.Close()
		return nil, fail("open", key, err)
	}
	if !st.Mode().IsRegular() {
		f.Close()
		return nil, fail("open", key, fs.ErrNotExist)
	}
	return &reader{f, info(key, st)}, nil
}

// Stat implements blob.Store.
func (s *Store) Stat(ctx context.Context, key string) (blob.Info, error) {
	if err := blob.CheckKey(key); err != nil {
		return blob.Info{}, err
	}
	if err := ctx.Err(); err != nil {
		return blob.Info{}, err
	}
	st, err := s.root.Lstat(key)
	if err == nil && !st.Mode().IsRegular() {
		err = fs.ErrNotExist
	}
	if err != nil {
		return blob.Info{}, fail("stat", key, err)
	}
	return info(key, st), nil
}

// Delete implements blob.Store.
func (s *Store) Delete(ctx context.Context, key string) error {
	if _, err := s.Stat(ctx, key); err != nil {
		if errors.Is(err, blob.ErrNotFound) {
			return nil
		}
		return err
	}
	if err := s.root.Remove(key); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fail("delete", key, err)
	}
	return nil
}

// Walk implements blob.Store.
func (s *Store) Walk(ctx context.Context, prefix string, fn func(blob.Info) error) error {
	if err := blob.CheckPrefix(prefix); err != nil {
		return err
	}
	top := prefix
	if top == "" {
		top = "."
	}
	return fs.WalkDir(s.root.FS(), top, func(p string, d fs.DirEntry, err error) error {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			return ignoreGone(err)
		}
		if d.IsDir() || !d.Type().IsRegular() || blob.CheckKey(p) != nil {
			return nil
		}
		st, err := d.Info()
		if err != nil {
			return ignoreGone(err)
		}
		return fn(info(p, st))
	})
}

// ignoreGone forgives what was deleted between listing and looking.
func ignoreGone(err error) error {
	if gone(err) {
		return nil
	}
	return fmt.Errorf("walk blobs: %w", err)
}

// fail names the key, and says ErrNotFound where the file system says so in its words.
func fail(op, key string, err error) error {
	if gone(err) {
		err = blob.ErrNotFound
	}
	return fmt.Errorf("%s blob %s: %w", op, key, err)
}

func info(key string, st fs.FileInfo) blob.Info {
	return blob.Info{Key: key, Size: st.Size(), ModTime: st.ModTime()}
}
