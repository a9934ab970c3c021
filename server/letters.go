package server

import (
	"context"
	"errors"
	"time"

	"engawa/auth"
	"engawa/internal/clock"
	"engawa/network/mail"
	"engawa/queue"
	"engawa/social"
)

// mailer sends letters about accounts, nil where the home sends no mail.
func (s *Server) mailer() auth.Mailer {
	if s.Config.SMTP.Host == "" {
		return nil
	}
	post := &mail.Network{SMTP: s.Config.SMTP, Clock: clock.System, HomeURL: s.Config.URL, HomeName: s.Home.Info.Name}
	return post.Write
}

// entry are the settings of who may sign up.
func (s *Server) entry() auth.Entry {
	return auth.Entry{Registration: s.Config.Registration, MinAge: s.Config.MinAge, MembersInvite: s.Config.Invites == "members"}
}

// letter carries out a JobLetter and says in the queue's words what came of it.
func (s *Server) letter(ctx context.Context, j *social.Job) error {
	if s.Auth.Mail == nil {
		return &queue.Drop{Reason: "no mail", Err: errors.New("the home sends no mail any more")}
	}
	err := s.Auth.HandleLetter(ctx, j)
	var le *social.LinkError
	if errors.As(err, &le) && le.Class != social.TryAgain {
		return &queue.Drop{Reason: "mail refused", Err: err}
	}
	return ofDomain(err)
}

// confirmTime is how long somebody who signed up may take to confirm the address.
const confirmTime = 7 * 24 * time.Hour

// dropUnconfirmed removes who did not confirm in time.
func (s *Server) dropUnconfirmed(ctx context.Context) {
	for {
		var n int
		err := s.store.Write(ctx, func(tx social.Tx) (err error) {
			n, err = tx.DropUnconfirmed(ctx, clock.Millis(clock.System.Now().Add(-confirmTime)))
			return err
		})
		if err != nil {
			s.Log.Error("unconfirmed accounts could not be removed", "err", err)
		}
		if err != nil || n == 0 {
			return
		}
	}
}
