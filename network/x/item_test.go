package x

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"
	"time"

	"engawa/internal/clock"
	"engawa/social"
)

func TestSameText(t *testing.T) {
	for _, c := range []struct {
		name, post, part string
		parent, quote    string
		same             bool
	}{
		{"equal", `{"text":"a"}`, "a", "", "", true},
		{"another", `{"text":"a"}`, "b", "", "", false},
		{"escaped", `{"text":"a &amp;amp; &lt;b&gt;"}`, "a &amp; <b>", "", "", true},
		{"an address", `{"text":"a https://t.co/1 b","entities":{"urls":[{"url":"https://t.co/1","expanded_url":"https://example.com/x?y=1&z"}]}}`, "a https://example.com/x?y=1&z b", "", "", true},
		{"another address", `{"text":"a https://t.co/1","entities":{"urls":[{"url":"https://t.co/1","expanded_url":"https://example.com/x"}]}}`, "a https://example.com/y", "", "", false},
		{"media", `{"text":"a https://t.co/1","entities":{"urls":[{"url":"https://t.co/1","expanded_url":"https://x.com/f/status/9/photo/1","media_key":"3_1"}]}}`, "a", "", "", true},
		{"a long post", `{"text":"aaa…","note_tweet":{"text":"aaa bbb"}}`, "aaa bbb", "", "", true},
		{"an answer elsewhere", `{"text":"a","referenced_tweets":[{"type":"replied_to","id":"1"}]}`, "a", "2", "", false},
		{"an answer, names in front", `{"text":"@bob @eve a","referenced_tweets":[{"type":"replied_to","id":"1"}]}`, "a", "1", "", true},
		{"a quote", `{"text":"a https://t.co/1","referenced_tweets":[{"type":"quoted","id":"5"}],"entities":{"urls":[{"url":"https://t.co/1","expanded_url":"https://x.com/f/status/5"}]}}`, "a", "", "5", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			var p post
			if err := json.Unmarshal([]byte(c.post), &p); err != nil {
				t.Fatal(err)
			}
			part := &social.Part{Text: c.part, Parent: social.Ref{ID: c.parent}, Quote: social.Ref{ID: c.quote}}
			if got := sameText(&p, part); got != c.same {
				t.Errorf("the same: %v; %q and %q", got, p.said(), c.part)
			}
		})
	}
}

// bare is HTML without the tags that are written here: no other < is left.
func bare(html string) string {
	html = regexp.MustCompile(`<a href="[^"<>]*">`).ReplaceAllString(html, "")
	return strings.NewReplacer("<p>", "", "</p>", "", "<br>", "", "</a>", "").Replace(html)
}

// Whatever X answers, nothing of it becomes a tag.
func FuzzTimeline(f *testing.F) {
	f.Add([]byte(`{"data":[{"id":"1","text":"a https://t.co/1 #b @c","author_id":"2","referenced_tweets":[{"type":"retweeted","id":"1"}],"entities":{"urls":[{"url":"https://t.co/1","expanded_url":"javascript:x"}]}}],"includes":{"tweets":[{"id":"1"}],"users":[{"id":"2","username":"\""}]},"meta":{"next_token":"n"}}`))
	x := &X{Clock: clock.NewFake(time.Unix(1795338000, 0))}
	l := &social.Login{Link: &social.Link{Account: "2"}}
	f.Fuzz(func(t *testing.T, data []byte) {
		var page timeline
		if json.Unmarshal(data, &page) != nil {
			return
		}
		page.Data = sound(page.Data, 100)
		for _, it := range x.batch(l, social.LaneHome, &page).Items {
			if strings.ContainsAny(bare(it.HTML), `<>"`) {
				t.Errorf("%s is shown as %s", data, it.HTML)
			}
		}
		x.batch(l, social.LaneAlerts, &page)
	})
}
