package relay

import (
	"bytes"
	"context"
	"slices"

	"engawa/social"
)

// maxBooks bounds the compiled books that are kept.
const maxBooks = 1000

// bookEntry is a User's rules bound to the Links as they were read.
type bookEntry struct {
	*Compiled
	links []social.Link
	text  string // of the rules
}

// ruleOf is a rule by name; one that is gone or off speaks with the defaults.
func (b *bookEntry) ruleOf(name string) *Rule {
	if r := b.Rule(name); r != nil {
		return r
	}
	plain := NewRule()
	plain.Name = name
	return &plain
}

// book is a User's compiled rules. They are read each time, for a command or
// another node may have changed them, and compiled anew only when they are others.
func (l *Ledger) book(ctx context.Context, user social.ID) (*bookEntry, error) {
	links, err := l.Home.Store.Links(ctx, user)
	if err != nil {
		return nil, err
	}
	text, err := l.Home.Store.Rules(ctx, user)
	if err != nil {
		return nil, err
	}
	l.mu.Lock()
	known := l.books[user]
	l.mu.Unlock()
	if known != nil && known.text == text && sameTargets(known.links, links) {
		return known, nil
	}
	parsed, problems := Parse(text)
	if parsed == nil {
		l.log().Error("stored rules cannot be read", "user", user, "err", problems.Err())
		parsed = &Book{}
	}
	made := &bookEntry{Compiled: Compile(parsed, links), links: links, text: text}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.books == nil || len(l.books) >= maxBooks {
		l.books = map[social.ID]*bookEntry{}
	}
	l.books[user] = made
	return made, nil
}

// sameTargets reports whether rules mean the same by both lists of Links: what
// else a Link is (its credentials, health and cursors) is not remembered.
func sameTargets(a, b []social.Link) bool {
	return slices.EqualFunc(a, b, func(x, y social.Link) bool {
		return x.ID == y.ID && x.Network == y.Network && x.Name == y.Name && x.Can == y.Can && x.State == y.State && x.Limits == y.Limits &&
			bytes.Equal(x.Settings, y.Settings)
	})
}

// Forget drops what is kept of a User's rules and Links; user zero: of everybody's.
func (l *Ledger) Forget(user social.ID) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if user == 0 {
		l.books = nil
		return
	}
	delete(l.books, user)
}

// ruleOf is the rule that decided a Copy; nil when it is gone or off.
func (l *Ledger) ruleOf(ctx context.Context, user social.ID, name string) (*Rule, error) {
	if name == "" {
		return nil, nil
	}
	b, err := l.book(ctx, user)
	if err != nil {
		return nil, err
	}
	return b.Rule(name), nil
}
