package mastodon

import (
	"engawa/social"
)

func preferences(a *API, c *call) (any, error) {
	u, err := a.Home.Store.User(c.ctx, c.me())
	if err != nil {
		return nil, err
	}
	s := &u.Settings
	return map[string]any{
		"posting:default:visibility":   visibility(s.Audience),
		"posting:default:sensitive":    s.Sensitive,
		"posting:default:language":     textOr(s.Language),
		"posting:default:quote_policy": quotePolicyName(s.QuotePolicy),
		"reading:expand:media":         orElse(s.ExpandMedia, "default"),
		"reading:expand:spoilers":      s.ExpandWarned,
		"reading:autoplay:gifs":        s.AutoplayGIFs,
	}, nil
}

func customEmojis(a *API, c *call) (any, error) {
	all, err := a.Home.Store.Emojis(c.ctx, a.Home.Info.Domain)
	if err != nil {
		return nil, err
	}
	out := make([]CustomEmoji, 0, len(all))
	for i := range all {
		out = append(out, a.emoji(&all[i]))
	}
	return out, nil
}

// profileShow is what the owner of a profile edits (4.6).
func profileShow(a *API, c *call) (any, error) {
	me, err := a.Home.Store.Actor(c.ctx, c.me())
	if err != nil {
		return nil, err
	}
	u, err := a.Home.Store.User(c.ctx, c.me())
	if err != nil {
		return nil, err
	}
	acc, s := a.view(c.viewer()).account(me), source(me, u, 0)
	var avatar, header, avatarStill, headerStill *string
	if me.Avatar.Key != "" {
		avatar, avatarStill = &acc.Avatar, &acc.AvatarStatic
	}
	if me.Header.Key != "" {
		header, headerStill = &acc.Header, &acc.HeaderStatic
	}
	return map[string]any{
		"id": me.ID.String(), "display_name": me.DisplayName, "note": s.Note, "fields": s.Fields,
		"avatar": avatar, "avatar_static": avatarStill, "avatar_description": me.Avatar.Alt,
		"header": header, "header_static": headerStill, "header_description": me.Header.Alt,
		"locked": me.Locked, "bot": me.Bot(), "hide_collections": me.HideFollows, "discoverable": me.Discoverable,
		"indexable": me.Indexable, "show_media": true, "show_media_replies": true, "show_featured": true, "attribution_domains": s.Attribution,
	}, nil
}

func scheduledStatuses(a *API, c *call) (any, error) {
	pg, err := c.in.page(20)
	if err != nil {
		return nil, err
	}
	all, err := a.Home.Store.ScheduledPosts(c.ctx, c.me(), pg)
	if err != nil {
		return nil, err
	}
	if n := len(all); n > 0 {
		a.link(c, all[0].ID, all[n-1].ID)
	}
	out := make([]*ScheduledStatus, 0, len(all))
	for i := range all {
		s, err := a.scheduled(c, &all[i])
		if err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	return out, nil
}

func scheduledStatusShow(a *API, c *call) (any, error) {
	id, err := c.pathID("id")
	if err != nil {
		return nil, err
	}
	s, err := a.Home.Store.ScheduledPost(c.ctx, c.me(), id)
	if err != nil {
		return nil, err
	}
	return a.scheduled(c, s)
}

// scheduled converts a Status that waits. Its media, which are few, are read
// one by one.
func (a *API) scheduled(c *call, s *social.ScheduledPost) (*ScheduledStatus, error) {
	out := &ScheduledStatus{ID: s.ID.String(), ScheduledAt: moment(s.At), Params: rawObject(s.Params), Media: []MediaAttachment{}}
	for _, id := range s.Media {
		m, err := a.Home.Store.Media(c.ctx, id)
		if social.IsKind(err, social.NotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		out.Media = append(out.Media, a.medium(m))
	}
	return out, nil
}

func health(*API, *call) (any, error) { return raw(`{"status":"UP"}`), nil }
