package mastodon

import (
	"bytes"
	"encoding/json"
	"flag"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"engawa/social"
)

var update = flag.Bool("update", false, "write the golden files anew")

// golden compares an entity with testdata/NAME.json.
func golden(t *testing.T, name string, v any) {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	if own, ok := v.(appender); ok {
		data = encode(own)
	}
	var got bytes.Buffer
	if err := json.Indent(&got, data, "", "  "); err != nil {
		t.Fatalf("%s is no JSON: %v\n%s", name, err, data)
	}
	got.WriteByte('\n')
	path := filepath.Join("testdata", name+".json")
	if *update {
		if err := os.WriteFile(path, got.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got.String()); diff != "" {
		t.Errorf("%s differs (-want +got):\n%s", name, diff)
	}
}

// richStatus has everything a Status can have.
func richStatus() (*social.Listing, *social.Post) {
	l := samplePage(0)
	p := samplePost(1000, 1)
	p.Warning, p.Sensitive, p.EditedAt, p.HasPoll, p.Card, p.App = "tea", true, p.CreatedAt+1000, true, 7, 6
	p.ReplyTo, p.ReplyToActor = 900, 2
	p.Emojis = []social.Emoji{{Shortcode: "cup", Domain: "home.example", URL: "/blob/media/cup.png", Category: "Tea", Hidden: true}}
	p.Reactions = []social.ReactionCount{
		{Content: "🍵", Count: 2},
		{Content: ":blob@far.example:", Count: 1, Emoji: &social.Emoji{Shortcode: "blob", Domain: "far.example", URL: "https://far.example/blob.png"}},
	}
	l.Media[p.ID] = []social.Media{sampleMedia(5000), {ID: 5001, Kind: social.Video, RemoteURL: "https://far.example/v.mp4"}, {ID: 5002, Kind: social.Image, Key: "media/o.jpg", PreviewKey: "media/s.jpg", Width: 10, Height: 20}}
	l.Polls[p.ID] = &social.Poll{Post: p.ID, Options: []social.Option{{Title: "green", Votes: 2}, {Title: "black", Votes: 1}}, Multiple: true, Voters: 2, ExpiresAt: p.CreatedAt + 60_000}
	l.Cards[7] = &social.Card{ID: 7, URL: "https://tea.example", Title: "Tea", Description: "About it", AuthorName: "T", FetchedAt: 1, Image: social.Picture{URL: "https://tea.example/i.png"}, ImageWidth: 4, ImageHeight: 3}
	l.Apps[6] = &social.App{ID: 6, Name: "Teapot"}
	l.Mine[p.ID] = social.Mine{Favourited: true, Reactions: []string{"🍵"}, Votes: []int{1}, Voted: true}
	quoted := samplePost(1001, 2)
	quoted.QuoteOf, quoted.QuoteState = 1002, social.QuoteAccepted
	p.QuoteOf, p.QuoteState = quoted.ID, social.QuoteAccepted
	l.Bundle.Posts[quoted.ID] = quoted
	l.Posts = []*social.Post{p}
	return l, p
}

func TestGoldenEntities(t *testing.T) {
	l, p := richStatus()
	filters := []social.Filter{{ID: 4, Title: "no tea", Contexts: []string{"home"}, Action: "warn", Keywords: []social.FilterKeyword{{ID: 5, Keyword: "TEA", WholeWord: true}}}}
	w := sampleView(user, l, filters...)
	golden(t, "status", w.status(p))
	golden(t, "status_stranger", sampleView(social.Viewer{}, l).status(p))
	boost := &social.Post{ID: 2000, Kind: social.Boost, Actor: 3, BoostOf: 1001, URI: "https://far.example/b/1", CreatedAt: p.CreatedAt}
	golden(t, "status_boost", sampleView(user, l).status(boost))
	golden(t, "account_remote", w.account(l.Actors[1]))
	me := sampleActor(2, true)
	me.SummarySource, me.Fields[0].Source = "Says things", "https://far.example"
	u := &social.User{ID: 2, Role: social.Owner, Settings: social.Settings{Language: "ja", Audience: social.LocalOnly}}
	golden(t, "account_own", sampleView(user, l).credential(me, u, 3))
	golden(t, "relationship", relationship(&social.Relation{Target: 3, Following: true, Notify: true, Muting: true, MuteUntil: p.CreatedAt}))
	golden(t, "filter", filter(&filters[0]))
	golden(t, "edit", w.edit(&social.Edit{At: p.CreatedAt, Content: "<p>x</p>", Options: []string{"a", "b"}}, w.author(1)))
	golden(t, "tag", w.tag(&social.Tag{ID: 1, Name: "tea", Display: "Tea", Following: true}, []social.DayCount{{Day: sampleNow.UnixMilli() / dayMillis * dayMillis, Uses: 3, Accounts: 2}}))
}

func TestVisibilityAndRights(t *testing.T) {
	own, other := social.ID(2), social.ID(3)
	for _, c := range []struct {
		name       string
		v          social.Viewer
		post       social.Post
		rel        social.Relation
		visibility string
		current    string
		pinned     bool // told at all
	}{
		{"public", user, social.Post{Actor: other}, social.Relation{}, "public", "automatic", false},
		{"a stranger quotes nothing", social.Viewer{}, social.Post{Actor: other}, social.Relation{}, "public", "denied", false},
		{"local is told as private", user, social.Post{Actor: other, Audience: social.LocalOnly}, social.Relation{}, "private", "denied", false},
		{"own followers-only", user, social.Post{Actor: own, Audience: social.Followers}, social.Relation{}, "private", "automatic", true},
		{"own direct", user, social.Post{Actor: own, Audience: social.Direct}, social.Relation{}, "direct", "denied", false},
		{"followers may quote, I follow", user, social.Post{Actor: other, QuotePolicy: social.QuoteFollowers}, social.Relation{Following: true}, "public", "automatic", false},
		{"followers may quote, I do not follow", user, social.Post{Actor: other, QuotePolicy: social.QuoteFollowers}, social.Relation{FollowedBy: true}, "public", "denied", false},
		{"followed may quote", user, social.Post{Actor: other, QuotePolicy: social.QuoteFollowing}, social.Relation{FollowedBy: true}, "public", "automatic", false},
		{"on asking", user, social.Post{Actor: other, QuotePolicy: social.QuoteManual}, social.Relation{}, "public", "manual", false},
		{"nobody", user, social.Post{Actor: other, QuotePolicy: social.QuoteNobody}, social.Relation{}, "public", "denied", false},
		{"blocked", user, social.Post{Actor: other}, social.Relation{BlockedBy: true}, "public", "denied", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := samplePage(0)
			c.post.ID, c.rel.Target = 10, c.post.Actor
			l.Relations[c.post.Actor] = &c.rel
			s := sampleView(c.v, l).status(&c.post)
			if s.Visibility != c.visibility || s.QuoteApproval.CurrentUser != c.current {
				t.Errorf("visibility %s, quoting %s, not %s, %s", s.Visibility, s.QuoteApproval.CurrentUser, c.visibility, c.current)
			}
			if told := s.Viewer != nil && s.Viewer.Pinned != nil; told != c.pinned {
				t.Errorf("pinned is told: %v", told)
			}
			if (s.Viewer != nil) != c.v.User {
				t.Error("a stranger has done nothing with a Status")
			}
		})
	}
}

func TestQuoteStates(t *testing.T) {
	for _, c := range []struct {
		name  string
		state social.QuoteState
		rel   social.Relation
		here  bool
		want  string
		shown bool
	}{
		{"accepted", social.QuoteAccepted, social.Relation{}, true, "accepted", true},
		{"pending", social.QuotePending, social.Relation{}, true, "pending", false},
		{"rejected", social.QuoteRejected, social.Relation{}, true, "rejected", false},
		{"revoked", social.QuoteRevoked, social.Relation{}, true, "revoked", false},
		{"gone", social.QuoteAccepted, social.Relation{}, false, "deleted", false},
		{"of somebody muted", social.QuoteAccepted, social.Relation{Muting: true}, true, "muted_account", true},
		{"of somebody blocked", social.QuoteAccepted, social.Relation{Blocking: true}, true, "blocked_account", true},
		{"of somebody who blocks me", social.QuoteAccepted, social.Relation{BlockedBy: true}, true, "unauthorized", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := samplePage(0)
			p, q := samplePost(10, 1), samplePost(11, 4)
			p.QuoteOf, p.QuoteState = q.ID, c.state
			if c.here {
				l.Bundle.Posts[q.ID] = q
			}
			l.Relations[4] = &c.rel
			s := sampleView(user, l).status(p)
			if s.Quote == nil || s.Quote.State != c.want || (s.Quote.Status != nil) != c.shown {
				t.Errorf("got %+v", s.Quote)
			}
		})
	}
}

func TestSuspendedAndMoved(t *testing.T) {
	w := sampleView(user, samplePage(0))
	gone := sampleActor(20, false)
	gone.Suspended = 1
	acc := w.account(gone)
	if !acc.Suspended || acc.DisplayName != "" || acc.Avatar != "https://home.example/avatars/missing.png" || acc.Fields != nil {
		t.Errorf("a suspended account tells %+v", acc)
	}
	from, to := sampleActor(21, false), sampleActor(22, true)
	from.MovedTo, to.MovedTo = to.ID, from.ID
	w.moved = map[social.ID]*social.Actor{to.ID: to, from.ID: from}
	if acc := w.account(from); acc.Moved == nil || acc.Moved.Acct != "user22" || acc.Moved.Moved != nil {
		t.Errorf("moved is %+v", acc.Moved)
	}
}

func TestPollTotals(t *testing.T) {
	now := sampleNow.UnixMilli()
	for _, c := range []struct {
		name    string
		poll    social.Poll
		hidden  bool
		expired bool
	}{
		{"open", social.Poll{ExpiresAt: now + 1}, false, false},
		{"open, totals hidden", social.Poll{ExpiresAt: now + 1, HideTotals: true}, true, false},
		{"over, totals hidden before", social.Poll{ExpiresAt: now, HideTotals: true}, false, true},
		{"without end", social.Poll{}, false, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.poll.Options = []social.Option{{Title: "a", Votes: 1}}
			got := sampleView(user, samplePage(0)).convertPoll(&c.poll, samplePost(1, 1), &social.Mine{})
			if got.Expired != c.expired || (got.Options[0].Votes == nil) != c.hidden {
				t.Errorf("expired %v, votes %v", got.Expired, got.Options[0].Votes)
			}
		})
	}
}

// TestStrings: what is written reads back as encoding/json would read it.
func TestStrings(t *testing.T) {
	for _, s := range []string{"", "plain", `"quoted" \ back`, "line\nfeed\r\t\x00\x1f\x7f", "日本語 🍵 \u2028", "bad \xff\xfe utf", "<a href=\"x\">&amp;</a>", "\xe3\x81"} {
		data := appendString(nil, s)
		var got string
		if err := json.Unmarshal(data, &got); err != nil {
			t.Fatalf("%q is written as %s: %v", s, data, err)
		}
		want, _ := json.Marshal(s)
		var through string
		_ = json.Unmarshal(want, &through)
		if got != through {
			t.Errorf("%q became %q, not %q", s, got, through)
		}
	}
}

func FuzzString(f *testing.F) {
	f.Add("a\"b\\c\n\xff")
	f.Fuzz(func(t *testing.T, s string) {
		var got, want string
		if err := json.Unmarshal(appendString(nil, s), &got); err != nil {
			t.Fatal(err)
		}
		data, _ := json.Marshal(s)
		_ = json.Unmarshal(data, &want)
		if got != want {
			t.Errorf("%q became %q", s, got)
		}
	})
}

func TestMomentsOfBrokenNeighbours(t *testing.T) {
	for ms, want := range map[int64]string{
		0: "1970-01-01T00:00:00.000Z", sampleNow.UnixMilli(): "2026-11-25T04:00:00.123Z",
		math.MaxInt64: "9999-12-31T23:59:59.999Z", math.MinInt64: "0001-01-01T00:00:00.000Z",
	} {
		if got := moment(ms); got != want {
			t.Errorf("%d is %s, not %s", ms, got, want)
		}
	}
}

func BenchmarkHomePage(b *testing.B) {
	l := samplePage(20)
	a := sampleAPI()
	b.ReportAllocs()
	for b.Loop() {
		w := a.view(user)
		w.l = l
		e := enc{make([]byte, 0, 64<<10)}
		w.statuses(l.Posts).appendJSON(&e)
	}
}

func BenchmarkHomePageEncoding(b *testing.B) {
	l := samplePage(20)
	page := sampleView(user, l).statuses(l.Posts)
	b.ReportAllocs()
	for b.Loop() {
		for _, s := range page {
			s.Account.encoded = nil
		}
		e := enc{make([]byte, 0, 64<<10)}
		page.appendJSON(&e)
		b.SetBytes(int64(len(e.b)))
	}
}
