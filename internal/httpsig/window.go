package httpsig

import "time"

// The window in which a signature holds, as Mastodon has it.
const (
	clockSkew       = time.Hour       // clocks of others may be wrong by this much
	defaultLifetime = 5 * time.Minute // when no expiry is given
	maxLifetime     = 12 * time.Hour  // whatever expiry is given
)

// checkWindow checks now against created and expires; expires may be the zero time.
func checkWindow(created, expires, now time.Time) *Error {
	if created.After(now.Add(clockSkew)) {
		return invalid("the signature was made in the future: %s; it is %s here", stamp(created), stamp(now))
	}
	end := expires
	if end.IsZero() {
		end = created.Add(defaultLifetime)
	}
	if limit := created.Add(maxLifetime); end.After(limit) {
		end = limit
	}
	if now.After(end.Add(clockSkew)) {
		return invalid("the signature made at %s held until %s; it is %s here", stamp(created), stamp(end), stamp(now))
	}
	return nil
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }
