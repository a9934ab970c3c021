package nostr

import (
	"context"
	"encoding/hex"
	"errors"
	"strconv"

	"golang.org/x/sync/errgroup"

	"engawa/internal/locale"
	"engawa/network"
	"engawa/social"
)

// Send publishes p to the write relays: sent when one of them has it. Trying
// again sends the same event, which relays that have it accept.
func (n *Nostr) Send(ctx context.Context, l *social.Login, p *social.Part) (*social.Sent, error) {
	s, err := n.writer(l)
	if err != nil {
		return nil, err
	}
	e, err := encode(p, l.Account)
	if err != nil {
		return nil, err
	}
	if err := s.sign(ctx, e); err != nil {
		return nil, signing(err)
	}
	relay, err := n.publishAll(ctx, l, s, e)
	if err != nil {
		return nil, err
	}
	return &social.Sent{Ref: n.ref(e, relay)}, nil
}

func signing(err error) error {
	var e *social.LinkError
	if errors.As(err, &e) {
		return err
	}
	return away(locale.W("link.fail.unsigned"), err)
}

// publishAll brings e to all write relays at once and says the first of them,
// in the order of the list, that has it.
func (n *Nostr) publishAll(ctx context.Context, l *social.Login, s signer, e *Event) (string, error) {
	lists, err := n.relaysOf(ctx, l, s)
	if err != nil {
		return "", err
	}
	relays := lists.write
	errs := make([]error, len(relays))
	var g errgroup.Group
	for i, relay := range relays {
		g.Go(func() error { errs[i] = n.publish(ctx, relay, e, s); return nil })
	}
	_ = g.Wait() // what failed is in errs
	for i, err := range errs {
		if err == nil {
			return relays[i], nil
		}
	}
	return "", worst(errs)
}

// worst is the one error for the failures of all relays. While any of them may
// take the event later, it is worth trying again; else the first refusal counts.
func worst(errs []error) error {
	var first *social.LinkError
	for _, err := range errs {
		var s *said
		if !errors.As(err, &s) {
			return away(locale.W("link.fail.relays_away"), err)
		}
		r := refused(s)
		if r.Class == social.TryAgain {
			return r
		}
		if first == nil {
			first = r
		}
	}
	if first == nil {
		return reconnect(locale.W("link.fail.relays_none"), nil)
	}
	return first
}

// Edit does not exist: events do not change.
func (n *Nostr) Edit(context.Context, *social.Login, social.Ref, *social.Part) (*social.Sent, error) {
	return nil, network.NoEdit("Nostr")
}

// Delete asks the relays to drop an event (NIP-09); they need not obey.
func (n *Nostr) Delete(ctx context.Context, l *social.Login, ref social.Ref) (*social.Sent, error) {
	if err := n.erase(ctx, l, ref); err != nil {
		return nil, err
	}
	return &social.Sent{Ref: ref}, nil
}

func (n *Nostr) erase(ctx context.Context, l *social.Login, ref social.Ref) error {
	s, err := n.writer(l)
	if err != nil {
		return err
	}
	if !isHex32(ref.ID) {
		return network.BadID("Nostr", short(ref.ID))
	}
	e := &Event{Kind: kindDelete, At: n.Clock.Now().Unix(), Tags: [][]string{{"e", ref.ID}, {"k", strconv.Itoa(kindOf(ref))}}}
	if err := s.sign(ctx, e); err != nil {
		return signing(err)
	}
	_, err = n.publishAll(ctx, l, s, e)
	return err
}

// Find asks the write relays for the event that p becomes.
func (n *Nostr) Find(ctx context.Context, l *social.Login, p *social.Part) (*social.Sent, error) {
	s, err := n.signerOf(l)
	if err != nil {
		return nil, err
	}
	e, err := encode(p, l.Account)
	if err != nil {
		return nil, err
	}
	hash := e.hash()
	e.ID = hex.EncodeToString(hash[:])
	lists, err := n.relaysOf(ctx, l, s)
	if err != nil {
		return nil, err
	}
	found, answered, err := n.askAll(ctx, lists.write, s, []filter{{IDs: []string{e.ID}}})
	switch {
	case len(found) > 0:
		return &social.Sent{Ref: n.ref(e, found[0].relay)}, nil
	case answered == 0:
		return nil, away(locale.W("link.fail.relays_away"), err)
	}
	return nil, nil
}

// seen is an event and the relay that had it first.
type seen struct {
	*Event
	relay string
}

// askAll asks relays at once and joins what they have, each event once, in the
// order of the relays; answered is how many did. err is the last failure.
func (n *Nostr) askAll(ctx context.Context, relays []string, s signer, filters []filter) (all []seen, answered int, err error) {
	found := make([][]*Event, len(relays))
	errs := make([]error, len(relays))
	var g errgroup.Group
	for i, relay := range relays {
		g.Go(func() error { found[i], errs[i] = n.ask(ctx, relay, s, filters); return nil })
	}
	_ = g.Wait() // what failed is in errs
	known := make(map[string]bool)
	for i := range relays {
		if errs[i] != nil {
			err = errs[i]
			continue
		}
		answered++
		for _, e := range found[i] {
			if !known[e.ID] {
				known[e.ID] = true
				all = append(all, seen{e, relays[i]})
			}
		}
	}
	return all, answered, err
}
