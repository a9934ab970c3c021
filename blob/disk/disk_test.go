package disk

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"engawa/blob"
	"engawa/blob/blobtest"
)

func open(t testing.TB, dir string) *Store {
	t.Helper()
	s, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func TestConformance(t *testing.T) {
	blobtest.Run(t, func(t *testing.T) blob.Store { return open(t, filepath.Join(t.TempDir(), "new", "folder")) })
}

func dotFiles(t *testing.T, dir string) (names []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), ".") {
			names = append(names, e.Name())
		}
	}
	return names
}

// A crash leaves a temporary file: it is not a blob, and it goes when it is old; a young one may be a Put under way.
func TestCrashLeftovers(t *testing.T) {
	dir := t.TempDir()
	for name, age := range map[string]time.Duration{".old1": 2 * time.Hour, ".young2": time.Minute} {
		p := filepath.Join(dir, name)
		if err := os.WriteFile(p, []byte("half a blo"), 0o600); err != nil {
			t.Fatal(err)
		}
		at := time.Now().Add(-age)
		if err := os.Chtimes(p, at, at); err != nil {
			t.Fatal(err)
		}
	}
	s := open(t, dir)
	if got := dotFiles(t, dir); len(got) != 1 || got[0] != ".young2" {
		t.Errorf("Open left %q", got)
	}
	if err := s.Walk(t.Context(), "", func(i blob.Info) error { t.Errorf("Walk shows %q", i.Key); return nil }); err != nil {
		t.Error(err)
	}
}

func TestFailedPutLeavesNoFile(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	if err := s.Put(t.Context(), "a/b", strings.NewReader("x"), 2); !errors.Is(err, blob.ErrSize) {
		t.Errorf("Put = %v", err)
	}
	if got := dotFiles(t, dir); got != nil {
		t.Errorf("left %q", got)
	}
}

// A symbolic link in the folder does not lead out of it (T34).
func TestLinkOut(t *testing.T) {
	dir, outside := t.TempDir(), t.TempDir()
	if err := os.WriteFile(filepath.Join(outside, "secret"), []byte("s"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(outside, filepath.Join(dir, "out")); err != nil {
		t.Fatal(err)
	}
	s := open(t, dir)
	if err := s.Put(t.Context(), "out/new", strings.NewReader("x"), 1); err == nil {
		t.Error("Put wrote through the link")
	}
	if _, err := os.Stat(filepath.Join(outside, "new")); err == nil {
		t.Error("the file is outside")
	}
	if r, err := s.Open(t.Context(), "out/secret"); err == nil {
		r.Close()
		t.Error("Open read through the link")
	}
	if err := s.Delete(t.Context(), "out/secret"); err == nil {
		t.Error("Delete followed the link")
	}
	if _, err := os.Stat(filepath.Join(outside, "secret")); err != nil {
		t.Error(err)
	}
}

// A key below an existing key is refused and the first stays; so is a key that is a folder.
func TestKeyBelowKey(t *testing.T) {
	s := open(t, t.TempDir())
	for _, c := range []struct {
		key string
		ok  bool
	}{{"a", true}, {"a/b", false}, {"c/d", true}, {"c", false}} {
		err := s.Put(t.Context(), c.key, strings.NewReader("x"), 1)
		if (err == nil) != c.ok {
			t.Errorf("Put(%q) = %v", c.key, err)
		}
	}
	for _, key := range []string{"a", "c/d"} {
		if i, err := s.Stat(t.Context(), key); err != nil || i.Size != 1 {
			t.Errorf("Stat(%q) = %+v, %v", key, i, err)
		}
	}
}

func BenchmarkPut(b *testing.B) {
	s := open(b, b.TempDir())
	content := strings.Repeat("x", 50_000)
	for b.Loop() {
		if err := s.Put(b.Context(), "media/ab/cd.jpg", strings.NewReader(content), int64(len(content))); err != nil {
			b.Fatal(err)
		}
	}
}
