package social

import "strconv"

// The templates of the addresses of new things of ours. They are used once,
// when the thing is made; afterwards the stored address is what counts.

// ActorURIs fills the addresses of a new Actor of home hi.
func ActorURIs(hi *HomeInfo, a *Actor) {
	base := hi.URL + "/users/" + a.Name
	if a.Kind == Server {
		base = hi.URL + "/actor"
	}
	a.URI = base
	a.URL = hi.URL + "/@" + a.Name
	a.Inbox, a.Outbox = base+"/inbox", base+"/outbox"
	a.SharedInbox = hi.URL + "/inbox"
	a.FollowersURI, a.FollowingURI = base+"/followers", base+"/following"
	a.FeaturedURI = base + "/collections/featured"
}

// KeyURI is the id of a new key: the first RSA key of an Actor is #main-key,
// which is where peers look first; others carry their number.
func KeyURI(a *Actor, kind KeyKind, id ID, first bool) string {
	switch {
	case kind == RSA && first:
		return a.URI + "#main-key"
	case kind == Ed25519 && first:
		return a.URI + "#ed25519-key"
	default:
		return a.URI + "#key-" + id.String()
	}
}

func postURI(a *Actor, id ID) string { return a.URI + "/statuses/" + id.String() }

func postURL(a *Actor, id ID) string { return a.URL + "/" + id.String() }

func boostURI(a *Actor, id ID) string { return postURI(a, id) + "/activity" }

func conversationURI(hi *HomeInfo, id ID) string { return hi.URL + "/contexts/" + id.String() }

func followURI(a *Actor, id ID) string { return a.URI + "#follows/" + id.String() }

func blockURI(a *Actor, id ID) string { return a.URI + "#blocks/" + id.String() }

func likeURI(a *Actor, id ID) string { return a.URI + "#likes/" + id.String() }

func voteURI(a *Actor, id ID) string { return a.URI + "#votes/" + id.String() }

func stampURI(a *Actor, quoting ID) string {
	return a.URI + "/quote_authorizations/" + quoting.String()
}

func quoteRequestURI(a *Actor, quoting ID) string {
	return a.URI + "/quote_requests/" + quoting.String()
}

func updateURI(uri string, at Millis) string { return uri + "#updates/" + strconv.FormatInt(at, 10) }
