package auth

import (
	"net/netip"
	"time"

	"engawa/social"
)

// limit is how often something may fail within a window.
type limit struct {
	key    string
	most   int
	window time.Duration
}

// Limits of failed log-ins, as Mastodon has them; codes have ours, since they are short.
func byName(key string) limit { return limit{key, 25, time.Hour} }
func byAddress(address string) limit {
	return limit{"address:" + network(address), 25, 5 * time.Minute}
}
func byCode(user social.ID) limit { return limit{"code:" + user.String(), 10, time.Hour} }
func byUser(user social.ID) limit { return limit{"password:" + user.String(), 10, time.Hour} }

// network is the address, or of an IPv6 address the /64, which is what one
// customer has at least.
func network(address string) string {
	addr, err := netip.ParseAddr(address)
	if err != nil || !addr.Is6() || addr.Is4In6() {
		return address
	}
	if p, err := addr.WithZone("").Prefix(64); err == nil {
		return p.String()
	}
	return address
}

// longest is the longest window of a limit.
const longest = time.Hour

// try notes an attempt under each limit before it is known how it ends, so that
// many at once cannot pass; forgive takes it back when it ended well.
func (a *Auth) try(op string, limits ...limit) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	now := a.Home.Clock.Now()
	for _, l := range limits {
		n := 0
		for _, t := range a.tries[l.key] {
			if t.After(now.Add(-l.window)) {
				n++
			}
		}
		if n >= l.most {
			return &social.Error{Kind: social.Limited, Op: op, Message: "Too many failed attempts. Wait a while, then try again"}
		}
	}
	a.makeRoom(now)
	for _, l := range limits {
		list := append(a.tries[l.key], now)
		if len(list) > l.most {
			list = append(list[:0], list[len(list)-l.most:]...)
		}
		a.tries[l.key] = list
	}
	return nil
}

// forgive takes the last attempt under each limit back.
func (a *Auth) forgive(limits ...limit) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, l := range limits {
		switch list := a.tries[l.key]; len(list) {
		case 0, 1:
			delete(a.tries, l.key)
		default:
			a.tries[l.key] = list[:len(list)-1]
		}
	}
}

// makeRoom bounds what is remembered: first what is over goes, then what failed
// only once, so that a flood of names does not wash away who is being attacked.
func (a *Auth) makeRoom(now time.Time) {
	if a.tries == nil {
		a.tries = make(map[string][]time.Time)
	}
	if len(a.tries) < maxState {
		return
	}
	for k, list := range a.tries {
		if !list[len(list)-1].After(now.Add(-longest)) {
			delete(a.tries, k)
		}
	}
	for few := 1; len(a.tries) > maxState/2; few++ {
		for k, list := range a.tries {
			if len(list) <= few {
				delete(a.tries, k)
			}
		}
	}
}
