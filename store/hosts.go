package store

import (
	"context"

	"engawa/social"
)

const hostColumns = "domain, software, version, signature, first_seen, success_at, failure_at, failures, parked_till, gone_at, checked_at"

func scanHost(r row, h *social.Host) error {
	return r.into(&h.Domain, &h.Software, &h.Version, (*string)(&h.Signature), &h.FirstSeen, &h.SuccessAt, &h.FailureAt, &h.Failures, &h.ParkedTill, &h.GoneAt, &h.CheckedAt)
}

func (r *reader) Host(ctx context.Context, domain string) (*social.Host, error) {
	return one(ctx, r, scanHost, "select "+hostColumns+" from hosts where domain = $1", domain)
}

func (r *reader) Hosts(ctx context.Context, domains []string) (map[string]*social.Host, error) {
	all := make(map[string]*social.Host, len(domains))
	if len(domains) == 0 {
		return all, nil
	}
	list, err := many(ctx, r, scanHost, "select "+hostColumns+" from hosts where domain = any($1)", domains)
	for i := range list {
		all[list[i].Domain] = &list[i]
	}
	return all, err
}

var putHost = "insert into hosts (" + hostColumns + ") values " + params(11) + " on conflict (domain) do update set " + excluded("("+hostColumns+")")

// PutHost inserts or replaces by Domain.
func (t *tx) PutHost(ctx context.Context, h *social.Host) error {
	return t.do(ctx, putHost, h.Domain, h.Software, h.Version, h.Signature, h.FirstSeen, h.SuccessAt, h.FailureAt, h.Failures, h.ParkedTill, h.GoneAt, h.CheckedAt)
}
