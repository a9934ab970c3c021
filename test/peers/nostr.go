package peers

import (
	"bufio"
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// NostrRelay is khatru, a real relay, in memory on loopback.
type NostrRelay struct {
	URL string // ws://127.0.0.1:port
}

// Nostr builds and starts a relay that ends with the test; with auth set it
// takes and gives nothing before NIP-42. Where the module of the relay cannot
// be had the test is skipped, or fails when CI is set.
func Nostr(tb testing.TB, auth bool) *NostrRelay {
	tb.Helper()
	binary := filepath.Join(tb.TempDir(), "relay")
	if said, err := buildRelay(installed(tb, "nostr", "go.mod"), binary); err != nil {
		if os.Getenv("CI") != "" {
			tb.Fatalf("building test/peers/nostr: %v\n%s", err, said)
		}
		tb.Skipf("test/peers/nostr cannot be built: %v (go mod download in that folder brings its modules)\n%s", err, said)
	}
	cmd := exec.Command(binary)
	if auth {
		cmd.Env = append(os.Environ(), "RELAY_AUTH=1")
	}
	var said bytes.Buffer
	cmd.Stderr = &said
	lifeline, err := cmd.StdinPipe() // the relay ends when this does
	if err != nil {
		tb.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		tb.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		tb.Fatalf("starting %s: %v", cmd.Path, err)
	}
	kill := time.AfterFunc(patience, func() { cmd.Process.Kill() })
	tb.Cleanup(func() {
		lifeline.Close()
		kill := time.AfterFunc(patience, func() { cmd.Process.Kill() })
		cmd.Wait()
		kill.Stop()
	})
	line, err := bufio.NewReader(out).ReadBytes('\n')
	kill.Stop()
	var ready struct{ URL string }
	if err == nil {
		err = json.Unmarshal(line, &ready)
	}
	if err != nil {
		tb.Fatalf("the relay did not become ready: %v (it said %s)", err, said.String())
	}
	return &NostrRelay{URL: ready.URL}
}

// buildRelay compiles the nested module in dir, which takes a minute when Go's cache is cold.
func buildRelay(dir, binary string) (said []byte, err error) {
	cmd := exec.Command("go", "build", "-o", binary, ".")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=-mod=readonly")
	return cmd.CombinedOutput()
}
