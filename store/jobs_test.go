package store

import (
	"fmt"
	"slices"
	"testing"

	"engawa/social"
)

// lease is a token that a node would make.
func lease(node int) ID { return ID(testNow<<16 | int64(node)<<6 | 3) }

func (d *desk) enqueue(jobs ...social.Job) {
	d.Helper()
	d.change(func(t *tx) error { return t.Enqueue(d.ctx, jobs, testNow+100) })
}

// claim returns the ids of what is claimed.
func (d *desk) claim(kind social.JobKind, token ID, now int64, skip []string, limit int) []ID {
	d.Helper()
	var got []ID
	d.change(func(t *tx) error {
		jobs, err := t.Claim(d.ctx, kind, token, now, now+100, skip, limit)
		for _, j := range jobs {
			if j.Lease != token {
				d.Errorf("job %d has the lease %d", j.ID, j.Lease)
			}
			got = append(got, j.ID)
		}
		return err
	})
	return got
}

func TestJobs(t *testing.T) {
	onBoth(t, func(d *desk) {
		whole := social.Job{ID: 1, Kind: social.JobDeliver, Key: "k", Host: "h", Network: "n", Ref: 2, Target: "t", Body: []byte{0, 1}, RunAt: 5, Attempts: 2, Error: "e"}
		d.enqueue(whole)
		d.change(func(t *tx) error {
			jobs, err := t.Claim(d.ctx, social.JobDeliver, lease(1), 5, 9, nil, 9)
			want := whole
			want.Lease = lease(1)
			gives(d, "whole", []social.Job{want})(jobs, err)
			d.answers("due", false)(t.DueJobs(d.ctx, social.JobDeliver, 5))
			d.answers("lease is over", true)(t.DueJobs(d.ctx, social.JobDeliver, 10))
			return nil
		})
		many := make([]social.Job, 40)
		for i := range many {
			many[i] = social.Job{ID: ID(100 + i), Kind: social.JobInbox, RunAt: testNow - int64(i%2), Host: fmt.Sprintf("h%d", i%4)}
		}
		many[2].DeadAt, many[4].RunAt, many[6].Lease = 1, testNow+1, lease(2)
		d.enqueue(many...)
		gives(d, "JobCounts", map[social.JobKind]int64{"deliver": 1, "inbox": 39, "dead": 1})(d.JobCounts(d.ctx))
		gives(d, "by time, then id", ids(101, 103, 105, 107))(d.claim(social.JobInbox, lease(1), testNow, nil, 4), nil)
		gives(d, "without hosts", ids(109, 113))(d.claim(social.JobInbox, lease(1), testNow, words("h3 h2"), 2), nil)
		d.change(func(t *tx) error {
			n, err := t.Finish(d.ctx, []social.Job{{ID: 101, Lease: lease(1)}, {ID: 103, Lease: lease(1)}, {ID: 105, Lease: lease(9)}, {ID: 999, Lease: lease(1)}})
			gives(d, "Finish", 2)(n, err)
			if err := t.Postpone(d.ctx, &social.Job{ID: 105, Lease: lease(9), RunAt: 1}); err != nil {
				return err
			}
			return t.Postpone(d.ctx, &social.Job{ID: 107, Lease: lease(1), RunAt: testNow - 50, Attempts: 3, Error: "later"})
		})
		gives(d, "given back", ids(107))(d.claim(social.JobInbox, lease(1), testNow, nil, 1), nil)
		d.change(func(t *tx) error { return t.ReleaseLeases(d.ctx, 2) })
		gives(d, "of node 2", true)(slices.Contains(d.claim(social.JobInbox, lease(1), testNow, nil, 99), 106), nil)
		d.change(func(t *tx) error { return t.ReleaseLeases(d.ctx, 1) })
		gives(d, "of node 1", ids(107))(d.claim(social.JobInbox, lease(1), testNow, nil, 1), nil)
		d.enqueue()
	})
}

func TestJobsOfOneKeyWait(t *testing.T) {
	onBoth(t, func(d *desk) {
		d.enqueue(
			social.Job{ID: 1, Kind: social.JobFanout, Key: "a", RunAt: testNow + 50},
			social.Job{ID: 2, Kind: social.JobFanout, Key: "a", RunAt: testNow},
			social.Job{ID: 3, Kind: social.JobFanout, Key: "b", RunAt: testNow, Lease: lease(1)},
			social.Job{ID: 4, Kind: social.JobFanout, Key: "b", RunAt: testNow},
			social.Job{ID: 5, Kind: social.JobFanout, Key: "c", RunAt: testNow + 50, Attempts: social.KeyPatience},
			social.Job{ID: 6, Kind: social.JobFanout, Key: "c", RunAt: testNow},
			social.Job{ID: 7, Kind: social.JobFanout, Key: "d", RunAt: testNow + 50, DeadAt: 1},
			social.Job{ID: 8, Kind: social.JobFanout, Key: "d", RunAt: testNow},
			social.Job{ID: 9, Kind: social.JobFanout, RunAt: testNow + 50},
			social.Job{ID: 10, Kind: social.JobFanout, RunAt: testNow},
			social.Job{ID: 11, Kind: social.JobInbox, Key: "e", RunAt: testNow + 50},
			social.Job{ID: 12, Kind: social.JobFanout, Key: "e", RunAt: testNow},
			social.Job{ID: 13, Kind: social.JobFanout, Key: "f", RunAt: testNow},
			social.Job{ID: 14, Kind: social.JobFanout, Key: "f", RunAt: testNow},
		)
		gives(d, "Claim", ids(6, 8, 10, 12, 13, 14))(d.claim(social.JobFanout, lease(5), testNow, nil, 99), nil)
		gives(d, "when nothing is held any more", ids(2, 3))(d.claim(social.JobFanout, lease(5), testNow+101, nil, 2), nil)
	})
}

func TestSeenAndOutgoing(t *testing.T) {
	onBoth(t, func(d *desk) {
		o := social.Outgoing{
			ID: 1, Actor: 2, Verb: social.Undo, URI: "u", Audience: social.Followers, Inboxes: words("a b"), ToFollowers: true, Body: []byte("{}"), CreatedAt: testNow - 3*day,
			Object: social.OutObject{Kind: social.ObjPost, ID: 3, URI: "x", Inner: social.Like, Target: 4, TargetURI: "t", Content: "c", Emoji: &social.Emoji{Shortcode: "s"}, Posts: ids(5), To: words("p"), Cc: words("q"), At: 6},
		}
		waits := o
		waits.ID, waits.Inboxes, waits.Body = 2, nil, nil
		d.enqueue(social.Job{ID: 1, Kind: social.JobDeliver, Ref: 2, RunAt: testNow})
		d.change(func(t *tx) error {
			d.answers("new", true)(t.Seen(d.ctx, "https://a.example/1", 5))
			d.answers("known", false)(t.Seen(d.ctx, "https://a.example/1", 6))
			if err := t.PutOutgoing(d.ctx, &o); err != nil {
				return err
			}
			return t.PutOutgoing(d.ctx, &waits)
		})
		gives(d, "Outgoing", &o)(d.Outgoing(d.ctx, 1))
		d.change(func(t *tx) error {
			if err := t.SetOutgoingBody(d.ctx, 2, []byte("[]")); err != nil {
				return err
			}
			_, err := t.Prune(d.ctx, testNow)
			d.answers("forgotten", true)(t.Seen(d.ctx, "https://a.example/1", testNow))
			return err
		})
		waits.Body = []byte("[]")
		gives(d, "with a delivery to do", &waits)(d.Outgoing(d.ctx, 2))
		missing[*social.Outgoing](d, "sent")(d.Outgoing(d.ctx, 1))
	})
}

func TestPruneShortensFeedsAndKeepsWaitingMedia(t *testing.T) {
	onBoth(t, func(d *desk) {
		d.locals(1, 2)
		d.change(func(t *tx) error {
			for id := ID(1); id <= 5; id++ {
				if err := t.AddHome(d.ctx, ids(1, 2), postOf(id, 9)); err != nil {
					return err
				}
			}
			return t.shorten(d.ctx, "users", "home_feed", "user_id", 3)
		})
		gives(d, "Home", ids(5, 4, 3))(d.home(2, social.Page{Limit: 9}))
		d.change(func(t *tx) error {
			for id := ID(1); id <= 3; id++ {
				m := social.Media{ID: id, Actor: 1, Key: "blob" + id.String(), CreatedAt: testNow - 2*day}
				if id == 3 {
					m.CreatedAt = testNow
				}
				if err := t.PutMedia(d.ctx, &m); err != nil {
					return err
				}
			}
			return t.PutScheduledPost(d.ctx, &social.ScheduledPost{ID: 1, User: 1, At: testNow + 1, Params: "{}", Media: ids(2)})
		})
		d.change(func(t *tx) error {
			gives(d, "blobs", words("blob1"))(t.Prune(d.ctx, testNow))
			gives(d, "again", []string(nil))(t.Prune(d.ctx, testNow))
			return nil
		})
	})
}
