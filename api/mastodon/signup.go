package mastodon

import (
	"errors"
	"net/http"
	"strings"

	"engawa/auth"
	"engawa/social"
)

// fault is one thing that is wrong with a sign-up, in Mastodon's words.
type fault struct {
	Code        string `json:"error"`
	Description string `json:"description"`
}

// signUp is POST /api/v1/accounts: an app's own token makes an account where the
// registration allows it, with an invitation (invite_code) where it asks for one.
func signUp(a *API, c *call) (any, error) {
	in := c.in
	s := &auth.SignUp{
		Name: in.text("username"), Email: in.text("email"), Password: in.text("password"), Locale: localeOf(in.text("locale")),
		Reason: in.text("reason"), Invite: strings.TrimSpace(in.text("invite_code")), Agreed: in.flag("agreement", false),
		Born: in.text("date_of_birth"), App: c.grant.App, Address: a.Limits.addressOf(c.Request),
	}
	u, err := a.Auth.Enter(c.ctx, s)
	if err != nil {
		return nil, signUpFailure(err)
	}
	t, err := a.Auth.NewToken(c.ctx, c.grant.App, u.ID, c.grant.Scopes, "")
	if err != nil {
		return nil, err
	}
	return tokenEntity(t), nil
}

// signUpFailure adds to what is wrong the details by field.
func signUpFailure(err error) error {
	var faults auth.Faults
	if !errors.As(err, &faults) {
		return err
	}
	by := map[string][]fault{}
	for _, f := range faults {
		by[f.Field] = append(by[f.Field], fault{f.Code, f.Text})
	}
	return &statusError{http.StatusUnprocessableEntity, map[string]any{"error": faults.Error(), "details": by}}
}

// addressOf is the client's address as text.
func (l *Limiter) addressOf(r *http.Request) string {
	if l == nil {
		l = &Limiter{}
	}
	return l.address(r).String()
}

// localeOf is the nearest of the languages that the home speaks.
func localeOf(s string) string {
	if first, _, _ := strings.Cut(strings.ToLower(s), "-"); first == "ja" {
		return "ja"
	}
	return "en"
}

// resendConfirmation is POST /api/v1/emails/confirmations: the letter of the
// sign-up once more, to another address if one is given.
func resendConfirmation(a *API, c *call) (any, error) {
	if c.grant.User.ConfirmedAt != 0 {
		return nil, &social.Error{Kind: social.Forbidden, Op: "resend", Message: "This method is only available while the e-mail is awaiting confirmation"}
	}
	return empty, a.Auth.Resend(c.ctx, c.grant.User, c.in.text("email"))
}

// checkConfirmation is GET /api/v1/emails/check_confirmation.
func checkConfirmation(_ *API, c *call) (any, error) {
	if c.grant.User.ConfirmedAt != 0 {
		return raw("true"), nil
	}
	return raw("false"), nil
}
