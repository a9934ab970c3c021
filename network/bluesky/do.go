package bluesky

import (
	"context"
	"net/url"

	"engawa/internal/locale"
	"engawa/network"
	"engawa/social"
)

// deedKey is the rkey of the account's like or repost of a post, or of its
// follow: made from what it is about, so that doing it twice makes one record.
// Its time is that of the post's rkey.
func deedKey(collection, about string) string {
	key := tidOf(collection+" "+about, 0)
	u, ok := parseURI(about)
	if !ok || len(u.rkey) != len(key) || u.rkey[0] > 'j' {
		return key
	}
	for i := range len(u.rkey) {
		if c := u.rkey[i]; !('2' <= c && c <= '7' || 'a' <= c && c <= 'z') {
			return key
		}
	}
	return u.rkey[:9] + key[9:]
}

// Do likes, reposts, follows or bookmarks, and takes it back. The Ref is the
// record that was made; of a bookmark, which is none, the post.
func (n *Network) Do(ctx context.Context, l *social.Login, d *social.Deed) (social.Ref, error) {
	c, err := n.open(l)
	if err != nil {
		return social.Ref{}, err
	}
	switch d.Verb {
	case social.Like:
		if d.Content != "" && d.Content != social.Favourite {
			return social.Ref{}, network.NoEmoji("Bluesky")
		}
		return c.like(ctx, d.Post)
	case social.Announce:
		return c.repost(ctx, d.Post)
	case social.FollowVerb:
		return c.follow(ctx, d.Stranger)
	case social.Add:
		return c.bookmark(ctx, d.Post)
	case social.Remove:
		return social.Ref{}, c.unbookmark(ctx, d.Post)
	case social.Undo:
		return social.Ref{}, c.undo(ctx, d)
	}
	return social.Ref{}, network.NoWord("Bluesky")
}

func (c *caller) like(ctx context.Context, post social.Ref) (social.Ref, error) {
	return c.about(ctx, likes, post, func(v *postView) string { return v.Viewer.Like })
}

func (c *caller) repost(ctx context.Context, post social.Ref) (social.Ref, error) {
	return c.about(ctx, reposts, post, func(v *postView) string { return v.Viewer.Repost })
}

// about writes a record whose subject is a post. The account's own repository
// is asked first whether it is there: the AppView lags behind, but knows of
// those that other apps made under other keys.
func (c *caller) about(ctx context.Context, collection string, post social.Ref, made func(*postView) string) (social.Ref, error) {
	u := atURI{c.did, collection, deedKey(collection, post.ID)}
	var there strongRef
	err := c.record(ctx, u, &there)
	if err == nil {
		return refOf(there.URI, there.CID), nil
	}
	if !absent(err) {
		return social.Ref{}, c.n.failure("answering", err)
	}
	v, err := c.postAt(ctx, post.ID)
	if err != nil {
		return social.Ref{}, err
	}
	if other := made(v); other != "" && other != u.String() {
		return refOf(other, ""), nil
	}
	ref, err := c.put(ctx, collection, u.rkey, map[string]any{"$type": collection,
		"subject": strongRef{v.URI, v.CID}, "createdAt": stamp(c.n.now().UnixMilli())})
	return ref, c.n.failure("answering", err)
}

func (c *caller) follow(ctx context.Context, s social.Stranger) (social.Ref, error) {
	did, made, err := c.followed(ctx, s)
	if err != nil || made != "" {
		return refOf(made, ""), err
	}
	ref, err := c.put(ctx, follows, deedKey(follows, did), map[string]any{"$type": follows, "subject": did, "createdAt": stamp(c.n.now().UnixMilli())})
	return ref, c.n.failure("following", err)
}

// followed finds a stranger's DID, and the record by which the account follows it, "" when it does not.
func (c *caller) followed(ctx context.Context, s social.Stranger) (did, made string, err error) {
	did = s.ID
	if !validDID(did) {
		did = s.URI
	}
	if !validDID(did) {
		return "", "", network.Fix(locale.W("link.fail.b_person"), "")
	}
	var profile struct {
		Viewer struct {
			Following string `json:"following"`
		} `json:"viewer"`
	}
	if err := c.get(ctx, "app.bsky.actor.getProfile", url.Values{"actor": {did}}, &profile); err != nil {
		return "", "", c.n.failure("looking up the person", err)
	}
	return did, profile.Viewer.Following, nil
}

func (c *caller) bookmark(ctx context.Context, post social.Ref) (social.Ref, error) {
	ref, err := c.strong(ctx, post)
	if err != nil {
		return social.Ref{}, err
	}
	if err := c.post(ctx, "app.bsky.bookmark.createBookmark", ref, nil); err != nil {
		return social.Ref{}, c.n.failure("bookmarking", err)
	}
	return refOf(ref.URI, ref.CID), nil
}

func (c *caller) unbookmark(ctx context.Context, post social.Ref) error {
	return c.n.failure("taking back a bookmark", c.post(ctx, "app.bsky.bookmark.deleteBookmark", map[string]string{"uri": post.ID}, nil))
}

// undo takes back what Made names, and where that is not known what the AppView
// says the account did. What is not there is taken back already.
func (c *caller) undo(ctx context.Context, d *social.Deed) error {
	if d.Undo == social.Add {
		return c.unbookmark(ctx, d.Post)
	}
	made := d.Made.ID
	if u, ok := parseURI(made); !ok || u.repo != c.did || u.collection == posts {
		var err error
		if made, err = c.done(ctx, d); err != nil {
			return err
		}
	}
	if made == "" {
		return nil
	}
	u, err := c.own(social.Ref{ID: made})
	if err != nil {
		return err
	}
	return c.n.failure("taking back", c.remove(ctx, u))
}

// done finds the record that a Deed takes back, "" when there is none.
func (c *caller) done(ctx context.Context, d *social.Deed) (string, error) {
	if d.Undo == social.FollowVerb {
		_, made, err := c.followed(ctx, d.Stranger)
		return made, err
	}
	if d.Undo != social.Like && d.Undo != social.Announce {
		return "", network.NoWord("Bluesky")
	}
	v, err := c.postAt(ctx, d.Post.ID)
	if err != nil {
		return "", err
	}
	if d.Undo == social.Like {
		return v.Viewer.Like, nil
	}
	return v.Viewer.Repost, nil
}
