// Package nostr links keys on Nostr: notes, reposts, reactions and deletions go
// to the write relays of the account, its home and notifications come from its
// read relays, by polling and as they happen.
//
// A Part becomes the same event each time it is tried: its time is the Part's,
// its id follows from that, and a relay that has it says so; so nothing is sent
// twice. NIPs kept: 01, 02, 05 (noted, not verified), 09, 10, 18, 19, 25, 36,
// 42, 44, 46, 48, 65, 92.
package nostr
