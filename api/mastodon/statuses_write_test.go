package mastodon_test

import (
	"net/url"
	"strings"
	"testing"

	"engawa/social"
)

func TestCreateStatusInEveryForm(t *testing.T) {
	d := newDesk(t)
	ann := d.user("ann")
	bob := d.user("bob")
	cases := ann.forms("POST", "/api/v1/statuses",
		`{"status":"Hello @bob #Tea :x:","spoiler_text":"cw","visibility":"unlisted","language":"ja","sensitive":false,
		  "poll":{"options":["a","b"],"expires_in":600,"multiple":true},"quote_approval_policy":"followers"}`,
		url.Values{
			"status": {"Hello @bob #Tea :x:"}, "spoiler_text": {"cw"}, "visibility": {"unlisted"}, "language": {"ja"}, "sensitive": {"0"},
			"poll[options][]": {"a", "b"}, "poll[expires_in]": {"600"}, "poll[multiple]": {"true"}, "quote_approval_policy": {"followers"},
		})
	cases["query"] = func() *answer {
		return ann.ask("POST", "/api/v1/statuses?status=Hello+%40bob+%23Tea+:x:&spoiler_text=cw&visibility=unlisted&language=ja"+
			"&poll[options][]=a&poll[options][]=b&poll[expires_in]=600&poll[multiple]=1&quote_approval_policy=followers", "", "")
	}
	cases["numbered"] = func() *answer {
		return ann.form("POST", "/api/v1/statuses", "status=Hello+%40bob+%23Tea+:x:&spoiler_text=cw&visibility=unlisted&language=ja"+
			"&poll[options][1]=b&poll[options][0]=a&poll[expires_in]=600&poll[multiple]=1&quote_approval_policy=followers")
	}
	for name, ask := range cases {
		t.Run(name, func(t *testing.T) {
			s := ask().ok()
			d.has(s, "spoiler_text", "cw", "visibility", "unlisted", "language", "ja", "sensitive", true,
				"mentions.0.id", bob.id.String(), "mentions.0.acct", "bob", "tags.0.name", "tea", "application.name", "Test",
				"poll.options.0.title", "a", "poll.options.1.title", "b", "poll.multiple", true, "poll.expires_at", "2026-05-17T12:10:00.000Z",
				"quote_approval.automatic.0", "followers", "account.id", ann.id.String())
			if c := s.text("content"); !strings.Contains(c, `class="u-url mention"`) || !strings.Contains(c, "https://home.example/tags/tea") {
				t.Errorf("content is %s", c)
			}
		})
	}
}

func TestCreateStatusRefuses(t *testing.T) {
	d := newDesk(t)
	ann, bob := d.user("ann"), d.user("bob")
	hidden := bob.say("for me", "visibility", "direct")
	long := strings.Repeat("あ", 5001)
	for name, c := range map[string]struct {
		body string
		code int
		text string
	}{
		"nothing":            {`{}`, 422, "Validation failed: Text can't be blank"},
		"spaces":             {`{"status":" \n "}`, 422, "Text can't be blank"},
		"an object":          {`{"status":{"a":1}}`, 422, "Text can't be blank"},
		"too long":           {`{"status":"` + long + `"}`, 422, "Text character limit of 5000 exceeded"},
		"too long with both": {`{"status":"a","spoiler_text":"` + long[:len(long)-3] + `"}`, 422, "limit of 5000"},
		"visibility":         {`{"status":"a","visibility":"secret"}`, 422, "Visibility"},
		"local and private":  {`{"status":"a","visibility":"private","local_only":true}`, 422, "local_only"},
		"content type":       {`{"status":"a","content_type":"text/html"}`, 422, "Content type"},
		"no such reply":      {`{"status":"a","in_reply_to_id":"77"}`, 404, "trying to reply to"},
		"reply to nonsense":  {`{"status":"a","in_reply_to_id":"x"}`, 404, "trying to reply to"},
		"reply to hidden":    {`{"status":"a","in_reply_to_id":"` + hidden + `"}`, 404, "trying to reply to"},
		"quote of hidden":    {`{"status":"a","quoted_status_id":"` + hidden + `"}`, 404, "trying to quote"},
		"no such medium":     {`{"status":"a","media_ids":["77"]}`, 422, "Media 77 not found"},
		"media nonsense":     {`{"status":"a","media_ids":["x"]}`, 422, "Media x not found"},
		"too many media":     {`{"status":"a","media_ids":["1","2","3","4","5","6","7","8","9"]}`, 422, "more than 8"},
		"one option":         {`{"status":"a","poll":{"options":["x"],"expires_in":600}}`, 422, "more than one item"},
		"same options":       {`{"status":"a","poll":{"options":["x","x"],"expires_in":600}}`, 422, "duplicate"},
		"blank option":       {`{"status":"a","poll":{"options":["x"," "],"expires_in":600}}`, 422, "blank"},
		"long option":        {`{"status":"a","poll":{"options":["x","` + long[:600] + `"],"expires_in":600}}`, 422, "longer than 100"},
		"poll without end":   {`{"status":"a","poll":{"options":["x","y"]}}`, 422, "Expires at can't be blank"},
		"poll too short":     {`{"status":"a","poll":{"options":["x","y"],"expires_in":10}}`, 422, "too soon"},
		"poll too long":      {`{"status":"a","poll":{"options":["x","y"],"expires_in":99999999}}`, 422, "too far"},
		"poll time nonsense": {`{"status":"a","poll":{"options":["x","y"],"expires_in":"soon"}}`, 422, "Expires at"},
		"quote policy":       {`{"status":"a","quote_approval_policy":"cats"}`, 422, "quote_approval_policy"},
		"scheduled nonsense": {`{"status":"a","scheduled_at":"tomorrow"}`, 422, "Scheduled at"},
		"scheduled at once":  {`{"status":"a","scheduled_at":"2026-05-17T12:01:00Z"}`, 422, "in the future"},
		"broken JSON":        {`{"status":`, 422, "JSON"},
		"two objects":        {`{"status":"a"}{}`, 422, "more than one"},
		"a list":             {`["status"]`, 422, "JSON"},
		"deep":               {`{"poll":` + strings.Repeat(`{"a":`, 20) + `1` + strings.Repeat(`}`, 20) + `}`, 422, "deep"},
	} {
		t.Run(name, func(t *testing.T) {
			ann.json("POST", "/api/v1/statuses", c.body).fails(c.code, c.text)
		})
	}
	ids, err := d.home.Store.ActorPosts(t.Context(), social.ActorPostsQuery{Actor: ann.id, Page: social.Page{Limit: 10}})
	if err != nil || len(ids) != 0 {
		t.Errorf("refused posts left %v behind (%v)", ids, err)
	}
}

func TestDefaultsComeFromSettings(t *testing.T) {
	d := newDesk(t)
	ann := d.user("ann")
	d.has(ann.json("POST", "/api/v1/statuses", `{"status":"a"}`).ok(), "visibility", "public", "language", "en", "sensitive", false, "quote_approval.automatic.0", "public")
	ann.form("PATCH", "/api/v1/accounts/update_credentials",
		"source[privacy]=private&source[sensitive]=true&source[language]=ja&source[quote_policy]=nobody").ok()
	d.has(ann.json("POST", "/api/v1/statuses", `{"status":"a"}`).ok(), "visibility", "private", "language", "ja", "sensitive", true)
	d.has(ann.json("POST", "/api/v1/statuses", `{"status":"a","visibility":"public","sensitive":false}`).ok(),
		"visibility", "public", "sensitive", false, "quote_approval.current_user", "automatic")
	d.has(ann.json("POST", "/api/v1/statuses", `{"status":"","spoiler_text":"cw"}`).ok(), "content", "<p>.</p>")
	d.has(ann.json("POST", "/api/v1/statuses", `{"status":"a","visibility":"public","local_only":true}`).ok(), "local_only", true)
	d.has(ann.json("POST", "/api/v1/statuses", `{"status":"a","visibility":"local"}`).ok(), "local_only", true)
	d.has(ann.json("POST", "/api/v1/statuses", `{"status":"**b**","content_type":"text/markdown"}`).ok(), "content", "<p><strong>b</strong></p>")
}

func TestMentionsAreFetchedBeforehand(t *testing.T) {
	d := newDesk(t)
	ann := d.user("ann")
	away := d.home.Neighbours.(*abroad)
	away.known = map[string]*social.Actor{"eve@away.example": {
		Name: "eve", Domain: "away.example", Kind: social.Person, URI: "https://away.example/eve", URL: "https://away.example/@eve", Inbox: "https://away.example/eve/inbox",
	}}
	s := ann.json("POST", "/api/v1/statuses", `{"status":"@Eve@away.example and @nobody@away.example and @eve@away.example"}`).ok()
	d.has(s, "mentions.0.acct", "eve@away.example", "mentions.1", nil)
	if len(away.asked) == 0 {
		t.Fatal("nobody was asked")
	}
	asked := len(away.asked)
	ann.json("POST", "/api/v1/statuses", `{"status":"@eve@away.example"}`).ok()
	if len(away.asked) != asked {
		t.Errorf("asked again for who is known: %v", away.asked)
	}
	var many strings.Builder
	for c := 'a'; c <= 'z'; c++ {
		many.WriteString("@" + string(c) + "@many.example ")
	}
	away.asked = nil
	ann.json("POST", "/api/v1/statuses", `{"status":"`+many.String()+`"}`).ok()
	if len(away.asked) > 10 {
		t.Errorf("asked %d times for one post", len(away.asked))
	}
}

func TestAllowedMentions(t *testing.T) {
	d := newDesk(t)
	ann, bob, cat := d.user("ann"), d.user("bob"), d.user("cat")
	o := ann.json("POST", "/api/v1/statuses", `{"status":"@bob @cat","allowed_mentions":["`+bob.id.String()+`"]}`).fails(422, "unexpected accounts")
	d.has(o, "unexpected_accounts.0.id", cat.id.String(), "unexpected_accounts.1", nil)
	ann.form("POST", "/api/v1/statuses", "status=@bob&allowed_mentions[]="+bob.id.String()).ok()
}

func TestIdempotencyKey(t *testing.T) {
	d := newDesk(t)
	ann, bob := d.user("ann"), d.user("bob")
	first := ann.json("POST", "/api/v1/statuses", `{"status":"once"}`, "Idempotency-Key", "k").ok().text("id")
	for name, c := range map[string]struct {
		who  *client
		key  string
		same bool
	}{"the same": {ann, "k", true}, "another key": {ann, "l", false}, "another person": {bob, "k", false}} {
		if got := c.who.json("POST", "/api/v1/statuses", `{"status":"once"}`, "Idempotency-Key", c.key).ok().text("id"); (got == first) != c.same {
			t.Errorf("%s: %s after %s", name, got, first)
		}
	}
	at := `{"status":"later","scheduled_at":"2026-05-17T13:00:00Z"}`
	waits := ann.json("POST", "/api/v1/statuses", at, "Idempotency-Key", "k").ok().text("id")
	if again := ann.json("POST", "/api/v1/statuses", at, "Idempotency-Key", "k").ok().text("id"); again != waits || waits == first {
		t.Errorf("scheduled %s, then %s; the post was %s", waits, again, first)
	}
	ann.json("POST", "/api/v1/statuses", `{"status":"a"}`, "Idempotency-Key", strings.Repeat("k", 300)).fails(422, "too long")
}

func TestEditStatus(t *testing.T) {
	d := newDesk(t)
	ann := d.user("ann")
	medium := ann.parts("POST", "/api/v2/media", "file", string(picture), "description", "a cat", "focus", "0.5,-2").ok()
	d.has(medium, "description", "a cat", "meta.focus.x", 0.5, "meta.focus.y", -1)
	id := medium.text("id")
	post := ann.say("before", "media_ids[]", id, "spoiler_text", "cw")
	for name, ask := range ann.forms("PUT", "/api/v1/statuses/"+post,
		`{"status":"after","media_ids":["`+id+`"],"media_attributes":[{"id":"`+id+`","description":"a dog","focus":"0,0"}]}`,
		url.Values{"status": {"after"}, "media_ids[]": {id}, "media_attributes[][id]": {id}, "media_attributes[][description]": {"a dog"}, "media_attributes[][focus]": {"0,0"}}) {
		t.Run(name, func(t *testing.T) {
			s := ask().ok()
			d.has(s, "id", post, "content", "<p>after</p>", "spoiler_text", "", "media_attachments.0.id", id, "media_attachments.0.description", "a dog")
			if s.text("edited_at") == "" {
				t.Error("edited_at is not set")
			}
		})
	}
	ann.json("PUT", "/api/v1/statuses/"+post, `{"status":"","media_ids":[]}`).fails(422, "Text can't be blank")
	d.has(ann.json("PUT", "/api/v1/statuses/"+post, `{"status":"bare"}`).ok(), "media_attachments.0", nil)
	if n := d.told(social.PostUpdated); n != 4 {
		t.Errorf("%d updates were told", n)
	}
}

func TestDeleteForRedraft(t *testing.T) {
	d := newDesk(t)
	ann := d.user("ann")
	for name, ask := range map[string]func(string) *answer{
		"none":  func(id string) *answer { return ann.ask("DELETE", "/api/v1/statuses/"+id, "", "") },
		"query": func(id string) *answer { return ann.ask("DELETE", "/api/v1/statuses/"+id+"?delete_media=true", "", "") },
		"form":  func(id string) *answer { return ann.form("DELETE", "/api/v1/statuses/"+id, "delete_media=1") },
		"JSON":  func(id string) *answer { return ann.json("DELETE", "/api/v1/statuses/"+id, `{"delete_media":true}`) },
	} {
		t.Run(name, func(t *testing.T) {
			medium := ann.parts("POST", "/api/v1/media", "file", string(picture)).ok().text("id")
			post := ann.say("to be <written> anew", "media_ids[]", medium)
			ann.ask("DELETE", "/api/v1/media/"+medium, "", "").fails(422, "Media attachment is currently used by a status")
			d.has(ask(post).ok(), "id", post, "text", "to be <written> anew", "media_attachments.0.id", medium)
			ann.ask("GET", "/api/v1/statuses/"+post, "", "").fails(404, "Record not found")
			want := 404
			if name == "none" {
				want = 200
			}
			ann.ask("GET", "/api/v1/media/"+medium, "", "").status(want)
			ask(post).fails(404, "Record not found")
		})
	}
}

func TestReblogFavouriteBookmark(t *testing.T) {
	d := newDesk(t)
	ann, bob := d.user("ann"), d.user("bob")
	post := bob.say("good")
	at := "/api/v1/statuses/" + post
	boost := ann.form("POST", at+"/reblog", "visibility=unlisted").ok()
	d.has(boost, "reblog.id", post, "visibility", "unlisted", "reblogged", true, "reblog.reblogged", true, "reblog.reblogs_count", 1)
	if again := ann.form("POST", at+"/reblog", "").ok().text("id"); again != boost.text("id") {
		t.Errorf("boosted twice: %s and %s", boost.text("id"), again)
	}
	d.has(ann.ask("POST", "/api/v1/statuses/"+boost.text("id")+"/favourite", "", "").ok(), "id", post, "favourited", true, "favourites_count", 1)
	d.has(ann.ask("POST", at+"/favourite", "", "").ok(), "favourites_count", 1)
	d.has(ann.ask("POST", at+"/unfavourite", "", "").ok(), "id", post, "favourited", false, "favourites_count", 0)
	d.has(ann.ask("POST", at+"/bookmark", "", "").ok(), "id", post, "bookmarked", true)
	d.has(ann.ask("POST", at+"/unbookmark", "", "").ok(), "id", post, "bookmarked", false)
	d.has(ann.ask("POST", at+"/mute", "", "").ok(), "id", post, "muted", true)
	d.has(ann.ask("POST", at+"/unmute", "", "").ok(), "id", post, "muted", false)
	d.has(ann.ask("POST", at+"/unreblog", "", "").ok(), "id", post, "reblogged", false, "reblogs_count", 0, "reblog", nil)
	ann.form("POST", at+"/reblog", "visibility=x").fails(422, "Visibility")
	d.has(ann.ask("PUT", "/api/v1/pleroma/statuses/"+post+"/reactions/%F0%9F%8D%B5", "", "").ok(), "reactions.0.name", "🍵", "reactions.0.me", true, "reactions.0.count", 1)
	d.has(ann.ask("DELETE", "/api/v1/pleroma/statuses/"+post+"/reactions/%F0%9F%8D%B5", "", "").ok(), "reactions.0", nil)
	for _, bad := range []string{"x", "%00", "%F0%9F%8D%B5%F0%9F%8D%B5", ":nope:", strings.Repeat("a", 600)} {
		ann.ask("PUT", "/api/v1/pleroma/statuses/"+post+"/reactions/"+bad, "", "").fails(422, "not a recognized emoji")
	}
	private := bob.say("for few", "visibility", "private")
	bob.ask("POST", "/api/v1/statuses/"+private+"/reblog", "", "").ok()
	ann.ask("POST", "/api/v1/statuses/"+private+"/reblog", "", "").fails(404, "Record not found")
	direct := bob.say("@ann for you", "visibility", "direct")
	ann.ask("POST", "/api/v1/statuses/"+direct+"/reblog", "", "").fails(403, "This action is not allowed")
}

func TestPins(t *testing.T) {
	d := newDesk(t)
	ann, bob := d.user("ann"), d.user("bob")
	post := ann.say("look")
	d.has(ann.ask("POST", "/api/v1/statuses/"+post+"/pin", "", "").ok(), "pinned", true)
	bob.ask("POST", "/api/v1/statuses/"+post+"/pin", "", "").fails(422, "Someone else's post cannot be pinned")
	d.has(ann.ask("POST", "/api/v1/statuses/"+post+"/unpin", "", "").ok(), "pinned", false)
	for range social.DefaultLimits.Pins {
		ann.ask("POST", "/api/v1/statuses/"+ann.say("x")+"/pin", "", "").ok()
	}
	ann.ask("POST", "/api/v1/statuses/"+post+"/pin", "", "").fails(422, "already pinned the maximum number")
}

func TestQuotes(t *testing.T) {
	d := newDesk(t)
	ann, bob := d.user("ann"), d.user("bob")
	post := bob.say("quote me")
	quote := ann.json("POST", "/api/v1/statuses", `{"status":"see","quoted_status_id":"`+post+`"}`).ok()
	d.has(quote, "quote.state", "accepted", "quote.quoted_status.id", post)
	d.has(ann.json("POST", "/api/v1/statuses", `{"quote_id":`+post+`}`).ok(), "quote.quoted_status.id", post)
	ann.json("POST", "/api/v1/statuses", `{"status":"see","visibility":"direct","quoted_status_id":"`+post+`"}`).fails(422, "non-mentioned user")
	revoke := "/api/v1/statuses/" + post + "/quotes/" + quote.text("id") + "/revoke"
	ann.ask("POST", revoke, "", "").fails(403, "This action is not allowed")
	d.has(bob.ask("POST", revoke, "", "").ok(), "id", quote.text("id"), "quote.state", "revoked")
	bob.ask("POST", "/api/v1/statuses/"+bob.say("other")+"/quotes/"+quote.text("id")+"/revoke", "", "").fails(404, "Record not found")
	d.has(bob.json("PUT", "/api/v1/statuses/"+post+"/interaction_policy", `{"quote_approval_policy":"nobody"}`).ok(), "edited_at", nil, "quote_approval.automatic.0", nil)
	ann.json("POST", "/api/v1/statuses", `{"status":"see","quoted_status_id":"`+post+`"}`).fails(422, "not allowed to quote")
	bob.json("PUT", "/api/v1/statuses/"+post+"/interaction_policy", `{}`).fails(422, "quote_approval_policy")
}

func TestVotes(t *testing.T) {
	d := newDesk(t)
	ann, bob := d.user("ann"), d.user("bob")
	poll := func() string {
		return bob.form("POST", "/api/v1/statuses", "status=q&poll[options][]=a&poll[options][]=b&poll[expires_in]=600").ok().text("poll.id")
	}
	for name, ask := range ann.forms("POST", "/api/v1/polls/"+poll()+"/votes", `{"choices":[1]}`, url.Values{"choices[]": {"1"}}) {
		t.Run(name, func(t *testing.T) {
			if a := ask(); a.code == 422 {
				a.fails(422, "You have already voted on this poll")
			} else {
				d.has(a.ok(), "voted", true, "own_votes.0", 1, "votes_count", 1, "options.1.votes_count", 1)
			}
		})
	}
	fresh := "/api/v1/polls/" + poll() + "/votes"
	for body, text := range map[string]string{
		`{"choices":[2]}`: "does not exist", `{"choices":[-1]}`: "does not exist", `{"choices":[0,1]}`: "already voted", `{"choices":["x"]}`: "whole numbers", `{}`: "at least one",
		`{"choices":[1.5]}`: "whole numbers",
	} {
		ann.json("POST", fresh, body).fails(422, text)
	}
	bob.json("POST", fresh, `{"choices":[0]}`).fails(422, "own polls")
	d.clock.Advance(601e9)
	ann.json("POST", fresh, `{"choices":[0]}`).fails(422, "already ended")
	ann.json("POST", "/api/v1/polls/"+bob.say("no poll")+"/votes", `{"choices":[0]}`).fails(404, "Record not found")
}
