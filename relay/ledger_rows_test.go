package relay

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"engawa/social"
)

// ttRelay knows what it posted for one hour. Row 10: here threads continue and
// deletes follow after years, by a process that was never told.
func TestTtRelayRow10Memory(t *testing.T) {
	n := &place{keyed: true}
	d := newPlace(t, tagRule, n)
	p := d.say("years", tagged("ttr"))
	d.pass(time.Minute, 10*time.Second)
	d.clock.Advance(6 * 365 * 24 * time.Hour)
	d.start()
	d.say("later", answering(p))
	d.pass(time.Minute, 10*time.Second)
	want(t, "a reply after years", n.shows(), "years\nyears < later")
	d.clock.Advance(365 * 24 * time.Hour)
	d.start()
	d.remove(p)
	d.pass(time.Minute, 10*time.Second)
	want(t, "a delete after years", n.shows(), "later")
}

// Row 8: a delete is passed on with a receipt, and tried again when it fails.
func TestTtRelayRow08Deletes(t *testing.T) {
	n := &place{keyed: true}
	d := newPlace(t, tagRule, n)
	p := d.say("gone", tagged("ttr"))
	d.pass(time.Minute, 10*time.Second)
	down := true
	n.fault = func(call string, _ *social.Part) (error, bool) {
		if down && strings.HasPrefix(call, "delete") {
			return errors.New("503"), false
		}
		return nil, false
	}
	d.remove(p)
	d.pass(5*time.Second, time.Second)
	want(t, "failed once", d.states(p), "deleting")
	down = false
	d.pass(5*time.Minute, 10*time.Second)
	want(t, "then deleted", n.shows(), "")
	if c := d.copies(p)[0]; c.State != social.CopyDeleted || c.DeletedAt == 0 || c.Ref.Zero() {
		t.Errorf("no receipt: %+v", c)
	}
}

// Row 9: what an edit does is a rule for each target.
func TestTtRelayRow09Edits(t *testing.T) {
	for _, c := range []struct {
		policy string
		can    social.Ability
		after  time.Duration
		shows  string
		reason string
	}{
		{"replace", 0, 0, "fresh", ""},
		{"auto", 0, time.Hour, "fresh", ""},
		{"auto", social.AblePost | social.AbleDelete, 0, "stale", "cannot be edited"},
		{"correct_reply", 0, 0, "stale\nstale < ✏️ fresh", ""},
		{"redo_within:10m", social.AblePost | social.AbleDelete, time.Minute, "fresh", ""},
		{"redo_within:10m", social.AblePost | social.AbleDelete, time.Hour, "stale", "time to send it again"},
		{"ignore", 0, 0, "stale", ""},
	} {
		t.Run(c.policy+" "+c.after.String(), func(t *testing.T) {
			n := &place{keyed: true}
			rules := tagRule + fmt.Sprintf("keep.edit = %q\n", c.policy)
			d := newDesk(t, rules, map[string]Network{"place": n}, social.Link{Name: "place", Can: c.can, Limits: social.Bounds{Characters: 20}})
			n.clock, n.chance = d.clock, d.store.chance
			p := d.say("stale", tagged("ttr"))
			d.pass(time.Minute, 10*time.Second)
			d.clock.Advance(c.after)
			d.reword(p, "fresh")
			d.event(p.ID, "update") // the same twice changes nothing more
			d.pass(time.Minute, 10*time.Second)
			want(t, "edited", n.shows(), c.shows)
			if got := d.copies(p)[0].Reason; !strings.Contains(got, c.reason) || (c.reason == "" && got != "") && n.find("s1") != nil {
				t.Errorf("reason %q, want %q", got, c.reason)
			}
			d.remove(p)
			d.pass(time.Minute, 10*time.Second)
			want(t, "deleted with all that was made", n.shows(), "")
		})
	}
}

// Row 16: the process may end whenever it likes; what was posted while it was
// down goes out when it is back.
func TestTtRelayRow16Restart(t *testing.T) {
	n := &place{keyed: true}
	d := newPlace(t, tagRule, n)
	p := d.say("down", tagged("ttr"))
	d.clock.Advance(3 * time.Hour) // nothing ran
	d.start()
	d.ok(d.ledger.Tidy(d.ctx))
	d.pass(time.Minute, 10*time.Second)
	want(t, "sent after the start", n.shows(), "down")
	want(t, "state", d.states(p), "sent")
}

// Row 17: a failure is kept, shown, told once, and answered.
func TestTtRelayRow17Failure(t *testing.T) {
	n := &place{keyed: true}
	d := newPlace(t, tagRule, n)
	refuse := true
	n.fault = func(call string, _ *social.Part) (error, bool) {
		if refuse && strings.HasPrefix(call, "send") {
			return &social.LinkError{Class: social.FixPost, Message: "too long by 14"}, false
		}
		return nil, false
	}
	p := d.say("refuse", tagged("ttr"))
	d.pass(time.Hour, time.Minute)
	want(t, "asked", d.states(p), "asked")
	if len(d.told) != 1 || !strings.Contains(d.told[0].Text, "too long by 14") || !strings.Contains(d.told[0].Text, "thread") {
		t.Fatalf("told: %+v", d.told)
	}
	if len(n.calls) != 1 {
		t.Errorf("tried %d times: %q", len(n.calls), n.calls)
	}
	next := d.say("others", tagged("ttr"))
	refuse = false
	d.pass(time.Minute, 10*time.Second)
	want(t, "the next is not held up", d.states(next), "sent")
	ok, err := d.ledger.Settle(d.ctx, d.link(1), p.ID, "thread")
	if err != nil || !ok {
		t.Fatal(ok, err)
	}
	d.pass(time.Minute, 10*time.Second)
	want(t, "sent after the answer", d.states(p), "sent")
	if ok, _ := d.ledger.Settle(d.ctx, d.link(1), p.ID, "skip"); ok {
		t.Error("there was something left to settle")
	}
}

// Deleting and redrafting within the time to undo leaves nothing behind.
func TestDeleteAndRedraftLeavesNoGhost(t *testing.T) {
	n := &place{keyed: true}
	d := newPlace(t, tagRule, n)
	p := d.say("typo", tagged("ttr"))
	d.pass(10*time.Second, 5*time.Second)
	d.remove(p)
	d.say("right", tagged("ttr"))
	d.pass(2*time.Minute, 5*time.Second)
	want(t, "there", n.shows(), "right")
	want(t, "calls", strings.Join(n.calls, ","), "send right")
	want(t, "the first", d.states(p), "deleted")
}

// An edit within the time to undo is simply what goes out.
func TestEditWhileHeld(t *testing.T) {
	n := &place{keyed: true}
	d := newPlace(t, tagRule, n)
	p := d.say("first", tagged("ttr"))
	d.pass(10*time.Second, 5*time.Second)
	d.reword(p, "second")
	d.pass(time.Minute, 5*time.Second)
	want(t, "calls", strings.Join(n.calls, ","), "send second")
}

// An edit that is worked out while the copy goes out reaches it afterwards, as
// its rule says.
func TestEditMeetsSending(t *testing.T) {
	unchanging := social.AblePost | social.AbleReply | social.AbleDelete
	for _, c := range []struct {
		policy string
		can    social.Ability
		shows  string
	}{
		{"replace", 0, "fresh"},
		{"redo_within:10m", unchanging, "fresh"},
		{"correct_reply", unchanging, "stale\nstale < ✏️ fresh"},
		{"auto", unchanging, "stale"},
	} {
		t.Run(c.policy, func(t *testing.T) {
			n := &place{keyed: true}
			d := newDesk(t, tagRule+fmt.Sprintf("keep.edit = %q\n", c.policy), map[string]Network{"place": n},
				social.Link{Name: "place", Can: c.can, Limits: social.Bounds{Characters: 20}})
			n.clock, n.chance = d.clock, d.store.chance
			p := d.say("stale", tagged("ttr"))
			d.workKind(social.JobRelay)
			d.clock.Advance(time.Minute)
			d.reword(p, "fresh")
			d.store.before = func() { d.workKind(social.JobCopy) }
			d.workKind(social.JobRelay)
			want(t, "sent in between", n.shows(), "stale")
			d.pass(2*time.Minute, 10*time.Second)
			want(t, "at last", n.shows(), c.shows)
			if reason := d.copies(p)[0].Reason; c.policy == "auto" && !strings.Contains(reason, "cannot be edited") {
				t.Errorf("reason %q", reason)
			}
		})
	}
}

// A post deleted while it is on its way, its outcome unknown, is looked for and deleted.
func TestDeleteWhileUncertain(t *testing.T) {
	n := &place{delay: 10 * time.Second}
	d := newPlace(t, tagRule, n)
	n.fault = func(call string, _ *social.Part) (error, bool) {
		if call == "send lost" {
			return &social.LinkError{Class: social.Uncertain, Message: "no answer"}, true
		}
		return nil, false
	}
	p := d.say("lost", tagged("ttr"))
	d.pass(25*time.Second, 5*time.Second)
	want(t, "unknown", d.states(p), "sending")
	d.remove(p)
	d.pass(2*time.Minute, 5*time.Second)
	want(t, "there", n.shows(), "")
	want(t, "state", d.states(p), "deleted")
	if n.n != 1 {
		t.Errorf("made %d times", n.n)
	}
}

// What X may do to a thread: its second part is refused. Then the post stands
// there once, cut, with a link.
func TestThreadRefused(t *testing.T) {
	n := &place{keyed: true}
	d := newDesk(t, tagRule, map[string]Network{"place": n}, social.Link{
		Name: "place", Can: social.AblePost | social.AbleDelete, Limits: social.Bounds{Characters: 60, URL: 23},
	})
	n.clock, n.chance = d.clock, d.store.chance
	n.fault = func(_ string, p *social.Part) (error, bool) {
		if p != nil && p.Parent.ID != "" {
			return &social.LinkError{Class: social.Unsupported, Message: "replies are not allowed"}, false
		}
		return nil, false
	}
	p := d.say(strings.Repeat("word ", 9)+"\n\n"+strings.Repeat("more ", 9), tagged("ttr"))
	d.pass(2*time.Minute, 10*time.Second)
	if got := n.shows(); d.states(p) != "deleted deleted sent" || !strings.HasPrefix(got, "word") || !strings.HasSuffix(got, p.URL) {
		t.Errorf("there: %q (%s)", got, d.states(p))
	}
	d.say("and on", answering(p))
	d.pass(time.Minute, 10*time.Second)
	if got := n.posts[len(n.posts)-1]; got.text != "and on" || got.parent != "" {
		t.Errorf("what continues it does not stand alone: %+v", got)
	}
	if len(d.told) != 0 {
		t.Errorf("told: %+v", d.told)
	}
}

// Credentials that are refused stop the Link, tell once, and everything goes out
// when the account is linked again.
func TestReconnect(t *testing.T) {
	n := &place{keyed: true}
	d := newPlace(t, tagRule, n)
	revoked := true
	n.fault = func(string, *social.Part) (error, bool) {
		if revoked {
			return &social.LinkError{Class: social.Reconnect, Message: "the token was revoked", Remedy: "link again"}, false
		}
		return nil, false
	}
	d.say("one", tagged("ttr"))
	d.say("two", tagged("ttr"))
	d.pass(time.Hour, 5*time.Minute)
	l := d.link(1)
	if l.State != social.LinkReconnect || l.Error != "the token was revoked" || l.Remedy != "link again" || len(d.told) != 1 || len(n.calls) != 1 {
		t.Fatalf("%+v; told %d, called %q", l, len(d.told), n.calls)
	}
	revoked = false
	l.State = social.LinkActive
	d.ok(d.store.Write(d.ctx, func(tx social.Tx) error { return tx.TouchLink(d.ctx, l) }))
	d.ok(d.ledger.Wake(d.ctx, 1))
	d.work()
	want(t, "linked again", n.shows(), "one\ntwo")
}

// An edit of what waits for the person's word does not go out by itself, nor do
// the parts that it adds.
func TestEditOfWhatIsAsked(t *testing.T) {
	n := &place{keyed: true}
	d := newPlace(t, tagRule+"limit.confirm = \"always\"\n", n)
	p := d.say("first", tagged("ttr"))
	d.pass(time.Minute, 10*time.Second)
	d.reword(p, "other\n\nwords")
	d.pass(time.Minute, 10*time.Second)
	want(t, "asked", d.states(p), "asked asked")
	if ok, err := d.ledger.Settle(d.ctx, d.link(1), p.ID, "thread"); !ok || err != nil {
		t.Fatal(ok, err)
	}
	d.pass(time.Minute, 10*time.Second)
	want(t, "sent", n.shows(), "other\nother < words")
	if len(d.told) != 1 {
		t.Errorf("told %d times", len(d.told))
	}
}

// A warning that an edit adds takes a copy away from where its rule sends none
// with warnings.
func TestEditThatForbids(t *testing.T) {
	n := &place{keyed: true}
	d := newPlace(t, tagRule+"as.cw = \"skip\"\n", n)
	p := d.say("naked", tagged("ttr"))
	d.pass(time.Minute, 10*time.Second)
	want(t, "there", n.shows(), "naked")
	p.Warning = "skin"
	d.reword(p, "naked")
	d.pass(time.Minute, 10*time.Second)
	want(t, "gone", n.shows(), "")
}

// Who forgot the tag adds it.
func TestTagAddedByAnEdit(t *testing.T) {
	n := &place{keyed: true}
	d := newPlace(t, tagRule, n)
	p := d.say("forgot")
	d.pass(time.Minute, 10*time.Second)
	want(t, "without", n.shows(), "")
	p.Tags = []string{"ttr"}
	d.reword(p, "forgot")
	d.pass(time.Minute, 10*time.Second)
	want(t, "with", n.shows(), "forgot")
}

// Credentials that cannot be opened are said, once, and nothing is lost.
func TestLockedCredentials(t *testing.T) {
	n := &place{keyed: true}
	d := newPlace(t, tagRule, n)
	open := d.ledger.Login
	d.ledger.Login = func(context.Context, *social.Link) (*social.Login, error) {
		return nil, errors.New("sealed with another key")
	}
	p := d.say("locked", tagged("ttr"))
	d.pass(time.Hour, 5*time.Minute)
	l := d.link(1)
	if l.State != social.LinkReconnect || len(d.told) != 1 || strings.Contains(string(l.Error)+d.told[0].Text, "another key") {
		t.Errorf("%s %q, told %d", l.State, l.Error, len(d.told))
	}
	d.ledger.Login = open
	l.State = social.LinkActive
	d.ok(d.store.Write(d.ctx, func(tx social.Tx) error { return tx.TouchLink(d.ctx, l) }))
	d.ok(d.ledger.Tidy(d.ctx))
	d.work()
	want(t, "then", d.states(p), "sent")
}

// digest is a place that gathers until the full hour.
type digest struct {
	place
	letters [][]string
}

func (n *digest) Due(_ *social.Login, now social.Millis) social.Millis {
	const hour = 3_600_000
	return now - now%hour + hour
}

func (n *digest) SendAll(_ context.Context, _ *social.Login, parts []*social.Part) ([]*social.Sent, error) {
	n.chance.tick()
	var letter []string
	sent := make([]*social.Sent, len(parts))
	for i, p := range parts {
		letter = append(letter, p.Text)
		sent[i] = &social.Sent{Ref: social.Ref{ID: p.Key}}
	}
	key := strings.Join(letter, "+")
	for _, old := range n.letters { // the same letter again has the same Message-ID
		if strings.Join(old, "+") == key {
			n.chance.tick()
			return sent, nil
		}
	}
	n.letters = append(n.letters, letter)
	n.chance.tick()
	return sent, nil
}

// What is gathered goes as one, whatever is killed.
func TestDigest(t *testing.T) {
	for at := range 24 {
		n := &digest{place: place{keyed: true}}
		d := newDesk(t, tagRule, map[string]Network{"place": n}, social.Link{Name: "place", Can: social.AblePost})
		n.clock, n.chance = d.clock, d.store.chance
		p := d.say("one", tagged("ttr"))
		d.pass(10*time.Minute, time.Minute)
		d.say("two", tagged("ttr"))
		d.pass(10*time.Minute, time.Minute)
		want(t, "waits", d.states(p), "waiting")
		d.store.chance.n, d.store.chance.at = 0, at
		d.pass(50*time.Minute, time.Minute)
		d.store.chance.at = 0
		if got := fmt.Sprint(n.letters); got != "[[one two]]" || d.states(p) != "sent" {
			t.Fatalf("killed at %d: letters %s, state %s", at, got, d.states(p))
		}
	}
}
