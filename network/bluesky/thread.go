package bluesky

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"strconv"

	"engawa/internal/locale"
	"engawa/social"
)

const maxAncestors = 80

// depths are how deep answers to a post are asked for: less when they are too many.
var depths = [...]int{6, 1, 0}

// Thread brings a post with what it answers, from the root down, and its
// answers, each before the answers to it.
func (n *Network) Thread(ctx context.Context, l *social.Login, ref social.Ref, limit int) (*social.Batch, error) {
	c, err := n.open(l)
	if err != nil {
		return nil, err
	}
	var out struct {
		Thread threadNode `json:"thread"`
	}
	for _, depth := range depths {
		q := url.Values{"uri": {ref.ID}, "depth": {strconv.Itoa(depth)}, "parentHeight": {strconv.Itoa(maxAncestors)}}
		if err = c.get(ctx, "app.bsky.feed.getPostThread", q, &out); !errors.Is(err, errLong) {
			break
		}
	}
	if err != nil {
		return nil, n.failure("reading the thread", err)
	}
	if out.Thread.Post == nil {
		return nil, &social.LinkError{Class: social.NotThere, Message: locale.W("link.fail.hidden_post")}
	}
	return &social.Batch{Items: flatten(&out.Thread, max(limit, 1))}, nil
}

// flatten lists the ancestors, the post and its answers, at most limit; the
// nearest ancestors and the first answers stay.
func flatten(top *threadNode, limit int) []social.Item {
	items := ancestors(top)
	if len(items) >= limit {
		items = items[len(items)-limit+1:]
	}
	open := []*threadNode{top}
	for len(open) > 0 && len(items) < limit {
		node := open[len(open)-1]
		open = open[:len(open)-1]
		if node.Post == nil {
			continue
		}
		if it := node.Post.item(); it != nil {
			items = append(items, *it)
		}
		for i := range slices.Backward(node.Replies) {
			open = append(open, &node.Replies[i])
		}
	}
	return items
}

func ancestors(top *threadNode) []social.Item {
	var up []social.Item
	for node := top.Parent; node != nil && node.Post != nil && len(up) < maxAncestors; node = node.Parent {
		if it := node.Post.item(); it != nil {
			up = append(up, *it)
		}
	}
	slices.Reverse(up)
	return up
}
