package bluesky

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"engawa/social"
)

// feed is a timeline that grows: post k was made and indexed at second k.
type feed struct {
	n    int            // posts
	late map[int]string // written long before it arrived
}

func (f *feed) serve(w http.ResponseWriter, r *http.Request) {
	limit, _ := strconv.Atoi(r.URL.Query().Get("limit"))
	top := f.n
	if c := r.URL.Query().Get("cursor"); c != "" {
		top, _ = strconv.Atoi(c)
	}
	var posts []string
	for k := top - 1; k >= 0 && len(posts) < limit; k-- {
		at := start.Add(time.Duration(k) * time.Second).Format(time.RFC3339)
		said := at
		if s := f.late[k]; s != "" {
			said = s
		}
		posts = append(posts, fmt.Sprintf(`{"post":{"uri":"at://did:plc:bob/app.bsky.feed.post/p%05d","cid":"b","author":{"did":"did:plc:bob","handle":"bob.test"},"record":{"text":"%d","createdAt":"%s"},"indexedAt":"%s"}}`, k, k, said, at))
	}
	cursor := ""
	if next := top - len(posts); next > 0 {
		cursor = fmt.Sprintf(`"cursor":"%d",`, next)
	}
	answerWith(w, 200, `{`+cursor+`"feed":[`+strings.Join(posts, ",")+`]}`)
}

// read reads until there is no more, and returns the numbers of the posts in order.
func (r *rig) read(cursor *string, limit int) (got []int, readings int) {
	r.Helper()
	for {
		b, err := r.Read(r.Context(), r.login(), social.LaneHome, *cursor, limit)
		if err != nil {
			r.Fatal(err)
		}
		readings++
		if len(b.Items) > limit {
			r.Fatalf("%d items, at most %d", len(b.Items), limit)
		}
		for _, it := range b.Items {
			k, _ := strconv.Atoi(it.URI[len(it.URI)-5:])
			got = append(got, k)
		}
		*cursor = b.Cursor
		if !b.More {
			return got, readings
		}
	}
}

func TestCatchUp(t *testing.T) {
	r := newRig(t)
	f := &feed{n: 100}
	r.on("app.bsky.feed.getTimeline", f.serve)
	cursor := ""
	if got, n := r.read(&cursor, 20); n != 1 || fmt.Sprint(got) != fmt.Sprint(numbers(80, 100)) {
		t.Fatalf("first %v in %d", got, n)
	}
	if got, _ := r.read(&cursor, 20); len(got) != 0 {
		t.Errorf("nothing new, and yet %v", got)
	}
	f.n = 230 // after a gap of more than a page
	if got, n := r.read(&cursor, 20); n != 7 || fmt.Sprint(got) != fmt.Sprint(numbers(100, 230)) {
		t.Errorf("after a gap %v in %d readings", got, n)
	}
	f.n, f.late = 232, map[int]string{230: "2026-11-20T00:00:00Z"} // written days before it arrived
	if got, _ := r.read(&cursor, 20); fmt.Sprint(got) != "[230 231]" {
		t.Errorf("written before: %v", got)
	}
	f.n = 2000 // more than is looked back
	got, _ := r.read(&cursor, 50)
	if len(got) != 500 || got[len(got)-1] != 1999 || got[0] != 1500 {
		t.Errorf("%d after a very long gap, from %d", len(got), got[0])
	}
	if len(cursor) > 8<<10 {
		t.Errorf("the cursor is %d bytes long", len(cursor))
	}
}

func numbers(from, to int) (out []int) {
	for k := from; k < to; k++ {
		out = append(out, k)
	}
	return out
}

// TestLoopingFeed: a server whose pages go in circles is not read for ever.
func TestLoopingFeed(t *testing.T) {
	r := newRig(t)
	r.on("app.bsky.feed.getTimeline", func(w http.ResponseWriter, req *http.Request) {
		answerWith(w, 200, `{"cursor":"c`+req.URL.Query().Get("cursor")+`","feed":[{"post":`+viewJSON("x"+req.URL.Query().Get("cursor"), plainRecord, "", "")+`}]}`)
	})
	cursor := (&place{at: start.Add(-time.Hour).UnixMilli()}).String()
	r.read(&cursor, 5)
	if n := r.count("app.bsky.feed.getTimeline"); n > 2*maxPages {
		t.Errorf("%d calls", n)
	}
}

func TestCursor(t *testing.T) {
	r := newRig(t)
	for _, bad := range []string{"x y", "1.2", "-", "1." + strings.Repeat("1.2.", 500) + "1", "zzzzzzzzzzzzzzzzzzzzzz"} {
		if _, err := r.Read(t.Context(), r.login(), social.LaneHome, bad, 10); err == nil {
			t.Errorf("%q is taken", clip(bad, 20))
		}
	}
}

func FuzzCursor(f *testing.F) {
	p := place{seen: map[string]social.Millis{}}
	p.note(&entry{key: "a", at: 5_000_000})
	p.note(&entry{key: "b", at: 5_000_001})
	f.Add(p.String())
	f.Add("")
	f.Add("0.0.x")
	f.Fuzz(func(t *testing.T, s string) {
		p, err := parsePlace(s)
		if err != nil || s == "" {
			return
		}
		again, err := parsePlace(p.String())
		if err != nil || again.at != p.at {
			t.Fatalf("%q became %q: %v", s, p.String(), err)
		}
		if twice := again.String(); twice != p.String() {
			t.Fatalf("%q became %q", p.String(), twice)
		}
	})
}

func TestAlertKinds(t *testing.T) {
	r := newRig(t)
	note := func(reason, rkey, record, subject string) string {
		return fmt.Sprintf(`{"uri":"at://did:plc:bob/app.bsky.feed.%s/%s","cid":"b","author":{"did":"did:plc:bob","handle":"bob.test"},"reason":"%s","reasonSubject":"%s","record":%s,"indexedAt":"2026-11-25T12:00:00Z"}`,
			map[string]string{"reply": "post"}[reason]+strings.TrimSuffix(strings.Split(reason+"-", "-")[0], "reply"), rkey, reason, subject, record)
	}
	const mine = "at://did:plc:alice/app.bsky.feed.post/m"
	subject := `{"subject":{"uri":"` + mine + `","cid":"b"}}`
	r.say("app.bsky.notification.listNotifications", 200, `{"notifications":[`+strings.Join([]string{
		note("like", "1", subject, mine),
		note("like-via-repost", "2", subject, "at://did:plc:alice/app.bsky.feed.repost/r"),
		note("follow", "3", `{}`, ""),
		note("verified", "4", `{}`, ""),
		note("reply", "5", `{}`, mine),
		note("repost", "6", `{"subject":5}`, "at://did:plc:alice/app.bsky.feed.post/gone"),
	}, ",")+`]}`)
	r.say("app.bsky.feed.getPosts", 200, `{"posts":[`+strings.Replace(viewJSON("m", plainRecord, "", ""), "did:plc:bob", "did:plc:alice", 2)+`,`+viewJSON("5", plainRecord, "", "")+`]}`)
	b, err := r.Read(t.Context(), r.login(), social.LaneAlerts, "", 20)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, a := range b.Alerts {
		got = append(got, fmt.Sprintf("%s %s %v", a.Type, a.About.ID, a.Item != nil))
	}
	want := "[mention " + mine + " true follow  false favourite " + mine + " true favourite " + mine + " true]"
	if fmt.Sprint(got) != want {
		t.Errorf("got  %v\nwant %v", got, want)
	}
}
