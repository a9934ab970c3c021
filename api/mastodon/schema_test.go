package mastodon

import (
	"bytes"
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"engawa/social"
)

// schemaFile is the unofficial schema of Mastodon's API, which is not part of
// this repository: without it these tests are skipped.
const schemaFile = "../../../shared/data/mastodon-openapi.json"

// ours are keys that the schema does not know, and why they are told.
var ours = map[string]string{
	"local_only": "how other servers name it", "reactions": "how other servers name it", "emoji_reactions": "how other servers name it",
	"size": "Mastodon tells it", "image_description": "Mastodon tells it", "content_type": "of the source, as other servers",
	"allow_local_only": "what the client offers", "supported_mime_types": "of statuses, as other servers", "max_toot_chars": "old clients",
	"vapid": "Mastodon tells it", "description_limit": "in the old form of the instance, too", "source": "of suggestions, old form", "for_bots": "4.6", "emoji": "of reactions", "emoji_url": "of reactions",
	"posting:default:quote_policy": "4.5", "reading:autoplay:gifs": "Mastodon tells it",
	"quote": "of push alerts, 4.5", "quoted_update": "of push alerts, 4.5", "reaction": "of push alerts, for what is ours", "policy": "of a push subscription: documented",
	"language": "of a card, Mastodon tells it",
}

type schema struct {
	*testing.T
	compiler   *jsonschema.Compiler
	components map[string]any
	pointers   map[string]string // to the schema of a 200, by operation
}

// openSchema reads the schema with its quirks mended: where it says "one of"
// it means "any of" (Quote and ShallowQuote overlap).
func openSchema(t *testing.T) *schema {
	t.Helper()
	data, err := os.ReadFile(schemaFile)
	if os.IsNotExist(err) {
		t.Skip("the schema is not here: " + schemaFile)
	}
	must(t, err)
	data = bytes.ReplaceAll(data, []byte(`"oneOf"`), []byte(`"anyOf"`))
	data = bytes.ReplaceAll(data, []byte(`"format": "email"`), []byte(`"description": ""`)) // is empty where nobody is named
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	must(t, err)
	s := &schema{T: t, compiler: jsonschema.NewCompiler()}
	s.compiler.DefaultDraft(jsonschema.Draft2020)
	s.compiler.AssertFormat()
	must(t, s.compiler.AddResource("file:///mastodon.json", doc))
	s.components = doc.(map[string]any)["components"].(map[string]any)["schemas"].(map[string]any)
	for _, name := range []string{"PreviewCard", "PreviewCardAuthor", "TrendsLink"} { // Mastodon sends "" for what it does not know
		for _, p := range s.components[name].(map[string]any)["properties"].(map[string]any) {
			delete(p.(map[string]any), "format")
		}
	}
	for _, name := range []string{"NotificationTypeEnum", "NotificationGroupTypeEnum"} {
		e := s.components[name].(map[string]any)
		e["enum"] = append(e["enum"].([]any), "reaction") // ours
	}
	s.pointers = pointersOf(doc)
	return s
}

// pointersOf are the places of the schemas of answers in a document.
func pointersOf(doc any) map[string]string {
	out := map[string]string{}
	for path, methods := range doc.(map[string]any)["paths"].(map[string]any) {
		for method, o := range methods.(map[string]any) {
			ok, _ := o.(map[string]any)["responses"].(map[string]any)["200"].(map[string]any)
			content, _ := ok["content"].(map[string]any)
			body, _ := content["application/json"].(map[string]any)
			if body["schema"] != nil {
				at := strings.NewReplacer("~", "~0", "/", "~1", "{", "%7B", "}", "%7D").Replace(path)
				out[strings.ToUpper(method)+" "+placeholder.ReplaceAllString(path, "{}")] = "/paths/" + at + "/" + method + "/responses/200/content/application~1json/schema"
			}
		}
	}
	return out
}

// check validates body as the component, or as a list of it ("[Status]").
func (s *schema) check(what, component string, body []byte) {
	s.Helper()
	name := strings.Trim(component, "[]")
	sch, err := s.compiler.Compile("file:///mastodon.json#/components/schemas/" + name)
	must(s.T, err)
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(body))
	if err != nil {
		s.Errorf("%s: %v", what, err)
		return
	}
	all := []any{v}
	if component != name {
		if all, _ = v.([]any); len(all) == 0 {
			s.Errorf("%s: a list with nothing to look at: %s", what, body)
		}
	}
	for _, one := range all {
		if err := sch.Validate(one); err != nil {
			s.Errorf("%s: %v\n%s", what, err, body)
		}
		s.strict(what+" "+name, s.components[name], one)
	}
}

// strict reports keys that the schema does not know: no schema is closed, so
// that a misspelt one would pass.
func (s *schema) strict(at string, schema, v any) {
	s.Helper()
	props, items := s.flatten(schema, 0)
	switch v := v.(type) {
	case map[string]any:
		if len(props) == 0 {
			return
		}
		for k, x := range v {
			sub, known := props[k]
			if !known {
				if _, mine := ours[k]; !mine {
					s.Errorf("%s has the key %q, which the schema does not know", at, k)
				}
				continue
			}
			s.strict(at+"."+k, sub, x)
		}
	case []any:
		for _, x := range v {
			s.strict(at+"[]", items, x)
		}
	}
}

// flatten collects the properties and the items of a schema through its
// references and alternatives.
func (s *schema) flatten(schema any, depth int) (props map[string]any, items any) {
	props = map[string]any{}
	m, _ := schema.(map[string]any)
	if m == nil || depth > 4 {
		return props, nil
	}
	if ref, ok := m["$ref"].(string); ok {
		return s.flatten(s.components[ref[strings.LastIndexByte(ref, '/')+1:]], depth+1)
	}
	own, _ := m["properties"].(map[string]any)
	for k, v := range own {
		props[k] = v
	}
	items = m["items"]
	for _, word := range []string{"anyOf", "allOf"} {
		list, _ := m[word].([]any)
		for _, x := range list {
			more, it := s.flatten(x, depth+1)
			for k, v := range more {
				props[k] = v
			}
			if items == nil {
				items = it
			}
		}
	}
	return props, items
}

func TestSampleEntitiesBySchema(t *testing.T) {
	s := openSchema(t)
	l, p := richStatus()
	filters := []social.Filter{{ID: 4, Title: "no tea", Contexts: []string{"home"}, Action: "blur", Keywords: []social.FilterKeyword{{ID: 5, Keyword: "tea"}}, Posts: []social.FilterPost{{ID: 6, Post: p.ID}}}}
	w := sampleView(user, l, filters...)
	s.check("a rich Status", "Status", encode(w.status(p)))
	s.check("the same for a stranger", "Status", encode(sampleView(social.Viewer{}, l).status(p)))
	s.check("a Boost", "Status", encode(w.status(&social.Post{ID: 2000, Kind: social.Boost, Actor: 3, BoostOf: 1001, URI: "https://far.example/b/1", CreatedAt: 1})))
	s.check("a shallow quote", "Status", encode(w.post(l.Bundle.Posts[1001], 1)))
	s.check("a Poll", "Poll", encode(w.poll(p)))
	s.check("a Card", "PreviewCard", encode(w.card(l.Cards[7])))
	for i := range l.Media[p.ID] {
		data, err := json.Marshal(w.a.medium(&l.Media[p.ID][i]))
		must(t, err)
		s.check("a medium", "MediaAttachment", data)
	}
	gone := sampleActor(30, false)
	gone.Suspended = 1
	s.check("a suspended Account", "Account", encode(w.account(gone)))
	muted := *w.author(1)
	muted.Mute, muted.encoded = true, nil
	s.check("a muted Account", "MutedAccount", encode(&muted))
	data, err := json.Marshal(w.edit(&social.Edit{At: 1, Options: []string{"a"}, Media: l.Media[p.ID]}, w.author(1)))
	must(t, err)
	s.check("an edit", "StatusEdit", data)
}

// furnish fills a house with one of everything that reads answer.
func furnish(h *house) *social.Post {
	h.Helper()
	h.follow("bob", "alice")
	h.follow("alice", "bob")
	h.follow("alice", "carol")
	p := h.post("alice", "tea <3", func(d *social.Draft) {
		d.Post.Tags = []string{"tea"}
		d.Poll = &social.Poll{Options: []social.Option{{Title: "a"}, {Title: "b"}}, ExpiresAt: sampleNow.UnixMilli() + 600_000}
		d.Post.Kind, d.Post.HasPoll = social.Question, true
	})
	alice, err := h.api.Home.Store.Actor(h.ctx(), h.ids["alice"])
	h.must(err)
	h.post("bob", "reply", func(d *social.Draft) {
		d.Post.ReplyTo, d.Post.ReplyToActor, d.Post.ReplyToURI = p.ID, p.Actor, p.URI
		d.Post.Mentions = []social.Mention{{Actor: alice.ID, Name: alice.Name, Domain: alice.Domain, URI: alice.URI, URL: alice.URL}}
	})
	h.post("bob", "secret", func(d *social.Draft) {
		d.Post.Audience = social.Direct
		d.Post.Mentions = []social.Mention{{Actor: alice.ID, Name: alice.Name, Domain: alice.Domain, URI: alice.URI, URL: alice.URL}}
	})
	h.do(&social.Activity{Verb: social.Like, Actor: h.ids["bob"], Object: &social.ReactionDraft{Post: p.ID, Content: social.Favourite}})
	h.do(&social.Activity{Verb: social.Like, Actor: h.ids["alice"], Object: &social.ReactionDraft{Post: p.ID, Content: social.Favourite}})
	h.do(&social.Activity{Verb: social.Announce, Actor: h.ids["bob"], Object: &social.PostRef{Post: p.ID}})
	h.write(func(tx social.Tx) error {
		home := h.api.Home.Info
		home.Email, home.Contact, home.Rules, home.Description = "owner@home.example", alice.ID, []string{"Be kind"}, "# About"
		if err := tx.PutHome(h.ctx(), &home); err != nil {
			return err
		}
		if err := tx.PutList(h.ctx(), &social.List{ID: h.newID(), User: alice.ID, Title: "friends", Replies: "list"}); err != nil {
			return err
		}
		if err := tx.PutEmoji(h.ctx(), &social.Emoji{ID: h.newID(), Shortcode: "cup", Domain: "home.example", URL: "/blob/media/cup.png", UpdatedAt: 1}); err != nil {
			return err
		}
		if err := tx.FollowTag(h.ctx(), alice.ID, "tea", true, sampleNow.UnixMilli()); err != nil {
			return err
		}
		return tx.PutFilter(h.ctx(), &social.Filter{ID: h.newID(), User: alice.ID, Title: "x", Contexts: []string{"home"}, Action: "warn", Keywords: []social.FilterKeyword{{ID: h.newID(), Keyword: "reply"}}})
	})
	return p
}

func TestAnswersBySchema(t *testing.T) {
	s := openSchema(t)
	h := newHouse(t)
	p := furnish(h)
	post, bob, carol := p.ID.String(), h.ids["bob"].String(), h.ids["carol"].String()
	for _, c := range [][2]string{
		{"/api/v1/instance", "V1Instance"}, {"/api/v2/instance", "Instance"}, {"/api/v1/instance/rules", "[Rule]"},
		{"/api/v1/instance/extended_description", "ExtendedDescription"}, {"/api/v1/instance/privacy_policy", "PrivacyPolicy"},
		{"/api/v1/custom_emojis", "[CustomEmoji]"}, {"/api/v1/preferences", "Preferences"}, {"/api/v1/profile", "Profile"},
		{"/api/v1/accounts/verify_credentials", "CredentialAccount"}, {"/api/v1/accounts/" + bob, "Account"}, {"/api/v1/accounts/" + carol, "Account"},
		{"/api/v1/accounts/" + bob + "/followers", "[Account]"}, {"/api/v1/accounts?id[]=" + bob, "[Account]"}, {"/api/v1/directory", "[Account]"},
		{"/api/v1/accounts/relationships?id[]=" + bob + "&id=" + carol, "[Relationship]"}, {"/api/v1/accounts/familiar_followers?id[]=" + bob, "[FamiliarFollowers]"},
		{"/api/v1/timelines/home", "[Status]"}, {"/api/v1/timelines/public", "[Status]"}, {"/api/v1/timelines/tag/tea", "[Status]"}, {"/api/v1/favourites", "[Status]"},
		{"/api/v1/statuses/" + post, "Status"}, {"/api/v1/statuses/" + post + "/context", "Context"}, {"/api/v1/statuses/" + post + "/history", "[StatusEdit]"},
		{"/api/v1/statuses/" + post + "/source", "StatusSource"}, {"/api/v1/statuses/" + post + "/reblogged_by", "[Account]"}, {"/api/v1/polls/" + post, "Poll"},
		{"/api/v1/notifications", "[Notification]"}, {"/api/v2/notifications?expand_accounts=partial_avatars", "GroupedNotificationsResults"},
		{"/api/v2/notifications/policy", "NotificationPolicy"}, {"/api/v1/notifications/policy", "V1NotificationPolicy"}, {"/api/v1/notifications/unread_count", "CountResponse"},
		{"/api/v1/notifications/requests/merged", "MergedResponse"}, {"/api/v1/conversations", "[Conversation]"}, {"/api/v1/lists", "[List]"},
		{"/api/v1/filters", "[V1Filter]"}, {"/api/v2/filters", "[Filter]"}, {"/api/v1/followed_tags", "[Tag]"}, {"/api/v1/tags/tea", "Tag"},
		{"/api/v2/search?q=tea", "Search"}, {"/api/v1/apps/verify_credentials", "Application"},
	} {
		s.check("GET "+c[0], c[1], h.get("alice", c[0]).Body.Bytes())
	}
}

// TestEveryReadIsInTheTable: each operation of the schema that reads is here,
// but for those that are of newer rungs of the ladder.
func TestEveryReadIsInTheTable(t *testing.T) {
	s := openSchema(t)
	missing := []string{
		"/collections", "/in_collections", "/annual_reports", "/terms_of_service", "/streaming", "/oembed", "/oauth/authorize", "/timelines/direct", "/emails/",
	}
	data, err := os.ReadFile(schemaFile)
	must(t, err)
	var doc struct {
		Paths map[string]map[string]any `json:"paths"`
	}
	must(t, json.Unmarshal(data, &doc))
	h := newHouse(t)
	for path, methods := range doc.Paths {
		if methods["get"] == nil || slices.ContainsFunc(missing, func(m string) bool { return strings.Contains(path, m) }) {
			continue
		}
		concrete := strings.NewReplacer("{", "", "}", "").Replace(path)
		if w := h.as("", "GET", concrete); strings.Contains(w.Body.String(), `"Not Found"`) {
			s.Errorf("GET %s is not in the table of operations", path)
		}
	}
}
