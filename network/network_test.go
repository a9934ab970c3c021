package network

import (
	"errors"
	"fmt"
	"testing"
	"time"
)

func TestResultOf(t *testing.T) {
	cause := errors.New("cause")
	for _, c := range []struct {
		err  error
		want Result
	}{
		{nil, Result{Outcome: Done}},
		{cause, Result{Outcome: Failed}},
		{&Drop{"gate", cause}, Result{Outcome: Dropped, Reason: "gate"}},
		{fmt.Errorf("deliver: %w", &Drop{"gate", nil}), Result{Outcome: Dropped, Reason: "gate"}},
		{&Gone{cause}, Result{Outcome: Dropped, Reason: "gone"}},
		{&Later{time.Minute, cause}, Result{Outcome: Postponed, After: time.Minute}},
		{&Park{cause}, Result{Outcome: Parked}},
		{&Park{&HostDown{cause}}, Result{Outcome: Parked}}, // not the host's fault
		{&HostDown{cause}, Result{Outcome: FailedHost}},
	} {
		if got := ResultOf(c.err); got != c.want {
			t.Errorf("%v: %+v, want %+v", c.err, got, c.want)
		}
		if c.err != nil && c.err.Error() == "" {
			t.Errorf("%T says nothing", c.err)
		}
	}
}
