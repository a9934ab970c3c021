package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"engawa/api/mastodon"
	"engawa/internal/clock"
	"engawa/internal/demo"
	"engawa/internal/markup"
	"engawa/social"
)

// pollLife is how long polls of the demo are open.
const pollLife = 7 * 24 * time.Hour

// paint makes the pictures of the story, for it to go on without waiting.
func (t *demoTown) paint(ctx context.Context) error {
	for i := range demo.Story {
		s := &demo.Story[i]
		ids, err := t.people[s.By].upload(ctx, s.Pictures)
		if err != nil {
			return err
		}
		t.painted[s] = ids
	}
	return nil
}

// tell lets the past happen: step by step, each at its time, and each arrived
// everywhere before the clock moves on.
func (t *demoTown) tell(ctx context.Context) error {
	for i := range demo.Story {
		s := &demo.Story[i]
		t.clock.set(s.Ago)
		post, err := t.perform(ctx, s)
		if err != nil {
			return fmt.Errorf("the demo's step %d, by %s: %w", i, s.By, err)
		}
		if s.Key != "" {
			t.posts[s.Key] = post.URI
		}
		if err := t.settle(ctx); err != nil {
			return err
		}
	}
	t.clock.set(0)
	return nil
}

// perform does one step. The Post is the one that was said, or else the one
// that the step is about.
func (t *demoTown) perform(ctx context.Context, s *demo.Step) (*social.Post, error) {
	p := t.people[s.By]
	if s.Say != "" {
		return t.say(ctx, p, s)
	}
	key := s.Boost + s.Like + s.Pin + s.React + s.Vote // one of them
	post, err := t.post(ctx, p.house, key)
	if err != nil {
		return nil, err
	}
	switch {
	case s.Boost != "":
		return post, p.do(ctx, social.Announce, &social.PostRef{Post: post.ID})
	case s.Like != "":
		return post, p.do(ctx, social.Like, &social.ReactionDraft{Post: post.ID, Content: social.Favourite})
	case s.Pin != "":
		return post, p.do(ctx, social.Add, &social.PostRef{Post: post.ID})
	case s.Vote != "":
		return post, p.do(ctx, social.Create, &social.Ballot{Post: post.ID, Choices: s.Choices})
	}
	return post, p.react(ctx, post, s.With)
}

// react answers a Post with an emoji, or with a custom one by :shortcode:.
func (p *demoPerson) react(ctx context.Context, post *social.Post, with string) error {
	d := &social.ReactionDraft{Post: post.ID, Content: with}
	if code := strings.Trim(with, ":"); code != with {
		e, err := p.house.Home.Store.EmojiByCode(ctx, code, p.house.Home.Info.Domain)
		if err != nil {
			return err
		}
		d.Emoji = e
	}
	return p.do(ctx, social.Like, d)
}

// post finds the Post of a key as home h has it, asking its own home when it
// has not come here by itself.
func (t *demoTown) post(ctx context.Context, h *demoHouse, key string) (*social.Post, error) {
	var uri string
	switch key {
	case "last":
		uri = t.newest
	case "visitor":
		var err error
		if uri, err = t.visitorSaid(ctx); err != nil {
			return nil, err
		}
	default:
		uri = t.posts[key]
	}
	post, err := h.Home.Store.PostByURI(ctx, uri)
	if err == nil || !social.IsKind(err, social.NotFound) {
		return post, err
	}
	return h.Home.Neighbours.PostByURI(ctx, uri)
}

// visitorSaid is the URI of the newest Post of the visitor that everybody may see.
func (t *demoTown) visitorSaid(ctx context.Context) (string, error) {
	you := t.people[demo.Visitor]
	l, err := you.house.Home.ActorPosts(ctx, social.Viewer{}, social.ActorPostsQuery{
		Actor: you.actor, NoBoosts: true, Page: social.Page{Limit: 1},
	})
	if err != nil {
		return "", err
	}
	if len(l.Posts) == 0 {
		return t.posts["first"], nil
	}
	return l.Posts[0].URI, nil
}

// say makes a Post.
func (t *demoTown) say(ctx context.Context, p *demoPerson, s *demo.Step) (*social.Post, error) {
	d, err := t.draft(ctx, p, s)
	if err != nil {
		return nil, err
	}
	var painted bool
	if d.MediaIDs, painted = t.painted[s]; !painted {
		if d.MediaIDs, err = p.upload(ctx, s.Pictures); err != nil {
			return nil, err
		}
	}
	r, err := p.house.Home.Do(ctx, &social.Activity{Verb: social.Create, Actor: p.actor, Object: d})
	if err != nil {
		return nil, err
	}
	return r.Post, nil
}

func (t *demoTown) draft(ctx context.Context, p *demoPerson, s *demo.Step) (*social.Draft, error) {
	source := t.address(p, s.Say)
	var err error
	post := social.Post{
		Source: source, Format: social.Plain, Warning: s.Warning, Sensitive: s.Warning != "", Language: s.Language,
		QuotePolicy: social.QuoteAnyone,
	}
	if post.Language == "" {
		post.Language = p.Language
	}
	if s.Audience != "" {
		post.Audience, _ = social.ParseAudience(s.Audience)
	}
	if s.ReplyTo != "" {
		parent, err := t.post(ctx, p.house, s.ReplyTo)
		if err != nil {
			return nil, err
		}
		post.ReplyTo = parent.ID
	}
	if s.Quote != "" {
		quoted, err := t.post(ctx, p.house, s.Quote)
		if err != nil {
			return nil, err
		}
		post.QuoteOf = quoted.ID
	}
	if err = p.house.write(ctx, &post); err != nil {
		return nil, err
	}
	d := &social.Draft{Post: post}
	if len(s.Poll) > 0 {
		d.Poll = &social.Poll{Multiple: s.Multiple, ExpiresAt: clock.Millis(t.clock.Now().Add(pollLife))}
		for _, title := range s.Poll {
			d.Poll.Options = append(d.Poll.Options, social.Option{Title: title})
		}
	}
	return d, nil
}

// address writes {name} as one names that person from p's home.
func (t *demoTown) address(p *demoPerson, text string) string {
	for name, other := range t.people {
		handle := "@" + other.name
		if other.house == p.house {
			handle = "@" + name
		}
		text = strings.ReplaceAll(text, "{"+name+"}", handle)
	}
	return text
}

// write renders a Post's source, and finds whom and what it names.
func (h *demoHouse) write(ctx context.Context, post *social.Post) error {
	var errs []error
	r := markup.Render(post.Source, markup.Options{TagURL: h.tagURL, Resolve: func(handle string) (markup.Mention, bool) {
		a, err := h.actor(ctx, handle)
		if err != nil {
			errs = append(errs, err)
			return markup.Mention{}, false
		}
		post.Mentions = append(post.Mentions, social.Mention{Actor: a.ID, Name: a.Name, Domain: a.Domain, URI: a.URI, URL: a.URL})
		return markup.Mention{Handle: handle, Name: a.Name, URI: a.URI, URL: a.URL}, true
	}})
	if len(errs) > 0 {
		return errors.Join(errs...)
	}
	post.Content, post.Tags, post.Links = r.HTML, r.Tags, r.URLs
	var err error
	post.Emojis, err = h.emojis(ctx, r.Emoji)
	return err
}

// upload paints pictures and keeps them as media of this person.
func (p *demoPerson) upload(ctx context.Context, pictures []demo.Picture) ([]social.ID, error) {
	var ids []social.ID
	for _, pic := range pictures {
		data := demo.Paint(pic.Scene, pic.Seed, pictureWidth, pictureHeight)
		m, err := p.house.API.Media.Upload(ctx, p.actor, mastodon.Upload{File: mastodon.File{Data: data}, Description: pic.Alt})
		if err != nil {
			return nil, err
		}
		ids = append(ids, m.ID)
	}
	return ids, nil
}
