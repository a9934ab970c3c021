package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"text/tabwriter"
)

func (b *bench) writeJSON(w io.Writer, list []result) error {
	out := json.NewEncoder(w)
	out.SetEscapeHTML(false)
	return out.Encode(map[string]any{"floors": b.floors.list(), "measures": list, "reads": b.readResults, "passed": b.passed(list)})
}

// writeTable prints the floors, then a line for each measure.
func (b *bench) writeTable(w io.Writer, list []result) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "floor of this run\tms CPU")
	for _, f := range b.floors.list() {
		fmt.Fprintf(t, "%s\t%.4f\n", f.Name, f.Value)
	}
	fmt.Fprintln(t)
	if err := t.Flush(); err != nil {
		return err
	}
	fmt.Fprintln(t, "measure\t\tvalue\tfloor\tratio\tmust\t\twish\t\t")
	for i := range list {
		fmt.Fprintln(t, line(&list[i]))
	}
	return t.Flush()
}

// line is a result with a tab between cells.
func line(r *result) string {
	digits := 2
	for i := range table {
		if table[i].key == r.Key {
			digits = table[i].unit.digits
		}
	}
	number := func(v float64) string { return strconv.FormatFloat(v, 'f', digits, 64) }
	value, floor, ratio, verdict, wish := number(r.Value)+" "+r.Unit, "", "", "FAIL", "–"
	if r.Wound != "" {
		value = "none"
	}
	if r.Floor > 0 {
		floor = number(r.Floor)
	}
	if r.Ratio > 0 {
		ratio = fmt.Sprintf("×%.1f", r.Ratio)
	}
	if r.OK {
		verdict = "ok"
	}
	must, hope := "≤ "+number(r.Must), "≤ "+number(r.Wish)
	if r.Must == 0 { // there to be known
		must, hope = "–", "–"
	}
	if r.Good {
		wish = "ok"
	}
	note := r.Note
	if r.Wound != "" {
		note, _, _ = strings.Cut(r.Wound, "\n") // the rest was said while it ran
	}
	return fmt.Sprintf("%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s", r.Key, r.What, value, floor, ratio, must, verdict, hope, wish, note)
}
