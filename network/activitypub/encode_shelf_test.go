package activitypub

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"time"

	"engawa/internal/keys"
	"engawa/internal/proof"
	"engawa/social"
)

// shelf is a store of what encoding reads. What it does not define panics.
type shelf struct {
	Reads
	actors map[social.ID]*social.Actor
	posts  map[social.ID]*social.Post
	keys   []social.Key
	media  []social.Media
	poll   *social.Poll
	quote  *social.Quote
}

func (s *shelf) Actor(_ context.Context, id social.ID) (*social.Actor, error) {
	if a := s.actors[id]; a != nil {
		return a, nil
	}
	return nil, social.ErrNotFound
}

func (s *shelf) Post(_ context.Context, id social.ID) (*social.Post, error) {
	if p := s.posts[id]; p != nil {
		return p, nil
	}
	return nil, social.ErrNotFound
}

func (s *shelf) Posts(ctx context.Context, ids []social.ID) (out []*social.Post, _ error) {
	for _, id := range ids {
		if p := s.posts[id]; p != nil {
			out = append(out, p)
		}
	}
	return out, nil
}

func (s *shelf) Keys(context.Context, social.ID) ([]social.Key, error)      { return s.keys, nil }
func (s *shelf) MediaOf(context.Context, social.ID) ([]social.Media, error) { return s.media, nil }
func (s *shelf) Poll(context.Context, social.ID) (*social.Poll, error)      { return s.poll, nil }
func (s *shelf) Quote(context.Context, social.ID) (*social.Quote, error)    { return s.quote, nil }

var testEmoji = social.Emoji{Shortcode: "foo", Domain: "home.test", URL: "/blob/emoji/foo.png", UpdatedAt: written}

func newShelf(t testing.TB) *shelf {
	t.Helper()
	a := &social.Actor{
		ID: 1, Home: 1, Domain: "home.test", Name: "alice", Kind: social.Person, DisplayName: "Alice :foo:", Summary: "<p>bio</p>",
		Fields: []social.Field{{Name: "Web", Value: `<a href="https://example.com/" rel="me">example.com</a>`}},
		Avatar: social.Picture{Key: "avatar/1.webp", Alt: "a cat"}, Header: social.Picture{Key: "header/1.jpg"},
		Emojis: []social.Emoji{testEmoji}, Aliases: []string{"https://old.test/users/alice"}, Discoverable: true, Indexable: true, Locked: true,
		ProfileTags: []string{"縁側"}, CreatedAt: written,
		Extra: map[string]string{"isCat": "true", "_misskey_requireSigninToViewContents": "true", "_misskey_makeNotesHiddenBefore": "-86400", "_misskey_followedMessage": "thanks!", "vcard:bday": "2000-01-02"},
	}
	social.ActorURIs(&social.HomeInfo{URL: home}, a)
	b := &social.Actor{ID: 2, Domain: "mkb.test", Name: "bob", Kind: social.Person, URI: bob, Inbox: bob + "/inbox"}
	post := func(id social.ID, p social.Post) *social.Post {
		p.ID, p.Actor, p.Home = id, 1, 1
		p.URI, p.URL = alice+"/statuses/"+id.String(), home+"/@alice/"+id.String()
		p.CreatedAt, p.Conversation = written, home+"/contexts/"+id.String()
		if p.Kind == "" {
			p.Kind = social.Note
		}
		return &p
	}
	mention := social.Mention{Actor: 2, Name: "bob", Domain: "mkb.test", URI: bob, URL: "https://mkb.test/@bob"}
	silent := social.Mention{Actor: 3, Name: "carol", Domain: "c.test", URI: "https://c.test/u/carol", Silent: true}
	return &shelf{
		actors: map[social.ID]*social.Actor{1: a, 2: b},
		posts: map[social.ID]*social.Post{
			10: post(10, social.Post{Content: "<p>hello :foo: #縁側</p>", Language: "ja", Tags: []string{"縁側"}, Emojis: []social.Emoji{testEmoji}, QuotePolicy: social.QuoteAnyone, Favourites: 2}),
			11: post(11, social.Post{Audience: social.Unlisted, Content: `<p><a href="https://mkb.test/@bob" class="u-url mention">@bob</a> re</p>`, Warning: "cw", Sensitive: true, ReplyToURI: "https://mkb.test/notes/1", Mentions: []social.Mention{mention}, QuotePolicy: social.QuoteFollowers}),
			12: post(12, social.Post{Audience: social.Followers, Content: "<p>pic</p>", MediaCount: 2, EditedAt: written + 60_000, QuotePolicy: social.QuoteNobody}),
			13: post(13, social.Post{Audience: social.Direct, Content: "<p>to you</p>", Mentions: []social.Mention{mention, silent}}),
			14: post(14, social.Post{Kind: social.Question, HasPoll: true, Content: "<p>poll?</p>", QuotePolicy: social.QuoteManual}),
			15: post(15, social.Post{Content: "<p>look <b>here</b></p>", Source: "look here", Format: social.Plain, QuoteURI: "https://mkb.test/notes/1", QuoteState: social.QuoteAccepted, QuoteStamp: "https://mkb.test/stamps/1"}),
			16: post(16, social.Post{Content: "<i>x</i>", Source: "$[tada x]", Format: social.MFM}),
			17: post(17, social.Post{Content: "<ul><li>a</li><li>b</li></ul>", Source: "- a\n- b", Format: social.Markdown}),
			18: post(18, social.Post{Kind: social.Boost, BoostOf: 12, Audience: social.Followers}),
			19: post(19, social.Post{Audience: social.LocalOnly, Content: "<p>here</p>"}),
			20: post(20, social.Post{Kind: social.Article, Title: "Title", Content: "<p>long</p>"}),
			21: post(21, social.Post{Content: "<p>quoting</p>", QuoteURI: "https://mkb.test/notes/1", QuoteState: social.QuoteDeleted}),
			22: post(22, social.Post{Content: "<p>quoting</p>", QuoteURI: "https://mkb.test/notes/1", QuoteState: social.QuoteRevoked}),
			23: post(23, social.Post{Content: "plain", Source: "plain", Format: social.MFM}),
		},
		media: []social.Media{
			{Kind: social.Image, ContentType: "image/webp", Key: "media/1.webp", PreviewKey: "media/1s.webp", Width: 640, Height: 480, FocusX: 0.25, FocusY: -0.5, Blurhash: "LEHV6nWB2yk8", Description: "alt \"text\"", Sensitive: true},
			{Kind: social.Video, ContentType: "video/mp4", Key: "media/2.mp4", PreviewKey: "media/2.jpg"},
		},
		poll:  &social.Poll{Multiple: true, Voters: 3, ExpiresAt: written + 3_600_000, Options: []social.Option{{Title: "はい", Votes: 2}, {Title: "いいえ", Votes: 1}}},
		quote: &social.Quote{Post: 15, QuotedURI: alice + "/statuses/10", QuotedActor: 1, State: social.QuoteAccepted, StampURI: alice + "/quote_authorizations/15"},
		keys:  testKeys(t, a),
	}
}

// testKeys are the RSA key of the recorded actor and the Ed25519 key of a fixed seed.
func testKeys(t testing.TB, a *social.Actor) []social.Key {
	t.Helper()
	doc, err := DecodeActor(mustParse(t, string(read(t, "testdata/misskey/document-actor.json"))))
	if err != nil {
		t.Fatal(err)
	}
	rsa := doc.Profile.Keys[0]
	rsa.KeyID = a.URI + "#main-key"
	ed, err := edKey().Public().DER()
	if err != nil {
		t.Fatal(err)
	}
	retired := rsa
	retired.KeyID, retired.RetiredAt = a.URI+"#old", 1
	return []social.Key{retired, rsa, {KeyID: a.URI + "#ed25519-key", Kind: social.Ed25519, Public: ed}}
}

func edKey() keys.Private {
	k, err := keys.Ed25519FromSeed(bytes.Repeat([]byte{7}, 32))
	if err != nil {
		panic(err)
	}
	return k
}

func newEncoder(t testing.TB, signed bool) *Encoder {
	e := &Encoder{Store: newShelf(t), Base: home}
	if signed {
		e.Sign = func(_ context.Context, a *social.Actor, doc []byte) ([]byte, error) {
			return proof.Create(doc, edKey(), a.URI+"#ed25519-key", time.UnixMilli(written))
		}
	}
	return e
}

// outgoings are one of each activity that the verbs send, as they fill it.
func outgoings() map[string]social.Outgoing {
	obj := func(kind social.ObjectKind, id social.ID, uri string) social.OutObject {
		return social.OutObject{Kind: kind, ID: id, URI: uri}
	}
	post := func(n string) string { return alice + "/statuses/" + n }
	create := func(n string, id social.ID, a social.Audience) social.Outgoing {
		return social.Outgoing{Verb: social.Create, URI: post(n) + "/activity", Audience: a, Object: obj(social.ObjPost, id, post(n))}
	}
	follow := social.OutObject{Kind: social.ObjFollow, ID: 5, Inner: social.FollowVerb, URI: alice + "#follows/5", Target: 2, TargetURI: bob}
	theirs := social.OutObject{Kind: social.ObjFollow, Inner: social.FollowVerb, URI: "https://mkb.test/follows/9", Target: 2, TargetURI: bob}
	asked := social.OutObject{Kind: social.ObjQuote, Inner: social.QuoteRequest, URI: bob + "/quote_requests/1", ID: 10, TargetURI: post("10"), Target: 2, Content: "https://mkb.test/notes/1"}
	granted := asked
	granted.To = []string{alice + "/quote_authorizations/15"}
	like := social.OutObject{Kind: social.ObjPost, ID: 40, URI: "https://mkb.test/notes/1", Content: social.Favourite, TargetURI: bob}
	sushi, custom := like, like
	sushi.Content = "🍣"
	custom.Content, custom.Emoji = ":foo:", &testEmoji
	unlike := custom
	unlike.Kind, unlike.Inner, unlike.URI, unlike.TargetURI = social.ObjLike, social.Like, alice+"#likes/8", "https://mkb.test/notes/1"
	out := map[string]social.Outgoing{
		"create-public":    create("10", 10, social.Public),
		"create-unlisted":  create("11", 11, social.Unlisted),
		"create-followers": create("12", 12, social.Followers),
		"create-direct":    create("13", 13, social.Direct),
		"create-question":  create("14", 14, social.Public),
		"create-quote":     create("15", 15, social.Public),
		"create-mfm":       create("16", 16, social.Public),
		"create-markdown":  create("17", 17, social.Public),
		"create-article":   create("20", 20, social.Public),
		"create-vote": {Verb: social.Create, URI: alice + "#votes/6/activity", Audience: social.Direct, CreatedAt: written,
			Object: social.OutObject{Kind: social.ObjVote, ID: 6, URI: alice + "#votes/6", Target: 40, TargetURI: "https://mkb.test/notes/q", Content: "はい", To: []string{bob}}},
		"update-note":   {Verb: social.Update, URI: post("12") + "#updates/1", Audience: social.Followers, Object: social.OutObject{Kind: social.ObjPost, ID: 12, URI: post("12"), At: written + 60_000}},
		"update-person": {Verb: social.Update, URI: alice + "#updates/1", Object: social.OutObject{Kind: social.ObjActor, ID: 1, URI: alice, At: written}},
		"delete-note":   {Verb: social.Delete, URI: post("9") + "#delete", Object: social.OutObject{Kind: social.ObjPost, ID: 9, URI: post("9"), At: written}},
		"delete-person": {Verb: social.Delete, URI: alice + "#delete", Object: obj(social.ObjActor, 1, alice)},
		"delete-stamp":  {Verb: social.Delete, URI: alice + "/quote_authorizations/15#delete", Object: obj(social.ObjQuote, 15, alice+"/quote_authorizations/15")},
		"follow":        {Verb: social.FollowVerb, URI: alice + "#follows/5", Object: obj(social.ObjActor, 2, bob)},
		"block":         {Verb: social.BlockVerb, URI: alice + "#blocks/5", Object: obj(social.ObjActor, 2, bob)},
		"accept-follow": {Verb: social.Accept, URI: alice + "#accepts/follows/1", Object: theirs},
		"reject-follow": {Verb: social.Reject, URI: alice + "#rejects/follows/1", Object: theirs},
		"accept-quote":  {Verb: social.Accept, URI: alice + "#accepts/quote_requests/15", Object: granted},
		"reject-quote":  {Verb: social.Reject, URI: alice + "#rejects/quote_requests/15", Object: asked},
		"undo-follow":   {Verb: social.Undo, URI: alice + "#follows/5/undo", Object: follow},
		"undo-like":     {Verb: social.Undo, URI: alice + "#likes/8/undo", Object: unlike},
		"undo-announce": {Verb: social.Undo, URI: post("18") + "/activity/undo", Object: social.OutObject{Kind: social.ObjBoost, Inner: social.Announce, URI: post("18") + "/activity", ID: 40, TargetURI: "https://mkb.test/notes/1", At: written}},
		"undo-block":    {Verb: social.Undo, URI: alice + "#blocks/5/undo", Object: social.OutObject{Kind: social.ObjBlock, Inner: social.BlockVerb, URI: alice + "#blocks/5", TargetURI: bob}},
		"like":          {Verb: social.Like, URI: alice + "#likes/7", Object: like},
		"like-emoji":    {Verb: social.Like, URI: alice + "#likes/7", Object: sushi},
		"like-custom":   {Verb: social.Like, URI: alice + "#likes/8", Object: custom},
		"announce":      {Verb: social.Announce, URI: post("18") + "/activity", Object: social.OutObject{Kind: social.ObjPost, ID: 18, URI: "https://mkb.test/notes/1", TargetURI: bob, At: written}},
		"announce-own":  {Verb: social.Announce, URI: post("18") + "/activity", Audience: social.Followers, Object: social.OutObject{Kind: social.ObjPost, ID: 18, URI: post("12"), TargetURI: alice, At: written}},
		"move":          {Verb: social.Move, URI: alice + "#moves/2", Object: social.OutObject{Kind: social.ObjActor, ID: 2, URI: alice, TargetURI: bob}},
		"flag":          {Verb: social.Flag, URI: alice + "#flags/3", Object: social.OutObject{Kind: social.ObjReport, ID: 3, TargetURI: bob, Posts: []social.ID{10, 99}, Content: "bad"}},
		"add-pin":       {Verb: social.Add, URI: alice + "#Add/1", Object: social.OutObject{Kind: social.ObjPost, ID: 10, URI: post("10"), TargetURI: alice + "/collections/featured"}},
		"remove-pin":    {Verb: social.Remove, URI: alice + "#Remove/1", Object: social.OutObject{Kind: social.ObjPost, ID: 10, URI: post("10"), TargetURI: alice + "/collections/featured"}},
		"quote-request": {Verb: social.QuoteRequest, URI: alice + "/quote_requests/15", Object: social.OutObject{Kind: social.ObjQuote, ID: 15, URI: "https://mkb.test/notes/1", TargetURI: bob}},
	}
	private := []string{"follow", "block", "accept-", "reject-", "undo-follow", "undo-like", "undo-block", "like", "flag", "quote-request"}
	for name, o := range out {
		o.Actor = 1
		for _, p := range private {
			if strings.HasPrefix(name, p) {
				o.Audience = social.Direct
			}
		}
		out[name] = o
	}
	return out
}
