package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path"
	"strings"

	"engawa/internal/clock"
	"engawa/internal/locale"
	"engawa/relay"
	"engawa/server"
	"engawa/social"
)

// rulesCmd holds the commands about relaying.
type rulesCmd struct {
	Test    rulesTestCmd    `cmd:"" help:"Show what the rules would do with a post now, for each linked account, and why."`
	Explain rulesExplainCmd `cmd:"" help:"Show what was decided about a post, and what became of its copies."`
	Check   rulesCheckCmd   `cmd:"" help:"Check a file with rules; with --user, against that user's linked accounts."`
	Set     rulesSetCmd     `cmd:"" help:"Put a file with rules in force, and show what they would have done with the last 50 posts."`
	Show    rulesShowCmd    `cmd:"" help:"Print a user's rules as they were written."`
	Measure rulesMeasureCmd `cmd:"" help:"Say how long texts are for a network and how they would be split: one JSON string a line from stdin, one JSON object a line."`
}

// userNamed is the User of a name or e-mail address.
func userNamed(ctx context.Context, s *server.Server, name string) (*social.User, error) {
	u, err := s.Home.Store.UserByLogin(ctx, name)
	if social.IsKind(err, social.NotFound) {
		return nil, fmt.Errorf("there is no user %q here: make one with `engawa user create`", name)
	}
	return u, err
}

// postNamed is the Post of an id, URI or page.
func postNamed(ctx context.Context, s *server.Server, name string) (*social.Post, error) {
	if id, ok := social.ParseID(name); ok {
		p, err := s.Home.Store.Post(ctx, id)
		return p, noSuchPost(err, name)
	}
	p, err := s.Home.Store.PostByURI(ctx, name)
	if err == nil || !social.IsKind(err, social.NotFound) {
		return p, err
	}
	// The page of a post of ours ends with its id.
	if u, bad := url.Parse(name); bad == nil {
		if id, ok := social.ParseID(path.Base(u.Path)); ok {
			if p, err := s.Home.Store.Post(ctx, id); err == nil && p.URL == name {
				return p, nil
			}
		}
	}
	return nil, noSuchPost(err, name)
}

func noSuchPost(err error, name string) error {
	if social.IsKind(err, social.NotFound) {
		return fmt.Errorf("there is no post %q here: give its id, or its address as the page shows it", name)
	}
	return err
}

// readRules reads a file with rules, or stdin for "-".
func readRules(g *Globals, file string) (string, error) {
	const most = 1 << 20 // more than a book may have; Parse says how much that is
	in := g.Stdin
	if file != "-" {
		f, err := os.Open(file)
		if err != nil {
			return "", fmt.Errorf("the file with rules cannot be read: %w", err)
		}
		defer func() { _ = f.Close() }()
		in = f
	}
	text, err := io.ReadAll(io.LimitReader(in, most))
	if err != nil {
		return "", fmt.Errorf("the rules cannot be read: %w", err)
	}
	return string(text), nil
}

// rulesCheckCmd checks a file.
type rulesCheckCmd struct {
	File string `arg:"" help:"File with rules, or - for stdin."`
	User string `help:"Name or e-mail address of the user whose linked accounts the rules name."`
}

// saidProblem is a problem as --json shows it.
type saidProblem struct {
	Line int    `json:"line,omitempty"`
	Rule string `json:"rule,omitempty"`
	Key  string `json:"key,omitempty"`
	Text string `json:"text"`
}

func sayProblems(ps relay.Problems) []saidProblem {
	out := make([]saidProblem, len(ps))
	for i := range ps {
		out[i] = saidProblem{ps[i].Line, ps[i].Rule, ps[i].Key, ps[i].Say(locale.English)}
	}
	return out
}

// Run implements the command.
func (c *rulesCheckCmd) Run(ctx context.Context, g *Globals) error {
	text, err := readRules(g, c.File)
	if err != nil {
		return err
	}
	book, problems := relay.Parse(text)
	switch {
	case len(problems) > 0:
	case c.User == "":
		problems = relay.CheckAlone(book)
	default:
		if problems, err = checkFor(ctx, g, book, c.User); err != nil {
			return err
		}
	}
	if err := problems.Err(); err != nil {
		return err
	}
	out := struct {
		Rules    int           `json:"rules"`
		Warnings []saidProblem `json:"warnings"`
	}{len(book.Rules), sayProblems(problems)}
	return g.Result(out, func(w io.Writer) error {
		if err := writeWarnings(w, out.Warnings); err != nil {
			return err
		}
		_, err := fmt.Fprintf(w, "%s\n", plural(out.Rules, "rule is well formed", "rules are well formed"))
		return err
	})
}

// checkFor checks a book beside a user's linked accounts.
func checkFor(ctx context.Context, g *Globals, book *relay.Book, user string) (problems relay.Problems, err error) {
	s, err := openServer(ctx, g)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	u, err := userNamed(ctx, s, user)
	if err != nil {
		return nil, err
	}
	links, err := s.Home.Store.Links(ctx, u.ID)
	if err != nil {
		return nil, err
	}
	return relay.Check(book, links), nil
}

func writeWarnings(w io.Writer, warnings []saidProblem) error {
	for _, p := range warnings {
		if _, err := fmt.Fprintf(w, "warning: %s\n", p.Text); err != nil {
			return err
		}
	}
	return nil
}

func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// rulesShowCmd prints rules.
type rulesShowCmd struct {
	User string `required:"" help:"Name or e-mail address of the user."`
}

// Run implements the command.
func (c *rulesShowCmd) Run(ctx context.Context, g *Globals) (err error) {
	s, err := openServer(ctx, g)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	u, err := userNamed(ctx, s, c.User)
	if err != nil {
		return err
	}
	text, err := s.Home.Store.Rules(ctx, u.ID)
	if err != nil {
		return err
	}
	out := struct {
		Text string      `json:"text"`
		Book *relay.Book `json:"book"`
	}{Text: text}
	out.Book, _ = relay.Parse(text)
	return g.Result(out, func(w io.Writer) error {
		if text != "" && !strings.HasSuffix(text, "\n") {
			text += "\n"
		}
		_, err := io.WriteString(w, text)
		return err
	})
}

// rulesSetCmd puts rules in force.
type rulesSetCmd struct {
	File string `arg:"" help:"File with rules, or - for stdin; an empty one removes all rules."`
	User string `required:"" help:"Name or e-mail address of the user."`
}

// Run implements the command.
func (c *rulesSetCmd) Run(ctx context.Context, g *Globals) (err error) {
	text, err := readRules(g, c.File)
	if err != nil {
		return err
	}
	s, err := openServer(ctx, g)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	u, err := userNamed(ctx, s, c.User)
	if err != nil {
		return err
	}
	trial, problems, err := relay.Try(ctx, s.Home.Store, u.ID, text)
	if err == nil {
		err = problems.Err()
	}
	if err != nil {
		return err
	}
	err = s.Home.Store.Write(ctx, func(tx social.Tx) error {
		return tx.PutRules(ctx, u.ID, text, clock.Millis(s.Home.Clock.Now()))
	})
	if err != nil {
		return err
	}
	out := struct {
		Warnings []saidProblem `json:"warnings"`
		Posts    []saidPost    `json:"posts"`
	}{sayProblems(problems), sayTrial(trial)}
	return g.Result(out, func(w io.Writer) error {
		if err := writeWarnings(w, out.Warnings); err != nil {
			return err
		}
		return writeTrial(w, out.Posts)
	})
}
