package mastodon

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"engawa/internal/markup"
	"engawa/social"
)

// updateCredentials is PATCH /api/v1/accounts/update_credentials.
func updateCredentials(a *API, c *call) (any, error) {
	if err := a.changeProfile(c); err != nil {
		return nil, err
	}
	return a.ownAccount(c)
}

// changeProfile changes what the request names of the profile and the settings.
// Everything is judged before anything is written.
func (a *API) changeProfile(c *call) error {
	_, old, u, err := a.myself(c)
	if err != nil {
		return err
	}
	next := *old
	settings := u.Settings
	for _, step := range []func() error{
		func() error { return profileTexts(c.in, &next) },
		func() error { return a.profileFields(c.in, &next) },
		func() error { return readSettings(c.in.group("source"), &settings) },
		func() error { return a.renderProfile(c.ctx, &next, c.in.has("note")) },
	} {
		if err := step(); err != nil {
			return err
		}
	}
	profileFlags(c.in, &next)
	stored, err := a.profilePictures(c, &next)
	if err == nil {
		_, err = a.do(c, social.Update, &social.Profile{Actor: next})
	}
	if err != nil {
		a.dropPictures(c.ctx, stored...)
		return err
	}
	a.dropReplaced(c.ctx, old, &next)
	if settings == u.Settings {
		return nil
	}
	return a.putSettings(c, func(s *social.Settings) error { return readSettings(c.in.group("source"), s) })
}

// putSettings changes the User's settings as they are stored now.
func (a *API) putSettings(c *call, change func(*social.Settings) error) error {
	err := a.Home.Store.Write(c.ctx, func(tx social.Tx) error {
		u, err := tx.User(c.ctx, c.me())
		if err != nil {
			return err
		}
		next := *u
		if err := change(&next.Settings); err != nil {
			return err
		}
		return tx.PutUser(c.ctx, &next)
	})
	if err == nil { // what is held of the User is read anew
		a.Home.Bus.Publish(social.Event{Type: social.ActorChanged, Actor: c.me()})
	}
	return err
}

func profileTexts(in Params, p *social.Actor) error {
	for _, f := range []struct {
		name, shown string
		most        int
		to          *string
	}{
		{"display_name", "Display name", maxDisplayName, &p.DisplayName},
		{"note", "Note", maxNote, &p.SummarySource},
		{"avatar_description", "Avatar description", maxPictureAlt, &p.Avatar.Alt},
		{"header_description", "Header description", maxPictureAlt, &p.Header.Alt},
	} {
		if !in.has(f.name) {
			continue
		}
		text := strings.TrimSpace(in.text(f.name))
		if len([]rune(text)) > f.most {
			return badInput(f.name, "Validation failed: "+f.shown+" is too long (maximum is "+strconv.Itoa(f.most)+" characters)")
		}
		*f.to = text
	}
	return nil
}

func profileFlags(in Params, p *social.Actor) {
	for name, to := range map[string]*bool{
		"locked": &p.Locked, "discoverable": &p.Discoverable, "indexable": &p.Indexable, "hide_collections": &p.HideFollows,
	} {
		if b := in.optional(name); b != nil {
			*to = *b
		}
	}
	if bot := in.optional("bot"); bot != nil && (p.Kind == social.Person || p.Kind == social.Service) {
		p.Kind = social.Person
		if *bot {
			p.Kind = social.Service
		}
	}
}

// profileFields reads fields_attributes: a list, or an object whose keys order
// it. Lines that are empty are left out.
func (a *API) profileFields(in Params, p *social.Actor) error {
	if !in.has("fields_attributes") {
		return nil
	}
	p.Fields = nil
	for _, v := range in.list("fields_attributes") {
		line, ok := v.(Params)
		if !ok {
			return badInput("fields_attributes", "Validation failed: fields_attributes must hold lines with name and value")
		}
		f := social.Field{Name: strings.TrimSpace(line.text("name")), Source: strings.TrimSpace(line.text("value"))}
		switch {
		case f.Name == "" && f.Source == "":
			continue
		case f.Name == "":
			return badInput("fields_attributes", "Validation failed: Fields must have a name where they have a value")
		case len([]rune(f.Name)) > maxFieldText, len([]rune(f.Source)) > maxFieldText:
			return badInput("fields_attributes", "Validation failed: Fields are too long (maximum is "+strconv.Itoa(maxFieldText)+" characters)")
		}
		p.Fields = append(p.Fields, f)
	}
	if most := a.Home.Limits.ProfileFields; len(p.Fields) > most {
		return badInput("fields_attributes", "Validation failed: Fields are too many (maximum is "+strconv.Itoa(most)+")")
	}
	return nil
}

// renderProfile makes HTML of what is written and finds its emoji. What came
// as HTML (an imported profile) stays until it is written anew.
func (a *API) renderProfile(ctx context.Context, p *social.Actor, anew bool) error {
	ctx, cancel := context.WithTimeout(ctx, resolveTime)
	defer cancel()
	who := &resolver{API: a, ctx: ctx} // a profile asks no neighbours
	o := markup.Options{Format: markup.Plain, Resolve: who.resolve, TagURL: a.tagURL}
	texts := []string{p.DisplayName, p.SummarySource}
	if anew || p.SummarySource != "" {
		p.Summary = markup.Render(p.SummarySource, o).HTML
	}
	p.Fields = slices.Clone(p.Fields)
	for i := range p.Fields {
		f := &p.Fields[i]
		if f.Source != "" || f.Value == "" {
			f.Value = fieldHTML(markup.Render(f.Source, o).HTML)
		}
		texts = append(texts, f.Name, f.Source)
	}
	var err error
	p.Emojis, err = a.emojisIn(ctx, nil, texts...)
	return err
}

// fieldHTML is one line without its paragraph; its links say that both sides
// are the same person (rel=me), by which others verify them.
func fieldHTML(html string) string {
	html = strings.TrimSuffix(strings.TrimPrefix(html, "<p>"), "</p>")
	return strings.ReplaceAll(html, `rel="nofollow noopener"`, `rel="nofollow noopener me"`)
}

// readSettings reads source[privacy], [sensitive], [language], [quote_policy].
func readSettings(in Params, s *social.Settings) error {
	if name := in.text("privacy"); name != "" {
		audience, ok := social.ParseAudience(name)
		if !ok {
			return badInput("source[privacy]", "Validation failed: Privacy is not one of public, unlisted, private, direct, local")
		}
		s.Audience = audience
	}
	if b := in.optional("sensitive"); b != nil {
		s.Sensitive = *b
	}
	if in.has("language") {
		language := in.text("language")
		if language != "" && !isLanguage(language) {
			return badInput("source[language]", "Validation failed: Language is not a language code such as ja or en")
		}
		s.Language = language
	}
	if name := in.text("quote_policy"); name != "" {
		q, err := parsePolicy("source[quote_policy]", name)
		if err != nil {
			return err
		}
		s.QuotePolicy = q
	}
	return nil
}

// profilePictures stores the pictures that were sent and returns them.
func (a *API) profilePictures(c *call, p *social.Actor) ([]social.Picture, error) {
	var stored []social.Picture
	for _, f := range []struct {
		kind string
		to   *social.Picture
	}{{"avatar", &p.Avatar}, {"header", &p.Header}} {
		file, ok, err := c.in.upload(f.kind)
		if err != nil {
			return stored, err
		}
		if !ok {
			continue
		}
		pic, err := a.Media.Picture(c.ctx, f.kind, Upload{File: file, Description: f.to.Alt})
		if err != nil {
			return stored, err
		}
		pic.Alt = f.to.Alt
		*f.to = pic
		stored = append(stored, pic)
	}
	return stored, nil
}

// dropReplaced removes the files of pictures that are no longer the profile's.
func (a *API) dropReplaced(ctx context.Context, old, now *social.Actor) {
	if old.Avatar.Key != now.Avatar.Key {
		a.dropPictures(ctx, old.Avatar)
	}
	if old.Header.Key != now.Header.Key {
		a.dropPictures(ctx, old.Header)
	}
}

func (a *API) dropPictures(ctx context.Context, pics ...social.Picture) {
	for _, p := range pics {
		if p.Key == "" {
			continue
		}
		m := &social.Media{Key: p.Key}
		if p.StaticKey != p.Key {
			m.PreviewKey = p.StaticKey
		}
		a.Media.Drop(ctx, m)
	}
}

// deletePicture is DELETE /api/v1/profile/avatar and /header.
func deletePicture(kind string) func(*API, *call) (any, error) {
	return func(a *API, c *call) (any, error) {
		_, old, _, err := a.myself(c)
		if err != nil {
			return nil, err
		}
		next := *old
		if kind == "avatar" {
			next.Avatar = social.Picture{}
		} else {
			next.Header = social.Picture{}
		}
		if next.Avatar != old.Avatar || next.Header != old.Header {
			if _, err := a.do(c, social.Update, &social.Profile{Actor: next}); err != nil {
				return nil, err
			}
			a.dropReplaced(c.ctx, old, &next)
		}
		return a.ownAccount(c)
	}
}

func updateProfile(a *API, c *call) (any, error) {
	if err := a.changeProfile(c); err != nil {
		return nil, err
	}
	return profileShow(a, c)
}
