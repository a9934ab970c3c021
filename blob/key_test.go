package blob

import (
	"errors"
	"io/fs"
	"strings"
	"testing"
)

var keys = []struct {
	key string
	ok  bool
}{
	{"a", true}, {"media/ab/cd.jpg", true}, {"a_b-c.d/0", true}, {strings.Repeat("a", 128), true},
	{"", false}, {"/", false}, {"/a", false}, {"a/", false}, {"a//b", false}, {".", false}, {"..", false},
	{"../a", false}, {"a/../b", false}, {"a/.b", false}, {".tmp", false}, {"A", false}, {"a b", false}, {"a\\b", false},
	{"a\x00", false}, {"é", false}, {"a%2fb", false}, {"c:", false}, {strings.Repeat("a", 129), false},
	{strings.Repeat("a/", 256) + "a", false},
}

func TestCheckKey(t *testing.T) {
	for _, c := range keys {
		err := CheckKey(c.key)
		if (err == nil) != c.ok {
			t.Errorf("CheckKey(%q) = %v, want ok %v", c.key, err, c.ok)
		}
		if err != nil && !errors.Is(err, ErrKey) {
			t.Errorf("CheckKey(%q): %v is no ErrKey", c.key, err)
		}
	}
}

func TestHasPrefix(t *testing.T) {
	for _, c := range []struct {
		key, prefix string
		want        bool
	}{{"a/b", "a", true}, {"ab", "a", false}, {"a", "a", true}, {"a", "a/b", false}, {"a", "", true}} {
		if got := HasPrefix(c.key, c.prefix); got != c.want {
			t.Errorf("HasPrefix(%q, %q) = %v", c.key, c.prefix, got)
		}
	}
}

// Whatever CheckKey lets pass is a local path for the file system, too.
func FuzzCheckKey(f *testing.F) {
	for _, c := range keys {
		f.Add(c.key)
	}
	f.Fuzz(func(t *testing.T, key string) {
		if CheckKey(key) == nil && (!fs.ValidPath(key) || key == "." || strings.Contains(key, "..") && strings.Contains("/"+key, "/.")) {
			t.Errorf("%q passes", key)
		}
	})
}
