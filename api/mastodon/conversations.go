package mastodon

import (
	"context"

	"engawa/social"
)

func conversations(a *API, c *call) (any, error) {
	pg, err := c.in.page(20)
	if err != nil {
		return nil, err
	}
	t, err := a.Home.ConversationsOf(c.ctx, c.viewer(), pg)
	if err != nil {
		return nil, err
	}
	a.link(c, t.First, t.Last)
	return a.talks(c.ctx, c.viewer(), t)
}

// talks converts a page of conversations.
func (a *API) talks(ctx context.Context, v social.Viewer, t *social.Talks) ([]Conversation, error) {
	w, err := a.viewOf(ctx, v, t.Listing, "thread")
	if err != nil {
		return nil, err
	}
	if err := w.loadMoved(ctx, t.Participants); err != nil {
		return nil, err
	}
	about := w.postsByID()
	out := make([]Conversation, 0, len(t.Rows))
	for i := range t.Rows {
		r := &t.Rows[i]
		x := Conversation{ID: r.ID.String(), Unread: r.Unread}
		for _, id := range r.Participants {
			if actor := t.Participants[id]; actor != nil {
				x.Accounts = append(x.Accounts, w.account(actor))
			}
		}
		if p := about[r.LastPost]; p != nil {
			x.LastStatus = w.status(p)
		}
		out = append(out, x)
	}
	return out, nil
}

func (a *API) conversationByID(ctx context.Context, v social.Viewer, id social.ID) (*Conversation, error) {
	t, err := a.Home.ConversationOf(ctx, v, id)
	if err != nil {
		return nil, err
	}
	all, err := a.talks(ctx, v, t)
	if err != nil {
		return nil, err
	}
	return &all[0], nil
}

func conversationRead(a *API, c *call) (any, error)   { return a.markConversation(c, false) }
func conversationUnread(a *API, c *call) (any, error) { return a.markConversation(c, true) }

func (a *API) markConversation(c *call, unread bool) (any, error) {
	id, err := c.pathID("id")
	if err != nil {
		return nil, err
	}
	err = a.Home.Store.Write(c.ctx, func(tx social.Tx) error { return tx.ReadConversation(c.ctx, c.me(), id, unread) })
	if err != nil {
		return nil, err
	}
	return a.conversationByID(c.ctx, c.viewer(), id)
}

func conversationDrop(a *API, c *call) (any, error) {
	id, err := c.pathID("id")
	if err != nil {
		return nil, err
	}
	return empty, a.Home.Store.Write(c.ctx, func(tx social.Tx) error { return tx.DropConversation(c.ctx, c.me(), id) })
}
