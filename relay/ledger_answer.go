package relay

import (
	"context"
	"errors"
	"fmt"
	"time"

	"engawa/internal/locale"
	"engawa/social"
)

// Later is what a handler answers for work to be tried again at a time of the
// other side's choosing; zero After: the usual pause.
type Later struct {
	After time.Duration
	Err   error
}

// Error is the cause's.
func (l *Later) Error() string { return fmt.Sprintf("later, in %s: %v", l.After, l.Err) }

// Unwrap returns the cause.
func (l *Later) Unwrap() error { return l.Err }

// answerTries is how often an answer is tried before it is taken back here.
const answerTries = 12

// HandleAnswer carries out an answer without text where the post is: a
// favourite, a boost, a follow, a bookmark, or the undoing of one. What cannot be
// done is taken back here, and the person is told.
func (l *Ledger) HandleAnswer(ctx context.Context, j *social.Job) error {
	link, err := l.Home.Store.Link(ctx, 0, j.Ref)
	if err != nil {
		return goneOK(err)
	}
	deed, err := l.Home.DeedOf(ctx, link, j)
	if err != nil {
		return goneOK(err)
	}
	doer, ok := l.Networks[link.Network].(Doer)
	if !ok {
		return l.refused(ctx, link, j, &social.LinkError{Class: social.Unsupported, Message: locale.W("link.fail.no_deed")})
	}
	if link.State != social.LinkActive {
		return l.refused(ctx, link, j, &social.LinkError{Class: social.Reconnect, Message: locale.W("link.fail.linked_first"), Remedy: locale.W("link.do.relink")})
	}
	login, err := l.Login(ctx, link)
	if err != nil {
		return err
	}
	inner, cancel := context.WithTimeout(ctx, callTime)
	defer cancel()
	made, err := doer.Do(inner, login, deed)
	switch {
	case err == nil, deed.Verb == social.Undo && classOf(err) == social.NotThere:
		return l.Home.AnswerDone(ctx, link, j, made)
	case ctx.Err() != nil:
		return err
	}
	return l.undone(ctx, link, j, err)
}

// undone tries again what may still succeed: the deeds of a network may be
// repeated without harm.
func (l *Ledger) undone(ctx context.Context, link *social.Link, j *social.Job, cause error) error {
	state := social.LinkActive
	switch classOf(cause) {
	case social.TryAgain, social.Uncertain:
		if j.Attempts+1 < answerTries {
			var known *social.LinkError
			later := &Later{Err: cause}
			if errors.As(cause, &known) {
				later.After = time.Duration(known.After) * time.Millisecond
			}
			return later
		}
	case social.Reconnect:
		if err := l.tellReconnect(ctx, link, cause); err != nil {
			return err
		}
		state = social.LinkReconnect
	}
	if err := l.write(ctx, func(w *writing) error { return w.unwell(ctx, link, cause, state) }); err != nil {
		return err
	}
	return l.refused(ctx, link, j, cause)
}

// refused takes an answer back here and tells the person.
func (l *Ledger) refused(ctx context.Context, link *social.Link, j *social.Job, cause error) error {
	if err := l.Home.AnswerFailed(ctx, link, j); err != nil {
		return err
	}
	a, _ := social.ParseAnswer(j.Target)
	if a.Undo && classOf(cause) == social.NotThere {
		return nil
	}
	post := a.Target
	if a.Verb == social.FollowVerb {
		post = 0
	}
	return l.tellOf(ctx, link, post, "answer-"+j.ID.String(), question{cause: "answer", said: knownOf(cause)})
}
