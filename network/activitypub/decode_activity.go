package activitypub

import (
	"fmt"
	"time"

	"engawa/social"
)

// Here is what decoding asks of what is here already. Act and Poll may be nil
// where the activity cannot need them.
type Here struct {
	Author *social.Actor // who acts, as it is here
	Now    social.Millis
	// Act tells what a bare URI stands for, when only the table of addresses can.
	Act func(uri string) (Act, bool)
	// Poll is the poll that a vote answers.
	Poll func(post social.ID) (*social.Poll, error)
	// Stamped says that the quote authorization of the post was fetched from its
	// origin and names exactly these two posts (Stamp.Proves).
	Stamped bool
}

// Act is something known by its URI: a post, actor, boost, follow, block,
// reaction or stamp.
type Act struct {
	Kind   social.ObjectKind
	By     social.ID // who did it
	Actor  social.ID // the followed or blocked one
	Post   social.ID // the post itself; the liked or boosted one; of a stamp the quoting one
	Emoji  string    // the reaction's content
	Answer social.ID // of a quote request: the quoting post
}

// Needs are the URIs that Activity wants resolved, each once, the actor apart.
func (in *Incoming) Needs() []Ref {
	var r refs
	switch in.Verb {
	case social.Create, social.Update:
		in.needsOfObject(&r)
	case social.FollowVerb, social.BlockVerb:
		r.add(Ref{URI: in.Object, Kind: RefActor, Known: true}) // ours, or none of our business
	case social.Move:
		r.add(Ref{URI: in.Target, Kind: RefActor})
	case social.Like:
		r.add(Ref{URI: in.Object, Kind: RefPost, Known: true})
	case social.Announce:
		r.add(Ref{URI: in.Object, Kind: RefPost})
	case social.Add, social.Remove:
		r.add(Ref{URI: in.Object, Kind: RefPost, Known: in.Verb == social.Remove})
	case social.Flag:
		for o := range in.object.Each {
			if len(r) == maxFlagged {
				break
			}
			r.add(Ref{URI: uriOf(o), Known: true, Optional: true})
		}
	case social.Undo:
		r.add(Ref{URI: in.Inner, Kind: undoneRef[in.Kind], Known: true})
	case social.Accept, social.Reject:
		if in.Kind == social.ObjFollow {
			r.add(Ref{URI: in.InnerActor, Kind: RefActor, Known: true})
		} else {
			r.add(Ref{URI: in.Inner, Kind: RefPost, Known: true})
		}
	case social.QuoteRequest:
		r.add(Ref{URI: in.Object, Kind: RefPost, Known: true})
		r.add(Ref{URI: in.Target, Kind: RefPost, Optional: true})
	}
	return r
}

func (in *Incoming) needsOfObject(r *refs) {
	switch in.Kind {
	case social.ObjVote:
		r.add(Ref{URI: uriOf(in.object.Get("inReplyTo")), Kind: RefPost, Known: true})
	case social.ObjPost:
		if in.Verb == social.Update {
			r.add(Ref{URI: in.Object, Kind: RefPost, Known: true})
		}
		in.Post().needs(r)
	case social.ObjActor:
		r.add(Ref{URI: uriOf(in.object.Get("movedTo")), Kind: RefActor, Optional: true, Known: true})
	}
}

// maxFlagged is how many objects of a report are looked at.
const maxFlagged = 100

var undoneRef = map[social.ObjectKind]RefKind{
	social.ObjFollow: RefActor, social.ObjBlock: RefActor, social.ObjLike: RefPost, social.ObjBoost: RefPost,
}

// refs collects each URI once.
type refs []Ref

func (r *refs) add(ref Ref) {
	if ref.URI == "" {
		return
	}
	for i := range *r {
		if (*r)[i].URI == ref.URI {
			(*r)[i].Optional = (*r)[i].Optional && ref.Optional
			(*r)[i].Known = (*r)[i].Known && ref.Known
			return
		}
	}
	*r = append(*r, ref)
}

// Post is the object of an activity about a post; nil when none came along.
func (in *Incoming) Post() *PostDocument {
	if !in.object.IsObject() {
		return nil
	}
	return &PostDocument{v: in.object, outer: in.doc, ID: in.Object, Author: in.Actor}
}

// Instrument is the quoting post that came along with a QuoteRequest, if its
// author asks; nil otherwise.
func (in *Incoming) Instrument() *PostDocument {
	if !in.instrument.IsObject() || !attributedTo(in.instrument, in.Actor) || !sameOrigin(in.Target, in.Actor) {
		return nil
	}
	return &PostDocument{v: in.instrument, ID: in.Target, Author: in.Actor}
}

// Activity builds what Home.Do takes. resolved holds the ids of those Needs
// that were found, by URI. Errors wrap ErrInvalid or ErrNotHere.
func (in *Incoming) Activity(resolved map[string]social.ID, here *Here) (*social.Activity, error) {
	a := &social.Activity{
		Verb: in.Verb, URI: in.URI, Actor: here.Author.ID, Origin: social.Federated,
		At: timeOf(in.doc.Get("published")),
	}
	var err error
	a.Object, err = in.objectOf(resolved, here)
	return a, err
}

func (in *Incoming) objectOf(resolved map[string]social.ID, here *Here) (social.Object, error) {
	id := func(uri string) (social.ID, error) {
		if id := resolved[uri]; id != 0 {
			return id, nil
		}
		return 0, fmt.Errorf("%w: %.300q", ErrNotHere, uri)
	}
	switch in.Verb {
	case social.Create, social.Update:
		return in.madeOf(resolved, here)
	case social.Delete:
		return in.deleted(here)
	case social.FollowVerb:
		target, err := id(in.Object)
		return &social.FollowAsk{Target: target}, err
	case social.BlockVerb:
		target, err := id(in.Object)
		return &social.ActorRef{Actor: target}, err
	case social.Move:
		target, err := id(in.Target)
		return &social.Relocation{Target: target}, err
	case social.Like:
		post, err := id(in.Object)
		r := reactionOf(in.doc, here.Author)
		r.Post = post
		return r, err
	case social.Announce:
		post, err := id(in.Object)
		return &social.PostRef{Post: post, Audience: audienceOf(in.doc, Value{}, here.Author), URL: pageOf(in.doc.Get("url"), in.URI)}, err
	case social.Add, social.Remove:
		if f := here.Author.FeaturedURI; f != "" && in.Target != f {
			return nil, fmt.Errorf("%w: %s to a collection that is not the actor's pins", ErrUnknown, in.Verb)
		}
		post, err := id(in.Object)
		return &social.PostRef{Post: post}, err
	case social.Flag:
		return in.complaint(resolved)
	case social.Undo:
		return in.undoing(resolved, here)
	case social.Accept, social.Reject:
		return in.answer(resolved, here)
	case social.QuoteRequest:
		quoted, err := id(in.Object)
		return &social.QuoteAsk{URI: in.URI, Quoting: resolved[in.Target], QuotingURI: in.Target, Quoted: quoted}, err
	}
	return nil, fmt.Errorf("%w: %s", ErrUnknown, in.Verb)
}

// madeOf is what a Create or Update brings.
func (in *Incoming) madeOf(resolved map[string]social.ID, here *Here) (social.Object, error) {
	switch in.Kind {
	case social.ObjVote:
		return in.ballot(resolved, here)
	case social.ObjActor:
		doc, err := DecodeActor(in.object)
		if err != nil {
			return nil, err
		}
		p := doc.Profile
		p.Actor.ID = here.Author.ID
		p.Actor.Domain, p.Actor.Name = here.Author.Domain, here.Author.Name // renames are the resolver's (WebFinger)
		p.Actor.MovedTo = resolved[doc.MovedTo]
		p.Actor.FetchedAt = here.Now
		return &p, nil
	case social.ObjPost:
		d, err := in.Post().Draft(resolved, here)
		if err != nil || in.Verb == social.Create {
			return d, err
		}
		if d.Post.ID = resolved[in.Object]; d.Post.ID == 0 {
			return nil, fmt.Errorf("%w: %.300q", ErrNotHere, in.Object)
		}
		d.ReplaceMedia = true
		return d, nil
	}
	return nil, badly("the object of %s has not been fetched", in.Verb)
}

func (in *Incoming) ballot(resolved map[string]social.ID, here *Here) (social.Object, error) {
	poll := uriOf(in.object.Get("inReplyTo"))
	post := resolved[poll]
	if post == 0 || here.Poll == nil {
		return nil, fmt.Errorf("%w: the poll %.300q", ErrNotHere, poll)
	}
	p, err := here.Poll(post)
	if err != nil {
		return nil, err
	}
	name := in.object.Get("name").Str()
	for i := range p.Options {
		if p.Options[i].Title == name {
			return &social.Ballot{Post: post, Choices: []int{i}, URI: in.Object}, nil
		}
	}
	return nil, badly("the poll has no option %.100q", name)
}

// act explains a bare URI.
func (here *Here) act(uri string) (Act, error) {
	if here.Act != nil {
		if a, ok := here.Act(uri); ok {
			return a, nil
		}
	}
	return Act{}, fmt.Errorf("%w: %.300q", ErrNotHere, uri)
}

func (in *Incoming) deleted(here *Here) (social.Object, error) {
	if in.Kind == social.ObjActor {
		return &social.ActorRef{Actor: here.Author.ID}, nil
	}
	a, err := here.act(in.Object)
	if err != nil {
		return nil, err
	}
	switch a.Kind {
	case social.ObjPost, social.ObjBoost:
		return &social.PostRef{Post: a.Post}, nil
	case social.ObjQuote:
		return &social.QuoteRef{Quoting: a.Post}, nil
	}
	return nil, badly("a %s is not deleted but undone", a.Kind)
}

func (in *Incoming) undoing(resolved map[string]social.ID, here *Here) (social.Object, error) {
	u := &social.Undoing{What: in.Kind}
	switch in.Kind {
	case social.ObjFollow, social.ObjBlock:
		u.Actor = resolved[in.Inner]
	case social.ObjLike, social.ObjBoost:
		u.Post = resolved[in.Inner]
		if in.Kind == social.ObjLike {
			u.Content = reactionOf(in.object, here.Author).Content
			if u.Content == social.Favourite && in.object.Get("_misskey_reaction", "content").Exists() {
				u.Content = "" // something that was not understood: whichever it was
			}
		}
	default:
		a, err := here.act(in.Object)
		if err != nil {
			return nil, err
		}
		if a.By != here.Author.ID {
			return nil, badly("somebody else's activity cannot be undone")
		}
		u.What, u.Actor, u.Post, u.Content = a.Kind, a.Actor, a.Post, a.Emoji
	}
	if u.Actor == 0 && u.Post == 0 {
		return nil, fmt.Errorf("%w: %.300q", ErrNotHere, in.Inner)
	}
	return u, nil
}

func (in *Incoming) answer(resolved map[string]social.ID, here *Here) (social.Object, error) {
	kind, follower, quoting := in.Kind, resolved[in.InnerActor], resolved[in.Inner]
	if in.Inner == "" {
		a, err := here.act(in.Object)
		if err != nil {
			return nil, err
		}
		kind, follower, quoting = a.Kind, a.By, a.Answer
	}
	switch {
	case kind == social.ObjFollow && follower != 0:
		return &social.FollowAnswer{Follower: follower}, nil
	case kind == social.ObjQuote && quoting != 0 && in.Verb == social.Accept && in.Target == "":
		return nil, badly("an accepted quote needs its authorization as result")
	case kind == social.ObjQuote && quoting != 0:
		return &social.QuoteAnswer{Quoting: quoting, StampURI: in.Target}, nil
	}
	return nil, fmt.Errorf("%w: what %s answers", ErrNotHere, in.Verb)
}

// maxReport is how long a report's text may be, in characters (mastodon.md 5.6).
const maxReport = 5000

// complaint reads a Flag: the actor that is reported, and posts. Which URI is
// an actor and which a post, the ids cannot tell: see Flagged.
func (in *Incoming) complaint(resolved map[string]social.ID) (social.Object, error) {
	r := social.Report{Comment: cut(in.doc.Get("content").Text(), maxReport), URI: in.URI}
	for o := range in.object.Each {
		uri := uriOf(o)
		switch id := resolved[uri]; {
		case id == 0:
		case resolved[FlaggedActor+uri] != 0:
			r.Target = id
		default:
			if len(r.Posts) < maxFlagged {
				r.Posts = append(r.Posts, id)
			}
		}
	}
	if r.Target == 0 {
		return nil, fmt.Errorf("%w: whom the report is about", ErrNotHere)
	}
	return &social.Complaint{Report: r}, nil
}

// FlaggedActor before a URI is the key in resolved that says that the URI is an
// actor's, for the objects of a Flag, whose Ref has no kind.
const FlaggedActor = "actor "

// timeOf reads a date; 0 when it is none or lies before 2000 or after 2100.
func timeOf(v Value) social.Millis {
	s := v.Text()
	if len(s) < 10 || len(s) > 40 {
		return 0
	}
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		for _, layout := range [...]string{"2006-01-02T15:04:05", "2006-01-02T15:04:05-0700", "2006-01-02"} {
			if t, err = time.Parse(layout, s); err == nil {
				break
			}
		}
	}
	if err != nil || t.Year() < 2000 || t.Year() > 2100 {
		return 0
	}
	return t.UnixMilli()
}

// cut keeps the first n characters of s.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}
