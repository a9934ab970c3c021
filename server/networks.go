package server

import (
	"errors"

	"engawa/network"
	"engawa/network/activitypub"
	"engawa/queue"
	"engawa/social"
)

// networks is the table of what this home speaks. A Job names its network by
// the key; the empty one is the first that there was.
func (s *Server) networks() map[string]network.Deliverer {
	return map[string]network.Deliverer{
		"":            s.Fed,
		"activitypub": s.Fed,
	}
}

func (s *Server) openFederation() *activitypub.Federation {
	return &activitypub.Federation{
		Home: s.Home, Client: s.fetch, Base: s.Config.URL, Version: s.version, AuthorizedFetch: s.Config.AuthorizedFetch,
		AllowHTTP: s.Config.AllowHTTP, OpenRegistrations: s.Config.Registration == "open", Log: s.Log,
	}
}

// outcome says in the queue's words what a network's handler answered.
func outcome(err error) error {
	if err == nil {
		return nil
	}
	switch r := network.ResultOf(err); r.Outcome {
	case network.Done:
		return nil
	case network.Dropped:
		return &queue.Drop{Reason: r.Reason, Err: err}
	case network.Postponed:
		return &queue.Later{After: r.After, Err: err}
	case network.Parked:
		return &queue.Park{Err: err}
	case network.FailedHost:
		return &queue.HostDown{Err: err}
	}
	return ofDomain(err)
}

// ofDomain drops what the domain says can never succeed.
func ofDomain(err error) error {
	var e *social.Error
	if !errors.As(err, &e) || e.Kind == social.Temporary || e.Kind == social.Limited {
		return err
	}
	return &queue.Drop{Reason: kindName[e.Kind], Err: err}
}
