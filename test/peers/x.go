package peers

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// XClient drives a fake X at url with npm twitter-api-v2 (folder x) and reads
// what it got into out. keys are those of an app and an account, by the names
// of Login.Secret. Where the npm package is not installed the test is skipped,
// or fails when CI is set.
func XClient(tb testing.TB, url string, keys map[string]string, out any) {
	tb.Helper()
	dir := installed(tb, "x", filepath.Join("node_modules", "twitter-api-v2", "package.json"))
	secret, err := json.Marshal(keys)
	if err != nil {
		tb.Fatal(err)
	}
	cmd := exec.CommandContext(tb.Context(), "node", "drive.mjs")
	cmd.Dir, cmd.WaitDelay = dir, time.Second
	cmd.Env = append(os.Environ(), "X_FAKE="+url, "X_KEYS="+string(secret))
	var said bytes.Buffer
	cmd.Stderr = &said
	answer, err := cmd.Output()
	if err != nil {
		tb.Fatalf("twitter-api-v2: %v\n%s", err, said.String())
	}
	if err := json.Unmarshal(answer, out); err != nil {
		tb.Fatalf("twitter-api-v2 printed %q: %v", answer, err)
	}
}
