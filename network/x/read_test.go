package x_test

import (
	"fmt"
	"testing"
	"time"

	"engawa/network/x"
	"engawa/social"
)

func TestReadingIsOffByDefault(t *testing.T) {
	r := newRig(t)
	before := r.fake.Spent()
	_, err := r.x.Read(t.Context(), r.login, social.LaneHome, "", 20)
	r.failure(err, social.Unsupported)
	_, err = r.x.Thread(t.Context(), r.login, social.Ref{ID: "1"}, 20)
	r.failure(err, social.Unsupported)
	if r.fake.Spent() != before {
		t.Error("a refused reading cost something")
	}
}

func TestRead(t *testing.T) {
	r := newRig(t)
	r.login.Settings = []byte(`{"read":true}`)
	bob := r.fake.Join("bob")
	mine := r.fake.Say(r.me, "もと", "", "")
	said := r.fake.Say(bob, "縁側 & <茶> https://example.com/a #engawa\n@fono どう", mine.ID, "")
	quoting := r.fake.Say(bob, "これ", "", mine.ID)

	b, err := r.x.Read(t.Context(), r.login, social.LaneHome, "", 20)
	if err != nil || len(b.Items) != 3 || b.Cursor != quoting.ID || b.More || b.Cost != 3*x.PriceRead {
		t.Fatalf("home: %+v, %v", b, err)
	}
	it := b.Items[1]
	want := `<p>縁側 &amp; &lt;茶&gt; <a href="https://example.com/a">example.com/a</a> <a href="` + r.fake.URL + `/hashtag/engawa">#engawa</a><br><a href="` + r.fake.URL + `/fono">@fono</a> どう</p>`
	if it.HTML != want {
		t.Errorf("shown as\n%s, want\n%s", it.HTML, want)
	}
	if it.Ref.ID != said.ID || it.Parent.ID != mine.ID || it.Parent.Author != r.me.ID || it.Root.ID != mine.ID || it.Author.Name != "bob" || it.Author.Domain != "x.com" ||
		len(it.Mentions) != 1 || it.Mentions[0].ID != r.me.ID || len(it.Tags) != 1 || it.Counts.Favourites != 3 || it.At != said.At.UnixMilli() ||
		it.URI != r.fake.URL+"/i/web/status/"+said.ID {
		t.Errorf("read as %+v", it)
	}
	if q := b.Items[2]; q.Quote == nil || q.Quote.Ref.ID != mine.ID || q.HTML != "<p>これ</p>" {
		t.Errorf("the quote is read as %+v", q)
	}
	a, err := r.x.Read(t.Context(), r.login, social.LaneAlerts, "", 20)
	if err != nil || len(a.Alerts) != 2 || a.Cost != 2*x.PriceOwnRead {
		t.Fatalf("alerts: %+v, %v", a, err)
	}
	if m, q := a.Alerts[0], a.Alerts[1]; m.Type != social.NotifyMention || m.About.ID != mine.ID || m.By.ID != bob.ID || q.Type != social.NotifyQuote || q.About.ID != mine.ID {
		t.Errorf("alerts are %+v", a.Alerts)
	}
	th, err := r.x.Thread(t.Context(), r.login, social.Ref{ID: mine.ID}, 20)
	if err != nil || len(th.Items) != 2 || th.Items[0].Ref.ID != mine.ID || th.Items[1].Ref.ID != said.ID {
		t.Errorf("the thread is %+v, %v", th, err)
	}
}

// A gap of several pages is filled without losing or doubling anything.
func TestReadCatchesUp(t *testing.T) {
	r := newRig(t)
	r.login.Settings = []byte(`{"read":true}`)
	bob := r.fake.Join("bob")
	r.fake.Say(bob, "0", "", "")
	b, err := r.x.Read(t.Context(), r.login, social.LaneHome, "", 5)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 12 {
		r.clock.Advance(time.Second)
		r.fake.Say(bob, fmt.Sprint(i+1), "", "")
	}
	seen := map[string]int{}
	for rounds := 0; ; rounds++ {
		if rounds > 5 {
			t.Fatal("it never ends")
		}
		if b, err = r.x.Read(t.Context(), r.login, social.LaneHome, b.Cursor, 5); err != nil {
			t.Fatal(err)
		}
		for i, it := range b.Items {
			seen[it.Ref.ID]++
			if i > 0 && it.At < b.Items[i-1].At {
				t.Error("not oldest first")
			}
		}
		if rounds == 1 { // something new comes while the gap is filled
			r.fake.Say(bob, "late", "", "")
		}
		if !b.More {
			break
		}
	}
	if b, err = r.x.Read(t.Context(), r.login, social.LaneHome, b.Cursor, 5); err != nil {
		t.Fatal(err)
	}
	for _, it := range b.Items {
		seen[it.Ref.ID]++
	}
	if len(seen) != 13 {
		t.Errorf("%d posts were read, want 13", len(seen))
	}
	for id, n := range seen {
		if n != 1 {
			t.Errorf("%s was read %d times", id, n)
		}
	}
}
