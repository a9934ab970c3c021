package relay

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// TestRelayDocument: every rule in docs/relay.md is taken as it stands, without
// a warning, and every field of a rule is told of, in the table and in an example.
func TestRelayDocument(t *testing.T) {
	raw, err := os.ReadFile("../docs/relay.md")
	if err != nil {
		t.Fatal(err)
	}
	blocks := regexp.MustCompile("(?s)```toml\n(.*?)```").FindAllStringSubmatch(string(raw), -1)
	if len(blocks) < 4 {
		t.Fatalf("only %d examples were found", len(blocks))
	}
	all := ""
	for _, b := range blocks {
		book, problems := Parse(b[1])
		if len(problems) > 0 || len(book.Rules) == 0 {
			t.Errorf("%s\nis refused: %v", b[1], problems)
			continue
		}
		if warnings := CheckAlone(book); len(warnings) > 0 {
			t.Errorf("%s\nis warned of: %v", b[1], warnings)
		}
		all += b[1]
	}
	for _, f := range fields {
		if !strings.Contains(string(raw), "| `"+f.key+"` |") {
			t.Errorf("docs/relay.md does not tell of %s", f.key)
		}
		if !strings.Contains(all, "\n"+f.key+" = ") {
			t.Errorf("no example of docs/relay.md has %s", f.key)
		}
	}
}
