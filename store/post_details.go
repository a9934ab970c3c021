package store

import "engawa/social"

// postDetails are the parts of a Post that nothing is found by.
type postDetails struct {
	Mentions   []packedMention `json:"m,omitempty"`
	Tags       []string        `json:"t,omitempty"`
	Emojis     []notedEmoji    `json:"e,omitempty"`
	Links      []string        `json:"l,omitempty"`
	RepliesURI string          `json:"r,omitempty"`
}

type packedMention struct {
	Actor  ID     `json:"i"`
	Name   string `json:"n"`
	Domain string `json:"d,omitempty"`
	URI    string `json:"u,omitempty"`
	URL    string `json:"p,omitempty"`
	Silent bool   `json:"s,omitempty"`
}

type packedReaction struct {
	Content string      `json:"c"`
	Emoji   *notedEmoji `json:"e,omitempty"`
	Count   int64       `json:"n"`
}

func packPost(p *social.Post) string {
	if len(p.Mentions)+len(p.Tags)+len(p.Emojis)+len(p.Links)+len(p.RepliesURI) == 0 {
		return ""
	}
	d := postDetails{Tags: p.Tags, Emojis: packEmojis(p.Emojis), Links: p.Links, RepliesURI: p.RepliesURI}
	if len(p.Mentions) > 0 {
		d.Mentions = make([]packedMention, len(p.Mentions))
		for i, m := range p.Mentions {
			d.Mentions[i] = packedMention(m)
		}
	}
	return packed(&d)
}

func unpackPost(s string, p *social.Post) error {
	if s == "" {
		return nil
	}
	var d postDetails
	if err := unpack(s, &d); err != nil {
		return err
	}
	p.Tags, p.Emojis, p.Links, p.RepliesURI = d.Tags, unpackEmojis(d.Emojis), d.Links, d.RepliesURI
	if len(d.Mentions) > 0 {
		p.Mentions = make([]social.Mention, len(d.Mentions))
		for i, m := range d.Mentions {
			p.Mentions[i] = social.Mention(m)
		}
	}
	return nil
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
