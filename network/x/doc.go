// Package x links accounts on X through its API v2: posts, replies, quotes,
// polls and media go out; reading a Lane is off unless the Link's Settings turn
// it on, because every post read costs money.
//
// What is known of the API stands in docs of X of August 2026; it was never
// called from here. Prices are those of pay-per-use since 2026-02-06. What is
// assumed is named where it is used, and in package x/fake.
package x
