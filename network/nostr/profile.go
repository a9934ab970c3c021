package nostr

import (
	"context"
	"encoding/json"
	"html"
	"strings"
	"time"

	"engawa/internal/markup"
	"engawa/social"
)

// cachedProfile is an account as it was found; also one that has no profile.
type cachedProfile struct {
	stranger social.Stranger
	at       time.Time
}

// profileLast is how long a profile is believed.
const profileLast = 6 * time.Hour

// profile is the content of kind 0 (NIP-01, NIP-24).
type profile struct {
	Name    string `json:"name"`
	Display string `json:"display_name"`
	About   string `json:"about"`
	Picture string `json:"picture"`
	Banner  string `json:"banner"`
	NIP05   string `json:"nip05"`
	Bot     bool   `json:"bot"`
}

// stranger is an account by its profile, which may be nil. NIP-05 is noted as
// declared; it is not verified here.
func (n *Nostr) stranger(key string, e *Event) social.Stranger {
	s := social.Stranger{ID: key, URI: "nostr:" + npub(key), URL: n.gateway() + "/" + npub(key), Name: npub(key), Domain: "nostr"}
	var p profile
	if e == nil || e.PubKey != key || json.Unmarshal([]byte(e.Content), &p) != nil {
		return s
	}
	s.Display = markup.Shorten(strings.TrimSpace(p.Display), 100)
	if name := markup.Shorten(strings.TrimSpace(p.Name), 100); s.Display == "" {
		s.Display = name
	}
	s.Avatar, s.Header, s.Bot = web(p.Picture), web(p.Banner), p.Bot
	if about := markup.Shorten(p.About, 2000); about != "" {
		s.HTML = "<p>" + strings.ReplaceAll(html.EscapeString(about), "\n", "<br>") + "</p>"
	}
	if local, domain, ok := strings.Cut(strings.ToLower(p.NIP05), "@"); ok && plainName(local) && plainName(domain) && strings.Contains(domain, ".") {
		s.Same = append(s.Same, "acct:"+local+"@"+domain)
	}
	for _, t := range e.Tags {
		if len(t) > 2 && t[0] == "proxy" && t[2] == "activitypub" && len(s.Same) < 8 && web(t[1]) != "" { // NIP-48
			s.Same = append(s.Same, t[1])
		}
	}
	return s
}

// plainName reports whether s has the characters that NIP-05 allows, and those of hosts.
func plainName(s string) bool {
	return s != "" && len(s) < 254 && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789-_.") == ""
}

// web is an address of http or https, else "".
func web(s string) string {
	if len(s) > 2048 || !strings.HasPrefix(s, "https://") && !strings.HasPrefix(s, "http://") || strings.ContainsAny(s, " \n\"<>") {
		return ""
	}
	return s
}

// known is an account as far as it is cached.
func (n *Nostr) known(key string) (social.Stranger, bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	c, ok := n.profiles.get(key)
	if !ok || n.Clock.Now().Sub(c.at) > profileLast {
		return n.stranger(key, nil), false
	}
	return c.stranger, true
}

// remember caches what a profile says.
func (n *Nostr) remember(key string, e *Event) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.profiles.put(key, cachedProfile{n.stranger(key, e), n.Clock.Now()})
}

// maxProfiles is how many profiles are asked for at once.
const maxProfiles = 500

// meet fetches the profiles of keys that are not known. That it fails does no
// harm: who has no profile is shown by the key.
func (n *Nostr) meet(ctx context.Context, relays []string, s signer, keys []string) {
	var missing []string
	asked := make(map[string]bool)
	for _, k := range keys {
		if _, ok := n.known(k); !ok && !asked[k] && isHex32(k) && len(missing) < maxProfiles {
			asked[k] = true
			missing = append(missing, k)
		}
	}
	if len(missing) == 0 {
		return
	}
	events, answered, _ := n.askAll(ctx, relays, s, []filter{{Kinds: []int{kindProfile}, Authors: missing}})
	if answered == 0 {
		return
	}
	byKey := make(map[string][]seen)
	for _, e := range events {
		byKey[e.PubKey] = append(byKey[e.PubKey], e)
	}
	for _, k := range missing {
		n.remember(k, newest(byKey[k]))
	}
}
