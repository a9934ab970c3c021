package store

import (
	"math"

	"engawa/social"
)

// The fields of media.details.
const (
	mediaKind = iota + 1
	mediaContentType
	mediaRemoteURL
	mediaPreviewURL
	mediaWidth
	mediaHeight
	mediaPreviewWidth
	mediaPreviewHeight
	mediaFocusX // the bits of the number
	mediaFocusY
	mediaBlurhash
	mediaDescription
	mediaSensitive
	mediaSize
	mediaState
	mediaDuration
	mediaRate
)

func packMedia(m *social.Media) []byte {
	f := make(fields, 0, 256)
	f.text(mediaKind, string(m.Kind))
	f.text(mediaContentType, m.ContentType)
	f.text(mediaRemoteURL, m.RemoteURL)
	f.text(mediaPreviewURL, m.PreviewURL)
	f.int(mediaWidth, int64(m.Width))
	f.int(mediaHeight, int64(m.Height))
	f.int(mediaPreviewWidth, int64(m.PreviewWidth))
	f.int(mediaPreviewHeight, int64(m.PreviewHeight))
	f.int(mediaFocusX, int64(math.Float64bits(m.FocusX)))
	f.int(mediaFocusY, int64(math.Float64bits(m.FocusY)))
	f.text(mediaBlurhash, m.Blurhash)
	f.text(mediaDescription, m.Description)
	f.flag(mediaSensitive, m.Sensitive)
	f.int(mediaSize, m.Size)
	f.text(mediaState, string(m.State))
	f.int(mediaDuration, m.Duration)
	f.text(mediaRate, m.Rate)
	return f
}

func unpackMedia(s string, m *social.Media) (err error) {
	var f field
	for s != "" {
		if s, err = next(s, &f); err != nil {
			return err
		}
		switch f.Number {
		case mediaKind:
			m.Kind = social.MediaKind(f.Text)
		case mediaContentType:
			m.ContentType = f.Text
		case mediaRemoteURL:
			m.RemoteURL = f.Text
		case mediaPreviewURL:
			m.PreviewURL = f.Text
		case mediaWidth:
			m.Width = int(f.Int)
		case mediaHeight:
			m.Height = int(f.Int)
		case mediaPreviewWidth:
			m.PreviewWidth = int(f.Int)
		case mediaPreviewHeight:
			m.PreviewHeight = int(f.Int)
		case mediaFocusX:
			m.FocusX = math.Float64frombits(uint64(f.Int))
		case mediaFocusY:
			m.FocusY = math.Float64frombits(uint64(f.Int))
		case mediaBlurhash:
			m.Blurhash = f.Text
		case mediaDescription:
			m.Description = f.Text
		case mediaSensitive:
			m.Sensitive = f.bool()
		case mediaSize:
			m.Size = f.Int
		case mediaState:
			m.State = social.MediaState(f.Text)
		case mediaDuration:
			m.Duration = f.Int
		case mediaRate:
			m.Rate = f.Text
		}
	}
	return nil
}
