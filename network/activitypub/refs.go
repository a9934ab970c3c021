package activitypub

import (
	"context"

	"engawa/social"
)

// maxMentionsFetched is how many unknown actors that one post names are looked up.
const maxMentionsFetched = 5

// scope says how far resolve goes for one document.
type scope struct {
	deep   bool              // posts may be fetched
	parent func(string) bool // whether an optional post may; nil: all
	actors int               // how many unknown actors may be fetched
}

// resolve turns URIs into ids: one query for what is here, then fetches for what
// has to be. A Ref that is not optional and cannot be had now is an error when
// it may come later; else it is left out, and the decoder says what is missing.
func (f *Federation) resolve(ctx context.Context, refs []Ref, s scope) (map[string]social.ID, error) {
	resolved := make(map[string]social.ID, len(refs))
	uris := make([]string, len(refs))
	for i := range refs {
		uris[i] = refs[i].URI
	}
	rows, err := f.Home.Store.Addresses(ctx, uris)
	if err != nil {
		return nil, err
	}
	gone := map[string]bool{}
	for i := range rows {
		at := &rows[i]
		if at.State == "gone" {
			gone[at.URI] = true
			continue
		}
		if ref := refOf(refs, at.URI); ref != nil && (ref.Kind == "" || string(ref.Kind) == at.Kind) && (at.Kind == "actor" || at.Kind == "post") {
			resolved[at.URI] = at.Target
			if ref.Kind == "" && at.Kind == "actor" {
				resolved[FlaggedActor+at.URI] = at.Target
			}
		}
	}
	for i := range refs {
		ref := &refs[i]
		if resolved[ref.URI] != 0 || gone[ref.URI] {
			continue
		}
		id, err := f.resolveOne(ctx, ref, &s)
		if id != 0 {
			resolved[ref.URI] = id
		}
		if err != nil && !ref.Optional && isTemporary(err) {
			return nil, err
		}
	}
	return resolved, nil
}

func refOf(refs []Ref, uri string) *Ref {
	for i := range refs {
		if refs[i].URI == uri {
			return &refs[i]
		}
	}
	return nil
}

// resolveOne is for what the table of addresses does not have.
func (f *Federation) resolveOne(ctx context.Context, ref *Ref, s *scope) (social.ID, error) {
	if f.ours(ref.URI) {
		if ref.Kind != RefPost {
			return 0, nil
		}
		p, err := f.postByRoute(ctx, ref.URI)
		if err != nil {
			return 0, nil
		}
		return p.ID, nil
	}
	switch {
	case ref.Known:
		return 0, nil
	case ref.Kind == RefActor:
		if ref.Optional {
			if s.actors == 0 {
				return 0, nil
			}
			s.actors--
		}
		a, err := f.ActorByURI(ctx, ref.URI)
		if err != nil {
			return 0, err
		}
		return a.ID, nil
	case ref.Kind == RefPost && s.deep && (!ref.Optional || s.parent == nil || s.parent(ref.URI)):
		p, err := f.PostByURI(deeper(ctx), ref.URI)
		if err != nil {
			return 0, err
		}
		return p.ID, nil
	}
	return 0, nil
}

// stamped reports whether the authorization that a quote shows was given by the
// quoted author's own server for exactly these two posts (T80).
func (f *Federation) stamped(ctx context.Context, d *PostDocument, resolved map[string]social.ID) bool {
	quoted, stamp := d.Quoted()
	if stamp == "" || resolved[quoted] == 0 || f.ours(stamp) {
		return false
	}
	v, err := f.document(ctx, stamp)
	if err != nil {
		return false
	}
	p, err := f.Home.Store.Post(ctx, resolved[quoted])
	if err != nil {
		return false
	}
	author, err := f.Home.Store.Actor(ctx, p.Actor)
	return err == nil && stampProves(v, d.ID, p.URI, author.URI)
}

// stampProves checks a QuoteAuthorization (FEP-044f), fetched from its origin.
func stampProves(v Value, quoting, quoted, author string) bool {
	s, err := DecodeStamp(v)
	return err == nil && s.Proves(quoting, quoted, author)
}
