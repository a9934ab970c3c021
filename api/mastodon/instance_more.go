package mastodon

import (
	"crypto/sha256"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"engawa/social"
)

// maxPeers is how many neighbours are told at most.
const maxPeers = 10_000

func instancePeers(a *API, c *call) (any, error) {
	all, err := a.Home.Store.Peers(c.ctx, "", maxPeers)
	if err != nil {
		return nil, err
	}
	return orNone(all), nil
}

// peersSearch completes the name of a neighbour.
func peersSearch(a *API, c *call) (any, error) {
	q := strings.ToLower(strings.TrimSpace(c.in.text("q")))
	if q == "" {
		return []string{}, nil
	}
	all, err := a.Home.Store.Peers(c.ctx, q, 10)
	return orNone(all), err
}

func orNone(all []string) []string {
	if all == nil {
		return []string{}
	}
	return all
}

// weeksTold is how many weeks of activity are told (Mastodon's).
const weeksTold = 12

// activity keeps what was counted for an hour: it reads many rows.
type activity struct {
	mu    sync.Mutex
	weeks []social.WeekCount
	until social.Millis
}

func instanceActivity(a *API, c *call) (any, error) {
	a.activity.mu.Lock()
	defer a.activity.mu.Unlock()
	if now := a.now(); now >= a.activity.until {
		weeks, err := a.Home.Store.Activities(c.ctx, now, weeksTold)
		if err != nil {
			return nil, err
		}
		a.activity.weeks, a.activity.until = weeks, now+time.Hour.Milliseconds()
	}
	out := make([]map[string]string, len(a.activity.weeks))
	for i, w := range a.activity.weeks {
		n := func(n int64) string { return strconv.FormatInt(n, 10) }
		out[i] = map[string]string{"week": n(w.Week / 1000), "statuses": n(w.Posts), "logins": n(w.Logins), "registrations": n(w.Registered)}
	}
	return out, nil
}

// maxDomainRules is how many domains are told of at most.
const maxDomainRules = 10_000

// instanceDomainBlocks tells those who are logged in which domains this home
// limits or refuses; strangers nothing. A name that shall not be told is
// starred in its middle; its digest lets one who knows it find it.
func instanceDomainBlocks(a *API, c *call) (any, error) {
	out := []map[string]any{}
	if !c.viewer().User {
		return out, nil
	}
	rules, err := a.Home.Store.DomainRules(c.ctx, social.Page{Limit: maxDomainRules})
	if err != nil {
		return nil, err
	}
	for i := range rules {
		r := &rules[i]
		if r.Severity != social.SeveritySilence && r.Severity != social.SeveritySuspend {
			continue
		}
		digest := sha256.Sum256([]byte(r.Domain))
		out = append(out, map[string]any{
			"domain": starred(r.Domain, r.Obfuscate), "digest": fmt.Sprintf("%x", digest), "severity": string(r.Severity), "comment": r.PublicComment,
		})
	}
	return out, nil
}

// starred hides the middle of a domain, but for its dots.
func starred(domain string, hide bool) string {
	if !hide {
		return domain
	}
	n := len(domain)
	shown := (n - n/2) / 2
	out := []byte(domain)
	for i := range out {
		if i >= shown && i < n-shown && out[i] != '.' {
			out[i] = '*'
		}
	}
	return string(out)
}
