// Package limits is the one place (guard G4 of the threat catalogue) where the caps on size, count, depth and time stand.
// One file a subject; a cap that is not here does not exist.
package limits

import "time"

// Caps on images, ours and remote ones. The first two are what Mastodon 4.6 announces in
// configuration.media_attachments, so that apps shrink before they upload.
const (
	// ImageBytes is the largest image file that is read, in bytes (16 MiB).
	ImageBytes = 16 << 20
	// ImagePixels is the largest image that is decoded, width × height (7680 × 4320), checked before decoding (T36).
	ImagePixels = 33_177_600
	// ImageSide is the longest side that is decoded: what JPEG can name.
	ImageSide = 65_535

	// AvatarBytes is the largest avatar or header file, in bytes.
	AvatarBytes = 8 << 20
	// EmojiBytes is the largest custom emoji file, in bytes.
	EmojiBytes = 2 << 20

	// OriginalPixels is the area of the full-size rendition (3840 × 2160).
	OriginalPixels = 8_294_400
	// SmallPixels is the area of the preview (640 × 360).
	SmallPixels = 230_400
	// AvatarSide is the side of a stored avatar, in pixels.
	AvatarSide = 400
	// HeaderWidth and HeaderHeight bound a stored header.
	HeaderWidth, HeaderHeight = 1500, 500
	// EmojiSide is the longest side of a stored custom emoji, in pixels.
	EmojiSide = 256

	// GIFFrames is the largest number of frames in an animation that is kept.
	GIFFrames = 1000
	// GIFPixels is the sum of the areas of all frames of an animation that is kept: the time its decoding may take.
	GIFPixels = 4 * ImagePixels
	// GIFBlocks is the largest number of blocks (extensions and frames) read in a GIF.
	GIFBlocks = 4 * GIFFrames
	// WebPChunks is the largest number of RIFF chunks looked at in a WebP file.
	WebPChunks = 4096
	// JPEGSegments is the largest number of segments in a JPEG file.
	JPEGSegments = 4096
	// JPEGScans is the largest number of scans in a JPEG file; encoders make about ten.
	JPEGScans = 64
	// EXIFEntries is the largest number of entries read in an EXIF directory.
	EXIFEntries = 512

	// DecodeBytes is the memory that images being decoded may take together, estimated. A single image that needs
	// more waits until it is alone.
	DecodeBytes = 192 << 20

	// RemoteMediaURL is the longest remote media address, in bytes.
	RemoteMediaURL = 4096
	// RemoteMediaBytes is the default bound of the cache of remote media, in bytes.
	RemoteMediaBytes = 2 << 30
	// RemoteMediaEntries bounds the number of files in that cache, whatever their size.
	RemoteMediaEntries = 1 << 16
	// RemoteMediaFailures bounds how many failed addresses are remembered.
	RemoteMediaFailures = 4096
)

// Caps on stored files.
const (
	// BlobKey is the longest key of a blob, in bytes.
	BlobKey = 512
	// BlobKeyPart is the longest component of a key.
	BlobKeyPart = 128
)

// Times of the cache of remote media.
const (
	// RemoteMediaTime is the longest that fetching and processing one remote picture may take.
	RemoteMediaTime = 30 * time.Second
	// RemoteMediaRetry is how long an address that failed is not asked again.
	RemoteMediaRetry = 10 * time.Minute
)
