package nostr_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"engawa/network"
	"engawa/network/nostr"
	"engawa/network/nostr/fake"
	"engawa/social"
)

func TestLinking(t *testing.T) {
	r := newRig(t)
	if r.login.Account != r.me.Public() || r.login.Handle != r.me.Npub() || r.login.Base != r.relay.URL ||
		!r.login.Can.Has(social.AblePost|social.AbleStream|social.AbleReact) || r.login.Can.Has(social.AbleEdit) {
		t.Errorf("linked as %+v", *r.login.Link)
	}
	if l := r.link(r.me.Secret(), r.relay.URL); l.Account != r.me.Public() {
		t.Errorf("by hexadecimal the account is %s", l.Account)
	}
	reader := r.link(r.me.Npub(), r.relay.URL)
	if reader.Can.Has(social.AblePost) || !reader.Can.Has(social.AbleRead) {
		t.Errorf("a public key can %b", reader.Can)
	}
	_, err := r.n.Send(t.Context(), reader, r.part("a"))
	r.failure(err, social.Unsupported)
	_, err = r.n.Finish(t.Context(), nil, nil)
	r.failure(err, social.Unsupported)

	for _, c := range []struct {
		name, key, relays string
		want              social.LinkFailure
	}{
		{"no key", "", r.relay.URL, social.FixPost},
		{"a note", "note1fntxtkcy9pjwucqwa9mddn7v03wwwsu9j330jj350nvhpky2tuaspk6nqc", r.relay.URL, social.FixPost},
		{"a mistyped key", r.me.Nsec()[:60] + "qqq", r.relay.URL, social.FixPost},
		{"zero", strings.Repeat("0", 64), r.relay.URL, social.FixPost},
		{"above the order", strings.Repeat("f", 64), r.relay.URL, social.FixPost},
		{"no relays", r.me.Nsec(), "", social.FixPost},
		{"a web page", r.me.Nsec(), "https://relay.example", social.FixPost},
		{"a relay that is away", r.me.Nsec(), "ws://127.0.0.1:1", social.TryAgain},
		{"half a bunker", "bunker://" + r.me.Public(), "", social.FixPost},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := r.n.Begin(t.Context(), network.LinkInput{Fields: map[string]string{"key": c.key, "relays": c.relays}})
			r.failure(err, c.want)
		})
	}
	other := *r.login
	other.Secret = []byte(`{"key":"` + strings.Repeat("0", 63) + `7"}`)
	r.failure(r.n.Check(t.Context(), &other), social.Reconnect)
}

// What a Part becomes.
func TestEncode(t *testing.T) {
	r := newRig(t)
	bob := key(t)
	root := r.say(bob, 1, "根")
	parent := r.say(bob, 1, "枝")
	ref := func(e *nostr.Event) social.Ref {
		return social.Ref{ID: e.ID, Author: e.PubKey, Relay: "wss://r.example"}
	}
	for _, c := range []struct {
		name    string
		change  func(*social.Part)
		kind    int
		content string
		tags    map[string][]string
	}{
		{"a text", func(p *social.Part) { p.Tags = []string{"Engawa", "engawa"}; p.Language = "ja" }, 1, "やあ @bob", map[string][]string{"t": {"engawa"}, "l": {"ja ISO-639-1"}}},
		{"a mention", func(p *social.Part) {
			p.Spans = []social.Span{{From: 7, To: 11, Kind: social.SpanMention, Target: bob.Npub()}}
		}, 1, "やあ nostr:" + bob.Npub(), map[string][]string{"p": {bob.Public()}}},
		{"a bad span", func(p *social.Part) {
			p.Spans = []social.Span{{From: 7, To: 99, Kind: social.SpanMention, Target: bob.Npub()}, {From: 9, To: 3}}
		}, 1, "やあ @bob", nil},
		{"a warning", func(p *social.Part) { p.Warning, p.Sensitive = "ねたばれ", true }, 1, "やあ @bob", map[string][]string{"content-warning": {"ねたばれ"}}},
		{"sensitive", func(p *social.Part) { p.Sensitive = true }, 1, "やあ @bob", map[string][]string{"content-warning": {""}}},
		{"the origin", func(p *social.Part) { p.Origin = "https://home.example/1" }, 1, "やあ @bob", map[string][]string{"proxy": {"https://home.example/1 activitypub"}}},
		{"an answer to a root", func(p *social.Part) { p.Parent = ref(root) }, 1, "やあ @bob",
			map[string][]string{"e": {root.ID + " wss://r.example root " + bob.Public()}, "p": {bob.Public()}}},
		{"an answer in a thread", func(p *social.Part) { p.Parent, p.Root = ref(parent), ref(root) }, 1, "やあ @bob",
			map[string][]string{"e": {root.ID + " wss://r.example root " + bob.Public(), parent.ID + " wss://r.example reply " + bob.Public()}}},
		{"a picture", func(p *social.Part) {
			p.Media = []social.PartFile{{URL: "https://home.example/blob/a.png", Width: 3, Height: 4, Alt: "猫 が いる"}, {}}
		}, 1, "やあ @bob\nhttps://home.example/blob/a.png", map[string][]string{"imeta": {"url https://home.example/blob/a.png m image/png dim 3x4 alt 猫 が いる"}}},
		{"a boost", func(p *social.Part) { p.Boost = ref(root) }, 6, "", map[string][]string{"e": {root.ID + " wss://r.example"}, "p": {bob.Public()}, "k": nil}},
		{"a boost of something else", func(p *social.Part) { p.Boost = ref(root); p.Boost.CID = "kind:30023" }, 16, "", map[string][]string{"k": {"30023"}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := r.part("やあ @bob")
			c.change(p)
			sent := r.send(p)
			events := r.relay.Events(c.kind)
			e := events[len(events)-1]
			if e.ID != sent.Ref.ID || e.Content != c.content || e.At*1000 != p.CreatedAt || sent.Ref.Relay != r.relay.URL || sent.Cost != 0 {
				t.Errorf("the relay has %+v, sent was %+v", e, sent)
			}
			for name, want := range c.tags {
				if got := tags(e, name); !slices.Equal(got, want) {
					t.Errorf("tags %s are %q, want %q", name, got, want)
				}
			}
			r.clock.Advance(time.Second)
		})
	}
	quote := r.part("これ")
	quote.Quote = ref(root)
	r.send(quote)
	events := r.relay.Events(1)
	if e := events[len(events)-1]; !strings.HasPrefix(e.Content, "これ\n\nnostr:nevent1") || !slices.Equal(tags(e, "q"), []string{root.ID + " wss://r.example " + bob.Public()}) {
		t.Errorf("the quote is %+v", e)
	}
}

func TestSendRefusesBeforeItSends(t *testing.T) {
	r := newRig(t)
	for _, c := range []struct {
		name   string
		change func(*social.Part)
		want   social.LinkFailure
	}{
		{"followers only", func(p *social.Part) { p.Audience = social.Followers }, social.FixPost},
		{"direct", func(p *social.Part) { p.Audience = social.Direct }, social.FixPost},
		{"nothing", func(p *social.Part) { p.Text = " \n" }, social.FixPost},
		{"a book", func(p *social.Part) { p.Text = strings.Repeat("あ", 30_000) }, social.FixPost},
		{"a poll", func(p *social.Part) { p.Poll = &social.PartPoll{Options: []string{"a", "b"}} }, social.Unsupported},
		{"an answer to another network", func(p *social.Part) { p.Parent = social.Ref{ID: "12"} }, social.FixPost},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := r.part("a")
			c.change(p)
			_, err := r.n.Send(t.Context(), r.login, p)
			r.failure(err, c.want)
		})
	}
	_, err := r.n.Edit(t.Context(), r.login, social.Ref{}, r.part("a"))
	r.failure(err, social.Unsupported)
	if r.relay.Offered() != 0 {
		t.Errorf("%d events were sent", r.relay.Offered())
	}
}

func TestRelaysRefuse(t *testing.T) {
	for _, c := range []struct {
		says string
		want social.LinkFailure
	}{
		{"blocked: spam", social.FixPost}, {"invalid: bad tags", social.FixPost}, {"pow: 20 bits", social.FixPost}, {"restricted: members only", social.Reconnect},
		{"rate-limited: slow down", social.TryAgain}, {"error: disk full", social.TryAgain}, {"what?", social.TryAgain},
	} {
		t.Run(c.says, func(t *testing.T) {
			r := newRig(t)
			r.relay.Refuse(c.says)
			_, err := r.n.Send(t.Context(), r.login, r.part("a"))
			if e := r.failure(err, c.want); !strings.Contains(e.Error(), c.says) {
				t.Errorf("the message is %q", e.Message)
			}
		})
	}
}

// One of several relays is enough; the write relays of kind 10002 are used too.
func TestSeveralRelays(t *testing.T) {
	r := newRig(t)
	written, read := fake.New(t), fake.New(t)
	r.relay.Put(r.say(r.me, 10002, "", []string{"r", written.URL, "write"}, []string{"r", read.URL, "read"}, []string{"r", "wss://127.0.0.1:1/"}, []string{"r", "nonsense://"}))
	r.clock.Advance(2 * time.Hour) // the lists of the linking are forgotten
	r.relay.Refuse("blocked: no")
	sent := r.send(r.part("a"))
	if sent.Ref.Relay != written.URL || len(written.Events(1)) != 1 || len(read.Events(1)) != 0 || len(r.relay.Events(1)) != 0 {
		t.Errorf("sent to %s", sent.Ref.Relay)
	}
}

// A relay that is cut off after it took the event: the next try is the same event.
func TestSendingAgainSendsTheSame(t *testing.T) {
	r := newRig(t)
	p := r.part("一度だけ")
	r.relay.DropNext(1)
	_, err := r.n.Send(t.Context(), r.login, p)
	r.failure(err, social.TryAgain)
	found, err := r.n.Find(t.Context(), r.login, p)
	if err != nil || found == nil {
		t.Fatalf("found %+v, %v", found, err)
	}
	again := newNostr(r.clock) // as after a crash
	sent, err := again.Send(t.Context(), r.login, p)
	if err != nil || sent.Ref.ID != found.Ref.ID || len(r.relay.Events(1)) != 1 || r.relay.Offered() != 2 {
		t.Errorf("sent %+v, %v; the relay has %d", sent, err, len(r.relay.Events(1)))
	}
	if found, err := r.n.Find(t.Context(), r.login, r.part("another")); found != nil || err != nil {
		t.Errorf("what was not sent is found: %+v, %v", found, err)
	}
}

func TestDelete(t *testing.T) {
	r := newRig(t)
	sent := r.send(r.part("a"))
	if _, err := r.n.Delete(t.Context(), r.login, sent.Ref); err != nil || len(r.relay.Events(1)) != 0 {
		t.Fatalf("deleted: %v", err)
	}
	e := r.relay.Events(5)[0]
	if !slices.Equal(tags(e, "e"), []string{sent.Ref.ID}) || !slices.Equal(tags(e, "k"), []string{"1"}) {
		t.Errorf("the deletion is %+v", e)
	}
	if _, err := r.n.Delete(t.Context(), r.login, sent.Ref); err != nil {
		t.Errorf("deleting again: %v", err)
	}
	_, err := r.n.Delete(t.Context(), r.login, social.Ref{ID: "x"})
	r.failure(err, social.FixPost)
}

func TestDeeds(t *testing.T) {
	r := newRig(t)
	bob := key(t)
	note := r.say(bob, 1, "やあ")
	post := social.Ref{ID: note.ID, Author: bob.Public()}
	for _, c := range []struct {
		deed    social.Deed
		kind    int
		content string
	}{
		{social.Deed{Verb: social.Like, Content: social.Favourite, Post: post}, 7, "+"},
		{social.Deed{Verb: social.Like, Content: "🍵", Post: post}, 7, "🍵"},
		{social.Deed{Verb: social.Like, Content: ":blobcat:", Post: post}, 7, "+"},
		{social.Deed{Verb: social.Announce, Post: post}, 6, ""},
	} {
		made, err := r.n.Do(t.Context(), r.login, &c.deed)
		events := r.relay.Events(c.kind)
		if err != nil || len(events) != 1 || events[0].Content != c.content || events[0].ID != made.ID || tags(events[0], "p")[0] != bob.Public() {
			t.Fatalf("%+v: %v, the relay has %+v", c.deed, err, events)
		}
		undo := social.Deed{Verb: social.Undo, Undo: c.deed.Verb, Post: post, Made: made}
		if _, err := r.n.Do(t.Context(), r.login, &undo); err != nil || len(r.relay.Events(c.kind)) != 0 {
			t.Errorf("taking back %+v: %v", c.deed, err)
		}
		deletions := r.relay.Events(5)
		if k := tags(deletions[len(deletions)-1], "k")[0]; k != map[int]string{6: "6", 7: "7"}[c.kind] {
			t.Errorf("the deletion says kind %s", k)
		}
		r.clock.Advance(time.Second)
	}
	_, err := r.n.Do(t.Context(), r.login, &social.Deed{Verb: social.Add, Post: post})
	r.failure(err, social.Unsupported)
}

// The list of follows is replaced whole: nothing of it may be lost.
func TestFollow(t *testing.T) {
	r := newRig(t)
	bob, eve := key(t), key(t)
	follow := &social.Deed{Verb: social.FollowVerb, Stranger: social.Stranger{ID: bob.Public()}}
	_, err := r.n.Do(t.Context(), r.login, follow)
	r.failure(err, social.Unsupported) // there is no list to add to
	r.relay.Put(r.say(r.me, 3, "the content of old apps", []string{"p", eve.Public(), "wss://r.example", "eve"}, []string{"x", "y"}))
	if _, err := r.n.Do(t.Context(), r.login, follow); err != nil {
		t.Fatal(err)
	}
	list := r.relay.Events(3)[0]
	if want := []string{eve.Public() + " wss://r.example eve", bob.Public()}; !slices.Equal(tags(list, "p"), want) || tags(list, "x")[0] != "y" || list.Content != "the content of old apps" {
		t.Errorf("the list is %+v", list)
	}
	undo := &social.Deed{Verb: social.Undo, Undo: social.FollowVerb, Stranger: follow.Stranger}
	if _, err := r.n.Do(t.Context(), r.login, undo); err != nil || len(tags(r.relay.Events(3)[0], "p")) != 1 {
		t.Errorf("after unfollowing: %v, %+v", err, r.relay.Events(3)[0])
	}
	r.relay.Cut()
	r.login.Base = "ws://127.0.0.1:1"
	_, err = r.n.Do(t.Context(), r.login, follow)
	r.failure(err, social.TryAgain)
}

func TestRelayThatWantsToKnowMe(t *testing.T) {
	relay := fake.New(t)
	relay.NeedAuth = true
	r := newRig(t, relay.URL)
	sent := r.send(r.part("a"))
	if found, err := r.n.Find(t.Context(), r.login, r.part("a")); err != nil || found == nil || found.Ref.ID != sent.Ref.ID {
		t.Errorf("found %+v, %v", found, err)
	}
}

func TestBunker(t *testing.T) {
	r := newRig(t)
	bunker := fake.NewBunker(t, r.me, r.relay.URL)
	ctx, cancel := context.WithCancel(t.Context())
	ready, done := make(chan struct{}), make(chan error, 1)
	go func() { done <- bunker.Run(ctx, ready) }()
	t.Cleanup(func() { cancel(); <-done })
	<-ready

	l := r.link(bunker.Address(), r.relay.URL)
	if l.Account != r.me.Public() || !l.Can.Has(social.AblePost) || strings.Contains(string(l.Secret), r.me.Secret()) || strings.Contains(string(l.Secret), bunker.Token) {
		t.Errorf("linked as %+v with %s", *l.Link, l.Secret)
	}
	p := r.part("番小屋から")
	one, err := r.n.Send(t.Context(), l, p)
	if err != nil {
		t.Fatal(err)
	}
	two, err := r.n.Send(t.Context(), l, p)
	if err != nil || one.Ref.ID != two.Ref.ID || bunker.Signed() != 2 || len(r.relay.Events(1)) != 1 {
		t.Errorf("sent again as %+v, %v", two, err)
	}
	bunker.Forge(true)
	_, err = r.n.Send(t.Context(), l, r.part("b"))
	r.failure(err, social.TryAgain)
	bunker.Forge(false)
	bunker.Refuse("not today")
	_, err = r.n.Send(t.Context(), l, r.part("c"))
	if e := r.failure(err, social.Reconnect); !strings.Contains(e.Error(), "not today") {
		t.Errorf("the message is %q", e.Message)
	}
	bunker.Refuse("")
	// The address was good for one client.
	_, err = r.n.Begin(t.Context(), network.LinkInput{Fields: map[string]string{"key": bunker.Address()}})
	r.failure(err, social.Reconnect)
	cancel()
	r.n.Timeout = 100 * time.Millisecond
	_, err = r.n.Send(t.Context(), l, r.part("d"))
	r.failure(err, social.TryAgain)
}
