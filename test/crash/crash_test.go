// Package crash kills the program itself, again and again, while much happens.
package crash_test

import (
	"database/sql"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"time"

	_ "modernc.org/sqlite"

	"engawa/internal/testca"
	"engawa/test/binary"
)

// kills is how often the program is killed.
const kills = 20

// patience is how long the queue may take to empty after the last start.
const patience = 60 * time.Second

func TestMain(m *testing.M) { binary.Main(m) }

// TestKilled ends a home by signal 9 twenty times under load. No acknowledged
// post, follow or accepted activity is missing and none is doubled.
func TestKilled(t *testing.T) {
	ca, err := testca.New()
	if err != nil {
		t.Fatal(err)
	}
	files, err := ca.Write(t.TempDir(), "home", "a.test")
	if err != nil {
		t.Fatal(err)
	}
	peer := newPeer(t, ca)
	data := t.TempDir()
	home := binary.New(t, "ENGAWA_DATA="+data, "ENGAWA_DOMAIN=a.test", "ENGAWA_URL=https://a.test", "ENGAWA_TLS=files", "ENGAWA_TLS_CERT="+files.Cert, "ENGAWA_TLS_KEY="+files.Key,
		"ENGAWA_HOSTS=far.test="+peer.addr, "ENGAWA_EXTRA_ROOTS="+files.CA, "ENGAWA_ALLOW_NETWORKS=127.0.0.0/8", "ENGAWA_LOG=warn")
	home.Start()
	home.Run("user", "create", "alice", "--email", "alice@example.com", "--password", "thirty days hath september")
	l := newLoad(t, ca, peer, home.Addr)
	l.token = home.Run("token", "create", "--user", "alice", "--scopes", "read write follow")
	prepare(t, l)
	var all sync.WaitGroup
	l.run(&all)
	for n := range kills {
		for range 5 + rand.IntN(60) { // acknowledged things until the next kill
			select {
			case <-l.acks:
			case <-time.After(patience):
				t.Fatalf("nothing is acknowledged any more after %d kills", n)
			}
		}
		l.isDown()
		home.Kill()
		home.Start()
		l.isUp()
	}
	close(l.stop)
	all.Wait()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(data, "engawa.db")+"?_pragma=busy_timeout(5000)")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	drain(t, db)
	t.Logf("%d posts, %d follows, %d likes, %d replies were acknowledged, after %d retries; %d activities came to the peer",
		len(l.posts), len(l.follows), len(l.likes), len(l.replies), l.retries, peer.count())
	audit(t, db, l)
	home.Stop()
}

// prepare makes a post that is known, a follower that posts go to, and people to follow.
func prepare(t *testing.T, l *load) {
	t.Helper()
	l.isUp()
	var first struct{ URI string }
	if err := l.call("POST", "/api/v1/statuses", nil, obj{"status": "first"}, &first); err != nil {
		t.Fatal(err)
	}
	l.posted = first.URI
	fan := person("fan")
	l.deliver(fan, obj{"id": fan + "#follows/1", "type": "Follow", "actor": fan, "object": l.alice})
	for n := range 60 {
		var found struct{ Accounts []struct{ ID string } }
		if err := l.call("GET", "/api/v2/search?resolve=true&q=@p"+strconv.Itoa(n)+"@far.test", nil, nil, &found); err != nil || len(found.Accounts) != 1 {
			t.Fatalf("looking for p%d: %v %v", n, err, found)
		}
		l.people = append(l.people, found.Accounts[0].ID)
	}
}

// drain waits until no job waits.
func drain(t *testing.T, db *sql.DB) {
	t.Helper()
	pace := time.NewTicker(100 * time.Millisecond)
	defer pace.Stop()
	for end := time.Now().Add(patience); ; <-pace.C {
		left := ints(t, db, "select count(*) from jobs")
		if left == 0 {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("%d jobs are left: %v", left, texts(t, db, "select kind||' '||host||' '||key||' attempts '||attempts||' lease '||lease||' dead '||dead_at||' '||error from jobs limit 20"))
		}
	}
}

// audit compares what was acknowledged with what is there and what arrived.
func audit(t *testing.T, db *sql.DB, l *load) {
	t.Helper()
	creates := l.peer.came("Create")
	uris := map[string]string{}
	for name, uri := range l.posts {
		if n := ints(t, db, "select count(*) from posts where content = $1", "<p>post "+name+".</p>"); n != 1 {
			t.Errorf("post %s is there %d times", name, n)
		}
		if n := ints(t, db, "select count(*) from posts where uri = $1", uri); n != 1 {
			t.Errorf("post %s is there %d times by its address %s", name, n, uri)
		}
		if len(creates[uri]) != 1 {
			t.Errorf("post %s came under %d ids", name, len(creates[uri]))
		}
		if other, twice := uris[uri]; twice {
			t.Errorf("%s and %s are one post", name, other)
		}
		uris[uri] = name
	}
	follows := l.peer.came("Follow")
	for uri, id := range l.follows {
		if n := ints(t, db, "select count(*) from follows where target = $1", id); n != 1 {
			t.Errorf("the follow of %s is there %d times", uri, n)
		}
		if len(follows[uri]) != 1 {
			t.Errorf("the follow of %s came under %d ids", uri, len(follows[uri]))
		}
	}
	for _, who := range l.likes {
		if n := ints(t, db, "select count(*) from reactions r join actors a on a.id = r.actor where a.uri = $1", who); n != 1 {
			t.Errorf("the like of %s is there %d times", who, n)
		}
	}
	for _, uri := range l.replies {
		if n := ints(t, db, "select count(*) from posts where uri = $1", uri); n != 1 {
			t.Errorf("%s is there %d times", uri, n)
		}
	}
	totals(t, db, l)
}

// totals are the counts that are kept beside the rows.
func totals(t *testing.T, db *sql.DB, l *load) {
	t.Helper()
	for what, want := range map[string]int{
		"select posts from actors where uri = 'https://a.test/users/alice'":                    len(l.posts) + 1,
		"select count(*) from posts where actor = (select id from users)":                      len(l.posts) + 1,
		"select followers from actors where uri = 'https://a.test/users/alice'":                1,
		"select count(*) from reactions":                                                       len(l.likes),
		"select replies from posts where content = '<p>first</p>'":                             len(l.replies),
		"select favourites from posts where content = '<p>first</p>'":                          len(l.likes),
		"select count(*) from notifications where type = 'favourite'":                          len(l.likes),
		"select count(*) from notifications where type = 'mention'":                            len(l.replies),
		"select count(*) from home_feed where user_id = (select id from users)":                len(l.posts) + 1,
		"select count(*) from (select uri from uris group by uri having count(*) > 1) doubled": 0,
	} {
		if got := ints(t, db, what); got != want {
			t.Errorf("%s: %d, not %d", what, got, want)
		}
	}
}

func ints(t *testing.T, db *sql.DB, query string, args ...any) (n int) {
	t.Helper()
	if err := db.QueryRowContext(t.Context(), query, args...).Scan(&n); err != nil {
		t.Fatal(fmt.Errorf("%s: %w", query, err))
	}
	return n
}

func texts(t *testing.T, db *sql.DB, query string) (out []string) {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			t.Fatal(err)
		}
		out = append(out, s)
	}
	return out
}
