package misskey

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"

	"engawa/network/misskey/fake"
	"engawa/social"
)

// A lane is read in order and without gaps, whichever way the server sorts.
func TestReadWithoutGaps(t *testing.T) {
	for _, newest := range []bool{false, true} {
		x := newRig(t)
		if newest {
			x.NewestFirst()
		}
		x.Follow(x.alice, x.bob)
		x.Say(x.bob, fake.Note{Text: str("start")})
		start, err := x.n.Read(t.Context(), x.login, social.LaneHome, "", 5)
		if err != nil || len(start.Items) != 1 || start.More {
			t.Fatalf("%+v %v", start, err)
		}
		var want, got []string
		for i := range 17 {
			want = append(want, x.Say(x.bob, fake.Note{Text: str(fmt.Sprint(i))}).ID)
		}
		cursor, reads := start.Cursor, 0
		for more := true; more; reads++ {
			b, err := x.n.Read(t.Context(), x.login, social.LaneHome, cursor, 5)
			if err != nil || reads > 10 || len(b.Items) > 5 {
				t.Fatalf("%+v %v", b, err)
			}
			for _, it := range b.Items {
				got = append(got, it.Ref.ID)
			}
			cursor, more = b.Cursor, b.More
		}
		if !slices.Equal(got, want) {
			t.Errorf("newest first %v: read %v, want %v", newest, got, want)
		}
		empty, err := x.n.Read(t.Context(), x.login, social.LaneHome, cursor, 5)
		if err != nil || len(empty.Items) != 0 || empty.Cursor != cursor || empty.More {
			t.Errorf("nothing new: %+v %v", empty, err)
		}
	}
}

// The answers of a real Misskey 2026.3.2 become Items.
func TestRecordedTimeline(t *testing.T) {
	s := recorded(t)
	var notes []note
	load(t, "testdata/timeline.json", &notes)
	byURI := map[string]*social.Item{}
	for i := range notes {
		if it := s.item(&notes[i], depth); it != nil {
			byURI[it.URI] = it
		} else if !notes[i].IsHidden {
			t.Errorf("%s is no item", notes[i].ID)
		}
	}
	own := byURI["https://mka.test/notes/atv8zsslhtks003n"]
	if own == nil || own.Author.URI != "https://mka.test/users/atv8j2qhhtks0006" || own.Author.Domain != "mka.test" || own.Counts.Favourites != 1 || own.Mine.Reactions[0] != ":blobcat@mka.test:" || own.At != 1795342687365 {
		t.Errorf("own: %+v", own)
	}
	quote := byURI["https://mka.test/notes/atv8kgi4htks000z"]
	if quote == nil || quote.Boost != nil || quote.Quote == nil || quote.Quote.URI != "https://mkb.test/notes/atv8k95czc0q000k" || quote.Quote.Mine.Reactions[0] != "👍" {
		t.Errorf("quote: %+v", quote)
	}
	boost := byURI["https://mkb.test/notes/atv8kbtfzc0q000t/activity"]
	if boost == nil || boost.Boost == nil || boost.Author.Name != "bob" || boost.Author.Domain != "mkb.test" || boost.HTML != "" {
		t.Errorf("boost: %+v", boost)
	}
	pic := byURI["https://mkb.test/notes/atv8kcc4zc0q000v"]
	if pic == nil || len(pic.Media) != 1 || pic.Media[0].Description != "alt-text" || !pic.Sensitive || pic.Media[0].Width != 192 || pic.Media[0].ContentType != "image/png" || pic.Media[0].Kind != social.Image {
		t.Errorf("picture: %+v", pic)
	}
	poll := byURI["https://mkb.test/notes/atv8ka4dzc0q000o"]
	if poll == nil || len(poll.Poll.Options) != 2 || !slices.Equal(poll.Mine.Votes, []int{0}) || poll.Poll.Options[0].Votes != 1 {
		t.Errorf("poll: %+v", poll)
	}
	marked := byURI["https://mkb.test/notes/atv8k9m6zc0q000m"]
	if marked == nil || !strings.Contains(marked.HTML, "<blockquote>") || !strings.Contains(marked.HTML, `href="https://mka.test/@alice"`) || len(marked.Emojis) != 1 || marked.Emojis[0].Domain != "mkb.test" || marked.Tags[0] != "ミスキー" {
		t.Errorf("MFM: %+v", marked)
	}
	if direct := byURI["https://mkb.test/notes/atv8kavqzc0q000q"]; direct == nil || direct.Audience != social.Direct {
		t.Errorf("direct: %+v", direct)
	}
}

func TestRecordedNotifications(t *testing.T) {
	s := recorded(t)
	s.base, s.login.Account = "https://mkb.test", "atv8jl24zc0q000c"
	var list []notification
	load(t, "testdata/notifications.json", &list)
	var got []string
	for i := range list {
		if a := s.alert(&list[i]); a != nil {
			got = append(got, fmt.Sprint(a.Type, " ", a.Emoji, " ", a.By.Name, " ", !a.About.Zero()))
		}
	}
	want := []string{"mention  alice true", "reaction 👍 alice true", "reaction :blobcat@mka.test: alice true", "quote  alice true", "follow  alice false"}
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

func recorded(t *testing.T) *session {
	return &session{Network: newRig(t).n, base: "https://mka.test", login: &social.Login{Link: &social.Link{Base: "https://mka.test", Account: "atv8j2qhhtks0006"}}}
}

func load(t *testing.T, path string, v any) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, v); err != nil {
		t.Fatal(err)
	}
}

func TestAlertsAndThread(t *testing.T) {
	x := newRig(t)
	mine := x.send(&social.Part{Text: "mine"})
	var own *fake.Note
	for _, n := range x.Notes(x.alice) {
		own = &n
	}
	start, err := x.n.Read(t.Context(), x.login, social.LaneAlerts, "", 10)
	if err != nil || len(start.Alerts) != 0 {
		t.Fatalf("%+v %v", start, err)
	}
	x.Follow(x.bob, x.alice)
	x.React(x.bob, own, "❤")
	x.React(x.bob, own, ":sushi@b.example:")
	reply := x.Say(x.bob, fake.Note{Text: str("@alice hi"), Reply: own})
	x.Say(x.bob, fake.Note{Renote: own})
	b, err := x.n.Read(t.Context(), x.login, social.LaneAlerts, "", 20)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, a := range b.Alerts {
		got = append(got, fmt.Sprint(a.Type, " ", a.Emoji, " ", a.About.ID == mine.Ref.ID))
		if a.By.URI != x.bob.URI || a.By.URL != x.bob.URL {
			t.Errorf("by %+v, not %s", a.By, x.bob.URI)
		}
	}
	want := []string{"follow  false", "favourite  true", "reaction :sushi@b.example: true", "mention  false", "mention  true", "reblog  true"}
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	if c := x.Calls("i/notifications"); c[0].Params["markAsRead"] != false {
		t.Error("reading marks as read there")
	}
	thread, err := x.n.Thread(t.Context(), x.login, social.Ref{ID: reply.ID}, 10)
	if err != nil || len(thread.Items) != 2 || thread.Items[0].Ref.ID != mine.Ref.ID || thread.Items[1].Parent.ID != mine.Ref.ID || thread.Items[1].Root.ID != mine.Ref.ID || thread.More {
		t.Errorf("thread %+v %v", thread, err)
	}
	if m := thread.Items[1].Mentions; len(m) != 1 || m[0].Name != "alice" {
		t.Errorf("mentions %+v", m)
	}
	if short, err := x.n.Thread(t.Context(), x.login, social.Ref{ID: reply.ID}, 1); err != nil || len(short.Items) != 1 || !short.More {
		t.Errorf("one of the thread: %+v %v", short, err)
	}
	if _, err := x.n.Thread(t.Context(), x.login, social.Ref{ID: "nothing"}, 9); class(err) != social.NotThere {
		t.Errorf("no thread: %v", err)
	}
	if _, err := x.n.Read(t.Context(), x.login, social.LaneHome, "not/an id", 9); err != nil {
		t.Errorf("a broken cursor: %v", err)
	}
}

func TestHear(t *testing.T) {
	x := newRig(t)
	x.Follow(x.alice, x.bob)
	ctx, stop := context.WithCancel(t.Context())
	heard, over := make(chan *social.Batch, 100), make(chan error, 1)
	go func() {
		over <- x.n.Hear(ctx, x.login, func(b *social.Batch) error { heard <- b; return nil })
	}()
	next := func() *social.Batch {
		t.Helper()
		select {
		case b := <-heard:
			return b
		case err := <-over:
			t.Fatalf("it ended: %v", err)
		}
		return nil
	}
	until(t, func() bool { return x.Listening(x.alice) })
	for _, junk := range []string{
		`{`, `[]`, `null`, `{"type":"channel"}`, `{"type":"channel","body":{"id":"homeTimeline","type":"note","body":{"id":5}}}`, `{"type":1,"body":[]}`,
		`{"type":"channel","body":{"id":"homeTimeline","type":"note","body":"x"}}`, `{"type":"noteUpdated","body":{"id":"x","type":"deleted"}}`,
		`{"type":"channel","body":{"id":"main","type":"notification","body":{"type":"reaction","id":"n","note":[],"user":{}}}}`,
	} {
		x.Push(junk)
	}
	n := x.Say(x.bob, fake.Note{Text: str("聞こえる？ @alice")})
	b := next()
	if len(b.Alerts) == 0 || b.Alerts[0].Type != social.NotifyMention || b.Cursor != b.Alerts[0].ID {
		t.Fatalf("alert %+v", b)
	}
	if b = next(); len(b.Items) != 1 || b.Items[0].URI != n.URI || b.Cursor != n.ID || b.Items[0].Author.URI != x.bob.URI {
		t.Fatalf("note %+v", b)
	}
	until(t, func() bool { return x.Watched(x.alice, n.ID) })
	x.Delete(n)
	if b = next(); len(b.Items) != 1 || !b.Items[0].Deleted || b.Items[0].Ref.ID != n.ID {
		t.Fatalf("deletion %+v", b)
	}
	x.CutStreams()
	if err := <-over; class(err) != social.TryAgain {
		t.Errorf("cut: %v", err)
	}
	go func() { over <- x.n.Hear(ctx, x.login, func(*social.Batch) error { return nil }) }()
	until(t, func() bool { return x.Listening(x.alice) })
	stop()
	if err := <-over; !errors.Is(err, context.Canceled) {
		t.Errorf("stopped: %v", err)
	}
	x.Revoke(x.alice)
	if err := x.n.Hear(t.Context(), x.login, nil); class(err) != social.Reconnect || strings.Contains(err.Error(), "token") {
		t.Errorf("revoked: %v", err)
	}
	refuse := errors.New("full")
	x.login = x.link(x.Token(x.alice))
	go func() { over <- x.n.Hear(t.Context(), x.login, func(*social.Batch) error { return refuse }) }()
	until(t, func() bool { return x.Listening(x.alice) })
	x.Say(x.bob, fake.Note{Text: str("again")})
	if err := <-over; !errors.Is(err, refuse) {
		t.Errorf("a sink that refuses: %v", err)
	}
}

// until spins until is; the test's own time is the bound.
func until(t *testing.T, is func() bool) {
	for !is() {
		if t.Context().Err() != nil {
			t.Fatal("it never came")
		}
		runtime.Gosched()
	}
}

// No answer makes an Item without id, author or a believable time.
func FuzzItem(f *testing.F) {
	for _, path := range []string{"testdata/timeline.json", "testdata/notifications.json"} {
		data, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		var list []json.RawMessage
		if json.Unmarshal(data, &list) == nil {
			for _, x := range list[:4] {
				f.Add([]byte(x))
			}
		}
	}
	f.Add([]byte(`{"id":"a","user":{"id":"b","username":"c"},"renote":{"id":[]},"renoteId":"a","files":[{"url":"javascript:1"}],"createdAt":"9999-01-01T00:00:00Z"}`))
	n := &Network{Clock: &ticking{t: fixed}}
	s := &session{Network: n, base: "https://m.example", login: &social.Login{Link: &social.Link{Account: "me"}}}
	f.Fuzz(func(t *testing.T, data []byte) {
		var x note
		var a notification
		if decode(data, &x) == nil {
			if it := s.item(&x, depth); it != nil {
				check(t, it, depth)
			}
		}
		if decode(data, &a) == nil {
			if al := s.alert(&a); al != nil && (al.ID == "" || al.By.ID == "" || al.At == 0) {
				t.Errorf("%+v", al)
			}
		}
	})
}

func check(t *testing.T, it *social.Item, deep int) {
	if it == nil {
		return
	}
	if it.Ref.ID == "" || it.URI == "" || it.Author.Name == "" || it.Author.URI == "" || it.At <= 0 || deep == 0 {
		t.Errorf("%+v", it)
	}
	for _, m := range it.Media {
		if !strings.HasPrefix(m.RemoteURL, "http") {
			t.Errorf("medium at %q", m.RemoteURL)
		}
	}
	check(t, it.Boost, deep-1)
	check(t, it.Quote, deep-1)
}

func BenchmarkItem(b *testing.B) {
	data, err := os.ReadFile("testdata/timeline.json")
	if err != nil {
		b.Fatal(err)
	}
	n := &Network{Clock: &ticking{t: fixed}}
	s := &session{Network: n, base: "https://mka.test", login: &social.Login{Link: &social.Link{Account: "me"}}}
	b.ReportAllocs()
	for b.Loop() {
		var notes []note
		if err := decode(data, &notes); err != nil {
			b.Fatal(err)
		}
		for i := range notes {
			s.item(&notes[i], depth)
		}
	}
}
