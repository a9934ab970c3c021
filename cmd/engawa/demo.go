package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sync/errgroup"

	"engawa/auth"
	"engawa/internal/demo"
	"engawa/server"
)

// demoCmd runs three homes that federate with one another, with people in them.
type demoCmd struct {
	Port *int `help:"Port of the first home, 8080 if it is free; 0 is any free one." placeholder:"N"`
}

// demoEnd is the most that the end may take, open requests or not.
const demoEnd = 4 * time.Second

// Run implements the command.
func (c *demoCmd) Run(ctx context.Context, g *Globals) (err error) {
	ports, err := demoPorts(c.Port, len(demo.Houses))
	if err != nil {
		return err
	}
	defer keepSignals()()
	log := server.NewLogger(g.Stderr, slog.LevelError)
	if !g.JSON {
		fmt.Fprintln(g.Stderr, "Three homes are being built … 家を三軒、建てています…")
	}
	town, err := openTown(ctx, ports, log)
	if err != nil {
		return demoEnded(ctx, err)
	}
	defer func() { err = errors.Join(err, town.close()) }()
	work, wctx := errgroup.WithContext(ctx)
	for _, h := range town.houses {
		work.Go(func() error { return h.Run(wctx) })
	}
	work.Go(func() error {
		if err := town.open(wctx, g); err != nil {
			return err
		}
		return town.live(wctx, log)
	})
	ended := make(chan error, 1)
	go func() { ended <- work.Wait() }()
	select {
	case err := <-ended:
		return demoEnded(ctx, err)
	case <-ctx.Done():
	}
	select {
	case err := <-ended:
		return demoEnded(ctx, err)
	case <-time.After(demoEnd):
		return nil // what is still open is of no use to anybody
	}
}

// keepSignals lets further signals pass without effect until the returned
// function is called: the end is near anyway, and nothing may be left behind.
func keepSignals() (stop func()) {
	unread := make(chan os.Signal, 1)
	signal.Notify(unread, syscall.SIGTERM, syscall.SIGINT)
	return func() { signal.Stop(unread) }
}

// demoEnded leaves out what only says that the demo was told to end.
func demoEnded(ctx context.Context, err error) error {
	if ctx.Err() != nil && errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}

// open fills the homes and tells where they are.
func (t *demoTown) open(ctx context.Context, g *Globals) error {
	if err := t.populate(ctx); err != nil {
		return err
	}
	if err := t.tell(ctx); err != nil {
		return err
	}
	out, err := t.invitation(ctx)
	if err != nil {
		return err
	}
	return g.Result(out, out.write)
}

// demoInvitation is what a visitor needs to know.
type demoInvitation struct {
	demoHome
	// Homes are the two others.
	Homes []demoHome `json:"homes"`
	// Data is the folder that goes with the demo.
	Data string `json:"data"`
}

// demoHome is one home and a log-in there. Login is a name; the e-mail address
// does as well.
type demoHome struct {
	Name     string `json:"name"`
	Domain   string `json:"domain"`
	URL      string `json:"url"`
	Login    string `json:"login"`
	Email    string `json:"email"`
	Password string `json:"password"`
	Token    string `json:"access_token"`
}

// demoGuides are those whose log-in is told, one for each home.
var demoGuides = []string{demo.Visitor, "yuki", "elin"}

func (t *demoTown) invitation(ctx context.Context) (*demoInvitation, error) {
	out := &demoInvitation{Data: t.dir}
	for i, name := range demoGuides {
		p := t.people[name]
		token, err := p.token(ctx)
		if err != nil {
			return nil, err
		}
		info := p.house.Home.Info
		home := demoHome{
			Name: info.Name, Domain: info.Domain, URL: info.URL, Login: p.Name, Email: p.email(), Password: demoPassword, Token: token,
		}
		if i == 0 {
			out.demoHome = home
			continue
		}
		out.Homes = append(out.Homes, home)
	}
	return out, nil
}

// token makes an access token with every scope that a person's app asks for.
func (p *demoPerson) token(ctx context.Context) (string, error) {
	scopes := []string{"read", "write", "follow", "push"}
	app, err := p.house.Auth.Register(ctx, auth.Registration{Name: "engawa demo", RedirectURIs: []string{auth.OOB}, Scopes: scopes})
	if err != nil {
		return "", err
	}
	issued, err := p.house.Auth.NewToken(ctx, app.ID, p.actor, scopes, "")
	if err != nil {
		return "", err
	}
	return issued.Text, nil
}

const invitationText = `
The veranda is open.  縁側が開きました。

  Open / 開く            {url}/
  Log in / ログイン      {login}   (or {email})
  Password / パスワード  {password}

People go on writing every few seconds, here and in the two other homes.
数秒ごとに、この家とほかの二軒でだれかが書き込みます。

Mastodon apps / アプリ   Server: {domain}   (plain http, this machine only)
toot                     toot login -i {domain} --disable-https   (opens the browser to log in)
curl                     curl -H "Authorization: Bearer {token}" {url}/api/v1/timelines/home
The other homes / ほかの家
{homes}
All three live in {data} and federate over http on this machine only.
Ctrl+C ends the demo and leaves nothing behind.  Ctrl+C で終わり、何も残りません。
`

// write is the invitation for people.
func (v *demoInvitation) write(w io.Writer) error {
	var homes strings.Builder
	for _, h := range v.Homes {
		fmt.Fprintf(&homes, "  %s  %s/   %s / %s\n", h.Name, h.URL, h.Login, h.Password)
	}
	_, err := strings.NewReplacer("{url}", v.URL, "{login}", v.Login, "{email}", v.Email, "{password}", v.Password,
		"{domain}", v.Domain, "{token}", v.Token, "{homes}", homes.String(), "{data}", v.Data).WriteString(w, invitationText)
	return err
}
