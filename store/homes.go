package store

import (
	"context"

	"engawa/social"
)

func scanHome(r row, h *social.HomeInfo) error {
	var languages, rules string
	err := r.into(&h.ID, &h.Domain, &h.URL, &h.Name, &h.Summary, &h.Description, &h.Contact, &h.Email, &languages, &rules, &h.CreatedAt)
	if err != nil {
		return err
	}
	if err := fromJSON(languages, &h.Languages); err != nil {
		return err
	}
	return fromJSON(rules, &h.Rules)
}

// Homes are listed oldest first.
func (r *reader) Homes(ctx context.Context) ([]social.HomeInfo, error) {
	return many(ctx, r, scanHome, `select id, domain, url, name, summary, description, contact, email, languages, rules, created_at
		from homes order by created_at, id`)
}

func (t *tx) PutHome(ctx context.Context, h *social.HomeInfo) error {
	err := t.do(ctx, `insert into homes (id, domain, url, name, summary, description, contact, email, languages, rules, created_at)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
		on conflict (id) do update set domain = excluded.domain, url = excluded.url, name = excluded.name, summary = excluded.summary,
			description = excluded.description, contact = excluded.contact, email = excluded.email, languages = excluded.languages,
			rules = excluded.rules`,
		h.ID, h.Domain, h.URL, h.Name, h.Summary, h.Description, h.Contact, h.Email, toJSON(h.Languages), toJSON(h.Rules), h.CreatedAt)
	if err != nil {
		return err
	}
	return t.do(ctx, "insert into domains (domain, home) values ($1, $2) on conflict (domain) do update set home = excluded.home", h.Domain, h.ID)
}

const day = 24 * 3_600_000

func (r *reader) Counts(ctx context.Context, now social.Millis) (social.Counts, error) {
	c, err := one(ctx, r, func(r row, c *social.Counts) error {
		return r.into(&c.Users, &c.ActiveMonth, &c.ActiveHalfyear, &c.Posts, &c.Domains)
	}, `select (select count(*) from users where disabled_at = 0),
		(select count(*) from users where active_at > $1), (select count(*) from users where active_at > $2),
		(select cast(coalesce(sum(posts), 0) as bigint) from actors where home <> 0),
		(select count(distinct domain) from actors where home = 0)`, now-30*day, now-180*day)
	if err != nil {
		return social.Counts{}, err
	}
	return *c, nil
}

const emojiColumns = "id, shortcode, domain, uri, url, static_url, category, hidden, updated_at"

func scanEmoji(r row, e *social.Emoji) error {
	return r.into(&e.ID, &e.Shortcode, &e.Domain, &e.URI, &e.URL, &e.StaticURL, &e.Category, &e.Hidden, &e.UpdatedAt)
}

// Emojis are a domain's, by category and shortcode.
func (r *reader) Emojis(ctx context.Context, domain string) ([]social.Emoji, error) {
	return many(ctx, r, scanEmoji, "select "+emojiColumns+" from emojis where domain = $1 order by category, shortcode limit $2", domain, mostEmojis)
}

// mostEmojis bounds what is read of one domain.
const mostEmojis = 10_000

func (r *reader) EmojiByCode(ctx context.Context, shortcode, domain string) (*social.Emoji, error) {
	return one(ctx, r, scanEmoji, "select "+emojiColumns+" from emojis where domain = $1 and shortcode = $2", domain, shortcode)
}

// PutEmoji inserts or replaces by domain and shortcode.
func (t *tx) PutEmoji(ctx context.Context, e *social.Emoji) error {
	id, err := one(ctx, &t.reader, scanID, `insert into emojis (id, shortcode, domain, uri, url, static_url, category, hidden, updated_at)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		on conflict (domain, shortcode) do update set uri = excluded.uri, url = excluded.url, static_url = excluded.static_url,
			category = excluded.category, hidden = excluded.hidden, updated_at = excluded.updated_at returning id`,
		e.ID, e.Shortcode, e.Domain, e.URI, e.URL, e.StaticURL, e.Category, e.Hidden, e.UpdatedAt)
	if err != nil {
		return err
	}
	_, err = t.registerNew(ctx, e.URI, "emoji", *id)
	return err
}
