// Package tootrun drives Debian's toot against the program itself.
package tootrun_test

import (
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"engawa/test/binary"
	"engawa/test/browse"
	"engawa/test/toot"
)

const password = "たぬきばやし 8/15"

func TestMain(m *testing.M) { binary.Main(m) }

// home starts a home with tanuki and kitsune and returns a client of tanuki's,
// logged in by the pages, and one of kitsune's.
func home(t *testing.T) (tanuki, kitsune *toot.Client) {
	t.Helper()
	h := binary.New(t, "ENGAWA_DOMAIN={addr}", "ENGAWA_URL=http://{addr}", "ENGAWA_ALLOW_HTTP=true", "ENGAWA_ALLOW_NETWORKS=127.0.0.0/8")
	h.Start()
	t.Cleanup(h.Stop)
	for _, name := range []string{"tanuki", "kitsune"} {
		h.Run("user", "create", name, "--email", name+"@example.com", "--password", password, "--discoverable")
	}
	base := "http://" + h.Addr
	tanuki = toot.New(t, base, "")
	tanuki.Login(func(page string) string { return browse.Authorize(t, page, "tanuki@example.com", password) })
	kitsune = toot.New(t, base, "")
	kitsune.UseToken("kitsune", h.Run("token", "create", "--user", "kitsune", "--scopes", "read write follow"))
	return tanuki, kitsune
}

func contains(t *testing.T, what, out string, words ...string) {
	t.Helper()
	for _, w := range words {
		if !strings.Contains(out, w) {
			t.Errorf("%s lacks %q:\n%s", what, w, out)
		}
	}
}

func lacks(t *testing.T, what, out, word string) {
	t.Helper()
	if strings.Contains(out, word) {
		t.Errorf("%s has %q:\n%s", what, word, out)
	}
}

// An evening with toot: every command that a person uses.
func TestToot(t *testing.T) {
	tanuki, kitsune := home(t)
	contains(t, "whoami", tanuki.Run("whoami"), "tanuki")
	contains(t, "instance", tanuki.Run("instance", tanuki.Host(), "--disable-https"), "4.")
	contains(t, "whois", tanuki.Run("whois", "kitsune"), "@kitsune")
	contains(t, "follow", kitsune.Run("follow", "tanuki"), "tanuki")
	first := idIn(t, tanuki.Run("post", "縁側でお茶 #engawa"))
	reply := idIn(t, kitsune.Run("post", "@tanuki いただきます", "--reply-to", first))
	kitsune.Run("favourite", first)
	kitsune.Run("reblog", first)
	kitsune.Run("bookmark", first)
	contains(t, "bookmarks", kitsune.Run("bookmarks", "--once"), "縁側でお茶")
	contains(t, "reblogged_by", tanuki.Run("reblogged_by", first), "kitsune")
	contains(t, "notifications", tanuki.Run("notifications"), "follows you", "favourited", "reblogged", "mentioned", "いただきます")
	contains(t, "kitsune's home", kitsune.Run("timeline", "--once"), "縁側でお茶")
	contains(t, "the public timeline", tanuki.Run("timeline", "--public", "--once"), "縁側でお茶")
	contains(t, "the tag's timeline", tanuki.Run("timeline", "--tag", "engawa", "--once"), "縁側でお茶")
	contains(t, "the thread", tanuki.Run("thread", reply), "縁側でお茶", "いただきます")
	contains(t, "following", kitsune.Run("following", "kitsune"), "tanuki")
	contains(t, "followers", kitsune.Run("followers", "tanuki"), "kitsune")
	found := tanuki.Run("search", "engawa")
	contains(t, "search", found, "engawa")
	contains(t, "search for people", tanuki.Run("search", "kitsune"), "@kitsune")
	tanuki.Run("tags_follow", "engawa")
	contains(t, "tags_followed", tanuki.Run("tags_followed"), "engawa")
	tanuki.Run("tags_unfollow", "engawa")
	takeBack(t, tanuki, kitsune, first)
}

// takeBack undoes everything.
func takeBack(t *testing.T, tanuki, kitsune *toot.Client, first string) {
	t.Helper()
	kitsune.Run("unfavourite", first)
	kitsune.Run("unreblog", first)
	kitsune.Run("unbookmark", first)
	lacks(t, "bookmarks", kitsune.Run("bookmarks", "--once"), "縁側でお茶")
	tanuki.Run("pin", first)
	tanuki.Run("unpin", first)
	for _, verb := range []string{"mute", "unmute", "block", "unblock"} {
		tanuki.Run(verb, "kitsune")
	}
	kitsune.Run("follow", "tanuki")
	kitsune.Run("unfollow", "tanuki")
	tanuki.Run("delete", first)
	lacks(t, "the public timeline", tanuki.Run("timeline", "--public", "--once"), "縁側でお茶")
	if out, err := tanuki.Try("thread", first); err == nil {
		t.Errorf("the thread of a deleted post: %s", out)
	}
	tanuki.Run("notifications", "--clear")
	lacks(t, "notifications", tanuki.Run("notifications"), "いただきます")
	tanuki.Run("logout", "tanuki@"+tanuki.Host())
	if out, err := tanuki.Try("post", "まだいる？"); err == nil {
		t.Errorf("posting after logging out: %s", out)
	}
}

// Pictures, audiences, warnings and what is to be said later.
func TestTootPosts(t *testing.T) {
	tanuki, kitsune := home(t)
	kitsune.Run("follow", "tanuki")
	file := picture(t)
	contains(t, "upload", tanuki.Run("upload", file, "--description", "庭"), "/blob/")
	idIn(t, tanuki.Run("post", "庭です", "--media", file, "--description", "夕方の庭"))
	contains(t, "kitsune's home", kitsune.Run("timeline", "--once"), "庭です", "/blob/")
	for _, v := range []string{"public", "unlisted", "private", "direct"} {
		id := idIn(t, tanuki.Run("post", "@kitsune "+v, "--visibility", v, "--spoiler-text", "注意", "--sensitive", "--language", "ja"))
		contains(t, "the thread", kitsune.Run("thread", id), v)
	}
	private := idIn(t, tanuki.Run("post", "フォロワーへ", "--visibility", "private"))
	kitsune.Run("unfollow", "tanuki")
	if out, err := kitsune.Try("thread", private); err == nil {
		t.Errorf("who does not follow reads: %s", out)
	}
	contains(t, "a scheduled post", tanuki.Run("post", "あとで", "--scheduled-in", "1 hour"), "scheduled")
	if out, err := tanuki.Try("post", strings.Repeat("長", 10001)); err == nil {
		t.Errorf("a text without end: %s", out)
	}
}

func picture(t *testing.T) string {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, 64, 48))
	for x := range 64 {
		for y := range 48 {
			img.Set(x, y, color.RGBA{uint8(x * 4), uint8(y * 5), 128, 255})
		}
	}
	path := filepath.Join(t.TempDir(), "niwa.png")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := png.Encode(f, img); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

// idIn is the id of a post whose address toot printed.
func idIn(tb testing.TB, out string) string {
	tb.Helper()
	m := regexp.MustCompile(`/(\d+)\s*$`).FindStringSubmatch(strings.TrimSpace(out))
	if m == nil {
		tb.Fatalf("toot printed no address of a post: %q", out)
	}
	return m[1]
}
