package server

import (
	"bytes"
	"context"
	"errors"
	"io"

	"engawa/blob"
	"engawa/internal/locale"
	"engawa/media"
	"engawa/network"
	"engawa/social"
)

// partFiles opens the media of Parts over blobs, fitted by package media.
type partFiles struct {
	store social.PostReader
	blobs blob.Store
}

var _ network.Files = (*partFiles)(nil)

// fileBytes bounds a file that is read to be fitted.
const fileBytes = 64 << 20

// Open implements network.Files.
func (f *partFiles) Open(ctx context.Context, p *social.PartFile) (io.ReadCloser, int64, string, error) {
	m, err := f.store.Media(ctx, p.Media)
	if err != nil {
		return nil, 0, "", missingFile(err)
	}
	if m.Key == "" {
		return nil, 0, "", missingFile(nil)
	}
	r, err := f.blobs.Open(ctx, m.Key)
	if err != nil {
		if errors.Is(err, blob.ErrNotFound) {
			err = missingFile(err)
		}
		return nil, 0, "", err
	}
	size := r.Info().Size
	large := p.Bytes > 0 && size > p.Bytes || p.Side > 0 && max(m.Width, m.Height) > p.Side
	if !large {
		return r, size, m.ContentType, nil
	}
	defer r.Close()
	if m.Kind != social.Image && m.Kind != social.GIFV {
		return nil, 0, "", &social.LinkError{Class: social.FixPost, Message: locale.W("link.fail.fit_kind"), Remedy: network.DoSmaller}
	}
	data, err := io.ReadAll(io.LimitReader(r, fileBytes))
	if err != nil {
		return nil, 0, "", err
	}
	fit, err := media.Fit(ctx, data, p.Side, p.Bytes)
	switch {
	case errors.Is(err, media.ErrType) || errors.Is(err, media.ErrTooLarge) || errors.Is(err, media.ErrBroken):
		return nil, 0, "", &social.LinkError{Class: social.FixPost, Message: locale.W("link.fail.fit"), Remedy: network.DoSmaller, Err: err}
	case err != nil:
		return nil, 0, "", err
	}
	return io.NopCloser(bytes.NewReader(fit.Bytes)), int64(len(fit.Bytes)), string(fit.Type), nil
}

// missingFile says that a medium is not here (any more).
func missingFile(err error) error {
	if err != nil && !social.IsKind(err, social.NotFound) && !errors.Is(err, blob.ErrNotFound) {
		return err
	}
	return &social.LinkError{Class: social.FixPost, Message: locale.W("link.fail.no_file"), Remedy: network.DoNoFile, Err: err}
}
