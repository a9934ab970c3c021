// Package relay proves relaying and lanes from outside: the program itself, with
// real peers (Bluesky's PDS, PLC and AppView, a Nostr relay, another Engawa) and
// the fakes of Misskey and X. It holds tests only.
package relay
