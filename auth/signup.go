package auth

import (
	"context"
	"crypto/rand"
	"net/mail"
	"net/netip"
	"strings"
	"time"
	"unicode/utf8"

	"engawa/internal/clock"
	"engawa/internal/hostname"
	"engawa/social"
)

// Entry says how people come in: the operator's settings.
type Entry struct {
	Registration string // open, approval, invite, closed
	MinAge       int    // in years; zero asks for no age
	// MembersInvite lets every User invite, not only the staff.
	MembersInvite bool
}

// SignUp is somebody who wants in.
type SignUp struct {
	Name, Email, Password string
	Locale, Reason        string
	Invite                string // code, or ""
	Agreed                bool   // to the rules
	Born                  string // YYYY-MM-DD, or ""
	App                   social.ID
	Address               string // of the machine
	// Stranger is who the identity provider says it is, nil without one: then
	// there is no password, and an address that it proved is confirmed.
	Stranger *Stranger
}

// Fault is one thing that is wrong with a SignUp: Mastodon's code and words.
type Fault struct{ Field, Code, Text string }

// Faults are all of them.
type Faults []Fault

// Error is all of it in one line.
func (f Faults) Error() string {
	all := make([]string, len(f))
	for i := range f {
		all[i] = strings.ToUpper(f[i].Field[:1]) + f[i].Field[1:] + " " + f[i].Text
	}
	return "Validation failed: " + strings.Join(all, ", ")
}

func (f *Faults) add(field, code, text string) { *f = append(*f, Fault{field, code, text}) }

// MaxReason bounds why somebody wants to join, in characters.
const MaxReason = 500

var notAllowed = &social.Error{Kind: social.Forbidden, Op: "sign up", Message: "This action is not allowed"}

// Comes reports whether somebody may sign up now: with this invitation, or
// without one (""). awaits: who runs the home will look at it first.
func (a *Auth) Comes(ctx context.Context, invite string) (awaits bool, err error) {
	if a.Entry.Registration == "closed" || a.Entry.Registration == "" {
		return false, notAllowed
	}
	if invite != "" {
		i, err := a.Home.Store.Invite(ctx, plain(invite, 100))
		if err == nil && i.Open(clock.Millis(a.Home.Clock.Now())) {
			return false, nil
		}
		if err != nil && !social.IsKind(err, social.NotFound) {
			return false, err
		}
		return false, &social.Error{Kind: social.Forbidden, Op: "invite", Message: "This invitation is over. Ask for a new one"}
	}
	if a.Entry.Registration == "invite" {
		return false, notAllowed
	}
	return a.Entry.Registration == "approval", nil
}

// Enter makes the account of who signs up. Where the home sends mail, a letter
// goes to the address, and the answer does not tell whether it had an account:
// if so, what is made can never be confirmed, and the letter says so. What is
// wrong comes back as Faults.
func (a *Auth) Enter(ctx context.Context, s *SignUp) (*social.User, error) {
	awaits, err := a.Comes(ctx, s.Invite)
	if err != nil {
		return nil, err
	}
	proved := false
	if s.Stranger != nil {
		s.Password = ""
		if proved = s.Stranger.Email != ""; proved {
			s.Email = s.Stranger.Email
		}
	}
	s.Name, s.Email, s.Reason = strings.TrimSpace(s.Name), normalEmail(s.Email), strings.TrimSpace(plain(s.Reason, 4*MaxReason+4))
	if faults := a.check(s, awaits); len(faults) > 0 {
		return nil, faults
	}
	if awaits, err = a.barred(ctx, s, awaits); err != nil {
		return nil, err
	}
	known, err := a.known(ctx, s.Email)
	if err != nil {
		return nil, err
	}
	if known && (a.Mail == nil || proved) { // whose it is, the provider has said
		return nil, Faults{{"email", "ERR_TAKEN", "has already been taken"}}
	}
	if err := a.try("sign up", limit{"sign-up:" + network(s.Address), 10, 30 * time.Minute}); err != nil {
		return nil, err
	}
	return a.enter(ctx, s, awaits, known, proved || a.Mail == nil)
}

// barred refuses whom moderators keep from signing up by their address of mail
// or machine, or says that they are to be looked at.
func (a *Auth) barred(ctx context.Context, s *SignUp, awaits bool) (bool, error) {
	from, _ := netip.ParseAddr(s.Address)
	severity, err := a.Home.BarredAddress(ctx, from)
	if err != nil {
		return false, err
	}
	switch severity {
	case social.SignUpBlock, social.NoAccess:
		return false, notAllowed
	case social.SignUpApproval:
		awaits = true
	}
	bar, err := a.Home.BarredEmail(ctx, s.Email, from)
	if err == nil && bar != nil {
		err = Faults{{"email", "ERR_BLOCKED", "uses a disallowed e-mail provider"}}
	}
	return awaits, err
}

func (a *Auth) enter(ctx context.Context, s *SignUp, awaits, known, confirmed bool) (*social.User, error) {
	hash := ""
	if s.Stranger == nil {
		var err error
		if hash, err = HashPassword(s.Password); err != nil {
			return nil, err
		}
	}
	n := social.NewUser{
		Name: s.Name, Email: s.Email, PasswordHash: hash, Locale: s.Locale, Awaiting: awaits, Unconfirmed: !confirmed, Announce: confirmed,
		Reason: s.Reason, Address: s.Address, App: s.App,
	}
	if known {
		n.Email = ""
	}
	var jobs []social.Job
	n.Then = func(tx social.Tx, u *social.User) (err error) {
		if s.Invite != "" {
			i, err := tx.UseInvite(ctx, s.Invite, u.CreatedAt)
			if err != nil {
				return err
			}
			u.InvitedBy = i.User
		}
		if s.Stranger != nil {
			err := tx.PutIdentity(ctx, &social.Identity{Issuer: s.Stranger.Issuer, Subject: s.Stranger.Subject, User: u.ID, CreatedAt: u.CreatedAt})
			if err != nil {
				return err
			}
		}
		if confirmed {
			return nil
		}
		l := &Letter{Kind: letterConfirm, To: s.Email, Locale: s.Locale, Name: s.Name + "@" + a.Home.Info.Domain}
		if known {
			l.Kind = letterKnown
		}
		if l.Token, err = a.prove(ctx, tx, u.ID, n.Email); err != nil {
			return err
		}
		jobs, err = a.post(ctx, tx, l)
		return err
	}
	u, _, err := a.Home.CreateUser(ctx, n)
	if err != nil {
		return nil, nameFault(err)
	}
	if len(jobs) > 0 {
		a.Home.Queue.Push(jobs)
	}
	return u, nil
}

// nameFault says of a name that cannot be had what a Fault says.
func nameFault(err error) error {
	e, ok := err.(*social.Error)
	if !ok || e.Field != "username" {
		return err
	}
	return Faults{{"username", "ERR_TAKEN", strings.TrimPrefix(e.Message, "Validation failed: Username ")}}
}

// check finds what is wrong with what was typed.
func (a *Auth) check(s *SignUp, awaits bool) (f Faults) {
	switch err := social.CheckName(s.Name); {
	case s.Name == "":
		f.add("username", "ERR_BLANK", "can't be blank")
	case err != nil && len(s.Name) > 30:
		f.add("username", "ERR_TOO_LONG", "is too long (maximum is 30 characters)")
	case err != nil:
		f.add("username", "ERR_INVALID", "must contain only letters, numbers and underscores")
	}
	switch {
	case s.Email == "":
		f.add("email", "ERR_BLANK", "can't be blank")
	case CheckEmail(s.Email) != nil:
		f.add("email", "ERR_INVALID", "is invalid")
	}
	switch bad := CheckPassword(s.Password) != nil; {
	case s.Stranger != nil:
	case s.Password == "":
		f.add("password", "ERR_BLANK", "can't be blank")
	case bad && len(s.Password) < MinPassword:
		f.add("password", "ERR_TOO_SHORT", "is too short (minimum is 8 characters)")
	case bad:
		f.add("password", "ERR_TOO_LONG", "is too long (maximum is 1024 bytes)")
	}
	if !s.Agreed {
		f.add("agreement", "ERR_ACCEPTED", "must be accepted")
	}
	switch {
	case utf8.RuneCountInString(s.Reason) > MaxReason:
		f.add("reason", "ERR_TOO_LONG", "is too long (maximum is 500 characters)")
	case s.Reason == "" && awaits:
		f.add("reason", "ERR_BLANK", "can't be blank")
	}
	a.checkAge(&f, s.Born)
	return f
}

// checkAge compares with the least age. The day is not kept.
func (a *Auth) checkAge(f *Faults, born string) {
	if a.Entry.MinAge == 0 {
		return
	}
	day, err := time.Parse(time.DateOnly, born)
	now := a.Home.Clock.Now().UTC()
	switch {
	case born == "":
		f.add("date_of_birth", "ERR_BLANK", "can't be blank")
	case err != nil || day.After(now) || day.Year() < 1900:
		f.add("date_of_birth", "ERR_INVALID", "is invalid")
	case day.AddDate(a.Entry.MinAge, 0, 0).After(now):
		f.add("date_of_birth", "ERR_BELOW_LIMIT", "is below the age limit")
	}
}

// known reports whether an address has an account.
func (a *Auth) known(ctx context.Context, email string) (bool, error) {
	u, err := a.Home.Store.UserByLogin(ctx, email)
	if social.IsKind(err, social.NotFound) {
		return false, nil
	}
	return err == nil && u.Email == email, err
}

func normalEmail(s string) string { return strings.ToLower(strings.TrimSpace(plain(s, maxLogin))) }

// CheckEmail takes name@host without routes or quoting (T67).
func CheckEmail(email string) error {
	bad := &social.Error{Kind: social.Invalid, Op: "email", Field: "email", Message: "Validation failed: Email is invalid"}
	parsed, err := mail.ParseAddress(email)
	at := strings.LastIndexByte(email, '@')
	if err != nil || parsed.Address != email || len(email) > 254 || strings.ContainsAny(email, "%!\"\\ ") || at < 1 {
		return bad
	}
	if host, err := hostname.Parse(email[at+1:]); err != nil || hostname.IsAddress(host) {
		return bad
	}
	return nil
}

// MayInvite reports whether a User may invite people.
func (a *Auth) MayInvite(u *social.User) bool {
	return a.Entry.Registration != "closed" && (a.Entry.MembersInvite || u.Role != social.Member)
}

// maxInvites bounds the invitations of a User that are open.
const maxInvites = 50

// Invite makes an invitation; most zero: for as many as like; life zero: without end.
func (a *Auth) Invite(ctx context.Context, u *social.User, most int64, life time.Duration) (*social.Invite, error) {
	if !a.MayInvite(u) {
		return nil, notAllowed
	}
	now := a.Home.Clock.Now()
	i := &social.Invite{ID: social.ID(a.Home.IDs.Next()), Code: rand.Text()[:16], User: u.ID, Most: max(most, 0), CreatedAt: clock.Millis(now)}
	if life > 0 {
		i.Until = clock.Millis(now.Add(life))
	}
	return i, a.Home.Store.Write(ctx, func(tx social.Tx) error {
		all, err := tx.Invites(ctx, u.ID)
		if err != nil {
			return err
		}
		open := 0
		for k := range all {
			if all[k].Open(i.CreatedAt) {
				open++
			}
		}
		if open >= maxInvites {
			return &social.Error{Kind: social.Conflict, Op: "invite", Message: "There are too many open invitations. Take one back first"}
		}
		return tx.PutInvite(ctx, i)
	})
}
