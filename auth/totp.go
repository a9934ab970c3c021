package auth

import (
	"bytes"
	"context"
	"image/png"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"
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
	var sealed []byte
	if secret != "" {
		if _, ok := codeNumber(secret, code, a.Home.Clock.Now()); !ok {
			return &social.Error{Kind: social.Invalid, Op: "set up second factor", Field: "code", Message: "The code is not right. Check the clock of the device that shows it"}
		}
		sealed = []byte(a.Home.Master.SealBytes([]byte(secret), totpContext(u.ID)))
	}
	return a.changeUser(ctx, u.ID, func(_ social.Tx, next *social.User) error { // dropping it leaves recovery codes for passkeys
		next.TOTPSecret = sealed
		return nil
	})
}

// codeNumber is the number (RFC 6238: T) of the 30 seconds that a code is of;
// those before and after now count too.
func codeNumber(secret, code string, now time.Time) (int64, bool) {
	const period = 30
	opts := hotp.ValidateOpts{Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1}
	for _, n := range []int64{0, -1, 1} {
		n += now.Unix() / period
		if ok, err := hotp.ValidateCustom(code, uint64(n), secret, opts); err == nil && ok {
			return n, true
		}
	}
	return 0, false
}

// secondFactor checks a User's code. A code counts once, and none counts that
// is older than one used before (RFC 6238 5.2); this is kept in memory.
func (a *Auth) secondFactor(u *social.User, code string) bool {
	secret, err := a.Home.Master.OpenBytes(string(u.TOTPSecret), totpContext(u.ID))
	if err != nil {
		return false
	}
	n, ok := codeNumber(string(secret), code, a.Home.Clock.Now())
	if !ok {
		return false
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.codes == nil {
		a.codes = make(map[social.ID]int64)
	}
	if last, used := a.codes[u.ID]; used && n <= last {
		return false
	}
	a.codes[u.ID] = n
	return true
}
