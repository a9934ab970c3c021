package mastodon

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"

	"engawa/auth"
	"engawa/internal/clock"
	"engawa/social"
)

// Mastodon's bounds of what waits.
const (
	maxScheduled      = 300
	maxScheduledToday = 25
	dayMillisAhead    = 86_400_000
)

// schedule keeps a Post until its time comes. It is judged now as if it were
// said now, so that what cannot be said is refused while somebody looks.
func (a *API) schedule(c *call, s *saying, at social.Millis) (any, error) {
	if s.Idempotency != nil {
		// A Post and one that waits have ids of their own kinds.
		key := "scheduled " + *s.Idempotency
		s.Idempotency = &key
	}
	if known, err := a.knownByKey(c, s.Idempotency); err != nil {
		return nil, err
	} else if known != 0 {
		return a.answerScheduled(c, known)
	}
	d, err := a.compose(c.ctx, c.grant.User, s)
	if err != nil {
		return nil, err
	}
	row := &social.ScheduledPost{ID: a.newID(), User: c.me(), At: at, Media: d.MediaIDs}
	if row.Params, err = waiting(s, d, at); err != nil {
		return nil, err
	}
	id := row.ID
	err = a.Home.Store.Write(c.ctx, func(tx social.Tx) error {
		if err := mayWait(c.ctx, tx, c.me(), at); err != nil {
			return err
		}
		known, err := a.claimKey(c.ctx, tx, row, s.Idempotency)
		if id = known; err != nil || known != row.ID {
			return err
		}
		return a.putScheduled(c.ctx, tx, row)
	})
	if err != nil {
		return nil, err
	}
	return a.answerScheduled(c, id)
}

// claimKey remembers that a key made row, and returns what it made already:
// row's own id when that is nothing.
func (a *API) claimKey(ctx context.Context, tx social.Tx, row *social.ScheduledPost, key *string) (social.ID, error) {
	if key == nil {
		return row.ID, nil
	}
	now := clock.Millis(a.Home.Clock.Now())
	known, err := tx.IdempotentPost(ctx, row.User, *key, now-keyAge)
	if social.IsKind(err, social.NotFound) {
		return row.ID, tx.RememberIdempotency(ctx, row.User, *key, row.ID, now)
	}
	return known, err
}

// waiting is the JSON that a Post waits as: the audience as it is decided now.
func waiting(s *saying, d *social.Draft, at social.Millis) (string, error) {
	when := moment(at)
	s.ScheduledAt = &when
	s.Visibility = d.Post.Audience.String()
	if d.Post.Audience == social.LocalOnly {
		s.Visibility, s.LocalOnly = social.Unlisted.String(), true
	}
	s.MediaIDs = make([]string, 0, len(d.MediaIDs))
	for _, id := range d.MediaIDs {
		s.MediaIDs = append(s.MediaIDs, id.String())
	}
	data, err := json.Marshal(s)
	return string(data), err
}

// mayWait refuses more than Mastodon takes: in all, and for the day of at.
func mayWait(ctx context.Context, tx social.Tx, user social.ID, at social.Millis) error {
	rows, err := tx.ScheduledPosts(ctx, user, social.Page{Limit: maxScheduled})
	if err != nil {
		return err
	}
	if len(rows) >= maxScheduled {
		return badInput("scheduled_at", "Validation failed: You have exceeded the limit of 300 scheduled posts")
	}
	sameDay := 0
	for _, r := range rows {
		if r.At/dayMillisAhead == at/dayMillisAhead {
			sameDay++
		}
	}
	if sameDay >= maxScheduledToday {
		return badInput("scheduled_at", "Validation failed: You have exceeded the limit of 25 scheduled posts for today")
	}
	return nil
}

// putScheduled writes the row with the Job that will publish it. A Job of a
// former time finds the row not due and does nothing.
func (a *API) putScheduled(ctx context.Context, tx social.Tx, row *social.ScheduledPost) error {
	if err := tx.PutScheduledPost(ctx, row); err != nil {
		return err
	}
	job := social.Job{ID: a.newID(), Kind: social.JobPublish, Ref: row.ID, Target: row.User.String(), RunAt: row.At}
	return tx.Enqueue(ctx, []social.Job{job}, 0)
}

// PublishScheduled is the work of JobPublish: Ref is the row, Target its User.
// It may run twice. What cannot be said any more stays where its writer sees it.
func (a *API) PublishScheduled(ctx context.Context, user, id social.ID) error {
	row, err := a.Home.Store.ScheduledPost(ctx, user, id)
	if social.IsKind(err, social.NotFound) || (err == nil && row.At > clock.Millis(a.Home.Clock.Now())) {
		return nil
	}
	if err != nil {
		return err
	}
	u, err := a.Home.Store.User(ctx, user)
	if err != nil || auth.MayUse(u) != nil {
		return err
	}
	var s saying
	if err := json.Unmarshal([]byte(row.Params), &s); err != nil {
		return err
	}
	key := "published " + id.String()
	s.Idempotency = &key
	err = a.publish(ctx, u, &s)
	if err != nil && social.KindOf(err) != social.Temporary {
		slog.Warn("a scheduled post could not be published", "id", id, "user", user, "err", err)
		return nil
	}
	if err != nil {
		return err
	}
	return a.Home.Store.Write(ctx, func(tx social.Tx) error {
		err := tx.DropScheduledPost(ctx, user, id)
		if social.IsKind(err, social.NotFound) {
			return nil
		}
		return err
	})
}

func (a *API) publish(ctx context.Context, u *social.User, s *saying) error {
	since := clock.Millis(a.Home.Clock.Now()) - keyAge
	if _, err := a.Home.Store.IdempotentPost(ctx, u.ID, *s.Idempotency, since); err == nil {
		return nil // the run before this one did it
	}
	d, err := a.compose(ctx, u, s)
	if errors.Is(err, noReply) {
		s.InReplyTo = nil // what was answered is gone; the answer is not
		d, err = a.compose(ctx, u, s)
	}
	if err != nil {
		return err
	}
	_, err = a.Home.Do(ctx, &social.Activity{Verb: social.Create, Actor: u.ID, Object: d, Origin: social.Local})
	return err
}

// answerScheduled is one row that waits.
func (a *API) answerScheduled(c *call, id social.ID) (any, error) {
	row, err := a.Home.Store.ScheduledPost(c.ctx, c.me(), id)
	if err != nil {
		return nil, err
	}
	return a.scheduled(c, row)
}

// updateScheduled changes when, and nothing else.
func updateScheduled(a *API, c *call) (any, error) {
	id, err := c.pathID("id")
	if err != nil {
		return nil, err
	}
	at, err := scheduled(c.in, a.Home.Clock.Now())
	if err != nil {
		return nil, err
	}
	if at == 0 {
		return nil, badInput("scheduled_at", "Validation failed: Scheduled at The scheduled date must be in the future")
	}
	err = a.Home.Store.Write(c.ctx, func(tx social.Tx) error {
		row, err := tx.ScheduledPost(c.ctx, c.me(), id)
		if err != nil {
			return err
		}
		var s saying
		if err := json.Unmarshal([]byte(row.Params), &s); err != nil {
			return err
		}
		when := moment(at)
		s.ScheduledAt = &when
		data, err := json.Marshal(&s)
		if err != nil {
			return err
		}
		row.At, row.Params = at, string(data)
		return a.putScheduled(c.ctx, tx, row)
	})
	if err != nil {
		return nil, err
	}
	return a.answerScheduled(c, id)
}

func deleteScheduled(a *API, c *call) (any, error) {
	id, err := c.pathID("id")
	if err != nil {
		return nil, err
	}
	return empty, a.Home.Store.Write(c.ctx, func(tx social.Tx) error { return tx.DropScheduledPost(c.ctx, c.me(), id) })
}
