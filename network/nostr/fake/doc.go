// Package fake has a relay and a remote signer of Nostr for tests: small,
// in memory, on loopback.
//
// Known: NIP-01 as a relay keeps it (verification, replaceable kinds, filters,
// OK, EOSE, CLOSED), NIP-09, NIP-42, NIP-46. The real relay khatru, which tests
// use too (package engawa/test/peers), answers the same. Assumed: the words
// after the prefixes; that a relay which drops a connection has kept the event.
package fake
