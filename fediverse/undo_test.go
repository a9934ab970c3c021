package fediverse

import "testing"

// Some servers take something back by naming only its id.
func TestUndoByBareURI(t *testing.T) {
	s := newScene(t)
	said := s.alice.Post("取り消し")
	favourites := func() any { return s.alice.status(said["id"])["favourites_count"] }
	s.good.person("carol")
	s.good.send(t, "a.test", deed("Like", s.carol, s.carol+"#likes/1", said["uri"]))
	if n := favourites(); n != 1.0 {
		t.Fatalf("%v favourites after a Like", n)
	}
	s.good.send(t, "a.test", deed("Undo", s.carol, s.carol+"#undos/1", s.carol+"#likes/1"))
	if n := favourites(); n != 0.0 {
		t.Errorf("%v favourites after its Undo by id", n)
	}
	blocks := func() bool {
		store := s.alice.Home.Home.Store
		carol, err := store.ActorByHandle(s.w.ctx, "carol", "good.test")
		if err != nil {
			t.Fatal(err)
		}
		_, err = store.Block(s.w.ctx, carol.ID, s.alice.ID)
		return err == nil
	}
	s.good.send(t, "a.test", deed("Block", s.carol, s.carol+"#blocks/1", s.alice.URI()))
	if !blocks() {
		t.Fatal("the Block is not there")
	}
	s.good.send(t, "a.test", deed("Undo", s.carol, s.carol+"#undos/2", s.carol+"#blocks/1"))
	if blocks() {
		t.Error("the Block is there after its Undo by id")
	}
}
