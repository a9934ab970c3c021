package auth

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"net/url"
	"time"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"engawa/internal/clock"
	"engawa/social"
)

// ceremony is the making or the use of a passkey under way.
type ceremony struct {
	session webauthn.SessionData
	user    social.ID // zero: whoever the passkey says
	making  bool
	step    string // the log-in whose second factor it is
	ends    time.Time
}

const ceremonyLife = 5 * time.Minute

// Ceremony is what a browser is asked: Options as JSON for
// navigator.credentials, and State to come back with.
type Ceremony struct {
	State   string `json:"state"`
	Options any    `json:"options"`
}

// holder is a User as the library asks for it.
type holder struct {
	id         social.ID
	name, show string
	keys       []webauthn.Credential
}

func (h *holder) WebAuthnID() []byte                         { return binary.BigEndian.AppendUint64(nil, uint64(h.id)) }
func (h *holder) WebAuthnName() string                       { return h.name }
func (h *holder) WebAuthnDisplayName() string                { return h.show }
func (h *holder) WebAuthnCredentials() []webauthn.Credential { return h.keys }

var badPasskey = &social.Error{Kind: social.Unauthenticated, Op: "passkey", Message: "The passkey was not accepted. Start again"}

// relying is this home as browsers know it.
func (a *Auth) relying() (*webauthn.WebAuthn, error) {
	u, err := url.Parse(a.Home.Info.URL)
	if err != nil {
		return nil, err
	}
	return webauthn.New(&webauthn.Config{
		RPID: u.Hostname(), RPDisplayName: a.Home.Info.Name, RPOrigins: []string{a.Home.Info.URL}, AttestationPreference: protocol.PreferNoAttestation,
	})
}

func (a *Auth) holder(ctx context.Context, user social.ID) (*holder, error) {
	who, err := a.Home.Store.Actor(ctx, user)
	if err != nil {
		return nil, err
	}
	rows, err := a.Home.Store.Passkeys(ctx, user)
	if err != nil {
		return nil, err
	}
	h := &holder{id: user, name: who.Handle(), show: who.DisplayName}
	if h.show == "" {
		h.show = who.Name
	}
	for i := range rows {
		var c webauthn.Credential
		if err := json.Unmarshal(rows[i].Body, &c); err != nil {
			return nil, err
		}
		h.keys = append(h.keys, c)
	}
	return h, nil
}

// keep remembers a ceremony until it comes back.
func (a *Auth) keep(c ceremony) string {
	state := Random()
	a.mu.Lock()
	defer a.mu.Unlock()
	now := a.Home.Clock.Now()
	if a.ceremonies == nil {
		a.ceremonies = make(map[string]ceremony)
	}
	for k, old := range a.ceremonies {
		if old.ends.Before(now) || len(a.ceremonies) > maxState {
			delete(a.ceremonies, k)
		}
	}
	c.ends = now.Add(ceremonyLife)
	a.ceremonies[state] = c
	return state
}

// take returns a ceremony once.
func (a *Auth) take(state string, making bool) (ceremony, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	c, ok := a.ceremonies[state]
	delete(a.ceremonies, state)
	if !ok || c.making != making || c.ends.Before(a.Home.Clock.Now()) {
		return ceremony{}, badPasskey
	}
	return c, nil
}

// maxPasskeys bounds those of a User.
const maxPasskeys = 20

// MakePasskey begins to add a passkey to a User.
func (a *Auth) MakePasskey(ctx context.Context, u *social.User) (*Ceremony, error) {
	w, err := a.relying()
	if err != nil {
		return nil, err
	}
	h, err := a.holder(ctx, u.ID)
	if err != nil {
		return nil, err
	}
	if len(h.keys) >= maxPasskeys {
		return nil, &social.Error{Kind: social.Conflict, Op: "passkey", Message: "There are too many passkeys. Remove one first"}
	}
	options, session, err := w.BeginRegistration(h,
		webauthn.WithExclusions(webauthn.Credentials(h.keys).CredentialDescriptors()),
		webauthn.WithResidentKeyRequirement(protocol.ResidentKeyRequirementPreferred))
	if err != nil {
		return nil, err
	}
	return &Ceremony{a.keep(ceremony{session: *session, user: u.ID, making: true}), options}, nil
}

// PasskeyMade ends what MakePasskey began with the browser's answer.
func (a *Auth) PasskeyMade(ctx context.Context, u *social.User, state, name string, answer []byte) error {
	c, err := a.take(state, true)
	if err != nil || c.user != u.ID {
		return badPasskey
	}
	w, err := a.relying()
	if err != nil {
		return err
	}
	h, err := a.holder(ctx, u.ID)
	if err != nil {
		return err
	}
	parsed, err := protocol.ParseCredentialCreationResponseBytes(answer)
	if err != nil {
		return badPasskey
	}
	made, err := w.CreateCredential(h, c.session, parsed)
	if err != nil {
		return &social.Error{Kind: social.Unauthenticated, Op: "passkey", Message: badPasskey.Message, Err: err}
	}
	return a.putPasskey(ctx, u.ID, plain(name, 100), made, clock.Millis(a.Home.Clock.Now()), 0)
}

func (a *Auth) putPasskey(ctx context.Context, user social.ID, name string, c *webauthn.Credential, made, used social.Millis) error {
	body, err := json.Marshal(c)
	if err != nil {
		return err
	}
	return a.Home.Store.Write(ctx, func(tx social.Tx) error {
		return tx.PutPasskey(ctx, &social.Passkey{ID: c.ID, User: user, Name: name, Body: body, CreatedAt: made, UsedAt: used})
	})
}

// UsePasskey begins a log-in by passkey: as second factor of a log-in
// (challenge), or by itself (""), when the device must ask who holds it.
func (a *Auth) UsePasskey(ctx context.Context, challenge, address string) (*Ceremony, error) {
	if err := a.try("passkey", limit{"passkey:" + network(address), 100, 5 * time.Minute}); err != nil {
		return nil, err
	}
	w, err := a.relying()
	if err != nil {
		return nil, err
	}
	if challenge == "" {
		options, session, err := w.BeginDiscoverableLogin(webauthn.WithUserVerification(protocol.VerificationRequired))
		if err != nil {
			return nil, err
		}
		return &Ceremony{a.keep(ceremony{session: *session}), options}, nil
	}
	s, ok := a.stepOf(challenge)
	if !ok {
		return nil, badPasskey
	}
	h, err := a.holder(ctx, s.user)
	if err != nil {
		return nil, err
	}
	if len(h.keys) == 0 {
		return nil, badPasskey
	}
	options, session, err := w.BeginLogin(h, webauthn.WithUserVerification(protocol.VerificationPreferred))
	if err != nil {
		return nil, err
	}
	return &Ceremony{a.keep(ceremony{session: *session, user: s.user, step: challenge}), options}, nil
}

// stepOf is a log-in between its two steps.
func (a *Auth) stepOf(challenge string) (step, bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	s, ok := a.steps[challenge]
	return s, ok && !s.ends.Before(a.Home.Clock.Now())
}

// PasskeyUsed ends what UsePasskey began: the User is logged in.
func (a *Auth) PasskeyUsed(ctx context.Context, state string, answer []byte) (*social.User, error) {
	c, err := a.take(state, false)
	if err != nil {
		return nil, err
	}
	w, err := a.relying()
	if err != nil {
		return nil, err
	}
	parsed, err := protocol.ParseCredentialRequestResponseBytes(answer)
	if err != nil {
		return nil, badPasskey
	}
	var h *holder
	var used *webauthn.Credential
	if c.user == 0 {
		used, err = w.ValidateDiscoverableLogin(func(raw, handle []byte) (webauthn.User, error) {
			if len(handle) != 8 {
				return nil, badPasskey
			}
			var err error
			h, err = a.holder(ctx, social.ID(binary.BigEndian.Uint64(handle)))
			return h, err
		}, c.session, parsed)
	} else if h, err = a.holder(ctx, c.user); err == nil {
		used, err = w.ValidateLogin(h, c.session, parsed)
	}
	if err != nil || used.Authenticator.CloneWarning {
		return nil, &social.Error{Kind: social.Unauthenticated, Op: "passkey", Message: badPasskey.Message, Err: err}
	}
	return a.passkeyUser(ctx, h.id, &c, used)
}

// passkeyUser notes the use and lets the User in.
func (a *Auth) passkeyUser(ctx context.Context, id social.ID, c *ceremony, used *webauthn.Credential) (*social.User, error) {
	u, err := a.Home.Store.User(ctx, id)
	if err != nil {
		return nil, err
	}
	if err := mayUse(ctx, a.Home.Store, u); err != nil {
		return nil, err
	}
	row, err := a.Home.Store.Passkey(ctx, used.ID)
	if err != nil || row.User != id || !bytes.Equal(row.ID, used.ID) {
		return nil, badPasskey
	}
	if c.step != "" {
		a.mu.Lock()
		_, ok := a.steps[c.step]
		delete(a.steps, c.step)
		a.mu.Unlock()
		if !ok {
			return nil, badPasskey
		}
	}
	return u, a.putPasskey(ctx, id, row.Name, used, row.CreatedAt, clock.Millis(a.Home.Clock.Now()))
}
