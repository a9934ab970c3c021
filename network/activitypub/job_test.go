package activitypub

import (
	"net/http"
	"testing"
	"time"

	"engawa/internal/keys"
	"engawa/internal/proof"
	"engawa/network"
	"engawa/social"
)

func (n *neighbour) create(path, author string, more obj) obj {
	note := n.note(path, author, more)
	return obj{"id": n.uri(path + "/activity"), "type": "Create", "actor": author, "to": note["to"], "cc": note["cc"], "object": note}
}

// followedBy makes one of ours follow an actor elsewhere.
func (s *street) follows(a *social.Actor, uri string) *social.Actor {
	s.Helper()
	far, err := s.fed.ActorByURI(s.ctx, uri)
	s.must(err)
	_, err = s.fed.Home.Do(s.ctx, &social.Activity{Verb: social.FollowVerb, Actor: a.ID, Object: &social.FollowAsk{Target: far.ID}})
	s.must(err)
	_, err = s.fed.Home.Do(s.ctx, &social.Activity{Verb: social.Accept, Actor: far.ID, Origin: social.Federated, Object: &social.FollowAnswer{Follower: a.ID}})
	s.must(err)
	s.queue.take(social.JobFanout)
	s.queue.take(social.JobProfile)
	return far
}

func (s *street) has(uri string) bool {
	_, err := s.fed.Home.Store.PostByURI(s.ctx, uri)
	return err == nil
}

func TestACreateComesIn(t *testing.T) {
	s := newStreet(t, "far.test", "other.test")
	far, other, alice := s.hosts["far.test"], s.hosts["other.test"], s.user("alice")
	bob, carol := far.live("bob", nil), other.live("carol", nil)
	s.follows(alice, bob)
	other.put("/notes/q", other.note("/notes/q", carol, nil))
	err := far.send(bob, far.create("/notes/1", bob, obj{
		"quoteUrl": other.uri("/notes/q"), "tag": []obj{{"type": "Mention", "href": carol, "name": "@carol@other.test"}},
	}))
	if err != nil {
		t.Fatal(err)
	}
	p, err := s.fed.Home.Store.PostByURI(s.ctx, far.uri("/notes/1"))
	if err != nil || p.QuoteOf == 0 || len(p.Mentions) != 1 {
		t.Errorf("the post is %+v, %v", p, err)
	}
	feed, err := s.fed.Home.HomeFeed(s.ctx, social.Viewer{Actor: alice.ID, User: true}, social.Page{Limit: 5})
	if err != nil || len(feed.Posts) != 1 {
		t.Errorf("the home feed has %d posts, %v", len(feed.Posts), err)
	}
}

// What concerns nobody here costs no request (T48).
func TestStrangersCostNothing(t *testing.T) {
	s := newStreet(t, "far.test", "other.test")
	far, other := s.hosts["far.test"], s.hosts["other.test"]
	bob := far.live("bob", nil)
	s.user("alice")
	_ = far.send(bob, obj{"id": bob + "#0", "type": "Like", "actor": bob, "object": far.uri("/x")}) // bob is known now
	if err := far.send(bob, far.create("/notes/1", bob, obj{"quoteUrl": other.uri("/notes/q"), "inReplyTo": other.uri("/notes/p")})); err != nil {
		t.Errorf("a post: %v", err)
	}
	if err := far.send(bob, obj{"id": bob + "#2", "type": "Announce", "actor": bob, "object": other.uri("/notes/q"), "to": Public}); reasonOf(t, err) != "not here" {
		t.Errorf("a boost: %v", err)
	}
	if n := other.asked(""); n != 0 {
		t.Errorf("%d requests for strangers", n)
	}
}

// TestOthersWords: what is signed by another than its actor is read at its
// origin or not at all (T14), unless it carries its actor's own proof.
func TestOthersWords(t *testing.T) {
	s := newStreet(t, "far.test", "evil.test")
	far, evil, alice := s.hosts["far.test"], s.hosts["evil.test"], s.user("alice")
	bob, eve := far.live("bob", nil), evil.live("eve", nil)
	s.follows(alice, bob)
	far.put("/notes/1", far.note("/notes/1", bob, obj{"content": "<p>as it is</p>"}))
	if err := evil.send(eve, far.create("/notes/1", bob, obj{"content": "<p>forged</p>"})); err != nil {
		t.Errorf("a forwarded post: %v", err)
	}
	p, err := s.fed.Home.Store.PostByURI(s.ctx, far.uri("/notes/1"))
	if err != nil || p.Content != "<p>as it is</p>" {
		t.Errorf("it reads %+v, %v", p, err)
	}
	if err := evil.send(eve, far.create("/notes/2", bob, nil)); reasonOf(t, err) != "fetch" {
		t.Errorf("a post that is not there: %v", err)
	}
	del := obj{"id": bob + "#del", "type": "Delete", "actor": bob, "object": far.uri("/notes/1")}
	if err := evil.send(eve, del); reasonOf(t, err) != "gate" || !s.has(far.uri("/notes/1")) {
		t.Errorf("a forwarded Delete of what is still there: %v", err)
	}
	s.clock.Advance(time.Hour)
	far.handle("/notes/1", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusGone) })
	del["id"] = bob + "#del2"
	if err := evil.send(eve, del); err != nil || s.has(far.uri("/notes/1")) {
		t.Errorf("a forwarded Delete of what is gone: %v", err)
	}
	for _, doc := range []obj{
		follow(bob, alice.URI, bob+"#f"),
		{"id": bob + "#l", "type": "Like", "actor": bob, "object": alice.URI},
		{"id": bob + "#u", "type": "Undo", "actor": bob, "object": follow(bob, alice.URI, bob+"#f")},
		{"id": eve + "#c", "type": "Create", "actor": eve, "object": far.note("/notes/3", bob, nil)},
		{"id": eve + "#u", "type": "Update", "actor": eve, "object": far.person("bob")},
		{"id": eve + "#d", "type": "Delete", "actor": eve, "object": bob},
	} {
		if err := evil.send(eve, doc); reasonOf(t, err) != "gate" {
			t.Errorf("%s of %s: %v", doc["type"], doc["actor"], err)
		}
	}
}

func TestAProofSpeaksForItsActor(t *testing.T) {
	s := newStreet(t, "far.test", "relay.test")
	far, relay, alice := s.hosts["far.test"], s.hosts["relay.test"], s.user("alice")
	multikey, err := far.ed.Public().Multikey()
	s.must(err)
	bob := far.live("bob", func(doc obj) {
		id := far.uri("/users/bob")
		doc["assertionMethod"] = []obj{{"id": id + "#ed", "type": "Multikey", "controller": id, "publicKeyMultibase": multikey}}
	})
	rel := relay.live("relay", nil)
	for _, c := range []struct {
		name string
		key  keys.Private
		want string
	}{
		{"bob's", far.ed, ""},
		{"another's", relay.ed, "gate"},
	} {
		body := []byte(`{"@context":"https://www.w3.org/ns/activitystreams","id":"` + bob + `#` + c.name + `","type":"Follow","actor":"` + bob + `","object":"` + alice.URI + `"}`)
		signed, err := proof.Create(body, c.key, bob+"#ed", s.clock.Now())
		s.must(err)
		err = relay.send(rel, signed)
		if got := network.ResultOf(err).Reason; got != c.want {
			t.Errorf("%s proof: %v", c.name, err)
		}
	}
	if s.fed.hosts.of(s.ctx, "far.test").ed {
		t.Error("a key for proofs was taken for one of requests")
	}
}

func TestADeleteMayComeFirst(t *testing.T) {
	s := newStreet(t, "far.test")
	far, alice := s.hosts["far.test"], s.user("alice")
	bob := far.live("bob", nil)
	s.follows(alice, bob)
	if err := far.send(bob, obj{"id": bob + "#d", "type": "Delete", "actor": bob, "object": obj{"type": "Tombstone", "id": far.uri("/notes/1")}}); reasonOf(t, err) != "not here" {
		t.Errorf("the Delete: %v", err)
	}
	if err := far.send(bob, far.create("/notes/1", bob, nil)); reasonOf(t, err) != "deleted" || s.has(far.uri("/notes/1")) {
		t.Errorf("the post: %v", err)
	}
}

// An answer to a post of ours goes on to our author's followers, as it came.
func TestAnswersAreForwarded(t *testing.T) {
	s := newStreet(t, "far.test", "other.test")
	far, other, alice := s.hosts["far.test"], s.hosts["other.test"], s.user("alice")
	bob := far.live("bob", nil)
	s.followed(other, "carol", alice)
	p := s.say(alice, social.Post{})
	s.queue.take(social.JobFanout)
	if err := far.send(bob, far.create("/notes/1", bob, obj{"inReplyTo": p.URI, "to": []string{Public}, "cc": []string{alice.URI}})); err != nil {
		t.Fatal(err)
	}
	var bodies int
	for _, j := range s.queue.take(social.JobFanout) {
		o, err := s.fed.Home.Store.Outgoing(s.ctx, j.Ref)
		s.must(err)
		if len(o.Body) > 0 && o.URI == far.uri("/notes/1/activity") {
			bodies++
			s.must(s.fed.Fanout(s.ctx, &j))
		}
	}
	if jobs := s.queue.take(social.JobDeliver); bodies != 1 || len(jobs) != 1 || jobs[0].Host != "other.test" {
		t.Errorf("%d forwarded, deliveries %+v", bodies, jobs)
	}
}

func TestMoveAsksBothSides(t *testing.T) {
	s := newStreet(t, "far.test", "new.test")
	far, neu, alice := s.hosts["far.test"], s.hosts["new.test"], s.user("alice")
	bob := far.live("bob", nil)
	s.follows(alice, bob)
	next := neu.live("bob", nil)
	move := func(id string) obj {
		return obj{"id": bob + id, "type": "Move", "actor": bob, "object": bob, "target": next}
	}
	if err := far.send(bob, move("#1")); reasonOf(t, err) != "gate" {
		t.Errorf("without movedTo: %v", err)
	}
	far.live("bob", func(d obj) { d["movedTo"] = next })
	if err := far.send(bob, move("#2")); reasonOf(t, err) != "invalid" {
		t.Errorf("without alsoKnownAs: %v", err)
	}
	neu.live("bob", func(d obj) { d["alsoKnownAs"] = []string{bob} })
	if err := far.send(bob, move("#3")); err != nil {
		t.Errorf("as it should be: %v", err)
	}
	if jobs := s.queue.take(social.JobMove); len(jobs) != 1 {
		t.Errorf("%d jobs for the followers", len(jobs))
	}
}

// A stamp proves a quote when it is read at the quoted author's own server, and
// names exactly these posts (T80).
func TestStampsAreReadAtTheirOrigin(t *testing.T) {
	s := newStreet(t, "far.test", "evil.test", "quoted.test")
	far, evil, quoted, alice := s.hosts["far.test"], s.hosts["evil.test"], s.hosts["quoted.test"], s.user("alice")
	bob, eve, carol := far.live("bob", nil), evil.live("eve", nil), quoted.live("carol", nil)
	s.follows(alice, bob)
	ask := obj{"canQuote": obj{"automaticApproval": []string{carol}}}
	quoted.put("/notes/q", quoted.note("/notes/q", carol, obj{"interactionPolicy": ask}))
	stamp := func(n *neighbour, path, by, quoting string) string {
		n.put(path, obj{"id": n.uri(path), "type": "QuoteAuthorization", "attributedTo": by, "interactingObject": quoting, "interactionTarget": quoted.uri("/notes/q")})
		return n.uri(path)
	}
	for i, c := range []struct {
		stamp string
		want  social.QuoteState
	}{
		{stamp(quoted, "/stamps/0", carol, far.uri("/notes/0")), social.QuoteAccepted},
		{stamp(quoted, "/stamps/1", carol, far.uri("/notes/0")), social.QuotePending}, // another post's
		{stamp(evil, "/stamps/2", eve, far.uri("/notes/2")), social.QuotePending},     // another author's
		{stamp(evil, "/stamps/3", carol, far.uri("/notes/3")), social.QuotePending},   // another server's
		{quoted.uri("/stamps/4"), social.QuotePending},                                // not there
		{"", social.QuotePending},
	} {
		path := "/notes/" + social.ID(i).String()
		more := obj{"quote": quoted.uri("/notes/q")}
		if c.stamp != "" {
			more["quoteAuthorization"] = c.stamp
		}
		if err := far.send(bob, far.create(path, bob, more)); err != nil {
			t.Fatal(err)
		}
		p, err := s.fed.Home.Store.PostByURI(s.ctx, far.uri(path))
		if err != nil || p.QuoteState != c.want {
			t.Errorf("stamp %d %q: state %v, want %v; %v", i, c.stamp, p.QuoteState, c.want, err)
		}
	}
}

// An actor that was last seen long ago is looked at again when it does something.
func TestActorsAreRefreshed(t *testing.T) {
	s := newStreet(t, "far.test")
	far, alice := s.hosts["far.test"], s.user("alice")
	bob := far.live("bob", nil)
	s.follows(alice, bob)
	s.clock.Advance(25 * time.Hour)
	far.live("bob", func(d obj) { d["name"] = "Bob the Builder" })
	if err := far.send(bob, far.create("/notes/1", bob, nil)); err != nil {
		t.Fatal(err)
	}
	if a, err := s.fed.ActorByURI(s.ctx, bob); err != nil || a.DisplayName != "Bob the Builder" {
		t.Errorf("bob is %+v, %v", a, err)
	}
}

func TestHandleInboxCountsWhatItDrops(t *testing.T) {
	s := newStreet(t, "far.test")
	bob := s.hosts["far.test"].live("bob", nil)
	for reason, body := range map[string]string{
		"document": `[]`,
		"unknown":  `{"type":"Dance","actor":"` + bob + `","object":"` + bob + `"}`,
		"invalid":  `{"type":"Follow","actor":"` + bob + `"}`,
		"not here": `{"type":"Like","actor":"` + bob + `","object":"https://home.test/nothing"}`,
	} {
		err := s.fed.HandleInbox(s.ctx, &social.Job{Kind: social.JobInbox, Target: bob, Body: []byte(body)})
		if got := reasonOf(t, err); got != reason || s.fed.Drops()[reason] == 0 {
			t.Errorf("%s: dropped as %q (%v)", body, got, s.fed.Drops())
		}
	}
}
