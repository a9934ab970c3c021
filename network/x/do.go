package x

import (
	"context"
	"errors"
	"net/http"

	"engawa/network"
	"engawa/social"
)

// reposted in Ref.CID marks a repost, which has no id of its own on X.
const reposted = "repost"

// repost boosts ref; X takes a second one as the first. Its price is not in the
// facts: it is taken to be that of a post.
func (x *X) repost(ctx context.Context, l *social.Login, ref social.Ref) (*social.Sent, error) {
	if err := x.toggle(ctx, l, http.MethodPost, "retweets", "tweet_id", ref.ID); err != nil {
		return nil, err
	}
	made := x.ref(ref.ID, "", ref.Author)
	made.CID = reposted
	return &social.Sent{Ref: made, Cost: PricePost}, nil
}

func (x *X) unrepost(ctx context.Context, l *social.Login, ref social.Ref) (*social.Sent, error) {
	err := x.toggle(ctx, l, http.MethodDelete, "retweets", "tweet_id", ref.ID)
	var e *social.LinkError
	if errors.As(err, &e) && e.Class == social.NotThere {
		err = nil
	}
	if err != nil {
		return nil, err
	}
	return &social.Sent{Ref: ref, Cost: PriceDelete}, nil
}

// toggle sets or takes back something of the account's that has no text.
func (x *X) toggle(ctx context.Context, l *social.Login, method, what, name, id string) error {
	if !number(id) || !number(l.Account) {
		return network.BadID("X", id)
	}
	c := &call{method: method, path: "/2/users/" + l.Account + "/" + what}
	if method == http.MethodDelete {
		c.path += "/" + id
	} else {
		c.body = map[string]string{name: id}
	}
	return x.do(ctx, l, c, nil)
}

// deeds are the paths of what can be done without text.
var deeds = map[social.Verb]struct{ what, name string }{
	social.Like:       {"likes", "tweet_id"},
	social.Announce:   {"retweets", "tweet_id"},
	social.Add:        {"bookmarks", "tweet_id"},
	social.FollowVerb: {"following", "target_user_id"},
}

// Do likes, reposts, bookmarks or follows, and takes it back.
func (x *X) Do(ctx context.Context, l *social.Login, d *social.Deed) (social.Ref, error) {
	verb, method := d.Verb, http.MethodPost
	switch verb {
	case social.Undo:
		verb, method = d.Undo, http.MethodDelete
	case social.Remove:
		verb, method = social.Add, http.MethodDelete
	}
	deed, ok := deeds[verb]
	if !ok {
		return social.Ref{}, network.NoWord("X")
	}
	if verb == social.Like && d.Content != "" && d.Content != social.Favourite {
		return social.Ref{}, network.NoEmoji("X")
	}
	id := d.Post.ID
	if verb == social.FollowVerb {
		id = d.Stranger.ID
	}
	if err := x.toggle(ctx, l, method, deed.what, deed.name, id); err != nil {
		return social.Ref{}, err
	}
	return social.Ref{ID: id}, nil
}
