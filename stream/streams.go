package stream

import (
	"strings"

	"engawa/social"
)

// Stream is one subscription as a client names it.
type Stream struct {
	Name string // user, public:local, hashtag …
	Tag  string
	List social.ID
}

// kinds is the table of streams: what scopes a token needs, any of them.
var kinds = map[string][]string{
	"user":                {"read:statuses", "read:notifications"},
	"user:notification":   {"read:notifications"},
	"public":              {"read:statuses"},
	"public:local":        {"read:statuses"},
	"public:remote":       {"read:statuses"},
	"public:media":        {"read:statuses"},
	"public:local:media":  {"read:statuses"},
	"public:remote:media": {"read:statuses"},
	"hashtag":             {"read:statuses"},
	"hashtag:local":       {"read:statuses"},
	"list":                {"read:lists"},
	"direct":              {"read:statuses"},
}

// key is what Events are matched by; streams of one person carry the person.
func (s Stream) key(viewer social.ID) string {
	switch s.Name {
	case "user", "user:notification", "direct":
		return s.Name + "/" + viewer.String()
	case "hashtag", "hashtag:local":
		return s.Name + "/" + s.Tag
	case "list":
		return s.Name + "/" + s.List.String()
	default:
		return s.Name
	}
}

// label is the "stream" of a message: the name and its parameter.
func (s Stream) label() []string {
	switch {
	case strings.HasPrefix(s.Name, "hashtag"):
		return []string{s.Name, s.Tag}
	case s.Name == "list":
		return []string{s.Name, s.List.String()}
	default:
		return []string{s.Name}
	}
}

// place is the filter context of what comes by this stream.
func (s Stream) place() string {
	switch s.Name {
	case "user", "list":
		return "home"
	case "user:notification":
		return "notifications"
	case "direct":
		return "thread"
	default:
		return "public"
	}
}

// keysOf are the keys of the streams that an Event about a Post belongs in.
func keysOf(e *social.Event) []string {
	keys := make([]string, 0, len(e.Home)+len(e.Lists)+6)
	for _, id := range e.Home {
		keys = append(keys, "user/"+id.String())
	}
	for _, id := range e.Lists {
		keys = append(keys, "list/"+id.String())
	}
	if e.Public {
		side := "public:remote"
		if e.Local {
			side = "public:local"
		}
		keys = append(keys, "public", side)
		if e.Media {
			keys = append(keys, "public:media", side+":media")
		}
	}
	for _, tag := range e.Tags {
		keys = append(keys, "hashtag/"+tag)
		if e.Local {
			keys = append(keys, "hashtag:local/"+tag)
		}
	}
	return keys
}
