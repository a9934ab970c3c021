-- Moderation: what moderators decided beyond table decisions, whom the home
-- lets in, what was reviewed, the log of it all, and counts by day.

alter table decisions add column report bigint not null default 0;
alter table reports add column assigned bigint not null default 0;
alter table reports add column updated_at bigint not null default 0;
create index reports_open on reports (id) where closed_at = 0;
create index reports_target on reports (target, id);
create index reports_actor on reports (actor, id);
create index reports_created on reports (created_at);
create index reports_closed on reports (closed_at) where closed_at <> 0;

alter table users add column reason text not null default '';
alter table users add column sign_up_address text not null default '';
alter table users add column sign_up_app bigint not null default 0;
alter table users add column invited_by bigint not null default 0;
create index users_created on users (created_at);
create index users_active on users (active_at);

create index actors_local on actors (id) where home <> 0;
create index actors_suspended on actors (id) where suspended <> 0;
create index actors_limited on actors (id) where limited <> 0;
create index actors_sensitive on actors (id) where mark_sensitive <> 0;

-- What the home does with a domain and those below it; decision is the row of
-- table decisions that is in force (severity noop: none).
create table domain_rules (
  id bigint primary key,
  domain text not null unique,
  severity text not null,
  reject_media boolean not null default false,
  reject_reports boolean not null default false,
  obfuscate boolean not null default false,
  private_comment text not null default '',
  public_comment text not null default '',
  decision bigint not null default 0,
  created_at bigint not null,
  updated_at bigint not null
);

-- Whom the home lets in: domains allowed, and e-mail domains, addresses of
-- machines and hashes of e-mail addresses that are barred.
create table bars (
  id bigint primary key,
  kind text not null,
  value text not null,
  severity text not null default '',
  comment text not null default '',
  until bigint not null default 0,
  by_actor bigint not null default 0,
  created_at bigint not null,
  unique (kind, value)
);
create index bars_kind on bars (kind, id);
create table bar_days (
  bar bigint not null,
  day bigint not null,
  address text not null,
  uses bigint not null,
  primary key (bar, day, address)
) /* clustered */;

-- What moderators said of tags, posts, links and who publishes links: target is
-- the id, or zero and name is the domain.
create table reviews (
  id bigint primary key,
  kind text not null,
  target bigint not null default 0,
  name text not null default '',
  trendable boolean not null default true,
  usable boolean not null default true,
  listable boolean not null default true,
  reviewed_at bigint not null default 0,
  by_actor bigint not null default 0,
  created_at bigint not null,
  unique (kind, target, name)
);
create index reviews_kind on reviews (kind, id);

create table audit (
  id bigint primary key,
  by_actor bigint not null,
  action text not null,
  target_kind text not null,
  target bigint not null default 0,
  label text not null default '',
  details text not null default '',
  created_at bigint not null
);

-- Counts by day that nothing else keeps: key is what, detail of which.
create table day_counts (
  key text not null,
  day bigint not null,
  detail text not null default '',
  n bigint not null,
  primary key (key, day, detail)
) /* clustered */;
create table user_days (
  day bigint not null,
  user_id bigint not null,
  primary key (day, user_id)
) /* clustered */;
