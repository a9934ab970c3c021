// The import rules of the house (design, section 3), checked on the imports that `go list` reports.
package engawa_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "engawa"

// layers are the folders that may hold Go packages, top to bottom: what stands in a line may import what stands in a
// line below it.
var layers = [][]string{
	{"cmd"},
	{"server"},
	{"api", "network", "relay", "page", "web", "stream", "auth", "media", "queue", "store", "bus", "blob"},
	{"social"},
	{"internal"},
}

// outside are folders that no part of the program imports and that may import any part.
var outside = []string{"fediverse", "bench", "deploy", "docs", "test"}

// beside are the imports within one layer that are allowed all the same, by folder. A child may always import its
// parent (network/x → network).
var beside = []struct{ from, to, reason string }{
	{"api", "auth", "an endpoint asks who is calling and what the token may do"},
	{"api", "stream", "an endpoint opens the stream that the API describes"},
	{"internal", "internal", "a leaf may stand on another leaf (snowflake on clock); the compiler forbids circles"},
}

// forbidden are imports that only the folders in except may have.
var forbidden = []struct {
	from, to string // folder, "" for everywhere; import path, with everything below it
	except   []string
	reason   string
}{
	{"", "database/sql", []string{"store", "bench"}, "SQL is spoken in store and nowhere else; bench measures the bare engine beside it"},
	{"social", "net/http", nil, "the domain knows no transport"},
	{"social", "encoding/json", nil, "the domain knows no wire format"},
	{"social", "database/sql", nil, "the domain asks a store through its interfaces"},
}

// pkg is what the rules need to know of a package; the names are those of `go list -json`.
type pkg struct {
	ImportPath string
	Imports    []string // of files that are not tests
}

// checkImports returns one line for each import that breaks a rule, naming the rule's reason.
func checkImports(pkgs []pkg) (broken []string) {
	for _, p := range pkgs {
		from := inside(p.ImportPath)
		if from == "" { // the root holds tests only
			if len(p.Imports) > 0 {
				broken = append(broken, "the root of the module holds tests only: move the package into a folder")
			}
			continue
		}
		if layerOf(from) < 0 && !slices.Contains(outside, top(from)) {
			broken = append(broken, fmt.Sprintf("%s: no such place in the house: the folders are %v and %v", from, slices.Concat(layers...), outside))
			continue
		}
		for _, path := range p.Imports {
			if reason := verdict(from, path); reason != "" {
				broken = append(broken, fmt.Sprintf("%s imports %s: %s", from, path, reason))
			}
		}
	}
	return broken
}

// verdict is why the package in the folder from must not import path, or "" when it may.
func verdict(from, path string) string {
	for _, rule := range forbidden {
		if under(from, rule.from) && under(path, rule.to) && !slices.ContainsFunc(rule.except, func(dir string) bool { return under(from, dir) }) {
			return rule.reason
		}
	}
	if !under(path, module) || slices.Contains(outside, top(from)) {
		return ""
	}
	to := inside(path)
	if slices.Contains(outside, top(to)) {
		return "what serves the tests is no part of the program"
	}
	switch mine, its := layerOf(from), layerOf(to); {
	case its < 0:
		return "no such place in the house"
	case its < mine:
		return fmt.Sprintf("nothing calls back up: %s stands above %s", top(to), top(from))
	case its > mine || under(from, to):
		return ""
	}
	for _, rule := range beside {
		if under(from, rule.from) && under(to, rule.to) {
			return ""
		}
	}
	return "siblings do not import each other: let social or server stand between them"
}

// inside is the folder of a package of ours, "" for the root.
func inside(path string) string { return strings.TrimPrefix(strings.TrimPrefix(path, module), "/") }

// top is the first folder of a path.
func top(folder string) string { first, _, _ := strings.Cut(folder, "/"); return first }

// under says whether the path is the folder or lies below it; everything lies below "".
func under(path, folder string) bool {
	return folder == "" || path == folder || strings.HasPrefix(path, folder+"/")
}

func layerOf(folder string) int {
	return slices.IndexFunc(layers, func(layer []string) bool { return slices.Contains(layer, top(folder)) })
}

func TestImports(t *testing.T) {
	var stderr bytes.Buffer
	cmd := exec.Command("go", "list", "-json=ImportPath,Imports", "./...")
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, stderr.String())
	}
	var pkgs []pkg
	for decoder := json.NewDecoder(bytes.NewReader(out)); ; {
		var p pkg
		if err := decoder.Decode(&p); err == io.EOF {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		pkgs = append(pkgs, p)
	}
	if len(pkgs) < 2 {
		t.Fatalf("go list names only %d packages", len(pkgs))
	}
	for _, line := range checkImports(pkgs) {
		t.Error(line)
	}
}

// The checker itself, on houses that do not exist.
func TestCheckImports(t *testing.T) {
	for _, c := range []struct {
		from, to string
		broken   bool
	}{
		{"cmd/engawa", "engawa/server", false},
		{"cmd/engawa", "engawa/internal/markup", false},
		{"server", "engawa/network/x", false},
		{"api/mastodon", "engawa/social", false},
		{"api/mastodon", "engawa/auth", false},
		{"api/mastodon", "engawa/stream", false},
		{"network/x", "engawa/network", false},
		{"bus/postgres", "engawa/bus", false},
		{"internal/snowflake", "engawa/internal/clock", false},
		{"store", "database/sql", false},
		{"store/migration", "database/sql/driver", false},
		{"bench", "database/sql", false},
		{"fediverse", "engawa/server", false},
		{"test/peers", "engawa/internal/testca", false},
		{"auth", "net/http", false},
		{"social", "engawa/social/errors", true}, // a parent does not know its children
		{"social", "engawa/store", true},
		{"social", "net/http", true},
		{"social", "net/http/httptest", true},
		{"social", "encoding/json", true},
		{"social", "database/sql", true},
		{"internal/fetch", "engawa/social", true},
		{"queue", "database/sql", true},
		{"fediverse", "database/sql", true},
		{"internal/testpg", "database/sql", true},
		{"store", "engawa/server", true},
		{"server", "engawa/cmd/engawa", true},
		{"api/mastodon", "engawa/store", true},
		{"api/mastodon", "engawa/api/engawa", true},
		{"auth", "engawa/api/mastodon", true},
		{"network", "engawa/network/x", true},
		{"network/x", "engawa/network/misskey", true},
		{"server", "engawa/test/peers", true},
		{"internal/clock", "engawa/fediverse", true},
		{"server", "engawa/utils", true},
		{"utils", "fmt", true},
		{"", "fmt", true},
	} {
		got := checkImports([]pkg{{ImportPath: strings.TrimSuffix(module+"/"+c.from, "/"), Imports: []string{c.to}}})
		if (len(got) == 1) != c.broken || len(got) > 1 {
			t.Errorf("%q imports %s: broken %v, want %v", c.from, c.to, got, c.broken)
		}
	}
}
