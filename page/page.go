// Package page writes Engawa's public pages and its forms as HTML on the
// server: profiles, posts with their threads, logging in, consent, errors. They
// are whole without script, small, printable, and in the reader's language.
//
// A handler fills a view and hands the page to Serve, which adds the headers:
//
//	pages.Serve(w, page.Answer{Lang: lang}, func(w io.Writer) error {
//		return pages.Profile(w, lang, view)
//	})
//
// Each page is written to a buffer first: a reader gets all of it, or the page
// for error 500.
package page

import (
	"bytes"
	"embed"
	"fmt"
	"io"
	"time"

	"engawa/internal/locale"
)

//go:embed templates/*.html
var templates embed.FS

// Options say what the pages cannot know. Home is required.
type Options struct {
	Home    func() HomeView // asked for each page; must be quick
	Zone    *time.Location  // for dates; UTC when nil
	Accent  string          // "#rrggbb" in place of the wood, adjusted until it can be read; "" for the wood
	Origins []string        // further origins that serve images and media, "https://objects.example"
}

// Pages writes pages. It is safe for concurrent use.
type Pages struct {
	home    func() HomeView
	zone    *time.Location
	origins []string
	style   asset
	icon    asset
	script  asset // of passkeys
	sets    sets
}

// New makes the pages. It fails if the accent is no colour.
func New(o Options) (*Pages, error) {
	if o.Home == nil {
		return nil, fmt.Errorf("page: Options.Home is missing: the pages must know whose they are")
	}
	style, err := styleSheet(o.Accent)
	if err != nil {
		return nil, err
	}
	p := &Pages{home: o.Home, zone: o.Zone, style: style, icon: iconFile(), script: passkeyScript()}
	if p.zone == nil {
		p.zone = time.UTC
	}
	for _, origin := range o.Origins {
		source := formTarget(origin)
		if host(origin) == "" || source == "" {
			return nil, fmt.Errorf("page: media origin %q: want https://host", origin)
		}
		p.origins = append(p.origins, source)
	}
	p.sets.functions = p.functions
	return p, nil
}

// screen is what the frame is given; View is the page's own.
type screen struct {
	Home    HomeView
	Visit   Visit
	Meta    meta
	Style   string
	Icon    string
	View    any
	Front   bool   // the page for visitors, which has its own log-in button
	Script  string // address of the one script, or ""
	Form    bool   // a page with one form in its middle: narrow, nothing beside it
	Private bool   // for the reader alone: nothing tells others what it is about
}

// write renders the whole page and only then begins to write.
func (p *Pages) write(w io.Writer, lang locale.Lang, name string, s screen) error {
	lang, t, err := p.sets.page(lang, name)
	if err != nil {
		return fmt.Errorf("page %s: %w", name, err)
	}
	s.Home, s.Style, s.Icon = p.home(), p.style.path, p.icon.path
	s.Meta.finish(lang, s.Home)
	var buf bytes.Buffer
	if err := t.ExecuteTemplate(&buf, "frame", s); err != nil {
		return fmt.Errorf("page %s: %w", name, err)
	}
	_, err = w.Write(buf.Bytes())
	return err
}
