package activitypub

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"engawa/social"
)

var update = flag.Bool("update", false, "write the golden files anew")

const testNow = 1_795_400_000_000 // 2026-11-23

// golden compares with a file, or writes it.
func golden(t *testing.T, file string, got []byte) {
	t.Helper()
	var b bytes.Buffer
	if err := json.Indent(&b, got, "", "  "); err != nil {
		t.Fatalf("%s: %v\n%s", file, err, got)
	}
	b.WriteByte('\n')
	file = filepath.Join("testdata/golden", file)
	if *update {
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if want := read(t, file); !bytes.Equal(want, b.Bytes()) {
		t.Errorf("%s differs (go test -update writes it anew):\n%s", file, b.Bytes())
	}
}

// authorOf is an actor as it would be stored, with Misskey's addresses.
func authorOf(uri string) *social.Actor {
	return &social.Actor{
		ID: 7, URI: uri, Domain: HostOf(uri), Name: "author", Kind: social.Person,
		FollowersURI: uri + "/followers", FollowingURI: uri + "/following", FeaturedURI: uri + "/collections/featured",
	}
}

// resolveAll finds everything, with ids from 100 in the order of the needs.
func resolveAll(refs []Ref) map[string]social.ID {
	out := map[string]social.ID{}
	for i, r := range refs {
		out[r.URI] = social.ID(100 + i)
		if r.Kind == "" && strings.Contains(r.URI, "/users/") {
			out[FlaggedActor+r.URI] = social.ID(100 + i)
		}
	}
	return out
}

func hereFor(author *social.Actor) *Here {
	return &Here{
		Author: author, Now: testNow,
		Act: func(uri string) (Act, bool) { return Act{Kind: social.ObjPost, By: author.ID, Post: 50}, true },
		Poll: func(social.ID) (*social.Poll, error) {
			return &social.Poll{Options: []social.Option{{Title: "いいえ"}, {Title: "はい"}}}, nil
		},
	}
}

// What real servers sent becomes what the domain understands.
func TestRecordedActivities(t *testing.T) {
	for _, file := range recordedFiles(t) {
		name := strings.TrimSuffix(filepath.Base(file), ".json")
		if strings.HasPrefix(name, "document-") {
			continue
		}
		in, err := Decode(read(t, file))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if v := Judge(in, in.Actor, false); v.Decision != Take {
			t.Errorf("%s: %+v", name, v)
		}
		a, err := in.Activity(resolveAll(in.Needs()), hereFor(authorOf(in.Actor)))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		out, err := json.Marshal(struct {
			Needs      []Ref
			Activity   *social.Activity
			ObjectType string
		}{in.Needs(), a, fmt.Sprintf("%T", a.Object)})
		if err != nil {
			t.Fatal(err)
		}
		golden(t, "decoded/"+name+".json", out)
	}
}

func TestReactions(t *testing.T) {
	tag := `"tag":[{"id":"https://home.test/emojis/foo","type":"Emoji","name":":foo:","icon":{"type":"Image","url":"https://home.test/foo.png"}}]`
	for _, c := range []struct{ fields, want string }{
		{`"type":"Like"`, social.Favourite},
		{`"type":"Like","content":"🍣"`, "🍣"},
		{`"type":"Like","content":"👍","_misskey_reaction":"🍎"`, "🍎"},
		{`"type":"EmojiReact","content":"🎉"`, "🎉"},
		{`"type":"EmojiReaction","content":"🎉"`, "🎉"},
		{`"type":"Like","content":":foo:",` + tag, ":foo@home.test:"},
		{`"type":"EmojiReact","content":":foo:",` + tag, ":foo@home.test:"},
		{`"type":"Like","content":":nosuch:"`, social.Favourite},
		{`"type":"Like","content":":foo@other.test:",` + tag, social.Favourite},
		{`"type":"Like","content":"hello text"`, social.Favourite},
		{`"type":"Like","content":"🍣🍣"`, social.Favourite},
	} {
		in, err := Decode([]byte(`{"id":"https://home.test/1","actor":"https://home.test/users/ME","object":"https://h.test/n",` + c.fields + "}"))
		if err != nil {
			t.Fatal(err)
		}
		a, err := in.Activity(resolveAll(in.Needs()), hereFor(authorOf(in.Actor)))
		if err != nil {
			t.Fatal(err)
		}
		r := a.Object.(*social.ReactionDraft)
		if a.Verb != social.Like || r.Content != c.want || r.Post != 100 || (r.Emoji != nil) != strings.HasPrefix(c.want, ":") {
			t.Errorf("%s: %s %+v", c.fields, a.Verb, r)
		}
	}
}

func TestDecodeRefuses(t *testing.T) {
	for text, want := range map[string]error{
		`{"type":"Dislike","actor":"https://a.test/u","object":"https://b.test/n"}`:                         ErrUnknown,
		`{"type":"Listen","actor":"https://a.test/u","object":"https://b.test/n"}`:                          ErrUnknown,
		`{"actor":"https://a.test/u"}`:                                                                      ErrUnknown,
		`{"type":"Create","actor":"https://a.test/u","object":{"type":"Game","id":"https://a.test/g"}}`:     ErrUnknown,
		`{"type":"Create","actor":"https://a.test/u","object":{"type":"Person","id":"https://a.test/g"}}`:   ErrUnknown,
		`{"type":"Announce","actor":"https://a.test/u","object":{"type":"Create","id":"https://a.test/g"}}`: ErrUnknown,
		`{"type":"Undo","actor":"https://a.test/u","object":{"type":"Create","id":"https://a.test/g"}}`:     ErrUnknown,
		`{"type":"Follow","actor":"a","object":"https://b.test/n"}`:                                         ErrInvalid,
		`{"type":"Follow","object":"https://b.test/n"}`:                                                     ErrInvalid,
		`{"type":"Follow","actor":"https://a.test/u"}`:                                                      ErrInvalid,
		`{"type":"Follow","actor":"https://a.test/u","object":"acct:x@y"}`:                                  ErrInvalid,
		`{"type":"Move","actor":"https://a.test/u","object":"https://a.test/u"}`:                            ErrInvalid,
		`{"type":"Add","actor":"https://a.test/u","object":"https://a.test/n"}`:                             ErrInvalid,
		`{"type":"QuoteRequest","actor":"https://a.test/u","object":"https://a.test/n"}`:                    ErrInvalid,
		`{"type":"Undo","actor":"https://a.test/u","object":{"type":"Follow","id":"https://a.test/g"}}`:     ErrInvalid,
		`[]`: ErrDocument,
	} {
		if _, err := Decode([]byte(text)); !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", text, err, want)
		}
	}
}

// Bare URIs mean what the table of addresses says.
func TestBareURIs(t *testing.T) {
	author := authorOf("https://a.test/u")
	for _, c := range []struct {
		text string
		act  Act
		want social.Object
	}{
		{`"type":"Delete","object":"https://a.test/n"`, Act{Kind: social.ObjPost, Post: 5}, &social.PostRef{Post: 5}},
		{`"type":"Delete","object":"https://a.test/s"`, Act{Kind: social.ObjQuote, Post: 5}, &social.QuoteRef{Quoting: 5}},
		{`"type":"Undo","object":"https://a.test/f"`, Act{Kind: social.ObjFollow, By: 7, Actor: 3}, &social.Undoing{What: social.ObjFollow, Actor: 3}},
		{`"type":"Undo","object":"https://a.test/f"`, Act{Kind: social.ObjFollow, By: 8, Actor: 3}, nil},
		{`"type":"Accept","object":"https://h.test/f"`, Act{Kind: social.ObjFollow, By: 9}, &social.FollowAnswer{Follower: 9}},
		{`"type":"Accept","object":"https://h.test/q","result":"https://a.test/stamp"`, Act{Kind: social.ObjQuote, Answer: 4}, &social.QuoteAnswer{Quoting: 4, StampURI: "https://a.test/stamp"}},
		{`"type":"Reject","object":"https://h.test/q"`, Act{Kind: social.ObjQuote, Answer: 4}, &social.QuoteAnswer{Quoting: 4}},
	} {
		in, err := Decode([]byte(`{"id":"https://a.test/1","actor":"https://a.test/u",` + c.text + "}"))
		if err != nil {
			t.Fatal(err)
		}
		here := &Here{Author: author, Act: func(string) (Act, bool) { return c.act, true }}
		a, err := in.Activity(nil, here)
		if c.want == nil {
			if err == nil {
				t.Errorf("%s of somebody else: %+v", c.text, a.Object)
			}
			continue
		}
		if err != nil || !reflect.DeepEqual(a.Object, c.want) {
			t.Errorf("%s: %+v %v", c.text, a, err)
		}
		here.Act = nil
		if _, err := in.Activity(nil, here); !errors.Is(err, ErrNotHere) {
			t.Errorf("%s unknown: %v", c.text, err)
		}
	}
}

func TestSetObject(t *testing.T) {
	in, err := Decode([]byte(`{"type":"Create","id":"https://a.test/1","actor":"https://a.test/u","object":"https://a.test/n"}`))
	if err != nil || in.Kind != "" {
		t.Fatal(in, err)
	}
	if err := in.SetObject(mustParse(t, `{"id":"https://a.test/other","type":"Note"}`)); !errors.Is(err, ErrInvalid) {
		t.Errorf("another object: %v", err)
	}
	if err := in.SetObject(mustParse(t, `{"id":"https://a.test/n","type":"Note","attributedTo":"https://a.test/u","content":"x"}`)); err != nil || in.Kind != social.ObjPost {
		t.Errorf("%+v %v", in, err)
	}
	if v := Judge(in, in.Actor, false); v.Decision != Take {
		t.Errorf("%+v", v)
	}
}

// Nothing that a stranger sends makes the decoder panic.
func FuzzDecode(f *testing.F) {
	for _, file := range recordedFiles(f) {
		f.Add(read(f, file))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		v, err := ParseDocument(text)
		if err != nil {
			return
		}
		_, _ = DecodeActor(v)
		_, _ = DecodeCollection(v)
		if d, err := DecodePost(v); err == nil {
			_, _ = d.Draft(resolveAll(d.Needs()), hereFor(authorOf(d.Author)))
		}
		in, err := DecodeValue(v)
		if err != nil {
			return
		}
		for _, signer := range []string{in.Actor, "https://x.test/u"} {
			got := Judge(in, signer, false)
			if got.Decision == Fetch && HostOf(got.URI) == "" {
				t.Fatalf("to be fetched: %q", got.URI)
			}
		}
		a, err := in.Activity(resolveAll(in.Needs()), hereFor(authorOf(in.Actor)))
		if err == nil && a.Object == nil {
			t.Fatal("neither object nor error")
		}
	})
}

func BenchmarkDecodeCreateNote(b *testing.B) {
	doc := read(b, "testdata/misskey/create-note-mfm-mention-emoji.json")
	here := hereFor(authorOf("https://mkb.test/users/atv8j3bszc0q0006"))
	resolved := map[string]social.ID{"https://mka.test/users/atv8j2qhhtks0006": 3}
	b.ReportAllocs()
	for b.Loop() {
		in, err := Decode(doc)
		if err != nil {
			b.Fatal(err)
		}
		if Judge(in, in.Actor, false).Decision != Take {
			b.Fatal("refused")
		}
		in.Needs()
		if _, err := in.Activity(resolved, here); err != nil {
			b.Fatal(err)
		}
	}
}
