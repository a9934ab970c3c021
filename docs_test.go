package engawa_test

import (
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
)

// TestFederationNamesTests: each claim of FEDERATION.md links to a test that exists.
func TestFederationNamesTests(t *testing.T) {
	text, err := os.ReadFile("FEDERATION.md")
	if err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("git", "grep", "-hoE", `^func Test[A-Za-z0-9]+`, "--", "*_test.go").Output()
	if err != nil {
		t.Fatalf("git grep: %v", err)
	}
	there := map[string]bool{}
	for _, line := range strings.Fields(string(out)) {
		there[line] = true
	}
	names := regexp.MustCompile("`(Test[A-Za-z0-9]+)`").FindAllStringSubmatch(string(text), -1)
	if len(names) < 40 {
		t.Fatalf("only %d tests are named", len(names))
	}
	for _, n := range names {
		if !there[n[1]] {
			t.Errorf("FEDERATION.md names %s, which is no test", n[1])
		}
	}
}
