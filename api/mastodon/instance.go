package mastodon

import (
	"slices"
	"strconv"
	"strings"

	"engawa/internal/clock"
	bounds "engawa/internal/limits"
	"engawa/internal/markup"
	"engawa/social"
)

// apiVersion is the rung of Mastodon's ladder up to which everything is here:
// 7 = quotes (4.5), 8 annual reports (off), 10 collections and supported_types (4.6).
const apiVersion = 10

// compatible is the Mastodon that clients without api_versions should take us for.
const compatible = "4.6.0"

// reservedPerURL is what an address counts in a text.
const reservedPerURL = 23

// What the profile may hold, in characters.
const (
	maxDisplayName = 40
	maxNote        = 5000
	maxFieldText   = 255
	maxPictureAlt  = 150
	maxMediaAlt    = 10_000
	maxFeatured    = 10
)

// imageTypes are what an upload may be.
var imageTypes = []string{"image/jpeg", "image/png", "image/gif", "image/webp"}

// version is the text that clients compare.
func (a *API) version() string {
	return compatible + " (compatible; Engawa " + orElse(a.Version, "dev") + ")"
}

// configuration are the true limits, for both forms of the instance.
func (a *API) configuration() map[string]any {
	lim := &a.Home.Limits
	return map[string]any{
		"statuses": map[string]any{
			"max_characters": lim.Characters, "max_media_attachments": lim.Media, "characters_reserved_per_url": reservedPerURL,
			"allow_local_only": true, "supported_mime_types": []string{string(social.Plain), string(social.Markdown), string(social.MFM)},
		},
		"media_attachments": map[string]any{
			"supported_mime_types": slices.Concat(imageTypes, a.MovingTypes), "description_limit": maxMediaAlt,
			"image_size_limit": bounds.ImageBytes, "image_matrix_limit": bounds.ImagePixels,
			"video_size_limit": bounds.UploadBytes, "video_matrix_limit": bounds.OriginalPixels, "video_frame_rate_limit": 60,
		},
		"polls": map[string]any{
			"max_options": lim.PollOptions, "max_characters_per_option": lim.PollOptionCharacters,
			"min_expiration": lim.PollMin / 1000, "max_expiration": lim.PollMax / 1000,
		},
		"accounts": map[string]any{
			"max_featured_tags": maxFeatured, "max_pinned_statuses": lim.Pins, "max_profile_fields": lim.ProfileFields,
			"profile_field_name_limit": maxFieldText, "profile_field_value_limit": maxFieldText,
			"max_display_name_length": maxDisplayName, "max_note_length": maxNote,
			"max_avatar_description_length": maxPictureAlt, "max_header_description_length": maxPictureAlt,
		},
	}
}

// home is the row of this home as it is now.
func (a *API) home(c *call) (*social.HomeInfo, error) {
	all, err := a.Home.Store.Homes(c.ctx)
	if err != nil {
		return nil, err
	}
	for i := range all {
		if all[i].ID == a.Home.Info.ID {
			return &all[i], nil
		}
	}
	return &a.Home.Info, nil
}

// contact is the Account to write to, nil where none is named.
func (a *API) contact(c *call, h *social.HomeInfo) (*Account, error) {
	if h.Contact == 0 {
		return nil, nil
	}
	actor, err := a.Home.Store.Actor(c.ctx, h.Contact)
	if social.IsKind(err, social.NotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return a.view(c.viewer()).account(actor), nil
}

func rulesOf(h *social.HomeInfo) []map[string]any {
	out := []map[string]any{}
	for i, text := range h.Rules {
		out = append(out, map[string]any{"id": strconv.Itoa(i + 1), "text": text, "hint": "", "translations": map[string]any{}})
	}
	return out
}

func languagesOf(h *social.HomeInfo) []string {
	if len(h.Languages) == 0 {
		return []string{"en"}
	}
	return h.Languages
}

// everybody: timelines are open to strangers, too.
var everybody = map[string]any{"local": "public", "remote": "public"}

func instanceV2(a *API, c *call) (any, error) {
	h, err := a.home(c)
	if err != nil {
		return nil, err
	}
	who, err := a.contact(c, h)
	if err != nil {
		return nil, err
	}
	counts, err := a.Home.Store.Counts(c.ctx, clock.Millis(a.Home.Clock.Now()))
	if err != nil {
		return nil, err
	}
	conf := a.configuration()
	if conf["urls"], err = a.urls(c); err != nil {
		return nil, err
	}
	conf["vapid"] = map[string]any{"public_key": a.vapidKey(c)}
	conf["translation"] = map[string]any{"enabled": a.Translate != nil}
	conf["timelines_access"] = map[string]any{"live_feeds": everybody, "hashtag_feeds": everybody, "trending_link_feeds": everybody}
	conf["limited_federation"] = false
	missing := a.Base + "/headers/missing.png"
	return map[string]any{
		"domain": h.Domain, "title": orElse(h.Name, h.Domain), "version": a.version(), "source_url": a.Base + "/about",
		"description": h.Summary, "usage": map[string]any{"users": map[string]any{"active_month": counts.ActiveMonth}},
		"thumbnail": map[string]any{"url": missing, "blurhash": nil, "description": "", "versions": map[string]any{"@1x": missing, "@2x": missing}},
		"icon":      []map[string]any{{"src": a.Base + "/avatars/missing.png", "size": "400x400"}},
		"languages": languagesOf(h), "configuration": conf, "registrations": a.registrations(),
		"api_versions": map[string]int{"mastodon": apiVersion},
		"contact":      map[string]any{"email": h.Email, "account": who}, "rules": rulesOf(h),
	}, nil
}

// urls are the pages about this home; those of texts that nobody wrote are null.
func (a *API) urls(c *call) (map[string]any, error) {
	out := map[string]any{"streaming": a.Streaming, "about": a.Base + "/about", "privacy_policy": nil, "terms_of_service": nil, "status": nil}
	for kind, at := range map[string][2]string{social.DocPrivacy: {"privacy_policy", "/privacy-policy"}, social.DocTerms: {"terms_of_service", "/terms-of-service"}} {
		all, err := a.Home.Store.Documents(c.ctx, kind)
		if err != nil {
			return nil, err
		}
		if inForce(all, a.now()) != nil {
			out[at[0]] = a.Base + at[1]
		}
	}
	return out, nil
}

// registrations say how one becomes a User here.
func (a *API) registrations() map[string]any {
	open := a.Registration == "open" || a.Registration == "approval"
	return map[string]any{
		"enabled": open, "approval_required": a.Registration == "approval", "reason_required": a.Registration == "approval",
		"message": nil, "min_age": numberOr(a.Auth.Entry.MinAge), "url": nil,
	}
}

// numberOr is n, or null for zero.
func numberOr(n int) any {
	if n == 0 {
		return nil
	}
	return n
}

func instanceV1(a *API, c *call) (any, error) {
	deprecated(c)
	h, err := a.home(c)
	if err != nil {
		return nil, err
	}
	who, err := a.contact(c, h)
	if err != nil {
		return nil, err
	}
	counts, err := a.Home.Store.Counts(c.ctx, clock.Millis(a.Home.Clock.Now()))
	if err != nil {
		return nil, err
	}
	conf := a.configuration()
	conf["accounts"] = map[string]any{"max_featured_tags": maxFeatured} // as it was when this form ended
	return map[string]any{
		"uri": h.Domain, "title": orElse(h.Name, h.Domain), "short_description": h.Summary, "description": h.Summary,
		"email": h.Email, "version": a.version(), "urls": map[string]string{"streaming_api": a.Streaming},
		"stats":     map[string]int64{"user_count": counts.Users, "status_count": counts.Posts, "domain_count": counts.Domains},
		"thumbnail": a.Base + "/headers/missing.png", "languages": languagesOf(h),
		"registrations":     a.Registration == "open" || a.Registration == "approval",
		"approval_required": a.Registration == "approval", "invites_enabled": a.Registration == "invite",
		"configuration": conf, "contact_account": who, "rules": rulesOf(h),
		"max_toot_chars": a.Home.Limits.Characters, // what clients of before 3.4 look for
	}, nil
}

func instanceRules(a *API, c *call) (any, error) {
	h, err := a.home(c)
	if err != nil {
		return nil, err
	}
	return rulesOf(h), nil
}

func instanceDescription(a *API, c *call) (any, error) {
	h, err := a.home(c)
	if err != nil {
		return nil, err
	}
	content := ""
	if strings.TrimSpace(h.Description) != "" {
		if content, err = markup.ConvertAt(a.Base, "markdown", "html", h.Description); err != nil {
			return nil, err
		}
	}
	return map[string]any{"updated_at": moment(max(h.CreatedAt, 1)), "content": content}, nil
}

// instanceLanguages are those of the home, with their own names where known.
func instanceLanguages(a *API, c *call) (any, error) {
	h, err := a.home(c)
	if err != nil {
		return nil, err
	}
	names := map[string]string{"ja": "日本語", "en": "English"}
	out := []map[string]string{}
	for _, code := range languagesOf(h) {
		out = append(out, map[string]string{"code": code, "name": orElse(names[code], code)})
	}
	return out, nil
}
