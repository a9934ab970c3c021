package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// maxLine is the most one line of stdin may have, in bytes.
const maxLine = 1 << 20

// eachJSONLine reads one JSON string a line from in, gives it to answer and
// writes what that returns as one line of JSON. Empty lines are left out. What
// is written reaches out as soon as in has no further line at hand, so that
// another program can ask and wait. Errors bear the number of the line.
func eachJSONLine(in io.Reader, out io.Writer, answer func(text string) (any, error)) error {
	reader := bufio.NewReaderSize(in, maxLine)
	writer := bufio.NewWriter(out)
	enc := json.NewEncoder(writer)
	enc.SetEscapeHTML(false)
	for number := 1; ; number++ {
		line, readErr := reader.ReadSlice('\n')
		switch {
		case errors.Is(readErr, bufio.ErrBufferFull):
			return failAfter(writer, fmt.Errorf("line %d of stdin has more than %d bytes; give shorter texts", number, maxLine))
		case readErr != nil && !errors.Is(readErr, io.EOF):
			return failAfter(writer, fmt.Errorf("cannot read stdin: %w", readErr))
		}
		if line = bytes.TrimSpace(line); len(line) > 0 {
			if err := answerLine(line, enc, answer); err != nil {
				return failAfter(writer, fmt.Errorf("line %d of stdin: %w", number, err))
			}
		}
		if readErr != nil || reader.Buffered() == 0 {
			if err := writer.Flush(); err != nil {
				return fmt.Errorf("cannot write the answers: %w", err)
			}
		}
		if readErr != nil {
			return nil
		}
	}
}

func answerLine(line []byte, enc *json.Encoder, answer func(text string) (any, error)) error {
	var text *string
	if err := json.Unmarshal(line, &text); err != nil || text == nil {
		return errors.New(`it is no JSON string; write one such as "Hello" a line`)
	}
	result, err := answer(*text)
	if err != nil {
		return err
	}
	return enc.Encode(result)
}

// failAfter lets the answers that were given go out before err.
func failAfter(writer *bufio.Writer, err error) error {
	if flushErr := writer.Flush(); flushErr != nil {
		return fmt.Errorf("cannot write the answers: %w", flushErr)
	}
	return err
}
