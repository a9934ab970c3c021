package mastodon

import "slices"

// routes is the table of operations, in two parts: what is read, and what
// changes something. A new one is a function in its resource's file and a line
// in one of them.
var routes = slices.Concat(readRoutes, writeRoutes, adminRoutes)
