package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"engawa/auth"
	"engawa/internal/clock"
	"engawa/internal/locale"
	"engawa/social"
)

// userCmd holds the commands about Users.
type userCmd struct {
	Create userCreateCmd `cmd:"" help:"Make a user, confirmed and approved. Without a password a one-time set-up link is printed."`
	Alias  userAliasCmd  `cmd:"" help:"Say which accounts elsewhere are the same person, so that they can move here."`
	Move   userMoveCmd   `cmd:"" help:"Move a user to another account; followers move along."`
	Rekey  userRekeyCmd  `cmd:"" help:"Give a user new keys to sign with, and tell its followers' servers."`
}

// userCreateCmd makes a User; it works while the server runs.
type userCreateCmd struct {
	Name         string `arg:"" help:"Name, the part before the domain in the handle."`
	Email        string `required:"" help:"E-mail address to log in with."`
	Password     string `help:"Password. Others on this machine can see it while the command runs; --password-file is safer."`
	PasswordFile string `help:"File that holds the password." type:"existingfile"`
	Owner        bool   `xor:"role" help:"May do everything."`
	Admin        bool   `xor:"role" help:"May change the home's settings."`
	Moderator    bool   `xor:"role" help:"May answer reports."`
	Locale       string `help:"Language: ja or en." default:"en"`
	Locked       bool   `help:"Followers must be approved."`
	Discoverable bool   `help:"May be found in the directory and by search engines."`
}

// setUpLife is how long a one-time set-up link works.
const setUpLife = 72 * time.Hour

// Run implements the command.
func (c *userCreateCmd) Run(ctx context.Context, g *Globals) (err error) {
	n, link, err := c.newUser()
	if err != nil {
		return err
	}
	s, err := openServer(ctx, g)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	_, a, err := s.Home.CreateUser(ctx, *n)
	if err != nil {
		return err
	}
	out := struct {
		ID     string `json:"id"`
		Handle string `json:"handle"`
		URL    string `json:"url"`
		SetUp  string `json:"set_up_url,omitempty"`
	}{ID: a.ID.String(), Handle: a.Handle(), URL: a.URL}
	if link != "" {
		out.SetUp = s.Config.URL + "/setup?token=" + link
	}
	return g.Result(out, func(w io.Writer) error {
		if out.SetUp != "" {
			_, err := fmt.Fprintf(w, "@%s is made. Open this link within 72 hours to choose a password:\n%s\n", out.Handle, out.SetUp)
			return err
		}
		_, err := fmt.Fprintf(w, "@%s is made.\n", out.Handle)
		return err
	})
}

// newUser checks the arguments; link is the set-up token where there is no password.
func (c *userCreateCmd) newUser() (n *social.NewUser, link string, err error) {
	if err := social.CheckName(c.Name); err != nil {
		return nil, "", wrongUsage("%v", err)
	}
	if !strings.Contains(c.Email, "@") {
		return nil, "", wrongUsage("--email must be an e-mail address, not %q", c.Email)
	}
	lang, ok := locale.Parse(c.Locale)
	if !ok {
		return nil, "", wrongUsage("--locale must be ja or en, not %q", c.Locale)
	}
	n = &social.NewUser{Name: c.Name, Email: c.Email, Locale: string(lang), Role: c.role(), Locked: c.Locked, Discoverable: c.Discoverable}
	password := c.Password
	if c.PasswordFile != "" {
		text, err := os.ReadFile(c.PasswordFile)
		if err != nil {
			return nil, "", fmt.Errorf("the password file cannot be read: %w", err)
		}
		password = strings.TrimRight(string(text), "\r\n")
	}
	if password == "" {
		link = auth.Random()
		n.SetupHash, n.SetupUntil = auth.Hash(link), clock.Millis(clock.System.Now().Add(setUpLife))
		return n, link, nil
	}
	n.PasswordHash, err = auth.HashPassword(password)
	return n, "", err
}

func (c *userCreateCmd) role() social.Role {
	switch {
	case c.Owner:
		return social.Owner
	case c.Admin:
		return social.Admin
	case c.Moderator:
		return social.Moderator
	default:
		return social.Member
	}
}
