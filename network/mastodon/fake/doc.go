// Package fake is a server of Mastodon's client API for tests, on 127.0.0.1. It
// shows what another home of Engawa, the peer of the other tests, cannot: the
// answers of other makes, media that take their time, failures, limits, tokens
// that end or are taken back.
//
// Known (facts/mastodon.md): /api/v2/instance and v1 on 404, 202 and 206 for
// media, Idempotency-Key for an hour, the form of errors, 429 with
// X-RateLimit-Reset, min_id as the page directly above, the frames of the
// stream.
//
// Assumed, from the makes' public documentation: that GoToSocial before 0.18
// has no edits and reads the stream's token from Sec-WebSocket-Protocol;
// Pleroma's list of features, its reactions by PUT, its tokens that end and are
// renewed with changing refresh tokens, quote_id; Fedibird's
// fedibird_capabilities and emoji_reactions; glitch-soc's forks' react.
package fake
