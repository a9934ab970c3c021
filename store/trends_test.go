package store

import (
	"testing"

	"engawa/social"
)

func TestMidnight(t *testing.T) {
	for at, want := range map[social.Millis]social.Millis{
		0: 0, 1: 0, dayMillis - 1: 0, dayMillis: dayMillis, -1: -dayMillis, -dayMillis: -dayMillis, testNow: testNow - 12*lastUsedStep,
	} {
		if got := midnight(at); got != want {
			t.Errorf("midnight(%d) = %d, want %d", at, got, want)
		}
	}
}

func TestTagHistory(t *testing.T) {
	onBoth(t, func(d *desk) {
		for day, uses := range map[int64][]ID{0: {1, 1, 2}, 1: {1}, 2: {}, 3: {1, 2, 3}, -1: {1}} {
			for _, actor := range uses {
				d.touch(actor, testNow-day*dayMillis, "cat")
			}
		}
		today := midnight(testNow)
		day := func(ago, uses, accounts int64) social.DayCount {
			return social.DayCount{Day: today - ago*dayMillis, Uses: uses, Accounts: accounts}
		}
		gives(d, "TagHistory", map[string][]social.DayCount{
			"cat":  {day(0, 3, 2), day(1, 1, 1), day(2, 0, 0)},
			"none": {day(0, 0, 0), day(1, 0, 0), day(2, 0, 0)},
		})(d.TagHistory(d.ctx, []string{"cat", "none"}, testNow, 3))
		gives(d, "of nothing", map[string][]social.DayCount{})(d.TagHistory(d.ctx, nil, testNow, 3))
		long, err := d.TagHistory(d.ctx, []string{"cat"}, testNow, 1<<30)
		gives(d, "bounded", maxHistory)(len(long["cat"]), err)
	})
}

func TestTrendingTags(t *testing.T) {
	onBoth(t, func(d *desk) {
		use := func(name string, ago int64, actors ...ID) {
			for _, a := range actors {
				d.touch(a, testNow-ago*dayMillis, name)
			}
		}
		use("loud", 0, 1, 1, 1, 1, 1) // one person alone is no trend
		use("loud", 1, 1)
		use("old", 3, 1, 2, 3, 4)
		use("tomorrow", -1, 1, 2, 3)
		use("fresh", 0, 1, 2)           // 6
		use("rising", 0, 1, 2, 3)       // 9
		use("fading", 2, 1, 2, 3, 4, 5) // 5
		use("repeated", 0, 1, 1, 1, 1)  // 3 +
		use("repeated", 1, 2, 2)        // 2, and fading was used earlier
		gives(d, "TrendingTags", []string{"rising", "fresh", "repeated", "fading"})(
			tagNames(d.TrendingTags(d.ctx, testNow, social.Page{Limit: 9})))
		gives(d, "page", []string{"fresh", "repeated"})(tagNames(d.TrendingTags(d.ctx, testNow, social.Page{Limit: 2, Offset: 1})))
	})
}

func TestTrendingPosts(t *testing.T) {
	onBoth(t, func(d *desk) {
		d.people(1, 2, 3)
		d.change(func(t *tx) error { return t.do(d.ctx, "update actors set discoverable = false where id = 2") })
		d.change(func(t *tx) error { return t.do(d.ctx, "update actors set suspended = 5 where id = 3") })
		n := int64(0)
		say := func(hours int64, actor ID, audience social.Audience, favourites, boosts int64) ID {
			n++
			id := ID((testNow-hours*lastUsedStep)<<16 + n)
			d.said(id, actor, audience, favourites, boosts)
			return id
		}
		oldBig := say(24, 1, social.Public, 100, 100) // 300 / 26²
		fresh := say(0, 1, social.Public, 2, 0)       // 2 / 2²
		boosted := say(0, 1, social.Public, 0, 2)     // 4 / 2²
		say(0, 1, social.Public, 1, 0)
		say(0, 1, social.Unlisted, 50, 50)
		say(0, 1, social.Followers, 50, 50)
		say(0, 2, social.Public, 50, 50)
		say(0, 3, social.Public, 50, 50)
		say(-1, 1, social.Public, 50, 50)
		say(80, 1, social.Public, 5000, 5000)
		hidden, sensitive, reply := say(0, 1, social.Public, 9, 9), say(0, 1, social.Public, 9, 9), say(0, 1, social.Public, 9, 9)
		d.change(func(t *tx) error { return t.do(d.ctx, "update posts set hidden = 4 where id = $1", hidden) })
		d.change(func(t *tx) error { return t.do(d.ctx, "update posts set sensitive = true where id = $1", sensitive) })
		d.change(func(t *tx) error { return t.do(d.ctx, "update posts set reply_to_uri = 'x' where id = $1", reply) })
		gives(d, "TrendingPosts", []ID{boosted, fresh, oldBig})(d.TrendingPosts(d.ctx, testNow, social.Page{Limit: 9}))
		gives(d, "page", []ID{fresh})(d.TrendingPosts(d.ctx, testNow, social.Page{Limit: 1, Offset: 1}))
	})
}
