package social

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// The one rule of sight, for every viewer, audience and relation.
func TestCanSee(t *testing.T) {
	const me, author, other = 1, 2, 3
	viewers := map[string]Viewer{
		"stranger": {}, "user": {Actor: me, User: true}, "staff": {Actor: me, User: true, Staff: true}, "remote": {Actor: me}, "author": {Actor: author, User: true},
	}
	relations := map[string]*Relation{
		"nothing": nil, "none": {}, "following": {Following: true}, "requested": {Requested: true}, "followed by": {FollowedBy: true},
		"blocked by": {BlockedBy: true, Following: true}, "blocking": {Blocking: true}, "muting": {Muting: true, BlockingDomain: true},
	}
	// who sees what, by audience: viewers without a relation; what following, and being named, add
	plain := map[Audience]string{Public: "stranger user staff remote", Unlisted: "stranger user staff remote", Followers: "", Direct: "", LocalOnly: "user staff"}
	n := 0
	for a := Public; a <= LocalOnly; a++ {
		for vn, v := range viewers {
			for rn, rel := range relations {
				for _, named := range []bool{false, true} {
					for _, state := range []string{"", "hidden", "suspended", "gone"} {
						p, by := &Post{Actor: author, Audience: a, Mentions: []Mention{{Actor: other}}}, &Actor{ID: author}
						if named {
							p.Mentions = append(p.Mentions, Mention{Actor: me, Silent: true})
						}
						switch state {
						case "hidden":
							p.Hidden = 9
						case "suspended":
							by.Suspended = 9
						case "gone":
							by.State = ActorGone
						}
						want := slices.Contains(strings.Fields(plain[a]), vn)
						if vn != "stranger" && (a == Followers || a == Direct) {
							want = named || (a == Followers && rel != nil && rel.Following)
						}
						if (state != "" && !v.Staff) || (rel != nil && rel.BlockedBy) {
							want = false
						}
						want = want || vn == "author"
						if got := CanSee(v, p, by, rel); got != want {
							t.Errorf("%s sees a %s post (%s, named %v, %s): %v", vn, a, rn, named, state, got)
						}
						n++
					}
				}
			}
		}
	}
	if n != 5*5*8*2*4 {
		t.Errorf("%d cases", n)
	}
}

func TestWantsToSee(t *testing.T) {
	for want, rels := range map[bool][]*Relation{
		true:  {nil, {}, {Following: true}, {MutingNotes: true}, {HideBoosts: true}},
		false: {{Muting: true}, {BlockingDomain: true}, {Blocking: true}, {BlockedBy: true}, {Following: true, Muting: true}},
	} {
		for _, r := range rels {
			if WantsToSee(r) != want {
				t.Errorf("%+v: %v", r, !want)
			}
		}
	}
}

func TestCanBoost(t *testing.T) {
	for a, want := range map[Audience][2]bool{Public: {true, true}, Unlisted: {true, true}, Followers: {false, true}, Direct: {false, false}, LocalOnly: {false, true}} {
		p := &Post{Actor: 2, Audience: a}
		if got := [2]bool{CanBoost(Viewer{Actor: 1, User: true, Staff: true}, p), CanBoost(Viewer{Actor: 2}, p)}; got != want {
			t.Errorf("%s: others, author may boost: %v", a, got)
		}
	}
}

func TestSieve(t *testing.T) {
	for _, c := range []struct {
		word  string
		whole bool
		text  string
		want  bool
	}{
		{"cat", true, "a CAT sat", true}, {"cat", true, "concatenate", false}, {"cat", false, "concatenate", true}, {"cat", true, "cats", false},
		{"cat", true, "cats and a cat", true}, {"cat", true, "#cat", true}, {"cat", true, "cat_", false}, {"cat", true, "猫catです", true},
		{"縁側", true, "今日は縁側で茶", true}, {"縁側", true, "縁", false}, {"ねこ", true, "ねこねこ", true}, {"straße", true, "STRASSE Straße", true},
		{"c++", true, "I like C++!", true}, {"", false, "anything", false}, {"two words", true, "two words", true}, {"é", true, "café", false},
		{"b", true, "<b>bold</b>", false}, {"one two", false, "one<br>two", false}, {"alt", true, "", true}, {"option", true, "", true}, {"warned", true, "", true}, {"kotoba", true, "", true},
	} {
		f := []Filter{{ID: 1, Contexts: []string{"home"}, Keywords: []FilterKeyword{{Keyword: c.word, WholeWord: c.whole}}}}
		p := &Post{ID: 5, Content: "<p>" + c.text + "</p>", Warning: "warned", Tags: []string{"Kotoba"}}
		got := NewSieve(f, "home", 0).Matches(p, []Media{{Description: "an alt text"}}, &Poll{Options: []Option{{Title: "Option"}}})
		if (len(got) == 1) != c.want {
			t.Errorf("%q (whole %v) in %q: %v", c.word, c.whole, c.text, got)
		}
	}
	s := NewSieve([]Filter{
		{ID: 1, Contexts: []string{"home", "public"}, Posts: []FilterPost{{Post: 5}}}, {ID: 2, Contexts: []string{"thread"}, Posts: []FilterPost{{Post: 5}}},
		{ID: 3, Contexts: []string{"home"}, ExpiresAt: 100, Posts: []FilterPost{{Post: 5}}}, {ID: 4, Contexts: []string{"home"}, ExpiresAt: 101, Posts: []FilterPost{{Post: 5}}},
	}, "home", 100)
	if got := s.Matches(&Post{ID: 5}, nil, nil); len(got) != 2 || got[0].Filter.ID != 1 || got[1].Filter.ID != 4 {
		t.Errorf("matches %+v", got)
	}
	if (*Sieve)(nil).Matches(&Post{ID: 5}, nil, nil) != nil {
		t.Error("no sieve lets all through")
	}
}

// thread builds one of "id<parent" texts; an odd id is Alice's (1), an even one Bob's (2).
func threadOf(texts ...string) *Thread {
	t := &Thread{Listing: &Listing{}}
	for _, text := range texts {
		var id, parent ID
		_, _ = fmt.Sscanf(text, "%d<%d", &id, &parent)
		t.Posts = append(t.Posts, &Post{ID: id, ReplyTo: parent, ReplyToURI: map[bool]string{true: "x"}[parent != 0], Actor: 2 - id%2})
	}
	return t
}

func ids(posts []*Post) (out []ID) {
	for _, p := range posts {
		out = append(out, p.ID)
	}
	return out
}

func TestThreadOrder(t *testing.T) {
	for name, c := range map[string]struct {
		rows     string
		at       ID
		up, down []ID
	}{
		"alone":       {"1<0", 1, nil, nil},
		"line":        {"1<0 2<1 3<2 4<3", 3, []ID{1, 2}, []ID{4}},
		"depth first": {"1<0 2<1 4<1 5<2 6<4", 1, nil, []ID{2, 5, 4, 6}},
		"own first":   {"1<0 2<1 3<1 4<1", 1, nil, []ID{3, 2, 4}},
		"cousins":     {"1<0 2<1 3<1 4<2", 2, []ID{1}, []ID{4}},
		"gap":         {"1<0 3<2 4<3", 4, []ID{3}, nil},
		"circle":      {"1<3 2<1 3<2 4<3", 4, []ID{1, 2, 3}, nil},
		"own circle":  {"1<2 2<1", 1, []ID{2}, []ID{2}},
	} {
		th := threadOf(strings.Fields(c.rows)...)
		var p *Post
		for _, x := range th.Posts {
			if x.ID == c.at {
				p = x
			}
		}
		th.climb(Viewer{Actor: 1}, p)
		th.descend(Viewer{Actor: 1}, p)
		if !slices.Equal(ids(th.Ancestors), c.up) || !slices.Equal(ids(th.Descendants), c.down) {
			t.Errorf("%s: before %v, after %v; want %v, %v", name, ids(th.Ancestors), ids(th.Descendants), c.up, c.down)
		}
	}
}

func TestThreadBounds(t *testing.T) {
	var line, wide []string
	for i := 1; i <= 5000; i++ {
		line = append(line, fmt.Sprintf("%d<%d", i, i-1))
		wide = append(wide, fmt.Sprintf("%d<%d", i, map[bool]int{true: 0, false: 1}[i == 1]))
	}
	for name, c := range map[string]struct {
		rows     []string
		at       int
		v        Viewer
		up, down int
	}{
		"stranger up": {line, 4999, Viewer{}, 40, 1}, "stranger down": {line, 0, Viewer{}, 0, 20}, "stranger wide": {wide, 0, Viewer{}, 0, 60},
		"member up": {line, 4999, Viewer{Actor: 1}, 4096, 0}, "member down": {line, 0, Viewer{Actor: 1}, 0, 4096}, "member wide": {wide, 0, Viewer{Actor: 1}, 0, 4096},
	} {
		th := threadOf(c.rows...)
		th.climb(c.v, th.Posts[c.at])
		th.descend(c.v, th.Posts[c.at])
		if c.at == 4999 {
			c.down = 0
		}
		if len(th.Ancestors) != c.up || len(th.Descendants) != c.down {
			t.Errorf("%s: %d before, %d after; want %d, %d", name, len(th.Ancestors), len(th.Descendants), c.up, c.down)
		}
	}
}

func TestJudge(t *testing.T) {
	const now = 1e12
	old, young := &Actor{CreatedAt: 1}, &Actor{CreatedAt: now - 1}
	mention, direct := &note{typ: NotifyMention, post: &Post{}}, &note{typ: NotifyMention, post: &Post{Audience: Direct}}
	for _, c := range []struct {
		p    Policy
		rel  Relation
		from *Actor
		n    *note
		want string
	}{
		{Policy{}, Relation{}, old, mention, ""},
		{Policy{NotFollowing: "filter"}, Relation{}, old, mention, "filter"},
		{Policy{NotFollowing: "drop", NotFollowers: "drop", Bots: "drop"}, Relation{Following: true}, &Actor{Kind: Service}, mention, ""},
		{Policy{NotFollowers: "filter"}, Relation{FollowedBy: true}, old, mention, ""},
		{Policy{NotFollowers: "filter"}, Relation{}, old, mention, "filter"},
		{Policy{NewAccounts: "filter"}, Relation{}, young, mention, "filter"},
		{Policy{NewAccounts: "filter"}, Relation{}, old, mention, ""},
		{Policy{PrivateMentions: "drop"}, Relation{}, old, mention, ""},
		{Policy{PrivateMentions: "drop"}, Relation{}, old, direct, "drop"},
		{Policy{Bots: "filter"}, Relation{}, &Actor{Kind: Service}, mention, "filter"},
		{Policy{}, Relation{}, &Actor{Limited: 3}, mention, "filter"},
		{Policy{LimitedAccounts: "drop"}, Relation{}, &Actor{Limited: 3}, mention, "drop"},
		{Policy{NotFollowing: "filter", NewAccounts: "drop"}, Relation{}, young, mention, "drop"},
		{Policy{NotFollowing: "drop", NewAccounts: "filter"}, Relation{}, young, mention, "drop"},
		{Policy{NotFollowing: "nonsense"}, Relation{}, old, mention, ""},
		{Policy{PrivateMentions: "drop"}, Relation{}, old, &note{typ: NotifyFollow}, ""},
	} {
		if got := c.p.judge(&c.rel, c.from, c.n, now); got != c.want {
			t.Errorf("%+v of %+v (%+v): %q, want %q", c.p, c.from, c.rel, got, c.want)
		}
	}
}

func TestWanted(t *testing.T) {
	const author, me, other = 1, 2, 3
	answered := map[ID]bool{me: true}
	for name, c := range map[string]struct {
		u        FeedTarget
		p        Post
		answered map[ID]bool
		want     bool
	}{
		"a post":                 {FeedTarget{User: me}, Post{}, nil, true},
		"a boost":                {FeedTarget{User: me}, Post{BoostOf: 9}, nil, true},
		"no boosts":              {FeedTarget{User: me, HideBoosts: true}, Post{BoostOf: 9}, nil, false},
		"no boosts, a post":      {FeedTarget{User: me, HideBoosts: true}, Post{}, nil, true},
		"language":               {FeedTarget{User: me, Languages: []string{"ja"}}, Post{Language: "ja"}, nil, true},
		"another language":       {FeedTarget{User: me, Languages: []string{"ja"}}, Post{Language: "en"}, nil, false},
		"no language":            {FeedTarget{User: me, Languages: []string{"ja"}}, Post{}, nil, true},
		"own, whatever":          {FeedTarget{User: author, HideBoosts: true, Languages: []string{"ja"}}, Post{BoostOf: 9, Language: "en"}, nil, true},
		"answer to me":           {FeedTarget{User: me}, Post{ReplyToURI: "x", ReplyToActor: me}, nil, true},
		"answer to itself":       {FeedTarget{User: me}, Post{ReplyToURI: "x", ReplyToActor: author}, nil, true},
		"answer to a stranger":   {FeedTarget{User: me}, Post{ReplyToURI: "x", ReplyToActor: other}, nil, false},
		"answer to one I follow": {FeedTarget{User: me}, Post{ReplyToURI: "x", ReplyToActor: other}, answered, true},
		"answer to nobody known": {FeedTarget{User: me}, Post{ReplyToURI: "x"}, map[ID]bool{me: true}, false},
		"direct to me":           {FeedTarget{User: me}, Post{Audience: Direct, Mentions: []Mention{{Actor: me}}}, nil, true},
		"direct to another":      {FeedTarget{User: me}, Post{Audience: Direct, Mentions: []Mention{{Actor: other}}}, nil, false},
	} {
		c.p.Actor = author
		if got := wanted(&c.u, &c.p, c.answered); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// relations is a store that knows one relation.
type relations struct {
	Tx
	rel Relation
}

func (r relations) Relations(context.Context, ID, []ID) (map[ID]*Relation, error) {
	return map[ID]*Relation{2: &r.rel}, nil
}

func TestQuoteVerdict(t *testing.T) {
	for name, c := range map[string]struct {
		by   ID
		p    Post
		rel  Relation // of the quoted author to who quotes
		want QuoteState
	}{
		"own":            {1, Post{Audience: Followers, QuotePolicy: QuoteNobody}, Relation{}, QuoteAccepted},
		"unknown":        {2, Post{}, Relation{}, QuoteAccepted},
		"anyone":         {2, Post{QuotePolicy: QuoteAnyone, Audience: Unlisted}, Relation{}, QuoteAccepted},
		"private":        {2, Post{QuotePolicy: QuoteAnyone, Audience: Followers}, Relation{FollowedBy: true}, QuoteRejected},
		"local":          {2, Post{QuotePolicy: QuoteAnyone, Audience: LocalOnly}, Relation{}, QuoteRejected},
		"follower":       {2, Post{QuotePolicy: QuoteFollowers}, Relation{FollowedBy: true}, QuoteAccepted},
		"no follower":    {2, Post{QuotePolicy: QuoteFollowers}, Relation{Following: true}, QuoteRejected},
		"followed":       {2, Post{QuotePolicy: QuoteFollowing}, Relation{Following: true}, QuoteAccepted},
		"not followed":   {2, Post{QuotePolicy: QuoteFollowing}, Relation{FollowedBy: true}, QuoteRejected},
		"nobody":         {2, Post{QuotePolicy: QuoteNobody}, Relation{FollowedBy: true, Following: true}, QuoteRejected},
		"ask":            {2, Post{QuotePolicy: QuoteManual}, Relation{}, QuotePending},
		"blocked":        {2, Post{QuotePolicy: QuoteAnyone}, Relation{Blocking: true}, QuoteRejected},
		"blocks":         {2, Post{QuotePolicy: QuoteManual}, Relation{BlockedBy: true}, QuoteRejected},
		"policy unheard": {2, Post{QuotePolicy: 99}, Relation{}, QuoteRejected},
	} {
		c.p.Actor = 1
		tr := &turn{Tx: relations{rel: c.rel}}
		if got, err := tr.quoteVerdict(t.Context(), &c.p, c.by); err != nil || got != c.want {
			t.Errorf("%s: %d, %v; want %d", name, got, err, c.want)
		}
	}
}

func TestTagKey(t *testing.T) {
	for in, want := range map[string]string{"Foo": "foo", "ＡＢＣ": "abc", "ﾈｺ": "ネコ", "縁側": "縁側", "École": "école", "": ""} {
		if got := TagKey(in); got != want || TagKey(got) != got {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func TestCheckName(t *testing.T) {
	for name, ok := range map[string]bool{
		"alice": true, "A_1": true, strings.Repeat("a", 30): true, strings.Repeat("a", 31): false, "": false, "a b": false, "a.b": false, "a-b": false,
		"あ": false, "a@b": false, "a/b": false, "ａ": false, "a\x00": false,
	} {
		if err := CheckName(name); (err == nil) != ok || (err != nil && !IsKind(err, Invalid)) {
			t.Errorf("%q: %v", name, err)
		}
	}
}

func TestAudienceNames(t *testing.T) {
	for a := Public; a <= LocalOnly; a++ {
		if got, ok := ParseAudience(a.String()); !ok || got != a {
			t.Errorf("%d: %s, %d", a, a, got)
		}
	}
	if a, ok := ParseAudience("followers"); a != Followers || !ok {
		t.Error("followers means private")
	}
	if a, ok := ParseAudience("world"); a != Direct || ok || Audience(77).String() != "direct" {
		t.Error("what is unheard of is the narrowest")
	}
}
