package hook

import (
	"sync"
	"time"

	"engawa/internal/clock"
)

// maxPaced bounds how many addresses a Pace remembers.
const maxPaced = 4096

// Pace remembers until when an address wants no request. It forgets what has
// passed, and everything on a restart: then the other side says so again. The
// zero Pace is ready; it is safe for concurrent use.
type Pace struct {
	mu    sync.Mutex
	until map[int64]time.Time
}

// Wait is how long key is to be left alone; zero: not at all.
func (p *Pace) Wait(c clock.Clock, key int64) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	at, ok := p.until[key]
	if !ok {
		return 0
	}
	if wait := at.Sub(c.Now()); wait > 0 {
		return wait
	}
	delete(p.until, key)
	return 0
}

// Hold leaves key alone for d from now.
func (p *Pace) Hold(c clock.Clock, key int64, d time.Duration) {
	if d <= 0 {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	now := c.Now()
	if p.until == nil {
		p.until = map[int64]time.Time{}
	}
	if len(p.until) >= maxPaced {
		for k, at := range p.until {
			if !at.After(now) {
				delete(p.until, k)
			}
		}
	}
	if _, known := p.until[key]; known || len(p.until) < maxPaced {
		p.until[key] = now.Add(d)
	}
}
