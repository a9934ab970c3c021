package server_test

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"engawa/internal/clock"
	webhook "engawa/network/webhook/fake"
	"engawa/social"
)

var update = flag.Bool("update", false, "write the answers into docs/api.md")

const apiDoc = "../docs/api.md"

// docRig carries out the examples of docs/api.md on a real home whose one
// linked program is on loopback.
type docRig struct {
	*person
	far  *webhook.Server
	ids  []string // the real ids; the document calls the first one 1001
	lane social.ID
}

// TestAPIDocument sees that each example of docs/api.md is answered as it says:
// ids are numbered in the order in which they appear, times are one time, and
// Statuses are shortened to three fields, and
// objects to those that "// only: …" names. `go test ./server -run
// TestAPIDocument -update` writes the answers anew.
func TestAPIDocument(t *testing.T) {
	raw, err := os.ReadFile(apiDoc)
	if err != nil {
		t.Fatal(err)
	}
	far := webhook.New(clock.System)
	t.Cleanup(far.Close)
	x := attack(t, "ENGAWA_ALLOW_NETWORKS=127.0.0.0/8", "ENGAWA_ALLOW_HTTP=true")
	r := &docRig{person: x.person("aoi"), far: far}
	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	done := make(chan error, 1)
	go func() { done <- x.Queue.Run(ctx) }()
	t.Cleanup(func() { stop(); <-done })

	text, examples := string(raw), 0
	block := regexp.MustCompile("(?s)<!-- test: ([a-z ]+) -->|```http\n(.*?)```\n\n```json\n(.*?)```")
	out := block.ReplaceAllStringFunc(text, func(all string) string {
		m := block.FindStringSubmatch(all)
		if m[1] != "" {
			r.prepare(ctx, m[1])
			return all
		}
		examples++
		got := r.example(m[2], m[3])
		if err := x.Queue.Settle(ctx); err != nil {
			t.Fatal(err)
		}
		if got != m[3] && !*update {
			t.Errorf("%s\nis answered with:\n%s\nthe document says:\n%s", strings.SplitN(m[2], "\n", 2)[0], got, m[3])
		}
		return "```http\n" + m[2] + "```\n\n```json\n" + got + "```"
	})
	if examples < 20 {
		t.Errorf("only %d examples were found", examples)
	}
	if *update {
		if err := os.WriteFile(apiDoc, []byte(out), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// prepare does what stands between examples.
func (r *docRig) prepare(ctx context.Context, what string) {
	r.Helper()
	switch what {
	case "post":
		r.number(r.say("Fresh figs on the veranda #out", "public", nil))
		if err := r.Queue.Settle(ctx); err != nil {
			r.Fatal(err)
		}
	case "lane":
		r.makeLane(ctx)
	case "arrival":
		r.arrive(ctx)
	default:
		r.Fatalf("the document asks for %q", what)
	}
}

// makeLane has a Link that can be read.
func (r *docRig) makeLane(ctx context.Context) {
	r.Helper()
	now := clock.NowMillis(clock.System)
	r.lane = social.ID(r.Home.IDs.Next())
	r.number(r.lane.String())
	l := &social.Link{ID: r.lane, User: r.id, Network: "mastodon", Name: "masto", Base: "https://masto.example", Account: "42", Handle: "aoi@masto.example",
		URL: "https://masto.example/@aoi", Can: social.AblePost | social.AbleReply | social.AbleRead, State: social.LinkPaused, CreatedAt: now}
	err := r.Home.Store.Write(ctx, func(tx social.Tx) error {
		if err := tx.PutLink(ctx, l); err != nil {
			return err
		}
		return tx.TouchLink(ctx, l)
	})
	if err != nil {
		r.Fatal(err)
	}
}

// arrive lets two posts of one person come through the Lane, of which the
// second says that it is a copy of the first.
func (r *docRig) arrive(ctx context.Context) {
	r.Helper()
	l, err := r.Home.Store.Link(ctx, r.id, r.lane)
	if err != nil {
		r.Fatal(err)
	}
	now := clock.NowMillis(clock.System)
	item := func(id, host string, same ...string) social.Item {
		uri := "https://" + host + "/posts/" + id
		return social.Item{Ref: social.Ref{ID: id, URI: uri, URL: uri}, URI: uri, At: now - 60_000, HTML: "<p>Good morning</p>", Same: same,
			Author: social.Stranger{ID: host, URI: "https://" + host + "/users/bo", URL: "https://" + host + "/@bo", Name: "bo", Domain: host, Display: "Bo"}}
	}
	for i, it := range []social.Item{item("71", "masto.example"), item("72", "bridge.example", "https://masto.example/posts/71")} {
		if err := r.Home.Arrive(ctx, l, &social.Batch{Items: []social.Item{it}}); err != nil {
			r.Fatal(err)
		}
		post, err := r.Home.Store.LanePost(ctx, l.ID, it.Ref.ID)
		if err != nil {
			r.Fatal(i, err)
		}
		r.number(post.String())
	}
}

// number gives a real id its number in the document.
func (r *docRig) number(id string) string {
	i := slices.Index(r.ids, id)
	if i < 0 {
		i = len(r.ids)
		r.ids = append(r.ids, id)
	}
	return strconv.Itoa(1001 + i)
}

var (
	numbered = regexp.MustCompile(`\b10[0-9]{2}\b`)
	realID   = regexp.MustCompile(`\b[0-9]{15,20}\b`)
	momentIn = regexp.MustCompile(`20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9:]{8}\.[0-9]{3}Z`)
	dayIn    = regexp.MustCompile(`"20[0-9]{2}-[0-9]{2}-01"`)
)

// example carries out one request and writes its answer as the document does;
// of an object only the fields that the old answer's line "// only: …" names.
func (r *docRig) example(text, old string) string {
	r.Helper()
	head, body, _ := strings.Cut(text, "\n\n")
	lines := strings.Split(strings.TrimSpace(head), "\n")
	method, path, _ := strings.Cut(lines[0], " ")
	var with []with
	kind := ""
	for _, line := range lines[1:] {
		name, value, _ := strings.Cut(line, ": ")
		if name == "Content-Type" {
			kind = value
		} else {
			with = append(with, header(name, value))
		}
	}
	a := r.do(method, r.toReal(path), kind, r.toReal(body), with...)
	shown := ""
	if a.status != 200 {
		shown = fmt.Sprintf("// status %d\n", a.status)
	}
	if link := a.header.Get("Link"); link != "" {
		shown += "// Link: " + r.toShown(link) + "\n"
	}
	d := json.NewDecoder(strings.NewReader(a.body))
	d.UseNumber()
	v := ordered(r.T, d)
	if line, ok := strings.CutPrefix(strings.SplitN(old, "\n", 2)[0], "// only: "); ok {
		shown = "// only: " + line + "\n" + shown
		v = slices.DeleteFunc(v.([]member), func(m member) bool { return !slices.Contains(strings.Split(line, ", "), m.name) })
	}
	var b strings.Builder
	printed(&b, shorten(v), "")
	return shown + r.toShown(b.String()) + "\n"
}

func (r *docRig) toReal(s string) string {
	s = strings.ReplaceAll(s, "https://program.example/hook", r.far.Hook())
	s = strings.ReplaceAll(s, "a key of thirty-two characters..", r.far.Key)
	return numbered.ReplaceAllStringFunc(s, func(n string) string {
		i, _ := strconv.Atoi(n)
		if i -= 1001; i < 0 || i >= len(r.ids) {
			return n
		}
		return r.ids[i]
	})
}

func (r *docRig) toShown(s string) string {
	s = strings.ReplaceAll(s, r.far.URL, "https://program.example")
	s = strings.ReplaceAll(s, strings.TrimPrefix(r.far.URL, "http://"), "program.example")
	s = realID.ReplaceAllStringFunc(s, r.number)
	s = momentIn.ReplaceAllString(s, "2026-11-25T12:00:00.000Z")
	return dayIn.ReplaceAllString(s, `"2026-11-01"`)
}

// member is one of a JSON object whose order is kept.
type member struct {
	name  string
	value any
}

// ordered reads a value: []member, []any or a scalar.
func ordered(t *testing.T, d *json.Decoder) any {
	t.Helper()
	tok, err := d.Token()
	if err != nil {
		t.Fatal(err)
	}
	switch tok {
	case json.Delim('{'):
		out := []member{}
		for d.More() {
			name, _ := d.Token()
			out = append(out, member{name.(string), ordered(t, d)})
		}
		_, _ = d.Token()
		return out
	case json.Delim('['):
		out := []any{}
		for d.More() {
			out = append(out, ordered(t, d))
		}
		_, _ = d.Token()
		return out
	}
	return tok
}

// shorten leaves of each Status its id, time and content.
func shorten(v any) any {
	switch v := v.(type) {
	case []any:
		for i := range v {
			v[i] = shorten(v[i])
		}
	case []member:
		status := slices.ContainsFunc(v, func(m member) bool { return m.name == "reblogs_count" })
		var short []member
		for i := range v {
			if status && (v[i].name == "id" || v[i].name == "created_at" || v[i].name == "content") {
				short = append(short, v[i])
			}
			v[i].value = shorten(v[i].value)
		}
		if status {
			return short
		}
	}
	return v
}

// printed writes a value: on one line where it is short, else indented.
func printed(b *strings.Builder, v any, indent string) {
	if one := flat(v); len(one)+len(indent) <= 110 {
		b.WriteString(one)
		return
	}
	inner := indent + "  "
	switch v := v.(type) {
	case []member:
		b.WriteString("{\n")
		for i, m := range v {
			b.WriteString(inner + strconv.Quote(m.name) + ": ")
			printed(b, m.value, inner)
			b.WriteString(comma(i, len(v)))
		}
		b.WriteString(indent + "}")
	case []any:
		b.WriteString("[\n")
		for i := range v {
			b.WriteString(inner)
			printed(b, v[i], inner)
			b.WriteString(comma(i, len(v)))
		}
		b.WriteString(indent + "]")
	default:
		b.WriteString(flat(v))
	}
}

func comma(i, n int) string {
	if i < n-1 {
		return ",\n"
	}
	return "\n"
}

// flat writes a value on one line.
func flat(v any) string {
	var parts []string
	switch v := v.(type) {
	case []member:
		for _, m := range v {
			parts = append(parts, strconv.Quote(m.name)+": "+flat(m.value))
		}
		return "{" + strings.Join(parts, ", ") + "}"
	case []any:
		for i := range v {
			parts = append(parts, flat(v[i]))
		}
		return "[" + strings.Join(parts, ", ") + "]"
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(v)
	return strings.TrimSpace(b.String())
}
