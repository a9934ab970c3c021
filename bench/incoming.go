package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

const (
	authors      = 50     // whom the reader follows, on ten hosts
	incomingAll  = 10_000 // Posts that come in; the first warm the home up
	incomingWarm = 2_000
	incomingPart = 2_000 // Posts a round
	latencies    = 150
)

func authorURI(i int) string { return actorURI(rsaHost(i%10), fmt.Sprintf("author%d", i%authors)) }

// incoming measures a home that only receives.
func (b *bench) incoming(ctx context.Context) error {
	h := b.home("incoming")
	if err := h.create(ctx, "reader"); err != nil {
		return err
	}
	empty, err := h.size()
	if err != nil {
		return err
	}
	if err := h.start(); err != nil {
		return err
	}
	defer h.stop()
	reader, err := h.user("reader")
	if err != nil {
		return err
	}
	if err := b.resting(ctx, h); err != nil {
		return err
	}
	if err := h.followAll(ctx, reader); err != nil {
		return err
	}
	f, err := h.listen(reader)
	if err != nil {
		return err
	}
	defer f.close()
	if err := h.child.rest(ctx); err != nil {
		return err
	}
	if err := b.receive(ctx, h, f); err != nil {
		return err
	}
	if err := h.stop(); err != nil { // so that the log is in the database
		return err
	}
	full, err := h.size()
	return b.set("disk", full-empty, err)
}

// resting is the memory of a home that was asked for little.
func (b *bench) resting(ctx context.Context, h *home) error {
	if err := h.child.rest(ctx); err != nil {
		return err
	}
	value, err := h.child.resident()
	b.note("memory-rest", fmt.Sprintf("idle %.2f %% of a core", 100*h.child.idle))
	return b.set("memory-rest", value, err)
}

// followAll makes the reader follow every author, found by its handle.
func (h *home) followAll(ctx context.Context, reader *user) error {
	err := each(ctx, authors, 4, func(i int) error {
		var found struct{ Accounts []struct{ ID string } }
		host, name, _ := strings.Cut(strings.TrimPrefix(authorURI(i), "http://"), "/users/")
		query := url.Values{"q": {"@" + name + "@" + host}, "resolve": {"true"}, "type": {"accounts"}}
		if err := reader.call(http.MethodGet, "/api/v2/search?"+query.Encode(), nil, &found); err != nil {
			return err
		}
		if len(found.Accounts) != 1 {
			return fmt.Errorf("%d accounts found for %s instead of one", len(found.Accounts), authorURI(i))
		}
		return reader.call(http.MethodPost, "/api/v1/accounts/"+found.Accounts[0].ID+"/follow", url.Values{}, nil)
	})
	if err != nil {
		return err
	}
	for began := time.Now(); ; {
		var me struct {
			Following int `json:"following_count"`
		}
		if err := reader.call(http.MethodGet, "/api/v1/accounts/verify_credentials", nil, &me); err != nil {
			return err
		}
		if me.Following >= authors {
			return nil
		}
		if time.Since(began) > patience {
			return fmt.Errorf("%d of %d follows were let in", me.Following, authors)
		}
		if err := pause(ctx, 50*time.Millisecond); err != nil {
			return err
		}
	}
}

// receive is ten thousand Posts coming in, and what they cost.
func (b *bench) receive(ctx context.Context, h *home, f *feed) error {
	reqs, err := b.creates("load", incomingAll)
	if err != nil {
		return err
	}
	burst := func(from, to int) func() error {
		return func() error {
			part := reqs[from:to]
			if err := each(ctx, len(part), 16, func(i int) error { return send(h.http, part[i]) }); err != nil {
				return err
			}
			return f.await(ctx, to)
		}
	}
	if err := burst(0, incomingWarm)(); err != nil {
		return err
	}
	if err := h.child.settle(ctx); err != nil {
		return err
	}
	stopProfile := b.profile(h, "incoming")
	rate := 0.0
	value, err := h.child.best(ctx, (incomingAll-incomingWarm)/incomingPart, incomingPart, func(round int) error {
		began, from := time.Now(), incomingWarm+round*incomingPart
		err := burst(from, from+incomingPart)()
		rate = max(rate, incomingPart/time.Unix(0, f.last.Load()).Sub(began).Seconds())
		return err
	})
	b.note("incoming", fmt.Sprintf("%.0f a second beside the generator", rate))
	if err := errors.Join(b.set("incoming", value, err), stopProfile()); err != nil {
		return err
	}
	memory, err := h.child.resident()
	if err := b.set("memory-busy", memory, err); err != nil {
		return err
	}
	p50, err := b.latency(ctx, h, f)
	return b.set("latency", p50, err)
}

// latency is the median from just before the POST to the stream's message, with
// nothing else to do.
func (b *bench) latency(ctx context.Context, h *home, f *feed) (float64, error) {
	reqs, err := b.creates("latency", latencies)
	if err != nil {
		return 0, err
	}
	var took []float64
	for _, req := range reqs {
		if err := pause(ctx, 20*time.Millisecond); err != nil {
			return 0, err
		}
		want := int(f.updates.Load()) + 1
		began := time.Now()
		if err := send(h.http, req); err != nil {
			return 0, err
		}
		if err := f.await(ctx, want); err != nil {
			return 0, err
		}
		took = append(took, float64(f.last.Load()-began.UnixNano())/1e6)
	}
	slices.Sort(took)
	b.note("latency", fmt.Sprintf("p90 %.2f ms", quantile(took, 0.9)))
	return quantile(took, 0.5), nil
}

// creates are n signed Creates by the authors in turn, as Mastodon sends them:
// each fifth has a hashtag, each fifth a picture.
func (b *bench) creates(series string, n int) ([]*http.Request, error) {
	reqs := make([]*http.Request, n)
	now := time.Now().UTC().Format(time.RFC3339)
	err := each(context.Background(), n, 2, func(i int) error {
		var err error
		reqs[i], err = b.world.signed(authorURI(i), "/inbox", createBody(authorURI(i), series, i, now))
		return err
	})
	return reqs, err
}

func createBody(author, series string, i int, published string) []byte {
	host, name, _ := strings.Cut(strings.TrimPrefix(author, "http://"), "/users/")
	uri := fmt.Sprintf("%s/statuses/%s-%d", author, series, i)
	tags, media := "[]", "[]"
	text := fmt.Sprintf("<p>縁側でお茶を飲む、その%d。庭の柿が色づいてきた。今日は風が涼しくて、猫も膝の上で寝ている。</p><p>夕方には隣の人が大根を持ってきてくれるという。</p>", i)
	switch i % 5 {
	case 1:
		tags = fmt.Sprintf(`[{"type":"Hashtag","href":"http://%s/tags/engawa","name":"#engawa"}]`, host)
		text += fmt.Sprintf(`<p><a href=\"http://%s/tags/engawa\" class=\"mention hashtag\" rel=\"tag\">#<span>engawa</span></a></p>`, host)
	case 2:
		media = fmt.Sprintf(`[{"type":"Document","mediaType":"image/jpeg","url":"http://%s/media/%d.jpg","name":"庭","blurhash":"UBL_:rOpGG-oBUNG,qRj2so|=eE1w^n4S5NH","width":1200,"height":800}]`, host, i)
	}
	return fmt.Appendf(nil, `{"@context":["https://www.w3.org/ns/activitystreams",{"ostatus":"http://ostatus.org#","atomUri":"ostatus:atomUri","inReplyToAtomUri":"ostatus:inReplyToAtomUri","conversation":"ostatus:conversation","sensitive":"as:sensitive","toot":"http://joinmastodon.org/ns#","votersCount":"toot:votersCount","blurhash":"toot:blurhash","Hashtag":"as:Hashtag"}],"id":"%[1]s/activity","type":"Create","actor":"%[2]s","published":"%[3]s","to":["https://www.w3.org/ns/activitystreams#Public"],"cc":["%[2]s/followers"],"object":{"id":"%[1]s","type":"Note","summary":null,"inReplyTo":null,"published":"%[3]s","url":"http://%[4]s/@%[5]s/%[6]d","attributedTo":"%[2]s","to":["https://www.w3.org/ns/activitystreams#Public"],"cc":["%[2]s/followers"],"sensitive":false,"atomUri":"%[1]s","inReplyToAtomUri":null,"conversation":"tag:%[4]s,2026-01-01:objectId=%[6]d:objectType=Conversation","content":"%[7]s","contentMap":{"ja":"%[7]s"},"attachment":%[8]s,"tag":%[9]s,"replies":{"id":"%[1]s/replies","type":"Collection","first":{"type":"CollectionPage","next":"%[1]s/replies?only_other_accounts=true&page=true","partOf":"%[1]s/replies","items":[]}}}}`,
		uri, author, published, host, name, i, text, media, tags)
}

// quantile of a sorted list.
func quantile(sorted []float64, q float64) float64 {
	if len(sorted) == 0 {
		return 0
	}
	return sorted[min(int(q*float64(len(sorted))), len(sorted)-1)]
}
