package store

import (
	"context"

	"engawa/social"
)

// packedOption is one choice of a poll.
type packedOption struct {
	Title string `json:"t"`
	Votes int64  `json:"n,omitempty"`
}

func scanPoll(r row, p *social.Poll) error {
	var options string
	if err := r.into(&p.Post, &options, &p.Multiple, &p.HideTotals, &p.ExpiresAt, &p.ClosedAt, &p.Voters); err != nil {
		return err
	}
	var list []packedOption
	if err := fromJSON(options, &list); err != nil {
		return err
	}
	for _, o := range list {
		p.Options = append(p.Options, social.Option(o))
	}
	return nil
}

const pollColumns = "post, options, multiple, hide_totals, expires_at, closed_at, voters"

func (r *reader) Poll(ctx context.Context, post ID) (*social.Poll, error) {
	return one(ctx, r, scanPoll, "select "+pollColumns+" from polls where post = $1", post)
}

// PutPoll inserts or replaces. Where the choices became others, votes for the
// former ones are forgotten.
func (t *tx) PutPoll(ctx context.Context, p *social.Poll) error {
	old, err := t.Poll(ctx, p.Post)
	if missingOK(err) != nil {
		return err
	}
	if err == nil && !sameTitles(old.Options, p.Options) {
		if err := t.do(ctx, "delete from votes where post = $1", p.Post); err != nil {
			return err
		}
	}
	list := make([]packedOption, len(p.Options))
	for i, o := range p.Options {
		list[i] = packedOption(o)
	}
	return t.do(ctx, `insert into polls (post, options, multiple, hide_totals, expires_at, closed_at, voters) values ($1, $2, $3, $4, $5, $6, $7)
		on conflict (post) do update set options = excluded.options, multiple = excluded.multiple, hide_totals = excluded.hide_totals,
			expires_at = excluded.expires_at, closed_at = excluded.closed_at, voters = excluded.voters`,
		p.Post, toJSON(list), p.Multiple, p.HideTotals, p.ExpiresAt, p.ClosedAt, p.Voters)
}

func sameTitles(a, b []social.Option) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i].Title != b[i].Title {
			return false
		}
	}
	return true
}

func scanVote(r row, v *social.Vote) error {
	return r.into(&v.ID, &v.Post, &v.Actor, &v.Choice, &v.URI, &v.At)
}

// VotesOf are by choice.
func (r *reader) VotesOf(ctx context.Context, post, actor ID) ([]social.Vote, error) {
	return many(ctx, r, scanVote, "select id, post, actor, choice, uri, created_at from votes where post = $1 and actor = $2 order by choice", post, actor)
}

func (r *reader) Voters(ctx context.Context, post ID) ([]ID, error) {
	return many(ctx, r, scanID, "select distinct actor from votes where post = $1 order by actor", post)
}

func (t *tx) AddVote(ctx context.Context, v *social.Vote) (bool, error) {
	fresh, err := t.once(ctx, `insert into votes (id, post, actor, choice, uri, created_at) values ($1, $2, $3, $4, $5, $6)
		on conflict (post, actor, choice) do nothing`, v.ID, v.Post, v.Actor, v.Choice, v.URI, v.At)
	if err != nil || !fresh {
		return false, err
	}
	_, err = t.registerNew(ctx, v.URI, "vote", v.ID)
	return true, err
}

// editDetails are the parts of an Edit.
type editDetails struct {
	Media   []social.Media `json:"m,omitempty"`
	Options []string       `json:"o,omitempty"`
	Emojis  []notedEmoji   `json:"e,omitempty"`
}

// Edits are listed oldest first.
func (r *reader) Edits(ctx context.Context, post ID) ([]social.Edit, error) {
	return many(ctx, r, func(r row, e *social.Edit) error {
		var details string
		if err := r.into(&e.Post, &e.At, &e.Content, &e.Warning, &e.Sensitive, &details); err != nil {
			return err
		}
		var d editDetails
		if err := unpack(details, &d); err != nil {
			return err
		}
		e.Media, e.Options, e.Emojis = d.Media, d.Options, unpackEmojis(d.Emojis)
		return nil
	}, "select post, at, content, warning, sensitive, details from post_edits where post = $1 order by at", post)
}

func (t *tx) PutEdit(ctx context.Context, e *social.Edit) error {
	details := ""
	if len(e.Media)+len(e.Options)+len(e.Emojis) > 0 {
		details = packed(editDetails{Media: e.Media, Options: e.Options, Emojis: packEmojis(e.Emojis)})
	}
	return t.do(ctx, `insert into post_edits (post, at, content, warning, sensitive, details) values ($1, $2, $3, $4, $5, $6)
		on conflict (post, at) do nothing`, e.Post, e.At, e.Content, e.Warning, e.Sensitive, details)
}

// Pins are listed newest pin first.
func (r *reader) Pins(ctx context.Context, actor ID) ([]ID, error) {
	return many(ctx, r, scanID, "select post from pins where actor = $1 order by created_at desc, post desc", actor)
}

func (t *tx) Pin(ctx context.Context, actor, post ID, at social.Millis) (bool, error) {
	return t.once(ctx, "insert into pins (actor, post, created_at) values ($1, $2, $3) on conflict do nothing", actor, post, at)
}

func (t *tx) Unpin(ctx context.Context, actor, post ID) (bool, error) {
	return t.once(ctx, "delete from pins where actor = $1 and post = $2", actor, post)
}

func (r *reader) IdempotentPost(ctx context.Context, user ID, key string, since social.Millis) (ID, error) {
	id, err := one(ctx, r, scanID, "select post from idempotency where user_id = $1 and key = $2 and created_at >= $3", user, key, since)
	if err != nil {
		return 0, err
	}
	return *id, nil
}

func (t *tx) RememberIdempotency(ctx context.Context, user ID, key string, post ID, at social.Millis) error {
	return t.do(ctx, `insert into idempotency (user_id, key, post, created_at) values ($1, $2, $3, $4)
		on conflict (user_id, key) do update set post = excluded.post, created_at = excluded.created_at`, user, key, post, at)
}

// DropPoll forgets a poll and what was voted.
func (t *tx) DropPoll(ctx context.Context, post ID) error {
	t.changedPost(post)
	for _, query := range []string{"delete from votes where post = $1", "delete from polls where post = $1"} {
		if err := t.do(ctx, query, post); err != nil {
			return err
		}
	}
	return nil
}
