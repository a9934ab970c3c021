package activitypub

import (
	"bytes"
	"context"
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"engawa/internal/fetch"
	"engawa/social"
)

// document loads an object from its origin: what it says it is, by its own id
// (JudgeDocument). Several who want the same wait for one request, and what
// failed a short time ago fails at once (T50).
func (f *Federation) document(ctx context.Context, uri string) (Value, error) {
	return f.load(ctx, uri, false)
}

// page is document, for addresses that a person pasted: a page that names its
// object on the same host will do.
func (f *Federation) page(ctx context.Context, uri string) (Value, error) {
	return f.load(ctx, uri, true)
}

func (f *Federation) load(ctx context.Context, uri string, pages bool) (Value, error) {
	uri, _, _ = strings.Cut(uri, "#")
	if err, ok := f.failed.get(uri); ok {
		return Value{}, err
	}
	if err := ctx.Err(); err != nil {
		return Value{}, err
	}
	name := "doc " + uri
	if pages {
		name = "page " + uri
	}
	v, err, _ := f.flights.Do(name, func() (any, error) {
		// Others may wait for this: it does not end with who asked first.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), resolveTime)
		defer cancel()
		v, err := f.judged(ctx, uri, pages)
		if err != nil {
			f.fail(uri, err)
		}
		return v, err
	})
	if err != nil {
		return Value{}, err
	}
	return v.(Value), nil
}

// judged loads an address, and the id that stands in what it finds, once.
func (f *Federation) judged(ctx context.Context, uri string, pages bool) (Value, error) {
	v, from, err := f.get(ctx, uri, pages)
	if err != nil {
		return Value{}, err
	}
	verdict := JudgeDocument(v, from)
	if verdict.Decision == Fetch {
		if v, from, err = f.get(ctx, verdict.URI, false); err != nil {
			return Value{}, err
		}
		verdict = JudgeDocument(v, from)
	}
	if verdict.Decision != Take {
		return Value{}, badly("%s: %s", uri, verdict.Reason)
	}
	return v, nil
}

// get sends one signed GET; from is the address the document came from.
func (f *Federation) get(ctx context.Context, uri string, pages bool) (doc Value, from string, err error) {
	host := HostOf(uri)
	switch {
	case host == "":
		return Value{}, "", badly("%.200q is no http(s) address", uri)
	case f.ours(uri):
		return Value{}, "", social.ErrNotFound
	case f.blocked(ctx, host):
		return Value{}, "", &social.Error{Kind: social.Forbidden, Op: "fetch", Message: "this home does not speak with " + host}
	}
	resp, err := f.signedGet(ctx, host, uri)
	if err != nil {
		return Value{}, "", err
	}
	from = uri
	if resp.Hops > 0 {
		from = resp.URL.String()
		if f.blocked(ctx, HostOf(from)) {
			return Value{}, "", &social.Error{Kind: social.Forbidden, Op: "fetch", Message: "this home does not speak with " + HostOf(from)}
		}
	}
	kind := resp.Header.Get("Content-Type")
	if !fetch.ActivityJSON(kind) {
		if pages && isHTML(kind) {
			return f.getAlternate(ctx, from, resp.Body)
		}
		return Value{}, "", badly("%s answered with the type %.80q; application/activity+json is wanted", uri, kind)
	}
	doc, err = ParseDocument(resp.Body)
	return doc, from, err
}

// signedGet signs by what the host is known to verify, and knocks a second time
// by the other scheme where the first is refused.
func (f *Federation) signedGet(ctx context.Context, host, uri string) (*fetch.Response, error) {
	s, err := f.serverSigners(ctx)
	if err != nil {
		return nil, err
	}
	scheme := f.hosts.choose(ctx, host, s.ed != nil)
	o := fetch.Options{Accept: fetch.AcceptActivity, MaxBytes: MaxDocument, Sign: f.sign(s, scheme, nil)}
	resp, err := f.Client.Get(ctx, uri, o)
	if !knockAgain(err) {
		return resp, err
	}
	other := otherScheme(scheme)
	o.Sign = f.sign(s, other, nil)
	second, err2 := f.Client.Get(ctx, uri, o)
	if err2 != nil {
		return resp, err
	}
	if scheme == social.RFC9421Ed25519 {
		f.hosts.refusedEd(ctx, host)
	} else {
		f.hosts.worked(ctx, host, other)
	}
	return second, nil
}

// knockAgain reports whether a refusal may be one of the signature alone.
func knockAgain(err error) bool {
	status := statusOf(err)
	return status == http.StatusUnauthorized || status == http.StatusBadRequest
}

func statusOf(err error) int {
	var e *fetch.Error
	if asFetch(err, &e) {
		return e.Status
	}
	return 0
}

// otherScheme is what is tried when a scheme was refused.
func otherScheme(s social.SignatureScheme) social.SignatureScheme {
	if s == social.Cavage {
		return social.RFC9421
	}
	return social.Cavage
}

func isHTML(contentType string) bool {
	kind, _, _ := mime.ParseMediaType(contentType)
	return kind == "text/html" || kind == "application/xhtml+xml"
}

// getAlternate follows <link rel=alternate type=application/activity+json> of a
// page, on the page's own host.
func (f *Federation) getAlternate(ctx context.Context, page string, body []byte) (Value, string, error) {
	href := alternateOf(page, body)
	if href == "" {
		return Value{}, "", badly("%s is a page without a post of its own host", page)
	}
	return f.get(ctx, href, false)
}

// maxHead is how much of a page is searched for its links, in bytes.
const maxHead = 256 << 10

func alternateOf(page string, body []byte) string {
	base, err := url.Parse(page)
	if err != nil {
		return ""
	}
	z := html.NewTokenizer(bytes.NewReader(body[:min(len(body), maxHead)]))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return ""
		case html.StartTagToken, html.SelfClosingTagToken:
		default:
			continue
		}
		t := z.Token()
		if t.DataAtom == atom.Body {
			return ""
		}
		if t.DataAtom != atom.Link {
			continue
		}
		var rel, typ, href string
		for _, a := range t.Attr {
			switch a.Key {
			case "rel":
				rel = strings.ToLower(a.Val)
			case "type":
				typ = a.Val
			case "href":
				href = a.Val
			}
		}
		if !contains(strings.Fields(rel), "alternate") || !fetch.ActivityJSON(typ) {
			continue
		}
		if u, err := base.Parse(href); err == nil && sameOrigin(u.String(), page) {
			return u.String()
		}
	}
}

// found turns a look-up's failure into one that a person may read.
func found(op, what string, err error) error {
	if err == nil || social.KindOf(err) != social.Temporary {
		return err
	}
	if isTemporary(err) {
		return &social.Error{Kind: social.Temporary, Op: op, Message: what + " cannot be reached now", Err: err}
	}
	return &social.Error{Kind: social.NotFound, Op: op, Message: social.ErrNotFound.Message, Err: fmt.Errorf("%s: %w", what, err)}
}
