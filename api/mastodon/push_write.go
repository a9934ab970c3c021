package mastodon

import (
	"encoding/base64"
	"net/url"
	"slices"

	"engawa/auth"
	"engawa/social"
)

// PushSubscription is where the notifications of one token go.
type PushSubscription struct {
	ID        string          `json:"id"`
	Endpoint  string          `json:"endpoint"`
	Standard  bool            `json:"standard"`
	Alerts    map[string]bool `json:"alerts"`
	ServerKey string          `json:"server_key"`
	Policy    string          `json:"policy"`
}

var (
	// alertTypes are the notifications that can be pushed, all of which are told.
	alertTypes = []string{
		"mention", "status", "reblog", "follow", "follow_request", "favourite", "poll", "update", "quote", "quoted_update",
		"reaction", "admin.sign_up", "admin.report",
	}
	pushPolicies = []string{"all", "followed", "follower", "none"}
)

// maxEndpoint bounds a push address, in bytes.
const maxEndpoint = 2048

// createPush is POST /api/v1/push/subscription: the one of this token is replaced.
func createPush(a *API, c *call) (any, error) {
	sub := c.in.group("subscription")
	keys := sub.group("keys")
	s := &social.PushSubscription{
		ID: a.newID(), Token: c.grant.Token, User: c.me(), Endpoint: sub.text("endpoint"),
		P256DH: keys.text("p256dh"), Auth: keys.text("auth"), Standard: sub.flag("standard", false), Policy: "all",
	}
	u, err := url.Parse(s.Endpoint)
	switch {
	case s.Endpoint == "":
		return nil, badInput("subscription[endpoint]", "Validation failed: Endpoint can't be blank")
	case err != nil || u.Scheme != "https" || u.Host == "" || u.User != nil || len(s.Endpoint) > maxEndpoint:
		return nil, badInput("subscription[endpoint]", "Validation failed: Endpoint is not a valid URL: it must begin with https://")
	case !isKey(s.P256DH, 65):
		return nil, badInput("subscription[keys][p256dh]", "Validation failed: Key p256dh must be an uncompressed P-256 point in base64")
	case !isKey(s.Auth, 16):
		return nil, badInput("subscription[keys][auth]", "Validation failed: Key auth must be 16 bytes in base64")
	}
	if err := readPush(c.in.group("data"), s); err != nil {
		return nil, err
	}
	s.Sealed = a.Home.Master.SealBytes([]byte(auth.Bearer(c.Request)), social.PushContext(s.Token))
	if err := a.Home.Store.Write(c.ctx, func(tx social.Tx) error { return tx.PutPushSubscription(c.ctx, s) }); err != nil {
		return nil, err
	}
	return a.pushSubscription(c, s), nil
}

// isKey reports whether s is n bytes in base64, of either alphabet, padded or not.
func isKey(s string, n int) bool {
	for _, e := range []*base64.Encoding{base64.RawURLEncoding, base64.URLEncoding, base64.RawStdEncoding, base64.StdEncoding} {
		if b, err := e.DecodeString(s); err == nil {
			return len(b) == n
		}
	}
	return false
}

// readPush reads policy and alerts; what is not said stays.
func readPush(data Params, s *social.PushSubscription) error {
	if name := data.text("policy"); name != "" {
		if !slices.Contains(pushPolicies, name) {
			return badInput("data[policy]", "Validation failed: Policy is not one of all, followed, follower, none")
		}
		s.Policy = name
	}
	if !data.has("alerts") {
		return nil
	}
	alerts := data.group("alerts")
	s.Alerts = make(map[string]bool, len(alertTypes))
	for _, name := range alertTypes {
		if alerts.has(name) {
			s.Alerts[name] = alerts.flag(name, false)
		} else if nested := alerts.group("admin"); name == "admin.sign_up" || name == "admin.report" {
			s.Alerts[name] = nested.flag(name[len("admin."):], false)
		}
	}
	return nil
}

func (a *API) pushSubscription(c *call, s *social.PushSubscription) *PushSubscription {
	out := &PushSubscription{
		ID: s.ID.String(), Endpoint: s.Endpoint, Standard: s.Standard, ServerKey: a.vapidKey(c),
		Policy: orElse(s.Policy, "all"), Alerts: make(map[string]bool, len(alertTypes)),
	}
	for _, name := range alertTypes {
		out.Alerts[name] = s.Alerts[name]
	}
	return out
}

// ownPush is the subscription of the token that asks.
func (a *API) ownPush(c *call) (*social.PushSubscription, error) {
	s, err := a.Home.Store.PushSubscription(c.ctx, c.grant.Token)
	if err == nil && s.User != c.me() {
		return nil, social.ErrNotFound
	}
	return s, err
}

func getPush(a *API, c *call) (any, error) {
	s, err := a.ownPush(c)
	if err != nil {
		return nil, err
	}
	return a.pushSubscription(c, s), nil
}

func updatePush(a *API, c *call) (any, error) {
	s, err := a.ownPush(c)
	if err != nil {
		return nil, err
	}
	next := *s
	data := c.in.group("data")
	if data == nil {
		data = Params{}
	}
	if c.in.has("policy") && !data.has("policy") {
		data["policy"] = c.in["policy"] // the schema has it beside data
	}
	if err := readPush(data, &next); err != nil {
		return nil, err
	}
	if err := a.Home.Store.Write(c.ctx, func(tx social.Tx) error { return tx.PutPushSubscription(c.ctx, &next) }); err != nil {
		return nil, err
	}
	return a.pushSubscription(c, &next), nil
}

func deletePush(a *API, c *call) (any, error) {
	return empty, a.Home.Store.Write(c.ctx, func(tx social.Tx) error {
		err := tx.DropPushSubscription(c.ctx, c.grant.Token)
		if social.IsKind(err, social.NotFound) {
			return nil
		}
		return err
	})
}
