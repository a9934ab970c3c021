package bluesky

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"sync"
	"time"

	"engawa/internal/locale"
	"engawa/network"
	"engawa/social"
)

const (
	// maxSessions bounds what is remembered of Links; the oldest use goes first.
	maxSessions = 4096
	// early is how long before its end a token is renewed.
	early = time.Minute
	// loginPause is kept between two log-ins with the password: a PDS takes 30 in
	// 5 minutes and 300 a day.
	loginPause = 5 * time.Minute
)

// sessions remembers the newest credentials of each Link, so that a Login which
// was read before a renewal does not use a token that has gone.
type sessions struct {
	mu   sync.Mutex
	kept map[sessionKey]*session
	tick int64
}

type sessionKey struct {
	link social.ID
	did  string
}

// session is one Link's. mu is held while tokens are renewed.
type session struct {
	mu      sync.Mutex
	cred    *credentials
	unkept  bool          // cred was not stored yet
	loginAt social.Millis // of the last log-in with the password
	nonces  nonces
	used    int64
}

// get is the session of a Link; one without an id, being made, is not remembered.
func (s *sessions) get(link social.ID, c *credentials) *session {
	if link == 0 {
		return &session{cred: c}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.kept == nil {
		s.kept = make(map[sessionKey]*session)
	}
	s.tick++
	k := sessionKey{link, c.DID}
	e := s.kept[k]
	if e == nil {
		if len(s.kept) >= maxSessions {
			s.evict()
		}
		e = &session{cred: c}
		s.kept[k] = e
	}
	e.used = s.tick
	return e
}

func (s *sessions) evict() {
	var oldest sessionKey
	least := int64(-1)
	for k, e := range s.kept {
		if least < 0 || e.used < least {
			oldest, least = k, e.used
		}
	}
	delete(s.kept, oldest)
}

// caller speaks to a PDS as one account.
type caller struct {
	n     *Network
	login *social.Login
	*session
	did, pds string
}

func (n *Network) open(l *social.Login) (*caller, error) {
	cred, err := parseCredentials(l.Secret)
	if err != nil {
		return nil, err
	}
	s := n.sessions.get(l.ID, cred)
	s.mu.Lock()
	defer s.mu.Unlock()
	if cred.newer(s.cred) {
		s.cred, s.unkept = cred, false
	}
	return &caller{n: n, login: l, session: s, did: s.cred.DID, pds: s.cred.PDS}, nil
}

// get asks for what a query method (atproto.com/specs/xrpc) answers.
func (c *caller) get(ctx context.Context, method string, query url.Values, into any) error {
	address := c.pds + "/xrpc/" + method
	if len(query) > 0 {
		address += "?" + query.Encode()
	}
	return c.call(ctx, http.MethodGet, address, nil, into)
}

// post calls a procedure with a JSON body.
func (c *caller) post(ctx context.Context, method string, in, into any) error {
	b, err := jsonBody(in)
	if err != nil {
		return err
	}
	return c.call(ctx, http.MethodPost, c.pds+"/xrpc/"+method, b, into)
}

// call sends a request as the account; with a token that was refused as expired it renews once.
func (c *caller) call(ctx context.Context, method, address string, b *body, into any) error {
	cred, err := c.fresh(ctx, "")
	if err != nil {
		return err
	}
	a, err := c.send(ctx, cred, method, address, b)
	if expired(err) {
		if cred, err = c.fresh(ctx, cred.Access); err != nil {
			return err
		}
		a, err = c.send(ctx, cred, method, address, b)
	}
	if err != nil {
		return err
	}
	return decode(a, into)
}

func (c *caller) send(ctx context.Context, cred *credentials, method, address string, b *body) (*answer, error) {
	if cred.OAuth == nil {
		return c.n.exchange(ctx, method, address, http.Header{"Authorization": {"Bearer " + cred.Access}}, b)
	}
	key, err := parseKey(cred.OAuth.Key)
	if err != nil {
		return nil, network.Unreadable(nil)
	}
	return c.n.prove(ctx, &proving{key: key, nonces: &c.nonces, token: cred.Access}, method, address, just(b))
}

// fresh is the credentials with an access token that lasts and is not refused.
func (c *caller) fresh(ctx context.Context, refused string) (*credentials, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.unkept {
		if err := c.keep(ctx, c.cred); err != nil {
			return nil, err
		}
	}
	now := c.n.now()
	if c.cred.Access != "" && c.cred.Access != refused && (c.cred.Ends == 0 || c.cred.Ends > now.Add(early).UnixMilli()) {
		return c.cred, nil
	}
	// A renewal that the server carried out must be kept, whether or not the caller still waits.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*callTimeout)
	defer cancel()
	next, err := c.renew(ctx)
	if err != nil {
		return nil, c.n.failure("renewing the log-in", err)
	}
	next.Serial++
	c.cred, c.unkept = next, true
	if err := c.keep(ctx, next); err != nil {
		return nil, err
	}
	return next, nil
}

// keep stores cred before it is used. c.mu is held.
func (c *caller) keep(ctx context.Context, cred *credentials) error {
	secret, err := cred.secret()
	if err == nil && c.login.Keep != nil {
		err = c.login.Keep(ctx, secret, cred.expires())
	}
	if err != nil {
		return &social.LinkError{Class: social.TryAgain, Message: locale.W("link.fail.not_kept"), Remedy: network.DoWait, Err: err}
	}
	c.unkept = false
	return nil
}

// renew gets new tokens: by the refresh token, and where that has ended by the app password.
func (c *caller) renew(ctx context.Context) (*credentials, error) {
	next := *c.cred
	if next.OAuth != nil {
		return c.refreshOAuth(ctx, &next)
	}
	if next.Refresh != "" {
		err := c.n.refreshSession(ctx, &next)
		var refused *xrpcError
		if err == nil || !errors.As(err, &refused) || refused.Status >= 500 || refused.Status == http.StatusTooManyRequests {
			return &next, err
		}
	}
	now := c.n.now().UnixMilli()
	if wait := c.loginAt + loginPause.Milliseconds() - now; c.loginAt != 0 && wait > 0 {
		return nil, &social.LinkError{Class: social.TryAgain, Message: locale.W("link.fail.login_wait", "where", "Bluesky"), Remedy: network.DoWait, After: wait}
	}
	c.loginAt = now
	return &next, c.n.createSession(ctx, &next, next.DID)
}

// tokens is the answer of createSession and refreshSession.
type tokens struct {
	Access  string    `json:"accessJwt"`
	Refresh string    `json:"refreshJwt"`
	DID     string    `json:"did"`
	Handle  string    `json:"handle"`
	Doc     *document `json:"didDoc"`
	Active  *bool     `json:"active"`
	Status  string    `json:"status"`
}

// createSession logs in with the app password of c and fills its tokens.
func (n *Network) createSession(ctx context.Context, c *credentials, who string) error {
	b, err := jsonBody(map[string]string{"identifier": who, "password": c.Password})
	if err != nil {
		return err
	}
	return n.tokens(ctx, c, "com.atproto.server.createSession", nil, b)
}

func (n *Network) refreshSession(ctx context.Context, c *credentials) error {
	return n.tokens(ctx, c, "com.atproto.server.refreshSession", http.Header{"Authorization": {"Bearer " + c.Refresh}}, nil)
}

func (n *Network) tokens(ctx context.Context, c *credentials, method string, header http.Header, b *body) error {
	a, err := n.exchange(ctx, http.MethodPost, c.PDS+"/xrpc/"+method, header, b)
	if err != nil {
		return err
	}
	var t tokens
	if err := decode(a, &t); err != nil {
		return err
	}
	if t.Access == "" || t.Refresh == "" || len(t.Access)+len(t.Refresh) > 16<<10 {
		return errTokens
	}
	if c.DID != "" && t.DID != c.DID || !validDID(t.DID) {
		return network.Stranger("")
	}
	if t.Active != nil && !*t.Active {
		return inactive(t.Status)
	}
	c.DID, c.Access, c.Refresh, c.Ends = t.DID, t.Access, t.Refresh, jwtEnd(t.Access)
	if validHandle(t.Handle) {
		c.Handle = t.Handle
	}
	if t.Doc != nil { // the account may have moved to another PDS
		if id, err := n.read(t.DID, t.Doc); err == nil {
			c.PDS = id.pds
		}
	}
	return nil
}

// inactive is what a log-in is refused with whose account is not active.
func inactive(status string) error {
	name := map[string]string{"takendown": "AccountTakedown", "suspended": "AccountSuspended", "deactivated": "AccountDeactivated"}[status]
	return &xrpcError{Status: http.StatusForbidden, Name: or(name, "AccountDeactivated"), Message: clip(status, 40)}
}
