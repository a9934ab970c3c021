package server

import (
	"io"
	"net/http"
	"strconv"
	"time"

	"engawa/internal/clock"
	"engawa/page"
	"engawa/social"
)

// invitesPage and invites show, make and take back what people are invited by.
func (s *site) invitesPage(v *visit) error {
	if v.user == nil {
		return s.logInFirst(v)
	}
	if !s.auth.MayInvite(v.user) {
		return social.ErrNotFound
	}
	return s.showInvites(v, http.StatusOK, "")
}

func (s *site) showInvites(v *visit, status int, trouble string) error {
	all, err := s.home.Store.Invites(v.ctx, v.user.ID)
	if err != nil {
		return err
	}
	now := clock.Millis(s.home.Clock.Now())
	view := page.InvitesView{Visit: s.head(v), Problem: trouble}
	for i := range all {
		view.Invites = append(view.Invites, page.InviteView{
			ID: all[i].ID.String(), URL: s.base + invitePath + all[i].Code, Uses: all[i].Uses, Most: all[i].Most,
			Until: social.Moment(all[i].Until), Over: !all[i].Open(now),
		})
	}
	return s.show(v, page.Answer{Status: status}, func(w io.Writer) error { return s.pages.Invites(w, v.lang, view) })
}

// invitePath is before an invitation's code.
const invitePath = "/invite/"

func (s *site) invites(v *visit) error {
	f, err := form(v)
	if err != nil {
		return err
	}
	if v.user == nil {
		return s.logInFirst(v)
	}
	if f.Get("drop") != "" {
		id, _ := social.ParseID(f.Get("drop"))
		err = s.home.Store.Write(v.ctx, func(tx social.Tx) error { return tx.DropInvite(v.ctx, v.user.ID, id) })
	} else {
		most, _ := strconv.ParseInt(f.Get("most"), 10, 32)
		days, _ := strconv.ParseInt(f.Get("days"), 10, 16)
		_, err = s.auth.Invite(v.ctx, v.user, most, time.Duration(max(days, 0))*24*time.Hour)
	}
	if err != nil {
		if social.IsKind(err, social.Conflict) {
			return s.showInvites(v, http.StatusConflict, problem(v.lang, err))
		}
		return err
	}
	http.Redirect(v.w, v.r, page.InvitesPath, http.StatusSeeOther)
	return nil
}
