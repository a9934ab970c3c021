package fetch

import (
	"mime"
	"strings"
)

// profile is the URI by which JSON-LD says that it is ActivityStreams
// (ActivityPub, 3.2).
const profile = "https://www.w3.org/ns/activitystreams"

// AcceptActivity is the Accept header for ActivityPub objects.
const AcceptActivity = `application/activity+json, application/ld+json; profile="` + profile + `"`

// ActivityJSON tells whether a Content-Type header says that the body is an
// ActivityPub object: application/activity+json, or application/ld+json with
// the profile of ActivityStreams. Nothing else is one: a file that somebody
// uploaded is served with a type of its own (T5).
func ActivityJSON(contentType string) bool {
	if contentType == "application/activity+json" || contentType == "application/activity+json; charset=utf-8" {
		return true
	}
	kind, params, err := mime.ParseMediaType(contentType)
	if err != nil {
		return false
	}
	switch kind {
	case "application/activity+json":
		return true
	case "application/ld+json":
		for p := range strings.FieldsSeq(params["profile"]) {
			if p == profile {
				return true
			}
		}
	}
	return false
}
