package social

import "context"

// alertKinds are the notifications that Links may bring: about says which are
// about a Post of the User's, item which are about the post they came with.
var alertKinds = map[NotificationType]struct{ about, item bool }{
	NotifyMention: {item: true}, NotifyStatus: {item: true}, NotifyQuote: {item: true}, NotifyUpdate: {item: true}, NotifyPoll: {about: true, item: true},
	NotifyFavourite: {about: true, item: true}, NotifyBoost: {about: true, item: true}, NotifyReaction: {about: true, item: true},
	NotifyFollow: {}, NotifyFollowRequest: {},
}

// hear makes a notification of an Alert. What the User's own other accounts do
// is no news, nor what was before the Link.
func (v *arrival) hear(ctx context.Context, a *Alert, x *thing) error {
	kind, known := alertKinds[a.Type]
	if !known || a.ID == "" || len(a.ID) > laneURI || (a.At != 0 && a.At < v.link.CreatedAt-eventTime) {
		return nil
	}
	fresh, err := v.Seen(ctx, "alert:"+v.link.ID.String()+":"+a.ID, v.now)
	if err != nil || !fresh || v.isMe(&a.By) {
		return err
	}
	by, err := v.person(ctx, &a.By)
	if err != nil || by == nil || by.ID == v.me.ID {
		return err
	}
	var post *Post
	if kind.about {
		post = v.postAt(a.About)
	}
	if post == nil && kind.item {
		if post, err = v.heardPost(ctx, x); err != nil {
			return err
		}
	}
	if post == nil && (kind.about || kind.item) {
		return nil
	}
	n := note{user: v.me.ID, typ: a.Type, post: post, from: by.ID}
	if a.Type == NotifyReaction {
		n.reaction = cutText(a.Emoji, 200)
	}
	if err := v.notify(ctx, n); err != nil {
		return err
	}
	if a.Type != NotifyMention || post.Audience != Direct || post.Origin != Linked {
		return nil
	}
	_, err = v.converse(ctx, post, &reach{named: []ID{v.me.ID}})
	return err
}

// heardPost keeps the post that came with an Alert.
func (v *arrival) heardPost(ctx context.Context, x *thing) (*Post, error) {
	if x == nil || x.item.Deleted {
		return nil, nil
	}
	if err := v.take(ctx, x); err != nil {
		return nil, err
	}
	if c := v.at[x]; c != nil {
		return c.p, nil
	}
	return nil, nil
}

// calls are what came with mentions, and so belongs into the Lane too, whoever
// said it; what was said to a few people is in the conversations instead.
func (v *arrival) calls(alerts []Alert, heard []*thing) (out []*thing) {
	for i, x := range heard {
		if c := v.at[x]; x != nil && c != nil && alerts[i].Type == NotifyMention && c.p.Audience != Direct {
			out = append(out, x)
		}
	}
	return out
}
