package page

import (
	"bytes"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"engawa/internal/locale"
)

// Answer is what an answer says beside the page. The zero value is a 200 that
// is kept by nobody.
type Answer struct {
	Status   int // 200 when 0
	Lang     locale.Lang
	Redirect string // the redirect URI that sending the page's form may lead to (consent, log-in on the way to it)
	Script   bool   // the page has the script of passkeys
	Public   bool   // same for every visitor in a language: may be kept for a minute
	Failed   func(error)
}

// Serve writes a page made by render with its headers. If render fails, the
// answer is the page for error 500, and Failed, if any, is told why.
func (p *Pages) Serve(w http.ResponseWriter, r Answer, render func(io.Writer) error) {
	if r.Status == 0 {
		r.Status = http.StatusOK
	}
	var buf bytes.Buffer
	if err := render(&buf); err != nil {
		if r.Failed != nil {
			r.Failed(err)
		}
		r = Answer{Status: http.StatusInternalServerError, Lang: r.Lang}
		buf.Reset()
		if err := p.Error(&buf, r.Lang, ErrorView{Status: r.Status}); err != nil {
			buf.Reset()
			buf.WriteString(lastResort(r.Lang))
		}
	}
	p.headers(w.Header(), r)
	w.Header().Set("Content-Length", strconv.Itoa(buf.Len()))
	w.WriteHeader(r.Status)
	_, _ = w.Write(buf.Bytes()) // the reader has gone: nobody is left to tell
}

func (p *Pages) headers(h http.Header, r Answer) {
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Language", string(r.Lang))
	policy := p.Policy(r.Redirect)
	if r.Script {
		policy += "; script-src 'self'; connect-src 'self'"
	}
	h.Set("Content-Security-Policy", policy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Add("Vary", "Accept, Accept-Language, Cookie")
	if r.Public && r.Status == http.StatusOK {
		h.Set("Cache-Control", "public, max-age=60")
		h.Set("Referrer-Policy", "strict-origin-when-cross-origin")
		return
	}
	h.Set("Cache-Control", "no-store")
	h.Set("Referrer-Policy", "same-origin")
}

// Policy is the Content-Security-Policy of a page: no script at all, style from
// one file, pictures and media from this site and Options.Origins, forms to
// this site and, after the redirect, to the given redirect URI ("" for none).
func (p *Pages) Policy(redirect string) string {
	sources := strings.Join(slices.Concat([]string{"'self'"}, p.origins), " ")
	forms := "'self'"
	if t := formTarget(redirect); t != "" {
		forms += " " + t
	}
	return "default-src 'none'; style-src 'self'; img-src " + sources + "; media-src " + sources +
		"; form-action " + forms + "; base-uri 'none'; frame-ancestors 'none'"
}

// lastResort is said when even the page for errors cannot be made.
func lastResort(lang locale.Lang) string {
	return "<!doctype html><html lang=\"" + string(lang) + "\"><meta charset=\"utf-8\"><title>500</title><h1>" +
		locale.T(lang, "error.500.title") + "</h1><p>" + locale.T(lang, "error.500.todo") + "</p></html>"
}
