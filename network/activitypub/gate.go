package activitypub

import (
	"engawa/social"
)

// Decision is what the authority gate says.
type Decision uint8

// The decisions.
const (
	Refuse Decision = iota
	Take            // what was said may be carried out as it was said
	Fetch           // the object has to be loaded from its own origin first; what came is not to be used
)

// Verdict is a Decision with its reason; URI is what has to be fetched.
type Verdict struct {
	Decision Decision
	Reason   string
	URI      string
}

// place says where something that an activity names may live.
type place uint8

const (
	anywhere    place = iota
	absent            // it must not be named
	withActor         // on the actor's host
	actorItself       // the actor
)

// authority is what an activity may be about, by verb and kind of object: the
// rules of FEP-fe34, and their only exceptions, each with its reason (T4, T8).
// A kind that an activity leaves open ("": it names a bare URI) has a line too.
var authority = []struct {
	verb           social.Verb
	kind           social.ObjectKind
	object, target place
	why            string
}{
	{social.Create, social.ObjPost, withActor, anywhere, ""},
	{social.Create, social.ObjVote, withActor, anywhere, ""},
	{social.Create, "", withActor, anywhere, ""},
	{social.Update, social.ObjPost, withActor, anywhere, ""},
	{social.Update, social.ObjActor, actorItself, anywhere, ""},
	{social.Update, "", withActor, anywhere, ""},
	{social.Delete, social.ObjActor, actorItself, anywhere, ""},
	{social.Delete, social.ObjPost, withActor, anywhere, ""},
	{social.Delete, social.ObjQuote, withActor, anywhere, "the stamp stands with the quoted author, who gave it"},
	{social.Delete, "", withActor, anywhere, ""},
	{social.FollowVerb, social.ObjActor, anywhere, anywhere, "one follows others"},
	{social.Like, social.ObjPost, anywhere, anywhere, "one reacts to what others said"},
	{social.Announce, social.ObjPost, anywhere, anywhere, "one passes on what others said; it is read at its origin"},
	{social.BlockVerb, social.ObjActor, anywhere, anywhere, "one blocks others"},
	{social.Flag, social.ObjReport, anywhere, anywhere, "a server's actor reports others"},
	{social.Accept, social.ObjFollow, anywhere, anywhere, "the answered Follow stands with who asked"},
	{social.Reject, social.ObjFollow, anywhere, anywhere, "the answered Follow stands with who asked"},
	{social.Accept, social.ObjQuote, anywhere, withActor, "the answered request stands with who asked; the stamp with who answers (T80)"},
	{social.Reject, social.ObjQuote, anywhere, anywhere, "the answered request stands with who asked"},
	{social.Accept, "", anywhere, anywhere, "what is answered stands with who asked"},
	{social.Reject, "", anywhere, anywhere, "what is answered stands with who asked"},
	{social.Undo, social.ObjFollow, withActor, anywhere, ""},
	{social.Undo, social.ObjLike, withActor, anywhere, ""},
	{social.Undo, social.ObjBoost, withActor, anywhere, ""},
	{social.Undo, social.ObjBlock, withActor, anywhere, ""},
	{social.Undo, "", withActor, anywhere, ""},
	{social.Add, social.ObjPost, withActor, withActor, ""},
	{social.Remove, social.ObjPost, withActor, withActor, ""},
	{social.QuoteRequest, social.ObjQuote, anywhere, withActor, "one asks about what others said; what quotes it stands with who asks"},
	{social.Move, social.ObjActor, actorItself, anywhere, "the new home is elsewhere: both sides are fetched anew and must name each other"},
}

// Judge is the authority gate for an activity that came in: signer is the actor
// whose key the request was signed with, proved by the transport before (T6);
// proved says that the activity carries an integrity proof by its own actor,
// which was checked.
//
// Take: the activity may be carried out. Fetch: load URI from its origin, judge
// that document with JudgeDocument, and give it to Incoming.SetObject. Refuse:
// drop it.
func Judge(in *Incoming, signer string, proved bool) Verdict {
	if HostOf(in.Actor) == "" {
		return refuse("the actor is no http(s) URI")
	}
	if signer != in.Actor && !proved {
		return judgeForwarded(in)
	}
	if in.URI != "" && !sameOrigin(in.URI, in.Actor) {
		if in.Verb != social.Flag {
			return refuse("the id of the activity is of another host than its actor")
		}
		in.URI = "" // Mastodon does so with reports; they are nobody's to look up
	}
	rule := -1
	for i := range authority {
		if authority[i].verb == in.Verb && authority[i].kind == in.Kind {
			rule = i
			break
		}
	}
	if rule < 0 {
		return refuse("no rule says who may do this")
	}
	if reason := standsAt(authority[rule].object, in.Object, in.Actor, "object"); reason != "" {
		return refuse(reason)
	}
	if reason := standsAt(authority[rule].target, in.Target, in.Actor, "target"); reason != "" {
		return refuse(reason)
	}
	return judgeInner(in)
}

func refuse(reason string) Verdict { return Verdict{Decision: Refuse, Reason: reason} }

// standsAt is what is wrong with where uri lives. A name that was left out is
// for the decoder to miss.
func standsAt(p place, uri, actor, what string) string {
	switch {
	case uri == "" || p == anywhere:
		return ""
	case p == actorItself && uri != actor:
		return "the " + what + " must be the actor itself"
	case p == withActor && !sameOrigin(uri, actor):
		return "the " + what + " is of another host than the actor"
	}
	return ""
}

// judgeForwarded: somebody passed on what another said (inbox forwarding). The
// body proves nothing (T14): a post is read at its origin, or found gone there.
func judgeForwarded(in *Incoming) Verdict {
	switch in.Verb {
	case social.Create, social.Update, social.Delete:
		if in.Object != "" && in.Kind != social.ObjVote && sameOrigin(in.Object, in.Actor) {
			return Verdict{Decision: Fetch, URI: in.Object, Reason: "signed by another than its actor"}
		}
	}
	return refuse("signed by another than its actor")
}

// judgeInner looks at what is embedded.
func judgeInner(in *Incoming) Verdict {
	switch in.Verb {
	case social.Create, social.Update:
		if in.object.IsObject() {
			return judgeOwner(in)
		}
		return Verdict{Decision: Fetch, URI: in.Object, Reason: "the object is only named"}
	case social.Undo:
		if a := in.object.Get("actor").ID(); a != "" && a != in.Actor {
			return refuse("somebody else's activity cannot be undone")
		}
	case social.Accept, social.Reject:
		if in.Kind == social.ObjFollow && in.Inner != "" && in.Inner != in.Actor {
			return refuse("the follow that is answered was not of the actor")
		}
	case social.QuoteRequest:
		if n := in.instrument; n.IsObject() && n.Get("attributedTo").Exists() && !attributedTo(n, in.Actor) {
			return refuse("the quoting post is somebody else's")
		}
	}
	return Verdict{Decision: Take}
}

// judgeOwner: a post may only be made or changed by whom it is attributed to.
func judgeOwner(in *Incoming) Verdict {
	if in.Kind == social.ObjActor || attributedTo(in.object, in.Actor) {
		return Verdict{Decision: Take}
	}
	return refuse("the object is not attributed to the actor")
}

func attributedTo(object Value, actor string) bool {
	for a := range object.Get("attributedTo", "as:attributedTo").Each {
		if a.ID() == actor {
			return true
		}
	}
	return false
}

// JudgeDocument is the gate for a document that was fetched from a URL (the
// last one, after redirects). Take: it is what it says it is: id, origin and
// author agree. Fetch: it names itself otherwise on the same or another host
// and has to be asked for by that id, once. Refuse: it speaks for others.
func JudgeDocument(doc Value, from string) Verdict {
	id := doc.Get("id", "@id").Str()
	if HostOf(id) == "" {
		return refuse("the document has no http(s) id")
	}
	if id != from {
		return Verdict{Decision: Fetch, URI: id, Reason: "the document has another id than the address it came from"}
	}
	for _, key := range [...]string{"attributedTo", "actor"} {
		for a := range doc.Get(key).Each {
			if !sameOrigin(a.ID(), id) {
				return refuse(key + " is of another host than the id")
			}
		}
	}
	return Verdict{Decision: Take}
}
