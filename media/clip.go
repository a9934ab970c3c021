package media

import (
	"context"
	"crypto/sha256"
	"errors"
	"io"
	"os"
)

// KeptClip is what Keep stored of a clip.
type KeptClip struct {
	Key    string
	Poster Keys    // of a film
	Shown  *Result // the poster, nil for a sound
}

// Keep stores a clip and its poster for owner (see Rendition.Key): all of it, or after an error nothing.
func (m *Made) Keep(ctx context.Context, s Store, owner string) (*KeptClip, error) {
	k := &KeptClip{}
	if m.Poster != "" {
		f, err := os.Open(m.Poster)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		if k.Shown, err = Process(ctx, f, Options{Kind: Attachment}); err != nil {
			return nil, err
		}
		if k.Shown.Small == nil {
			k.Shown.Small = &k.Shown.Original
		}
		k.Shown = &Result{Source: k.Shown.Source, Original: *k.Shown.Small, Blurhash: k.Shown.Blurhash} // the film itself is the original
		if k.Poster, err = k.Shown.Keep(ctx, s, owner); err != nil {
			return nil, err
		}
	}
	if err := m.keepFile(ctx, s, owner, k); err != nil {
		return nil, errors.Join(err, k.Poster.Delete(context.WithoutCancel(ctx), s))
	}
	return k, nil
}

func (m *Made) keepFile(ctx context.Context, s Store, owner string, k *KeptClip) error {
	f, err := os.Open(m.File)
	if err != nil {
		return err
	}
	defer f.Close()
	h := sha256.New()
	h.Write([]byte(owner))
	h.Write([]byte{0})
	if _, err := io.Copy(h, f); err != nil {
		return err
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return err
	}
	k.Key = contentKey(Place, [32]byte(h.Sum(nil)), m.Type.Ext())
	return s.Put(ctx, k.Key, f, m.Size)
}
