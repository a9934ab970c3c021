// Package peers runs other people's fediverse servers for tests and steers them.
//
// The servers are the real thing, started on loopback under names that no DNS knows and with certificates of a
// throw-away authority, and ended with the test that started them.
package peers

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"engawa/internal/testca"
)

// patience is how long a peer may take to start, to answer and to receive what a test waits for.
const patience = 30 * time.Second

// Options say how a peer is called and whom it can reach.
type Options struct {
	Host       string            // its name, "fedify.test" when empty
	CA         *testca.CA        // the authority that all servers of the test trust; never nil
	Hosts      map[string]string // host name → "ip:port" of the others; more by [Peer.Route]
	People     []string          // names of its people, alice and bob when empty
	FirstKnock string            // the signature tried first: "rfc9421" (when empty) or "draft-cavage-http-signatures-12"
}

// Peer is a running server of somebody else's.
type Peer struct {
	Host string // its name in URIs and handles
	Addr string // "ip:port" where it serves TLS, for the other servers' host tables

	tb      testing.TB
	control string
}

// Fedify starts a Fedify server (folder fedify) and waits until it answers. Where its npm packages are not installed
// the test is skipped, or fails when CI is set.
func Fedify(tb testing.TB, o Options) *Peer {
	tb.Helper()
	if o.Host == "" {
		o.Host = "fedify.test"
	}
	if len(o.People) == 0 {
		o.People = []string{"alice", "bob"}
	}
	dir := installed(tb, "fedify", filepath.Join("node_modules", ".bin", "node"))
	files, err := o.CA.Write(tb.TempDir(), "peer", o.Host)
	if err != nil {
		tb.Fatal(err)
	}
	cmd := exec.Command(filepath.Join(dir, "node_modules", ".bin", "node"), "server.mjs")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "PEER_HOST="+o.Host, "PEER_CERT="+files.Cert, "PEER_KEY="+files.Key,
		"NODE_EXTRA_CA_CERTS="+files.CA, "PEER_HOSTS="+hostTable(o.Hosts), "PEER_PEOPLE="+strings.Join(o.People, ","),
		"PEER_FIRST_KNOCK="+o.FirstKnock)
	p := &Peer{Host: o.Host, tb: tb}
	p.start(cmd)
	return p
}

// start runs the program until the test ends and reads the addresses it prints when it is ready.
func (p *Peer) start(cmd *exec.Cmd) {
	p.tb.Helper()
	var said bytes.Buffer
	cmd.Stderr = &said
	lifeline, err := cmd.StdinPipe() // the server ends when this does, so it does not outlive a killed test
	if err != nil {
		p.tb.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		p.tb.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		p.tb.Fatalf("starting %s: %v", cmd.Path, err)
	}
	p.tb.Cleanup(func() {
		lifeline.Close()
		kill := time.AfterFunc(patience, func() { cmd.Process.Kill() })
		cmd.Wait()
		kill.Stop()
		if p.tb.Failed() && said.Len() > 0 {
			p.tb.Logf("%s said:\n%s", p.Host, said.String())
		}
	})
	kill := time.AfterFunc(patience, func() { cmd.Process.Kill() })
	line, err := bufio.NewReader(out).ReadBytes('\n')
	kill.Stop()
	var ready struct{ TLS, Control string }
	if err == nil {
		err = json.Unmarshal(line, &ready)
	}
	if err != nil {
		lifeline.Close()
		io.Copy(io.Discard, out)
		p.tb.Fatalf("%s did not become ready: %v (it printed %q)", p.Host, err, line)
	}
	p.Addr, p.control = ready.TLS, "http://"+ready.Control
}

// root is the folder of the project's go.mod.
func root(tb testing.TB) string {
	tb.Helper()
	dir, err := os.Getwd()
	if err != nil {
		tb.Fatal(err)
	}
	for ; !exists(filepath.Join(dir, "go.mod")); dir = filepath.Dir(dir) {
		if dir == filepath.Dir(dir) {
			tb.Fatal("no go.mod above the working directory: run the tests inside the project")
		}
	}
	return dir
}

// installed is the folder of a peer below test/peers with its npm packages in place: where the file proof is not in it
// the test is skipped, or fails when CI is set.
func installed(tb testing.TB, peer, proof string) string {
	tb.Helper()
	dir := filepath.Join(root(tb), "test", "peers", peer)
	if exists(filepath.Join(dir, proof)) {
		return dir
	}
	remedy := "the peer " + peer + " is not installed: run npm ci in test/peers/" + peer + " (make test does)"
	if os.Getenv("CI") != "" {
		tb.Fatal(remedy)
	}
	tb.Skip(remedy)
	return ""
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

func hostTable(hosts map[string]string) string {
	var entries []string
	for name, addr := range hosts {
		entries = append(entries, name+"="+addr)
	}
	slices.Sort(entries)
	return strings.Join(entries, ",")
}
