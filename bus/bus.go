// Package bus carries social.Events from who commits to who listens: bus/local
// within one process, other folders between nodes.
package bus

import "engawa/social"

// Bus is published to by the domain and subscribed to by streams, caches and push.
type Bus interface {
	social.Bus
	// Subscribe calls f for every Event published after it returns, in order,
	// one at a time. f must be quick (hand over and return) and must not call the bus. The returned
	// function ends the subscription; f is not called after it returns.
	Subscribe(f func(social.Event)) (cancel func())
}
