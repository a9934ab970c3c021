package mastodon

import (
	"context"
	"math"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"engawa/internal/loose"
	"engawa/network"
	"engawa/social"
)

// server is what one server announced.
type server struct {
	domain    string
	software  string // "mastodon", "gotosocial", "pleroma", "akkoma", "engawa" …
	streaming string // ws: or wss: URL, without path
	limits    social.Bounds
	can       social.Ability
	react     string // how one reacts with an emoji; "" when one cannot
	quoteKey  string // the parameter that quotes; "" when one cannot
	at        int64
}

// serverAge is how long what a server announced is believed, in milliseconds.
const serverAge = int64(time.Hour / time.Millisecond)

// The ways to react: Pleroma's, glitch-soc's forks' and Fedibird's.
const (
	reactPleroma  = "pleroma"
	reactGlitch   = "glitch"
	reactFedibird = "fedibird"
)

// instance is GET /api/v2/instance and the older /api/v1/instance, with what
// the kin of Mastodon adds.
type instance struct {
	Domain      string           `json:"domain"`
	URI         string           `json:"uri"` // v1
	Version     string           `json:"version"`
	SourceURL   string           `json:"source_url"`
	APIVersions loose.Map[int64] `json:"api_versions"`
	Config      struct {
		URLs struct {
			Streaming string `json:"streaming"`
		} `json:"urls"`
		Statuses struct {
			Characters int64 `json:"max_characters"`
			Media      int64 `json:"max_media_attachments"`
			URL        int64 `json:"characters_reserved_per_url"`
		} `json:"statuses"`
		Media struct {
			ImageBytes int64 `json:"image_size_limit"`
			ImageArea  int64 `json:"image_matrix_limit"`
			Alt        int64 `json:"description_limit"`
		} `json:"media_attachments"`
		Polls struct {
			Options int64 `json:"max_options"`
		} `json:"polls"`
		Reactions struct {
			Max int64 `json:"max_reactions"`
		} `json:"reactions"`
	} `json:"configuration"`
	URLs struct {
		Streaming string `json:"streaming_api"`
	} `json:"urls"`
	TootChars   int64 `json:"max_toot_chars"`    // Pleroma and old forks
	Description int64 `json:"description_limit"` // Pleroma
	UploadLimit int64 `json:"upload_limit"`
	PollLimits  struct {
		Options int64 `json:"max_options"`
	} `json:"poll_limits"`
	Pleroma struct {
		Metadata struct {
			Features loose.List[string] `json:"features"`
		} `json:"metadata"`
	} `json:"pleroma"`
	Fedibird loose.List[string] `json:"fedibird_capabilities"`
}

// server asks what base can do, or remembers it.
func (n *Network) server(ctx context.Context, base string) (*server, error) {
	n.mu.Lock()
	known := n.servers[base]
	n.mu.Unlock()
	if known != nil && n.now()-known.at < serverAge {
		return known, nil
	}
	s, _, err := n.discover(ctx, base)
	if err != nil && known != nil {
		return known, nil
	}
	return s, err
}

// discover asks base what it is. Redirects are followed, as many servers answer
// under another name than their handles bear: the second result is where.
func (n *Network) discover(ctx context.Context, base string) (*server, string, error) {
	client := *n.HTTP
	client.CheckRedirect = func(_ *http.Request, via []*http.Request) error {
		if len(via) > 3 {
			return http.ErrUseLastResponse
		}
		return nil
	}
	for _, path := range []string{"/api/v2/instance", "/api/v1/instance"} {
		a, err := n.send(ctx, &client, base, call{method: "GET", path: path})
		if err != nil {
			return nil, "", err
		}
		if a.status == http.StatusTooManyRequests || a.status >= 500 {
			return nil, "", n.refusal(base, call{}, a)
		}
		var in instance
		if a.status != http.StatusOK || loose.Decode(a.body, &in) != nil || in.Version == "" {
			continue
		}
		at := base
		if u := a.url; u.Path == path && u.User == nil && (u.Scheme == "https" || strings.HasPrefix(base, "http://")) {
			at = u.Scheme + "://" + u.Host
		}
		s := n.serverOf(at, &in)
		n.mu.Lock()
		remember(&n.servers, base, s)
		remember(&n.servers, at, s)
		n.mu.Unlock()
		return s, at, nil
	}
	return nil, "", network.OtherAPI(hostOf(base), "Mastodon", "mastodon.social", nil)
}

func (n *Network) serverOf(base string, in *instance) *server {
	s := &server{at: n.now(), software: softwareOf(in), domain: hostOf(base)}
	for _, d := range []string{in.Domain, strings.TrimPrefix(strings.TrimPrefix(in.URI, "https://"), "http://")} {
		if isDomain(d) {
			s.domain = strings.ToLower(d)
			break
		}
	}
	s.streaming = streamingOf(base, in)
	s.limits = boundsOf(in)
	s.abilities(in)
	return s
}

// softwareOf reads "4.5.0 (compatible; Name 1.0)"; GoToSocial tells itself by
// its source only.
func softwareOf(in *instance) string {
	if _, rest, ok := strings.Cut(in.Version, "(compatible; "); ok {
		name, _, _ := strings.Cut(rest, " ")
		return strings.ToLower(strings.TrimSuffix(name, ")"))
	}
	if strings.Contains(strings.ToLower(in.SourceURL), "gotosocial") || strings.Contains(strings.ToLower(in.Version), "gotosocial") || strings.HasPrefix(in.Version, "0.") {
		return "gotosocial"
	}
	return "mastodon"
}

// isDomain: a host name, with a port perhaps.
func isDomain(s string) bool {
	if s == "" || len(s) > 253 {
		return false
	}
	u, err := url.Parse("https://" + s)
	return err == nil && u.Host == s
}

// streamingOf is the address of the stream: of the server's choosing, as long as
// it is a WebSocket's; otherwise the server itself.
func streamingOf(base string, in *instance) string {
	for _, text := range []string{in.Config.URLs.Streaming, in.URLs.Streaming} {
		u, err := url.Parse(text)
		if err != nil || u.Host == "" || u.User != nil {
			continue
		}
		switch u.Scheme {
		case "wss", "https":
			return "wss://" + u.Host
		case "ws", "http":
			if strings.HasPrefix(base, "http://") {
				return "ws://" + u.Host
			}
		}
	}
	if rest, ok := strings.CutPrefix(base, "http://"); ok {
		return "ws://" + rest
	}
	return "wss://" + strings.TrimPrefix(base, "https://")
}

// first is the first of the values that lies between 1 and most, as an int.
func first(most int64, values ...int64) int {
	for _, v := range values {
		if v > 0 && v <= most {
			return int(v)
		}
	}
	return 0
}

func boundsOf(in *instance) social.Bounds {
	c := &in.Config
	b := social.Bounds{
		Characters:  first(1_000_000, c.Statuses.Characters, in.TootChars, 500),
		URL:         first(1000, c.Statuses.URL),
		Media:       first(100, c.Statuses.Media, 4),
		ImageBytes:  int64(first(1<<40, c.Media.ImageBytes, in.UploadLimit)),
		AltText:     first(1_000_000, c.Media.Alt, in.Description, 1500),
		PollOptions: first(1000, c.Polls.Options, in.PollLimits.Options, 4),
	}
	if area := c.Media.ImageArea; area > 0 && area < 1<<40 {
		b.ImagePixels = int(math.Sqrt(float64(area)))
	}
	return b
}

func has(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

// abilities says what one can do at a server of this make and age.
func (s *server) abilities(in *instance) {
	features := in.Pleroma.Metadata.Features
	s.can = social.AblePost | social.AbleReply | social.AbleDelete | social.AbleMedia | social.AblePoll | social.AbleBoost |
		social.AbleFavourite | social.AbleBookmark | social.AbleFollow | social.AbleRead | social.AbleNotify | social.AbleStream
	switch major, minor := versionOf(in.Version); {
	case s.software == "gotosocial" && major == 0 && minor < 18:
	case len(features) > 0 && !has(features, "editing"):
	case s.software == "mastodon" && (major < 3 || major == 3 && minor < 5):
	default:
		s.can |= social.AbleEdit
	}
	switch {
	case in.APIVersions["mastodon"] >= 7: // facts/mastodon.md 3.7
		s.quoteKey = "quoted_status_id"
	case has(features, "quote_posting"):
		s.quoteKey = "quote_id"
	}
	switch {
	case has(features, "pleroma_emoji_reactions"), s.software == "engawa":
		s.react = reactPleroma
	case has(in.Fedibird, "emoji_reaction"):
		s.react = reactFedibird
	case in.Config.Reactions.Max > 0:
		s.react = reactGlitch
	}
	if s.quoteKey != "" {
		s.can |= social.AbleQuote
	}
	if s.react != "" {
		s.can |= social.AbleReact
	}
}

// versionOf reads the first two numbers of a version.
func versionOf(text string) (major, minor int) {
	a, rest, _ := strings.Cut(text, ".")
	b := strings.FieldsFunc(rest, func(r rune) bool { return r < '0' || r > '9' })
	major, _ = strconv.Atoi(a)
	if len(b) > 0 {
		minor, _ = strconv.Atoi(b[0])
	}
	return major, minor
}
