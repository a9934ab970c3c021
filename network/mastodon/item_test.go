package mastodon

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"engawa/internal/loose"
	"engawa/network"
	"engawa/network/mastodon/fake"
	"engawa/social"
)

const sample = `{"id":"110","uri":"https://b.example/users/bob/statuses/1","url":"https://b.example/@bob/1","created_at":"2026-11-25T08:00:00.000Z","edited_at":"2026-11-25T08:30:00Z",
"account":{"id":"9","username":"bob","acct":"bob@b.example","display_name":"Bob :blob:","url":"https://b.example/@bob","uri":"https://b.example/users/bob","avatar":"https://b.example/a.png","note":"<p>x</p>","bot":true,
"emojis":[{"shortcode":"blob","url":"https://b.example/blob.png","static_url":"https://b.example/s.png"},{"shortcode":"a b","url":"https://b.example/x"},{"shortcode":"c","url":"javascript:1"}],
"fields":[{"name":"web","value":"<a href=\"https://bob.example/?a=1&amp;b\" rel=\"me\">x</a>","verified_at":"2026-01-01T00:00:00Z"},{"name":"no","value":"<a href=\"https://evil.example\">x</a>","verified_at":null}]},
"content":"<p>hi</p>","spoiler_text":"cw","visibility":"unlisted","language":"ja","in_reply_to_id":"100","in_reply_to_account_id":"1",
"media_attachments":[{"id":"5","type":"image","url":"https://b.example/m.png?x","preview_url":"https://b.example/p.png","description":"alt","blurhash":"UAA","meta":{"original":{"width":640,"height":480},"focus":{"x":0.5,"y":-9}}},{"type":"image"},{"id":"6","type":"odd","url":null,"remote_url":"https://b.example/r.bin"}],
"mentions":[{"id":"1","username":"alice","acct":"alice","url":"https://m.example/@alice"}],"tags":[{"name":"縁側"}],"emojis":[],
"card":{"url":"https://c.example/","title":"Card","type":"rich","image":"https://c.example/i.png","width":-4},
"poll":{"expires_at":"2026-11-26T00:00:00Z","multiple":true,"options":[{"title":"a","votes_count":3},{"title":"b","votes_count":null}],"voted":true,"own_votes":[1,99,-1]},
"quote":{"state":"accepted","quoted_status":{"id":"90","uri":"https://bsky.brid.gy/convert/ap/at://did:plc:x/app.bsky.feed.post/y","created_at":"2026-11-25T07:00:00Z","account":{"id":"8","username":"c","acct":"c@c.example","url":"https://c.example/@c"}}},
"replies_count":1,"reblogs_count":-5,"favourites_count":7,"favourited":true,"bookmarked":true,"reactions":[{"name":"🍣","me":true},{"name":"x"}]}`

func sampleReader() *reader {
	n := &Network{Clock: &ticking{t: fixed}}
	return n.reader(&social.Login{Link: &social.Link{Base: "https://m.example", Handle: "alice@m.example", Account: "1"}})
}

func TestItem(t *testing.T) {
	var s status
	if err := loose.Decode([]byte(sample), &s); err != nil {
		t.Fatal(err)
	}
	it := sampleReader().item(&s, depth)
	if it == nil {
		t.Fatal("no item")
	}
	a := it.Author
	for what, good := range map[string]bool{
		"author":   a.ID == "9" && a.Name == "bob" && a.Domain == "b.example" && a.URI == "https://b.example/users/bob" && a.Bot && a.Display == "Bob :blob:",
		"emoji":    len(a.Emojis) == 1 && a.Emojis[0].Shortcode == "blob" && a.Emojis[0].Domain == "b.example",
		"rel=me":   len(a.Same) == 1 && a.Same[0] == "https://bob.example/?a=1&b",
		"times":    it.At == 1795593600000 && it.EditedAt == 1795595400000,
		"text":     it.HTML == "<p>hi</p>" && it.Warning == "cw" && it.Sensitive && it.Language == "ja" && it.Audience == social.Unlisted,
		"parent":   it.Parent == social.Ref{ID: "100", Author: "1"},
		"mentions": len(it.Mentions) == 1 && it.Mentions[0].Domain == "m.example",
		"media":    len(it.Media) == 2 && it.Media[0].ContentType == "image/png" && it.Media[0].FocusY == -1 && it.Media[0].Width == 640 && it.Media[0].Blurhash == "" && it.Media[1].Kind == social.UnknownMedia,
		"card":     it.Card != nil && it.Card.Type == "link" && it.Card.ImageWidth == 0,
		"poll":     it.Poll != nil && it.Poll.HideTotals && len(it.Poll.Options) == 2 && len(it.Mine.Votes) == 1 && it.Mine.Voted,
		"quote":    it.Quote != nil && it.Quote.Ref.ID == "90" && len(it.Quote.Same) == 1 && it.Quote.Same[0] == "at://did:plc:x/app.bsky.feed.post/y",
		"counts":   it.Counts == social.Counters{Replies: 1, Favourites: 7},
		"mine":     it.Mine.Favourited && it.Mine.Bookmarked && len(it.Mine.Reactions) == 1,
		"ref":      it.Ref.ID == "110" && it.Ref.Author == "9" && it.URI == "https://b.example/users/bob/statuses/1",
	} {
		if !good {
			t.Errorf("%s: %+v", what, it)
		}
	}
}

// Nothing that a server may send makes more than it should.
func TestHostileStatuses(t *testing.T) {
	account := `"account":{"id":"9","username":"bob","acct":"bob@b.example","url":"https://b.example/@bob"}`
	for in, whole := range map[string]bool{
		`{}`: false, `{"id":"1"}`: false, `{"id":"1","uri":"https://b.example/1"}`: false, `{"id":"../1","uri":"https://b.example/1",` + account + `}`: false,
		`{"id":"1","uri":"javascript:x",` + account + `}`:                                            false,
		`{"id":1,"uri":"https://b.example/1",` + account + `}`:                                       true,
		`{"id":"1","url":"https://b.example/1","created_at":"9999-01-01T00:00:00Z",` + account + `}`: true,
		`{"id":"1","uri":"https://b.example/1","content":5,"tags":"x","media_attachments":[null,1,"x",{}],"poll":[],"card":"x","mentions":{},"quote":1,` + account + `}`: true,
		`{"id":"1","uri":"https://b.example/1","reblog":{},` + account + `}`:                                                                                             false,
		`{"id":"1","uri":"https://b.example/1","content":"` + strings.Repeat("あ", 90000) + `",` + account + `}`:                                                          true,
	} {
		var s status
		if err := loose.Decode([]byte(in), &s); err != nil {
			t.Fatal(err)
		}
		r := sampleReader()
		it := r.item(&s, depth)
		if (it != nil) != whole {
			t.Errorf("%.100s: %+v", in, it)
		}
		if it != nil && (it.At <= 0 || int64(it.At) > r.limit || len(it.HTML) > maxHTML || len(it.Media) != 0 || it.Poll != nil || it.Card != nil) {
			t.Errorf("%.100s: %+v", in, it)
		}
	}
	deep := strings.Repeat(`{"id":"1","uri":"https://b.example/1",`+account+`,"reblog":`, 900) + "{}" + strings.Repeat("}", 900)
	var s status
	if err := loose.Decode([]byte(deep), &s); err != nil || sampleReader().item(&s, depth) != nil {
		t.Errorf("boosts in boosts: %v", err)
	}
}

// While the server rebuilds the timeline, the cursor stays.
func TestReadDuringRebuild(t *testing.T) {
	x := newRig(t, fake.Mastodon)
	x.Put(nil)
	x.Fail("GET /api/v1/timelines/home", 206, `[]`, nil)
	b, err := x.n.Read(t.Context(), x.login, social.LaneHome, "1", 9)
	if err != nil || b.Cursor != "1" || len(b.Items) != 0 {
		t.Errorf("%+v %v", b, err)
	}
	if b, err = x.n.Read(t.Context(), x.login, social.LaneHome, "1", 9); err != nil || len(b.Items) != 1 {
		t.Errorf("%+v %v", b, err)
	}
}

// A page that is too long is asked for in smaller pieces; a thread goes without
// what does not fit.
func TestPagesThatAreTooLong(t *testing.T) {
	x := newRig(t, fake.Mastodon)
	for range 3 {
		x.Put(nil)
	}
	huge := "[" + strings.Repeat(" ", loose.MaxBody) + "]"
	x.Fail("GET /api/v1/timelines/home", 200, huge, nil)
	b, err := x.n.Read(t.Context(), x.login, social.LaneHome, "1", 4)
	if err != nil || len(b.Items) != 2 || !b.More {
		t.Errorf("%+v %v", b, err)
	}
	if calls := x.Calls("GET /api/v1/timelines/home"); len(calls) != 2 || calls[1].Query["limit"][0] != "2" {
		t.Errorf("%+v", calls)
	}
	ref := b.Items[0].Ref
	x.Fail("GET /api/v1/statuses/"+ref.ID+"/context", 200, huge, nil)
	if b, err := x.n.Thread(t.Context(), x.login, ref, 9); err != nil || len(b.Items) != 1 {
		t.Errorf("%+v %v", b, err)
	}
}

// Servers that answer under another name than their handles bear are found;
// nobody is led from https to http.
func TestMovedBase(t *testing.T) {
	x := newRig(t, fake.Mastodon)
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, x.URL+r.URL.Path, http.StatusMovedPermanently)
	}))
	defer front.Close()
	step, err := x.n.Begin(t.Context(), network.LinkInput{Base: front.URL, Fields: map[string]string{"token": fake.Token}})
	if err != nil || step.Link.Base != x.URL {
		t.Errorf("%+v %v", step, err)
	}
	safe := httptest.NewTLSServer(front.Config.Handler)
	defer safe.Close()
	n := &Network{HTTP: safe.Client(), Clock: x.clock}
	if _, at, err := n.discover(t.Context(), safe.URL); err != nil || at != safe.URL {
		t.Errorf("led to %s, %v", at, err)
	}
}

func FuzzItem(f *testing.F) {
	f.Add([]byte(sample))
	f.Add([]byte(`{"id":"1","type":"mention","account":{"id":"1","acct":"a","url":"https://a.example"},"status":` + sample + `}`))
	r := sampleReader()
	f.Fuzz(func(t *testing.T, data []byte) {
		var s status
		if loose.Decode(data, &s) == nil {
			for it := r.item(&s, depth); it != nil; it = it.Boost {
				if it.Ref.ID == "" || it.URI == "" || it.Author.Name == "" || it.Author.URI == "" || it.At <= 0 {
					t.Errorf("%+v", it)
				}
			}
		}
		var n notification
		if loose.Decode(data, &n) == nil {
			if a := r.alert(&n, "1"); a != nil && (a.ID == "" || a.By.ID == "" || a.At <= 0) {
				t.Errorf("%+v", a)
			}
		}
	})
}

func BenchmarkItem(b *testing.B) {
	r := sampleReader()
	b.ReportAllocs()
	for b.Loop() {
		var s status
		if loose.Decode([]byte(sample), &s) != nil || r.item(&s, depth) == nil {
			b.Fatal("no item")
		}
	}
}
