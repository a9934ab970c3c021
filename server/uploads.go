package server

import (
	"bytes"
	"context"
	"errors"
	"log/slog"

	"engawa/api/mastodon"
	"engawa/blob"
	"engawa/internal/clock"
	"engawa/media"
	"engawa/social"
)

// uploads is what the API asks for files: pictures are made anew by package
// media and kept as blobs; the row is written last.
type uploads struct {
	home  *social.Home
	blobs blob.Store
	tools *media.Tools // nil: no films and sounds
}

var _ mastodon.Uploads = (*uploads)(nil)

// Upload implements mastodon.Uploads.
func (u *uploads) Upload(ctx context.Context, actor social.ID, up mastodon.Upload) (*social.Media, error) {
	if kind := media.SniffMoving(up.Data); kind != "" {
		return u.clip(ctx, actor, up, kind)
	}
	focus := media.Focus{X: up.Focus[0], Y: up.Focus[1]}
	r, err := process(ctx, up.Data, media.Options{Kind: media.Attachment, Focus: focus})
	if err != nil {
		return nil, err
	}
	m := &social.Media{
		ID: social.ID(u.home.IDs.Next()), Actor: actor, Kind: social.Image, ContentType: string(r.Original.Type),
		Width: r.Original.Width, Height: r.Original.Height, FocusX: focus.X, FocusY: focus.Y,
		Blurhash: r.Blurhash, Description: up.Description, CreatedAt: clock.Millis(u.home.Clock.Now()),
	}
	for _, rendition := range r.Renditions() {
		m.Size += int64(len(rendition.Bytes))
	}
	if r.Small != nil {
		m.PreviewWidth, m.PreviewHeight = r.Small.Width, r.Small.Height
	}
	k, err := r.Keep(ctx, u.blobs, m.ID.String())
	if err != nil {
		return nil, err
	}
	m.Key, m.PreviewKey = k.Original, k.Preview()
	if err := u.home.Store.Write(ctx, func(tx social.Tx) error { return tx.PutMedia(ctx, m) }); err != nil {
		return nil, errors.Join(err, k.Delete(context.WithoutCancel(ctx), u.blobs))
	}
	return m, nil
}

// Picture implements mastodon.Uploads.
func (u *uploads) Picture(ctx context.Context, kind string, up mastodon.Upload) (social.Picture, error) {
	o := media.Options{Kind: media.Avatar}
	if kind == "header" {
		o.Kind = media.Header
	}
	r, err := process(ctx, up.Data, o)
	if err != nil {
		return social.Picture{}, err
	}
	k, err := r.Keep(ctx, u.blobs, social.ID(u.home.IDs.Next()).String())
	if err != nil {
		return social.Picture{}, err
	}
	return social.Picture{Key: k.Original, StaticKey: k.Preview(), Blurhash: r.Blurhash, Alt: up.Description}, nil
}

// Drop implements mastodon.Uploads. A blob that stays behind is found by the
// next sweep.
func (u *uploads) Drop(ctx context.Context, m *social.Media) {
	for _, key := range []string{m.Key, m.PreviewKey} {
		if key == "" {
			continue
		}
		if err := u.blobs.Delete(ctx, key); err != nil && !errors.Is(err, blob.ErrNotFound) {
			slog.Warn("a file could not be removed", "key", key, "err", err)
		}
	}
}

// process says in the person's words what is wrong with a file.
func process(ctx context.Context, data []byte, o media.Options) (*media.Result, error) {
	r, err := media.Process(ctx, bytes.NewReader(data), o)
	refused := func(message string) error {
		return &social.Error{Kind: social.Invalid, Op: "upload", Field: "file", Message: "Validation failed: " + message, Err: err}
	}
	switch {
	case err == nil:
		return r, nil
	case errors.Is(err, media.ErrType):
		return nil, refused("File content type is invalid: this home takes JPEG, PNG, GIF and WebP pictures")
	case errors.Is(err, media.ErrTooLarge):
		return nil, refused("File is too large: at most 16 MiB and 33 megapixels")
	case errors.Is(err, media.ErrBroken):
		return nil, refused("File is damaged and cannot be read as a picture")
	default:
		return nil, err
	}
}
