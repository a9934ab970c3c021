package page

import (
	"encoding/xml"
	"strings"
	"testing"
	"time"
)

func TestFeed(t *testing.T) {
	at := time.Date(2026, 5, 17, 12, 0, 0, 0, time.UTC)
	f := Feed{Title: "Alice <a@home.example>", Description: "d", Link: "https://home.example/@alice", Self: "https://home.example/@alice.rss", Image: "https://home.example/a.png",
		Items: []FeedItem{{Link: "https://home.example/@alice/1", At: at, Content: `<p>tea & "cake" ]]> ` + "\x01" + `</p>`, Tags: []string{"tea"},
			Files: []FeedFile{{URL: "https://home.example/b.png", Type: "image/png", Size: 7, Description: "a <cup>"}}}}}
	var b strings.Builder
	if err := f.RSS(&b); err != nil {
		t.Fatal(err)
	}
	var back struct {
		Channel struct {
			Title string `xml:"title"`
			Built string `xml:"lastBuildDate"`
			Items []struct {
				GUID        string `xml:"guid"`
				Description string `xml:"description"`
				Category    string `xml:"category"`
				Enclosure   struct {
					Length int    `xml:"length,attr"`
					URL    string `xml:"url,attr"`
				} `xml:"enclosure"`
			} `xml:"item"`
		} `xml:"channel"`
	}
	if err := xml.Unmarshal([]byte(b.String()), &back); err != nil {
		t.Fatalf("%v in %s", err, b.String())
	}
	c := back.Channel
	if c.Title != f.Title || c.Built != "Sun, 17 May 2026 12:00:00 +0000" || len(c.Items) != 1 || c.Items[0].GUID != f.Items[0].Link ||
		c.Items[0].Description != "<p>tea & \"cake\" ]]> \uFFFD</p>" || c.Items[0].Category != "tea" || c.Items[0].Enclosure.Length != 7 {
		t.Errorf("read back: %+v", c)
	}
	b.Reset()
	if err := (&Feed{Title: "empty"}).RSS(&b); err != nil || strings.Contains(b.String(), "<image>") || strings.Contains(b.String(), "<item>") {
		t.Errorf("an empty feed: %v %s", err, b.String())
	}
}
