package blob

import (
	"fmt"
	"strings"

	"engawa/internal/limits"
)

// CheckKey says with an ErrKey what is wrong with key.
//
// A key is 1 to 512 bytes of components joined by "/". A component is 1 to 128 bytes of a–z, 0–9, ".", "_" and "-" and
// does not begin with "." (so there is no "..", and what begins with "." is the engine's own).
func CheckKey(key string) error {
	if key == "" || len(key) > limits.BlobKey {
		return fmt.Errorf("%w: it has %d bytes, 1 to %d are right", ErrKey, len(key), limits.BlobKey)
	}
	start := 0
	for i := 0; i <= len(key); i++ {
		if i < len(key) && key[i] != '/' {
			if !keyByte(key[i]) {
				return fmt.Errorf("%w: %q has a byte other than a-z 0-9 . _ - /", ErrKey, key)
			}
			continue
		}
		switch part := key[start:i]; {
		case part == "":
			return fmt.Errorf("%w: %q has an empty component", ErrKey, key)
		case part[0] == '.':
			return fmt.Errorf("%w: %q has a component that begins with a dot", ErrKey, key)
		case len(part) > limits.BlobKeyPart:
			return fmt.Errorf("%w: a component has %d bytes, at most %d are right", ErrKey, len(part), limits.BlobKeyPart)
		}
		start = i + 1
	}
	return nil
}

// CheckPrefix is CheckKey for the argument of Walk: "" is right too.
func CheckPrefix(prefix string) error {
	if prefix == "" {
		return nil
	}
	return CheckKey(prefix)
}

// HasPrefix reports whether key is prefix or lies below it, by component.
func HasPrefix(key, prefix string) bool {
	if prefix == "" || key == prefix {
		return true
	}
	return len(key) > len(prefix) && key[len(prefix)] == '/' && strings.HasPrefix(key, prefix)
}

func keyByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '.' || c == '_' || c == '-'
}
