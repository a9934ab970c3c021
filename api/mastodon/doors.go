package mastodon

import (
	"context"
	"net/http"
	"net/netip"
	"sync/atomic"

	"engawa/internal/clock"
	"engawa/social"
)

// doors are the addresses that moderators let in nowhere, read again when what
// is known is older than doorsAge. The zero doors are ready.
type doors struct{ known atomic.Pointer[closedDoors] }

type closedDoors struct {
	until    social.Millis
	prefixes []netip.Prefix
}

const (
	doorsAge = 30_000
	maxDoors = 10_000
)

var errNoAccess = &statusError{http.StatusForbidden, map[string]any{"error": "Forbidden"}}

// closedTo refuses who asks from such an address.
func (a *API) closedTo(c *call) error {
	now := clock.Millis(a.Home.Clock.Now())
	shut := a.doors.known.Load()
	if shut == nil || shut.until <= now {
		var err error
		if shut, err = a.readDoors(c.ctx, now); err != nil {
			return err
		}
	}
	if len(shut.prefixes) == 0 {
		return nil
	}
	l := a.Limits
	if l == nil {
		l = &Limiter{}
	}
	addr := l.address(c.Request).WithZone("")
	for _, p := range shut.prefixes {
		if p.Contains(addr) {
			return errNoAccess
		}
	}
	return nil
}

func (a *API) readDoors(ctx context.Context, now social.Millis) (*closedDoors, error) {
	shut := &closedDoors{until: now + doorsAge}
	for pg := (social.Page{Limit: 2 * adminPage}); len(shut.prefixes) < maxDoors; {
		bars, err := a.Home.Store.Bars(ctx, social.BarAddress, pg)
		if err != nil {
			return nil, err
		}
		for _, b := range bars {
			if p, err := netip.ParsePrefix(b.Value); err == nil && b.Severity == social.NoAccess {
				shut.prefixes = append(shut.prefixes, p)
			}
		}
		if len(bars) < pg.Limit {
			break
		}
		pg.MaxID = bars[len(bars)-1].ID
	}
	a.doors.known.Store(shut)
	return shut, nil
}
