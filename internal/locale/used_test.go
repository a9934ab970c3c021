package locale

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// Every key that the module's code names in a call of locale.T exists.
func TestKeysInCodeExist(t *testing.T) {
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	err = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return nil // a folder that went away meanwhile
		}
		if d.IsDir() {
			if name := d.Name(); strings.HasPrefix(name, ".") || name == "node_modules" || name == "testdata" || name == "data" {
				return filepath.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			return nil // the compiler says it better
		}
		ast.Inspect(file, func(n ast.Node) bool {
			for _, field := range plainWords(n) {
				t.Errorf("%s: a LinkError's %s is no text of the catalogues; write locale.W(…)", path, field)
			}
			if e, ok := n.(ast.Expr); ok {
				if key, ok := literal(e); ok && linkKey.MatchString(key) && !Has(key) {
					t.Errorf("%s: no catalogue has %q", path, key)
				}
			}
			key, args, ok := saidKey(n)
			if !ok {
				return true
			}
			found++
			if !Has(key) {
				t.Errorf("%s: no catalogue has %q", path, key)
			}
			for _, name := range unsaid(key, args) {
				t.Errorf("%s: nothing is said for {%s} of %q", path, name, key)
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if found == 0 {
		t.Error("no call of locale.T was found: the search is broken")
	}
}

// linkKey are the keys that tables of networks hold.
var linkKey = regexp.MustCompile(`^(link\.(fail|do|bad)|own)\.[a-z0-9_]+$`)

// plainWords are the fields of a composite literal social.LinkError, or the
// arguments of who makes one, that hold English, which nobody else can read.
func plainWords(n ast.Node) (fields []string) {
	if call, ok := n.(*ast.CallExpr); ok {
		fun, ok := call.Fun.(*ast.SelectorExpr)
		if !ok || !slices.Contains([]string{"Fix", "Cannot", "Reconnect", "Said"}, fun.Sel.Name) {
			return nil
		}
		if pkg, ok := fun.X.(*ast.Ident); !ok || pkg.Name != "network" {
			return nil
		}
		if text, ok := literal(call.Args[0]); ok && text != "" {
			fields = append(fields, "message")
		}
		if text, ok := literal(call.Args[1]); ok && text != "" && fun.Sel.Name != "Said" {
			fields = append(fields, "remedy")
		}
		return fields
	}
	lit, ok := n.(*ast.CompositeLit)
	if !ok {
		return nil
	}
	if of, ok := lit.Type.(*ast.SelectorExpr); !ok || of.Sel.Name != "LinkError" {
		return nil
	}
	for _, e := range lit.Elts {
		kv, ok := e.(*ast.KeyValueExpr)
		if !ok {
			continue
		}
		name, ok := kv.Key.(*ast.Ident)
		if !ok || name.Name != "Message" && name.Name != "Remedy" {
			continue
		}
		switch v := kv.Value.(type) {
		case *ast.BasicLit:
			if v.Value == `""` {
				continue
			}
		case *ast.BinaryExpr:
		default:
			continue
		}
		fields = append(fields, name.Name)
	}
	return fields
}

// saidKey is the literal key of a call locale.T(lang, "key", …) or
// locale.W("key", …), and its arguments.
func saidKey(n ast.Node) (string, []ast.Expr, bool) {
	call, ok := n.(*ast.CallExpr)
	if !ok {
		return "", nil, false
	}
	fun, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return "", nil, false
	}
	at := map[string]int{"W": 0, "T": 1}
	i, ok := at[fun.Sel.Name]
	if pkg, is := fun.X.(*ast.Ident); !ok || !is || pkg.Name != "locale" || len(call.Args) <= i {
		return "", nil, false
	}
	key, ok := literal(call.Args[i])
	if call.Ellipsis.IsValid() || fun.Sel.Name == "T" {
		return key, nil, ok
	}
	return key, append([]ast.Expr{}, call.Args[i+1:]...), ok
}

// unsaid are the placeholders of a key that are not among the literal names of
// a call's arguments; nil arguments are not known.
func unsaid(key string, args []ast.Expr) (names []string) {
	if args == nil {
		return nil
	}
	given := map[string]bool{}
	for i := 0; i+1 < len(args); i += 2 {
		name, ok := literal(args[i])
		if !ok {
			return nil
		}
		given[name] = true
	}
	for _, name := range Placeholders(English, key) {
		if !given[name] {
			names = append(names, name)
		}
	}
	return names
}

func literal(e ast.Expr) (string, bool) {
	lit, ok := e.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return "", false
	}
	s, err := strconv.Unquote(lit.Value)
	return s, err == nil
}
