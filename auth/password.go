package auth

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"strings"

	"golang.org/x/crypto/argon2"
	"golang.org/x/crypto/bcrypt"

	"engawa/social"
)

// Cost of argon2id: 19 MiB, two passes, one lane (OWASP's recommendation).
const (
	argonMemory = 19 * 1024 // KiB
	argonTime   = 2
	argonLanes  = 1
	argonKey    = 32
	argonSalt   = 16
)

// Bounds of a password, in bytes.
const (
	MinPassword = 8
	MaxPassword = 1024
)

// hashing lets two passwords be worked on at once, so that log-ins cannot take
// all memory.
var hashing = make(chan struct{}, 2)

// CheckPassword tells what is wrong with a new password, if something is.
func CheckPassword(pw string) error {
	if len(pw) < MinPassword || len(pw) > MaxPassword {
		return &social.Error{Kind: social.Invalid, Op: "set password", Field: "password",
			Message: fmt.Sprintf("Validation failed: Password must have %d to %d bytes", MinPassword, MaxPassword)}
	}
	return nil
}

// HashPassword makes the stored form, with its scheme as prefix.
func HashPassword(pw string) (string, error) {
	if err := CheckPassword(pw); err != nil {
		return "", err
	}
	salt := make([]byte, argonSalt)
	if _, err := rand.Read(salt); err != nil {
		return "", err
	}
	key := derive(pw, salt, argonTime, argonMemory, argonLanes, argonKey)
	b64 := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, argonMemory, argonTime, argonLanes,
		b64.EncodeToString(salt), b64.EncodeToString(key)), nil
}

func derive(pw string, salt []byte, time, memory uint32, lanes uint8, size uint32) []byte {
	hashing <- struct{}{}
	defer func() { <-hashing }()
	return argon2.IDKey([]byte(pw), salt, time, memory, lanes, size)
}

// VerifyPassword reports whether pw is the one of a stored hash, and whether the
// hash should be made anew (another scheme or cost). An empty hash costs as much
// time as any other and is never right.
func VerifyPassword(stored, pw string) (right, renew bool) {
	if len(pw) > MaxPassword {
		return false, false
	}
	switch {
	case strings.HasPrefix(stored, "$argon2id$"):
		return verifyArgon(stored, pw)
	case strings.HasPrefix(stored, "$2"): // Mastodon, Misskey, Pleroma
		hashing <- struct{}{}
		defer func() { <-hashing }()
		return bcrypt.CompareHashAndPassword([]byte(stored), []byte(pw)) == nil, true
	default:
		derive(pw, make([]byte, argonSalt), argonTime, argonMemory, argonLanes, argonKey)
		return false, false
	}
}

func verifyArgon(stored, pw string) (right, renew bool) {
	var (
		version       int
		memory, time  uint32
		lanes         uint8
		salt64, key64 string
	)
	fields := strings.Split(stored, "$")
	if len(fields) != 6 {
		return false, false
	}
	if _, err := fmt.Sscanf(fields[2], "v=%d", &version); err != nil || version != argon2.Version {
		return false, false
	}
	if _, err := fmt.Sscanf(fields[3], "m=%d,t=%d,p=%d", &memory, &time, &lanes); err != nil || memory > 1<<20 || time == 0 || time > 16 || lanes == 0 {
		return false, false
	}
	salt64, key64 = fields[4], fields[5]
	salt, err1 := base64.RawStdEncoding.DecodeString(salt64)
	key, err2 := base64.RawStdEncoding.DecodeString(key64)
	if err1 != nil || err2 != nil || len(key) < 16 || len(key) > 128 {
		return false, false
	}
	got := derive(pw, salt, time, memory, lanes, uint32(len(key)))
	renew = memory != argonMemory || time != argonTime || lanes != argonLanes || len(key) != argonKey
	return subtle.ConstantTimeCompare(got, key) == 1, renew
}
