package main

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// A data set is the data folder of a home whose reader follows people that said
// n things: a tenth of them boosts, a fifth replies, a quarter with one or two
// pictures. It is written past the program, straight into its tables, and kept
// in the folder for temporary files for the next run.
//
// Thing i, from 1, was said at dataStart + i·dataStep and bears the snowflake of
// that moment, so that any place in the feed can be named without asking.
const (
	dataActors = 500
	dataStep   = 20_000            // ms
	dataStart  = 1_700_000_000_000 // November 2023
)

func dataID(i int) int64 { return (dataStart + int64(i)*dataStep) << 16 }

// dataset makes or finds the data set of n posts, with what else is to be in it.
func (b *bench) dataset(ctx context.Context, n int, more ...string) (*home, error) {
	version, err := dataVersion("store/migration")
	if err != nil {
		return nil, err
	}
	root := filepath.Join(os.TempDir(), dataPrefix+version)
	if err := forgetOthers(root); err != nil {
		return nil, err
	}
	name := fmt.Sprint(n)
	if len(more) > 0 {
		name += "-more"
	}
	h := &home{program: b.program, data: filepath.Join(root, name), world: b.world, plain: true}
	complete := filepath.Join(h.data, "complete")
	if _, err := os.Stat(complete); err == nil {
		return h, nil
	}
	if err := os.RemoveAll(h.data); err != nil { // what an interrupted run left
		return nil, err
	}
	began := time.Now()
	if err := os.MkdirAll(h.data, 0o700); err != nil {
		return nil, err
	}
	if err := h.create(ctx, "reader"); err != nil {
		return nil, err
	}
	if err := fill(ctx, filepath.Join(h.data, "engawa.db"), n, slices.Concat(fillStatements, more)); err != nil {
		return nil, fmt.Errorf("writing %d posts: %w", n, err)
	}
	b.say("%d posts written in %.0f s, kept in %s", n, time.Since(began).Seconds(), root)
	return h, os.WriteFile(complete, nil, 0o600)
}

const dataPrefix = "engawa-bench-data-"

// dataVersion names the tables and this file's way to fill them.
func dataVersion(migrations string) (string, error) {
	sum := sha256.New()
	err := fs.WalkDir(os.DirFS(migrations), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(filepath.Join(migrations, path))
		sum.Write(text)
		return err
	})
	for _, s := range slices.Concat(fillStatements, readStatements) {
		sum.Write([]byte(s))
	}
	return hex.EncodeToString(sum.Sum(nil))[:12], err
}

// forgetOthers removes data sets of other versions.
func forgetOthers(root string) error {
	old, err := filepath.Glob(filepath.Join(os.TempDir(), dataPrefix+"*"))
	for _, path := range old {
		if path != root && err == nil {
			err = os.RemoveAll(path)
		}
	}
	return err
}

func fill(ctx context.Context, path string, n int, statements []string) error {
	db, err := sql.Open("sqlite", "file:"+path+"?_pragma=journal_mode(memory)&_pragma=synchronous(off)&_pragma=cache_size(-600000)&_pragma=temp_store(memory)")
	if err != nil {
		return err
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	values := strings.NewReplacer("{posts}", fmt.Sprint(n), "{actors}", fmt.Sprint(dataActors), "{start}", fmt.Sprint(dataStart),
		"{step}", fmt.Sprint(dataStep), "{now}", fmt.Sprint(time.Now().UnixMilli()))
	for _, statement := range statements {
		if _, err := tx.ExecContext(ctx, values.Replace(statement)); err != nil {
			return fmt.Errorf("%w in: %.80s…", err, statement)
		}
	}
	return tx.Commit()
}

// fillStatements fill the tables. said holds, for each thing i: its id, time,
// author, and the ids of what it boosts or answers (0: nothing).
var fillStatements = []string{
	`create temp table reader as select id, uri from actors where id = (select min(id) from users)`,
	`with recursive n(i) as (select 1 union all select i + 1 from n where i < {actors})
	insert into actors (id, domain, name, name_key, kind, uri, url, inbox, outbox, shared_inbox, followers_uri, display_name, summary,
		avatar, posts, followers, created_at, updated_at, fetched_at)
	select i, 'r' || (i % 50) || '.bench.test', 'a' || i, 'a' || i, 'Person', 'http://r' || (i % 50) || '.bench.test/users/a' || i,
		'http://r' || (i % 50) || '.bench.test/@a' || i, 'http://r' || (i % 50) || '.bench.test/users/a' || i || '/inbox', '',
		'http://r' || (i % 50) || '.bench.test/inbox', 'http://r' || (i % 50) || '.bench.test/users/a' || i || '/followers',
		'縁側の人 ' || i, '<p>庭のある家に住んでいます。</p>', '', {posts} / {actors}, 10, {start}, {start}, {now} from n`,
	`insert into uris (uri, kind, target) select uri, 'actor', id from actors where id <= {actors}`,
	`insert into follows (id, actor, target, pending, local, uri, created_at)
	select a.id, r.id, a.id, false, true, r.uri || '#follows/' || a.id, {start} from actors a, reader r where a.id <= {actors}`,
	`create temp table said as with recursive n(i) as (select 1 union all select i + 1 from n where i < {posts})
	select i, ({start} + i * {step}) << 16 as id, {start} + i * {step} as at, i * 7919 % {actors} + 1 as actor,
		case when i > 100 and i % 10 = 0 then ({start} + (i - 37) * {step}) << 16 else 0 end as boost,
		case when i > 100 and i % 5 = 1 then ({start} + (i - 8) * {step}) << 16 else 0 end as answers,
		case when i > 100 and i % 5 = 1 then (i - 8) * 7919 % {actors} + 1 else 0 end as answered,
		case when i % 10 = 0 or i % 4 <> 2 then 0 when i % 8 = 2 then 2 else 1 end as pictures from n`,
	`insert into posts (id, uri, actor, audience, origin, content, reply_to, reply_to_uri, reply_to_actor, thread,
		boost_of, details, media_count, replies, boosts, favourites, created_at)
	select s.id, a.uri || '/statuses/' || s.i, s.actor, 0, 1,
		case when boost <> 0 then '' else '<p>縁側でお茶を飲む、その' || s.i || '。庭の柿が色づいてきた。今日は風が涼しくて、猫も膝の上で寝ている。</p><p>夕方には隣の人が大根を持ってきてくれるという。</p>' end,
		answers, case when answers = 0 then '' else t.uri || '/statuses/' || (s.i - 8) end, answered,
		case when boost <> 0 then 0 when answers <> 0 then answers else s.id end, boost,
		cast(` + text(1, "a.url || '/' || s.i") + ` || ` + text(2, "case when boost = 0 then 'Note' else 'Announce' end") + ` || ` + text(7, "'ja'") + ` ||
			case when answers <> 0 then ` + answering + `
				when s.i % 7 = 3 and boost = 0 then ` + text(19, "'engawa'") + ` else '' end as blob),
		pictures, s.i % 5 = 3, s.i % 10 = 3, s.i % 13, s.at
	from said s join actors a on a.id = s.actor left join actors t on t.id = s.answered order by s.id`,
	`insert into uris (uri, kind, target) select uri, 'post', id from posts order by uri`,
	`insert into mentions (post, actor) select id, answered from said where answers <> 0 order by id`,
	`insert into media (id, actor, post, position, details, created_at)
	select s.id + p.position, actor, s.id, p.position, cast(` + text(1, "'image'") + ` || ` + text(2, "'image/jpeg'") + ` || ` +
		text(3, "'http://r1.bench.test/media/' || i || '-' || p.position || '.jpg'") + ` || x'0ae012' || x'0cc00c' || x'0e800a' || x'10d606' || ` +
		text(11, "'UBL_:rOpGG-oBUNG,qRj2so|=eE1w^n4S5NH'") + ` || ` + text(12, "'庭の柿'") + ` as blob), at
	from said s join (select 0 as position union all select 1) p on p.position < s.pictures order by s.id, p.position`,
	`insert into home_feed (user_id, post, actor, subject)
	select r.id, s.id, s.actor, case when boost = 0 then s.id else boost end from said s, reader r order by s.id`,
	`drop table said`,
	`drop table reader`,
}

// answering is the SQL of the field that says whom a post answers: the actor t,
// whose id has two septets.
var answering = text(18, `(x'02' || unhex(printf('%02x%02x', (t.id * 2 & 127) | 128, t.id * 2 >> 7)) || `+
	text(2, "t.name")+` || `+text(3, "t.domain")+` || `+text(4, "t.uri")+` || `+text(5, "t.url")+`)`)

// text is the SQL of one field as package store packs them (store/fields.go): of
// texts shorter than 128 bytes.
func text(number int, expression string) string {
	return fmt.Sprintf("x'%02x' || char(octet_length(%s)) || %s", number<<1|1, expression, expression)
}
