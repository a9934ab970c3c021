package relay

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"engawa/internal/locale"
	"engawa/social"
)

const (
	me  social.ID = 7
	bob social.ID = 8
)

const poster = social.AblePost | social.AbleReply | social.AbleDelete | social.AbleMedia

// myLinks: two accounts on one network, one of another, one that is only read.
func myLinks() []social.Link {
	return []social.Link{
		{ID: 1, User: me, Network: "x", Name: "x main", Can: poster},
		{ID: 2, User: me, Network: "x", Name: "x second", Can: poster},
		{ID: 3, User: me, Network: "bluesky", Name: "sky", Can: poster | social.AbleEdit},
		{ID: 4, User: me, Network: "mastodon", Name: "old home", Can: social.AbleRead},
	}
}

func said(text string, change ...func(*social.Post)) Facts {
	p := &social.Post{ID: 100, Home: 1, Actor: me, Kind: social.Note, Origin: social.Local, Content: "<p>" + text + "</p>", Language: "ja"}
	for _, w := range strings.Fields(text) {
		if tag, is := strings.CutPrefix(w, "#"); is {
			p.Tags = append(p.Tags, tag)
		}
	}
	for _, c := range change {
		c(p)
	}
	return Facts{Post: p}
}

// at finds the decision for a Link by name.
func (d *Decisions) at(t *testing.T, name string) *Decision {
	t.Helper()
	i := slices.IndexFunc(d.Each, func(e Decision) bool { return e.Link.Name == name })
	if i < 0 {
		t.Fatalf("no decision for %q", name)
	}
	return &d.Each[i]
}

func audience(a social.Audience) func(*social.Post) {
	return func(p *social.Post) { p.Audience = a }
}

func replyTo(id, actor social.ID) func(*social.Post) {
	return func(p *social.Post) { p.ReplyTo, p.ReplyToActor, p.ReplyToURI = id, actor, "https://a.example/p" }
}

const ttr = "[[rule]]\nwhen.tag_any = [\"ttr\"]\nto = [\"sky\"]\n"

func TestThreadsAsTheRuleSays(t *testing.T) {
	parent := []Trace{{Link: 3, Rule: "r"}}
	tests := []struct {
		name, rule string
		send       bool
		cause      Cause
	}{
		{"keep.thread off", "when.tag_any=\"t\"\nkeep.thread = false\nto=\"sky\"\n", false, CauseTagAny},
		{"originals only", "when.tag_any=\"t\"\nwhen.kind=\"original\"\nto=\"sky\"\n", false, CauseTagAny},
		{"no condition", "to=\"sky\"\n", true, CauseMatch},
		{"blocked", "to=\"none\"\n", false, CauseBlocked},
	}
	for _, tt := range tests {
		c := Compile(mustParse(t, "[[rule]]\nname=\"r\"\n"+tt.rule), myLinks())
		f := said("more", replyTo(9, me))
		f.Parent = parent
		d := c.Decide(f)
		if e := d.at(t, "sky"); e.Send != tt.send || e.Cause != tt.cause {
			t.Errorf("%s: %v, cause %d", tt.name, e.Send, e.Cause)
		}
	}
	f := said("more", replyTo(9, me))
	f.Parent = []Trace{{Link: 3}} // an answer in a Lane
	d := Compile(mustParse(t, ttr), myLinks()).Decide(f)
	if e := d.at(t, "sky"); !e.Send || e.Say(locale.English) != "sent: continues an answer there" {
		t.Errorf("after an answer in a lane: %s", e.Say(locale.English))
	}
	c := Compile(mustParse(t, "[[rule]]\nto=\"sky\"\n"), myLinks())
	d = c.Decide(said("more", replyTo(9, me)))
	if e := d.at(t, "sky"); e.Send || e.Cause != CauseParent {
		t.Errorf("a self-reply whose parent is not there went out: %s", e.Say(locale.English))
	}
}

// TestSources: copies, what was read through a Link, what came from elsewhere
// and other people's posts are never relayed.
func TestSources(t *testing.T) {
	c := Compile(mustParse(t, "[[rule]]\nto=[\"sky\"]\nwhen.kind=[\"original\",\"self_reply\",\"reply\",\"boost\",\"quote\",\"poll\"]\n"), myLinks())
	tests := []struct {
		name   string
		change func(*Facts)
		cause  Cause
	}{
		{"a copy", func(f *Facts) { f.Copy = true }, CauseCopy},
		{"read through a link", func(f *Facts) { f.Post.Origin = social.Linked }, CauseLinked},
		{"imported", func(f *Facts) { f.Post.Origin = social.Imported }, CauseForeign},
		{"federated", func(f *Facts) { f.Post.Origin, f.Post.Home = social.Federated, 0 }, CauseForeign},
		{"of another user here", func(f *Facts) { f.Post.Actor = bob }, CauseForeign},
		{"deleted", func(f *Facts) { f.Post.DeletedAt = 1 }, CauseDeleted},
	}
	for _, tt := range tests {
		f := said("a")
		tt.change(&f)
		d := c.Decide(f)
		for _, e := range d.Each {
			if e.Send || e.Cause != tt.cause {
				t.Errorf("%s: %s", tt.name, e.Say(locale.English))
			}
		}
		if len(d.Each) == 0 {
			t.Errorf("%s: no decision", tt.name)
		}
	}
	d := c.Decide(said("a"))
	if !d.at(t, "sky").Send {
		t.Error("what is said here is a source")
	}
}

func TestConditions(t *testing.T) {
	with := func(f Facts, app string) Facts { f.App = app; return f }
	quote := func(p *social.Post) { p.QuoteURI = "https://a.example/q" }
	poll := func(p *social.Post) { p.HasPoll = true }
	boost := func(p *social.Post) { p.Kind, p.BoostOf = social.Boost, 5 }
	tests := []struct {
		rule  string
		facts Facts
		cause Cause
	}{
		{`when.media="only"`, said("a"), CauseMedia},
		{`when.media="only"`, said("a", func(p *social.Post) { p.MediaCount = 1 }), CauseMatch},
		{`when.media="none"`, said("a", func(p *social.Post) { p.MediaCount = 1 }), CauseMedia},
		{`when.lang=["ja"]`, said("a", func(p *social.Post) { p.Language = "ja-JP" }), CauseMatch},
		{`when.lang=["ja"]`, said("a", func(p *social.Post) { p.Language = "jam" }), CauseLanguage},
		{`when.lang=["ja"]`, said("a", func(p *social.Post) { p.Language = "" }), CauseLanguage},
		{`when.cw="with"`, said("a"), CauseWarning},
		{`when.cw="without"`, said("a", func(p *social.Post) { p.Warning = "w" }), CauseWarning},
		{`when.client=["Toot"]`, with(said("a"), "toot"), CauseMatch},
		{`when.client=["Toot"]`, with(said("a"), "Ivory"), CauseClient},
		{`when.text=["猫"]`, said("うちの猫が"), CauseMatch},
		{`when.text=["cat"]`, said("concatenate"), CauseText},
		{`when.text=["cat"]`, said("concatenate, a Cat!"), CauseMatch},
		{`when.text=["cat"]`, said("猫catねこ"), CauseMatch},
		{`when.text=["ｃａｔ"]`, said("cat"), CauseMatch},
		{`when.text=["/^c.t$/"]`, said("cat"), CauseMatch},
		{`when.text=["/^c.t$/"]`, said("Cat"), CauseText},
		{`when.text=["/^c.t$/i"]`, said("Cat"), CauseMatch},
		{`when.text=["/home"]`, said("see /home there"), CauseMatch},
		{`on=true`, said("a", quote), CauseMatch},
		{`on=true`, said("a", poll), CauseMatch},
		{`on=true`, said("", boost), CauseKind},
		{`when.kind="boost"`, said("", boost), CauseMatch},
		{`when.kind="poll"`, said("a"), CauseKind},
		{`when.kind="poll"`, said("a", poll), CauseMatch},
		{`when.kind="poll"`, said("a", poll, replyTo(5, bob)), CauseKind},
		{`when.kind=["reply"]`, said("a", replyTo(5, bob)), CauseMatch},
		{`from="sky"`, said("a"), CauseFrom},
	}
	for _, tt := range tests {
		c := Compile(mustParse(t, "[[rule]]\nto=\"sky\"\n"+tt.rule+"\n"), myLinks())
		d := c.Decide(tt.facts)
		e := d.at(t, "sky")
		if e.Cause != tt.cause || e.Send != (tt.cause == CauseMatch) {
			t.Errorf("%s: %s", tt.rule, e.Say(locale.English))
		}
	}
}

// TestFirstRuleDecides: per Link the first match, a block among them; a rule
// that is off does not exist.
func TestFirstRuleDecides(t *testing.T) {
	book := `
[[rule]]
name = "off"
on = false
to = ["sky"]
[[rule]]
name = "block"
when.tag_any = ["quiet"]
to = ["none"]
[[rule]]
name = "one"
when.tag_any = ["ttr"]
to = ["sky"]
[[rule]]
name = "two"
to = ["sky", "x main", "old home"]
`
	c := Compile(mustParse(t, book), myLinks())
	tests := []struct{ text, link, rule, reason string }{
		{"a #ttr", "sky", "one", "sent: #ttr, rule 'one'"},
		{"a #ttr", "x main", "two", "sent: rule 'two'"},
		{"a", "sky", "two", "sent: rule 'two'"},
		{"a #ttr #quiet", "sky", "block", "not sent: rule 'block' keeps it from being sent"},
		{"a #quiet", "x main", "block", "not sent: rule 'block' keeps it from being sent"},
		{"a", "x second", "", "not sent: it has none of #quiet, which rule 'block' asks for"},
		{"a", "old home", "two", "not sent: old home can only be read; rule 'two' names it"},
	}
	for _, tt := range tests {
		d := c.Decide(said(tt.text))
		for _, v := range d.Verdicts(locale.English, 5) {
			if v.Link != d.at(t, tt.link).Link.ID {
				continue
			}
			if v.Rule != tt.rule || v.Reason != tt.reason || v.Post != 100 || v.User != me || v.At != 5 {
				t.Errorf("%s at %s: %+v", tt.text, tt.link, v)
			}
		}
	}
}

// TestEveryReasonIsSaid in both languages, without an open place.
func TestEveryReasonIsSaid(t *testing.T) {
	r := NewRule()
	r.Name = "r"
	r.When = When{TagAny: []string{"a"}, TagAll: []string{"b"}, Visibility: []social.Audience{social.Public}, Kind: []Kind{KindPoll},
		Media: "only", Lang: []string{"ja"}, Text: []string{"c"}, CW: "with", Client: []string{"d"}}
	for cause := range causeTexts {
		for _, tag := range []string{"", "ttr"} {
			d := Decision{Rule: &r, Link: &social.Link{Name: "x"}, Cause: Cause(cause), Tag: tag, sort: isOriginal | isPoll}
			for _, lang := range locale.All() {
				if s := d.Say(lang); strings.ContainsAny(s, "{}") || strings.Contains(s, "relay.") {
					t.Errorf("cause %d in %s: %q", cause, lang, s)
				}
			}
		}
	}
}

func TestTrial(t *testing.T) {
	c := Compile(mustParse(t, ttr), myLinks())
	first := said("a #ttr", func(p *social.Post) { p.ID, p.CreatedAt = 1, 1000 })
	second := said("b", replyTo(1, me), func(p *social.Post) { p.ID, p.CreatedAt = 2, 2000 })
	third := said("c", replyTo(2, me), func(p *social.Post) { p.ID, p.CreatedAt = 3, 2000 })
	other := said("d", func(p *social.Post) { p.ID, p.CreatedAt = 4, 3000 })
	late := said("e", replyTo(4, me), func(p *social.Post) { p.ID, p.CreatedAt = 5, 4000 })
	late.Parent = []Trace{{Link: 3, Rule: "ttr"}} // as the ledger says; the book would not have sent the parent
	got := c.Trial([]Facts{late, other, third, second, first})
	for i, want := range []bool{false, false, true, true, true} {
		if e := got[i].at(t, "sky"); e.Send != want {
			t.Errorf("post %d: %s", got[i].Post.ID, e.Say(locale.English))
		}
	}
}

func TestTraces(t *testing.T) {
	got := Traces([]social.Copy{
		{Link: 1, Rule: "a", State: social.CopySent}, {Link: 1, Rule: "a", Number: 1, State: social.CopyFailed},
		{Link: 2, Rule: "b", State: social.CopySkipped}, {Link: 3, Rule: "c", State: social.CopyHeld}, {Link: 4, State: social.CopyDeleted},
	})
	if fmt.Sprint(got) != "[{1 a} {3 c}]" {
		t.Error(got)
	}
}

// BenchmarkDecide: one decision is one Post at one Link; at least 10,000 a
// second and core are promised.
func BenchmarkDecide(b *testing.B) {
	var book strings.Builder
	for i := range 10 {
		fmt.Fprintf(&book, "[[rule]]\nname=\"r%d\"\nwhen.tag_any=[\"tag%d\",\"日本%d\"]\nwhen.text=[\"猫\",\"/犬[がは]/\"]\nwhen.lang=[\"ja\"]\nto=[\"sky\",\"x main\",\"x second\"]\n", i, i, i)
	}
	c := Compile(mustParse(b, book.String()), myLinks())
	f := said("きょうは猫がよく寝ている #日本9 #TTR #ねこ", audience(social.Public))
	b.ReportAllocs()
	n := 0
	for b.Loop() {
		d := c.Decide(f)
		n += len(d.Each)
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "decisions/s")
}
