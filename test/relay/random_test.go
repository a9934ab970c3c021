package relay_test

import (
	"bytes"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"testing"
)

// TestRelayAtRandom writes, edits and deletes faster than anything can be
// brought anywhere, and kills the program again and again when some network was
// sent something: edits and deletes meet copies at every stage of their sending.
// It looks for what nobody thought of, and so runs where ENGAWA_TEST_RANDOM is set.
func TestRelayAtRandom(t *testing.T) {
	if os.Getenv("ENGAWA_TEST_RANDOM") == "" {
		t.Skip("set ENGAWA_TEST_RANDOM=1 to look for what the tables of kills do not have")
	}
	t.Parallel()
	w := newWorld(t)
	w.hana.rules(killRules)
	seed := rand.Uint64()
	t.Logf("the seed is %d", seed)
	r := rand.New(rand.NewPCG(seed, 0))
	networks := slices.Sorted(maps.Keys(asks))
	var posts []*status
	var done []kill
	for range 16 {
		for range r.IntN(4) {
			w.changes(r, posts, done)
		}
		network := networks[r.IntN(len(networks))]
		left := 1 + r.IntN(3)
		if network == "nostr" {
			left = 1 // frame is all that a post is
		}
		trap := newTrap(r.IntN(2) == 0, writing(left))
		w.gates[network].arm(trap)
		posts = append(posts, w.writes(len(posts)))
		done = append(done, kill{deed: posting, network: network, after: trap.after})
		w.waits(network, trap, posts[len(posts)-1].ID)
		w.home.Kill()
		close(trap.gone)
		w.home.Start()
	}
	for n, p := range posts {
		links := len(asks)
		if done[n].deed == deleting {
			links = 0 // it may be gone before anything was decided
		}
		w.hana.rests(links, ends[done[n].deed], p.ID)
	}
	for network := range asks {
		w.audit(network, done)
	}
}

// changes edits or deletes one of the posts; each is edited once at most.
func (w *world) changes(r *rand.Rand, posts []*status, done []kill) {
	w.tb.Helper()
	if len(posts) == 0 {
		return
	}
	n := r.IntN(len(posts))
	switch {
	case done[n].deed == posting && r.IntN(3) > 0:
		done[n].deed = editing
	case done[n].deed != deleting:
		done[n].deed = deleting
	default:
		return
	}
	w.does(done[n].deed, n, posts[n])
}

// writing wants the left-th message that is more than a question.
func writing(left int) func(*message) bool {
	return func(m *message) bool {
		if m.method == "GET" || m.method == "FRAME" && !bytes.HasPrefix(m.body, []byte(`["EVENT"`)) {
			return false
		}
		left--
		return left == 0
	}
}
