package store

import "encoding/json"

// packed is v as JSON text. v must be of a type that JSON can hold; toJSON is
// for lists.
func packed(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // a type of ours that JSON cannot hold
	}
	return string(b)
}

// unpack is the inverse of packed; "" leaves v as it is.
func unpack(s string, v any) error {
	if s == "" {
		return nil
	}
	return json.Unmarshal([]byte(s), v)
}
