// Package hook calls addresses that are secrets themselves: webhooks, whose
// path or query is what lets one write there. Answers are bounded, redirects
// are not followed, no error repeats the address, and a failure says whether
// the request may have arrived all the same.
package hook

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"engawa/internal/fetch"
)

// MaxBody is the largest answer that is read, in bytes; the rest is cut off.
const MaxBody = 1 << 20

// maxWait bounds what a server may ask us to wait.
const maxWait = 24 * time.Hour

// Answer is what came back, whatever its status.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte // at most MaxBody
}

// Failure is a request without an answer.
type Failure struct {
	// Sent tells that the request had been handed over in full or in part: it
	// may have been carried out.
	Sent bool
	Text string // why, without the address
	Err  error  // the context's error, where that was the reason; else nil
}

// Error says why there is no answer.
func (f *Failure) Error() string { return "no answer: " + f.Text }

// Unwrap gives the context's error, never one that could name the address.
func (f *Failure) Unwrap() error { return f.Err }

// Do sends r once. The error is a *Failure.
func Do(c *http.Client, r *http.Request) (*Answer, error) {
	var sent atomic.Bool
	ctx := httptrace.WithClientTrace(r.Context(), &httptrace.ClientTrace{
		WroteHeaders: func() { sent.Store(true) },
	})
	still := http.Client{Transport: c.Transport, Timeout: c.Timeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := still.Do(r.WithContext(ctx))
	if err != nil {
		return nil, failure(r, err, sent.Load())
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, MaxBody))
	if err != nil {
		return nil, failure(r, err, true)
	}
	return &Answer{Status: resp.StatusCode, Header: resp.Header, Body: body}, nil
}

// failure makes the error of a request that has no answer.
func failure(r *http.Request, err error, sent bool) *Failure {
	f := &Failure{Sent: sent, Err: r.Context().Err()}
	var outer *url.Error
	if errors.As(err, &outer) {
		err = outer.Err
	}
	var ours *fetch.Error
	if errors.As(err, &ours) {
		f.Text = ours.Kind.String()
		if ours.Err != nil {
			f.Text += ": " + ours.Err.Error()
		}
	} else {
		f.Text = err.Error()
	}
	f.Text = Redact(f.Text, r.URL)
	return f
}

// Redact takes everything of u but its host out of a text.
func Redact(text string, u *url.URL) string {
	for _, secret := range []string{u.RequestURI(), u.EscapedPath(), u.Path, u.RawQuery} {
		if len(secret) > 1 {
			text = strings.ReplaceAll(text, secret, "/…")
		}
	}
	if u.User != nil {
		text = strings.ReplaceAll(text, u.User.String(), "…")
	}
	return text
}

// RetryAfter reads the wait of a Retry-After header (RFC 9110 §10.2.3), in
// seconds (fractions too, as some servers give) or as a date; zero when there
// is none. It is at most a day.
func RetryAfter(h http.Header, now time.Time) time.Duration {
	v := strings.TrimSpace(h.Get("Retry-After"))
	if d := Seconds(v); d > 0 {
		return d
	}
	if at, err := http.ParseTime(v); err == nil && at.After(now) {
		return min(at.Sub(now), maxWait)
	}
	return 0
}

// Seconds reads a decimal number of seconds, rounded up to a millisecond; zero
// for anything else and for negative numbers. It is at most a day.
func Seconds(s string) time.Duration {
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || !(f > 0) {
		return 0
	}
	if f > maxWait.Seconds() {
		return maxWait
	}
	d := time.Duration(f * float64(time.Second))
	if rest := d % time.Millisecond; rest != 0 {
		d += time.Millisecond - rest
	}
	return d
}

// Origin is the scheme and host of u: what of a secret address may be shown.
func Origin(u *url.URL) string { return u.Scheme + "://" + u.Host }
