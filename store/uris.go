package store

import (
	"context"

	"engawa/social"
)

func scanAddress(r row, a *social.Address) error {
	return r.into(&a.URI, &a.Kind, &a.Target, &a.State)
}

func (r *reader) Address(ctx context.Context, uri string) (*social.Address, error) {
	return one(ctx, r, scanAddress, "select uri, kind, target, state from uris where uri = $1", uri)
}

func (r *reader) Addresses(ctx context.Context, uris []string) ([]social.Address, error) {
	if len(uris) == 0 {
		return nil, nil
	}
	return many(ctx, r, scanAddress, "select uri, kind, target, state from uris where uri = any($1)", uris)
}

// PutAddress inserts or replaces by URI.
func (t *tx) PutAddress(ctx context.Context, a social.Address) error {
	return t.do(ctx, `insert into uris (uri, kind, target, state) values ($1, $2, $3, $4)
		on conflict (uri) do update set kind = excluded.kind, target = excluded.target, state = excluded.state`,
		a.URI, a.Kind, a.Target, a.State)
}

// register makes uri the primary address of a row; without a uri it does nothing.
func (t *tx) register(ctx context.Context, uri, kind string, target ID) error {
	if uri == "" {
		return nil
	}
	return t.PutAddress(ctx, social.Address{URI: uri, Kind: kind, Target: target, State: "primary"})
}

// registerNew is register where an address that is taken stays as it is: what
// others name must not overwrite it. It reports whether it was free.
func (t *tx) registerNew(ctx context.Context, uri, kind string, target ID) (bool, error) {
	if uri == "" {
		return false, nil
	}
	return t.once(ctx, "insert into uris (uri, kind, target, state) values ($1, $2, $3, 'primary') on conflict (uri) do nothing", uri, kind, target)
}

// gone marks the addresses of a row that was deleted.
func (t *tx) gone(ctx context.Context, kind string, target ID) error {
	return t.do(ctx, "update uris set state = 'gone' where target = $1 and kind = $2", target, kind)
}
