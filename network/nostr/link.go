package nostr

import (
	"context"
	"encoding/json"
	"net/url"
	"strings"

	"engawa/internal/locale"
	"engawa/network"
	"engawa/social"
)

// Begin links a key, a bunker or, to read only, a public key: always at once.
func (n *Nostr) Begin(ctx context.Context, in network.LinkInput) (*network.LinkStep, error) {
	relays, err := parseRelays(in.Fields["relays"])
	if err == nil && len(relays) == 0 {
		relays, err = parseRelays(in.Base)
	}
	if err != nil {
		return nil, err
	}
	s, account, hints, err := n.typedKey(ctx, strings.TrimSpace(in.Fields["key"]))
	if err != nil {
		return nil, err
	}
	others := [][]string{hints, n.Relays}
	if s.Bunker != nil {
		others = [][]string{n.Relays, hints} // a bunker's relays are seldom for posts
	}
	for _, list := range others {
		if len(relays) == 0 {
			relays = cleanRelays(list)
		}
	}
	if len(relays) == 0 {
		return nil, network.Fix(locale.W("link.fail.relays_which"), locale.W("link.do.relays_which"))
	}
	raw, err := json.Marshal(s)
	if err != nil {
		return nil, err
	}
	l := &social.Login{Link: &social.Link{Network: Name, Base: strings.Join(relays, " "), Account: account, State: social.LinkActive}, Secret: raw}
	if err := n.Check(ctx, l); err != nil {
		return nil, err
	}
	return &network.LinkStep{Link: l.Link, Secret: raw}, nil
}

// typedKey understands what a person types: nsec1…, a secret key in
// hexadecimal, npub1…, nprofile1…, bunker://….
func (n *Nostr) typedKey(ctx context.Context, typed string) (s *secret, account string, hints []string, err error) {
	bad := network.Fix(locale.W("link.fail.nostr_key"), locale.W("link.do.nostr_key"))
	if strings.HasPrefix(typed, "bunker://") {
		return n.typedBunker(ctx, typed)
	}
	hexKey := strings.ToLower(typed)
	if p, err := decodePointer(strings.TrimPrefix(typed, "nostr:")); err == nil {
		switch p.prefix {
		case "npub", "nprofile":
			return &secret{}, p.id, p.relays, nil
		case "nsec":
			hexKey = p.id
		}
	}
	key, ok := parseKey(hexKey)
	if !ok {
		return nil, "", nil, bad
	}
	return &secret{Key: hexKey}, publicOf(key), nil, nil
}

func (n *Nostr) typedBunker(ctx context.Context, typed string) (*secret, string, []string, error) {
	b, err := parseBunker(typed)
	if err != nil {
		return nil, "", nil, err
	}
	if _, err := n.bunkerCall(ctx, b, "connect", b.Remote, b.Token, permissions); err != nil {
		return nil, "", nil, err
	}
	b.Token = "" // good for once
	account, err := n.bunkerCall(ctx, b, "get_public_key")
	if err != nil {
		return nil, "", nil, err
	}
	if !isHex32(account) {
		return nil, "", nil, reconnect(locale.W("link.fail.bunker_whose"), nil)
	}
	return &secret{Bunker: b}, account, b.Relays, nil
}

// Finish is never needed.
func (n *Nostr) Finish(context.Context, []byte, url.Values) (*network.LinkStep, error) {
	return nil, network.Unbegun(social.Unsupported, nil)
}

// Check asks the relays for the profile; one of them has to answer.
func (n *Nostr) Check(ctx context.Context, l *social.Login) error {
	s, err := n.signerOf(l)
	if err != nil {
		return err
	}
	lists, err := n.relaysOf(ctx, l, s)
	if err != nil {
		return err
	}
	events, answered, err := n.askAll(ctx, lists.write, s, []filter{{Kinds: []int{kindProfile}, Authors: []string{l.Account}, Limit: 1}})
	if answered == 0 {
		return away(locale.W("link.fail.relays_away"), err)
	}
	p := n.stranger(l.Account, newest(events))
	l.Handle, l.Avatar, l.URL = npub(l.Account), p.Avatar, p.URL
	if p.Name != l.Handle {
		l.Handle = p.Name
	}
	l.Can = social.AbleRead | social.AbleNotify | social.AbleStream
	if s != nil {
		l.Can |= social.AblePost | social.AbleReply | social.AbleDelete | social.AbleMedia | social.AbleQuote | social.AbleBoost |
			social.AbleFavourite | social.AbleReact | social.AbleFollow
	}
	l.Limits = social.Bounds{Bytes: maxContent / 2}
	return nil
}
