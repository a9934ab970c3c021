// Command bench measures the program as `make bench` shows it: the built binary
// runs as a child with a throw-away data folder, this process plays its
// neighbours and its clients on loopback. What each figure is and how it is
// taken stands in docs/performance.md; the limits are the table in table.go.
//
// Figures are CPU time of the whole child per operation, which is steady where
// the time on the wall is not, beside floors that are measured in the same run.
// The exit status is 1 when a measure misses what it must.
package main
