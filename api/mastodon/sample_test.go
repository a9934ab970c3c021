package mastodon

import (
	"fmt"
	"strings"
	"time"

	"engawa/internal/clock"
	"engawa/social"
)

// sampleNow is the moment of all samples: 2026-11-25 04:00:00.123 UTC.
var sampleNow = time.Date(2026, 11, 25, 4, 0, 0, 123_000_000, time.UTC)

// sampleAPI is an API without a store: conversions need none.
func sampleAPI() *API {
	return &API{
		Home: &social.Home{Clock: clock.NewFake(sampleNow), Info: social.HomeInfo{ID: 1, Domain: "home.example", URL: "https://home.example"}, Limits: social.DefaultLimits},
		Base: "https://home.example", Version: "1.0",
		RemoteMedia: func(kind, url string) string {
			return "https://home.example/blob/remote/" + kind + "/" + strings.TrimPrefix(url, "https://")
		},
	}
}

func sampleActor(id social.ID, local bool) *social.Actor {
	a := &social.Actor{
		ID: id, Domain: "far.example", Name: fmt.Sprintf("user%d", id), Kind: social.Person,
		URI: fmt.Sprintf("https://far.example/users/%d", id), URL: fmt.Sprintf("https://far.example/@user%d", id),
		DisplayName: "User \"of\" far :blob:", Summary: "<p>Says things, mostly in the evening.</p>",
		Avatar: social.Picture{URL: "https://far.example/a.png", Alt: "a cat"}, Emojis: []social.Emoji{{Shortcode: "blob", Domain: "far.example", URL: "https://far.example/blob.png"}},
		Fields:    []social.Field{{Name: "Site", Value: `<a href="https://far.example">far</a>`, VerifiedAt: sampleNow.UnixMilli()}},
		PostCount: 12, Followers: 3, Following: 4, LastPostAt: sampleNow.UnixMilli(), CreatedAt: sampleNow.UnixMilli() - 1e9, FetchedAt: 1,
		Discoverable: true, Indexable: true,
	}
	if local {
		a.Home, a.Domain, a.URL = 1, "home.example", fmt.Sprintf("https://home.example/@user%d", id)
		a.Avatar, a.Emojis = social.Picture{Key: "media/a.png", StaticKey: "media/a-still.png"}, nil
	}
	return a
}

// samplePost is a Post of about what people write.
func samplePost(id, actor social.ID) *social.Post {
	text := strings.Repeat("縁側でお茶を飲みながら、 the neighbours talk about &amp; over the fence. ", 4)
	return &social.Post{
		ID: id, Actor: actor, Kind: social.Note, URI: "https://far.example/p/" + id.String(), URL: "https://far.example/@u/" + id.String(),
		Content: "<p>" + text + `<a href="https://home.example/tags/tea" rel="tag">#<span>tea</span></a></p>`, Language: "ja",
		Tags: []string{"Tea"}, Mentions: []social.Mention{
			{Actor: 2, Name: "user2", Domain: "home.example", URL: "https://home.example/@user2"},
			{Actor: 9, Name: "other", Domain: "far.example", URI: "https://far.example/users/9"},
			{Actor: 8, Name: "silent", Domain: "far.example", Silent: true},
		},
		Replies: 1, Boosts: 2, Favourites: 3, CreatedAt: sampleNow.UnixMilli(),
	}
}

// samplePage is a Home page of n Posts: every fourth is a Boost, every third has
// a picture.
func samplePage(n int) *social.Listing {
	l := &social.Listing{Bundle: &social.Bundle{
		Posts: map[social.ID]*social.Post{}, Actors: map[social.ID]*social.Actor{}, Media: map[social.ID][]social.Media{},
		Polls: map[social.ID]*social.Poll{}, Cards: map[social.ID]*social.Card{}, Apps: map[social.ID]*social.App{},
		Relations: map[social.ID]*social.Relation{}, Mine: map[social.ID]social.Mine{},
	}}
	for i := range 8 {
		id := social.ID(i + 1)
		l.Actors[id] = sampleActor(id, i%2 == 1)
		l.Relations[id] = &social.Relation{Target: id, Following: true}
	}
	for i := range n {
		p := samplePost(social.ID(1000+i), social.ID(i%8+1))
		if i%3 == 0 {
			l.Media[p.ID] = []social.Media{sampleMedia(social.ID(5000 + i))}
		}
		if i%4 == 0 {
			l.Bundle.Posts[p.ID] = p
			p = &social.Post{ID: social.ID(2000 + i), Kind: social.Boost, Actor: 3, BoostOf: p.ID, URI: "https://far.example/b/" + p.ID.String(), CreatedAt: p.CreatedAt}
		}
		l.Posts = append(l.Posts, p)
	}
	return l
}

func sampleMedia(id social.ID) social.Media {
	return social.Media{
		ID: id, Kind: social.Image, RemoteURL: "https://far.example/i.jpg", Width: 1200, Height: 800, PreviewWidth: 600, PreviewHeight: 400,
		Blurhash: "LEHV6nWB2yk8pyo0adR*.7kCMdnj", Description: "two cups", FocusX: 0.5, FocusY: -0.25,
	}
}

var user = social.Viewer{Actor: 2, User: true}

// sampleView converts l for v, with filters in place "home".
func sampleView(v social.Viewer, l *social.Listing, filters ...social.Filter) *view {
	a := sampleAPI()
	w := a.view(v)
	w.l = l
	w.sieve = social.NewSieve(filters, "home", w.now)
	return w
}
