package hostname

import (
	"net/netip"
	"net/url"
	"strings"
	"testing"
)

var label63 = strings.Repeat("a", 63)

var hosts = []struct{ in, want string }{ // want is empty where in is rejected
	{"example.com", "example.com"},
	{"Example.COM", "example.com"},
	{"localhost", "localhost"},
	{"localhost:8080", "localhost:8080"},
	{"example.com:443", "example.com"},
	{"example.com:80", "example.com:80"},
	{"example.com:8443", "example.com:8443"},
	{"my_bucket.s3.example.com", "my_bucket.s3.example.com"},
	{"a--b.example", "a--b.example"},
	{"1.example", "1.example"},
	{"例え.jp", "xn--r8jz45g.jp"},
	{"例え。jp", "xn--r8jz45g.jp"},
	{"XN--R8JZ45G.JP", "xn--r8jz45g.jp"},
	{"ＥＸＡＭＰＬＥ.com", "example.com"},
	{"BÜCHER.example", "xn--bcher-kva.example"},
	{"straße.de", "xn--strae-oqa.de"},
	{"127.0.0.1", "127.0.0.1"},
	{"127.0.0.1:3000", "127.0.0.1:3000"},
	{"[::1]", "[::1]"},
	{"[0:0:0:0:0:0:0:1]:3000", "[::1]:3000"},
	{"[2001:DB8::A]:443", "[2001:db8::a]"},
	{label63 + ".example", label63 + ".example"},

	{"", ""},
	{".", ""},
	{"example.com.", ""},
	{".example.com", ""},
	{"a..b", ""},
	{"mastodon.so/cial", ""},
	{"mastodon.so\\cial", ""},
	{"mastodon.so\u00adcial", ""}, // soft hyphen
	{"mastodon.so\u200bcial", ""}, // zero width space
	{"mastodon.so\ufe0fcial", ""}, // variation selector
	{"mastodon.so\u034fcial", ""}, // combining grapheme joiner
	{"mastodon.so\u2060cial", ""}, // word joiner
	{"mastodon.so／cial", ""},
	{"mastodon.so℀cial", ""}, // maps to a/c
	{"mastodon.so\x00cial", ""},
	{"user@example.com", ""},
	{"user:pass@example.com", ""},
	{"https://example.com", ""},
	{"example.com/path", ""},
	{"example.com?q", ""},
	{"example.com#f", ""},
	{" example.com", ""},
	{"example.com ", ""},
	{"exa mple.com", ""},
	{"example.com\r\nX: y", ""},
	{"example.com\t", ""},
	{"ex%61mple.com", ""},
	{"*.example.com", ""},
	{"-a.example", ""},
	{"a-.example", ""},
	{"example.com:", ""},
	{"example.com:0", ""},
	{"example.com:0443", ""},
	{"example.com:+443", ""},
	{"example.com:65536", ""},
	{"example.com:44 3", ""},
	{"example.com:443:443", ""},
	{":443", ""},
	{"127.1", ""},
	{"127.0.0.1.", ""},
	{"127.0.0.01", ""},
	{"0x7f.0.0.1", ""},
	{"0x7f000001", ""},
	{"0x", ""},
	{"2130706433", ""},
	{"1.2.3.4.5", ""},
	{"256.0.0.1", ""},
	{"example.123", ""},
	{"１２７.0.0.0x1", ""},
	{"::1", ""},
	{"[::1", ""},
	{"[::1]x", ""},
	{"[::1]:", ""},
	{"[fe80::1%eth0]", ""},
	{"[::ffff:127.0.0.1]", ""},
	{"[127.0.0.1]", ""},
	{"[]", ""},
	{"[", ""},
	{"xn--", ""},
	{"xn--a", ""},
	{"xn--example.com", ""},
	{"xn--EXAMPLE-.com", ""},
	{"xn--mastodon-.social", ""},
	{"a\xffb.example", ""},
	{label63 + "a.example", ""},
	{strings.Repeat("a.", 126) + "ab", ""},
	{strings.Repeat("a", 4096), ""},
}

func TestParse(t *testing.T) {
	for _, c := range hosts {
		got, err := Parse(c.in)
		if got != c.want || (err == nil) != (c.want != "") {
			t.Errorf("Parse(%q) = %q, %v; want %q", c.in, got, err, c.want)
		}
	}
}

func TestOfURL(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"https://Example.com/a", "example.com"},
		{"https://example.com:443/", "example.com"},
		{"https://example.com:80/", "example.com:80"},
		{"http://example.com:80/", "example.com"},
		{"http://example.com:443/", "example.com:443"},
		{"wss://example.com/", "example.com"},
		{"https://例え.jp/", "xn--r8jz45g.jp"},
		{"https://[::1]:8443/", "[::1]:8443"},
		{"https://example.com./", ""},
		{"https://user@example.com/", ""},
		{"https://@example.com/", ""},
		{"https:example.com", ""},
		{"https:///path", ""},
		{"https://example.com:/", ""},
		{"acct:a@example.com", ""},
		{"file:///etc/passwd", ""},
		{"data:text/plain,x", ""},
		{"ftp://example.com/", ""},
		{"//example.com/", ""},
		{"/path", ""},
	} {
		u, err := url.Parse(c.in)
		if err != nil {
			t.Errorf("%q: %v", c.in, err)
			continue
		}
		got, err := OfURL(u)
		if got != c.want || (err == nil) != (c.want != "") {
			t.Errorf("OfURL(%q) = %q, %v; want %q", c.in, got, err, c.want)
		}
	}
}

func TestSame(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"Example.com", "example.COM:443", true},
		{"例え.jp", "xn--r8jz45g.jp", true},
		{"example.com", "example.com:8443", false},
		{"example.com", "www.example.com", false},
		{"", "", false},
		{"a/b", "a/b", false},
	} {
		if got := Same(c.a, c.b); got != c.want {
			t.Errorf("Same(%q, %q) = %v", c.a, c.b, got)
		}
	}
}

func TestWithin(t *testing.T) {
	for _, c := range []struct {
		host, domain string
		want         bool
	}{
		{"example.com", "example.com", true},
		{"a.example.com", "example.com", true},
		{"a.b.example.com:8443", "example.com", true},
		{"example.com:8443", "example.com", true},
		{"notexample.com", "example.com", false},
		{"example.com", "a.example.com", false},
		{"example.com.evil.test", "example.com", false},
		{"example.com", "", false},
		{"127.0.0.1", "0.1", false},
		{"127.0.0.1", "127.0.0.1", true},
		{"[::1]:80", "[::1]", true},
	} {
		if got := Within(c.host, c.domain); got != c.want {
			t.Errorf("Within(%q, %q) = %v", c.host, c.domain, got)
		}
	}
}

func TestDisplay(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"example.com", "example.com"},
		{"xn--r8jz45g.jp", "例え.jp"},
		{"xn--r8jz45g.jp:8443", "例え.jp:8443"},
		{"xn--bcher-kva.example", "bücher.example"},
		{"xn--e1afmkfd.example", "пример.example"},
		{"xn--pple-43d.com", "xn--pple-43d.com"}, // Cyrillic а in apple
		{"xn--a.example", "xn--a.example"},
	} {
		if got := Display(c.in); got != c.want {
			t.Errorf("Display(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}

func TestRegistrable(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"a.b.example.com", "example.com"},
		{"a.b.example.co.jp:8443", "example.co.jp"},
		{"me.github.io", "me.github.io"},
		{"github.io", "github.io"},
		{"x.xn--r8jz45g.jp", "xn--r8jz45g.jp"},
		{"localhost:80", "localhost"},
		{"192.0.2.1:80", "192.0.2.1"},
		{"[2001:db8::1]:80", "[2001:db8::1]"},
	} {
		if got := Registrable(c.in); got != c.want {
			t.Errorf("Registrable(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, c := range hosts {
		f.Add(c.in)
	}
	f.Fuzz(func(t *testing.T, in string) {
		got, err := Parse(in)
		if err != nil {
			if got != "" {
				t.Fatalf("Parse(%q) = %q with %v", in, got, err)
			}
			return
		}
		if again, err := Parse(got); err != nil || again != got {
			t.Fatalf("Parse(%q) = %q, but that gives %q, %v", in, got, again, err)
		}
		if i := strings.IndexAny(in, "/\\@?# \t\r\n%"); i >= 0 {
			t.Fatalf("Parse(%q) = %q swallowed %q", in, got, in[i])
		}
		u, err := url.Parse("https://" + got + "/")
		if err != nil || u.Host != got {
			t.Fatalf("%q is no host of a URL: %v", got, err)
		}
		name, _ := Split(got)
		if _, err := netip.ParseAddr(strings.Trim(name, "[]")); (err == nil) != IsAddress(got) {
			t.Fatalf("IsAddress(%q) = %v", got, IsAddress(got))
		}
		if shown := Display(got); !Same(shown, got) {
			t.Fatalf("Display(%q) = %q, which is another host", got, shown)
		}
		if r := Registrable(got); !Within(got, r) {
			t.Fatalf("Registrable(%q) = %q", got, r)
		}
	})
}

func BenchmarkParse(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Parse("mastodon.example.com"); err != nil {
			b.Fatal(err)
		}
	}
}
