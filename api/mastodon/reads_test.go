package mastodon

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"engawa/social"
)

var linkNext = regexp.MustCompile(`<https://home\.example([^>]+)>; rel="next"`)

// pages follows rel="next" until there is none, and joins the ids.
func (h *house) pages(name, path string) (ids []string) {
	h.Helper()
	for n := 0; path != ""; n++ {
		if n > 20 {
			h.Fatal("the pages do not end")
		}
		w := h.get(name, path)
		if s := w.ids(); s != "" {
			ids = append(ids, strings.Split(s, " ")...)
		} else if l := w.Header().Get("Link"); l != "" && !strings.Contains(path, "offset") {
			// a page whose rows may all not be seen still leads on
			h.Logf("an empty page with a Link: %s", l)
		}
		m := linkNext.FindStringSubmatch(w.Header().Get("Link"))
		path = ""
		if m != nil {
			path = m[1]
		}
	}
	return ids
}

func TestHomePages(t *testing.T) {
	h := newHouse(t)
	h.follow("alice", "bob")
	h.follow("alice", "carol")
	var want []string
	for i := range 7 {
		who := []string{"bob", "carol"}[i%2]
		want = append([]string{h.post(who, fmt.Sprint("post ", i)).ID.String()}, want...)
	}
	got := h.pages("alice", "/api/v1/timelines/home?limit=3&only_x=1")
	if strings.Join(got, " ") != strings.Join(want, " ") {
		t.Errorf("Home is %v, not %v", got, want)
	}
	first := h.get("alice", "/api/v1/timelines/home?limit=3")
	link := first.Header().Get("Link")
	if !strings.Contains(link, "limit=3&max_id="+want[2]) || !strings.Contains(link, "min_id="+want[0]) {
		t.Errorf("Link is %s", link)
	}
	above := h.get("alice", "/api/v1/timelines/home?limit=2&min_id="+want[4]).ids()
	if above != want[2]+" "+want[3] {
		t.Errorf("directly above stands %s", above)
	}
	if l := h.get("alice", "/api/v1/timelines/home?max_id=1").Header().Get("Link"); l != "" {
		t.Errorf("an empty page has a Link: %s", l)
	}
}

func TestRowsPageByTheirOwnIDs(t *testing.T) {
	h := newHouse(t)
	var posts []social.ID
	for i := range 5 {
		posts = append(posts, h.post("bob", fmt.Sprint(i)).ID)
	}
	for _, i := range []int{3, 0, 4, 1, 2} { // not in the order of the Posts
		h.do(&social.Activity{Verb: social.Like, Actor: h.ids["alice"], Object: &social.ReactionDraft{Post: posts[i], Content: social.Favourite}})
		h.clock.Advance(1_000_000)
		h.must(h.api.Home.Bookmark(h.ctx(), social.Viewer{Actor: h.ids["alice"], User: true}, posts[i], true))
	}
	want := joined(posts[2], posts[1], posts[4], posts[0], posts[3])
	for _, place := range []string{"favourites", "bookmarks"} {
		if got := strings.Join(h.pages("alice", "/api/v1/"+place+"?limit=2"), " "); got != want {
			t.Errorf("%s are %s, not %s", place, got, want)
		}
	}
	if got := h.get("bob", "/api/v1/statuses/"+posts[0].String()+"/favourited_by").ids(); got != h.ids["alice"].String() {
		t.Errorf("favourited by %s", got)
	}
}

// TestAccess: who may use what.
func TestAccess(t *testing.T) {
	h := newHouse(t)
	p := h.post("bob", "hello").ID.String()
	only := h.post("bob", "followers", func(d *social.Draft) { d.Post.Audience = social.Followers }).ID.String()
	local := h.post("bob", "local", func(d *social.Draft) { d.Post.Audience = social.LocalOnly }).ID.String()
	app := h.token(0, "read")
	lists := h.token(h.ids["alice"], "read:lists")
	profile := h.token(h.ids["alice"], "profile")
	bob := h.ids["bob"].String()
	for _, c := range []struct {
		as, path string
		code     int
	}{
		{"", "/api/v1/timelines/home", 401}, {"alice", "/api/v1/timelines/home", 200}, {app, "/api/v1/timelines/home", 422}, {lists, "/api/v1/timelines/home", 403},
		{"wrong", "/api/v1/timelines/public", 401}, {"", "/api/v1/timelines/public", 200}, {app, "/api/v1/timelines/public", 200},
		{"", "/api/v1/timelines/tag/tea", 200}, {"", "/api/v1/statuses/" + p, 200}, {"", "/api/v1/statuses/" + p + "/context", 200},
		{"", "/api/v1/statuses/" + only, 404}, {"alice", "/api/v1/statuses/" + only, 404}, {"bob", "/api/v1/statuses/" + only, 200},
		{"", "/api/v1/statuses/" + local, 404}, {"alice", "/api/v1/statuses/" + local, 200}, {"alice", "/api/v1/statuses/nonsense", 404},
		{"", "/api/v1/accounts/" + bob + "/statuses", 200}, {"", "/api/v1/accounts/" + bob, 200}, {"", "/api/v1/accounts/12", 404},
		{"", "/api/v1/accounts/lookup?acct=bob", 200}, {"", "/api/v1/accounts/lookup?acct=@bob@home.example", 200}, {"", "/api/v1/accounts/lookup?acct=carol@far.example", 200},
		{"", "/api/v1/accounts/lookup?acct=nobody", 404}, {"", "/api/v1/accounts/lookup", 400}, {"", "/api/v1/accounts/search?q=bob", 401},
		{profile, "/api/v1/accounts/verify_credentials", 200}, {profile, "/api/v1/preferences", 403}, {app, "/api/v1/apps/verify_credentials", 200},
		{"", "/api/v2/search?q=bob", 200}, {"", "/api/v2/search?q=bob&resolve=true", 401}, {"alice", "/api/v2/search", 400},
		{"alice", "/api/v1/timelines/home?limit=-1", 400}, {"alice", "/api/v1/trends/tags?offset=-1", 400}, {"alice", "/api/v1/timelines/home?max_id=x", 422},
		{"alice", "/api/v1/lists/1", 404}, {"alice", "/api/v1/timelines/list/1", 404}, {"alice", "/api/v2/notifications/favourite-1-x", 404},
		{"alice", "/api/v2/notifications/favourite-1-495000", 404}, {"alice", "/api/v2/filters/1/what", 404}, {"", "/api/v1/nowhere", 404}, {"", "/health", 200},
	} {
		if w := h.as(c.as, "GET", c.path); w.Code != c.code {
			t.Errorf("GET %s as %q: %d, not %d: %s", c.path, c.as, w.Code, c.code, w.Body)
		}
	}
}

func TestMultiGetIsBounded(t *testing.T) {
	h := newHouse(t)
	many := func(n int) string {
		q := url.Values{}
		for i := range n {
			q.Add("id[]", fmt.Sprint(i+1))
		}
		return q.Encode()
	}
	for path, most := range map[string]int{"/api/v1/statuses": 20, "/api/v1/accounts": 40} {
		if w := h.as("alice", "GET", path+"?"+many(most)); w.Code != 200 {
			t.Errorf("%s with %d ids: %d", path, most, w.Code)
		}
		if w := h.as("alice", "GET", path+"?"+many(most+1)); w.Code != 422 {
			t.Errorf("%s with one id too many: %d", path, w.Code)
		}
	}
	a, b := h.post("bob", "a").ID, h.post("bob", "b").ID
	if got := h.get("alice", "/api/v1/statuses?id[]="+b.String()+"&id[]=7&id[]="+a.String()).ids(); got != joined(b, a) {
		t.Errorf("in the order asked for: %s", got)
	}
}

// TestReadsDoNotGrow: a page of 20 asks the store as often as a page of 2.
func TestReadsDoNotGrow(t *testing.T) {
	h := newHouse(t)
	h.follow("alice", "bob")
	h.follow("alice", "carol")
	parent := h.post("bob", "parent")
	h.must(h.api.Home.Store.Write(h.ctx(), func(tx social.Tx) error {
		return tx.PutFilter(h.ctx(), &social.Filter{ID: h.newID(), User: h.ids["alice"], Title: "x", Contexts: []string{"home"}, Action: "warn", Keywords: []social.FilterKeyword{{ID: h.newID(), Keyword: "zzz"}}})
	}))
	for i := range 20 {
		who := []string{"bob", "carol"}[i%2]
		p := h.post(who, fmt.Sprint("answer ", i), func(d *social.Draft) {
			d.Post.ReplyTo, d.Post.ReplyToActor, d.Post.ReplyToURI = parent.ID, parent.Actor, parent.URI
			d.Post.Tags = []string{"tea"}
		})
		if i%3 == 0 {
			h.do(&social.Activity{Verb: social.Announce, Actor: h.ids["carol"], Origin: social.Federated, URI: "https://far.example/b/" + p.ID.String(), Object: &social.PostRef{Post: p.ID}})
		}
		h.do(&social.Activity{Verb: social.Like, Actor: h.ids["carol"], Origin: social.Federated, URI: "https://far.example/l/" + p.ID.String(), Object: &social.ReactionDraft{Post: p.ID, Content: social.Favourite}})
	}
	for _, path := range []string{
		"/api/v1/timelines/home", "/api/v1/timelines/public", "/api/v1/timelines/tag/tea", "/api/v1/favourites",
		"/api/v1/accounts/" + h.ids["bob"].String() + "/statuses", "/api/v1/notifications", "/api/v2/notifications", "/api/v1/followed_tags",
		"/api/v1/accounts/" + h.ids["bob"].String() + "/followers", "/api/v1/conversations", "/api/v1/directory", "/api/v1/blocks", "/api/v1/mutes",
	} {
		reads := func(limit string) int {
			h.get("bob", path+"?limit=2") // so that nothing is learnt in between
			h.count.reads = 0
			h.get("bob", path+"?limit="+limit)
			return h.count.reads
		}
		two, twenty := reads("2"), reads("20")
		most := 8
		if path == "/api/v2/notifications" {
			two, most = twenty, groupReads*3+1 // a group may hold many rows: a bounded number of reads
		}
		if twenty > two {
			t.Errorf("%s: %d reads for 2, %d for 20", path, two, twenty)
		}
		if twenty > most {
			t.Errorf("%s: %d reads", path, twenty)
		}
	}
	id := parent.ID.String()
	h.count.reads = 0
	if got := h.get("alice", "/api/v1/statuses/"+id+"/context").object()["descendants"].([]any); len(got) != 20 {
		t.Errorf("%d answers, not 20", len(got))
	}
	if h.count.reads > 8 {
		t.Errorf("a thread: %d reads", h.count.reads)
	}
}

func TestAccountStatuses(t *testing.T) {
	h := newHouse(t)
	plain := h.post("bob", "plain")
	tagged := h.post("bob", "tagged", func(d *social.Draft) { d.Post.Tags = []string{"Tea"} })
	reply := h.post("bob", "reply", func(d *social.Draft) {
		p := h.post("alice", "root")
		d.Post.ReplyTo, d.Post.ReplyToActor, d.Post.ReplyToURI = p.ID, p.Actor, p.URI
	})
	boost := h.do(&social.Activity{Verb: social.Announce, Actor: h.ids["bob"], Object: &social.PostRef{Post: h.post("alice", "boosted").ID}}).Post
	h.do(&social.Activity{Verb: social.Add, Actor: h.ids["bob"], Object: &social.PostRef{Post: plain.ID}})
	base := "/api/v1/accounts/" + h.ids["bob"].String() + "/statuses"
	for query, want := range map[string]string{
		"":                       joined(boost.ID, reply.ID, tagged.ID, plain.ID),
		"?exclude_reblogs=true":  joined(reply.ID, tagged.ID, plain.ID),
		"?exclude_replies=1":     joined(boost.ID, tagged.ID, plain.ID),
		"?tagged=TEA":            joined(tagged.ID),
		"?pinned=true":           joined(plain.ID),
		"?only_media=true":       "",
		"?exclude_reblogs=false": joined(boost.ID, reply.ID, tagged.ID, plain.ID),
	} {
		if got := h.get("", base+query).ids(); got != want {
			t.Errorf("%s: %s, not %s", query, got, want)
		}
	}
	s := h.get("alice", "/api/v1/statuses/"+boost.ID.String()).object()
	if inner := s["reblog"].(object); inner["content"] != "<p>boosted</p>" || s["content"] != "" {
		t.Errorf("a boost is %v", s)
	}
}

func TestHiddenFollows(t *testing.T) {
	h := newHouse(t)
	h.follow("alice", "bob")
	base := "/api/v1/accounts/" + h.ids["bob"].String()
	if got := h.get("", base+"/followers").ids(); got != h.ids["alice"].String() {
		t.Errorf("followers: %s", got)
	}
	bob, err := h.api.Home.Store.Actor(h.ctx(), h.ids["bob"])
	h.must(err)
	next := *bob
	next.HideFollows = true
	h.write(func(tx social.Tx) error { return tx.PutActor(h.ctx(), &next) })
	if got := h.get("alice", base+"/followers").ids(); got != "" {
		t.Errorf("hidden followers: %s", got)
	}
	if got := h.get("bob", base+"/followers").ids(); got != h.ids["alice"].String() {
		t.Errorf("one's own followers: %s", got)
	}
	if acc := h.get("", base).object(); acc["hide_collections"] != true || acc["followers_count"] != 1.0 {
		t.Errorf("account: %v", acc)
	}
}

func TestHistoryAndSource(t *testing.T) {
	h := newHouse(t)
	p := h.post("bob", "one")
	h.clock.Advance(5e9)
	h.do(&social.Activity{Verb: social.Update, Actor: p.Actor, Object: &social.Draft{Post: social.Post{ID: p.ID, Kind: social.Note, Content: "<p>two</p>", Source: "two", Format: social.Plain}}})
	var texts []string
	for _, e := range h.get("", "/api/v1/statuses/"+p.ID.String()+"/history").list() {
		texts = append(texts, e["content"].(string))
	}
	if strings.Join(texts, "") != "<p>one</p><p>two</p>" {
		t.Errorf("history is %v", texts)
	}
	if s := h.get("bob", "/api/v1/statuses/"+p.ID.String()+"/source").object(); s["text"] != "two" {
		t.Errorf("source is %v", s)
	}
	h.follow("alice", "carol")
	far := h.post("carol", "from afar", func(d *social.Draft) { d.Post.Source = "" })
	if s := h.get("bob", "/api/v1/statuses/"+far.ID.String()+"/source").object(); s["text"] != "from afar" {
		t.Errorf("the source of a remote Post is %v", s)
	}
	if n := len(h.get("", "/api/v1/statuses/"+far.ID.String()+"/history").list()); n != 1 {
		t.Errorf("a Post that was never edited has %d versions", n)
	}
}

func TestLookingFillsAProfileOnceADay(t *testing.T) {
	h := newHouse(t)
	path := "/api/v1/accounts/" + h.ids["carol"].String() + "/statuses"
	jobs := func() (n int) {
		for _, j := range h.jobs {
			if j.Kind == social.JobProfile && j.Ref == h.ids["carol"] {
				n++
			}
		}
		return n
	}
	h.get("", path)
	if jobs() != 0 {
		t.Error("a stranger makes us fetch")
	}
	h.get("alice", path)
	h.get("bob", path)
	if jobs() != 1 {
		t.Errorf("%d jobs, not 1", jobs())
	}
	h.clock.Advance(25 * 3600e9)
	h.get("alice", path)
	if jobs() != 2 {
		t.Errorf("%d jobs the next day, not 2", jobs())
	}
}
