-- Links, rules, the ledger of Copies, and what Links read. Times are bigint
-- milliseconds UTC, 0 = never; JSON is text, or bytes where only others read it.

create table links (
  id bigint primary key,
  user_id bigint not null,
  network text not null,
  name text not null,
  base text not null default '',
  account text not null default '',
  handle text not null default '',
  url text not null default '',
  avatar text not null default '',
  can bigint not null default 0,
  limits text not null default '',
  settings bytea,
  secret bytea,
  state text not null default 'active',
  ok_at bigint not null default 0,
  failed_at bigint not null default 0,
  error text not null default '',
  remedy text not null default '',
  expires_at bigint not null default 0,
  list bigint not null default 0,
  merged boolean not null default false,
  cursors bytea,
  created_at bigint not null,
  unique (user_id, name)
);
create index links_list on links (list) where list <> 0;

-- Links that were dropped and whose Lanes are being cleared away.
create table links_gone (
  id bigint primary key,
  user_id bigint not null
);

create table rule_books (
  user_id bigint primary key,
  body text not null,
  updated_at bigint not null
);

-- The ledger: kept for ever, also when the Post or the Link is gone.
create table copies (
  id bigint primary key,
  post bigint not null,
  link bigint not null,
  user_id bigint not null,
  network text not null default '',
  rule text not null default '',
  number integer not null,
  parts integer not null,
  state text not null,
  part bytea,
  key text not null default '',
  version integer not null default 0,
  ref_id text not null default '',
  ref_uri text not null default '',
  ref text not null default '',
  hash bytea,
  reason text not null default '',
  cost bigint not null default 0,
  tries integer not null default 0,
  due_at bigint not null default 0,
  sent_at bigint not null default 0,
  updated_at bigint not null default 0,
  deleted_at bigint not null default 0,
  unique (post, link, number)
);
create index copies_ref on copies (user_id, ref_id) where ref_id <> '';
create index copies_uri on copies (user_id, ref_uri) where ref_uri <> '';
create index copies_state on copies (link, state, id);
create index copies_spent on copies (link, sent_at) where sent_at <> 0;

create table verdicts (
  post bigint not null,
  link bigint not null,
  user_id bigint not null,
  send boolean not null,
  rule text not null default '',
  reason text not null default '',
  at bigint not null,
  primary key (post, link)
) /* clustered */;

-- Where a Link saw a Post. mark is a hash of what it says, for finding doubles; 0: too short to tell.
create table lane_posts (
  link bigint not null,
  ref text not null,
  user_id bigint not null,
  post bigint not null,
  details text not null default '',
  mark bigint not null default 0,
  counts text not null default '',
  at bigint not null,
  primary key (link, ref)
) /* clustered */;
create index lane_posts_post on lane_posts (post, user_id);
create index lane_posts_mark on lane_posts (user_id, mark) where mark <> 0;
create index lane_posts_age on lane_posts (link, at);

-- Answers without text that were given through Links, with what the networks
-- made of them. target is a Post, or an Actor where the verb is Follow.
create table deeds (
  user_id bigint not null,
  target bigint not null,
  verb text not null,
  content text not null default '',
  link bigint not null,
  made text not null default '',
  at bigint not null,
  primary key (user_id, target, verb, content)
) /* clustered */;
create index deeds_target on deeds (target);

-- Posts that are one thing for a User: a row for each that is folded into its
-- head. A row of grade 0, its own head, says that the person keeps the Post apart.
create table folds (
  user_id bigint not null,
  post bigint not null,
  head bigint not null,
  grade integer not null,
  why text not null default '',
  primary key (user_id, post)
) /* clustered */;
create index folds_post on folds (post);
create index folds_head on folds (head);
