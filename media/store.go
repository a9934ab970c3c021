package media

import (
	"context"
	"encoding/hex"
	"io"
	"time"
)

// Store is what is asked of a store of files; every blob.Store is one. Errors of Open are fs.ErrNotExist where there is
// no such file, and fs.ErrInvalid where the key is none. Put is whole or absent; keys are those of blob.CheckKey.
type Store interface {
	Opener
	Put(ctx context.Context, key string, r io.Reader, size int64) error
	Delete(ctx context.Context, key string) error
	Walk(ctx context.Context, prefix string, fn func(Info) error) error
}

// Opener opens files by key.
type Opener interface {
	Open(ctx context.Context, key string) (File, error)
}

// Info describes a stored file; Size is in bytes.
type Info = struct {
	Key     string
	Size    int64
	ModTime time.Time
}

// File reads a stored file.
type File = interface {
	io.Reader
	io.Seeker
	io.ReaderAt
	io.Closer
	Info() Info
}

// contentKey is the key of a file named by the SHA-256 of its content: "{place}/{2 hex}/{62 hex}{ext}", with ext such as
// ".jpg". The same bytes have the same key, so putting them twice is harmless, and they can be cached for ever.
func contentKey(place string, sum [32]byte, ext string) string {
	h := hex.EncodeToString(sum[:])
	return place + "/" + h[:2] + "/" + h[2:] + ext
}
