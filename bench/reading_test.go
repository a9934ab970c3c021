package main

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
)

func TestCountedEntries(t *testing.T) {
	for text, want := range map[string]int{
		`[]`:                         0,
		`[ ]`:                        0,
		`[{}]`:                       1,
		`[[1,2],[3]]`:                2,
		`[{"a":"],[","b":[1,2]}, 3]`: 2,
		`["\"]",""]`:                 2,
		`{"ancestors":[1],"descendants":[{"id":"1"},{"id":"2"}]}`:           2,
		`{"accounts":[{"statuses":"x"}],"statuses":[],"hashtags":[1]}`:      0,
		`{"accounts":[1,2],"statuses":[3],"notification_groups":[4,{},[]]}`: 3,
	} {
		var got countedEntries
		if err := json.Unmarshal([]byte(text), &got); err != nil || int(got) != want {
			t.Errorf("%s: %d, %v; want %d", text, got, err, want)
		}
	}
}

func TestReadTable(t *testing.T) {
	b := &bench{readResults: []readResult{
		{Key: "read-home", What: "home", Growth: 1.1, OK: true, Costs: []readCost{{Clients: 1, CPU: 0.5, P99: 3}, {Clients: 16, CPU: 0.4}}},
	}}
	var out strings.Builder
	if err := b.writeReads(&out); err != nil || !strings.Contains(out.String(), "×1.10 ≤ 1.5") || !strings.Contains(out.String(), " ok\n") || !b.passed(nil) {
		t.Errorf("%v, passed %v:\n%s", err, b.passed(nil), &out)
	}
	b.readResults = append(b.readResults, readResult{What: "search", Wound: errors.New("nothing there").Error()})
	out.Reset()
	if err := b.writeReads(&out); err != nil || !strings.Contains(out.String(), "nothing there") || b.passed(nil) {
		t.Errorf("%v, passed %v:\n%s", err, b.passed(nil), &out)
	}
	if good := (result{OK: true}); b.passed([]result{good}) {
		t.Error("a read that failed passes beside a good measure")
	}
}
