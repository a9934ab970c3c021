package server

import (
	"errors"
	"io"
	"net/http"

	"engawa/internal/locale"
	"engawa/network/mail"
	"engawa/page"
	"engawa/social"
)

// linkedPath is where a person lands who linked an account: where they began.
func linkedPath(v *visit) string {
	if _, err := v.r.Cookie(linkBackCookie); err == nil {
		return page.RelayPath
	}
	return deckPath + "#links"
}

// linkBack is where a network sends a person back to: it finishes linking. Who
// is not logged in here does that first, and comes back.
func (s *Server) linkBack(site *site) func(*visit) error {
	return func(v *visit) error {
		if v.user == nil {
			return site.logInFirst(v)
		}
		name := v.r.PathValue("network")
		l, url, err := s.Links.Finish(v.ctx, v.user.ID, name, v.r.URL.Query())
		switch {
		case err != nil:
			return site.linkFailed(v, err)
		case url != "":
			http.Redirect(v.w, v.r, url, http.StatusFound)
			return nil
		case l == nil || name == mail.Name: // a letter may have opened another browser than the client's
			return site.linkDone(v, l)
		}
		http.Redirect(v.w, v.r, linkedPath(v), http.StatusFound)
		return nil
	}
}

// linkDone says that an account is linked.
func (s *site) linkDone(v *visit, l *social.Link) error {
	view := page.DoneView{Visit: s.head(v), Title: locale.T(v.lang, "page.link.done"), Link: linkedPath(v), Label: locale.T(v.lang, "page.link.back")}
	if l != nil {
		view.Text = locale.T(v.lang, "page.link.done_text", "name", l.Name, "network", l.Network)
	}
	return s.show(v, page.Answer{}, func(w io.Writer) error { return s.pages.Done(w, v.lang, view) })
}

// linkFailed says why an account is not linked, and what would help.
func (s *site) linkFailed(v *visit, err error) error {
	status := pageStatus[social.KindOf(err)]
	if status >= 500 && v.ctx.Err() == nil {
		s.log.Error("an account could not be linked", "network", v.r.PathValue("network"), "err", err)
	}
	view := page.DoneView{Visit: s.head(v), Title: locale.T(v.lang, "page.link.failed"), Text: toRead(v.lang, err), Link: linkedPath(v), Label: locale.T(v.lang, "page.link.back")}
	return s.show(v, page.Answer{Status: status}, func(w io.Writer) error { return s.pages.Done(w, v.lang, view) })
}

// toRead is what a person may read of an error.
func toRead(lang locale.Lang, err error) string {
	var e *social.Error
	if errors.As(err, &e) {
		return locale.Say(lang, e.Message)
	}
	return ""
}

// unsubscribe pauses the Link that a letter names, for whoever has its key. A
// POST does it at once (RFC 8058), a GET asks first: programs that look into
// letters open what they find there.
func (s *Server) unsubscribe(site *site) func(*visit) error {
	return func(v *visit) error {
		q := v.r.URL.Query()
		id, ok := social.ParseID(q.Get("link"))
		if !ok {
			return social.ErrNotFound
		}
		l, err := s.store.Link(v.ctx, 0, id)
		if err != nil {
			return err
		}
		login, err := s.Login(v.ctx, l)
		if err != nil {
			return err
		}
		if l.Network != mail.Name || !mail.Unsubscribes(login, q.Get("key")) {
			return social.ErrNotFound // never told apart
		}
		view := page.DoneView{Visit: site.head(v)}
		if v.r.Method == http.MethodPost || q.Get("confirm") == "1" {
			paused := true
			if _, err := s.Links.Change(v.ctx, l.User, l.ID, &LinkChange{Paused: &paused}); err != nil {
				return err
			}
			view.Title, view.Text = locale.T(v.lang, "page.link.stopped"), locale.T(v.lang, "page.link.stopped_text", "name", l.Name)
		} else {
			q.Set("confirm", "1")
			view.Title, view.Label = locale.T(v.lang, "page.link.stop"), locale.T(v.lang, "page.link.stop_button")
			view.Link = mail.UnsubscribePath + "?" + q.Encode()
		}
		return site.show(v, page.Answer{}, func(w io.Writer) error { return site.pages.Done(w, v.lang, view) })
	}
}
