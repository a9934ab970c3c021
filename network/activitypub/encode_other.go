package activitypub

import (
	"context"

	"engawa/social"
)

// Stamp is the document of the authorization by which author lets the post
// quoting quote one of its own (FEP-044f). ErrNotHere when there is none in force.
func (e *Encoder) Stamp(ctx context.Context, author *social.Actor, quoting social.ID) ([]byte, error) {
	q, err := e.Store.Quote(ctx, quoting)
	if err != nil {
		return nil, err
	}
	if q.QuotedActor != author.ID || q.State != social.QuoteAccepted || q.StampURI == "" {
		return nil, ErrNotHere
	}
	p, err := e.Store.Post(ctx, q.Post)
	if err != nil {
		return nil, err
	}
	w := newDocument()
	w.str("id", q.StampURI)
	w.str("type", "QuoteAuthorization")
	w.str("attributedTo", author.URI)
	w.str("interactingObject", p.URI)
	w.str("interactionTarget", q.QuotedURI)
	w.close()
	return e.proved(ctx, author, social.Public, w.b)
}

// Collection is the head of an ordered collection: its total, and the URI of
// its first page; without first it tells the total alone.
func (e *Encoder) Collection(uri string, total int64, first string) []byte {
	w := newDocument()
	w.str("id", uri)
	w.str("type", "OrderedCollection")
	w.number("totalItems", total)
	w.opt("first", first)
	w.close()
	return w.b
}

// CollectionItems is an ordered collection without pages, of URIs.
func (e *Encoder) CollectionItems(uri string, items []string) []byte {
	w := newDocument()
	w.str("id", uri)
	w.str("type", "OrderedCollection")
	w.number("totalItems", int64(len(items)))
	w.list("orderedItems", items)
	w.close()
	return w.b
}

// PageOf says where a page of a collection stands; empty fields are left out.
type PageOf struct {
	URI, PartOf, Next, Prev string
	Unordered               bool
}

func (w *jsonWriter) page(p *PageOf) {
	typ, key := "OrderedCollectionPage", "orderedItems"
	if p.Unordered {
		typ, key = "CollectionPage", "items"
	}
	w.str("id", p.URI)
	w.str("type", typ)
	w.str("partOf", p.PartOf)
	w.opt("next", p.Next)
	w.opt("prev", p.Prev)
	w.openListAt(key)
}

// Page is a page of URIs.
func (e *Encoder) Page(p PageOf, items []string) []byte {
	w := newDocument()
	w.page(&p)
	for _, s := range items {
		w.item(s)
	}
	w.closeList()
	w.close()
	return w.b
}

// Outbox is a page of what author said, as the activities that said it. Posts
// are author's own and its boosts, public and unlisted ones; others are left out.
func (e *Encoder) Outbox(ctx context.Context, p PageOf, author *social.Actor, posts []*social.Post) ([]byte, error) {
	w := newDocument()
	w.page(&p)
	for _, post := range posts {
		if post.Audience > social.Unlisted || post.Actor != author.ID {
			continue
		}
		if err := e.writeSaid(ctx, w, author, post); err != nil {
			return nil, err
		}
	}
	w.closeList()
	w.close()
	return w.b, nil
}

func (e *Encoder) writeSaid(ctx context.Context, w *jsonWriter, author *social.Actor, p *social.Post) error {
	o := social.Outgoing{Verb: social.Create, URI: p.URI + "/activity", Audience: p.Audience, Object: social.OutObject{Kind: social.ObjPost, ID: p.ID, URI: p.URI}}
	write := writeCreate
	if p.BoostOf != 0 {
		orig, err := e.Store.Post(ctx, p.BoostOf)
		if err != nil {
			return nil // gone in the meantime: its boost is nothing to show
		}
		o.Verb, o.URI, o.Object.URI, o.Object.At = social.Announce, p.URI, orig.URI, p.CreatedAt
		write = writeAnnounce
		if a, err := e.Store.Actor(ctx, orig.Actor); err == nil {
			o.Object.TargetURI = a.URI
		}
	}
	w.open()
	w.str("id", o.URI)
	w.str("type", string(o.Verb))
	w.str("actor", author.URI)
	if err := write(ctx, e, &outgoing{jsonWriter: w, o: &o, actor: author}); err != nil {
		return err
	}
	w.close()
	return nil
}

// Featured is the collection of an Actor's pins, with the posts inlined as
// Misskey has them; private ones are left out.
func (e *Encoder) Featured(ctx context.Context, a *social.Actor, posts []*social.Post) ([]byte, error) {
	w := newDocument()
	w.str("id", a.FeaturedURI)
	w.str("type", "OrderedCollection")
	w.openListAt("orderedItems")
	total := int64(0)
	for _, p := range posts {
		if p.Audience > social.Unlisted || p.Actor != a.ID {
			continue
		}
		n, err := e.noteOf(ctx, p, a)
		if err != nil {
			return nil, err
		}
		w.open()
		n.write(w)
		w.close()
		total++
	}
	w.closeList()
	w.number("totalItems", total)
	w.close()
	return w.b, nil
}

// Activity is the document of the activity that made a post of ours, as it
// stands at the post's URI + "/activity" (of a boost: at its own URI).
func (e *Encoder) Activity(ctx context.Context, p *social.Post) ([]byte, error) {
	author, err := e.Store.Actor(ctx, p.Actor)
	if err != nil {
		return nil, errGone("the author", err)
	}
	w := &jsonWriter{b: make([]byte, 0, 8<<10)}
	if err := e.writeSaid(ctx, w, author, p); err != nil {
		return nil, err
	}
	if len(w.b) == 0 {
		return nil, ErrNotHere
	}
	// the @context goes first, behind the opening brace
	doc := make([]byte, 0, len(w.b)+len(contextJSON)+16)
	doc = append(doc, `{"@context":`+contextJSON+`,`...)
	doc = append(doc, w.b[1:]...)
	return e.proved(ctx, author, p.Audience, doc)
}
