package fediverse

import "engawa/social"

// relation is what is between p and another, as p's home says.
func (p *Person) relation(other *Person) JSON {
	p.tb.Helper()
	list := p.List("/api/v1/accounts/relationships?id[]=" + p.idOf(other))
	if len(list) != 1 {
		p.tb.Fatalf("%d relationships, not 1", len(list))
	}
	return list[0]
}

// idOf is another's id at p's home.
func (p *Person) idOf(other *Person) string {
	p.tb.Helper()
	acct := other.Name
	if other.Home != p.Home {
		acct = other.Handle()
	}
	id, _ := p.Call("GET", "/api/v1/accounts/lookup?acct="+escape(acct), nil)["id"].(string)
	return id
}

// account is another's account as p's home shows it.
func (p *Person) account(other *Person) JSON {
	p.tb.Helper()
	return p.Call("GET", "/api/v1/accounts/"+p.idOf(other), nil)
}

// home is p's Home timeline.
func (p *Person) home() []JSON { p.tb.Helper(); return p.List("/api/v1/timelines/home") }

// notifications are p's, of one type.
func (p *Person) notifications(kind string) []JSON {
	p.tb.Helper()
	return p.List("/api/v1/notifications?types[]=" + kind)
}

// status is a post by its id at p's home.
func (p *Person) status(id any) JSON {
	p.tb.Helper()
	return p.Call("GET", "/api/v1/statuses/"+id.(string), nil)
}

// on does something to a post of elsewhere: p.on(uri, "favourite").
func (p *Person) on(uri any, verb string) JSON {
	p.tb.Helper()
	s := p.See(uri.(string))
	out := p.Call("POST", "/api/v1/statuses/"+s["id"].(string)+"/"+verb, nil)
	p.Home.w.Settle()
	return out
}

// friends makes two people of two homes that follow each other.
func (w *World) friends() (alice, bob *Person) {
	w.tb.Helper()
	alice, bob = w.Person("alice@a.test"), w.Person("bob@b.test")
	alice.Follow(bob)
	bob.Follow(alice)
	return alice, bob
}

// moveFrom lists the old account among p's aliases, as the new account must first.
func (p *Person) moveFrom(old *Person) {
	p.tb.Helper()
	p.change(func(a *social.Actor) { a.Aliases = []string{old.URI()} })
}

// moveTo sends a Move to another account.
func (p *Person) moveTo(next *Person) {
	p.tb.Helper()
	a, err := p.Home.Server.Home.Neighbours.ActorByURI(p.Home.w.ctx, next.URI())
	if err != nil {
		p.tb.Fatal(err)
	}
	p.do(social.Move, &social.Relocation{Target: a.ID})
}

// leave deletes p's account.
func (p *Person) leave() { p.tb.Helper(); p.do(social.Delete, &social.ActorRef{Actor: p.ID}) }

// change alters p's own profile.
func (p *Person) change(f func(*social.Actor)) {
	p.tb.Helper()
	a, err := p.Home.Server.Home.Store.Actor(p.Home.w.ctx, p.ID)
	if err != nil {
		p.tb.Fatal(err)
	}
	next := *a
	f(&next)
	p.do(social.Update, &social.Profile{Actor: next})
}

// do is an Activity of p's that the client API has no words for.
func (p *Person) do(verb social.Verb, object social.Object) {
	p.tb.Helper()
	if _, err := p.Home.Server.Home.Do(p.Home.w.ctx, &social.Activity{Verb: verb, Actor: p.ID, Object: object}); err != nil {
		p.tb.Fatalf("%s by %s: %v", verb, p.Handle(), err)
	}
	p.Home.w.Settle()
}
