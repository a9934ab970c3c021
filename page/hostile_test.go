package page

import (
	"bytes"
	"html/template"
	"io"
	"reflect"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"engawa/internal/locale"
)

// hostile are texts that try to leave the place they are put in.
var hostile = []string{
	`<script>alert(1)</script>`,
	`"><img src=x onerror=alert(1)>`,
	`' onmouseover='alert(1)`,
	`javascript:alert(1)`,
	`JaVaScRiPt://example.com/%0aalert(1)`,
	`data:text/html,<script>alert(1)</script>`,
	`//evil.example/path`,
	`/\evil.example`,
	`https://user:pass@evil.example/`,
	`</title></head><body onload=alert(1)>`,
	`{{.Home}} {{template "frame"}}`,
	"\u202egnp.exe \u2066\u2067 \u0000\u0007",
	"a" + strings.Repeat("\u0301\u0489", 500),
	strings.Repeat("長い", 50_000),
	"\xff\xfe\xfd",
}

// fill puts s into every string of v, and one element into every slice, except
// into HTML, which the sanitiser answers for.
func fill(v reflect.Value, s string, depth int) {
	switch v.Kind() {
	case reflect.String:
		if v.Type() != reflect.TypeFor[template.HTML]() {
			v.SetString(s)
		}
	case reflect.Int64, reflect.Int:
		v.SetInt(3)
	case reflect.Bool:
		v.SetBool(depth%2 == 0)
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			v.Set(reflect.ValueOf(sample))
			return
		}
		for i := range v.NumField() {
			fill(v.Field(i), s, depth)
		}
	case reflect.Slice:
		if depth < 4 {
			one := reflect.MakeSlice(v.Type(), 1, 1)
			fill(one.Index(0), s, depth+1)
			v.Set(one)
		}
	case reflect.Pointer:
		if depth < 4 {
			p := reflect.New(v.Type().Elem())
			fill(p.Elem(), s, depth+1)
			v.Set(p)
		}
	}
}

func filled[V any](s string) V {
	var v V
	fill(reflect.ValueOf(&v).Elem(), s, 0)
	return v
}

// renderings are all pages with s in every field; kinds of media, verbs and
// quotes, which only have known values, take them in turn.
func renderings(p *Pages, s string) map[string]func(io.Writer) error {
	l := locale.English
	thread := filled[ThreadView](s)
	for _, kind := range []MediaKind{Image, Video, Gifv, Audio, MediaKind(s)} {
		m := filled[MediaView](s)
		m.Kind = kind
		thread.Post.Media = append(thread.Post.Media, m)
	}
	quoted := filled[PostView](s)
	thread.Post.Quote = &QuoteView{QuoteAccepted, &quoted}
	interact := filled[InteractView](s)
	ask := filled[AskView](s) // where it goes and how fields are called, the program says
	ask.Action, ask.Fields = "/somewhere", []AskField{{Name: "code", Label: s, Hint: s, Type: "text", Complete: "off", Value: s, Longest: 9}}
	return map[string]func(io.Writer) error{
		"front":    func(w io.Writer) error { return p.Front(w, l, filled[FrontView](s)) },
		"about":    func(w io.Writer) error { return p.About(w, l, filled[AboutView](s)) },
		"profile":  func(w io.Writer) error { return p.Profile(w, l, filled[ProfileView](s)) },
		"thread":   func(w io.Writer) error { return p.Thread(w, l, thread) },
		"tag":      func(w io.Writer) error { return p.Tag(w, l, filled[TagView](s)) },
		"login":    func(w io.Writer) error { return p.LogIn(w, l, filled[LogInView](s)) },
		"consent":  func(w io.Writer) error { return p.Consent(w, l, filled[ConsentView](s)) },
		"code":     func(w io.Writer) error { return p.Code(w, l, filled[CodeView](s)) },
		"setup":    func(w io.Writer) error { return p.SetUp(w, l, filled[SetUpView](s)) },
		"password": func(w io.Writer) error { return p.Password(w, l, filled[PasswordView](s)) },
		"interact": func(w io.Writer) error { return p.Interact(w, l, interact) },
		"join":     func(w io.Writer) error { return p.Join(w, l, filled[JoinView](s)) },
		"ask":      func(w io.Writer) error { return p.Ask(w, l, ask) },
		"invites":  func(w io.Writer) error { return p.Invites(w, l, filled[InvitesView](s)) },
		"security": func(w io.Writer) error { return p.Security(w, l, filled[SecurityView](s)) },
		"done":     func(w io.Writer) error { return p.Done(w, l, filled[DoneView](s)) },
		"error":    func(w io.Writer) error { return p.Error(w, l, filled[ErrorView](s)) },
	}
}

// opaque fields come back as they were sent, whatever their length: the handler
// that fills them bounds them.
var opaque = map[string]bool{"login": true, "consent": true, "code": true, "setup": true, "interact": true, "join": true, "ask": true, "security": true}

func TestHostileValuesStayText(t *testing.T) {
	for _, s := range hostile {
		p, err := New(Options{Home: func() HomeView {
			home := filled[HomeView](s)
			home.URL = "https://ume.example"
			return home
		}})
		if err != nil {
			t.Fatal(err)
		}
		for name, render := range renderings(p, s) {
			var buf bytes.Buffer
			if err := render(&buf); err != nil {
				t.Errorf("%s with %.20q: %v", name, s, err)
				continue
			}
			if !strings.Contains(s, "{{") {
				checkDocument(t, name+" with "+s[:min(len(s), 24)], buf.Bytes(), locale.English)
			}
			if buf.Len() > 100_000 && !opaque[name] {
				t.Errorf("%s with %.20q has %d bytes: a text is not bounded", name, s, buf.Len())
			}
		}
	}
}

func TestTidy(t *testing.T) {
	for _, c := range []struct {
		in    string
		limit int
		want  string
	}{
		{"plain", 10, "plain"},
		{"  spaced  ", 20, "spaced"},
		{"two\nlines\tand", 20, "two lines and"},
		{"12345678901", 10, "1234567890…"},
		{"長い名前です", 3, "長い名…"},
		{"\u202eevil\u202c", 10, "evil"},
		{"\u2067x\u2069y\x00\x07", 10, "xy"},
		{"e\u0301\u0301\u0301\u0301\u0301\u0301x", 20, "e\u0301\u0301\u0301\u0301x"},
		{"👩\u200d🌾", 5, "👩\u200d🌾"},
		{"👩\u200d🌾", 2, "👩…"},
		{"ok\xff\xfe", 9, "ok"},
		{"", 5, ""},
		{"ม่วง น้ำ", 20, "ม่วง น้ำ"},
	} {
		if got := tidy(c.in, c.limit); got != c.want {
			t.Errorf("tidy(%q, %d) = %q, want %q", c.in, c.limit, got, c.want)
		}
	}
}

func FuzzTidy(f *testing.F) {
	for _, s := range hostile[:12] {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := tidy(s, 40)
		if n := utf8.RuneCountInString(got); n > 41 {
			t.Errorf("%d characters", n)
		}
		for _, r := range got {
			if steersDirection(r) || unicode.IsControl(r) {
				t.Errorf("%q kept %U", got, r)
			}
		}
	})
}
