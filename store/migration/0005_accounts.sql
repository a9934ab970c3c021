-- How people come in: one-time links sent by mail, invitations, and what they
-- log in with besides a password. Times are bigint milliseconds UTC.

-- A one-time link: only the hash of its text is kept, one a User and kind.
create table proofs (
  hash bytea primary key,
  user_id bigint not null,
  kind text not null,
  value text not null default '',
  until bigint not null,
  unique (user_id, kind)
);

create table invites (
  id bigint primary key,
  code text not null unique,
  user_id bigint not null,
  uses bigint not null default 0,
  most bigint not null default 0,
  until bigint not null default 0,
  created_at bigint not null
);
create index invites_user on invites (user_id, id);

create table passkeys (
  id bytea primary key,
  user_id bigint not null,
  name text not null,
  body bytea not null,
  created_at bigint not null,
  used_at bigint not null default 0
);
create index passkeys_user on passkeys (user_id);

create table identities (
  issuer text not null,
  subject text not null,
  user_id bigint not null,
  created_at bigint not null,
  primary key (issuer, subject)
) /* clustered */;
create index identities_user on identities (user_id);

create table recovery_codes (
  user_id bigint not null,
  hash bytea not null,
  primary key (user_id, hash)
) /* clustered */;

-- Authorization codes that became a token: a second use revokes it (RFC 6749 4.1.2).
create table spent_codes (
  hash bytea primary key,
  token bigint not null,
  until bigint not null
);
