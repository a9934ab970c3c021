package server

import (
	"bytes"
	"encoding/hex"
	"io"
	"net/http"

	"engawa/auth"
	"engawa/internal/clock"
	"engawa/internal/locale"
	"engawa/page"
	"engawa/social"
)

// securityPage shows who is logged in where, and what with.
func (s *site) securityPage(v *visit) error {
	if v.user == nil {
		return s.logInFirst(v)
	}
	view := page.SecurityView{
		Visit: s.head(v), Email: v.user.Email, Password: v.user.Password != "", TOTP: len(v.user.TOTPSecret) > 0, Invites: s.auth.MayInvite(v.user),
	}
	for _, fill := range []func(*visit, *page.SecurityView) error{s.fillSessions, s.fillTokens, s.fillFactors} {
		if err := fill(v, &view); err != nil {
			return err
		}
	}
	return s.show(v, page.Answer{Script: true}, func(w io.Writer) error { return s.pages.Security(w, v.lang, view) })
}

func (s *site) fillSessions(v *visit, view *page.SecurityView) error {
	all, err := s.home.Store.Sessions(v.ctx, v.user.ID, clock.Millis(s.home.Clock.Now()))
	mine := auth.SessionOf(v.r)
	for i := range all {
		view.Sessions = append(view.Sessions, page.SessionView{
			ID: hex.EncodeToString(all[i].Hash), Agent: all[i].Agent, Address: all[i].Address, Since: social.Moment(all[i].CreatedAt),
			Seen: social.Moment(all[i].SeenAt), This: bytes.Equal(all[i].Hash, mine),
		})
	}
	return err
}

func (s *site) fillTokens(v *visit, view *page.SecurityView) error {
	all, err := s.home.Store.Tokens(v.ctx, v.user.ID)
	if err != nil {
		return err
	}
	apps := map[social.ID]*social.App{}
	for i := range all {
		t := &all[i]
		if _, known := apps[t.App]; !known {
			if apps[t.App], err = s.home.Store.App(v.ctx, t.App); err != nil && !social.IsKind(err, social.NotFound) {
				return err
			}
		}
		row := page.TokenView{ID: t.ID.String(), Scopes: t.Scopes, Since: social.Moment(t.CreatedAt), Used: social.Moment(t.UsedAt)}
		if app := apps[t.App]; app != nil {
			row.App, row.Website = app.Name, app.Website
		}
		view.Tokens = append(view.Tokens, row)
	}
	return nil
}

func (s *site) fillFactors(v *visit, view *page.SecurityView) error {
	keys, err := s.home.Store.Passkeys(v.ctx, v.user.ID)
	if err != nil {
		return err
	}
	for i := range keys {
		view.Passkeys = append(view.Passkeys, page.PasskeyView{
			ID: hex.EncodeToString(keys[i].ID), Name: keys[i].Name, Since: social.Moment(keys[i].CreatedAt), Used: social.Moment(keys[i].UsedAt),
		})
	}
	if view.Codes, err = s.home.Store.RecoveryCodes(v.ctx, v.user.ID); err != nil || s.auth.Provider == nil {
		return err
	}
	view.Provider = s.auth.Provider.Name
	ids, err := s.home.Store.Identities(v.ctx, v.user.ID)
	for i := range ids {
		view.Identities = append(view.Identities, page.IdentityView{ID: ids[i].Issuer + "\n" + ids[i].Subject, Issuer: ids[i].Issuer, Subject: ids[i].Subject})
	}
	return err
}

// deed is one button of the page: what it does, and whether the password is
// asked for first.
type deed struct {
	grave bool
	do    func(s *site, v *visit, id string) error
}

var deeds = map[string]deed{
	"end-session":   {false, endSession},
	"end-token":     {false, endToken},
	"end-others":    {false, func(s *site, v *visit, _ string) error { return s.auth.EndOthers(v.ctx, v.user, auth.SessionOf(v.r)) }},
	"totp-off":      {true, func(s *site, v *visit, _ string) error { return s.auth.SetTOTP(v.ctx, v.user, "", "") }},
	"drop-passkey":  {true, dropPasskey},
	"drop-identity": {true, dropIdentity},
	"codes":         {true, nil}, // shown, not only done
}

// security takes a button of the page.
func (s *site) security(v *visit) error {
	f, err := form(v)
	if err != nil {
		return err
	}
	if v.user == nil {
		return s.logInFirst(v)
	}
	name, id := f.Get("do"), f.Get("id")
	d, ok := deeds[name]
	if !ok {
		return social.ErrNotFound
	}
	if d.grave && v.user.Password != "" {
		trouble := ""
		if f.Has("current") {
			trouble = s.wrongPassword(v, f.Get("current"))
		}
		if trouble != "" || !f.Has("current") {
			return s.askPassword(v, name, id, trouble)
		}
	}
	if name == "codes" {
		return s.showCodes(v)
	}
	if err := d.do(s, v, id); err != nil {
		return err
	}
	http.Redirect(v.w, v.r, page.SecurityPath, http.StatusSeeOther)
	return nil
}

// wrongPassword says what is wrong with the reader's password, "" for nothing.
func (s *site) wrongPassword(v *visit, current string) string {
	err := s.auth.CheckPassword(v.user, current, s.addressText(v.r))
	switch {
	case err == nil:
		return ""
	case social.IsKind(err, social.Limited):
		return problem(v.lang, err)
	}
	return locale.T(v.lang, "problem.password-wrong")
}

// askPassword asks for the password before a grave deed.
func (s *site) askPassword(v *visit, do, id, trouble string) error {
	status := http.StatusOK
	if trouble != "" {
		status = http.StatusUnprocessableEntity
	}
	return s.showAsk(v, status, page.AskView{
		Title: locale.T(v.lang, "security.title"), Text: locale.T(v.lang, "security.sure"), Action: page.SecurityPath, Problem: trouble,
		Hidden: []page.Param{{Name: "do", Value: do}, {Name: "id", Value: id}}, Fields: []page.AskField{currentField(v)},
		Button: locale.T(v.lang, "login.next"), Link: page.SecurityPath, Label: locale.T(v.lang, "frame.back"),
	})
}

func currentField(v *visit) page.AskField {
	return page.AskField{Name: "current", Label: locale.T(v.lang, "form.currentPassword"), Type: "password", Complete: "current-password", Longest: 1024}
}

// showCodes makes new recovery codes and shows them this once.
func (s *site) showCodes(v *visit) error {
	codes, err := s.auth.NewRecoveryCodes(v.ctx, v.user.ID)
	if err != nil {
		return err
	}
	return s.listCodes(v, codes)
}

func (s *site) listCodes(v *visit, codes []string) error {
	return s.showAsk(v, http.StatusOK, page.AskView{
		Title: locale.T(v.lang, "security.codesTitle"), Text: locale.T(v.lang, "security.codesText"), List: codes,
		Link: page.SecurityPath, Label: locale.T(v.lang, "security.codesKept"),
	})
}

func endSession(s *site, v *visit, id string) error {
	hash, err := hex.DecodeString(id)
	if err != nil {
		return social.ErrNotFound
	}
	return s.auth.EndSession(v.ctx, v.user, hash)
}

func endToken(s *site, v *visit, id string) error {
	token, ok := social.ParseID(id)
	if !ok {
		return social.ErrNotFound
	}
	return s.auth.EndToken(v.ctx, v.user, token)
}

func dropPasskey(s *site, v *visit, id string) error {
	raw, err := hex.DecodeString(id)
	if err != nil {
		return social.ErrNotFound
	}
	return s.home.Store.Write(v.ctx, func(tx social.Tx) error { return tx.DropPasskey(v.ctx, v.user.ID, raw) })
}
