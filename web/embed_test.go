package web

import (
	"bytes"
	"io/fs"
	"regexp"
	"strings"
	"testing"
)

// inline finds what the policy forbids in a page: script without src, style
// elements and attributes, event handlers, other hosts.
var inline = regexp.MustCompile(`(?i)<script>|<style|\sstyle=|\son[a-z]+="|(src|href)="(https?:)?//`)

func TestIndex(t *testing.T) {
	page := Index()
	if !bytes.HasPrefix(bytes.ToLower(page), []byte("<!doctype html>")) {
		t.Fatalf("Index() is no HTML page: %.60q", page)
	}
	if found := inline.Find(page); found != nil {
		t.Errorf("Index() holds %q, which the Content-Security-Policy forbids", found)
	}
}

func TestPlaceholderPage(t *testing.T) {
	page, err := fs.ReadFile(under(placeholder, "placeholder"), "index.html")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(page, []byte("make build")) {
		t.Error("the placeholder does not say how to build the client")
	}
	if found := inline.Find(page); found != nil {
		t.Errorf("the placeholder holds %q, which the Content-Security-Policy forbids", found)
	}
}

// Every file the built page names must be among the files.
func TestIndexNamesExistingFiles(t *testing.T) {
	if !Built() {
		t.Skip("dist is not built")
	}
	files := FS()
	named := regexp.MustCompile(`(?:src|href)="([^"]+)"`).FindAllSubmatch(Index(), -1)
	if len(named) < 3 {
		t.Fatalf("index.html names %d files, want script, style and icon", len(named))
	}
	for _, m := range named {
		name, ok := strings.CutPrefix(string(m[1]), Base)
		if !ok {
			t.Errorf("%s is not below %s", m[1], Base)
			continue
		}
		if _, err := fs.Stat(files, name); err != nil {
			t.Errorf("index.html names %s: %v", m[1], err)
		}
	}
}

func TestContentSecurityPolicy(t *testing.T) {
	if strings.Contains(ContentSecurityPolicy, "unsafe") || strings.Contains(ContentSecurityPolicy, "*") {
		t.Errorf("the policy is open: %s", ContentSecurityPolicy)
	}
}
