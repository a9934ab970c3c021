package server

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestTOMLShapes(t *testing.T) {
	c, err := LoadConfig(Sources{File: writeFile(t, `
domain = "example.org" # mine
listen = '''unix:/run/e.sock'''
node = 0x10
media_cache = 4096
allow_http = true
rate_limits = "off"
trusted_proxies = [
  "10.0.0.0/8",
  "::1",
]
allow_networks = "127.0.0.0/8, ::1"
languages = ["ja", "en"]

[hosts]
"a.test" = "127.0.0.1:1"
b.test = "127.0.0.1:2"
c = "127.0.0.1:3"
`)})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		"domain": "example.org", "listen": "unix:/run/e.sock", "node": "16", "media_cache": "4KiB",
		"allow_http": "true", "rate_limits": "off", "trusted_proxies": "10.0.0.0/8,::1/128",
		"allow_networks": "127.0.0.0/8,::1/128", "languages": "ja,en",
		"hosts": "a.test=127.0.0.1:1,b.test=127.0.0.1:2,c=127.0.0.1:3",
	}
	for _, s := range c.InForce() {
		if text, ok := want[s.Name]; ok && s.Value != text {
			t.Errorf("%s is %q, want %q", s.Name, s.Value, text)
		}
	}
	if from := c.Origin("hosts").String(); !strings.HasSuffix(from, ":15") {
		t.Errorf("hosts came from %s, want line 15", from)
	}
}

func TestTOMLErrors(t *testing.T) {
	tests := []struct{ text, want string }{
		{"\ndomain = example.org", `FILE:2:10 is not TOML: unexpected character U+0065 'e' at start of value; write name = "value", with text in quotes`},
		{"domain = 'a'\ndomain = 'b'", `FILE:2:1 is not TOML: key domain is already defined; write name = "value", with text in quotes`},
		{"node = 5000", `node: the value "5000" (from FILE:1) is not a node number; give a whole number from 0 to 1023`},
		{"node = 1.5", `node: the value "1.5" (from FILE:1) is of the wrong type; write a whole number, or text in quotes`},
		{"domain = ['a']", `domain: the value "a list" (from FILE:1) is of the wrong type; write text in quotes`},
		{"log = 2026-01-01", `log: the value "a date or time" (from FILE:1) is of the wrong type; write text in quotes`},
		{"languages = ['ja', 1]", `languages: the value "1" (from FILE:1) stands in the list; write text in quotes, or a list such as ["a", "b"]`},
		{"hosts = { a = 1 }", `hosts: the value "" (from FILE:1) has "a", which is 1; write text in quotes, or a table such as { "name" = "127.0.0.1:8080" }`},
		{"\n\ndomian = 'a'", `FILE:3: the key "domian" is not known; did you mean domain?`},
		{"admin-listen = 'off'", `FILE:1: the key "admin-listen" is not known; did you mean admin_listen?`},
		{"frobnicate = 1", "FILE:1: the key \"frobnicate\" is not known; `engawa config` lists the settings"},
		{"[server]\ndomain = 'a'", `FILE:1: the table "server" is not known; settings stand at the top of the file, outside tables`},
		{"database_file = 'a'", `FILE:1: the key "database_file" is not known; name a file with the environment variable ENGAWA_DATABASE_FILE`},
		{"databse = 'postgres://u:hunter2@h'", `FILE:1: the key "databse" is not known; did you mean database?`},
	}
	for _, test := range tests {
		path := writeFile(t, test.text)
		_, err := LoadConfig(Sources{File: path})
		if err == nil {
			t.Errorf("%q is accepted", test.text)
			continue
		}
		if got := strings.ReplaceAll(err.Error(), path, "FILE"); got != test.want {
			t.Errorf("%q\n got %s\nwant %s", test.text, got, test.want)
		}
	}
}

func TestFileErrors(t *testing.T) {
	large := filepath.Join(t.TempDir(), "large")
	if err := os.WriteFile(large, make([]byte, maxConfigFile+1), 0o600); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		src  Sources
		want []string
	}{
		{Sources{File: "/nowhere/engawa.toml"}, []string{"--config: ", "/nowhere/engawa.toml", "give the path of a file that exists"}},
		{Sources{File: large}, []string{"--config: ", "larger than 1MiB"}},
		{Sources{File: t.TempDir()}, []string{"--config: ", "is a directory"}},
		{Sources{Environ: []string{"ENGAWA_DATABASE_FILE=/nowhere"}}, []string{"ENGAWA_DATABASE_FILE: ", "/nowhere"}},
		{Sources{Environ: []string{"ENGAWA_DATABASE_FILE=" + large}}, []string{"ENGAWA_DATABASE_FILE: ", "larger than 64KiB"}},
	}
	for _, test := range tests {
		_, err := LoadConfig(test.src)
		for _, part := range test.want {
			if err == nil || !strings.Contains(err.Error(), part) {
				t.Errorf("the error is %v, want %q in it", err, part)
			}
		}
	}
}

func TestWarnings(t *testing.T) {
	c, err := LoadConfig(Sources{Environ: []string{
		"ENGAWA_DOMIAN=example.org", "ENGAWA_DATABASE_FIEL=x", "ENGAWA_PORT_8080_TCP=tcp://10.0.0.1:8080",
		"ENGAWA_SERVICE_HOST=10.0.0.1", "ENGAWA_CONFIG=a", "ENGAWA_PORT=1", "DOMIAN=x", "ENGAWA_NODE=1",
	}})
	if err != nil {
		t.Fatal(err)
	}
	want := "ENGAWA_DATABASE_FIEL is not a setting; did you mean ENGAWA_DATABASE_FILE?\n" +
		"ENGAWA_DOMIAN is not a setting; did you mean ENGAWA_DOMAIN?"
	if got := strings.Join(c.Warnings, "\n"); got != want {
		t.Errorf("warned\n%s\nwant\n%s", got, want)
	}
}

// FuzzTOML looks for text that panics, or that is refused without saying what
// would be right on one line.
func FuzzTOML(f *testing.F) {
	for _, seed := range []string{
		"", "domain = 'a.test'", "[hosts]\na.b.c = '127.0.0.1:1'", "hosts.a = 1", "[[hosts]]\na='b'", "languages = [['ja']]",
		"objects = 's3://a:b@c/d?tls=x'", "database = 'postgres://@'", "media_cache = '9TiB'", "trusted_proxies = ['::/0', '']", "a.b = 1\n[c]",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		texts, err := readTOML("f.toml", []byte(text))
		if err != nil {
			return
		}
		for _, s := range Settings() {
			value, ok := texts[s.Name]
			if !ok {
				continue
			}
			c := new(Config)
			if err := s.parse(c, value.text); err != nil {
				if line := s.settingError(value.text, value.from, err).Error(); strings.Contains(line, "\n") {
					t.Errorf("not one line: %q", line)
				}
				continue
			}
			if s.Secret {
				continue
			}
			shown := s.text(c)
			if err := s.parse(new(Config), shown); err != nil {
				t.Errorf("%s: %q is shown as %q, which is refused: %v", s.Name, value.text, shown, err)
			}
		}
	})
}
