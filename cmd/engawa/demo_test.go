package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"engawa/internal/demo"
)

// demoPatience bounds what the demo may take on a busy machine; on an idle one
// it is ready in a few seconds.
const demoPatience = 90 * time.Second

// runningDemo is a demo in a process of its own.
type runningDemo struct {
	t      *testing.T
	cmd    *exec.Cmd
	tmp    string
	stderr bytes.Buffer
	out    demoInvitation
}

func startDemo(t *testing.T) *runningDemo {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), demoPatience)
	t.Cleanup(cancel)
	r := &runningDemo{t: t, tmp: t.TempDir()}
	r.cmd = exec.CommandContext(ctx, "engawa", "demo", "--json", "--port", "0")
	r.cmd.Env = append(os.Environ(), "TMPDIR="+r.tmp)
	r.cmd.Stderr = &r.stderr
	stdout, err := r.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	if err := r.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(stdout).ReadBytes('\n')
	if err != nil {
		_ = r.cmd.Wait()
		t.Fatalf("the demo said nothing: %v, stderr %q", err, &r.stderr)
	}
	if err := json.Unmarshal(line, &r.out); err != nil {
		t.Fatalf("%v in %q", err, line)
	}
	t.Logf("ready after %s", time.Since(began).Round(time.Millisecond))
	return r
}

// ask calls the API of a home as its guide and decodes the answer.
func (r *runningDemo) ask(h demoHome, method, path string, form url.Values, into any) {
	r.t.Helper()
	req, err := http.NewRequestWithContext(r.t.Context(), method, h.URL+path, strings.NewReader(form.Encode()))
	if err != nil {
		r.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+h.Token)
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	resp, err := demoClient.Do(req)
	if err != nil {
		r.t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		r.t.Fatalf("%s %s%s: %s %v: %s", method, h.URL, path, resp.Status, err, body)
	}
	if err := json.Unmarshal(body, into); err != nil {
		r.t.Fatalf("%s%s: %v in %s", h.URL, path, err, body)
	}
}

// loopback dials names below localhost where the resolver knows none.
func loopback(ctx context.Context, network, address string) (net.Conn, error) {
	_, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	return new(net.Dialer).DialContext(ctx, network, net.JoinHostPort("127.0.0.1", port))
}

var demoClient = &http.Client{Transport: &http.Transport{DialContext: loopback, DisableKeepAlives: true}}

// listen opens the stream of a home's guide.
func (r *runningDemo) listen(h demoHome) *websocket.Conn {
	r.t.Helper()
	dialer := websocket.Dialer{NetDialContext: loopback}
	address := "ws" + strings.TrimPrefix(h.URL, "http") + "/api/v1/streaming?stream=user&access_token=" + url.QueryEscape(h.Token)
	conn, resp, err := dialer.DialContext(r.t.Context(), address, nil)
	if err != nil {
		r.t.Fatalf("%s: %v", address, err)
	}
	_ = resp.Body.Close()
	r.t.Cleanup(func() { _ = conn.Close() })
	if err := conn.SetReadDeadline(time.Now().Add(demoPatience / 2)); err != nil {
		r.t.Fatal(err)
	}
	return conn
}

// demoStatus is what the test looks at in a status.
type demoStatus struct {
	Content string `json:"content"`
	Account struct {
		Acct string `json:"acct"`
	} `json:"account"`
	Media []struct {
		Description string `json:"description"`
		PreviewURL  string `json:"preview_url"`
	} `json:"media_attachments"`
	Poll *struct {
		VotesCount int `json:"votes_count"`
	} `json:"poll"`
	Reblog *demoStatus `json:"reblog"`
}

// update waits for a new status that fits.
func (r *runningDemo) update(conn *websocket.Conn, fits func(*demoStatus) bool) {
	r.t.Helper()
	for {
		var event struct{ Event, Payload string }
		if err := conn.ReadJSON(&event); err != nil {
			r.t.Fatalf("the stream ended: %v", err)
		}
		if event.Event != "update" {
			continue
		}
		var s demoStatus
		if err := json.Unmarshal([]byte(event.Payload), &s); err != nil {
			r.t.Fatal(err)
		}
		if fits(&s) {
			return
		}
	}
}

// end sends SIGTERM, and SIGINT after it as an impatient person does, and looks
// at what is left.
func (r *runningDemo) end() {
	r.t.Helper()
	for _, s := range []syscall.Signal{syscall.SIGTERM, syscall.SIGINT} {
		if err := r.cmd.Process.Signal(s); err != nil {
			r.t.Fatal(err)
		}
	}
	began := time.Now()
	if err := r.cmd.Wait(); err != nil {
		r.t.Errorf("the demo ended with %v, stderr %q", err, &r.stderr)
	}
	if took := time.Since(began); took > 5*time.Second {
		r.t.Errorf("the end took %s", took)
	}
	if r.stderr.Len() > 0 {
		r.t.Errorf("stderr %q", &r.stderr)
	}
	if left, err := os.ReadDir(r.tmp); err != nil || len(left) > 0 {
		r.t.Errorf("left behind: %v %v", left, err)
	}
	for _, h := range append(r.out.Homes, r.out.demoHome) {
		_, port, _ := strings.Cut(h.Domain, ":")
		l, err := net.Listen("tcp", "127.0.0.1:"+port)
		if err != nil {
			r.t.Errorf("the port of %s is still taken: %v", h.Name, err)
			continue
		}
		_ = l.Close()
	}
}

// TestDemo lives in the demo as a newcomer does.
func TestDemo(t *testing.T) {
	r := startDemo(t)
	if !strings.HasPrefix(r.out.Data, r.tmp) || len(r.out.Homes) != len(demo.Houses)-1 {
		t.Fatalf("%+v", r.out)
	}
	r.checkHome()
	here, there := r.listen(r.out.demoHome), r.listen(r.out.Homes[0])
	const words = "The garden smells of rain today."
	var posted demoStatus
	r.ask(r.out.demoHome, http.MethodPost, "/api/v1/statuses", url.Values{"status": {words}}, &posted)
	r.update(there, func(s *demoStatus) bool { return strings.Contains(s.Content, words) })
	var arrived []demoStatus
	r.ask(r.out.Homes[0], http.MethodGet, "/api/v1/timelines/home?limit=40", nil, &arrived)
	if !hasStatus(arrived, func(s *demoStatus) bool {
		return strings.Contains(s.Content, words) && s.Account.Acct == demo.Visitor+"@"+r.out.Domain
	}) {
		t.Errorf("%q did not arrive at %s", words, r.out.Homes[0].Name)
	}
	r.update(here, func(s *demoStatus) bool { return s.Account.Acct != demo.Visitor })
	r.end()
}

// checkHome looks at what the first home shows when the demo says it is ready.
func (r *runningDemo) checkHome() {
	r.t.Helper()
	var home []demoStatus
	r.ask(r.out.demoHome, http.MethodGet, "/api/v1/timelines/home?limit=40", nil, &home)
	for _, h := range r.out.Homes {
		if !hasStatus(home, func(s *demoStatus) bool { return strings.HasSuffix(s.Account.Acct, "@"+h.Domain) }) {
			r.t.Errorf("nothing of %s among %d posts", h.Name, len(home))
		}
	}
	pictured := func(s *demoStatus) bool { return len(s.Media) > 0 && s.Media[0].Description != "" }
	if !hasStatus(home, func(s *demoStatus) bool { return pictured(s) && strings.Contains(s.Account.Acct, "@") }) {
		r.t.Error("no picture came from another home")
	}
	voted := func(s *demoStatus) bool { return s.Poll != nil && s.Poll.VotesCount > 0 }
	if !hasStatus(home, voted) {
		r.t.Error("no poll has votes")
	}
}

func hasStatus(all []demoStatus, fits func(*demoStatus) bool) bool {
	for i := range all {
		if fits(&all[i]) || all[i].Reblog != nil && fits(all[i].Reblog) {
			return true
		}
	}
	return false
}

// TestDemoPorts: a port that somebody asked for is used or refused, another one
// is replaced where it is taken.
func TestDemoPorts(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	port := taken.Addr().(*net.TCPAddr).Port
	if _, err := demoPorts(&port, 3); err == nil || !strings.Contains(err.Error(), "--port") {
		t.Errorf("a taken port gave %v", err)
	}
	for _, wrong := range []int{-1, 65536} {
		if _, err := demoPorts(&wrong, 3); err == nil {
			t.Errorf("port %d was taken for one", wrong)
		}
	}
	zero := 0
	for _, wanted := range []*int{nil, &zero} {
		ports, err := demoPorts(wanted, 3)
		if err != nil || len(ports) != 3 || ports[0] == ports[1] || ports[1] == ports[2] || ports[0] == ports[2] {
			t.Errorf("%v %v", ports, err)
		}
	}
}
