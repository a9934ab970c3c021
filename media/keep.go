package media

import (
	"bytes"
	"context"
	"errors"
)

// Keys is where the files of a picture are; "" for those it does not have.
type Keys struct{ Original, Small, Static string }

// Preview is the key of the file to show in a list, which does not move if there is a still one.
func (k Keys) Preview() string {
	for _, key := range []string{k.Small, k.Static} {
		if key != "" {
			return key
		}
	}
	return k.Original
}

// Keep stores the files of r for owner (see Rendition.Key): all of them, or after an error none.
func (r *Result) Keep(ctx context.Context, s Store, owner string) (Keys, error) {
	var k Keys
	for _, f := range []struct {
		key *string
		r   *Rendition
	}{{&k.Original, &r.Original}, {&k.Small, r.Small}, {&k.Static, r.Static}} {
		if f.r == nil {
			continue
		}
		key := f.r.Key(owner)
		if err := s.Put(ctx, key, bytes.NewReader(f.r.Bytes), int64(len(f.r.Bytes))); err != nil {
			return Keys{}, errors.Join(err, k.Delete(context.WithoutCancel(ctx), s))
		}
		*f.key = key
	}
	return k, nil
}

// Delete removes the files; that some are not there is no error.
func (k Keys) Delete(ctx context.Context, s Store) error {
	var errs []error
	for _, key := range []string{k.Original, k.Small, k.Static} {
		if key != "" {
			errs = append(errs, s.Delete(ctx, key))
		}
	}
	return errors.Join(errs...)
}
