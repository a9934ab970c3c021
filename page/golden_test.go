package page

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"engawa/internal/locale"
)

var (
	update = flag.Bool("update", false, "write the golden files anew")
	lookAt = flag.String("look", "", "folder to write the pages, the style and the icon to, for looking at them in a browser")
)

// maxPage is what a page may weigh together with its style, in bytes.
const maxPage = 30_000

func TestGolden(t *testing.T) {
	p := samplePages(t)
	for _, l := range locale.All() {
		for _, page := range slices.Concat(looks(p), relayLooks(p)) {
			var buf bytes.Buffer
			if err := page.render(&buf, l); err != nil {
				t.Errorf("%s %s: %v", page.name, l, err)
				continue
			}
			if n := buf.Len() + len(p.style.body); n > maxPage {
				t.Errorf("%s %s weighs %d bytes with its style, want at most %d", page.name, l, n, maxPage)
			}
			checkDocument(t, page.name+" "+string(l), buf.Bytes(), l)
			compare(t, page.name+"."+string(l)+".html", steady(p, buf.String()))
			if *lookAt != "" {
				writeFile(t, filepath.Join(*lookAt, page.name+"."+string(l)+".html"), buf.String())
			}
		}
	}
	if *lookAt != "" {
		for _, a := range []asset{p.style, p.icon} {
			writeFile(t, filepath.Join(*lookAt, a.path), a.body)
		}
	}
}

// steady takes the hashes out of the asset names, so that a golden file tells
// of the page alone.
func steady(p *Pages, s string) string {
	return strings.NewReplacer(p.style.path, "/page/style-HASH.css", p.icon.path, "/page/icon-HASH.svg").Replace(s)
}

func compare(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		writeFile(t, path, got)
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Errorf("%v; run go test ./page -update and read what it wrote", err)
		return
	}
	if got == string(want) {
		return
	}
	a, b := strings.Split(got, "\n"), strings.Split(string(want), "\n")
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			t.Errorf("%s line %d:\n got %s\nwant %s", name, i+1, a[i], b[i])
			return
		}
	}
	t.Errorf("%s has %d lines, want %d", name, len(a), len(b))
}

func writeFile(t *testing.T, path, body string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(body), 0o644); err != nil {
		t.Fatal(err)
	}
}
