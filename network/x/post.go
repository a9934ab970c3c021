package x

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"engawa/internal/locale"
	"engawa/network"
	"engawa/social"
)

// tweet is the body of POST /2/tweets.
type tweet struct {
	Text     string      `json:"text,omitempty"`
	Reply    *tweetReply `json:"reply,omitempty"`
	Media    *tweetMedia `json:"media,omitempty"`
	Poll     *tweetPoll  `json:"poll,omitempty"`
	Quote    string      `json:"quote_tweet_id,omitempty"`
	Settings string      `json:"reply_settings,omitempty"`
}

type tweetReply struct {
	To string `json:"in_reply_to_tweet_id"`
}

type tweetMedia struct {
	IDs []string `json:"media_ids"`
}

type tweetPoll struct {
	Options []string `json:"options"`
	Minutes int64    `json:"duration_minutes"`
}

// replySettings are X's words for Part.Limited. X knows no "my followers may
// answer"; those whom I follow are the nearest that does not let strangers in.
var replySettings = map[string]string{"": "", "everyone": "", "followers": "following", "mentioned": "mentionedUsers"}

// Send posts p. X has no idempotency key: when a text is refused as a duplicate,
// one owned read tells whether it is p that arrived before.
func (x *X) Send(ctx context.Context, l *social.Login, p *social.Part) (*social.Sent, error) {
	if !p.Boost.Zero() {
		return x.repost(ctx, l, p.Boost)
	}
	body, err := encode(p)
	if err != nil {
		return nil, err
	}
	cost := postPrice(p)
	if len(p.Media) > 0 {
		media, spent, err := x.media(ctx, l, p)
		if err != nil {
			return nil, err
		}
		body.Media, cost = &tweetMedia{media}, cost+spent
	}
	var made struct {
		Data struct{ ID string }
	}
	err = x.do(ctx, l, &call{method: http.MethodPost, path: "/2/tweets", body: body, made: true}, &made)
	if err == nil && !number(made.Data.ID) {
		err = network.Unclear("X", "", errors.New("X answered without an id"))
	}
	if err != nil {
		return x.failed(ctx, l, p, err)
	}
	return &social.Sent{Ref: x.ref(made.Data.ID, l.Handle, l.Account), Cost: cost}, nil
}

// encode says p in X's words.
func encode(p *social.Part) (*tweet, error) {
	if p.Audience != social.Public && p.Audience != social.Unlisted {
		return nil, network.Closed("X")
	}
	t := &tweet{Text: p.Text}
	exclusive := 0
	if len(p.Media) > 0 {
		exclusive++
		if len(p.Media) > 4 {
			return nil, network.TooMany("X", 4)
		}
	}
	if p.Poll != nil {
		exclusive++
		if n := len(p.Poll.Options); n < 2 || n > 4 {
			return nil, network.Fix(locale.W("link.fail.x_poll", "n", n), locale.W("link.do.x_poll"))
		}
		t.Poll = &tweetPoll{Options: p.Poll.Options, Minutes: min(max(p.Poll.Seconds/60, 5), 10080)}
	}
	if !p.Quote.Zero() {
		exclusive++
		t.Quote = p.Quote.ID
	}
	if exclusive > 1 {
		return nil, network.Fix(locale.W("link.fail.x_one_of"), locale.W("link.do.x_one_of"))
	}
	for _, ref := range []social.Ref{p.Quote, p.Parent} {
		if !ref.Zero() && !number(ref.ID) {
			return nil, network.BadID("X", ref.ID)
		}
	}
	if !p.Parent.Zero() {
		t.Reply = &tweetReply{To: p.Parent.ID}
	}
	setting, ok := replySettings[p.Limited]
	if !ok {
		return nil, network.Cannot(locale.W("link.fail.limited", "where", "X", "who", p.Limited), locale.W("link.do.limited"))
	}
	if t.Reply == nil { // an answer has the settings of its thread
		t.Settings = setting
	}
	if t.Text == "" && len(p.Media) == 0 {
		return nil, network.Empty("X")
	}
	return t, nil
}

// failed looks at what the failure of a POST means.
func (x *X) failed(ctx context.Context, l *social.Login, p *social.Part, err error) (*social.Sent, error) {
	var twice duplicate
	if errors.As(err, &twice) {
		return x.again(ctx, l, p, twice)
	}
	var e *social.LinkError
	if errors.As(err, &e) && e.Class == social.Uncertain {
		now := x.now()
		x.mu.Lock()
		x.doubts.put(p.Key, now)
		x.mu.Unlock()
	}
	return nil, err
}

// again answers the refusal of p as a duplicate: p was sent before, or an older
// post says the same, or X does not show yet which.
func (x *X) again(ctx context.Context, l *social.Login, p *social.Part, twice duplicate) (*social.Sent, error) {
	found, older, cost, err := x.look(ctx, l, p)
	switch {
	case err != nil:
		return nil, err
	case found != "":
		return &social.Sent{Ref: x.ref(found, l.Handle, l.Account), Cost: postPrice(p) + cost}, nil
	case older:
		return nil, twice.LinkError
	}
	return nil, &social.LinkError{Class: social.TryAgain, After: visible.Milliseconds(),
		Message: locale.W("link.fail.unseen", "where", "X"), Remedy: network.DoWait, Err: twice.Err}
}

// visible is how long a post may be hidden from its own author's timeline (assumed).
const visible = 20 * time.Second

// Find looks for p among the account's last posts: one owned read. While X may
// not show p yet, the answer is TryAgain, to be asked again after a moment.
func (x *X) Find(ctx context.Context, l *social.Login, p *social.Part) (*social.Sent, error) {
	if !p.Boost.Zero() {
		return x.repost(ctx, l, p.Boost) // boosting twice is one boost
	}
	found, _, cost, err := x.look(ctx, l, p)
	if err != nil {
		return nil, err
	}
	if found != "" {
		return &social.Sent{Ref: x.ref(found, l.Handle, l.Account), Cost: postPrice(p) + cost}, nil
	}
	now := x.now()
	x.mu.Lock()
	since, ok := x.doubts.get(p.Key)
	if !ok {
		since = x.started // tried before this process began, at the latest
	}
	x.mu.Unlock()
	if wait := visible - now.Sub(since); wait > 0 {
		return nil, &social.LinkError{Class: social.TryAgain, After: max(wait.Milliseconds(), 1000),
			Message: locale.W("link.fail.not_shown", "where", "X"), Remedy: network.DoWait}
	}
	return nil, nil
}

// look searches the last posts of the account for p, back to when it was made:
// found is its id; older tells of a post from before p with the same text.
func (x *X) look(ctx context.Context, l *social.Login, p *social.Part) (found string, older bool, cost int64, err error) {
	if !number(l.Account) {
		return "", false, 0, refusedKeys(locale.W("link.fail.no_account", "where", "X"), nil)
	}
	// X's clock and ours may differ a little.
	since := p.CreatedAt - 10_000
	until := ""
	for _, most := range lookPages {
		page, spent, err := x.own(ctx, l, until, most)
		cost += spent
		if err != nil {
			return "", false, cost, err
		}
		for i := range page {
			t := &page[i]
			until = t.ID
			switch {
			case !number(t.ID) || !sameText(t, p):
			case t.at() >= since:
				found = t.ID // and on to the oldest: the first try wins
			default:
				older = true
			}
		}
		if len(page) < most || page[len(page)-1].at() < since || !number(until) {
			break
		}
	}
	return found, older && found == "", cost, nil
}

// lookPages are how many posts are looked at, first and then where those do not
// reach back far enough: each costs an owned read.
var lookPages = []int{10, 90}

// own are posts of the account, newest first, those older than until; a
// page without any costs one read too.
func (x *X) own(ctx context.Context, l *social.Login, until string, most int) ([]post, int64, error) {
	c := &call{method: http.MethodGet, path: "/2/users/" + l.Account + "/tweets",
		query: url.Values{"max_results": {strconv.Itoa(most)}, "tweet.fields": {"created_at,entities,referenced_tweets,note_tweet"}}}
	if until != "" {
		c.query.Set("until_id", until)
	}
	var page timeline
	if err := x.do(ctx, l, c, &page); err != nil {
		return nil, 0, err
	}
	return page.Data, max(int64(len(page.Data)), 1) * PriceOwnRead, nil
}

// Edit is beyond what X gives to all accounts.
func (x *X) Edit(context.Context, *social.Login, social.Ref, *social.Part) (*social.Sent, error) {
	return nil, network.NoEdit("X")
}

// Delete removes a post; one that is gone already was deleted for nothing.
func (x *X) Delete(ctx context.Context, l *social.Login, ref social.Ref) (*social.Sent, error) {
	if !number(ref.ID) {
		return nil, network.BadID("X", ref.ID)
	}
	if ref.CID == reposted {
		return x.unrepost(ctx, l, ref)
	}
	var answer struct {
		Data struct{ Deleted bool }
	}
	err := x.do(ctx, l, &call{method: http.MethodDelete, path: "/2/tweets/" + ref.ID}, &answer)
	var e *social.LinkError
	switch {
	case errors.As(err, &e) && e.Class == social.NotThere:
		return &social.Sent{Ref: ref}, nil
	case err != nil:
		return nil, err
	case !answer.Data.Deleted:
		return nil, &social.LinkError{Class: social.TryAgain, Message: locale.W("link.fail.not_deleted", "where", "X"), Remedy: network.DoWait}
	}
	return &social.Sent{Ref: ref, Cost: PriceDelete}, nil
}
