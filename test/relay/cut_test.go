package relay_test

import (
	"testing"

	"engawa/internal/testpg"
)

// decisive are the messages by which a deed comes about at each network.
var decisive = map[deed][]kill{
	posting: {
		{posting, "bluesky", "POST", put, 1, before}, {posting, "x", "POST", "/2/tweets", 2, before},
		{posting, "misskey", "POST", "/api/notes/create", 0, before}, {posting, "nostr", "FRAME", `["EVENT"`, 0, before},
		{posting, "mastodon", "POST", "/api/v1/statuses", 0, before},
	},
	deleting: {
		{deleting, "bluesky", "POST", "/xrpc/com.atproto.repo.deleteRecord", 0, before}, {deleting, "x", "DELETE", "/2/tweets", 0, before},
		{deleting, "misskey", "POST", "/api/notes/delete", 0, before}, {deleting, "nostr", "FRAME", `["EVENT"`, 0, before},
		{deleting, "mastodon", "DELETE", "/api/v1/statuses", 0, before},
	},
}

// TestRelayCut: the program lives, on PostgreSQL this time, but the line to all five networks breaks at
// once, before they take something and after: nothing is there twice, and
// nothing is missing.
func TestRelayCut(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "ENGAWA_DATABASE="+testpg.Start(t))
	w.hana.rules(killRules)
	rounds := []kill{{deed: posting, after: afterward}, {deed: posting}, {deed: deleting, after: afterward}}
	for n, k := range rounds {
		var post *status
		if k.deed != posting {
			post = w.writes(n)
			w.hana.rests(len(asks), sent, post.ID)
		}
		traps := map[string]*trap{}
		for _, d := range decisive[k.deed] {
			traps[d.network] = newTrap(k.after, d.wants(n))
			w.gates[d.network].arm(traps[d.network])
		}
		post = w.does(k.deed, n, post)
		for network, trap := range traps {
			w.waits(string(k.deed)+" at "+network, trap, post.ID)
			close(trap.gone)
		}
		w.hana.rests(len(asks), ends[k.deed], post.ID)
	}
	for network := range asks {
		w.audit(network, rounds)
	}
}
