package fake

import (
	"encoding/json"
	"html"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"engawa/internal/ruler"
)

// Post is a post on the fake X.
type Post struct {
	ID, Text string // as it was sent
	Author   *User
	At       time.Time
	ReplyTo  string
	Quote    string
	Thread   string
	Media    []*File
	Poll     []string
	Minutes  int
	Settings string
	Deleted  bool
}

// Posts are the living posts of a user, oldest first.
func (f *X) Posts(u *User) (posts []Post) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, p := range f.order {
		if p.Author == u && !p.Deleted {
			posts = append(posts, *p)
		}
	}
	return posts
}

// Say lets an account post without a request.
func (f *X) Say(u *User, text, replyTo, quote string) *Post {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.say(&Post{Author: u, Text: text, ReplyTo: replyTo, Quote: quote})
}

func (f *X) say(p *Post) *Post {
	p.At = f.Clock.Now()
	// Ids are snowflakes and grow even while the clock stands.
	f.nextMillis = max(f.nextMillis+1, p.At.UnixMilli())
	p.ID = strconv.FormatInt((f.nextMillis-1288834974657)<<22, 10)
	p.Thread = p.ID
	if parent := f.posts[p.ReplyTo]; parent != nil {
		p.Thread = parent.Thread
	}
	f.posts[p.ID] = p
	f.order = append(f.order, p)
	return p
}

func (f *X) living(id string) *Post {
	if p := f.posts[id]; p != nil && !p.Deleted {
		return p
	}
	return nil
}

// creation is the body of POST /2/tweets.
type creation struct {
	Text  string
	Reply *struct {
		To string `json:"in_reply_to_tweet_id"`
	}
	Media *struct {
		IDs []string `json:"media_ids"`
	}
	Poll *struct {
		Options []string
		Minutes int `json:"duration_minutes"`
	}
	Quote    string `json:"quote_tweet_id"`
	Settings string `json:"reply_settings"`
}

func (f *X) create(who *User, r *http.Request) reply {
	header, over := f.limit(who)
	if over {
		answer := problem(429, "Too Many Requests", "Too Many Requests")
		answer.header = header
		return answer
	}
	var c creation
	if err := json.NewDecoder(r.Body).Decode(&c); err != nil {
		return invalid("the body is no JSON")
	}
	p := &Post{Author: who, Text: c.Text, Quote: c.Quote, Settings: c.Settings}
	if refused := f.check(&c, p); refused != nil {
		refused.header = header
		return *refused
	}
	f.say(p)
	if len(ruler.Addresses(ruler.Composed(p.Text))) > 0 {
		f.charge(200_000, "")
	} else {
		f.charge(15_000, "")
	}
	return reply{status: 201, header: header, body: map[string]any{"data": map[string]any{"id": p.ID, "text": f.shown(p).text, "edit_history_tweet_ids": []string{p.ID}}}}
}

// limit counts a post and says the headers of the counter.
func (f *X) limit(who *User) (header map[string]string, over bool) {
	now := f.Clock.Now()
	w := f.windows[who.ID]
	if w == nil || !now.Before(w.reset) {
		w = &window{reset: now.Add(15 * time.Minute)}
		f.windows[who.ID] = w
	}
	w.used++
	left := max(f.PostLimit-w.used, 0)
	return map[string]string{"x-rate-limit-limit": strconv.Itoa(f.PostLimit), "x-rate-limit-remaining": strconv.Itoa(left),
		"x-rate-limit-reset": strconv.FormatInt(w.reset.Unix(), 10), "x-app-limit-24hour-limit": "10000", "x-app-limit-24hour-remaining": "9000",
		"x-app-limit-24hour-reset": strconv.FormatInt(now.Add(24*time.Hour).Unix(), 10)}, w.used > f.PostLimit
}

// check completes p from c, or refuses it.
func (f *X) check(c *creation, p *Post) *reply {
	refuse := func(r reply) *reply { return &r }
	exclusive := 0
	if c.Media != nil {
		exclusive++
		if n := len(c.Media.IDs); n < 1 || n > 4 {
			return refuse(invalid("media.media_ids: 1 to 4"))
		}
		for _, id := range c.Media.IDs {
			file := f.media[id]
			if file == nil || file.Owner != p.Author || !file.ready {
				return refuse(invalid("Your media IDs are invalid."))
			}
			p.Media = append(p.Media, file)
		}
	}
	if c.Poll != nil {
		exclusive++
		p.Poll, p.Minutes = c.Poll.Options, c.Poll.Minutes
		if n := len(p.Poll); n < 2 || n > 4 || p.Minutes < 5 || p.Minutes > 10080 {
			return refuse(invalid("poll: 2 to 4 options, 5 to 10080 minutes"))
		}
	}
	if c.Quote != "" {
		exclusive++
		if f.living(c.Quote) == nil {
			return refuse(problem(403, "Forbidden", "You are not permitted to perform this action."))
		}
	}
	switch c.Settings {
	case "", "following", "mentionedUsers", "subscribers", "verified":
	default:
		return refuse(invalid("reply_settings"))
	}
	if exclusive > 1 || strings.TrimSpace(c.Text) == "" && c.Media == nil {
		return refuse(invalid("text is needed; media, poll and quote exclude each other"))
	}
	return f.checkText(c, p)
}

func (f *X) checkText(c *creation, p *Post) *reply {
	refuse := func(detail string) *reply { r := problem(403, "Forbidden", detail); return &r }
	most := 280
	if p.Author.Subscription != "" {
		most = 25_000
	}
	if weight(c.Text) > most {
		return refuse("You are not permitted to perform this action.")
	}
	if c.Reply != nil {
		parent := f.living(c.Reply.To)
		if parent == nil {
			return refuse("You attempted to reply to a Tweet that is deleted or not visible to you.")
		}
		p.ReplyTo = parent.ID
		own := parent.Author == p.Author && !f.StrictReply
		if quoted := f.posts[parent.Quote]; !own && !strings.Contains(parent.Text, "@"+p.Author.Username) && (quoted == nil || quoted.Author != p.Author) {
			return refuse("Reply to this conversation is not allowed because you have not been mentioned or otherwise engaged by the author of the post you are replying to.")
		}
	}
	for _, old := range f.order {
		if !old.Deleted && old.Author == p.Author && old.Text == p.Text && len(old.Media) == 0 && len(p.Media) == 0 && old.ReplyTo == p.ReplyTo {
			return refuse("You are not allowed to create a Tweet with duplicate content.")
		}
	}
	return nil
}

// weight is the length of a text by X's rules, which package ruler has from
// twitter-text.
func weight(text string) int {
	r := ruler.For("x", ruler.Bounds{})
	return r.Measure(text)
}

func (f *X) remove(who *User, r *http.Request) reply {
	p := f.living(r.PathValue("id"))
	if p == nil {
		return problem(404, "Not Found Error", "Could not find tweet with id: ["+r.PathValue("id")+"].")
	}
	if p.Author != who {
		return problem(403, "Forbidden", "You are not authorized to delete this Tweet.")
	}
	p.Deleted = true
	f.charge(10_000, "")
	return reply{status: 200, body: map[string]any{"data": map[string]any{"deleted": true}}}
}

// shownText is a text as X gives it back, with the addresses in it.
type shownText struct {
	text string
	urls []map[string]any
}

func (f *X) shown(p *Post) (s shownText) {
	add := func(expanded, key string) string {
		short := "https://t.co/" + strconv.Itoa(len(s.urls)) + p.ID
		u := map[string]any{"url": short, "expanded_url": expanded, "display_url": strings.TrimPrefix(strings.TrimPrefix(expanded, "https://"), "http://")}
		if key != "" {
			u["media_key"] = key
		}
		s.urls = append(s.urls, u)
		return short
	}
	text := ruler.Composed(p.Text)
	at := 0
	for _, u := range ruler.Addresses(text) {
		whole := text[u.From:u.To]
		if !strings.Contains(whole, "://") {
			whole = "http://" + whole
		}
		s.text += text[at:u.From] + add(whole, "")
		at = u.To
	}
	s.text = html.EscapeString(s.text + text[at:])
	s.text = strings.NewReplacer("&#39;", "'", "&#34;", `"`).Replace(s.text) // X escapes & < > alone
	if len(p.Media) > 0 {
		s.text += " " + add(f.URL+"/"+p.Author.Username+"/status/"+p.ID+"/photo/1", p.Media[0].Key)
	}
	if q := f.posts[p.Quote]; q != nil {
		s.text += " " + add(f.URL+"/"+q.Author.Username+"/status/"+q.ID, "")
	}
	for _, u := range s.urls {
		at := strings.Index(s.text, u["url"].(string))
		u["start"] = utf8.RuneCountInString(s.text[:at])
		u["end"] = u["start"].(int) + len(u["url"].(string))
	}
	return s
}
