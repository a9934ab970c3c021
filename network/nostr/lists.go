package nostr

import (
	"context"
	"time"

	"engawa/internal/locale"
	"engawa/social"
)

// relayLists are where an account writes and reads (NIP-65), with the relays of
// its Link in both.
type relayLists struct {
	write, read []string
	at          time.Time
}

// listsLast is how long relay lists are believed, followsLast those of follows.
const (
	listsLast   = time.Hour
	followsLast = 10 * time.Minute
)

// relaysOf brings the relays of l. While its list cannot be fetched, the Link's
// own relays are used.
func (n *Nostr) relaysOf(ctx context.Context, l *social.Login, s signer) (*relayLists, error) {
	base, err := parseRelays(l.Base)
	if err != nil || len(base) == 0 {
		return nil, reconnect(locale.W("link.fail.relays_none"), err)
	}
	key := l.Account + " " + l.Base
	now := n.Clock.Now()
	n.mu.Lock()
	known, ok := n.lists.get(key)
	n.mu.Unlock()
	if ok && now.Sub(known.at) < listsLast {
		return &known, nil
	}
	lists := relayLists{write: base, read: base, at: now}
	events, answered, _ := n.askAll(ctx, base, s, []filter{{Kinds: []int{kindRelays}, Authors: []string{l.Account}, Limit: 1}})
	if e := newest(events); e != nil {
		lists.write, lists.read = e.relayLists(base)
	}
	if answered > 0 {
		n.mu.Lock()
		n.lists.put(key, lists)
		n.mu.Unlock()
	}
	return &lists, nil
}

// newest is the replaceable event that counts: the latest, of two the lower id (NIP-01).
func newest(events []seen) *Event {
	var best *Event
	for _, e := range events {
		if best == nil || e.At > best.At || e.At == best.At && e.ID < best.ID {
			best = e.Event
		}
	}
	return best
}

// relayLists reads kind 10002.
func (e *Event) relayLists(base []string) (write, read []string) {
	write, read = append(write, base...), append(read, base...)
	for _, t := range e.Tags {
		if len(t) < 2 || t[0] != "r" {
			continue
		}
		relay, ok := cleanRelay(t[1])
		if !ok {
			continue
		}
		mark := ""
		if len(t) > 2 {
			mark = t[2]
		}
		if mark != "read" {
			write = addRelay(write, relay)
		}
		if mark != "write" {
			read = addRelay(read, relay)
		}
	}
	return write, read
}

// followList is whom an account follows (NIP-02).
type followList struct {
	event *Event // nil: none was found
	keys  []string
	at    time.Time
}

// maxFollows is how many follows are read along.
const maxFollows = 2000

// followsOf brings whom l follows. answered is false when no relay said.
func (n *Nostr) followsOf(ctx context.Context, l *social.Login, s signer, relays []string, anew bool) (list *followList, answered bool, err error) {
	now := n.Clock.Now()
	n.mu.Lock()
	known, ok := n.follows.get(l.Account)
	n.mu.Unlock()
	if ok && !anew && now.Sub(known.at) < followsLast {
		return &known, true, nil
	}
	events, count, err := n.askAll(ctx, relays, s, []filter{{Kinds: []int{kindFollows}, Authors: []string{l.Account}, Limit: 1}})
	if count == 0 {
		if ok {
			return &known, false, nil
		}
		return nil, false, away(locale.W("link.fail.relays_away"), err)
	}
	fresh := followList{event: newest(events), at: now}
	if ok && known.event != nil && (fresh.event == nil || fresh.event.At < known.event.At) {
		fresh.event = known.event // a relay that answered has an older one
	}
	fresh.keys = fresh.event.people()
	n.mu.Lock()
	n.follows.put(l.Account, fresh)
	n.mu.Unlock()
	return &fresh, true, nil
}

// people are the keys of the p tags, each once.
func (e *Event) people() []string {
	if e == nil {
		return nil
	}
	known := make(map[string]bool)
	var keys []string
	for _, t := range e.Tags {
		if len(t) > 1 && t[0] == "p" && isHex32(t[1]) && !known[t[1]] && len(keys) < maxFollows {
			known[t[1]] = true
			keys = append(keys, t[1])
		}
	}
	return keys
}
