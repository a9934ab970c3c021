package relay_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
)

// storyRules send what bears #relay everywhere, each network with another way
// of keeping edits in step.
const storyRules = `
[[rule]]
name = "where edits are"
when.tag_any = ["relay"]
to = ["mastodon", "bluesky"]
limit.hold = "0s"

[[rule]]
name = "once more"
when.tag_any = ["relay"]
to = ["misskey"]
keep.edit = "redo_within:10m"
limit.hold = "0s"

[[rule]]
name = "corrected"
when.tag_any = ["relay"]
to = ["nostr"]
keep.edit = "correct_reply"
limit.hold = "0s"

[[rule]]
name = "as it was"
when.tag_any = ["relay"]
to = ["x"]
limit.hold = "0s"
`

// What hana writes, and what is to stand elsewhere.
const (
	firstText  = "縁側の朝🍵 庭に出たら https://ja.wikipedia.org/wiki/縁側 の通りだった。#縁側 #Relay"
	firstThere = "縁側の朝🍵 庭に出たら https://ja.wikipedia.org/wiki/縁側 の通りだった。#縁側"
	second     = "二つ目：つづき"
	secondNew  = "二つ目：つづき（なおした）"
	third      = "三つ目：おしまい <b>&amp;"
)

// same compares what stands at a network with what is to stand there: each entry
// is "text | text of the parent | alt texts".
func (w *world) same(network string, want ...string) {
	w.tb.Helper()
	list := asks[network](w)
	texts := map[string]string{}
	for _, s := range list {
		texts[s.ID] = s.Text
	}
	got := []string{}
	for _, s := range list {
		parent := texts[s.Parent]
		if s.Parent != "" && parent == "" {
			parent = "(gone)"
		}
		got = append(got, s.Text+" | "+parent+" | "+strings.Join(s.Alts, ", "))
	}
	for i := range want {
		want[i] = there(network, want[i])
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		w.tb.Errorf("%s shows\n  %s\nwant\n  %s", network, strings.Join(got, "\n  "), strings.Join(want, "\n  "))
	}
}

// there is what a network makes of an address in a text: Bluesky shows it
// without its scheme (the facet leads there), X would end it before a letter
// that is not ASCII.
func there(network, text string) string {
	switch network {
	case "bluesky":
		return strings.ReplaceAll(text, "https://", "")
	case "x":
		return strings.ReplaceAll(text, "wiki/縁側", "wiki/%E7%B8%81%E5%81%B4")
	}
	return text
}

// TestRelayThread: a thread of three with pictures, Japanese, a link and a tag
// goes to five networks, is edited and is deleted; each shows the right thing at
// each step.
func TestRelayThread(t *testing.T) {
	w := newWorld(t)
	w.hana.rules(storyRules)
	one := w.hana.post(firstText, "", w.hana.upload(1, "湯のみ"), w.hana.upload(2, "庭の石"))
	two := w.hana.post(second, one.ID, w.hana.upload(3, "猫"))
	three := w.hana.post(third, two.ID)
	w.hana.rests(len(asks), sent, one.ID, two.ID, three.ID)
	begins := firstThere + " |  | 湯のみ, 庭の石"
	whole := func() []string {
		return []string{begins, second + " | " + firstThere + " | 猫", third + " | " + second + " | "}
	}
	for network := range asks {
		w.same(network, whole()...)
	}
	w.facets()
	w.feed(firstThere+" | +湯のみ +庭の石", second+" | "+firstThere+" +猫", third+" | "+second)
	w.walls()

	w.hana.call("PUT", "/api/v1/statuses/"+two.ID, obj{"status": secondNew, "language": "ja", "media_ids": w.mediaOf(two)}, nil)
	w.hana.rests(len(asks), edited(secondNew), two.ID)
	for _, network := range []string{"mastodon", "bluesky"} {
		w.same(network, begins, secondNew+" | "+firstThere+" | 猫", third+" | "+secondNew+" | ")
	}
	w.same("misskey", begins, secondNew+" | "+firstThere+" | 猫", third+" | (gone) | ")
	w.same("nostr", append(whole(), "✏️ "+secondNew+" | "+second+" | 猫")...)
	w.same("x", whole()...)
	w.told(two.ID, "x", "edit")

	w.hana.call("DELETE", "/api/v1/statuses/"+two.ID, nil, nil)
	w.hana.rests(len(asks), deleted, two.ID)
	for network := range asks {
		if network == "mastodon" { // whose servers do not tell what is answered any more
			w.same(network, begins, third+" |  | ")
			continue
		}
		w.same(network, begins, third+" | (gone) | ")
	}
	for _, id := range []string{one.ID, three.ID} {
		w.hana.call("DELETE", "/api/v1/statuses/"+id, nil, nil)
	}
	w.hana.rests(len(asks), deleted, one.ID, three.ID)
	for network := range asks {
		w.same(network)
	}
}

// mediaOf are the ids of a post's media.
func (w *world) mediaOf(s *status) (ids []string) {
	w.tb.Helper()
	var full struct {
		Files []struct{ ID string } `json:"media_attachments"`
	}
	w.hana.call("GET", "/api/v1/statuses/"+s.ID, nil, &full)
	for _, f := range full.Files {
		ids = append(ids, f.ID)
	}
	return ids
}

// told: the copies API says why a copy is not as the post is.
func (w *world) told(post, link, word string) {
	w.tb.Helper()
	for _, m := range w.hana.copies(post) {
		if m.Link == link && len(m.Parts) == 1 && strings.Contains(m.Parts[0].Reason, word) {
			return
		}
	}
	w.tb.Errorf("nothing is said of the %s at %s: %+v", word, link, w.hana.copies(post))
}

// facets: on Bluesky the link and the tag are where they are in the text, in
// bytes; on Nostr the tag is a tag, and the home post is declared.
func (w *world) facets() {
	w.tb.Helper()
	for _, s := range w.onBluesky() {
		r := s.Raw.(record)
		if s.Text != there("bluesky", firstThere) {
			continue
		}
		got := []string{}
		for _, f := range r.Facets {
			got = append(got, fmt.Sprintf("%s=%s%s", r.Text[f.Index.ByteStart:f.Index.ByteEnd], f.Features[0].URI, f.Features[0].Tag))
		}
		want := []string{"ja.wikipedia.org/wiki/縁側=https://ja.wikipedia.org/wiki/縁側", "#縁側=縁側"}
		if !slices.Equal(got, want) || !slices.Equal(r.Langs, []string{"ja"}) {
			w.tb.Errorf("the facets are %q, the languages %q", got, r.Langs)
		}
	}
}

// walls: what is for followers or for people who are named goes nowhere, tag or not.
func (w *world) walls() {
	w.tb.Helper()
	direct := ""
	for _, visibility := range []string{"direct", "private", "unlisted"} {
		var s status
		w.hana.call("POST", "/api/v1/statuses", obj{"status": "内緒の話 #relay", "visibility": visibility}, &s)
		if visibility == "direct" { // is not even considered
			direct = s.ID
			continue
		}
		w.hana.rests(len(asks), func(m *made) bool { return !m.Send && m.Reason != "" && len(m.Parts) == 0 }, s.ID)
	}
	if list := w.hana.copies(direct); len(list) != 0 {
		w.tb.Errorf("a letter was thought of: %+v", list)
	}
	for network := range asks {
		for _, s := range asks[network](w) {
			if strings.Contains(s.Text, "内緒") {
				w.tb.Errorf("%s shows %q", network, s.Text)
			}
		}
	}
}

// feed: Bluesky's AppView shows the thread as its app would, with pictures.
func (w *world) feed(want ...string) {
	w.tb.Helper()
	w.sky.Settle()
	var page struct {
		Feed []struct {
			Post struct {
				Record struct{ Text string }
				Embed  struct {
					Images []struct{ Alt, Fullsize string }
				}
			}
			Reply *struct {
				Parent struct{ Record struct{ Text string } }
			}
		}
	}
	w.sky.Call(w.alice, http.MethodGet, "app.bsky.feed.getAuthorFeed?actor="+w.alice.DID, nil, &page)
	got := []string{}
	for _, f := range page.Feed {
		line := f.Post.Record.Text + " |"
		if f.Reply != nil {
			line += " " + f.Reply.Parent.Record.Text
		}
		for _, p := range f.Post.Embed.Images {
			line += " +" + p.Alt
		}
		got = append(got, line)
	}
	for i := range want {
		want[i] = there("bluesky", want[i])
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		w.tb.Errorf("the AppView shows\n  %s\nwant\n  %s", strings.Join(got, "\n  "), strings.Join(want, "\n  "))
	}
}
