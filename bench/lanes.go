package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"time"

	"engawa/network/mastodon/fake"
)

const (
	laneCount    = 50 // linked accounts, each on a server of its own
	lanePosts    = 500
	laneRounds   = 4
	laneWarm     = 500
	laneDelays   = 150
	laneSweep    = 7 * time.Second // after which a Lane has been read beside its stream
	relayedPosts = 100
	relayRounds  = 4
)

// peers are the other servers, each with one account of the reader's.
type peers []*fake.Server

func newPeers(n int) peers {
	out := make(peers, n)
	for i := range out {
		out[i] = fake.New(fake.Mastodon, time.Now)
	}
	return out
}

func (p peers) close() {
	for _, s := range p {
		s.Close()
	}
}

// lanes measures a home whose one person reads fifty accounts elsewhere, and
// sends Posts to one of them.
func (b *bench) lanes(ctx context.Context) error {
	far := newPeers(laneCount)
	defer far.close()
	h := b.home("lanes")
	h.plain = true // it speaks with nobody else
	if err := h.create(ctx, "reader"); err != nil {
		return err
	}
	if err := h.start(); err != nil {
		return err
	}
	defer h.stop()
	if err := h.child.rest(ctx); err != nil {
		return err
	}
	alone, err := h.child.resident()
	if err != nil {
		return err
	}
	reader, err := h.user("reader")
	if err != nil {
		return err
	}
	if err := reader.link(far); err != nil {
		return err
	}
	if err := errors.Join(h.stop(), h.start()); err != nil { // what linking took is not theirs
		return err
	}
	if reader, err = h.user("reader"); err != nil {
		return err
	}
	if err := far.heard(ctx, h); err != nil {
		return err
	}
	with, err := h.child.resident()
	b.note("lane-memory", fmt.Sprintf("%.1f MiB with %d lanes, %.1f without; idle %.2f %% of a core", with, laneCount, alone, 100*h.child.idle))
	if err := b.set("lane-memory", (with-alone)/laneCount, err); err != nil {
		return err
	}
	f, err := h.listen(reader)
	if err != nil {
		return err
	}
	defer f.close()
	if err := b.arriving(ctx, h, far, f); err != nil {
		return err
	}
	return b.relayed(ctx, h, far, reader)
}

// own asks the own API with JSON, or text.
func (u *user) own(method, path, kind string, body any, into any) error {
	data, is := body.(string)
	if !is {
		raw, err := json.Marshal(body)
		if err != nil {
			return err
		}
		data = string(raw)
	}
	req, err := http.NewRequest(method, u.base+"/api/engawa/v1"+path, bytes.NewReader([]byte(data)))
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", "Bearer "+u.token)
	req.Header.Set("Content-Type", kind)
	resp, err := u.client.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(resp.Body, 8<<20))
	if err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s %s: %s: %s", method, path, resp.Status, tail(string(answer)))
	}
	if err != nil || into == nil {
		return err
	}
	return json.Unmarshal(answer, into)
}

// link links an account on every server; their Lanes are in Home too.
func (u *user) link(far peers) error {
	for i, s := range far {
		var out struct{ Link struct{ ID string } }
		err := u.own(http.MethodPost, "/links", "application/json", map[string]any{
			"network": "mastodon", "name": laneName(i), "base": s.URL, "fields": map[string]string{"token": fake.Token},
		}, &out)
		if err != nil {
			return err
		}
		if err := u.own(http.MethodPatch, "/links/"+out.Link.ID, "application/json", map[string]any{"merge": true}, nil); err != nil {
			return err
		}
	}
	return nil
}

func laneName(i int) string { return "lane" + strconv.Itoa(i) }

// heard waits until every server is listened to, has been read beside its
// stream, and the home is at rest.
func (p peers) heard(ctx context.Context, h *home) error {
	for began := time.Now(); ; {
		open := 0
		for _, s := range p {
			open += min(s.Streams(), 1)
		}
		if open == len(p) {
			break
		}
		if time.Since(began) > patience {
			return fmt.Errorf("%d of %d servers are listened to", open, len(p))
		}
		if err := pause(ctx, 50*time.Millisecond); err != nil {
			return err
		}
	}
	if err := pause(ctx, laneSweep); err != nil {
		return err
	}
	return h.child.rest(ctx)
}

// say lets somebody that the account there follows write something.
func (p peers) say(series string, n int) {
	s := p[n%len(p)]
	who := "writer" + strconv.Itoa(n%200)
	uri := fmt.Sprintf("https://%s.bench.test/users/%s", series, who)
	s.Put(fake.JSON{
		"uri": fmt.Sprintf("%s/statuses/%d", uri, n), "url": fmt.Sprintf("https://%s.bench.test/@%s/%d", series, who, n), "language": "ja",
		"content": fmt.Sprintf("<p>縁側でお茶を飲む、その%d。庭の柿が色づいてきた。今日は風が涼しくて、猫も膝の上で寝ている。%s</p>", n, series),
		"account": fake.JSON{"id": who, "username": who, "acct": who + "@" + series + ".bench.test", "display_name": who, "note": "<p>測る人</p>",
			"url": "https://" + series + ".bench.test/@" + who, "uri": uri, "avatar": uri + ".png", "emojis": []any{}, "fields": []any{}},
	})
}

// arriving is what comes by the Lanes: how soon, and what it costs.
func (b *bench) arriving(ctx context.Context, h *home, far peers, f *feed) error {
	said := int(f.updates.Load())
	burst := func(series string, n int) error {
		for i := range n {
			far.say(series, i)
		}
		said += n
		return f.await(ctx, said)
	}
	if err := burst("warm", laneWarm); err != nil {
		return err
	}
	if err := h.child.settle(ctx); err != nil {
		return err
	}
	var took []float64
	for i := range laneDelays {
		if err := pause(ctx, 20*time.Millisecond); err != nil {
			return err
		}
		began := time.Now()
		far.say("delay", i)
		said++
		if err := f.await(ctx, said); err != nil {
			return err
		}
		took = append(took, float64(f.last.Load()-began.UnixNano())/1e6)
	}
	slices.Sort(took)
	b.note("lane-latency", fmt.Sprintf("p99 %.2f ms", quantile(took, 0.99)))
	if err := b.set("lane-latency", quantile(took, 0.5), nil); err != nil {
		return err
	}
	if err := h.child.settle(ctx); err != nil {
		return err
	}
	stopProfile := b.profile(h, "lane-post")
	value, err := h.child.best(ctx, laneRounds, lanePosts, func(round int) error { return burst("load"+strconv.Itoa(round), lanePosts) })
	return errors.Join(b.set("lane-post", value, err), stopProfile())
}

// relayed is what one more Copy costs: Posts that a rule sends to one of the
// accounts, less the same without.
func (b *bench) relayed(ctx context.Context, h *home, far peers, u *user) error {
	rule := "[[rule]]\nwhen.tag_any = [\"out\"]\nto = [\"" + laneName(0) + "\"]\nlimit.hold = \"0s\"\n"
	if err := u.own(http.MethodPut, "/rules", "text/plain", rule, nil); err != nil {
		return err
	}
	const sent = "POST /api/v1/statuses"
	want := len(far[0].Calls(sent))
	say := func(tag string, n int) error {
		for i := range n {
			if _, err := u.post(fmt.Sprintf("縁側から%d本目の手紙。%s", i, tag)); err != nil {
				return err
			}
		}
		if tag == "" {
			return nil
		}
		want += n
		for began := time.Now(); len(far[0].Calls(sent)) < want; {
			if time.Since(began) > patience {
				return fmt.Errorf("%d of %d copies arrived", len(far[0].Calls(sent)), want)
			}
			if err := pause(ctx, 20*time.Millisecond); err != nil {
				return err
			}
		}
		return nil
	}
	if err := say("#out", relayedPosts/2); err != nil {
		return err
	}
	plain, err := h.child.best(ctx, relayRounds, relayedPosts, func(int) error { return say("", relayedPosts) })
	if err != nil {
		return err
	}
	stopProfile := b.profile(h, "relayed")
	with, err := h.child.best(ctx, relayRounds, relayedPosts, func(int) error { return say("#out", relayedPosts) })
	b.note("relayed", fmt.Sprintf("%.3f ms CPU with the post itself", with))
	return errors.Join(b.set("relayed", max(with-plain, 0), err), stopProfile())
}
