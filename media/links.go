package media

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	gohash "hash"
	"io/fs"
	"net/http"
	"strconv"
	"sync"

	"engawa/internal/limits"
)

// RemotePattern is where RemoteHandler stands in a ServeMux, beside /blob/{key...}.
const RemotePattern = "/blob/remote/{kind}/{variant}/{mac}/{url}"

// Links makes and reads the addresses of pictures of other servers as ours: signed, so that nobody can have us fetch an
// address that we did not name ourselves (T32).
type Links struct {
	macs sync.Pool // of keyed gohash.Hash: the key is taken in once
}

// NewLinks makes Links of a secret of the server, which has at least 32 random bytes. Addresses hold as long as it does.
func NewLinks(secret []byte) (*Links, error) {
	if len(secret) < 32 {
		return nil, errors.New("media: the secret of links has fewer than 32 bytes")
	}
	key := sha256.Sum256(append([]byte("engawa media links\x00"), secret...))
	return &Links{sync.Pool{New: func() any { return hmac.New(sha256.New, key[:]) }}}, nil
}

var b64 = base64.RawURLEncoding.Strict()

// Path is the path of a file of a remote picture, to be put behind the server's URL.
func (l *Links) Path(ref Ref, v Variant) string {
	kind, variant := kinds[ref.Kind].name, variantNames[v]
	return "/blob/remote/" + kind + "/" + variant + "/" + b64.EncodeToString(l.mac(kind, variant, ref.URL)) + "/" + b64.EncodeToString([]byte(ref.URL))
}

// mac has 128 bits; neither a kind nor a variant has a zero byte in its name.
func (l *Links) mac(kind, variant, url string) []byte {
	h := l.macs.Get().(gohash.Hash)
	defer l.macs.Put(h)
	h.Reset()
	h.Write([]byte(kind + "\x00" + variant + "\x00" + url))
	return h.Sum(nil)[:16]
}

// read checks what RemotePattern matched.
func (l *Links) read(r *http.Request) (ref Ref, v Variant, ok bool) {
	kind, variant, coded := r.PathValue("kind"), r.PathValue("variant"), r.PathValue("url")
	if len(coded) > b64.EncodedLen(limits.RemoteMediaURL) {
		return ref, 0, false
	}
	url, err := b64.DecodeString(coded)
	mac, macErr := b64.DecodeString(r.PathValue("mac"))
	if err != nil || macErr != nil || !hmac.Equal(mac, l.mac(kind, variant, string(url))) {
		return ref, 0, false
	}
	ref.URL = string(url)
	for i := range kinds {
		for j, name := range variantNames {
			if kinds[i].name == kind && name == variant {
				ref.Kind = Kind(i)
				return ref, Variant(j), true
			}
		}
	}
	return ref, 0, false
}

// RemoteHandler serves GET and HEAD of RemotePattern from the cache. A wrong signature and a picture that cannot be had
// are 404.
func RemoteHandler(c *Cache, l *Links) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !readOnly(w, r) {
			return
		}
		ref, v, ok := l.read(r)
		if !ok {
			http.NotFound(w, r)
			return
		}
		f, err := c.Open(r.Context(), ref, v)
		if err != nil {
			refuse(w, r, err)
			return
		}
		// A remote address may get another picture; a day is what it may be late.
		i := f.Info()
		send(w, r, f, etag(i)+"-"+strconv.FormatInt(i.ModTime.UnixMilli(), 36), "public, max-age=86400")
	})
}

func refuse(w http.ResponseWriter, r *http.Request, err error) {
	if errors.Is(err, ErrRemote) || errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrInvalid) {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Retry-After", "60")
	http.Error(w, "the file cannot be read now", http.StatusServiceUnavailable)
}
