package activitypub

import (
	"context"

	"engawa/social"
)

// writeCreate is for Create and Update of a post of ours: the whole Note inside.
func writeCreate(ctx context.Context, e *Encoder, w *outgoing) error {
	n, err := e.note(ctx, w.o.Object.ID, w.actor)
	if err != nil {
		return err
	}
	at := n.post.CreatedAt
	if w.o.Verb == social.Update {
		at = w.o.Object.At
	}
	w.at("published", at)
	w.addressing(n.post.Audience, w.actor.FollowersURI, namedIn(n.post))
	w.openAt("object")
	n.write(w.jsonWriter)
	w.close()
	return nil
}

// writeVote is a choice in somebody's poll: a Note with a name and no content.
func writeVote(_ context.Context, _ *Encoder, w *outgoing) error {
	o := &w.o.Object
	w.at("published", w.o.CreatedAt)
	w.list("to", o.To)
	w.openAt("object")
	w.str("id", o.URI)
	w.str("type", "Note")
	w.str("name", o.Content)
	w.str("attributedTo", w.actor.URI)
	w.str("inReplyTo", o.TargetURI)
	w.list("to", o.To)
	w.close()
	return nil
}

func writeUpdateActor(ctx context.Context, e *Encoder, w *outgoing) error {
	w.at("published", w.o.Object.At)
	w.list("to", []string{Public})
	w.list("cc", []string{w.actor.FollowersURI})
	w.openAt("object")
	if err := e.writeActor(ctx, w.jsonWriter, w.actor); err != nil {
		return err
	}
	w.close()
	return nil
}

func writeTombstone(_ context.Context, _ *Encoder, w *outgoing) error {
	w.at("published", w.o.Object.At)
	if w.o.Audience <= social.Unlisted {
		w.list("to", []string{Public})
	}
	w.openAt("object")
	writeGone(w.jsonWriter, w.o.Object.URI, w.o.Object.At)
	w.close()
	return nil
}

func writeGone(w *jsonWriter, uri string, at social.Millis) {
	w.str("id", uri)
	w.str("type", "Tombstone")
	w.at("deleted", at)
}

func writeDeleteActor(_ context.Context, _ *Encoder, w *outgoing) error {
	w.list("to", []string{Public})
	w.str("object", w.o.Object.URI)
	return nil
}

// writeRevoke takes a quote authorization back. The posts are named where they
// can still be read.
func writeRevoke(ctx context.Context, e *Encoder, w *outgoing) error {
	w.list("to", []string{Public})
	w.openAt("object")
	w.str("id", w.o.Object.URI)
	w.str("type", "QuoteAuthorization")
	w.str("attributedTo", w.actor.URI)
	if p, err := e.Store.Post(ctx, w.o.Object.ID); err == nil {
		w.str("interactingObject", p.URI)
		w.opt("interactionTarget", p.QuoteURI)
	}
	w.close()
	return nil
}

func writeObject(_ context.Context, _ *Encoder, w *outgoing) error {
	w.str("object", w.o.Object.URI)
	return nil
}

// writeInner writes an embedded activity's first members.
func (w *jsonWriter) writeInner(uri, typ, actor, object string) {
	w.opt("id", uri)
	w.str("type", typ)
	w.str("actor", actor)
	w.str("object", object)
}

// writeFollowAnswer embeds the Follow: Object.TargetURI is who asked.
func writeFollowAnswer(_ context.Context, _ *Encoder, w *outgoing) error {
	o := &w.o.Object
	w.openAt("object")
	w.writeInner(o.URI, "Follow", o.TargetURI, w.actor.URI)
	w.close()
	return nil
}

// writeQuoteAnswer embeds the request; the stamp is its result (FEP-044f).
func writeQuoteAnswer(ctx context.Context, e *Encoder, w *outgoing) error {
	o := &w.o.Object
	asker, err := e.Store.Actor(ctx, o.Target)
	if err != nil {
		return errGone("who asked to quote", err)
	}
	w.list("to", []string{asker.URI})
	w.openAt("object")
	w.writeInner(o.URI, "QuoteRequest", asker.URI, o.TargetURI)
	w.opt("instrument", o.Content)
	w.close()
	if w.o.Verb == social.Accept && len(o.To) > 0 {
		w.str("result", o.To[0])
	}
	return nil
}

func writeQuoteRequest(ctx context.Context, e *Encoder, w *outgoing) error {
	n, err := e.note(ctx, w.o.Object.ID, w.actor)
	if err != nil {
		return err
	}
	w.opt("to", w.o.Object.TargetURI)
	w.str("object", w.o.Object.URI)
	w.openAt("instrument")
	n.write(w.jsonWriter)
	w.close()
	return nil
}

// writeUndo embeds the whole inner activity (misskey.md 1.5, mastodon.md 5.6).
func writeUndo(_ context.Context, e *Encoder, w *outgoing) error {
	o := &w.o.Object
	boost := o.Kind == social.ObjBoost
	if boost {
		w.addressing(w.o.Audience, w.actor.FollowersURI, nil)
	}
	w.openAt("object")
	w.writeInner(o.URI, string(o.Inner), w.actor.URI, o.TargetURI)
	switch o.Kind {
	case social.ObjLike:
		e.writeReaction(w.jsonWriter, o)
	case social.ObjBoost:
		w.at("published", o.At)
		w.addressing(w.o.Audience, w.actor.FollowersURI, nil)
	}
	w.close()
	return nil
}

// writeLike: a favourite is a bare Like; another reaction is a Like with
// content, _misskey_reaction and tag, which Mastodon takes as a favourite.
func writeLike(_ context.Context, e *Encoder, w *outgoing) error {
	w.str("object", w.o.Object.URI)
	e.writeReaction(w.jsonWriter, &w.o.Object)
	return nil
}

func (e *Encoder) writeReaction(w *jsonWriter, o *social.OutObject) {
	if o.Content == "" || o.Content == social.Favourite {
		return
	}
	content := o.Content
	if o.Emoji != nil {
		content = ":" + o.Emoji.Shortcode + ":" // under our own name, without a host (misskey.md 1.5)
	}
	w.str("content", content)
	w.str("_misskey_reaction", content)
	if o.Emoji != nil {
		w.openListAt("tag")
		e.writeEmoji(w, o.Emoji)
		w.closeList()
	}
}

// writeAnnounce: the boosted post by its URI, with its author in cc; inlined
// where it is the booster's own private one, which nobody can fetch.
func writeAnnounce(ctx context.Context, e *Encoder, w *outgoing) error {
	o := &w.o.Object
	w.at("published", o.At)
	var named []string
	if o.TargetURI != "" && o.TargetURI != w.actor.URI {
		named = []string{o.TargetURI}
	}
	w.addressing(w.o.Audience, w.actor.FollowersURI, named)
	if w.o.Audience > social.Unlisted && o.TargetURI == w.actor.URI {
		b, err := e.Store.Post(ctx, o.ID)
		if err != nil {
			return errGone("the boost", err)
		}
		n, err := e.note(ctx, b.BoostOf, w.actor)
		if err != nil {
			return err
		}
		w.openAt("object")
		n.write(w.jsonWriter)
		w.close()
		return nil
	}
	w.str("object", o.URI)
	return nil
}

func writeMove(_ context.Context, _ *Encoder, w *outgoing) error {
	w.list("to", []string{w.actor.FollowersURI})
	w.str("object", w.o.Object.URI)
	w.str("target", w.o.Object.TargetURI)
	return nil
}

// writeFlag names the reported actor, then its posts (mastodon.md 5.6).
func writeFlag(ctx context.Context, e *Encoder, w *outgoing) error {
	o := &w.o.Object
	posts, err := e.Store.Posts(ctx, o.Posts)
	if err != nil {
		return err
	}
	w.str("content", cut(o.Content, maxReport))
	w.openListAt("object")
	w.item(o.TargetURI)
	for _, p := range posts {
		w.item(p.URI)
	}
	w.closeList()
	return nil
}

func writePin(_ context.Context, _ *Encoder, w *outgoing) error {
	w.str("object", w.o.Object.URI)
	w.str("target", w.o.Object.TargetURI)
	return nil
}
