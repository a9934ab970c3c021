package server

import (
	"context"
	"errors"
	"fmt"
	"time"

	"engawa/queue"
	"engawa/relay"
	"engawa/social"
)

// jobKinds is the table of what the queue does, and how.
func (s *Server) jobKinds() map[social.JobKind]queue.Kind {
	networks := s.networks()
	quick := func(h queue.Handler) queue.Kind {
		return queue.Kind{Handle: h, Workers: 2, Attempts: 8, Timeout: time.Minute}
	}
	return map[social.JobKind]queue.Kind{
		social.JobInbox: {
			Handle: then(s.Fed.HandleInbox), Workers: 8, PerHost: 2, Attempts: 8, Timeout: 2 * time.Minute, Backoff: queue.Federation,
		},
		social.JobFanout: {Handle: then(s.Fed.Fanout), Workers: 2, Attempts: 16, Timeout: time.Minute},
		social.JobDeliver: {
			Handle: then(func(ctx context.Context, j *social.Job) error {
				n := networks[j.Network]
				if n == nil {
					return fmt.Errorf("no network %q", j.Network)
				}
				return n.Deliver(ctx, j)
			}),
			Workers: 64, PerHost: 2, Attempts: 16, Timeout: time.Minute, Backoff: queue.Federation,
		},
		social.JobThread:  {Handle: then(s.Fed.HandleThread), Workers: 4, PerHost: 1, Attempts: 4, Timeout: 5 * time.Minute},
		social.JobProfile: {Handle: then(s.Fed.HandleProfile), Workers: 2, PerHost: 1, Attempts: 4, Timeout: 2 * time.Minute},
		social.JobCard:    {Handle: s.fetchCard, Workers: 2, PerHost: 1, Attempts: 3, Timeout: 30 * time.Second},
		social.JobPoll: quick(func(ctx context.Context, j *social.Job) error {
			return ofDomain(s.Home.ClosePoll(ctx, j.Ref))
		}),
		social.JobPublish: quick(func(ctx context.Context, j *social.Job) error {
			user, _ := social.ParseID(j.Target)
			return ofDomain(s.API.PublishScheduled(ctx, user, j.Ref))
		}),
		social.JobMove:  quick(func(ctx context.Context, j *social.Job) error { return ofDomain(s.Home.FollowAlong(ctx, j.Ref)) }),
		social.JobClean: quick(s.clean),
		social.JobEnforce: {
			Handle: func(ctx context.Context, j *social.Job) error { return ofDomain(s.Home.Enforce(ctx, j)) }, Workers: 1, Attempts: 16, Timeout: 5 * time.Minute,
		},
		social.JobRelay: {Handle: s.relayed(s.Ledger.HandleRelay), Workers: 4, Attempts: 100, Timeout: time.Minute},
		social.JobCopy: {
			Handle: s.relayed(s.Ledger.HandleCopy), Workers: 32, PerHost: 1, Attempts: 1000, Timeout: 8 * time.Minute, Backoff: queue.Federation,
		},
		social.JobAnswer: {
			Handle: s.relayed(s.Ledger.HandleAnswer), Workers: 16, PerHost: 1, Attempts: 16, Timeout: 2 * time.Minute, Backoff: queue.Federation,
		},
		social.JobLane: {Handle: s.laneThread, Workers: 4, PerHost: 1, Attempts: 2, Timeout: 2 * time.Minute},
		social.JobPush: {
			Handle: s.push, Workers: 8, PerHost: 2, Attempts: 6, Timeout: time.Minute, Backoff: queue.Federation,
		},
		social.JobMedia:  {Handle: s.makeClip, Workers: 1, Attempts: 3, Timeout: 9 * time.Minute},
		social.JobLetter: {Handle: s.letter, Workers: 2, Attempts: 12, Timeout: time.Minute, Backoff: queue.Federation},
		social.JobNotice: {Handle: s.relayed(s.Ledger.HandleNotice), Workers: 2, Attempts: 16, Timeout: time.Minute},
	}
}

// relayed says in the queue's words what the ledger's handlers answer.
func (s *Server) relayed(h queue.Handler) queue.Handler {
	return func(ctx context.Context, j *social.Job) error {
		err := h(ctx, j)
		var later *relay.Later
		if errors.As(err, &later) {
			return &queue.Later{After: later.After, Err: err}
		}
		return ofDomain(err)
	}
}

// then gives a network's handler to the queue.
func then(h queue.Handler) queue.Handler {
	return func(ctx context.Context, j *social.Job) error { return outcome(h(ctx, j)) }
}

// clean removes what somebody who is gone said, batch by batch.
func (s *Server) clean(ctx context.Context, j *social.Job) error {
	for {
		more, err := s.Home.CleanActor(ctx, j.Ref)
		if err != nil || !more {
			return ofDomain(err)
		}
	}
}
