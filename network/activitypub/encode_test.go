package activitypub

import (
	"bytes"
	"context"
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"

	"engawa/internal/proof"
	"engawa/social"
)

const (
	home    = "https://home.test"
	alice   = home + "/users/alice"
	bob     = "https://mkb.test/users/bob"
	written = 1_795_341_962_670
)

func TestOutgoing(t *testing.T) {
	e, signed := newEncoder(t, false), newEncoder(t, true)
	ctx := context.Background()
	written := map[writerKey]bool{}
	for name, o := range outgoings() {
		written[writerKey{o.Verb, o.Object.Kind}] = true
		doc, err := e.Outgoing(ctx, &o)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		golden(t, "outgoing/"+name+".json", withoutContext(t, doc))
		checkTerms(t, name, doc)
		checkMisskey(t, name, doc)
		proved, err := signed.Outgoing(ctx, &o)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		checkProof(t, name, proved, o.Audience <= social.Unlisted)
		if !bytes.HasPrefix(proved, doc[:len(doc)-1]) {
			t.Errorf("%s: a proof changes the document", name)
		}
	}
	for key := range writers {
		if !written[key] {
			t.Errorf("%s of %s is in the table and not under test", key.verb, key.kind)
		}
	}
}

func withoutContext(t *testing.T, doc []byte) []byte {
	t.Helper()
	out := bytes.Replace(doc, []byte(`"@context":`+contextJSON+`,`), nil, 1)
	if len(out) == len(doc) {
		t.Fatalf("no @context: %s", doc)
	}
	return out
}

func checkProof(t *testing.T, name string, doc []byte, want bool) {
	t.Helper()
	p, err := proof.Parse(doc)
	if (err == nil) != want {
		t.Errorf("%s: a proof is %v, want %v: %v", name, err == nil, want, err)
		return
	}
	if want {
		if err := p.Verify(edKey().Public(), time.UnixMilli(written)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// checkTerms: every key and type that is sent is a term of ActivityStreams and
// the named contexts, or stands in the inline one.
func checkTerms(t *testing.T, name string, doc []byte) {
	t.Helper()
	var terms []any
	if err := json.Unmarshal([]byte(contextJSON), &terms); err != nil {
		t.Fatal(err)
	}
	inline := terms[len(terms)-1].(map[string]any)
	known := map[string]bool{}
	for _, k := range strings.Fields("@context id type actor object target to cc audience published updated deleted attributedTo content contentMap summary name inReplyTo url attachment tag icon image href mediaType rel " +
		"width height replies likes shares first next prev partOf items orderedItems totalItems oneOf anyOf endTime closed instrument result source context inbox outbox followers following endpoints sharedInbox preferredUsername " +
		"publicKey owner publicKeyPem controller publicKeyMultibase proof webfinger ja") {
		known[k] = true
	}
	types := "Create Update Delete Follow Accept Reject Undo Like Announce Block Move Flag Add Remove Note Question Article Person Tombstone Image Document Mention Link Collection CollectionPage OrderedCollection OrderedCollectionPage Multikey"
	for _, k := range strings.Fields(types) {
		known[k] = true
	}
	var walk func(v any)
	walk = func(v any) {
		switch v := v.(type) {
		case []any:
			for _, x := range v {
				walk(x)
			}
		case map[string]any:
			for k, x := range v {
				prefix, _, curie := strings.Cut(k, ":")
				if !known[k] && inline[k] == nil && (!curie || inline[prefix] == nil) {
					t.Errorf("%s: the key %q is in no context", name, k)
				}
				if typ, ok := x.(string); ok && k == "type" && !known[typ] && inline[typ] == nil {
					t.Errorf("%s: the type %q is in no context", name, typ)
				}
				if k != "@context" {
					walk(x)
				}
			}
		}
	}
	var all any
	if err := json.Unmarshal(doc, &all); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	walk(all)
}

// checkMisskey is what Misskey demands of every activity (misskey.md 1.11).
func checkMisskey(t *testing.T, name string, doc []byte) {
	t.Helper()
	v := mustParse(t, string(doc))
	if !v.Get("id").IsString() || !strings.HasPrefix(v.Get("id").Str(), home+"/") || !v.Get("actor").IsString() {
		t.Errorf("%s: id and actor must be strings of our host", name)
	}
	for _, o := range []Value{v.Get("object"), v.Get("instrument")} {
		if o.Is("Note") || o.Is("Question") {
			if !o.Get("attributedTo").IsString() {
				t.Errorf("%s: attributedTo must be a string", name)
			}
			for a := range o.Get("attachment").Each {
				if !strings.HasPrefix(a.Get("url").Str(), "https://") {
					t.Errorf("%s: the url of an attachment must be a plain https string", name)
				}
			}
		}
		if o.Is("Person") && !o.Get("publicKey").IsObject() {
			t.Errorf("%s: publicKey must be one object", name)
		}
	}
}

func TestEncodedDocuments(t *testing.T) {
	ctx := context.Background()
	e, signed := newEncoder(t, false), newEncoder(t, true)
	s := e.Store.(*shelf)
	gone := *s.actors[1]
	gone.State, gone.UpdatedAt = social.ActorGone, written
	boost := *s.posts[18]
	boost.BoostOf, boost.Audience, boost.URI = 10, social.Public, s.posts[18].URI+"/activity"
	page := PageOf{URI: alice + "/outbox?page=true", PartOf: alice + "/outbox", Next: alice + "/outbox?page=true&max_id=10"}
	for name, make := range map[string]func(*Encoder) ([]byte, error){
		"actor":              func(e *Encoder) ([]byte, error) { return e.Actor(ctx, s.actors[1]) },
		"actor-gone":         func(e *Encoder) ([]byte, error) { return e.Actor(ctx, &gone) },
		"note":               func(e *Encoder) ([]byte, error) { return e.Note(ctx, s.posts[10]) },
		"note-deleted-quote": func(e *Encoder) ([]byte, error) { return e.Note(ctx, s.posts[21]) },
		"note-revoked-quote": func(e *Encoder) ([]byte, error) { return e.Note(ctx, s.posts[22]) },
		"note-plain-mfm":     func(e *Encoder) ([]byte, error) { return e.Note(ctx, s.posts[23]) },
		"note-followers":     func(e *Encoder) ([]byte, error) { return e.Note(ctx, s.posts[12]) },
		"tombstone":          func(e *Encoder) ([]byte, error) { return e.Tombstone(alice+"/statuses/9", written), nil },
		"stamp":              func(e *Encoder) ([]byte, error) { return e.Stamp(ctx, s.actors[1], 15) },
		"collection": func(e *Encoder) ([]byte, error) {
			return e.Collection(alice+"/followers", 3, alice+"/followers?page=1"), nil
		},
		"collection-hidden": func(e *Encoder) ([]byte, error) { return e.Collection(alice+"/followers", 3, ""), nil },
		"collection-items":  func(e *Encoder) ([]byte, error) { return e.CollectionItems(alice+"/x", []string{bob}), nil },
		"page": func(e *Encoder) ([]byte, error) {
			return e.Page(PageOf{URI: alice + "/followers?page=1", PartOf: alice + "/followers", Unordered: true}, []string{bob}), nil
		},
		"outbox": func(e *Encoder) ([]byte, error) {
			return e.Outbox(ctx, page, s.actors[1], []*social.Post{&boost, s.posts[11], s.posts[12], s.posts[13], s.posts[19]})
		},
		"featured": func(e *Encoder) ([]byte, error) {
			return e.Featured(ctx, s.actors[1], []*social.Post{s.posts[10], s.posts[12]})
		},
		"activity":       func(e *Encoder) ([]byte, error) { return e.Activity(ctx, s.posts[10]) },
		"activity-boost": func(e *Encoder) ([]byte, error) { return e.Activity(ctx, &boost) },
	} {
		doc, err := make(e)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		golden(t, "documents/"+name+".json", withoutContext(t, doc))
		checkTerms(t, name, doc)
		proved, err := make(signed)
		if err != nil {
			t.Fatal(err)
		}
		want := name == "actor" || name == "stamp" || strings.HasPrefix(name, "activity") || (strings.HasPrefix(name, "note") && name != "note-followers")
		checkProof(t, name, proved, want)
	}
}

// What is said to this home alone never leaves it, whoever asks.
func TestLocalOnlyStays(t *testing.T) {
	e, ctx := newEncoder(t, false), context.Background()
	s := e.Store.(*shelf)
	if doc, err := e.Note(ctx, s.posts[19]); err == nil {
		t.Errorf("note: %s", doc)
	}
	for _, a := range []social.Audience{social.Public, social.LocalOnly} {
		o := social.Outgoing{Actor: 1, Verb: social.Create, URI: "x", Audience: a, Object: social.OutObject{Kind: social.ObjPost, ID: 19}}
		if doc, err := e.Outgoing(ctx, &o); err == nil {
			t.Errorf("create: %s", doc)
		}
	}
	if doc, err := e.Activity(ctx, s.posts[19]); err == nil {
		t.Errorf("activity: %s", doc)
	}
}

// A forwarded activity goes on as it came.
func TestForwardedBody(t *testing.T) {
	o := social.Outgoing{Actor: 1, Verb: social.Create, Body: []byte(`{"as":"it came"}`)}
	if doc, err := newEncoder(t, true).Outgoing(context.Background(), &o); err != nil || string(doc) != `{"as":"it came"}` {
		t.Errorf("%s %v", doc, err)
	}
}

// What we send, we read as what it was.
func TestRoundTrip(t *testing.T) {
	e, ctx := newEncoder(t, true), context.Background()
	s := e.Store.(*shelf)
	for name, o := range outgoings() {
		if o.Verb != social.Create || o.Object.Kind != social.ObjPost {
			continue
		}
		doc, err := e.Outgoing(ctx, &o)
		if err != nil {
			t.Fatal(err)
		}
		in, err := Decode(doc)
		if err != nil {
			t.Fatal(err)
		}
		if v := Judge(in, alice, false); v.Decision != Take {
			t.Errorf("%s: %+v", name, v)
		}
		resolved := map[string]social.ID{bob: 2, "https://c.test/u/carol": 3}
		a, err := in.Activity(resolved, &Here{Author: s.actors[1], Now: written})
		if err != nil {
			t.Fatal(err)
		}
		compareDraft(t, name, a.Object.(*social.Draft), s, s.posts[o.Object.ID])
	}
	d, err := DecodeActor(docOf(t, func() ([]byte, error) { return e.Actor(ctx, s.actors[1]) }))
	if err != nil {
		t.Fatal(err)
	}
	got, want := d.Profile.Actor, s.actors[1]
	if got.URI != want.URI || got.Summary != want.Summary || got.Locked != want.Locked || !reflect.DeepEqual(got.Extra, want.Extra) ||
		!reflect.DeepEqual(got.Aliases, want.Aliases) || got.SharedInbox != want.SharedInbox || got.Avatar.Alt != want.Avatar.Alt || got.FeaturedURI != want.FeaturedURI {
		t.Errorf("actor: %+v", got)
	}
	if k := d.Profile.Keys; len(k) != 2 || !bytes.Equal(k[0].Public, s.keys[1].Public) || !bytes.Equal(k[1].Public, s.keys[2].Public) || k[1].Kind != social.Ed25519 {
		t.Errorf("keys: %+v", k)
	}
}

func docOf(t *testing.T, make func() ([]byte, error)) Value {
	t.Helper()
	doc, err := make()
	if err != nil {
		t.Fatal(err)
	}
	return mustParse(t, string(doc))
}

func compareDraft(t *testing.T, name string, d *social.Draft, s *shelf, want *social.Post) {
	t.Helper()
	got := d.Post
	for _, c := range []struct {
		field     string
		got, want any
	}{
		{"uri", got.URI, want.URI}, {"url", got.URL, want.URL}, {"kind", got.Kind, want.Kind}, {"audience", got.Audience, want.Audience},
		{"title", got.Title, want.Title}, {"warning", got.Warning, want.Warning}, {"sensitive", got.Sensitive, want.Sensitive},
		{"language", got.Language, want.Language}, {"reply", got.ReplyToURI, want.ReplyToURI}, {"conversation", got.Conversation, want.Conversation},
		{"quote", got.QuoteURI, want.QuoteURI}, {"stamp", got.QuoteStamp, want.QuoteStamp}, {"policy", got.QuotePolicy, want.QuotePolicy},
		{"tags", got.Tags, want.Tags}, {"created", got.CreatedAt, want.CreatedAt}, {"edited", got.EditedAt, want.EditedAt}, {"media", len(d.Media), want.MediaCount},
		{"mentions", len(got.Mentions), len(want.Mentions)}, {"emojis", len(got.Emojis), len(want.Emojis)},
	} {
		if !reflect.DeepEqual(c.got, c.want) {
			t.Errorf("%s: %s is %v, was %v", name, c.field, c.got, c.want)
		}
	}
	if want.QuoteURI == "" && !strings.Contains(want.Content, "mention") && got.Content != want.Content {
		t.Errorf("%s: %q, was %q", name, got.Content, want.Content)
	}
	if want.HasPoll && (!reflect.DeepEqual(d.Poll.Options, s.poll.Options) || d.Poll.Multiple != s.poll.Multiple || d.Poll.ExpiresAt != s.poll.ExpiresAt || d.Poll.Voters != s.poll.Voters) {
		t.Errorf("%s: poll %+v", name, d.Poll)
	}
	for i := range d.Media {
		g, w := d.Media[i], s.media[i]
		if g.RemoteURL != home+"/blob/"+w.Key || g.Description != w.Description || g.FocusX != w.FocusX || g.FocusY != w.FocusY || g.Blurhash != w.Blurhash || g.Kind != w.Kind || g.Sensitive != w.Sensitive {
			t.Errorf("%s: medium %+v", name, g)
		}
	}
}

func TestAppendJSON(t *testing.T) {
	for _, s := range []string{"", "plain", "quote \" back \\ slash", "\n\r\t\x00\x1f\x7f", "縁側 🍣", "bad \xff\xc3 bytes", "</script>\u2028"} {
		var got string
		if err := json.Unmarshal(appendJSON(nil, s), &got); err != nil || got != strings.ToValidUTF8(s, "\uFFFD") && got != strings.Map(func(r rune) rune { return r }, s) {
			t.Errorf("%q: %q %v", s, got, err)
		}
	}
}

func BenchmarkOutgoingCreate(b *testing.B) {
	e, ctx := newEncoder(b, false), context.Background()
	o := outgoings()["create-public"]
	b.ReportAllocs()
	for b.Loop() {
		if _, err := e.Outgoing(ctx, &o); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkOutgoingMFM(b *testing.B) {
	e, ctx := newEncoder(b, false), context.Background()
	o := outgoings()["create-mfm"]
	b.ReportAllocs()
	for b.Loop() {
		if _, err := e.Outgoing(ctx, &o); err != nil {
			b.Fatal(err)
		}
	}
}
