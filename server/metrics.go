package server

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
)

// metrics are what /metrics shows: the Go runtime's, and ours, read when asked.
func (s *Server) metrics() *prometheus.Registry {
	reg := prometheus.NewRegistry()
	reg.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}), &gauges{s})
	return reg
}

var (
	descJobs    = prometheus.NewDesc("engawa_jobs_waiting", "Jobs in the store, by kind; dead ones were given up.", []string{"kind"}, nil)
	descDone    = prometheus.NewDesc("engawa_jobs_done_total", "Jobs done since the start.", nil, nil)
	descFailed  = prometheus.NewDesc("engawa_jobs_failed_total", "Attempts that failed since the start.", nil, nil)
	descDropped = prometheus.NewDesc("engawa_jobs_dropped_total", "Jobs that could never succeed, by kind and reason.", []string{"reason"}, nil)
	descBroken  = prometheus.NewDesc("engawa_host_breakers_total", "Times a host's breaker opened.", nil, nil)
	descStreams = prometheus.NewDesc("engawa_stream_connections", "Open streaming connections.", nil, nil)
	descCache   = prometheus.NewDesc("engawa_media_cache_bytes", "Bytes that copies of other servers' pictures take.", nil, nil)
)

type gauges struct{ s *Server }

// Describe implements prometheus.Collector.
func (g *gauges) Describe(ch chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{descJobs, descDone, descFailed, descDropped, descBroken, descStreams, descCache} {
		ch <- d
	}
}

// Collect implements prometheus.Collector.
func (g *gauges) Collect(ch chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	st := g.s.Queue.Stats()
	ch <- prometheus.MustNewConstMetric(descDone, prometheus.CounterValue, float64(st.Done))
	ch <- prometheus.MustNewConstMetric(descFailed, prometheus.CounterValue, float64(st.Failed))
	ch <- prometheus.MustNewConstMetric(descBroken, prometheus.CounterValue, float64(st.Broken))
	for reason, n := range st.Dropped {
		ch <- prometheus.MustNewConstMetric(descDropped, prometheus.CounterValue, float64(n), reason)
	}
	ch <- prometheus.MustNewConstMetric(descStreams, prometheus.GaugeValue, float64(g.s.Hub.Connections()))
	bytes, _ := g.s.cache.Size()
	ch <- prometheus.MustNewConstMetric(descCache, prometheus.GaugeValue, float64(bytes))
	counts, err := g.s.store.JobCounts(ctx)
	if err != nil {
		return
	}
	for kind, n := range counts {
		ch <- prometheus.MustNewConstMetric(descJobs, prometheus.GaugeValue, float64(n), string(kind))
	}
}
