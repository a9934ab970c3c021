package fetch

import (
	"context"
	"sync"

	"engawa/internal/hostname"
)

// Limits bound what may be fetched in the name of one activity. A zero means
// no limit.
type Limits struct {
	Requests  int   // requests, each redirect one more
	PerDomain int   // of these to one registrable domain
	Bytes     int64 // bytes of bodies, after inflating
}

// Budget is what is left of Limits. It is shared by all requests of a context
// and safe for concurrent use.
type Budget struct {
	mu      sync.Mutex
	limits  Limits
	spent   Limits
	domains map[string]int // at most one entry a request
}

type budgetKey struct{}

// WithBudget allows n requests in the context, redirects included. The budget
// of an outer context counts on: an inner one cannot widen it.
func WithBudget(ctx context.Context, n int) context.Context {
	return WithLimits(ctx, Limits{Requests: n})
}

// WithLimits puts a budget into the context. If ctx has one already, it is
// kept, and l is not looked at: what an activity causes shares one budget.
func WithLimits(ctx context.Context, l Limits) context.Context {
	if BudgetOf(ctx) != nil {
		return ctx
	}
	return context.WithValue(ctx, budgetKey{}, &Budget{limits: l})
}

// BudgetOf is the budget of the context, or nil.
func BudgetOf(ctx context.Context) *Budget {
	b, _ := ctx.Value(budgetKey{}).(*Budget)
	return b
}

// Spent is what was used up so far: PerDomain is that of the busiest domain.
func (b *Budget) Spent() Limits {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.spent
}

// request takes one request to the canonical host. b may be nil.
func (b *Budget) request(host string) error {
	if b == nil {
		return nil
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.limits.Requests > 0 && b.spent.Requests >= b.limits.Requests {
		return failf(OverBudget, "all %d requests are used up", b.limits.Requests)
	}
	if b.limits.PerDomain > 0 {
		domain := hostname.Registrable(host)
		if b.domains[domain] >= b.limits.PerDomain {
			return failf(OverBudget, "all %d requests to %s are used up", b.limits.PerDomain, domain)
		}
		if b.domains == nil {
			b.domains = make(map[string]int)
		}
		b.domains[domain]++
		b.spent.PerDomain = max(b.spent.PerDomain, b.domains[domain])
	}
	b.spent.Requests++
	return nil
}

// bytes takes n bytes of a body. b may be nil.
func (b *Budget) bytes(n int) error {
	if b == nil {
		return nil
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.spent.Bytes += int64(n)
	if b.limits.Bytes > 0 && b.spent.Bytes > b.limits.Bytes {
		return failf(OverBudget, "all %d bytes are used up", b.limits.Bytes)
	}
	return nil
}
