package relay

import (
	"context"

	"engawa/social"
)

// maxBooks bounds the compiled books that are kept.
const maxBooks = 1000

// bookEntry is a User's rules bound to the Links as they were read.
type bookEntry struct {
	*Compiled
	links []social.Link
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

// book is a User's compiled rules, kept until Forget.
func (l *Ledger) book(ctx context.Context, user social.ID) (*bookEntry, error) {
	l.mu.Lock()
	known := l.books[user]
	l.mu.Unlock()
	if known != nil {
		return known, nil
	}
	links, err := l.Home.Store.Links(ctx, user)
	if err != nil {
		return nil, err
	}
	text, err := l.Home.Store.Rules(ctx, user)
	if err != nil {
		return nil, err
	}
	parsed, problems := Parse(text)
	if parsed == nil {
		l.log().Error("stored rules cannot be read", "user", user, "err", problems.Err())
		parsed = &Book{}
	}
	made := &bookEntry{Compiled: Compile(parsed, links), links: links}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.books == nil || len(l.books) >= maxBooks {
		l.books = map[social.ID]*bookEntry{}
	}
	l.books[user] = made
	return made, nil
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
