package mail

import (
	"crypto/tls"
	"errors"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"engawa/internal/clock"
	"engawa/internal/testca"
	"engawa/network"
	"engawa/network/mail/fake"
	"engawa/social"
)

var (
	_  network.Linker = (*Network)(nil)
	_  network.Poster = (*Network)(nil)
	t0                = time.Date(2026, 11, 25, 12, 34, 0, 0, time.UTC)
)

type rig struct {
	*Network
	far   *fake.Server
	clock *clock.Fake
	login *social.Login
}

func newRig(t *testing.T, fields map[string]string) *rig {
	t.Helper()
	far, err := fake.New("home", "pass-w0rd")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(far.Close)
	c := clock.NewFake(t0)
	r := &rig{far: far, clock: c, Network: &Network{SMTP: SMTP{Host: far.Host, Port: far.Port, User: far.User, Password: far.Password, From: "relay@home.example", TLS: "off"},
		Clock: c, HomeURL: "https://home.example", HomeName: "縁側"}}
	in := network.LinkInput{Callback: "https://home.example/links/callback/mail?state=s1", Fields: map[string]string{"address": "aoi@mail.example"}}
	for k, v := range fields {
		in.Fields[k] = v
	}
	step, err := r.Begin(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	if step.Link != nil || step.URL != "" {
		t.Fatalf("linked without a proof: %+v", step)
	}
	back := backFrom(t, far)
	if step, err = r.Finish(t.Context(), step.State, back); err != nil {
		t.Fatal(err)
	}
	step.Link.ID = 9
	r.login = &social.Login{Link: step.Link, Secret: step.Secret}
	return r
}

// backFrom are the parameters of the link in the first letter.
func backFrom(t *testing.T, far *fake.Server) url.Values {
	t.Helper()
	found := regexp.MustCompile(`https://home\.example/links/callback/mail\?\S+`).FindString(far.Letters()[0].Text)
	u, err := url.Parse(found)
	if err != nil || found == "" || u.Query().Get("state") != "s1" {
		t.Fatalf("the letter says %q", far.Letters()[0].Text)
	}
	return u.Query()
}

func class(t *testing.T, err error) social.LinkFailure {
	t.Helper()
	var le *social.LinkError
	if !errors.As(err, &le) {
		t.Fatalf("%v is no LinkError", err)
	}
	if strings.Contains(err.Error(), "pass-w0rd") {
		t.Errorf("the error names the password: %v", err)
	}
	return le.Class
}

func TestLinking(t *testing.T) {
	r := newRig(t, map[string]string{"digest": "daily", "hour": "7", "zone": "Asia/Tokyo"})
	if l := r.login.Link; l.Handle != "aoi@mail.example" || !l.Can.Has(social.AblePost|social.AbleReply) || l.Can.Has(social.AbleEdit) {
		t.Errorf("the link is %+v", l)
	}
	if first := r.far.Letters()[0]; first.To[0] != "aoi@mail.example" || first.From != "relay@home.example" || first.Header.Get("Auto-Submitted") == "" {
		t.Errorf("the letter is %+v", first)
	}
	if err := r.Check(t.Context(), r.login); err != nil {
		t.Error(err)
	}
	for _, fields := range []map[string]string{{"address": ""}, {"address": "Aoi <a@b.example>"}, {"address": "a@b.example, c@d.example"}, {"address": "a@b.example\r\nBcc: x@y.example"},
		{"digest": "weekly"}, {"hour": "24"}, {"hour": "x"}, {"zone": "Mars/Base"}, {"zone": "Local"}} {
		in := map[string]string{"address": "a@b.example"}
		for k, v := range fields {
			in[k] = v
		}
		if _, err := r.Begin(t.Context(), network.LinkInput{Callback: "https://home.example/x", Fields: in}); class(t, err) != social.FixPost {
			t.Errorf("%v: %v", fields, err)
		}
	}
	step, err := r.Begin(t.Context(), network.LinkInput{Callback: "https://home.example/links/callback/mail?state=s1", Fields: map[string]string{"address": "a@b.example"}})
	if err != nil {
		t.Fatal(err)
	}
	for _, code := range []string{"", "x", backFrom(t, r.far).Get("code")} { // the last one is of the first letter
		if _, err := r.Finish(t.Context(), step.State, url.Values{"code": {code}}); class(t, err) != social.FixPost {
			t.Errorf("code %q: %v", code, err)
		}
	}
	if _, err := (&Network{Clock: r.clock}).Begin(t.Context(), network.LinkInput{}); class(t, err) != social.Unsupported {
		t.Errorf("a home without mail: %v", err)
	}
}

func TestProofEnds(t *testing.T) {
	r := newRig(t, nil)
	step, err := r.Begin(t.Context(), network.LinkInput{Callback: "https://home.example/x?state=s2", Fields: map[string]string{"address": "a@b.example"}})
	if err != nil {
		t.Fatal(err)
	}
	text := r.far.Letters()[1].Text
	code := regexp.MustCompile(`code=(\w+)`).FindStringSubmatch(text)[1]
	r.clock.Advance(25 * time.Hour)
	if _, err := r.Finish(t.Context(), step.State, url.Values{"code": {code}}); class(t, err) != social.FixPost {
		t.Errorf("a day later: %v", err)
	}
}

func TestLetter(t *testing.T) {
	r := newRig(t, nil)
	text := "見て <this>\n\nline\nhere"
	p := &social.Part{Key: "k1", Text: text, Origin: "https://home.example/users/aoi/statuses/1", Link: "https://home.example/@aoi/1", Language: "ja",
		Spans: []social.Span{{From: strings.Index(text, "here"), To: len(text), Kind: social.SpanLink, Target: "https://a.example/?a=1&b=2"}},
		Media: []social.PartFile{{Kind: social.Image, URL: "https://home.example/1.png", Alt: `a "cat"`}}}
	first, err := r.Send(t.Context(), r.login, p)
	if err != nil {
		t.Fatal(err)
	}
	l := r.far.Letters()[1]
	if l.Subject() != "見て <this> line here" || l.Header.Get("Message-Id") != "<"+first.Ref.ID+">" || !strings.HasPrefix(first.Ref.ID, "users.aoi.statuses.1.") || !strings.HasSuffix(first.Ref.ID, "@home.example") {
		t.Errorf("%q %q %q", l.Subject(), l.Header.Get("Message-Id"), first.Ref.ID)
	}
	for _, want := range []string{"見て <this>\n\nline\nhere <https://a.example/?a=1&b=2>", "📎 a \"cat\"\nhttps://home.example/1.png", "https://home.example/@aoi/1", "\n-- \n縁側\n"} {
		if !strings.Contains(l.Text, want) {
			t.Errorf("the text lacks %q:\n%s", want, l.Text)
		}
	}
	for _, want := range []string{`lang="ja"`, "<p>見て &lt;this&gt;</p>\n<p>line<br>\n<a href=\"https://a.example/?a=1&amp;b=2\">here</a></p>", `alt="a &#34;cat&#34;"`} {
		if !strings.Contains(l.HTML, want) {
			t.Errorf("the page lacks %q:\n%s", want, l.HTML)
		}
	}
	stop := l.Header.Get("List-Unsubscribe")
	u, err := url.Parse(strings.Trim(stop, "<>"))
	if err != nil || u.Path != UnsubscribePath || u.Query().Get("link") != "9" || l.Header.Get("List-Unsubscribe-Post") != "List-Unsubscribe=One-Click" {
		t.Fatalf("List-Unsubscribe: %q", stop)
	}
	if !Unsubscribes(r.login, u.Query().Get("key")) || Unsubscribes(r.login, "x") || Unsubscribes(r.login, "") {
		t.Error("the key does not unsubscribe, or any does")
	}
	p2 := &social.Part{Key: "k2", Text: "more", Warning: "film", Origin: "https://home.example/users/aoi/statuses/2", Root: first.Ref, Parent: first.Ref, Media: p.Media}
	second, err := r.Send(t.Context(), r.login, p2)
	if err != nil {
		t.Fatal(err)
	}
	p3 := &social.Part{Key: "k3", Text: "most", Root: first.Ref, Parent: second.Ref}
	if _, err := r.Send(t.Context(), r.login, p3); err != nil {
		t.Fatal(err)
	}
	l2, l3 := r.far.Letters()[2], r.far.Letters()[3]
	if l2.Subject() != "⚠ film" || !strings.HasPrefix(l2.Text, "⚠ film\n.\n.\n") || strings.Contains(l2.HTML, "<img") || !strings.Contains(l2.HTML, "<details><summary>⚠ film</summary>") {
		t.Errorf("a warned letter: %s\n%s", l2.Text, l2.HTML)
	}
	if l2.Header.Get("In-Reply-To") != "<"+first.Ref.ID+">" || l3.Header.Get("References") != "<"+first.Ref.ID+"> <"+second.Ref.ID+">" {
		t.Errorf("threads: %q, %q", l2.Header.Get("In-Reply-To"), l3.Header.Get("References"))
	}
	again, err := r.Send(t.Context(), r.login, p)
	if err != nil || again.Ref != first.Ref {
		t.Errorf("sent again: %+v, %v", again, err)
	}
}

func TestDigest(t *testing.T) {
	r := newRig(t, map[string]string{"digest": "daily", "hour": "7", "zone": "Asia/Tokyo"})
	now := social.Millis(t0.UnixMilli()) // 21:34 in Tokyo
	parts := []*social.Part{{Key: "a", Text: "one"}, {Key: "b", Text: "two", Warning: "w"}}
	sent, err := r.SendAll(t.Context(), r.login, parts)
	if err != nil {
		t.Fatal(err)
	}
	l := r.far.Letters()[1]
	if len(r.far.Letters()) != 2 || l.Subject() != "[2] one" || !strings.Contains(l.Text, "one\n\n――――――――――\n\n⚠ w\n") || sent[0].Ref.ID == sent[1].Ref.ID {
		t.Errorf("the digest: %q\n%s", l.Subject(), l.Text)
	}
	if _, err := r.Send(t.Context(), r.login, &social.Part{Key: "c", Text: "three", Parent: sent[1].Ref}); err != nil {
		t.Fatal(err)
	}
	if got := r.far.Letters()[2].Header.Get("In-Reply-To"); got != l.Header.Get("Message-Id") {
		t.Errorf("an answer to a post of a digest: %q", got)
	}
	for _, c := range []struct {
		set  string
		want string
	}{{`{}`, "2026-11-25T12:34:00Z"}, {`{"digest":"hourly"}`, "2026-11-25T13:00:00Z"}, {`{"digest":"daily","hour":7,"zone":"Asia/Tokyo"}`, "2026-11-25T22:00:00Z"},
		{`{"digest":"daily","hour":22,"zone":"Asia/Tokyo"}`, "2026-11-25T13:00:00Z"}, {`{"digest":"daily"}`, "2026-11-26T00:00:00Z"}} {
		due := r.Due(&social.Login{Link: &social.Link{Settings: []byte(c.set)}}, now)
		if got := time.UnixMilli(int64(due)).UTC().Format(time.RFC3339); got != c.want {
			t.Errorf("%s: %s, want %s", c.set, got, c.want)
		}
	}
}

func TestFailures(t *testing.T) {
	r := newRig(t, nil)
	for _, c := range []struct {
		stage string
		code  int
		want  social.LinkFailure
	}{{"mail", 451, social.TryAgain}, {"mail", 550, social.TryAgain}, {"rcpt", 450, social.TryAgain}, {"rcpt", 550, social.Reconnect},
		{"data", 452, social.TryAgain}, {"data", 554, social.FixPost}} {
		r.far.Fail(c.stage, c.code)
		if _, err := r.Send(t.Context(), r.login, &social.Part{Key: "k", Text: "x"}); class(t, err) != c.want {
			t.Errorf("%s %d: %v", c.stage, c.code, err)
		}
		r.far.Fail(c.stage, 0)
	}
	for _, err := range []error{func() error { _, err := r.Edit(t.Context(), r.login, social.Ref{}, nil); return err }(),
		func() error { _, err := r.Delete(t.Context(), r.login, social.Ref{}); return err }()} {
		if class(t, err) != social.Unsupported {
			t.Error(err)
		}
	}
	if n := len(r.far.Letters()); n != 1 {
		t.Errorf("%d letters", n)
	}
	r.SMTP.Password = "wrong"
	if _, err := r.Send(t.Context(), r.login, &social.Part{Key: "k", Text: "x"}); class(t, err) != social.TryAgain {
		t.Errorf("a wrong password: %v", err)
	}
	r.SMTP.Password, r.SMTP.TLS = "pass-w0rd", "starttls"
	if _, err := r.Send(t.Context(), r.login, &social.Part{Key: "k", Text: "x"}); class(t, err) != social.TryAgain {
		t.Errorf("a server without TLS: %v", err)
	}
	r.far.Close()
	r.SMTP.TLS = "off"
	if err := r.Check(t.Context(), r.login); class(t, err) != social.TryAgain {
		t.Errorf("nobody there: %v", err)
	}
}

// Who is not known to want letters gets few.
func TestProofsAreFew(t *testing.T) {
	var p proofs
	if err := p.take(t0, "a@b.example"); err != nil {
		t.Fatal(err)
	}
	if err := p.take(t0.Add(proofGap-1), "a@b.example"); class(t, err) != social.FixPost {
		t.Errorf("again at once: %v", err)
	}
	if err := p.take(t0.Add(proofGap), "a@b.example"); err != nil {
		t.Errorf("ten minutes later: %v", err)
	}
	for i := 2; i < proofsHour; i++ {
		if err := p.take(t0.Add(proofGap), string(rune('a'+i))+"@c.example"); err != nil {
			t.Fatal(i, err)
		}
	}
	if err := p.take(t0.Add(59*time.Minute), "new@d.example"); class(t, err) != social.FixPost {
		t.Errorf("too many: %v", err)
	}
	if err := p.take(t0.Add(time.Hour), "new@d.example"); err != nil {
		t.Errorf("an hour later: %v", err)
	}
}

// What stands in a post never becomes a field of the letter's head.
func FuzzLetter(f *testing.F) {
	f.Add("text", "warning", "https://home.example/users/a/statuses/1", "x@y.example", "https://a.example/1", "ja")
	f.Add("a\r\nBcc: x@y.example", "w\nTo: z", "\r\n", "x@y\r\nA: b", "https://a\r\nB: c", "j\"a")
	f.Fuzz(func(t *testing.T, text, warning, origin, parent, url, lang string) {
		n := &Network{SMTP: SMTP{From: "relay@home.example"}, Clock: clock.NewFake(t0), HomeURL: "https://home.example", HomeName: "Home"}
		p := &social.Part{Key: "k", Text: text, Warning: warning, Origin: origin, Parent: social.Ref{ID: parent}, Link: url, Language: lang,
			Media: []social.PartFile{{Kind: social.Image, URL: url, Alt: text}}}
		m := n.letter(&social.Login{Link: &social.Link{ID: 1}}, secret{Key: "K"}, []*social.Part{p})
		m.SetMessageIDWithValue(n.messageID([]*social.Part{p}))
		var out strings.Builder
		if _, err := m.WriteTo(&out); err != nil {
			t.Fatal(err)
		}
		head, _, _ := strings.Cut(out.String(), "\r\n\r\n")
		for _, line := range strings.Split(head, "\r\n") {
			name, _, _ := strings.Cut(line, ":")
			if !strings.HasPrefix(line, " ") && !strings.HasPrefix(line, "\t") && !slices.Contains(headFields, name) || strings.ContainsAny(line, "\r\n") {
				t.Fatalf("the head has the line %q", line)
			}
		}
	})
}

var headFields = []string{"Auto-Submitted", "Content-Type", "Date", "From", "In-Reply-To", "List-Unsubscribe", "List-Unsubscribe-Post",
	"MIME-Version", "Message-ID", "References", "Subject", "Content-Transfer-Encoding"}

// Over TLS, from the first byte or by STARTTLS; never to a server whose
// certificate is not of the name, and never without TLS.
func TestTLS(t *testing.T) {
	ca, err := testca.New()
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := ca.Leaf("127.0.0.1")
	if err != nil {
		t.Fatal(err)
	}
	for _, implicit := range []bool{true, false} {
		far, err := fake.NewTLS("home", "pass-w0rd", &tls.Config{Certificates: []tls.Certificate{leaf}}, implicit)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(far.Close)
		how := map[bool]string{true: "implicit", false: "starttls"}[implicit]
		n := &Network{SMTP: SMTP{Host: far.Host, Port: far.Port, User: far.User, Password: far.Password, From: "relay@home.example", TLS: how},
			Clock: clock.NewFake(t0), HomeURL: "https://home.example", HomeName: "Home", TLSConfig: &tls.Config{RootCAs: ca.Pool(), ServerName: "127.0.0.1"}}
		l := &social.Login{Link: &social.Link{ID: 1}, Secret: []byte(`{"address":"a@b.example","key":"K"}`)}
		if _, err := n.Send(t.Context(), l, &social.Part{Key: "k", Text: "x"}); err != nil {
			t.Errorf("%s: %v", how, err)
		}
		n.TLSConfig = &tls.Config{ServerName: "127.0.0.1"} // does not know the authority
		if _, err := n.Send(t.Context(), l, &social.Part{Key: "k2", Text: "x"}); class(t, err) != social.TryAgain {
			t.Errorf("%s, a certificate of nobody known: %v", how, err)
		}
		if len(far.Letters()) != 1 {
			t.Errorf("%s: %d letters", how, len(far.Letters()))
		}
	}
}
