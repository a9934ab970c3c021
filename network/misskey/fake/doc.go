// Package fake is a Misskey server for tests: one process, on 127.0.0.1, with
// the part of the API that linked accounts use.
//
// Known, from answers recorded on Misskey 2026.3.2 (facts/misskey.md): the form
// of notes, users, notifications and meta; errors as
// {"error":{"message","code","id","kind"}}; 204 without body; MiAuth with a
// check that answers once; ids that sort by time; the frames of the stream;
// custom emoji in reactions as ":name@.:".
//
// Its answers and frames were read by npm misskey-js 2026.5.1 and agree with its
// types of Note, UserLite, Notification and the answer of notes/create.
//
// Known from documentation, not seen: the bounds of notes/create and
// drive/files/create, 300 notes an hour, renotes that cannot be renoted, that a
// list by sinceId alone begins with the oldest.
//
// Assumed: the ids of the errors other than those of authentication; that a
// content warning has at most 100 characters; that a note stands in users/notes
// a moment after it was made (Server.Lag); what a server does that fails
// midway (Server.Fail).
package fake
