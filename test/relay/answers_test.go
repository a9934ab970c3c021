package relay_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"engawa/network/nostr"
)

// call lets people whom nobody follows call hana: on Bluesky and on Nostr.
func (v *veranda) call() {
	v.Helper()
	at := "@" + v.alice.Handle
	v.onSky(v.sky.Person("zoe-chan"), at+" "+callSky, obj{"facets": []obj{{"index": obj{"byteStart": 0, "byteEnd": len(at)},
		"features": []obj{{"$type": "app.bsky.richtext.facet#mention", "did": v.alice.DID}}}}})
	v.relay.publish(v.caro, &nostr.Event{Kind: 1, At: time.Now().Unix(), Tags: [][]string{{"p", v.key.Public()}}, Content: callKey})
}

// mentioned: who calls hana is among the notifications, in the lane's list, and
// in Home, each once.
func (v *veranda) mentioned() {
	v.Helper()
	user(v, v.homes["one.test"], "one.test", "zoe").post("@hana "+calling, "")
	type notice struct {
		Status  *status
		Account struct{ Acct string }
	}
	for name, text := range map[string]string{"one": calling, "sky": callSky, "nostr": callKey} {
		var list []notice
		says := func(n notice) bool { return n.Status != nil && strings.Contains(n.Status.Content, text) }
		until(v, "the mention by "+name, func() bool {
			v.hana.call("GET", "/api/v1/notifications?types[]=mention", nil, &list)
			return slices.ContainsFunc(list, says)
		}, func() any { return fmt.Sprintf("%+v", list) })
		if list = slices.DeleteFunc(list, func(n notice) bool { return !says(n) }); len(list) != 1 {
			v.Errorf("the mention by %s is told %d times: %+v", name, len(list), list)
		}
		v.lane(name, text)
		if home := saying(v.hana.timeline("/api/v1/timelines/home?limit=40"), text); len(home) != 1 {
			v.Errorf("the mention by %s stands in Home %d times", name, len(home))
		}
	}
}

// refused: with a key that only reads nothing can be answered, and the app is told why.
func (v *veranda) refused() {
	v.Helper()
	id := v.lane("watcher", onlyKey).ID
	for _, what := range []struct {
		path string
		body any
		word string
	}{
		{"/api/v1/statuses", obj{"status": "やあ", "in_reply_to_id": id}, "reply"},
		{"/api/v1/statuses/" + id + "/favourite", nil, "favourite"},
		{"/api/v1/statuses/" + id + "/reblog", nil, "boost"},
	} {
		code, said := v.hana.ask("POST", what.path, what.body)
		if code != http.StatusForbidden || !strings.Contains(string(said), "your account watcher (nostr) cannot "+what.word) {
			v.Errorf("POST %s: %d %s", what.path, code, said)
		}
	}
	if post := v.lane("watcher", onlyKey); post.Favourite || post.Reblogged {
		v.Errorf("something of it is left: %+v", post)
	}
}

// refusedLater: X lets an app answer only who called it. The favourite stands
// there; of the answer hana is told why not, and where to do it.
func (v *veranda) refusedLater(poe string) {
	v.Helper()
	id := v.lane("x", onlyX).ID
	v.hana.call("POST", "/api/v1/statuses/"+id+"/favourite", nil, nil)
	until(v, "the favourite on X", func() bool { return v.x.Did(v.xMe, "likes", poe) }, func() any { return v.x.Calls() })
	v.hana.post("ほんとうに", id)
	var talks []struct {
		Last status `json:"last_status"`
	}
	const why = "X does not let an app answer here"
	until(v, "the reason why not", func() bool {
		v.hana.call("GET", "/api/v1/conversations", nil, &talks)
		return len(talks) > 0 && strings.Contains(talks[0].Last.Content, why)
	}, func() any { return fmt.Sprintf("%+v", talks) })
	if list := v.x.Posts(v.xMe); len(list) != 0 {
		v.Errorf("on X stand %+v", list)
	}
}
