package discord

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"engawa/internal/clock"
	"engawa/network"
	"engawa/network/discord/fake"
	"engawa/social"
)

var (
	_  network.Linker = (*Network)(nil)
	_  network.Poster = (*Network)(nil)
	t0                = time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)
)

// shelf serves media by id.
type shelf map[social.ID]string

func (s shelf) Open(_ context.Context, f *social.PartFile) (io.ReadCloser, int64, string, error) {
	return io.NopCloser(strings.NewReader(s[f.Media])), int64(len(s[f.Media])), "image/png", nil
}

type rig struct {
	*Network
	far   *fake.Server
	clock *clock.Fake
	login *social.Login
}

func newRig(t *testing.T, fields map[string]string) *rig {
	t.Helper()
	c := clock.NewFake(t0)
	far := fake.New(c)
	t.Cleanup(far.Close)
	n := &Network{HTTP: &http.Client{}, Clock: c, Files: shelf{1: "one", 2: "two"}, Hosts: []string{far.Host()}}
	in := network.LinkInput{Fields: map[string]string{"url": far.Hook()}}
	for k, v := range fields {
		in.Fields[k] = v
	}
	step, err := n.Begin(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	step.Link.ID = 7
	return &rig{n, far, c, &social.Login{Link: step.Link, Secret: step.Secret}}
}

func class(t *testing.T, err error) social.LinkFailure {
	t.Helper()
	var le *social.LinkError
	if !errors.As(err, &le) {
		t.Fatalf("%v is no LinkError", err)
	}
	if strings.Contains(err.Error()+string(le.Message)+string(le.Remedy), "to-ken") {
		t.Errorf("the error names the token: %v", err)
	}
	return le.Class
}

func TestLinking(t *testing.T) {
	r := newRig(t, map[string]string{"thread": "42", "username": "Aoi"})
	l := r.login
	if l.Account != r.far.ID || l.Handle != "縁側" || !strings.HasPrefix(l.URL, "https://discord.com/channels/12") || !strings.Contains(l.Avatar, "a1b2c3") {
		t.Errorf("the link is %+v", l.Link)
	}
	if strings.Contains(l.Base+string(l.Settings)+l.URL, "to-ken") {
		t.Error("the token stands outside the secret")
	}
	if !l.Can.Has(social.AblePost|social.AbleEdit|social.AbleDelete|social.AbleMedia) || l.Limits.Characters != 2000 {
		t.Errorf("abilities %b, limits %+v", l.Can, l.Limits)
	}
	for _, typed := range []string{"", "https://example.com/api/webhooks/1/x", "http://discord.com/api/webhooks/1/x",
		"https://discord.com/api/webhooks/1", "https://discord.com/api/webhooks/one/x", "https://discord.com/api/webhooks/1/x/slack", "https://me:pw@discord.com/api/webhooks/1/x"} {
		n := &Network{}
		if _, err := n.Begin(t.Context(), network.LinkInput{Fields: map[string]string{"url": typed}}); class(t, err) != social.FixPost {
			t.Errorf("%q: %v", typed, err)
		}
	}
	plain := &Network{}
	if u, err := plain.address(" https://ptb.discord.com/api/v10/webhooks/12/ab-C_ "); err != nil || u.String() != "https://ptb.discord.com/api/webhooks/12/ab-C_" {
		t.Errorf("%v, %v", u, err)
	}
	for name, value := range map[string]string{"thread": "x1", "username": "My Discord"} {
		_, err := r.Begin(t.Context(), network.LinkInput{Fields: map[string]string{"url": r.far.Hook(), name: value}})
		if class(t, err) != social.FixPost {
			t.Errorf("%s %q: %v", name, value, err)
		}
	}
	r.far.Remove()
	if err := r.Check(t.Context(), l); class(t, err) != social.Reconnect {
		t.Errorf("a webhook that is gone: %v", err)
	}
}

func TestContent(t *testing.T) {
	span := func(text, of, target string) social.Part {
		i := strings.Index(text, of)
		return social.Part{Text: text, Spans: []social.Span{{From: i, To: i + len(of), Kind: social.SpanLink, Target: target}}}
	}
	for _, c := range []struct {
		name string
		part social.Part
		want string
	}{
		{"plain", social.Part{Text: "こんにちは。"}, "こんにちは。"},
		{"marks", social.Part{Text: "*a* _b_ ~c~ `d` ||e|| [f](g) <@1> \\"}, `\*a\* \_b\_ \~c\~ ` + "\\`d\\`" + ` \|\|e\|\| \[f\](g) \<@1> \\`},
		{"lines", social.Part{Text: "# a\n> b\n- c\n-# d\na # b"}, "\\# a\n\\> b\n\\- c\n\\-# d\na # b"},
		{"bare address", social.Part{Text: "see https://a.example/x_y_z ok_"}, `see https://a.example/x_y_z ok\_`},
		{"link", span("see https://a.example/x_y", "https://a.example/x_y", "https://a.example/x_y"), "see https://a.example/x_y"},
		{"masked", span("see [here] now", "[here]", "https://a.example/(x)"), `see [\[here\]](https://a.example/%28x%29) now`},
		{"unsafe link", span("see here", "here", "javascript:alert(1)"), "see here"},
		{"broken span", social.Part{Text: "ab", Spans: []social.Span{{From: 1, To: 9, Kind: social.SpanLink, Target: "https://x.example"}}}, "ab"},
		{"warning", social.Part{Text: "the end || all", Warning: "film*"}, "**film\\***\n||the end \\|\\| all||"},
		{"warning and link", func() social.Part {
			p := span("x https://a.example", "https://a.example", "https://a.example")
			p.Warning = "w"
			return p
		}(), "**w**\n||x <https://a.example>||"},
		{"answer", social.Part{Text: "yes", Parent: social.Ref{ID: "1", URL: "https://discord.com/channels/1/2/3"}}, "-# ↩ <https://discord.com/channels/1/2/3>\nyes"},
	} {
		if got := content(&c.part); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestPostEditDelete(t *testing.T) {
	r := newRig(t, map[string]string{"thread": "42", "username": "Aoi"})
	p := &social.Part{Key: "k", Text: "@everyone look", Warning: "spoiler", Link: "https://home.example/@aoi/1",
		Quote: social.Ref{ID: "9", URL: "https://b.example/9"},
		Media: []social.PartFile{{Media: 1, Alt: "a cat"}, {Media: 2, Alt: strings.Repeat("あ", 2000)}}}
	sent, err := r.Send(t.Context(), r.login, p)
	if err != nil {
		t.Fatal(err)
	}
	m := r.far.Messages()[0]
	if sent.Ref.ID != m.ID || !strings.HasSuffix(sent.Ref.URL, "/"+r.far.Channel+"/"+m.ID) {
		t.Errorf("the ref is %+v", sent.Ref)
	}
	if len(m.Mentions) != 0 {
		t.Errorf("the message may mention %v", m.Mentions)
	}
	if m.Thread != "42" || m.Username != "Aoi" || len(m.Embeds) != 2 || m.Embeds[0].URL != "https://b.example/9" || m.Embeds[1].URL != p.Link {
		t.Errorf("the message is %+v", m)
	}
	if len(m.Files) != 2 || m.Files[0].Name != "SPOILER_1.png" || m.Files[0].Description != "a cat" || !bytes.Equal(m.Files[1].Bytes, []byte("two")) || len([]rune(m.Files[1].Description)) != 1024 {
		t.Errorf("the files are %+v", m.Files)
	}
	if _, err := r.Edit(t.Context(), r.login, sent.Ref, &social.Part{Text: "better", Media: p.Media[:1]}); err != nil {
		t.Fatal(err)
	}
	if m = r.far.Messages()[0]; m.Content != "better" || !m.Edited || len(m.Files) != 1 || m.Files[0].Name != "1.png" || len(m.Embeds) != 0 || len(m.Mentions) != 0 {
		t.Errorf("edited: %+v", m)
	}
	for range 2 { // gone already is no error
		if _, err := r.Delete(t.Context(), r.login, sent.Ref); err != nil {
			t.Fatal(err)
		}
	}
	if len(r.far.Messages()) != 0 {
		t.Error("it still stands there")
	}
	if _, err := r.Edit(t.Context(), r.login, sent.Ref, p); class(t, err) != social.NotThere {
		t.Errorf("edit of what is gone: %v", err)
	}
}

func TestLengths(t *testing.T) {
	r := newRig(t, nil)
	for _, c := range []struct {
		text  string
		embed bool
		fails bool
	}{
		{strings.Repeat("あ", 2000), false, false},
		{strings.Repeat("*", 1001), true, false}, // 2002 with the marks
		{strings.Repeat("*", 2049), false, true},
		{"", false, true},
	} {
		sent, err := r.Send(t.Context(), r.login, &social.Part{Text: c.text})
		if c.fails {
			if class(t, err) != social.FixPost {
				t.Errorf("%d bytes: %v", len(c.text), err)
			}
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		all := r.far.Messages()
		if m := all[len(all)-1]; m.ID != sent.Ref.ID || (m.Content == "") != c.embed || len(m.Embeds) == 1 != c.embed {
			t.Errorf("%d bytes: %+v", len(c.text), m)
		}
	}
}

func TestFailures(t *testing.T) {
	r := newRig(t, nil)
	ref := social.Ref{ID: "1"}
	for _, c := range []struct {
		status       int
		post, others social.LinkFailure
	}{
		{400, social.FixPost, social.FixPost},
		{401, social.Reconnect, social.Reconnect},
		{403, social.Reconnect, social.Reconnect},
		{404, social.Reconnect, social.Reconnect},
		{413, social.FixPost, social.FixPost},
		{429, social.TryAgain, social.TryAgain},
		{500, social.Uncertain, social.TryAgain},
		{502, social.Uncertain, social.TryAgain},
		{503, social.TryAgain, social.TryAgain},
	} {
		r.clock.Advance(time.Minute)
		r.far.Fail(c.status)
		if _, err := r.Send(t.Context(), r.login, &social.Part{Text: "x"}); class(t, err) != c.post {
			t.Errorf("%d: %v", c.status, err)
		}
		r.clock.Advance(time.Minute)
		r.far.Fail(c.status)
		if _, err := r.Delete(t.Context(), r.login, ref); class(t, err) != c.others {
			t.Errorf("%d on delete: %v", c.status, err)
		}
	}
	r.far.Break()
	if _, err := r.Send(t.Context(), r.login, &social.Part{Text: "x"}); class(t, err) != social.Uncertain || len(r.far.Messages()) != 1 {
		t.Errorf("an answer that is lost: %v", err)
	}
	if _, err := r.Find(t.Context(), r.login, &social.Part{}); class(t, err) != social.Unsupported {
		t.Errorf("Find: %v", err)
	}
	r.far.Close()
	if _, err := r.Send(t.Context(), r.login, &social.Part{Text: "x"}); class(t, err) != social.TryAgain {
		t.Errorf("nobody there: %v", err)
	}
}

// The sixth message in two seconds waits without being asked of Discord; a
// 429 is waited out to the millisecond.
func TestRate(t *testing.T) {
	r := newRig(t, nil)
	for range 5 {
		if _, err := r.Send(t.Context(), r.login, &social.Part{Text: "x"}); err != nil {
			t.Fatal(err)
		}
	}
	var le *social.LinkError
	_, err := r.Send(t.Context(), r.login, &social.Part{Text: "x"})
	if !errors.As(err, &le) || le.Class != social.TryAgain || le.After != 2000 {
		t.Fatalf("the sixth: %#v", err)
	}
	r.clock.Advance(500 * time.Millisecond)
	fresh := &Network{HTTP: r.HTTP, Clock: r.clock, Files: r.Files, Hosts: r.Hosts} // knows nothing of the bucket
	if _, err = fresh.Send(t.Context(), r.login, &social.Part{Text: "x"}); !errors.As(err, &le) || le.After != 1500 {
		t.Fatalf("a 429: %#v", err)
	}
	r.clock.Advance(1500 * time.Millisecond)
	if _, err := fresh.Send(t.Context(), r.login, &social.Part{Text: "x"}); err != nil {
		t.Errorf("after the wait: %v", err)
	}
}

func FuzzContent(f *testing.F) {
	for _, s := range []string{"a", "# x\n> y", "||x||", "https://a.example/_x_ *b*", "\\", "<@&1>"} {
		f.Add(s, "w", 0, 3)
	}
	f.Fuzz(func(t *testing.T, text, warning string, from, to int) {
		p := &social.Part{Text: text, Warning: warning, Spans: []social.Span{{From: from, To: to, Kind: social.SpanLink, Target: "https://a.example"}}}
		m, err := messageOf(p, settings{})
		if err != nil {
			return
		}
		if _, err := json.Marshal(m); err != nil {
			t.Fatal(err)
		}
		if bare := strings.NewReplacer(`\\`, "", `\|`, "").Replace(escape(text, true)); strings.Contains(bare, "||") {
			// only a web address may keep its marks, and none of ours has a bar
			t.Fatalf("a cover could be opened: %q", bare)
		}
	})
}

func BenchmarkContent(b *testing.B) {
	p := &social.Part{Text: strings.Repeat("今日は *良い* 天気 https://a.example/x_y でした。\n", 10)}
	b.ReportAllocs()
	for b.Loop() {
		content(p)
	}
}
