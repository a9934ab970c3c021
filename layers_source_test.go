// Rules of the code that its text shows (design, sections 3, 6 and 7), checked on every source file.
package engawa_test

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// longest is how many lines a file may have; 400 is the aim, this is where there is certainly a second idea in it.
const longest = 450

// unsafe are the names of net/http by which a request leaves past the one SSRF-safe client (threats, G1 and G5).
var unsafe = []string{"Get", "Head", "Post", "PostForm", "DefaultClient", "DefaultTransport"}

// dials are the folders that may use them.
var dials = []struct{ folder, reason string }{
	{"internal/fetch", "it is the safe client"},
	{"test", "speaks to peers on loopback that the test itself started"},
}

// starts are the places outside a Run that may start a goroutine: a function, or every function when it is "".
var starts = []struct{ path, function, reason string }{
	{"test/binary", "Start", "a test harness waits for the program that it started"},
	{"bench", "", "a load generator is many clients at once"},
}

// notOurs are folders that hold nothing written here: by name wherever they are, and by path from the root.
var notOurs = []string{".git", "node_modules", "dist", "testdata"}
var notOursAtRoot = []string{".cache", "bin", "data"}

// checkSource returns one line for each place in the Go file that breaks a rule. The path is relative to the root,
// with slashes.
func checkSource(path string, src []byte) (broken []string) {
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, path, src, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return []string{err.Error()}
	}
	broken = append(broken, checkLength(path, src)...)
	if strings.HasSuffix(path, "_test.go") {
		return broken
	}
	complain := func(at ast.Node, format string, args ...any) {
		broken = append(broken, fmt.Sprintf("%s: %s", files.Position(at.Pos()), fmt.Sprintf(format, args...)))
	}
	web := importName(file, "net/http")
	mayDial := slices.ContainsFunc(dials, func(d struct{ folder, reason string }) bool { return under(path, d.folder) })
	for _, decl := range file.Decls {
		function, _ := decl.(*ast.FuncDecl)
		if function != nil && function.Recv == nil && function.Name.Name == "init" {
			complain(function, "func init: register in a visible table instead")
		}
		ast.Inspect(decl, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.GoStmt:
				if !mayStart(path, function) {
					complain(n, "go statement outside the Run of a component: let the component's Run own the goroutine")
				}
			case *ast.SelectorExpr:
				if x, ok := n.X.(*ast.Ident); ok && web != "" && x.Name == web && slices.Contains(unsafe, n.Sel.Name) && !mayDial {
					complain(n, "http.%s goes past the SSRF-safe client: use internal/fetch", n.Sel.Name)
				}
			}
			return true
		})
	}
	return broken
}

// mayStart says whether a go statement may stand in the function: one named Run or run…, or an exception. A nil
// function is a declaration at package level.
func mayStart(path string, function *ast.FuncDecl) bool {
	name := ""
	if function != nil {
		name = function.Name.Name
	}
	if name == "Run" || strings.HasPrefix(name, "run") {
		return true
	}
	for _, s := range starts {
		if under(path, s.path) && (s.function == "" || s.function == name) {
			return true
		}
	}
	return false
}

// importName is how the file calls the package, "" when it does not import it.
func importName(file *ast.File, path string) string {
	for _, spec := range file.Imports {
		if spec.Path.Value != `"`+path+`"` {
			continue
		}
		if spec.Name != nil {
			return spec.Name.Name
		}
		return path[strings.LastIndexByte(path, '/')+1:]
	}
	return ""
}

// generated is the line that says that nobody wrote the file (go help generate), in Go and TypeScript alike.
var generated = regexp.MustCompile(`(?m)^// Code generated .* DO NOT EDIT\.$`)

func checkLength(path string, src []byte) []string {
	if lines := bytes.Count(src, []byte("\n")); lines > longest && !generated.Match(src) {
		return []string{fmt.Sprintf("%s: %d lines, at most %d: there is a second idea in it that wants a file", path, lines, longest)}
	}
	return nil
}

func TestSource(t *testing.T) {
	read := 0
	err := filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			if slices.Contains(notOurs, entry.Name()) || slices.Contains(notOursAtRoot, path) {
				return filepath.SkipDir
			}
			return nil
		}
		ext := filepath.Ext(path)
		if !slices.Contains([]string{".go", ".ts", ".tsx", ".mjs"}, ext) {
			return nil
		}
		src, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		read++
		check := checkLength
		if ext == ".go" {
			check = checkSource
		}
		for _, line := range check(filepath.ToSlash(path), src) {
			t.Error(line)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if read < 2 {
		t.Fatalf("only %d source files were found", read)
	}
}

// The checker itself, on files that do not exist.
func TestCheckSource(t *testing.T) {
	const web = "package p\nimport \"net/http\"\n"
	long := strings.Repeat("//\n", longest)
	for _, c := range []struct {
		path, src string
		broken    int
	}{
		{"store/a.go", "package p\nfunc f() {}", 0},
		{"store/a.go", "package p\nfunc init() {}", 1},
		{"store/a_test.go", "package p\nfunc init() { go f() }", 0},
		{"store/a.go", "package p\ntype t int\nfunc (t) init() {}", 0},
		{"store/a.go", "package p\nfunc f() { go f() }", 1},
		{"store/a.go", "package p\nvar x = func() { go f() }", 1},
		{"store/a.go", "package p\ntype t int\nfunc (t) Run() error { go f(); return func() error { go f(); return nil }() }", 0},
		{"store/a.go", "package p\nfunc runWriter() { go f() }", 0},
		{"store/a.go", "package p\nfunc Rune() { go f() }", 1},
		{"bench/a.go", "package p\nfunc f() { go f() }", 0},
		{"network/x/a.go", web + "var _ = http.DefaultClient", 1},
		{"network/x/a.go", web + "func f() { http.Get(``); http.Post(``, ``, nil); http.Head(``) }", 3},
		{"network/x/a.go", web + "func f() { http.NewRequest(``, ``, nil) }", 0},
		{"network/x/a.go", "package p\nimport w \"net/http\"\nvar _ = w.DefaultTransport", 1},
		{"network/x/a.go", "package p\nimport \"engawa/http\"\nvar _ = http.Get", 0},
		{"internal/fetch/a.go", web + "var _ = http.DefaultTransport", 0},
		{"internal/fetching/a.go", web + "var _ = http.DefaultTransport", 1},
		{"test/peers/a.go", web + "var _ = http.DefaultClient", 0},
		{"store/a.go", "package p\n" + long, 1},
		{"store/a_test.go", "package p\n" + long, 1},
		{"store/a.go", "// Code generated by x; DO NOT EDIT.\npackage p\n" + long, 0},
		{"store/a.go", "package", 1},
	} {
		if got := checkSource(c.path, []byte(c.src)); len(got) != c.broken {
			t.Errorf("%s %.60q: %q, want %d complaints", c.path, c.src, got, c.broken)
		}
	}
}
