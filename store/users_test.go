package store

import (
	"testing"

	"engawa/social"
)

func TestUsers(t *testing.T) {
	onBoth(t, func(d *desk) {
		d.people(1, 2)
		d.put("actors", "id, home, domain, name, name_key, kind, uri, created_at, updated_at",
			[]any{3, 2, "second.example", "Person1", "person1", "Person", "https://second.example/1", 1, 1},
			[]any{4, 0, "far.example", "remote", "remote", "Person", "https://far.example/4", 1, 1})
		full := &social.User{
			ID: 1, Email: "one@mail.example", Password: "argon2id$x", TOTPSecret: []byte{1, 0, 2}, Locale: "ja", Role: social.Owner,
			Settings:  social.Settings{Audience: social.Unlisted, Language: "ja", Notifications: social.Policy{Bots: "drop"}},
			SetupHash: []byte("hash"), SetupUntil: 9, ConfirmedAt: 2, ApprovedAt: 3, DisabledAt: 4, LastActiveAt: 5, CreatedAt: 1,
		}
		two := &social.User{ID: 2, Email: "person1@home.example", Locale: "en", CreatedAt: 2}
		three := &social.User{ID: 3, Locale: "en", CreatedAt: 3}
		d.change(func(t *tx) error {
			for _, u := range []*social.User{full, two, three} {
				if err := t.PutUser(d.ctx, u); err != nil {
					return err
				}
			}
			return nil
		})
		gives(d, "User", full)(d.User(d.ctx, 1))
		gives(d, "UserBySetup", full)(d.UserBySetup(d.ctx, []byte("hash")))
		missing[*social.User](d, "UserBySetup without a hash")(d.UserBySetup(d.ctx, nil))
		missing[*social.User](d, "an Actor that nobody logs in as")(d.User(d.ctx, 4))

		for login, want := range map[string]ID{
			"one@mail.example": 1, " ONE@Mail.Example ": 1, "PERSON2": 2, "person1": 1, "person1@second.example": 3,
			"@person2@home.example": 2,
			"person1@home.example":  2, // an e-mail address before a handle
			"remote":                0, "": 0, "@": 0, "nobody": 0, "o%": 0, "one@mail.example\x00": 1,
		} {
			u, err := d.UserByLogin(d.ctx, login)
			if want == 0 {
				missing[*social.User](d, "log-in "+login)(u, err)
			} else if err != nil || u.ID != want {
				d.Errorf("log-in %q is %v, %v; want %d", login, u, err, want)
			}
		}

		full.Email, full.SetupHash, full.TOTPSecret, full.Role = "New@mail.example", nil, nil, social.Member
		d.change(func(t *tx) error { return t.PutUser(d.ctx, full) })
		full.Email = "new@mail.example"
		gives(d, "changed", full)(d.User(d.ctx, 1))
		d.refuse(social.Conflict, func(t *tx) error {
			return t.PutUser(d.ctx, &social.User{ID: 3, Email: "NEW@mail.example"})
		})
		gives(d, "untouched by the refusal", three)(d.User(d.ctx, 3))

		gives(d, "newest page", []*social.User{three, two})(d.Users(d.ctx, social.Page{Limit: 2}))
		gives(d, "next page", []*social.User{full})(d.Users(d.ctx, social.Page{Limit: 2, MaxID: 2}))
		gives(d, "page above", []*social.User{two})(d.Users(d.ctx, social.Page{Limit: 1, MinID: 1}))

		for _, at := range []int64{50, 40} {
			d.change(func(t *tx) error { return t.TouchUser(d.ctx, 1, at) })
		}
		full.LastActiveAt = 50
		gives(d, "touched", full)(d.User(d.ctx, 1))
	})
}

func TestSecrets(t *testing.T) {
	onBoth(t, func(d *desk) {
		missing[[]byte](d, "Secret")(d.Secret(d.ctx, "vapid"))
		for _, v := range [][]byte{{0, 1, 255}, {}, {7}} {
			d.change(func(t *tx) error { return t.PutSecret(d.ctx, "vapid", v) })
			gives(d, "Secret", v)(d.Secret(d.ctx, "vapid"))
		}
	})
}

func TestTokens(t *testing.T) {
	onBoth(t, func(d *desk) {
		app := &social.App{ID: 9, ClientID: "client", SecretHash: []byte("s"), Name: "Tusky", Website: "https://tusky.app",
			RedirectURIs: []string{"a:b", "urn:ietf:wg:oauth:2.0:oob"}, Scopes: []string{"read", "write"}, CreatedAt: 3}
		d.change(func(t *tx) error { return t.PutApp(d.ctx, app) })
		gives(d, "App", app)(d.App(d.ctx, 9))
		gives(d, "AppByClientID", app)(d.AppByClientID(d.ctx, "client"))
		missing[*social.App](d, "AppByClientID")(d.AppByClientID(d.ctx, "Client"))

		token := func(id, app, user ID) *social.Token {
			return &social.Token{ID: id, Hash: []byte(id.String()), App: app, User: user, Scopes: []string{"read"}, CreatedAt: 1}
		}
		for _, k := range []*social.Token{token(1, 9, 1), token(2, 8, 1), token(3, 9, 2), token(4, 9, 0), token(5, 9, 1)} {
			d.change(func(t *tx) error { return t.PutToken(d.ctx, k) })
		}
		gives(d, "TokenByHash", token(1, 9, 1))(d.TokenByHash(d.ctx, []byte("1")))
		missing[*social.Token](d, "no hash")(d.TokenByHash(d.ctx, nil))
		d.change(func(t *tx) error {
			return t.PutPushSubscription(d.ctx, &social.PushSubscription{ID: 1, Token: 1, User: 1})
		})

		revoke := func(user, app ID, want ...ID) {
			d.Helper()
			d.change(func(t *tx) error {
				got, err := t.RevokeTokens(d.ctx, user, app, 77)
				if len(got) != len(want) {
					d.Errorf("revoking %d %d gives %v, want %v", user, app, got, want)
				}
				for i := range want {
					if err == nil && !contains(got, want[i]) {
						d.Errorf("revoking %d %d gives %v, want %v", user, app, got, want)
					}
				}
				return err
			})
		}
		revoke(0, 0)
		revoke(2, 8)
		revoke(1, 9, 1, 5)
		revoke(1, 0, 2)
		revoke(0, 9, 4)
		gone := token(1, 9, 1)
		gone.RevokedAt = 77
		gives(d, "revoked", gone)(d.TokenByHash(d.ctx, []byte("1")))
		missing[*social.PushSubscription](d, "push of a revoked token")(d.PushSubscription(d.ctx, 1))

		// A revoked one does not come back, and nobody becomes somebody else.
		again := token(1, 9, 2)
		again.UsedAt = 5
		d.change(func(t *tx) error { return t.PutToken(d.ctx, again) })
		gone.UsedAt = 5
		gives(d, "put again", gone)(d.TokenByHash(d.ctx, []byte("1")))
		d.change(func(t *tx) error { return t.TouchToken(d.ctx, 3, 60) })
		third := token(3, 9, 2)
		third.UsedAt, third.RevokedAt = 60, 78
		d.change(func(t *tx) error {
			got, err := t.RevokeToken(d.ctx, []byte("3"), 78)
			gives(d, "RevokeToken", third)(got, err)
			return nil
		})
		d.refuse(social.NotFound, func(t *tx) error { _, err := t.RevokeToken(d.ctx, []byte("3"), 79); return err })
	})
}

func contains(ids []ID, id ID) bool {
	for _, x := range ids {
		if x == id {
			return true
		}
	}
	return false
}

func TestCodesAreTakenOnce(t *testing.T) {
	onBoth(t, func(d *desk) {
		c := &social.Code{Hash: []byte("c"), App: 9, User: 1, RedirectURI: "a:b", Scopes: []string{"read"}, Challenge: "x", CreatedAt: 1, ExpiresAt: 2}
		d.change(func(t *tx) error { return t.PutCode(d.ctx, c) })
		d.change(func(t *tx) error {
			gives(d, "TakeCode", c)(t.TakeCode(d.ctx, []byte("c")))
			return nil
		})
		d.refuse(social.NotFound, func(t *tx) error { _, err := t.TakeCode(d.ctx, []byte("c")); return err })
	})
}

func TestSessions(t *testing.T) {
	onBoth(t, func(d *desk) {
		s := &social.Session{Hash: []byte("a"), User: 1, Agent: "Firefox", Address: "192.0.2.1", CreatedAt: 1, SeenAt: 2, ExpiresAt: 3}
		other := &social.Session{Hash: []byte("b"), User: 2, ExpiresAt: 3}
		second := &social.Session{Hash: []byte("c"), User: 1, ExpiresAt: 3}
		for _, x := range []*social.Session{s, other, second} {
			d.change(func(t *tx) error { return t.PutSession(d.ctx, x) })
		}
		s.SeenAt, s.ExpiresAt = 20, 30
		d.change(func(t *tx) error { return t.PutSession(d.ctx, s) })
		d.refuse(social.NotFound, func(t *tx) error {
			return t.PutSession(d.ctx, &social.Session{Hash: []byte("a"), User: 2, Agent: "thief"})
		})
		gives(d, "SessionByHash", s)(d.SessionByHash(d.ctx, []byte("a")))
		d.change(func(t *tx) error { return t.DropSession(d.ctx, []byte("a")) })
		missing[*social.Session](d, "dropped")(d.SessionByHash(d.ctx, []byte("a")))
		d.change(func(t *tx) error { return t.DropSessions(d.ctx, 1) })
		missing[*social.Session](d, "dropped with all")(d.SessionByHash(d.ctx, []byte("c")))
		gives(d, "somebody else's", other)(d.SessionByHash(d.ctx, []byte("b")))
	})
}
