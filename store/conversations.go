package store

import (
	"context"

	"engawa/social"
)

const conversationColumns = "id, user_id, thread, last_post, participants, unread"

func scanConversation(r row, c *social.Conversation) error {
	var participants string
	if err := r.into(&c.ID, &c.User, &c.Thread, &c.LastPost, &participants, &c.Unread); err != nil {
		return err
	}
	return fromJSON(participants, &c.Participants)
}

// Conversations are ordered and paged by their LastPost, as Mastodon's API does.
func (r *reader) Conversations(ctx context.Context, user ID, p social.Page) ([]social.Conversation, error) {
	q := newQuery("select "+conversationColumns+" from conversations where user_id = ", user)
	return paged(ctx, r, scanConversation, q, "last_post", p)
}

func (r *reader) Conversation(ctx context.Context, user, id ID) (*social.Conversation, error) {
	return one(ctx, r, scanConversation,
		"select "+conversationColumns+" from conversations where id = $1 and user_id = $2", id, user)
}

// TouchConversation sets c.ID to the one that is there, if there is one.
func (t *tx) TouchConversation(ctx context.Context, c *social.Conversation) error {
	id, err := one(ctx, &t.reader, scanID,
		`insert into conversations (id, user_id, thread, last_post, participants, unread) values ($1, $2, $3, $4, $5, $6)
		on conflict (user_id, thread) do update set last_post = excluded.last_post,
			participants = excluded.participants, unread = excluded.unread
		returning id`,
		c.ID, c.User, c.Thread, c.LastPost, toJSON(c.Participants), c.Unread)
	if err != nil {
		return err
	}
	c.ID = *id
	return nil
}

func (t *tx) ReadConversation(ctx context.Context, user, id ID, unread bool) error {
	return t.found(ctx, "update conversations set unread = $1 where id = $2 and user_id = $3", unread, id, user)
}

func (t *tx) DropConversation(ctx context.Context, user, id ID) error {
	return t.found(ctx, "delete from conversations where id = $1 and user_id = $2", id, user)
}
