-- What the people of a home share: announcements, terms, recommendations,
-- collections; and the links that are told of.

create table announcements (
  id bigint primary key,
  text text not null,
  starts_at bigint not null default 0,
  ends_at bigint not null default 0,
  all_day boolean not null default false,
  published_at bigint not null default 0,
  created_at bigint not null,
  updated_at bigint not null
);
create table announcement_reads (
  user_id bigint not null,
  announcement bigint not null,
  primary key (user_id, announcement)
) /* clustered */;
create index announcement_reads_of on announcement_reads (announcement);
create table announcement_reactions (
  announcement bigint not null,
  name text not null,
  user_id bigint not null,
  created_at bigint not null,
  primary key (announcement, name, user_id)
) /* clustered */;

create table documents (
  kind text not null,
  effective_at bigint not null,
  text text not null,
  changelog text not null default '',
  created_at bigint not null,
  primary key (kind, effective_at)
) /* clustered */;

create table endorsements (
  actor bigint not null,
  target bigint not null,
  id bigint not null,
  created_at bigint not null,
  primary key (actor, target)
) /* clustered */;
create unique index endorsements_page on endorsements (actor, id);

create table suggestions_dropped (
  user_id bigint not null,
  target bigint not null,
  primary key (user_id, target)
) /* clustered */;

create table collections (
  id bigint primary key,
  actor bigint not null,
  uri text not null,
  name text not null,
  description text not null default '',
  language text not null default '',
  tag text not null default '',
  sensitive boolean not null default false,
  discoverable boolean not null default true,
  created_at bigint not null,
  updated_at bigint not null
);
create index collections_actor on collections (actor, id);
create table collection_items (
  id bigint primary key,
  collection bigint not null,
  actor bigint not null,
  state text not null,
  created_at bigint not null,
  unique (collection, actor)
);
create index collection_items_actor on collection_items (actor, collection);

create table card_days (
  card bigint not null,
  day bigint not null,
  actor bigint not null,
  uses bigint not null,
  primary key (card, day, actor)
) /* clustered */;
create index card_days_day on card_days (day, card);
create index posts_card on posts (card, id) where card <> 0;
create index actors_newest on actors (created_at, id) where discoverable;
