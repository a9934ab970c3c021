package social

// Verb is what an Activity does; the names are ActivityPub's.
type Verb string

// The verbs.
const (
	Create       Verb = "Create"
	Update       Verb = "Update"
	Delete       Verb = "Delete"
	FollowVerb   Verb = "Follow"
	Accept       Verb = "Accept"
	Reject       Verb = "Reject"
	Undo         Verb = "Undo"
	Like         Verb = "Like"
	Announce     Verb = "Announce"
	BlockVerb    Verb = "Block"
	Move         Verb = "Move"
	Flag         Verb = "Flag"
	Add          Verb = "Add"
	Remove       Verb = "Remove"
	QuoteRequest Verb = "QuoteRequest"
)

// ObjectKind is the second half of the key of the verb table.
type ObjectKind string

// The kinds of object.
const (
	ObjPost   ObjectKind = "post"   // *Draft for Create and Update, *PostRef otherwise
	ObjActor  ObjectKind = "actor"  // *Profile for Update, *ActorRef, *FollowAsk, *Relocation
	ObjVote   ObjectKind = "vote"   // *Ballot
	ObjFollow ObjectKind = "follow" // *FollowAnswer, *Undoing
	ObjLike   ObjectKind = "like"   // *Undoing
	ObjBoost  ObjectKind = "boost"  // *Undoing
	ObjBlock  ObjectKind = "block"  // *Undoing
	ObjQuote  ObjectKind = "quote"  // *QuoteAsk, *QuoteAnswer, *QuoteRef
	ObjReport ObjectKind = "report" // *Complaint
)

// Activity is one verb by one Actor: everything that changes the world.
type Activity struct {
	Verb   Verb
	URI    string // as it came; empty: one is made
	Actor  ID     // who acts: proved by the transport before Do sees it
	Object Object
	Origin Origin
	At     Millis // when it was said; zero: now
	Quiet  bool   // no delivery, feed, notification, push or rule (imports, fetched posts)
}

// Object is what an Activity is about.
type Object interface{ Kind() ObjectKind }

// Draft is a Post to be made or changed. For Posts that were said elsewhere
// every field is given; for ours the text is rendered by the caller
// (package api) through a Renderer.
type Draft struct {
	Post  Post // ID set: Update; zero: Create
	Media []Media
	Poll  *Poll
	Quote *Quote
	// MediaIDs are unattached media of the author to attach, in order (ours only).
	MediaIDs []ID
	// ReplaceMedia: on Update, Media or MediaIDs replace what was attached.
	ReplaceMedia bool
	// DropPoll: on Update, the poll that was there goes.
	DropPoll       bool
	IdempotencyKey string
}

// Kind is ObjPost.
func (*Draft) Kind() ObjectKind { return ObjPost }

// PostRef names a Post that is deleted, boosted, pinned or unpinned.
// Audience is the audience of a boost.
type PostRef struct {
	Post     ID
	Audience Audience
	URL      string // of a boost, where it has one
}

// Kind is ObjPost.
func (*PostRef) Kind() ObjectKind { return ObjPost }

// ReactionDraft is a reaction to be made; Content Favourite for a favourite.
type ReactionDraft struct {
	Post    ID
	Content string
	Emoji   *Emoji
}

// Kind is ObjPost.
func (*ReactionDraft) Kind() ObjectKind { return ObjPost }

// ActorRef names an Actor that is deleted or blocked.
type ActorRef struct{ Actor ID }

// Kind is ObjActor.
func (*ActorRef) Kind() ObjectKind { return ObjActor }

// Profile is an Actor as it shall be; Keys replace the known ones where given.
// Suspended says of one of elsewhere that its own home has suspended it.
type Profile struct {
	Actor     Actor
	Keys      []Key
	Suspended bool
}

// Kind is ObjActor.
func (*Profile) Kind() ObjectKind { return ObjActor }

// FollowAsk asks to follow Target, or changes how it is followed. Nil leaves a
// choice as it is.
type FollowAsk struct {
	Target     ID
	HideBoosts *bool
	Notify     *bool
	Languages  *[]string
}

// Kind is ObjActor.
func (*FollowAsk) Kind() ObjectKind { return ObjActor }

// FollowAnswer accepts or rejects Follower's follow of the Activity's Actor.
// A Reject of an accepted follow removes the follower.
type FollowAnswer struct{ Follower ID }

// Kind is ObjFollow.
func (*FollowAnswer) Kind() ObjectKind { return ObjFollow }

// Undoing takes back what the Activity's Actor did. It is matched by actor and
// object, not by the inner activity's id (Misskey sends another one).
type Undoing struct {
	What    ObjectKind // ObjFollow, ObjLike, ObjBoost, ObjBlock
	Actor   ID         // the followed or blocked one
	Post    ID         // the liked or boosted one
	Content string     // the reaction; empty: whichever it was
}

// Kind is What.
func (u *Undoing) Kind() ObjectKind { return u.What }

// Relocation is an Actor going to live as Target.
type Relocation struct{ Target ID }

// Kind is ObjActor.
func (*Relocation) Kind() ObjectKind { return ObjActor }

// Ballot is one or several choices in a poll.
type Ballot struct {
	Post    ID
	Choices []int
	URI     string // as it came, for one choice
}

// Kind is ObjVote.
func (*Ballot) Kind() ObjectKind { return ObjVote }

// QuoteAsk asks the author of Quoted whether Quoting may quote it (FEP-044f).
type QuoteAsk struct {
	URI        string // of the request
	Quoting    ID     // the quoting Post; zero when it is not here yet
	QuotingURI string
	Quoted     ID
}

// Kind is ObjQuote.
func (*QuoteAsk) Kind() ObjectKind { return ObjQuote }

// QuoteAnswer answers a QuoteAsk; StampURI is the QuoteAuthorization.
type QuoteAnswer struct {
	Quoting  ID
	StampURI string
}

// Kind is ObjQuote.
func (*QuoteAnswer) Kind() ObjectKind { return ObjQuote }

// QuoteRef names the quote of one Post, to revoke it.
type QuoteRef struct{ Quoting ID }

// Kind is ObjQuote.
func (*QuoteRef) Kind() ObjectKind { return ObjQuote }

// Complaint is a report to be filed.
type Complaint struct{ Report Report }

// Kind is ObjReport.
func (*Complaint) Kind() ObjectKind { return ObjReport }

// Result is what an Activity made or touched. Unset fields do not apply.
type Result struct {
	Post     *Post
	Follow   *Follow
	Reaction *Reaction
	Report   *Report
	Done     bool // false: it was known already, nothing changed
}
