package bluesky

import (
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"regexp"
	"strconv"

	"engawa/internal/locale"
	"engawa/network"
	"engawa/social"
)

// settings are a Link's own choices.
type settings struct {
	// Label is how sensitive posts are marked: porn, sexual, nudity or graphic-media (the standard).
	Label string `json:"label"`
}

func settingsOf(l *social.Link) settings {
	var s settings
	if len(l.Settings) > 0 && json.Unmarshal(l.Settings, &s) != nil {
		s = settings{}
	}
	switch s.Label {
	case "porn", "sexual", "nudity":
	default:
		s.Label = "graphic-media"
	}
	return s
}

// Send writes a Part as a record whose rkey comes from its Key: the same Part
// twice is the same record.
func (n *Network) Send(ctx context.Context, l *social.Login, p *social.Part) (*social.Sent, error) {
	c, err := n.open(l)
	if err != nil {
		return nil, err
	}
	if !p.Boost.Zero() {
		ref, err := c.repost(ctx, p.Boost)
		if err != nil {
			return nil, err
		}
		return &social.Sent{Ref: ref}, nil
	}
	if err := fits(p); err != nil {
		return nil, err
	}
	reply, err := c.replyTo(ctx, p)
	if err != nil {
		return nil, err
	}
	return c.write(ctx, p, tidOf(p.Key, p.CreatedAt), reply, stamp(p.CreatedAt))
}

// write puts the post, with smaller pictures once more where the PDS wants them smaller.
func (c *caller) write(ctx context.Context, p *social.Part, rkey string, reply *replyRef, createdAt string) (*social.Sent, error) {
	r := &postRecord{Type: posts, Text: p.Text, Facets: facetsOf(p.Text, p.Spans), Reply: reply, Langs: langsOf(p.Language),
		Labels: selfLabels(p, settingsOf(c.login.Link).Label), CreatedAt: createdAt, Origin: clip(p.Origin, maxFacetURI)}
	r.Tags = outerTags(p.Tags, r.Facets)
	if reply == nil {
		if err := c.gate(ctx, p, rkey, createdAt); err != nil {
			return nil, c.n.failure("limiting the answers", err)
		}
	}
	limit := int64(imageBytes)
	for try := 0; ; try++ {
		var err error
		if r.Embed, err = c.embedOf(ctx, p, limit); err != nil {
			return nil, err
		}
		ref, err := c.put(ctx, posts, rkey, r)
		if err == nil {
			return &social.Sent{Ref: ref}, nil
		}
		if smaller := blobLimit(err); try == 0 && smaller > 0 && smaller < limit {
			limit = smaller
			continue
		}
		return nil, c.n.failure("posting", err)
	}
}

var tooBig = regexp.MustCompile(`blob too big \(maximum ([0-9]{4,9}),`)

// blobLimit is the size that a refusal of a too big picture names; 0 for other errors.
func blobLimit(err error) int64 {
	var refused *xrpcError
	if !errors.As(err, &refused) {
		return 0
	}
	m := tooBig.FindStringSubmatch(refused.Message)
	if m == nil {
		return 0
	}
	limit, _ := strconv.ParseInt(m[1], 10, 64)
	return limit
}

// put writes a record of the account; the same one again changes nothing.
func (c *caller) put(ctx context.Context, collection, rkey string, record any) (social.Ref, error) {
	in := map[string]any{"repo": c.did, "collection": collection, "rkey": rkey, "record": record}
	var out strongRef
	if err := c.post(ctx, "com.atproto.repo.putRecord", in, &out); err != nil {
		return social.Ref{}, err
	}
	ref := refOf(out.URI, out.CID)
	if ref.Zero() || ref.CID == "" {
		return social.Ref{}, errors.New("the answer names no record")
	}
	return ref, nil
}

// replyTo finds what a Part answers; nil when it answers nothing. The root of
// the thread is taken from the parent's record where the Part does not name one
// beside it: a thread with a wrong root falls apart.
func (c *caller) replyTo(ctx context.Context, p *social.Part) (*replyRef, error) {
	if p.Parent.Zero() {
		return nil, nil
	}
	if p.Root.Zero() || p.Root.ID == p.Parent.ID {
		parent, its, err := c.lookUp(ctx, p.Parent.ID)
		switch {
		case err == nil && its != nil:
			return &replyRef{Root: its.Root, Parent: parent}, nil
		case err == nil:
			return &replyRef{Root: parent, Parent: parent}, nil
		case p.Root.CID == "" || !isGone(err):
			return nil, err
		}
	}
	parent, err := c.strong(ctx, p.Parent)
	if err != nil {
		return nil, err
	}
	top, err := c.strong(ctx, p.Root)
	return &replyRef{Root: top, Parent: parent}, err
}

func isGone(err error) bool {
	var e *social.LinkError
	return errors.As(err, &e) && e.Class == social.NotThere
}

// gateRules are who may answer, by Part.Limited.
var gateRules = map[string]string{
	"followers": "app.bsky.feed.threadgate#followerRule",
	"mentioned": "app.bsky.feed.threadgate#mentionRule",
}

// gate limits who may answer a thread, before the thread is there; where only
// the mentioned may, quoting is closed too. Gates have the post's rkey.
func (c *caller) gate(ctx context.Context, p *social.Part, rkey, createdAt string) error {
	rule := gateRules[p.Limited]
	if rule == "" {
		return nil
	}
	uri := atURI{c.did, posts, rkey}.String()
	_, err := c.put(ctx, threadgates, rkey, map[string]any{"$type": threadgates, "post": uri, "createdAt": createdAt,
		"allow": []any{map[string]string{"$type": rule}}})
	if err != nil || p.Limited != "mentioned" {
		return err
	}
	_, err = c.put(ctx, postgates, rkey, map[string]any{"$type": postgates, "post": uri, "createdAt": createdAt,
		"embeddingRules": []any{map[string]string{"$type": "app.bsky.feed.postgate#disableRule"}}})
	return err
}

// Edit writes the record again under its rkey; its time and what it answers stay.
// The AppView that Bluesky publishes shows the new text; whether the one that
// it runs does is not promised anywhere.
func (n *Network) Edit(ctx context.Context, l *social.Login, ref social.Ref, p *social.Part) (*social.Sent, error) {
	c, err := n.open(l)
	if err != nil {
		return nil, err
	}
	u, err := c.own(ref)
	if err != nil {
		return nil, err
	}
	if u.collection != posts {
		return nil, network.Cannot(locale.W("link.fail.not_post"), "")
	}
	if err := fits(p); err != nil {
		return nil, err
	}
	var old struct {
		Value struct {
			CreatedAt string    `json:"createdAt"`
			Reply     *replyRef `json:"reply"`
		} `json:"value"`
	}
	if err := c.record(ctx, u, &old); err != nil {
		if absent(err) {
			return nil, network.NotThere("Bluesky", err)
		}
		return nil, n.failure("editing", err)
	}
	return c.write(ctx, p, u.rkey, old.Value.Reply, or(clip(old.Value.CreatedAt, 64), stamp(p.CreatedAt)))
}

// own takes apart the URI of a record of this account.
func (c *caller) own(ref social.Ref) (atURI, error) {
	u, ok := parseURI(ref.ID)
	if !ok || u.repo != c.did {
		return u, network.Fix(locale.W("link.fail.not_own"), "")
	}
	return u, nil
}

func (c *caller) record(ctx context.Context, u atURI, into any) error {
	return c.get(ctx, "com.atproto.repo.getRecord", url.Values{"repo": {u.repo}, "collection": {u.collection}, "rkey": {u.rkey}}, into)
}

// Delete removes a record of the account, and the gates of a post with it.
func (n *Network) Delete(ctx context.Context, l *social.Login, ref social.Ref) (*social.Sent, error) {
	c, err := n.open(l)
	if err != nil {
		return nil, err
	}
	u, err := c.own(ref)
	if err != nil {
		return nil, err
	}
	if err := c.remove(ctx, u); err != nil {
		return nil, n.failure("deleting", err)
	}
	if u.collection == posts {
		for _, gates := range []string{threadgates, postgates} {
			if err := c.remove(ctx, atURI{u.repo, gates, u.rkey}); err != nil {
				return nil, n.failure("deleting", err)
			}
		}
	}
	return &social.Sent{Ref: ref}, nil
}

// remove deletes a record; one that is not there is no error.
func (c *caller) remove(ctx context.Context, u atURI) error {
	err := c.post(ctx, "com.atproto.repo.deleteRecord", map[string]any{"repo": u.repo, "collection": u.collection, "rkey": u.rkey}, nil)
	if absent(err) {
		return nil
	}
	return err
}

// Find looks whether a Part's record is there.
func (n *Network) Find(ctx context.Context, l *social.Login, p *social.Part) (*social.Sent, error) {
	c, err := n.open(l)
	if err != nil {
		return nil, err
	}
	u := atURI{c.did, posts, tidOf(p.Key, max(p.CreatedAt, 0))}
	if !p.Boost.Zero() {
		u = atURI{c.did, reposts, deedKey(reposts, p.Boost.ID)}
	}
	var found strongRef
	if err := c.record(ctx, u, &found); err != nil {
		if absent(err) {
			return nil, nil
		}
		return nil, n.failure("looking for the post", err)
	}
	ref := refOf(found.URI, found.CID)
	if ref.Zero() {
		return nil, n.failure("looking for the post", errors.New("the answer names no record"))
	}
	return &social.Sent{Ref: ref}, nil
}
