package peers

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
)

// Authorize does in the PDS's own pages what p would do in a browser: opens the address that a client sent it to, logs
// in and allows (or refuses) what is asked for. It returns what the client gets back by the redirect.
func (n *BlueskyNetwork) Authorize(p *BlueskyPerson, address string, allow bool) url.Values {
	n.tb.Helper()
	b := &browser{n: n, page: address, jar: map[string]string{}}
	b.open()
	var in struct {
		Account struct{ Sub string }
		Token   string `json:"ephemeralToken"`
	}
	b.api("sign-in", "", map[string]any{"locale": "en", "username": p.Handle, "password": p.Password, "remember": false}, &in)
	var out struct{ URL string }
	if allow {
		b.api("consent", in.Token, map[string]any{"sub": in.Account.Sub}, &out)
	} else {
		b.api("reject", "", map[string]any{}, &out)
	}
	to, err := url.Parse(out.URL)
	if err != nil || out.URL == "" {
		n.tb.Fatalf("the authorization pages lead to %q: %v", out.URL, err)
	}
	return to.Query()
}

// browser keeps the cookies of the authorization pages, those too that want TLS: this is loopback.
type browser struct {
	n    *BlueskyNetwork
	page string
	jar  map[string]string
}

func (b *browser) open() {
	b.n.tb.Helper()
	req, err := http.NewRequest(http.MethodGet, b.page, nil)
	if err != nil {
		b.n.tb.Fatal(err)
	}
	req.Header.Set("Sec-Fetch-Dest", "document")
	b.fetch(req, "navigate", "none")
}

// api calls what the script of the page calls (package oauth-provider-api).
func (b *browser) api(name, token string, in, out any) {
	b.n.tb.Helper()
	body, err := json.Marshal(in)
	if err != nil {
		b.n.tb.Fatal(err)
	}
	req, err := http.NewRequest(http.MethodPost, b.n.PDS+"/@atproto/oauth-provider/~api/"+name, bytes.NewReader(body))
	if err != nil {
		b.n.tb.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Referer", b.page)
	req.Header.Set("Origin", b.n.PDS)
	req.Header.Set("X-Csrf-Token", b.jar["csrf-token"])
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	if err := json.Unmarshal(b.fetch(req, "same-origin", "same-origin"), out); err != nil {
		b.n.tb.Fatal(err)
	}
}

func (b *browser) fetch(req *http.Request, mode, site string) []byte {
	b.n.tb.Helper()
	req.Header.Set("Sec-Fetch-Mode", mode)
	req.Header.Set("Sec-Fetch-Site", site)
	var cookies []string
	for name, value := range b.jar {
		cookies = append(cookies, name+"="+value)
	}
	req.Header.Set("Cookie", strings.Join(cookies, "; "))
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		b.n.tb.Fatal(err)
	}
	defer resp.Body.Close()
	for _, c := range resp.Cookies() {
		b.jar[c.Name] = c.Value
	}
	said, err := io.ReadAll(io.LimitReader(resp.Body, 4<<20))
	if err != nil || resp.StatusCode != http.StatusOK {
		b.n.tb.Fatalf("%s %s: %s %v\n%.500s", req.Method, req.URL, resp.Status, err, said)
	}
	return said
}
