package store

import (
	"testing"

	"engawa/social"
)

// linkOf is a Link with every field set.
func linkOf(id, user ID, name string) *social.Link {
	return &social.Link{
		ID: id, User: user, Network: "mastodon", Name: name, Base: "https://far.example", Account: "17", Handle: "me@far.example",
		URL: "https://far.example/@me", Avatar: "https://far.example/a.png", Can: social.AblePost | social.AbleRead | social.AbleStream,
		Limits: social.Bounds{Characters: 500, URL: 23, ImageBytes: 1 << 40}, Settings: []byte(`{"a":1}`), Secret: []byte{0, 1, 255},
		State: social.LinkActive, OKAt: testNow, FailedAt: 5, Error: "e", Remedy: "r", ExpiresAt: 6, List: id + 1000, Merge: true,
		Cursors: []byte(`{"home":"9"}`), CreatedAt: testNow,
	}
}

func TestLinks(t *testing.T) {
	onBoth(t, func(d *desk) {
		a, b, c := linkOf(10, 1, "far"), linkOf(11, 1, "x"), linkOf(12, 2, "far")
		b.Limits, b.List, c.List = social.Bounds{}, 0, 0
		for _, l := range []*social.Link{a, b, c} {
			d.change(func(t *tx) error { return t.PutLink(d.ctx, l) })
		}
		gives(d, "Links", []social.Link{*a, *b})(d.Links(d.ctx, 1))
		gives(d, "AllLinks", []social.Link{*a, *b, *c})(d.AllLinks(d.ctx))
		gives(d, "Link", b)(d.Link(d.ctx, 1, 11))
		gives(d, "anybody's", c)(d.Link(d.ctx, 0, 12))
		missing[*social.Link](d, "somebody else's")(d.Link(d.ctx, 1, 12))
		gives(d, "LinkByList", a)(d.LinkByList(d.ctx, 1010))
		missing[*social.Link](d, "of no list")(d.LinkByList(d.ctx, 0))

		d.refuse(social.Conflict, func(t *tx) error { return t.PutLink(d.ctx, linkOf(13, 1, "far")) })
		thief := *a
		thief.User = 2
		thief.Name = "mine now"
		d.refuse(social.NotFound, func(t *tx) error { return t.PutLink(d.ctx, &thief) })
		d.refuse(social.NotFound, func(t *tx) error { return t.TouchLink(d.ctx, &thief) })
		d.refuse(social.NotFound, func(t *tx) error { return t.DropLink(d.ctx, 2, 10) })

		changed := *a // the person's part only
		changed.Name, changed.Merge, changed.Can = "far away", false, social.AblePost
		asked := changed
		asked.State, asked.Secret, asked.Cursors, asked.OKAt = social.LinkReconnect, []byte("no"), []byte("no"), 1
		d.change(func(t *tx) error { return t.PutLink(d.ctx, &asked) })
		gives(d, "changed", &changed)(d.Link(d.ctx, 1, 10))
		changed.State, changed.Secret, changed.Cursors, changed.OKAt, changed.Error = social.LinkReconnect, []byte("new"), []byte("{}"), 77, ""
		touched := changed
		touched.Name = "not this"
		d.change(func(t *tx) error { return t.TouchLink(d.ctx, &touched) })
		gives(d, "touched", &changed)(d.Link(d.ctx, 1, 10))
	})
}

func TestRules(t *testing.T) {
	onBoth(t, func(d *desk) {
		d.locals(1, 2)
		self := func() (bool, error) {
			list, err := d.FeedUsers(d.ctx, 1, nil)
			return len(list) == 1 && list[0].Rules, err
		}
		gives(d, "none", "")(d.Rules(d.ctx, 1))
		gives(d, "none", false)(d.HasRules(d.ctx, 1))
		gives(d, "none by the feed", false)(self())
		d.change(func(t *tx) error { return t.PutRules(d.ctx, 1, "a", 1) })
		d.change(func(t *tx) error { return t.PutRules(d.ctx, 1, "b", 2) })
		gives(d, "rules", "b")(d.Rules(d.ctx, 1))
		gives(d, "rules", true)(d.HasRules(d.ctx, 1))
		gives(d, "rules by the feed", true)(self())
		gives(d, "of another", false)(d.HasRules(d.ctx, 2))
		d.change(func(t *tx) error { return t.PutRules(d.ctx, 1, "", 3) })
		gives(d, "removed", false)(d.HasRules(d.ctx, 1))
		d.change(func(t *tx) error {
			return t.PutCopy(d.ctx, &social.Copy{ID: 5, Post: 9, Link: 8, User: 1, State: social.CopySent, Ref: social.Ref{ID: "x"}})
		})
		gives(d, "copies without rules", true)(self())
	})
}

// copyOf is a Copy with every field set.
func copyOf(id, post, link ID, number int, state social.CopyState, ref string) *social.Copy {
	c := &social.Copy{
		ID: id, Post: post, Link: link, User: 1, Rule: "ttr", Number: number, Of: 3, State: state, Part: []byte(`{"text":"x"}`), Key: "k", Version: 2,
		Hash: []byte{1, 2}, Reason: "why", Cost: 15000, Tries: 4, DueAt: 5, UpdatedAt: 7, DeletedAt: 8,
	}
	if ref != "" {
		c.SentAt = testNow + int64(number)
		c.Ref = social.Ref{ID: ref, URI: "at://" + ref, URL: "https://far.example/" + ref, CID: "c", Author: "a", Relay: "r"}
	}
	return c
}

func TestCopies(t *testing.T) {
	onBoth(t, func(d *desk) {
		d.change(func(t *tx) error { return t.PutLink(d.ctx, linkOf(10, 1, "far")) })
		first, second := copyOf(100, 50, 10, 0, social.CopySent, "r0"), copyOf(101, 50, 10, 1, social.CopyQueued, "")
		other := copyOf(102, 51, 10, 0, social.CopyHeld, "")
		for _, c := range []*social.Copy{second, first, other} {
			d.change(func(t *tx) error { return t.PutCopy(d.ctx, c) })
		}
		gives(d, "Copies", []social.Copy{*first, *second, *other})(d.Copies(d.ctx, ids(51, 50, 49)))
		gives(d, "Copies of nothing", []social.Copy(nil))(d.Copies(d.ctx, nil))
		gives(d, "Copy", first)(d.Copy(d.ctx, 100))
		gives(d, "by id", first)(d.CopyByRef(d.ctx, 1, "mastodon", "r0"))
		gives(d, "by URI", first)(d.CopyByRef(d.ctx, 1, "mastodon", "at://r0"))
		gives(d, "by many", []social.Copy{*first})(d.CopiesByRef(d.ctx, 1, words("r0 at://r0 r1")))
		for what, err := range map[string]func() (*social.Copy, error){
			"another network": func() (*social.Copy, error) { return d.CopyByRef(d.ctx, 1, "bluesky", "r0") },
			"another person":  func() (*social.Copy, error) { return d.CopyByRef(d.ctx, 2, "mastodon", "r0") },
			"no ref":          func() (*social.Copy, error) { return d.CopyByRef(d.ctx, 1, "mastodon", "") },
			"another ref":     func() (*social.Copy, error) { return d.CopyByRef(d.ctx, 1, "mastodon", "r") },
		} {
			missing[*social.Copy](d, what)(err())
		}
		gives(d, "open", []social.Copy{*second, *other})(d.OpenCopies(d.ctx, 10, 9))
		gives(d, "open, bounded", []social.Copy{*second})(d.OpenCopies(d.ctx, 10, 1))
		gives(d, "totals", map[ID]*social.LinkTotal{10: {
			Open: map[social.CopyState]int64{social.CopyQueued: 1, social.CopyHeld: 1}, Spent: 15000, Sent: 1,
		}})(d.LinkTotals(d.ctx, ids(10, 11), 0))
		d.refuse(social.Conflict, func(t *tx) error { return t.PutCopy(d.ctx, copyOf(103, 50, 10, 0, social.CopyHeld, "")) })

		sent := copyOf(101, 50, 10, 1, social.CopySent, "r1")
		d.change(func(t *tx) error { return t.PutCopy(d.ctx, sent) })
		gives(d, "replaced", sent)(d.Copy(d.ctx, 101))
		micros, n, err := d.Spent(d.ctx, 10, testNow)
		gives(d, "spent", [2]int64{30000, 2})([2]int64{micros, n}, err)
		micros, n, err = d.Spent(d.ctx, 10, testNow+1)
		gives(d, "spent later", [2]int64{15000, 1})([2]int64{micros, n}, err)

		v := social.Verdict{Post: 50, Link: 10, User: 1, Send: true, Rule: "ttr", Reason: "because", At: testNow}
		d.change(func(t *tx) error { return t.PutVerdict(d.ctx, &v) })
		v.Send, v.Reason = false, "no"
		d.change(func(t *tx) error { return t.PutVerdict(d.ctx, &v) })
		gives(d, "verdicts", []social.Verdict{v})(d.Verdicts(d.ctx, 50))

		d.change(func(t *tx) error { return t.DropLink(d.ctx, 1, 10) }) // the ledger stays
		sent.Cost++
		d.change(func(t *tx) error { return t.PutCopy(d.ctx, sent) })
		gives(d, "after the link is gone", sent)(d.CopyByRef(d.ctx, 1, "mastodon", "r1"))
	})
}
