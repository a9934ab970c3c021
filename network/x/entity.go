package x

import (
	"strconv"
	"time"

	"engawa/social"
)

// What X answers with, as far as it is read.

type user struct {
	ID           string `json:"id"`
	Name         string `json:"name"`
	Username     string `json:"username"`
	Picture      string `json:"profile_image_url"`
	Subscription string `json:"subscription_type"`
}

type post struct {
	ID        string     `json:"id"`
	Text      string     `json:"text"`
	Author    string     `json:"author_id"`
	Created   string     `json:"created_at"`
	Lang      string     `json:"lang"`
	Sensitive bool       `json:"possibly_sensitive"`
	Thread    string     `json:"conversation_id"`
	Entities  entities   `json:"entities"`
	Note      *note      `json:"note_tweet"`
	Related   []relation `json:"referenced_tweets"`
	Attached  struct {
		Media []string `json:"media_keys"`
	} `json:"attachments"`
	Counts struct {
		Replies int64 `json:"reply_count"`
		Boosts  int64 `json:"retweet_count"`
		Likes   int64 `json:"like_count"`
		Quotes  int64 `json:"quote_count"`
	} `json:"public_metrics"`
}

type note struct {
	Text     string   `json:"text"`
	Entities entities `json:"entities"`
}

type relation struct {
	Type string `json:"type"` // replied_to, quoted, retweeted
	ID   string `json:"id"`
}

type entities struct {
	URLs     []entityURL `json:"urls"`
	Mentions []struct {
		Username string `json:"username"`
		ID       string `json:"id"`
	} `json:"mentions"`
	Hashtags []struct {
		Tag string `json:"tag"`
	} `json:"hashtags"`
}

type entityURL struct {
	URL      string `json:"url"` // as in the text, https://t.co/…
	Expanded string `json:"expanded_url"`
	Display  string `json:"display_url"`
	MediaKey string `json:"media_key"`
}

type medium struct {
	Key     string `json:"media_key"`
	Type    string `json:"type"` // photo, video, animated_gif
	URL     string `json:"url"`
	Preview string `json:"preview_image_url"`
	Width   int    `json:"width"`
	Height  int    `json:"height"`
	Alt     string `json:"alt_text"`
	Forms   []struct {
		Rate int    `json:"bit_rate"`
		Type string `json:"content_type"`
		URL  string `json:"url"`
	} `json:"variants"`
}

// timeline is a page of posts with what they refer to.
type timeline struct {
	Data []post `json:"data"`
	timelineIncludes
	Meta struct {
		Newest string `json:"newest_id"`
		Next   string `json:"next_token"`
	} `json:"meta"`
}

type timelineIncludes struct {
	Includes struct {
		Users []user   `json:"users"`
		Posts []post   `json:"tweets"`
		Media []medium `json:"media"`
	} `json:"includes"`
}

// related is the id of the post that t refers to in the given way.
func (t *post) related(as string) string {
	for _, r := range t.Related {
		if r.Type == as {
			return r.ID
		}
	}
	return ""
}

// epoch is when X's ids begin to count, in milliseconds.
const epoch = 1288834974657

// at is when t was made: as it says, else by its id.
func (t *post) at() social.Millis {
	if at, err := time.Parse(time.RFC3339, t.Created); err == nil {
		return at.UnixMilli()
	}
	id, err := strconv.ParseInt(t.ID, 10, 64)
	if err != nil {
		return 0
	}
	return id>>22 + epoch
}
