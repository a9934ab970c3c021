package store

import (
	"fmt"
	"testing"

	"engawa/social"
)

// linkedPost is a Post of Origin Linked by a stranger, shown to users.
func linkedPost(d *desk, id ID, users ...ID) *social.Post {
	p := postOf(id, 900)
	p.Origin, p.Audience = social.Linked, social.Public
	d.posts(p)
	for _, u := range users {
		d.change(func(t *tx) error { return t.Reveal(d.ctx, id, u) })
	}
	return p
}

func laneRow(link, user, post ID, mark int64) *social.LaneRow {
	return &social.LaneRow{Link: link, User: user, Post: post, Ref: social.Ref{ID: "ref" + post.String(), CID: "c", URL: "u"}, Mark: mark, At: testNow}
}

func (d *desk) laneRows(rows ...*social.LaneRow) {
	d.Helper()
	for _, r := range rows {
		d.change(func(t *tx) error {
			if fresh, err := t.PutLaneRow(d.ctx, r); err != nil || !fresh {
				return fmt.Errorf("row of %d: fresh %v, %w", r.Post, fresh, err)
			}
			return nil
		})
	}
}

func TestLaneRows(t *testing.T) {
	onBoth(t, func(d *desk) {
		d.change(func(t *tx) error { return t.PutLink(d.ctx, linkOf(10, 1, "a")) })
		b0 := linkOf(11, 1, "b")
		d.change(func(t *tx) error { return t.PutLink(d.ctx, b0) })
		a, b, c := laneRow(10, 1, 50, 7), laneRow(11, 1, 50, 7), laneRow(12, 2, 50, 7)
		a.Ref = social.Ref{ID: "only"}
		d.laneRows(a, b, c)
		d.change(func(t *tx) error {
			d.answers("again", false)(t.PutLaneRow(d.ctx, a))
			return nil
		})
		gives(d, "LaneRows", []social.LaneRow{*a, *b})(d.LaneRows(d.ctx, 1, ids(50, 51)))
		gives(d, "of nothing", []social.LaneRow(nil))(d.LaneRows(d.ctx, 1, nil))
		gives(d, "LanePost", ID(50))(d.LanePost(d.ctx, 10, "only"))
		missing[ID](d, "of another link")(d.LanePost(d.ctx, 11, "only"))
		gives(d, "LanePosts", map[string]ID{"ref50": 50})(d.LanePosts(d.ctx, 11, words("ref50 ref51")))
		gives(d, "marks", []social.LaneRow{*a, *b})(d.LaneMarks(d.ctx, 1, []int64{7, 8}, testNow))
		gives(d, "marks too old", []social.LaneRow(nil))(d.LaneMarks(d.ctx, 1, []int64{7}, testNow+1))
		gives(d, "no marks", []social.LaneRow(nil))(d.LaneMarks(d.ctx, 1, nil, 0))
	})
}

func TestRevealAndConceal(t *testing.T) {
	onBoth(t, func(d *desk) {
		d.locals(1, 2)
		d.neighbours(900)
		linkedPost(d, 50, 1)
		if _, err := d.Posts(d.ctx, ids(50)); err != nil { // so that it is remembered
			t.Fatal(err)
		}
		seen := func(what string, want ...ID) {
			d.Helper()
			posts, err := d.Posts(d.ctx, ids(50))
			if err != nil || len(posts) != 1 {
				t.Fatal(posts, err)
			}
			var got []ID
			for _, m := range posts[0].Mentions {
				if !m.Silent || m.URI == "" {
					t.Errorf("%s: the mention %+v is not a silent one", what, m)
				}
				got = append(got, m.Actor)
			}
			gives(d, what, want)(got, nil)
			n, err := one(d.ctx, &d.reader, scanInt, "select count(*) from mentions where post = $1 and silent", 50)
			gives(d, what+", by the table", int64(len(want)))(*n, err)
		}
		seen("one", 1)
		for range 2 {
			d.change(func(t *tx) error { return t.Reveal(d.ctx, 50, 2) })
		}
		seen("two", 1, 2)
		for range 2 {
			d.change(func(t *tx) error { return t.Conceal(d.ctx, 50, 1) })
		}
		seen("the other", 2)
		d.refuse(social.NotFound, func(t *tx) error { return t.Reveal(d.ctx, 51, 2) })
		d.refuse(social.NotFound, func(t *tx) error { return t.Reveal(d.ctx, 50, 3) })
	})
}

func TestFolds(t *testing.T) {
	onBoth(t, func(d *desk) {
		two := social.Fold{User: 1, Post: 52, Head: 50, Grade: 2, Why: "declared"}
		four := social.Fold{User: 1, Post: 53, Head: 52, Grade: 4, Why: "the same words"}
		cut := social.Fold{User: 1, Post: 54, Head: 54, Why: "kept apart"}
		theirs := social.Fold{User: 2, Post: 52, Head: 49, Grade: 1}
		for _, f := range []social.Fold{four, two, cut, theirs} {
			d.change(func(t *tx) error { return t.PutFold(d.ctx, &f) })
		}
		four.Head = 50 // 53 moved along with 52
		gives(d, "of the head", []social.Fold{two, four})(d.Folds(d.ctx, 1, ids(50)))
		gives(d, "of one", []social.Fold{two})(d.Folds(d.ctx, 1, ids(52)))
		gives(d, "of one kept apart", []social.Fold{cut})(d.Folds(d.ctx, 1, ids(54)))
		gives(d, "of nobody", []social.Fold(nil))(d.Folds(d.ctx, 0, ids(50)))
		two.Grade, two.Why = 1, "the same id"
		d.change(func(t *tx) error { return t.PutFold(d.ctx, &two) })
		gives(d, "better known", []social.Fold{two})(d.Folds(d.ctx, 1, ids(52)))
		d.change(func(t *tx) error { return t.DropFold(d.ctx, 1, 52) })
		gives(d, "undone", []social.Fold{four})(d.Folds(d.ctx, 1, ids(52, 50)))
		gives(d, "another's", []social.Fold{theirs})(d.Folds(d.ctx, 2, ids(52)))
	})
}

func TestDropLinkTakesItsLane(t *testing.T) {
	onBoth(t, func(d *desk) {
		d.locals(1, 2)
		d.neighbours(900)
		l := linkOf(10, 1, "far")
		d.change(func(t *tx) error { return t.PutLink(d.ctx, l) })
		d.change(func(t *tx) error { return t.PutList(d.ctx, &social.List{ID: l.List, User: 1, Title: "far"}) })
		for id := ID(50); id < 55; id++ {
			linkedPost(d, id, 1, 2)
			d.laneRows(laneRow(10, 1, id, 0))
			d.put("list_feed", "list, post, actor", []any{l.List, id, 900})
		}
		federated := postOf(60, 900)
		d.posts(federated)
		d.laneRows(laneRow(10, 1, 60, 0), laneRow(11, 2, 54, 0))                                   // 54 is seen by another too
		d.change(func(t *tx) error { _, err := t.Bookmark(d.ctx, 1, 53, 1, testNow); return err }) // 53 is kept
		answer := postOf(61, 1)
		answer.Home, answer.Origin, answer.ReplyTo, answer.ReplyToURI, answer.Thread = 1, social.Linked, 52, "x", 52 // 52 is answered
		d.posts(answer)

		d.change(func(t *tx) error { return t.DropLink(d.ctx, 1, 10) })
		missing[*social.List](d, "the list")(d.List(d.ctx, 1, l.List))
		gives(d, "the lane", []social.LaneRow(nil))(d.LaneRows(d.ctx, 1, ids(50, 51, 52, 53, 54, 60)))
		tidy := func(want bool) {
			d.Helper()
			d.change(func(t *tx) error {
				d.answers("more", want)(t.TidyLanes(d.ctx, testNow, 2))
				return nil
			})
		}
		tidy(true) // two of six rows a time
		tidy(true)
		tidy(true)
		tidy(false)
		if posts, err := d.Posts(d.ctx, ids(54)); err != nil || posts[0].Mentioned(1) || !posts[0].Mentioned(2) {
			t.Errorf("%v, %v: want 54 seen by 2 alone", posts, err)
		}
		left := func() (got []ID, err error) {
			posts, err := d.Posts(d.ctx, ids(50, 51, 52, 53, 54, 60, 61))
			for _, p := range posts {
				got = append(got, p.ID)
			}
			return got, err
		}
		gives(d, "what is left", ids(52, 53, 54, 60, 61))(left())
		linkedPost(d, 50) // its address is free again
	})
}

func TestLanesAge(t *testing.T) {
	onBoth(t, func(d *desk) {
		d.locals(1)
		d.neighbours(900)
		d.change(func(t *tx) error { return t.PutLink(d.ctx, linkOf(10, 1, "far")) })
		for id := ID(50); id < 53; id++ {
			linkedPost(d, id, 1)
			row := laneRow(10, 1, id, 0)
			row.At = testNow - int64(id-50)*40*day // now, 40 and 80 days ago
			d.laneRows(row)
		}
		d.change(func(t *tx) error {
			d.answers("more", false)(t.TidyLanes(d.ctx, testNow, 5))
			return nil
		})
		posts, err := d.Posts(d.ctx, ids(50, 51, 52))
		gives(d, "left", 2)(len(posts), err)
	})
}
