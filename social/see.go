package social

// Viewer is who looks. The zero Viewer is a stranger who is not logged in; a
// neighbour's server asking with a signature is a Viewer with a remote Actor.
type Viewer struct {
	Actor ID
	User  bool // logged in here: may see LocalOnly
	Staff bool // moderators see what is hidden, marked as such
}

// CanSee reports whether v may see p, the one rule for every read: pages,
// streams, search, threads, boosts, quotes, notifications and federation.
//
// author is p's author and rel what is between v and the author (nil: nothing).
// For a Boost it answers for the Boost itself; the boosted Post is asked for
// with its own author.
//
// A Post of Origin Linked is seen here by Users alone: its author, and those it
// names among its recipients, whatever its Audience is where it was said.
func CanSee(v Viewer, p *Post, author *Actor, rel *Relation) bool {
	if p.Origin == Linked && (!v.User || v.Actor == 0 || (v.Actor != p.Actor && !p.Mentioned(v.Actor))) {
		return false
	}
	if v.Actor != 0 && v.Actor == p.Actor {
		return true
	}
	if (p.Hidden != 0 || author.Suspended != 0 || author.State == ActorGone) && !v.Staff {
		return false
	}
	if rel != nil && rel.BlockedBy {
		return false
	}
	if p.Origin == Linked {
		return true
	}
	switch p.Audience {
	case Public, Unlisted:
		return true
	case LocalOnly:
		return v.User
	case Followers:
		return v.Actor != 0 && ((rel != nil && rel.Following) || p.Mentioned(v.Actor))
	default:
		return v.Actor != 0 && p.Mentioned(v.Actor)
	}
}

// WantsToSee reports whether a Post that v may see belongs in a place v did not
// open it in by name: feeds, searches, threads, notifications. Mutes and domain
// blocks hide here, and only here.
func WantsToSee(rel *Relation) bool {
	return rel == nil || !(rel.Muting || rel.BlockingDomain || rel.Blocking || rel.BlockedBy)
}

// CanBoost reports whether v may pass p on to those who follow v: what everybody
// may see, and one's own followers-only Posts. A Post of Origin Linked is passed
// on where it was said, never here.
func CanBoost(v Viewer, p *Post) bool {
	if p.Origin == Linked {
		return false
	}
	switch p.Audience {
	case Public, Unlisted:
		return true
	case Followers, LocalOnly:
		return v.Actor == p.Actor
	default:
		return false
	}
}
