package mastodon

import (
	"context"
	"slices"
	"strings"
	"time"

	"engawa/internal/hostname"
	"engawa/internal/markup"
	"engawa/social"
)

// Bounds of what is asked of neighbours before a Post is written.
const (
	maxFetched  = 10
	resolveTime = 10 * time.Second
)

// resolver finds whom a text names: here first, then, a bounded number of times
// and for a bounded time, by WebFinger. Whom nobody knows stays text.
type resolver struct {
	*API
	ctx      context.Context
	left     int // how many may still be fetched
	mentions []social.Mention
}

// resolve finds who a handle (name or name@host) is.
func (r *resolver) resolve(handle string) (markup.Mention, bool) {
	actor := r.actor(handle)
	if actor == nil || actor.State == social.ActorGone || actor.Suspended != 0 || actor.Kind == social.Server {
		return markup.Mention{}, false
	}
	if !slices.ContainsFunc(r.mentions, func(m social.Mention) bool { return m.Actor == actor.ID }) {
		r.mentions = append(r.mentions, social.Mention{Actor: actor.ID, Name: actor.Name, Domain: actor.Domain, URI: actor.URI, URL: actor.URL})
	}
	return markup.Mention{Name: actor.Name, URI: actor.URI, URL: actor.URL}, true
}

func (r *resolver) actor(handle string) *social.Actor {
	name, domain, remote := strings.Cut(handle, "@")
	if remote {
		var err error
		if domain, err = hostname.Parse(domain); err != nil {
			return nil
		}
	}
	if !remote || domain == r.Base[strings.LastIndexByte(r.Base, '/')+1:] {
		domain = r.Home.Info.Domain
	}
	actor, err := r.Home.Store.ActorByHandle(r.ctx, name, domain)
	if err == nil {
		return actor
	}
	if !social.IsKind(err, social.NotFound) || domain == r.Home.Info.Domain || r.left == 0 || r.Home.Neighbours == nil {
		return nil
	}
	r.left--
	if actor, err = r.Home.Neighbours.ActorByHandle(r.ctx, name, domain); err != nil {
		return nil
	}
	return actor
}

// emojisIn are the emoji of this home among codes and those that texts name.
func (a *API) emojisIn(ctx context.Context, codes []string, texts ...string) ([]social.Emoji, error) {
	named := make(map[string]bool, len(codes))
	for _, code := range codes {
		named[code] = true
	}
	for _, text := range texts {
		if strings.Count(text, ":") < 2 {
			continue
		}
		for _, span := range markup.Scan(text) {
			if span.Kind == markup.SpanEmoji && len(named) < 2*markup.MaxEmoji {
				named[span.Name] = true
			}
		}
	}
	if len(named) == 0 {
		return nil, nil
	}
	all, err := a.Home.Store.Emojis(ctx, a.Home.Info.Domain)
	if err != nil {
		return nil, err
	}
	var used []social.Emoji
	for _, e := range all {
		if named[e.Shortcode] {
			used = append(used, e)
		}
	}
	return used, nil
}
