package queue

import "time"

// Backoff says how long to wait after the nth failure (n from 1). Salt spreads
// jobs that failed together.
type Backoff func(n int, salt int64) time.Duration

// Federation waits n⁴ + 15 s and up to half as much again: 16 attempts take
// about three days, as Mastodon's do.
func Federation(n int, salt int64) time.Duration {
	base := time.Duration(n*n*n*n+15) * time.Second
	return base + time.Duration(uint64(salt)%uint64(base/2))
}

// Quick is for work of our own: 1 s, 2 s, 4 s … up to five minutes.
func Quick(n int, _ int64) time.Duration {
	return min(time.Second<<min(n-1, 10), 5*time.Minute)
}
