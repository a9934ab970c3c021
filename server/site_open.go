package server

import (
	"html/template"
	"net/http"

	"engawa/page"
	"engawa/social"
)

// newSite builds the pages of the home.
func (s *Server) newSite() (*site, error) {
	st := &site{
		home: s.Home, auth: s.Auth, remote: s.remotePicture, address: clientAddress(s.Config.TrustedProxies), base: s.Config.URL, log: s.Log,
	}
	var err error
	st.pages, err = page.New(page.Options{Home: func() page.HomeView { return homeView(&s.Home.Info, s.version) }})
	return st, err
}

func homeView(hi *social.HomeInfo, version string) page.HomeView {
	return page.HomeView{
		Name: hi.Name, Domain: hi.Domain, URL: hi.URL, Description: html(template.HTMLEscapeString(hi.Summary)), Summary: hi.Summary,
		Contact: hi.Email, Version: version,
	}
}

// toProfile and toPost lead a browser from an ActivityPub id to its page.
func (s *site) toProfile(v *visit) error {
	a, err := s.home.Store.ActorByHandle(v.ctx, v.r.PathValue("name"), s.home.Info.Domain)
	if err != nil {
		return err
	}
	http.Redirect(v.w, v.r, a.URL, http.StatusFound)
	return nil
}

func (s *site) toPost(v *visit) error {
	p, err := s.home.Store.PostByURI(v.ctx, s.base+v.r.URL.Path)
	if err != nil {
		return err
	}
	if _, err := s.home.PostFor(v.ctx, v.viewer(), p.ID); err != nil {
		return err // as if it were not there (T57)
	}
	http.Redirect(v.w, v.r, p.URL, http.StatusFound)
	return nil
}
