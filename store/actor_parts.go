package store

import "engawa/social"

// actorDetails are the parts of an Actor that nothing is found by, with short
// keys; what is empty is left out.
type actorDetails struct {
	Fields      []packedField     `json:"f,omitempty"`
	Emojis      []notedEmoji      `json:"e,omitempty"`
	Aliases     []string          `json:"a,omitempty"`
	ProfileTags []string          `json:"t,omitempty"`
	Extra       map[string]string `json:"x,omitempty"`
}

type packedField struct {
	Name       string        `json:"n"`
	Value      string        `json:"v"`
	Source     string        `json:"s,omitempty"`
	VerifiedAt social.Millis `json:"t,omitempty"`
}

type packedPicture struct {
	Key       string `json:"k,omitempty"`
	StaticKey string `json:"s,omitempty"`
	URL       string `json:"u,omitempty"`
	Alt       string `json:"a,omitempty"`
	Blurhash  string `json:"b,omitempty"`
}

func packActor(a *social.Actor) string {
	if len(a.Fields)+len(a.Emojis)+len(a.Aliases)+len(a.ProfileTags)+len(a.Extra) == 0 {
		return ""
	}
	d := actorDetails{Emojis: packEmojis(a.Emojis), Aliases: a.Aliases, ProfileTags: a.ProfileTags, Extra: a.Extra}
	for _, f := range a.Fields {
		d.Fields = append(d.Fields, packedField(f))
	}
	return packed(d)
}

func unpackActor(s string, a *social.Actor) error {
	if s == "" {
		return nil
	}
	var d actorDetails
	if err := unpack(s, &d); err != nil {
		return err
	}
	a.Emojis, a.Aliases, a.ProfileTags, a.Extra = unpackEmojis(d.Emojis), d.Aliases, d.ProfileTags, d.Extra
	for _, f := range d.Fields {
		a.Fields = append(a.Fields, social.Field(f))
	}
	return nil
}

func packPicture(p *social.Picture) string {
	if *p == (social.Picture{}) {
		return ""
	}
	return packed(packedPicture(*p))
}

func unpackPicture(s string, p *social.Picture) error {
	return unpack(s, (*packedPicture)(p))
}

func packEmojis(list []social.Emoji) []notedEmoji {
	if len(list) == 0 {
		return nil
	}
	out := make([]notedEmoji, len(list))
	for i, e := range list {
		out[i] = notedEmoji(e)
	}
	return out
}

func unpackEmojis(list []notedEmoji) []social.Emoji {
	if len(list) == 0 {
		return nil
	}
	out := make([]social.Emoji, len(list))
	for i, e := range list {
		out[i] = social.Emoji(e)
	}
	return out
}

func packEmoji(e *social.Emoji) string {
	if e == nil {
		return ""
	}
	return packed((*notedEmoji)(e))
}

func unpackEmoji(s string) (*social.Emoji, error) {
	if s == "" {
		return nil, nil
	}
	e := new(social.Emoji)
	return e, unpack(s, (*notedEmoji)(e))
}
