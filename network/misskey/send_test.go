package misskey

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"engawa/network/misskey/fake"
	"engawa/social"
)

func TestSend(t *testing.T) {
	x := newRig(t)
	first := x.send(&social.Part{
		Text: "縁側 記事 #縁側", Spans: []social.Span{{From: 7, To: 13, Kind: social.SpanLink, Target: "https://example.org/a"}},
		Warning: "挨拶", Sensitive: true, Audience: social.Unlisted, Media: []social.PartFile{{Media: 1, Kind: social.Image, Alt: "庭"}},
	})
	n := x.last()
	if *n.Text != "縁側 [記事](https://example.org/a) #縁側" || *n.CW != "挨拶" || n.Visibility != "home" || n.LocalOnly || len(n.Files) != 1 || n.Files[0].Comment != "庭" || !n.Files[0].Sensitive || n.Files[0].Type != "image/png" {
		t.Errorf("it became %+v", n)
	}
	if first.Ref != (social.Ref{ID: n.ID, URI: x.URL + "/notes/" + n.ID, URL: x.URL + "/notes/" + n.ID, Author: x.alice.ID}) {
		t.Errorf("ref %+v", first.Ref)
	}
	reply := x.send(&social.Part{Text: "続き", Parent: first.Ref, Root: first.Ref, Poll: &social.PartPoll{Options: []string{"a", "b"}, Multiple: true, Seconds: 600}})
	if n := x.last(); n.Reply == nil || n.Reply.ID != first.Ref.ID || n.Poll["multiple"] != true || n.Visibility != "public" {
		t.Errorf("reply %+v", n)
	}
	x.send(&social.Part{Text: "見て", Quote: reply.Ref})
	if n := x.last(); n.Renote == nil || n.Renote.ID != reply.Ref.ID || n.Text == nil {
		t.Errorf("quote %+v", n)
	}
	boost := x.send(&social.Part{Boost: reply.Ref})
	if n := x.last(); n.Renote == nil || n.Text != nil || boost.Ref.URI != x.URL+"/notes/"+n.ID+"/activity" {
		t.Errorf("boost %+v %+v", n, boost.Ref)
	}
	if _, err := x.n.Edit(t.Context(), x.login, first.Ref, &social.Part{Text: "x"}); class(err) != social.Unsupported {
		t.Errorf("Edit: %v", err)
	}
	for range 2 {
		if _, err := x.n.Delete(t.Context(), x.login, first.Ref); err != nil {
			t.Errorf("Delete: %v", err)
		}
	}
	if got := len(x.Notes(x.alice)); got != 3 {
		t.Errorf("%d notes stand, not 3", got)
	}
}

// The audience is never wider than asked for.
func TestSendAudience(t *testing.T) {
	x := newRig(t)
	carol := x.AddUser("carol", "c.example")
	said := x.Say(x.bob, fake.Note{Text: str("hi"), Visibility: "specified", Visible: []string{x.alice.ID}})
	text := "@carol@c.example やあ"
	mention := []social.Span{{From: 0, To: 16, Kind: social.SpanMention, Target: "carol@c.example"}}
	for _, c := range []struct {
		name string
		part social.Part
		want string
		to   []string
		err  social.LinkFailure
	}{
		{"public", social.Part{Text: "a"}, "public", nil, ok},
		{"unlisted", social.Part{Text: "a", Audience: social.Unlisted}, "home", nil, ok},
		{"followers", social.Part{Text: "a", Audience: social.Followers}, "followers", nil, ok},
		{"by handle", social.Part{Text: text, Spans: mention, Audience: social.Direct}, "specified", []string{carol.ID}, ok},
		{"by id", social.Part{Text: text, Spans: []social.Span{{From: 0, To: 16, Kind: social.SpanMention, Target: carol.ID}}, Audience: social.Direct}, "specified", []string{carol.ID}, ok},
		{"by answer", social.Part{Text: "b", Parent: social.Ref{ID: said.ID, Author: x.bob.ID}, Audience: social.Direct}, "specified", []string{x.bob.ID}, ok},
		{"for nobody", social.Part{Text: "c", Audience: social.Direct}, "", nil, social.FixPost},
		{"wider than what it answers", social.Part{Text: "c", Parent: social.Ref{ID: said.ID, Author: x.bob.ID}}, "", nil, social.FixPost},
		{"for home only", social.Part{Text: "d", Audience: social.LocalOnly}, "", nil, social.FixPost},
	} {
		_, err := x.n.Send(t.Context(), x.login, &c.part)
		if class(err) != c.err {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if err != nil {
			continue
		}
		if n := x.last(); n.Visibility != c.want || strings.Join(n.Visible, " ") != strings.Join(c.to, " ") {
			t.Errorf("%s: %s to %v", c.name, n.Visibility, n.Visible)
		}
	}
}

// A note whose arrival is unknown is looked for, and is never made twice.
func TestUncertain(t *testing.T) {
	x := newRig(t)
	made := social.Millis(x.clock.Now().UnixMilli())
	for i, c := range []struct {
		name    string
		part    social.Part
		fail    func()
		lag     int
		found   bool
		certain social.LinkFailure
	}{
		{"cut after the work", social.Part{Text: "  一 \n"}, func() { x.Cut("notes/create") }, 0, true, social.Uncertain},
		{"seen late", social.Part{Text: "二", Media: []social.PartFile{{Kind: social.Image}}}, func() { x.Cut("notes/create") }, 1, true, social.Uncertain},
		{"a boost", social.Part{Boost: social.Ref{ID: x.Say(x.bob, fake.Note{Text: str("hi")}).ID}}, func() { x.Cut("notes/create") }, 0, true, social.Uncertain},
		{"failed before the work", social.Part{Text: "三"}, func() { x.Fail("notes/create", 500, "INTERNAL_ERROR", nil) }, 0, false, social.Uncertain},
		{"refused", social.Part{Text: "四"}, func() { x.Fail("notes/create", 429, "RATE_LIMIT_EXCEEDED", nil) }, 0, false, social.TryAgain},
		{"a gateway", social.Part{Text: "五"}, func() { x.Fail("notes/create", 502, "", nil) }, 0, false, social.Uncertain},
	} {
		c.part.CreatedAt = made
		before := len(x.Notes(x.alice))
		c.fail()
		if _, err := x.n.Send(t.Context(), x.login, &c.part); class(err) != c.certain {
			t.Errorf("%s: %v", c.name, err)
		}
		x.Lag(c.lag)
		found, err := x.n.Find(t.Context(), x.login, &c.part)
		if err != nil || (found != nil) != c.found {
			t.Errorf("%s: found %+v, %v", c.name, found, err)
		}
		if found != nil && found.Ref.ID != x.last().ID {
			t.Errorf("%s: found %s, not %s", c.name, found.Ref.ID, x.last().ID)
		}
		if got := len(x.Notes(x.alice)) - before; (got == 1) != c.found || got > 1 {
			t.Errorf("%d %s: %d notes", i, c.name, got)
		}
	}
	x.clock.skip(time.Hour)
	later := &social.Part{Text: "一", CreatedAt: social.Millis(x.clock.Now().UnixMilli())}
	if found, err := x.n.Find(t.Context(), x.login, later); found != nil || err != nil {
		t.Errorf("an older note with the same text was taken: %+v %v", found, err)
	}
	x.http502(t)
}

// http502: a file that did not arrive is no uncertain note.
func (x *rig) http502(t *testing.T) {
	x.Fail("drive/files/create", 502, "", nil)
	if _, err := x.n.Send(t.Context(), x.login, &social.Part{Text: "絵", Media: []social.PartFile{{Kind: social.Image}}}); class(err) != social.TryAgain {
		t.Errorf("an upload that failed: %v", err)
	}
}

func TestRefusals(t *testing.T) {
	x := newRig(t)
	for code, want := range map[string]social.LinkFailure{
		"AUTHENTICATION_FAILED": social.Reconnect, "PERMISSION_DENIED": social.Reconnect, "YOUR_ACCOUNT_SUSPENDED": social.Reconnect,
		"NO_SUCH_REPLY_TARGET": social.NotThere, "CONTAINS_PROHIBITED_WORDS": social.FixPost, "INVALID_PARAM": social.FixPost, "NO_FREE_SPACE": social.FixPost,
		"RATE_LIMIT_EXCEEDED": social.TryAgain, "SOMETHING_NEW": social.FixPost, "ROLE_PERMISSION_DENIED": social.Unsupported,
	} {
		x.Fail("notes/create", 400, code, nil)
		_, err := x.n.Send(t.Context(), x.login, &social.Part{Text: "a"})
		if class(err) != want {
			t.Errorf("%s: %v", code, err)
		}
		if strings.Contains(err.Error(), string(x.login.Secret)) || strings.Contains(err.Error(), "token0") {
			t.Errorf("%s tells the secret: %v", code, err)
		}
	}
	x.Fail("notes/create", 429, "RATE_LIMIT_EXCEEDED", http.Header{"Retry-After": {"90"}})
	_, err := x.n.Send(t.Context(), x.login, &social.Part{Text: "a"})
	if e, is := err.(*social.LinkError); !is || e.After != 90_000 {
		t.Errorf("Retry-After: %#v", err)
	}
	for name, c := range map[string]struct {
		part social.Part
		want social.LinkFailure
	}{
		"too long": {social.Part{Text: strings.Repeat("あ", 3001)}, social.FixPost}, "just fits": {social.Part{Text: strings.Repeat("😀", 3000)}, ok},
		"nothing": {social.Part{}, social.FixPost}, "long warning": {social.Part{Text: "a", Warning: strings.Repeat("注", 300)}, ok},
		"poll of one": {social.Part{Text: "a", Poll: &social.PartPoll{Options: []string{"x"}, Seconds: 60}}, social.FixPost},
		"long alt":    {social.Part{Text: "a", Media: []social.PartFile{{Kind: social.Image, Alt: strings.Repeat("😀", 600)}}}, ok},
		"no parent":   {social.Part{Text: "a", Parent: social.Ref{ID: "nothing"}}, social.NotThere},
	} {
		if _, err := x.n.Send(t.Context(), x.login, &c.part); class(err) != c.want {
			t.Errorf("%s: %v", name, err)
		}
	}
	for range 300 {
		if _, err = x.n.Send(t.Context(), x.login, &social.Part{Text: "many"}); err != nil {
			break
		}
	}
	if class(err) != social.TryAgain {
		t.Errorf("after 300 notes in an hour: %v", err)
	}
	x.Revoke(x.alice)
	if _, err := x.n.Send(t.Context(), x.login, &social.Part{Text: "a"}); class(err) != social.Reconnect {
		t.Errorf("revoked: %v", err)
	}
}

// A file that is there already is used again; with another description it is
// stored once more, so that the older note keeps its own.
func TestFilesAreKept(t *testing.T) {
	x := newRig(t)
	for _, c := range []struct {
		alt  string
		want int
	}{{"庭", 1}, {"庭", 1}, {"猫", 2}} {
		x.send(&social.Part{Text: "a", Media: []social.PartFile{{Kind: social.Image, Alt: c.alt}}})
		ids := map[string]bool{}
		for _, n := range x.Notes(x.alice) {
			ids[n.Files[0].ID] = true
		}
		if n := x.last(); n.Files[0].Comment != c.alt || len(ids) != c.want {
			t.Errorf("%s: %q, %d files", c.alt, n.Files[0].Comment, len(ids))
		}
	}
}

func TestDeeds(t *testing.T) {
	x := newRig(t)
	n := x.Say(x.bob, fake.Note{Text: str("hi")})
	ref := social.Ref{ID: n.ID}
	do := func(d social.Deed) social.Ref {
		t.Helper()
		made, err := x.n.Do(t.Context(), x.login, &d)
		if err != nil {
			t.Fatalf("%+v: %v", d, err)
		}
		return made
	}
	for _, c := range []struct{ content, want string }{{social.Favourite, "❤"}, {"🍣", "🍣"}, {":blob@" + strings.TrimPrefix(x.URL, "http://") + ":", ":blob@.:"}, {":blob:", ":blob@.:"}} {
		do(social.Deed{Verb: social.Like, Content: c.content, Post: ref})
		do(social.Deed{Verb: social.Like, Content: c.content, Post: ref})
		if got := n.Reactions[x.alice.ID]; got != c.want {
			t.Errorf("%s became %s, not %s", c.content, got, c.want)
		}
	}
	for range 2 {
		do(social.Deed{Verb: social.Undo, Undo: social.Like, Post: ref})
		do(social.Deed{Verb: social.Add, Post: social.Ref{ID: n.URI}})
	}
	if len(n.Reactions) != 0 || !x.alice.Favourites[n.ID] {
		t.Errorf("reactions %v, favourites %v", n.Reactions, x.alice.Favourites)
	}
	do(social.Deed{Verb: social.Remove, Post: ref})
	do(social.Deed{Verb: social.Undo, Undo: social.Add, Post: ref})
	made := do(social.Deed{Verb: social.Announce, Post: ref})
	if made.ID != x.last().ID {
		t.Errorf("renote %+v", made)
	}
	do(social.Deed{Verb: social.Undo, Undo: social.Announce, Post: ref, Made: made})
	if got := x.Notes(x.alice); len(got) != 0 {
		t.Errorf("the renote stays: %v", got)
	}
	who := do(social.Deed{Verb: social.FollowVerb, Stranger: social.Stranger{Name: "bob", Domain: "b.example"}})
	do(social.Deed{Verb: social.FollowVerb, Stranger: social.Stranger{ID: x.bob.ID}})
	if !x.alice.Follows[x.bob.ID] || who.ID != x.bob.ID {
		t.Errorf("follows %v, %+v", x.alice.Follows, who)
	}
	do(social.Deed{Verb: social.Undo, Undo: social.FollowVerb, Made: who})
	if x.alice.Follows[x.bob.ID] {
		t.Error("still followed")
	}
	x.Delete(n)
	do(social.Deed{Verb: social.Undo, Undo: social.Like, Post: ref})
	for name, d := range map[string]social.Deed{"like": {Verb: social.Like, Post: ref}, "by address": {Verb: social.Like, Post: social.Ref{ID: n.URI}}} {
		if _, err := x.n.Do(t.Context(), x.login, &d); class(err) != social.NotThere {
			t.Errorf("%s of what is gone: %v", name, err)
		}
	}
	if _, err := x.n.Do(t.Context(), x.login, &social.Deed{Verb: social.BlockVerb, Post: ref}); class(err) != social.Unsupported {
		t.Errorf("a verb that is not known: %v", err)
	}
}
