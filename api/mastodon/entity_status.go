package mastodon

import "strconv"

// MarshalJSON lets a Status stand inside entities that encoding/json writes.
func (s *Status) MarshalJSON() ([]byte, error) { return encode(s), nil }

func (s *Status) appendJSON(e *enc) {
	if s == nil {
		e.b = append(e.b, "null"...)
		return
	}
	e.b = append(e.b, '{')
	e.id("id", s.ID)
	e.at("created_at", max(s.CreatedAt, 1))
	e.idOr("in_reply_to_id", s.InReplyTo)
	e.idOr("in_reply_to_account_id", s.InReplyToAccount)
	e.flag("sensitive", s.Sensitive)
	e.str("spoiler_text", s.SpoilerText)
	e.str("visibility", s.Visibility)
	if s.LocalOnly {
		e.flag("local_only", true)
	}
	e.strOr("language", s.Language)
	e.str("uri", s.URI)
	e.strOr("url", s.URL)
	e.num("replies_count", s.Replies)
	e.num("reblogs_count", s.Reblogs)
	e.num("favourites_count", s.Favourites)
	e.num("quotes_count", s.QuotesCount)
	e.at("edited_at", s.EditedAt)
	e.str("content", s.Content)
	if s.Text != nil {
		e.str("text", *s.Text)
	}
	s.writeViewer(e)
	s.writeQuote(e)
	s.writeParts(e)
	e.b = append(e.b, '}')
}

func (s *Status) writeViewer(e *enc) {
	v := s.Viewer
	if v == nil {
		return
	}
	e.flag("favourited", v.Favourited)
	e.flag("reblogged", v.Reblogged)
	e.flag("muted", v.Muted)
	e.flag("bookmarked", v.Bookmarked)
	if v.Pinned != nil {
		e.flag("pinned", *v.Pinned)
	}
	if len(v.Filtered) == 0 {
		e.key("filtered")
		e.b = append(e.b, '[', ']')
		return
	}
	e.any("filtered", v.Filtered)
}

func (s *Status) writeQuote(e *enc) {
	if q := s.Quote; q == nil {
		e.null("quote")
	} else {
		e.key("quote")
		e.b = append(e.b, '{')
		e.str("state", q.State)
		if q.Shallow {
			e.idOr("quoted_status_id", q.ID)
		} else {
			e.key("quoted_status")
			q.Status.appendJSON(e)
		}
		e.b = append(e.b, '}')
	}
	e.key("quote_approval")
	e.b = append(e.b, '{')
	list(e, "automatic", s.QuoteApproval.Automatic, writeText)
	list(e, "manual", s.QuoteApproval.Manual, writeText)
	e.str("current_user", s.QuoteApproval.CurrentUser)
	e.b = append(e.b, '}')
}

func writeText(e *enc, s *string) { e.b = appendString(e.b, *s) }

func (s *Status) writeParts(e *enc) {
	e.key("reblog")
	s.Reblog.appendJSON(e)
	if a := s.Application; a != nil {
		e.key("application")
		e.b = append(e.b, '{')
		e.str("name", a.Name)
		e.strOr("website", a.Website)
		e.b = append(e.b, '}')
	}
	e.key("account")
	s.Account.appendJSON(e)
	list(e, "media_attachments", s.Media, writeMedia)
	list(e, "mentions", s.Mentions, writeMention)
	list(e, "tags", s.Tags, func(e *enc, t *StatusTag) {
		e.b = append(e.b, '{')
		e.str("name", t.Name)
		e.str("url", t.URL)
		e.b = append(e.b, '}')
	})
	list(e, "emojis", s.Emojis, writeEmoji)
	list(e, "reactions", s.Reactions, writeReaction)
	list(e, "emoji_reactions", s.Reactions, writeReaction)
	e.key("card")
	s.Card.appendJSON(e)
	e.key("poll")
	s.Poll.appendJSON(e)
}

func writeMention(e *enc, m *Mention) {
	e.b = append(e.b, '{')
	e.id("id", m.ID)
	e.str("username", m.Username)
	e.str("url", m.URL)
	e.str("acct", m.Acct)
	e.b = append(e.b, '}')
}

func writeReaction(e *enc, r *StatusReaction) {
	e.b = append(e.b, '{')
	e.str("name", r.Name)
	e.num("count", r.Count)
	e.flag("me", r.Me)
	if r.URL != "" {
		e.str("url", r.URL)
		e.str("static_url", r.StaticURL)
		e.strOr("domain", r.Domain)
	}
	e.b = append(e.b, '}')
}

// MarshalJSON lets a Card stand inside entities that encoding/json writes.
func (c *Card) MarshalJSON() ([]byte, error) { return encode(c), nil }

func (c *Card) appendJSON(e *enc) {
	if c == nil {
		e.b = append(e.b, "null"...)
		return
	}
	e.b = append(e.b, '{')
	e.str("url", c.URL)
	e.str("title", c.Title)
	e.str("description", c.Description)
	e.strOr("language", c.Language)
	e.str("type", c.Type)
	e.str("author_name", c.AuthorName)
	e.str("author_url", c.AuthorURL)
	e.str("provider_name", c.ProviderName)
	e.str("provider_url", c.ProviderURL)
	e.str("html", "")
	e.num("width", int64(c.Width))
	e.num("height", int64(c.Height))
	e.strOr("image", c.Image)
	e.str("image_description", c.ImageAlt)
	e.str("embed_url", "")
	e.strOr("blurhash", c.Blurhash)
	e.at("published_at", c.PublishedAt)
	e.key("authors")
	e.b = append(e.b, '[')
	if c.AuthorName != "" {
		e.b = append(e.b, '{')
		e.str("name", c.AuthorName)
		e.str("url", c.AuthorURL)
		e.null("account")
		e.b = append(e.b, '}')
	}
	e.b = append(e.b, ']')
	if c.History != nil {
		e.any("history", c.History)
	}
	e.b = append(e.b, '}')
}

// MarshalJSON lets a Poll be written by encoding/json.
func (p *Poll) MarshalJSON() ([]byte, error) { return encode(p), nil }

func (p *Poll) appendJSON(e *enc) {
	if p == nil {
		e.b = append(e.b, "null"...)
		return
	}
	e.b = append(e.b, '{')
	e.id("id", p.ID)
	e.at("expires_at", p.ExpiresAt)
	e.flag("expired", p.Expired)
	e.flag("multiple", p.Multiple)
	e.num("votes_count", p.Votes)
	e.numOr("voters_count", p.Voters)
	list(e, "options", p.Options, func(e *enc, o *PollOption) {
		e.b = append(e.b, '{')
		e.str("title", o.Title)
		e.numOr("votes_count", o.Votes)
		e.b = append(e.b, '}')
	})
	list(e, "emojis", p.Emojis, writeEmoji)
	if p.Known {
		e.flag("voted", p.Voted)
		list(e, "own_votes", p.OwnVotes, func(e *enc, n *int) { e.b = strconv.AppendInt(e.b, int64(*n), 10) })
	}
	e.b = append(e.b, '}')
}

func (e *enc) numOr(k string, n *int64) {
	if n == nil {
		e.null(k)
		return
	}
	e.num(k, *n)
}

// MarshalJSON lets a Notification be written by encoding/json.
func (n *Notification) MarshalJSON() ([]byte, error) { return encode(n), nil }

func (n *Notification) appendJSON(e *enc) {
	e.b = append(e.b, '{')
	e.id("id", n.ID)
	e.str("type", n.Type)
	e.at("created_at", max(n.CreatedAt, 1))
	e.str("group_key", n.GroupKey)
	e.key("account")
	n.Account.appendJSON(e)
	if n.Status != nil {
		e.key("status")
		n.Status.appendJSON(e)
	}
	if n.Emoji != "" {
		e.str("emoji", n.Emoji)
		e.strOr("emoji_url", n.EmojiURL)
	}
	if n.Report != nil {
		e.any("report", n.Report)
	}
	if n.Warning != nil {
		e.any("moderation_warning", n.Warning)
	}
	if n.Fallback != nil {
		e.any("fallback", n.Fallback)
	}
	e.b = append(e.b, '}')
}

// notificationList is a page of notifications.
type notificationList []*Notification

func (l notificationList) appendJSON(e *enc) { appendAll(e, l) }

// rawObject is a JSON object that is kept as text.
type rawObject string

// MarshalJSON writes it as it is.
func (r rawObject) MarshalJSON() ([]byte, error) {
	if r == "" {
		return []byte("{}"), nil
	}
	return []byte(r), nil
}
