package tootrun_test

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// browser is a person with a browser without script, who fills in the forms as
// they stand in the pages.
type browser struct {
	tb     testing.TB
	client *http.Client
	page   *html.Node
	at     *url.URL
}

func newBrowser(tb testing.TB) *browser {
	tb.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		tb.Fatal(err)
	}
	return &browser{tb: tb, client: &http.Client{Jar: jar}}
}

func (b *browser) open(address string) {
	b.tb.Helper()
	res, err := b.client.Get(address)
	b.take(res, err)
}

func (b *browser) take(res *http.Response, err error) {
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

// submit fills in the form whose action ends so, and sends it as a browser would,
// with Origin and Referer.
func (b *browser) submit(action string, filled map[string]string) {
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

// text is what stands in the element with this id.
func (b *browser) text(id string) string {
	b.tb.Helper()
	n := b.find(func(n *html.Node) bool { return attr(n, "id") == id })
	if n == nil || n.FirstChild == nil {
		b.tb.Fatalf("%s has nothing with the id %q", b.at, id)
	}
	return strings.TrimSpace(n.FirstChild.Data)
}

func (b *browser) find(is func(*html.Node) bool) *html.Node {
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

// idIn is the id of a post whose address toot printed.
func idIn(tb testing.TB, out string) string {
	tb.Helper()
	m := regexp.MustCompile(`/(\d+)\s*$`).FindStringSubmatch(strings.TrimSpace(out))
	if m == nil {
		tb.Fatalf("toot printed no address of a post: %q", out)
	}
	return m[1]
}
