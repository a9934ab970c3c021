package social

// Host is what we know of another server.
type Host struct {
	Domain     string
	Software   string
	Version    string
	Signature  SignatureScheme
	FirstSeen  Millis
	SuccessAt  Millis // last time it answered
	FailureAt  Millis
	Failures   int    // in a row
	ParkedTill Millis // its breaker: no delivery before
	GoneAt     Millis // it said 410 or failed for too long
	CheckedAt  Millis // NodeInfo
}

// SignatureScheme is how requests to a Host are signed.
type SignatureScheme string

// The schemes; the zero value is draft-cavage-12 with RSA.
const (
	Cavage         SignatureScheme = ""
	RFC9421        SignatureScheme = "rfc9421"
	RFC9421Ed25519 SignatureScheme = "rfc9421-ed25519"
)

// JobKind names what a Job does; the handlers are a table in package server.
type JobKind string

// The kinds of Job.
const (
	JobInbox   JobKind = "inbox"   // an activity that came in; Body is it
	JobFanout  JobKind = "fanout"  // Ref is an Outgoing
	JobDeliver JobKind = "deliver" // Ref is an Outgoing, Target the inbox
	JobThread  JobKind = "thread"  // fetch what a thread lacks; Ref is a Post
	JobProfile JobKind = "profile" // fill an empty profile; Ref is an Actor
	JobCard    JobKind = "card"    // fetch a link preview; Ref is a Card
	JobPoll    JobKind = "poll"    // close a poll; Ref is its Post
	JobPublish JobKind = "publish" // a scheduled post; Ref is it
	JobMove    JobKind = "move"    // followers move along; Ref is the Actor that moved
	JobClean   JobKind = "clean"   // feeds after an unfollow, block, mute …
	JobRelay   JobKind = "relay"   // what a User's Post means for its Links; Ref is the Post, Target a RelayEvent, Key "relay:<user>"
	JobCopy    JobKind = "copy"    // bring the open Copies of a Post to a Link; Ref is the Link, Target the Post's id
	JobAnswer  JobKind = "answer"  // an answer without text through a Link; Ref is the Link, Target an AnswerTarget, Key "link:<id>"
	JobLane    JobKind = "lane"    // read a Lane; Ref is the Link, Target a LanePlace
	JobPush    JobKind = "push"    // a notification to a browser or app; Ref is it, Target the Token of the subscription, Host the push service, Key "push:<token>"
	JobLetter  JobKind = "letter"  // a letter about an account; Body is it, sealed, or Target what it says to the User Ref
	JobMedia   JobKind = "media"   // make what is shown of an uploaded film or sound; Ref is the Media
	JobNotice  JobKind = "notice"  // a User answered the home's own account; Ref is the answer, Key "relay:<user>"
	JobEnforce JobKind = "enforce" // carry on what moderators decided; Ref is a rule, Actor or Decision, Target what
)

// Job is one durable piece of work. It may run twice without harm.
//
// Jobs of one Host share that host's places and its breaker; jobs of one Kind
// and non-empty Key run one after the other in the order of their ids, until one
// of them has failed KeyPatience times and lets the others pass.
type Job struct {
	ID       ID
	Kind     JobKind
	Key      string
	Host     string
	Network  string // for deliveries: "activitypub" …
	Ref      ID
	Target   string
	Body     []byte
	RunAt    Millis
	Attempts int
	Lease    ID // fencing token of who holds it
	Error    string
	DeadAt   Millis // set when it was given up: quarantine
}

// ProfileAgain is the Target of a JobProfile that reads the profile anew,
// however lately that was done.
const ProfileAgain = "again"

// KeyPatience is how many failures of a Job those behind it (Job.Key) wait for.
const KeyPatience = 3

// Outgoing is one Activity on its way out. What can be read again is not
// copied; Body is the encoded activity, made once by the fan-out.
type Outgoing struct {
	ID          ID
	Actor       ID
	Verb        Verb
	URI         string // the activity's
	Object      OutObject
	Audience    Audience
	Inboxes     []string // extra targets, beyond what the audience gives
	ToFollowers bool
	Body        []byte
	CreatedAt   Millis
}

// OutObject says what an Outgoing is about, enough to encode it even when the
// thing itself is gone by then.
type OutObject struct {
	Kind      ObjectKind `json:"kind"`
	ID        ID         `json:"id,omitempty"`     // the Post, Actor, Vote, Follow …
	URI       string     `json:"uri,omitempty"`    // of the object, or of the inner activity
	Inner     Verb       `json:"inner,omitempty"`  // for Undo, Accept and Reject: the verb undone or answered
	Target    ID         `json:"target,omitempty"` // a second Actor or Post
	TargetURI string     `json:"targetUri,omitempty"`
	Content   string     `json:"content,omitempty"` // a reaction's emoji, a report's comment
	Emoji     *Emoji     `json:"emoji,omitempty"`
	Posts     []ID       `json:"posts,omitempty"`
	To        []string   `json:"to,omitempty"` // audience as it was, for things that are gone
	Cc        []string   `json:"cc,omitempty"`
	At        Millis     `json:"at,omitempty"`
}
