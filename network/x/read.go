package x

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"engawa/internal/locale"
	"engawa/network"
	"engawa/social"
)

// wanted are the fields and expansions that an Item needs.
func wanted(limit int) url.Values {
	return url.Values{
		"max_results":  {strconv.Itoa(limit)},
		"tweet.fields": {"author_id,created_at,entities,public_metrics,referenced_tweets,attachments,lang,possibly_sensitive,note_tweet,conversation_id"},
		"expansions":   {"author_id,attachments.media_keys,referenced_tweets.id,referenced_tweets.id.author_id"},
		"user.fields":  {"name,username,profile_image_url"},
		"media.fields": {"type,url,preview_image_url,width,height,alt_text,variants"},
	}
}

// cursor tells how far a Lane was read: everything up to Since, and of what is
// newer the posts from Until on, up to Newest.
type cursor struct{ Since, Until, Newest string }

func parseCursor(s string) (c cursor) {
	parts := strings.Split(s, ",")
	for _, p := range parts {
		if p != "" && !number(p) {
			return cursor{}
		}
	}
	c.Since = parts[0]
	if len(parts) == 3 {
		c.Until, c.Newest = parts[1], parts[2]
	}
	return c
}

func (c cursor) String() string {
	if c.Until == "" {
		return c.Since
	}
	return c.Since + "," + c.Until + "," + c.Newest
}

// Read brings a page of the home timeline or of the mentions, where the Link's
// Settings allow it; Batch.Cost says what it cost. X gives the newest posts
// first, so a gap of several pages is filled from its new end; each page is
// oldest first.
func (x *X) Read(ctx context.Context, l *social.Login, place social.LanePlace, from string, limit int) (*social.Batch, error) {
	if err := x.mayRead(l); err != nil {
		return nil, err
	}
	at := parseCursor(from)
	limit = min(max(limit, 5), 100)
	c := &call{method: http.MethodGet, query: wanted(limit)}
	price := int64(PriceRead)
	switch place {
	case social.LaneHome:
		c.path = "/2/users/" + l.Account + "/timelines/reverse_chronological"
	case social.LaneAlerts:
		c.path = "/2/users/" + l.Account + "/mentions"
		price = PriceOwnRead
	default:
		return nil, network.NoWord("X")
	}
	if at.Since != "" {
		c.query.Set("since_id", at.Since)
	}
	if at.Until != "" {
		c.query.Set("until_id", at.Until)
	}
	var page timeline
	if err := x.do(ctx, l, c, &page); err != nil {
		return nil, err
	}
	page.Data = sound(page.Data, limit)
	b := x.batch(l, place, &page)
	b.Cost = int64(len(page.Data)) * price
	next := at.after(&page)
	b.Cursor, b.More = next.String(), next.Until != ""
	return b, nil
}

// after is where to go on after page.
func (c cursor) after(page *timeline) cursor {
	newest := c.Newest
	if c.Until == "" {
		newest = c.Since
		if len(page.Data) > 0 {
			newest = page.Data[0].ID
		}
	}
	if len(page.Data) > 0 && page.Meta.Next != "" && c.Since != "" {
		return cursor{Since: c.Since, Until: page.Data[len(page.Data)-1].ID, Newest: newest}
	}
	return cursor{Since: newest}
}

func (x *X) mayRead(l *social.Login) error {
	if !settings(l.Link).Read {
		return network.Cannot(locale.W("link.fail.x_read_off"), locale.W("link.do.x_read"))
	}
	if !number(l.Account) {
		return refusedKeys(locale.W("link.fail.no_account", "where", "X"), nil)
	}
	return nil
}

// sound drops posts without a proper id and what is beyond limit.
func sound(posts []post, limit int) []post {
	posts = slices.DeleteFunc(posts, func(p post) bool { return !number(p.ID) })
	return posts[:min(len(posts), limit)]
}

// batch turns a page, newest first, into Items or Alerts, oldest first.
func (x *X) batch(l *social.Login, place social.LanePlace, page *timeline) *social.Batch {
	in := x.include(page)
	b := &social.Batch{}
	for i := len(page.Data) - 1; i >= 0; i-- {
		t := &page.Data[i]
		item := in.item(t, 0)
		if place == social.LaneHome {
			b.Items = append(b.Items, *item)
			continue
		}
		a := social.Alert{ID: t.ID, Type: social.NotifyMention, By: item.Author, Item: item, At: item.At}
		if q := t.related("quoted"); q != "" && in.author(q) == l.Account {
			a.Type, a.About = social.NotifyQuote, x.ref(q, l.Handle, l.Account)
		} else if r := t.related("replied_to"); r != "" {
			a.About = x.ref(r, "", in.author(r))
		}
		b.Alerts = append(b.Alerts, a)
	}
	return b
}

// Thread brings a post and, of the last seven days, what was answered in its
// conversation: two requests.
func (x *X) Thread(ctx context.Context, l *social.Login, ref social.Ref, limit int) (*social.Batch, error) {
	if err := x.mayRead(l); err != nil {
		return nil, err
	}
	if !number(ref.ID) {
		return nil, network.BadID("X", ref.ID)
	}
	var one struct {
		Data post `json:"data"`
		timelineIncludes
	}
	q := wanted(1)
	q.Del("max_results")
	if err := x.do(ctx, l, &call{method: http.MethodGet, path: "/2/tweets/" + ref.ID, query: q}, &one); err != nil {
		return nil, err
	}
	var rest timeline
	if number(one.Data.Thread) {
		q := wanted(min(max(limit, 10), 100))
		q.Set("query", "conversation_id:"+one.Data.Thread)
		if err := x.do(ctx, l, &call{method: http.MethodGet, path: "/2/tweets/search/recent", query: q}, &rest); err != nil {
			return nil, err
		}
	}
	first := timeline{Data: sound([]post{one.Data}, 1), timelineIncludes: one.timelineIncludes}
	rest.Data = slices.DeleteFunc(sound(rest.Data, max(limit, 1)), func(p post) bool { return p.ID == one.Data.ID })
	b := x.batch(l, social.LaneHome, &first)
	b.Items = append(b.Items, x.batch(l, social.LaneHome, &rest).Items...)
	slices.SortStableFunc(b.Items, func(a, b social.Item) int { return int(min(max(a.At-b.At, -1), 1)) })
	b.Cost = int64(len(b.Items)) * PriceRead
	return b, nil
}
