package peers_test

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/color"
	"image/png"
	"io"
	"math/rand/v2"
	"net/http"
	"strings"
	"testing"
	"time"

	"engawa/internal/clock"
	"engawa/network"
	"engawa/network/bluesky"
	"engawa/social"
	"engawa/test/peers"
)

// files hands out pictures from memory, as they are.
type files map[social.ID][]byte

func (f files) Open(_ context.Context, p *social.PartFile) (io.ReadCloser, int64, string, error) {
	b, kind := f[p.Media], "image/png"
	if p.Kind == social.Video {
		kind = "video/mp4"
	}
	return io.NopCloser(bytes.NewReader(b)), int64(len(b)), kind, nil
}

// picture is a PNG of noise, about 3 bytes a pixel.
func picture(side int) []byte {
	img := image.NewNRGBA(image.Rect(0, 0, side, side))
	r := rand.New(rand.NewPCG(1, uint64(side)))
	for x := range side {
		for y := range side {
			img.Set(x, y, color.NRGBA{uint8(r.Uint32()), uint8(r.Uint32()), uint8(r.Uint32()), 255})
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// sky is a network with our client, and what the tests of it share.
type sky struct {
	*testing.T
	net    *peers.BlueskyNetwork
	client *bluesky.Network
	files  files
	links  social.ID
}

func newSky(t *testing.T) *sky {
	n := peers.Bluesky(t, "home.engawa.internal="+serveMetadata(t))
	f := files{1: picture(40), 2: picture(60), 3: picture(700),
		4: append([]byte("\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom"), make([]byte, 2<<20)...)}
	return &sky{T: t, net: n, files: f, client: &bluesky.Network{HTTP: &http.Client{Transport: &http.Transport{}}, Clock: clock.System, Files: f,
		PLC: n.PLC, Resolver: n.PDS, Entryway: n.PDS, AllowHTTP: true}}
}

// link links p by its app password; what is kept goes into the Login.
func (s *sky) link(p *peers.BlueskyPerson) *social.Login {
	s.Helper()
	step, err := s.client.Begin(s.Context(), network.LinkInput{Fields: map[string]string{"handle": "@" + p.Handle, "password": p.AppPassword}})
	if err != nil {
		s.Fatal(err)
	}
	return s.login(step)
}

func (s *sky) login(step *network.LinkStep) *social.Login {
	s.Helper()
	if step.Link == nil {
		s.Fatalf("linking is not finished: %+v", step)
	}
	s.links++
	step.Link.ID = s.links
	l := &social.Login{Link: step.Link, Secret: step.Secret}
	l.Keep = func(_ context.Context, secret []byte, expires social.Millis) error {
		l.Secret, l.ExpiresAt = secret, expires
		return nil
	}
	return l
}

func (s *sky) send(l *social.Login, p *social.Part) social.Ref {
	s.Helper()
	sent, err := s.client.Send(s.Context(), l, p)
	if err != nil {
		s.Fatalf("sending %q: %v (%v)", p.Text, err, errors.Unwrap(err))
	}
	return sent.Ref
}

func (s *sky) read(l *social.Login, at social.LanePlace, cursor string) *social.Batch {
	s.Helper()
	s.net.Settle()
	b, err := s.client.Read(s.Context(), l, at, cursor, 40)
	if err != nil {
		s.Fatalf("reading %s: %v (%v)", at, err, errors.Unwrap(err))
	}
	return b
}

// find is the item of a batch at ref.
func find(b *social.Batch, ref social.Ref) *social.Item {
	for i := range b.Items {
		if b.Items[i].Ref.ID == ref.ID {
			return &b.Items[i]
		}
	}
	return nil
}

func (s *sky) fails(class social.LinkFailure, word string, err error) {
	s.Helper()
	var e *social.LinkError
	if !errors.As(err, &e) || e.Class != class || !strings.Contains(e.Error(), word) {
		s.Errorf("%v (%+v), want class %d with %q", err, e, class, word)
	}
}

func part(key, text string) *social.Part {
	return &social.Part{Key: key, Text: text, Language: "ja", CreatedAt: time.Now().UnixMilli(), Origin: "https://home.example/users/alice/statuses/" + key}
}

// span finds piece in the text of p and makes it a Span.
func span(p *social.Part, piece string, kind social.SpanKind, target string) {
	i := strings.Index(p.Text, piece)
	p.Spans = append(p.Spans, social.Span{From: i, To: i + len(piece), Kind: kind, Target: target})
}

func TestBluesky(t *testing.T) {
	s := newSky(t)
	alice, bob := s.net.Person("alice"), s.net.Person("bob")
	a, b := s.link(alice), s.link(bob)
	if a.Account != alice.DID || a.Handle != alice.Handle || a.Base != s.net.PDS || !a.Can.Has(social.AblePost|social.AbleNotify) {
		t.Fatalf("linked %+v", a.Link)
	}
	if _, err := s.client.Do(t.Context(), b, &social.Deed{Verb: social.FollowVerb, Stranger: social.Stranger{URI: alice.DID}}); err != nil {
		t.Fatal(err)
	}
	t.Run("thread", func(t *testing.T) { s.T = t; s.thread(a, b, bob) })
	t.Run("answers", func(t *testing.T) { s.T = t; s.answers(a, b) })
	t.Run("errors", func(t *testing.T) { s.T = t; s.refusals(a, alice) })
	t.Run("gates", func(t *testing.T) { s.T = t; s.gates(a, b, alice) })
	t.Run("oauth", func(t *testing.T) { s.T = t; s.oauth(alice, b) })
	t.Run("homes", func(t *testing.T) { s.T = t; s.homes(alice) })
	t.Run("stream", func(t *testing.T) { s.T = t; s.stream(a, b, bob) })
	t.Run("sessions", func(t *testing.T) { s.T = t; s.sessions(a, alice) })
}

// thread relays three posts, twice, edits and deletes; b's timeline shows it.
func (s *sky) thread(a, b *social.Login, bob *peers.BlueskyPerson) {
	one := part("1", "縁側で🍵お茶。\n\n@bob.test どうぞ https://例え.jp/道?a=1&b=2 #縁側 <b>太字</b>")
	span(one, "@bob.test", social.SpanMention, bob.DID)
	span(one, "https://例え.jp/道?a=1&b=2", social.SpanLink, "https://xn--r8jz45g.jp/%E9%81%93?a=1&b=2")
	span(one, "#縁側", social.SpanTag, "縁側")
	one.Tags = []string{"縁側", "お茶"}
	one.Sensitive, one.Warning = true, "湯気"
	one.Media = []social.PartFile{{Media: 1, Kind: social.Image, Alt: "湯のみ", Width: 40, Height: 40}, {Media: 2, Kind: social.Image, Width: 60, Height: 60}}
	first := s.send(a, one)
	two := part("2", "二つ目")
	two.Root, two.Parent, two.Link = first, first, "https://home.example/@alice/1"
	second := s.send(a, two)
	three := part("3", "三つ目")
	three.Root, three.Parent, three.Quote = first, second, social.Ref{ID: first.ID}
	three.Media = []social.PartFile{{Media: 1, Kind: social.Image, Alt: "も"}}
	third := s.send(a, three)
	for i, p := range []*social.Part{one, two, three} { // again, as after a crash
		if ref := s.send(a, p); ref != []social.Ref{first, second, third}[i] {
			s.Errorf("sent again: %+v", ref)
		}
		if found, err := s.client.Find(s.Context(), a, p); err != nil || found == nil || found.Ref.ID != []social.Ref{first, second, third}[i].ID {
			s.Errorf("not found again: %+v, %v", found, err)
		}
	}
	if found, err := s.client.Find(s.Context(), a, part("never", "sent")); err != nil || found != nil {
		s.Errorf("found what was never sent: %+v, %v", found, err)
	}
	lane := s.read(b, social.LaneHome, "")
	if len(lane.Items) != 3 {
		s.Fatalf("%d items, want the three posts once", len(lane.Items))
	}
	s.firstOf(find(lane, first), bob)
	if it := find(lane, second); it.Card == nil || it.Card.URL != two.Link || it.Parent.ID != first.ID || it.Root.CID != first.CID {
		s.Errorf("second: %+v", it)
	}
	if it := find(lane, third); it.Quote == nil || it.Quote.Ref.ID != first.ID || len(it.Media) != 1 || it.Parent.ID != second.ID {
		s.Errorf("third: %+v", it)
	}
	next := s.read(b, social.LaneHome, lane.Cursor)
	if len(next.Items) != 0 || next.Cursor != lane.Cursor || next.More {
		s.Errorf("nothing new, and yet %+v", next)
	}
	s.changes(a, b, two, second, third, lane.Cursor)
}

// firstOf checks that all of the first post came through the AppView.
func (s *sky) firstOf(it *social.Item, bob *peers.BlueskyPerson) {
	s.Helper()
	want := `<p>縁側で🍵お茶。</p><p><a href="https://bsky.app/profile/` + bob.DID + `" class="u-url mention">@bob.test</a> どうぞ ` +
		`<a href="https://xn--r8jz45g.jp/%E9%81%93?a=1&amp;b=2" rel="nofollow noopener" target="_blank">https://例え.jp/道?a=1&amp;b=2</a> ` +
		`<a href="https://bsky.app/hashtag/%E7%B8%81%E5%81%B4" class="mention hashtag" rel="tag">#縁側</a> &lt;b&gt;太字&lt;/b&gt;</p>`
	if it == nil || it.HTML != want {
		s.Fatalf("got  %+v\nwant %s", it, want)
	}
	if !it.Sensitive || it.Language != "ja" || strings.Join(it.Tags, " ") != "縁側 お茶" || len(it.Mentions) != 1 || it.Mentions[0].Name != "bob.test" {
		s.Errorf("first: %+v", it)
	}
	if len(it.Media) != 2 || it.Media[0].Description != "湯のみ" || it.Media[0].Width != 40 || it.Media[1].Height != 60 || it.Media[0].RemoteURL == "" {
		s.Errorf("media %+v", it.Media)
	}
	if len(it.Same) != 1 || it.Same[0] != "https://home.example/users/alice/statuses/1" {
		s.Errorf("same %v", it.Same)
	}
}

// changes edits the second post and deletes the third, both twice.
func (s *sky) changes(a, b *social.Login, two *social.Part, second, third social.Ref, cursor string) {
	two.Text, two.CreatedAt, two.Root, two.Parent = "二つ目、直した", two.CreatedAt+60_000, social.Ref{}, social.Ref{}
	for range 2 {
		sent, err := s.client.Edit(s.Context(), a, second, two)
		if err != nil || sent.Ref.ID != second.ID || sent.Ref.CID == second.CID {
			s.Fatalf("edited: %+v, %v", sent, err)
		}
		if _, err := s.client.Delete(s.Context(), a, third); err != nil {
			s.Fatal(err)
		}
	}
	_, err := s.client.Edit(s.Context(), a, third, two)
	s.fails(social.NotThere, "not on Bluesky any more", err)
	lane := s.read(b, social.LaneHome, "")
	if it := find(lane, second); it == nil || it.HTML != "<p>二つ目、直した</p>" || it.Parent.Zero() {
		s.Errorf("after the edit %+v", it)
	}
	if len(lane.Items) != 2 {
		s.Errorf("%d items after the delete", len(lane.Items))
	}
}

// answers are native in both directions, and come back as notifications.
func (s *sky) answers(a, b *social.Login) {
	post := s.send(a, part("q", "どう？"))
	s.net.Settle()
	before := s.read(a, social.LaneAlerts, "")
	reply := part("r", "いいね")
	reply.Parent = social.Ref{ID: post.ID} // as a Lane may know it: without CID and root
	answer := s.send(b, reply)
	quote := part("q2", "見て")
	quote.Quote = post
	s.send(b, quote)
	deeds := map[social.Verb]social.Ref{}
	for _, v := range []social.Verb{social.Like, social.Announce, social.Add} {
		for range 2 {
			made, err := s.client.Do(s.Context(), b, &social.Deed{Verb: v, Content: social.Favourite, Post: social.Ref{ID: post.ID}})
			if err != nil || made.Zero() || !deeds[v].Zero() && deeds[v] != made {
				s.Fatalf("%s: %+v after %+v, %v", v, made, deeds[v], err)
			}
			deeds[v] = made
		}
	}
	alerts := s.read(a, social.LaneAlerts, before.Cursor)
	seen := map[social.NotificationType]int{}
	for _, n := range alerts.Alerts {
		seen[n.Type]++
		if n.By.URI != b.Account || n.By.Name != b.Handle || n.Item == nil {
			s.Errorf("alert %+v", n)
		}
		if n.Type != social.NotifyQuote && n.About.ID != post.ID {
			s.Errorf("%s is about %+v", n.Type, n.About)
		}
		if n.Type == social.NotifyMention && n.Item.Ref.ID != answer.ID {
			s.Errorf("the reply is %+v", n.Item)
		}
	}
	if seen[social.NotifyFavourite] != 1 || seen[social.NotifyBoost] != 1 || seen[social.NotifyMention] != 1 || seen[social.NotifyQuote] != 1 || len(alerts.Alerts) != 4 {
		s.Errorf("alerts %v", seen)
	}
	s.threadOf(b, post, answer)
	lane := s.read(b, social.LaneHome, "")
	if boost := find(lane, deeds[social.Announce]); boost == nil || boost.Boost == nil || boost.Boost.Ref.ID != post.ID || boost.Author.URI != b.Account {
		s.Errorf("no boost in the timeline: %+v", boost)
	}
	s.undo(b, post, deeds)
}

func (s *sky) threadOf(b *social.Login, post, answer social.Ref) {
	s.Helper()
	thread, err := s.client.Thread(s.Context(), b, answer, 10)
	if err != nil || len(thread.Items) != 2 || thread.Items[0].Ref.ID != post.ID || thread.Items[1].Parent.ID != post.ID || thread.Items[1].Root.ID != post.ID {
		s.Fatalf("thread %+v, %v", thread, err)
	}
	top := thread.Items[0]
	if m := top.Mine; !m.Favourited || !m.Boosted || !m.Bookmarked {
		s.Errorf("mine %+v", m)
	}
	if c := top.Counts; c.Favourites != 1 || c.Boosts != 1 || c.Replies != 1 || c.Quotes != 1 {
		s.Errorf("counts %+v", c)
	}
}

// undo takes everything back, the like without knowing its record.
func (s *sky) undo(b *social.Login, post social.Ref, deeds map[social.Verb]social.Ref) {
	delete(deeds, social.Like)
	for range 2 {
		for _, v := range []social.Verb{social.Like, social.Announce, social.Add} {
			if _, err := s.client.Do(s.Context(), b, &social.Deed{Verb: social.Undo, Undo: v, Post: post, Made: deeds[v]}); err != nil {
				s.Fatalf("undo %s: %v", v, err)
			}
		}
		s.net.Settle()
	}
	thread, err := s.client.Thread(s.Context(), b, post, 1)
	if err != nil || len(thread.Items) != 1 {
		s.Fatalf("%+v, %v", thread, err)
	}
	if it := thread.Items[0]; it.Mine.Favourited || it.Mine.Boosted || it.Mine.Bookmarked || it.Counts.Favourites != 0 {
		s.Errorf("after taking back %+v %+v", it.Mine, it.Counts)
	}
	again, err := s.client.Do(s.Context(), b, &social.Deed{Verb: social.Like, Post: post})
	if err != nil || again.Zero() {
		s.Errorf("liked again: %+v, %v", again, err)
	}
}

func (s *sky) refusals(a *social.Login, alice *peers.BlueskyPerson) {
	_, err := s.client.Begin(s.Context(), network.LinkInput{Fields: map[string]string{"handle": alice.Handle, "password": "wrong"}})
	s.fails(social.Reconnect, "password is wrong", err)
	_, err = s.client.Begin(s.Context(), network.LinkInput{Fields: map[string]string{"handle": "nobody.test", "password": "x"}})
	s.fails(social.FixPost, "no account @nobody.test", err)
	_, err = s.client.Send(s.Context(), a, part("long", strings.Repeat("👨‍👩‍👧‍👦", 301)))
	s.fails(social.FixPost, "too long", err)
	big := part("big", "")
	big.Media = []social.PartFile{{Media: 3, Kind: social.Image}}
	_, err = s.client.Send(s.Context(), a, big)
	s.fails(social.FixPost, "too large", err)
	quote := part("gone", "?")
	quote.Quote = social.Ref{ID: "at://" + alice.DID + "/app.bsky.feed.post/3jzfcijpj2z2a"}
	_, err = s.client.Send(s.Context(), a, quote)
	s.fails(social.NotThere, "not on Bluesky any more", err)
}
