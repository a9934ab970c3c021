package engawa

import (
	"unicode/utf8"

	"engawa/internal/locale"
	"engawa/social"
)

// Bounds of a draft, beyond the home's own limits for Posts.
const (
	maxDraft   = 100_000 // bytes
	maxFiles   = 32
	maxOptions = 20
)

type draftInput struct {
	Text      string `json:"text"`
	Format    string `json:"content_type"`
	Warning   string `json:"spoiler_text"`
	Sensitive bool   `json:"sensitive"`
	Media     []id   `json:"media_ids"`
	Poll      *struct {
		Options  []string `json:"options"`
		Multiple bool     `json:"multiple"`
		Seconds  int64    `json:"expires_in"`
	} `json:"poll"`
	Visibility string `json:"visibility"`
	Language   string `json:"language"`
	ReplyTo    id     `json:"in_reply_to_id"`
	QuoteOf    id     `json:"quoted_status_id"`
}

// draft checks what came and gives it the domain's form.
func (in *draftInput) draft() (*Draft, error) {
	d := &Draft{Text: in.Text, Format: social.Format(in.Format), Warning: in.Warning, Sensitive: in.Sensitive, Language: in.Language,
		ReplyTo: social.ID(in.ReplyTo), QuoteOf: social.ID(in.QuoteOf)}
	switch {
	case len(in.Text)+len(in.Warning) > maxDraft || !utf8.ValidString(in.Text):
		return nil, refuse("text", locale.W("own.text_long"))
	case len(in.Media) > maxFiles:
		return nil, refuse("media_ids", locale.W("own.files_many"))
	}
	switch d.Format {
	case "", social.Plain, social.Markdown, social.MFM:
	default:
		return nil, refuse("content_type", locale.W("own.format"))
	}
	if in.Visibility != "" {
		var ok bool
		if d.Audience, ok = social.ParseAudience(in.Visibility); !ok {
			return nil, refuse("visibility", locale.W("own.visibility"))
		}
	}
	for _, m := range in.Media {
		d.Media = append(d.Media, social.ID(m))
	}
	if in.Poll != nil {
		if len(in.Poll.Options) > maxOptions {
			return nil, refuse("poll.options", locale.W("own.options_many"))
		}
		d.Poll = &social.PartPoll{Options: in.Poll.Options, Multiple: in.Poll.Multiple, Seconds: in.Poll.Seconds}
	}
	return d, nil
}

type previewEntity struct {
	decidedEntity
	Ask    string       `json:"ask,omitempty"`
	Parts  []partEntity `json:"parts"`
	Losses []string     `json:"losses"`
	Cost   int64        `json:"cost_microdollars"`
}

type partEntity struct {
	Text      string           `json:"text"`
	Spans     []social.Span    `json:"spans"`
	Warning   string           `json:"spoiler_text"`
	Sensitive bool             `json:"sensitive"`
	Length    int              `json:"length"`
	Limit     int              `json:"limit"`
	Cost      int64            `json:"cost_microdollars"`
	Left      int              `json:"left"`
	Media     []fileEntity     `json:"media"`
	Poll      *social.PartPoll `json:"poll,omitempty"`
}

type fileEntity struct {
	ID   string `json:"id"`
	Kind string `json:"kind"`
	Alt  string `json:"description"`
	Plan string `json:"plan"`
}

// relayPreview is POST relay/preview: what would become of a draft at every
// Link. The draft's fields are those of POST /api/v1/statuses, with text for status.
func relayPreview(a *API, c *call) (any, error) {
	if a.Drafts == nil {
		return nil, &social.Error{Kind: social.Temporary, Op: "preview", Message: string(locale.W("own.no_preview"))}
	}
	var in draftInput
	if err := c.read(&in); err != nil {
		return nil, err
	}
	d, err := in.draft()
	if err != nil {
		return nil, err
	}
	all, err := a.Drafts.Preview(c.ctx, c.me(), d, c.lang)
	if err != nil {
		return nil, err
	}
	out := []previewEntity{}
	for i := range all {
		out = append(out, previewOf(c.lang, &all[i]))
	}
	return out, nil
}

func previewOf(lang locale.Lang, p *Preview) previewEntity {
	e := previewEntity{decidedEntity: decidedOf(&Decided{Link: p.Link, Send: p.Send, Rule: p.Rule, Reason: p.Reason}), Ask: p.Ask,
		Parts: []partEntity{}, Losses: append([]string{}, p.Losses...), Cost: p.Cost}
	for i := range p.Parts {
		e.Parts = append(e.Parts, partOf(lang, &p.Parts[i]))
	}
	return e
}

func partOf(lang locale.Lang, p *PreviewPart) partEntity {
	e := partEntity{Text: p.Part.Text, Spans: append([]social.Span{}, p.Part.Spans...), Warning: p.Part.Warning, Sensitive: p.Part.Sensitive,
		Length: p.Length, Limit: p.Limit, Cost: p.Cost, Media: []fileEntity{}, Poll: p.Part.Poll}
	if p.Limit > 0 {
		e.Left = p.Limit - p.Length
	}
	for i := range p.Part.Media {
		f := &p.Part.Media[i]
		e.Media = append(e.Media, fileEntity{ID: f.Media.String(), Kind: string(f.Kind), Alt: f.Alt, Plan: filePlan(lang, f)})
	}
	return e
}

// filePlan says how a file is fitted.
func filePlan(lang locale.Lang, f *social.PartFile) string {
	switch {
	case f.Side > 0:
		return locale.T(lang, "preview.file.side", "side", f.Side)
	case f.Bytes > 0:
		return locale.T(lang, "preview.file.bytes", "size", f.Bytes/1000)
	}
	return locale.T(lang, "preview.file.same")
}
