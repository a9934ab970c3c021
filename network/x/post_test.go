package x_test

import (
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"engawa/network/x"
	"engawa/network/x/fake"
	"engawa/social"
)

func TestSend(t *testing.T) {
	r := newRig(t)
	first := r.send(r.part("縁側で茶を"))
	if first.Cost != x.PricePost || first.Ref.URL != r.fake.URL+"/fono/status/"+first.Ref.ID || first.Ref.Author != r.me.ID {
		t.Errorf("sent as %+v", first)
	}
	answer := r.part("続き")
	answer.Parent, answer.Root = first.Ref, first.Ref
	second := r.send(answer)
	poll := r.part("どっち")
	poll.Poll = &social.PartPoll{Options: []string{"犬", "猫"}, Seconds: 60}
	poll.Limited = "mentioned"
	r.send(poll)
	quote := r.part("これ & <それ>")
	quote.Quote = first.Ref
	quote.Limited = "followers"
	r.send(quote)
	link := r.part("読んで ttr.example.jp/a")
	if sent := r.send(link); sent.Cost != x.PricePostURL {
		t.Errorf("a post with an address cost %d", sent.Cost)
	}
	posts := r.fake.Posts(r.me)
	if len(posts) != 5 || posts[1].ID != second.Ref.ID || posts[1].ReplyTo != first.Ref.ID || posts[2].Minutes != 5 || len(posts[2].Poll) != 2 ||
		posts[2].Settings != "mentionedUsers" || posts[3].Quote != first.Ref.ID || posts[3].Settings != "following" {
		t.Errorf("on X stands %+v", posts)
	}
	if want := int64(4*x.PricePost + x.PricePostURL + x.PriceOwnRead); r.fake.Spent() != want {
		t.Errorf("X charges %d, want %d", r.fake.Spent(), want)
	}
}

func TestSendRefusesBeforeItCosts(t *testing.T) {
	r := newRig(t)
	here := len(r.fake.Calls())
	for _, c := range []struct {
		name   string
		change func(*social.Part)
		want   social.LinkFailure
	}{
		{"five files", func(p *social.Part) { p.Media = make([]social.PartFile, 5) }, social.FixPost},
		{"a poll of one", func(p *social.Part) { p.Poll = &social.PartPoll{Options: []string{"a"}} }, social.FixPost},
		{"a poll and a quote", func(p *social.Part) {
			p.Poll, p.Quote = &social.PartPoll{Options: []string{"a", "b"}}, social.Ref{ID: "1"}
		}, social.FixPost},
		{"an answer to another network", func(p *social.Part) { p.Parent = social.Ref{ID: "at://x"} }, social.FixPost},
		{"nothing", func(p *social.Part) { p.Text = "" }, social.FixPost},
		{"followers only", func(p *social.Part) { p.Audience = social.Followers }, social.FixPost},
		{"a limit X lacks", func(p *social.Part) { p.Limited = "list" }, social.Unsupported},
		{"a boost of another network", func(p *social.Part) { p.Boost = social.Ref{ID: "../me"} }, social.FixPost},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := r.part("a")
			c.change(p)
			_, err := r.x.Send(t.Context(), r.login, p)
			r.failure(err, c.want)
		})
	}
	if calls := r.fake.Calls()[here:]; len(calls) != 0 {
		t.Errorf("X was asked %v", calls)
	}
	_, err := r.x.Edit(t.Context(), r.login, social.Ref{ID: "1"}, r.part("a"))
	r.failure(err, social.Unsupported)
}

// What X says to a post, and what is to be done about it.
func TestRefusals(t *testing.T) {
	soon := map[string]string{"x-rate-limit-remaining": "0", "x-rate-limit-reset": "1795338060"} // a minute after the clock
	day := map[string]string{"x-rate-limit-remaining": "5", "x-rate-limit-reset": "1795338060", "x-user-limit-24hour-remaining": "0", "x-user-limit-24hour-reset": "1795381200"}
	for _, c := range []struct {
		name  string
		fault fake.Fault
		want  social.LinkFailure
		after int64
	}{
		{"the rule of answers", fake.Fault{Status: 403, Body: `{"detail":"Reply to this conversation is not allowed because you have not been mentioned or otherwise engaged by the author of the post you are replying to.","status":403}`}, social.Unsupported, 0},
		{"too long", fake.Fault{Status: 403, Body: `{"detail":"You are not permitted to perform this action.","status":403}`}, social.FixPost, 0},
		{"a read-only app", fake.Fault{Status: 403, Body: `{"detail":"Your client app is not configured with the appropriate oauth1 app permissions for this endpoint.","type":"https://api.twitter.com/2/problems/oauth1-permissions"}`}, social.Reconnect, 0},
		{"a suspended account", fake.Fault{Status: 403, Body: `{"detail":"Your account is suspended and is not permitted to access this feature."}`}, social.Reconnect, 0},
		{"an author who blocks me", fake.Fault{Status: 403, Body: `{"detail":"You have been blocked from replying to this user."}`}, social.FixPost, 0},
		{"an unknown 403", fake.Fault{Status: 403, Body: `<html>`}, social.FixPost, 0},
		{"a capped month", fake.Fault{Status: 429, Body: `{"title":"UsageCapExceeded","detail":"Usage cap exceeded: Monthly product cap","type":"https://api.twitter.com/2/problems/usage-capped"}`}, social.OutOfBudget, 0},
		{"no credit", fake.Fault{Status: 402, Body: `{}`}, social.OutOfBudget, 0},
		{"a rate limit", fake.Fault{Status: 429, Header: soon}, social.TryAgain, 60_000},
		{"a daily limit", fake.Fault{Status: 429, Header: day}, social.TryAgain, 43_200_000},
		{"a limit without headers", fake.Fault{Status: 429}, social.TryAgain, 0},
		{"wrong keys", fake.Fault{Status: 401, Body: `{"title":"Unauthorized"}`}, social.Reconnect, 0},
		{"bad input", fake.Fault{Status: 400, Body: `{"errors":[{"message":"text is too strange"}]}`}, social.FixPost, 0},
		{"a fault of X's", fake.Fault{Status: 503}, social.Uncertain, 0},
		{"no answer", fake.Fault{}, social.Uncertain, 0},
		{"an answer that is none", fake.Fault{Status: 201, Body: `"yes"`}, social.Uncertain, 0},
		{"an answer without an id", fake.Fault{Status: 201, Body: `{"data":{}}`}, social.Uncertain, 0},
		{"a redirect", fake.Fault{Status: 302, Header: map[string]string{"Location": "/elsewhere"}}, social.TryAgain, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newRig(t)
			r.fake.Next("POST /2/tweets", c.fault)
			_, err := r.x.Send(t.Context(), r.login, r.part("a"))
			if e := r.failure(err, c.want); e.After != c.after {
				t.Errorf("wait %d ms, want %d", e.After, c.after)
			}
		})
	}
}

func TestXIsAway(t *testing.T) {
	r := newRig(t)
	r.x.API = "http://127.0.0.1:1"
	_, err := r.x.Send(t.Context(), r.login, r.part("a"))
	r.failure(err, social.TryAgain) // nothing left, so nothing is uncertain
}

// An unclear outcome: the post arrived, or it did not, and X shows it late.
func TestUncertain(t *testing.T) {
	for _, c := range []struct {
		name string
		part func(*rig) *social.Part
	}{
		{"a text", func(r *rig) *social.Part { return r.part("縁側 & <茶>\nか\u3099") }},
		{"with an address", func(r *rig) *social.Part {
			return r.part("見て https://example.com/a?b=1&c=2 と https://example.com/ と example.com を")
		}},
		{"with a picture", func(r *rig) *social.Part {
			p := r.part("絵")
			r.files[1] = file{"image/png", []byte("png")}
			p.Media = []social.PartFile{{Media: 1, Kind: social.Image}}
			return p
		}},
		{"a quote", func(r *rig) *social.Part {
			p := r.part("引用")
			p.Quote = social.Ref{ID: r.fake.Say(r.me, "もと", "", "").ID}
			return p
		}},
		{"an answer", func(r *rig) *social.Part {
			p := r.part("返事")
			p.Parent = social.Ref{ID: r.fake.Say(r.me, "もと", "", "").ID}
			return p
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newRig(t)
			r.fake.Delay = 5 * time.Second
			p := c.part(r)
			r.fake.Next("POST /2/tweets", fake.Fault{After: true})
			_, err := r.x.Send(t.Context(), r.login, p)
			r.failure(err, social.Uncertain)
			_, err = r.x.Find(t.Context(), r.login, p)
			if e := r.failure(err, social.TryAgain); e.After <= 0 {
				t.Error("Find does not say when to ask again")
			}
			r.clock.Advance(6 * time.Second)
			sent, err := r.x.Find(t.Context(), r.login, p)
			posts := r.fake.Posts(r.me)
			if err != nil || sent == nil || sent.Ref.ID != posts[len(posts)-1].ID {
				t.Fatalf("found %+v, %v", sent, err)
			}
		})
	}
	t.Run("much was posted since", func(t *testing.T) {
		r := newRig(t)
		p := r.part("a")
		r.fake.Next("POST /2/tweets", fake.Fault{After: true})
		_, err := r.x.Send(t.Context(), r.login, p)
		r.failure(err, social.Uncertain)
		first := r.fake.Posts(r.me)[0].ID
		for n := range 25 {
			r.fake.Say(r.me, "b"+strconv.Itoa(n), "", "")
		}
		r.clock.Advance(time.Minute)
		sent, err := r.x.Find(t.Context(), r.login, p)
		if err != nil || sent == nil || sent.Ref.ID != first || sent.Cost != x.PricePost+26*x.PriceOwnRead {
			t.Errorf("found %+v, %v, want %s", sent, err, first)
		}
	})
	t.Run("it did not arrive", func(t *testing.T) {
		r := newRig(t)
		p := r.part("a")
		r.fake.Say(r.me, "b", "", "")
		r.fake.Next("POST /2/tweets", fake.Fault{})
		_, err := r.x.Send(t.Context(), r.login, p)
		r.failure(err, social.Uncertain)
		r.clock.Advance(time.Minute)
		if sent, err := r.x.Find(t.Context(), r.login, p); sent != nil || err != nil {
			t.Errorf("found %+v, %v", sent, err)
		}
		r.send(p)
	})
}

// A refused duplicate is our own earlier try, an older post, or not shown yet.
func TestDuplicate(t *testing.T) {
	r := newRig(t)
	r.fake.Delay = 5 * time.Second
	p := r.part("おはよう")
	r.fake.Next("POST /2/tweets", fake.Fault{Status: 502, After: true})
	_, err := r.x.Send(t.Context(), r.login, p)
	r.failure(err, social.Uncertain)
	_, err = r.x.Send(t.Context(), r.login, p)
	r.failure(err, social.TryAgain)
	r.clock.Advance(6 * time.Second)
	sent, err := r.x.Send(t.Context(), r.login, p)
	posts := r.fake.Posts(r.me)
	if err != nil || len(posts) != 1 || sent.Ref.ID != posts[0].ID || sent.Cost != x.PricePost+x.PriceOwnRead {
		t.Fatalf("the retry gives %+v, %v; on X stand %d posts", sent, err, len(posts))
	}
	r.clock.Advance(time.Hour)
	_, err = r.x.Send(t.Context(), r.login, r.part("おはよう"))
	if e := r.failure(err, social.FixPost); !strings.Contains(e.Error(), "twice") {
		t.Errorf("an older post with the same text: %v", e)
	}
}

func TestDelete(t *testing.T) {
	r := newRig(t)
	ref := r.send(r.part("a")).Ref
	sent, err := r.x.Delete(t.Context(), r.login, ref)
	if err != nil || sent.Cost != x.PriceDelete || len(r.fake.Posts(r.me)) != 0 {
		t.Errorf("deleted: %+v, %v", sent, err)
	}
	if sent, err := r.x.Delete(t.Context(), r.login, ref); err != nil || sent.Cost != 0 {
		t.Errorf("deleted again: %+v, %v", sent, err)
	}
	_, err = r.x.Delete(t.Context(), r.login, social.Ref{ID: "../users/me"})
	r.failure(err, social.FixPost)
	r.fake.Next("DELETE /2/tweets/{id}", fake.Fault{Status: http.StatusServiceUnavailable})
	_, err = r.x.Delete(t.Context(), r.login, r.send(r.part("b")).Ref)
	r.failure(err, social.TryAgain)
}

func TestRateAndReplyRuleOfTheFake(t *testing.T) {
	r := newRig(t)
	r.fake.PostLimit = 1
	first := r.send(r.part("a"))
	_, err := r.x.Send(t.Context(), r.login, r.part("b"))
	if e := r.failure(err, social.TryAgain); e.After != 15*60*1000 {
		t.Errorf("wait %d ms", e.After)
	}
	r.clock.Advance(15 * time.Minute)
	r.fake.StrictReply = true
	p := r.part("c")
	p.Parent = first.Ref
	_, err = r.x.Send(t.Context(), r.login, p)
	r.failure(err, social.Unsupported)
	r.fake.Budget = 1
	_, err = r.x.Send(t.Context(), r.login, r.part("d"))
	r.failure(err, social.OutOfBudget)
}

func TestDeeds(t *testing.T) {
	r := newRig(t)
	bob := r.fake.Join("bob")
	post := r.fake.Say(bob, "やあ", "", "")
	ref := social.Ref{ID: post.ID}
	for _, c := range []struct {
		deed   social.Deed
		undo   social.Deed
		what   string
		target string
	}{
		{social.Deed{Verb: social.Like, Content: social.Favourite, Post: ref}, social.Deed{Verb: social.Undo, Undo: social.Like, Post: ref}, "likes", post.ID},
		{social.Deed{Verb: social.Announce, Post: ref}, social.Deed{Verb: social.Undo, Undo: social.Announce, Post: ref}, "retweets", post.ID},
		{social.Deed{Verb: social.Add, Post: ref}, social.Deed{Verb: social.Remove, Post: ref}, "bookmarks", post.ID},
		{social.Deed{Verb: social.FollowVerb, Stranger: social.Stranger{ID: bob.ID}}, social.Deed{Verb: social.Undo, Undo: social.FollowVerb, Stranger: social.Stranger{ID: bob.ID}}, "following", bob.ID},
	} {
		if _, err := r.x.Do(t.Context(), r.login, &c.deed); err != nil || !r.fake.Did(r.me, c.what, c.target) {
			t.Errorf("%s: %v", c.what, err)
		}
		if _, err := r.x.Do(t.Context(), r.login, &c.undo); err != nil || r.fake.Did(r.me, c.what, c.target) {
			t.Errorf("taking back %s: %v", c.what, err)
		}
	}
	_, err := r.x.Do(t.Context(), r.login, &social.Deed{Verb: social.Like, Content: "🍵", Post: ref})
	r.failure(err, social.Unsupported)
	boost := r.part("")
	boost.Boost = ref
	sent := r.send(boost)
	if !r.fake.Did(r.me, "retweets", post.ID) {
		t.Error("the boost is not on X")
	}
	if _, err := r.x.Delete(t.Context(), r.login, sent.Ref); err != nil || r.fake.Did(r.me, "retweets", post.ID) {
		t.Errorf("the boost is not taken back: %v", err)
	}
}
