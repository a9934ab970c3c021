package social

import "sync"

// tallyDelay is how long the counts of a poll of ours gather before they are told.
const tallyDelay = 60_000

// tallyTarget marks a JobPoll that tells counts only.
const tallyTarget = "tally"

// tallies remembers which polls of ours have their counts told soon anyway. It
// forgets at a restart: then they are told once more.
type tallies struct {
	mu   sync.Mutex
	soon map[ID]Millis
}

func (t *tallies) waits(poll ID, now Millis) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.soon[poll] > now
}

// scheduled notes the jobs that are on disk.
func (t *tallies) scheduled(jobs []Job, now Millis) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for i := range jobs {
		if jobs[i].Kind != JobPoll || jobs[i].Target != tallyTarget {
			continue
		}
		for poll, at := range t.soon {
			if at <= now {
				delete(t.soon, poll)
			}
		}
		if t.soon == nil {
			t.soon = make(map[ID]Millis)
		}
		t.soon[jobs[i].Ref] = jobs[i].RunAt
	}
}
