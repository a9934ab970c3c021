package page

import (
	"crypto/sha256"
	_ "embed" // the style and the icon are part of the program
	"encoding/hex"
	"fmt"
	"net/http"
	"strings"
)

//go:embed assets/style.css
var styleSource string

//go:embed assets/icon.svg
var iconSource string

//go:embed assets/passkey.js
var passkeySource string

// asset is a served file whose name changes with its content.
type asset struct{ path, kind, body string }

func newAsset(name, ext, kind, body string) asset {
	sum := sha256.Sum256([]byte(body))
	return asset{path: "/page/" + name + "-" + hex.EncodeToString(sum[:6]) + ext, kind: kind, body: body}
}

func passkeyScript() asset {
	return newAsset("passkey", ".js", "text/javascript; charset=utf-8", passkeySource)
}

func iconFile() asset { return newAsset("icon", ".svg", "image/svg+xml", iconSource) }

// styleSheet is the style, with the home's accent after it if it has one.
func styleSheet(accent string) (asset, error) {
	body := styleSource
	if accent != "" {
		rules, err := accentRules(accent)
		if err != nil {
			return asset{}, fmt.Errorf("page: accent: %w", err)
		}
		body += rules
	}
	return newAsset("style", ".css", "text/css; charset=utf-8", body), nil
}

// IconPath is where the icon stands.
func (p *Pages) IconPath() string { return p.icon.path }

// ServeHTTP serves what the pages need under /page/: the style and the icon.
// They may be kept for ever, since another content has another name.
func (p *Pages) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	for _, a := range [...]asset{p.style, p.icon, p.script} {
		if r.URL.Path != a.path {
			continue
		}
		h := w.Header()
		h.Set("Content-Type", a.kind)
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; sandbox")
		http.ServeContent(w, r, "", zeroTime, strings.NewReader(a.body))
		return
	}
	http.NotFound(w, r)
}
