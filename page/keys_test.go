package page

import (
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"testing"

	"engawa/internal/locale"
)

var (
	said    = regexp.MustCompile(`\bt "([^"]+)"((?: "[a-z]+" (?:\([^()]*(?:\([^()]*(?:\([^()]*\))?[^()]*\))*[^()]*\)|[^ (){}]+))*)`)
	argName = regexp.MustCompile(` "([a-z]+)" `)
)

// Every text that a template says exists, and gets what its placeholders want.
func TestKeysInTemplates(t *testing.T) {
	found := 0
	err := fs.WalkDir(templates, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		body, err := templates.ReadFile(path)
		if err != nil {
			return err
		}
		for _, m := range said.FindAllStringSubmatch(string(body), -1) {
			found++
			checkKey(t, path, m[1], m[2])
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if found < 100 {
		t.Errorf("only %d texts found: the search is broken", found)
	}
}

func checkKey(t *testing.T, path, key, args string) {
	t.Helper()
	if !locale.Has(key) {
		t.Errorf("%s says %q, which no catalogue has", path, key)
		return
	}
	var names []string
	for _, m := range argName.FindAllStringSubmatch(args, -1) {
		names = append(names, m[1])
	}
	slices.Sort(names)
	if want := locale.Placeholders(locale.English, key); !slices.Equal(names, want) {
		t.Errorf("%s says %q with %v, want %v", path, key, names, want)
	}
}

// Keys that templates put together from a value.
func TestComposedKeys(t *testing.T) {
	for _, verb := range []Verb{Follow, Boost, Favourite, Reply} {
		for _, part := range []string{".title", ".action"} {
			if key := "interact." + string(verb) + part; !locale.Has(key) {
				t.Errorf("%q is missing", key)
			}
		}
	}
	for _, key := range locale.Keys() {
		root, isError := strings.CutSuffix(key, ".title")
		if isError && strings.HasPrefix(root, "error.") {
			for _, part := range []string{".what", ".todo"} {
				if !locale.Has(root + part) {
					t.Errorf("%q is missing", root+part)
				}
			}
		}
	}
}

// Keys of tabs, and of what can be done with copies.
func TestKeysOfTabsAndActions(t *testing.T) {
	for _, tab := range tabs {
		if !locale.Has(tab.Text) || SamePath(tab.Path) == "" {
			t.Errorf("the tab %v leads nowhere", tab)
		}
	}
	for _, key := range []string{"do.retry", "do.skip", "do.thread", "do.cut", "do.delete", "waits.paused", "waits.reconnect"} {
		if !locale.Has("copies." + key) {
			t.Errorf("%q has no words", key)
		}
	}
}
