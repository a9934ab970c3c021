package relay

import (
	"testing"

	"engawa/internal/locale"
)

func TestWarnings(t *testing.T) {
	tests := []struct {
		name, text string
		want       []string
	}{
		{"nothing", "[[rule]]\nwhen.tag_any=\"a\"\nto=\"sky\"\n", nil},
		{"tags cancel", "[[rule]]\nwhen.tag_any=[\"Ａ\",\"b\"]\nwhen.tag_none=[\"a\",\"B\",\"c\"]\nto=\"sky\"\n",
			[]string{"line 1, rule 'Ａ', when.tag_none: this rule can never match: it wants #Ａ, #b and excludes the same in when.tag_none; take it out of one of them"}},
		{"one of two is left", "[[rule]]\nwhen.tag_any=[\"a\",\"b\"]\nwhen.tag_none=\"a\"\nto=\"sky\"\n", nil},
		{"needed and excluded", "[[rule]]\nname=\"r\"\nwhen.tag_all=[\"a\",\"b\"]\nwhen.tag_none=\"a\"\nto=\"sky\"\n",
			[]string{"line 1, rule 'r', when.tag_none: this rule can never match: it wants #a and excludes the same in when.tag_none; take it out of one of them"}},
		{"tag with a space", "[[rule]]\nname=\"r\"\nwhen.tag_any=[\"t tr\"]\nto=\"sky\"\n",
			[]string{`line 1, rule 'r', when.tag_any: "t tr" can stand in no post as a hashtag, so it is never found; write letters, digits and _ without spaces, such as "ttr"`}},
		{"wall", "[[rule]]\nname=\"r\"\nwhen.visibility=[\"public\",\"followers\"]\nto=\"sky\"\n",
			[]string{`line 1, rule 'r', when.visibility: posts with visibility "followers" are never relayed, whatever a rule says: the audience is never widened; "public" and "unlisted" are possible`}},
		{"only wall", "[[rule]]\nname=\"r\"\nwhen.visibility=[\"direct\",\"private\"]\nto=\"sky\"\n",
			[]string{`line 1, rule 'r', when.visibility: this rule can never match: posts with visibility "direct", "followers" are never relayed, as the audience is never widened; write "public" or "unlisted"`}},
		{"source", "[[rule]]\nname=\"r\"\nfrom=\"old home\"\nto=\"sky\"\n",
			[]string{`line 1, rule 'r', from: this rule can never match: what is read through a linked account ("old home") is never relayed, so that nothing goes in circles; write from = ["home"]`}},
		{"boost with a tag", "[[rule]]\nname=\"r\"\nwhen.kind=\"boost\"\nwhen.tag_any=\"a\"\nas.boost=\"link\"\nto=\"sky\"\n",
			[]string{`line 1, rule 'r', when.kind: this rule can never match: a boost has no text, tag, language, picture or warning of its own; leave those conditions out, or name other kinds`}},
		{"read only", "[[rule]]\nname=\"r\"\nto=\"old home\"\n",
			[]string{`line 1, rule 'r', to: old home can only be read, so nothing is sent there; link it again with the right to post, or take it out`}},
		{"poll and edit", "[[rule]]\nname=\"r\"\nas.poll=\"native\"\nwhen.kind=\"poll\"\nkeep.edit=\"replace\"\nto=\"x main\"\n", []string{
			`line 1, rule 'r', as.poll: x main has no polls, so they cannot be made there; write as.poll = "auto" to send the options as text`,
			`line 1, rule 'r', keep.edit: x main cannot edit, so keep.edit = "replace" does nothing there; write "correct_reply", "redo_within:10m" or "ignore"`}},
		{"unknown link", "[[rule]]\nname=\"r\"\nto=[\"sky\",\"mixi\"]\n",
			[]string{`line 1, rule 'r', to: "mixi" is none of your linked accounts; they are "old home", "sky", "x main", "x second"`}},
		{"off is not looked at for its targets", "[[rule]]\non=false\nto=\"old home\"\n", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b := mustParse(t, tt.text)
			got := Check(b, myLinks())
			if len(got) != len(tt.want) {
				t.Fatalf("%d problems: %v", len(got), got)
			}
			for i := range got {
				checkSaid(t, &got[i])
				if s := got[i].Say(locale.English); s != tt.want[i] {
					t.Errorf("got  %s\nwant %s", s, tt.want[i])
				}
			}
		})
	}
	if p := Check(mustParse(t, "[[rule]]\nto=\"x\"\n"), nil); len(p.Errors()) != 1 {
		t.Errorf("without links: %v", p)
	}
	if p := CheckAlone(mustParse(t, "[[rule]]\nto=\"x\"\nwhen.visibility=\"direct\"\n")); len(p.Errors()) != 0 || len(p.Warnings()) != 1 {
		t.Errorf("alone: %v", p)
	}
}

// TestShadows: a rule that never decides is told, and no other.
func TestShadows(t *testing.T) {
	tests := []struct {
		name, first, second string
		shadowed            bool
	}{
		{"same", `when.tag_any="a"`, `when.tag_any="A"`, true},
		{"everything first", ``, `when.tag_any="a"`, true},
		{"everything last", `when.tag_any="a"`, ``, false},
		{"fewer tags below", `when.tag_any=["a","b"]`, `when.tag_any="b"`, true},
		{"more tags below", `when.tag_any="a"`, `when.tag_any=["a","b"]`, false},
		{"any covered by all", `when.tag_any=["a","b"]`, `when.tag_all=["a","c"]`, true},
		{"all covered by single any", `when.tag_all="a"`, `when.tag_any="a"`, true},
		{"all not covered by any", `when.tag_all="a"`, `when.tag_any=["a","b"]`, false},
		{"excluded above", `when.tag_none="n"`, `when.tag_any="a"`, false},
		{"excluded in both", `when.tag_none="n"`, `when.tag_none=["m","n"]`, true},
		{"wider visibility below", ``, `when.visibility=["public","unlisted"]`, false},
		{"narrower visibility below", `when.visibility=["public","unlisted"]`, ``, true},
		{"more kinds below", ``, `when.kind=["original","reply"]`, false},
		{"fewer kinds below", ``, `when.kind="original"`, true},
		{"media above", `when.media="only"`, ``, false},
		{"media in both", `when.media="only"`, `when.media="only"`, true},
		{"language", `when.lang="ja"`, `when.lang="ja-JP"`, true},
		{"language wider below", `when.lang="ja"`, `when.lang=["ja","en"]`, false},
		{"text", `when.text=["a","/b/"]`, `when.text=["/b/"]`, true},
		{"other text", `when.text="a"`, `when.text="ab"`, false},
		{"client", `when.client="Toot"`, `when.client="toot"`, true},
		{"warning", `when.cw="with"`, `when.cw="without"`, false},
		{"off above", `on=false`, `when.tag_any="a"`, false},
		{"other source above", `from="old home"`, ``, false},
	}
	for _, tt := range tests {
		text := "[[rule]]\nname=\"one\"\nto=\"sky\"\n" + tt.first + "\n[[rule]]\nname=\"two\"\nto=[\"bluesky\",\"x main\"]\n" + tt.second + "\n"
		shadowed := false
		for _, p := range Check(mustParse(t, text), myLinks()) {
			shadowed = shadowed || p.text == "relay.warn.shadowed"
			if p.text == "relay.warn.shadowed" && p.Say(locale.English) != "line 5, rule 'two', to: for sky this rule never decides: rule 'one' above it matches whenever this one does; put it first, or narrow the other" {
				t.Errorf("%s: %s", tt.name, p.Say(locale.English))
			}
		}
		if shadowed != tt.shadowed {
			t.Errorf("%s: shadowed %v", tt.name, shadowed)
		}
	}
	block := "[[rule]]\nname=\"stop\"\nto=\"none\"\n[[rule]]\nname=\"two\"\nto=\"sky\"\n"
	if p := Check(mustParse(t, block), myLinks()); len(p) != 1 || p[0].text != "relay.warn.shadowed" {
		t.Errorf("below a block: %v", p)
	}
}
