package relay

import (
	"slices"

	"engawa/internal/locale"
	"engawa/internal/ruler"
	"engawa/social"
)

// Preview is a Plan as it is shown to the person.
type Preview struct {
	Link    social.ID     `json:"link,string"`
	Name    string        `json:"name"` // of the Link
	Network string        `json:"network"`
	Send    bool          `json:"send"`
	Rule    string        `json:"rule,omitempty"`
	Reason  string        `json:"reason,omitempty"` // why nothing goes there, or why the person is asked
	Ask     string        `json:"ask,omitempty"`    // confirm, lossy or price
	Parts   []PreviewPart `json:"parts"`
	Losses  []PreviewLoss `json:"losses"`
	Price   int64         `json:"price"` // micro-dollars
}

// PreviewPart is one post as it will stand there.
type PreviewPart struct {
	Text      string            `json:"text"`
	Spans     []social.Span     `json:"spans"`
	Length    int               `json:"length"`
	Limit     int               `json:"limit"` // 0: none
	Warning   string            `json:"warning,omitempty"`
	Sensitive bool              `json:"sensitive,omitempty"`
	Media     []social.PartFile `json:"media"`
	Poll      *social.PartPoll  `json:"poll,omitempty"`
	Quote     string            `json:"quote,omitempty"` // what is quoted, boosted, answered: address or id there
	Boost     string            `json:"boost,omitempty"`
	Answers   string            `json:"answers,omitempty"`
	Card      string            `json:"card,omitempty"`
	Audience  string            `json:"audience"`
	Limited   string            `json:"limited,omitempty"`
	Price     int64             `json:"price"`
}

// PreviewLoss is a Loss in words.
type PreviewLoss struct {
	Code string `json:"code"`
	Text string `json:"text"`
}

// Show makes a Preview of a Plan for one Link. reason is what the rules said.
func (p *Plan) Show(lang locale.Lang, l *social.Link, rule, reason string) Preview {
	out := Preview{Link: l.ID, Name: l.Name, Network: l.Network, Rule: rule, Reason: reason, Send: p.Skip == nil, Price: p.Price,
		Parts: []PreviewPart{}, Losses: []PreviewLoss{}}
	if p.Skip != nil {
		out.Reason = p.Skip.Say(lang)
	}
	for i := range p.Losses {
		out.Losses = append(out.Losses, PreviewLoss{p.Losses[i].Code, p.Losses[i].Say(lang)})
	}
	r := rulerOf(l)
	for i := range p.Parts {
		part := showPart(&p.Parts[i], &r)
		if i < len(p.Costs) {
			part.Price = p.Costs[i]
		}
		out.Parts = append(out.Parts, part)
	}
	return out
}

func showPart(p *social.Part, r *ruler.Ruler) PreviewPart {
	return PreviewPart{
		Text: p.Text, Spans: slices.Concat([]social.Span{}, p.Spans), Length: Length(r, p), Limit: r.Limit, Warning: p.Warning,
		Sensitive: p.Sensitive, Media: slices.Concat([]social.PartFile{}, p.Media), Poll: p.Poll, Quote: address(p.Quote),
		Boost: address(p.Boost), Answers: address(p.Parent), Card: p.Link, Audience: p.Audience.String(), Limited: p.Limited,
	}
}

// Length is how long the network says a Part is. Mastodon counts the content
// warning too, as it is (StatusLengthValidator).
func Length(r *ruler.Ruler, p *social.Part) int {
	n := r.Measure(p.Text)
	if r.Network == "mastodon" {
		n += ruler.Graphemes(p.Warning)
	}
	return n
}

func address(r social.Ref) string {
	if r.URL != "" {
		return r.URL
	}
	return r.ID
}
