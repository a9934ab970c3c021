package queue

import (
	"context"
	"fmt"
	"testing"

	"engawa/social"
)

// BenchmarkJob is what the queue itself costs a job, from Push to removal,
// over 100 hosts; the store is a map.
func BenchmarkJob(b *testing.B) {
	h := newHouse(newFake(), one(Kind{Workers: 8, PerHost: 4, Handle: func(context.Context, *social.Job) error { return nil }}))
	h.run()
	for token, _ := h.Hold(); token == 0; token, _ = h.Hold() {
		continue // until it is open
	}
	jobs := make([]social.Job, 1000)
	b.ReportAllocs()
	for b.Loop() {
		for i := range jobs {
			jobs[i] = social.Job{Kind: work, Host: hosts[i%100], Key: hosts[i%10]}
		}
		h.insert(true, jobs...)
		if err := h.Settle(context.Background()); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*len(jobs)), "µs/job")
	_ = h.end()
}

var hosts = func() (out [100]string) {
	for i := range out {
		out[i] = fmt.Sprint("host", i)
	}
	return out
}()
