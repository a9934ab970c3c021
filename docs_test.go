package engawa_test

import (
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
)

// claims are the documents that name tests, and how many at least.
var claims = []struct {
	file  string
	least int
}{
	{"FEDERATION.md", 40},
	{"docs/threats.md", 120},
	{"docs/ttrelay.md", 40},
	{"docs/mastodon-api.md", 200},
}

var named = regexp.MustCompile("`((?:Test|Fuzz)[A-Z][A-Za-z0-9]+)`")

// testsHere are the names of all tests and fuzz targets.
func testsHere(t *testing.T) map[string]bool {
	t.Helper()
	out, err := exec.Command("git", "grep", "-hoE", `^func (Test|Fuzz)[A-Za-z0-9]+`, "--", "*_test.go").Output()
	if err != nil {
		t.Fatalf("git grep: %v", err)
	}
	there := map[string]bool{}
	for line := range strings.Lines(string(out)) {
		there[strings.TrimSpace(strings.TrimPrefix(line, "func "))] = true
	}
	return there
}

// TestDocumentsNameTests: each claim links to a test that exists.
func TestDocumentsNameTests(t *testing.T) {
	there := testsHere(t)
	for _, c := range claims {
		text, err := os.ReadFile(c.file)
		if err != nil {
			t.Fatal(err)
		}
		names := named.FindAllStringSubmatch(string(text), -1)
		if len(names) < c.least {
			t.Errorf("%s names only %d tests, want %d", c.file, len(names), c.least)
		}
		for _, n := range names {
			if !there[n[1]] {
				t.Errorf("%s names %s, which is no test", c.file, n[1])
			}
		}
	}
}

// TestTtRelayIsAnswered: each behaviour of ttRelay has one row, and each row a
// test; TestDocumentsNameTests sees that they exist.
func TestTtRelayIsAnswered(t *testing.T) {
	text, err := os.ReadFile("docs/ttrelay.md")
	if err != nil {
		t.Fatal(err)
	}
	const last = 18
	for n := range last {
		row := regexp.MustCompile(fmt.Sprintf(`(?m)^\| %d \|.*$`, n+1)).FindAllString(string(text), -1)
		if len(row) != 1 {
			t.Errorf("behaviour %d has %d rows, want 1", n+1, len(row))
			continue
		}
		cells := strings.Split(row[0], " | ")
		if len(cells) != 5 || !named.MatchString(cells[4]) {
			t.Errorf("row %d wants five cells, the last with a test: %s", n+1, row[0])
		}
	}
}

// TestThreatsAreAnswered: each number of the catalogue has one row, with a test
// or with the reason why it has none.
func TestThreatsAreAnswered(t *testing.T) {
	text, err := os.ReadFile("docs/threats.md")
	if err != nil {
		t.Fatal(err)
	}
	const last = 80
	for n := range last {
		row := regexp.MustCompile(fmt.Sprintf(`(?m)^\| T%d \|.*$`, n+1)).FindAllString(string(text), -1)
		if len(row) != 1 {
			t.Errorf("T%d has %d rows, want 1", n+1, len(row))
			continue
		}
		if !named.MatchString(row[0]) && !strings.Contains(row[0], "does not apply yet: ") {
			t.Errorf("T%d has neither a test nor a reason: %s", n+1, row[0])
		}
	}
}
