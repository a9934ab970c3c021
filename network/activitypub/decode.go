package activitypub

import (
	"errors"
	"fmt"

	"engawa/social"
)

// ErrUnknown is wrapped by errors about activities of types that nobody here
// understands; they are counted and dropped.
var ErrUnknown = errors.New("not an activity that is understood here")

// ErrInvalid is wrapped by errors about activities and objects that lack what
// they need; they stay wrong however often they are tried.
var ErrInvalid = errors.New("invalid activity")

// ErrNotHere is wrapped when an activity is about something that is not here
// and need not be fetched: it is dropped in peace.
var ErrNotHere = errors.New("about something that is not here")

func badly(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrInvalid, fmt.Sprintf(format, args...))
}

// RefKind is what a Ref leads to.
type RefKind string

// The kinds of Ref; the zero Ref kind is one that only the table of addresses can tell.
const (
	RefActor RefKind = "actor"
	RefPost  RefKind = "post"
)

// Ref is a URI that has to become an id before an activity can be carried out.
type Ref struct {
	URI      string
	Kind     RefKind
	Optional bool // without it the activity is poorer, but still means something
	Known    bool // only looked up here, never fetched
}

// Incoming is one activity that came in, read but not believed: Judge comes
// before anything else. Kind is empty when the object is a bare URI that only
// the table of addresses can explain.
type Incoming struct {
	Verb   social.Verb
	Kind   social.ObjectKind
	URI    string // the activity's id; may be empty
	Actor  string
	Object string // id of the object; for Undo, Accept and Reject of the inner activity
	// Inner is the object of the inner activity: the followed, liked, boosted or blocked one.
	Inner string
	// InnerActor is who did the inner activity.
	InnerActor string
	Target     string // of Move, Add, Remove; the instrument of QuoteRequest; the result of Accept of one
	Embedded   bool   // the object came along
	Type       string // as it came: EmojiReact for a Like …

	doc, object, instrument Value
}

// verbOf is the table of activity types that are understood.
var verbOf = map[string]social.Verb{
	"Create": social.Create, "Update": social.Update, "Delete": social.Delete,
	"Follow": social.FollowVerb, "Accept": social.Accept, "Reject": social.Reject, "Undo": social.Undo,
	"Like": social.Like, "EmojiReact": social.Like, "EmojiReaction": social.Like,
	"Announce": social.Announce, "Block": social.BlockVerb, "Move": social.Move, "Flag": social.Flag,
	"Add": social.Add, "Remove": social.Remove, "QuoteRequest": social.QuoteRequest,
}

// Decode reads an activity. Errors wrap ErrDocument, ErrInvalid or ErrUnknown.
func Decode(doc []byte) (*Incoming, error) {
	v, err := ParseDocument(doc)
	if err != nil {
		return nil, err
	}
	return DecodeValue(v)
}

// DecodeValue is Decode of a document that is parsed already.
func DecodeValue(v Value) (*Incoming, error) {
	typ := v.Type()
	verb, ok := verbOf[typ]
	if !ok {
		return nil, fmt.Errorf("%w: type %.60q", ErrUnknown, typ)
	}
	in := &Incoming{
		Verb: verb, Type: typ, URI: v.Get("id", "@id").Str(), Actor: uriOf(v.Get("actor", "as:actor")),
		doc: v, object: v.Get("object", "as:object"),
	}
	if in.Actor == "" {
		return nil, badly("an activity needs an actor with an http(s) id")
	}
	if len(in.URI) > maxURI {
		return nil, badly("an id has at most %d bytes", maxURI)
	}
	if verb != social.Flag {
		in.object = in.object.First()
	}
	in.Embedded = in.object.IsObject()
	in.Object = uriOf(in.object)
	return in, in.classify()
}

// classify finds the kind of object, and what else the verb names.
func (in *Incoming) classify() error {
	switch in.Verb {
	case social.Create, social.Update:
		return in.classifyObject()
	case social.Delete:
		in.classifyDelete()
	case social.FollowVerb, social.BlockVerb:
		in.Kind = social.ObjActor
	case social.Move:
		in.Kind, in.Target = social.ObjActor, uriOf(in.doc.Get("target"))
		if in.Target == "" {
			return badly("a Move needs a target")
		}
	case social.Like:
		in.Kind = social.ObjPost
	case social.Announce:
		in.Kind = social.ObjPost
		if _, activity := verbOf[in.object.Type()]; activity {
			return fmt.Errorf("%w: Announce of %.60s", ErrUnknown, in.object.Type())
		}
	case social.Add, social.Remove:
		in.Kind, in.Target = social.ObjPost, uriOf(in.doc.Get("target"))
		if in.Target == "" {
			return badly("%s needs a target", in.Verb)
		}
	case social.Flag:
		in.Kind = social.ObjReport
	case social.Undo:
		return in.classifyUndo()
	case social.Accept, social.Reject:
		in.classifyAnswer()
	case social.QuoteRequest:
		in.Kind, in.instrument = social.ObjQuote, in.doc.Get("instrument").First()
		if in.Target = uriOf(in.instrument); in.Target == "" {
			return badly("a QuoteRequest needs an instrument: the quoting post")
		}
	}
	if in.Object == "" {
		return badly("%s needs an object with an http(s) id", in.Verb)
	}
	return nil
}

// classifyObject is for Create and Update.
func (in *Incoming) classifyObject() error {
	if in.Object == "" {
		return badly("%s needs an object with an http(s) id", in.Verb)
	}
	if !in.Embedded {
		return nil // to be fetched; SetObject classifies it
	}
	switch typ := in.object.Type(); {
	case isActorType(typ):
		if in.Verb == social.Create {
			return fmt.Errorf("%w: Create of an actor", ErrUnknown)
		}
		in.Kind = social.ObjActor
	case in.Verb == social.Create && isVote(in.object):
		in.Kind = social.ObjVote
	case isPostType(typ):
		in.Kind = social.ObjPost
	default:
		return fmt.Errorf("%w: %s of %.60q", ErrUnknown, in.Verb, typ)
	}
	return nil
}

// SetObject gives an activity its object, fetched from its origin and judged.
func (in *Incoming) SetObject(object Value) error {
	if object.ID() != in.Object {
		return badly("the fetched object is %.200q, not %.200q", object.ID(), in.Object)
	}
	in.object, in.Embedded = object, true
	if err := in.classifyObject(); err != nil {
		return err
	}
	return nil
}

func (in *Incoming) classifyDelete() {
	switch {
	case in.Object == in.Actor:
		in.Kind = social.ObjActor
	case in.object.Is("QuoteAuthorization"):
		in.Kind = social.ObjQuote
	default:
		in.Kind = "" // a Tombstone does not say what it was
	}
}

// undone are the activities that can be undone.
var undone = map[string]social.ObjectKind{
	"Follow": social.ObjFollow, "Like": social.ObjLike, "EmojiReact": social.ObjLike, "EmojiReaction": social.ObjLike,
	"Announce": social.ObjBoost, "Block": social.ObjBlock,
}

func (in *Incoming) classifyUndo() error {
	if !in.Embedded {
		if in.Object == "" {
			return badly("an Undo needs an object")
		}
		return nil
	}
	kind, ok := undone[in.object.Type()]
	if !ok {
		return fmt.Errorf("%w: Undo of %.60q", ErrUnknown, in.object.Type())
	}
	in.Kind, in.Inner, in.InnerActor = kind, uriOf(in.object.Get("object")), in.object.Get("actor").ID()
	if in.Inner == "" {
		return badly("an Undo of %s needs to say of what", in.object.Type())
	}
	if in.Object != "" && !sameOrigin(in.Object, in.Actor) {
		in.Object = "" // matched by actor and object, never by this id
	}
	return nil
}

func (in *Incoming) classifyAnswer() {
	if !in.Embedded {
		if in.Verb == social.Accept && in.doc.Get("result").Exists() {
			in.Kind, in.Target = social.ObjQuote, uriOf(in.doc.Get("result"))
		}
		return
	}
	switch in.object.Type() {
	case "Follow":
		in.Kind, in.Inner, in.InnerActor = social.ObjFollow, uriOf(in.object.Get("object")), uriOf(in.object.Get("actor"))
	case "QuoteRequest":
		in.Kind, in.Inner, in.InnerActor = social.ObjQuote, uriOf(in.object.Get("instrument")), uriOf(in.object.Get("actor"))
		in.Target = uriOf(in.doc.Get("result"))
	}
	if in.Object == "" {
		in.Object = in.Inner
	}
}
