package store

import (
	"context"

	"engawa/social"
)

func scanMarker(r row, m *social.Marker) error {
	return r.into(&m.Timeline, &m.LastRead, &m.Version, &m.UpdatedAt)
}

func (r *reader) Markers(ctx context.Context, user ID) ([]social.Marker, error) {
	return many(ctx, r, scanMarker,
		"select timeline, last_read, version, updated_at from markers where user_id = $1 order by timeline limit $2",
		user, most)
}

// PutMarker takes version 0 or 1 for a timeline's first Marker.
func (t *tx) PutMarker(ctx context.Context, user ID, m *social.Marker) error {
	query := `update markers set last_read = $1, version = $2, updated_at = $3
		where user_id = $4 and timeline = $5 and version = $2 - 1`
	if m.Version == 0 || m.Version == 1 {
		query = `insert into markers (last_read, version, updated_at, user_id, timeline) values ($1, $2, $3, $4, $5)
		on conflict (user_id, timeline) do update set
			last_read = excluded.last_read, version = excluded.version, updated_at = excluded.updated_at
		where markers.version = excluded.version - 1`
	}
	n, err := t.exec(ctx, query, m.LastRead, m.Version, m.UpdatedAt, user, m.Timeline)
	if err == nil && n == 0 {
		return &social.Error{Kind: social.Conflict, Op: "put marker", Field: "version",
			Message: "Conflict during update, please try again"}
	}
	return err
}
