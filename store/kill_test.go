package store

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"engawa/social"
)

// TestKilledProcessLosesNothing kills a process like this one in the middle of
// its writes: every write that it told of is there.
func TestKilledProcessLosesNothing(t *testing.T) {
	if path := os.Getenv("STORE_VICTIM"); path != "" {
		writeUntilKilled(t, path)
	}
	path := filepath.Join(t.TempDir(), "engawa.db")
	victim := exec.Command(os.Args[0], "-test.run=^TestKilledProcessLosesNothing$")
	victim.Env = append(os.Environ(), "STORE_VICTIM="+path)
	out, err := victim.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := victim.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	var told []string
	for lines.Scan() {
		told = append(told, lines.Text())
		if len(told) == 200 {
			if err := victim.Process.Kill(); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := victim.Wait(); err == nil || len(told) < 200 {
		t.Fatalf("the victim ended by itself after %d writes: %v", len(told), err)
	}
	d := openDesk(t, "sqlite:"+path)
	for i, uri := range told {
		if i == len(told)-1 && !strings.HasSuffix(uri, "!") {
			continue // cut off in the middle
		}
		n, err := one(d.ctx, &d.reader, scanInt, "select count(*) from seen where uri = $1", uri)
		if err != nil || *n != 1 {
			t.Errorf("%q was acknowledged and is lost: %v", uri, err)
		}
	}
	check, err := one(d.ctx, &d.reader, scanText, "pragma integrity_check")
	if err != nil || *check != "ok" {
		t.Errorf("integrity: %v, %v", check, err)
	}
}

// writeUntilKilled writes with four hands and tells of each write that was acknowledged.
func writeUntilKilled(t *testing.T, path string) {
	d := openDesk(t, "sqlite:"+path)
	told := make(chan string)
	for hand := range 4 {
		go func() {
			for i := 0; ; i++ {
				uri := fmt.Sprintf("%d-%d!", hand, i)
				err := d.Write(d.ctx, func(tx social.Tx) error {
					_, err := tx.Seen(d.ctx, uri, testNow)
					return err
				})
				if err == nil {
					told <- uri
				}
			}
		}()
	}
	for uri := range told {
		os.Stdout.WriteString(uri + "\n")
	}
}
