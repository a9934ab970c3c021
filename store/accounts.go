package store

import (
	"context"

	"engawa/social"
)

const proofColumns = "hash, user_id, kind, value, until"

func scanProof(r row, p *social.Proof) error {
	return r.into(&p.Hash, &p.User, (*string)(&p.Kind), &p.Value, &p.Until)
}

func (r *reader) Proof(ctx context.Context, hash []byte) (*social.Proof, error) {
	return one(ctx, r, scanProof, "select "+proofColumns+" from proofs where hash = $1", notNull(hash))
}

func (t *tx) PutProof(ctx context.Context, p *social.Proof) error {
	return t.do(ctx, `insert into proofs (hash, user_id, kind, value, until) values ($1, $2, $3, $4, $5)
		on conflict (user_id, kind) do update set hash = excluded.hash, value = excluded.value, until = excluded.until`,
		notNull(p.Hash), p.User, string(p.Kind), p.Value, p.Until)
}

func (t *tx) TakeProof(ctx context.Context, hash []byte) (*social.Proof, error) {
	return one(ctx, &t.reader, scanProof, "delete from proofs where hash = $1 returning "+proofColumns, notNull(hash))
}

const inviteColumns = "id, code, user_id, uses, most, until, created_at"

func scanInvite(r row, i *social.Invite) error {
	return r.into(&i.ID, &i.Code, &i.User, &i.Uses, &i.Most, &i.Until, &i.CreatedAt)
}

func (r *reader) Invite(ctx context.Context, code string) (*social.Invite, error) {
	return one(ctx, r, scanInvite, "select "+inviteColumns+" from invites where code = $1", code)
}

func (r *reader) Invites(ctx context.Context, user ID) ([]social.Invite, error) {
	return many(ctx, r, scanInvite, "select "+inviteColumns+" from invites where user_id = $1 order by id desc limit $2", user, most)
}

func (t *tx) PutInvite(ctx context.Context, i *social.Invite) error {
	return t.found(ctx, `insert into invites (id, code, user_id, uses, most, until, created_at) values ($1, $2, $3, $4, $5, $6, $7)
		on conflict (id) do update set most = excluded.most, until = excluded.until where invites.user_id = excluded.user_id`,
		i.ID, i.Code, i.User, i.Uses, i.Most, i.Until, i.CreatedAt)
}

func (t *tx) UseInvite(ctx context.Context, code string, now social.Millis) (*social.Invite, error) {
	return one(ctx, &t.reader, scanInvite, `update invites set uses = uses + 1
		where code = $1 and (until = 0 or until > $2) and (most = 0 or uses < most) returning `+inviteColumns, code, now)
}

func (t *tx) DropInvite(ctx context.Context, user, id ID) error {
	return t.found(ctx, "delete from invites where id = $1 and user_id = $2", id, user)
}

const passkeyColumns = "id, user_id, name, body, created_at, used_at"

func scanPasskey(r row, p *social.Passkey) error {
	return r.into(&p.ID, &p.User, &p.Name, &p.Body, &p.CreatedAt, &p.UsedAt)
}

func (r *reader) Passkey(ctx context.Context, id []byte) (*social.Passkey, error) {
	return one(ctx, r, scanPasskey, "select "+passkeyColumns+" from passkeys where id = $1", notNull(id))
}

func (r *reader) Passkeys(ctx context.Context, user ID) ([]social.Passkey, error) {
	return many(ctx, r, scanPasskey, "select "+passkeyColumns+" from passkeys where user_id = $1 order by created_at, id limit $2", user, most)
}

func (t *tx) PutPasskey(ctx context.Context, p *social.Passkey) error {
	err := t.found(ctx, `insert into passkeys (id, user_id, name, body, created_at, used_at) values ($1, $2, $3, $4, $5, $6)
		on conflict (id) do update set name = excluded.name, body = excluded.body, used_at = excluded.used_at
		where passkeys.user_id = excluded.user_id`, notNull(p.ID), p.User, p.Name, notNull(p.Body), p.CreatedAt, p.UsedAt)
	if social.IsKind(err, social.NotFound) {
		return &social.Error{Kind: social.Conflict, Op: "put passkey", Message: "This passkey belongs to another account"}
	}
	return err
}

func (t *tx) DropPasskey(ctx context.Context, user ID, id []byte) error {
	return t.found(ctx, "delete from passkeys where id = $1 and user_id = $2", notNull(id), user)
}
