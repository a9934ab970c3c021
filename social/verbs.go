package social

import "context"

// verbKey is what a verb is looked up by.
type verbKey struct {
	verb   Verb
	object ObjectKind
}

// verbs is the table of everything that can be done. A new verb is a file and a
// line here, and an encode and a decode case in each network that speaks it.
var verbs = map[verbKey]func(context.Context, *turn) (*Result, error){
	{Create, ObjPost}:        createPost,
	{Create, ObjVote}:        castVote,
	{Update, ObjPost}:        updatePost,
	{Update, ObjActor}:       updateActor,
	{Delete, ObjPost}:        deletePost,
	{Delete, ObjActor}:       deleteActor,
	{Delete, ObjQuote}:       revokeQuote,
	{FollowVerb, ObjActor}:   followActor,
	{Accept, ObjFollow}:      acceptFollow,
	{Accept, ObjQuote}:       acceptQuote,
	{Reject, ObjFollow}:      rejectFollow,
	{Reject, ObjQuote}:       rejectQuote,
	{Undo, ObjFollow}:        undoFollow,
	{Undo, ObjLike}:          undoLike,
	{Undo, ObjBoost}:         undoBoost,
	{Undo, ObjBlock}:         undoBlock,
	{Like, ObjPost}:          likePost,
	{Announce, ObjPost}:      boostPost,
	{BlockVerb, ObjActor}:    blockActor,
	{Move, ObjActor}:         moveActor,
	{Flag, ObjReport}:        flagReport,
	{Add, ObjPost}:           pinPost,
	{Remove, ObjPost}:        unpinPost,
	{QuoteRequest, ObjQuote}: requestQuote,
}
