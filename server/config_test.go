package server

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func load(t *testing.T, flags map[string]string) *Config {
	t.Helper()
	c, err := LoadConfig(Sources{Flags: flags})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func writeFile(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "engawa.toml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestDefaults(t *testing.T) {
	got := load(t, nil)
	want := &Config{
		Domain: "localhost", URL: "http://localhost", Listen: Address{"tcp", "127.0.0.1:8080"}, Data: "./data",
		Database: Database{SQLite, "sqlite:./data/engawa.db"}, Objects: Objects{Dir: "./data/objects"},
		TLS: "off", Registration: "closed", Invites: "staff", RateLimits: true, MediaCache: 1 << 30, Languages: []string{"en"}, Log: slog.LevelInfo,
	}
	options := []cmp.Option{cmpopts.IgnoreUnexported(Config{}), cmp.AllowUnexported(Database{}), cmpopts.EquateEmpty()}
	if diff := cmp.Diff(want, got, options...); diff != "" {
		t.Error(diff)
	}
	if path := got.DataPath("keys", "server.pem"); path != "data/keys/server.pem" {
		t.Errorf("DataPath is %s", path)
	}
	if path := got.Database.Path(); path != "./data/engawa.db" {
		t.Errorf("the database's path is %s", path)
	}
}

// TestValues sets one setting and compares what is in force, in canonical
// text; want "" means that the value is wrong.
func TestValues(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"domain", "Example.ORG", "example.org"},
		{"domain", "日本.example", "xn--wgv71a.example"},
		{"domain", "localhost:3000", "localhost:3000"},
		{"domain", "", ""},
		{"domain", "https://example.org", ""},
		{"domain", "a@example.org", ""},
		{"domain", "example.org:99999", ""},
		{"url", "https://Social.example.org/", "https://social.example.org"},
		{"url", "https://example.org:443", "https://example.org"},
		{"url", "http://127.0.0.1:8080", "http://127.0.0.1:8080"},
		{"url", "http://[::1]:8080", "http://[::1]:8080"},
		{"url", "ftp://example.org", ""},
		{"url", "example.org", ""},
		{"url", "https://example.org/path", ""},
		{"url", "https://example.org/?a=b", ""},
		{"url", "https://u:p@example.org", ""},
		{"url", "https://", ""},
		{"listen", ":8080", ":8080"},
		{"listen", "[::1]:0", "[::1]:0"},
		{"listen", "unix:/run/engawa.sock", "unix:/run/engawa.sock"},
		{"listen", "unix:", ""},
		{"listen", "8080", ""},
		{"listen", "127.0.0.1", ""},
		{"listen", "127.0.0.1:http", ""},
		{"listen", "127.0.0.1:70000", ""},
		{"listen", "off", ""},
		{"admin_listen", "off", "off"},
		{"admin_listen", "127.0.0.1:9090", "127.0.0.1:9090"},
		{"admin_listen", "on", ""},
		{"data", "/var/lib/engawa/", "/var/lib/engawa"},
		{"data", "/", "/"},
		{"data", "", ""},
		{"database", "sqlite:/a/b.db", "sqlite:/a/b.db"},
		{"database", "sqlite:", ""},
		{"database", "mysql://u:hunter2@h/db", ""},
		{"database", "postgres:", ""},
		{"database", "postgres://u:hunter2@h1:5432,h2:5432/db?target_session_attrs=read-write",
			"postgres://u:***@h1:5432,h2:5432/db?target_session_attrs=read-write"},
		{"objects", "/srv/objects", "/srv/objects"},
		{"objects", "", ""},
		{"objects", "gs://bucket", ""},
		{"objects", "s3://K:hunter2@s3.example:9000/b?region=eu-1&tls=false", "s3://K:***@s3.example:9000/b?region=eu-1&tls=false"},
		{"objects", "s3://K:hunter2/+@s3.example/b", "s3://K:***@s3.example/b"},
		{"objects", "s3://s3.example/b", ""},
		{"objects", "s3://K@s3.example/b", ""},
		{"objects", "s3://K:hunter2@/b", ""},
		{"objects", "s3://K:hunter2@s3.example", ""},
		{"objects", "s3://K:hunter2@s3.example/b/c", ""},
		{"objects", "s3://K:hunter2@s3.example/b?tls=perhaps", ""},
		{"objects", "s3://K:hunter2@s3.example/b?zone=1", ""},
		{"node", "0", "0"},
		{"node", "1023", "1023"},
		{"node", "1024", ""},
		{"node", "-1", ""},
		{"node", "one", ""},
		{"tls", "on", ""},
		{"tls", "files", ""},  // lacks tls_cert
		{"tls", "acme", ""},   // nobody certifies localhost
		{"tls_cert", "a", ""}, // tls is off
		{"tls_key", "a", ""},  // tls is off
		{"trusted_proxies", "10.1.2.3/8, ::1", "10.0.0.0/8,::1/128"},
		{"trusted_proxies", "::ffff:10.0.0.1", "10.0.0.1/32"},
		{"trusted_proxies", "::ffff:10.0.0.0/104", "10.0.0.0/8"},
		{"trusted_proxies", "::ffff:0.0.0.0/90", ""},
		{"trusted_proxies", "fe80::1%eth0", ""},
		{"trusted_proxies", "10.0.0.0/33", ""},
		{"trusted_proxies", "localhost", ""},
		{"trusted_proxies", "10.0.0.1,,10.0.0.2", ""},
		{"registration", "approval", "approval"},
		{"registration", "Open", ""},
		{"allow_networks", "127.0.0.0/8", "127.0.0.0/8"},
		{"hosts", "B.test=127.0.0.1:2, a.test=[::1]:1", "a.test=[::1]:1,b.test=127.0.0.1:2"},
		{"hosts", "a.test", ""},
		{"hosts", "a.test=localhost:1", ""},
		{"hosts", "a.test=127.0.0.1", ""},
		{"hosts", "a/b=127.0.0.1:1", ""},
		{"hosts", "a.test=127.0.0.1:1,A.test=127.0.0.1:2", ""},
		{"allow_http", "yes", "true"},
		{"allow_http", "maybe", ""},
		{"authorized_fetch", "on", "true"},
		{"rate_limits", "off", "off"},
		{"rate_limits", "false", "off"},
		{"media_cache", "512MiB", "512MiB"},
		{"media_cache", "2048 KiB", "2MiB"},
		{"media_cache", "1GB", "1000000000B"},
		{"media_cache", "1000", "1000B"},
		{"media_cache", "0", "0B"},
		{"media_cache", "8388608TiB", ""},
		{"media_cache", "99999999999999999999", ""},
		{"media_cache", "-1GiB", ""},
		{"media_cache", "1.5GiB", ""},
		{"media_cache", "lots", ""},
		{"languages", "JA,en-us", "ja,en-US"},
		{"languages", "", ""},
		{"languages", "nihongo-", ""},
		{"log", "debug", "debug"},
		{"log", "INFO", ""},
		{"extra_roots", "a\x00b", ""},
	}
	for _, test := range tests {
		t.Run(test.name+"="+test.text, func(t *testing.T) {
			c, err := LoadConfig(Sources{Flags: map[string]string{test.name: test.text}})
			if test.want == "" {
				checkRejected(t, err)
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			for _, s := range c.InForce() {
				if s.Name == test.name && (s.Value != test.want || s.From != s.Flag) {
					t.Errorf("%s is %q from %s, want %q", s.Name, s.Value, s.From, test.want)
				}
			}
		})
	}
}

func checkRejected(t *testing.T, err error) {
	t.Helper()
	var setting *SettingError
	if !errors.As(err, &setting) {
		t.Fatalf("the error is %v, want a *SettingError", err)
	}
	if text := err.Error(); strings.ContainsAny(text, "\n\x00") || strings.Contains(text, "hunter2") {
		t.Errorf("the error is not one line without secrets: %q", text)
	}
	if setting.Reason == "" || setting.Want == "" {
		t.Errorf("the error lacks cause or remedy: %+v", setting)
	}
}

func TestDerived(t *testing.T) {
	c := load(t, map[string]string{"domain": "example.org", "data": "/srv/e", "hosts": "a.test=127.0.0.1:1",
		"objects": "s3://K:a%2Fb/c@s3.example/media"})
	for _, test := range []struct{ name, got, want string }{
		{"url", c.URL, "https://example.org"},
		{"base", c.BaseURL().JoinPath("users", "a").String(), "https://example.org/users/a"},
		{"database", c.Database.Source(), "sqlite:/srv/e/engawa.db"},
		{"secret", c.Objects.S3.Secret, "a/b/c"},
		{"endpoint", c.Objects.S3.Endpoint + " " + c.Objects.S3.Bucket, "s3.example media"},
		{"port", c.Listen.Port(), "8080"},
	} {
		if test.got != test.want {
			t.Errorf("%s is %q, want %q", test.name, test.got, test.want)
		}
	}
	if got := c.Hosts["a.test"]; got != "127.0.0.1:1" {
		t.Errorf("a.test goes to %s", got)
	}
	if c := load(t, map[string]string{"domain": "localhost:3000"}); c.URL != "http://localhost:3000" {
		t.Errorf("url is %s", c.URL)
	}
}

func TestPrecedence(t *testing.T) {
	secret := writeFile(t, "5\r\n")
	file := writeFile(t, "# mine\n\nnode = 2\n")
	env, envFile := "ENGAWA_NODE=3", "ENGAWA_NODE_FILE="+secret
	flag := map[string]string{"node": "7"}
	tests := []struct {
		src  Sources
		node int
		from string
	}{
		{Sources{}, 0, "default"},
		{Sources{File: file}, 2, file + ":3"},
		{Sources{File: file, Environ: []string{env}}, 3, "ENGAWA_NODE"},
		{Sources{File: file, Environ: []string{"ENGAWA_NODE="}}, 2, file + ":3"},
		{Sources{File: file, Environ: []string{env, envFile}}, 5, "ENGAWA_NODE_FILE (" + secret + ")"},
		{Sources{File: file, Environ: []string{env, envFile}, Flags: flag}, 7, "--node"},
	}
	for _, test := range tests {
		c, err := LoadConfig(test.src)
		if err != nil {
			t.Fatal(err)
		}
		if c.Node != test.node || c.Origin("node").String() != test.from {
			t.Errorf("node is %d from %s, want %d from %s", c.Node, c.Origin("node"), test.node, test.from)
		}
	}
}

// TestSecretsStayHidden prints a Config in every way that comes to mind.
func TestSecretsStayHidden(t *testing.T) {
	c := load(t, map[string]string{"database": "postgres://u:hunter2@h/db", "objects": "s3://K:hunter2@h/b"})
	data, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	var log, list bytes.Buffer
	logger := slog.New(slog.NewJSONHandler(&log, nil))
	logger.Info("x", "config", c, "database", c.Database, "objects", c.Objects, "s3", c.Objects.S3)
	slog.New(slog.NewTextHandler(&log, nil)).Info("x", "config", c, "database", c.Database, "objects", c.Objects)
	if err := c.WriteInForce(&list); err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{string(data), log.String(), list.String(), fmt.Sprint(c), fmt.Sprintf("%+v %#v", c, c), fmt.Sprintf("%+v %#v", *c, *c)} {
		if strings.Contains(text, "hunter2") || !strings.Contains(text, masked) {
			t.Errorf("a secret is shown, or nothing masked: %s", text)
		}
	}
}

func TestMaskURL(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{"postgres://h/db", "postgres://h/db"},
		{"postgres://u@h/db", "postgres://u@h/db"},
		{"postgres://u:p@h/db", "postgres://u:***@h/db"},
		{"postgres://u:p@ss@h/db", "postgres://u:***@h/db"},
		{"postgres://u:p/ss@h/db", "postgres://***"},
		{"postgres://u:p?ss@h/db", "postgres://***"},
		{"postgres:///db?password=a@b", "postgres://***"},
		{"postgres:///db?user=u&password=p&sslmode=require", "postgres:///db?user=u&password=***&sslmode=require"},
		{"postgres:///db?PASSWORD=p", "postgres:///db?PASSWORD=***"},
		{"user=u password=p", "***"},
		{"KEY:SECRET@h/b", "***"},
		{"sqlite:a.db", "sqlite:a.db"},
	} {
		if got := maskURL(test.text); got != test.want {
			t.Errorf("maskURL(%q) is %q, want %q", test.text, got, test.want)
		}
	}
}

// TestTable holds the table of settings to its own rules.
func TestTable(t *testing.T) {
	seen := make(map[string]bool)
	for _, s := range Settings() {
		if s.Name == "" || s.Help == "" || s.Placeholder == "" || s.parse == nil || s.text == nil || strings.HasSuffix(s.Help, ".") {
			t.Errorf("the setting %q is not fully described", s.Name)
		}
		if seen[s.Env()] || seen[s.Env()+"_FILE"] {
			t.Errorf("%s is taken", s.Env())
		}
		seen[s.Env()], seen[s.Env()+"_FILE"] = true, true
	}
	// What the listing says, read again, is the same Config.
	first := load(t, map[string]string{"trusted_proxies": "10.0.0.0/8", "allow_http": "on", "node": "9", "media_cache": "3MiB"})
	var list, again bytes.Buffer
	if err := first.WriteInForce(&list); err != nil {
		t.Fatal(err)
	}
	second, err := LoadConfig(Sources{File: writeFile(t, list.String())})
	if err != nil {
		t.Fatal(err)
	}
	if err := second.WriteInForce(&again); err != nil {
		t.Fatal(err)
	}
	strip := func(text string) string {
		var b strings.Builder
		for line := range strings.Lines(text) {
			setting, _, _ := strings.Cut(line, "#")
			b.WriteString(strings.TrimSpace(setting) + "\n")
		}
		return b.String()
	}
	if diff := cmp.Diff(strip(list.String()), strip(again.String())); diff != "" {
		t.Error(diff)
	}
}

func TestTogether(t *testing.T) {
	files := map[string]string{"domain": "example.org", "tls": "files", "tls_cert": "c.pem", "tls_key": "k.pem"}
	if c := load(t, files); c.TLSKey != "k.pem" {
		t.Errorf("tls_key is %q", c.TLSKey)
	}
	load(t, map[string]string{"domain": "example.org", "tls": "acme"})
	load(t, map[string]string{"listen": "127.0.0.1:0", "admin_listen": "127.0.0.1:0"})
	for _, flags := range []map[string]string{
		{"domain": "example.org", "tls": "files", "tls_cert": "c.pem"},
		{"domain": "example.org", "tls": "acme", "url": "http://example.org"},
		{"domain": "127.0.0.1", "tls": "acme"},
		{"listen": "127.0.0.1:1", "admin_listen": "127.0.0.1:1"},
	} {
		_, err := LoadConfig(Sources{Flags: flags})
		checkRejected(t, err)
	}
}

func TestLoggerWritesJSONToNoTerminal(t *testing.T) {
	var out bytes.Buffer
	logger := NewLogger(&out, slog.LevelWarn)
	logger.Info("hidden")
	logger.Warn("shown", "n", 1)
	var line struct {
		Level, Msg string
		N          int
	}
	if err := json.Unmarshal(out.Bytes(), &line); err != nil || line.Level != "WARN" || line.Msg != "shown" || line.N != 1 {
		t.Errorf("logged %q (%v)", out.String(), err)
	}
}
