package nostr_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"engawa/network/nostr"
	"engawa/network/nostr/fake"
	"engawa/social"
)

// neighbours is bob, whom I follow, with a profile, and eve, whom I do not.
func (r *rig) neighbours() (bob, eve nostr.Key) {
	bob, eve = key(r.t), key(r.t)
	r.relay.Put(r.say(r.me, 3, "", []string{"p", bob.Public()}))
	r.relay.Put(r.say(bob, 0, `{"name":"bob","display_name":"ボブ","picture":"https://b.example/b.png","about":"<b>\n茶","nip05":"Bob@b.example"}`,
		[]string{"proxy", "https://b.example/users/bob", "activitypub"}))
	return bob, eve
}

func (r *rig) read(place social.LanePlace, from string, limit int) *social.Batch {
	r.t.Helper()
	b, err := r.n.Read(r.t.Context(), r.login, place, from, limit)
	if err != nil {
		r.t.Fatal(err)
	}
	return b
}

func TestReadHome(t *testing.T) {
	r := newRig(t)
	bob, eve := r.neighbours()
	root := r.say(bob, 1, "根")
	note := r.say(bob, 1, "やあ <i> #engawa https://example.com/x?a=1&b=2\nnostr:"+bob.Npub()+" https://b.example/cat.png",
		[]string{"e", root.ID, "", "root", bob.Public()}, []string{"p", r.me.Public()}, []string{"t", "engawa"}, []string{"content-warning", "注意"},
		[]string{"proxy", "https://b.example/1", "activitypub"}, []string{"imeta", "url https://b.example/cat.png", "m image/png", "dim 640x480", "alt 猫"}, []string{"e"}, []string{})
	foreign := r.say(eve, 1, "よそ")
	boost := r.say(bob, 6, raw(t, foreign), []string{"e", foreign.ID}, []string{"p", eve.Public()})
	forged := *foreign
	forged.Content = "にせ"
	lie := r.say(bob, 6, raw(t, &forged), []string{"e", forged.ID})
	quote := r.say(bob, 1, "これ\n\nnostr:"+nevent(root.ID), []string{"q", root.ID})
	gone := r.say(bob, 5, "", []string{"e", strings.Repeat("ab", 32)}, []string{"e", foreign.ID})
	for i, e := range []*nostr.Event{root, note, foreign, boost, lie, quote, gone} {
		e.At += int64(i)
		k := bob
		if e == foreign {
			k = eve
		}
		if err := k.Sign(e); err != nil {
			t.Fatal(err)
		}
	}
	// Ids changed with the times: say again what refers to them.
	note.Tags[0][1], boost.Tags[0][1], boost.Content, lie.Tags[0][1], quote.Tags[0][1], gone.Tags[1][1] = root.ID, foreign.ID, raw(t, foreign), foreign.ID, root.ID, foreign.ID
	quote.Content = "これ\n\nnostr:" + nevent(root.ID)
	for _, e := range []*nostr.Event{note, boost, lie, quote, gone} {
		if err := bob.Sign(e); err != nil {
			t.Fatal(err)
		}
	}
	for _, e := range []*nostr.Event{root, note, foreign, boost, lie, quote, gone} {
		r.relay.Put(e)
	}

	b := r.read(social.LaneHome, "", 50)
	if len(b.Items) != 6 || b.More || b.Cursor != fmt.Sprint(gone.At) {
		t.Fatalf("read %d items, more %v, cursor %s", len(b.Items), b.More, b.Cursor)
	}
	it := b.Items[1]
	want := `<p>やあ &lt;i&gt; <a href="https://njump.me/t/engawa">#engawa</a> <a href="https://example.com/x?a=1&amp;b=2">https://example.com/x?a=1&amp;b=2</a><br>` +
		`<a href="https://njump.me/` + bob.Npub() + `">@ボブ</a></p>`
	if it.HTML != want {
		t.Errorf("shown as\n%s, want\n%s", it.HTML, want)
	}
	if it.Ref.ID != note.ID || it.Ref.Relay != r.relay.URL || it.Parent.ID != root.ID || it.Root.Author != bob.Public() || it.Warning != "注意" || !it.Sensitive ||
		!slices.Equal(it.Tags, []string{"engawa"}) || !slices.Equal(it.Same, []string{"https://b.example/1"}) || len(it.Media) != 1 || it.Media[0].Description != "猫" ||
		it.Media[0].Width != 640 || it.Media[0].Kind != social.Image || len(it.Mentions) != 1 || it.At != note.At*1000 {
		t.Errorf("read as %+v", it)
	}
	who := it.Author
	if who.URI != "nostr:"+bob.Npub() || who.Domain != "nostr" || who.Display != "ボブ" || who.HTML != "<p>&lt;b&gt;<br>茶</p>" ||
		!slices.Equal(who.Same, []string{"acct:bob@b.example", "https://b.example/users/bob"}) {
		t.Errorf("bob is read as %+v", who)
	}
	if s := b.Items[2]; s.Boost == nil || s.Boost.Ref.ID != foreign.ID || s.Boost.Author.ID != eve.Public() || s.Boost.HTML != "<p>よそ</p>" {
		t.Errorf("the boost is %+v", s)
	}
	if s := b.Items[3]; s.Boost == nil || s.Boost.HTML != "<p>よそ</p>" {
		t.Errorf("a forged copy in a boost is believed: %+v", s.Boost)
	}
	if q := b.Items[4]; q.Quote == nil || q.Quote.Ref.ID != root.ID || q.HTML != "<p>これ</p>" {
		t.Errorf("the quote is %+v", q)
	}
	if d := b.Items[5]; !d.Deleted || d.Ref.ID != strings.Repeat("ab", 32) || d.Author.ID != bob.Public() {
		t.Errorf("the deletion is %+v", d)
	}
}

func raw(t *testing.T, e *nostr.Event) string {
	t.Helper()
	data, err := json.Marshal(e)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestReadAlerts(t *testing.T) {
	r := newRig(t)
	bob, _ := r.neighbours()
	sent := r.send(r.part("もと"))
	p := []string{"p", r.me.Public()}
	e := []string{"e", sent.Ref.ID, r.relay.URL, "root", r.me.Public()}
	for _, ev := range []*nostr.Event{
		r.say(bob, 1, "返事", e, p),
		r.say(bob, 1, "引用", []string{"q", sent.Ref.ID}, p),
		r.say(bob, 6, "", e[:2], p),
		r.say(bob, 7, "+", e[:2], p),
		r.say(bob, 7, "🍵", e[:2], p),
		r.say(bob, 7, "-", e[:2], p),
		r.say(r.me, 7, "+", e[:2], p),
	} {
		r.relay.Put(ev)
	}
	got := map[social.NotificationType]social.Alert{}
	b := r.read(social.LaneAlerts, "", 50)
	for _, a := range b.Alerts {
		got[a.Type] = a
	}
	if len(b.Alerts) != 5 || len(got) != 5 {
		t.Fatalf("alerts are %+v", b.Alerts)
	}
	for typ, a := range got {
		if a.About.ID != sent.Ref.ID || a.By.Display != "ボブ" || a.Item == nil {
			t.Errorf("%s: %+v", typ, a)
		}
	}
	if got[social.NotifyReaction].Emoji != "🍵" || got[social.NotifyMention].Item.HTML != "<p>返事</p>" || got[social.NotifyBoost].Item.HTML != "<p>もと</p>" {
		t.Errorf("alerts are %+v", got)
	}
}

// A long gap is read in pages, oldest first, nothing lost within a second.
func TestReadCatchesUp(t *testing.T) {
	r := newRig(t)
	bob, _ := r.neighbours()
	r.relay.Put(r.say(bob, 1, "first"))
	b := r.read(social.LaneHome, "", 10)
	first := b.Cursor
	want := map[string]bool{}
	for i := range 25 {
		if i%7 == 0 {
			r.clock.Advance(time.Hour)
		}
		e := r.say(bob, 1, fmt.Sprint(i))
		r.relay.Put(e)
		want[e.ID] = true
	}
	seen := map[string]bool{}
	for cursor, rounds := first, 0; ; rounds++ {
		b := r.read(social.LaneHome, cursor, 4)
		for i, it := range b.Items {
			if seen[it.Ref.ID] {
				t.Errorf("%s is read twice", it.Ref.ID)
			}
			if i > 0 && it.At < b.Items[i-1].At {
				t.Error("not oldest first")
			}
			seen[it.Ref.ID] = true
		}
		cursor = b.Cursor
		if !b.More {
			break
		}
		if rounds > 20 {
			t.Fatal("it never ends")
		}
	}
	for id := range want {
		if !seen[id] {
			t.Errorf("%s is lost", id)
		}
	}
	for _, bad := range []string{"x", "-1", "1:zz", "1:2:3"} {
		if _, err := r.n.Read(t.Context(), r.login, social.LaneHome, bad, 5); err != nil {
			t.Errorf("cursor %q: %v", bad, err)
		}
	}
}

// A gap longer than what a relay gives at once is read from its beginning.
func TestReadCatchesUpFar(t *testing.T) {
	r := newRig(t)
	bob, _ := r.neighbours()
	r.relay.Put(r.say(bob, 1, "first"))
	b := r.read(social.LaneHome, "", 10)
	r.clock.Advance(time.Hour)
	want := map[string]bool{}
	for i := range 1100 {
		r.clock.Advance(time.Second)
		e := r.say(bob, 1, fmt.Sprint(i))
		r.relay.Put(e)
		want[e.ID] = true
	}
	for rounds := 0; ; rounds++ {
		b = r.read(social.LaneHome, b.Cursor, 500)
		for _, it := range b.Items {
			delete(want, it.Ref.ID)
		}
		if !b.More || rounds > 5 {
			break
		}
	}
	if len(want) != 0 || b.More {
		t.Errorf("%d of 1100 are lost, more %v", len(want), b.More)
	}
}

func TestReadDropsTheFuture(t *testing.T) {
	r := newRig(t)
	bob, _ := r.neighbours()
	e := r.say(bob, 1, "来年")
	e.At += 400 * 24 * 3600
	if err := bob.Sign(e); err != nil {
		t.Fatal(err)
	}
	r.relay.Put(e)
	if b := r.read(social.LaneHome, "", 10); len(b.Items) != 0 || b.Cursor != "0" {
		t.Errorf("read %+v", b)
	}
}

func TestThread(t *testing.T) {
	r := newRig(t)
	bob, eve := r.neighbours()
	root := r.say(bob, 1, "根")
	answer := r.say(eve, 1, "枝", []string{"e", root.ID, "", "root"})
	r.clock.Advance(time.Second)
	leaf := r.say(bob, 1, "葉", []string{"e", root.ID, "", "root"}, []string{"e", answer.ID, "", "reply"})
	for _, e := range []*nostr.Event{root, answer, leaf, r.say(eve, 1, "別")} {
		r.relay.Put(e)
	}
	for _, start := range []*nostr.Event{root, answer} {
		b, err := r.n.Thread(t.Context(), r.login, social.Ref{ID: start.ID}, 20)
		if err != nil || len(b.Items) != 3 || b.Items[2].Ref.ID != leaf.ID || b.Items[2].Parent.ID != answer.ID || b.Items[2].Root.ID != root.ID {
			t.Errorf("from %s: %+v, %v", start.Content, b, err)
		}
	}
	_, err := r.n.Thread(t.Context(), r.login, social.Ref{ID: "../x"}, 20)
	r.failure(err, social.FixPost)
}

// hear starts Hear and hands out what it brings.
func (r *rig) hear() (batches chan *social.Batch, done chan error, stop context.CancelFunc) {
	ctx, stop := context.WithCancel(r.t.Context())
	batches, done = make(chan *social.Batch, 100), make(chan error, 1)
	go func() {
		done <- r.n.Hear(ctx, r.login, func(b *social.Batch) error { batches <- b; return nil })
	}()
	r.t.Cleanup(stop)
	return batches, done, stop
}

// next is the next batch that is heard.
func (r *rig) next(batches chan *social.Batch) *social.Batch {
	r.t.Helper()
	select {
	case b := <-batches:
		return b
	case <-time.After(20 * time.Second):
		r.t.Fatal("nothing is heard")
		return nil
	}
}

func TestHear(t *testing.T) {
	r := newRig(t)
	bob, eve := r.neighbours()
	other := fake.New(t)
	r.login.Base += " " + other.URL
	early := r.say(bob, 1, "先に")
	r.relay.Put(early)
	batches, done, stop := r.hear()
	if b := r.next(batches); len(b.Items) != 1 || b.Items[0].Ref.ID != early.ID || b.Cursor != fmt.Sprint(early.At) || b.Items[0].Author.Display != "ボブ" {
		t.Errorf("before the end of what was stored: %+v", b)
	}
	live := r.say(bob, 1, "今")
	r.relay.Put(live)
	if b := r.next(batches); len(b.Items) != 1 || b.Items[0].Ref.ID != live.ID {
		t.Errorf("live: %+v", b)
	}
	other.Put(live) // the other relay has it too: nothing new
	mention := r.say(eve, 1, "ねえ", []string{"p", r.me.Public()})
	other.Put(mention)
	if b := r.next(batches); len(b.Alerts) != 1 || b.Alerts[0].ID != mention.ID || len(b.Items) != 0 {
		t.Errorf("a mention: %+v", b)
	}
	// A new follow is heard at once, with what they said since.
	r.clock.Advance(time.Second)
	said := r.say(eve, 1, "はじめまして")
	r.relay.Put(said)
	r.relay.Put(r.say(r.me, 3, "", []string{"p", bob.Public()}, []string{"p", eve.Public()}))
	heard := func(id string) bool {
		b := r.next(batches)
		return slices.ContainsFunc(b.Items, func(it social.Item) bool { return it.Ref.ID == id })
	}
	for !heard(said.ID) { // the mention comes once more, as an item of who is followed now
	}
	// A lost relay is heard again, and what was said in between.
	r.relay.Cut()
	later := r.say(bob, 1, "あとで")
	r.relay.Put(later)
	for !heard(later.ID) {
	}
	stop()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Errorf("it ends with %v", err)
	}
}

func TestHearEnds(t *testing.T) {
	r := newRig(t)
	bob, _ := r.neighbours()
	r.relay.Put(r.say(bob, 1, "a"))
	broken := errors.New("the store is full")
	if err := r.n.Hear(t.Context(), r.login, func(*social.Batch) error { return broken }); !errors.Is(err, broken) {
		t.Errorf("when the sink fails it ends with %v", err)
	}
	r.login.Base = "ws://127.0.0.1:1"
	r.failure(r.n.Hear(t.Context(), r.login, func(*social.Batch) error { return nil }), social.TryAgain)
}
