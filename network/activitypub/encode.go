package activitypub

import (
	"context"
	"fmt"

	"engawa/social"
)

// Reads is what encoding asks of a store.
type Reads interface {
	social.ActorReader
	social.PostReader
}

// Encoder writes what leaves this home: literal keys under one full @context.
// It keeps nothing and may be used by several goroutines.
type Encoder struct {
	Store Reads
	Base  string // URL of this home without a slash at the end: blobs are at Base + "/blob/" + key
	// Sign adds an integrity proof (FEP-8b32) by the actor to a document; it gets
	// what everybody may see and nothing else. Nil: no proofs.
	Sign func(ctx context.Context, actor *social.Actor, doc []byte) ([]byte, error)
}

// Outgoing encodes an activity of ours, once for all whom it goes to. What can
// be read again is read; what is gone stands in o.Object.
func (e *Encoder) Outgoing(ctx context.Context, o *social.Outgoing) ([]byte, error) {
	if len(o.Body) > 0 {
		return o.Body, nil // somebody else's, passed on as it came
	}
	if o.Audience == social.LocalOnly {
		return nil, badly("what is said to this home alone never leaves it")
	}
	actor, err := e.Store.Actor(ctx, o.Actor)
	if err != nil {
		return nil, err
	}
	write := writers[writerKey{o.Verb, o.Object.Kind}]
	if write == nil {
		return nil, badly("%s of %s has no form in ActivityPub", o.Verb, o.Object.Kind)
	}
	w := newDocument()
	w.opt("id", o.URI)
	w.str("type", string(o.Verb))
	w.str("actor", actor.URI)
	if err := write(ctx, e, &outgoing{jsonWriter: w, o: o, actor: actor}); err != nil {
		return nil, err
	}
	w.close()
	return e.proved(ctx, actor, o.Audience, w.b)
}

// proved adds a proof to what everybody may see.
func (e *Encoder) proved(ctx context.Context, actor *social.Actor, audience social.Audience, doc []byte) ([]byte, error) {
	if e.Sign == nil || audience > social.Unlisted {
		return doc, nil
	}
	return e.Sign(ctx, actor, doc)
}

// outgoing is one activity being written: members of the activity are appended.
type outgoing struct {
	*jsonWriter
	o     *social.Outgoing
	actor *social.Actor
}

type writerKey struct {
	verb social.Verb
	kind social.ObjectKind
}

// writers is the table of what can be said. Each writes the members that follow
// id, type and actor.
var writers = map[writerKey]func(context.Context, *Encoder, *outgoing) error{
	{social.Create, social.ObjPost}:        writeCreate,
	{social.Create, social.ObjVote}:        writeVote,
	{social.Update, social.ObjPost}:        writeCreate,
	{social.Update, social.ObjActor}:       writeUpdateActor,
	{social.Delete, social.ObjPost}:        writeTombstone,
	{social.Delete, social.ObjActor}:       writeDeleteActor,
	{social.Delete, social.ObjQuote}:       writeRevoke,
	{social.FollowVerb, social.ObjActor}:   writeObject,
	{social.BlockVerb, social.ObjActor}:    writeObject,
	{social.Accept, social.ObjFollow}:      writeFollowAnswer,
	{social.Reject, social.ObjFollow}:      writeFollowAnswer,
	{social.Accept, social.ObjQuote}:       writeQuoteAnswer,
	{social.Reject, social.ObjQuote}:       writeQuoteAnswer,
	{social.Undo, social.ObjFollow}:        writeUndo,
	{social.Undo, social.ObjLike}:          writeUndo,
	{social.Undo, social.ObjBoost}:         writeUndo,
	{social.Undo, social.ObjBlock}:         writeUndo,
	{social.Like, social.ObjPost}:          writeLike,
	{social.Announce, social.ObjPost}:      writeAnnounce,
	{social.Move, social.ObjActor}:         writeMove,
	{social.Flag, social.ObjReport}:        writeFlag,
	{social.Add, social.ObjPost}:           writePin,
	{social.Remove, social.ObjPost}:        writePin,
	{social.QuoteRequest, social.ObjQuote}: writeQuoteRequest,
}

// addressing is to and cc, and writes them (mastodon.md 5.6): public to
// everybody with the followers in cc, unlisted the other way round, private to
// the followers; who is named is in cc. Direct ones go to who is named.
func (w *jsonWriter) addressing(a social.Audience, followers string, named []string) {
	var to, cc []string
	switch a {
	case social.Public:
		to, cc = []string{Public}, append([]string{followers}, named...)
	case social.Unlisted:
		to, cc = []string{followers}, append([]string{Public}, named...)
	case social.Followers:
		to, cc = []string{followers}, named
	default:
		to = named
	}
	w.list("to", to)
	w.list("cc", cc)
}

// namedIn are the actors that a post names or addresses.
func namedIn(p *social.Post) []string {
	out := make([]string, 0, len(p.Mentions))
	for i := range p.Mentions {
		if uri := p.Mentions[i].URI; uri != "" && !contains(out, uri) {
			out = append(out, uri)
		}
	}
	return out
}

func (e *Encoder) blob(key string) string { return e.Base + "/blob/" + key }

// absolute is an address of ours as others have to read it.
func (e *Encoder) absolute(url string) string {
	if url != "" && url[0] == '/' {
		return e.Base + url
	}
	return url
}

func errGone(what string, err error) error { return fmt.Errorf("%s cannot be read: %w", what, err) }
