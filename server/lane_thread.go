package server

import (
	"context"
	"time"

	"engawa/network"
	"engawa/social"
)

// threadItems is how much of a thread is read at once.
const threadItems = 60

// laneThread reads what stands around a Post of a Lane (JobLane).
func (s *Server) laneThread(ctx context.Context, j *social.Job) error {
	link, err := s.store.Link(ctx, 0, j.Ref)
	if err != nil || link.State != social.LinkActive {
		return ofDomain(goneOK(err))
	}
	linked := s.Linked[link.Network]
	if linked == nil {
		return nil
	}
	reader, ok := linked.Value.(network.LaneReader)
	if !ok {
		return nil
	}
	ref, err := s.Home.ThreadAsked(ctx, link, j)
	if err != nil {
		return ofDomain(goneOK(err))
	}
	login, err := s.Login(ctx, link)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	b, err := reader.Thread(ctx, login, ref, threadItems)
	if err != nil {
		return err
	}
	return ofDomain(s.Home.ArriveThread(ctx, link, b))
}

// goneOK turns "not there" into no error.
func goneOK(err error) error {
	if social.IsKind(err, social.NotFound) {
		return nil
	}
	return err
}
