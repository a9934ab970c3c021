package server

import (
	"encoding/json"
	"errors"
	"net/http"

	"engawa/auth"
	"engawa/page"
	"engawa/social"
)

// passkeyAsk is what the script of passkeys sends.
type passkeyAsk struct {
	Challenge  string          `json:"challenge"`
	Current    string          `json:"current"`
	State      string          `json:"state"`
	Label      string          `json:"label"`
	Next       string          `json:"next"`
	Credential json.RawMessage `json:"credential"`
}

// scripted answers what a script asks: JSON in, JSON out, errors in the reader's
// words.
func (s *site) scripted(f func(*visit, *passkeyAsk) (any, error)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		v := &visit{w: w, r: r, ctx: r.Context()}
		var in passkeyAsk
		var out any
		err := s.arrive(v)
		if err == nil {
			if json.NewDecoder(http.MaxBytesReader(w, r.Body, 64<<10)).Decode(&in) != nil {
				err = &social.Error{Kind: social.Invalid, Op: "read form", Message: "the form cannot be read"}
			}
		}
		if err == nil {
			out, err = f(v, &in)
		}
		status := http.StatusOK
		if err != nil {
			if status = pageStatus[social.KindOf(err)]; status >= 500 && v.ctx.Err() == nil {
				s.log.Error("a passkey failed", "path", r.URL.Path, "err", err)
			}
			if cause := errors.Unwrap(err); cause != nil {
				s.log.Info("a passkey was refused", "err", cause)
			}
			out = map[string]string{"error": problem(v.lang, err)}
		}
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		w.Header().Set("Cache-Control", "no-store")
		w.WriteHeader(status)
		_ = json.NewEncoder(w).Encode(out)
	})
}

func (s *site) passkeyBegin(v *visit, in *passkeyAsk) (any, error) {
	return s.auth.UsePasskey(v.ctx, in.Challenge, s.addressText(v.r))
}

func (s *site) passkeyDone(v *visit, in *passkeyAsk) (any, error) {
	u, err := s.auth.PasskeyUsed(v.ctx, in.State, in.Credential)
	if err != nil {
		return nil, err
	}
	return map[string]string{"next": afterLogIn(in.Next)}, s.auth.Begin(v.ctx, v.w, v.r, u, s.addressText(v.r))
}

var logInAgain = &social.Error{Kind: social.Unauthenticated, Op: "passkey", Message: "Log in first"}

func (s *site) passkeyMake(v *visit, in *passkeyAsk) (any, error) {
	if v.user == nil {
		return nil, logInAgain
	}
	if v.user.Password != "" {
		if trouble := s.wrongPassword(v, in.Current); trouble != "" {
			return nil, &social.Error{Kind: social.Invalid, Op: "passkey password", Message: trouble}
		}
	}
	return s.auth.MakePasskey(v.ctx, v.user)
}

func (s *site) passkeyMade(v *visit, in *passkeyAsk) (any, error) {
	if v.user == nil {
		return nil, logInAgain
	}
	return map[string]string{"next": page.SecurityPath}, s.auth.PasskeyMade(v.ctx, v.user, in.State, in.Label, in.Credential)
}

// second shows the log-in page for the second step.
func (s *site) second(v *visit, next string, out auth.Outcome) error {
	return s.showLogIn(v, http.StatusOK, page.LogInView{Next: next, Challenge: out.Challenge, Passkey: out.Passkeys})
}
