package mastodon

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
)

// ask is one request of the contract: who ("": a stranger), what, with which
// body, and the status, 200 where none is told. In paths and bodies {names}
// stand for things of the world. upload sends a file.
type ask struct {
	as, what, body string
	code           int
}

// empties are asked in a house where nobody did anything.
var empties = strings.Fields(`
/api/v1/instance /api/v2/instance /api/v1/instance/rules /api/v1/instance/peers /api/v1/instance/activity /api/v1/instance/domain_blocks /api/v1/instance/extended_description
/api/v1/instance/privacy_policy /api/v1/instance/translation_languages /api/v1/custom_emojis /api/v1/announcements /api/v1/annual_reports /api/v1/directory
/api/v1/accounts/verify_credentials /api/v1/profile /api/v1/preferences /api/v1/markers /api/v1/favourites /api/v1/bookmarks /api/v1/blocks /api/v1/mutes /api/v1/domain_blocks
/api/v1/follow_requests /api/v1/followed_tags /api/v1/featured_tags /api/v1/featured_tags/suggestions /api/v1/endorsements /api/v1/suggestions /api/v2/suggestions
/api/v1/scheduled_statuses /api/v1/timelines/home /api/v1/timelines/public /api/v1/timelines/tag/none /api/v1/timelines/direct /api/v1/conversations /api/v1/lists
/api/v1/filters /api/v2/filters /api/v1/notifications /api/v2/notifications /api/v1/notifications/requests /api/v1/notifications/unread_count /api/v2/notifications/unread_count
/api/v2/notifications/policy /api/v1/notifications/requests/merged /api/v2/search?q=none /api/v1/trends/tags /api/v1/trends/links /api/v1/trends/statuses /api/v1/tags/none
/api/v1/accounts/{bob} /api/v1/accounts/{bob}/statuses /api/v1/accounts/{bob}/followers /api/v1/accounts/{bob}/following /api/v1/accounts/{bob}/featured_tags
/api/v1/accounts/{bob}/lists /api/v1/accounts/{bob}/endorsements /api/v1/accounts/{bob}/identity_proofs /api/v1/accounts/{bob}/collections /api/v1/accounts/{bob}/in_collections
/api/v1/accounts/{carol} /api/v1/accounts/{carol}/statuses /api/v1/accounts/relationships?id[]={bob} /api/v1/accounts/familiar_followers?id[]={bob} /api/v1/accounts/search?q=none`)

// fulls are asked in the world, in this order: what is destroyed comes last.
var fulls = []ask{
	{"", "GET /api/v1/instance", "", 0}, {"", "GET /api/v2/instance", "", 0}, {"alice", "GET /api/v1/instance/domain_blocks", "", 0},
	{"", "GET /api/v1/instance/rules", "", 0}, {"", "GET /api/v1/instance/extended_description", "", 0}, {"", "GET /api/v1/instance/privacy_policy", "", 0},
	{"", "GET /api/v1/instance/terms_of_service", "", 0}, {"", "GET /api/v1/instance/terms_of_service/{day}", "", 0},
	{"", "GET /api/v1/instance/peers", "", 0}, {"", "GET /api/v1/instance/activity", "", 0}, {"", "GET /api/v1/instance/translation_languages", "", 0},
	{"", "GET /api/v1/custom_emojis", "", 0}, {"", "GET /health", "", 0}, {"", "GET /.well-known/oauth-authorization-server", "", 0},
	{"", "GET /api/oembed?url=https://home.example/@alice/{post}", "", 0}, {"", "GET /api/v1/directory", "", 0},
	{"alice", "GET /api/v1/announcements", "", 0}, {"alice", "GET /api/v1/annual_reports", "", 0}, {"alice", "GET /api/v1/annual_reports/2025/state", "", 0},
	{"alice", "POST /api/v1/annual_reports/2025/generate", "", 0}, {"alice", "GET /api/v1/annual_reports/2025", "", 404}, {"alice", "POST /api/v1/annual_reports/2025/read", "", 404},

	{"", "POST /api/v1/apps", `{"client_name":"Test","redirect_uris":"urn:ietf:wg:oauth:2.0:oob","scopes":"read write"}`, 0},
	{"", "POST /oauth/token", `{"grant_type":"client_credentials","client_id":"{client_id}","client_secret":"{client_secret}","scope":"read"}`, 0},
	{"app", "GET /api/v1/apps/verify_credentials", "", 0}, {"alice", "GET /oauth/userinfo", "", 0},

	{"alice", "GET /api/v1/accounts?id[]={bob}&id[]={carol}", "", 0}, {"", "GET /api/v1/accounts/{alice}", "", 0}, {"alice", "GET /api/v1/accounts/{carol}", "", 0},
	{"alice", "GET /api/v1/accounts/verify_credentials", "", 0}, {"alice", "PATCH /api/v1/accounts/update_credentials", `{"note":"hello #tea","source":{"language":"ja"}}`, 0},
	{"alice", "GET /api/v1/accounts/relationships?id[]={bob}&id[]={carol}", "", 0}, {"alice", "GET /api/v1/accounts/familiar_followers?id[]={bob}", "", 0},
	{"alice", "GET /api/v1/accounts/search?q=bob", "", 0}, {"", "GET /api/v1/accounts/lookup?acct=carol@far.example", "", 0},
	{"alice", "GET /api/v1/accounts/{alice}/statuses", "", 0}, {"alice", "GET /api/v1/accounts/{carol}/statuses", "", 0}, {"", "GET /api/v1/accounts/{alice}/statuses?only_media=true", "", 0},
	{"alice", "GET /api/v1/accounts/{alice}/followers", "", 0}, {"alice", "GET /api/v1/accounts/{alice}/following", "", 0}, {"", "GET /api/v1/accounts/{alice}/featured_tags", "", 0},
	{"alice", "GET /api/v1/accounts/{bob}/lists", "", 0}, {"", "GET /api/v1/accounts/{alice}/endorsements", "", 0}, {"alice", "GET /api/v1/accounts/{bob}/identity_proofs", "", 0},
	{"bob", "GET /api/v1/accounts/{alice}/collections", "", 0}, {"bob", "GET /api/v1/accounts/{bob}/in_collections", "", 0},
	{"alice", "POST /api/v1/accounts/{carol}/follow", `{"notify":true,"languages":["ja"]}`, 0}, {"alice", "POST /api/v1/accounts/{carol}/note", `{"comment":"tea"}`, 0},
	{"alice", "POST /api/v1/accounts/{gus}/block", "", 0}, {"alice", "GET /api/v1/blocks", "", 0}, {"alice", "POST /api/v1/accounts/{gus}/unblock", "", 0},
	{"alice", "POST /api/v1/accounts/{gus}/mute", `{"duration":600}`, 0}, {"alice", "GET /api/v1/mutes", "", 0}, {"alice", "POST /api/v1/accounts/{gus}/unmute", "", 0},
	{"alice", "POST /api/v1/accounts/{bob}/endorse", "", 0}, {"alice", "GET /api/v1/endorsements", "", 0}, {"alice", "POST /api/v1/accounts/{bob}/unendorse", "", 0},
	{"alice", "POST /api/v1/accounts/{bob}/pin", "", 0}, {"alice", "POST /api/v1/accounts/{bob}/unpin", "", 0},
	{"alice", "GET /api/v1/follow_requests", "", 0}, {"alice", "POST /api/v1/follow_requests/{erin}/authorize", "", 0}, {"alice", "POST /api/v1/follow_requests/{newer}/reject", "", 0},
	{"alice", "POST /api/v1/accounts/{erin}/remove_from_followers", "", 0},
	{"alice", "GET /api/v1/profile", "", 0}, {"alice", "PATCH /api/v1/profile", `{"display_name":"Alice"}`, 0}, {"alice", "DELETE /api/v1/profile/avatar", "", 0}, {"alice", "DELETE /api/v1/profile/header", "", 0},
	{"alice", "GET /api/v1/preferences", "", 0}, {"alice", "GET /api/v1/markers?timeline[]=home", "", 0}, {"alice", "POST /api/v1/markers", `{"notifications":{"last_read_id":"{note}"}}`, 0},
	{"alice", "GET /api/v1/suggestions", "", 0}, {"alice", "GET /api/v2/suggestions", "", 0}, {"alice", "DELETE /api/v1/suggestions/{dave}", "", 0},

	{"alice", "GET /api/v1/timelines/home", "", 0}, {"", "GET /api/v1/timelines/public", "", 0}, {"alice", "GET /api/v1/timelines/public?remote=true", "", 0}, {"alice", "GET /api/v1/timelines/tag/tea", "", 0},
	{"alice", "GET /api/v1/timelines/list/{list}", "", 0}, {"", "GET /api/v1/timelines/link?url=https://news.example/a", "", 0}, {"alice", "GET /api/v1/timelines/direct", "", 0},
	{"", "GET /api/v1/trends/tags", "", 0}, {"alice", "GET /api/v1/trends/statuses", "", 0}, {"", "GET /api/v1/trends/links", "", 0},
	{"alice", "GET /api/v1/conversations", "", 0}, {"alice", "POST /api/v1/conversations/{conversation}/read", "", 0},
	{"alice", "GET /api/v2/search?q=tea", "", 0}, {"alice", "GET /api/v2/search?q=carol@far.example", "", 0}, {"alice", "GET /api/v2/search?q=https://home.example/@alice/{post}", "", 0},
	{"alice", "GET /api/v1/followed_tags", "", 0}, {"alice", "GET /api/v1/tags/tea", "", 0}, {"", "GET /api/v1/tags/tea", "", 0}, {"alice", "POST /api/v1/tags/cake/follow", "", 0}, {"alice", "POST /api/v1/tags/cake/unfollow", "", 0},
	{"alice", "POST /api/v1/tags/cake/feature", "", 0}, {"alice", "POST /api/v1/tags/cake/unfeature", "", 0},
	{"alice", "GET /api/v1/featured_tags", "", 0}, {"alice", "GET /api/v1/featured_tags/suggestions", "", 0}, {"alice", "POST /api/v1/featured_tags", `{"name":"more"}`, 0},

	{"alice", "GET /api/v1/statuses?id[]={post}&id[]={far}", "", 0}, {"alice", "GET /api/v1/statuses/{post}", "", 0}, {"", "GET /api/v1/statuses/{post}", "", 0}, {"alice", "GET /api/v1/statuses/{far}", "", 0},
	{"alice", "GET /api/v1/statuses/{quote}", "", 0}, {"alice", "GET /api/v1/statuses/{rich}", "", 0}, {"alice", "GET /api/v1/statuses/{post}/context", "", 0}, {"alice", "GET /api/v1/statuses/{far}/context", "", 0},
	{"alice", "GET /api/v1/statuses/{mine}/history", "", 0}, {"alice", "GET /api/v1/statuses/{far}/history", "", 0}, {"alice", "GET /api/v1/statuses/{mine}/source", "", 0},
	{"alice", "GET /api/v1/statuses/{post}/favourited_by", "", 0}, {"", "GET /api/v1/statuses/{post}/reblogged_by", "", 0}, {"alice", "GET /api/v1/statuses/{rich}/quotes", "", 0},
	{"alice", "POST /api/v1/statuses", `{"status":"new","visibility":"unlisted"}`, 0}, {"alice", "POST /api/v1/statuses", `{"status":"later","scheduled_at":"2031-01-01T10:00:00Z"}`, 0},
	{"alice", "PUT /api/v1/statuses/{mine}", `{"status":"again"}`, 0}, {"alice", "PUT /api/v1/statuses/{mine}/interaction_policy", `{"quote_approval_policy":"followers"}`, 0},
	{"bob", "POST /api/v1/statuses/{rich}/favourite", "", 0}, {"bob", "POST /api/v1/statuses/{secret}/favourite", "", 404}, {"alice", "POST /api/v1/statuses/{far}/favourite", "", 0}, {"alice", "GET /api/v1/favourites", "", 0},
	{"alice", "POST /api/v1/statuses/{far}/unfavourite", "", 0}, {"alice", "POST /api/v1/statuses/{far}/reblog", "", 0}, {"alice", "POST /api/v1/statuses/{far}/unreblog", "", 0},
	{"alice", "POST /api/v1/statuses/{post}/bookmark", "", 0}, {"alice", "GET /api/v1/bookmarks", "", 0}, {"alice", "POST /api/v1/statuses/{post}/unbookmark", "", 0},
	{"alice", "POST /api/v1/statuses/{post}/mute", "", 0}, {"alice", "POST /api/v1/statuses/{post}/unmute", "", 0}, {"alice", "POST /api/v1/statuses/{mine}/pin", "", 0}, {"alice", "POST /api/v1/statuses/{mine}/unpin", "", 0},
	{"alice", "POST /api/v1/statuses/{rich}/translate", `{"lang":"ja"}`, 0}, {"alice", "POST /api/v1/statuses/{rich}/quotes/{quote}/revoke", "", 0},
	{"alice", "GET /api/v1/polls/{post}", "", 0}, {"", "GET /api/v1/polls/{post}", "", 0}, {"bob", "POST /api/v1/polls/{post}/votes", `{"choices":[0]}`, 0}, {"alice", "POST /api/v1/polls/{farpoll}/votes", `{"choices":[0,1]}`, 0}, {"alice", "GET /api/v1/polls/{farpoll}", "", 0},
	{"alice", "GET /api/v1_alpha/async_refreshes/job", "", 0},
	{"alice", "GET /api/v1/scheduled_statuses", "", 0}, {"alice", "GET /api/v1/scheduled_statuses/{scheduled}", "", 0}, {"alice", "PUT /api/v1/scheduled_statuses/{scheduled}", `{"scheduled_at":"2031-02-01T10:00:00Z"}`, 0}, {"alice", "DELETE /api/v1/scheduled_statuses/{scheduled}", "", 0},
	{"alice", "upload /api/v1/media", "", 0}, {"alice", "upload /api/v2/media", "", 0}, {"alice", "GET /api/v1/media/{loose}", "", 0}, {"alice", "PUT /api/v1/media/{loose}", `{"description":"d","focus":"0.1,0.2"}`, 0}, {"alice", "DELETE /api/v1/media/{loose}", "", 0},

	{"alice", "GET /api/v1/lists", "", 0}, {"alice", "POST /api/v1/lists", `{"title":"l","exclusive":true}`, 0}, {"alice", "GET /api/v1/lists/{list}", "", 0}, {"alice", "PUT /api/v1/lists/{list}", `{"title":"m","replies_policy":"none"}`, 0},
	{"alice", "GET /api/v1/lists/{list}/accounts", "", 0}, {"alice", "POST /api/v1/lists/{list}/accounts", `{"account_ids":["{carol}"]}`, 0}, {"alice", "DELETE /api/v1/lists/{list}/accounts", `{"account_ids":["{carol}"]}`, 0}, {"alice", "DELETE /api/v1/lists/{list}", "", 0},
	{"alice", "GET /api/v1/filters", "", 0}, {"alice", "GET /api/v1/filters/{keyword}", "", 0}, {"alice", "POST /api/v1/filters", `{"phrase":"p","context":["home"]}`, 0}, {"alice", "PUT /api/v1/filters/{v1}", `{"phrase":"q","context":["home"]}`, 0},
	{"alice", "GET /api/v2/filters", "", 0}, {"alice", "POST /api/v2/filters", `{"title":"t","context":["home"],"filter_action":"blur","expires_in":600}`, 0}, {"alice", "GET /api/v2/filters/{filter}", "", 0}, {"alice", "PUT /api/v2/filters/{filter}", `{"title":"u"}`, 0},
	{"alice", "GET /api/v2/filters/{filter}/keywords", "", 0}, {"alice", "POST /api/v2/filters/{filter}/keywords", `{"keyword":"k"}`, 0}, {"alice", "GET /api/v2/filters/keywords/{keyword}", "", 0}, {"alice", "PUT /api/v2/filters/keywords/{keyword}", `{"keyword":"k2"}`, 0},
	{"alice", "GET /api/v2/filters/{filter}/statuses", "", 0}, {"alice", "POST /api/v2/filters/{filter}/statuses", `{"status_id":"{post}"}`, 0}, {"alice", "GET /api/v2/filters/statuses/{filtered}", "", 0},
	{"alice", "DELETE /api/v2/filters/statuses/{filtered}", "", 0}, {"alice", "DELETE /api/v2/filters/keywords/{keyword}", "", 0}, {"alice", "DELETE /api/v2/filters/{filter}", "", 0}, {"alice", "DELETE /api/v1/filters/{v1}", "", 0},

	{"alice", "GET /api/v1/notifications", "", 0}, {"alice", "GET /api/v1/notifications?supported_types[]=mention", "", 0}, {"alice", "GET /api/v1/notifications/{note}", "", 0}, {"alice", "GET /api/v1/notifications/unread_count", "", 0},
	{"alice", "GET /api/v2/notifications", "", 0}, {"alice", "GET /api/v2/notifications?expand_accounts=partial_avatars", "", 0}, {"alice", "GET /api/v2/notifications/unread_count", "", 0},
	{"alice", "GET /api/v2/notifications/{group}", "", 0}, {"alice", "GET /api/v2/notifications/{group}/accounts", "", 0}, {"alice", "GET /api/v2/notifications/policy", "", 0}, {"alice", "PATCH /api/v2/notifications/policy", `{"for_bots":"drop"}`, 0},
	{"alice", "GET /api/v1/notifications/requests", "", 0}, {"alice", "GET /api/v1/notifications/requests/{request}", "", 0}, {"alice", "GET /api/v1/notifications/requests/merged", "", 0},
	{"alice", "POST /api/v1/notifications/requests/dismiss", `{"id":["12"]}`, 0}, {"alice", "POST /api/v1/notifications/requests/{request}/accept", "", 0}, {"alice", "POST /api/v1/notifications/requests/accept", `{"id":["12"]}`, 0}, {"alice", "POST /api/v1/notifications/requests/{held}/dismiss", "", 0},
	{"alice", "POST /api/v1/notifications/{note}/dismiss", "", 0}, {"alice", "POST /api/v2/notifications/{group2}/dismiss", "", 0}, {"alice", "POST /api/v1/notifications/clear", "", 0},

	{"alice", "GET /api/v1/push/subscription", "", 0}, {"alice", "PUT /api/v1/push/subscription", `{"data":{"alerts":{"follow":true}}}`, 0}, {"alice", "POST /api/v1/push/subscription", push, 0}, {"alice", "DELETE /api/v1/push/subscription", "", 0},
	{"alice", "POST /api/v1/reports", `{"account_id":"{carol}","status_ids":["{far}"],"comment":"c","category":"spam"}`, 0},
	{"alice", "GET /api/v1/domain_blocks", "", 0}, {"alice", "POST /api/v1/domain_blocks", `{"domain":"other.example"}`, 0}, {"alice", "DELETE /api/v1/domain_blocks", `{"domain":"other.example"}`, 0},
	{"alice", "PUT /api/v1/announcements/{announcement}/reactions/cup", "", 0}, {"alice", "DELETE /api/v1/announcements/{announcement}/reactions/cup", "", 0}, {"alice", "POST /api/v1/announcements/{announcement}/dismiss", "", 0},
	{"alice", "POST /api/v1/collections", `{"name":"x"}`, 0}, {"", "GET /api/v1/collections/{collection}", "", 0}, {"alice", "GET /api/v1/collections/{collection}", "", 0}, {"alice", "PATCH /api/v1/collections/{collection}", `{"name":"y"}`, 0},
	{"bob", "POST /api/v1/collections/{other}/items", `{"account_id":"{bob}"}`, 0}, {"alice", "POST /api/v1/collections/{other}/items/{theirs}/revoke", "", 0}, {"alice", "DELETE /api/v1/collections/{collection}/items/{item}", "", 0}, {"alice", "DELETE /api/v1/collections/{collection}", "", 0},
	{"alice", "DELETE /api/v1/featured_tags/{featured}", "", 0}, {"alice", "DELETE /api/v1/conversations/{conversation}", "", 0}, {"alice", "DELETE /api/v1/statuses/{rich}", "", 0},
	{"alice", "POST /api/v1/accounts/{carol}/unfollow", "", 0}, {"", "POST /oauth/revoke", `{"client_id":"{client_id}","client_secret":"{client_secret}","token":"none"}`, 0},
}

// elsewhere are the operations of the schema that other tests hold, and which.
var elsewhere = map[string]string{
	"POST /api/v1/accounts":                   "`TestNobodyLearnsWhoIsHere`, `TestJoinWithApproval`",
	"POST /api/v1/emails/confirmations":       "`TestNobodyLearnsWhoIsHere`",
	"GET /oauth/authorize":                    "`TestRedirectURIsAreExact`, `TestCheckAsk`, `TestExchange`",
	"GET /api/v1/streaming/direct":            "`TestWhichStreamHearsWhat`, `TestEventStream`",
	"GET /api/v1/streaming/hashtag":           "`TestWhichStreamHearsWhat`, `TestEventStream`",
	"GET /api/v1/streaming/hashtag/local":     "`TestWhichStreamHearsWhat`, `TestEventStream`",
	"GET /api/v1/streaming/health":            "`TestHeadersOnEveryRoute`",
	"GET /api/v1/streaming/list":              "`TestWhichStreamHearsWhat`, `TestEventStream`",
	"GET /api/v1/streaming/public":            "`TestWhichStreamHearsWhat`, `TestEventStream`",
	"GET /api/v1/streaming/public/local":      "`TestWhichStreamHearsWhat`, `TestEventStream`",
	"GET /api/v1/streaming/public/remote":     "`TestWhichStreamHearsWhat`, `TestEventStream`",
	"GET /api/v1/streaming/user":              "`TestWhichStreamHearsWhat`, `TestScopes`, `TestRevoked`",
	"GET /api/v1/streaming/user/notification": "`TestWhichStreamHearsWhat`, `TestScopes`",
}

// run asks, and holds the answer against the table and, where it is there,
// against the schema itself.
func (w *world) run(c *contract, s *schema, a ask, seen map[string]int) {
	w.Helper()
	method, path, _ := strings.Cut(w.fill(a.what), " ")
	var got *answer
	switch {
	case method == "upload":
		method = http.MethodPost
		got = w.upload(a.as, method, path)
	case a.body != "":
		got = w.as(a.as, method, path, w.fill(a.body))
	default:
		got = w.as(a.as, method, path)
	}
	want := a.code
	if want == 0 {
		want = http.StatusOK
	}
	what := method + " " + path + " as " + `"` + a.as + `"`
	if got.Code != want {
		w.Errorf("%s: %d %s; want %d", what, got.Code, got.Body, want)
		return
	}
	plain, _, _ := strings.Cut(path, "?")
	op := c.op(method, plain)
	if op == nil {
		w.Errorf("%s is no operation of the schema", what)
		return
	}
	seen[op.Op]++
	var v any
	if err := json.Unmarshal(got.Body.Bytes(), &v); err != nil {
		w.Errorf("%s: %v: %s", what, err, got.Body)
		return
	}
	kind, ok := op.Answers["200"]
	if want != http.StatusOK {
		kind, ok = failure, true
	}
	if !ok {
		w.Errorf("%s: the table has no type", what)
		return
	}
	wrong := c.fits(kind, v, "")
	for _, x := range wrong {
		w.Errorf("%s: %s", what, x)
	}
	if a.as != "" && want == http.StatusOK {
		w.signedIn(what, "", v)
	}
	if _, ok := paged[op.Op]; ok && len(got.Body.Bytes()) > 2 && strings.Count(got.Header().Get("Link"), "rel=") == 0 {
		w.Errorf("%s tells something and has no Link", what)
	}
	if s != nil && len(wrong) == 0 && want == http.StatusOK {
		s.answer(w.T, op, v)
	}
}

// TestContract: every operation of Mastodon's client API answers what it should,
// for things of this home and of others, where there is something and where
// there is nothing.
func TestContract(t *testing.T) {
	c := readContract(t)
	s := mayOpenSchema(t)
	seen := map[string]int{}
	bare := newHouse(t)
	empty := &world{house: bare, things: map[string]string{"bob": bare.ids["bob"].String(), "carol": bare.ids["carol"].String()}}
	for _, path := range empties {
		empty.run(c, s, ask{"alice", "GET " + path, "", 0}, seen)
	}
	w := newWorld(t)
	w.more()
	for _, a := range fulls {
		w.run(c, s, a, seen)
	}
	coverage(t, c, seen)
}

// paged are the operations whose answers lead on to the next page.
var paged = set(`GET /api/v1/accounts/{}/followers,GET /api/v1/accounts/{}/following,GET /api/v1/accounts/{}/statuses,GET /api/v1/accounts/{}/endorsements,GET /api/v1/endorsements,
GET /api/v1/blocks,GET /api/v1/mutes,GET /api/v1/bookmarks,GET /api/v1/favourites,GET /api/v1/domain_blocks,GET /api/v1/follow_requests,GET /api/v1/followed_tags,GET /api/v1/conversations,
GET /api/v1/timelines/home,GET /api/v1/timelines/public,GET /api/v1/timelines/tag/{},GET /api/v1/timelines/list/{},GET /api/v1/timelines/link,GET /api/v1/lists/{}/accounts,
GET /api/v1/notifications,GET /api/v1/notifications/requests,GET /api/v1/scheduled_statuses,GET /api/v1/statuses/{}/favourited_by,GET /api/v1/statuses/{}/reblogged_by,GET /api/v1/statuses/{}/quotes,
GET /api/v1/trends/tags,GET /api/v1/trends/links,GET /api/v1/trends/statuses,GET /api/v1/directory`)

func set(s string) map[string]bool {
	out := map[string]bool{}
	for part := range strings.SplitSeq(s, ",") {
		out[strings.TrimSpace(part)] = true
	}
	return out
}

// whenKnown are keys that may be missing for strangers only: by a key that the
// entity always has.
var whenKnown = map[string][]string{
	"favourites_count": {"favourited", "reblogged", "muted", "bookmarked", "filtered"},
	"voters_count":     {"voted", "own_votes"},
}

// signedIn reports what an answer to somebody who is logged in lacks.
func (w *world) signedIn(what, at string, v any) {
	w.Helper()
	switch v := v.(type) {
	case []any:
		for _, x := range v {
			w.signedIn(what, at+"[]", x)
		}
	case map[string]any:
		for always, keys := range whenKnown {
			if _, ok := v[always]; !ok {
				continue
			}
			for _, k := range keys {
				if _, ok := v[k]; !ok {
					w.Errorf("%s: %s lacks %s", what, at, k)
				}
			}
		}
		for k, x := range v {
			w.signedIn(what, at+"."+k, x)
		}
	}
}
