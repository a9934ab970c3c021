package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

const (
	locals       = 250 // Posts that nobody outside gets, a round
	localRounds  = 4
	localsWarm   = 100
	rsaPosts     = 5 // Posts to rsaHosts, a round each
	edRounds     = 4
	edPosts      = 5 // Posts to edHosts, a round
	hangingPosts = 5
)

// outgoing measures a home whose people write.
func (b *bench) outgoing(ctx context.Context) error {
	h := b.home("outgoing")
	if err := h.create(ctx, "alone", "alice", "bob"); err != nil {
		return err
	}
	if err := h.start(); err != nil {
		return err
	}
	defer h.stop()
	if err := h.child.rest(ctx); err != nil {
		return err
	}
	var errs []error
	for _, part := range []struct {
		keys []string
		f    func(context.Context, *home) error
	}{
		{[]string{"local"}, b.local},
		{[]string{"deliver-ed25519"}, b.deliverEd},
		{[]string{"deliver-rsa", "hang"}, b.deliverRSA},
	} {
		if b.wants(part.keys...) {
			errs = append(errs, b.failing(part.keys, part.f(ctx, h)))
		}
	}
	return errors.Join(errs...)
}

// local is somebody without followers, one Post after the other.
func (b *bench) local(ctx context.Context, h *home) error {
	u, err := h.user("alone")
	if err != nil {
		return err
	}
	say := func(n int) func() error {
		return func() error {
			for i := range n {
				if _, err := u.post(fmt.Sprintf("縁側でひとり、%d杯目のお茶。", i)); err != nil {
					return err
				}
			}
			return nil
		}
	}
	if err := say(localsWarm)(); err != nil {
		return err
	}
	if err := h.child.settle(ctx); err != nil {
		return err
	}
	stopProfile := b.profile(h, "local")
	value, err := h.child.best(ctx, localRounds, locals, func(int) error { return say(locals)() })
	return errors.Join(b.set("local", value, err), stopProfile())
}

// spread is one Post of u until it came to n hosts, ms from the request to each
// arrival, in order.
func (b *bench) spread(ctx context.Context, u *user, text string, n int) ([]arrival, []float64, error) {
	b.world.watch(text)
	began := time.Now()
	if _, err := u.post(text); err != nil {
		return nil, nil, err
	}
	came, err := b.world.deliveries(ctx, n)
	if err != nil {
		return nil, nil, err
	}
	took := make([]float64, len(came))
	for i, a := range came {
		took[i] = millis(a.at.Sub(began))
	}
	slices.Sort(took)
	return came, took, nil
}

// deliver is the CPU of one delivery to one of the hosts: what posts to all of
// them cost, shared among the deliveries.
func (b *bench) deliver(ctx context.Context, h *home, u *user, key string, rounds, posts, hosts int, ed bool) (p99 []float64, err error) {
	if _, _, err := b.spread(ctx, u, "warm-"+key, hosts); err != nil {
		return nil, err
	}
	if err := h.child.settle(ctx); err != nil {
		return nil, err
	}
	stopProfile := b.profile(h, key)
	value, err := h.child.best(ctx, rounds, posts*hosts, func(round int) error {
		for i := range posts {
			came, took, err := b.spread(ctx, u, fmt.Sprintf("say-%s-%d-%d.", key, round, i), hosts)
			if err != nil {
				return err
			}
			for _, a := range came {
				if a.ed != ed {
					return fmt.Errorf("the delivery to %s was signed with the other kind of key (Ed25519: %v)", a.host, a.ed)
				}
			}
			p99 = append(p99, quantile(took, 0.99))
		}
		return nil
	})
	if !ed {
		b.note(key, fmt.Sprintf("%.3f above the floor", value-b.floors.rsaSign))
	}
	return p99, errors.Join(b.set(key, value, err), stopProfile())
}

func (b *bench) deliverEd(ctx context.Context, h *home) error {
	bob, err := h.user("bob")
	if err != nil {
		return err
	}
	hosts := make([]string, edHosts)
	for i := range hosts {
		hosts[i] = edHost(i)
	}
	if err := b.world.follow(ctx, "bob", hosts, true); err != nil {
		return err
	}
	_, err = b.deliver(ctx, h, bob, "deliver-ed25519", edRounds, edPosts, len(hosts), true)
	return err
}

// deliverRSA also measures what one more follower changes whose host hangs.
func (b *bench) deliverRSA(ctx context.Context, h *home) error {
	alice, err := h.user("alice")
	if err != nil {
		return err
	}
	hosts := make([]string, rsaHosts)
	for i := range hosts {
		hosts[i] = rsaHost(i)
	}
	if err := b.world.follow(ctx, "alice", hosts, true); err != nil {
		return err
	}
	without, err := b.deliver(ctx, h, alice, "deliver-rsa", rsaPosts, 1, len(hosts), false)
	if err != nil || !b.wants("hang") {
		return err
	}
	if err := b.world.follow(ctx, "alice", []string{hangHost}, false); err != nil {
		return err
	}
	if err := h.child.settle(ctx); err != nil {
		return err
	}
	var with []float64
	for i := range hangingPosts {
		_, took, err := b.spread(ctx, alice, fmt.Sprintf("say-hang-%d.", i), len(hosts))
		if err != nil {
			return err
		}
		with = append(with, quantile(took, 0.99))
		if err := h.child.settle(ctx); err != nil {
			return err
		}
	}
	slices.Sort(without)
	slices.Sort(with)
	b.note("hang", fmt.Sprintf("p99 %.0f ms with, %.0f ms without", quantile(with, 0.5), quantile(without, 0.5)))
	return b.set("hang", quantile(with, 0.5)/quantile(without, 0.5), nil)
}
