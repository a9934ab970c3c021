package media

import (
	"bytes"
	"path"
)

// Type is a media type that is read or served. There are no others.
type Type string

// The types of images.
const (
	JPEG Type = "image/jpeg"
	PNG  Type = "image/png"
	GIF  Type = "image/gif"
	WebP Type = "image/webp"
)

// The types of films and sounds that are made here.
const (
	MP4 Type = "video/mp4"
	M4A Type = "audio/mp4"
)

// types is the table of what is served: by the extension of a key, never by looking at the bytes or asking a remote
// server (T5, T37). What is not here is not served.
var types = [...]struct {
	ext   string
	typ   Type
	magic string // what such a file begins with
	at    int    // where magic2 stands
	more  string
}{
	{".jpg", JPEG, "\xff\xd8\xff", 0, ""},
	{".png", PNG, "\x89PNG\r\n\x1a\n", 12, "IHDR"},
	{".gif", GIF, "GIF8", 5, "a"}, // GIF87a, GIF89a
	{".webp", WebP, "RIFF", 8, "WEBPVP8"},
}

// sniff tells the type from the first bytes; "" when it is none of ours.
func sniff(b []byte) Type {
	for _, t := range types {
		if bytes.HasPrefix(b, []byte(t.magic)) && len(b) > t.at && bytes.HasPrefix(b[t.at:], []byte(t.more)) {
			return t.typ
		}
	}
	return ""
}

// TypeByKey is the media type served for the blob at key, "" when it is not served.
func TypeByKey(key string) Type {
	ext := path.Ext(key)
	for _, t := range types {
		if t.ext == ext {
			return t.typ
		}
	}
	for _, t := range moving {
		if t.ext == ext {
			return t.typ
		}
	}
	return ""
}

// moving are what is served and made here, never read as a picture.
var moving = [...]struct {
	ext string
	typ Type
}{{".mp4", MP4}, {".m4a", M4A}}

// Ext is the extension of keys of this type, with its dot.
func (t Type) Ext() string {
	for _, row := range types {
		if row.typ == t {
			return row.ext
		}
	}
	for _, row := range moving {
		if row.typ == t {
			return row.ext
		}
	}
	return ""
}
