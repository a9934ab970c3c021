package bluesky

import (
	"fmt"
	"strings"
	"testing"

	"engawa/social"
)

// node is a post of a thread, with what it answers and its answers.
func node(rkey, parent string, replies ...string) string {
	s := `{"$type":"app.bsky.feed.defs#threadViewPost","post":` + viewJSON(rkey, plainRecord, "", "")
	if parent != "" {
		s += `,"parent":` + parent
	}
	return s + `,"replies":[` + strings.Join(replies, ",") + `]}`
}

func TestThread(t *testing.T) {
	const gone = `{"$type":"app.bsky.feed.defs#notFoundPost","uri":"at://did:plc:bob/app.bsky.feed.post/x","notFound":true}`
	tree := node("p", node("up1", node("up2", gone)), node("a", "", node("a1", "")), gone, `"nonsense"`, node("b", ""))
	for limit, want := range map[int]string{
		100: "up2 up1 p a a1 b",
		4:   "up2 up1 p a",
		2:   "up1 p",
		1:   "p",
	} {
		var top threadNode
		if err := loose([]byte(tree), &top); err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, it := range flatten(&top, limit) {
			got = append(got, it.URI[strings.LastIndex(it.URI, "/")+1:])
		}
		if s := strings.Join(got, " "); s != want {
			t.Errorf("%d: %s, want %s", limit, s, want)
		}
	}
	r := newRig(t)
	for _, top := range []string{gone, `{"$type":"app.bsky.feed.defs#blockedPost","uri":"at://x","blocked":true}`, `{}`} {
		r.say("app.bsky.feed.getPostThread", 200, `{"thread":`+top+`}`)
		_, err := r.Thread(t.Context(), r.login(), social.Ref{ID: "at://did:plc:bob/app.bsky.feed.post/x"}, 5)
		r.class(err, social.NotThere, "not there")
	}
	r.say("app.bsky.feed.getPostThread", 400, `{"error":"NotFound","message":"Post not found"}`)
	_, err := r.Thread(t.Context(), r.login(), social.Ref{ID: "at://did:plc:bob/app.bsky.feed.post/x"}, 5)
	r.class(err, social.NotThere, "not on Bluesky any more")
}

// TestDeepThread: a server that nests a thread without end is read to a bound.
func TestDeepThread(t *testing.T) {
	parent, replies := "", ""
	for i := range 800 {
		parent = node(fmt.Sprint("u", i), parent)
		if replies == "" {
			replies = node("r", "")
		} else {
			replies = node("r", "", replies)
		}
	}
	var top threadNode
	if err := loose([]byte(node("p", parent, replies)), &top); err != nil {
		t.Fatal(err)
	}
	if got := flatten(&top, 1000); len(got) > maxAncestors+1+800 {
		t.Errorf("%d items", len(got))
	}
}
