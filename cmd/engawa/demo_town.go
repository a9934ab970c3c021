package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/sync/errgroup"

	"engawa/internal/demo"
	"engawa/internal/snowflake"
	"engawa/server"
	"engawa/social"
)

// demoHouse is one home of the demo.
type demoHouse struct {
	*server.Server
	about demo.House
	dir   string
}

// demoTown is the homes of the demo and who lives in them.
type demoTown struct {
	dir    string // everything they keep, removed at the end
	houses []*demoHouse
	clock  *storyClock
	people map[string]*demoPerson
	posts  map[string]string // by key of a step: the post's URI
	newest string            // URI of the newest live post
	// painted are the pictures of the story's steps.
	painted map[*demo.Step][]social.ID
}

// demoPerson is somebody of the demo and the row in their own home.
type demoPerson struct {
	demo.Person
	house *demoHouse
	actor social.ID
	name  string // the whole handle, without the first @
}

// openTown builds the homes, which do not serve yet. The caller closes the town.
func openTown(ctx context.Context, ports []int, log *slog.Logger) (_ *demoTown, err error) {
	t := &demoTown{
		clock: new(storyClock), houses: make([]*demoHouse, len(demo.Houses)),
		people: make(map[string]*demoPerson), posts: make(map[string]string), painted: make(map[*demo.Step][]social.ID),
	}
	if t.dir, err = os.MkdirTemp("", "engawa-demo-"); err != nil {
		return nil, fmt.Errorf("the folder for the demo cannot be made: %w; set TMPDIR to a folder that can be written", err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, t.close())
		}
	}()
	work, wctx := errgroup.WithContext(ctx)
	for i := range t.houses {
		work.Go(func() error {
			h, err := t.openHouse(wctx, i, ports, log)
			t.houses[i] = h
			return err
		})
	}
	return t, work.Wait()
}

func (t *demoTown) openHouse(ctx context.Context, i int, ports []int, log *slog.Logger) (*demoHouse, error) {
	about := demo.Houses[i]
	h := &demoHouse{about: about, dir: filepath.Join(t.dir, strconv.Itoa(i))}
	cfg, err := server.LoadConfig(server.Sources{Flags: map[string]string{
		"domain": demoDomain(i, ports), "url": "http://" + demoDomain(i, ports), "listen": demoListen(ports[i]),
		"data": h.dir, "hosts": demoHosts(ports), "allow_http": "true", "allow_networks": "127.0.0.0/8,::1/128",
		"languages": "ja,en",
	}})
	if err != nil {
		return nil, err
	}
	if h.Server, err = server.Open(ctx, cfg, log, server.Build{Version: version}); err != nil {
		return nil, err
	}
	// Nothing runs yet: from here on the home lives by the story's clock.
	h.Home.Clock, h.Home.IDs = t.clock, snowflake.New(cfg.Node, t.clock)
	h.Home.Info.Name, h.Home.Info.Summary = about.Name, about.Summary
	info := h.Home.Info
	return h, h.Home.Store.Write(ctx, func(tx social.Tx) error { return tx.PutHome(ctx, &info) })
}

// demoDomain is the domain of a home: names below localhost reach this machine
// in every browser, and a name of its own keeps each home's log-in apart.
func demoDomain(i int, ports []int) string {
	host := "localhost"
	if label := demo.Houses[i].Label; label != "" {
		host = label + "." + host
	}
	return host + ":" + strconv.Itoa(ports[i])
}

func demoListen(port int) string { return "127.0.0.1:" + strconv.Itoa(port) }

// demoHosts tells every home where the others are, for resolvers that know
// nothing below localhost.
func demoHosts(ports []int) string {
	pairs := make([]string, len(ports))
	for i, port := range ports {
		pairs[i] = demoDomain(i, ports) + "=" + demoListen(port)
	}
	return strings.Join(pairs, ",")
}

// settle waits until no home has anything to do for another. It returns at once
// for a home that has ended.
func (t *demoTown) settle(ctx context.Context) error {
	for {
		before, err := t.done(ctx)
		if err != nil {
			return err
		}
		after, err := t.done(ctx)
		if err != nil || after == before {
			return err
		}
	}
}

// done settles one home after the other and counts what all have done since
// the start: when a second round did nothing, nothing was left.
func (t *demoTown) done(ctx context.Context) (int64, error) {
	var sum int64
	for _, h := range t.houses {
		if err := h.Queue.Settle(ctx); err != nil {
			return 0, err
		}
	}
	for _, h := range t.houses {
		s := h.Queue.Stats()
		sum += s.Done + s.Failed + s.Dead
	}
	return sum, nil
}

// close ends the homes and removes everything they kept.
func (t *demoTown) close() error {
	var errs []error
	for _, h := range t.houses {
		if h != nil && h.Server != nil {
			errs = append(errs, h.Close())
		}
	}
	if err := os.RemoveAll(t.dir); err != nil {
		errs = append(errs, fmt.Errorf("the demo's folder stays behind: %w; remove %s", err, t.dir))
	}
	return errors.Join(errs...)
}
