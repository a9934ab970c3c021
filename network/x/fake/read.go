package fake

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
)

func (f *X) me(who *User, r *http.Request) reply {
	f.charge(1_000, "user "+who.ID)
	return reply{status: 200, body: map[string]any{"data": f.userJSON(who)}}
}

func (f *X) userJSON(u *User) map[string]any {
	return map[string]any{"id": u.ID, "name": u.Name, "username": u.Username, "profile_image_url": f.URL + "/pbs/" + u.ID + ".jpg", "subscription_type": u.Subscription}
}

// own is what the account itself posted; what is younger than Delay is missing.
func (f *X) own(who *User, r *http.Request) reply {
	return f.page(r, 1_000, func(p *Post) bool {
		return p.Author.ID == r.PathValue("id") && !f.Clock.Now().Before(p.At.Add(f.Delay))
	})
}

func (f *X) mentions(who *User, r *http.Request) reply {
	return f.page(r, 1_000, func(p *Post) bool {
		return p.Author != who && (strings.Contains(p.Text, "@"+who.Username) || f.by(p.Quote) == who || f.by(p.ReplyTo) == who)
	})
}

// home is everything: on the fake everybody follows everybody.
func (f *X) home(who *User, r *http.Request) reply {
	return f.page(r, 5_000, func(p *Post) bool { return true })
}

func (f *X) search(who *User, r *http.Request) reply {
	thread, ok := strings.CutPrefix(r.URL.Query().Get("query"), "conversation_id:")
	if !ok {
		return invalid("query")
	}
	return f.page(r, 5_000, func(p *Post) bool { return p.Thread == thread && p.ReplyTo != "" })
}

func (f *X) by(id string) *User {
	if p := f.posts[id]; p != nil {
		return p.Author
	}
	return nil
}

// page lists living posts that fit, newest first, between since_id and until_id.
func (f *X) page(r *http.Request, price int64, fits func(*Post) bool) reply {
	q := r.URL.Query()
	limit, err := strconv.Atoi(q.Get("max_results"))
	if err != nil || limit < 5 || limit > 100 {
		return invalid("max_results: 5 to 100")
	}
	var posts []*Post
	more := false
	for i := len(f.order) - 1; i >= 0; i-- {
		p := f.order[i]
		if p.Deleted || !fits(p) || !after(p.ID, q.Get("since_id")) || q.Get("until_id") != "" && !after(q.Get("until_id"), p.ID) {
			continue
		}
		if len(posts) == limit {
			more = true
			break
		}
		f.charge(price, "post "+p.ID)
		posts = append(posts, p)
	}
	body := f.list(posts)
	meta := map[string]any{"result_count": len(posts)}
	if len(posts) > 0 {
		meta["newest_id"], meta["oldest_id"] = posts[0].ID, posts[len(posts)-1].ID
	}
	if more {
		meta["next_token"] = "next"
	}
	body["meta"] = meta
	return reply{status: 200, body: body}
}

func after(id, than string) bool {
	a, _ := strconv.ParseInt(id, 10, 64)
	b, _ := strconv.ParseInt(than, 10, 64)
	return a > b
}

func (f *X) one(who *User, r *http.Request) reply {
	p := f.living(r.PathValue("id"))
	if p == nil {
		return problem(404, "Not Found Error", "Could not find tweet with id: ["+r.PathValue("id")+"].")
	}
	f.charge(5_000, "post "+p.ID)
	body := f.list([]*Post{p})
	body["data"] = body["data"].([]any)[0]
	return reply{status: 200, body: body}
}

// list is a page with its includes.
func (f *X) list(posts []*Post) map[string]any {
	users, media, others := []any{}, []any{}, []any{}
	seen := make(map[string]bool)
	add := func(p *Post) {
		if !seen["u"+p.Author.ID] {
			seen["u"+p.Author.ID] = true
			users = append(users, f.userJSON(p.Author))
		}
		for _, m := range p.Media {
			kind := "photo"
			if m.Category == "tweet_video" {
				kind = "video"
			}
			media = append(media, map[string]any{"media_key": m.Key, "type": kind, "url": f.URL + "/pbs/" + m.Key, "alt_text": m.Alt, "width": 640, "height": 480})
		}
	}
	data := []any{}
	for _, p := range posts {
		data = append(data, f.postJSON(p))
		add(p)
		for _, id := range []string{p.ReplyTo, p.Quote} {
			if o := f.posts[id]; o != nil && !o.Deleted && !seen[id] {
				seen[id] = true
				others = append(others, f.postJSON(o))
				add(o)
			}
		}
	}
	body := map[string]any{"data": data, "includes": map[string]any{"users": users, "media": media, "tweets": others}}
	if len(data) == 0 { // X leaves the field out
		delete(body, "data")
		delete(body, "includes")
	}
	return body
}

func (f *X) postJSON(p *Post) map[string]any {
	shown := f.shown(p)
	out := map[string]any{"id": p.ID, "text": shown.text, "author_id": p.Author.ID, "conversation_id": p.Thread, "lang": "ja",
		"created_at": p.At.UTC().Format("2006-01-02T15:04:05.000Z"), "public_metrics": map[string]any{"like_count": 3, "reply_count": 1, "retweet_count": 2, "quote_count": 0},
		"edit_history_tweet_ids": []string{p.ID}}
	entities := map[string]any{}
	if len(shown.urls) > 0 {
		entities["urls"] = shown.urls
	}
	var mentions, tags []any
	for _, word := range strings.Fields(p.Text) {
		for _, u := range f.users {
			if word == "@"+u.Username {
				mentions = append(mentions, map[string]any{"username": u.Username, "id": u.ID})
			}
		}
		if tag, ok := strings.CutPrefix(word, "#"); ok && tag != "" {
			tags = append(tags, map[string]any{"tag": tag})
		}
	}
	entities["mentions"], entities["hashtags"] = mentions, tags
	out["entities"] = entities
	var related []any
	if p.ReplyTo != "" {
		related = append(related, map[string]any{"type": "replied_to", "id": p.ReplyTo})
	}
	if p.Quote != "" {
		related = append(related, map[string]any{"type": "quoted", "id": p.Quote})
	}
	if related != nil {
		out["referenced_tweets"] = related
	}
	var keys []string
	for _, m := range p.Media {
		keys = append(keys, m.Key)
	}
	if keys != nil {
		out["attachments"] = map[string]any{"media_keys": keys}
	}
	return out
}

// did are the words of the answers to deeds.
var did = map[string][2]string{"likes": {"tweet_id", "liked"}, "retweets": {"tweet_id", "retweeted"},
	"bookmarks": {"tweet_id", "bookmarked"}, "following": {"target_user_id", "following"}}

func (f *X) deed(who *User, r *http.Request) reply {
	words, ok := did[r.PathValue("deed")]
	if !ok || r.PathValue("id") != who.ID {
		return problem(403, "Forbidden", "The id must be yours.")
	}
	in := make(map[string]string)
	if json.NewDecoder(r.Body).Decode(&in) != nil || in[words[0]] == "" {
		return invalid(words[0])
	}
	target := in[words[0]]
	if words[0] == "tweet_id" && f.living(target) == nil || words[0] != "tweet_id" && f.user(target) == nil {
		return problem(404, "Not Found Error", "Could not find it.")
	}
	f.deeds[r.PathValue("deed")+" "+who.ID+" "+target] = true
	f.charge(15_000, "")
	return reply{status: 200, body: map[string]any{"data": map[string]any{words[1]: true}}}
}

func (f *X) undo(who *User, r *http.Request) reply {
	words, ok := did[r.PathValue("deed")]
	if !ok || r.PathValue("id") != who.ID {
		return problem(403, "Forbidden", "The id must be yours.")
	}
	delete(f.deeds, r.PathValue("deed")+" "+who.ID+" "+r.PathValue("target"))
	f.charge(10_000, "")
	return reply{status: 200, body: map[string]any{"data": map[string]any{words[1]: false}}}
}

// Did reports whether u did something to a target: "likes", "retweets",
// "bookmarks", "following".
func (f *X) Did(u *User, deed, target string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.deeds[deed+" "+u.ID+" "+target]
}
