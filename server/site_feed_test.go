package server_test

import (
	"encoding/xml"
	"net/http"
	"strings"
	"testing"

	"engawa/social"
)

// TestFeeds: what is public, and only that, is in the feeds of its author and of
// its tag.
func TestFeeds(t *testing.T) {
	x := attack(t)
	alice := x.person("alice")
	alice.say("for all #tea", "public", nil)
	alice.say("unlisted #tea", "unlisted", nil)
	alice.say("behind #tea", "public", map[string]any{"spoiler_text": "a <warning>"})
	for _, audience := range []string{"private", "direct"} {
		alice.say("secret #tea", audience, nil)
	}
	for path, want := range map[string]int{"/@alice.rss": 3, "/tags/tea.rss": 2} {
		for _, who := range []*person{x.stranger(), alice} {
			a := who.do("GET", path, "", "")
			if a.status != http.StatusOK || !strings.HasPrefix(a.header.Get("Content-Type"), "application/rss+xml") {
				t.Fatalf("%s: %d %v %s", path, a.status, a.header, a.body)
			}
			var feed struct {
				Items []struct {
					Link string `xml:"link"`
					Text string `xml:"description"`
				} `xml:"channel>item"`
			}
			if err := xml.Unmarshal([]byte(a.body), &feed); err != nil || len(feed.Items) != want || strings.Contains(a.body, "secret") {
				t.Errorf("%s: %v in %s", path, err, a.body)
			}
			if first := feed.Items[0]; !strings.HasPrefix(first.Link, "https://"+host+"/@alice/") || !strings.HasPrefix(first.Text, "<p><strong>a &lt;warning&gt;</strong></p>") {
				t.Errorf("%s: %+v", path, first)
			}
		}
	}
	for _, path := range []string{"/@nobody.rss", "/@far@far.example.rss", "/@.rss"} {
		if a := x.stranger().do("GET", path, "", ""); a.status != http.StatusNotFound {
			t.Errorf("%s: %d", path, a.status)
		}
	}
	if a := x.stranger().do("GET", "/@alice", "", "", asPage); !strings.Contains(a.body, `type="application/rss+xml" href="https://`+host+`/@alice.rss"`) {
		t.Error("the page does not name its feed")
	}
}

// TestDocumentPages: the terms and the privacy policy in force have pages, and
// none where nobody wrote any.
func TestDocumentPages(t *testing.T) {
	x := attack(t)
	for _, path := range []string{"/terms-of-service", "/privacy-policy"} {
		if a := x.stranger().do("GET", path, "", "", asPage); a.status != http.StatusNotFound {
			t.Errorf("%s: %d", path, a.status)
		}
	}
	err := x.Home.Store.Write(t.Context(), func(tx social.Tx) error {
		if err := tx.PutDocument(t.Context(), &social.Document{Kind: social.DocTerms, EffectiveAt: 1, Text: "Be **kind**. <script>x</script>", CreatedAt: 1}); err != nil {
			return err
		}
		return tx.PutDocument(t.Context(), &social.Document{Kind: social.DocPrivacy, EffectiveAt: 1 << 50, Text: "later", CreatedAt: 1})
	})
	if err != nil {
		t.Fatal(err)
	}
	if a := x.stranger().do("GET", "/terms-of-service", "", "", asPage); a.status != http.StatusOK || !strings.Contains(a.body, "<strong>kind</strong>") || strings.Contains(a.body, "<script>x") {
		t.Errorf("%d %s", a.status, a.body)
	}
	if a := x.stranger().do("GET", "/privacy-policy", "", "", asPage); a.status != http.StatusNotFound {
		t.Errorf("what is not in force yet: %d", a.status)
	}
}
