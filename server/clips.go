package server

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"path/filepath"

	"engawa/api/mastodon"
	"engawa/internal/clock"
	"engawa/internal/limits"
	"engawa/media"
	"engawa/social"
)

// incoming is the first component of the keys of what came and is shown to nobody.
const incoming = "incoming"

// movingTypes are the films and sounds that this machine takes.
func (s *Server) movingTypes() []string {
	if s.tools == nil {
		return nil
	}
	return media.MovingTypes
}

// clip keeps a film or sound as it came; a job makes of it what is shown.
func (u *uploads) clip(ctx context.Context, actor social.ID, up mastodon.Upload, kind media.Moving) (*social.Media, error) {
	if u.tools == nil {
		return nil, &social.Error{Kind: social.Invalid, Op: "upload", Field: "file", Err: media.ErrNoTools,
			Message: "Validation failed: File content type is invalid: this home takes JPEG, PNG, GIF and WebP pictures; films and sounds need ffmpeg, which is not installed"}
	}
	if len(up.Data) > limits.UploadBytes {
		return nil, &social.Error{Kind: social.Invalid, Op: "upload", Field: "file", Message: "Validation failed: File is too large: at most 40 MiB"}
	}
	m := &social.Media{
		ID: social.ID(u.home.IDs.Next()), Actor: actor, Kind: social.Video, State: social.MediaWaiting, ContentType: string(kind),
		FocusX: up.Focus[0], FocusY: up.Focus[1], Description: up.Description, Size: int64(len(up.Data)), CreatedAt: clock.Millis(u.home.Clock.Now()),
	}
	if kind == media.MP3 || kind == media.FLAC || kind == media.WAV {
		m.Kind = social.Audio
	}
	sum := sha256.Sum256([]byte(m.ID.String() + "\x00" + string(up.Data)))
	m.Key = incoming + "/" + hex.EncodeToString(sum[:1]) + "/" + hex.EncodeToString(sum[1:])
	if err := u.blobs.Put(ctx, m.Key, bytes.NewReader(up.Data), m.Size); err != nil {
		return nil, err
	}
	token, until := u.home.Queue.Hold()
	jobs := []social.Job{{ID: social.ID(u.home.IDs.Next()), Kind: social.JobMedia, Ref: m.ID, RunAt: m.CreatedAt, Lease: token}}
	err := u.home.Store.Write(ctx, func(tx social.Tx) error {
		if err := tx.PutMedia(ctx, m); err != nil {
			return err
		}
		return tx.Enqueue(ctx, jobs, until)
	})
	if err != nil {
		return nil, errors.Join(err, u.blobs.Delete(context.WithoutCancel(ctx), m.Key))
	}
	u.home.Queue.Push(jobs)
	return m, nil
}

// makeClip carries out a JobMedia. What cannot be read is marked so; the person
// reads of it when the app asks.
func (s *Server) makeClip(ctx context.Context, j *social.Job) error {
	m, err := s.store.Media(ctx, j.Ref)
	if social.IsKind(err, social.NotFound) || (err == nil && m.State != social.MediaWaiting) {
		return nil
	}
	if err != nil {
		return err
	}
	if s.tools == nil {
		return s.clipFailed(ctx, m)
	}
	dir, err := os.MkdirTemp("", "engawa-clip-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	made, err := s.convert(ctx, m, dir)
	if errors.Is(err, media.ErrBroken) || errors.Is(err, media.ErrTooLarge) || errors.Is(err, media.ErrType) {
		s.Log.Info("an upload cannot be read", "media", m.ID, "err", err)
		return s.clipFailed(ctx, m)
	}
	if err != nil {
		return err
	}
	kept, err := made.Keep(ctx, s.blobs, m.ID.String())
	if err != nil {
		return err
	}
	return s.clipDone(ctx, m, []string{kept.Key, kept.Poster.Original}, func(next *social.Media) { fillClip(next, made, kept) })
}

// convert copies what came into a folder of its own and makes of it what is shown.
func (s *Server) convert(ctx context.Context, m *social.Media, dir string) (*media.Made, error) {
	in, err := s.blobs.Open(ctx, m.Key)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	path := filepath.Join(dir, "came")
	out, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_EXCL, 0o600)
	if err != nil {
		return nil, err
	}
	_, err = io.Copy(out, in)
	if err = errors.Join(err, out.Close()); err != nil {
		return nil, err
	}
	return s.tools.Make(ctx, path, media.Moving(m.ContentType))
}

func fillClip(m *social.Media, made *media.Made, kept *media.KeptClip) {
	m.State, m.Key, m.ContentType, m.Size = social.MediaReady, kept.Key, string(made.Type), made.Size
	m.Kind, m.Duration = social.Audio, made.Duration.Milliseconds()
	if made.Video {
		m.Kind, m.Width, m.Height, m.Rate = social.Video, made.Width, made.Height, made.Rate
	}
	if kept.Shown != nil {
		m.PreviewKey, m.Blurhash = kept.Poster.Original, kept.Shown.Blurhash
		m.PreviewWidth, m.PreviewHeight = kept.Shown.Original.Width, kept.Shown.Original.Height
	}
}

// clipFailed marks an upload that cannot be shown.
func (s *Server) clipFailed(ctx context.Context, m *social.Media) error {
	return s.clipDone(ctx, m, nil, func(next *social.Media) { next.State, next.Key = social.MediaFailed, "" })
}

// clipDone changes the row as it is now, and removes what came. Where the upload
// was removed meanwhile, what was made goes too.
func (s *Server) clipDone(ctx context.Context, was *social.Media, made []string, change func(*social.Media)) error {
	err := s.store.Write(ctx, func(tx social.Tx) error {
		now, err := tx.Media(ctx, was.ID)
		if err != nil {
			return err
		}
		next := *now
		change(&next)
		return tx.PutMedia(ctx, &next)
	})
	needless := []string{was.Key}
	if social.IsKind(err, social.NotFound) {
		needless, err = append(needless, made...), nil
	}
	if err != nil {
		return err
	}
	var errs []error
	for _, key := range needless {
		if key != "" {
			errs = append(errs, s.blobs.Delete(ctx, key))
		}
	}
	return errors.Join(errs...)
}
