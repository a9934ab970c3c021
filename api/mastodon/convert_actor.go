package mastodon

import (
	"strconv"

	"engawa/social"
)

// author is the Account of an Actor of the view's Listing.
func (w *view) author(id social.ID) *Account {
	if a := w.accounts[id]; a != nil {
		return a
	}
	actor := w.l.Actors[id]
	if actor == nil {
		return nil
	}
	return w.account(actor)
}

// accountsOf converts a page of Actors.
func (w *view) accountsOf(actors []*social.Actor) accountList {
	out := make(accountList, 0, len(actors))
	for _, a := range actors {
		out = append(out, w.account(a))
	}
	return out
}

// account converts an Actor, once a view.
func (w *view) account(a *social.Actor) *Account {
	if known := w.accounts[a.ID]; known != nil {
		return known
	}
	acc := w.convertActor(a)
	w.accounts[a.ID] = acc
	if to := w.moved[a.MovedTo]; to != nil && a.MovedTo != 0 && to.ID != a.ID {
		acc.Moved = w.convertActor(to) // its own move is not followed
	}
	return acc
}

const dayMillis = 86_400_000

func (w *view) convertActor(a *social.Actor) *Account {
	acc := &Account{
		ID: a.ID, Username: a.Name, Acct: w.acct(a.Name, a.Domain), DisplayName: a.DisplayName, Note: a.Summary,
		URL: orElse(a.URL, a.URI), URI: a.URI, Locked: a.Locked, Bot: a.Bot(), Group: a.Kind == social.Group,
		Discoverable: a.Discoverable, Indexable: a.Indexable, CreatedAt: a.CreatedAt - mod(a.CreatedAt, dayMillis),
		Followers: a.Followers, Following: a.Following, Statuses: a.PostCount, LastStatusAt: a.LastPostAt,
		Emojis: w.emojis(a.Emojis), Limited: a.Limited != 0, Memorial: a.Memorial, Local: a.Local(),
		AvatarAlt: a.Avatar.Alt, HeaderAlt: a.Header.Alt,
	}
	hide := a.HideFollows
	acc.HideCollections = &hide
	if acc.Local {
		noindex := !a.Indexable
		acc.NoIndex = &noindex
	}
	switch {
	case featurable(a):
		acc.Feature, acc.FeatureMe = "public", "automatic"
	case a.ID == w.v.Actor:
		acc.FeatureMe = "automatic"
	case acc.Local:
		acc.FeatureMe = "denied"
	default:
		acc.FeatureMe = "missing"
	}
	if a.Suspended != 0 || a.State == social.ActorGone {
		return w.emptied(acc)
	}
	acc.Avatar, acc.AvatarStatic = w.picture("avatar", "static", &a.Avatar, "/avatars/missing.png")
	acc.Header, acc.HeaderStatic = w.picture("header", "header", &a.Header, "/headers/missing.png")
	if len(a.Fields) > 0 {
		acc.Fields = make([]Field, len(a.Fields))
		for i := range a.Fields {
			f := &a.Fields[i]
			acc.Fields[i] = Field{Name: f.Name, Value: f.Value, VerifiedAt: f.VerifiedAt}
		}
	}
	return acc
}

func mod(a, b int64) int64 { return ((a % b) + b) % b }

// emptied leaves of a suspended Account what is needed to name it.
func (w *view) emptied(acc *Account) *Account {
	acc.Suspended = true
	acc.DisplayName, acc.Note, acc.AvatarAlt, acc.HeaderAlt = "", "", "", ""
	acc.Emojis, acc.Fields = nil, nil
	acc.Avatar = w.a.Base + "/avatars/missing.png"
	acc.AvatarStatic = acc.Avatar
	acc.Header = w.a.Base + "/headers/missing.png"
	acc.HeaderStatic = acc.Header
	return acc
}

// picture are the addresses of a picture, moving and still.
func (w *view) picture(kind, still string, p *social.Picture, missing string) (string, string) {
	switch {
	case p.Key != "":
		full := w.a.blob(p.Key)
		if p.StaticKey != "" {
			return full, w.a.blob(p.StaticKey)
		}
		return full, full
	case p.URL != "":
		return w.a.remote(kind, p.URL), w.a.remote(still, p.URL)
	default:
		full := w.a.Base + missing
		return full, full
	}
}

func (a *API) blob(key string) string { return a.Base + "/blob/" + key }

// remote is how a picture that stands elsewhere is linked: through the home's
// cache where there is one.
func (a *API) remote(kind, url string) string {
	if url == "" || a.RemoteMedia == nil {
		return url
	}
	return a.RemoteMedia(kind, url)
}

func (w *view) emojis(all []social.Emoji) []CustomEmoji {
	if len(all) == 0 {
		return nil
	}
	out := make([]CustomEmoji, len(all))
	for i := range all {
		out[i] = w.a.emoji(&all[i])
	}
	return out
}

func (a *API) emoji(m *social.Emoji) CustomEmoji {
	return CustomEmoji{
		Shortcode: m.Shortcode, URL: a.emojiURL(m.URL), StaticURL: a.emojiURL(orElse(m.StaticURL, m.URL)),
		Category: m.Category, InPicker: !m.Hidden,
	}
}

// emojiURL: a path is ours, anything else stands elsewhere.
func (a *API) emojiURL(url string) string {
	if url != "" && url[0] == '/' {
		return a.Base + url
	}
	return a.remote("emoji", url)
}

// relationship converts a Relation.
func relationship(r *social.Relation) Relationship {
	return Relationship{
		ID: r.Target.String(), Following: r.Following || r.FollowingThere, ShowingReblogs: r.Following && !r.HideBoosts, Notifying: r.Notify,
		Languages: r.Languages, FollowedBy: r.FollowedBy, Blocking: r.Blocking, BlockedBy: r.BlockedBy, Muting: r.Muting,
		MutingNotifications: r.MutingNotes, MutingExpiresAt: momentOr(r.MuteUntil), Requested: r.Requested,
		RequestedBy: r.RequestedBy, DomainBlocking: r.BlockingDomain, Endorsed: r.Endorsed, Note: r.Note,
	}
}

// roleNames are the roles that others see on a profile; the numbers are
// Mastodon's.
var roleNames = map[social.Role]AccountRole{
	social.Moderator: {"1", "Moderator", ""},
	social.Admin:     {"2", "Admin", ""},
	social.Owner:     {"3", "Owner", ""},
}

// credential is one's own Account: with source and role.
func (w *view) credential(a *social.Actor, u *social.User, requests int) *Account {
	acc := *w.account(a)
	acc.encoded = nil
	acc.Source = source(a, u, requests)
	acc.Role = role(u)
	if r, ok := roleNames[u.Role]; ok {
		acc.Roles = []AccountRole{r}
	}
	return &acc
}

func source(a *social.Actor, u *social.User, requests int) *Source {
	s := &Source{
		Privacy: visibility(u.Settings.Audience), Sensitive: u.Settings.Sensitive, Language: textOr(u.Settings.Language),
		Note: a.SummarySource, Fields: []SourceField{}, FollowRequests: requests, Hide: a.HideFollows,
		Discoverable: a.Discoverable, Indexable: a.Indexable, Attribution: []string{}, QuotePolicy: quotePolicyName(u.Settings.QuotePolicy),
	}
	for i := range a.Fields {
		f := &a.Fields[i]
		s.Fields = append(s.Fields, SourceField{Name: f.Name, Value: orElse(f.Source, f.Value), VerifiedAt: momentOr(f.VerifiedAt)})
	}
	return s
}

// role is one's own role, with all that it may do.
func role(u *social.User) *Role {
	r := &Role{ID: "-99", Permissions: strconv.FormatInt(int64(u.Role.Permissions()), 10), CollectionLimit: social.MaxCollections}
	if named, ok := roleNames[u.Role]; ok {
		r.ID, r.Name, r.Color, r.Highlighted = named.ID, named.Name, named.Color, true
	}
	return r
}

// quotePolicyName is the API's name of a default policy.
func quotePolicyName(p social.QuotePolicy) string {
	switch p {
	case social.QuoteFollowers:
		return "followers"
	case social.QuoteNobody:
		return "nobody"
	default:
		return "public"
	}
}

func textOr(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
