package activitypub

import (
	"strings"
	"testing"

	"engawa/social"
)

// TestSuspendedActor: neighbours are told that it is suspended, who it is and its
// keys, and nothing else; they read it so.
func TestSuspendedActor(t *testing.T) {
	s := newShelf(t)
	s.actors[1].Suspended = 9
	e := &Encoder{Store: s, Base: home}
	data, err := e.Actor(t.Context(), s.actors[1])
	if err != nil {
		t.Fatal(err)
	}
	for _, word := range []string{"Alice", "bio", "avatar", "header", "example.com", "isCat", "thanks!"} {
		if strings.Contains(string(withoutContext(t, data)), word) {
			t.Errorf("%q is told: %s", word, data)
		}
	}
	doc, err := DecodeActor(mustParse(t, string(data)))
	if err != nil {
		t.Fatal(err)
	}
	if !doc.Profile.Suspended || len(doc.Profile.Keys) == 0 || doc.Profile.Actor.URI != alice || doc.Profile.Actor.Discoverable {
		t.Errorf("read as %+v", doc.Profile)
	}
	s.actors[1].Suspended = 0
	if data, err = e.Actor(t.Context(), s.actors[1]); err != nil || strings.Contains(string(withoutContext(t, data)), "suspended") {
		t.Errorf("one who is not: %s %v", data, err)
	}
	if doc, err = DecodeActor(mustParse(t, string(data))); err != nil || doc.Profile.Suspended || doc.Profile.Actor.DisplayName == "" {
		t.Errorf("read as %+v %v", doc, err)
	}
}

// TestMarkedSensitive: what moderators mark is sensitive at the neighbours' too.
func TestMarkedSensitive(t *testing.T) {
	s := newShelf(t)
	e := &Encoder{Store: s, Base: home}
	for mark, want := range map[social.ID]bool{0: false, 9: true} {
		s.actors[1].MarkSensitive = mark
		data, err := e.Note(t.Context(), s.posts[10])
		if err != nil || mustParse(t, string(data)).Get("sensitive").True() != want {
			t.Errorf("mark %d: %s %v", mark, data, err)
		}
	}
}
