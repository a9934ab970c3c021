package store

import (
	"context"
	"regexp"
	"strings"
	"testing"

	"engawa/social"
)

// plan is how SQLite goes about a query, one step a line.
func plan(t *testing.T, d *desk, query string, args []any) string {
	t.Helper()
	var steps []string
	err := d.rows(d.ctx, "explain query plan "+query, args, func(r row) error {
		steps = append(steps, r[3].(string))
		return nil
	})
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return strings.Join(steps, "\n")
}

// spy notes the queries of a reader instead of running them.
func (d *desk) queriesOf(f func(ctx context.Context, r *reader)) (queries []string, args [][]any) {
	l := &link{dialect: d.dialect}
	l.watch = func(query string, a []any) {
		queries, args = append(queries, query), append(args, append([]any(nil), a...))
	}
	f(d.ctx, &reader{shared: d.shared, link: l})
	return queries, args
}

// TestPlans holds the paths that are walked all the time to the indexes made for
// them: no step may read a whole table or sort.
func TestPlans(t *testing.T) {
	d := sqliteDesk(t)
	page := social.Page{Limit: 20, MaxID: 1 << 60}
	up := social.Page{Limit: 20, MinID: 5}
	post := postOf(1, 2)
	post.ReplyToURI = "x"
	for _, c := range []struct {
		name, want string // an index that must be in the plan
		sorts      bool
		f          func(ctx context.Context, r *reader)
	}{
		{"home", "home_feed USING PRIMARY KEY", false, func(ctx context.Context, r *reader) { r.HomeFeed(ctx, 1, page) }},
		{"home upwards", "home_feed USING PRIMARY KEY", false, func(ctx context.Context, r *reader) { r.HomeFeed(ctx, 1, up) }},
		{"list", "list_feed USING PRIMARY KEY", false, func(ctx context.Context, r *reader) { r.ListFeed(ctx, 1, page) }},
		{"public", "posts_public", false, func(ctx context.Context, r *reader) { r.PublicFeed(ctx, social.PublicQuery{Page: page}) }},
		{"public, first", "posts_public", false, func(ctx context.Context, r *reader) {
			r.PublicFeed(ctx, social.PublicQuery{Page: social.Page{Limit: 20}})
		}},
		{"local", "posts_local", false, func(ctx context.Context, r *reader) { r.PublicFeed(ctx, social.PublicQuery{Local: true, Page: page}) }},
		{"tag", "SEARCH t USING PRIMARY KEY (tag=?", false, func(ctx context.Context, r *reader) { r.TagFeed(ctx, social.TagQuery{Tag: "x", Page: page}) }},
		{"actor", "posts_actor", false, func(ctx context.Context, r *reader) {
			r.ActorPosts(ctx, social.ActorPostsQuery{Actor: 1, NoReplies: true, Page: page})
		}},
		{"media", "posts_media", false, func(ctx context.Context, r *reader) {
			r.ActorPosts(ctx, social.ActorPostsQuery{Actor: 1, OnlyMedia: true, Page: page})
		}},
		{"thread", "posts_thread", false, func(ctx context.Context, r *reader) { r.ThreadPosts(ctx, 1, 9) }},
		{"orphans", "posts_orphan", false, func(ctx context.Context, r *reader) { r.Orphans(ctx, "u", 9) }},
		{"boost", "posts_boost", false, func(ctx context.Context, r *reader) { r.BoostOf(ctx, 1, 9) }},
		{"boosters", "posts_boost", true, func(ctx context.Context, r *reader) { r.Boosters(ctx, 1, page) }},
		{"quoters", "posts_quote", false, func(ctx context.Context, r *reader) { r.Quoters(ctx, 1, page) }},
		{"post", "INTEGER PRIMARY KEY", false, func(ctx context.Context, r *reader) { r.Post(ctx, 1) }},
		{"posts", "INTEGER PRIMARY KEY", false, func(ctx context.Context, r *reader) { r.Posts(ctx, ids(1, 2)) }},
		{"post by uri", "u USING PRIMARY KEY (uri=?", false, func(ctx context.Context, r *reader) { r.PostByURI(ctx, "u") }},
		{"media of", "media_post", false, func(ctx context.Context, r *reader) { r.MediaOf(ctx, 1) }},
		{"reaction", "reactions_once", false, func(ctx context.Context, r *reader) { r.Reaction(ctx, 1, 2, "x") }},
		{"favourites", "reactions_actor", false, func(ctx context.Context, r *reader) { r.Favourites(ctx, 1, page) }},
		{"bookmarks", "bookmarks USING PRIMARY KEY", false, func(ctx context.Context, r *reader) { r.Bookmarks(ctx, 1, page) }},
		{"handle", "actors_handle", false, func(ctx context.Context, r *reader) { r.ActorByHandle(ctx, "a", "b") }},
		{"find", "actors_handle", true, func(ctx context.Context, r *reader) { r.findAny(ctx, "a", 5) }},
		{"find by display", "actors_display", true, func(ctx context.Context, r *reader) { r.findAny(ctx, "a", 5) }},
		{"directory", "actors_directory", false, func(ctx context.Context, r *reader) { r.Directory(ctx, false, page) }},
		{"newest actors", "actors_newest", false, func(ctx context.Context, r *reader) { r.NewestActors(ctx, false, page) }},
		{"posts of a link", "posts_card", false, func(ctx context.Context, r *reader) { r.CardPosts(ctx, 1, page) }},
		{"endorsed", "endorsements_page", false, func(ctx context.Context, r *reader) { r.Endorsed(ctx, 1, page) }},
		{"collections", "collections_actor", false, func(ctx context.Context, r *reader) { r.Collections(ctx, 1, page) }},
		{"followers", "follows_target", false, func(ctx context.Context, r *reader) { r.Followers(ctx, 1, page) }},
		{"following", "follows_actor", false, func(ctx context.Context, r *reader) { r.Following(ctx, 1, page) }},
		{"feed users", "follows_local", true, func(ctx context.Context, r *reader) { r.FeedUsers(ctx, 1, nil) }},
		{"feed lists", "list_members_actor", true, func(ctx context.Context, r *reader) { r.FeedLists(ctx, 1) }},
		{"relations", "sqlite_autoindex_follows_1", false, func(ctx context.Context, r *reader) { r.Relations(ctx, 1, ids(2, 3)) }},
		{"blocked", "blocks_target", false, func(ctx context.Context, r *reader) { r.BlockedAmong(ctx, ids(1), &social.Actor{ID: 2}) }},
		{"mine", "reactions_once", false, func(ctx context.Context, r *reader) {
			r.mine(ctx, 1, &parts{posts: ids(2, 3), threadOf: ids(4, 5), threads: ids(4, 5), polls: ids(2)})
		}},
		{"inboxes", "follows_target", true, func(ctx context.Context, r *reader) { r.FollowerInboxes(ctx, 1) }},
		{"key", "sqlite_autoindex_actor_keys_1", false, func(ctx context.Context, r *reader) { r.KeyByID(ctx, "k") }},
		{"due", "jobs_due", false, func(ctx context.Context, r *reader) { r.DueJobs(ctx, social.JobInbox, 5) }},
		{"claim", "jobs_key", false, func(ctx context.Context, r *reader) {
			(&tx{reader: *r}).Claim(ctx, social.JobInbox, 1, 2, 3, words("a"), 9)
		}},
		{"insert", "", false, func(ctx context.Context, r *reader) { (&tx{reader: *r}).InsertPost(ctx, post) }},
		{"count", "INTEGER PRIMARY KEY", false, func(ctx context.Context, r *reader) { (&tx{reader: *r}).CountPost(ctx, 1, 1, 1, 1, 1) }},
		{"delete", "", true, func(ctx context.Context, r *reader) { (&tx{reader: *r}).DeletePost(ctx, post, 1) }},
		{"copies", "sqlite_autoindex_copies_1", false, func(ctx context.Context, r *reader) { r.Copies(ctx, ids(1, 2)) }},
		{"copy by ref", "copies_ref", true, func(ctx context.Context, r *reader) { r.CopyByRef(ctx, 1, "x", "r") }},
		{"copies by ref", "copies_uri", true, func(ctx context.Context, r *reader) { r.CopiesByRef(ctx, 1, words("a b")) }},
		{"open copies", "copies_state", true, func(ctx context.Context, r *reader) { r.OpenCopies(ctx, 1, 9) }},
		{"spent", "copies_spent", false, func(ctx context.Context, r *reader) { r.Spent(ctx, 1, 9) }},
		{"rules", "copies_ref", false, func(ctx context.Context, r *reader) { r.HasRules(ctx, 1) }},
		{"lane rows", "lane_posts_post", true, func(ctx context.Context, r *reader) { r.LaneRows(ctx, 1, ids(1, 2)) }},
		{"lane posts", "lane_posts USING PRIMARY KEY", false, func(ctx context.Context, r *reader) { r.LanePosts(ctx, 1, words("a b")) }},
		{"lane marks", "lane_posts_mark", true, func(ctx context.Context, r *reader) { r.LaneMarks(ctx, 1, []int64{1}, 9) }},
		{"a dropped lane", "SEARCH l USING PRIMARY KEY (link=?", false, func(ctx context.Context, r *reader) { (&tx{reader: *r}).clearLane(ctx, 1, 2, 9) }},
		{"lane's age", "lane_posts_age", false, func(ctx context.Context, r *reader) { (&tx{reader: *r}).ageLane(ctx, 1, 2, 9, 9) }},
		{"folds", "folds_head", true, func(ctx context.Context, r *reader) { r.Folds(ctx, 1, ids(1, 2)) }},
		{"update", "", true, func(ctx context.Context, r *reader) { (&tx{reader: *r}).UpdatePost(ctx, post) }},
	} {
		queries, args := d.queriesOf(c.f)
		if len(queries) == 0 {
			t.Errorf("%s: no query", c.name)
		}
		all := ""
		for i, query := range queries {
			if bare.MatchString(d.dialect.text(query)) {
				t.Errorf("%s is planned anew each time (see sqliteWords): %s", c.name, query)
			}
			steps := plan(t, d, query, args[i])
			all += steps + "\n"
			for _, step := range strings.Split(steps, "\n") {
				if wholeTable(step) || !c.sorts && strings.Contains(step, "TEMP B-TREE") {
					t.Errorf("%s: %s\n%s\n%s", c.name, step, query, steps)
				}
			}
		}
		found := c.want == ""
		for _, want := range strings.Split(c.want, "|") {
			found = found || strings.Contains(all, want)
		}
		if !found {
			t.Errorf("%s: %s is not used:\n%s", c.name, c.want, all)
		}
	}
}

// bare finds arguments that SQLite looks at for its plan: limits, and those
// compared with the column of a partial index.
var bare = regexp.MustCompile(`(limit|offset) [$?]|\b(and|where) (\w\.)?(boost_of|reply_to|dead_at|audience|content) = [$?]`)

// small are tables and things of a query that may be read whole.
var small = words("json_each t users lists due names displays matches thread_mutes CONSTANT (subquery")

// wholeTable reports whether a step reads all of a table, without an order that an index gives.
func wholeTable(step string) bool {
	rest, ok := strings.CutPrefix(step, "SCAN ")
	if !ok || strings.Contains(rest, "posts_public") || strings.Contains(rest, "posts_local") || strings.Contains(rest, "actors_directory") || strings.Contains(rest, "actors_newest") || strings.Contains(rest, "VIRTUAL TABLE") {
		return false
	}
	for _, name := range small {
		if strings.HasPrefix(rest, name) {
			return false
		}
	}
	return true
}
