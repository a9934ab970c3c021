package mastodon

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"engawa/internal/clock"
	"engawa/internal/markup"
	"engawa/internal/markup/mfm"
	"engawa/social"
)

// Announcement is what the staff tells everybody.
type Announcement struct {
	ID          string                 `json:"id"`
	Content     string                 `json:"content"`
	StartsAt    *string                `json:"starts_at"`
	EndsAt      *string                `json:"ends_at"`
	AllDay      bool                   `json:"all_day"`
	PublishedAt string                 `json:"published_at"`
	UpdatedAt   string                 `json:"updated_at"`
	Read        *bool                  `json:"read,omitempty"`
	Mentions    []AnnouncementAccount  `json:"mentions"`
	Statuses    []AnnouncementStatus   `json:"statuses"`
	Tags        []ShallowTag           `json:"tags"`
	Emojis      []CustomEmoji          `json:"emojis"`
	Reactions   []AnnouncementReaction `json:"reactions"`
}

// AnnouncementAccount is an Account that an announcement names.
type AnnouncementAccount struct {
	ID       string `json:"id"`
	Username string `json:"username"`
	URL      string `json:"url"`
	Acct     string `json:"acct"`
}

// AnnouncementStatus is a Status whose address stands in an announcement.
type AnnouncementStatus struct {
	ID  string `json:"id"`
	URL string `json:"url"`
}

// ShallowTag is a tag without its history.
type ShallowTag struct {
	Name string `json:"name"`
	URL  string `json:"url"`
}

// AnnouncementReaction is how many answered with one emoji.
type AnnouncementReaction struct {
	Name      string `json:"name"`
	Count     int64  `json:"count"`
	Me        *bool  `json:"me,omitempty"`
	URL       string `json:"url,omitempty"`
	StaticURL string `json:"static_url,omitempty"`
}

// maxAnnouncementReactions is how many different emoji one announcement takes
// (Mastodon's).
const maxAnnouncementReactions = 8

func (a *API) now() social.Millis { return clock.Millis(a.Home.Clock.Now()) }

func announcements(a *API, c *call) (any, error) {
	all, err := a.Home.Store.Announcements(c.ctx, false)
	if err != nil {
		return nil, err
	}
	now := a.now()
	all = slices.DeleteFunc(all, func(x social.Announcement) bool { return !x.Shown(now) })
	out, err := a.announcementEntities(c.ctx, c.viewer(), all)
	if err != nil || c.in.flag("with_dismissed", false) {
		return out, err
	}
	return slices.DeleteFunc(out, func(x Announcement) bool { return x.Read != nil && *x.Read }), nil
}

// announcementEntities converts announcements: the reactions and what was read
// in one query each.
func (a *API) announcementEntities(ctx context.Context, v social.Viewer, all []social.Announcement) ([]Announcement, error) {
	ids := make([]social.ID, len(all))
	for i := range all {
		ids[i] = all[i].ID
	}
	reactions, err := a.Home.Store.AnnouncementReactions(ctx, v.Actor, ids)
	if err != nil {
		return nil, err
	}
	read, err := a.Home.Store.AnnouncementsRead(ctx, v.Actor, ids)
	if err != nil {
		return nil, err
	}
	emojis, err := a.ownEmojis(ctx, len(all) > 0)
	if err != nil {
		return nil, err
	}
	out := make([]Announcement, 0, len(all))
	for i := range all {
		x, err := a.announcement(ctx, v, &all[i], emojis)
		if err != nil {
			return nil, err
		}
		if v.User {
			dismissed := read[all[i].ID]
			x.Read = &dismissed
		}
		for _, r := range reactions[all[i].ID] {
			x.Reactions = append(x.Reactions, a.announcementReaction(v, r, emojis))
		}
		out = append(out, x)
	}
	return out, nil
}

// ownEmojis are the emoji of this home by shortcode, if they are needed.
func (a *API) ownEmojis(ctx context.Context, needed bool) (map[string]*social.Emoji, error) {
	if !needed {
		return nil, nil
	}
	all, err := a.Home.Store.Emojis(ctx, a.Home.Info.Domain)
	out := make(map[string]*social.Emoji, len(all))
	for i := range all {
		out[all[i].Shortcode] = &all[i]
	}
	return out, err
}

// announcement renders one. Whom it names is looked for here only.
func (a *API) announcement(ctx context.Context, v social.Viewer, x *social.Announcement, emojis map[string]*social.Emoji) (Announcement, error) {
	who := &resolver{API: a, ctx: ctx}
	r := markup.Render(x.Text, markup.Options{Format: markup.Plain, Resolve: who.resolve, TagURL: a.tagURL})
	out := Announcement{
		ID: x.ID.String(), Content: r.HTML, StartsAt: momentOr(x.StartsAt), EndsAt: momentOr(x.EndsAt), AllDay: x.AllDay,
		PublishedAt: moment(max(x.PublishedAt, 1)), UpdatedAt: moment(max(x.UpdatedAt, 1)),
		Mentions: []AnnouncementAccount{}, Statuses: []AnnouncementStatus{}, Tags: []ShallowTag{}, Emojis: []CustomEmoji{}, Reactions: []AnnouncementReaction{},
	}
	w := a.view(v)
	for _, m := range who.mentions {
		out.Mentions = append(out.Mentions, AnnouncementAccount{ID: m.Actor.String(), Username: m.Name, URL: orElse(m.URL, m.URI), Acct: w.acct(m.Name, m.Domain)})
	}
	for _, t := range r.Tags {
		key := social.TagKey(t)
		out.Tags = append(out.Tags, ShallowTag{Name: key, URL: a.tagURL(key)})
	}
	for _, code := range r.Emoji {
		if e := emojis[code]; e != nil {
			out.Emojis = append(out.Emojis, a.emoji(e))
		}
	}
	return out, a.announcedPosts(ctx, r.URLs, &out)
}

// announcedPosts finds the public Posts whose addresses an announcement tells.
func (a *API) announcedPosts(ctx context.Context, urls []string, out *Announcement) error {
	var ids []social.ID
	for _, u := range urls[:min(len(urls), 10)] {
		id, _, err := a.here(ctx, u)
		if err != nil {
			return err
		}
		if id != 0 {
			ids = append(ids, id)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	l, err := a.Home.PostsFor(ctx, social.Viewer{}, ids)
	if err != nil {
		return err
	}
	for _, p := range l.Posts {
		out.Statuses = append(out.Statuses, AnnouncementStatus{ID: p.ID.String(), URL: orElse(p.URL, p.URI)})
	}
	return nil
}

func (a *API) announcementReaction(v social.Viewer, r social.NameCount, emojis map[string]*social.Emoji) AnnouncementReaction {
	out := AnnouncementReaction{Name: r.Name, Count: r.Count}
	if v.User {
		out.Me = &r.Me
	}
	if e := emojis[r.Name]; e != nil {
		out.URL, out.StaticURL = a.emojiURL(e.URL), a.emojiURL(orElse(e.StaticURL, e.URL))
	}
	return out
}

// shownAnnouncement is the one of the path, if it is shown.
func (a *API) shownAnnouncement(c *call) (*social.Announcement, error) {
	id, err := c.pathID("id")
	if err != nil {
		return nil, err
	}
	x, err := a.Home.Store.Announcement(c.ctx, id)
	if err != nil {
		return nil, err
	}
	if x.PublishedAt == 0 {
		return nil, social.ErrNotFound
	}
	return x, nil
}

func announcementDismiss(a *API, c *call) (any, error) {
	x, err := a.shownAnnouncement(c)
	if err != nil {
		return nil, err
	}
	return empty, a.Home.Store.Write(c.ctx, func(tx social.Tx) error { return tx.ReadAnnouncement(c.ctx, c.me(), x.ID) })
}

// announcementReact is PUT (on) and DELETE of a reaction: an emoji of Unicode,
// or the shortcode of one of this home.
func announcementReact(on bool) func(*API, *call) (any, error) {
	return func(a *API, c *call) (any, error) {
		x, err := a.shownAnnouncement(c)
		if err != nil {
			return nil, err
		}
		name := strings.Trim(c.PathValue("name"), ":")
		if on {
			if err := a.announcementEmoji(c.ctx, name); err != nil {
				return nil, err
			}
		}
		changed := false
		err = a.Home.Store.Write(c.ctx, func(tx social.Tx) error {
			if on {
				if err := roomForReaction(c.ctx, tx, x.ID, name); err != nil {
					return err
				}
			}
			changed, err = tx.ReactAnnouncement(c.ctx, c.me(), x.ID, name, on, a.now())
			return err
		})
		if err != nil {
			return nil, err
		}
		if !changed && !on {
			return nil, social.ErrNotFound
		}
		if changed {
			a.Home.Bus.Publish(social.Event{Type: social.AnnouncementReacted, Announcement: x.ID, Name: name})
		}
		return empty, nil
	}
}

func (a *API) announcementEmoji(ctx context.Context, name string) error {
	unknown := badInput("name", "Validation failed: Name is not a recognized emoji")
	if name == "" || len(name) > maxReaction || strings.ContainsRune(name, 0) {
		return unknown
	}
	if mfm.EmojiLen(name) == len(name) {
		return nil
	}
	_, err := a.Home.Store.EmojiByCode(ctx, name, a.Home.Info.Domain)
	if social.IsKind(err, social.NotFound) {
		return unknown
	}
	return err
}

func roomForReaction(ctx context.Context, tx social.Tx, id social.ID, name string) error {
	all, err := tx.AnnouncementReactions(ctx, 0, []social.ID{id})
	if err != nil {
		return err
	}
	known := slices.ContainsFunc(all[id], func(n social.NameCount) bool { return n.Name == name })
	if !known && len(all[id]) >= maxAnnouncementReactions {
		return badInput("name", "Validation failed: Limit of different reactions reached")
	}
	return nil
}

// Announcement implements stream.Renderer.
func (a *API) Announcement(ctx context.Context, id social.ID) ([]byte, bool) {
	x, err := a.Home.Store.Announcement(ctx, id)
	if err != nil {
		return nil, renderFailed("announcement", id, err)
	}
	all, err := a.announcementEntities(ctx, social.Viewer{}, []social.Announcement{*x})
	if err != nil {
		return nil, renderFailed("announcement", id, err)
	}
	data, err := json.Marshal(all[0])
	return data, err == nil
}

// AnnouncementReaction implements stream.Renderer: one reaction that is gone
// counts zero.
func (a *API) AnnouncementReaction(ctx context.Context, id social.ID, name string) ([]byte, bool) {
	all, err := a.Home.Store.AnnouncementReactions(ctx, 0, []social.ID{id})
	if err != nil {
		return nil, renderFailed("announcement", id, err)
	}
	emojis, err := a.ownEmojis(ctx, true)
	if err != nil {
		return nil, renderFailed("announcement", id, err)
	}
	n := social.NameCount{Name: name}
	if i := slices.IndexFunc(all[id], func(x social.NameCount) bool { return x.Name == name }); i >= 0 {
		n = all[id][i]
	}
	data, err := json.Marshal(struct {
		AnnouncementReaction
		Announcement string `json:"announcement_id"`
	}{a.announcementReaction(social.Viewer{}, n, emojis), id.String()})
	return data, err == nil
}
