package relay_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// killRules: everything goes everywhere, at once; where a network has no edits
// the copy is made anew, or corrected.
const killRules = `
[[rule]]
name = "everywhere"
when.tag_any = ["relay"]
to = ["mastodon", "bluesky"]
limit.hold = "0s"

[[rule]]
name = "once more"
when.tag_any = ["relay"]
to = ["misskey", "x"]
keep.edit = "redo_within:10m"
limit.hold = "0s"

[[rule]]
name = "corrected"
when.tag_any = ["relay"]
to = ["nostr"]
keep.edit = "correct_reply"
limit.hold = "0s"
`

// deed is what hana does when the program is killed.
type deed string

const (
	posting  deed = "post"
	editing  deed = "edit"
	deleting deed = "delete"
)

// kill is a point at which the program is killed: when a network was sent a
// message (method and beginning of the path, or of a frame), before it got it or
// before its answer was passed on; without a network, when the deed was
// acknowledged.
type kill struct {
	deed         deed
	network      string
	method, path string
	part         int  // of the long post: 1 or 2; 0 is any
	after        bool // the network took it
}

func (k *kill) String() string {
	if k.network == "" {
		return string(k.deed) + ", acknowledged"
	}
	when := "before"
	if k.after {
		when = "after"
	}
	return fmt.Sprintf("%s, %s %s %s %s part %d", k.deed, when, k.network, k.method, k.path, k.part)
}

// ends are how the copies are at last, by deed.
var ends = map[deed]func(*made) bool{posting: sent, editing: edited("新"), deleting: deleted}

const (
	put       = "/xrpc/com.atproto.repo.putRecord"
	before    = false
	afterward = true
)

// kills are the stages of a delivery at each network.
var kills = []kill{
	{posting, "bluesky", "POST", "/xrpc/com.atproto.repo.uploadBlob", 0, before},
	{posting, "bluesky", "POST", "/xrpc/com.atproto.repo.uploadBlob", 0, afterward},
	{posting, "bluesky", "POST", put, 1, before},
	{posting, "bluesky", "POST", put, 1, afterward},
	{posting, "bluesky", "POST", put, 2, before},
	{posting, "bluesky", "POST", put, 2, afterward},
	{editing, "bluesky", "POST", put, 1, afterward},
	{deleting, "bluesky", "POST", "/xrpc/com.atproto.repo.deleteRecord", 0, afterward},
	{posting, "x", "POST", "/2/media/upload", 0, before},
	{posting, "x", "POST", "/2/media/metadata", 0, afterward},
	{posting, "x", "POST", "/2/tweets", 1, before},
	{posting, "x", "POST", "/2/tweets", 1, afterward},
	{posting, "x", "POST", "/2/tweets", 2, before},
	{posting, "x", "POST", "/2/tweets", 2, afterward},
	{editing, "x", "DELETE", "/2/tweets", 0, afterward},
	{editing, "x", "POST", "/2/tweets", 1, afterward},
	{deleting, "x", "DELETE", "/2/tweets", 0, afterward},
	{posting, "misskey", "POST", "/api/drive/files/create", 0, afterward},
	{posting, "misskey", "POST", "/api/notes/create", 0, before},
	{posting, "misskey", "POST", "/api/notes/create", 0, afterward},
	{editing, "misskey", "POST", "/api/notes/delete", 0, afterward},
	{editing, "misskey", "POST", "/api/notes/create", 0, afterward},
	{deleting, "misskey", "POST", "/api/notes/delete", 0, before},
	{posting, "nostr", "FRAME", `["EVENT"`, 0, before},
	{posting, "nostr", "FRAME", `["EVENT"`, 0, afterward},
	{editing, "nostr", "FRAME", `["EVENT"`, 0, afterward},
	{deleting, "nostr", "FRAME", `["EVENT"`, 0, afterward},
	{posting, "mastodon", "POST", "/api/v2/media", 0, afterward},
	{posting, "mastodon", "POST", "/api/v1/statuses", 0, before},
	{posting, "mastodon", "POST", "/api/v1/statuses", 0, afterward},
	{editing, "mastodon", "PUT", "/api/v1/statuses", 0, afterward},
	{deleting, "mastodon", "DELETE", "/api/v1/statuses", 0, afterward},
	{deed: posting},
	{deed: editing},
	{deed: deleting},
}

// The texts of the post of kill n: two parts on X and Bluesky, of which each
// bears its mark.
func markOf(n, part int) string {
	return fmt.Sprintf("〔%c%c・%d〕", 'あ'+rune(n/10), 'ア'+rune(n%10), part)
}

func words(n int, new string) string {
	return fmt.Sprintf("%s%s縁側%s。\n\n%s%s庭%s。", markOf(n, 1), new, strings.Repeat("の話", 60), markOf(n, 2), new, strings.Repeat("の話", 60))
}

// wants is the trap of kill n.
func (k *kill) wants(n int) func(*message) bool {
	return func(m *message) bool {
		if m.method != k.method || k.method != "FRAME" && !strings.HasPrefix(m.path, k.path) || k.method == "FRAME" && !bytes.HasPrefix(m.body, []byte(k.path)) {
			return false
		}
		return k.part == 0 || bytes.Contains(m.body, []byte(markOf(n, k.part)))
	}
}

// TestRelayKilled kills the program by signal 9 at every stage of deliveries to
// five networks: in the end each post stands at each once, whole, in order, and
// as it was written last.
func TestRelayKilled(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.hana.rules(killRules)
	posts := make([]*status, len(kills)) // those that are edited or deleted are there before
	var ready []string
	for n, k := range kills {
		if k.deed != posting {
			posts[n] = w.writes(n)
			ready = append(ready, posts[n].ID)
		}
	}
	w.hana.rests(len(asks), sent, ready...)
	began := time.Now()
	for n, k := range kills {
		posts[n] = w.killAt(n, &k, posts[n])
	}
	last := w.killAtStates(len(kills))
	last = append(last, w.killWhileSeeking(len(kills)+len(last)))
	for n, p := range append(posts, last...) {
		done := posting
		if n < len(kills) {
			done = kills[n].deed
		}
		w.hana.rests(len(asks), ends[done], p.ID)
	}
	t.Logf("%d kills in %v", len(kills)+len(last)+1, time.Since(began).Round(time.Second))
	list := append(slices.Clone(kills), slices.Repeat([]kill{{deed: posting}}, len(last))...)
	for network := range asks {
		w.audit(network, list)
	}
}

// writes posts the long text of kill n with two pictures.
func (w *world) writes(n int) *status {
	w.tb.Helper()
	return w.hana.post(words(n, "")+" #relay", "", w.hana.upload(uint8(2*n), fmt.Sprintf("絵 %d の一", n)), w.hana.upload(uint8(2*n+1), fmt.Sprintf("絵 %d の二", n)))
}

// does writes, edits or deletes the post of kill n.
func (w *world) does(d deed, n int, post *status) *status {
	w.tb.Helper()
	switch d {
	case posting:
		return w.writes(n)
	case editing:
		w.hana.call("PUT", "/api/v1/statuses/"+post.ID, obj{"status": words(n, "新") + " #relay", "language": "ja", "media_ids": w.mediaOf(post)}, nil)
	case deleting:
		w.hana.call("DELETE", "/api/v1/statuses/"+post.ID, nil, nil)
	}
	return post
}

// waits until something is in the trap.
func (w *world) waits(what string, trap *trap, post string) {
	w.tb.Helper()
	until(w.tb, what, func() bool {
		select {
		case <-trap.hit:
			return true
		default:
			return false
		}
	}, func() any { return fmt.Sprintf("%+v", w.hana.copies(post)) })
}

// killAt does what kill n is about and kills the program when the network was
// sent what it waits for.
func (w *world) killAt(n int, k *kill, post *status) *status {
	w.tb.Helper()
	trap := newTrap(k.after, k.wants(n))
	if k.network != "" {
		w.gates[k.network].arm(trap)
	} else {
		close(trap.hit)
	}
	post = w.does(k.deed, n, post)
	w.waits(k.String(), trap, post.ID)
	w.home.Kill()
	close(trap.gone)
	w.home.Start()
	return post
}

// killAtStates kills by what the copies API says: something is being sent,
// something is sent.
func (w *world) killAtStates(from int) (posts []*status) {
	w.tb.Helper()
	for i, state := range []string{"sending", "sent"} {
		post := w.writes(from + i)
		var last []made
		until(w.tb, "a copy that is "+state, func() bool {
			last = w.hana.copies(post.ID)
			return slices.ContainsFunc(last, func(m made) bool { return m.has(state, "") || m.has("sent", "") })
		}, func() any { return last })
		w.home.Kill()
		w.home.Start()
		posts = append(posts, post)
	}
	return posts
}

// killWhileSeeking kills when X took a post, and once more when X is asked what
// became of it.
func (w *world) killWhileSeeking(n int) *status {
	w.tb.Helper()
	post := w.killAt(n, &kill{posting, "x", "POST", "/2/tweets", 1, afterward}, nil)
	trap := newTrap(afterward, func(m *message) bool {
		return m.method == "GET" && strings.HasPrefix(m.path, "/2/users/"+w.xMe.ID+"/tweets")
	})
	w.gates["x"].arm(trap)
	w.waits("X is asked what became of a post", trap, post.ID)
	w.home.Kill()
	close(trap.gone)
	w.home.Start()
	return post
}

// audit compares what stands at a network with what is to stand there after all
// that was done.
func (w *world) audit(network string, done []kill) {
	w.tb.Helper()
	byMark := map[string][]seen{}
	for _, s := range asks[network](w) {
		found := false
		for n := range done {
			for part := 1; part <= 2; part++ {
				if strings.Contains(s.Text, markOf(n, part)) {
					byMark[markOf(n, part)] = append(byMark[markOf(n, part)], s)
					found = true
				}
			}
		}
		if !found {
			w.tb.Errorf("%s has %q, which nobody wrote", network, s.Text)
		}
	}
	for n := range done {
		w.auditOne(network, n, &done[n], byMark[markOf(n, 1)], byMark[markOf(n, 2)])
	}
}

// auditOne looks at the copies of one post: how often its two halves are there,
// in which text, hanging where, with which pictures.
func (w *world) auditOne(network string, n int, k *kill, one, two []seen) {
	w.tb.Helper()
	want, text := 1, words(n, "")
	switch {
	case k.deed == deleting:
		want = 0
	case k.deed == editing && network == "nostr" && len(one) > 1:
		want = 2 // and its correction; it was edited before it was sent else
	case k.deed == editing:
		text = words(n, "新")
	}
	if len(one) != want || len(two) != want {
		w.tb.Errorf("%s: the first half is there %d times, the second %d, want %d (killed at: %s)", network, len(one), len(two), want, k)
		return
	}
	if want == 0 {
		return
	}
	if want == 2 && strings.HasPrefix(one[0].Text, "✏️") {
		slices.Reverse(one)
		slices.Reverse(two)
	}
	whole := one[0].Text
	if one[0].ID != two[0].ID { // a thread of two
		if two[0].Parent != one[0].ID {
			w.tb.Errorf("%s: the second part does not answer the first (killed at: %s)", network, k)
		}
		whole += "\n\n" + two[0].Text
	}
	if whole != text || !slices.Equal(one[0].Alts, []string{fmt.Sprintf("絵 %d の一", n), fmt.Sprintf("絵 %d の二", n)}) {
		w.tb.Errorf("%s shows %q with %q, want %q (killed at: %s)", network, whole, one[0].Alts, text, k)
	}
}
