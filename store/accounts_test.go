package store

import (
	"bytes"
	"testing"

	"engawa/social"
)

func TestAccounts(t *testing.T) {
	onBoth(t, func(d *desk) {
		for id, name := range map[ID]string{1: "hanako", 2: "taro"} {
			d.change(func(t *tx) error {
				return t.PutUser(d.ctx, &social.User{ID: id, Email: name + "@mail.example", CreatedAt: testNow, ConfirmedAt: testNow})
			})
		}
		h := func(s string) []byte { return []byte(s) }

		d.change(func(t *tx) error {
			return t.PutProof(d.ctx, &social.Proof{Hash: h("a"), User: 1, Kind: social.ProofEmail, Value: "x@y.example", Until: testNow + 1})
		})
		d.change(func(t *tx) error {
			return t.PutProof(d.ctx, &social.Proof{Hash: h("b"), User: 1, Kind: social.ProofEmail, Value: "z@y.example", Until: testNow + 1})
		})
		d.refuse(social.NotFound, func(t *tx) error { _, err := t.TakeProof(d.ctx, h("a")); return err })
		d.change(func(t *tx) error {
			p, err := t.TakeProof(d.ctx, h("b"))
			if err == nil && (p.User != 1 || p.Value != "z@y.example" || p.Kind != social.ProofEmail) {
				d.Errorf("%+v", p)
			}
			return err
		})
		d.refuse(social.NotFound, func(t *tx) error { _, err := t.TakeProof(d.ctx, h("b")); return err })

		d.change(func(t *tx) error {
			return t.PutInvite(d.ctx, &social.Invite{ID: 5, Code: "once", User: 1, Most: 1, Until: testNow + 10, CreatedAt: testNow})
		})
		d.refuse(social.NotFound, func(t *tx) error { return t.DropInvite(d.ctx, 2, 5) })
		d.refuse(social.NotFound, func(t *tx) error { _, err := t.UseInvite(d.ctx, "once", testNow+10); return err })
		d.change(func(t *tx) error { _, err := t.UseInvite(d.ctx, "once", testNow); return err })
		d.refuse(social.NotFound, func(t *tx) error { _, err := t.UseInvite(d.ctx, "once", testNow); return err })
		if i, err := d.Invite(d.ctx, "once"); err != nil || i.Uses != 1 || i.Open(testNow) {
			d.Errorf("%+v, %v", i, err)
		}

		key := &social.Passkey{ID: h("k"), User: 1, Name: "phone", Body: h("{}"), CreatedAt: testNow}
		d.change(func(t *tx) error { return t.PutPasskey(d.ctx, key) })
		d.refuse(social.Conflict, func(t *tx) error {
			return t.PutPasskey(d.ctx, &social.Passkey{ID: h("k"), User: 2, Name: "stolen", Body: h("{}")})
		})
		d.refuse(social.NotFound, func(t *tx) error { return t.DropPasskey(d.ctx, 2, h("k")) })
		if ks, err := d.Passkeys(d.ctx, 1); err != nil || len(ks) != 1 || ks[0].Name != "phone" || !bytes.Equal(ks[0].Body, h("{}")) {
			d.Errorf("%+v, %v", ks, err)
		}

		d.change(func(t *tx) error {
			return t.PutIdentity(d.ctx, &social.Identity{Issuer: "https://id.example", Subject: "s", User: 1, CreatedAt: testNow})
		})
		d.refuse(social.Conflict, func(t *tx) error {
			return t.PutIdentity(d.ctx, &social.Identity{Issuer: "https://id.example", Subject: "s", User: 2, CreatedAt: testNow})
		})
		d.refuse(social.NotFound, func(t *tx) error { return t.DropIdentity(d.ctx, 2, "https://id.example", "s") })

		d.change(func(t *tx) error { return t.PutRecoveryCodes(d.ctx, 1, [][]byte{h("1"), h("2")}) })
		d.refuse(social.NotFound, func(t *tx) error { return t.TakeRecoveryCode(d.ctx, 2, h("1")) })
		d.change(func(t *tx) error { return t.TakeRecoveryCode(d.ctx, 1, h("1")) })
		d.refuse(social.NotFound, func(t *tx) error { return t.TakeRecoveryCode(d.ctx, 1, h("1")) })
		if n, err := d.RecoveryCodes(d.ctx, 1); err != nil || n != 1 {
			d.Error(n, err)
		}

		d.change(func(t *tx) error {
			for i := ID(1); i < 4; i++ {
				if err := t.PutToken(d.ctx, &social.Token{ID: i, Hash: h(i.String()), User: 1 + i/3, App: 9, CreatedAt: testNow + int64(i)}); err != nil {
					return err
				}
			}
			return t.PutSession(d.ctx, &social.Session{Hash: h("s"), User: 1, CreatedAt: testNow, SeenAt: testNow, ExpiresAt: testNow + 5})
		})
		d.refuse(social.NotFound, func(t *tx) error { return t.RevokeTokenOf(d.ctx, 1, 3, testNow) })
		d.change(func(t *tx) error { return t.RevokeTokenOf(d.ctx, 1, 2, testNow) })
		if ts, err := d.Tokens(d.ctx, 1); err != nil || len(ts) != 1 || ts[0].ID != 1 {
			d.Errorf("%+v, %v", ts, err)
		}
		d.refuse(social.NotFound, func(t *tx) error { return t.DropSessionOf(d.ctx, 2, h("s")) })
		if ss, err := d.Sessions(d.ctx, 1, testNow+5); err != nil || len(ss) != 0 {
			d.Errorf("%+v, %v", ss, err)
		}
		if ss, err := d.Sessions(d.ctx, 1, testNow); err != nil || len(ss) != 1 {
			d.Errorf("%+v, %v", ss, err)
		}
		d.change(func(t *tx) error { return t.DropSessionOf(d.ctx, 1, h("s")) })
	})
}

// Whoever never confirmed goes, whoever did stays.
func TestDropUnconfirmed(t *testing.T) {
	onBoth(t, func(d *desk) {
		d.locals(1, 2, 3)
		for id, confirmed := range map[ID]int64{1: 0, 2: testNow, 3: 0} {
			d.change(func(t *tx) error {
				return t.do(d.ctx, "update users set created_at = $1, confirmed_at = $2 where id = $3", testNow+int64(id), confirmed, id)
			})
		}
		d.change(func(t *tx) error {
			n, err := t.DropUnconfirmed(d.ctx, testNow+3)
			if n != 1 {
				d.Errorf("%d were removed", n)
			}
			return err
		})
		for id, stays := range map[ID]bool{1: false, 2: true, 3: true} {
			_, userErr := d.User(d.ctx, id)
			_, actorErr := d.Actor(d.ctx, id)
			if (userErr == nil) != stays || (actorErr == nil) != stays {
				d.Errorf("%d: %v, %v", id, userErr, actorErr)
			}
		}
	})
}
