package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"engawa/internal/locale"
	"engawa/relay"
	"engawa/server"
	"engawa/social"
)

// importCmd holds the commands that take over from other programs.
type importCmd struct {
	TtRelay importTtRelayCmd `cmd:"" name:"ttrelay" help:"Turn a ttRelay configuration into linked accounts and a rule."`
}

// importTtRelayCmd takes over from ttRelay.
type importTtRelayCmd struct {
	File  string `arg:"" help:"ttRelay's config/default.json."`
	Top   string `placeholder:"FILE" help:"The second file, such as config/production.json, which wins field by field."`
	Redis string `placeholder:"FILE" help:"ttRelay's memory: Redis's dump.rdb, or JSON lines of its keys and values."`
	User  string `help:"Name or e-mail address of the user it becomes of; by default the one whose posts ttRelay took, or the only one."`
}

// Run implements the command.
func (c *importTtRelayCmd) Run(ctx context.Context, g *Globals) (err error) {
	var in relay.TtRelayInput
	for _, f := range []struct {
		name string
		to   *[]byte
	}{{c.File, &in.Config}, {c.Top, &in.Top}, {c.Redis, &in.Redis}} {
		if f.name == "" {
			continue
		}
		if *f.to, err = readSmall(f.name); err != nil {
			return err
		}
	}
	s, err := openServer(ctx, g)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	t, err := c.taken(ctx, s, in)
	if err != nil {
		return err
	}
	if err := t.store(ctx); err != nil {
		return err
	}
	return g.Result(t.result(), t.write)
}

// readSmall reads a file, a little more than what is taken of it at most.
func readSmall(name string) ([]byte, error) {
	const most = 16<<20 + 1
	f, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("a file of ttRelay cannot be read: %w", err)
	}
	defer func() { _ = f.Close() }()
	raw, err := io.ReadAll(io.LimitReader(f, most))
	if err != nil {
		return nil, fmt.Errorf("%s cannot be read: %w", name, err)
	}
	return raw, nil
}

// taken reads the configuration and looks at what is here already.
func (c *importTtRelayCmd) taken(ctx context.Context, s *server.Server, in relay.TtRelayInput) (*takeover, error) {
	in.Hosts = []string{s.Config.Domain, strings.TrimPrefix(strings.TrimPrefix(s.Config.URL, "https://"), "http://")}
	got, problems := relay.ParseTtRelay(in)
	if err := problems.Err(); err != nil {
		return nil, fmt.Errorf("the ttRelay configuration is refused: %w", err)
	}
	u, err := c.owner(ctx, s, got)
	if err != nil {
		return nil, err
	}
	actor, err := s.Home.Store.Actor(ctx, u.ID)
	if err != nil {
		return nil, err
	}
	if got.Here && !strings.EqualFold(got.Account, actor.Name) {
		return nil, fmt.Errorf("the configuration is of @%s here, not of @%s: give --user %s", got.Account, actor.Name, got.Account)
	}
	t := &takeover{TtRelay: got, home: s.Home, user: u}
	if t.links, err = s.Home.Store.Links(ctx, u.ID); err != nil {
		return nil, err
	}
	if t.text, err = s.Home.Store.Rules(ctx, u.ID); err != nil {
		return nil, err
	}
	return t, t.plan(ctx)
}

// owner finds whose the links and the rule become.
func (c *importTtRelayCmd) owner(ctx context.Context, s *server.Server, got *relay.TtRelay) (*social.User, error) {
	switch {
	case c.User != "":
		return userNamed(ctx, s, c.User)
	case got.Here:
		return userNamed(ctx, s, got.Account)
	}
	users, err := s.Home.Store.Users(ctx, social.Page{Limit: 2})
	if err != nil {
		return nil, err
	}
	if len(users) != 1 {
		return nil, errors.New("it is not clear whose the configuration becomes: give --user NAME")
	}
	return users[0], nil
}

// importResult is what was made.
type importResult struct {
	Links    []string      `json:"links"`
	Rule     string        `json:"rule"`
	Copies   int           `json:"copies"`
	Unknown  int           `json:"unknown_posts"` // of ttRelay's memory that are not here
	Changes  []string      `json:"changes"`
	Warnings []saidProblem `json:"warnings"`
}

func (t *takeover) result() importResult {
	out := importResult{Links: []string{}, Rule: t.Rule.Name, Copies: len(t.copies), Unknown: t.unknown, Changes: []string{}, Warnings: sayProblems(t.warnings)}
	for i := range t.put {
		out.Links = append(out.Links, t.put[i].Name)
	}
	for i := range t.Changes {
		out.Changes = append(out.Changes, t.Changes[i].Say(locale.English))
	}
	return out
}

func (t *takeover) write(w io.Writer) error {
	r := t.result()
	var out strings.Builder
	fmt.Fprintf(&out, "Linked: %s.\n", strings.Join(r.Links, ", "))
	if t.added {
		fmt.Fprintf(&out, "Rule %q: posts with #%s go to %s.\n", r.Rule, t.Rule.When.TagAny[0], t.Rule.To[0])
	} else {
		fmt.Fprintf(&out, "Rule %q was there already.\n", r.Rule)
	}
	if r.Copies+r.Unknown > 0 {
		fmt.Fprintf(&out, "Known tweets: %d noted, %d of posts that are not here.\n", r.Copies, r.Unknown)
	}
	out.WriteString("What is other than with ttRelay:\n")
	for _, c := range r.Changes {
		fmt.Fprintf(&out, "- %s\n", c)
	}
	out.WriteString("Stop ttRelay now, or posts go out twice.\n")
	if err := writeWarnings(w, r.Warnings); err != nil {
		return err
	}
	_, err := io.WriteString(w, out.String())
	return err
}

// sealContext is what a Link's credentials are sealed for.
func sealContext(link social.ID) string { return "link:" + link.String() }
