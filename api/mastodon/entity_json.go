package mastodon

import (
	"strconv"
	"time"

	"engawa/social"
)

// MarshalJSON lets an Account stand inside entities that encoding/json writes.
func (a *Account) MarshalJSON() ([]byte, error) { return encode(a), nil }

func (a *Account) appendJSON(e *enc) {
	if a == nil {
		e.b = append(e.b, "null"...)
		return
	}
	if a.encoded == nil {
		start := len(e.b)
		a.write(e)
		a.encoded = e.b[start:len(e.b):len(e.b)]
		return
	}
	e.b = append(e.b, a.encoded...)
}

func (a *Account) write(e *enc) {
	e.b = append(e.b, '{')
	e.id("id", a.ID)
	e.str("username", a.Username)
	e.str("acct", a.Acct)
	e.str("display_name", a.DisplayName)
	e.flag("locked", a.Locked)
	e.flag("bot", a.Bot)
	e.flag("discoverable", a.Discoverable)
	e.flag("indexable", a.Indexable)
	e.flag("group", a.Group)
	e.at("created_at", max(a.CreatedAt, 1))
	e.str("note", a.Note)
	e.str("url", a.URL)
	e.str("uri", a.URI)
	e.str("avatar", a.Avatar)
	e.str("avatar_static", a.AvatarStatic)
	e.str("avatar_description", a.AvatarAlt)
	e.str("header", a.Header)
	e.str("header_static", a.HeaderStatic)
	e.str("header_description", a.HeaderAlt)
	e.num("followers_count", a.Followers)
	e.num("following_count", a.Following)
	e.num("statuses_count", a.Statuses)
	e.day("last_status_at", a.LastStatusAt)
	a.writeMore(e)
	e.b = append(e.b, '}')
}

func (a *Account) writeMore(e *enc) {
	e.optional("hide_collections", a.HideCollections)
	if a.NoIndex != nil {
		e.flag("noindex", *a.NoIndex)
	}
	list(e, "emojis", a.Emojis, writeEmoji)
	if a.Local {
		list(e, "roles", a.Roles, func(e *enc, r *AccountRole) {
			e.b = append(e.b, '{')
			e.str("id", r.ID)
			e.str("name", r.Name)
			e.str("color", r.Color)
			e.b = append(e.b, '}')
		})
	}
	list(e, "fields", a.Fields, writeField)
	e.flag("show_media", true)
	e.flag("show_media_replies", true)
	e.flag("show_featured", true)
	a.writeFeature(e)
	if a.Moved != nil {
		e.key("moved")
		a.Moved.appendJSON(e)
	}
	for _, f := range [...]struct {
		name string
		on   bool
	}{{"suspended", a.Suspended}, {"limited", a.Limited}, {"memorial", a.Memorial}} {
		if f.on {
			e.flag(f.name, true)
		}
	}
	if a.Mute {
		e.at("mute_expires_at", a.MuteExpires)
	}
	if a.Source != nil {
		e.any("source", a.Source)
	}
	if a.Role != nil {
		e.any("role", a.Role)
	}
}

// writeFeature tells who may put an Account into collections. Nobody asks it for
// consent by hand.
func (a *Account) writeFeature(e *enc) {
	e.key("feature_approval")
	e.b = append(e.b, `{"automatic":[`...)
	if a.Feature != "" {
		e.b = append(e.b, '"')
		e.b = append(e.b, a.Feature...)
		e.b = append(e.b, '"')
	}
	e.b = append(e.b, `],"manual":[],"current_user":"`...)
	e.b = append(e.b, a.FeatureMe...)
	e.b = append(e.b, '"', '}')
}

// optional writes null for what is not known.
func (e *enc) optional(k string, v *bool) {
	if v == nil {
		e.null(k)
		return
	}
	e.flag(k, *v)
}

// day writes a date.
func (e *enc) day(k string, ms social.Millis) {
	if ms == 0 {
		e.null(k)
		return
	}
	e.key(k)
	e.b = append(e.b, '"')
	e.b = time.UnixMilli(ms).UTC().AppendFormat(e.b, time.DateOnly)
	e.b = append(e.b, '"')
}

func writeEmoji(e *enc, m *CustomEmoji) {
	e.b = append(e.b, '{')
	e.str("shortcode", m.Shortcode)
	e.str("url", m.URL)
	e.str("static_url", m.StaticURL)
	e.flag("visible_in_picker", m.InPicker)
	if m.Category != "" {
		e.str("category", m.Category)
	}
	e.b = append(e.b, '}')
}

// MarshalJSON lets an emoji stand inside entities that encoding/json writes.
func (m CustomEmoji) MarshalJSON() ([]byte, error) {
	var e enc
	writeEmoji(&e, &m)
	return e.b, nil
}

func writeField(e *enc, f *Field) {
	e.b = append(e.b, '{')
	e.str("name", f.Name)
	e.str("value", f.Value)
	e.at("verified_at", f.VerifiedAt)
	e.b = append(e.b, '}')
}

// MarshalJSON lets a medium stand inside entities that encoding/json writes.
// writeClip writes what is told of a film or sound.
func writeClip(e *enc, m *MediaAttachment) {
	e.key("original")
	e.b = append(e.b, '{')
	if m.Width > 0 {
		e.num("width", int64(m.Width))
		e.num("height", int64(m.Height))
		e.str("frame_rate", m.Rate)
	}
	e.real("duration", float64(m.Duration)/1000)
	e.num("bitrate", m.Bitrate)
	e.b = append(e.b, '}')
}

func (m MediaAttachment) MarshalJSON() ([]byte, error) {
	var e enc
	writeMedia(&e, &m)
	return e.b, nil
}

func writeMedia(e *enc, m *MediaAttachment) {
	e.b = append(e.b, '{')
	e.id("id", m.ID)
	e.str("type", m.Type)
	e.strOr("url", m.URL)
	e.strOr("preview_url", m.PreviewURL)
	e.strOr("remote_url", m.RemoteURL)
	e.key("meta")
	e.b = append(e.b, '{')
	if m.Duration > 0 {
		writeClip(e, m)
	} else {
		writeSize(e, "original", m.Width, m.Height)
	}
	writeSize(e, "small", m.SmallWidth, m.SmallHeight)
	if m.Type == string(social.Image) {
		e.key("focus")
		e.b = append(e.b, '{')
		e.real("x", m.FocusX)
		e.real("y", m.FocusY)
		e.b = append(e.b, '}')
	}
	e.b = append(e.b, '}')
	e.strOr("description", m.Description)
	e.strOr("blurhash", m.Blurhash)
	e.b = append(e.b, '}')
}

func writeSize(e *enc, k string, w, h int) {
	if w <= 0 || h <= 0 {
		return
	}
	e.key(k)
	e.b = append(e.b, '{')
	e.num("width", int64(w))
	e.num("height", int64(h))
	e.key("size")
	e.b = append(e.b, '"')
	e.b = strconv.AppendInt(e.b, int64(w), 10)
	e.b = append(e.b, 'x')
	e.b = strconv.AppendInt(e.b, int64(h), 10)
	e.b = append(e.b, '"')
	e.real("aspect", float64(w)/float64(h))
	e.b = append(e.b, '}')
}

// statusList and accountList are pages that write themselves.
type (
	statusList  []*Status
	accountList []*Account
)

func (l statusList) appendJSON(e *enc)  { appendAll(e, l) }
func (l accountList) appendJSON(e *enc) { appendAll(e, l) }

// MarshalJSON lets a page stand inside another entity; no page is [].
func (l statusList) MarshalJSON() ([]byte, error) { return encode(l), nil }

// MarshalJSON lets a page stand inside another entity; no page is [].
func (l accountList) MarshalJSON() ([]byte, error) { return encode(l), nil }

func appendAll[T appender](e *enc, l []T) {
	e.b = append(e.b, '[')
	for _, v := range l {
		e.comma()
		v.appendJSON(e)
	}
	e.b = append(e.b, ']')
}
