package relay

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"engawa/social"
)

// short makes threads of a few words.
var short = social.Bounds{Characters: 6}

const tagRule = `
[[rule]]
name = "ttr"
when.tag_any = ["ttr"]
to = ["place"]
`

// newPlace makes a desk with one network behind one Link.
func newPlace(t testing.TB, rules string, n *place) *desk {
	t.Helper()
	d := newDesk(t, rules, map[string]Network{"place": n}, social.Link{Name: "place", Limits: short})
	n.clock, n.chance = d.clock, d.store.chance
	return d
}

func want(t testing.TB, what, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("%s:\n%s\nwant:\n%s", what, got, want)
	}
}

// A post with the tag appears once its time to undo is over; a self-reply
// follows it without the tag; an edit and a delete follow.
func TestACopyIsMadeAndKeptInStep(t *testing.T) {
	n := &place{keyed: true}
	d := newPlace(t, tagRule, n)
	p := d.say("one\n\ntwo", tagged("ttr"))
	d.work()
	want(t, "held", n.shows(), "")
	want(t, "held", d.states(p), "held held")
	d.pass(30*time.Second, 5*time.Second)
	want(t, "sent", n.shows(), "one\none < two")
	reply := d.say("three", answering(p))
	d.pass(30*time.Second, 5*time.Second)
	want(t, "self-reply", n.shows(), "one\none < two\ntwo < three")
	d.reword(p, "one\n\nTWO\n\nmore")
	d.pass(30*time.Second, 5*time.Second)
	want(t, "edited", n.shows(), "one\none < TWO\nTWO < three\nTWO < more")
	want(t, "parts that did not change are left alone", fmt.Sprint(n.posts[0].edits, n.posts[1].edits), "0 1")
	d.remove(p)
	d.pass(30*time.Second, 5*time.Second)
	want(t, "deleted", n.shows(), "three")
	want(t, "deleted", d.states(p), "deleted deleted deleted")
	want(t, "the reply stays", d.states(reply), "sent")
}

// Whatever is killed, and wherever: each part stands there once, in its place.
func TestKilledAtEveryPoint(t *testing.T) {
	for _, net := range []struct {
		name  string
		keyed bool
		lax   bool
		delay time.Duration
		rules string
		can   social.Ability
	}{
		{"idempotent", true, false, 0, tagRule, 0},
		{"takes everything", false, true, 15 * time.Second, tagRule, 0},
		{"like X", false, false, 15 * time.Second, tagRule + "keep.edit = \"redo_within:10m\"\n", social.AblePost | social.AbleReply | social.AbleDelete},
	} {
		t.Run(net.name, func(t *testing.T) {
			ticks := 0
			for at := 0; at == 0 || at <= ticks; at++ {
				n := &place{keyed: net.keyed, lax: net.lax, delay: net.delay}
				d := newDesk(t, net.rules, map[string]Network{"place": n}, social.Link{Name: "place", Can: net.can, Limits: short})
				n.clock, n.chance = d.clock, &chance{}
				killable(d, n, at)
				if at == 0 {
					ticks = d.store.chance.n
				}
				if t.Failed() {
					t.Fatalf("killed at %d of %d; calls: %q", at, ticks, n.calls)
				}
			}
			t.Logf("%d points", ticks)
		})
	}
}

// killable is the life of a thread, killed at one point of the ledger's work.
func killable(d *desk, n *place, at int) {
	life := &chance{at: at}
	work := func() {
		d.store.chance, n.chance = life, life
		d.pass(150*time.Second, 10*time.Second)
		d.store.chance, n.chance = &chance{}, &chance{}
	}
	p := d.say("one\n\ntwo\n\nthree", tagged("ttr"))
	work()
	want(d.t, "sent", n.shows(), "one\none < two\ntwo < three")
	if n.n != 3 {
		d.t.Errorf("%d posts were made, not 3", n.n)
	}
	d.reword(p, "one\n\nTWO\n\nthree")
	work()
	want(d.t, "edited", n.shows(), "one\none < TWO\nTWO < three")
	if n.n > 6 {
		d.t.Errorf("%d posts were made, not 3 or 6", n.n)
	}
	d.remove(p)
	work()
	want(d.t, "deleted", n.shows(), "")
	d.store.chance = life
}

// An answer that got lost on the way is not a reason to post twice.
func TestUnknownOutcome(t *testing.T) {
	n := &place{delay: 15 * time.Second}
	d := newPlace(t, tagRule, n)
	lost := 0
	n.fault = func(call string, p *social.Part) (error, bool) {
		if p != nil && call == "send one" && lost < 1 {
			lost++
			return &social.LinkError{Class: social.Uncertain, Message: "no answer"}, true
		}
		return nil, false
	}
	p := d.say("one\n\ntwo", tagged("ttr"))
	d.pass(2*time.Minute, 5*time.Second)
	want(t, "there", n.shows(), "one\none < two")
	want(t, "states", d.states(p), "sent sent")
	if n.n != 2 {
		t.Errorf("%d posts were made, not 2", n.n)
	}
}

// ttRelay's row 17: a failure is not the end. A network that is down for a day
// gets everything, in order, once.
func TestDownForADay(t *testing.T) {
	n := &place{keyed: true}
	d := newPlace(t, tagRule, n)
	down := errors.New("connection refused")
	n.fault = func(string, *social.Part) (error, bool) { return down, false }
	wantAll := ""
	for i := range 8 {
		text := fmt.Sprintf("post%d", i)
		d.say(text, tagged("ttr"))
		wantAll += map[bool]string{true: "\n"}[i > 0] + text
		d.pass(3*time.Hour, 10*time.Minute)
	}
	want(t, "down", n.shows(), "")
	if len(n.calls) > 200 {
		t.Errorf("%d calls to a network that is down", len(n.calls))
	}
	n.fault = nil
	d.pass(2*time.Hour, 10*time.Minute)
	want(t, "back", n.shows(), wantAll)
	if l := d.link(1); l.OKAt < l.FailedAt || l.Error != "" {
		t.Errorf("the link is well again, but says %+v", l)
	}
	if len(d.told) != 1 || !strings.Contains(d.told[0].Text, "connection") && !strings.Contains(d.told[0].Text, "could not be reached") {
		t.Errorf("the person was not told once: %+v", d.told)
	}
}

// A post that the network never takes does not hold up the others for ever.
func TestOneBadPostDoesNotBlock(t *testing.T) {
	n := &place{keyed: true}
	d := newPlace(t, tagRule, n)
	n.fault = func(call string, p *social.Part) (error, bool) {
		if call == "send bad" {
			return errors.New("500 internal server error"), false
		}
		return nil, false
	}
	d.say("bad", tagged("ttr"))
	d.say("good", tagged("ttr"))
	d.pass(5*time.Minute, 10*time.Second)
	want(t, "the others", n.shows(), "good")
	d.say("better", tagged("ttr"))
	d.pass(time.Minute, 10*time.Second)
	want(t, "and those after", n.shows(), "good\nbetter")
}
