package slack

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"engawa/internal/clock"
	"engawa/network"
	"engawa/network/slack/fake"
	"engawa/social"
)

var (
	_ network.Linker = (*Network)(nil)
	_ network.Poster = (*Network)(nil)
)

func newRig(t *testing.T) (*Network, *fake.Server, *clock.Fake, *social.Login) {
	t.Helper()
	c := clock.NewFake(time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC))
	far := fake.New(c)
	t.Cleanup(far.Close)
	n := &Network{HTTP: &http.Client{}, Clock: c, Hosts: []string{far.Host()}}
	step, err := n.Begin(t.Context(), network.LinkInput{Fields: map[string]string{"url": far.Hook()}})
	if err != nil {
		t.Fatal(err)
	}
	step.Link.ID = 3
	return n, far, c, &social.Login{Link: step.Link, Secret: step.Secret}
}

func class(t *testing.T, err error) social.LinkFailure {
	t.Helper()
	var le *social.LinkError
	if !errors.As(err, &le) {
		t.Fatalf("%v is no LinkError", err)
	}
	if strings.Contains(err.Error()+string(le.Message)+string(le.Remedy), "s3cret") {
		t.Errorf("the error names the address: %v", err)
	}
	return le.Class
}

func TestLinking(t *testing.T) {
	n, far, _, l := newRig(t)
	if l.Account != "T0TEAM/B0HOOK" || l.Can != social.AblePost || strings.Contains(l.Base+l.Account+l.Handle, "s3cret") {
		t.Errorf("the link is %+v", l.Link)
	}
	if len(far.Messages()) != 0 {
		t.Error("linking posted something")
	}
	for _, typed := range []string{"", "https://example.com/services/T/B/x", "http://hooks.slack.com/services/T/B/x", "https://hooks.slack.com/services/T/B", "https://hooks.slack.com/services/T/B/x-y"} {
		if _, err := (&Network{}).Begin(t.Context(), network.LinkInput{Fields: map[string]string{"url": typed}}); class(t, err) != social.FixPost {
			t.Errorf("%q: %v", typed, err)
		}
	}
	_, err := n.Begin(t.Context(), network.LinkInput{Fields: map[string]string{"url": far.URL + "/services/T0TEAM/B0HOOK/wrong"}})
	if class(t, err) != social.Reconnect {
		t.Errorf("an unknown webhook: %v", err)
	}
	for _, err := range []error{func() error { _, err := n.Edit(t.Context(), l, social.Ref{ID: "k"}, &social.Part{}); return err }(),
		func() error { _, err := n.Delete(t.Context(), l, social.Ref{ID: "k"}); return err }(),
		func() error { _, err := n.Find(t.Context(), l, &social.Part{}); return err }()} {
		if class(t, err) != social.Unsupported {
			t.Errorf("%v", err)
		}
	}
}

func TestMessages(t *testing.T) {
	n, far, c, l := newRig(t)
	linked := "see <here> & there"
	for _, x := range []struct {
		name   string
		part   social.Part
		text   string
		blocks string
	}{
		{"plain", social.Part{Text: "*a* <!channel> & b > c"}, "*a* &lt;!channel&gt; &amp; b &gt; c", "null"},
		{"link", social.Part{Text: linked, Spans: []social.Span{{From: 4, To: 10, Kind: social.SpanLink, Target: "https://a.example/?a=1&b=2"}}},
			"see <https://a.example/?a=1&amp;b=2|&lt;here&gt;> &amp; there", "null"},
		{"bad link", social.Part{Text: "x", Spans: []social.Span{{From: 0, To: 1, Kind: social.SpanLink, Target: "javascript:x"}}}, "x", "null"},
		{"picture", social.Part{Text: "*cat*", Media: []social.PartFile{{Kind: social.Image, URL: "https://h.example/1.png", Alt: "a cat"}}},
			"*cat*", `[{"type":"section","text":{"type":"plain_text","text":"*cat*"}},{"type":"image","image_url":"https://h.example/1.png","alt_text":"a cat"}]`},
		{"warned picture", social.Part{Text: "x", Warning: "a|b", Media: []social.PartFile{{Kind: social.Image, URL: "https://h.example/1.png", Alt: "a|cat"}}},
			"⚠️ a|b\n.\n.\n.\n.\n.\n.\n.\n.\n\nx\n\n<https://h.example/1.png|📎 a¦cat>", "null"},
		{"link back and quote", social.Part{Text: "x", Quote: social.Ref{ID: "1", URI: "https://q.example/1"}, Link: "https://h.example/2"},
			"x\n\n<https://q.example/1>\n\n<https://h.example/2>", "null"},
	} {
		c.Advance(time.Second)
		x.part.Key = "key-" + x.name
		sent, err := n.Send(t.Context(), l, &x.part)
		if err != nil {
			t.Fatal(x.name, err)
		}
		all := far.Messages()
		m := all[len(all)-1]
		if m.Text != x.text || m.Mrkdwn == nil || *m.Mrkdwn || sent.Ref.ID != x.part.Key {
			t.Errorf("%s: %q, want %q (ref %v)", x.name, m.Text, x.text, sent.Ref)
		}
		blocks, _ := json.Marshal(messageOf(&x.part).Blocks)
		if string(blocks) != x.blocks {
			t.Errorf("%s: blocks %s, want %s", x.name, blocks, x.blocks)
		}
	}
}

func TestSections(t *testing.T) {
	whole := strings.Repeat("あ&", 2500) // 15,000 characters when escaped
	joined := ""
	for _, s := range sections(escape(whole)) {
		if utf8.RuneCountInString(s.Text) > maxSection || s.Type != "plain_text" {
			t.Fatalf("a section of %d characters, %s", utf8.RuneCountInString(s.Text), s.Type)
		}
		joined += s.Text
	}
	if joined != whole {
		t.Error("the sections together are not the text")
	}
	p := social.Part{Text: strings.Repeat("x", 2990) + "https://a.example/long", Spans: []social.Span{{From: 2990, To: 3012, Kind: social.SpanLink, Target: "https://a.example/long"}}}
	if s := sections(written(&p)); len(s) != 2 || s[1].Text != "<https://a.example/long>" || s[1].Type != "mrkdwn" {
		t.Errorf("a link at the edge: %d sections", len(s))
	}
}

func TestFailures(t *testing.T) {
	n, far, c, l := newRig(t)
	for _, x := range []struct {
		status int
		body   string
		want   social.LinkFailure
	}{
		{400, "invalid_payload", social.FixPost}, {400, "other", social.FixPost}, {403, "action_prohibited", social.Reconnect}, {403, "invalid_token", social.Reconnect},
		{404, "no_service", social.Reconnect}, {404, "channel_not_found", social.Reconnect}, {404, "<html>", social.Reconnect}, {410, "channel_is_archived", social.Reconnect},
		{429, "", social.TryAgain}, {500, "rollup_error", social.Uncertain}, {502, "", social.Uncertain}, {503, "", social.TryAgain}, {302, "", social.FixPost},
	} {
		c.Advance(time.Minute)
		far.Fail(x.status, x.body)
		if _, err := n.Send(t.Context(), l, &social.Part{Key: "k", Text: "x"}); class(t, err) != x.want {
			t.Errorf("%d %s: %v", x.status, x.body, err)
		}
	}
	c.Advance(time.Minute)
	far.Break()
	if _, err := n.Send(t.Context(), l, &social.Part{Text: "x"}); class(t, err) != social.Uncertain || len(far.Messages()) != 1 {
		t.Errorf("an answer that is lost: %v", err)
	}
}

func TestOneASecond(t *testing.T) {
	n, far, c, l := newRig(t)
	send := func(n *Network) error {
		_, err := n.Send(t.Context(), l, &social.Part{Text: "x"})
		return err
	}
	if err := send(n); err != nil {
		t.Fatal(err)
	}
	var le *social.LinkError
	if err := send(n); !errors.As(err, &le) || le.After != 1000 || len(far.Messages()) != 1 {
		t.Errorf("the second at once: %v", err)
	}
	if err := send(&Network{HTTP: n.HTTP, Clock: c, Hosts: n.Hosts}); !errors.As(err, &le) || le.After != 1000 || le.Class != social.TryAgain {
		t.Errorf("after a restart: %v", err)
	}
	c.Advance(time.Second)
	if err := send(n); err != nil || len(far.Messages()) != 2 {
		t.Errorf("a second later: %v", err)
	}
}

func FuzzSections(f *testing.F) {
	f.Add("a & b < c", 3)
	f.Add("\n\n&&&&<<<<", 3000)
	f.Fuzz(func(t *testing.T, text string, times int) {
		whole := strings.Repeat(text, max(1, min(times, 4000)))
		if len(whole) > 40_000 || !utf8.ValidString(text) {
			return
		}
		joined := ""
		for _, s := range sections(escape(whole)) {
			if utf8.RuneCountInString(s.Text) > maxSection || s.Text == "" {
				t.Fatalf("a section of %d characters", utf8.RuneCountInString(s.Text))
			}
			joined += s.Text
		}
		bare := strings.NewReplacer("\n", "", " ", "").Replace
		if got, want := strings.Join(strings.Fields(bare(joined)), ""), strings.Join(strings.Fields(bare(whole)), ""); got != want {
			t.Fatalf("the sections together are %.40q, want %.40q", got, want)
		}
	})
}
