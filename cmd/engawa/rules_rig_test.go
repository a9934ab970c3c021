package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"engawa/internal/clock"
	"engawa/social"
)

// people is a table of commands by which scripts make what else comes through
// the API: posts and linked accounts.
type people struct {
	Say  struct{ sayCmd }  `cmd:""`
	Link struct{ linkCmd } `cmd:""`
	Seal struct{ sealCmd } `cmd:""`
}

// sayCmd writes a Post and prints its id; words with # are its tags.
type sayCmd struct {
	User     string `required:""`
	Audience string `default:"public"`
	ReplyTo  int64
	Text     string `arg:""`
}

func (c *sayCmd) Run(ctx context.Context, g *Globals) (err error) {
	s, err := openServer(ctx, g)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	u, err := userNamed(ctx, s, c.User)
	if err != nil {
		return err
	}
	audience, _ := social.ParseAudience(c.Audience)
	d := &social.Draft{Post: social.Post{Kind: social.Note, Audience: audience, Content: "<p>" + c.Text + "</p>", Source: c.Text, Format: social.Plain, ReplyTo: social.ID(c.ReplyTo)}}
	if c.ReplyTo != 0 {
		parent, err := s.Home.Store.Post(ctx, d.Post.ReplyTo)
		if err != nil {
			return err
		}
		d.Post.ReplyToURI, d.Post.ReplyToActor = parent.URI, parent.Actor
	}
	for _, w := range strings.Fields(c.Text) {
		if tag, is := strings.CutPrefix(w, "#"); is {
			d.Post.Tags = append(d.Post.Tags, tag)
		}
	}
	made, err := s.Home.Do(ctx, &social.Activity{Verb: social.Create, Actor: u.ID, Object: d})
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(g.Stdout, made.Post.ID)
	return err
}

// linkCmd links an account.
type linkCmd struct {
	User    string `required:""`
	Network string `arg:""`
	Name    string `arg:""`
	Read    bool
}

func (c *linkCmd) Run(ctx context.Context, g *Globals) (err error) {
	s, err := openServer(ctx, g)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	u, err := userNamed(ctx, s, c.User)
	if err != nil {
		return err
	}
	l := &social.Link{ID: social.ID(s.Home.IDs.Next()), User: u.ID, Network: c.Network, Name: c.Name, Can: social.AblePost | social.AbleDelete, CreatedAt: clock.Millis(s.Home.Clock.Now())}
	if c.Read {
		l.Can = social.AbleRead
	}
	return s.Home.Store.Write(ctx, func(tx social.Tx) error { return tx.PutLink(ctx, l) })
}

// sealCmd opens the credentials of all Links of a User and prints them.
type sealCmd struct {
	User string `required:""`
}

func (c *sealCmd) Run(ctx context.Context, g *Globals) (err error) {
	s, err := openServer(ctx, g)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	u, err := userNamed(ctx, s, c.User)
	if err != nil {
		return err
	}
	links, err := s.Home.Store.Links(ctx, u.ID)
	if err != nil {
		return err
	}
	for i := range links {
		l := &links[i]
		if len(l.Secret) == 0 {
			continue
		}
		secret, err := s.Home.Master.OpenBytes(string(l.Secret), "link:"+l.ID.String())
		if err != nil {
			return err
		}
		if _, err := fmt.Fprintf(g.Stdout, "%s %s %s list=%v %s\n", l.Name, l.Network, l.Handle, l.List != 0, secret); err != nil {
			return err
		}
	}
	return nil
}
