package testpg_test

import (
	"context"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"engawa/internal/testpg"

	"github.com/jackc/pgx/v5"
)

func connect(t *testing.T, dsn string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close(context.Background()) })
	return conn
}

func TestEveryTestHasADatabaseOfItsOwn(t *testing.T) {
	one, two := connect(t, testpg.Start(t)), connect(t, testpg.Start(t))
	for _, conn := range []*pgx.Conn{one, two} {
		if _, err := conn.Exec(t.Context(), "create table same (id bigint)"); err != nil {
			t.Fatal(err)
		}
	}
	var encoding, ctype string
	err := one.QueryRow(t.Context(),
		"select pg_encoding_to_char(encoding), datctype from pg_database where datname = current_database()").Scan(&encoding, &ctype)
	if err != nil {
		t.Fatal(err)
	}
	if encoding != "UTF8" || ctype != "C.UTF-8" {
		t.Errorf("encoding %s, lc_ctype %s: want UTF8, C.UTF-8", encoding, ctype)
	}
}

func TestADatabaseGoesWithItsTest(t *testing.T) {
	var gone string
	t.Run("inner", func(t *testing.T) {
		gone = testpg.Start(t)
		if _, err := pgx.Connect(t.Context(), gone); err != nil { // left open on purpose
			t.Fatal(err)
		}
	})
	if conn, err := pgx.Connect(t.Context(), gone); err == nil {
		conn.Close(t.Context())
		t.Errorf("%s still answers after its test", gone)
	}
}

// The test kills a process like itself that holds a server, and waits until the server's folder is gone.
func TestTheServerGoesWithAKilledProcess(t *testing.T) {
	if os.Getenv("TESTPG_VICTIM") != "" {
		os.Stdout.WriteString(testpg.Start(t) + "\n")
		select {}
	}
	if os.Getenv(testpg.Env) != "" {
		t.Skipf("%s is set: no server of our own to kill", testpg.Env)
	}
	testpg.Start(t) // skips where there is no PostgreSQL
	victim := exec.Command(os.Args[0], "-test.run=^TestTheServerGoesWithAKilledProcess$")
	victim.Env = append(os.Environ(), "TESTPG_VICTIM=1")
	out, err := victim.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := victim.Start(); err != nil {
		t.Fatal(err)
	}
	line := make([]byte, 4096)
	n, err := out.Read(line)
	if err != nil {
		t.Fatal(err)
	}
	config, err := pgx.ParseConfig(strings.TrimSpace(string(line[:n])))
	if err != nil {
		t.Fatalf("the victim printed %q: %v", line[:n], err)
	}
	if err := victim.Process.Signal(syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	victim.Wait()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	deadline := time.After(20 * time.Second)
	for {
		if _, err := os.Stat(config.Host); os.IsNotExist(err) {
			return
		}
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("%s is still there 20 s after the process was killed", config.Host)
		}
	}
}

func BenchmarkDatabase(b *testing.B) {
	testpg.Start(b)
	for b.Loop() {
		testpg.Start(b)
	}
}
