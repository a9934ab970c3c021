// Package browse is a person with a browser without script, for tests of the pages: it keeps cookies and fills in the
// forms as they stand.
package browse

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// Browser is one person's browser. What goes wrong fails the test.
type Browser struct {
	tb     testing.TB
	client *http.Client
	page   *html.Node
	at     *url.URL
}

// New is a browser without cookies.
func New(tb testing.TB) *Browser {
	tb.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		tb.Fatal(err)
	}
	return &Browser{tb: tb, client: &http.Client{Jar: jar}}
}

// Open goes to a page.
func (b *Browser) Open(address string) {
	b.tb.Helper()
	res, err := b.client.Get(address)
	b.take(res, err)
}

func (b *Browser) take(res *http.Response, err error) {
	b.tb.Helper()
	if err != nil {
		b.tb.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		b.tb.Fatal(err)
	}
	if res.StatusCode != http.StatusOK {
		b.tb.Fatalf("%s %s answers %d: %s", res.Request.Method, res.Request.URL, res.StatusCode, body)
	}
	if b.page, err = html.Parse(strings.NewReader(string(body))); err != nil {
		b.tb.Fatal(err)
	}
	b.at = res.Request.URL
}

// Submit fills in the form whose action ends so, and sends it as a browser would, with Origin and the rest.
func (b *Browser) Submit(action string, filled map[string]string) {
	b.tb.Helper()
	form := b.find(func(n *html.Node) bool {
		return n.Data == "form" && strings.HasSuffix(attr(n, "action"), action) && attr(n, "method") == "post"
	})
	if form == nil {
		b.tb.Fatalf("%s has no form for %s", b.at, action)
	}
	values := url.Values{}
	for n := range form.Descendants() {
		if n.Type == html.ElementNode && n.Data == "input" && attr(n, "name") != "" {
			values.Set(attr(n, "name"), attr(n, "value"))
		}
	}
	for name, value := range filled {
		values.Set(name, value)
	}
	target, err := b.at.Parse(attr(form, "action"))
	if err != nil {
		b.tb.Fatal(err)
	}
	req, err := http.NewRequest("POST", target.String(), strings.NewReader(values.Encode()))
	if err != nil {
		b.tb.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Origin", b.at.Scheme+"://"+b.at.Host)
	req.Header.Set("Sec-Fetch-Site", "same-origin")
	res, err := b.client.Do(req)
	b.take(res, err)
}

// Text is what stands in the element with this id.
func (b *Browser) Text(id string) string {
	b.tb.Helper()
	n := b.find(func(n *html.Node) bool { return attr(n, "id") == id })
	if n == nil || n.FirstChild == nil {
		b.tb.Fatalf("%s has nothing with the id %q", b.at, id)
	}
	return strings.TrimSpace(n.FirstChild.Data)
}

// Authorize goes through log-in and consent from an application's address of authorisation, and returns the code that
// the last page shows.
func Authorize(tb testing.TB, address, login, password string) (code string) {
	tb.Helper()
	b := New(tb)
	b.Open(address)
	b.Submit("/login", map[string]string{"login": login, "password": password})
	b.Submit("/oauth/authorize", map[string]string{"decision": "allow"})
	return b.Text("code")
}

func (b *Browser) find(is func(*html.Node) bool) *html.Node {
	for n := range b.page.Descendants() {
		if n.Type == html.ElementNode && is(n) {
			return n
		}
	}
	return nil
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}
