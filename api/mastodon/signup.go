package mastodon

import (
	"errors"
	"net/http"
	"net/mail"
	"slices"
	"strings"

	"engawa/auth"
	"engawa/internal/hostname"
	"engawa/social"
)

// fault is one thing that is wrong with a sign-up, in Mastodon's words.
type fault struct {
	Code        string `json:"error"`
	Description string `json:"description"`
}

// faults are what is wrong, by field, in the order they were found.
type faults struct {
	fields []string
	by     map[string][]fault
}

func (f *faults) add(field, code, description string) {
	if f.by == nil {
		f.by = make(map[string][]fault)
	}
	if !slices.Contains(f.fields, field) {
		f.fields = append(f.fields, field)
	}
	f.by[field] = append(f.by[field], fault{code, description})
}

// err is all of it as one answer, nil when nothing is wrong.
func (f *faults) err() error {
	if len(f.fields) == 0 {
		return nil
	}
	var all []string
	for _, field := range f.fields {
		for _, x := range f.by[field] {
			all = append(all, strings.ToUpper(field[:1])+field[1:]+" "+x.Description)
		}
	}
	return &statusError{http.StatusUnprocessableEntity, map[string]any{"error": "Validation failed: " + strings.Join(all, ", "), "details": f.by}}
}

// maxReason bounds why somebody wants to join, in characters.
const maxReason = 500

// signUp is POST /api/v1/accounts: an app's own token makes an account where the
// registration is open or asks for approval. There is no mail yet, so that the
// address is taken as confirmed.
func signUp(a *API, c *call) (any, error) {
	if a.Registration != "open" && a.Registration != "approval" {
		return nil, &social.Error{Kind: social.Forbidden, Op: "sign up", Message: "This action is not allowed"}
	}
	n, err := a.readSignUp(c)
	if err != nil {
		return nil, err
	}
	if n.PasswordHash, err = auth.HashPassword(c.in.text("password")); err != nil {
		return nil, err
	}
	u, _, err := a.Home.CreateUser(c.ctx, n)
	var e *social.Error
	if errors.As(err, &e) && e.Field == "username" {
		var f faults
		f.add("username", "ERR_TAKEN", strings.TrimPrefix(e.Message, "Validation failed: Username "))
		return nil, f.err()
	}
	if err != nil {
		return nil, err
	}
	t, err := a.Auth.NewToken(c.ctx, c.grant.App, u.ID, c.grant.Scopes, "")
	if err != nil {
		return nil, err
	}
	return tokenEntity(t), nil
}

func (a *API) readSignUp(c *call) (social.NewUser, error) {
	var f faults
	in := c.in
	n := social.NewUser{
		Name: strings.TrimSpace(in.text("username")), Email: strings.ToLower(strings.TrimSpace(in.text("email"))),
		Locale: localeOf(in.text("locale")), Awaiting: a.Registration == "approval",
	}
	checkUsername(&f, n.Name)
	if err := a.checkEmail(c, &f, n.Email); err != nil {
		return n, err
	}
	switch password := in.text("password"); {
	case password == "":
		f.add("password", "ERR_BLANK", "can't be blank")
	case auth.CheckPassword(password) != nil && len(password) < auth.MinPassword:
		f.add("password", "ERR_TOO_SHORT", "is too short (minimum is 8 characters)")
	case auth.CheckPassword(password) != nil:
		f.add("password", "ERR_TOO_LONG", "is too long (maximum is 1024 bytes)")
	}
	if !in.flag("agreement", false) {
		f.add("agreement", "ERR_ACCEPTED", "must be accepted")
	}
	switch reason := strings.TrimSpace(in.text("reason")); {
	case len([]rune(reason)) > maxReason:
		f.add("reason", "ERR_TOO_LONG", "is too long (maximum is 500 characters)")
	case reason == "" && n.Awaiting:
		f.add("reason", "ERR_BLANK", "can't be blank")
	}
	return n, f.err()
}

func checkUsername(f *faults, name string) {
	err := social.CheckName(name)
	switch {
	case name == "":
		f.add("username", "ERR_BLANK", "can't be blank")
	case err != nil && len(name) > 30:
		f.add("username", "ERR_TOO_LONG", "is too long (maximum is 30 characters)")
	case err != nil:
		f.add("username", "ERR_INVALID", "must contain only letters, numbers and underscores")
	}
}

// checkEmail takes name@host without routes or quoting (T67).
func (a *API) checkEmail(c *call, f *faults, email string) error {
	if email == "" {
		f.add("email", "ERR_BLANK", "can't be blank")
		return nil
	}
	parsed, err := mail.ParseAddress(email)
	at := strings.LastIndexByte(email, '@')
	if err != nil || parsed.Address != email || len(email) > 254 || strings.ContainsAny(email, "%!\"\\ ") || at < 1 {
		f.add("email", "ERR_INVALID", "is invalid")
		return nil
	}
	if host, err := hostname.Parse(email[at+1:]); err != nil || hostname.IsAddress(host) {
		f.add("email", "ERR_INVALID", "is invalid")
		return nil
	}
	_, err = a.Home.Store.UserByLogin(c.ctx, email)
	if err == nil {
		f.add("email", "ERR_TAKEN", "has already been taken")
		return nil
	}
	if social.IsKind(err, social.NotFound) {
		return nil
	}
	return err
}

// localeOf is the nearest of the languages that the home speaks.
func localeOf(s string) string {
	if first, _, _ := strings.Cut(strings.ToLower(s), "-"); first == "ja" {
		return "ja"
	}
	return "en"
}
