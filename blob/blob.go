// Package blob is the port for bytes: pictures, archives, backups. blob/disk keeps them in a folder; other engines bring
// their own folder and pass blob/blobtest.
//
// Info and Reader are aliases of unnamed types: a sibling package that uses a store (media) states the same methods as an
// interface of its own, which every Store fits, and does not import this one.
package blob

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"time"
)

var (
	// ErrNotFound says that no blob has this key. Open and Stat wrap it; it is an fs.ErrNotExist. Test with errors.Is.
	ErrNotFound = fmt.Errorf("no such blob: %w", fs.ErrNotExist)
	// ErrKey says that the key is not one (see CheckKey). Every method may wrap it; it is an fs.ErrInvalid.
	ErrKey = fmt.Errorf("not a blob key: %w", fs.ErrInvalid)
	// ErrSize says that the reader given to Put did not have the size given to Put.
	ErrSize = errors.New("blob has another size than announced")
)

// Store keeps blobs by key.
//
// Keys are slash-separated as CheckKey says. A prefix is understood by component: "a" is a prefix of "a/b", not of "ab".
// A key must not be a prefix of another key: an engine may refuse the second of the two, and never loses the first.
//
// All methods may be called at the same time by several goroutines, and by several processes that share the engine.
// They block until done, and give up with the context's error when it ends; a Put that gave up has stored nothing.
//
// Errors: ErrKey, ErrNotFound, ErrSize, the context's error, or what the engine said, each wrapped with the key.
type Store interface {
	// Put stores what r yields at key, replacing what was there. size is the exact number of bytes r yields, or -1 when
	// it is not known; with another number of bytes Put fails with ErrSize.
	//
	// A Put is whole or absent: readers see the former blob or the new one, never a part, also after a power cut; when
	// Put returns nil the blob survives one. After an error the former blob, if any, is still there.
	// Of concurrent Puts to one key one wins as a whole.
	Put(ctx context.Context, key string, r io.Reader, size int64) error

	// Open reads the blob at key; the caller closes it. What is opened stays readable, unchanged, while the blob is
	// replaced or deleted.
	Open(ctx context.Context, key string) (Reader, error)

	// Stat tells size and time of the blob at key without reading it.
	Stat(ctx context.Context, key string) (Info, error)

	// Delete removes the blob at key. That there is none is no error.
	Delete(ctx context.Context, key string) error

	// Walk calls fn for every blob at or below prefix, "" for all, in no particular order, until fn returns an error,
	// which Walk then returns. Blobs put or deleted meanwhile may be seen or not. fn may call the Store.
	Walk(ctx context.Context, prefix string, fn func(Info) error) error
}

// Info describes a blob.
type Info = struct {
	Key     string
	Size    int64     // bytes
	ModTime time.Time // when it was put
}

// Reader reads one blob. It is for one goroutine, except ReadAt.
type Reader = interface {
	io.Reader
	io.Seeker
	io.ReaderAt
	io.Closer
	// Info tells what was opened.
	Info() Info
}
