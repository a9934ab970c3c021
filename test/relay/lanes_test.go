package relay_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"engawa/internal/clock"
	"engawa/internal/testca"
	"engawa/network/nostr"
	x "engawa/network/x/fake"
	"engawa/test/binary"
	"engawa/test/peers"
	"engawa/test/toot"
)

// veranda is hana's home and what she reads there: two more homes, Bluesky and a
// Nostr relay. Kuro lives in the same home and has linked nothing.
type veranda struct {
	testing.TB
	homes      map[string]*binary.Home // by domain
	hana, kuro *client
	far        map[string]*client // hana's accounts at the other homes, by domain
	bo         *client            // at one.test, whom they follow
	sky        *peers.BlueskyNetwork
	alice      *peers.BlueskyPerson // hana on Bluesky
	boSky      *peers.BlueskyPerson
	relay      *world // the part of it that asks the relay
	key, boKey nostr.Key
	watcher    nostr.Key // a key that hana only reads with
	caro       nostr.Key // whom it follows
	x          *x.X
	xMe        *x.User
	links      map[string]string // ids by name
	lists      map[string]string // of lanes, by the name of the link
}

func newVeranda(t *testing.T) *veranda {
	t.Helper()
	v := &veranda{TB: t, homes: map[string]*binary.Home{}, far: map[string]*client{}, links: map[string]string{}, lists: map[string]string{}}
	v.sky = peers.Bluesky(t)
	v.relay = &world{tb: t, relay: peers.Nostr(t, false)}
	v.x = x.New(t, clock.System)
	v.x.Base = "https://api.x.com"
	v.xMe = v.x.Join("hana")
	v.start(t)
	v.hana, v.kuro = user(t, v.homes["home.test"], "home.test", "hana"), user(t, v.homes["home.test"], "home.test", "kuro")
	v.bo = user(t, v.homes["one.test"], "one.test", "bo")
	for _, domain := range []string{"one.test", "two.test"} {
		v.far[domain] = user(t, v.homes[domain], domain, "hana")
		v.follow(v.far[domain], "bo@one.test")
	}
	v.follow(v.hana, "bo@one.test")
	v.alice, v.boSky = v.sky.Person("alice"), v.sky.Person("bo-chan")
	v.sky.Call(v.alice, http.MethodPost, "com.atproto.repo.createRecord", obj{"repo": v.alice.DID, "collection": "app.bsky.graph.follow",
		"record": obj{"subject": v.boSky.DID, "createdAt": time.Now().UTC().Format(time.RFC3339)}}, nil)
	for _, k := range []*nostr.Key{&v.key, &v.boKey, &v.watcher, &v.caro} {
		key, err := nostr.NewKey()
		if err != nil {
			t.Fatal(err)
		}
		*k = key
	}
	v.relay.publish(v.key, &nostr.Event{Kind: 3, At: time.Now().Unix(), Tags: [][]string{{"p", v.boKey.Public()}}})
	v.relay.publish(v.watcher, &nostr.Event{Kind: 3, At: time.Now().Unix(), Tags: [][]string{{"p", v.caro.Public()}}})
	return v
}

// start starts the three homes, which know one another.
func (v *veranda) start(t *testing.T) {
	t.Helper()
	ca, err := testca.New()
	if err != nil {
		t.Fatal(err)
	}
	files, err := ca.Write(t.TempDir(), "roots", "unused.test")
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := ca.Leaf("plc.directory", "api.x.com")
	if err != nil {
		t.Fatal(err)
	}
	hosts := []string{"plc.directory=" + newGate(t, v.sky.PLC, &leaf).addr, "api.x.com=" + newGate(t, v.x.URL, &leaf).addr, "nostr.test=" + strings.TrimPrefix(v.relay.relay.URL, "ws://")}
	gates := map[string]*gate{}
	for _, domain := range []string{"home.test", "one.test", "two.test"} {
		gates[domain] = newGate(t, "http://127.0.0.1:1", nil)
		hosts = append(hosts, domain+"="+gates[domain].addr)
	}
	for domain, g := range gates {
		h := binary.New(t, "ENGAWA_DOMAIN="+domain, "ENGAWA_URL=http://"+domain, "ENGAWA_ALLOW_HTTP=true", "ENGAWA_ALLOW_NETWORKS=127.0.0.0/8",
			"ENGAWA_EXTRA_ROOTS="+files.CA, "ENGAWA_HOSTS="+strings.Join(hosts, ","), "ENGAWA_LOG=info")
		h.Start()
		g.lead("http://" + h.Addr)
		v.homes[domain] = h
	}
}

// follow lets c follow somebody, and waits until it is accepted.
func (v *veranda) follow(c *client, handle string) {
	v.Helper()
	var found struct{ Accounts []struct{ ID string } }
	c.call("GET", "/api/v2/search?resolve=true&type=accounts&q="+url.QueryEscape("@"+handle), nil, &found)
	if len(found.Accounts) != 1 {
		v.Fatalf("%s does not find %s", c.host, handle)
	}
	id := found.Accounts[0].ID
	c.call("POST", "/api/v1/accounts/"+id+"/follow", nil, nil)
	var rel []struct{ Following bool }
	until(v, c.host+" follows "+handle, func() bool {
		c.call("GET", "/api/v1/accounts/relationships?id[]="+id, nil, &rel)
		return len(rel) == 1 && rel[0].Following
	}, func() any { return rel })
}

// timeline is a timeline's page.
func (c *client) timeline(path string) (list []status) {
	c.tb.Helper()
	c.call("GET", path, nil, &list)
	return list
}

// saying are those of a list that say text.
func saying(list []status, text string) []status {
	return slices.DeleteFunc(list, func(s status) bool { return !strings.Contains(s.Content, text) })
}

// onSky lets somebody say something on Bluesky.
func (v *veranda) onSky(p *peers.BlueskyPerson, text string, more obj) string {
	v.Helper()
	r := obj{"$type": "app.bsky.feed.post", "text": text, "createdAt": time.Now().UTC().Format("2006-01-02T15:04:05.000Z")}
	for k, x := range more {
		r[k] = x
	}
	var out struct{ URI string }
	v.sky.Call(p, http.MethodPost, "com.atproto.repo.createRecord", obj{"repo": p.DID, "collection": "app.bsky.feed.post", "record": r}, &out)
	return out.URI
}

// records are what p has in a collection on Bluesky.
func (v *veranda) records(p *peers.BlueskyPerson, collection string) (out []struct {
	URI, CID string
	Value    struct {
		Text    string
		Subject struct{ URI string }
		Reply   *struct{ Root, Parent struct{ URI string } }
	}
}) {
	v.Helper()
	in := struct{ Records any }{&out}
	v.sky.Call(p, http.MethodGet, "com.atproto.repo.listRecords?limit=100&collection="+collection+"&repo="+p.DID, nil, &in)
	return out
}

// read links everything and switches the lanes on, all merged into Home.
func (v *veranda) read() {
	v.Helper()
	v.sky.Settle()
	for domain, c := range v.far {
		name, _, _ := strings.Cut(domain, ".")
		v.links[name] = v.hana.link("mastodon", name, "http://"+domain, map[string]string{"token": c.token})
	}
	v.links["sky"] = v.hana.link("bluesky", "sky", v.sky.PDS, map[string]string{"handle": v.alice.Handle, "password": v.alice.AppPassword})
	v.links["nostr"] = v.hana.link("nostr", "nostr", "", map[string]string{"key": v.key.Nsec(), "relays": "ws://nostr.test"})
	v.links["watcher"] = v.hana.link("nostr", "watcher", "", map[string]string{"key": v.watcher.Npub(), "relays": "ws://nostr.test"})
	v.links["x"] = v.hana.link("x", "x", "", map[string]string{"consumerKey": v.x.App.ConsumerKey, "consumerSecret": v.x.App.ConsumerSecret,
		"token": v.xMe.Token, "tokenSecret": v.xMe.TokenSecret})
	if code, said := v.hana.ask("PATCH", "/api/engawa/v1/lanes/"+v.links["x"], obj{"read": true}); code == http.StatusOK {
		v.Errorf("X, where reading costs money, is read unasked: %s", said)
	}
	v.hana.call("PATCH", "/api/engawa/v1/links/"+v.links["x"], obj{"settings": obj{"read": true}}, nil)
	v.hana.call("POST", "/api/engawa/v1/links/"+v.links["x"]+"/check", nil, nil)
	for name, id := range v.links {
		var lane struct {
			List string `json:"list_id"`
		}
		v.hana.call("PATCH", "/api/engawa/v1/lanes/"+id, obj{"read": true, "merge": name != "watcher"}, &lane)
		v.lists[name] = lane.List
	}
}

// lane waits until a lane's list shows a text, and gives its entry.
func (v *veranda) lane(name, text string) *status {
	v.Helper()
	var list []status
	until(v, text+" in the lane "+name, func() bool {
		list = v.hana.timeline("/api/v1/timelines/list/" + v.lists[name] + "?limit=40")
		return len(saying(slices.Clone(list), text)) > 0
	}, func() any { return fmt.Sprintf("%+v", list) })
	return &saying(list, text)[0]
}

const (
	morning = "朝の庭をあるく。今日は霜がおりていた。"
	onlySky = "ここだけの話：猫が縁側で寝ている。"
	onlyKey = "鍵のある人の話：夜の庭。"
	calling = "はじめまして、庭の写真をありがとう。"
	callSky = "空から呼んでいます、聞こえますか。"
	callKey = "鍵をもつ人から呼んでいます。"
	onlyX   = "エックスだけの話：月がきれい。"
)

// TestLanesFolded: what comes by two linked servers, by our own federation, by
// Bluesky and by Nostr is one entry; mentions reach notifications, lane and Home;
// who has no link sees none of it. What is answered with Debian's toot happens
// where it was said.
func TestLanesFolded(t *testing.T) {
	v := newVeranda(t)
	said := v.bo.post(morning, "")
	v.onSky(v.boSky, morning, obj{"bridgyOriginalUrl": said.URI})
	sky := v.onSky(v.boSky, onlySky, nil)
	v.relay.publish(v.boKey, &nostr.Event{Kind: 1, At: time.Now().Unix(), Tags: [][]string{{"proxy", said.URI, "activitypub"}}, Content: morning})
	v.relay.publish(v.caro, &nostr.Event{Kind: 1, At: time.Now().Unix(), Tags: [][]string{}, Content: onlyKey})
	for _, c := range []*client{v.hana, v.far["one.test"], v.far["two.test"]} {
		until(v, "bo's post at "+c.host, func() bool { return len(saying(c.timeline("/api/v1/timelines/home"), morning)) == 1 }, func() any { return "nothing" })
	}
	v.call()
	poe := v.x.Say(v.x.Join("poe"), onlyX, "", "")
	v.read()
	v.folded()
	v.mentioned()
	v.answered(sky)
	v.refused()
	v.refusedLater(poe.ID)
	v.changed()
	v.feedback()
	v.gap()
	v.unseen()
}

// folded: one entry in Home and in each lane, and its stack names all four lanes.
func (v *veranda) folded() {
	v.Helper()
	var entry *status
	for _, name := range []string{"one", "two", "sky", "nostr"} {
		entry = v.lane(name, morning)
		if all := saying(v.hana.timeline("/api/v1/timelines/list/"+v.lists[name]+"?limit=40"), morning); len(all) != 1 {
			v.Errorf("%d entries in the lane %s", len(all), name)
		}
	}
	home := saying(v.hana.timeline("/api/v1/timelines/home?limit=40"), morning)
	if len(home) != 1 {
		v.Fatalf("Home has %d entries: %+v", len(home), home)
	}
	v.lane("watcher", onlyKey)
	if list := saying(v.hana.timeline("/api/v1/timelines/home?limit=40"), onlyKey); len(list) != 0 {
		v.Errorf("a lane that is not merged is in Home: %+v", list)
	}
	for _, id := range []string{home[0].ID, entry.ID} {
		var stack struct {
			Posts []struct {
				Grade  int
				SeenIn []struct{ Link string } `json:"seen_in"`
			}
		}
		v.hana.call("GET", "/api/engawa/v1/posts/"+id+"/folds", nil, &stack)
		var lanes []string
		for _, p := range stack.Posts {
			for _, s := range p.SeenIn {
				lanes = append(lanes, s.Link)
			}
		}
		slices.Sort(lanes)
		if !slices.Equal(lanes, []string{"nostr", "one", "sky", "two"}) {
			v.Errorf("the stack was seen in %q: %+v", lanes, stack)
		}
	}
}

// answered: a reply, a favourite and a boost with toot are native ones on Bluesky.
func (v *veranda) answered(sky string) {
	v.Helper()
	id := v.lane("sky", onlySky).ID
	app := toot.New(v, "http://"+v.homes["home.test"].Addr, "")
	app.UseToken("hana", v.hana.token)
	app.Run("post", "いい縁側ですね", "--reply-to", id)
	app.Run("favourite", id)
	app.Run("reblog", id)
	until(v, "the reply on Bluesky", func() bool { return len(v.records(v.alice, "app.bsky.feed.post")) > 0 }, func() any { return v.hana.timeline("/api/v1/notifications") })
	posts := v.records(v.alice, "app.bsky.feed.post")
	if p := posts[0].Value; len(posts) != 1 || p.Text != "いい縁側ですね" || p.Reply == nil || p.Reply.Parent.URI != sky || p.Reply.Root.URI != sky {
		v.Errorf("hana has on Bluesky %+v", posts)
	}
	for _, collection := range []string{"app.bsky.feed.like", "app.bsky.feed.repost"} {
		until(v, collection, func() bool { return len(v.records(v.alice, collection)) > 0 }, func() any { return "none" })
		if list := v.records(v.alice, collection); len(list) != 1 || list[0].Value.Subject.URI != sky {
			v.Errorf("%s: %+v", collection, list)
		}
	}
	v.sky.Settle()
	var thread struct {
		Thread struct {
			Post    struct{ LikeCount, RepostCount int }
			Replies []struct {
				Post struct{ Author struct{ DID string } }
			}
		}
	}
	v.sky.Call(v.boSky, http.MethodGet, "app.bsky.feed.getPostThread?uri="+url.QueryEscape(sky), nil, &thread)
	if got := thread.Thread; got.Post.LikeCount != 1 || got.Post.RepostCount != 1 || len(got.Replies) != 1 || got.Replies[0].Post.Author.DID != v.alice.DID {
		v.Errorf("bo sees %+v", got)
	}
	app.Run("unfavourite", id)
	until(v, "the favourite taken back", func() bool { return len(v.records(v.alice, "app.bsky.feed.like")) == 0 }, func() any { return "it is there" })
}

// unseen: kuro finds nothing of all that.
func (v *veranda) unseen() {
	v.Helper()
	for _, path := range []string{"/api/v1/timelines/home", "/api/v1/timelines/public", "/api/v1/timelines/public?remote=true", "/api/v1/notifications", "/api/v1/lists",
		"/api/engawa/v1/lanes", "/api/engawa/v1/links"} {
		code, said := v.kuro.ask("GET", path, nil)
		for _, text := range []string{onlySky, onlyKey, onlyX, calling, callSky, callKey, "nostr", "bsky"} {
			if code != http.StatusOK || strings.Contains(string(said), text) {
				v.Errorf("kuro at %s: %d %s", path, code, said)
			}
		}
	}
	for name, text := range map[string]string{"sky": onlySky, "watcher": onlyKey, "one": calling, "nostr": callKey, "x": onlyX} {
		post := v.lane(name, text)
		for _, path := range []string{"/api/v1/statuses/" + post.ID, "/api/v1/statuses/" + post.ID + "/context", "/api/v1/timelines/list/" + v.lists[name], "/api/engawa/v1/posts/" + post.ID + "/folds"} {
			if code, said := v.kuro.ask("GET", path, nil); code != http.StatusNotFound {
				v.Errorf("kuro at %s: %d %s", path, code, said)
			}
		}
		var found struct{ Statuses []status }
		v.kuro.call("GET", "/api/v2/search?type=statuses&q="+url.QueryEscape(text), nil, &found)
		if len(found.Statuses) != 0 {
			v.Errorf("kuro finds %+v", found)
		}
	}
}
