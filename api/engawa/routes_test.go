package engawa

import (
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"time"

	"engawa/internal/locale"
	"engawa/social"
)

// filled is a route's path with ids that are there or not.
func filled(rt *route) (method, path string) {
	method, path, _ = strings.Cut(rt.pattern, " ")
	return method, strings.NewReplacer("{id}", "12", "{link}", "13", "{action}", "skip").Replace(path)
}

// Every operation asks for a User's token of its scope, and nothing comes of
// nonsense but an error in JSON.
func TestEveryRoute(t *testing.T) {
	h := newHouse(t)
	all, app, none := h.token(h.me, "read write"), h.token(0, "read write"), h.token(h.me, "push")
	for i := range routes {
		method, path := filled(&routes[i])
		h.wants(h.ask("", method, path, ""), 401, "error")
		h.wants(h.ask("wrong", method, path, ""), 401, "error")
		h.wants(h.ask(app, method, path, ""), 403, "speaks for a user")
		h.wants(h.ask(none, method, path, ""), 403, routes[i].scope)
		h.wants(h.ask(h.token(h.me, "admin:read admin:write"), method, path, ""), 403, "scope")
		for _, body := range []string{"{", "[]", `{"nonsense":1}`, `"x"`, "{} {}", strings.Repeat("[", 5000), "\xff\x00"} {
			w := h.ask(all, method, path, body)
			if w.Code >= 500 || w.Header().Get("Content-Type") == "" && w.Code != 204 {
				t.Errorf("%s %s with %.20q: %d %s", method, path, body, w.Code, w.Body)
			}
		}
		for _, odd := range []string{"/links/x", "/posts/99999999999999999999/copies", "/lanes/-5/timeline?limit=x"} {
			if w := h.ask(all, method, odd, ""); w.Code < 400 || w.Code >= 500 {
				t.Errorf("%s %s: %d", method, odd, w.Code)
			}
		}
	}
	h.wants(h.ask(all, "GET", "/nothing", ""), 404, "docs/api.md")
	w := h.ask("", "OPTIONS", "/links", "", "Access-Control-Request-Method: PATCH", "Origin: https://app.example")
	if w.Code != http.StatusNoContent || !strings.Contains(w.Header().Get("Access-Control-Allow-Methods"), "PATCH") {
		t.Errorf("preflight: %d %v", w.Code, w.Header())
	}
}

// What belongs to somebody else is not there.
func TestOthers(t *testing.T) {
	h := newHouse(t)
	l := h.link("mine")
	l.Can, l.List = social.AbleRead, 77
	h.stored(l)
	bob := h.token(h.bob, "read write")
	id := l.ID.String()
	for _, c := range []struct{ method, path, body string }{
		{"GET", "/links/" + id, ""}, {"DELETE", "/links/" + id, ""}, {"GET", "/lanes/" + id + "/timeline", ""}, {"GET", "/lanes/" + id + "/marker", ""},
		{"PUT", "/lanes/" + id + "/marker", `{"last_read_id":"1"}`},
	} {
		h.wants(h.ask(bob, c.method, c.path, c.body), 404, "error")
	}
	h.wants(h.ask(bob, "GET", "/links", ""), 200, "[]")
	h.wants(h.ask(bob, "GET", "/lanes", ""), 200, "[]")
	if len(h.said) != 0 {
		t.Errorf("asked: %v", h.said)
	}
}

func TestLinks(t *testing.T) {
	h := newHouse(t)
	me := h.token(h.me, "read write")
	h.wants(h.ask(me, "GET", "/networks", ""), 200, `"label":"URL of the webhook"`)
	h.wants(h.ask(me, "GET", "/networks?lang=ja", ""), 200, "ウェブフックのURL")
	h.wants(h.ask(me, "GET", "/networks", ""), 200, `"label":"odd"`)
	h.wants(h.ask(me, "POST", "/links", `{}`), 422, `"field":"network"`)
	h.wants(h.ask(me, "POST", "/links", `{"network":"letter"}`), 202, `{"letter":true}`)
	h.wants(h.ask(me, "POST", "/links", `{"network":"x","base":"b","fields":{"a":"1"},"again":"5"}`), 202, "https://far.example/consent")
	if h.last() != "begin true x b map[a:1] 5" {
		t.Error(h.last())
	}
	h.wants(h.ask(me, "POST", "/links", `{"network":"x","fields":{"a":"`+strings.Repeat("x", maxTyped+1)+`"}}`), 422, "fields.a")
	h.wants(h.ask(me, "POST", "/links", `{"network":3}`), 422, `"field":"network"`)
	h.wants(h.ask(me, "POST", "/links", `network=x`, "Content-Type: application/x-www-form-urlencoded"), 422, "application/json")
	h.wants(h.ask(me, "POST", "/links", `{"x":"`+strings.Repeat("x", maxBody)+`"}`), 422, "larger")
	h.wants(h.ask(me, "POST", "/links/finish", `{"network":"x","params":{"code":"1"}}`), 200, `"name":"finished"`)
	h.wants(h.ask(me, "PATCH", "/links/9", `{"settings":[1]}`), 422, "settings")
	h.wants(h.ask(me, "PATCH", "/links/9", `{"merge":true,"settings":{"a":1}}`), 200, `"changed"`)
	h.wants(h.ask(me, "POST", "/links/9/pause", ""), 200, `"changed"`)
	if want := `change 9 {"Name":null,"Paused":true,"Read":null,"Merge":null,"Settings":null}`; h.last() != want {
		t.Error(h.last())
	}
	for kind, code := range map[social.Kind]int{social.Invalid: 422, social.NotFound: 404, social.Conflict: 409, social.Gone: 410, social.Forbidden: 403, social.Temporary: 503} {
		h.err = &social.Error{Kind: kind, Message: "said", Field: "f"}
		h.wants(h.ask(me, "POST", "/links/9/check", ""), code, `{"error":"said","field":"f"}`)
	}
	h.err = http.ErrServerClosed
	h.wants(h.ask(me, "POST", "/links/9/check", ""), 503, "temporary problem")
}

func TestSummary(t *testing.T) {
	now := time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)
	at := func(ago time.Duration) social.Millis { return now.Add(-ago).UnixMilli() }
	for _, c := range []struct {
		name   string
		l      social.Link
		queue  map[social.CopyState]int64
		spent  int64
		en, ja string
	}{
		{"new", social.Link{State: social.LinkActive}, nil, 0, "Works; nothing was sent or read yet.", "正常です。まだ何も送受信していません。"},
		{"well", social.Link{State: social.LinkActive, OKAt: at(3 * time.Minute)}, map[social.CopyState]int64{"queued": 1, "held": 1}, 15_000,
			"Works; last success 3 minutes ago. 2 posts wait. $0.015 spent this month.", "正常です。最後の成功：3分前。 2件が待っています。 今月の費用：$0.015。"},
		{"failed", social.Link{State: social.LinkActive, OKAt: at(time.Hour), FailedAt: at(time.Minute), Error: "no answer", Remedy: "Wait"}, nil, 0, "Failed 1 minute ago: no answer. Wait.", ""},
		{"over", social.Link{State: social.LinkActive, OKAt: at(time.Minute), FailedAt: at(time.Hour), Error: "no answer"}, nil, 0, "Works; last success 1 minute ago.", ""},
		{"reconnect", social.Link{State: social.LinkReconnect, FailedAt: at(0), Error: "the key is refused", Remedy: "Link it again"}, map[social.CopyState]int64{"asked": 1}, 0,
			"Has to be linked again: the key is refused. Link it again. 1 post waits for your choice.", ""},
		{"expires", social.Link{State: social.LinkPaused, ExpiresAt: at(-48 * time.Hour)}, nil, 2_500_000, "Paused by you. The log-in ends in 2 days. $2.50 spent this month.", ""},
	} {
		e := &LinkState{Queue: c.queue, Spent: c.spent}
		if got := summary(locale.English, &c.l, e, now); got != c.en {
			t.Errorf("%s: %q, want %q", c.name, got, c.en)
		}
		if got := summary(locale.Japanese, &c.l, e, now); c.ja != "" && got != c.ja {
			t.Errorf("%s: %q, want %q", c.name, got, c.ja)
		}
	}
}

func TestRules(t *testing.T) {
	h := newHouse(t)
	me := h.token(h.me, "read write")
	for accept, kind := range map[string]string{"": "application/json", "application/toml": "application/toml", "text/plain": "text/plain"} {
		w := h.ask(me, "GET", "/rules", "", "Accept: "+accept)
		if w.Code != 200 || !strings.HasPrefix(w.Header().Get("Content-Type"), kind) || !strings.Contains(w.Body.String(), "[[rule]]") {
			t.Errorf("%q: %d %s %s", accept, w.Code, w.Header().Get("Content-Type"), w.Body)
		}
	}
	h.wants(h.ask(me, "PUT", "/rules", "good", "Content-Type: text/plain"), 200, `{"saved":true,"errors":[],"warnings":[{"message":"w"}],"trial":[]}`)
	h.wants(h.ask(me, "PUT", "/rules?dry_run=1", "{}", "Accept-Language: ja"), 200, `"saved":false`)
	if h.last() != `rules "{}" json=true keep=false en` { // the account's own language goes first
		t.Error(h.last())
	}
	h.wants(h.ask(me, "PUT", "/rules", "bad", "Content-Type: application/toml"), 422, `"error":"bad","saved":false`)
	h.wants(h.ask(me, "PUT", "/rules", "x", "Content-Type: text/html"), 422, "text/html")
	h.wants(h.ask(me, "PUT", "/rules", "\xff", "Content-Type: text/plain"), 422, "UTF-8")
}

func TestPreview(t *testing.T) {
	h := newHouse(t)
	me := h.token(h.me, "read write")
	w := h.ask(me, "POST", "/relay/preview", `{"text":"a","spoiler_text":"w","media_ids":["5",6],"visibility":"unlisted","poll":{"options":["x","y"],"expires_in":300},"in_reply_to_id":"7"}`)
	for _, want := range []string{`"ask":"lossy"`, `"losses":["poll"]`, `"left":279`, `"plan":"made smaller where it is larger than 2,000 pixels"`, `"plan":"made smaller where it is larger than 976 kB"`, `"plan":"as it is"`, `"cost_microdollars":15000`} {
		h.wants(w, 200, want)
	}
	for body, field := range map[string]string{`{"visibility":"x"}`: "visibility", `{"content_type":"text/html"}`: "content_type", `{"text":"` + strings.Repeat("x", maxDraft+1) + `"}`: "text",
		`{"media_ids":["x"]}`: "", `{"status":"x"}`: "", `{"poll":{"options":[` + strings.Repeat(`"a",`, 30) + `"b"]}}`: "poll.options"} {
		h.wants(h.ask(me, "POST", "/relay/preview", body), 422, field)
	}
	h.api.Drafts = nil
	h.wants(h.ask(me, "POST", "/relay/preview", `{}`), 503, "previews")
}

func TestCopies(t *testing.T) {
	h := newHouse(t)
	me, bob := h.token(h.me, "read write"), h.token(h.bob, "read write")
	l := h.stored(h.link("x main"))
	post := social.ID(h.api.Home.IDs.Next()) // deleted long ago: only the ledger knows it
	put := func(number int, state social.CopyState) {
		must(t, h.api.Home.Store.Write(t.Context(), func(tx social.Tx) error {
			return tx.PutCopy(t.Context(), &social.Copy{ID: social.ID(h.api.Home.IDs.Next()), Post: post, Link: l.ID, User: h.me, Rule: "r", Number: number, Of: 2, State: state,
				Part: []byte(`{"text":"part"}`), Key: post.String() + string(rune('0'+number)), UpdatedAt: 1})
		}))
	}
	put(0, social.CopySent)
	put(1, social.CopyAsked)
	path := "/posts/" + post.String() + "/copies"
	h.wants(h.ask(me, "GET", path, ""), 200, `"actions":["retry","skip","thread","cut","delete"]`)
	h.wants(h.ask(me, "GET", path, ""), 200, `"number":2,"of":2,"state":"asked","state_text":"waits for your choice","reason":"","text":"part"`)
	h.wants(h.ask(bob, "GET", path, ""), 404, "error")
	act := path + "/" + l.ID.String() + "/"
	h.wants(h.ask(bob, "POST", act+"skip", ""), 404, "error")
	h.wants(h.ask(me, "POST", act+"burn", ""), 404, "error")
	h.wants(h.ask(me, "POST", act+"cut", ""), 200, `"link":"x main"`)
	h.wants(h.ask(me, "POST", act+"retry", ""), 200, "")
	h.wants(h.ask(me, "POST", act+"delete", ""), 409, "nothing here to delete")
	if got := strings.Join(h.said, ", "); got != "settle x main cut, retry x main, delete x main" {
		t.Error(got)
	}
}

func TestLanes(t *testing.T) {
	h := newHouse(t)
	me := h.token(h.me, "read write")
	deaf, read, unread := h.link("deaf"), h.link("read"), h.link("unread")
	read.Can, unread.Can = social.AbleRead, social.AbleRead
	read.List = social.ID(h.api.Home.IDs.Next())
	must(t, h.api.Home.Store.Write(t.Context(), func(tx social.Tx) error {
		return tx.PutList(t.Context(), &social.List{ID: read.List, User: h.me, Title: "read", Replies: "followed"})
	}))
	for _, l := range []*social.Link{deaf, read, unread} {
		h.stored(l)
	}
	w := h.ask(me, "GET", "/lanes", "")
	h.wants(w, 200, `"list_id":"`+read.List.String()+`"`)
	if strings.Contains(w.Body.String(), "deaf") {
		t.Error("what cannot be read is no lane")
	}
	h.wants(h.ask(me, "GET", "/lanes/"+unread.ID.String()+"/timeline", ""), 404, "is not read")
	lane := "/lanes/" + read.ID.String()
	h.wants(h.ask(me, "GET", lane+"/timeline", ""), 200, "[]")
	h.wants(h.ask(me, "GET", lane+"/timeline?limit=0", ""), 422, "limit")
	h.wants(h.ask(me, "GET", lane+"/timeline?max_id=x", ""), 422, "max_id")
	h.wants(h.ask(me, "GET", lane+"/marker", ""), 200, "{}")
	h.wants(h.ask(me, "PUT", lane+"/marker", `{}`), 422, "last_read_id")
	h.wants(h.ask(me, "PUT", lane+"/marker", `{"last_read_id":"12"}`), 200, `"version":1`)
	h.wants(h.ask(me, "PUT", lane+"/marker", `{"last_read_id":13}`), 200, `"last_read_id":"13","updated_at":"2026-11-25T12:00:00.000Z","version":2`)
	h.wants(h.ask(me, "GET", "/lanes", ""), 200, `"last_read_id":"13"`)
	h.wants(h.ask(me, "PATCH", lane, `{"merge":true}`), 200, `"name":"changed"`)
}

func TestStatus(t *testing.T) {
	h := newHouse(t)
	me := h.token(h.me, "read")
	well, ill := h.link("well"), h.link("ill")
	ill.State, ill.Error, ill.FailedAt = social.LinkReconnect, "refused", 5
	h.stored(well)
	h.stored(ill)
	h.wants(h.ask(me, "GET", "/relay/status", ""), 200, `"month":{"since":"2026-11-01","spent_microdollars":0,"sent":0},"unwell":["`+ill.ID.String()+`"]`)
}

func TestLimits(t *testing.T) {
	h := newHouse(t)
	h.api.Limits = &Limiter{Clock: h.clock, Address: func(*http.Request) netip.Addr { return netip.MustParseAddr("2001:db8::1") }}
	me := h.token(h.me, "read write")
	for i := range limits["network"].count {
		if w := h.ask(me, "POST", "/links/9/check", ""); w.Code != 200 {
			t.Fatalf("check %d: %d", i, w.Code)
		}
	}
	w := h.ask(me, "POST", "/links/9/check", "")
	h.wants(w, 429, "12:05:00Z")
	if w.Header().Get("X-RateLimit-Remaining") != "0" || w.Header().Get("X-RateLimit-Limit") != "30" {
		t.Errorf("headers: %v", w.Header())
	}
	h.wants(h.ask(me, "GET", "/links", ""), 200, "[]")
	h.wants(h.ask(h.token(h.me, "write"), "POST", "/links/9/check", ""), 429, "error") // another token of the same person
	h.clock.Advance(5 * time.Minute)
	h.wants(h.ask(me, "POST", "/links/9/check", ""), 200, "")
	for range limits[""].count {
		h.ask("guess", "GET", "/links", "")
	}
	h.wants(h.ask("guess", "GET", "/links", ""), 429, "error")
}
