package store

import "engawa/social"

// pendingReads and pendingWrites let the package compile until every noun is written.
type pendingReads struct{ social.Reader }
type pendingWrites struct{ social.Writer }
