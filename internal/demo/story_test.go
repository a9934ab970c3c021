package demo

import (
	"regexp"
	"testing"
)

var named = regexp.MustCompile(`\{(\w+)\}`)

// TestStory checks that what happens speaks of people, posts, pictures and emoji
// that there are, in order, and that every picture is described.
func TestStory(t *testing.T) {
	people := make(map[string]bool)
	for _, p := range Residents {
		people[p.Name] = true
		if scenes[p.Avatar] == nil || scenes[p.Header] == nil || p.House < 0 || p.House >= len(Houses) {
			t.Errorf("%s has no such pictures or house", p.Name)
		}
	}
	if Residents[0].Name != Visitor || Residents[0].House != 0 {
		t.Error("the visitor does not come first")
	}
	for name, friends := range Follows {
		for _, friend := range append([]string{name}, friends...) {
			if !people[friend] {
				t.Errorf("%s follows %s, who is nobody", name, friend)
			}
		}
	}
	keys := make(map[string]bool)
	for i := range Story {
		if i > 0 && Story[i].Ago > Story[i-1].Ago {
			t.Errorf("step %d comes before the one above it", i)
		}
		checkStep(t, &Story[i], people, keys)
	}
	keys["last"], keys["visitor"] = true, true
	for i := range Live {
		checkStep(t, &Live[i], people, keys)
	}
}

func checkStep(t *testing.T, s *Step, people, keys map[string]bool) {
	t.Helper()
	if !people[s.By] {
		t.Errorf("%s is nobody", s.By)
	}
	for _, key := range []string{s.ReplyTo, s.Quote, s.Boost, s.Like, s.Pin, s.React, s.Vote} {
		if key != "" && !keys[key] {
			t.Errorf("%s speaks of %q, which was not said", s.By, key)
		}
	}
	for _, m := range named.FindAllStringSubmatch(s.Say, -1) {
		if !people[m[1]] {
			t.Errorf("%s names %s, who is nobody", s.By, m[1])
		}
	}
	for _, p := range s.Pictures {
		if scenes[p.Scene] == nil || p.Alt == "" {
			t.Errorf("%s shows %q without description or scene", s.By, p.Scene)
		}
	}
	if len(s.With) > 2 && s.With[0] == ':' && emojis[s.With[1:len(s.With)-1]] == nil {
		t.Errorf("%s reacts with %s, which is not there", s.By, s.With)
	}
	if s.Key != "" {
		keys[s.Key] = true
	}
}
