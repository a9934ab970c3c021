package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"engawa/internal/clock"
	"engawa/internal/locale"
	"engawa/internal/markup"
	"engawa/relay"
	"engawa/social"
)

// saidVerdict is what was or would be decided for one Link.
type saidVerdict struct {
	Link    string `json:"link"`
	Network string `json:"network,omitempty"`
	Send    bool   `json:"send"`
	Rule    string `json:"rule,omitempty"`
	Reason  string `json:"reason"`
}

// saidPost is a Post with its verdicts.
type saidPost struct {
	ID    string        `json:"id"`
	At    time.Time     `json:"at"`
	Text  string        `json:"text"` // its beginning
	Links []saidVerdict `json:"links"`
}

func sayDecisions(d *relay.Decisions) saidPost {
	const shown = 40
	p := saidPost{ID: d.Post.ID.String(), At: social.Moment(d.Post.CreatedAt), Links: []saidVerdict{}}
	p.Text = strings.Join(strings.Fields(markup.Shorten(markup.Text(d.Post.Content), shown)), " ")
	verdicts := d.Verdicts(locale.English, 0)
	for i := range d.Each {
		link := d.Each[i].Link
		p.Links = append(p.Links, saidVerdict{link.Name, link.Network, verdicts[i].Send, verdicts[i].Rule, verdicts[i].Reason})
	}
	return p
}

func sayTrial(trial []relay.Decisions) []saidPost {
	out := make([]saidPost, len(trial))
	for i := range trial {
		out[i] = sayDecisions(&trial[i])
	}
	return out
}

// writeTrial lists the posts that would have gone somewhere.
func writeTrial(w io.Writer, posts []saidPost) error {
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	sent := 0
	for _, p := range posts {
		var to []string
		for _, l := range p.Links {
			if l.Send {
				to = append(to, l.Link)
			}
		}
		if len(to) == 0 {
			continue
		}
		sent++
		if _, err := fmt.Fprintf(tw, "%s\t%s\t%s\tto %s\n", p.ID, p.At.Format("2006-01-02 15:04"), p.Text, strings.Join(to, ", ")); err != nil {
			return err
		}
	}
	if err := tw.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintf(w, "The rules are in force. Of the last %s they would have sent %d.\n", plural(len(posts), "post", "posts"), sent)
	return err
}

// rulesTestCmd asks the rules about a Post.
type rulesTestCmd struct {
	Post string `arg:"" help:"Id or address of the post."`
}

// Run implements the command.
func (c *rulesTestCmd) Run(ctx context.Context, g *Globals) (err error) {
	s, err := openServer(ctx, g)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	p, err := postNamed(ctx, s, c.Post)
	if err != nil {
		return err
	}
	links, err := s.Home.Store.Links(ctx, p.Actor)
	if err != nil {
		return err
	}
	text, err := s.Home.Store.Rules(ctx, p.Actor)
	if err != nil {
		return err
	}
	book, problems := relay.Parse(text)
	if err := problems.Err(); err != nil {
		return fmt.Errorf("the rules in force cannot be used: %w", err)
	}
	shown, err := relay.Compile(book, links).Preview(ctx, s.Home.Store, p, clock.Millis(s.Home.Clock.Now()), locale.English)
	if err != nil {
		return err
	}
	out := struct {
		Post  string          `json:"post"`
		Links []relay.Preview `json:"links"`
	}{p.ID.String(), shown}
	return g.Result(out, func(w io.Writer) error {
		if len(shown) == 0 {
			_, err := fmt.Fprintln(w, "Its author has linked no account that can be posted to.")
			return err
		}
		verdicts := make([]saidVerdict, len(shown))
		for i := range shown {
			verdicts[i] = saidVerdict{Link: shown[i].Name, Reason: shown[i].Reason}
		}
		if err := writeVerdicts(w, verdicts); err != nil {
			return err
		}
		for i := range shown {
			if err := writeParts(w, &shown[i]); err != nil {
				return err
			}
		}
		return nil
	})
}

// writeParts shows what would stand at one Link, the text behind bars.
func writeParts(w io.Writer, p *relay.Preview) error {
	var out strings.Builder
	for i := range p.Parts {
		part := &p.Parts[i]
		fmt.Fprintf(&out, "\n%s, part %d of %d: length %d", p.Name, i+1, len(p.Parts), part.Length)
		if part.Limit > 0 {
			fmt.Fprintf(&out, " of %d", part.Limit)
		}
		if part.Price > 0 {
			fmt.Fprintf(&out, ", $%.3f", float64(part.Price)/1e6)
		}
		out.WriteByte('\n')
		if part.Warning != "" {
			fmt.Fprintf(&out, "| warning: %s\n", part.Warning)
		}
		for line := range strings.SplitSeq(part.Text, "\n") {
			out.WriteString(strings.TrimRight("| "+line, " ") + "\n")
		}
		for _, f := range part.Media {
			fmt.Fprintf(&out, "| %s: %s\n", f.Kind, f.Alt)
		}
	}
	for _, l := range p.Losses {
		fmt.Fprintf(&out, "not as it was: %s\n", l.Text)
	}
	if p.Ask != "" {
		fmt.Fprintf(&out, "%s asks first (%s)\n", p.Name, p.Ask)
	}
	_, err := io.WriteString(w, out.String())
	return err
}

func writeVerdicts(w io.Writer, verdicts []saidVerdict) error {
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, v := range verdicts {
		if _, err := fmt.Fprintf(tw, "%s\t%s\n", v.Link, v.Reason); err != nil {
			return err
		}
	}
	return tw.Flush()
}

// rulesExplainCmd shows what is stored.
type rulesExplainCmd struct {
	Post string `arg:"" help:"Id or address of the post."`
}

// saidCopy is one part of a Copy.
type saidCopy struct {
	Link    string     `json:"link"`
	Part    int        `json:"part"`
	Of      int        `json:"of"`
	State   string     `json:"state"`
	Rule    string     `json:"rule,omitempty"`
	URL     string     `json:"url,omitempty"`
	Reason  string     `json:"reason,omitempty"`
	Dollars float64    `json:"dollars,omitempty"`
	SentAt  *time.Time `json:"sent_at,omitempty"`
}

// Run implements the command.
func (c *rulesExplainCmd) Run(ctx context.Context, g *Globals) (err error) {
	s, err := openServer(ctx, g)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	p, err := postNamed(ctx, s, c.Post)
	if err != nil {
		return err
	}
	var out struct {
		Post     string        `json:"post"`
		Verdicts []saidVerdict `json:"verdicts"`
		Copies   []saidCopy    `json:"copies"`
	}
	out.Post, out.Verdicts, out.Copies = p.ID.String(), []saidVerdict{}, []saidCopy{}
	links, err := s.Home.Store.Links(ctx, p.Actor)
	if err != nil {
		return err
	}
	verdicts, err := s.Home.Store.Verdicts(ctx, p.ID)
	if err != nil {
		return err
	}
	for _, v := range verdicts {
		name, network := linkNamed(links, v.Link)
		out.Verdicts = append(out.Verdicts, saidVerdict{name, network, v.Send, v.Rule, v.Reason})
	}
	copies, err := s.Home.Store.Copies(ctx, []social.ID{p.ID})
	if err != nil {
		return err
	}
	for i := range copies {
		out.Copies = append(out.Copies, sayCopy(&copies[i], links))
	}
	return g.Result(out, func(w io.Writer) error {
		if len(out.Verdicts)+len(out.Copies) == 0 {
			_, err := fmt.Fprintln(w, "Nothing was decided about it. Ask `engawa rules test` what the rules say now.")
			return err
		}
		if err := writeVerdicts(w, out.Verdicts); err != nil {
			return err
		}
		return writeCopies(w, out.Copies)
	})
}

// linkNamed is a Link's name; one that was dropped has its id left.
func linkNamed(links []social.Link, id social.ID) (name, network string) {
	for i := range links {
		if links[i].ID == id {
			return links[i].Name, links[i].Network
		}
	}
	return "link " + id.String() + " (gone)", ""
}

func sayCopy(c *social.Copy, links []social.Link) saidCopy {
	name, _ := linkNamed(links, c.Link)
	out := saidCopy{name, c.Number + 1, c.Of, string(c.State), c.Rule, c.Ref.URL, c.Reason, float64(c.Cost) / 1e6, nil}
	if out.URL == "" {
		out.URL = c.Ref.ID
	}
	if c.SentAt != 0 {
		at := social.Moment(c.SentAt)
		out.SentAt = &at
	}
	return out
}

func writeCopies(w io.Writer, copies []saidCopy) error {
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, c := range copies {
		when := ""
		if c.SentAt != nil {
			when = c.SentAt.Format("2006-01-02 15:04")
		}
		price := ""
		if c.Dollars > 0 {
			price = fmt.Sprintf("$%.3f", c.Dollars)
		}
		line := strings.Join([]string{c.Link, fmt.Sprintf("part %d of %d", c.Part, c.Of), c.State, when, c.URL, price, c.Reason}, "\t")
		if _, err := fmt.Fprintln(tw, strings.TrimRight(line, "\t")); err != nil {
			return err
		}
	}
	return tw.Flush()
}
