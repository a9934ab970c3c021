package relay

import (
	"strings"
	"testing"

	"engawa/internal/locale"
	"engawa/social"
)

// TestTtRelayRow02Trigger: a hashtag sends, in any case; many tags go to many
// targets; "everything except" can be said.
func TestTtRelayRow02Trigger(t *testing.T) {
	book := `
[[rule]]
when.tag_any = ["ttr", "日本ＡＢ"]
to = ["x main"]
[[rule]]
name = "rest"
when.tag_none = ["nosky"]
to = ["sky"]
[[rule]]
name = "both"
when.tag_all = ["a", "b"]
to = ["x second"]
`
	c := Compile(mustParse(t, book), myLinks())
	tests := []struct{ text, want, triggers string }{
		{"hello", "sky", ""},
		{"hello #ttr", "x main,sky", "ttr"},
		{"hello #TTR", "x main,sky", "ttr"},
		{"hello #ｔｔｒ", "x main,sky", "ttr"},
		{"hello #ttrx", "sky", ""},
		{"#日本ab", "x main,sky", "日本ab"},
		{"#NoSky", "", ""},
		{"#ttr #nosky", "x main", "ttr"},
		{"#a", "sky", ""},
		{"#a #a", "sky", ""},
		{"#B #a #ttr", "x main,x second,sky", "ttr,b,a"},
	}
	for _, tt := range tests {
		d := c.Decide(said(tt.text))
		var got []string
		for _, e := range d.Each {
			if e.Send {
				got = append(got, e.Link.Name)
			}
		}
		if strings.Join(got, ",") != tt.want || strings.Join(d.Triggers, ",") != tt.triggers {
			t.Errorf("%s: sent to %v with triggers %v, want %s with %s", tt.text, got, d.Triggers, tt.want, tt.triggers)
		}
	}
}

// TestTtRelayRow07Thread: a self-reply follows the parent's Copies for ever and
// without the tag; a reply to somebody else never becomes a post of its own.
func TestTtRelayRow07Thread(t *testing.T) {
	c := Compile(mustParse(t, ttr), myLinks())
	parent := []Trace{{Link: 3, Rule: "ttr"}}
	tests := []struct {
		name   string
		facts  Facts
		parent []Trace
		send   bool
		follow bool
		cause  Cause
	}{
		{"self-reply without tag follows", said("more", replyTo(9, me)), parent, true, true, CauseThread},
		{"self-reply with tag follows", said("more #ttr", replyTo(9, me)), parent, true, true, CauseMatch},
		{"parent is not there", said("more", replyTo(9, me)), nil, false, false, CauseTagAny},
		{"parent is elsewhere", said("more", replyTo(9, me)), []Trace{{Link: 1, Rule: "ttr"}}, false, false, CauseTagAny},
		{"a tag begins anew", said("more #ttr", replyTo(9, me)), nil, true, false, CauseMatch},
		{"reply to others with the tag", said("no #ttr", replyTo(9, bob)), nil, false, false, CauseKind},
		{"reply to others below a copy", said("no #ttr", replyTo(9, bob)), parent, false, false, CauseKind},
		{"reply to an unknown author", said("no #ttr", replyTo(9, 0)), parent, false, false, CauseKind},
		{"reply to what is not here", said("no #ttr", func(p *social.Post) { p.ReplyToURI = "https://b.example/1" }), nil, false, false, CauseKind},
		{"unlisted self-reply", said("more", replyTo(9, me), audience(social.Unlisted)), parent, false, false, CauseVisibility},
		{"private self-reply", said("more", replyTo(9, me), audience(social.Followers)), parent, false, false, CauseWall},
		{"rule is gone", said("more", replyTo(9, me)), []Trace{{Link: 3, Rule: "former"}}, true, true, CauseThread},
		{"rule is gone, unlisted", said("more", replyTo(9, me), audience(social.Unlisted)), []Trace{{Link: 3, Rule: "former"}}, false, false, CauseVisibility},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tt.facts.Parent = tt.parent
			d := c.Decide(tt.facts)
			if e := d.at(t, "sky"); e.Send != tt.send || e.Follows != tt.follow || e.Cause != tt.cause {
				t.Errorf("send %v, follows %v, cause %d (%s)", e.Send, e.Follows, e.Cause, e.Say(locale.English))
			}
		})
	}
}

// TestTtRelayRow11Visibility: the audience is never widened, whatever a rule says.
func TestTtRelayRow11Visibility(t *testing.T) {
	tests := []struct {
		visibility string
		audience   social.Audience
		send       bool
		want       string
	}{
		{`["public"]`, social.Public, true, "sent: #ttr, rule 'ttr'"},
		{`["public"]`, social.Unlisted, false, "not sent: visibility unlisted, rule 'ttr' takes public only"},
		{`["unlisted"]`, social.Public, false, "not sent: visibility public, rule 'ttr' takes unlisted only"},
		{`["public", "unlisted"]`, social.Unlisted, true, "sent: #ttr, rule 'ttr'"},
		{`["public", "unlisted"]`, social.Followers, false, "not sent: visibility followers; the audience is never widened"},
		{`["public", "followers"]`, social.Followers, false, "not sent: visibility followers; the audience is never widened"},
		{`["direct", "local", "private"]`, social.Direct, false, "not sent: visibility direct; the audience is never widened"},
		{`["direct", "local"]`, social.LocalOnly, false, "not sent: visibility local; the audience is never widened"},
		{`["public"]`, social.Audience(99), false, "not sent: visibility direct; the audience is never widened"},
	}
	for _, tt := range tests {
		b, problems := Parse(ttr + "when.visibility = " + tt.visibility + "\n")
		if err := problems.Err(); err != nil {
			t.Fatal(err)
		}
		d := Compile(b, myLinks()).Decide(said("a #ttr", audience(tt.audience)))
		if e := d.at(t, "sky"); e.Send != tt.send || e.Say(locale.English) != tt.want {
			t.Errorf("%s of %s: %v %q, want %q", tt.audience, tt.visibility, e.Send, e.Say(locale.English), tt.want)
		}
	}
}

// TestTtRelayRow15Targets: two accounts of one network are two targets, and a
// network's name means a Link only where it is the only one.
func TestTtRelayRow15Targets(t *testing.T) {
	links := myLinks()
	b := mustParse(t, "[[rule]]\nwhen.tag_any=\"one\"\nto=[\"X MAIN\"]\n[[rule]]\nwhen.tag_any=\"two\"\nto=[\"x second\", \"bluesky\"]\n")
	if p := Check(b, links); len(p) > 0 {
		t.Error(p)
	}
	c := Compile(b, links)
	d := c.Decide(said("#one"))
	if !d.at(t, "x main").Send || d.at(t, "x second").Send || d.at(t, "sky").Send {
		t.Error("the tag of one account went elsewhere")
	}
	d = c.Decide(said("#two"))
	if d.at(t, "x main").Send || !d.at(t, "x second").Send || !d.at(t, "sky").Send {
		t.Error("the tag of the other account went elsewhere")
	}
	both := mustParse(t, "[[rule]]\nto=[\"x\"]\n")
	if err := Check(both, links).Err(); err == nil || err.Error() != `line 1, rule 'rule', to: "x" is more than one of your linked accounts; write one of "x main", "x second"` {
		t.Error(err)
	}
	d = Compile(both, links).Decide(said("a"))
	if d.at(t, "x main").Send || d.at(t, "x second").Send {
		t.Error("a name that means two accounts sent to one of them")
	}
}
