// Package push brings notifications to browsers and apps that are closed: Web
// Push (RFC 8030) in both encodings, with the payload that Mastodon's apps read.
package push

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"engawa/internal/clock"
	"engawa/internal/fetch"
	"engawa/internal/webpush"
	"engawa/social"
)

// Poster sends a request to a push service; *fetch.Client is one.
type Poster interface {
	Post(ctx context.Context, url string, body []byte, o fetch.Options) (*fetch.Response, error)
}

// Sender carries out JobPush. Fields are set before use.
type Sender struct {
	Home     *social.Home
	Client   Poster
	Identity *webpush.Identity
	// Subject is how a push service reaches who runs the home: mailto: or https:.
	Subject string
	// Icon is the address of an Actor's picture.
	Icon func(*social.Actor) string
}

// life is how long a push service keeps a message for a device that is off, and
// how old a notification may be to be sent at all: as Mastodon has it.
const life = 48 * time.Hour

// Handle sends one notification (Job.Ref) to one subscription (Job.Target is
// its Token). Nothing is sent, and nothing is wrong, when either is gone, too
// old, or left out by the subscription's policy. A temporary failure is the
// *fetch.Error; a subscription that the push service does not know is removed.
func (s *Sender) Handle(ctx context.Context, j *social.Job) error {
	token, ok := social.ParseID(j.Target)
	if !ok {
		return fmt.Errorf("a push to %q: no such token can be", j.Target)
	}
	sub, err := s.Home.Store.PushSubscription(ctx, token)
	if err != nil {
		return missingOK(err)
	}
	user, err := s.Home.Store.User(ctx, sub.User)
	if err != nil || user.DisabledAt != 0 {
		return missingOK(err)
	}
	n, err := s.Home.NotificationOf(ctx, social.Viewer{Actor: user.ID, User: true, Staff: user.Role != social.Member}, j.Ref)
	if err != nil {
		return missingOK(err)
	}
	age := s.Home.Clock.Now().Sub(clock.FromMillis(n.Rows[0].CreatedAt))
	if wanted, err := s.wants(ctx, sub, &n.Rows[0]); err != nil || !wanted || age >= life {
		return err
	}
	message, err := s.message(sub, user, n)
	if err != nil {
		return err
	}
	return s.send(ctx, sub, n.Rows[0].ID, message, life-max(age, 0))
}

// wants judges by kind and policy, as they are now.
func (s *Sender) wants(ctx context.Context, sub *social.PushSubscription, n *social.Notification) (bool, error) {
	if !sub.Alerts[string(n.Type)] {
		return false, nil
	}
	switch sub.Policy {
	case social.PushNone:
		return false, nil
	case social.PushFollowed, social.PushFollower:
	default:
		return true, nil
	}
	if n.Actor == n.User { // one's own poll has ended
		return true, nil
	}
	rels, err := s.Home.Store.Relations(ctx, n.User, []social.ID{n.Actor})
	if err != nil || rels[n.Actor] == nil {
		return false, err
	}
	if sub.Policy == social.PushFollowed {
		return rels[n.Actor].Following, nil
	}
	return rels[n.Actor].FollowedBy, nil
}

// send encrypts a message and hands it to the push service.
func (s *Sender) send(ctx context.Context, sub *social.PushSubscription, about social.ID, message []byte, ttl time.Duration) error {
	to, err := webpush.ParseReceiver(sub.P256DH, sub.Auth)
	if err != nil {
		return s.drop(ctx, sub) // no key of any browser: it can never be read
	}
	encoding := webpush.AESGCM
	if sub.Standard {
		encoding = webpush.AES128GCM
	}
	sealed, err := webpush.Seal(to, encoding, message)
	if err != nil {
		return err
	}
	proof, err := s.Identity.Proof(sub.Endpoint, s.Subject, s.Home.Clock.Now())
	if err != nil {
		return err
	}
	h := s.Identity.Header(sealed, proof)
	h.Set("TTL", strconv.Itoa(int(ttl/time.Second))) // RFC 8030 §5.2
	h.Set("Urgency", "normal")
	h.Set("Topic", about.String()) // sent again, it stands in for the first (RFC 8030 §5.4)
	_, err = s.Client.Post(ctx, sub.Endpoint, sealed.Body, fetch.Options{Header: h, StatusOnly: true, NoRedirects: true})
	if err == nil {
		return nil
	}
	if gone(err) {
		return s.drop(ctx, sub)
	}
	return err
}

// gone reports whether a push service says that the subscription is over: any
// 4xx that will not pass, as Mastodon takes it, and an address we would never
// send to.
func gone(err error) bool {
	e, ok := err.(*fetch.Error)
	if !ok || e.Temporary() {
		return false
	}
	return e.Kind == fetch.Refused || (e.Kind == fetch.BadStatus && e.Status >= http.StatusBadRequest && e.Status < 500)
}

// drop removes a subscription unless it was replaced meanwhile.
func (s *Sender) drop(ctx context.Context, sub *social.PushSubscription) error {
	err := s.Home.Store.Write(ctx, func(tx social.Tx) error {
		now, err := tx.PushSubscription(ctx, sub.Token)
		if err != nil || now.ID != sub.ID {
			return err
		}
		return tx.DropPushSubscription(ctx, sub.Token)
	})
	return missingOK(err)
}

func missingOK(err error) error {
	if social.IsKind(err, social.NotFound) {
		return nil
	}
	return err
}
