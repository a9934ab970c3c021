package main

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
)

func TestEachJSONLine(t *testing.T) {
	upper := func(text string) (any, error) {
		if text == "bad" {
			return nil, errors.New("no such text; give another")
		}
		return strings.ToUpper(text), nil
	}
	tests := []struct{ name, in, out, err string }{
		{"nothing", "", "", ""},
		{"lines", "\"a\"\n\"<b>\"\n", "\"A\"\n\"<B>\"\n", ""},
		{"no newline at the end", "\"a\"", "\"A\"\n", ""},
		{"empty lines and CRLF", "\n\"a\"\r\n  \n", "\"A\"\n", ""},
		{"escapes", `"\u7e01\n"` + "\n", "\"縁\\n\"\n", ""},
		{"no string", "\"a\"\n12\n", "\"A\"\n", "line 2 of stdin: it is no JSON string"},
		{"null", "null\n", "", "line 1 of stdin: it is no JSON string"},
		{"two on a line", "\"a\" \"b\"\n", "", "line 1 of stdin: it is no JSON string"},
		{"refused", "\"a\"\n\"bad\"\n\"c\"\n", "\"A\"\n", "line 2 of stdin: no such text; give another"},
		{"too long", "\"a\"\n\"" + strings.Repeat("x", maxLine) + "\"\n", "\"A\"\n", "line 2 of stdin has more than"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var out bytes.Buffer
			err := eachJSONLine(strings.NewReader(test.in), &out, upper)
			if out.String() != test.out {
				t.Errorf("wrote %q, want %q", out.String(), test.out)
			}
			if test.err == "" && err != nil || test.err != "" && (err == nil || !strings.Contains(err.Error(), test.err)) {
				t.Errorf("the error is %v, want %q", err, test.err)
			}
		})
	}
}

// asking is a reader that gives the next line only once the answer to the
// last one has been written.
type asking struct {
	lines   []string
	answers *bytes.Buffer
	given   int
}

func (a *asking) Read(p []byte) (int, error) {
	if bytes.Count(a.answers.Bytes(), []byte("\n")) != a.given {
		return 0, errors.New("the answer is still held back")
	}
	if a.given == len(a.lines) {
		return 0, io.EOF
	}
	a.given++
	return copy(p, a.lines[a.given-1]), nil
}

func TestEachJSONLineAnswersAtOnce(t *testing.T) {
	var out bytes.Buffer
	in := &asking{lines: []string{"\"a\"\n", "\"b\"\n"}, answers: &out}
	if err := eachJSONLine(in, &out, func(text string) (any, error) { return text, nil }); err != nil {
		t.Fatal(err)
	}
}
