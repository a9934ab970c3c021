package store

import (
	"cmp"
	"context"
	"slices"

	"engawa/social"
)

const jobColumns = "id, kind, key, host, network, ref, target, body, run_at, attempts, lease, error, dead_at"

func scanJob(r row, j *social.Job) error {
	return r.into(&j.ID, (*string)(&j.Kind), &j.Key, &j.Host, &j.Network, &j.Ref, &j.Target, &j.Body, &j.RunAt, &j.Attempts, &j.Lease, &j.Error, &j.DeadAt)
}

func (r *reader) JobCounts(ctx context.Context) (map[social.JobKind]int64, error) {
	counts := make(map[social.JobKind]int64)
	return counts, r.rows(ctx, `select case when dead_at = 0 then kind else 'dead' end as state, count(*) from jobs group by state`, nil, func(row row) error {
		var kind string
		var n int64
		err := row.into(&kind, &n)
		counts[social.JobKind(kind)] = n
		return err
	})
}

// free is the condition that nobody holds a job, at the moment that follows.
const free = "(j.lease = 0 or j.lease_until < "

func (r *reader) DueJobs(ctx context.Context, kind social.JobKind, now social.Millis) (bool, error) {
	n, err := one(ctx, r, scanInt, "select count(*) from (select 1 from jobs j where j.kind = $1 and j.dead_at = 0 and j.run_at <= $2 and "+free+"$2) limit 1) due", kind, now)
	return err == nil && *n > 0, err
}

// enqueueAtOnce is how many jobs one statement inserts.
const enqueueAtOnce = 16

func (t *tx) Enqueue(ctx context.Context, jobs []social.Job, leaseUntil social.Millis) error {
	for part := range slices.Chunk(jobs, enqueueAtOnce) {
		q := new(query).add("insert into jobs (" + jobColumns + ", lease_until) values ")
		for i := range part {
			j := &part[i]
			until := leaseUntil
			if j.Lease == 0 {
				until = 0
			}
			if i > 0 {
				q.add(", ")
			}
			q.add("(", j.ID, j.Kind, j.Key, j.Host, j.Network, j.Ref, j.Target, j.Body, j.RunAt, j.Attempts, j.Lease, j.Error, j.DeadAt, until).add(")")
		}
		if err := t.do(ctx, q.text.String(), q.args...); err != nil {
			return err
		}
	}
	return nil
}

func (t *tx) Claim(ctx context.Context, kind social.JobKind, token ID, now, until social.Millis, skip []string, limit int) ([]social.Job, error) {
	q := newQuery("update jobs set lease = ", token).add(", lease_until = ", until)
	q.add(" where id in (select j.id from jobs j where j.kind = ", kind)
	q.add(" and j.dead_at = 0 and j.run_at <= ", now).add(" and "+free, now)
	q.add(`) and not exists (select 1 from jobs o where j.key <> '' and o.key <> '' and o.kind = j.kind and o.key = j.key and o.id < j.id
		and o.dead_at = 0 and o.attempts < `, social.KeyPatience)
	q.add(" and (o.run_at > ", now).add(" or (o.lease <> 0 and o.lease_until >= ", now).add(")))")
	if len(skip) > 0 {
		q.add(" and not (j.host = any(", skip).add("))")
	}
	q.add(" order by j.run_at, j.id limit ", limit).add(" for update skip locked) returning " + jobColumns)
	jobs, err := many(ctx, &t.reader, scanJob, q.text.String(), q.args...)
	slices.SortFunc(jobs, func(a, b social.Job) int {
		return cmp.Or(cmp.Compare(a.RunAt, b.RunAt), cmp.Compare(a.ID, b.ID))
	})
	return jobs, err
}

func (t *tx) Finish(ctx context.Context, jobs []social.Job) (int, error) {
	byLease := make(map[ID][]ID, 1)
	for i := range jobs {
		byLease[jobs[i].Lease] = append(byLease[jobs[i].Lease], jobs[i].ID)
	}
	total := 0
	for lease, ids := range byLease {
		var n int64
		var err error
		if len(ids) == 1 {
			n, err = t.exec(ctx, "delete from jobs where id = $1 and lease = $2", ids[0], lease)
		} else {
			n, err = t.exec(ctx, "delete from jobs where id = any($1) and lease = $2", ids, lease)
		}
		if err != nil {
			return total, err
		}
		total += int(n)
	}
	return total, nil
}

func (t *tx) Postpone(ctx context.Context, j *social.Job) error {
	return t.do(ctx, `update jobs set run_at = $1, attempts = $2, error = $3, dead_at = $4, lease = 0, lease_until = 0 where id = $5 and lease = $6`,
		j.RunAt, j.Attempts, j.Error, j.DeadAt, j.ID, j.Lease)
}

// ReleaseLeases reads the node out of the leases: they are snowflakes.
func (t *tx) ReleaseLeases(ctx context.Context, node int) error {
	return t.do(ctx, "update jobs set lease = 0, lease_until = 0 where lease <> 0 and (lease / 64) % 1024 = $1", node)
}

func (t *tx) Seen(ctx context.Context, uri string, at social.Millis) (bool, error) {
	return t.once(ctx, "insert into seen (uri, at) values ($1, $2) on conflict do nothing", uri, at)
}

func (r *reader) Outgoing(ctx context.Context, id ID) (*social.Outgoing, error) {
	return one(ctx, r, func(r row, o *social.Outgoing) error {
		var object, inboxes string
		err := r.into(&o.ID, &o.Actor, (*string)(&o.Verb), &o.URI, &object, (*uint8)(&o.Audience), &inboxes, &o.ToFollowers, &o.Body, &o.CreatedAt)
		if err != nil {
			return err
		}
		if err := unpack(object, &o.Object); err != nil {
			return err
		}
		return fromJSON(inboxes, &o.Inboxes)
	}, "select id, actor, verb, uri, object, audience, inboxes, to_followers, body, created_at from outgoing where id = $1", id)
}

func (t *tx) PutOutgoing(ctx context.Context, o *social.Outgoing) error {
	return t.do(ctx, `insert into outgoing (id, actor, verb, uri, object, audience, inboxes, to_followers, body, created_at)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		o.ID, o.Actor, o.Verb, o.URI, packed(&o.Object), o.Audience, toJSON(o.Inboxes), o.ToFollowers, o.Body, o.CreatedAt)
}

func (t *tx) SetOutgoingBody(ctx context.Context, id ID, body []byte) error {
	return t.do(ctx, "update outgoing set body = $1 where id = $2", body, id)
}
