package mastodon

import (
	"strings"
	"time"

	"engawa/internal/clock"
	"engawa/social"
)

// What Mastodon's administrators do in its pages only, and we by calls of our
// own: announcements, and the versions of terms and privacy policy.

// maxAnnouncement bounds an announcement, maxDocument terms, in bytes.
const (
	maxAnnouncement = 20_000
	maxDocument     = 500_000
)

// admin refuses who may not change what the home says.
func (c *call) admin() error {
	if role := c.grant.User.Role; role == social.Owner || role == social.Admin {
		return nil
	}
	return &social.Error{Kind: social.Forbidden, Op: "authorize", Message: "This action is not allowed"}
}

// StaffAnnouncement is an announcement as its writers see it, drafts too.
type StaffAnnouncement struct {
	Announcement
	Text      string `json:"text"`
	Published bool   `json:"published"`
}

func (a *API) staffAnnouncements(c *call, all []social.Announcement) ([]StaffAnnouncement, error) {
	entities, err := a.announcementEntities(c.ctx, c.viewer(), all)
	if err != nil {
		return nil, err
	}
	out := make([]StaffAnnouncement, len(all))
	for i := range all {
		out[i] = StaffAnnouncement{Announcement: entities[i], Text: all[i].Text, Published: all[i].PublishedAt != 0}
	}
	return out, nil
}

func staffAnnouncements(a *API, c *call) (any, error) {
	if err := c.admin(); err != nil {
		return nil, err
	}
	all, err := a.Home.Store.Announcements(c.ctx, true)
	if err != nil {
		return nil, err
	}
	return a.staffAnnouncements(c, all)
}

// saveAnnouncement is POST and PUT: text, starts_at, ends_at, all_day,
// published (true unless said otherwise). What a PUT does not say stays.
func saveAnnouncement(fresh bool) func(*API, *call) (any, error) {
	return func(a *API, c *call) (any, error) {
		if err := c.admin(); err != nil {
			return nil, err
		}
		x := &social.Announcement{ID: a.newID(), CreatedAt: a.now()}
		if !fresh {
			id, err := c.pathID("id")
			if err != nil {
				return nil, err
			}
			if x, err = a.Home.Store.Announcement(c.ctx, id); err != nil {
				return nil, err
			}
		}
		if err := readAnnouncement(c.in, x, fresh, a.now()); err != nil {
			return nil, err
		}
		if err := a.Home.Store.Write(c.ctx, func(tx social.Tx) error { return tx.PutAnnouncement(c.ctx, x) }); err != nil {
			return nil, err
		}
		if x.Shown(a.now()) {
			a.Home.Bus.Publish(social.Event{Type: social.AnnouncementMade, Announcement: x.ID})
		} else if !fresh {
			a.Home.Bus.Publish(social.Event{Type: social.AnnouncementDeleted, Announcement: x.ID})
		}
		out, err := a.staffAnnouncements(c, []social.Announcement{*x})
		if err != nil {
			return nil, err
		}
		return out[0], nil
	}
}

func readAnnouncement(in Params, x *social.Announcement, fresh bool, now social.Millis) error {
	if fresh || in.has("text") {
		x.Text = strings.TrimSpace(in.text("text"))
	}
	if x.Text == "" || len(x.Text) > maxAnnouncement {
		return badInput("text", "Validation failed: Text can't be blank, nor longer than 20000 bytes")
	}
	for name, to := range map[string]*social.Millis{"starts_at": &x.StartsAt, "ends_at": &x.EndsAt} {
		if !in.has(name) {
			continue
		}
		*to = 0
		if text := strings.TrimSpace(in.text(name)); text != "" {
			at, err := parseMoment(text)
			if err != nil {
				return badInput(name, "Validation failed: "+name+" must be a moment as ISO 8601 writes it")
			}
			*to = clock.Millis(at)
		}
	}
	if x.EndsAt != 0 && x.EndsAt < x.StartsAt {
		return badInput("ends_at", "Validation failed: ends_at must not be before starts_at")
	}
	x.AllDay = in.flag("all_day", x.AllDay)
	switch published := in.flag("published", fresh || x.PublishedAt != 0); {
	case !published:
		x.PublishedAt = 0
	case x.PublishedAt == 0:
		x.PublishedAt = now
	}
	x.UpdatedAt = now
	return nil
}

func dropAnnouncement(a *API, c *call) (any, error) {
	if err := c.admin(); err != nil {
		return nil, err
	}
	id, err := c.pathID("id")
	if err != nil {
		return nil, err
	}
	if err := a.Home.Store.Write(c.ctx, func(tx social.Tx) error { return tx.DropAnnouncement(c.ctx, id) }); err != nil {
		return nil, err
	}
	a.Home.Bus.Publish(social.Event{Type: social.AnnouncementDeleted, Announcement: id})
	return empty, nil
}

// docKinds are the names of Documents in paths.
var docKinds = map[string]string{"terms_of_service": social.DocTerms, "privacy_policy": social.DocPrivacy}

// docOf is the kind of the path, as a text, and its effective date where one is named.
func docOf(c *call) (kind string, at social.Millis, err error) {
	kind = docKinds[c.PathValue("kind")]
	date := c.PathValue("date")
	if kind == "" {
		return "", 0, social.ErrNotFound
	}
	if date == "" {
		return kind, 0, nil
	}
	day, err := time.Parse(time.DateOnly, date)
	if err != nil {
		return "", 0, social.ErrNotFound
	}
	return kind, clock.Millis(day), nil
}

func staffDocuments(a *API, c *call) (any, error) {
	if err := c.admin(); err != nil {
		return nil, err
	}
	kind, _, err := docOf(c)
	if err != nil {
		return nil, err
	}
	all, err := a.Home.Store.Documents(c.ctx, kind)
	if err != nil {
		return nil, err
	}
	out := make([]map[string]any, len(all))
	for i := range all {
		out[i] = map[string]any{"effective_date": dayOf(all[i].EffectiveAt), "text": all[i].Text, "changelog": all[i].Changelog, "created_at": moment(all[i].CreatedAt)}
	}
	return out, nil
}

// saveDocument is PUT of a version of terms or privacy policy: text and
// changelog in Markdown. One of the past is as it was.
func saveDocument(a *API, c *call) (any, error) {
	if err := c.admin(); err != nil {
		return nil, err
	}
	kind, at, err := docOf(c)
	if err != nil {
		return nil, err
	}
	d := &social.Document{Kind: kind, EffectiveAt: at, Text: c.in.text("text"), Changelog: c.in.text("changelog"), CreatedAt: a.now()}
	switch {
	case strings.TrimSpace(d.Text) == "", len(d.Text) > maxDocument, len(d.Changelog) > maxDocument:
		return nil, badInput("text", "Validation failed: Text can't be blank, nor longer than 500000 bytes")
	case at < a.now()-mod(a.now(), dayMillis):
		return nil, badInput("date", "Validation failed: Effective date must not be in the past")
	}
	if err := a.Home.Store.Write(c.ctx, func(tx social.Tx) error { return tx.PutDocument(c.ctx, d) }); err != nil {
		return nil, err
	}
	return map[string]any{"effective_date": dayOf(at), "text": d.Text, "changelog": d.Changelog, "created_at": moment(d.CreatedAt)}, nil
}

// dropDocument takes back a version that is not in force yet.
func dropDocument(a *API, c *call) (any, error) {
	if err := c.admin(); err != nil {
		return nil, err
	}
	kind, at, err := docOf(c)
	if err != nil {
		return nil, err
	}
	if at <= a.now() {
		return nil, badInput("date", "Validation failed: what is or was in force stays")
	}
	return empty, a.Home.Store.Write(c.ctx, func(tx social.Tx) error { return tx.DropDocument(c.ctx, kind, at) })
}

func dayOf(at social.Millis) string { return moment(at)[:len(time.DateOnly)] }
