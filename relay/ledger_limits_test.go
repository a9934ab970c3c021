package relay

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"engawa/social"
)

// Limits hold a Copy back, and lose nothing. The desk's day begins at 12:00 UTC.
func TestLimits(t *testing.T) {
	zone := "UTC"
	for _, c := range []struct {
		name   string
		limit  string
		posts  int
		within []int // of hours: how many stand there then
	}{
		{"none", "", 3, []int{3}},
		{"per_day", `limit.per_day = 2`, 5, []int{2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 4}},
		{"gap", `limit.gap = "1h"`, 3, []int{2, 3}},
		{"quiet_hours", `limit.quiet_hours = "11:00-14:30 ` + zone + `"`, 2, []int{0, 0, 2}},
		{"over midnight", `limit.quiet_hours = "11:30-02:00 ` + zone + `"`, 1, []int{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}},
	} {
		t.Run(c.name, func(t *testing.T) {
			n := &place{keyed: true}
			d := newPlace(t, tagRule+c.limit+"\n", n)
			for i := range c.posts {
				d.say(fmt.Sprintf("p%d", i), tagged("ttr"))
			}
			d.pass(30*time.Second, 10*time.Second)
			for hour, want := range c.within {
				d.pass(time.Hour, 5*time.Minute)
				if len(n.posts) != want {
					t.Fatalf("after %d h %d posts stand there, not %d: %q", hour+1, len(n.posts), want, n.calls)
				}
			}
			d.pass(72*time.Hour, time.Hour)
			if len(n.posts) != c.posts {
				t.Errorf("%d of %d were lost", c.posts-len(n.posts), c.posts)
			}
			for i := range n.posts {
				want(t, "order", n.posts[i].text, fmt.Sprintf("p%d", i))
			}
		})
	}
}

// onX makes a desk whose one Link is on X, where posts cost money.
func onX(t *testing.T, limit string) (*desk, *place) {
	n := &place{keyed: true, price: 15_000}
	d := newDesk(t, strings.Replace(tagRule, `"place"`, `"x"`, 1)+limit+"\n", map[string]Network{"x": n}, social.Link{Name: "x"})
	n.clock, n.chance = d.clock, d.store.chance
	return d, n
}

// The money of a month is spent once; what is over waits for the next month, and
// the person is told once.
func TestMonthlyBudget(t *testing.T) {
	d, n := onX(t, "limit.budget_month = 0.04") // two posts at $0.015
	var last *social.Post
	for i := range 4 {
		last = d.say(fmt.Sprintf("post %d", i), tagged("ttr"))
	}
	d.pass(time.Hour, 5*time.Minute)
	want(t, "this month", n.shows(), "post 0\npost 1")
	want(t, "the rest", d.states(last), "waiting")
	if len(d.told) != 1 {
		t.Errorf("told: %+v", d.told)
	}
	micros, sent, err := d.store.Spent(d.ctx, 1, 0)
	if err != nil || micros != 30_000 || sent != 2 {
		t.Errorf("spent %d for %d, %v", micros, sent, err)
	}
	if ok, err := d.ledger.Settle(d.ctx, d.link(1), last.ID, "thread"); !ok || err != nil {
		t.Fatal(ok, err)
	}
	d.work()
	want(t, "by the person's word", n.shows(), "post 0\npost 1\npost 3")
	d.pass(7*24*time.Hour, 6*time.Hour) // it is December
	want(t, "next month", n.shows(), "post 0\npost 1\npost 3\npost 2")
}

// What costs more than the rule spends unasked is asked about.
func TestAskOver(t *testing.T) {
	d, n := onX(t, "limit.ask_over = 0.1")
	cheap := d.say("cheap", tagged("ttr"))
	dear := d.say("see https://example.com/a", tagged("ttr"), func(d *social.Draft) {
		d.Post.Content = `<p>see <a href="https://example.com/a">https://example.com/a</a></p>`
	})
	d.pass(time.Hour, 5*time.Minute)
	want(t, "states", d.states(cheap)+" "+d.states(dear), "sent asked")
	if len(d.told) != 1 || !strings.Contains(d.told[0].Text, "$0.20") {
		t.Fatalf("told: %+v", d.told)
	}
	if ok, err := d.ledger.Settle(d.ctx, d.link(1), dear.ID, "skip"); !ok || err != nil {
		t.Fatal(ok, err)
	}
	d.pass(time.Hour, 5*time.Minute)
	want(t, "there", n.shows(), "cheap")
	want(t, "skipped", d.states(dear), "skipped")
}

func TestChoices(t *testing.T) {
	for text, want := range map[string]choice{
		"thread": chooseThread, "@home Thread!": chooseThread, "分割": chooseThread, "「省略」": chooseCut, "cut": chooseCut, "CUT.": chooseCut,
		"中止": chooseSkip, "@home@home.example skip": chooseSkip, "": "", "what?": "", "thread or cut": "", "ｓｋｉｐ": chooseSkip, "skip skip": chooseSkip,
	} {
		if got := readChoice(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestDollars(t *testing.T) {
	for micros, text := range map[int64]string{0: "$0.00", 15_000: "$0.015", 200_000: "$0.20", 1_234_567: "$1.234567", 5_000_000: "$5.00"} {
		want(t, "dollars", dollars(micros), text)
	}
}
