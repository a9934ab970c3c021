package network

import (
	"engawa/internal/locale"
	"engawa/social"
)

// NoWord says that a network has no such deed.
func NoWord(where string) *social.LinkError {
	return Cannot(locale.W("link.fail.no_word", "where", where), locale.W("link.do.open", "where", where))
}

// NoEmoji says that there are no reactions but the favourite.
func NoEmoji(where string) *social.LinkError {
	return Cannot(locale.W("link.fail.no_emoji", "where", where), locale.W("link.do.favourite"))
}

// NoQuotes says that posts cannot be quoted there.
func NoQuotes(where string) *social.LinkError {
	return Cannot(locale.W("link.fail.no_quotes", "where", where), locale.W("link.do.quote_link"))
}

// NoPolls says that there are no polls.
func NoPolls(where string) *social.LinkError {
	return Cannot(locale.W("link.fail.no_polls", "where", where), locale.W("link.do.poll_text"))
}

// NoStream says that a server has no stream; it is read by asking.
func NoStream(where string, err error) *social.LinkError {
	return &social.LinkError{Class: social.Unsupported, Message: locale.W("link.fail.no_stream", "where", where), Err: err}
}

// StreamOff says that this home listens to no stream.
func StreamOff() *social.LinkError { return Cannot(locale.W("link.fail.stream_off"), "") }

// StreamBroke says that a stream ended.
func StreamBroke(where string, err error) *social.LinkError {
	return &social.LinkError{Class: social.TryAgain, Message: locale.W("link.fail.stream_broke", "where", where), Remedy: DoWait, Err: err}
}

// UnknownPost says that a server does not show a post to the account.
func UnknownPost(where string, err error) *social.LinkError {
	return &social.LinkError{Class: social.NotThere, Message: locale.W("link.fail.unknown_post", "where", where), Remedy: locale.W("link.do.hidden"), Err: err}
}

// UnknownPerson says that somebody is not known there.
func UnknownPerson(where, who string) *social.LinkError {
	return &social.LinkError{Class: social.NotThere, Message: locale.W("link.fail.unknown_person", "where", where, "who", who)}
}

// HomeOnly says that a post is not for other homes.
func HomeOnly() *social.LinkError {
	return Fix(locale.W("link.fail.home_only"), locale.W("link.do.wider"))
}

// OtherAPI says that a server speaks another API; like is one that speaks api.
func OtherAPI(where, api, like string, err error) *social.LinkError {
	return &social.LinkError{Class: social.Unsupported, Message: locale.W("link.fail.api", "where", where, "api", api),
		Remedy: locale.W("link.do.api", "like", like), Err: err}
}

// NoScope says that what the person allowed does not cover this.
func NoScope(where, said string, err error) *social.LinkError {
	return Reconnect(Said(locale.W("link.fail.scope", "where", where), said), DoAllow, err)
}

// Locked says that the server wants something of the person first.
func Locked(where, said string, err error) *social.LinkError {
	return Reconnect(Said(locale.W("link.fail.locked", "where", where), said), locale.W("link.do.login", "where", where), err)
}

// Suspended says that the account is suspended there.
func Suspended(where string, err error) *social.LinkError {
	return Reconnect(locale.W("link.fail.suspended", "where", where), locale.W("link.do.appeal", "where", where), err)
}

// NoFiles says that no files can be sent there.
func NoFiles(where string) *social.LinkError {
	return Cannot(locale.W("link.fail.no_files", "where", where), "")
}

// TooMany says that a post may have at most so many files there.
func TooMany(where string, most int) *social.LinkError {
	return Fix(locale.W("link.fail.many", "where", where, "count", most), locale.W("link.do.fewer"))
}

// WrongKind says that files of a kind are not taken; kind may be "".
func WrongKind(where, kind string, err error) *social.LinkError {
	return &social.LinkError{Class: social.FixPost, Message: Said(locale.W("link.fail.kind", "where", where), kind), Remedy: DoNoFile, Err: err}
}

// BadFile says that the network cannot work with a file.
func BadFile(where, said string, err error) *social.LinkError {
	return &social.LinkError{Class: social.FixPost, Message: Said(locale.W("link.fail.file", "where", where), said), Remedy: DoNoFile, Err: err}
}

// FileBusy says that the network is still working on a file.
func FileBusy(where string) *social.LinkError {
	return &social.LinkError{Class: social.TryAgain, Message: locale.W("link.fail.file_busy", "where", where), Remedy: DoWait}
}

// FileLost says that a file of the post could not be read here.
func FileLost(err error) *social.LinkError {
	return &social.LinkError{Class: social.TryAgain, Message: locale.W("link.fail.file_lost"), Remedy: DoWait, Err: err}
}
