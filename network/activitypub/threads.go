package activitypub

import (
	"context"
	"sync"

	"engawa/internal/fetch"
	"engawa/social"
)

// Bounds of fetching a thread (mastodon.md 5.8).
const (
	maxUp        = 20  // posts above
	maxDownPosts = 500 // posts below
	maxDownPages = 50
	threadRest   = 5 * 60_000 // ms: younger posts are still being delivered
	targetDown   = "down"     // Job.Target: what stands below, too
)

var threadLimits = fetch.Limits{Requests: 700, PerDomain: 400, Bytes: 64 << 20}

// threadRun is one fetch of a thread that somebody waits for.
type threadRun struct {
	mu       sync.Mutex
	count    int
	finished bool
}

func (r *threadRun) add(n int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.count += n
}

func (r *threadRun) end() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.finished = true
}

func (r *threadRun) state() (int, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.count, r.finished
}

// Fetch starts fetching what the thread of a Post lacks and returns the name of
// the run, or "" when there is nothing to fetch now.
func (f *Federation) Fetch(ctx context.Context, p *social.Post) string {
	if f.ready() != nil || !f.mayGrow(p) {
		return ""
	}
	thread := p.Thread
	if thread == 0 {
		thread = p.ID
	}
	if id, ok := f.cooling.get(thread); ok {
		if run, ok := f.threads.get(id); ok {
			if _, finished := run.state(); !finished {
				return id
			}
		}
		return ""
	}
	job := social.Job{
		ID: social.ID(f.Home.IDs.Next()), Kind: social.JobThread, Ref: p.ID, Target: targetDown,
		Key: "thread:" + thread.String(), RunAt: f.millis(),
	}
	id := runName(job.ID)
	f.threads.put(id, &threadRun{})
	f.cooling.put(thread, id)
	if err := f.insert(ctx, []social.Job{job}); err != nil {
		f.threads.drop(id)
		f.cooling.drop(thread)
		return ""
	}
	return id
}

func runName(job social.ID) string { return "thread-" + job.String() }

// mayGrow reports whether somebody elsewhere may know more of a Post's thread.
func (f *Federation) mayGrow(p *social.Post) bool {
	if p.Audience > social.Unlisted || f.millis()-p.CreatedAt < threadRest {
		return false
	}
	return p.RepliesURI != "" && !p.Local() || p.ReplyToURI != "" && p.ReplyTo == 0 || p.Local() && p.Replies > 0
}

// Result tells of a run: how many posts came so far, and whether it is over.
// What is known only to another node, or was forgotten, is not known.
func (f *Federation) Result(id string) (count int, finished, known bool) {
	if f.ready() != nil {
		return 0, true, false
	}
	run, ok := f.threads.get(id)
	if !ok {
		return 0, true, false
	}
	count, finished = run.state()
	return count, finished, true
}

// HandleThread fetches what a thread lacks (JobThread): what stands above the
// Post, and with Target "down" what stands below as well.
func (f *Federation) HandleThread(ctx context.Context, j *social.Job) error {
	if err := f.ready(); err != nil {
		return err
	}
	run, ok := f.threads.get(runName(j.ID))
	if !ok {
		run = &threadRun{}
	}
	defer run.end()
	ctx = deeper(fetch.WithLimits(ctx, threadLimits))
	p, err := f.Home.Store.Post(ctx, j.Ref)
	if err != nil {
		return f.failure(err)
	}
	err = f.climb(ctx, p, run)
	if j.Target != targetDown {
		return f.failure(err)
	}
	f.descend(ctx, p, run)
	return nil
}

// climb fetches what p answers, and what that answers.
func (f *Federation) climb(ctx context.Context, p *social.Post, run *threadRun) error {
	for range maxUp {
		switch {
		case p.ReplyTo != 0:
			up, err := f.Home.Store.Post(ctx, p.ReplyTo)
			if err != nil {
				return err
			}
			p = up
			continue
		case p.ReplyToURI == "" || f.ours(p.ReplyToURI):
			return nil
		}
		up, err := f.PostByURI(ctx, p.ReplyToURI)
		if err != nil {
			return err
		}
		run.add(1)
		if up.ID == p.ID {
			return nil
		}
		p = up
	}
	return nil
}

// descent is what is left to fetch of one thread.
type descent struct {
	open  []string // collections of answers
	seen  map[string]bool
	pages int
	posts int
}

func (d *descent) push(p *social.Post) {
	if uri := p.RepliesURI; uri != "" && !p.Local() && !d.seen[uri] {
		d.seen[uri] = true
		d.open = append(d.open, uri)
	}
}

// descend fetches the answers to p, and to those, breadth first.
func (f *Federation) descend(ctx context.Context, p *social.Post, run *threadRun) {
	d := &descent{seen: map[string]bool{}, pages: maxDownPages, posts: maxDownPosts}
	d.push(p)
	if known, err := f.Home.Store.ThreadPosts(ctx, p.Thread, maxDownPosts); err == nil {
		for _, k := range known {
			if k.ID > p.ID || k.ReplyTo == p.ID {
				d.push(k)
			}
		}
	}
	for len(d.open) > 0 && d.pages > 0 && d.posts > 0 && ctx.Err() == nil {
		uri := d.open[0]
		d.open = d.open[1:]
		if !f.answers(ctx, uri, d, run) {
			return
		}
	}
}

// answers reads one collection of answers; false ends the descent.
func (f *Federation) answers(ctx context.Context, uri string, d *descent, run *threadRun) bool {
	host, more := HostOf(uri), true
	_, err := f.walk(ctx, uri, &d.pages, func(item Value) bool {
		id := uriOf(item)
		if id == "" || d.seen[id] {
			return true
		}
		d.seen[id] = true
		_, before := f.knownPost(ctx, id)
		p, err := f.postOf(ctx, item, host)
		if fetch.KindOf(err) == fetch.OverBudget || ctx.Err() != nil {
			more = false
		}
		d.posts--
		if err == nil {
			if before != nil {
				run.add(1)
			}
			d.push(p)
		}
		return more && d.posts > 0
	})
	if err != nil && fetch.KindOf(err) == fetch.OverBudget {
		return false
	}
	return more
}
