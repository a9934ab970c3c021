package store

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// TestNumbersAscend holds every text with $1 … $n to the rule that first
// appearances ascend: a driver that numbers by appearance binds the same.
func TestNumbersAscend(t *testing.T) {
	files := token.NewFileSet()
	//lint:ignore SA1019 one folder without build tags is all there is to read
	packages, err := parser.ParseDir(files, ".", func(f fs.FileInfo) bool { return !strings.HasSuffix(f.Name(), "_test.go") }, 0)
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, p := range packages {
		ast.Inspect(p, func(n ast.Node) bool {
			lit, ok := n.(*ast.BasicLit)
			if !ok || lit.Kind != token.STRING {
				return true
			}
			if numbers := firstAppearances(lit.Value); len(numbers) > 0 {
				seen++
				for i := 1; i < len(numbers); i++ {
					if numbers[i] < numbers[i-1] {
						t.Errorf("%s: $%d comes first after $%d", files.Position(lit.Pos()), numbers[i], numbers[i-1])
					}
				}
			}
			return true
		})
	}
	if seen < 50 {
		t.Errorf("only %d texts with arguments were found: the test looks in the wrong place", seen)
	}
}

var argument = regexp.MustCompile(`\$(\d+)`)

func firstAppearances(text string) []int {
	var numbers []int
	known := map[int]bool{}
	for _, m := range argument.FindAllStringSubmatch(text, -1) {
		n, err := strconv.Atoi(m[1])
		if err == nil && !known[n] {
			known[n] = true
			numbers = append(numbers, n)
		}
	}
	return numbers
}
