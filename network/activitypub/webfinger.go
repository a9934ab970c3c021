package activitypub

import (
	"context"
	"encoding/json"
	"errors"
	"mime"
	"net/url"
	"strings"

	"engawa/internal/fetch"
	"engawa/internal/hostname"
	"engawa/social"
)

const (
	maxHandle = 2048     // bytes of a name
	maxJRD    = 64 << 10 // bytes of a WebFinger answer
)

// finger is what WebFinger says of a handle.
type finger struct {
	name, domain string // of its subject
	self         string // the actor's URI
}

// jrd is the part of a JSON Resource Descriptor (RFC 7033, 4.4) that is read.
type jrd struct {
	Subject string `json:"subject"`
	Links   []struct {
		Rel  string `json:"rel"`
		Type string `json:"type"`
		Href string `json:"href"`
	} `json:"links"`
}

// webfinger asks a domain who name is there. What it answers speaks for that
// domain alone.
func (f *Federation) webfinger(ctx context.Context, name, domain string) (*finger, error) {
	address := domain + "/.well-known/webfinger?resource=" + url.QueryEscape("acct:"+name+"@"+domain)
	o := fetch.Options{Accept: "application/jrd+json, application/json", MaxBytes: maxJRD}
	resp, err := f.Client.Get(ctx, "https://"+address, o)
	if kind := fetch.KindOf(err); f.AllowHTTP && (kind == fetch.Unreachable || kind == fetch.Refused) {
		resp, err = f.Client.Get(ctx, "http://"+address, o)
	}
	if err != nil {
		return nil, err
	}
	kind, _, _ := mime.ParseMediaType(resp.Header.Get("Content-Type"))
	if kind != "application/jrd+json" && kind != "application/json" {
		return nil, badly("the WebFinger of %s answered with the type %.80q; application/jrd+json is wanted", domain, kind)
	}
	return readJRD(resp.Body, domain)
}

func readJRD(body []byte, domain string) (*finger, error) {
	var doc jrd
	if err := json.Unmarshal(body, &doc); err != nil {
		return nil, badly("the WebFinger of %s is no JSON: %v", domain, err)
	}
	out := &finger{}
	var ok bool
	if out.name, out.domain, ok = parseAcct(doc.Subject); !ok {
		return nil, badly("the WebFinger of %s has the subject %.200q; acct:name@domain is wanted", domain, doc.Subject)
	}
	for _, l := range doc.Links {
		if l.Rel == "self" && fetch.ActivityJSON(l.Type) && HostOf(l.Href) != "" {
			out.self = l.Href
			return out, nil
		}
	}
	return nil, badly("the WebFinger of %s names no actor", domain)
}

// parseAcct reads acct:name@domain, with or without acct: and a leading @.
func parseAcct(s string) (name, domain string, ok bool) {
	s = strings.TrimPrefix(strings.TrimPrefix(s, "acct:"), "@")
	i := strings.LastIndexByte(s, '@')
	if i <= 0 || i > maxHandle {
		return "", "", false
	}
	domain, err := hostname.Parse(s[i+1:])
	if err != nil {
		return "", "", false
	}
	name = s[:i]
	return name, domain, !strings.ContainsAny(name, "@/ \t\r\n")
}

func matches(a *social.Actor, name, domain string) bool {
	return a.Domain == domain && strings.EqualFold(a.Name, name)
}

// handleOf is the handle of an actor: name@host of its id, unless its own host
// says that it is known under another domain and that domain agrees (T16). A
// known actor keeps its handle as long as it does not change its name.
func (f *Federation) handleOf(ctx context.Context, a, old *social.Actor) (name, domain string, err error) {
	if old != nil && old.FetchedAt != 0 && old.Name == a.Name {
		return old.Name, old.Domain, nil
	}
	host := HostOf(a.URI)
	own, err := f.webfinger(ctx, a.Name, host)
	switch {
	case err == nil:
	case isTemporary(err):
		return "", "", err
	case fetch.KindOf(err) == fetch.BadStatus, errors.Is(err, ErrInvalid), fetch.KindOf(err) == fetch.OverBudget:
		return a.Name, host, nil // a host names its own people, with or without WebFinger
	default:
		return "", "", err
	}
	if own.self != a.URI {
		return "", "", badly("the WebFinger of %s@%s leads to %s, not to %s", a.Name, host, own.self, a.URI)
	}
	if own.domain == host || !strings.EqualFold(own.name, a.Name) {
		return a.Name, host, nil
	}
	there, err := f.webfinger(ctx, own.name, own.domain)
	if err == nil && there.self == a.URI && there.domain == own.domain && strings.EqualFold(there.name, own.name) {
		return own.name, own.domain, nil
	}
	if err != nil && isTemporary(err) {
		return "", "", err
	}
	return a.Name, host, nil
}
