package server

import (
	"context"
	"errors"

	"engawa/api/mastodon"
	"engawa/internal/fetch"
	"engawa/internal/webpush"
	"engawa/queue"
	"engawa/social"
	"engawa/stream/push"
)

// vapidPrivate names the Secret that holds the private key of web push, sealed
// under its own name.
const vapidPrivate = "vapid-private"

// openPush makes what sends notifications to browsers and apps.
func (s *Server) openPush(ctx context.Context) error {
	id, err := s.pushIdentity(ctx)
	if err != nil {
		return err
	}
	s.pusher = &push.Sender{Home: s.Home, Client: s.fetch, Identity: id, Subject: s.Config.URL, Icon: s.avatar}
	if s.Home.Info.Email != "" {
		s.pusher.Subject = "mailto:" + s.Home.Info.Email
	}
	return nil
}

// pushIdentity reads the key of web push, and makes it at the first start: of
// several nodes that start together, one.
func (s *Server) pushIdentity(ctx context.Context) (id *webpush.Identity, err error) {
	err = s.store.Write(ctx, func(tx social.Tx) error {
		sealed, err := tx.Secret(ctx, vapidPrivate)
		if err == nil {
			raw, err := s.Home.Master.OpenBytes(string(sealed), vapidPrivate)
			if err != nil {
				return err
			}
			id, err = webpush.ParseIdentity(raw)
			return err
		}
		if !social.IsKind(err, social.NotFound) {
			return err
		}
		if id, err = webpush.NewIdentity(); err != nil {
			return err
		}
		raw, err := id.Private()
		if err != nil {
			return err
		}
		if err := tx.PutSecret(ctx, vapidPrivate, []byte(s.Home.Master.SealBytes(raw, vapidPrivate))); err != nil {
			return err
		}
		return tx.PutSecret(ctx, mastodon.VapidPublic, []byte(id.Public()))
	})
	return id, err
}

// avatar is the address of somebody's picture.
func (s *Server) avatar(a *social.Actor) string {
	switch {
	case a.Avatar.Key != "":
		return s.Config.URL + "/blob/" + a.Avatar.Key
	case a.Avatar.URL != "":
		return s.remotePicture("static", a.Avatar.URL)
	}
	return s.Config.URL + "/avatars/missing.png"
}

// push carries out a JobPush and says in the queue's words what came of it.
func (s *Server) push(ctx context.Context, j *social.Job) error {
	err := s.pusher.Handle(ctx, j)
	var e *fetch.Error
	switch {
	case !errors.As(err, &e):
		return ofDomain(err)
	case e.Uplink:
		return &queue.Park{Err: err}
	case e.RetryAfter > 0:
		return &queue.Later{After: e.RetryAfter, Err: err}
	case e.Temporary():
		return &queue.HostDown{Err: err}
	}
	return &queue.Drop{Reason: "push " + e.Kind.String(), Err: err}
}
