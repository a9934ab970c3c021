package main

import (
	"context"
	"html"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"engawa/api/mastodon"
	"engawa/auth"
	"engawa/internal/clock"
	"engawa/internal/demo"
	"engawa/internal/markup"
	"engawa/social"
)

const (
	demoPassword = "engawa-demo"
	// movedIn is how long before the demo everybody moved in.
	movedIn = 40 * 24 * time.Hour
	// Sizes of the pictures, in pixels.
	avatarSide                  = 400
	headerWidth, headerHeight   = 960, 320
	pictureWidth, pictureHeight = 960, 720
)

// populate makes everybody, with profile and pictures, and lets them follow one
// another while the pictures of the story are painted.
func (t *demoTown) populate(ctx context.Context) error {
	t.clock.set(movedIn)
	password, err := auth.HashPassword(demoPassword)
	if err != nil {
		return err
	}
	for _, p := range demo.Residents {
		h := t.houses[p.House]
		t.people[p.Name] = &demoPerson{Person: p, house: h, name: p.Name + "@" + h.Home.Info.Domain}
	}
	work, wctx := errgroup.WithContext(ctx)
	for _, h := range t.houses {
		work.Go(func() error { return h.furnish(wctx) })
	}
	if err := work.Wait(); err != nil {
		return err
	}
	work, wctx = errgroup.WithContext(ctx)
	for _, p := range t.people {
		work.Go(func() error { return p.moveIn(wctx, password) })
	}
	if err := work.Wait(); err != nil {
		return err
	}
	work, wctx = errgroup.WithContext(ctx)
	work.Go(func() error { return t.meet(wctx) })
	work.Go(func() error { return t.paint(wctx) })
	return work.Wait()
}

// furnish gives a home its custom emoji.
func (h *demoHouse) furnish(ctx context.Context) error {
	for _, code := range demo.Emojis() {
		pic, err := h.API.Media.Picture(ctx, "avatar", mastodon.Upload{File: mastodon.File{Data: demo.PaintEmoji(code)}})
		if err != nil {
			return err
		}
		info := &h.Home.Info
		e := &social.Emoji{
			ID: social.ID(h.Home.IDs.Next()), Shortcode: code, Domain: info.Domain, URI: info.URL + "/emojis/" + code,
			URL: "/blob/" + pic.Key, StaticURL: "/blob/" + pic.Key, Category: info.Name, UpdatedAt: clock.NowMillis(h.Home.Clock),
		}
		if err := h.Home.Store.Write(ctx, func(tx social.Tx) error { return tx.PutEmoji(ctx, e) }); err != nil {
			return err
		}
	}
	return nil
}

// moveIn makes a User with profile and pictures.
func (p *demoPerson) moveIn(ctx context.Context, password string) error {
	n := social.NewUser{
		Name: p.Name, Email: p.email(), Locale: p.Language, PasswordHash: password, Locked: p.Locked, Discoverable: true, Kind: social.Person,
	}
	if p.Bot {
		n.Kind = social.Service
	}
	if p.Name == demo.Visitor {
		n.Role = social.Owner
	}
	_, a, err := p.house.Home.CreateUser(ctx, n)
	if err != nil {
		return err
	}
	p.actor = a.ID
	profile := *a
	if err := p.dress(ctx, &profile); err != nil {
		return err
	}
	_, err = p.house.Home.Do(ctx, &social.Activity{Verb: social.Update, Actor: a.ID, Object: &social.Profile{Actor: profile}})
	return err
}

func (p *demoPerson) email() string { return p.Name + "@demo.example" }

// dress fills a profile.
func (p *demoPerson) dress(ctx context.Context, a *social.Actor) error {
	bio := p.house.render(ctx, p.Bio)
	a.DisplayName, a.SummarySource, a.Summary = p.Display, p.Bio, bio.HTML
	var err error
	if a.Emojis, err = p.house.emojis(ctx, append(bio.Emoji, markup.Render(p.Display, markup.Options{}).Emoji...)); err != nil {
		return err
	}
	for _, f := range p.Fields {
		a.Fields = append(a.Fields, social.Field{Name: f[0], Source: f[1], Value: html.EscapeString(f[1])})
	}
	if a.Avatar, err = p.picture(ctx, "avatar", p.Avatar, avatarSide, avatarSide); err != nil {
		return err
	}
	a.Header, err = p.picture(ctx, "header", p.Header, headerWidth, headerHeight)
	return err
}

func (p *demoPerson) picture(ctx context.Context, kind, scene string, width, height int) (social.Picture, error) {
	data := demo.Paint(scene, p.Seed, width, height)
	return p.house.API.Media.Picture(ctx, kind, mastodon.Upload{File: mastodon.File{Data: data}})
}

// meet lets everybody find and follow their friends, and the one who is asked
// first say yes.
func (t *demoTown) meet(ctx context.Context) error {
	work, wctx := errgroup.WithContext(ctx)
	work.SetLimit(len(t.houses) * 2)
	for name, friends := range demo.Follows {
		work.Go(func() error {
			for _, friend := range friends {
				if err := t.follow(wctx, t.people[name], t.people[friend]); err != nil {
					return err
				}
			}
			return nil
		})
	}
	if err := work.Wait(); err != nil {
		return err
	}
	if err := t.settle(ctx); err != nil {
		return err
	}
	for name, friends := range demo.Follows {
		for _, friend := range friends {
			if target := t.people[friend]; target.Locked {
				if err := target.letIn(ctx, t.people[name]); err != nil {
					return err
				}
			}
		}
	}
	return t.settle(ctx)
}

func (t *demoTown) follow(ctx context.Context, p, friend *demoPerson) error {
	target, err := p.house.actor(ctx, friend.name)
	if err != nil {
		return err
	}
	return p.do(ctx, social.FollowVerb, &social.FollowAsk{Target: target.ID})
}

// letIn accepts a follower.
func (p *demoPerson) letIn(ctx context.Context, follower *demoPerson) error {
	a, err := p.house.actor(ctx, follower.name)
	if err != nil {
		return err
	}
	return p.do(ctx, social.Accept, &social.FollowAnswer{Follower: a.ID})
}

// do carries out an activity of this person where nothing is asked of its result.
func (p *demoPerson) do(ctx context.Context, verb social.Verb, o social.Object) error {
	_, err := p.house.Home.Do(ctx, &social.Activity{Verb: verb, Actor: p.actor, Object: o})
	return err
}

// actor finds somebody by name or name@domain, here or by asking their home.
func (h *demoHouse) actor(ctx context.Context, handle string) (*social.Actor, error) {
	name, domain, elsewhere := strings.Cut(handle, "@")
	if !elsewhere || domain == h.Home.Info.Domain {
		return h.Home.Store.ActorByHandle(ctx, name, h.Home.Info.Domain)
	}
	return h.Home.Neighbours.ActorByHandle(ctx, name, domain)
}

// render makes HTML of a plain text without mentions.
func (h *demoHouse) render(ctx context.Context, text string) markup.Rendered {
	return markup.Render(text, markup.Options{TagURL: h.tagURL})
}

func (h *demoHouse) tagURL(tag string) string { return h.Home.Info.URL + "/tags/" + tag }

// emojis are the custom emoji of this home among codes.
func (h *demoHouse) emojis(ctx context.Context, codes []string) ([]social.Emoji, error) {
	var found []social.Emoji
	for _, code := range codes {
		e, err := h.Home.Store.EmojiByCode(ctx, code, h.Home.Info.Domain)
		switch {
		case err == nil:
			found = append(found, *e)
		case !social.IsKind(err, social.NotFound):
			return nil, err
		}
	}
	return found, nil
}
