package store

import (
	"context"
	"net/url"

	"engawa/internal/hostname"
	"engawa/social"
)

// cardDetails are the parts of a Card.
type cardDetails struct {
	Title        string        `json:"t,omitempty"`
	Description  string        `json:"d,omitempty"`
	Type         string        `json:"k,omitempty"`
	AuthorName   string        `json:"an,omitempty"`
	AuthorURL    string        `json:"au,omitempty"`
	ProviderName string        `json:"pn,omitempty"`
	ProviderURL  string        `json:"pu,omitempty"`
	Image        packedPicture `json:"i,omitzero"`
	ImageWidth   int           `json:"w,omitempty"`
	ImageHeight  int           `json:"h,omitempty"`
	Language     string        `json:"l,omitempty"`
	PublishedAt  social.Millis `json:"p,omitempty"`
}

func scanCard(r row, c *social.Card) error {
	var details string
	if err := r.into(&c.ID, &c.URL, &details, &c.Failed, &c.FetchedAt); err != nil {
		return err
	}
	var d cardDetails
	if err := unpack(details, &d); err != nil {
		return err
	}
	c.Title, c.Description, c.Type, c.AuthorName, c.AuthorURL = d.Title, d.Description, d.Type, d.AuthorName, d.AuthorURL
	c.ProviderName, c.ProviderURL, c.Image = d.ProviderName, d.ProviderURL, social.Picture(d.Image)
	c.ImageWidth, c.ImageHeight, c.Language, c.PublishedAt = d.ImageWidth, d.ImageHeight, d.Language, d.PublishedAt
	return nil
}

const cardColumns = "id, url, details, failed, fetched_at"

func (r *reader) CardByURL(ctx context.Context, url string) (*social.Card, error) {
	return one(ctx, r, scanCard, "select "+cardColumns+" from cards where url = $1", url)
}

func (r *reader) Card(ctx context.Context, id ID) (*social.Card, error) {
	return one(ctx, r, scanCard, "select "+cardColumns+" from cards where id = $1", id)
}

// PutCard inserts or replaces by URL and sets c.ID to the one that is there, if there is one.
func (t *tx) PutCard(ctx context.Context, c *social.Card) error {
	details := packed(cardDetails{
		Title: c.Title, Description: c.Description, Type: c.Type, AuthorName: c.AuthorName, AuthorURL: c.AuthorURL,
		ProviderName: c.ProviderName, ProviderURL: c.ProviderURL, Image: packedPicture(c.Image),
		ImageWidth: c.ImageWidth, ImageHeight: c.ImageHeight, Language: c.Language, PublishedAt: c.PublishedAt,
	})
	id, err := one(ctx, &t.reader, scanID, `insert into cards (id, url, details, failed, fetched_at) values ($1, $2, $3, $4, $5)
		on conflict (url) do update set details = excluded.details, failed = excluded.failed, fetched_at = excluded.fetched_at
		returning id`, c.ID, c.URL, details, c.Failed, c.FetchedAt)
	if err != nil {
		return err
	}
	c.ID = *id
	if c.Failed || c.FetchedAt == 0 {
		return nil
	}
	return t.knowPublisher(ctx, c)
}

// knowPublisher lists the domain that a link leads to, for moderators to look at.
func (t *tx) knowPublisher(ctx context.Context, c *social.Card) error {
	u, err := url.Parse(c.URL)
	if err != nil {
		return nil
	}
	host, err := hostname.OfURL(u)
	if err != nil || host == "" {
		return nil
	}
	return t.do(ctx, "insert into reviews (id, kind, target, name, created_at) values ($1, $2, 0, $3, $4) on conflict do nothing",
		t.ids.Next(), social.ReviewPublisher, host, c.FetchedAt)
}

func (t *tx) SetCard(ctx context.Context, post, card ID) error {
	t.changedPost(post)
	if err := t.countCard(ctx, post, card); err != nil {
		return err
	}
	return t.do(ctx, "update posts set card = $1 where id = $2", card, post)
}
