package peers_test

import (
	"strings"
	"testing"
	"time"

	"engawa/internal/clock"
	"engawa/network/x/fake"
	"engawa/test/peers"
)

// A client of X that others wrote finds everything in its place on the fake: what it signs is accepted, what it reads
// is there, and it understands every refusal.
func TestTheFakeXSatisfiesAnotherClient(t *testing.T) {
	f := fake.New(t, clock.System)
	f.Base = "https://api.x.com"
	me := f.Join("fono")
	type refusal struct {
		Code        int
		Detail      string
		Reset       int64
		IsAuthError bool
	}
	type made struct{ ID, Text string }
	var got struct {
		Me                                     struct{ ID, Username string }
		First, Reply, Quote, Poll, Media       made
		Duplicate, TooLong, Gone, Wrong, Spent refusal
		Timeline                               []struct{ ID, Text, Created, Replied string }
		Home, Oauth2, Renewed                  string
		Liked, Unliked                         struct{ Liked *bool }
		Reposted                               struct{ Retweeted bool }
		Deleted                                struct{ Deleted bool }
		State                                  bool
		ExpiresIn                              int
	}
	peers.XClient(t, f.URL, map[string]string{"consumerKey": f.App.ConsumerKey, "consumerSecret": f.App.ConsumerSecret,
		"token": me.Token, "tokenSecret": me.TokenSecret, "clientId": f.App.ClientID, "clientSecret": f.App.ClientSecret}, &got)
	for _, c := range []struct {
		what string
		ok   bool
		got  any
	}{
		{"me", got.Me.ID == me.ID && got.Me.Username == "fono", got.Me},
		{"a post, escaped", got.First.Text == "縁側で茶を &amp; &lt;それ&gt; +*~%", got.First},
		{"a duplicate", got.Duplicate.Code == 403 && strings.Contains(got.Duplicate.Detail, "duplicate content"), got.Duplicate},
		{"too long", got.TooLong.Code == 403, got.TooLong},
		{"the counters", got.TooLong.Reset > time.Now().Unix(), got.TooLong},
		{"the timeline", len(got.Timeline) == 5 && got.Timeline[0].ID == got.Media.ID && got.Timeline[3].Replied == got.First.ID, got.Timeline},
		{"times", len(got.Timeline) > 0 && strings.HasSuffix(got.Timeline[0].Created, "Z"), got.Timeline},
		{"the home timeline", got.Home == "fono", got.Home},
		{"a like", got.Liked.Liked != nil && *got.Liked.Liked && got.Unliked.Liked != nil && !*got.Unliked.Liked, got.Liked},
		{"a repost", got.Reposted.Retweeted, got.Reposted},
		{"a deletion", got.Deleted.Deleted && got.Gone.Code == 404, got.Gone},
		{"a wrong secret", got.Wrong.Code == 401, got.Wrong},
		{"OAuth 2", got.State && got.ExpiresIn == 7200 && got.Oauth2 == "fono" && got.Renewed == "更新", got.Oauth2},
		{"a spent refresh token", got.Spent.Code == 400, got.Spent},
	} {
		if !c.ok {
			t.Errorf("%s: the client got %+v", c.what, c.got)
		}
	}
	posts := f.Posts(me)
	if last := posts[len(posts)-2]; len(last.Media) != 1 || last.Media[0].Alt != "歩く" || len(last.Media[0].Bytes) != 2_500_000 {
		t.Errorf("the film arrived as %+v", last)
	}
}
