package auth

import (
	"cmp"
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"net/url"
	"slices"
	"strings"
	"time"

	"engawa/internal/clock"
	"engawa/social"
)

// OOB is the redirect URI that asks for the code to be shown to the person.
const OOB = "urn:ietf:wg:oauth:2.0:oob"

// OAuthError is an error as RFC 6749 5.2 has it.
type OAuthError struct {
	Code        string // invalid_grant …
	Description string
}

// Error is both parts.
func (e *OAuthError) Error() string { return e.Code + ": " + e.Description }

func oauthError(code, description string) error { return &OAuthError{code, description} }

// Registration is what an app says of itself.
type Registration struct {
	Name, Website string
	RedirectURIs  []string
	Scopes        []string
	// ClientID and Secret stand in for random ones (people moving from another server).
	ClientID, Secret string
}

// Registered is an App with its secret, which is told this once.
type Registered struct {
	*social.App
	Secret string
}

const (
	maxAppName   = 60
	maxRedirect  = 2000
	maxRedirects = 20
	maxClientID  = 200
)

// Register makes an App.
func (a *Auth) Register(ctx context.Context, r Registration) (*Registered, error) {
	const op = "register app"
	bad := func(field, text string) error {
		return &social.Error{Kind: social.Invalid, Op: op, Field: field, Message: "Validation failed: " + text}
	}
	r.Name = strings.TrimSpace(plain(r.Name, 4*maxRedirect))
	switch {
	case r.Name == "":
		return nil, bad("client_name", "Application name can't be blank")
	case len([]rune(r.Name)) > maxAppName:
		return nil, bad("client_name", "Application name is too long (maximum is 60 characters)")
	case len(r.Website) > maxRedirect:
		return nil, bad("website", "Website is too long (maximum is 2000 characters)")
	case r.Website != "" && !validWebsite(r.Website):
		return nil, bad("website", "Website must be a http or https URL")
	case len(r.RedirectURIs) == 0:
		return nil, bad("redirect_uris", "Redirect URI can't be blank")
	case len(r.RedirectURIs) > maxRedirects:
		return nil, bad("redirect_uris", "Redirect URI: at most 20 can be registered")
	}
	for _, u := range r.RedirectURIs {
		if !validRedirect(u) {
			return nil, bad("redirect_uris", "Redirect URI must be an absolute URI without a fragment")
		}
	}
	if len(r.Scopes) == 0 {
		r.Scopes = []string{"read"}
	}
	for _, s := range r.Scopes {
		if !slices.Contains(Scopes, s) {
			return nil, bad("scopes", "Scopes doesn't match configured on the server")
		}
	}
	if r.ClientID == "" {
		r.ClientID = Random()
	}
	if r.Secret == "" {
		r.Secret = Random()
	}
	app := &social.App{
		ID: social.ID(a.Home.IDs.Next()), ClientID: r.ClientID, SecretHash: Hash(r.Secret), Name: r.Name, Website: r.Website,
		RedirectURIs: r.RedirectURIs, Scopes: r.Scopes, CreatedAt: clock.Millis(a.Home.Clock.Now()),
	}
	err := a.Home.Store.Write(ctx, func(tx social.Tx) error { return tx.PutApp(ctx, app) })
	return &Registered{app, r.Secret}, err
}

func validRedirect(s string) bool {
	if s == OOB {
		return true
	}
	u, err := url.Parse(s)
	if err != nil || len(s) > maxRedirect || u.Scheme == "" || strings.Contains(s, "#") || plain(s, maxRedirect) != s {
		return false
	}
	scheme := strings.ToLower(u.Scheme)
	if scheme == "http" || scheme == "https" {
		return u.Host != "" && u.User == nil
	}
	return !slices.Contains(hostile, scheme)
}

// hostile are schemes that a browser runs, reads files by, or keeps for itself.
var hostile = []string{"data", "javascript", "vbscript", "file", "filesystem", "blob", "about", "view-source", "jar", "chrome", "resource"}

func validWebsite(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" && plain(s, maxRedirect) == s
}

// Ask is an authorization request (RFC 6749 4.1.1, RFC 7636 4.3).
type Ask struct {
	ClientID, RedirectURI, ResponseType, State string
	Scopes                                     []string
	Challenge, ChallengeMethod                 string
}

// CheckAsk finds the App of an authorization request and checks all of it. An
// error before the redirect URI is proved must be shown, never redirected.
func (a *Auth) CheckAsk(ctx context.Context, q *Ask) (*social.App, error) {
	app, err := a.Home.Store.AppByClientID(ctx, plain(q.ClientID, maxClientID))
	if social.IsKind(err, social.NotFound) {
		return nil, oauthError("invalid_client", "Client authentication failed due to unknown client, no client authentication included, or unsupported authentication method.")
	}
	if err != nil {
		return nil, err
	}
	if q.RedirectURI == "" && len(app.RedirectURIs) == 1 {
		q.RedirectURI = app.RedirectURIs[0]
	}
	if !slices.Contains(app.RedirectURIs, q.RedirectURI) {
		return nil, oauthError("invalid_redirect_uri", "The redirect uri included is not valid.")
	}
	if len(q.Scopes) == 0 {
		q.Scopes = []string{"read"}
	}
	switch {
	case q.ResponseType != "code":
		return app, oauthError("unsupported_response_type", "The authorization server does not support this response type.")
	case !Within(q.Scopes, app.Scopes):
		return app, oauthError("invalid_scope", "The requested scope is invalid, unknown, or malformed.")
	case q.Challenge != "" && q.ChallengeMethod != "S256":
		return app, oauthError("invalid_code_challenge_method", "The code challenge method must be S256.")
	case q.Challenge == "" && q.ChallengeMethod != "":
		return app, oauthError("invalid_request", "A code challenge method needs a code challenge.")
	case len(q.Challenge) > 128 || len(q.State) > 4096:
		return app, oauthError("invalid_request", "A parameter is too long.")
	}
	return app, nil
}

// Allow makes the code that a User's consent gives the App.
func (a *Auth) Allow(ctx context.Context, app *social.App, user social.ID, q *Ask) (string, error) {
	life := cmp.Or(a.CodeLife, time.Minute)
	if q.RedirectURI == OOB {
		life = cmp.Or(a.OOBLife, 10*time.Minute)
	}
	code, now := Random(), a.Home.Clock.Now()
	c := &social.Code{
		Hash: Hash(code), App: app.ID, User: user, RedirectURI: q.RedirectURI, Scopes: q.Scopes, Challenge: q.Challenge,
		CreatedAt: clock.Millis(now), ExpiresAt: clock.Millis(now.Add(life)),
	}
	return code, a.Home.Store.Write(ctx, func(tx social.Tx) error { return tx.PutCode(ctx, c) })
}

// RedirectTo is the App's redirect URI, as it was registered, with what it is told.
func RedirectTo(redirect string, values url.Values) string {
	u, err := url.Parse(redirect)
	if err != nil {
		return redirect
	}
	told := url.Values{}
	for k, v := range values {
		if len(v) > 0 && v[0] != "" {
			told.Set(k, v[0])
		}
	}
	if u.RawQuery != "" && len(told) > 0 {
		u.RawQuery += "&"
	}
	u.RawQuery += told.Encode()
	return u.String()
}

// Exchange is a token request (RFC 6749 4.1.3 and 4.4.2).
type Exchange struct {
	GrantType, ClientID, Secret, Code, RedirectURI, Verifier string
	Scopes                                                   []string
}

// Issued is a Token with its text, which is told this once.
type Issued struct {
	*social.Token
	Text string
}

// Issue answers a token request.
func (a *Auth) Issue(ctx context.Context, x Exchange) (*Issued, error) {
	app, err := a.Client(ctx, x.ClientID, x.Secret)
	if err != nil {
		return nil, err
	}
	switch x.GrantType {
	case "authorization_code":
		return a.issueForCode(ctx, app, &x)
	case "client_credentials":
		scopes := x.Scopes
		if len(scopes) == 0 {
			scopes = []string{"read"}
		}
		if !Within(scopes, app.Scopes) {
			return nil, oauthError("invalid_scope", "The requested scope is invalid, unknown, or malformed.")
		}
		return a.NewToken(ctx, app.ID, 0, scopes, "")
	default:
		return nil, oauthError("unsupported_grant_type", "The authorization grant type is not supported by the authorization server.")
	}
}

// Client authenticates an App by its secret.
func (a *Auth) Client(ctx context.Context, id, secret string) (*social.App, error) {
	app, err := a.Home.Store.AppByClientID(ctx, plain(id, maxClientID))
	if err != nil && !social.IsKind(err, social.NotFound) {
		return nil, err
	}
	if err != nil || subtle.ConstantTimeCompare(app.SecretHash, Hash(secret)) != 1 {
		return nil, oauthError("invalid_client", "Client authentication failed due to unknown client, no client authentication included, or unsupported authentication method.")
	}
	return app, nil
}

var badGrant = &OAuthError{"invalid_grant", "The provided authorization grant is invalid, expired, revoked, does not match the redirection URI used in the authorization request, or was issued to another client."}

func (a *Auth) issueForCode(ctx context.Context, app *social.App, x *Exchange) (*Issued, error) {
	var code *social.Code
	err := a.Home.Store.Write(ctx, func(tx social.Tx) error {
		var err error
		code, err = tx.TakeCode(ctx, Hash(x.Code)) // once, whatever follows
		return err
	})
	if social.IsKind(err, social.NotFound) {
		return nil, a.usedTwice(ctx, Hash(x.Code))
	}
	if err != nil {
		return nil, err
	}
	now := clock.Millis(a.Home.Clock.Now())
	if code.App != app.ID || code.RedirectURI != x.RedirectURI || code.ExpiresAt < now || !proves(code.Challenge, x.Verifier) {
		return nil, badGrant
	}
	t := a.freshToken(app.ID, code.User, code.Scopes, "")
	return t, a.Home.Store.Write(ctx, func(tx social.Tx) error {
		if err := tx.PutToken(ctx, t.Token); err != nil {
			return err
		}
		return tx.PutSpentCode(ctx, &social.SpentCode{Hash: code.Hash, Token: t.ID, Until: now + spentLife.Milliseconds()})
	})
}

// spentLife is how long a code that became a token is remembered.
const spentLife = 24 * time.Hour

// usedTwice refuses a code. One that became a token was stolen from whoever
// comes second, or by whoever came first: the token ends (RFC 6749 4.1.2).
func (a *Auth) usedTwice(ctx context.Context, hash []byte) error {
	spent, err := a.Home.Store.SpentCode(ctx, hash)
	if social.IsKind(err, social.NotFound) {
		return badGrant
	}
	if err != nil {
		return err
	}
	t, err := a.Home.Store.Token(ctx, spent.Token)
	if err == nil && t.RevokedAt == 0 {
		err = a.EndToken(ctx, &social.User{ID: t.User}, t.ID)
	}
	if err != nil && !social.IsKind(err, social.NotFound) {
		return err
	}
	return badGrant
}

// proves checks PKCE (RFC 7636 4.6). Where no challenge was given, a verifier
// must not be either.
func proves(challenge, verifier string) bool {
	if challenge == "" {
		return verifier == ""
	}
	sum := sha256.Sum256([]byte(verifier))
	want := base64.RawURLEncoding.EncodeToString(sum[:])
	return subtle.ConstantTimeCompare([]byte(want), []byte(strings.TrimRight(challenge, "="))) == 1
}

// NewToken makes a Token; text stands in for a random one where given.
func (a *Auth) NewToken(ctx context.Context, app, user social.ID, scopes []string, text string) (*Issued, error) {
	t := a.freshToken(app, user, scopes, text)
	return t, a.Home.Store.Write(ctx, func(tx social.Tx) error { return tx.PutToken(ctx, t.Token) })
}

// freshToken is a Token that is not kept yet.
func (a *Auth) freshToken(app, user social.ID, scopes []string, text string) *Issued {
	if text == "" {
		text = Random()
	}
	return &Issued{&social.Token{
		ID: social.ID(a.Home.IDs.Next()), Hash: Hash(text), App: app, User: user, Scopes: scopes,
		CreatedAt: clock.Millis(a.Home.Clock.Now().Truncate(time.Second)),
	}, text}
}

// Revoke ends a token (RFC 7009); its streams end with it. An unknown token is
// no error, somebody else's is refused.
func (a *Auth) Revoke(ctx context.Context, clientID, secret, text string) error {
	app, err := a.Client(ctx, clientID, secret)
	if err != nil {
		return oauthError("unauthorized_client", "You are not authorized to revoke this token")
	}
	t, err := a.Home.Store.TokenByHash(ctx, Hash(text))
	if social.IsKind(err, social.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if t.App != app.ID {
		return oauthError("unauthorized_client", "You are not authorized to revoke this token")
	}
	err = a.Home.Store.Write(ctx, func(tx social.Tx) error {
		_, err := tx.RevokeToken(ctx, Hash(text), clock.Millis(a.Home.Clock.Now()))
		return err
	})
	if social.IsKind(err, social.NotFound) {
		return nil // revoked already
	}
	if err == nil {
		a.Home.Bus.Publish(social.Event{Type: social.TokenRevoked, Token: t.ID})
	}
	return err
}
