package main

import (
	"fmt"
	"io"
	"text/tabwriter"
)

// writeReads prints the second table: a line for each operation and number of
// clients.
func (b *bench) writeReads(w io.Writer) error {
	if len(b.readResults) == 0 {
		return nil
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintf(t, "\nread, %d posts\tclients\tp50 ms\tp99 ms\treq/s\treq/s and core\tms CPU\tallocations\tKiB\tagainst %d posts\t\n", smallData, readLess)
	for i := range b.readResults {
		r := &b.readResults[i]
		if r.Wound != "" {
			fmt.Fprintf(t, "%s\t\t\t\t\t\t\t\t\t\tFAIL\t%s\n", r.What, r.Wound)
			continue
		}
		verdict := "ok"
		if !r.OK {
			verdict = "FAIL"
		}
		for _, c := range r.Costs {
			growth, word := "", ""
			if c.Clients == 1 {
				growth, word = fmt.Sprintf("×%.2f ≤ %.1f", r.Growth, readGrowth), verdict
			}
			fmt.Fprintf(t, "%s\t%d\t%.2f\t%.2f\t%.0f\t%.0f\t%.3f\t%.0f\t%.0f\t%s\t%s\n", r.What, c.Clients, c.P50, c.P99, c.Rate, c.PerCore, c.CPU, c.Allocs, c.Bytes, growth, word)
		}
	}
	fmt.Fprintf(t, "the home timeline must take at most %.1f ms of CPU with one client\n", readHome)
	return t.Flush()
}

// passedReads reports whether no operation misses what it must.
func passedReads(list []readResult) bool {
	for i := range list {
		if !list[i].OK {
			return false
		}
	}
	return true
}
