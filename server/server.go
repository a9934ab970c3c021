// Package server builds everything from the settings and owns every goroutine.
package server

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"time"

	"golang.org/x/sync/errgroup"

	"engawa/api/mastodon"
	"engawa/auth"
	"engawa/blob/disk"
	"engawa/bus/local"
	"engawa/internal/clock"
	"engawa/internal/fetch"
	"engawa/internal/snowflake"
	"engawa/media"
	"engawa/network/activitypub"
	"engawa/queue"
	"engawa/relay"
	"engawa/social"
	"engawa/store"
	"engawa/stream"
	"engawa/stream/push"
)

// Server is one node of a home. Open builds it, Run serves, Close ends what Open
// began; commands that only look or change something do not Run it.
type Server struct {
	Config *Config
	Log    *slog.Logger
	Home   *social.Home
	Auth   *auth.Auth
	Queue  *queue.Queue
	Fed    *activitypub.Federation
	API    *mastodon.API
	Hub    *stream.Hub
	// Linked are the networks that accounts can be linked on; Ledger brings
	// Copies there, Links makes and changes Links, Lanes reads them.
	Linked map[string]*Linked
	Ledger *relay.Ledger
	Links  *Linking
	Lanes  *Lanes

	store   *store.Store
	bus     *local.Bus
	blobs   *disk.Store
	fetch   *fetch.Client
	cache   *media.Cache
	pusher  *push.Sender
	tools   *media.Tools // nil where there is no ffmpeg
	links   *media.Links
	version string
}

// Build says which program this is, for NodeInfo and the version command.
type Build struct{ Version string }

// Open builds a node: data folder, keys, database and tables are made when they
// are not there yet. The caller closes it.
func Open(ctx context.Context, cfg *Config, log *slog.Logger, b Build) (_ *Server, err error) {
	s := &Server{Config: cfg, Log: log, version: b.Version, bus: &local.Bus{}}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.Close())
		}
	}()
	if err := os.MkdirAll(cfg.Data, 0o700); err != nil {
		return nil, fmt.Errorf("the data folder cannot be made: %w; choose another with --data or ENGAWA_DATA", err)
	}
	if s.store, err = store.Open(ctx, store.Config{DSN: cfg.Database.Source(), Node: cfg.Node, Clock: clock.System}); err != nil {
		return nil, err
	}
	if err := s.store.Migrate(ctx); err != nil {
		return nil, err
	}
	if err := s.openHome(ctx); err != nil {
		return nil, err
	}
	if err := s.openMedia(ctx); err != nil {
		return nil, err
	}
	return s, s.openParts(ctx)
}

// openHome makes the domain over the store.
func (s *Server) openHome(ctx context.Context) error {
	ids := snowflake.New(s.Config.Node, clock.System)
	s.Queue = &queue.Queue{Store: s.store, Clock: clock.System, IDs: ids, Node: s.Config.Node, Log: s.Log}
	s.Home = &social.Home{
		Store: s.store, Bus: s.bus, Queue: s.Queue, Clock: clock.System, IDs: ids, Limits: social.DefaultLimits,
	}
	homes, err := s.store.Homes(ctx)
	if err != nil {
		return err
	}
	if s.Home.Master, err = loadMaster(s.Config.DataPath(masterFile), len(homes) == 0); err != nil {
		return err
	}
	return s.Home.EnsureHome(ctx, s.Config.Domain, s.Config.URL, s.Config.Domain)
}

// openMedia opens files: our own, and the bounded copies of other servers'.
func (s *Server) openMedia(ctx context.Context) error {
	var err error
	s.fetch, err = fetch.New(fetch.Config{
		AllowNetworks: s.Config.AllowNetworks, ExtraRootsFile: s.Config.ExtraRoots, Hosts: s.Config.Hosts,
		AllowHTTP: s.Config.AllowHTTP, UserAgent: "Engawa/" + s.version + " (" + s.Config.URL + ")",
	})
	if err != nil {
		return err
	}
	if s.Config.Objects.S3 != nil {
		return errors.New("objects in S3 are not supported yet: leave `objects` at a folder")
	}
	if s.blobs, err = disk.Open(s.Config.Objects.Dir); err != nil {
		return err
	}
	secret, err := s.secret(ctx, "media-links")
	if err != nil {
		return err
	}
	if s.links, err = media.NewLinks(secret); err != nil {
		return err
	}
	s.cache, err = media.NewCache(ctx, s.blobs, pictures{s.fetch}, media.CacheOptions{MaxBytes: s.Config.MediaCache, Clock: clock.System})
	return err
}

// secret reads a server-wide secret of 32 bytes, and makes it at the first need.
func (s *Server) secret(ctx context.Context, name string) ([]byte, error) {
	value, err := s.store.Secret(ctx, name)
	if err == nil {
		return value, nil
	}
	if !social.IsKind(err, social.NotFound) {
		return nil, err
	}
	value = auth.Hash(auth.Random())
	return value, s.store.Write(ctx, func(tx social.Tx) error { return tx.PutSecret(ctx, name, value) })
}

// openParts builds what speaks to the world.
func (s *Server) openParts(ctx context.Context) error {
	s.tools = media.FindTools()
	grants := &auth.Grants{Store: s.store, Clock: clock.System}
	s.Auth = &auth.Auth{
		Home: s.Home, Grants: grants, Secure: s.Config.BaseURL().Scheme == "https",
		CodeLife: time.Minute, OOBLife: 10 * time.Minute, Entry: s.entry(), Mail: s.mailer(), Provider: s.provider(),
	}
	s.Fed = s.openFederation()
	s.Home.Neighbours = s.Fed
	s.API = &mastodon.API{
		Home: s.Home, Grants: grants, Auth: s.Auth, Media: &uploads{s.Home, s.blobs, s.tools}, MovingTypes: s.movingTypes(), Base: s.Config.URL, Version: s.version,
		Streaming: streamingURL(s.Config), Threads: s.Fed, Registration: s.Config.Registration, RemoteMedia: s.remotePicture,
	}
	if err := s.openTranslation(); err != nil {
		return err
	}
	if s.Config.RateLimits {
		s.API.Limits = &mastodon.Limiter{Clock: clock.System, Address: clientAddress(s.Config.TrustedProxies)}
	}
	s.openLinked()
	if err := s.openPush(ctx); err != nil {
		return err
	}
	s.Hub = &stream.Hub{Render: s.API, Authenticate: s.streamClient, OwnsList: s.ownsList, Log: s.Log}
	s.Queue.Kinds = s.jobKinds()
	s.bus.Subscribe(grants.Drop)
	s.bus.Subscribe(s.Fed.Forget)
	s.bus.Subscribe(s.Hub.Handle)
	s.bus.Subscribe(s.linksChanged)
	return nil
}

// streamClient says who a streaming token speaks for. Streams need a User.
func (s *Server) streamClient(ctx context.Context, token string) (*stream.Client, error) {
	if token == "" {
		return nil, &social.Error{Kind: social.Unauthenticated, Message: "Missing access token"}
	}
	g, err := s.Auth.Grants.ByText(ctx, token)
	if err != nil {
		return nil, err
	}
	if g.User == nil {
		return nil, &social.Error{Kind: social.Unauthenticated, Message: "This method requires an authenticated user"}
	}
	return &stream.Client{Token: g.Token, Viewer: g.Viewer(), Allows: g.Allows}, nil
}

func (s *Server) ownsList(ctx context.Context, v social.Viewer, list social.ID) bool {
	_, err := s.store.List(ctx, v.Actor, list)
	return err == nil
}

// drainTime is how long requests and jobs may take to end.
const drainTime = 10 * time.Second

// Run serves until ctx ends: it then stops accepting, lets requests end, then
// jobs. The store is closed by Close.
func (s *Server) Run(ctx context.Context) error {
	servers, err := s.listen()
	if err != nil {
		return err
	}
	inner, stopInner := context.WithCancel(context.WithoutCancel(ctx))
	defer stopInner()
	hubCtx, stopHub := context.WithCancel(inner)
	defer stopHub()
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error { return s.Queue.Run(inner) })
	g.Go(func() error { return s.Hub.Run(hubCtx) })
	g.Go(func() error { return s.keepHouse(inner) })
	g.Go(func() error { return s.Lanes.Run(hubCtx) })
	for _, srv := range servers {
		g.Go(func() error {
			if err := srv.serve(); !errors.Is(err, http.ErrServerClosed) {
				return err
			}
			return nil
		})
	}
	g.Go(func() error {
		<-gctx.Done()
		stopHub() // open streams would keep the drain waiting
		s.drain(servers)
		stopInner()
		return nil
	})
	return g.Wait()
}

func (s *Server) drain(servers []*listener) {
	fresh, cancel := context.WithTimeout(context.Background(), drainTime)
	defer cancel()
	for _, srv := range servers {
		if err := srv.http.Shutdown(fresh); err != nil {
			s.Log.Warn("requests were cut off", "address", srv.http.Addr, "err", err)
			_ = srv.http.Close()
		}
	}
}

// Close ends what Open began, in reverse.
func (s *Server) Close() error {
	var errs []error
	if s.blobs != nil {
		errs = append(errs, s.blobs.Close())
	}
	if s.fetch != nil {
		s.fetch.Close()
	}
	if s.store != nil {
		errs = append(errs, s.store.Close())
	}
	return errors.Join(errs...)
}

// RunJobs works the queue and the streams without listening: for tests that
// serve Handler themselves.
func (s *Server) RunJobs(ctx context.Context) error {
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return s.Queue.Run(ctx) })
	g.Go(func() error { return s.Hub.Run(ctx) })
	g.Go(func() error { return s.Lanes.Run(ctx) })
	return g.Wait()
}
