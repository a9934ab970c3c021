// Package fake is a Jetstream for tests: the WebSocket service that tells what
// happens in the repositories of Bluesky. (For everything else tests use the
// real PDS, PLC and AppView: test/peers.)
//
// Known, from the service's published text and clients: the path /subscribe
// with the parameters wantedCollections, wantedDids, cursor (Unix microseconds;
// everything from there on is sent again) and requireHello (nothing is sent
// before the first options_update); the message {"type":"options_update",
// "payload":{"wantedCollections","wantedDids","maxMessageSizeBytes"}}, by which
// a client changes what it wants; events {"did","time_us","kind":"commit",
// "commit":{"rev","operation","collection","rkey","cid","record"}}; at most
// 10,000 wantedDids and 100 collections.
//
// Assumed: that a connection which asks for more is closed with status 1008;
// that without DIDs everybody's events come.
package fake
