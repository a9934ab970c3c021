package relay

import (
	"time"

	"engawa/social"
)

// fields are all keys of a rule, in the order in which they are written.
var fields = []field{
	{"name", textField(func(r *Rule) *string { return &r.Name })},
	{"on", flagField(func(r *Rule) *bool { return &r.On })},
	{"from", listField{func(r *Rule) *[]string { return &r.From }, nil}},

	{"when.tag_any", listField{func(r *Rule) *[]string { return &r.When.TagAny }, bareTag}},
	{"when.tag_all", listField{func(r *Rule) *[]string { return &r.When.TagAll }, bareTag}},
	{"when.tag_none", listField{func(r *Rule) *[]string { return &r.When.TagNone }, bareTag}},
	{"when.visibility", choicesField[social.Audience]{func(r *Rule) *[]social.Audience { return &r.When.Visibility }, visibilities}},
	{"when.kind", choicesField[Kind]{func(r *Rule) *[]Kind { return &r.When.Kind }, namedKinds}},
	{"when.media", choiceField[string]{func(r *Rule) *string { return &r.When.Media }, []string{WhenAny, "none", "only"}}},
	{"when.lang", listField{func(r *Rule) *[]string { return &r.When.Lang }, checkLanguage}},
	{"when.text", listField{func(r *Rule) *[]string { return &r.When.Text }, checkPattern}},
	{"when.cw", choiceField[string]{func(r *Rule) *string { return &r.When.CW }, []string{WhenAny, "with", "without"}}},
	{"when.client", listField{func(r *Rule) *[]string { return &r.When.Client }, nil}},

	{"to", listField{func(r *Rule) *[]string { return &r.To }, nil}},

	{"as.strip_trigger", flagField(func(r *Rule) *bool { return &r.As.StripTrigger })},
	{"as.long", choiceField[string]{func(r *Rule) *string { return &r.As.Long }, []string{"thread", "cut_link", "link_only", "skip"}}},
	{"as.number", choiceField[string]{func(r *Rule) *string { return &r.As.Number }, []string{"none", "1/3"}}},
	{"as.link_back", choiceField[string]{func(r *Rule) *string { return &r.As.LinkBack }, []string{"never", "when_cut", "always"}}},
	{"as.cw", choiceField[string]{func(r *Rule) *string { return &r.As.CW }, []string{"auto", "native", "prefix", "link_only", "skip"}}},
	{"as.sensitive_media", choiceField[string]{func(r *Rule) *string { return &r.As.SensitiveMedia }, []string{"label", "link", "skip"}}},
	{"as.mention", choiceField[string]{func(r *Rule) *string { return &r.As.Mention }, []string{"auto", "resolve", "name_only", "link", "skip_post"}}},
	{"as.media", choiceField[string]{func(r *Rule) *string { return &r.As.Media }, []string{"thread", "link"}}},
	{"as.poll", choiceField[string]{func(r *Rule) *string { return &r.As.Poll }, []string{"auto", "native", "text", "link", "skip"}}},
	{"as.quote", choiceField[string]{func(r *Rule) *string { return &r.As.Quote }, []string{"auto", "native", "link", "skip"}}},
	{"as.boost", choiceField[string]{func(r *Rule) *string { return &r.As.Boost }, []string{"auto", "native", "link", "skip"}}},
	{"as.template", templateField{}},
	{"as.audience", choiceField[string]{func(r *Rule) *string { return &r.As.Audience }, []string{"everyone", "followers", "mentioned"}}},

	{"keep.edit", editKeep{}},
	{"keep.delete", flagField(func(r *Rule) *bool { return &r.Keep.Delete })},
	{"keep.thread", flagField(func(r *Rule) *bool { return &r.Keep.Thread })},
	{"keep.feedback", feedback{}},

	{"limit.hold", spanField{func(r *Rule) *time.Duration { return &r.Limit.Hold }, MaxHold}},
	{"limit.per_day", numberField{func(r *Rule) *int { return &r.Limit.PerDay }, 10_000}},
	{"limit.gap", spanField{func(r *Rule) *time.Duration { return &r.Limit.Gap }, 7 * 24 * time.Hour}},
	{"limit.quiet_hours", quietHours{}},
	{"limit.budget_month", moneyField(func(r *Rule) *int64 { return &r.Limit.Budget })},
	{"limit.ask_over", moneyField(func(r *Rule) *int64 { return &r.Limit.AskOver })},
	{"limit.confirm", choiceField[Confirm]{func(r *Rule) *Confirm { return &r.Limit.Confirm }, []Confirm{ConfirmNo, ConfirmAlways, ConfirmLossy}}},
}

// visibilities are those that a rule may name; what lies beyond Unlisted is
// read, so that it can be said why it is never relayed.
var visibilities = []named[social.Audience]{
	{"public", social.Public}, {"unlisted", social.Unlisted},
	{"followers", social.Followers}, {"private", social.Followers}, {"direct", social.Direct}, {"local", social.LocalOnly},
}

var namedKinds = func() []named[Kind] {
	out := make([]named[Kind], len(kinds))
	for i, k := range kinds {
		out[i] = named[Kind]{string(k), k}
	}
	return out
}()
