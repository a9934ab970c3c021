// Package media makes of any picture that comes, ours or from afar, files that can be shown to anyone: the type is told
// from the bytes, sizes are bounded before anything is decoded, and what goes out was encoded here, so that no metadata,
// script or second file travels along (T33, T36, T37, T38). Decoders are pure Go.
//
// It also serves such files with fixed types, and keeps a bounded cache of pictures from other servers.
package media

import (
	"crypto/sha256"
	"errors"

	"engawa/internal/limits"
)

// What can be wrong with a file; errors of Process wrap one of these and say more.
var (
	// ErrType says that the file is no image of a type we read.
	ErrType = errors.New("not a JPEG, PNG, GIF or WebP image")
	// ErrTooLarge says that the file has too many bytes, pixels or frames.
	ErrTooLarge = errors.New("image too large")
	// ErrBroken says that the file begins like an image but is none.
	ErrBroken = errors.New("broken image")
)

// Kind is what a picture is for; it decides the sizes.
type Kind uint8

// The kinds of pictures.
const (
	Attachment Kind = iota // of a post: at most 8.3 megapixels, and a preview
	Avatar                 // a square of at most 400
	Header                 // at most 1500 × 500 pixels in area
	Emoji                  // at most 256 on its longer side
)

// kinds is the table of sizes. A zero does not bound.
var kinds = [...]struct {
	name   string
	bytes  int64 // of the file that comes
	area   int   // of the rendition, in pixels
	square int   // cut to a square of this side at most
	side   int   // longest side
	small  int   // area of the preview; 0: none
	png    bool  // never a JPEG
}{
	Attachment: {name: "attachment", bytes: limits.ImageBytes, area: limits.OriginalPixels, small: limits.SmallPixels},
	Avatar:     {name: "avatar", bytes: limits.AvatarBytes, square: limits.AvatarSide},
	Header:     {name: "header", bytes: limits.AvatarBytes, area: limits.HeaderWidth * limits.HeaderHeight},
	Emoji:      {name: "emoji", bytes: limits.EmojiBytes, side: limits.EmojiSide, png: true},
}

// Rendition is one file made of a picture.
type Rendition struct {
	Bytes         []byte
	Type          Type
	Width, Height int // pixels
}

// Aspect is width by height, as Mastodon's meta has it.
func (r *Rendition) Aspect() float64 { return float64(r.Width) / float64(r.Height) }

// Key is where the file is stored and, below /blob/, served. It is made of the content and of owner, any text that names
// the one row the file belongs to: two owners never share a file, so it is deleted with its owner and nobody else's; and
// nobody can guess it without having both.
func (r *Rendition) Key(owner string) string {
	h := sha256.New()
	h.Write([]byte(owner))
	h.Write([]byte{0})
	h.Write(r.Bytes)
	return contentKey(Place, [32]byte(h.Sum(nil)), r.Type.Ext())
}

// Result is what Process made.
type Result struct {
	Source   Type       // what came
	Original Rendition  // always there
	Small    *Rendition // the preview of an Attachment, which does not move; nil when Original is as small and still
	Static   *Rendition // of other kinds, the first picture of an animation; nil when nothing moves
	Blurhash string
	Focus    Focus
}

// Renditions lists what has to be stored: Original and those of the others that are there.
func (r *Result) Renditions() []*Rendition {
	all := []*Rendition{&r.Original}
	for _, other := range []*Rendition{r.Small, r.Static} {
		if other != nil {
			all = append(all, other)
		}
	}
	return all
}
