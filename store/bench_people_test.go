package store

import (
	"path/filepath"
	"testing"

	"engawa/social"
)

// BenchmarkTokenByHash is what every request of a client begins with.
func BenchmarkTokenByHash(b *testing.B) {
	s := benchStore(b)
	hash := []byte("0123456789abcdef0123456789abcdef")
	err := s.writer.write(b.Context(), func(t *tx) error {
		return t.PutToken(b.Context(), &social.Token{ID: 1, Hash: hash, App: 1, User: 1, Scopes: []string{"read", "write", "follow", "push"}})
	})
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := s.TokenByHash(b.Context(), hash); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkNotifications is a page of 40 of 10,000.
func BenchmarkNotifications(b *testing.B) {
	s := benchStore(b)
	err := s.writer.write(b.Context(), func(t *tx) error {
		for i := range 10_000 {
			n := social.Notification{ID: ID(i + 1), User: 1, Type: social.NotifyMention, Actor: ID(i % 50), Post: ID(i + 1), GroupKey: "ungrouped-1"}
			if _, err := t.Notify(b.Context(), &n); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		_, err := s.Notifications(b.Context(), social.NotificationQuery{
			User: 1, Exclude: []social.NotificationType{social.NotifyPoll}, Page: social.Page{MaxID: 5000, Limit: 40}})
		if err != nil {
			b.Fatal(err)
		}
	}
}

func benchStore(b *testing.B) *Store {
	b.Helper()
	s, err := Open(b.Context(), Config{DSN: "sqlite:" + filepath.Join(b.TempDir(), "engawa.db")})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := s.Close(); err != nil {
			b.Error(err)
		}
	})
	return s
}
