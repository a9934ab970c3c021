package nostr

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"engawa/internal/locale"
	"engawa/network"
	"engawa/social"
)

// Do reacts, reposts and follows, and takes it back. Made names the event, to
// be deleted when it is taken back; a follow is an entry of one list.
func (n *Nostr) Do(ctx context.Context, l *social.Login, d *social.Deed) (social.Ref, error) {
	s, err := n.writer(l)
	if err != nil {
		return social.Ref{}, err
	}
	switch {
	case d.Verb == social.FollowVerb:
		return social.Ref{ID: d.Stranger.ID}, n.follow(ctx, l, s, d.Stranger.ID, true)
	case d.Verb == social.Undo && d.Undo == social.FollowVerb:
		return social.Ref{}, n.follow(ctx, l, s, d.Stranger.ID, false)
	case d.Verb == social.Undo && (d.Undo == social.Like || d.Undo == social.Announce):
		return social.Ref{}, n.erase(ctx, l, d.Made)
	case d.Verb != social.Like && d.Verb != social.Announce:
		return social.Ref{}, network.NoWord("Nostr")
	}
	if !isHex32(d.Post.ID) {
		return social.Ref{}, network.BadID("Nostr", short(d.Post.ID))
	}
	e := &Event{Kind: kindReaction, At: n.Clock.Now().Unix(), Tags: [][]string{}}
	if d.Verb == social.Announce {
		e.boost(d.Post)
	} else {
		e.react(d)
	}
	if err := s.sign(ctx, e); err != nil {
		return social.Ref{}, signing(err)
	}
	relay, err := n.publishAll(ctx, l, s, e)
	if err != nil {
		return social.Ref{}, err
	}
	return n.ref(e, relay), nil
}

// react makes e a reaction (NIP-25). An emoji of ours has no picture there and
// becomes a plain like.
func (e *Event) react(d *social.Deed) {
	e.Content = d.Content
	if e.Content == "" || e.Content == social.Favourite || strings.HasPrefix(e.Content, ":") {
		e.Content = "+"
	}
	e.Tags = append(e.Tags, []string{"e", d.Post.ID, d.Post.Relay, d.Post.Author})
	if isHex32(d.Post.Author) {
		e.add("p", d.Post.Author)
	}
	e.add("k", strconv.Itoa(kindOf(d.Post)))
}

// follow changes the list of follows, which replaces the former one whole:
// never without having seen that.
func (n *Nostr) follow(ctx context.Context, l *social.Login, s signer, key string, add bool) error {
	if d, err := decodePointer(strings.TrimPrefix(key, "nostr:")); err == nil && d.prefix == "npub" {
		key = d.id
	}
	if !isHex32(key) {
		return network.Fix(locale.W("link.fail.nostr_person", "id", short(key)), "")
	}
	lists, err := n.relaysOf(ctx, l, s)
	if err != nil {
		return err
	}
	list, answered, err := n.followsOf(ctx, l, s, lists.write, true)
	if err != nil || !answered {
		return away(locale.W("link.fail.follows_unread"), err)
	}
	if list.event == nil {
		return network.Cannot(locale.W("link.fail.follows_none"), locale.W("link.do.follow_first"))
	}
	old := list.event
	e := &Event{Kind: kindFollows, At: max(n.Clock.Now().Unix(), old.At+1), Content: old.Content, Tags: slices.Clone(old.Tags)}
	is := func(t []string) bool { return len(t) > 1 && t[0] == "p" && t[1] == key }
	if slices.ContainsFunc(e.Tags, is) == add {
		return nil
	}
	if add {
		e.Tags = append(e.Tags, []string{"p", key})
	} else {
		e.Tags = slices.DeleteFunc(e.Tags, is)
	}
	if err := s.sign(ctx, e); err != nil {
		return signing(err)
	}
	if _, err := n.publishAll(ctx, l, s, e); err != nil {
		return err
	}
	n.mu.Lock()
	n.follows.put(l.Account, followList{event: e, keys: e.people(), at: n.Clock.Now()})
	n.mu.Unlock()
	return nil
}
