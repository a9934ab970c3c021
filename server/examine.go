package server

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sys/unix"

	"engawa/internal/fetch"
)

// State is how a check came out.
type State string

// The states.
const (
	OK   State = "ok"
	Warn State = "warn"
	Fail State = "fail"
)

// Finding is one line of the doctor.
type Finding struct {
	State   State  `json:"state"`
	Subject string `json:"subject"`
	Text    string `json:"text"`
	Remedy  string `json:"remedy,omitempty"`
}

// checks is the table of what the doctor looks at, in this order.
var checks = []struct {
	subject string
	online  bool
	run     func(context.Context, *patient) Finding
}{
	{"domain", false, checkDomain},
	{"tls", false, checkTLS},
	{"proxy", false, checkProxy},
	{"disk", false, checkDisk},
	{"keys", false, checkKeys},
	{"database", false, checkDatabase},
	{"objects", false, checkObjects},
	{"webfinger", true, checkWebFinger},
	{"clock", true, checkClock},
}

// patient is what the checks look at. server is nil when the home could not be opened.
type patient struct {
	cfg    *Config
	server *Server
	broken error
}

// Examine runs the checks; those that ask from outside only with online.
func Examine(ctx context.Context, cfg *Config, log *slog.Logger, online bool) []Finding {
	p := &patient{cfg: cfg}
	p.server, p.broken = Open(ctx, cfg, log, Build{Version: "doctor"})
	if p.server != nil {
		defer p.server.Close()
	}
	var out []Finding
	for _, c := range checks {
		if c.online && !online {
			continue
		}
		f := c.run(ctx, p)
		f.Subject = c.subject
		out = append(out, f)
	}
	return out
}

func checkDomain(_ context.Context, p *patient) Finding {
	if p.cfg.Domain == "localhost" {
		return Finding{State: Warn, Text: "the domain is localhost", Remedy: "set ENGAWA_DOMAIN before the first post: it is in every address and cannot be changed later"}
	}
	return Finding{State: OK, Text: p.cfg.Domain + ", served at " + p.cfg.URL}
}

func checkTLS(_ context.Context, p *patient) Finding {
	base := p.cfg.BaseURL()
	switch {
	case p.cfg.TLS == "off" && base.Scheme == "https":
		return Finding{State: OK, Text: "off here; a proxy in front must do it, since the address is https"}
	case p.cfg.TLS == "off":
		return Finding{State: Warn, Text: "plain http", Remedy: "other homes and apps need https: set ENGAWA_URL to https and put a proxy in front, or ENGAWA_TLS=acme"}
	}
	return Finding{State: OK, Text: p.cfg.TLS}
}

func checkProxy(_ context.Context, p *patient) Finding {
	if p.cfg.TLS == "off" && p.cfg.BaseURL().Scheme == "https" && len(p.cfg.TrustedProxies) == 0 && p.cfg.Listen.Network != "unix" {
		return Finding{State: Warn, Text: "no proxy is trusted", Remedy: "set ENGAWA_TRUSTED_PROXIES to the proxy's address, or all visitors look like one and share its rate limits"}
	}
	return Finding{State: OK, Text: fmt.Sprintf("%d networks trusted", len(p.cfg.TrustedProxies))}
}

func checkDisk(_ context.Context, p *patient) Finding {
	var st unix.Statfs_t
	if err := unix.Statfs(p.cfg.Data, &st); err != nil {
		return Finding{State: Fail, Text: "the data folder cannot be looked at: " + err.Error(), Remedy: "check ENGAWA_DATA and its owner"}
	}
	free := st.Bavail * uint64(st.Bsize)
	text := fmt.Sprintf("%.1f GiB free in %s", float64(free)/(1<<30), p.cfg.Data)
	switch {
	case free < 256<<20:
		return Finding{State: Fail, Text: text, Remedy: "make room: below 256 MiB posts may not be stored any more"}
	case free < 2<<30:
		return Finding{State: Warn, Text: text, Remedy: "make room soon"}
	}
	return Finding{State: OK, Text: text}
}

func checkKeys(_ context.Context, p *patient) Finding {
	path := p.cfg.DataPath(masterFile)
	info, err := os.Stat(path)
	if err != nil {
		return Finding{State: Fail, Text: "the master key is missing: " + path, Remedy: "put it back from its backup, or start the server once to make one for a new home"}
	}
	if info.Mode().Perm()&0o077 != 0 {
		return Finding{State: Warn, Text: "others can read " + path, Remedy: "chmod 600 " + path}
	}
	return Finding{State: OK, Text: path + "; keep a copy apart from the database"}
}

func checkDatabase(ctx context.Context, p *patient) Finding {
	if p.broken != nil {
		return Finding{State: Fail, Text: p.broken.Error(), Remedy: "check ENGAWA_DATABASE and that the folder or server can be reached"}
	}
	counts, err := p.server.store.JobCounts(ctx)
	if err != nil {
		return Finding{State: Fail, Text: err.Error(), Remedy: "check that the database answers"}
	}
	if dead := counts["dead"]; dead > 0 {
		return Finding{State: Warn, Text: fmt.Sprintf("%s; %d jobs were given up", p.cfg.Database, dead), Remedy: "see /metrics and the log for the hosts concerned"}
	}
	return Finding{State: OK, Text: p.cfg.Database.String()}
}

func checkObjects(_ context.Context, p *patient) Finding {
	if p.cfg.Objects.S3 != nil {
		return Finding{State: Fail, Text: "objects in S3 are not supported yet", Remedy: "leave ENGAWA_OBJECTS at a folder"}
	}
	probe := filepath.Join(p.cfg.Objects.Dir, ".doctor")
	if err := os.WriteFile(probe, nil, 0o600); err != nil {
		return Finding{State: Fail, Text: "files cannot be written: " + err.Error(), Remedy: "check the owner of " + p.cfg.Objects.Dir}
	}
	_ = os.Remove(probe)
	return Finding{State: OK, Text: p.cfg.Objects.Dir}
}

func checkWebFinger(ctx context.Context, p *patient) Finding {
	if p.server == nil {
		return Finding{State: Fail, Text: "the home could not be opened"}
	}
	actor, err := p.server.Home.Store.ServerActor(ctx, p.server.Home.Info.ID)
	if err != nil {
		return Finding{State: Fail, Text: err.Error()}
	}
	scheme := p.cfg.BaseURL().Scheme
	ask := scheme + "://" + p.cfg.Domain + "/.well-known/webfinger?resource=" + url.QueryEscape("acct:"+actor.Handle())
	resp, err := p.server.fetch.Get(ctx, ask, fetch.Options{Accept: "application/jrd+json"})
	if err != nil {
		return Finding{State: Fail, Text: ask + ": " + err.Error(), Remedy: "let " + p.cfg.Domain + " answer /.well-known/webfinger, or redirect it to " + p.cfg.URL}
	}
	var jrd struct{ Subject string }
	if json.Unmarshal(resp.Body, &jrd) != nil || jrd.Subject != "acct:"+actor.Handle() {
		return Finding{State: Fail, Text: ask + " is answered by another program", Remedy: "point the proxy at this home"}
	}
	return Finding{State: OK, Text: "answers as seen from outside"}
}

// maxSkew is how wrong the clock may be before signatures are refused elsewhere.
const maxSkew = 2 * time.Minute

func checkClock(ctx context.Context, p *patient) Finding {
	if p.server == nil {
		return Finding{State: Fail, Text: "the home could not be opened"}
	}
	resp, err := p.server.fetch.Get(ctx, p.cfg.URL+"/livez", fetch.Options{})
	if err != nil {
		return Finding{State: Fail, Text: p.cfg.URL + "/livez: " + err.Error(), Remedy: "check DNS, the router and the proxy"}
	}
	there, err := time.Parse(time.RFC1123, resp.Header.Get("Date"))
	if err != nil {
		return Finding{State: Warn, Text: "the answer carries no date"}
	}
	if d := time.Since(there).Abs(); d > maxSkew {
		return Finding{State: Fail, Text: fmt.Sprintf("off by %s against the proxy", d.Round(time.Second)), Remedy: "turn on time synchronisation (systemd-timesyncd, chrony)"}
	}
	return Finding{State: OK, Text: "agrees with the proxy's"}
}
