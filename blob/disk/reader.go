package disk

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"syscall"

	"engawa/blob"
)

// reader is an open blob; the file's Read, Seek and ReadAt are the contract's.
type reader struct {
	*os.File
	info blob.Info
}

func (r *reader) Info() blob.Info { return r.info }

// ctxReader ends with the context's error between two reads.
type ctxReader struct {
	ctx context.Context
	r   io.Reader
}

func (c *ctxReader) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.r.Read(p)
}

// gone reports whether err says that there is no such file: also when a file stands where the key has a folder.
func gone(err error) bool {
	return errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR)
}
