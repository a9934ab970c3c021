package mastodon_test

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"engawa/auth"
	"engawa/internal/clock"
	"engawa/social"
)

func TestFilters(t *testing.T) {
	d := newDesk(t)
	ann := d.user("ann")
	for name, ask := range ann.forms("POST", "/api/v2/filters",
		`{"title":"T","context":["home","public"],"filter_action":"hide","expires_in":60,"keywords_attributes":[{"keyword":"a","whole_word":false},{"keyword":"b"}]}`,
		url.Values{"title": {"T"}, "context[]": {"home", "public"}, "filter_action": {"hide"}, "expires_in": {"60"},
			"keywords_attributes[0][keyword]": {"a"}, "keywords_attributes[0][whole_word]": {"false"}, "keywords_attributes[1][keyword]": {"b"}}) {
		t.Run(name, func(t *testing.T) {
			told := d.told(social.FiltersChanged)
			o := ask().ok()
			d.has(o, "title", "T", "context.0", "home", "context.1", "public", "filter_action", "hide", "expires_at", "2026-05-17T12:01:00.000Z",
				"keywords.0.keyword", "a", "keywords.0.whole_word", false, "keywords.1.whole_word", true)
			at := "/api/v2/filters/" + o.text("id")
			o = ann.json("PUT", at, `{"title":"U","expires_in":null,"keywords_attributes":[{"id":"`+o.text("keywords.0.id")+`","_destroy":true},{"id":"`+o.text("keywords.1.id")+`","keyword":"c"},{"keyword":"d"}]}`).ok()
			d.has(o, "title", "U", "expires_at", nil, "filter_action", "hide", "keywords.0.keyword", "c", "keywords.1.keyword", "d", "keywords.2", nil)
			k := ann.form("POST", at+"/keywords", "keyword=e&whole_word=false").ok()
			d.has(k, "keyword", "e", "whole_word", false)
			d.has(ann.form("PUT", "/api/v2/filters/keywords/"+k.text("id"), "keyword=f").ok(), "id", k.text("id"), "keyword", "f", "whole_word", false)
			ann.ask("DELETE", "/api/v2/filters/keywords/"+k.text("id"), "", "").ok()
			ann.ask("DELETE", "/api/v2/filters/keywords/"+k.text("id"), "", "").fails(404, "Record not found")
			post := ann.say("x")
			s := ann.form("POST", at+"/statuses", "status_id="+post).ok()
			d.has(s, "status_id", post)
			ann.form("POST", at+"/statuses", "status_id="+post).fails(422, "already been taken")
			ann.form("POST", at+"/statuses", "status_id=x").fails(422, "Status must exist")
			d.has(ann.ask("DELETE", "/api/v2/filters/statuses/"+s.text("id"), "", "").ok(), "id", s.text("id"))
			for body, text := range map[string]string{
				`{"title":""}`: "Title can't be blank", `{"context":[]}`: "Context can't be blank", `{"context":["x"]}`: "Context", `{"filter_action":"x"}`: "Filter action",
				`{"expires_in":"x"}`: "expires_in", `{"expires_in":-5}`: "Expires in", `{"keywords_attributes":[{"keyword":""}]}`: "Keyword can't be blank", `{"keywords_attributes":["a"]}`: "keywords_attributes",
			} {
				ann.json("PUT", at, body).fails(422, text)
			}
			ann.json("PUT", at, `{"keywords_attributes":[{"id":"77","keyword":"x"}]}`).fails(404, "Record not found")
			ann.ask("DELETE", at, "", "").ok()
			if n := d.told(social.FiltersChanged) - told; n != 8 {
				t.Errorf("%d changes were told", n)
			}
		})
	}
}

func TestV1Filters(t *testing.T) {
	d := newDesk(t)
	ann := d.user("ann")
	o := ann.form("POST", "/api/v1/filters", "phrase=tea&context[]=home&irreversible=true&whole_word=true&expires_in=60").ok()
	d.has(o, "phrase", "tea", "context.0", "home", "irreversible", true, "whole_word", true, "expires_at", "2026-05-17T12:01:00.000Z")
	at := "/api/v1/filters/" + o.text("id")
	d.has(ann.form("PUT", at, "phrase=cup&context[]=public&irreversible=false").ok(), "id", o.text("id"), "phrase", "cup", "context.0", "public", "irreversible", false, "whole_word", true)
	ann.form("PUT", at, "phrase=+&context[]=home").fails(422, "Keyword can't be blank")
	all, err := d.home.Store.Filters(t.Context(), ann.id)
	if err != nil || len(all) != 1 || all[0].Title != "cup" {
		t.Fatalf("%v %v", all, err)
	}
	ann.form("POST", "/api/v2/filters/"+all[0].ID.String()+"/keywords", "keyword=second").ok()
	ann.form("PUT", at, "phrase=cup&context[]=home").fails(422, "more than one filter keyword")
	d.has(ann.form("PUT", at, "phrase=mug&context[]=public").ok(), "phrase", "mug")
	ann.ask("DELETE", at, "", "").ok()
	if all, _ := d.home.Store.Filters(t.Context(), ann.id); len(all) != 1 || len(all[0].Keywords) != 1 || all[0].Keywords[0].Keyword != "second" {
		t.Errorf("%v", all)
	} else {
		ann.ask("DELETE", "/api/v1/filters/"+all[0].Keywords[0].ID.String(), "", "").ok()
	}
	if all, _ := d.home.Store.Filters(t.Context(), ann.id); len(all) != 0 {
		t.Errorf("%v", all)
	}
}

func TestScheduled(t *testing.T) {
	d := newDesk(t)
	ann := d.user("ann")
	medium := ann.parts("POST", "/api/v2/media", "file", string(picture)).ok().text("id")
	o := ann.json("POST", "/api/v1/statuses", `{"status":"later","scheduled_at":"2026-05-17T21:30:00+09:00","media_ids":["`+medium+`"],"spoiler_text":"cw","visibility":"private"}`).ok()
	d.has(o, "scheduled_at", "2026-05-17T12:30:00.000Z", "params.text", "later", "params.spoiler_text", "cw", "params.visibility", "private", "params.media_ids.0", medium,
		"params.with_rate_limit", false, "media_attachments.0.id", medium)
	at := "/api/v1/scheduled_statuses/" + o.text("id")
	d.has(ann.form("PUT", at, "scheduled_at=2026-05-17T13:00:00Z").ok(), "scheduled_at", "2026-05-17T13:00:00.000Z", "params.scheduled_at", "2026-05-17T13:00:00.000Z", "params.text", "later")
	ann.form("PUT", at, "scheduled_at=2026-05-17T12:04:00Z").fails(422, "in the future")
	ann.form("PUT", at, "").fails(422, "in the future")
	id, _ := social.ParseID(o.text("id"))
	posts := func() []social.ID {
		ids, err := d.home.Store.ActorPosts(t.Context(), social.ActorPostsQuery{Actor: ann.id, Page: social.Page{Limit: 9}})
		if err != nil {
			t.Fatal(err)
		}
		return ids
	}
	publish := func() {
		t.Helper()
		if err := d.api.PublishScheduled(t.Context(), ann.id, id); err != nil {
			t.Fatal(err)
		}
	}
	d.clock.Set(testNow.Add(30 * time.Minute))
	publish() // the Job of the former time
	if got := posts(); len(got) != 0 {
		t.Fatalf("published too early: %v", got)
	}
	d.clock.Set(testNow.Add(time.Hour))
	publish()
	publish()
	got := posts()
	if len(got) != 1 {
		t.Fatalf("published %v", got)
	}
	d.has(ann.ask("GET", "/api/v1/statuses/"+got[0].String(), "", "").ok(), "content", "<p>later</p>", "spoiler_text", "cw", "visibility", "private", "media_attachments.0.id", medium)
	ann.ask("DELETE", at, "", "").fails(404, "Record not found")
	d.has(ann.json("POST", "/api/v1/statuses", `{"status":"the past","scheduled_at":"2020-01-01T00:00:00Z"}`).ok(), "content", "<p>the past</p>")
	for range 25 {
		ann.json("POST", "/api/v1/statuses", `{"status":"later","scheduled_at":"2026-05-18T00:00:00Z"}`).ok()
	}
	ann.json("POST", "/api/v1/statuses", `{"status":"later","scheduled_at":"2026-05-18T23:00:00Z"}`).fails(422, "limit of 25")
}

func TestScheduledAnswerToWhatIsGone(t *testing.T) {
	d := newDesk(t)
	ann := d.user("ann")
	post := ann.say("asked")
	o := ann.json("POST", "/api/v1/statuses", `{"status":"answer","scheduled_at":"2026-05-17T13:00:00Z","in_reply_to_id":"`+post+`"}`).ok()
	ann.ask("DELETE", "/api/v1/statuses/"+post, "", "").ok()
	d.clock.Set(testNow.Add(2 * time.Hour))
	id, _ := social.ParseID(o.text("id"))
	if err := d.api.PublishScheduled(t.Context(), ann.id, id); err != nil {
		t.Fatal(err)
	}
	ids, err := d.home.Store.ActorPosts(t.Context(), social.ActorPostsQuery{Actor: ann.id, Page: social.Page{Limit: 9}})
	if err != nil || len(ids) != 1 {
		t.Fatalf("%v %v", ids, err)
	}
	d.has(ann.ask("GET", "/api/v1/statuses/"+ids[0].String(), "", "").ok(), "content", "<p>answer</p>", "in_reply_to_id", nil)
}

func TestMedia(t *testing.T) {
	d := newDesk(t)
	ann := d.user("ann")
	id := ann.parts("POST", "/api/v1/media", "file", string(picture)).ok().text("id")
	at := "/api/v1/media/" + id
	d.has(ann.form("PUT", at, "description=+a+cup+&focus=0.25,0.5").ok(), "description", "a cup", "meta.focus.x", 0.25)
	d.has(ann.json("PUT", at, `{"description":""}`).ok(), "description", nil, "meta.focus.x", 0.25)
	d.has(ann.ask("GET", at, "", "").ok(), "id", id)
	for body, text := range map[string]string{"focus=x": "Focus", "focus=1": "Focus", "focus=NaN,0": "Focus", "description=" + strings.Repeat("x", 10_001): "Description is too long"} {
		ann.form("PUT", at, body).fails(422, text)
	}
	ann.ask("DELETE", at, "", "").ok()
	ann.ask("GET", at, "", "").fails(404, "Record not found")
	if len(d.files.dropped) != 1 {
		t.Errorf("dropped %v", d.files.dropped)
	}
	ann.form("POST", "/api/v2/media", "").fails(422, "File can't be blank")
	ann.parts("POST", "/api/v2/media", "file", "text").fails(422, "file must be a file")
	ann.parts("POST", "/api/v2/media", "file", "\x89PNG").fails(422, "content type is invalid")
	ann.parts("POST", "/api/v2/media", "file", string(picture)+strings.Repeat("x", 40<<20)).fails(422, "larger than")
}

func TestPush(t *testing.T) {
	d := newDesk(t)
	ann := d.user("ann")
	point := base64.RawURLEncoding.EncodeToString(append([]byte{4}, make([]byte, 64)...))
	secret := base64.URLEncoding.EncodeToString(make([]byte, 16))
	const at = "/api/v1/push/subscription"
	ann.ask("GET", at, "", "").fails(404, "Record not found")
	for name, ask := range ann.forms("POST", at,
		`{"subscription":{"endpoint":"https://push.example/1","keys":{"p256dh":"`+point+`","auth":"`+secret+`"},"standard":true},"data":{"alerts":{"mention":true,"admin.report":true},"policy":"followed"}}`,
		url.Values{"subscription[endpoint]": {"https://push.example/1"}, "subscription[keys][p256dh]": {point}, "subscription[keys][auth]": {secret}, "subscription[standard]": {"true"},
			"data[alerts][mention]": {"true"}, "data[alerts][admin.report]": {"1"}, "data[policy]": {"followed"}}) {
		t.Run(name, func(t *testing.T) {
			o := ask().ok()
			d.has(o, "endpoint", "https://push.example/1", "standard", true, "policy", "followed", "alerts.mention", true, "alerts.follow", false, "server_key", "")
			if alerts, _ := o["alerts"].(map[string]any); alerts["admin.report"] != true {
				t.Errorf("alerts are %v", alerts)
			}
			d.has(ann.json("PUT", at, `{"data":{"alerts":{"follow":true}},"policy":"none"}`).ok(), "alerts.mention", false, "alerts.follow", true, "policy", "none")
			d.has(ann.ask("GET", at, "", "").ok(), "policy", "none", "alerts.follow", true)
			ann.ask("DELETE", at, "", "").ok()
			ann.ask("DELETE", at, "", "").ok()
		})
	}
	for body, text := range map[string]string{
		`{}`: "Endpoint can't be blank", `{"subscription":{"endpoint":"http://push.example"}}`: "Endpoint is not", `{"subscription":{"endpoint":"https://push.example","keys":{"p256dh":"x"}}}`: "p256dh",
		`{"subscription":{"endpoint":"https://push.example","keys":{"p256dh":"` + point + `","auth":"x"}}}`: "auth",
	} {
		ann.json("POST", at, body).fails(422, text)
	}
}

func TestOAuth(t *testing.T) {
	d := newDesk(t)
	ann := d.user("ann")
	nobody := &client{desk: d}
	var app object
	for name, ask := range nobody.forms("POST", "/api/v1/apps", `{"client_name":"App","redirect_uris":["urn:ietf:wg:oauth:2.0:oob","app://x"],"scopes":"read write","website":"https://app.example"}`,
		url.Values{"client_name": {"App"}, "redirect_uris": {"urn:ietf:wg:oauth:2.0:oob\napp://x"}, "scopes": {"read write"}, "website": {"https://app.example"}}) {
		t.Run(name, func(t *testing.T) {
			app = ask().ok()
			d.has(app, "name", "App", "website", "https://app.example", "scopes.0", "read", "scopes.1", "write", "redirect_uris.1", "app://x",
				"redirect_uri", "urn:ietf:wg:oauth:2.0:oob\napp://x", "client_secret_expires_at", 0)
		})
	}
	nobody.form("POST", "/api/v1/apps", "client_name=+&redirect_uris=app://x").fails(422, "Application name can't be blank")
	nobody.form("POST", "/api/v1/apps", "client_name=x&redirect_uris=javascript:x").fails(422, "Redirect URI")
	id, secret := app.text("client_id"), app.text("client_secret")
	stored, err := d.home.Store.AppByClientID(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	code := func() string {
		c, err := d.api.Auth.Allow(t.Context(), stored, ann.id, &auth.Ask{RedirectURI: auth.OOB, Scopes: []string{"read"}})
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	form := url.Values{"grant_type": {"authorization_code"}, "client_id": {id}, "client_secret": {secret}, "redirect_uri": {auth.OOB}}
	var token object
	for name := range map[string]bool{"JSON": true, "form": true, "multipart": true, "Basic": true} {
		t.Run(name, func(t *testing.T) {
			form.Set("code", code())
			body := `{"grant_type":"authorization_code","client_id":"` + id + `","client_secret":"` + secret + `","redirect_uri":"` + auth.OOB + `","code":"` + form.Get("code") + `"}`
			ask := nobody.forms("POST", "/oauth/token", body, form)[name]
			if name == "Basic" {
				basic := base64.StdEncoding.EncodeToString([]byte(id + ":" + secret))
				ask = func() *answer {
					return nobody.ask("POST", "/oauth/token", formType, "grant_type=authorization_code&redirect_uri="+auth.OOB+"&code="+form.Get("code"), "Authorization", "Basic "+basic)
				}
			}
			token = ask().ok()
			d.has(token, "token_type", "Bearer", "scope", "read", "created_at", int(clock.Millis(testNow)/1000))
			again := ask().fails(400, "invalid_grant")
			if again.text("error_description") == "" {
				t.Error("no description")
			}
		})
	}
	taken := &client{desk: d, text: token.text("access_token")}
	taken.ask("GET", "/api/v1/apps/verify_credentials", "", "").fails(401, "invalid") // a code used twice takes its token along
	form.Set("code", code())
	who := &client{desk: d, text: nobody.form("POST", "/oauth/token", form.Encode()).ok().text("access_token")}
	d.has(who.ask("GET", "/api/v1/apps/verify_credentials", "", "").ok(), "name", "App")
	who.ask("GET", "/oauth/userinfo", "", "").fails(403, "outside the authorized scopes")
	d.has(ann.ask("POST", "/oauth/userinfo", formType, "").ok(), "iss", "https://home.example/", "sub", "https://home.example/users/ann", "preferred_username", "ann")
	nobody.form("POST", "/oauth/token", "").fails(400, "invalid_request")
	nobody.form("POST", "/oauth/token", "grant_type=client_credentials&client_id="+id+"&client_secret=wrong").fails(401, "invalid_client")
	nobody.form("POST", "/oauth/token", "grant_type=password&client_id="+id+"&client_secret="+secret).fails(400, "unsupported_grant_type")
	nobody.form("POST", "/oauth/token", "grant_type=client_credentials&scope=push&client_id="+id+"&client_secret="+secret).fails(400, "invalid_scope")
	d.has(nobody.form("POST", "/oauth/token", "grant_type=client_credentials&client_id="+id+"&client_secret="+secret).ok(), "scope", "read")
	nobody.form("POST", "/oauth/revoke", "token="+who.text+"&client_id="+id+"&client_secret=no").fails(403, "unauthorized_client")
	who.ask("GET", "/api/v1/apps/verify_credentials", "", "").ok()
	nobody.json("POST", "/oauth/revoke", `{"token":"`+who.text+`","client_id":"`+id+`","client_secret":"`+secret+`"}`).ok()
	who.ask("GET", "/api/v1/apps/verify_credentials", "", "").fails(401, "The access token is invalid")
	d.has(nobody.ask("GET", "/.well-known/oauth-authorization-server", "", "").ok(), "token_endpoint", "https://home.example/oauth/token", "code_challenge_methods_supported.0", "S256")
}

func TestSignUp(t *testing.T) {
	d := newDesk(t)
	d.user("ann")
	app := d.token(0, "read", "write")
	const path = "/api/v1/accounts"
	const good = "username=eve&email=Eve%40mail.example&password=correct+horse&agreement=true&locale=ja"
	app.form("POST", path, good).fails(http.StatusForbidden, "This action is not allowed")
	d.api.Registration, d.api.Auth.Entry.Registration = "open", "open"
	for body, field := range map[string]string{
		"username=&email=e@mail.example&password=correct+horse&agreement=1":      "username",
		"username=a+b&email=e@mail.example&password=correct+horse&agreement=1":   "username",
		"username=Ann&email=e@mail.example&password=correct+horse&agreement=1":   "username",
		"username=admin&email=e@mail.example&password=correct+horse&agreement=1": "username",
		"username=e&email=ann@mail.example&password=correct+horse&agreement=1":   "email",
		"username=e&email=a%25b@mail.example&password=correct+horse&agreement=1": "email",
		"username=e&email=e@&password=correct+horse&agreement=1":                 "email",
		"username=e&email=e@mail.example&password=short&agreement=1":             "password",
		"username=e&email=e@mail.example&password=correct+horse":                 "agreement",
	} {
		o := app.form("POST", path, body).fails(422, "Validation failed: ")
		if o.text("details."+field+".0.error") == "" || o.text("details."+field+".0.description") == "" {
			t.Errorf("%s: details are %v", body, o["details"])
		}
	}
	o := app.form("POST", path, good).ok()
	eve := &client{desk: d, text: o.text("access_token")}
	d.has(eve.ask("GET", "/api/v1/accounts/verify_credentials", "", "").ok(), "username", "eve", "display_name", "")
	app.form("POST", path, good).fails(422, "taken")
	d.api.Registration, d.api.Auth.Entry.Registration = "approval", "approval"
	body := strings.NewReplacer("eve", "fay", "Eve", "fay").Replace(good)
	app.form("POST", path, body).fails(422, "Reason can't be blank")
	o = app.json("POST", path, `{"username":"fay","email":"fay@mail.example","password":"correct horse","agreement":true,"reason":"tea"}`).ok()
	fay := &client{desk: d, text: o.text("access_token")}
	fay.ask("GET", "/api/v1/accounts/verify_credentials", "", "").fails(403, "pending approval")
}
