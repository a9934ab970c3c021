package auth

import (
	"context"
	"crypto/rand"
	"strings"

	"engawa/social"
)

// recoveryCodes is how many a User gets at once.
const recoveryCodes = 10

// NewRecoveryCodes replaces a User's recovery codes. They are told this once:
// 80 bits each, in groups of four letters.
func (a *Auth) NewRecoveryCodes(ctx context.Context, user social.ID) ([]string, error) {
	codes, hashes := make([]string, recoveryCodes), make([][]byte, recoveryCodes)
	for i := range codes {
		c := rand.Text()[:16]
		codes[i], hashes[i] = c[:4]+"-"+c[4:8]+"-"+c[8:12]+"-"+c[12:], Hash(c)
	}
	return codes, a.Home.Store.Write(ctx, func(tx social.Tx) error { return tx.PutRecoveryCodes(ctx, user, hashes) })
}

// recover uses up a recovery code.
func (a *Auth) recover(ctx context.Context, user social.ID, code string) (bool, error) {
	code = strings.ToUpper(strings.NewReplacer("-", "", " ", "").Replace(plain(code, 64)))
	if len(code) != 16 {
		return false, nil
	}
	err := a.Home.Store.Write(ctx, func(tx social.Tx) error { return tx.TakeRecoveryCode(ctx, user, Hash(code)) })
	if social.IsKind(err, social.NotFound) {
		return false, nil
	}
	return err == nil, err
}

// second reports which second factors a User has.
func (a *Auth) second(ctx context.Context, u *social.User) (codes, passkeys bool, err error) {
	keys, err := a.Home.Store.Passkeys(ctx, u.ID)
	return len(u.TOTPSecret) > 0, len(keys) > 0, err
}

// HasSecond reports whether a User's password alone is not enough.
func (a *Auth) HasSecond(ctx context.Context, u *social.User) (bool, error) {
	codes, passkeys, err := a.second(ctx, u)
	return codes || passkeys, err
}

// FirstCodes makes recovery codes for who has just got a first second factor; nil
// when there are some already.
func (a *Auth) FirstCodes(ctx context.Context, user social.ID) ([]string, error) {
	n, err := a.Home.Store.RecoveryCodes(ctx, user)
	if err != nil || n > 0 {
		return nil, err
	}
	return a.NewRecoveryCodes(ctx, user)
}
