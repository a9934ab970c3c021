package relay

import (
	"errors"
	"testing"
	"time"

	"engawa/social"
)

// Who sees that the network answers again waits no longer; the order stays.
func TestHurry(t *testing.T) {
	n := &place{keyed: true}
	d := newPlace(t, tagRule, n)
	n.fault = func(string, *social.Part) (error, bool) { return errors.New("connection refused"), false }
	d.say("one", tagged("ttr"))
	d.say("two", tagged("ttr"))
	d.pass(4*time.Hour, 10*time.Minute)
	n.fault = nil
	d.pass(time.Minute, 10*time.Second)
	want(t, "still waiting for its next try", n.shows(), "")
	if err := d.ledger.Hurry(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	d.pass(20*time.Second, time.Second)
	want(t, "at once", n.shows(), "one\ntwo")
}
