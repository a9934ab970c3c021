package main

import "strings"

// threadLength is how many posts the thread has, its first one included.
const threadLength = 500

// threadID is the first post of the thread in a data set of n posts; the others
// follow it one by one.
func threadID(n int) int64 { return dataID(n + 1) }

// readStatements add to a data set what the other reads need: posts of the
// reader's own, a hashtag, mentions and favourites that the reader is told of,
// what the reader finds by searching, and a thread. All but the reader's posts
// and the thread grow with the data set. Every i-th post is i.
var readStatements = []string{
	`create temp table said as select id, actor, created_at as at, boost_of as boost, (created_at - {start}) / {step} as i from posts`,
	`create temp table reader as select id, uri, url, home from actors where id = (select min(id) from users)`,
	`insert into posts (id, uri, actor, home, audience, origin, content, thread, details, favourites, created_at)
	select s.id + 1, r.uri || '/statuses/' || (s.id + 1), r.id, r.home, 0, 0, '<p>縁側の主より、その' || s.i || '</p>', s.id + 1,
		cast(` + text(1, "r.url || '/' || (s.id + 1)") + ` || ` + text(2, "'Note'") + ` || ` + text(7, "'ja'") + ` as blob), 10, s.at
	from said s, reader r where s.i % ({posts} / 100) = 0`,
	`insert into tags (id, name, display, last_used) values (1, 'engawa', 'engawa', {now})`,
	`insert into post_tags (tag, post) select 1, id from said where i % 7 = 3 and boost = 0 order by id`,
	`insert into mentions (post, actor) select s.id, r.id from said s, reader r where s.i % 20 = 1 and s.boost = 0 order by s.id`,
	`insert into notifications (id, user_id, type, actor, post, group_key, created_at)
	select s.id + 2, r.id, 'mention', s.actor, s.id, 'ungrouped-' || (s.id + 2), s.at from said s, reader r where s.i % 20 = 1 and s.boost = 0 order by s.id`,
	`insert or ignore into notifications (id, user_id, type, actor, post, group_key, created_at)
	select s.id + 2, r.id, 'favourite', s.actor, o.id + 1, 'favourite-' || (o.id + 1) || '-' || (s.at / 3600000), s.at
	from said s join said o on o.i = s.i - s.i % ({posts} / 100) join reader r where s.i % 20 = 2 and o.i > 0 order by s.id`,
	`insert into post_search (rowid, tokens) select id, '縁 縁側 側 側で で でお お お茶 茶 茶を を を飲 飲 飲む む その ' || i from said where i % 20 = 1 and boost = 0 order by id`,
	threadStatement,
	`drop table said`,
	`drop table reader`,
}

// threadStatement makes the thread: a post k > 0 answers (k-1)/3.
var threadStatement = strings.NewReplacer("{thread}", "(({start} + ({posts} + 1) * {step}) << 16)").Replace(
	`with recursive n(k) as (select 0 union all select k + 1 from n where k < 499)
	insert into posts (id, uri, actor, audience, origin, content, reply_to, reply_to_uri, reply_to_actor, thread, details, replies, created_at)
	select {thread} + k, a.uri || '/thread/' || k, a.id, 0, 1, '<p>縁側の話、その' || k || '。庭の柿が色づいてきた。今日は風が涼しくて、猫も膝の上で寝ている。</p>',
		case k when 0 then 0 else {thread} + (k - 1) / 3 end, case k when 0 then '' else t.uri || '/thread/' || (k - 1) / 3 end,
		case k when 0 then 0 else t.id end, {thread},
		cast(` + text(1, "a.url || '/thread/' || k") + ` || ` + text(2, "'Note'") + ` || ` + text(7, "'ja'") + ` || case k when 0 then '' else ` + answering + ` end as blob),
		0, {start} + ({posts} + 1) * {step} + k
	from n join actors a on a.id = k % {actors} + 1 join actors t on t.id = (max(k, 1) - 1) / 3 % {actors} + 1`)
