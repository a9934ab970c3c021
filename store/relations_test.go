package store

import (
	"testing"

	"engawa/social"
)

func TestFollows(t *testing.T) {
	onBoth(t, func(d *desk) {
		d.locals(1)
		d.neighbours(2, 3)
		f := social.Follow{ID: 10, Actor: 1, Target: 2, Pending: true, URI: "https://f.example/10", HideBoosts: true, Notify: true, Languages: words("ja"), CreatedAt: 5}
		d.change(func(t *tx) error { return t.PutFollow(d.ctx, &f) })
		gives(d, "Follow", &f)(d.Follow(d.ctx, 1, 2))
		gives(d, "FollowByID", &f)(d.FollowByID(d.ctx, 10))
		gives(d, "Requests", []social.Ranked{{ID: 1, Row: 10}})(d.Requests(d.ctx, 2, social.Page{Limit: 9}))
		gives(d, "no Followers", []social.Ranked(nil))(d.Followers(d.ctx, 2, social.Page{Limit: 9}))
		again := f
		again.ID, again.Pending, again.Languages = 11, false, nil
		d.change(func(t *tx) error { return t.PutFollow(d.ctx, &again) })
		gives(d, "id", ID(10))(again.ID, nil)
		gives(d, "Follow", &again)(d.Follow(d.ctx, 1, 2))
		d.follow([2]ID{1, 3}, [2]ID{3, 2})
		gives(d, "Followers", 2)(count(d.Followers(d.ctx, 2, social.Page{Limit: 9})))
		gives(d, "Following", 2)(count(d.Following(d.ctx, 1, social.Page{Limit: 9})))
		gives(d, "Familiar", map[ID][]ID{2: ids(3), 3: nil})(d.Familiar(d.ctx, 1, ids(2, 3), 5))
		gives(d, "address", &social.Address{URI: f.URI, Kind: "follow", Target: 10, State: "primary"})(d.Address(d.ctx, f.URI))
		d.change(func(t *tx) error {
			gives(d, "DropFollow", &again)(t.DropFollow(d.ctx, 1, 2))
			missing[*social.Follow](d, "DropFollow again")(t.DropFollow(d.ctx, 1, 2))
			return nil
		})
		gives(d, "address", &social.Address{URI: f.URI, Kind: "follow", Target: 10, State: "gone"})(d.Address(d.ctx, f.URI))
		missing[*social.Follow](d, "FollowByID")(d.FollowByID(d.ctx, 10))
	})
}

func count[T any](list []T, err error) (int, error) { return len(list), err }

// A neighbour that comes to live here is a local follower from then on.
func TestFollowersThatBecomeLocal(t *testing.T) {
	onBoth(t, func(d *desk) {
		d.neighbours(1, 2)
		d.follow([2]ID{1, 2})
		gives(d, "far", words("https://far1.example/inbox"))(d.FollowerInboxes(d.ctx, 2))
		d.locals(1)
		gives(d, "here", ids(1))(d.LocalFollowers(d.ctx, 2))
		gives(d, "not far", []string(nil))(d.FollowerInboxes(d.ctx, 2))
	})
}

func TestRelations(t *testing.T) {
	onBoth(t, func(d *desk) {
		d.locals(1)
		d.neighbours(2, 3, 4, 5, 6, 7, 8)
		d.change(func(t *tx) error {
			d.answers("block", true)(t.PutBlock(d.ctx, &social.Block{ID: 1, Actor: 1, Target: 3, URI: "b", CreatedAt: 2}))
			d.answers("blocked again", false)(t.PutBlock(d.ctx, &social.Block{ID: 2, Actor: 1, Target: 3}))
			d.answers("blocked", true)(t.PutBlock(d.ctx, &social.Block{ID: 3, Actor: 4, Target: 1}))
			for _, err := range []error{
				t.PutFollow(d.ctx, &social.Follow{ID: 1, Actor: 1, Target: 2, HideBoosts: true, Notify: true, Languages: words("ja en")}),
				t.PutFollow(d.ctx, &social.Follow{ID: 2, Actor: 2, Target: 1, Pending: true}),
				t.PutFollow(d.ctx, &social.Follow{ID: 3, Actor: 1, Target: 8, Pending: true}),
				t.PutFollow(d.ctx, &social.Follow{ID: 4, Actor: 8, Target: 1}),
				t.PutMute(d.ctx, &social.Mute{ID: 1, Actor: 1, Target: 5, HideNotifications: true, Until: testNow + 1}),
				t.PutMute(d.ctx, &social.Mute{ID: 2, Actor: 1, Target: 6, Until: testNow}),
				t.PutDomainBlock(d.ctx, &social.DomainBlock{ID: 1, Actor: 1, Domain: "far7.example", CreatedAt: 3}),
				t.PutDomainBlock(d.ctx, &social.DomainBlock{ID: 2, Actor: 1, Domain: "far7.example", CreatedAt: 4}),
				t.PutNote(d.ctx, 1, 2, "x"), t.PutNote(d.ctx, 1, 2, "friend"), t.PutNote(d.ctx, 1, 3, "y"), t.PutNote(d.ctx, 1, 3, ""),
			} {
				if err != nil {
					return err
				}
			}
			return nil
		})
		gives(d, "Relations", map[ID]*social.Relation{
			2:  {Target: 2, Following: true, HideBoosts: true, Notify: true, Languages: words("ja en"), RequestedBy: true, Note: "friend"},
			3:  {Target: 3, Blocking: true},
			4:  {Target: 4, BlockedBy: true},
			5:  {Target: 5, Muting: true, MutingNotes: true, MuteUntil: testNow + 1},
			6:  {Target: 6},
			7:  {Target: 7, BlockingDomain: true},
			8:  {Target: 8, Requested: true, FollowedBy: true},
			99: {Target: 99},
		})(d.Relations(d.ctx, 1, ids(2, 3, 4, 5, 6, 7, 8, 99)))
		gives(d, "a stranger's", map[ID]*social.Relation{2: {Target: 2}})(d.Relations(d.ctx, 0, ids(2)))
		for target, want := range map[ID]map[ID]social.Refusal{
			3: {1: social.RefusesAll}, 4: {1: social.RefusesAll}, 5: {1: social.RefusesNotifications}, 7: {1: social.RefusesAll},
		} {
			a, err := d.Actor(d.ctx, target)
			if err != nil {
				t.Fatal(err)
			}
			gives(d, "BlockedAmong", want)(d.BlockedAmong(d.ctx, ids(1, 9), a))
			got, err := d.BlockedAmong(d.ctx, ids(9), a)
			gives(d, "others", 0)(len(got), err)
		}
		six, err := d.Actor(d.ctx, 6)
		if err != nil {
			t.Fatal(err)
		}
		got, err := d.BlockedAmong(d.ctx, ids(1), six)
		gives(d, "a mute that is over", 0)(len(got), err)
		d.change(func(t *tx) error { return t.PutMute(d.ctx, &social.Mute{ID: 3, Actor: 1, Target: 6}) })
		gives(d, "muted", map[ID]social.Refusal{1: social.RefusesPosts})(d.BlockedAmong(d.ctx, ids(1), six))

		gives(d, "Block", &social.Block{ID: 1, Actor: 1, Target: 3, URI: "b", CreatedAt: 2})(d.Block(d.ctx, 1, 3))
		gives(d, "Blocks", []social.Ranked{{ID: 3, Row: 1}})(d.Blocks(d.ctx, 1, social.Page{Limit: 9}))
		gives(d, "Mutes", []social.Ranked{{ID: 6, Row: 2}, {ID: 5, Row: 1}})(d.Mutes(d.ctx, 1, social.Page{Limit: 9}))
		gives(d, "DomainBlocks", []social.DomainBlock{{ID: 1, Actor: 1, Domain: "far7.example", CreatedAt: 3}})(d.DomainBlocks(d.ctx, 1, social.Page{Limit: 9}))
		d.change(func(t *tx) error {
			b, err := t.DropBlock(d.ctx, 1, 3)
			gives(d, "DropBlock", "b")(b.URI, err)
			missing[*social.Block](d, "DropBlock")(t.DropBlock(d.ctx, 1, 3))
			if err := t.DropMute(d.ctx, 1, 5); err != nil {
				return err
			}
			return t.DropDomainBlock(d.ctx, 1, "far7.example")
		})
		d.refuse(social.NotFound, func(t *tx) error { return t.DropMute(d.ctx, 1, 5) })
		d.refuse(social.NotFound, func(t *tx) error { return t.DropDomainBlock(d.ctx, 1, "far7.example") })
		missing[*social.Block](d, "Block")(d.Block(d.ctx, 1, 3))
	})
}

func TestDecisionsAndReports(t *testing.T) {
	onBoth(t, func(d *desk) {
		list := []social.Decision{
			{ID: 1, Kind: "suspend", TargetKind: "actor", Target: 5, By: 2, Reason: "r", CreatedAt: 3},
			{ID: 2, Kind: "limit", TargetKind: "actor", Target: 5, Until: testNow + 1},
			{ID: 3, Kind: "limit", TargetKind: "actor", Target: 5, Until: testNow},
			{ID: 4, Kind: "limit", TargetKind: "actor", Target: 5, UndoneAt: 1, UndoneBy: 2},
			{ID: 5, Kind: "domain", TargetKind: "domain", Domain: "bad.example"},
			{ID: 6, Kind: "limit", TargetKind: "domain", Domain: "loud.example"},
		}
		d.change(func(t *tx) error {
			for i := range list {
				if err := t.PutDecision(d.ctx, &list[i]); err != nil {
					return err
				}
			}
			return nil
		})
		gives(d, "Decisions", []social.Decision{list[1], list[0]})(d.Decisions(d.ctx, "actor", 5, ""))
		gives(d, "BlockedDomains", list[4:5])(d.BlockedDomains(d.ctx))
		list[4].UndoneAt = 9
		d.change(func(t *tx) error { return t.PutDecision(d.ctx, &list[4]) })
		gives(d, "undone", []social.Decision(nil))(d.BlockedDomains(d.ctx))

		r := social.Report{ID: 1, Actor: 2, Target: 3, Posts: ids(4, 5), Comment: "c", Category: "spam", Rules: []int{1}, Forward: true, URI: "https://r.example/1", CreatedAt: 6}
		d.change(func(t *tx) error { return t.PutReport(d.ctx, &r) })
		r.ClosedAt, r.ClosedBy = 7, 8
		d.change(func(t *tx) error { return t.PutReport(d.ctx, &r) })
		again := r
		again.ID = 2
		d.refuse(social.Conflict, func(t *tx) error { return t.PutReport(d.ctx, &again) })
		n, err := one(d.ctx, &d.reader, scanInt, "select closed_at from reports where id = 1 and posts = '[4,5]' and rules = '[1]'")
		if err != nil || *n != 7 {
			d.Errorf("%v, %v", n, err)
		}
	})
}

func TestHosts(t *testing.T) {
	onBoth(t, func(d *desk) {
		h := social.Host{Domain: "far.example", Software: "misskey", Version: "1", Signature: social.RFC9421, FirstSeen: 1, SuccessAt: 2, FailureAt: 3, Failures: 4, ParkedTill: 5, GoneAt: 6, CheckedAt: 7}
		d.change(func(t *tx) error { return t.PutHost(d.ctx, &h) })
		gives(d, "Host", &h)(d.Host(d.ctx, "far.example"))
		h.Failures = 0
		d.change(func(t *tx) error { return t.PutHost(d.ctx, &h) })
		gives(d, "Hosts", map[string]*social.Host{"far.example": &h})(d.Hosts(d.ctx, words("far.example near.example")))
		gives(d, "no Hosts", map[string]*social.Host{})(d.Hosts(d.ctx, nil))
		missing[*social.Host](d, "Host")(d.Host(d.ctx, "near.example"))
	})
}
