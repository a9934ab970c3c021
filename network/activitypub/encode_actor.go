package activitypub

import (
	"context"
	"encoding/pem"
	"strconv"

	"engawa/internal/keys"
	"engawa/social"
)

// Actor is the document of an Actor of ours, with a proof.
func (e *Encoder) Actor(ctx context.Context, a *social.Actor) ([]byte, error) {
	w := newDocument()
	if a.State == social.ActorGone {
		writeGone(w, a.URI, a.UpdatedAt)
		w.close()
		return w.b, nil
	}
	if err := e.writeActor(ctx, w, a); err != nil {
		return nil, err
	}
	w.close()
	return e.proved(ctx, a, social.Public, w.b)
}

// emptied is what is told of a suspended Actor: who it is, where it is, its keys.
func emptied(a *social.Actor) *social.Actor {
	bare := *a
	bare.DisplayName, bare.Summary, bare.Fields, bare.Emojis, bare.ProfileTags, bare.Extra = "", "", nil, nil, nil, nil
	bare.Avatar, bare.Header, bare.Discoverable, bare.Indexable = social.Picture{}, social.Picture{}, false, false
	return &bare
}

func (e *Encoder) writeActor(ctx context.Context, w *jsonWriter, a *social.Actor) error {
	if a.Suspended != 0 {
		a = emptied(a)
	}
	w.str("id", a.URI)
	w.str("type", string(a.Kind))
	w.str("preferredUsername", a.Name)
	w.str("webfinger", a.Handle())
	w.orNull("name", a.DisplayName)
	w.orNull("summary", a.Summary)
	w.opt("url", a.URL)
	for _, place := range [...]struct{ key, uri string }{
		{"inbox", a.Inbox}, {"outbox", a.Outbox}, {"followers", a.FollowersURI}, {"following", a.FollowingURI},
		{"featured", a.FeaturedURI}, {"sharedInbox", a.SharedInbox},
	} {
		w.opt(place.key, place.uri)
	}
	if a.SharedInbox != "" {
		w.openAt("endpoints")
		w.str("sharedInbox", a.SharedInbox)
		w.close()
	}
	w.flag("manuallyApprovesFollowers", a.Locked)
	w.flag("discoverable", a.Discoverable)
	w.flag("indexable", a.Indexable)
	if a.Memorial {
		w.flag("memorial", true)
	}
	if a.Suspended != 0 {
		w.flag("suspended", true)
	}
	const day = 24 * 3_600_000
	w.at("published", a.CreatedAt-a.CreatedAt%day)
	e.writePicture(w, "icon", &a.Avatar)
	e.writePicture(w, "image", &a.Header)
	e.writeProfile(w, a)
	if a.MovedTo != 0 {
		to, err := e.Store.Actor(ctx, a.MovedTo)
		if err != nil {
			return errGone("the new home of the actor", err)
		}
		w.str("movedTo", to.URI)
	}
	writeExtra(w, a)
	return e.writeKeys(ctx, w, a)
}

func (e *Encoder) writePicture(w *jsonWriter, key string, p *social.Picture) {
	href := p.URL
	if p.Key != "" {
		href = e.blob(p.Key)
	}
	if href == "" {
		return
	}
	w.openAt(key)
	w.str("type", "Image")
	w.opt("mediaType", mediaTypeOf(href))
	w.str("url", href)
	w.opt("summary", p.Alt)
	w.close()
}

func (e *Encoder) writeProfile(w *jsonWriter, a *social.Actor) {
	w.openListAt("tag")
	for i := range a.Emojis {
		e.writeEmoji(w, &a.Emojis[i])
	}
	for _, t := range a.ProfileTags {
		w.open()
		w.str("type", "Hashtag")
		w.str("href", e.tagPage(t))
		w.str("name", "#"+t)
		w.close()
	}
	w.closeList()
	w.openListAt("attachment")
	for i := range a.Fields {
		w.open()
		w.str("type", "PropertyValue")
		w.str("name", a.Fields[i].Name)
		w.str("value", a.Fields[i].Value)
		w.close()
	}
	w.closeList()
	if len(a.Aliases) > 0 {
		w.list("alsoKnownAs", a.Aliases)
	}
}

// writeExtra sends particulars as they came; those with two names under both,
// since Misskey sends one and reads the other (misskey.md 1.2).
func writeExtra(w *jsonWriter, a *social.Actor) {
	for i := range extras {
		x := &extras[i]
		value, ok := a.Extra[x.key]
		if !ok {
			continue
		}
		names := []string{x.key}
		if x.both {
			names = append(names, x.alias)
		}
		for _, name := range names {
			switch x.kind {
			case extraText:
				w.str(name, value)
			case extraFlag:
				w.flag(name, value == "true")
			case extraNumber:
				if n, err := strconv.ParseInt(value, 10, 64); err == nil {
					w.number(name, n)
				}
			}
		}
	}
}

// writeKeys: one RSA key as an object, for Misskey refuses an array; every key
// that proofs are made with as a Multikey (FEP-521a).
func (e *Encoder) writeKeys(ctx context.Context, w *jsonWriter, a *social.Actor) error {
	all, err := e.Store.Keys(ctx, a.ID)
	if err != nil {
		return errGone("the keys", err)
	}
	shown := false
	for i := range all {
		k := &all[i]
		if k.Kind != social.RSA || k.RetiredAt != 0 || shown {
			continue
		}
		shown = true
		w.openAt("publicKey")
		w.str("id", k.KeyID)
		w.str("type", "Key")
		w.str("owner", a.URI)
		w.str("publicKeyPem", string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: k.Public})))
		w.close()
	}
	w.openListAt("assertionMethod")
	for i := range all {
		k := &all[i]
		if k.Kind != social.Ed25519 || k.RetiredAt != 0 {
			continue
		}
		public, err := keys.ParseDER(k.Public)
		if err != nil {
			return err
		}
		text, err := public.Multikey()
		if err != nil {
			return err
		}
		w.open()
		w.str("id", k.KeyID)
		w.str("type", "Multikey")
		w.str("controller", a.URI)
		w.str("publicKeyMultibase", text)
		w.close()
	}
	w.closeList()
	return nil
}
