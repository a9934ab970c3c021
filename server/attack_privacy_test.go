package server_test

import (
	"bytes"
	"encoding/json"
	"image"
	"image/png"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"engawa/social"
)

// ways are all ways to a post: ID stands for its id, NAME for its author.
var ways = []struct {
	method, path, body string
	as                 with
}{
	{"GET", "/api/v1/statuses/ID", "", nil},
	{"GET", "/api/v1/statuses/ID/context", "", nil},
	{"GET", "/api/v1/statuses/ID/history", "", nil},
	{"GET", "/api/v1/statuses/ID/source", "", nil},
	{"GET", "/api/v1/statuses/ID/card", "", nil},
	{"GET", "/api/v1/statuses/ID/favourited_by", "", nil},
	{"GET", "/api/v1/statuses/ID/reblogged_by", "", nil},
	{"GET", "/api/v1/statuses/ID/quotes", "", nil},
	{"GET", "/api/v1/statuses?id[]=ID", "", nil},
	{"GET", "/api/v1/polls/ID", "", nil},
	{"POST", "/api/v1/polls/ID/votes", `{"choices":[0]}`, nil},
	{"POST", "/api/v1/statuses/ID/favourite", "", nil},
	{"POST", "/api/v1/statuses/ID/reblog", "", nil},
	{"POST", "/api/v1/statuses/ID/bookmark", "", nil},
	{"POST", "/api/v1/statuses/ID/mute", "", nil},
	{"POST", "/api/v1/statuses/ID/pin", "", nil},
	{"PUT", "/api/v1/statuses/ID", `{"status":"mine now"}`, nil},
	{"DELETE", "/api/v1/statuses/ID", "", nil},
	{"PUT", "/api/v1/pleroma/statuses/ID/reactions/%E2%98%85", "", nil},
	{"POST", "/api/v1/statuses", `{"status":"re","in_reply_to_id":"ID"}`, nil},
	{"POST", "/api/v1/statuses", `{"status":"quote","quoted_status_id":"ID"}`, nil},
	{"GET", "/api/v2/search?q=https://" + host + "/users/NAME/statuses/ID", "", nil},
	{"GET", "/api/v2/search?q=https://" + host + "/@NAME/ID", "", nil},
	{"GET", "/@NAME/ID", "", asPage},
	{"GET", "/@NAME/ID", "", asDocument},
	{"GET", "/users/NAME/statuses/ID", "", asPage},
	{"GET", "/users/NAME/statuses/ID", "", asDocument},
	{"GET", "/users/NAME/statuses/ID/activity", "", asDocument},
	{"GET", "/users/NAME/statuses/ID/replies", "", asDocument},
	{"GET", "/users/NAME/statuses/ID/likes", "", asDocument},
	{"GET", "/users/NAME/statuses/ID/shares", "", asDocument},
	{"GET", "/users/NAME/quote_authorizations/ID", "", asDocument},
	{"GET", "/contexts/ID", "", asDocument},
	{"GET", "/authorize_interaction?uri=https://" + host + "/users/NAME/statuses/ID", "", asPage},
	{"POST", "/authorize_interaction", "verb=favourite&uri=https://" + host + "/users/NAME/statuses/ID", asPage},
}

// TestPrivatePostsAreNotThere: whoever may not see a post cannot tell it from
// one that was never written, whatever way is tried (T54, T57, T73).
func TestPrivatePostsAreNotThere(t *testing.T) {
	x := attack(t)
	alice, bob, mallory := x.person("alice"), x.person("bob"), x.person("mallory")
	poll := map[string]any{"poll": map[string]any{"options": []string{"a", "b"}, "expires_in": 600}}
	secret := map[string]string{
		"followers": alice.say("the secretword of followers", "private", poll),
		"direct":    alice.say("@bob the secretword of bob", "direct", poll),
		"pinned":    alice.say("the secretword that is pinned", "private", nil),
	}
	alice.json("POST", "/api/v1/statuses/"+secret["pinned"]+"/pin", nil)
	alice.json("POST", "/api/v1/statuses/"+secret["pinned"]+"/reblog", map[string]any{"visibility": "private"})
	if a := bob.get("/api/v1/statuses/" + secret["direct"]); a.status != http.StatusOK {
		t.Fatalf("bob cannot see what is for him: %d", a.status)
	}
	mallory.logIn()
	const never = "115000000000000001"
	for kind, id := range secret {
		for _, who := range []*person{mallory, x.stranger()} {
			for _, way := range ways {
				try := func(id string) *answer {
					path := strings.NewReplacer("ID", id, "NAME", "alice").Replace(way.path)
					body := strings.NewReplacer("ID", id, "NAME", "alice").Replace(way.body)
					contentType := ""
					if body != "" {
						contentType = "application/json"
					}
					if way.path == "/authorize_interaction" {
						contentType = "application/x-www-form-urlencoded"
					}
					var more []with
					if way.as != nil {
						more = append(more, way.as)
					}
					a := who.do(way.method, path, contentType, body, more...)
					a.body = strings.ReplaceAll(a.body+a.location(), id, "ID")
					return a
				}
				real, fake := try(id), try(never)
				if real.status != fake.status || real.body != fake.body {
					t.Errorf("%s post, %q, %s %s: %d\n%.300s\nbut of what was never written %d\n%.300s", kind, who.name, way.method, way.path, real.status, real.body, fake.status, fake.body)
				}
				if strings.Contains(real.body, "secretword") {
					t.Errorf("%s post leaks to %q by %s %s", kind, who.name, way.method, way.path)
				}
			}
		}
	}
	for _, who := range []*person{mallory, x.stranger()} {
		who.neverSees("secretword", alice)
	}
}

// neverSees walks the places where what others said comes by itself.
func (p *person) neverSees(word string, author *person) {
	p.Helper()
	id := author.id.String()
	for _, path := range []string{
		"/api/v1/accounts/" + id + "/statuses", "/api/v1/accounts/" + id + "/statuses?pinned=true", "/api/v1/timelines/public", "/api/v1/timelines/public?local=true",
		"/api/v1/timelines/home", "/api/v1/notifications", "/api/v2/notifications", "/api/v1/conversations", "/api/v2/search?q=" + word, "/api/v1/trends/statuses",
		"/@" + author.name, "/", "/users/" + author.name + "/outbox?page=true", "/users/" + author.name + "/collections/featured", "/tags/" + word, "/api/v1/timelines/tag/" + word,
		"/api/v1/favourites", "/api/v1/bookmarks",
	} {
		for _, as := range []with{asPage, asDocument} {
			if a := p.get(path, as); strings.Contains(a.body, word) && !strings.HasSuffix(path, word) || a.status >= 500 {
				p.Errorf("%q gets it by %s (%d)", p.name, path, a.status)
			}
		}
	}
}

// TestSuspendedIsInvisible: whom moderators suspended is seen nowhere, and may
// do nothing (T59).
func TestSuspendedIsInvisible(t *testing.T) {
	x := attack(t)
	alice, bob := x.person("alice"), x.person("bob")
	bob.json("POST", "/api/v1/accounts/"+alice.id.String()+"/follow", nil)
	post := alice.say("the shownword #shownword", "public", nil)
	alice.json("PATCH", "/api/v1/accounts/update_credentials", map[string]any{"display_name": "shownword", "note": "shownword"})
	boost := bob.json("POST", "/api/v1/statuses/"+post+"/reblog", nil)["id"].(string)
	bob.json("POST", "/api/v1/statuses/"+post+"/favourite", nil)
	bob.say("@alice hello", "public", map[string]any{"in_reply_to_id": post})
	alice.logIn()
	for _, path := range []string{"/api/v1/timelines/home", "/@alice", "/tags/shownword"} {
		if a := bob.get(path, asPage); !strings.Contains(a.body, "shownword") {
			t.Fatalf("%s does not show it before: this test proves nothing", path)
		}
	}
	x.suspend(alice)
	for _, who := range []*person{bob, x.stranger()} {
		who.neverSees("shownword", alice)
		if a := who.get("/users/alice", asDocument); !strings.Contains(a.body, `"suspended":true`) || strings.Contains(a.body, "shownword") {
			t.Errorf("what neighbours are told: %d %.200s", a.status, a.body)
		}
		for _, path := range []string{"/api/v1/statuses/" + post, "/api/v1/statuses/" + boost, "/@alice/" + post, "/@alice", "/users/alice/statuses/" + post,
			"/users/alice/followers", "/users/alice/following", "/users/alice/outbox", "/users/alice/collections/featured", "/contexts/" + post,
			"/.well-known/webfinger?resource=acct:alice@" + host} {
			a := who.get(path, asDocument)

			if a.status != http.StatusNotFound || strings.Contains(a.body, "shownword") {
				t.Errorf("%q asks for %s: %d %.200s", who.name, path, a.status, a.body)
			}
		}
		a := who.get("/api/v1/accounts/" + alice.id.String())
		if strings.Contains(a.body, "shownword") || !strings.Contains(a.body, `"suspended":true`) {
			t.Errorf("the account: %s", a.body)
		}
	}
	if a := alice.get("/api/v1/accounts/verify_credentials"); a.status != http.StatusForbidden {
		t.Errorf("the suspended one's token: %d", a.status)
	}
	if alice.inside() {
		t.Error("the suspended one's session holds")
	}
}

func (x *target) suspend(p *person) {
	x.Helper()
	a, err := x.Home.Store.Actor(x.Context(), p.id)
	if err != nil {
		x.Fatal(err)
	}
	next := *a
	next.Suspended = 1
	if err := x.Home.Store.Write(x.Context(), func(tx social.Tx) error { return tx.PutActor(x.Context(), &next) }); err != nil {
		x.Fatal(err)
	}
	x.Home.Bus.Publish(social.Event{Type: social.TokenRevoked, Actor: p.id}) // what a moderator's verb has to say
}

// TestOthersNoticesAreNotThere: notifications, conversations and requests of
// others by their ids (T55). Lists, filters, media and the rest: TestSwappedIDs.
func TestOthersNoticesAreNotThere(t *testing.T) {
	x := attack(t)
	alice, bob, mallory := x.person("alice"), x.person("bob"), x.person("mallory")
	alice.say("@bob between us", "direct", nil)
	first := func(path string) string {
		var list []struct {
			ID  string `json:"id"`
			Key string `json:"group_key"`
		}
		a := bob.get(path)
		if err := json.Unmarshal([]byte(a.body), &list); err != nil || len(list) == 0 {
			t.Fatalf("%s: %d %s", path, a.status, a.body)
		}
		return list[0].ID
	}
	notice, talk := first("/api/v1/notifications"), first("/api/v1/conversations")
	for _, op := range []string{
		"GET /api/v1/notifications/" + notice, "POST /api/v1/notifications/" + notice + "/dismiss", "DELETE /api/v1/notifications/" + notice,
		"GET /api/v2/notifications/ungrouped-" + notice, "GET /api/v1/notifications/requests/" + notice,
		"POST /api/v1/conversations/" + talk + "/read", "POST /api/v1/conversations/" + talk + "/unread",
		"POST /api/v1/notifications/requests/" + notice + "/accept", "POST /api/v1/notifications/requests/" + notice + "/dismiss",
	} {
		method, path, _ := strings.Cut(op, " ")
		if a := mallory.do(method, path, "", ""); strings.Contains(a.body, "between us") || a.status/100 == 2 && a.body != "{}" {
			t.Errorf("%s: %d %s", op, a.status, a.body)
		}
	}
	mallory.do("DELETE", "/api/v1/conversations/"+talk, "", "")
	mallory.do("POST", "/api/v2/notifications/ungrouped-"+notice+"/dismiss", "", "")
	mallory.do("DELETE", "/api/v1/notifications/destroy_multiple?ids[]="+notice, "", "")
	mallory.form("/api/v1/markers", url.Values{"notifications[last_read_id]": {notice}})
	if first("/api/v1/notifications") != notice || first("/api/v1/conversations") != talk {
		t.Error("something of bob's is gone")
	}
	if a := bob.get("/api/v1/markers?timeline[]=notifications"); a.body != "{}" {
		t.Errorf("bob's marker: %s", a.body)
	}
}

// TestStreamsEndWithTheirToken: over a real socket, against the home as it is
// served (T60, T61).
func TestStreamsEndWithTheirToken(t *testing.T) {
	x := attack(t)
	alice := x.person("alice")
	ctx, stop := timeout(t)
	ended := make(chan error, 1)
	go func() { ended <- x.RunJobs(ctx) }()
	srv := httptest.NewServer(x.handler)
	t.Cleanup(func() { stop(); <-ended; srv.Close() })
	base := "ws" + strings.TrimPrefix(srv.URL, "http") + "/api/v1/streaming?stream="
	scoped := x.tokenFor(alice.id, []string{"read:statuses"})
	for path, want := range map[string]int{
		"user:notification&access_token=" + scoped: http.StatusForbidden, "list&list=1&access_token=" + scoped: http.StatusForbidden,
		"user&access_token=wrong": http.StatusUnauthorized, "user": http.StatusUnauthorized,
		"user&access_token=" + x.tokenFor(0, []string{"read"}):            http.StatusUnauthorized,
		"public&access_token=" + x.tokenFor(alice.id, []string{"follow"}): http.StatusForbidden,
	} {
		if ws, resp, err := websocket.DefaultDialer.Dial(base+path, nil); err == nil || resp == nil || resp.StatusCode != want {
			t.Errorf("%s: %v %v", strings.Split(path, "&access")[0], resp, err)
			_ = ws
		}
	}
	for name, end := range map[string]func(p *person){
		"suspended": func(p *person) { x.suspend(p) },
		"deleted": func(p *person) {
			if _, err := x.Home.Do(ctx, &social.Activity{Verb: social.Delete, Actor: p.id, Object: &social.ActorRef{Actor: p.id}}); err != nil {
				t.Fatal(err)
			}
		},
		"new password": func(p *person) {
			p.logIn()
			p.form("/settings/password", url.Values{"current": {password}, "password": {"another password"}, "again": {"another password"}, "others": {"on"}})
		},
	} {
		p := x.person(strings.ReplaceAll(name, " ", "_"))
		ws, _, err := websocket.DefaultDialer.Dial(base+"user&access_token="+p.token, nil)
		if err != nil {
			t.Fatal(err)
		}
		end(p)
		_ = ws.SetReadDeadline(time.Now().Add(5 * time.Second))
		if _, _, err := ws.ReadMessage(); !websocket.IsCloseError(err, websocket.CloseNormalClosure) {
			t.Errorf("%s: the socket ends with %v", name, err)
		}
		_ = ws.Close()
	}
}

// polyglot is a PNG with something behind its end.
func polyglot(t *testing.T, tail string) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewNRGBA(image.Rect(0, 0, 8, 8))); err != nil {
		t.Fatal(err)
	}
	return append(b.Bytes(), tail...)
}

func (p *person) upload(name, contentType string, data []byte) *answer {
	p.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	part, err := w.CreatePart(map[string][]string{"Content-Disposition": {`form-data; name="file"; filename="` + name + `"`}, "Content-Type": {contentType}})
	if err != nil {
		p.Fatal(err)
	}
	_, _ = part.Write(data)
	_ = w.Close()
	return p.do("POST", "/api/v2/media", w.FormDataContentType(), b.String())
}

// TestFilesAreOnlyPictures: what is uploaded comes back as a picture or not at
// all, and no path leads out of the folder (T5, T33, T34, T37).
func TestFilesAreOnlyPictures(t *testing.T) {
	p := attack(t).person("alice")
	tail := `<script>alert(1)</script>{"@context":"https://www.w3.org/ns/activitystreams","type":"Person"}`
	a := p.upload("../../x.html", "text/html", polyglot(t, tail))
	var medium struct {
		URL     string `json:"url"`
		Preview string `json:"preview_url"`
	}
	if err := json.Unmarshal([]byte(a.body), &medium); err != nil || a.status != http.StatusOK {
		t.Fatalf("%d %s", a.status, a.body)
	}
	for _, address := range []string{medium.URL, medium.Preview} {
		path := strings.TrimPrefix(address, "https://"+host)
		for _, as := range []with{asPage, asDocument} {
			got := p.stranger().get(path, as)
			kind := got.header.Get("Content-Type")
			if got.status != http.StatusOK || !strings.HasPrefix(kind, "image/") || strings.Contains(kind, "svg") || strings.Contains(got.body, "script") ||
				got.header.Get("X-Content-Type-Options") != "nosniff" || !strings.Contains(got.header.Get("Content-Security-Policy"), "sandbox") {
				t.Errorf("%s: %d %v", path, got.status, got.header)
			}
		}
	}
	for name, data := range map[string]string{
		"x.svg": `<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`, "x.html": "<!doctype html><script>alert(1)</script>",
		"x.json": tail, "x.png": "GIF89a<script>", "x.jpg": "\xff\xd8\xff" + tail, "x": "", "x.zip": "PK\x03\x04../../x",
	} {
		if a := p.upload(name, "image/png", []byte(data)); a.status != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d %s", name, a.status, a.body)
		}
	}
	for _, path := range []string{
		"/blob/../master.key", "/blob/..%2f..%2fmaster.key", "/blob/media/..%2f..%2f..%2fmaster.key", "/blob/media/%2e%2e/%2e%2e/%2e%2e/master.key", "/blob/media/..%5c..%5cmaster.key",
		"/blob//etc/passwd", "/blob/%2fetc%2fpasswd", "/blob/media/", "/blob/media", "/blob/", "/blob/media/x.html", "/blob/media/x%00.png", "/blob/media/\xff.png", "/blob/.doctor",
		"/blob/remote/avatar/original/AAAAAAAAAAAAAAAAAAAAAA/aHR0cDovLzEyNy4wLjAuMS8", "/blob/remote/x/y/z/w", "/page/../../master.key", "/page/%2e%2e/templates/login.html",
		"/page/", "/deck/../master.key", "/deck/assets/..%2f..%2fembed.go", "/deck/assets/", "/deck/.gitkeep", "/deck/assets",
	} {
		a := p.stranger().get(path, asPage)
		if a.status == http.StatusOK && !strings.Contains(a.body, `<!doctype html>`) || strings.Contains(a.body, "<pre>") || strings.Contains(a.body, "root:") || a.status >= 500 {
			t.Errorf("%s: %d %.200s", path, a.status, a.body)
		}
	}
}
