// Package web holds the browser client ("the deck"), built by Vite into dist
// and embedded into the binary.
//
// Go alone is enough to build: before `make build` has run, dist holds nothing
// but a marker file, and a placeholder page that says so is served instead.
package web

import (
	"embed"
	"io/fs"
)

// Base is the path the client's files are built for: the file
// "assets/x.js" of [FS] must be served at Base + "assets/x.js".
const Base = "/deck/"

// ContentSecurityPolicy is the policy the client is made for, and is tested
// with (CSP Level 3): script and style only from files of this home, no other
// host for anything. connect-src 'self' covers the streaming WebSocket,
// worker-src the worker that shows pushed notifications.
const ContentSecurityPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; " +
	"media-src 'self'; connect-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

//go:embed all:dist
var dist embed.FS

//go:embed placeholder
var placeholder embed.FS

// Built tells whether the client itself is in this binary; false means that
// [FS] and [Index] give the placeholder.
func Built() bool {
	_, err := fs.Stat(dist, "dist/index.html")
	return err == nil
}

// FS gives the client's files: index.html, icon.svg and assets/… with a hash
// of their content in the name, so those may be cached for ever; index.html
// must be asked for again each time. Names that begin with a dot are no part
// of the client.
func FS() fs.FS {
	if Built() {
		return under(dist, "dist")
	}
	return under(placeholder, "placeholder")
}

// Index gives the page to answer at /deck (and at any path below it that is
// no file): the client finds its way by the fragment of the address.
func Index() []byte {
	page, err := fs.ReadFile(FS(), "index.html")
	if err != nil {
		return nil // Cannot happen: Built has seen the one, the compiler the other.
	}
	return page
}

func under(files embed.FS, folder string) fs.FS {
	sub, err := fs.Sub(files, folder)
	if err != nil {
		return files // Cannot happen: folder is a valid path (fs.Sub).
	}
	return sub
}
