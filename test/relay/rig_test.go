package relay_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"slices"
	"strings"
	"testing"
	"time"

	"engawa/test/binary"
)

// patience is how long anything may take to come about on a busy machine.
const patience = 60 * time.Second

func TestMain(m *testing.M) { binary.Main(m) }

type obj = map[string]any

// client speaks the API of a home for one of its users.
type client struct {
	tb    testing.TB
	base  string // http://ip:port
	host  string // its name, for the Host header
	token string
	http  *http.Client
}

// user makes a user of a home that runs.
func user(tb testing.TB, h *binary.Home, domain, name string) *client {
	tb.Helper()
	h.Run("user", "create", name, "--email", name+"@example.com", "--password", "thirty days hath september", "--discoverable")
	c := &client{tb: tb, base: "http://" + h.Addr, host: domain, http: &http.Client{Timeout: patience, Transport: &http.Transport{DisableKeepAlives: true}}}
	c.token = h.Run("token", "create", "--user", name, "--scopes", "read write follow push")
	return c
}

// try asks the API once.
func (c *client) try(method, path, kind string, body io.Reader) (status int, said []byte, err error) {
	req, err := http.NewRequestWithContext(c.tb.Context(), method, c.base+path, body)
	if err != nil {
		return 0, nil, err
	}
	req.Host = c.host
	req.Header.Set("Authorization", "Bearer "+c.token)
	if kind != "" {
		req.Header.Set("Content-Type", kind)
	}
	res, err := c.http.Do(req)
	if err != nil {
		return 0, nil, err
	}
	defer res.Body.Close()
	said, err = io.ReadAll(io.LimitReader(res.Body, 32<<20))
	return res.StatusCode, said, err
}

// ask sends JSON and gives the status and what was answered.
func (c *client) ask(method, path string, body any) (int, []byte) {
	c.tb.Helper()
	var r io.Reader
	if body != nil {
		data, err := json.Marshal(body)
		if err != nil {
			c.tb.Fatal(err)
		}
		r = bytes.NewReader(data)
	}
	status, said, err := c.try(method, path, "application/json", r)
	if err != nil {
		c.tb.Fatalf("%s %s: %v", method, path, err)
	}
	return status, said
}

// call is ask that must succeed, with the answer read into into.
func (c *client) call(method, path string, body, into any) {
	c.tb.Helper()
	status, said := c.ask(method, path, body)
	if status/100 != 2 {
		c.tb.Fatalf("%s %s: %d %s", method, path, status, said)
	}
	if into != nil {
		if err := json.Unmarshal(said, into); err != nil {
			c.tb.Fatalf("%s %s: %v in %s", method, path, err, said)
		}
	}
}

// until waits until ok is true, asking every few milliseconds; told says what is
// there instead when it never is.
func until(tb testing.TB, what string, ok func() bool, told func() any) {
	tb.Helper()
	pace := time.NewTicker(50 * time.Millisecond)
	defer pace.Stop()
	for end := time.Now().Add(patience); !ok(); <-pace.C {
		if time.Now().After(end) {
			tb.Fatalf("%s: it never came; there is %v", what, told())
		}
	}
}

// status is what these tests read of a Status of Mastodon's API.
type status struct {
	ID        string
	URI       string
	URL       string
	Content   string
	Parent    *string `json:"in_reply_to_id"`
	Account   struct{ ID, Acct string }
	Reblog    *status
	Files     []struct{ Description string } `json:"media_attachments"`
	Favourite bool                           `json:"favourited"`
	Reblogged bool
}

// text is a Status's text without HTML.
func (s *status) text() string { return plain(s.Content) }

func plain(content string) string {
	content = strings.NewReplacer("</p><p>", "\n\n", "<br>", "\n", "<br/>", "\n", "<br />", "\n").Replace(content)
	var b strings.Builder
	for inside := false; content != ""; {
		i := strings.IndexAny(content, "<>")
		if i < 0 {
			b.WriteString(content)
			break
		}
		if !inside {
			b.WriteString(content[:i])
		}
		inside, content = content[i] == '<', content[i+1:]
	}
	return strings.NewReplacer("&lt;", "<", "&gt;", ">", "&#39;", "'", "&#34;", `"`, "&quot;", `"`, "&amp;", "&").Replace(b.String())
}

// post writes a post; files are ids of media.
func (c *client) post(text, parent string, files ...string) *status {
	c.tb.Helper()
	in := obj{"status": text, "visibility": "public", "language": "ja"}
	if parent != "" {
		in["in_reply_to_id"] = parent
	}
	if len(files) > 0 {
		in["media_ids"] = files
	}
	var s status
	c.call("POST", "/api/v1/statuses", in, &s)
	return &s
}

// picture is a PNG that no other hue gives.
func picture(hue uint8) []byte {
	img := image.NewNRGBA(image.Rect(0, 0, 48, 32))
	for x := range 48 {
		for y := range 32 {
			img.Set(x, y, color.NRGBA{uint8(x * 5), uint8(y * 7), hue, 255})
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// upload brings a picture to the home and gives its id.
func (c *client) upload(hue uint8, alt string) string {
	c.tb.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	_ = w.WriteField("description", alt)
	part, err := w.CreatePart(textproto.MIMEHeader{"Content-Disposition": {`form-data; name="file"; filename="niwa.png"`}, "Content-Type": {"image/png"}})
	if err == nil {
		_, err = part.Write(picture(hue))
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		c.tb.Fatal(err)
	}
	code, said, err := c.try("POST", "/api/v2/media", w.FormDataContentType(), &b)
	var made struct{ ID string }
	if err == nil && code/100 == 2 {
		err = json.Unmarshal(said, &made)
	}
	if err != nil || made.ID == "" {
		c.tb.Fatalf("uploading: %d %s %v", code, said, err)
	}
	return made.ID
}

// link links an account and gives the link's id.
func (c *client) link(network, name, base string, fields map[string]string) string {
	c.tb.Helper()
	in := obj{"network": network, "name": name, "fields": fields}
	if base != "" {
		in["base"] = base
	}
	var out struct{ Link *struct{ ID, State string } }
	c.call("POST", "/api/engawa/v1/links", in, &out)
	if out.Link == nil || out.Link.State != "active" {
		c.tb.Fatalf("linking %s: %+v", name, out.Link)
	}
	return out.Link.ID
}

// rules puts the rules, written as TOML.
func (c *client) rules(toml string) {
	c.tb.Helper()
	code, said, err := c.try("PUT", "/api/engawa/v1/rules", "application/toml", strings.NewReader(toml))
	if err != nil || code != http.StatusOK {
		c.tb.Fatalf("the rules were not taken: %d %s %v", code, said, err)
	}
}

// made is what became of a post at one link.
type made struct {
	Link   string
	Send   bool
	Reason string
	Parts  []part
}

type part struct {
	State  string
	Reason string
	Text   string
	Remote string `json:"remote_id"`
	Tries  int
}

// copies are those of a post; none of one that is gone and never went anywhere.
func (c *client) copies(post string) (out []made) {
	c.tb.Helper()
	if code, _ := c.ask("GET", "/api/engawa/v1/posts/"+post+"/copies", nil); code == http.StatusNotFound {
		return nil
	}
	c.call("GET", "/api/engawa/v1/posts/"+post+"/copies", nil, &out)
	return out
}

// resting are the states in which nothing more is done.
var resting = map[string]bool{"sent": true, "deleted": true, "skipped": true, "failed": true, "asked": true}

// settled reports whether all of n links have come to rest with a post.
func settled(copies []made, n int) bool {
	if len(copies) < n {
		return false
	}
	for _, m := range copies {
		if m.Send && len(m.Parts) == 0 {
			return false
		}
		for _, p := range m.Parts {
			if !resting[p.State] {
				return false
			}
		}
	}
	return true
}

// rests waits until n links have come to rest with each post, and all that they
// made of it is as it should be.
func (c *client) rests(n int, ok func(m *made) bool, posts ...string) {
	c.tb.Helper()
	for _, id := range posts {
		var last []made
		until(c.tb, "the copies of "+id, func() bool {
			last = c.copies(id)
			return settled(last, n) && !slices.ContainsFunc(last, func(m made) bool { return !ok(&m) })
		}, func() any { return brief(last) })
	}
}

// brief is what became of a post, a line a part.
func brief(list []made) string {
	var b strings.Builder
	for _, m := range list {
		fmt.Fprintf(&b, "\n%s: %s", m.Link, m.Reason)
		for _, p := range m.Parts {
			fmt.Fprintf(&b, "\n  %s after %d tries, %.40q at %q: %s", p.State, p.Tries, p.Text, p.Remote, p.Reason)
		}
	}
	return b.String()
}

// sent, deleted and edited are what rests waits for. They tell a copy that was
// never sent from one that is done with.
func sent(m *made) bool { return m.has("sent", "") }

func deleted(m *made) bool {
	return !slices.ContainsFunc(m.Parts, func(p part) bool { return p.State != "deleted" && p.State != "skipped" })
}

// edited: a part says the new text, or why it does not.
func edited(text string) func(*made) bool {
	return func(m *made) bool {
		return m.has("sent", text) || slices.ContainsFunc(m.Parts, func(p part) bool { return strings.Contains(p.Reason, "edit") })
	}
}

func (m *made) has(state, text string) bool {
	return slices.ContainsFunc(m.Parts, func(p part) bool { return p.State == state && strings.Contains(p.Text, text) })
}
