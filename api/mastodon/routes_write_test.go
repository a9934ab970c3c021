package mastodon_test

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"engawa/api/mastodon"
	"engawa/social"
)

// owned are things of one person, by what stands for them in a path.
type owned map[string]string

// own makes one of everything that a path can name.
func own(c *client) owned {
	c.Helper()
	list := c.form("POST", "/api/v1/lists", "title=mine").ok().text("id")
	filter := c.json("POST", "/api/v2/filters", `{"title":"mine","context":["home"],"keywords_attributes":[{"keyword":"mine"}]}`).ok()
	post := c.say("mine", "visibility", "private")
	named := c.form("POST", "/api/v2/filters/"+filter.text("id")+"/statuses", "status_id="+post).ok().text("id")
	poll := c.form("POST", "/api/v1/statuses", "status=mine&visibility=private&poll[options][]=a&poll[options][]=b&poll[expires_in]=600").ok().text("id")
	return owned{
		"list": list, "filter": filter.text("id"), "keyword": filter.text("keywords.0.id"), "filter status": named, "post": post, "poll": poll,
		"medium":    c.parts("POST", "/api/v2/media", "file", string(picture)).ok().text("id"),
		"scheduled": c.form("POST", "/api/v1/statuses", "status=mine&scheduled_at=2026-05-17T15:00:00Z").ok().text("id"),
		"tag":       c.form("POST", "/api/v1/featured_tags", "name=mine").ok().text("id"),
	}
}

// kindOf says what {id} is in a pattern, "" where it names nobody's own thing.
func kindOf(pattern string) string {
	_, path, _ := strings.Cut(pattern, " ")
	for _, x := range [...]struct{ prefix, kind string }{
		{"/api/v1/lists/{id}", "list"}, {"/api/v2/filters/keywords/", "keyword"}, {"/api/v2/filters/statuses/", "filter status"},
		{"/api/v2/filters/{id}", "filter"}, {"/api/v1/filters/{id}", "keyword"}, {"/api/v1/scheduled_statuses/", "scheduled"},
		{"/api/v1/media/{id}", "medium"}, {"/api/v1/featured_tags/{id}", "tag"}, {"/api/v1/polls/{id}", "poll"},
		{"/api/v1/statuses/{id}", "post"}, {"/api/v1/pleroma/statuses/{id}", "post"},
	} {
		if strings.HasPrefix(path, x.prefix) {
			return x.kind
		}
	}
	return ""
}

// valid is a body that every operation takes for what it is about.
const valid = `{"status":"theirs","title":"theirs","context":["home"],"phrase":"theirs","keyword":"theirs","choices":[0],"description":"theirs",
	"scheduled_at":"2026-05-17T16:00:00Z","quote_approval_policy":"nobody","account_ids":[],"expires_in":60}`

// TestSwappedIDs: with somebody else's ids every operation says that nothing is
// there, and nothing of theirs changes (T55).
func TestSwappedIDs(t *testing.T) {
	d := newDesk(t)
	ann, bob := d.user("ann"), d.user("bob")
	theirs := own(ann)
	before := d.state(ann, theirs)
	swapped := 0
	for _, op := range mastodon.WriteOperations() {
		kind := kindOf(op.Pattern)
		if kind == "" {
			continue
		}
		swapped++
		method, path, _ := strings.Cut(op.Pattern, " ")
		path = strings.NewReplacer("{id}", theirs[kind], "{quoting}", theirs["post"], "{emoji}", "%F0%9F%8D%B5").Replace(path)
		body := strings.Replace(valid, `"account_ids":[]`, `"status_id":"`+theirs["post"]+`"`, 1)
		bob.json(method, path, body).fails(http.StatusNotFound, "Record not found")
	}
	if swapped < 30 {
		t.Errorf("only %d operations name somebody's things", swapped)
	}
	if after := d.state(ann, theirs); after != before {
		t.Errorf("something changed:\n%s\n%s", before, after)
	}
}

// state is all that own has made, as text.
func (d *desk) state(c *client, o owned) string {
	d.Helper()
	ctx, s, all := d.Context(), d.home.Store, social.Page{Limit: 40}
	var parts []any
	keep := func(v any, err error) {
		if err != nil {
			d.Fatal(err)
		}
		parts = append(parts, v)
	}
	id := func(kind string) social.ID { id, _ := social.ParseID(o[kind]); return id }
	lists, err := s.Lists(ctx, c.id)
	keep(lists, err)
	filters, err := s.Filters(ctx, c.id)
	keep(filters, err)
	post, err := s.Post(ctx, id("post"))
	keep(*post, err)
	poll, err := s.Poll(ctx, id("poll"))
	keep(*poll, err)
	medium, err := s.Media(ctx, id("medium"))
	keep(*medium, err)
	waits, err := s.ScheduledPosts(ctx, c.id, all)
	keep(waits, err)
	tags, err := s.FeaturedTags(ctx, c.id)
	keep(tags, err)
	posts, err := s.ActorPosts(ctx, social.ActorPostsQuery{Actor: c.id, Page: all})
	keep(posts, err)
	return fmt.Sprintf("%+v", parts)
}

// fill puts an account's or other id into a pattern.
func fill(pattern, id string) (method, path string) {
	method, path, _ = strings.Cut(pattern, " ")
	return method, strings.NewReplacer("{id}", id, "{quoting}", id, "{name}", "tea", "{emoji}", "%F0%9F%8D%B5").Replace(path)
}

// TestScopes: every operation refuses a token without its scope, one without a
// User, and none at all, before it looks at anything else.
func TestScopes(t *testing.T) {
	d := newDesk(t)
	ann := d.user("ann")
	nobody, app := &client{desk: d}, d.token(0, "read", "write", "follow", "push", "profile")
	all := []string{
		"write:accounts", "write:blocks", "write:bookmarks", "write:favourites", "write:filters", "write:follows", "write:lists",
		"write:media", "write:mutes", "write:reports", "write:statuses", "push", "profile", "read",
	}
	for _, op := range mastodon.WriteOperations() {
		method, path := fill(op.Pattern, "77")
		if op.User || op.App {
			nobody.ask(method, path, "", "").fails(401, "The access token is invalid")
		}
		if op.User {
			app.ask(method, path, "", "").fails(422, "This method requires an authenticated user")
		}
		if op.Scope == "" {
			continue
		}
		wanted := strings.Split(op.Scope, "|")
		without := slices.DeleteFunc(slices.Clone(all), func(s string) bool {
			return slices.ContainsFunc(wanted, func(w string) bool { return w == s || strings.HasPrefix(w, s+":") })
		})
		d.token(ann.id, without...).ask(method, path, "", "").fails(403, "This action is outside the authorized scopes")
		for _, scope := range wanted {
			if a := d.token(ann.id, scope).ask(method, path, "", ""); a.code == 403 && strings.Contains(string(a.body), "scopes") {
				t.Errorf("%s refuses %s", op.Pattern, scope)
			}
		}
	}
}

// TestBadInputNowhereFails: whatever is sent, no operation answers 500 or 503.
func TestBadInputNowhereFails(t *testing.T) {
	d := newDesk(t)
	ann := d.user("ann")
	mine := own(ann)
	names := []string{
		"status", "title", "context", "phrase", "keyword", "choices", "description", "focus", "scheduled_at", "poll", "media_ids", "media_attributes",
		"account_ids", "account_id", "status_ids", "rule_ids", "comment", "domain", "name", "duration", "languages", "expires_in", "fields_attributes",
		"source", "subscription", "data", "keywords_attributes", "visibility", "in_reply_to_id", "quoted_status_id", "allowed_mentions", "file",
		"avatar", "client_name", "redirect_uris", "scopes", "grant_type", "code", "username", "email", "password", "display_name", "note",
		"category", "status_id", "replies_policy", "exclusive", "spoiler_text", "language", "content_type", "sensitive", "policy",
	}
	for label, value := range map[string]string{
		"NUL": `"a\u0000b"`, "null": `null`, "number": `1e308`, "big": `99999999999999999999999`, "negative": `-9223372036854775808`, "list": `[null,{},[],"x",1]`,
		"object": `{"a":{"b":[1]},"0":"x","keys":1,"alerts":[]}`, "text": `"🏳️‍🌈\u202e"`, "true": `true`, "long": `"` + strings.Repeat("x", 70_000) + `"`, "surrogate": `"\ud800"`,
	} {
		var fields []string
		for _, n := range names {
			fields = append(fields, `"`+n+`":`+value)
		}
		body := "{" + strings.Join(fields, ",") + "}"
		t.Run(label, func(t *testing.T) {
			for _, op := range mastodon.WriteOperations() {
				kind := kindOf(op.Pattern)
				id := mine[kind]
				if strings.HasPrefix(op.Pattern, "DELETE") || kind == "" {
					id = ann.id.String()
				}
				method, path := fill(op.Pattern, id)
				for _, path := range []string{path, strings.Replace(path, id, "99999999999999999999", 1), strings.Replace(path, id, "%00", 1)} {
					if a := ann.json(method, path, body); a.code >= 500 {
						t.Errorf("%s: %d %s", a.what, a.code, a.body)
					}
				}
			}
		})
	}
}

// TestWritesInQueries: what a body can say, the query can.
func TestWritesInQueries(t *testing.T) {
	d := newDesk(t)
	ann := d.user("ann")
	for path, want := range map[string]string{
		"POST /api/v1/lists?title=a": "title=a", "POST /api/v2/filters?title=a&context[]=home": "title=a", "POST /api/v1/filters?phrase=a&context[]=home": "phrase=a",
		"POST /api/v1/featured_tags?name=abc": "name=abc", "PATCH /api/v1/accounts/update_credentials?display_name=A": "display_name=A",
	} {
		method, path, _ := strings.Cut(path, " ")
		name, value, _ := strings.Cut(want, "=")
		d.has(ann.ask(method, path, "", "").ok(), name, value)
	}
}

// TestBodiesThatAreNone: broken bodies are refused by every operation that
// takes one, in the same words.
func TestBodiesThatAreNone(t *testing.T) {
	d := newDesk(t)
	ann := d.user("ann")
	for _, c := range []struct{ kind, body, text string }{
		{"text/xml", "<a/>", "must be application/json"},
		{"multipart/form-data", "x", "boundary"},
		{"multipart/form-data; boundary=x", "--x\r\nbroken", "multipart"},
		{"application/json", `{"a"`, "JSON"},
		{formType, "a=%zz", "form cannot be read"},
		{formType, strings.Repeat("a", 2<<20), "larger than"},
		{"a/b/c;;;", "x", "content type"},
	} {
		ann.ask("POST", "/api/v1/statuses", c.kind, c.body).fails(422, c.text)
	}
	var deep strings.Builder
	for i := range 1001 {
		fmt.Fprintf(&deep, "a%d=1&", i)
	}
	ann.form("POST", "/api/v1/statuses", deep.String()).fails(422, "too many")
	ann.form("POST", "/api/v1/statuses", "a"+strings.Repeat("[b]", 40)+"=1").fails(422, "deeply")
	if got := slices.Sorted(maps.Keys(own(ann))); len(got) != 9 {
		t.Errorf("%v", got)
	}
}
