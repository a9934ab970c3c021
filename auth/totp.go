package auth

import (
	"bytes"
	"context"
	"image/png"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"

	"engawa/social"
)

// Enrolment is a second factor about to be set up: the secret as text and as a
// QR code (PNG).
type Enrolment struct {
	Secret string
	URL    string
	QR     []byte
}

// NewTOTP makes a secret for a User (RFC 6238: SHA-1, 30 s, 6 digits, as
// authenticator apps expect).
func NewTOTP(issuer, handle string) (*Enrolment, error) {
	key, err := totp.Generate(totp.GenerateOpts{Issuer: issuer, AccountName: handle})
	if err != nil {
		return nil, err
	}
	img, err := key.Image(240, 240)
	if err != nil {
		return nil, err
	}
	var buf bytes.Buffer
	if err := png.Encode(&buf, img); err != nil {
		return nil, err
	}
	return &Enrolment{Secret: key.Secret(), URL: key.URL(), QR: buf.Bytes()}, nil
}

func totpContext(user social.ID) string { return "totp:" + user.String() }

// SetTOTP turns the second factor on after one right code, or (secret "") off.
func (a *Auth) SetTOTP(ctx context.Context, u *social.User, secret, code string) error {
	next := *u
	next.TOTPSecret = nil
	if secret != "" {
		if !validCode(secret, code, a.Home.Clock.Now()) {
			return &social.Error{Kind: social.Invalid, Op: "set up second factor", Field: "code", Message: "The code is not right. Check the clock of the device that shows it"}
		}
		next.TOTPSecret = []byte(a.Home.Master.SealBytes([]byte(secret), totpContext(u.ID)))
	}
	return a.Home.Store.Write(ctx, func(tx social.Tx) error { return tx.PutUser(ctx, &next) })
}

func validCode(secret, code string, now time.Time) bool {
	ok, err := totp.ValidateCustom(code, secret, now, totp.ValidateOpts{Period: 30, Skew: 1, Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1})
	return err == nil && ok
}

// secondFactor checks a User's code. A code counts once: the moment of the last
// one used is kept in memory.
func (a *Auth) secondFactor(u *social.User, code string) bool {
	secret, err := a.Home.Master.OpenBytes(string(u.TOTPSecret), totpContext(u.ID))
	if err != nil {
		return false
	}
	now := a.Home.Clock.Now()
	if !validCode(string(secret), code, now) {
		return false
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.codes == nil || len(a.codes) > 10_000 {
		a.codes = make(map[string]time.Time)
	}
	key := u.ID.String() + ":" + code
	if used, ok := a.codes[key]; ok && now.Sub(used) < 2*time.Minute {
		return false
	}
	a.codes[key] = now
	return true
}
