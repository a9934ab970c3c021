package mastodon

import (
	"bytes"
	"context"
	"mime/multipart"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"engawa/auth"
	"engawa/internal/clock"
	"engawa/social"
)

// shelf keeps what is uploaded as media of 4 by 3.
type shelf struct{ h *house }

func (s *shelf) Upload(ctx context.Context, actor social.ID, u Upload) (*social.Media, error) {
	id := s.h.newID()
	m := &social.Media{ID: id, Actor: actor, Kind: social.Image, ContentType: "image/png", Key: "media/" + id.String(), Description: u.Description, Width: 4, Height: 3, CreatedAt: clock.Millis(sampleNow)}
	return m, s.h.api.Home.Store.Write(ctx, func(tx social.Tx) error { return tx.PutMedia(ctx, m) })
}

func (s *shelf) Picture(_ context.Context, kind string, _ Upload) (social.Picture, error) {
	return social.Picture{Key: kind + "/1", StaticKey: kind + "/2"}, nil
}

func (*shelf) Drop(context.Context, *social.Media) {}

// upload sends a file.
func (h *house) upload(name, method, path string) *answer {
	h.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	part, err := w.CreateFormFile("file", "a.png")
	must(h.T, err)
	_, err = part.Write([]byte("\x89PNG\r\n\x1a\n"))
	must(h.T, err)
	must(h.T, w.WriteField("description", "a cup"))
	must(h.T, w.Close())
	r := httptest.NewRequestWithContext(h.ctx(), method, h.base+path, &b)
	r.Header.Set("Content-Type", w.FormDataContentType())
	r.Header.Set("Authorization", "Bearer "+h.tokens[name])
	rec := &answer{httptest.NewRecorder(), h}
	h.handler.ServeHTTP(rec, r)
	return rec
}

// world is a house with one of everything, and what stands for each in a path.
type world struct {
	*house
	things map[string]string
}

// newWorld fills a house: of its own people, and of carol elsewhere.
func newWorld(t *testing.T) *world {
	t.Helper()
	h := newHouse(t)
	h.api.Media, h.api.Registration = &shelf{h}, "open"
	h.api.Translate = &echo{}
	h.api.Threads = &thread{}
	h.api.Auth.CodeLife, h.api.Auth.OOBLife = time.Minute, time.Minute
	w := &world{house: h, things: map[string]string{}}
	p := furnish(h)
	w.keep("post", p.ID)
	for _, name := range []string{"alice", "bob", "carol"} {
		w.keep(name, h.ids[name])
	}
	h.tokens["alice"] = h.token(h.ids["alice"], "read write follow push profile admin:read admin:write")
	h.tokens["app"] = h.token(0, "read write")
	w.far()
	w.own()
	return w
}

func (w *world) keep(name string, id social.ID) { w.things[name] = id.String() }

// made keeps the id of what a request made, at a path of keys.
func (w *world) made(name, as, method, path, body string, keys ...string) {
	w.Helper()
	o := w.call(as, method, w.fill(path), w.fill(body))
	for _, k := range keys {
		o, _ = o[k].(object)
	}
	id, _ := o["id"].(string)
	if id == "" {
		w.Fatalf("%s %s made nothing: %v", method, path, o)
	}
	w.things[name] = id
}

// fill puts ids where {names} stand.
func (w *world) fill(s string) string {
	for name, id := range w.things {
		s = strings.ReplaceAll(s, "{"+name+"}", id)
	}
	return s
}

// far is what carol said and did.
func (w *world) far() {
	w.Helper()
	h := w.house
	alice, err := h.api.Home.Store.Actor(h.ctx(), h.ids["alice"])
	h.must(err)
	named := []social.Mention{{Actor: alice.ID, Name: alice.Name, Domain: alice.Domain, URI: alice.URI, URL: alice.URL}}
	rich := h.post("carol", "far #tea", func(d *social.Draft) {
		d.Post.Tags, d.Post.Mentions, d.Post.Warning = []string{"tea"}, named, "far"
		d.Post.Emojis = []social.Emoji{{Shortcode: "far", Domain: "far.example", URL: "https://far.example/e.png"}}
		d.Media = []social.Media{{ID: h.newID(), Kind: social.Image, RemoteURL: "https://far.example/a.png", ContentType: "image/png", Width: 4, Height: 3, Description: "a"},
			{ID: h.newID(), Kind: social.Video, RemoteURL: "https://far.example/a.mp4", ContentType: "video/mp4"}}
	})
	w.keep("far", rich.ID)
	poll := h.post("carol", "which?", func(d *social.Draft) {
		d.Post.Kind, d.Post.HasPoll = social.Question, true
		d.Poll = &social.Poll{Options: []social.Option{{Title: "a", Votes: 2}, {Title: "b"}}, Multiple: true, ExpiresAt: clock.Millis(sampleNow) + 600_000, Voters: 2}
	})
	w.keep("farpoll", poll.ID)
	h.do(&social.Activity{Verb: social.Announce, Actor: h.ids["carol"], Origin: social.Federated, URI: "https://far.example/b/1", Object: &social.PostRef{Post: mustID(h.T, w.things["post"])}})
	h.do(&social.Activity{Verb: social.Like, Actor: h.ids["carol"], Origin: social.Federated, URI: "https://far.example/l/1", Object: &social.ReactionDraft{Post: mustID(h.T, w.things["post"]), Content: "🍵"}})
	card := &social.Card{ID: h.newID(), URL: "https://news.example/a", Title: "News", Type: "link", FetchedAt: 1}
	h.write(func(tx social.Tx) error {
		if err := tx.PutCard(h.ctx(), card); err != nil {
			return err
		}
		for _, name := range []string{"post", "far"} {
			if err := tx.SetCard(h.ctx(), mustID(h.T, w.things[name]), card.ID); err != nil {
				return err
			}
		}
		return tx.PutHost(h.ctx(), &social.Host{Domain: "far.example", FirstSeen: 1})
	})
}

// own is what alice and bob made of all kinds.
func (w *world) own() {
	w.Helper()
	w.findable(true, "alice", "bob")
	w.call("alice", "PATCH", "/api/v2/notifications/policy", `{"for_not_following":"filter"}`)
	w.ids["dave"] = w.neighbour("dave")
	w.keep("dave", w.ids["dave"])
	alice, err := w.api.Home.Store.Actor(w.ctx(), w.ids["alice"])
	w.must(err)
	for range 2 {
		w.post("dave", "hey", func(d *social.Draft) {
			d.Post.Mentions = []social.Mention{{Actor: alice.ID, Name: alice.Name, Domain: alice.Domain, URI: alice.URI, URL: alice.URL}}
		})
	}
	w.ids["erin"] = w.neighbour("erin")
	w.keep("erin", w.ids["erin"])
	w.call("alice", "PATCH", "/api/v1/accounts/update_credentials", `{"locked":true,"fields_attributes":[{"name":"a","value":"https://a.example"}]}`)
	w.do(&social.Activity{Verb: social.FollowVerb, Actor: w.ids["erin"], Origin: social.Federated, URI: "https://far.example/f/1", Object: &social.FollowAsk{Target: w.ids["alice"]}})
	w.things["list"] = w.get("alice", "/api/v1/lists").list()[0]["id"].(string)
	w.call("alice", "POST", w.fill("/api/v1/lists/{list}/accounts"), w.fill(`{"account_ids":["{bob}"]}`))
	w.made("filter", "alice", "POST", "/api/v2/filters", `{"title":"f","context":["home","public","thread","account"],"filter_action":"warn","keywords_attributes":[{"keyword":"far"}]}`)
	w.made("keyword", "alice", "POST", "/api/v2/filters/{filter}/keywords", `{"keyword":"secret"}`)
	w.made("filtered", "alice", "POST", "/api/v2/filters/{filter}/statuses", `{"status_id":"{far}"}`)
	w.made("announcement", "alice", "POST", "/api/v1/admin/announcements", `{"text":"Tea for @bob #tea"}`)
	w.call("bob", "PUT", w.fill("/api/v1/announcements/{announcement}/reactions/cup"))
	w.call("alice", "PUT", "/api/v1/admin/documents/terms_of_service/"+sampleNow.Format(time.DateOnly), `{"text":"Be kind."}`)
	w.made("collection", "alice", "POST", "/api/v1/collections", `{"name":"c","tag_name":"tea","account_ids":["{bob}"]}`, "collection")
	w.made("item", "alice", "POST", "/api/v1/collections/{collection}/items", `{"account_id":"{alice}"}`, "collection_item")
	w.made("other", "bob", "POST", "/api/v1/collections", `{"name":"o","account_ids":["{alice}"]}`, "collection")
	w.things["theirs"] = w.call("", "GET", w.fill("/api/v1/collections/{other}"))["collection"].(object)["items"].([]any)[0].(object)["id"].(string)
	w.made("scheduled", "alice", "POST", "/api/v1/statuses", `{"status":"later","scheduled_at":"2031-01-01T10:00:00Z","poll":{"options":["a","b"],"expires_in":600}}`)
	w.things["medium"] = w.upload("alice", "POST", "/api/v2/media").object()["id"].(string)
	w.things["loose"] = w.upload("alice", "POST", "/api/v2/media").object()["id"].(string)
	w.made("rich", "alice", "POST", "/api/v1/statuses", `{"status":"with @bob and a picture :cup: #tea","media_ids":["{medium}"],"spoiler_text":"w","content_type":"text/markdown"}`)
	w.made("quote", "bob", "POST", "/api/v1/statuses", `{"status":"see","quoted_status_id":"{rich}"}`)
	w.made("mine", "alice", "POST", "/api/v1/statuses", `{"status":"#tea, changed soon"}`)
	w.call("alice", "PUT", w.fill("/api/v1/statuses/{mine}"), `{"status":"#tea, changed"}`)
	w.call("alice", "PUT", w.fill("/api/v1/pleroma/statuses/{rich}/reactions/cup"))
	w.call("alice", "POST", w.fill("/api/v1/accounts/{bob}/endorse"))
	w.made("featured", "alice", "POST", "/api/v1/featured_tags", `{"name":"tea"}`)
	w.call("alice", "POST", "/api/v1/markers", w.fill(`{"home":{"last_read_id":"{post}"}}`))
	w.call("alice", "POST", "/api/v1/push/subscription", push)
	w.call("alice", "POST", "/api/v1/domain_blocks", `{"domain":"bad.example"}`)
	w.call("alice", "POST", w.fill("/api/v1/statuses/{far}/bookmark"))
	w.write(func(tx social.Tx) error {
		return tx.PutDomainRule(w.ctx(), &social.DomainRule{ID: w.newID(), Domain: "worse.example", Severity: social.SeveritySilence, CreatedAt: 1})
	})
	w.notes()
}

const push = `{"subscription":{"endpoint":"https://push.example/1","keys":{"p256dh":"BEm_a0bdPDhf0SOsrnB2-ategf1hHoCnpXgQsFj5JCkcoMrMt2WHoPfEYOYPzOIs9mZE8ZUaD7VA5vouy0kEkr8","auth":"tBHItJI5svbpez7KI4CCXg"}},"data":{"alerts":{"mention":true},"policy":"all"}}`

// notes keeps the ids of notifications, their groups and what is held back.
func (w *world) notes() {
	w.Helper()
	all := w.get("alice", "/api/v1/notifications").list()
	if len(all) < 4 {
		w.Fatalf("alice has %d notifications", len(all))
	}
	w.things["note"], w.things["note2"] = all[0]["id"].(string), all[1]["id"].(string)
	groups := w.call("alice", "GET", "/api/v2/notifications")["notification_groups"].([]any)
	w.things["group"] = groups[len(groups)-2].(object)["group_key"].(string)
	w.things["group2"] = groups[len(groups)-1].(object)["group_key"].(string)
	held := w.get("alice", "/api/v1/notifications/requests").list()
	if len(held) == 0 {
		w.Fatal("nothing is held back")
	}
	w.things["request"] = held[0]["id"].(string)
	talks := w.get("alice", "/api/v1/conversations").list()
	w.things["conversation"] = talks[0]["id"].(string)
}

// thread fetches nothing, and says that it is done.
type thread struct{}

func (*thread) Fetch(context.Context, *social.Post) string { return "job" }
func (*thread) Result(id string) (int, bool, bool)         { return 3, true, id == "job" }

// appToken makes an App and its own token the way clients do.
func (w *world) appKeys() {
	w.Helper()
	app, err := w.api.Auth.Register(w.ctx(), auth.Registration{Name: "Test", RedirectURIs: []string{auth.OOB}, Scopes: []string{"read", "write"}})
	w.must(err)
	w.things["client_id"], w.things["client_secret"] = app.ClientID, app.Secret
}

// more is what single requests of the contract need.
func (w *world) more() {
	w.Helper()
	w.appKeys()
	w.things["day"] = sampleNow.Format(time.DateOnly)
	w.ids["frank"] = w.neighbour("frank")
	w.keep("newer", w.ids["frank"])
	w.do(&social.Activity{Verb: social.FollowVerb, Actor: w.ids["frank"], Origin: social.Federated, URI: "https://far.example/f/2", Object: &social.FollowAsk{Target: w.ids["alice"]}})
	w.keep("gus", w.neighbour("gus"))
	w.keep("secret", w.post("alice", "hush", func(d *social.Draft) { d.Post.Audience = social.Direct }).ID)
	w.made("v1", "alice", "POST", "/api/v1/filters", `{"phrase":"old","context":["home"]}`)
	alice, err := w.api.Home.Store.Actor(w.ctx(), w.ids["alice"])
	w.must(err)
	w.post("frank", "hey", func(d *social.Draft) {
		d.Post.Mentions = []social.Mention{{Actor: alice.ID, Name: alice.Name, Domain: alice.Domain, URI: alice.URI, URL: alice.URL}}
	})
	for _, r := range w.get("alice", "/api/v1/notifications/requests").list() {
		if id := r["id"].(string); id != w.things["request"] {
			w.things["held"] = id
		}
	}
}
