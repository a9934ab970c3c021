-- The first tables. One text for SQLite and PostgreSQL 15+; store/dialect.go
-- reads two words differently for SQLite: "bigint primary key" becomes the
-- rowid, and "/* clustered */" becomes "without rowid".
-- Times are bigint milliseconds UTC, 0 = never. JSON is text.

create table homes (
  id bigint primary key,
  domain text not null unique,
  url text not null,
  name text not null,
  summary text not null default '',
  description text not null default '',
  contact bigint not null default 0,
  email text not null default '',
  languages text not null default '[]',
  rules text not null default '[]',
  created_at bigint not null
);

-- Every domain that handles of one of our homes may be written with.
create table domains (
  domain text primary key,
  home bigint not null
) /* clustered */;

create table secrets (
  name text primary key,
  value bytea not null
) /* clustered */;

-- The one table of addresses: every look-up of a URI goes through it.
create table uris (
  uri text primary key,
  kind text not null,
  target bigint not null,
  state text not null default 'primary'
) /* clustered */;
create index uris_target on uris (target, kind);

create table actors (
  id bigint primary key,
  home bigint not null default 0,
  domain text not null,
  name text not null,
  name_key text collate "C" not null,
  kind text not null,
  state smallint not null default 0,
  uri text not null,
  url text not null default '',
  inbox text not null default '',
  outbox text not null default '',
  shared_inbox text not null default '',
  followers_uri text not null default '',
  following_uri text not null default '',
  featured_uri text not null default '',
  display_name text not null default '',
  display_key text collate "C" not null default '',
  summary text not null default '',
  summary_source text not null default '',
  locked boolean not null default false,
  discoverable boolean not null default false,
  indexable boolean not null default false,
  hide_follows boolean not null default false,
  memorial boolean not null default false,
  avatar text not null default '',
  header text not null default '',
  details text not null default '',
  moved_to bigint not null default 0,
  moved_at bigint not null default 0,
  posts bigint not null default 0,
  followers bigint not null default 0,
  following bigint not null default 0,
  last_post_at bigint not null default 0,
  created_at bigint not null,
  updated_at bigint not null,
  fetched_at bigint not null default 0,
  suspended bigint not null default 0,
  limited bigint not null default 0,
  mark_sensitive bigint not null default 0
);
create unique index actors_handle on actors (name_key, domain);
create unique index actors_uri on actors (uri);
create index actors_home on actors (home, last_post_at) where home <> 0;
create index actors_domain on actors (domain);
create index actors_display on actors (display_key) where display_key <> '';
create index actors_directory on actors (last_post_at, id) where discoverable;

-- Former and deleted names, people's and communities' alike: never given away again.
create table handles (
  name_key text not null,
  domain text not null,
  actor bigint not null,
  primary key (name_key, domain)
) /* clustered */;

-- 410 only for what was deleted here.
create table tombstones (
  uri text primary key,
  kind text not null,
  target bigint not null,
  deleted_at bigint not null
) /* clustered */;

create table actor_keys (
  id bigint primary key,
  actor bigint not null,
  key_id text not null unique,
  kind text not null,
  public bytea not null,
  private bytea,
  created_at bigint not null,
  fetched_at bigint not null default 0,
  retired_at bigint not null default 0
);
create index actor_keys_actor on actor_keys (actor);

create table members (
  community bigint not null,
  actor bigint not null,
  role text not null default '',
  state text not null default '',
  uri text not null default '',
  created_at bigint not null,
  primary key (community, actor)
) /* clustered */;
create index members_actor on members (actor);

create table users (
  id bigint primary key,
  email text not null default '',
  password text not null default '',
  totp bytea,
  locale text not null default 'en',
  role text not null default '',
  settings text not null default '{}',
  setup_hash bytea,
  setup_until bigint not null default 0,
  confirmed_at bigint not null default 0,
  approved_at bigint not null default 0,
  disabled_at bigint not null default 0,
  active_at bigint not null default 0,
  created_at bigint not null
);
create unique index users_email on users (email) where email <> '';
create index users_setup on users (setup_hash) where setup_hash is not null;

create table apps (
  id bigint primary key,
  client_id text not null unique,
  secret_hash bytea not null,
  name text not null,
  website text not null default '',
  redirect_uris text not null,
  scopes text not null,
  created_at bigint not null
);

create table tokens (
  id bigint primary key,
  hash bytea not null unique,
  app bigint not null,
  user_id bigint not null default 0,
  scopes text not null,
  created_at bigint not null,
  used_at bigint not null default 0,
  revoked_at bigint not null default 0
);
create index tokens_user on tokens (user_id);

create table codes (
  hash bytea primary key,
  app bigint not null,
  user_id bigint not null,
  redirect_uri text not null,
  scopes text not null,
  challenge text not null default '',
  created_at bigint not null,
  expires_at bigint not null
) /* clustered */;

create table sessions (
  hash bytea primary key,
  user_id bigint not null,
  agent text not null default '',
  address text not null default '',
  created_at bigint not null,
  seen_at bigint not null,
  expires_at bigint not null
) /* clustered */;
create index sessions_user on sessions (user_id);

-- details holds what no Post is found by (store/post_details.go).
create table posts (
  id bigint primary key,
  uri text not null,
  actor bigint not null,
  home bigint not null default 0,
  audience smallint not null,
  origin smallint not null,
  content text not null default '',
  sensitive boolean not null default false,
  reply_to bigint not null default 0,
  reply_to_uri text not null default '',
  reply_to_actor bigint not null default 0,
  thread bigint not null default 0,
  boost_of bigint not null default 0,
  quote_of bigint not null default 0,
  quote_state smallint not null default 0,
  details bytea not null,
  media_count integer not null default 0,
  card bigint not null default 0,
  replies bigint not null default 0,
  boosts bigint not null default 0,
  favourites bigint not null default 0,
  quotes bigint not null default 0,
  reactions text not null default '',
  created_at bigint not null,
  edited_at bigint not null default 0,
  hidden bigint not null default 0
);
create index posts_actor on posts (actor, id);
create index posts_thread on posts (thread, id) where boost_of = 0;
create index posts_orphan on posts (reply_to_uri, id) where reply_to = 0 and reply_to_uri <> '';
create unique index posts_boost on posts (boost_of, actor) where boost_of <> 0;
create index posts_boosts on posts (actor) where boost_of <> 0;
create index posts_quote on posts (quote_of, id) where quote_of <> 0;
create index posts_public on posts (id) where audience = 0 and boost_of = 0 and reply_to_uri = '';
create index posts_local on posts (id) where audience = 0 and boost_of = 0 and reply_to_uri = '' and home <> 0;
create index posts_media on posts (actor, id) where media_count > 0 and boost_of = 0;

create table post_edits (
  post bigint not null,
  at bigint not null,
  content text not null,
  warning text not null,
  sensitive boolean not null,
  details text not null,
  primary key (post, at)
) /* clustered */;

-- Bytes of signed objects as they were received, for who must serve them again.
create table originals (
  uri text primary key,
  body bytea not null,
  received_at bigint not null
) /* clustered */;

-- What moderators and readers add; the author's own words stay as they are.
create table labels (
  target_kind text not null,
  target bigint not null,
  label text not null,
  source bigint not null,
  decision bigint not null default 0,
  created_at bigint not null,
  primary key (target_kind, target, label, source)
) /* clustered */;

create table mentions (
  post bigint not null,
  actor bigint not null,
  silent boolean not null default false,
  primary key (post, actor)
) /* clustered */;
create index mentions_actor on mentions (actor, post);

-- Searched by prefix, so ordered by bytes; last_used 0: never in public.
create table tags (
  id bigint primary key,
  name text collate "C" not null unique,
  display text not null,
  last_used bigint not null default 0
);

create table post_tags (
  tag bigint not null,
  post bigint not null,
  primary key (tag, post)
) /* clustered */;
create index post_tags_post on post_tags (post);

create table tag_days (
  tag bigint not null,
  day bigint not null,
  actor bigint not null,
  uses bigint not null,
  primary key (tag, day, actor)
) /* clustered */;
create index tag_days_day on tag_days (day, tag);

create table tag_follows (
  user_id bigint not null,
  tag bigint not null,
  id bigint not null,
  created_at bigint not null,
  primary key (user_id, tag)
) /* clustered */;
create index tag_follows_tag on tag_follows (tag);
create unique index tag_follows_page on tag_follows (user_id, id);

create table featured_tags (
  id bigint primary key,
  actor bigint not null,
  tag bigint not null,
  posts bigint not null default 0,
  last_at bigint not null default 0,
  created_at bigint not null,
  unique (actor, tag)
);

create table polls (
  post bigint primary key,
  options text not null,
  multiple boolean not null,
  hide_totals boolean not null default false,
  expires_at bigint not null default 0,
  closed_at bigint not null default 0,
  voters bigint not null default 0
);
create table votes (
  id bigint primary key,
  post bigint not null,
  actor bigint not null,
  choice integer not null,
  uri text not null default '',
  created_at bigint not null,
  unique (post, actor, choice)
);

create table media (
  id bigint primary key,
  actor bigint not null,
  post bigint not null default 0,
  position integer not null default 0,
  blob text not null default '',
  preview_blob text not null default '',
  details bytea not null, -- store/media_details.go
  created_at bigint not null
);
create index media_post on media (post, position) where post <> 0;
create index media_loose on media (created_at) where post = 0;

create table cards (
  id bigint primary key,
  url text not null unique,
  details text not null default '',
  failed boolean not null default false,
  fetched_at bigint not null default 0
);

create table emojis (
  id bigint primary key,
  shortcode text not null,
  domain text not null,
  uri text not null default '',
  url text not null,
  static_url text not null default '',
  category text not null default '',
  hidden boolean not null default false,
  updated_at bigint not null,
  unique (domain, shortcode)
);

create table reactions (
  id bigint primary key,
  post bigint not null,
  actor bigint not null,
  content text not null,
  emoji text not null default '',
  uri text not null default '',
  created_at bigint not null
);
create unique index reactions_once on reactions (post, actor, content);
create index reactions_actor on reactions (actor, id) where content = '★';
create index reactions_emoji on reactions (actor) where content <> '★';

create table quotes (
  post bigint primary key,
  quoted bigint not null default 0,
  quoted_uri text not null,
  actor bigint not null,
  quoted_actor bigint not null default 0,
  state smallint not null,
  request_uri text not null default '',
  stamp_uri text not null default '',
  created_at bigint not null
);
create index quotes_quoted on quotes (quoted, post) where quoted <> 0;
create index quotes_uri on quotes (quoted_uri) where quoted = 0;

create table pins (
  actor bigint not null,
  post bigint not null,
  created_at bigint not null,
  primary key (actor, post)
) /* clustered */;

create table bookmarks (
  user_id bigint not null,
  id bigint not null,
  post bigint not null,
  created_at bigint not null,
  primary key (user_id, id)
) /* clustered */;
create unique index bookmarks_post on bookmarks (post, user_id);

create table home_feed (
  user_id bigint not null,
  post bigint not null,
  actor bigint not null,
  subject bigint not null,
  primary key (user_id, post)
) /* clustered */;

create table list_feed (
  list bigint not null,
  post bigint not null,
  actor bigint not null,
  primary key (list, post)
) /* clustered */;

create table conversations (
  id bigint primary key,
  user_id bigint not null,
  thread bigint not null,
  last_post bigint not null,
  participants text not null,
  unread boolean not null,
  unique (user_id, thread)
);
create index conversations_last on conversations (user_id, last_post);
create index conversations_thread on conversations (thread);

create table thread_mutes (
  user_id bigint not null,
  thread bigint not null,
  primary key (user_id, thread)
) /* clustered */;
create index thread_mutes_thread on thread_mutes (thread);

create table follows (
  id bigint primary key,
  actor bigint not null,
  target bigint not null,
  pending boolean not null,
  local boolean not null, -- the actor lives in one of our homes
  uri text not null default '',
  hide_boosts boolean not null default false,
  notify boolean not null default false,
  languages text not null default '',
  created_at bigint not null,
  unique (actor, target)
);
create index follows_target on follows (target, id);
create index follows_actor on follows (actor, id);
create index follows_local on follows (target) where local;

create table blocks (
  id bigint primary key,
  actor bigint not null,
  target bigint not null,
  uri text not null default '',
  created_at bigint not null,
  unique (actor, target)
);
create index blocks_target on blocks (target, actor);

create table mutes (
  id bigint primary key,
  actor bigint not null,
  target bigint not null,
  hide_notifications boolean not null,
  until bigint not null default 0,
  created_at bigint not null,
  unique (actor, target)
);
create index mutes_target on mutes (target, actor);

create table domain_blocks (
  id bigint primary key,
  actor bigint not null,
  domain text not null,
  created_at bigint not null,
  unique (actor, domain)
);
create index domain_blocks_domain on domain_blocks (domain, actor);

create table actor_notes (
  actor bigint not null,
  target bigint not null,
  note text not null,
  primary key (actor, target)
) /* clustered */;

create table decisions (
  id bigint primary key,
  kind text not null,
  target_kind text not null,
  target bigint not null default 0,
  domain text not null default '',
  by_actor bigint not null default 0,
  reason text not null default '',
  until bigint not null default 0,
  created_at bigint not null,
  undone_at bigint not null default 0,
  undone_by bigint not null default 0
);
create index decisions_target on decisions (target_kind, target, domain);

create table reports (
  id bigint primary key,
  actor bigint not null,
  target bigint not null,
  posts text not null default '[]',
  comment text not null default '',
  category text not null default 'other',
  rules text not null default '[]',
  forward boolean not null default false,
  uri text not null default '',
  created_at bigint not null,
  closed_at bigint not null default 0,
  closed_by bigint not null default 0
);
create unique index reports_uri on reports (uri) where uri <> '';

create table lists (
  id bigint primary key,
  user_id bigint not null,
  title text not null,
  replies text not null default 'list',
  exclusive boolean not null default false
);
create index lists_user on lists (user_id);
create table list_members (
  list bigint not null,
  actor bigint not null,
  id bigint not null,
  primary key (list, actor)
) /* clustered */;
create index list_members_actor on list_members (actor);
create unique index list_members_page on list_members (list, id);

create table notifications (
  id bigint primary key,
  user_id bigint not null,
  type text not null,
  actor bigint not null,
  post bigint not null default 0,
  reaction text not null default '',
  emoji text not null default '',
  report bigint not null default 0,
  group_key text not null default '',
  filtered boolean not null default false,
  created_at bigint not null
);
create index notifications_user on notifications (user_id, id);
create unique index notifications_once on notifications (user_id, actor, type, post, reaction, report);
create index notifications_held on notifications (user_id, actor) where filtered;
create index notifications_post on notifications (post) where post <> 0;

create table filters (
  id bigint primary key,
  user_id bigint not null,
  title text not null,
  contexts text not null,
  action text not null,
  expires_at bigint not null default 0,
  keywords text not null default '[]',
  posts text not null default '[]'
);
create index filters_user on filters (user_id);

create table markers (
  user_id bigint not null,
  timeline text not null,
  last_read bigint not null,
  version integer not null,
  updated_at bigint not null,
  primary key (user_id, timeline)
) /* clustered */;

create table scheduled_posts (
  id bigint primary key,
  user_id bigint not null,
  at bigint not null,
  params text not null,
  media text not null default '[]'
);
create index scheduled_posts_user on scheduled_posts (user_id, id);

create table push_subscriptions (
  id bigint primary key,
  token bigint not null unique,
  user_id bigint not null,
  details text not null
);
create index push_subscriptions_user on push_subscriptions (user_id);

create table idempotency (
  user_id bigint not null,
  key text not null,
  post bigint not null,
  created_at bigint not null,
  primary key (user_id, key)
) /* clustered */;

create table hosts (
  domain text primary key,
  software text not null default '',
  version text not null default '',
  signature text not null default '',
  first_seen bigint not null,
  success_at bigint not null default 0,
  failure_at bigint not null default 0,
  failures integer not null default 0,
  parked_till bigint not null default 0,
  gone_at bigint not null default 0,
  checked_at bigint not null default 0
) /* clustered */;

create table jobs (
  id bigint primary key,
  kind text not null,
  key text not null default '',
  host text not null default '',
  network text not null default '',
  ref bigint not null default 0,
  target text not null default '',
  body bytea,
  run_at bigint not null,
  attempts integer not null default 0,
  lease bigint not null default 0,
  lease_until bigint not null default 0,
  error text not null default '',
  dead_at bigint not null default 0
);
create index jobs_due on jobs (kind, run_at, id) where dead_at = 0;
create index jobs_key on jobs (kind, key, id) where key <> '' and dead_at = 0;

create table seen (
  uri text primary key,
  at bigint not null
) /* clustered */;

create table outgoing (
  id bigint primary key,
  actor bigint not null,
  verb text not null,
  uri text not null,
  object text not null,
  audience smallint not null,
  inboxes text not null default '',
  to_followers boolean not null default false,
  body bytea,
  created_at bigint not null
);
