package relay_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

// changed: what bo edits changes in the lanes and in Home, what he deletes goes.
func (v *veranda) changed() {
	v.Helper()
	const before, after = "あとで直す話：きょうは雨。", "あとで直した話：きょうは晴れ。"
	places := []string{"/api/v1/timelines/home", "/api/v1/timelines/list/" + v.lists["one"], "/api/v1/timelines/list/" + v.lists["two"]}
	shows := func(text string, times int) {
		v.Helper()
		for _, path := range places {
			var list []status
			until(v, fmt.Sprintf("%q in %s %d times", text, path, times), func() bool {
				list = saying(v.hana.timeline(path+"?limit=40"), text)
				return len(list) == times
			}, func() any { return fmt.Sprintf("%+v", list) })
		}
	}
	said := v.bo.post(before, "")
	shows(before, 1)
	v.bo.call("PUT", "/api/v1/statuses/"+said.ID, obj{"status": after, "language": "ja"}, nil)
	shows(after, 1)
	shows(before, 0)
	v.bo.call("DELETE", "/api/v1/statuses/"+said.ID, nil, nil)
	shows(after, 0)
}

// feedback: bo answers and likes a copy on Bluesky; that stands under hana's own
// post, and is told as one about it.
func (v *veranda) feedback() {
	v.Helper()
	const asking, answer = "縁側で本を読む人はいますか。", "ここにいます、毎朝です。"
	v.hana.rules("[[rule]]\nwhen.tag_any = [\"sky\"]\nto = [\"sky\"]\nlimit.hold = \"0s\"\n")
	mine := v.hana.post(asking+" #sky", "")
	var copies []made
	until(v, "the copy on Bluesky", func() bool {
		copies = v.hana.copies(mine.ID)
		for _, m := range copies {
			if m.Link == "sky" && m.has("sent", asking) {
				return true
			}
		}
		return false
	}, func() any { return fmt.Sprintf("%+v", copies) })
	ref := v.refOf(asking)
	v.onSky(v.boSky, answer, obj{"reply": obj{"root": ref, "parent": ref}})
	v.sky.Call(v.boSky, http.MethodPost, "com.atproto.repo.createRecord", obj{"repo": v.boSky.DID, "collection": "app.bsky.feed.like",
		"record": obj{"subject": ref, "createdAt": time.Now().UTC().Format(time.RFC3339)}}, nil)
	v.sky.Settle()
	for _, merge := range []bool{false, true} { // a lane that is polled is read anew when it is changed
		v.hana.call("PATCH", "/api/engawa/v1/lanes/"+v.links["sky"], obj{"merge": merge}, nil)
	}
	var thread struct{ Descendants []status }
	until(v, "the answer under hana's post", func() bool {
		v.hana.call("GET", "/api/v1/statuses/"+mine.ID+"/context", nil, &thread)
		return len(thread.Descendants) == 1 && strings.Contains(thread.Descendants[0].Content, answer)
	}, func() any { return fmt.Sprintf("%+v", thread) })
	var notes []struct {
		Type   string
		Status *status
	}
	until(v, "the favourite of hana's post", func() bool {
		v.hana.call("GET", "/api/v1/notifications?types[]=favourite", nil, &notes)
		return len(notes) == 1 && notes[0].Status != nil && notes[0].Status.ID == mine.ID
	}, func() any { return fmt.Sprintf("%+v", notes) })
	if home := saying(v.hana.timeline("/api/v1/timelines/home?limit=40"), asking); len(home) != 1 {
		v.Errorf("hana's post is in Home %d times", len(home))
	}
	v.kuro.call("GET", "/api/v1/statuses/"+mine.ID+"/context", nil, &thread)
	if len(thread.Descendants) != 0 {
		v.Errorf("kuro sees below it %+v", thread)
	}
}

// gap: while the home is down, killed, bo goes on; then nothing of it is missing,
// and nothing is there twice, though our own federation brings it as well.
func (v *veranda) gap() {
	v.Helper()
	const most = 6
	text := func(n int) string { return fmt.Sprintf("留守のあいだの話、その%c。", '一'+rune(n)) }
	home := v.homes["home.test"]
	for n := range most {
		switch n {
		case 1, 4:
			home.Kill()
		case 3, 5:
			home.Start()
		}
		v.bo.post(text(n), "")
	}
	for n := range most {
		v.lane("one", text(n))
		v.lane("two", text(n))
	}
	for _, path := range []string{"/api/v1/timelines/home", "/api/v1/timelines/list/" + v.lists["one"], "/api/v1/timelines/list/" + v.lists["two"]} {
		list := v.hana.timeline(path + "?limit=40")
		for n := range most {
			if got := saying(slices.Clone(list), text(n)); len(got) != 1 {
				v.Errorf("%s shows %q %d times", path, text(n), len(got))
			}
		}
	}
}

// refOf is the strong reference of a post of alice's.
func (v *veranda) refOf(text string) obj {
	v.Helper()
	for _, r := range v.records(v.alice, "app.bsky.feed.post") {
		if strings.Contains(r.Value.Text, text) {
			return obj{"uri": r.URI, "cid": r.CID}
		}
	}
	v.Fatalf("alice did not say %q", text)
	return nil
}
