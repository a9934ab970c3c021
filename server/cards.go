package server

import (
	"context"
	"strings"

	"engawa/internal/clock"
	"engawa/internal/fetch"
	"engawa/internal/preview"
	"engawa/queue"
	"engawa/social"
)

const (
	// cardBytes is how much of a page is read for its preview.
	cardBytes = 1 << 20
	// cardAge is how long a preview is good, and how long a page that gave none is left alone.
	cardAge = 14 * 24 * 3_600_000
)

// fetchCard gets the preview of a link (Job.Target) for a Post (Job.Ref). A link
// that many Posts share is fetched once.
func (s *Server) fetchCard(ctx context.Context, j *social.Job) error {
	card, err := s.card(ctx, j.Target)
	if err != nil || card.Failed {
		return err
	}
	err = s.store.Write(ctx, func(tx social.Tx) error { return tx.SetCard(ctx, j.Ref, card.ID) })
	if err != nil {
		return ofDomain(err)
	}
	return nil
}

func (s *Server) card(ctx context.Context, link string) (*social.Card, error) {
	now := clock.Millis(clock.System.Now())
	card, err := s.store.CardByURL(ctx, link)
	if err != nil && !social.IsKind(err, social.NotFound) {
		return nil, err
	}
	if err == nil && now-card.FetchedAt < cardAge {
		return card, nil
	}
	next := &social.Card{ID: social.ID(s.Home.IDs.Next()), URL: link, FetchedAt: now, Failed: true}
	if card != nil {
		next.ID = card.ID
	}
	if err := s.fillCard(ctx, next); err != nil {
		return nil, err
	}
	return next, s.store.Write(ctx, func(tx social.Tx) error { return tx.PutCard(ctx, next) })
}

// fillCard asks the page. A failure that will not pass leaves the card failed.
func (s *Server) fillCard(ctx context.Context, c *social.Card) error {
	resp, err := s.fetch.Get(ctx, c.URL, fetch.Options{Accept: "text/html", MaxBytes: cardBytes})
	if err != nil {
		if fetch.KindOf(err) == fetch.Canceled {
			return err
		}
		return nil
	}
	kind := resp.Header.Get("Content-Type")
	base := resp.URL
	if !strings.HasPrefix(kind, "text/html") && !strings.HasPrefix(kind, "application/xhtml") {
		return nil
	}
	p := preview.Parse(resp.Body, kind, base)
	if p.Title == "" {
		return nil
	}
	c.Failed = false
	c.Title, c.Description, c.Type, c.Language = p.Title, p.Description, p.Type, p.Language
	c.AuthorName, c.AuthorURL, c.ProviderName = p.AuthorName, p.AuthorURL, p.SiteName
	if c.ProviderName == "" {
		c.ProviderName = base.Hostname()
	}
	c.ProviderURL = base.Scheme + "://" + base.Host
	c.Image = social.Picture{URL: p.Image, Alt: p.ImageAlt}
	c.ImageWidth, c.ImageHeight = p.ImageWidth, p.ImageHeight
	if !p.PublishedAt.IsZero() {
		c.PublishedAt = clock.Millis(p.PublishedAt)
	}
	return nil
}

var _ queue.Handler = (*Server)(nil).fetchCard
