package mastodon

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"engawa/social"
)

// privates are alice's things by the beginning of the paths that name them.
var privates = []struct{ prefix, thing string }{
	{"/api/v1/lists/{", "list"}, {"/api/v1/timelines/list/{", "list"}, {"/api/v2/filters/keywords/", "keyword"}, {"/api/v2/filters/statuses/", "filtered"},
	{"/api/v2/filters/{", "filter"}, {"/api/v1/filters/{", "v1"}, {"/api/v1/scheduled_statuses/{", "scheduled"}, {"/api/v1/media/{", "loose"},
	{"/api/v1/notifications/requests/{", "request"}, {"/api/v1/notifications/{", "note"}, {"/api/v2/notifications/{", "group"}, {"/api/v1/conversations/{", "conversation"},
	{"/api/v1/statuses/{", "secret"}, {"/api/v1/pleroma/statuses/{", "secret"}, {"/api/v1/polls/{", "secretpoll"}, {"/api/v1/featured_tags/{", "featured"},
}

// mine are the places in which alice's things are seen.
var mine = strings.Fields(`/api/v1/lists /api/v2/filters /api/v1/filters /api/v1/scheduled_statuses /api/v1/notifications /api/v2/notifications /api/v1/notifications/requests
/api/v1/conversations /api/v1/statuses/{secret} /api/v1/polls/{secretpoll} /api/v1/media/{loose} /api/v1/featured_tags /api/v1/lists/{list}/accounts /api/v2/notifications/policy
/api/v1/collections/{collection} /api/v1/markers /api/v1/preferences /api/v1/push/subscription /api/v1/blocks /api/v1/mutes /api/v1/domain_blocks /api/v1/followed_tags
/api/v1/accounts/verify_credentials /api/v1/endorsements /api/v1/bookmarks /api/v1/favourites /api/v1/announcements`)

func (w *world) state() string {
	w.Helper()
	var b strings.Builder
	for _, path := range mine {
		b.WriteString(path + " " + w.get("alice", w.fill(path)).Body.String() + "\n")
	}
	return b.String()
}

// private adds what only alice sees.
func (w *world) private() {
	w.Helper()
	w.more()
	w.keep("secretpoll", w.post("alice", "hush?", func(d *social.Draft) {
		d.Post.Audience, d.Post.Kind, d.Post.HasPoll = social.Direct, social.Question, true
		d.Poll = &social.Poll{Options: []social.Option{{Title: "hush a"}, {Title: "hush b"}}, ExpiresAt: sampleNow.UnixMilli() + 900_000}
	}).ID)
}

// route fills a pattern: {names} of things, and words for what else it asks.
func (w *world) route(pattern, thing string) (method, path string) {
	method, path, _ = strings.Cut(pattern, " ")
	if thing != "" {
		i, j := strings.IndexByte(path, '{'), strings.IndexByte(path, '}')
		path = path[:i] + w.things[thing] + path[j+1:]
	}
	return method, strings.NewReplacer("{second}", "keywords", "{emoji}", "cup", "{quoting}", w.things["secret"], "{item}", w.things["item"], "{name}", "tea", "{year}", "2025", "{date}", "2026-11-25", "{kind}", "terms_of_service", "{hashtag}", "tea").Replace(path)
}

const theirs = `{"status":"theirs","title":"theirs","context":["home"],"phrase":"theirs","keyword":"theirs","choices":[0],"description":"theirs","account_ids":["1"],
	"scheduled_at":"2031-05-17T16:00:00Z","quote_approval_policy":"nobody","expires_in":600,"status_id":"1","lang":"ja","name":"theirs"}`

// TestSwappedIDsOfReads: with alice's ids every operation tells bob, and a
// stranger, that nothing is there; and nothing of hers changes.
func TestSwappedIDsOfReads(t *testing.T) {
	w := newWorld(t)
	w.private()
	before := w.state()
	n := 0
	for i := range routes {
		r := &routes[i]
		_, path, _ := strings.Cut(r.pattern, " ")
		k := slices.IndexFunc(privates, func(p struct{ prefix, thing string }) bool { return strings.HasPrefix(path, p.prefix) })
		if k < 0 {
			continue
		}
		n++
		method, path := w.route(r.pattern, privates[k].thing)
		for _, who := range []string{"bob", ""} {
			got := w.as(who, method, path, theirs)
			if want := who == "" && r.access == withUser; got.Code != 404 && (!want || got.Code != 401) || strings.Contains(got.Body.String(), "hush") {
				t.Errorf("%s %s as %q: %d %s", method, path, who, got.Code, got.Body)
			}
		}
	}
	if n < 60 {
		t.Errorf("only %d operations name alice's things", n)
	}
	for _, c := range [][2]string{ // ids in parameters
		{"POST /api/v1/statuses", `{"status":"x","in_reply_to_id":"{secret}"}`}, {"POST /api/v1/statuses", `{"status":"x","quoted_status_id":"{secret}"}`}, {"POST /api/v1/statuses", `{"status":"x","quote_id":"{secret}"}`},
		{"POST /api/v1/statuses", `{"status":"x","media_ids":["{loose}"]}`},
		{"POST /api/v1/notifications/requests/accept", `{"id":["{request}"]}`}, {"POST /api/v1/notifications/requests/dismiss", `{"id":["{request}"]}`},
		{"GET /api/v1/statuses?id[]={secret}", ""}, {"GET /api/v2/search?q=hush", ""}, {"GET /api/v1/accounts/{alice}/statuses", ""}, {"GET /api/v1/accounts/{alice}/lists", ""},
		{"DELETE /api/v1/notifications/destroy_multiple?ids[]={note}", ""}, {"PATCH /api/v1/collections/{collection}", `{"name":"x"}`}, {"DELETE /api/v1/collections/{collection}", ""},
		{"POST /api/v1/collections/{collection}/items", `{"account_id":"{bob}"}`}, {"DELETE /api/v1/collections/{collection}/items/{item}", ""}, {"POST /api/v1/collections/{collection}/items/{item}/revoke", ""},
		{"POST /api/v1/admin/announcements", `{"text":"x"}`}, {"DELETE /api/v1/admin/announcements/{announcement}", ""},
		{"POST /api/v2/filters/{filter}/statuses", `{"status_id":"{secret}"}`},
	} {
		method, path, _ := strings.Cut(w.fill(c[0]), " ")
		if got := w.as("bob", method, path, w.fill(c[1])); got.Code >= 500 || strings.Contains(got.Body.String(), "hush") {
			t.Errorf("%s %s: %d %s", method, path, got.Code, got.Body)
		}
	}
	if after := w.state(); after != before {
		t.Errorf("something of hers changed:\n%s", firstDifference(before, after))
	}
}

func firstDifference(a, b string) string {
	as, bs := strings.Split(a, "\n"), strings.Split(b, "\n")
	for i := range as {
		if i >= len(bs) || as[i] != bs[i] {
			return as[i] + "\n" + bs[min(i, len(bs)-1)]
		}
	}
	return ""
}

// TestBadInput: what is wrong is refused as Mastodon refuses it.
func TestBadInput(t *testing.T) {
	w := newWorld(t)
	w.private()
	long := strings.Repeat("あ", 10_000)
	w.made("open", "alice", "POST", "/api/v1/lists", `{"title":"open"}`)
	for _, c := range []struct {
		code       int
		what, body string
	}{
		// words of enumerations that nobody knows
		{422, "POST /api/v1/statuses", `{"status":"x","visibility":"everybody"}`}, {422, "POST /api/v1/statuses", `{"status":"x","content_type":"text/html"}`},
		{422, "POST /api/v1/statuses", `{"status":"x","quote_approval_policy":"some"}`}, {422, "PUT /api/v1/lists/{list}", `{"title":"x","replies_policy":"some"}`},
		{422, "POST /api/v2/filters", `{"title":"x","context":["garden"]}`}, {422, "POST /api/v2/filters", `{"title":"x","context":["home"],"filter_action":"burn"}`},
		{422, "PATCH /api/v2/notifications/policy", `{"for_bots":"shout"}`}, {422, "POST /api/v1/statuses/{post}/reblog", `{"visibility":"everybody"}`},
		{422, "POST /api/v1/push/subscription", `{"subscription":{"endpoint":"https://push.example/1"}}`}, {422, "PUT /api/v1/statuses/{mine}/interaction_policy", `{"quote_approval_policy":"x"}`},
		// other types
		{422, "POST /api/v1/statuses", `{"status":{"a":1}}`}, {422, "POST /api/v1/statuses", `{"status":"x","poll":{"options":"one","expires_in":600}}`}, {422, "POST /api/v1/statuses", `{"status":"x","poll":{"options":["a","b"],"expires_in":"soon"}}`},
		{422, "POST /api/v1/statuses", `{"status":"x","poll":{"options":["a","b"],"expires_in":-5}}`}, {404, "POST /api/v1/statuses", `{"status":"x","in_reply_to_id":"me"}`}, {422, "POST /api/v1/statuses", `{"status":"x","media_ids":"all"}`},
		{422, "POST /api/v1/statuses", `{"status":"x","scheduled_at":"soon"}`}, {422, "POST /api/v1/polls/{farpoll}/votes", `{"choices":"both"}`}, {422, "POST /api/v1/polls/{farpoll}/votes", `{"choices":[7]}`},
		{422, "POST /api/v1/accounts/{bob}/mute", `{"duration":"long"}`}, {422, "POST /api/v1/accounts/{bob}/follow", `{"languages":["klingon!"]}`},
		// too long
		{422, "POST /api/v1/lists", `{"title":"` + long + `"}`}, {422, "POST /api/v2/filters", `{"title":"` + long + `","context":["home"]}`}, {422, "PATCH /api/v1/accounts/update_credentials", `{"display_name":"` + long + `"}`},
		{422, "PATCH /api/v1/accounts/update_credentials", `{"fields_attributes":[{"name":"` + long + `","value":"x"}]}`}, {422, "POST /api/v1/collections", `{"name":"` + long + `"}`}, {422, "POST /api/v1/statuses", `{"status":"` + long + `"}`},
		{422, "POST /api/v1/accounts/{bob}/note", `{"comment":"` + long + `"}`}, {422, "POST /api/v1/featured_tags", `{"name":"` + long + `"}`}, {422, "POST /api/v1/reports", `{"account_id":"{bob}","comment":"` + long + `"}`},
		{422, "PUT /api/v1/media/{loose}", `{"description":"` + long + `b"}`},
		// nothing where something is needed
		{422, "POST /api/v1/statuses", `{}`}, {422, "POST /api/v1/lists", `{}`}, {422, "POST /api/v2/filters", `{"title":"x"}`}, {400, "GET /api/v2/search", ""}, {400, "GET /api/v1/accounts/lookup", ""},
		// nobody's ids
		{404, "GET /api/v1/accounts/99999999999999999999", ""}, {404, "GET /api/v1/statuses/-1", ""}, {404, "GET /api/v1/statuses/0x1", ""}, {404, "GET /api/v1/lists/1e3", ""}, {404, "POST /api/v1/accounts/7/follow", ""},
		{404, "GET /api/v1/collections/x", ""}, {404, "GET /api/v1/notifications/7", ""}, {404, "POST /api/v1/announcements/7/dismiss", ""},
	} {
		method, path, _ := strings.Cut(w.fill(c.what), " ")
		got := w.as("alice", method, path, w.fill(c.body))
		if got.Code != c.code || !strings.HasPrefix(got.Body.String(), `{"error":`) && !strings.Contains(got.Body.String(), `,"error":`) {
			t.Errorf("%s %s %.60s: %d %.200s; want %d", method, path, c.body, got.Code, got.Body, c.code)
		}
	}
	for op := range paged {
		w.edges(op)
	}
}

// edges asks a paged place beyond its ends, and with limits that are none.
func (w *world) edges(op string) {
	w.Helper()
	path := strings.TrimPrefix(op, "GET ")
	for _, fill := range []struct{ prefix, id string }{
		{"/api/v1/accounts/", "alice"}, {"/api/v1/timelines/list/", "list"}, {"/api/v1/lists/", "list"}, {"/api/v1/statuses/", "post"}, {"/api/v1/timelines/tag/", "tea"},
	} {
		if strings.HasPrefix(path, fill.prefix) {
			path = strings.Replace(path, "{}", orElse(w.things[fill.id], fill.id), 1)
		}
	}
	more := "?"
	if strings.HasSuffix(path, "/link") {
		path, more = path+"?url=https://news.example/a", "&"
	}
	past := "max_id=1"
	if strings.Contains(path, "/trends/") || strings.HasSuffix(path, "/directory") {
		past = "offset=9000"
	}
	if got := w.as("alice", "GET", path+more+past); got.Code != 200 || got.Body.String() != "[]" || got.Header().Get("Link") != "" {
		w.Errorf("%s past its end: %d %.200s %s", path, got.Code, got.Body, got.Header().Get("Link"))
	}
	if got := w.as("alice", "GET", path+more+"limit=-1"); got.Code != 400 {
		w.Errorf("%s with a negative limit: %d", path, got.Code)
	}
	if got := w.as("alice", "GET", path+more+"limit=many"); got.Code != 422 {
		w.Errorf("%s with a limit that is no number: %d", path, got.Code)
	}
	if got := w.as("alice", "GET", path+more+"limit=100000"); got.Code != 200 || len(decode[[]any](w.house, got.Body.Bytes())) > 200 {
		w.Errorf("%s without bound: %d", path, got.Code)
	}
}

// TestNoRequestBreaks: whatever stands in the parameters of whatever operation,
// no answer is a 5xx, and each is JSON.
func TestNoRequestBreaks(t *testing.T) {
	w := newWorld(t)
	w.private()
	names := strings.Fields(`status title name id account_id account_ids status_id status_ids context keyword phrase choices q acct domain url lang limit offset max_id min_id since_id
		visibility poll media_ids text starts_at ends_at published description focus subscription data home notifications comment languages duration timeline language order kind tag_name expires_in
		fields_attributes source supported_types types exclude_types grouped_types with_dismissed`)
	values := map[string]string{
		"NUL": `"a\u0000"`, "null": `null`, "list": `[null,[],{},1.5,"x"]`, "object": `{"a":{"b":[1]},"0":"x"}`, "big": `1e400`, "long": `"` + strings.Repeat("x", 10_000) + `"`, "surrogate": `"\ud800"`, "number": `-9223372036854775809`, "true": `true`,
	}
	for label, value := range values {
		var fields []string
		for _, n := range names {
			fields = append(fields, `"`+n+`":`+value)
		}
		body := "{" + strings.Join(fields, ",") + "}"
		t.Run(label, func(t *testing.T) { w.breaks(t, "", body) })
	}
	for label, value := range map[string]string{"no UTF-8": "%ff%fe", "NUL": "%00", "big": "99999999999999999999999", "brackets": "%5B%5D"} {
		q := url.Values{}
		for _, n := range names {
			q.Set(n, "V")
			q.Add(n+"[]", "V")
		}
		query := strings.ReplaceAll(q.Encode(), "=V", "="+value)
		t.Run("query "+label, func(t *testing.T) { w.breaks(t, query, "") })
	}
}

// breaks asks every operation, with things of alice and with what is no id.
func (w *world) breaks(t *testing.T, query, body string) {
	t.Helper()
	for i := range routes {
		pattern := routes[i].pattern
		if strings.Contains(pattern, "oauth/revoke") || strings.HasPrefix(pattern, "DELETE") {
			continue // they would take away what the others need
		}
		for _, id := range []string{"post", "alice", "%00", "%ff", "99999999999999999999"} {
			w.things["any"] = orElse(w.things[id], id)
			method, path := w.route(pattern, "")
			for strings.Contains(path, "{") {
				i, j := strings.IndexByte(path, '{'), strings.IndexByte(path, '}')
				path = path[:i] + w.things["any"] + path[j+1:]
			}
			if query != "" {
				path += "?" + query
			}
			args := []string{}
			if body != "" && method != "GET" {
				args = append(args, body)
			}
			got := w.as("alice", method, path, args...)
			if got.Code >= 500 && got.Code != 501 {
				t.Errorf("%s %.100s: %d %.200s", method, path, got.Code, got.Body)
			}
			if kind := got.Header().Get("Content-Type"); !strings.HasPrefix(kind, "application/json") {
				t.Errorf("%s %.100s: %d is %q", method, path, got.Code, kind)
			}
		}
	}
	if got := w.as("alice", "GET", "/api/v1/accounts/verify_credentials"); got.Code != 200 {
		t.Fatal(fmt.Sprint("alice is not herself any more: ", got.Code))
	}
}
