package fediverse

import (
	"net/http"
	"strings"
	"testing"
)

// What is passed on is read at its origin: the body that came proves nothing (T14).
func TestRelayedIsReadAtItsOrigin(t *testing.T) {
	s := newScene(t)
	mine := s.alice.Post("どう思う？")
	real := s.good.note(s.carol, "/notes/real", "ほんとう", JSON{"inReplyTo": mine["uri"], "to": []string{public, s.alice.URI()}})
	fake := JSON{}
	for k, v := range real {
		fake[k] = v
	}
	fake["content"] = "<p>うそ</p>"
	act := creating(fake)
	act["signature"] = JSON{"type": "RsaSignature2017", "creator": s.carol + "#main-key", "created": "2026-11-25T00:00:00Z", "signatureValue": "AAAA"}
	if status, text := s.w.post(s.evil.letter("a.test", s.mallory+"#main-key", act)); status != 202 {
		t.Fatalf("%d %s", status, text)
	}
	s.w.Settle()
	got := s.alice.fromHome(real["id"].(string))
	if got == nil || !strings.Contains(got["content"].(string), "ほんとう") || strings.Contains(got["content"].(string), "うそ") {
		t.Errorf("what stands here: %v", got)
	}
	// What its origin does not have is not there.
	ghost := JSON{"id": s.good.uri("/notes/ghost"), "type": "Note", "attributedTo": s.carol, "content": "<p>ない</p>", "to": []string{public, s.alice.URI()}, "inReplyTo": mine["uri"]}
	s.changesNothing(t, 202, "fetch", forwarded(s, creating(ghost)))
	// And a Delete holds only when its origin says so too.
	s.changesNothing(t, 202, "gate", forwarded(s, deed("Delete", s.carol, s.carol+"#deletes/1", real["id"])))
	s.good.put("/notes/real", nil)
	if status, text := s.w.post(forwarded(s, deed("Delete", s.carol, s.carol+"#deletes/2", real["id"]))()); status != 202 {
		t.Fatalf("%d %s", status, text)
	}
	s.w.Settle()
	if got := s.alice.fromHome(real["id"].(string)); got != nil {
		t.Errorf("its origin says that it is gone: %v", got)
	}
}

// A Delete by a stranger does not keep out what comes after it (T52).
func TestNobodyForestalls(t *testing.T) {
	s := newScene(t)
	friend := s.evil.person("friend")
	s.evil.send(t, "a.test", deed("Follow", friend, friend+"#follows/1", s.alice.URI()))
	note := s.evil.note(s.mallory, "/notes/late", "まだ")
	s.evil.send(t, "a.test", deed("Delete", friend, friend+"#d", note["id"]))
	s.evil.send(t, "a.test", creating(note))
	if s.alice.fromHome(note["id"].(string)) == nil {
		t.Error("a Delete by another kept a post out")
	}
	early := s.evil.note(s.mallory, "/notes/early", "もう")
	s.evil.send(t, "a.test", deed("Delete", s.mallory, s.mallory+"#d", early["id"]))
	s.evil.send(t, "a.test", creating(early))
	if s.alice.fromHome(early["id"].(string)) != nil {
		t.Error("a Delete that came before its post is forgotten")
	}
}

// Votes: one a person, none for what is no option, none after the end.
func TestVotesThatDoNotCount(t *testing.T) {
	s := newScene(t)
	said := s.alice.Post("どっち？", JSON{"poll": JSON{"options": []string{"山", "海"}, "expires_in": 3600}})
	vote := func(by, n, name string) JSON {
		return creating(JSON{"id": by + "#votes/" + n, "type": "Note", "name": name, "attributedTo": by, "inReplyTo": said["uri"], "to": []string{s.alice.URI()}})
	}
	s.good.send(t, "a.test", vote(s.carol, "1", "山"))
	s.good.send(t, "a.test", vote(s.carol, "2", "山")) // the same again is no other
	for _, tc := range []struct{ n, name, why string }{{"3", "海", "invalid"}, {"4", "川", "invalid"}} {
		s.changesNothing(t, 202, tc.why, func() *http.Request {
			return s.good.letter("a.test", s.carol+"#main-key", vote(s.carol, tc.n, tc.name))
		})
	}
	if _, err := s.db.Exec("update polls set expires_at = 1000"); err != nil {
		t.Fatal(err)
	}
	s.changesNothing(t, 202, "invalid", func() *http.Request {
		return s.evil.letter("a.test", s.mallory+"#main-key", vote(s.mallory, "5", "海"))
	})
	got := s.alice.status(said["id"])["poll"].(map[string]any)
	if got["votes_count"] != 1.0 || got["voters_count"] != 1.0 {
		t.Errorf("the poll: %v", got)
	}
}

// Who quotes needs the stamp of whom they quote, from that server, for these two posts (T80).
func TestForgedStamps(t *testing.T) {
	s := newScene(t)
	mine := s.alice.Post("引用はことわる", JSON{"quote_approval_policy": "nobody"})
	asks := s.good.note(s.carol, "/notes/asks", "引用は聞いてから", JSON{"interactionPolicy": JSON{"canQuote": JSON{"automaticApproval": []string{s.carol}}}})
	s.good.send(t, "a.test", creating(asks))
	theirs := asks["id"].(string)
	stamp := func(server *stranger, path, author, quoting, quoted string) string {
		server.put(path, JSON{"@context": []any{"https://www.w3.org/ns/activitystreams"}, "id": server.uri(path), "type": "QuoteAuthorization",
			"attributedTo": author, "interactingObject": quoting, "interactionTarget": quoted})
		return server.uri(path)
	}
	for _, tc := range []struct {
		name, quoted string
		stamp        func(quoting string) string
	}{
		{"own", theirs, func(q string) string { return stamp(s.evil, "/stamps/1", s.mallory, q, theirs) }},
		{"inothersname", theirs, func(q string) string { return stamp(s.evil, "/stamps/2", s.carol, q, theirs) }},
		{"forotherpost", theirs, func(string) string {
			return stamp(s.good, "/stamps/3", s.carol, s.evil.uri("/notes/elsewhere"), theirs)
		}},
		{"none", theirs, func(string) string { return s.good.uri("/stamps/none") }},
		{"ofours", mine["uri"].(string), func(q string) string { return stamp(s.evil, "/stamps/4", s.alice.URI(), q, mine["uri"].(string)) }},
	} {
		t.Run(tc.name, func(t *testing.T) {
			id := s.evil.uri("/notes/q-" + tc.name)
			note := s.evil.note(s.mallory, "/notes/q-"+tc.name, "引用", JSON{"quote": tc.quoted, "quoteAuthorization": tc.stamp(id)})
			s.evil.send(t, "a.test", creating(note))
			got := s.alice.fromHome(id)
			if got == nil {
				t.Fatal("the quoting post is not here")
			}
			if q, _ := got["quote"].(map[string]any); q != nil && (q["state"] == "accepted" || q["quoted_status"] != nil) {
				t.Errorf("the quote stands: %v", q)
			}
		})
	}
	id := s.evil.uri("/notes/q-good")
	s.evil.send(t, "a.test", creating(s.evil.note(s.mallory, "/notes/q-good", "引用", JSON{"quote": theirs, "quoteAuthorization": stamp(s.good, "/stamps/9", s.carol, id, theirs)})))
	if q, _ := s.alice.fromHome(id)["quote"].(map[string]any); q == nil || q["state"] != "accepted" {
		t.Errorf("a true stamp: %v", q)
	}
}

// Only who was asked may answer (T53).
func TestForgedAccept(t *testing.T) {
	s := newScene(t)
	dave := s.good.person("dave", JSON{"manuallyApprovesFollowers": true})
	at := s.alice.Find("accounts", "@dave@good.test")
	s.alice.acts("/api/v1/accounts/"+at["id"].(string)+"/follow", nil)
	asked := s.good.came("Follow")
	ask := asked[len(asked)-1].body
	for i, object := range []any{ask, ask["id"]} {
		n := string(rune('1' + i))
		if status, _ := s.w.post(s.evil.letter("a.test", s.mallory+"#main-key", deed("Accept", s.mallory, s.mallory+"#accepts/x"+n, object))); status != 202 {
			t.Fatal(status)
		}
		s.w.Settle()
	}
	if rel := s.alice.relationTo(at); rel["following"] != false || rel["requested"] != true {
		t.Errorf("another accepted for dave: %v", rel)
	}
	s.good.send(t, "a.test", deed("Accept", dave, dave+"#accepts/1", ask["id"]))
	if rel := s.alice.relationTo(at); rel["following"] != true {
		t.Errorf("dave accepted: %v", rel)
	}
}

// forwarded is somebody else's activity, passed on by mallory.
func forwarded(s *scene, activity JSON) func() *http.Request {
	return func() *http.Request { return s.evil.letter("a.test", s.mallory+"#main-key", activity) }
}
