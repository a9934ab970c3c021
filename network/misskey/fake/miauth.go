package fake

import (
	"html/template"
	"net/http"
	"net/url"
	"strings"
)

// session is one asking for permission.
type session struct {
	token string
	user  *User
}

var consentForm = template.Must(template.New("").Parse(`<!doctype html><title>MiAuth</title><h1>{{.name}}</h1><p>{{.permission}}</p>
<form method="post"><input type="hidden" name="callback" value="{{.callback}}"><input type="hidden" name="permission" value="{{.permission}}">
<input name="user"><button name="decision" value="allow">allow</button><button name="decision" value="deny">deny</button></form>`))

// consentPage is GET /miauth/{session}.
func (s *Server) consentPage(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_ = consentForm.Execute(w, map[string]string{"name": q.Get("name"), "permission": q.Get("permission"), "callback": q.Get("callback")})
}

// consent is the answer of the page: "user" says who is logged in.
func (s *Server) consent(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("session")
	to, err := url.Parse(r.PostFormValue("callback"))
	if r.PostFormValue("decision") == "allow" {
		s.mu.Lock()
		for _, u := range s.users {
			if u.Username == r.PostFormValue("user") && u.Host == "" {
				s.sessions[id] = &session{token: s.token(u, strings.Split(r.PostFormValue("permission"), ",")), user: u}
			}
		}
		s.mu.Unlock()
	}
	if err != nil || to.Host == "" {
		_, _ = w.Write([]byte("You may close this page."))
		return
	}
	q := to.Query()
	q.Set("session", id)
	to.RawQuery = q.Encode()
	http.Redirect(w, r, to.String(), http.StatusFound)
}

// Consent does what a person does on the page at address (LinkStep.URL), and
// returns what they bring back.
func (s *Server) Consent(address string, u *User, allow bool) (url.Values, error) {
	at, err := url.Parse(address)
	if err != nil {
		return nil, err
	}
	form := url.Values{"callback": {at.Query().Get("callback")}, "permission": {at.Query().Get("permission")}, "user": {u.Username}, "decision": {"deny"}}
	if allow {
		form.Set("decision", "allow")
	}
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.PostForm(s.URL+at.Path, form)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	back, err := resp.Location()
	if err != nil {
		return nil, err
	}
	return back.Query(), nil
}

// check is POST /api/miauth/{session}/check: it answers once.
func (s *Server) check(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	id := r.PathValue("session")
	ses := s.sessions[id]
	if ses == nil {
		write(w, nil, ok(map[string]any{"ok": false}))
		return
	}
	delete(s.sessions, id)
	write(w, nil, ok(map[string]any{"ok": true, "token": ses.token, "user": s.detailed(ses.user)}))
}
