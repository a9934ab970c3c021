package media

import (
	"crypto/sha256"
	"testing"

	"engawa/blob"
)

// Every blob.Store is a Store, and its error is the one that is looked for.
var _ Store = blob.Store(nil)

func TestContentKey(t *testing.T) {
	got := contentKey("media", sha256.Sum256(nil), ".png")
	want := "media/e3/b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855.png"
	if got != want || blob.CheckKey(got) != nil {
		t.Errorf("got %q, want %q", got, want)
	}
}
