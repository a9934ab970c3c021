package peers

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"engawa/internal/testpg"
)

// startup is how long a whole network may take to come up on a busy machine.
const startup = 2 * time.Minute

// BlueskyNetwork is a running Bluesky: all addresses are URLs on loopback, over http.
type BlueskyNetwork struct {
	PDS     string
	PLC     string
	AppView string

	tb      testing.TB
	control string
	people  atomic.Int64
}

// BlueskyPerson is an account on the network's PDS.
type BlueskyPerson struct {
	DID         string
	Handle      string
	Password    string // of the account, for the OAuth pages
	AppPassword string
	token       string
}

// Bluesky starts a Bluesky network (folder bluesky: PLC, PDS with OAuth, AppView; on a PostgreSQL of internal/testpg)
// and waits until it answers, some ten seconds. Where its npm packages are not installed the test is skipped, or fails
// when CI is set. hosts, "name=ip:port", are homes of the test: the network brings its requests for https://name there,
// over http.
func Bluesky(tb testing.TB, hosts ...string) *BlueskyNetwork {
	tb.Helper()
	dir := installed(tb, "bluesky", filepath.Join("node_modules", "@atproto", "dev-env", "package.json"))
	cmd := exec.Command("node", "network.mjs")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "PEER_POSTGRES="+nodePostgres(tb, testpg.Start(tb)), "PEER_HOSTS="+strings.Join(hosts, ","), "TMPDIR="+tb.TempDir())
	n := &BlueskyNetwork{tb: tb}
	n.start(cmd)
	return n
}

// nodePostgres writes a URL of PostgreSQL as Node's client wants it: it knows unix sockets by a scheme of their own.
func nodePostgres(tb testing.TB, dsn string) string {
	tb.Helper()
	u, err := url.Parse(dsn)
	if err != nil {
		tb.Fatal(err)
	}
	folder := u.Query().Get("host")
	if folder == "" {
		return dsn
	}
	return "socket:" + folder + "?" + url.Values{"db": {strings.TrimPrefix(u.Path, "/")}, "user": {u.User.Username()}}.Encode()
}

// start runs the program until the test ends.
func (n *BlueskyNetwork) start(cmd *exec.Cmd) {
	n.tb.Helper()
	var said bytes.Buffer
	cmd.Stderr = &said
	lifeline, err := cmd.StdinPipe() // the network ends when this does, so it does not outlive a killed test
	if err != nil {
		n.tb.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		n.tb.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		n.tb.Fatalf("starting the Bluesky network: %v", err)
	}
	n.tb.Cleanup(func() {
		lifeline.Close()
		kill := time.AfterFunc(patience, func() { cmd.Process.Kill() })
		cmd.Wait()
		kill.Stop()
		if n.tb.Failed() && said.Len() > 0 {
			n.tb.Logf("the Bluesky network said:\n%s", said.String())
		}
	})
	kill := time.AfterFunc(startup, func() { cmd.Process.Kill() })
	line, err := bufio.NewReader(out).ReadBytes('\n')
	kill.Stop()
	var ready struct{ PDS, PLC, AppView, Control string }
	if err == nil {
		err = json.Unmarshal(line, &ready)
	}
	if err != nil {
		lifeline.Close()
		io.Copy(io.Discard, out)
		n.tb.Fatalf("the Bluesky network did not become ready: %v (it printed %q)", err, line)
	}
	n.PDS, n.PLC, n.AppView, n.control = ready.PDS, ready.PLC, ready.AppView, ready.Control
}

// Settle waits until the AppView has taken in all that the PDS wrote.
func (n *BlueskyNetwork) Settle() {
	n.tb.Helper()
	n.call(http.MethodPost, n.control+"/settle", "", nil, nil)
}

// Person makes an account name.test with an app password.
func (n *BlueskyNetwork) Person(name string) *BlueskyPerson {
	n.tb.Helper()
	p := &BlueskyPerson{Handle: name + ".test", Password: "password of " + name}
	var account struct{ DID, AccessJwt string }
	n.call(http.MethodPost, n.PDS+"/xrpc/com.atproto.server.createAccount", "", map[string]string{
		"handle": p.Handle, "email": fmt.Sprintf("%s.%d@mail.test", name, n.people.Add(1)), "password": p.Password}, &account)
	p.DID, p.token = account.DID, account.AccessJwt
	var made struct{ Password string }
	n.Call(p, http.MethodPost, "com.atproto.server.createAppPassword", map[string]string{"name": "engawa"}, &made)
	p.AppPassword = made.Password
	return p
}

// Call asks the PDS as p, as another client would: in is the JSON body of a procedure, method GET puts the query behind
// the name.
func (n *BlueskyNetwork) Call(p *BlueskyPerson, method, xrpc string, in, out any) {
	n.tb.Helper()
	n.call(method, n.PDS+"/xrpc/"+xrpc, p.token, in, out)
}

func (n *BlueskyNetwork) call(method, address, token string, in, out any) {
	n.tb.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	var body io.Reader
	if in != nil {
		b, err := json.Marshal(in)
		if err != nil {
			n.tb.Fatal(err)
		}
		body = bytes.NewReader(b)
	}
	req, err := http.NewRequestWithContext(ctx, method, address, body)
	if err != nil {
		n.tb.Fatal(err)
	}
	if in != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		n.tb.Fatal(err)
	}
	defer resp.Body.Close()
	said, err := io.ReadAll(io.LimitReader(resp.Body, 4<<20))
	if err == nil && resp.StatusCode/100 == 2 && out != nil {
		err = json.Unmarshal(said, out)
	}
	if err != nil || resp.StatusCode/100 != 2 {
		n.tb.Fatalf("%s %s: %s %v\n%s", method, address, resp.Status, err, said)
	}
}
