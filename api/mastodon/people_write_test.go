package mastodon_test

import (
	"net/url"
	"strings"
	"testing"

	"engawa/social"
)

func TestRelations(t *testing.T) {
	d := newDesk(t)
	ann, bob := d.user("ann"), d.user("bob")
	at := "/api/v1/accounts/" + bob.id.String()
	for name, ask := range ann.forms("POST", at+"/follow", `{"reblogs":false,"notify":true,"languages":["ja","en"]}`,
		url.Values{"reblogs": {"false"}, "notify": {"1"}, "languages[]": {"ja", "en"}}) {
		t.Run(name, func(t *testing.T) {
			d.has(ask().ok(), "id", bob.id.String(), "following", true, "showing_reblogs", false, "notifying", true, "languages.0", "ja", "languages.1", "en")
			d.has(ann.ask("POST", at+"/follow", "", "").ok(), "notifying", true, "showing_reblogs", false)
			d.has(ann.form("POST", at+"/follow", "reblogs=true").ok(), "notifying", true, "showing_reblogs", true)
			d.has(ann.ask("POST", at+"/unfollow", "", "").ok(), "following", false)
		})
	}
	ann.form("POST", at+"/follow", "languages[]=not+a+language").fails(422, "no language code")
	ann.ask("POST", "/api/v1/accounts/"+ann.id.String()+"/follow", "", "").fails(403, "This action is not allowed")
	d.has(ann.form("POST", at+"/mute", "duration=60&notifications=false").ok(), "muting", true, "muting_notifications", false, "muting_expires_at", "2026-05-17T12:01:00.000Z")
	d.has(ann.json("POST", at+"/mute", `{}`).ok(), "muting", true, "muting_notifications", true, "muting_expires_at", nil)
	ann.form("POST", at+"/mute", "duration=-1").fails(422, "Duration")
	d.has(ann.ask("POST", at+"/unmute", "", "").ok(), "muting", false)
	d.has(ann.json("POST", at+"/note", `{"comment":" met at tea "}`).ok(), "note", "met at tea")
	ann.form("POST", at+"/note", "comment="+strings.Repeat("x", 2001)).fails(422, "Comment is too long")
	ann.ask("POST", at+"/follow", "", "").ok()
	d.has(ann.ask("POST", at+"/block", "", "").ok(), "blocking", true, "following", false)
	bob.ask("POST", "/api/v1/accounts/"+ann.id.String()+"/follow", "", "").fails(403, "This action is not allowed")
	d.has(ann.ask("POST", at+"/unblock", "", "").ok(), "blocking", false)
}

func TestFollowRequests(t *testing.T) {
	d := newDesk(t)
	ann, bob := d.user("ann"), d.user("bob")
	ann.json("PATCH", "/api/v1/accounts/update_credentials", `{"locked":true}`).ok()
	ask := func() {
		d.has(bob.ask("POST", "/api/v1/accounts/"+ann.id.String()+"/follow", "", "").ok(), "following", false, "requested", true)
	}
	at := "/api/v1/follow_requests/" + bob.id.String()
	ann.ask("POST", at+"/authorize", "", "").fails(404, "Record not found")
	ask()
	d.has(ann.ask("POST", at+"/reject", "", "").ok(), "followed_by", false, "requested_by", false)
	ask()
	d.has(ann.ask("POST", at+"/authorize", "", "").ok(), "followed_by", true)
	ann.ask("POST", at+"/reject", "", "").fails(404, "Record not found")
	remove := "/api/v1/accounts/" + bob.id.String() + "/remove_from_followers"
	d.has(ann.ask("POST", remove, "", "").ok(), "followed_by", false)
	d.has(ann.ask("POST", remove, "", "").ok(), "followed_by", false)
}

func TestDomainBlocks(t *testing.T) {
	d := newDesk(t)
	ann := d.user("ann")
	ann.form("POST", "/api/v1/domain_blocks", "domain=Bad.Example").ok()
	rows, err := d.home.Store.DomainBlocks(t.Context(), ann.id, social.Page{Limit: 10})
	if err != nil || len(rows) != 1 || rows[0].Domain != "bad.example" {
		t.Fatalf("%v %v", rows, err)
	}
	for _, bad := range []string{"", "a b", "home.example", "bad.example/x"} {
		ann.form("POST", "/api/v1/domain_blocks", "domain="+url.QueryEscape(bad)).fails(422, "Domain")
	}
	ann.form("DELETE", "/api/v1/domain_blocks", "domain=bad.example").ok() // a body of DELETE
	ann.json("DELETE", "/api/v1/domain_blocks", `{"domain":"bad.example"}`).ok()
	if rows, _ := d.home.Store.DomainBlocks(t.Context(), ann.id, social.Page{Limit: 10}); len(rows) != 0 {
		t.Errorf("still blocked: %v", rows)
	}
}

func TestUpdateCredentials(t *testing.T) {
	d := newDesk(t)
	ann := d.user("ann")
	const path = "/api/v1/accounts/update_credentials"
	cases := ann.forms("PATCH", path, `{"display_name":"Ann","note":"hi #tea","locked":true,"bot":true,"discoverable":true,"indexable":true,"hide_collections":true,
		"source":{"privacy":"unlisted","sensitive":true,"language":"ja"},
		"fields_attributes":[{"name":"site","value":"https://ann.example"},{"name":"","value":""},{"name":"b","value":"c"}]}`,
		url.Values{
			"display_name": {"Ann"}, "note": {"hi #tea"}, "locked": {"true"}, "bot": {"1"}, "discoverable": {"true"}, "indexable": {"on"}, "hide_collections": {"true"},
			"source[privacy]": {"unlisted"}, "source[sensitive]": {"true"}, "source[language]": {"ja"},
			"fields_attributes[0][name]": {"site"}, "fields_attributes[0][value]": {"https://ann.example"},
			"fields_attributes[1][name]": {""}, "fields_attributes[2][name]": {"b"}, "fields_attributes[2][value]": {"c"},
		})
	cases["keyed JSON"] = func() *answer {
		return ann.json("PATCH", path, `{"display_name":"Ann","note":"hi #tea","locked":true,"bot":true,"discoverable":true,"indexable":true,"hide_collections":true,"source":{"privacy":"unlisted","sensitive":true,"language":"ja"},
			"fields_attributes":{"10":{"name":"b","value":"c"},"2":{"name":"site","value":"https://ann.example"}}}`)
	}
	for name, ask := range cases {
		t.Run(name, func(t *testing.T) {
			o := ask().ok()
			d.has(o, "display_name", "Ann", "locked", true, "bot", true, "discoverable", true, "indexable", true, "hide_collections", true,
				"source.note", "hi #tea", "source.privacy", "unlisted", "source.sensitive", true, "source.language", "ja",
				"fields.0.name", "site", "fields.1.value", "c", "fields.2", nil, "source.fields.0.value", "https://ann.example")
			if v := o.text("fields.0.value"); !strings.Contains(v, `rel="nofollow noopener me"`) || strings.Contains(v, "<p>") {
				t.Errorf("the field is %s", v)
			}
			if n := o.text("note"); !strings.Contains(n, "/tags/tea") {
				t.Errorf("the note is %s", n)
			}
		})
	}
	o := ann.json("PATCH", path, `{"display_name":"Other"}`).ok()
	d.has(o, "display_name", "Other", "source.note", "hi #tea", "fields.0.name", "site", "locked", true, "source.privacy", "unlisted")
	d.has(ann.json("PATCH", path, `{"fields_attributes":[]}`).ok(), "fields.0", nil)
	for body, text := range map[string]string{
		`{"display_name":"` + strings.Repeat("あ", 41) + `"}`:                             "Display name is too long",
		`{"note":"` + strings.Repeat("あ", 5001) + `"}`:                                   "Note is too long",
		`{"fields_attributes":[{"name":"","value":"x"}]}`:                                "Fields must have a name",
		`{"fields_attributes":["x"]}`:                                                    "fields_attributes",
		`{"fields_attributes":[` + strings.Repeat(`{"name":"a"},`, 8) + `{"name":"a"}]}`: "too many",
		`{"source":{"privacy":"x"},"display_name":"half"}`:                               "Privacy",
		`{"source":{"language":"not one"},"display_name":"half"}`:                        "Language",
		`{"source":{"quote_policy":"x"},"display_name":"half"}`:                          "quote_policy",
		`{"avatar":"x","display_name":"half"}`:                                           "avatar must be a file",
		`{"avatar":"data:image/png;base64,!!","display_name":"half"}`:                    "not base64",
		`{"header":"data:image/png;base64,eA==","display_name":"half"}`:                  "content type is invalid",
	} {
		ann.json("PATCH", path, body).fails(422, text)
	}
	d.has(ann.ask("GET", "/api/v1/accounts/verify_credentials", "", "").ok(), "display_name", "Other", "source.privacy", "unlisted")
}

func TestProfilePictures(t *testing.T) {
	d := newDesk(t)
	ann := d.user("ann")
	first := ann.parts("PATCH", "/api/v1/accounts/update_credentials", "avatar", string(picture), "avatar_description", "me", "header", string(picture)).ok()
	d.has(first, "avatar_description", "me")
	if !strings.Contains(first.text("avatar"), "/blob/avatar/") || !strings.Contains(first.text("header"), "/blob/header/") {
		t.Errorf("%s %s", first.text("avatar"), first.text("header"))
	}
	second := ann.json("PATCH", "/api/v1/profile", `{"avatar":"data:image/png;base64,iVBORw0KGgogYQ=="}`).ok()
	if second.text("avatar") == first.text("avatar") || len(d.files.dropped) != 1 {
		t.Errorf("%s, dropped %v", second.text("avatar"), d.files.dropped)
	}
	d.has(second, "avatar_description", "me")
	ann.parts("PATCH", "/api/v1/profile", "avatar", string(picture), "header", "\x89PNGx").fails(422, "content type is invalid")
	if len(d.files.dropped) != 2 { // the avatar that was replaced, and the one that came with a broken header
		t.Errorf("dropped %v", d.files.dropped)
	}
	ann.ask("DELETE", "/api/v1/profile/avatar", "", "").ok()
	ann.ask("DELETE", "/api/v1/profile/header", "", "").ok()
	d.has(ann.ask("GET", "/api/v1/profile", "", "").ok(), "avatar", nil, "header", nil)
}

func TestLists(t *testing.T) {
	d := newDesk(t)
	ann, bob, cat := d.user("ann"), d.user("bob"), d.user("cat")
	ann.ask("POST", "/api/v1/accounts/"+bob.id.String()+"/follow", "", "").ok()
	for name, ask := range ann.forms("POST", "/api/v1/lists", `{"title":"Tea","replies_policy":"none","exclusive":true}`, url.Values{"title": {"Tea"}, "replies_policy": {"none"}, "exclusive": {"true"}}) {
		t.Run(name, func(t *testing.T) {
			list := ask().ok()
			d.has(list, "title", "Tea", "replies_policy", "none", "exclusive", true)
			at := "/api/v1/lists/" + list.text("id")
			d.has(ann.form("PUT", at, "title=Green&exclusive=false").ok(), "title", "Green", "exclusive", false, "replies_policy", "none")
			ann.form("PUT", at, "title=+").fails(422, "Title can't be blank")
			ann.form("PUT", at, "replies_policy=all").fails(422, "Replies policy")
			ann.form("POST", at+"/accounts", "account_ids[]="+cat.id.String()+"&account_ids[]="+bob.id.String()).fails(404, "Record not found")
			ann.form("POST", at+"/accounts", "account_ids[]=x").fails(404, "Record not found")
			members := func() int {
				id, _ := social.ParseID(list.text("id"))
				rows, err := d.home.Store.ListMembers(t.Context(), id, social.Page{Limit: 9})
				if err != nil {
					t.Fatal(err)
				}
				return len(rows)
			}
			if members() != 0 {
				t.Error("half of a refused request was done")
			}
			ann.form("POST", at+"/accounts", "account_ids[]="+bob.id.String()).ok()
			if members() != 1 {
				t.Error("bob is no member")
			}
			ann.json("DELETE", at+"/accounts", `{"account_ids":["`+bob.id.String()+`"]}`).ok()
			if members() != 0 {
				t.Error("bob is still a member")
			}
			ann.ask("DELETE", at, "", "").ok()
			ann.ask("DELETE", at, "", "").fails(404, "Record not found")
		})
	}
	ann.form("POST", "/api/v1/lists", "").fails(422, "Title can't be blank")
}

func TestFeaturedTags(t *testing.T) {
	d := newDesk(t)
	ann := d.user("ann")
	ann.say("#Tea")
	o := ann.form("POST", "/api/v1/featured_tags", "name=%23Tea").ok()
	d.has(o, "name", "Tea", "statuses_count", "1")
	for _, bad := range []string{"", "a b", "12", "a%00"} {
		ann.form("POST", "/api/v1/featured_tags", "name="+bad).status(422)
	}
	ann.ask("DELETE", "/api/v1/featured_tags/"+o.text("id"), "", "").ok()
	d.has(ann.ask("POST", "/api/v1/tags/tea/feature", "", "").ok(), "featuring", true)
	d.has(ann.ask("POST", "/api/v1/tags/tea/unfeature", "", "").ok(), "featuring", false)
	for _, n := range strings.Split("a b c d e f g h i j", " ") {
		ann.form("POST", "/api/v1/featured_tags", "name=tag"+n).ok()
	}
	ann.form("POST", "/api/v1/featured_tags", "name=one_more").fails(422, "maximum number of hashtags")
}

func TestReports(t *testing.T) {
	d := newDesk(t)
	d.home.Info.Rules = []string{"Be kind"}
	ann, bob := d.user("ann"), d.user("bob")
	post, hidden := bob.say("rude"), bob.say("hidden", "visibility", "direct")
	o := ann.form("POST", "/api/v1/reports", "account_id="+bob.id.String()+"&status_ids[]="+post+"&status_ids[]="+hidden+"&comment=rude&forward=true&category=violation&rule_ids[]=1").ok()
	d.has(o, "action_taken", false, "category", "violation", "comment", "rude", "forwarded", false, "status_ids.0", post, "status_ids.1", nil, "rule_ids.0", "1", "target_account.id", bob.id.String())
	for body, text := range map[string]string{
		"category=cats":                        "Category",
		"category=violation&rule_ids[]=9":      "Rules",
		"category=violation&rule_ids[]=x":      "Rules",
		"comment=" + strings.Repeat("x", 1001): "Comment is too long",
	} {
		ann.form("POST", "/api/v1/reports", "account_id="+bob.id.String()+"&"+body).fails(422, text)
	}
	ann.form("POST", "/api/v1/reports", "account_id=77").fails(404, "Record not found")
	ann.form("POST", "/api/v1/reports", "").fails(404, "Record not found")
}
