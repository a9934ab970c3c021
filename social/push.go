package social

import (
	"context"
	"net/url"
)

// push puts a notification on its way to the User's browsers and apps that want
// its kind. Whom their policies leave out is known when it is sent.
func (t *turn) push(ctx context.Context, n *Notification) error {
	subs, err := t.PushSubscriptions(ctx, n.User)
	if err != nil {
		return err
	}
	for i := range subs {
		s := &subs[i]
		u, err := url.Parse(s.Endpoint)
		if err != nil || !s.Alerts[string(n.Type)] || s.Policy == PushNone {
			continue
		}
		t.jobs = append(t.jobs, Job{Kind: JobPush, Key: PushContext(s.Token), Host: "push:" + u.Hostname(), Ref: n.ID, Target: s.Token.String()})
	}
	return nil
}

// LetterApproved is Job.Target of a JobLetter to who may log in from now on.
const LetterApproved = "approved"

// The policies of a PushSubscription: whose doings are pushed.
const (
	PushAll      = "all"
	PushFollowed = "followed" // of whom the User follows
	PushFollower = "follower" // of who follows the User
	PushNone     = "none"
)
