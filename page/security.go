package page

import (
	"io"
	"time"

	"engawa/internal/locale"
)

// Where the forms about log-ins go.
const (
	SecurityPath    = "/settings/security" // do, id, current
	TOTPPath        = "/settings/totp"     // secret, code, current
	PasskeyPath     = "/login/passkey"     // JSON: challenge; then …/done: state, credential, next
	PasskeyMakePath = "/settings/passkey"  // JSON: current; then …/done: state, credential, label
	IdentityPath    = "/login/identity"    // next · link
)

// SecurityView shows the reader's log-ins and what they are made with.
type SecurityView struct {
	Visit
	Email      string
	Password   bool // there is one
	Sessions   []SessionView
	Tokens     []TokenView
	TOTP       bool
	Passkeys   []PasskeyView
	Codes      int64 // recovery codes left
	Provider   string
	Identities []IdentityView
	Invites    bool // the reader may invite
}

// SessionView is a browser that is logged in.
type SessionView struct {
	ID, Agent, Address string
	Since, Seen        time.Time
	This               bool
}

// TokenView is an app that may act for the reader.
type TokenView struct {
	ID, App, Website string
	Scopes           []string
	Since, Used      time.Time // Used zero: never
}

// PasskeyView is a passkey.
type PasskeyView struct {
	ID, Name    string
	Since, Used time.Time
}

// IdentityView is who the reader is at an identity provider.
type IdentityView struct{ ID, Issuer, Subject string }

// Security writes the page of log-ins.
func (p *Pages) Security(w io.Writer, lang locale.Lang, v SecurityView) error {
	s := form(lang, "security.title", v.Visit, v)
	s.Script = p.script.path
	return p.write(w, lang, "security", s)
}
