package x

import (
	"engawa/internal/ruler"
	"engawa/social"
)

// Prices of pay-per-use since 2026-02-06, in micro-dollars. X charges the same
// resource once a UTC day; that is not reckoned with, so what is noted is the
// most that it can have cost.
const (
	PricePost     = 15_000
	PricePostURL  = 200_000 // a post with a URL in it
	PriceDelete   = 10_000
	PriceMetadata = 5_000
	PriceRead     = 5_000  // a post read
	PriceReadUser = 10_000 // an account read
	PriceOwnRead  = 1_000  // a post or account of one's own
)

// postPrice is what posting p costs, media apart.
func postPrice(p *social.Part) int64 {
	if hasURL(p) {
		return PricePostURL
	}
	return PricePost
}

// hasURL reports whether X will find a URL in p, a bare domain included: a Span
// says so, or X's own rules do.
func hasURL(p *social.Part) bool {
	for _, s := range p.Spans {
		if s.Kind == social.SpanLink {
			return true
		}
	}
	return len(ruler.Addresses(ruler.Composed(p.Text))) > 0
}
