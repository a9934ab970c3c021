package relay

import (
	"engawa/internal/locale"
	"engawa/social"
)

// Cause is why a Decision is as it is.
type Cause uint8

// The causes. Those of a rule that did not match stand in the order of how near
// the Post came to it.
const (
	CauseMatch   Cause = iota // the rule matched
	CauseFrom                 // the rule looks at other sources only
	CauseTagAll               // a needed tag is missing
	CauseTagAny               // none of the tags is there
	CauseTagNone              // an excluded tag is there
	CauseKind                 // not the kind of post
	CauseMedia
	CauseLanguage
	CauseWarning
	CauseClient
	CauseText
	CauseVisibility // the rule takes a narrower choice of audiences
	CauseThread     // sent, as the parent was
	CauseParent     // a self-reply without tag, whose parent is not there
	CauseBlocked    // a rule to none
	CauseUnable     // the Link cannot post
	CauseNoRule     // no rule names the Link
	CauseWall       // followers, direct, local: never
	CauseCopy       // made by relaying
	CauseLinked     // read through a Link
	CauseForeign    // not said here by the owner of the Link
	CauseDeleted
)

// causeTexts are the keys of the reasons.
var causeTexts = [...]string{
	CauseMatch: "relay.reason.match", CauseFrom: "relay.reason.from", CauseTagAll: "relay.reason.tag_all", CauseTagAny: "relay.reason.tag_any",
	CauseTagNone: "relay.reason.tag_none", CauseKind: "relay.reason.kind", CauseMedia: "relay.reason.media", CauseLanguage: "relay.reason.language",
	CauseWarning: "relay.reason.warning", CauseClient: "relay.reason.client", CauseText: "relay.reason.text", CauseVisibility: "relay.reason.visibility",
	CauseThread: "relay.reason.thread", CauseParent: "relay.reason.parent", CauseBlocked: "relay.reason.blocked", CauseUnable: "relay.reason.unable",
	CauseNoRule: "relay.reason.no_rule", CauseWall: "relay.reason.wall", CauseCopy: "relay.reason.copy", CauseLinked: "relay.reason.linked",
	CauseForeign: "relay.reason.foreign", CauseDeleted: "relay.reason.deleted",
}

// Say is the reason in words: "not sent: visibility unlisted, rule 'ttr' takes
// public only".
func (d *Decision) Say(lang locale.Lang) string {
	key := causeTexts[d.Cause]
	switch {
	case d.Cause == CauseMatch && d.Tag != "":
		key = "relay.reason.tag"
	case d.Cause == CauseThread && d.Rule.Name == "":
		key = "relay.reason.lane"
	}
	f := flaw{text: key}
	if d.Rule != nil {
		f.args = append(f.args, "rule", d.Rule.Name)
		f.args = append(f.args, d.ruleArgs(lang)...)
	}
	f.args = append(f.args, "tag", "#"+d.Tag, "visibility", textKey("relay.visibility."+visibilityName(d.audience)), "kind", d.kindText(lang))
	if d.Link != nil {
		f.args = append(f.args, "link", d.Link.Name)
	}
	return f.Say(lang)
}

// ruleArgs are what the rule wanted, as far as the cause asks for it.
func (d *Decision) ruleArgs(lang locale.Lang) []any {
	w := &d.Rule.When
	switch d.Cause {
	case CauseVisibility:
		return []any{"takes", saidAll(lang, "relay.visibility.", choicesField[social.Audience]{named: visibilities[:2], at: audiencesOf}.write(d.Rule))}
	case CauseKind:
		return []any{"takes", saidAll(lang, "relay.kind.", choicesField[Kind]{named: namedKinds, at: func(r *Rule) *[]Kind { return &r.When.Kind }}.write(d.Rule))}
	case CauseTagAny:
		return []any{"tags", hashed(w.TagAny)}
	case CauseTagAll:
		return []any{"tags", hashed(w.TagAll)}
	case CauseMedia:
		return []any{"takes", textKey("relay.media." + w.Media)}
	case CauseWarning:
		return []any{"takes", textKey("relay.cw." + w.CW)}
	case CauseLanguage:
		return []any{"takes", w.Lang, "language", orDash(d.lang)}
	case CauseText:
		return []any{"takes", w.Text}
	case CauseClient:
		return []any{"takes", w.Client}
	}
	return nil
}

func audiencesOf(r *Rule) *[]social.Audience { return &r.When.Visibility }

// kindText names what the Post is.
func (d *Decision) kindText(lang locale.Lang) []string {
	var names []string
	for i, k := range kinds {
		if d.sort&(1<<i) != 0 {
			names = append(names, locale.T(lang, "relay.kind."+string(k)))
		}
	}
	return names
}

// saidAll puts names into words; v is a []string.
func saidAll(lang locale.Lang, prefix string, v any) []string {
	names, _ := v.([]string)
	out := make([]string, len(names))
	for i, n := range names {
		out[i] = locale.T(lang, prefix+n)
	}
	return out
}

func hashed(tags []string) []string {
	const most = 5
	var out []string
	for i, t := range tags {
		if i == most {
			return append(out, "…")
		}
		out = append(out, "#"+t)
	}
	return out
}

func orDash(s string) string {
	if s == "" {
		return "–"
	}
	return s
}

// visibilityName is the name that a rule has for an audience.
func visibilityName(a social.Audience) string {
	for _, v := range visibilities {
		if v.is == a {
			return v.name
		}
	}
	return "direct"
}
