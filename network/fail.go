package network

import (
	"time"

	"engawa/internal/locale"
	"engawa/social"
)

// The failures and remedies that all networks know, in the same words
// everywhere. where is the network's name, or the host of one of its servers.

// What a person can do, or need not do.
var (
	DoWait    = locale.W("link.do.wait")    // nothing: it is tried again
	DoRelink  = locale.W("link.do.relink")  // link again
	DoAllow   = locale.W("link.do.allow")   // link again and allow all
	DoBegin   = locale.W("link.do.begin")   // begin linking again
	DoChange  = locale.W("link.do.change")  // change the post, or skip it there
	DoShorten = locale.W("link.do.shorten") // or let it be a thread
	DoSmaller = locale.W("link.do.smaller") // a smaller file, or none
	DoNoFile  = locale.W("link.do.no_file") // without the file, or in another form
	DoCorrect = locale.W("link.do.correct") // correct by a reply, or delete and send again
	DoPublic  = locale.W("link.do.public")  // choose the audience public
	DoWrite   = locale.W("link.do.write")   // write something
)

// Away says that no answer came.
func Away(where string, err error) *social.LinkError {
	return &social.LinkError{Class: social.TryAgain, Message: locale.W("link.fail.away", "where", where), Remedy: DoWait, Err: err}
}

// Slow says that there were too many requests; after is how long to wait, 0 where
// the network did not say.
func Slow(where string, after social.Millis, err error) *social.LinkError {
	e := &social.LinkError{Class: social.TryAgain, Message: locale.W("link.fail.slow", "where", where), Remedy: DoWait, After: after, Err: err}
	if after > 0 {
		e.Message = locale.W("link.fail.slow_for", "where", where, "time", time.Duration(after)*time.Millisecond)
	}
	return e
}

// Down says that the network is at fault.
func Down(where, said string, err error) *social.LinkError {
	return &social.LinkError{Class: social.TryAgain, Message: Said(locale.W("link.fail.down", "where", where), said), Remedy: DoWait, Err: err}
}

// Strange says that an answer was not understood.
func Strange(where string, err error) *social.LinkError {
	return &social.LinkError{Class: social.TryAgain, Message: locale.W("link.fail.strange", "where", where), Remedy: DoWait, Err: err}
}

// Unclear says that a post may have arrived.
func Unclear(where, said string, err error) *social.LinkError {
	return &social.LinkError{Class: social.Uncertain, Message: Said(locale.W("link.fail.unclear", "where", where), said), Err: err}
}

// Signed says that the credentials are refused.
func Signed(where, said string, err error) *social.LinkError {
	return &social.LinkError{Class: social.Reconnect, Message: Said(locale.W("link.fail.login", "where", where), said), Remedy: DoRelink, Err: err}
}

// Unreadable says that what is kept of a Link cannot be read.
func Unreadable(err error) *social.LinkError {
	return &social.LinkError{Class: social.Reconnect, Message: locale.W("link.fail.kept"), Remedy: DoRelink, Err: err}
}

// Stranger says that credentials are another account's than the Link's; who may be "".
func Stranger(who string) *social.LinkError {
	return &social.LinkError{Class: social.Reconnect, Message: Said(locale.W("link.fail.stranger"), who), Remedy: DoRelink}
}

// NotThere says that something is not there any more.
func NotThere(where string, err error) *social.LinkError {
	return &social.LinkError{Class: social.NotThere, Message: locale.W("link.fail.gone", "where", where), Err: err}
}

// TooLong says that a text is longer than is taken there.
func TooLong(where string, err error) *social.LinkError {
	return &social.LinkError{Class: social.FixPost, Message: locale.W("link.fail.long", "where", where), Remedy: DoShorten, Err: err}
}

// TooLarge says that a file is larger than is taken there.
func TooLarge(where string, err error) *social.LinkError {
	return &social.LinkError{Class: social.FixPost, Message: locale.W("link.fail.large", "where", where), Remedy: DoSmaller, Err: err}
}

// Refused says that a post is not taken as it is.
func Refused(where, said string, err error) *social.LinkError {
	return &social.LinkError{Class: social.FixPost, Message: Said(locale.W("link.fail.refused", "where", where), said), Remedy: DoChange, Err: err}
}

// Forbidden says that the account may not do something there.
func Forbidden(class social.LinkFailure, where, said string, err error) *social.LinkError {
	return &social.LinkError{Class: class, Message: Said(locale.W("link.fail.forbidden", "where", where), said), Remedy: locale.W("link.do.see", "where", where), Err: err}
}

// Unable says that there is no such thing there.
func Unable(where, said string, err error) *social.LinkError {
	return &social.LinkError{Class: social.Unsupported, Message: Said(locale.W("link.fail.unable", "where", where), said), Err: err}
}

// NoEdit says that posts cannot be changed there.
func NoEdit(where string) *social.LinkError {
	return Cannot(locale.W("link.fail.no_edit", "where", where), DoCorrect)
}

// Closed says that everything there is public, and the post is not.
func Closed(where string) *social.LinkError {
	return Fix(locale.W("link.fail.closed", "where", where), DoPublic)
}

// Empty says that there is nothing to post.
func Empty(where string) *social.LinkError {
	return Fix(locale.W("link.fail.empty", "where", where), DoWrite)
}

// Address says that what was typed is no server's address; like is one.
func Address(typed, like string) *social.LinkError {
	return Cannot(locale.W("link.fail.address", "typed", typed), locale.W("link.do.address", "like", like))
}

// BadID says that an id is none of a post there.
func BadID(where, id string) *social.LinkError {
	return Fix(locale.W("link.fail.id", "where", where, "id", id), "")
}

// Unbegun says that linking goes on that was not begun here.
func Unbegun(class social.LinkFailure, err error) *social.LinkError {
	return &social.LinkError{Class: class, Message: locale.W("link.fail.unbegun"), Remedy: DoBegin, Err: err}
}

// Crossed says that an answer belongs to another linking.
func Crossed(class social.LinkFailure, where string) *social.LinkError {
	return &social.LinkError{Class: class, Message: locale.W("link.fail.crossed", "where", where), Remedy: DoBegin}
}

// Denied says that the person did not allow the link there.
func Denied(class social.LinkFailure, where, said string) *social.LinkError {
	return &social.LinkError{Class: class, Message: Said(locale.W("link.fail.denied", "where", where), said), Remedy: locale.W("link.do.permit", "where", where)}
}

// Fix is a failure that lasts until the person changes something.
func Fix(message, remedy locale.Words) *social.LinkError {
	return &social.LinkError{Class: social.FixPost, Message: message, Remedy: remedy}
}

// Cannot is a failure because there is no such thing.
func Cannot(message, remedy locale.Words) *social.LinkError {
	return &social.LinkError{Class: social.Unsupported, Message: message, Remedy: remedy}
}

// Reconnect is a failure until the account is linked again.
func Reconnect(message, remedy locale.Words, err error) *social.LinkError {
	return &social.LinkError{Class: social.Reconnect, Message: message, Remedy: remedy, Err: err}
}

// Said adds what another server said, word for word; nothing where that is "".
func Said(message locale.Words, said string) locale.Words {
	if said == "" {
		return message
	}
	return locale.W("link.fail.said", "message", message, "said", said)
}
