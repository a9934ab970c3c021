package media

import (
	"net/http"
	"strings"
)

// Place is the first component of the keys of pictures that are ours. Only what lies below it is served by Handler: a
// store has other things in it, too.
const Place = "media"

// Handler serves GET and HEAD of /blob/{key...}, with ranges. What is missing, lies elsewhere or has no type in the table
// is 404. A key names its content, so an answer may be kept for ever.
func Handler(store Opener) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !readOnly(w, r) {
			return
		}
		key := r.PathValue("key")
		if !strings.HasPrefix(key, Place+"/") || TypeByKey(key) == "" {
			http.NotFound(w, r)
			return
		}
		f, err := store.Open(r.Context(), key)
		if err != nil {
			refuse(w, r, err)
			return
		}
		send(w, r, f, etag(f.Info()), "public, max-age=31536000, immutable")
	})
}

func readOnly(w http.ResponseWriter, r *http.Request) bool {
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		return true
	}
	w.Header().Set("Allow", "GET, HEAD")
	http.Error(w, "only GET and HEAD are right here", http.StatusMethodNotAllowed)
	return false
}

// send answers with f, whose key's type is in the table, and closes it.
func send(w http.ResponseWriter, r *http.Request, f File, tag, cacheControl string) {
	defer f.Close()
	i := f.Info()
	guard(w.Header(), TypeByKey(i.Key))
	w.Header().Set("Cache-Control", cacheControl)
	w.Header().Set("ETag", `"`+tag+`"`)
	http.ServeContent(w, r, "", i.ModTime, f)
}

// guard sets the fixed type and what keeps a file from being anything else (T5, T37). Other origins may show and read it.
func guard(h http.Header, t Type) {
	h.Set("Content-Type", string(t))
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", "sandbox; default-src 'none'")
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	h.Set("Access-Control-Allow-Origin", "*")
}

// etag is the last component of the key, which names the content.
func etag(i Info) string { return i.Key[strings.LastIndexByte(i.Key, '/')+1:] }
