package social

import "context"

// quoteOf prepares the record of a new Post that quotes another (FEP-044f).
// For Posts from elsewhere the network has said what it could prove
// (QuoteState); only what nobody can be asked about is decided here.
func (t *turn) quoteOf(ctx context.Context, p *Post) (*Quote, error) {
	if p.QuoteOf == 0 && p.QuoteURI == "" {
		return nil, nil
	}
	q := &Quote{Post: p.ID, Quoted: p.QuoteOf, QuotedURI: p.QuoteURI, Actor: p.Actor, State: QuotePending, StampURI: p.QuoteStamp, CreatedAt: t.now}
	if p.QuoteOf == 0 {
		p.QuoteState = QuotePending
		return q, nil
	}
	quoted, err := t.Post(ctx, p.QuoteOf)
	if err != nil {
		if p.Local() || !isMissing(err) {
			return nil, err
		}
		p.QuoteOf, q.Quoted, p.QuoteState = 0, 0, QuotePending
		return q, nil
	}
	if quoted.Origin == Linked {
		return nil, t.quoteThere(ctx, p, quoted)
	}
	q.QuotedURI, q.QuotedActor = quoted.URI, quoted.Actor
	p.QuoteURI = quoted.URI
	if p.Local() {
		err = t.quoteByUs(ctx, p, q, quoted)
	} else {
		q.State = quoteByThem(p, quoted)
	}
	p.QuoteState, p.QuoteStamp = q.State, q.StampURI
	return q, err
}

// quoteThere takes a quote of what only Links show: it is made there, and asks
// for no consent here. To a neighbour's Post it is as if it were not here.
func (t *turn) quoteThere(ctx context.Context, p, quoted *Post) error {
	if t.a.Origin != Local {
		p.QuoteOf, p.QuoteState = 0, QuotePending
		return nil
	}
	if err := t.mustSee(ctx, quoted); err != nil {
		return err
	}
	if quoted.BoostOf != 0 || quoted.Audience > Unlisted {
		return cannotAnswer("it is not for everybody", quoted.openURL())
	}
	p.QuoteURI, p.QuoteState, t.quotedThere = quoted.URI, QuoteAccepted, quoted
	return nil
}

// quoteByThem: what a neighbour's quote is worth before anybody answered.
func quoteByThem(p, quoted *Post) QuoteState {
	switch {
	case p.QuoteState == QuoteAccepted && p.QuoteStamp != "", p.Actor == quoted.Actor:
		return QuoteAccepted
	case quoted.Local():
		return QuotePending // they ask, or show a stamp of ours
	case quoted.QuotePolicy == QuoteUnknown && quoted.Everybodys():
		return QuoteAccepted // its author's server knows no consent (Misskey)
	default:
		return QuotePending
	}
}

func (t *turn) quoteByUs(ctx context.Context, p *Post, q *Quote, quoted *Post) error {
	if err := t.mustSee(ctx, quoted); err != nil {
		return err
	}
	verdict, err := t.quoteVerdict(ctx, quoted, p.Actor)
	if err != nil {
		return err
	}
	switch {
	case quoted.Audience == Direct || quoted.BoostOf != 0 || verdict == QuoteRejected:
		return &Error{Kind: Invalid, Op: "quote", Field: "quoted_status_id", Message: "Validation failed: You are not allowed to quote this post"}
	case quoted.Audience == Followers && p.Audience < Followers:
		p.Audience = Followers // never widened
	case quoted.Audience == LocalOnly:
		p.Audience = LocalOnly
	}
	author, err := t.Actor(ctx, quoted.Actor)
	if err != nil {
		return err
	}
	switch {
	case author.Local() && verdict == QuoteAccepted:
		q.State = QuoteAccepted
		if quoted.Actor != p.Actor {
			q.StampURI = stampURI(author, p.ID)
		}
	case author.Local():
		q.State = QuotePending
	case quoted.QuotePolicy == QuoteUnknown:
		q.State = QuoteAccepted
	default:
		q.State, q.RequestURI = QuotePending, quoteRequestURI(t.actor, p.ID)
	}
	return nil
}

// quoteVerdict applies the quoted author's policy to who wants to quote:
// accepted, pending (ask), or rejected.
func (t *turn) quoteVerdict(ctx context.Context, quoted *Post, by ID) (QuoteState, error) {
	if quoted.Actor == by {
		return QuoteAccepted, nil
	}
	if !quoted.Everybodys() {
		return QuoteRejected, nil
	}
	rels, err := t.Relations(ctx, quoted.Actor, []ID{by})
	if err != nil {
		return QuoteRejected, err
	}
	rel := rels[by]
	if rel.Blocking || rel.BlockedBy {
		return QuoteRejected, nil
	}
	yes := map[QuotePolicy]bool{
		QuoteUnknown: true, QuoteAnyone: true, QuoteFollowers: rel.FollowedBy, QuoteFollowing: rel.Following,
	}[quoted.QuotePolicy]
	switch {
	case yes:
		return QuoteAccepted, nil
	case quoted.QuotePolicy == QuoteManual:
		return QuotePending, nil
	default:
		return QuoteRejected, nil
	}
}

// putQuote writes the record, counts, tells the quoted author, and asks where
// somebody has to be asked.
func (t *turn) putQuote(ctx context.Context, p *Post, q *Quote) error {
	if q == nil {
		return nil
	}
	if err := t.PutQuote(ctx, q); err != nil {
		return err
	}
	if q.Quoted == 0 {
		return nil
	}
	if q.State == QuoteAccepted {
		if err := t.quoted(ctx, p, q); err != nil {
			return err
		}
	}
	if q.RequestURI == "" || !p.Local() {
		return nil
	}
	author, err := t.Actor(ctx, q.QuotedActor)
	if err != nil {
		return err
	}
	return t.send(ctx, Outgoing{
		Verb: QuoteRequest, URI: q.RequestURI, Audience: Direct, Inboxes: []string{author.Inbox},
		Object: OutObject{Kind: ObjQuote, ID: p.ID, URI: q.QuotedURI, TargetURI: author.URI},
	})
}

// quoted counts an accepted quote and tells the quoted author.
func (t *turn) quoted(ctx context.Context, p *Post, q *Quote) error {
	if err := t.CountPost(ctx, q.Quoted, 0, 0, 0, 1); err != nil {
		return err
	}
	author, err := t.Actor(ctx, q.QuotedActor)
	if err != nil || !author.Local() {
		return err
	}
	return t.notify(ctx, note{user: author.ID, typ: NotifyQuote, post: p, from: q.Actor})
}

// setQuote moves a quote to a new state, on the Post too.
func (t *turn) setQuote(ctx context.Context, q *Quote, state QuoteState, stamp string) (*Post, error) {
	was := q.State
	q.State, q.StampURI = state, stamp
	if err := t.PutQuote(ctx, q); err != nil {
		return nil, err
	}
	p, err := t.Post(ctx, q.Post)
	if err != nil {
		return nil, err
	}
	next := *p
	next.QuoteState, next.QuoteStamp = state, stamp
	if err := t.UpdatePost(ctx, &next); err != nil {
		return nil, err
	}
	if was == QuoteAccepted && state != QuoteAccepted && q.Quoted != 0 {
		if err := t.CountPost(ctx, q.Quoted, 0, 0, 0, -1); err != nil {
			return nil, err
		}
	}
	return &next, t.changed(ctx, p)
}

// requestQuote answers a neighbour that asks to quote a Post of ours.
func requestQuote(ctx context.Context, t *turn) (*Result, error) {
	ask := t.a.Object.(*QuoteAsk)
	quoted, err := t.Post(ctx, ask.Quoted)
	if err != nil {
		return nil, err
	}
	author, err := t.Actor(ctx, quoted.Actor)
	if err != nil {
		return nil, err
	}
	if !author.Local() {
		return nil, notFound("quote request")
	}
	verdict, err := t.quoteVerdict(ctx, quoted, t.actor.ID)
	if err != nil {
		return nil, err
	}
	o := Outgoing{
		Verb: Reject, URI: author.URI + "#rejects/quote_requests/" + t.h.newID().String(), Audience: Direct, Inboxes: []string{t.actor.Inbox},
		Object: OutObject{Kind: ObjQuote, Inner: QuoteRequest, URI: ask.URI, ID: quoted.ID, TargetURI: quoted.URI, Target: t.actor.ID, Content: ask.QuotingURI},
	}
	if verdict == QuotePending {
		return &Result{}, nil
	}
	if verdict == QuoteAccepted {
		granted, err := t.grant(ctx, ask, quoted, author)
		if err != nil {
			return nil, err
		}
		if !granted {
			return &Result{}, t.sendAs(ctx, author, o)
		}
		o.Verb, o.URI = Accept, author.URI+"#accepts/quote_requests/"+ask.Quoting.String()
		o.Object.To = []string{stampURI(author, ask.Quoting)}
	}
	return &Result{Done: verdict == QuoteAccepted}, t.sendAs(ctx, author, o)
}

// grant stamps a neighbour's quote of a Post of ours, and reports whether it
// stands. The quoting Post must be here, be the asking Actor's, and quote this
// one (T80); what was revoked stays so.
func (t *turn) grant(ctx context.Context, ask *QuoteAsk, quoted *Post, author *Actor) (bool, error) {
	p, err := t.Post(ctx, ask.Quoting)
	if err != nil {
		return false, err
	}
	if p.Actor != t.actor.ID || (p.QuoteURI != quoted.URI && p.QuoteOf != quoted.ID) {
		return false, nil
	}
	q, err := t.Quote(ctx, ask.Quoting)
	if isMissing(err) {
		q, err = &Quote{Post: ask.Quoting, CreatedAt: t.now}, nil
	}
	if err != nil {
		return false, err
	}
	if q.State == QuoteAccepted || q.State == QuoteRevoked {
		return q.State == QuoteAccepted, nil
	}
	q.Quoted, q.QuotedURI, q.QuotedActor, q.Actor, q.RequestURI = quoted.ID, quoted.URI, author.ID, t.actor.ID, ask.URI
	if p, err = t.setQuote(ctx, q, QuoteAccepted, stampURI(author, ask.Quoting)); err != nil {
		return false, err
	}
	return true, t.quoted(ctx, p, q)
}

// acceptQuote: the quoted author said yes to a quote of ours.
func acceptQuote(ctx context.Context, t *turn) (*Result, error) {
	ans := t.a.Object.(*QuoteAnswer)
	q, err := t.ourQuote(ctx, ans.Quoting)
	if err != nil || q.State != QuotePending {
		return &Result{}, missingOK(err)
	}
	p, err := t.setQuote(ctx, q, QuoteAccepted, ans.StampURI)
	if err != nil {
		return nil, err
	}
	if err := t.CountPost(ctx, q.Quoted, 0, 0, 0, 1); err != nil {
		return nil, err
	}
	writer, err := t.Actor(ctx, p.Actor)
	if err != nil || !writer.Local() || p.Audience == LocalOnly {
		return &Result{Post: p, Done: true}, err
	}
	return &Result{Post: p, Done: true}, t.sendAs(ctx, writer, Outgoing{
		Verb: Update, URI: updateURI(p.URI, t.now), Audience: p.Audience, ToFollowers: p.Audience <= Followers,
		Object: OutObject{Kind: ObjPost, ID: p.ID, URI: p.URI, At: t.now},
	})
}

// rejectQuote: the quoted author said no.
func rejectQuote(ctx context.Context, t *turn) (*Result, error) {
	q, err := t.ourQuote(ctx, t.a.Object.(*QuoteAnswer).Quoting)
	if err != nil {
		return &Result{}, missingOK(err)
	}
	p, err := t.setQuote(ctx, q, QuoteRejected, "")
	return &Result{Post: p, Done: true}, err
}

// ourQuote loads a quote whose quoted author is the turn's Actor.
func (t *turn) ourQuote(ctx context.Context, quoting ID) (*Quote, error) {
	q, err := t.Quote(ctx, quoting)
	if err != nil {
		return nil, err
	}
	if q.QuotedActor != t.actor.ID {
		return nil, notFound("quote")
	}
	return q, nil
}

// revokeQuote: the quoted author takes consent back (Delete of the stamp).
func revokeQuote(ctx context.Context, t *turn) (*Result, error) {
	q, err := t.ourQuote(ctx, t.a.Object.(*QuoteRef).Quoting)
	if err != nil {
		if t.a.Origin != Local {
			return &Result{}, missingOK(err)
		}
		return nil, err
	}
	stamp := q.StampURI
	p, err := t.setQuote(ctx, q, QuoteRevoked, "")
	if err != nil {
		return nil, err
	}
	inboxes, err := t.inboxesOf(ctx, []ID{q.Actor})
	if err != nil || stamp == "" {
		return &Result{Post: p, Done: true}, err
	}
	return &Result{Post: p, Done: true}, t.send(ctx, Outgoing{
		Verb: Delete, URI: stamp + "#delete", Audience: Public, ToFollowers: true, Inboxes: inboxes,
		Object: OutObject{Kind: ObjQuote, ID: p.ID, URI: stamp},
	})
}
