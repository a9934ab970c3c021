package store

import "engawa/social"

// The fields of posts.details.
const (
	postURL = iota + 1
	postKind
	postTitle
	postSource
	postFormat
	postWarning
	postLanguage
	postConversation
	postContext
	postAudienceURI
	postQuoteURI
	postQuoteStamp
	postQuotePolicy
	postHasPoll
	postApp
	postReceivedAt
	postRepliesURI
	postMention // fields of its own
	postTag
	postEmoji // fields of its own
	postLink
	postAudience // one more than that of a Post of Origin Linked
)

// postText is what a field of texts stands for; nil for the other fields.
func postText(p *social.Post, number uint64) *string {
	switch number {
	case postURL:
		return &p.URL
	case postKind:
		return (*string)(&p.Kind)
	case postTitle:
		return &p.Title
	case postSource:
		return &p.Source
	case postFormat:
		return (*string)(&p.Format)
	case postWarning:
		return &p.Warning
	case postLanguage:
		return &p.Language
	case postConversation:
		return &p.Conversation
	case postContext:
		return &p.Context
	case postAudienceURI:
		return &p.AudienceURI
	case postQuoteURI:
		return &p.QuoteURI
	case postQuoteStamp:
		return &p.QuoteStamp
	case postRepliesURI:
		return &p.RepliesURI
	}
	return nil
}

// columnAudience is what queries go by: a Post of Origin Linked is nobody's but
// those it names, whoever may read it where it was said.
func columnAudience(p *social.Post) social.Audience {
	if p.Origin == social.Linked {
		return social.Direct
	}
	return p.Audience
}

// addressKind is what an address leads to: what only Lanes showed is no Post to
// those who ask by address.
func addressKind(p *social.Post) string {
	if p.Origin == social.Linked && !p.Local() {
		return "lane"
	}
	return "post"
}

func packPost(p *social.Post) []byte {
	f := make(fields, 0, 256)
	for n := uint64(postURL); n <= postRepliesURI; n++ {
		if s := postText(p, n); s != nil {
			f.text(n, *s)
		}
	}
	f.int(postQuotePolicy, int64(p.QuotePolicy))
	f.flag(postHasPoll, p.HasPoll)
	f.int(postApp, int64(p.App))
	f.int(postReceivedAt, p.ReceivedAt)
	if p.Origin == social.Linked {
		f.int(postAudience, int64(p.Audience)+1)
	}
	for i := range p.Mentions {
		f.put(postMention, string(packMention(&p.Mentions[i])))
	}
	for _, tag := range p.Tags {
		f.put(postTag, tag)
	}
	for i := range p.Emojis {
		f.put(postEmoji, string(emojiFields(&p.Emojis[i])))
	}
	for _, link := range p.Links {
		f.put(postLink, link)
	}
	return f
}

func unpackPost(s string, p *social.Post) (err error) {
	var f field
	for s != "" {
		if s, err = next(s, &f); err != nil {
			return err
		}
		if text := postText(p, f.Number); text != nil {
			*text = f.Text
			continue
		}
		switch f.Number {
		case postQuotePolicy:
			p.QuotePolicy = social.QuotePolicy(f.Int)
		case postHasPoll:
			p.HasPoll = f.bool()
		case postApp:
			p.App = ID(f.Int)
		case postReceivedAt:
			p.ReceivedAt = f.Int
		case postAudience:
			p.Audience = social.Audience(f.Int - 1)
		case postMention:
			p.Mentions = append(p.Mentions, social.Mention{})
			err = unpackMention(f.Text, &p.Mentions[len(p.Mentions)-1])
		case postTag:
			p.Tags = append(p.Tags, f.Text)
		case postEmoji:
			p.Emojis = append(p.Emojis, social.Emoji{})
			err = emojiOf(f.Text, &p.Emojis[len(p.Emojis)-1])
		case postLink:
			p.Links = append(p.Links, f.Text)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// The fields of a mention.
const (
	mentionActor = iota + 1
	mentionName
	mentionDomain
	mentionURI
	mentionURL
	mentionSilent
)

func packMention(m *social.Mention) fields {
	f := make(fields, 0, 128)
	f.int(mentionActor, int64(m.Actor))
	f.text(mentionName, m.Name)
	f.text(mentionDomain, m.Domain)
	f.text(mentionURI, m.URI)
	f.text(mentionURL, m.URL)
	f.flag(mentionSilent, m.Silent)
	return f
}

func unpackMention(s string, m *social.Mention) (err error) {
	var f field
	for s != "" {
		if s, err = next(s, &f); err != nil {
			return err
		}
		switch f.Number {
		case mentionActor:
			m.Actor = ID(f.Int)
		case mentionName:
			m.Name = f.Text
		case mentionDomain:
			m.Domain = f.Text
		case mentionURI:
			m.URI = f.Text
		case mentionURL:
			m.URL = f.Text
		case mentionSilent:
			m.Silent = f.bool()
		}
	}
	return nil
}

type packedReaction struct {
	Content string      `json:"c"`
	Emoji   *notedEmoji `json:"e,omitempty"`
	Count   int64       `json:"n"`
}

func packReactions(list []social.ReactionCount) string {
	if len(list) == 0 {
		return ""
	}
	out := make([]packedReaction, len(list))
	for i, r := range list {
		out[i] = packedReaction{Content: r.Content, Emoji: (*notedEmoji)(r.Emoji), Count: r.Count}
	}
	return packed(out)
}

func unpackReactions(s string) ([]social.ReactionCount, error) {
	if s == "" {
		return nil, nil
	}
	var list []packedReaction
	if err := unpack(s, &list); err != nil {
		return nil, err
	}
	out := make([]social.ReactionCount, len(list))
	for i, r := range list {
		out[i] = social.ReactionCount{Content: r.Content, Emoji: (*social.Emoji)(r.Emoji), Count: r.Count}
	}
	return out, nil
}

// The fields of an emoji.
const (
	emojiID = iota + 1
	emojiShortcode
	emojiDomain
	emojiURI
	emojiURL
	emojiStaticURL
	emojiCategory
	emojiHidden
	emojiUpdatedAt
)

func emojiFields(e *social.Emoji) fields {
	f := make(fields, 0, 192)
	f.int(emojiID, int64(e.ID))
	f.text(emojiShortcode, e.Shortcode)
	f.text(emojiDomain, e.Domain)
	f.text(emojiURI, e.URI)
	f.text(emojiURL, e.URL)
	f.text(emojiStaticURL, e.StaticURL)
	f.text(emojiCategory, e.Category)
	f.flag(emojiHidden, e.Hidden)
	f.int(emojiUpdatedAt, e.UpdatedAt)
	return f
}

func emojiOf(s string, e *social.Emoji) (err error) {
	var f field
	for s != "" {
		if s, err = next(s, &f); err != nil {
			return err
		}
		switch f.Number {
		case emojiID:
			e.ID = ID(f.Int)
		case emojiShortcode:
			e.Shortcode = f.Text
		case emojiDomain:
			e.Domain = f.Text
		case emojiURI:
			e.URI = f.Text
		case emojiURL:
			e.URL = f.Text
		case emojiStaticURL:
			e.StaticURL = f.Text
		case emojiCategory:
			e.Category = f.Text
		case emojiHidden:
			e.Hidden = f.bool()
		case emojiUpdatedAt:
			e.UpdatedAt = f.Int
		}
	}
	return nil
}
