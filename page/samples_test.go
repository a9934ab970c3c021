package page

import (
	"io"
	"testing"
	"time"

	"engawa/internal/locale"
)

// The samples are a small home and its neighbours, used by the golden files
// and by everything that wants real-looking pages.

var (
	tokyo  = time.FixedZone("JST", 9*3600)
	sample = time.Date(2026, 11, 23, 5, 5, 0, 0, time.UTC)
)

func sampleHome() HomeView {
	return HomeView{
		Name: "梅の縁側", Domain: "ume.example", URL: "https://ume.example",
		Description: "<p>A veranda for a family and its friends in Kamakura. 鎌倉の家族と友人の縁側です。</p>",
		Summary:     "A veranda for a family and its friends in Kamakura.",
		Image:       "/blob/home.png", Contact: "keeper@ume.example", Version: "0.1.0", Source: "https://code.example/engawa",
	}
}

func samplePages(t testing.TB) *Pages {
	t.Helper()
	p, err := New(Options{Home: sampleHome, Zone: tokyo, Origins: []string{"https://objects.example"}})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func alice() ActorView {
	return ActorView{
		Name: "Alice 梅 :plum:", Handle: "alice@ume.example", URL: "/@alice", Avatar: "/blob/alice.png",
		Emojis: []Emoji{{"plum", "/blob/plum.png"}},
	}
}

func bob() ActorView {
	return ActorView{Name: "Bob", Handle: "bob@garden-of-many-stones.example", URL: "https://garden-of-many-stones.example/@bob", Avatar: "/blob/bob.png"}
}

func samplePost() PostView {
	return PostView{
		ID: "113", URI: "https://ume.example/users/alice/statuses/113", URL: "/@alice/113", Local: true,
		Author: alice(), Created: sample, Lang: "ja",
		Content: "<p>今朝、庭の梅が咲きました。小さな花ですが、縁側まで香りが届きます。 :plum:</p><p>More on <a href=\"https://ume.example/tags/garden\" class=\"mention hashtag\" rel=\"tag\">#<span>garden</span></a>.</p>",
		Text:    "今朝、庭の梅が咲きました。小さな花ですが、縁側まで香りが届きます。", Emojis: []Emoji{{"plum", "/blob/plum.png"}},
		Media:  []MediaView{{Kind: Image, URL: "/blob/ume.jpg", Preview: "/blob/ume-small.jpg", Alt: "A branch with three white flowers before a paper screen", Width: 640, Height: 400}},
		Boosts: 3, Favours: 12, Replies: 2, Edited: sample.Add(time.Hour),
	}
}

func remotePost(id, content string) PostView {
	return PostView{
		ID: id, URI: "https://garden-of-many-stones.example/notes/" + id, URL: "https://garden-of-many-stones.example/@bob/" + id,
		Author: bob(), Created: sample.Add(20 * time.Minute), Lang: "en", Content: HTML(content), Text: "text",
	}
}

func warnedPost() PostView {
	p := remotePost("120", "<p>The cat knocked the bonsai off the shelf. She is fine; the pot is not.</p>")
	p.Warning = "A cat, and a broken pot"
	p.Sensitive = true
	p.Media = []MediaView{
		{Kind: Image, URL: "/blob/cat.jpg", Preview: "/blob/cat.jpg", Width: 400, Height: 600, Alt: "The cat"},
		{Kind: Video, URL: "/blob/pot.mp4", Preview: "/blob/pot.jpg", Width: 640, Height: 360},
	}
	return p
}

func pollPost() PostView {
	p := samplePost()
	p.ID, p.URI, p.URL, p.Media, p.Lang = "114", "https://ume.example/users/alice/statuses/114", "/@alice/114", nil, "en"
	p.Edited, p.Boosts, p.Favours, p.Replies = time.Time{}, 0, 0, 0
	p.Content, p.Text = "<p>What shall we plant in spring?</p>", "What shall we plant in spring?"
	p.Poll = &PollView{Options: []OptionView{{"Radishes", 5}, {"さつまいも", 8}, {"Nothing, let it grow", 1}}, Voters: 12, Multiple: true, Ends: sample.Add(48 * time.Hour)}
	return p
}

func quotePost() PostView {
	p := remotePost("121", "<p>This is what November is for.</p>")
	quoted := samplePost()
	p.Quote = &QuoteView{State: QuoteAccepted, Post: &quoted}
	by := alice()
	p.BoostedBy = &by
	return p
}

func sampleThread() ThreadView {
	mine := pollPost()
	mine.Poll = nil
	return ThreadView{
		Visit:     Visit{Here: "/@alice/113"},
		Ancestors: []PostView{remotePost("100", "<p>Does anything still flower at your place?</p>")},
		Post:      samplePost(),
		Replies: []ReplyView{
			{remotePost("122", "<p>Beautiful. I can almost smell it.</p>"), 1},
			{mine, 2},
			{warnedPost(), 7},
		},
		Missing: 4,
	}
}

func sampleProfile() ProfileView {
	return ProfileView{
		Visit: Visit{Here: "/@alice?max_id=3"}, ActorView: alice(), URI: "https://ume.example/users/alice",
		Bio: "<p>Gardener, reader of old maps. 庭いじりと古地図が好きです。</p>", Summary: "Gardener, reader of old maps.",
		Header: "/blob/header.png",
		Fields: []FieldView{
			{Name: "Site", Link: "https://alice.example/a/very/long/path/that/goes/on/and/on/for/ever", Verified: sample},
			{Name: "好きなもの", Value: "梅、抹茶、<a href=\"https://maps.example\" rel=\"nofollow\">maps</a>"},
		},
		Joined: sample, Posts: 1234, Following: 80, Followers: -1,
		Pinned: []PostView{pollPost()}, Recent: []PostView{samplePost(), quotePost(), warnedPost()}, Older: "/@alice?max_id=2",
	}
}

func sampleConsent() ConsentView {
	reader := alice()
	return ConsentView{
		Visit: Visit{Reader: &reader, Here: "/oauth/authorize?client_id=1"}, App: "Ivory for iOS", Website: "https://tapbots.example/ivory", Redirect: "ivory://callback",
		Scopes: []string{"read", "read:lists", "write:statuses", "follow", "push", "odd:scope"},
		Hidden: []Param{{"client_id", "1"}, {"state", "a&b\"c"}},
	}
}

// look is one page of the samples.
type look struct {
	name   string
	render func(io.Writer, locale.Lang) error
}

func looks(p *Pages) []look {
	reader, remote, post := alice(), bob(), warnedPost()
	visit := Visit{Reader: &reader}
	rules := []RuleView{{"Be kind. 人にやさしく。", "Argue with what was said, not with who said it."}, {"Describe your pictures.", ""}, {"No advertising.", ""}}
	at := func(f func(io.Writer, locale.Lang) error, name string) look { return look{name, f} }
	return []look{
		at(func(w io.Writer, l locale.Lang) error {
			return p.Front(w, l, FrontView{Visit: Visit{Here: "/"}, Rules: rules, Latest: []PostView{samplePost(), pollPost()}, SignUp: "/signup"})
		}, "front"),
		at(func(w io.Writer, l locale.Lang) error {
			return p.About(w, l, AboutView{Rules: rules, Owner: &reader, People: 7, Posts: 12345, Blocks: []BlockView{{"spam.example", false, "advertising"}, {"loud.example", true, ""}}})
		}, "about"),
		at(func(w io.Writer, l locale.Lang) error {
			return p.Document(w, l, DocumentView{Kind: "terms", Text: "<p>Be kind.</p>", Since: time.Date(2026, 5, 17, 0, 0, 0, 0, time.UTC)})
		}, "document"),
		at(func(w io.Writer, l locale.Lang) error { return p.Profile(w, l, sampleProfile()) }, "profile"),
		at(func(w io.Writer, l locale.Lang) error {
			return p.Profile(w, l, ProfileView{ActorView: ActorView{Handle: "old@ume.example", URL: "/@old", Bot: true}, MovedTo: &remote, NoIndex: true, Memorial: true})
		}, "profile-moved"),
		at(func(w io.Writer, l locale.Lang) error { return p.Thread(w, l, sampleThread()) }, "thread"),
		at(func(w io.Writer, l locale.Lang) error { return p.Thread(w, l, ThreadView{Post: warnedPost()}) }, "thread-remote"),
		at(func(w io.Writer, l locale.Lang) error {
			return p.Tag(w, l, TagView{Tag: "梅", Posts: []PostView{quotePost()}, Older: "/tags/梅?max_id=1"})
		}, "tag"),
		at(func(w io.Writer, l locale.Lang) error { return p.Tag(w, l, TagView{Tag: "empty"}) }, "tag-empty"),
		at(func(w io.Writer, l locale.Lang) error {
			return p.LogIn(w, l, LogInView{Visit: Visit{Here: "/login?next=%2Fdeck"}, Next: "/deck", Login: "alice", Problem: locale.T(l, "error.422.title"), App: "Ivory", Forgot: "/forgot"})
		}, "login"),
		at(func(w io.Writer, l locale.Lang) error {
			return p.LogIn(w, l, LogInView{Next: "/deck", Challenge: "opaque"})
		}, "login-code"),
		at(func(w io.Writer, l locale.Lang) error { return p.Consent(w, l, sampleConsent()) }, "consent"),
		at(func(w io.Writer, l locale.Lang) error {
			return p.Code(w, l, CodeView{App: "toot", Code: "Zm9vYmFyYmF6cXV4MTIzNDU2Nzg5MGFiY2RlZg"})
		}, "code"),
		at(func(w io.Writer, l locale.Lang) error {
			return p.SetUp(w, l, SetUpView{Handle: "alice@ume.example", Token: "t0ken", Minimum: 10})
		}, "setup"),
		at(func(w io.Writer, l locale.Lang) error {
			return p.Join(w, l, JoinView{Name: "hana", Invite: "CODE", InvitedBy: "@alice@ume.example", Domain: "ume.example", Rules: rules, Reasons: true, MinAge: 16, Minimum: 8, Mail: true, Problem: "This name is taken."})
		}, "join"),
		at(func(w io.Writer, l locale.Lang) error {
			return p.Ask(w, l, AskView{
				Visit: visit, Title: "Second factor", Text: "Two steps.", Action: "/settings/totp", Hidden: []Param{{"secret", "ABC"}}, Button: "On", Link: "/deck",
				Fields: []AskField{{"code", "Code", "Six digits", "text", "one-time-code", "", 6}}, Code: &CodeImage{12, "M0 0h1v1h-1z", "ABC"}, List: []string{"one", "two"},
			})
		}, "ask"),
		at(func(w io.Writer, l locale.Lang) error {
			return p.Invites(w, l, InvitesView{Visit: visit, Invites: []InviteView{{"1", "https://ume.example/invite/CODE", 1, 5, sample, false}, {"2", "https://ume.example/invite/OLD", 3, 0, time.Time{}, true}}})
		}, "invites"),
		at(func(w io.Writer, l locale.Lang) error {
			return p.Security(w, l, SecurityView{
				Visit: visit, Email: "alice@mail.example", Password: true, TOTP: true, Codes: 9, Provider: "Home ID", Invites: true,
				Sessions: []SessionView{{"ab", "Firefox", "192.0.2.1", sample, sample, true}}, Passkeys: []PasskeyView{{"cd", "phone", sample, sample}},
				Tokens: []TokenView{{"1", "Elk", "", []string{"read", "write"}, sample, time.Time{}}},
			})
		}, "security"),
		at(func(w io.Writer, l locale.Lang) error {
			return p.LogIn(w, l, LogInView{Next: "/deck", Passkey: true, Provider: "Home ID", Forgot: "/forgot"})
		}, "login-passkey"),
		at(func(w io.Writer, l locale.Lang) error {
			return p.Password(w, l, PasswordView{Visit: visit, Minimum: 10})
		}, "password"),
		at(func(w io.Writer, l locale.Lang) error {
			return p.Interact(w, l, InteractView{Visit: visit, Verb: Follow, URI: "https://x.example/bob", Actor: &remote, Summary: "Stones, mostly."})
		}, "interact-follow"),
		at(func(w io.Writer, l locale.Lang) error {
			return p.Interact(w, l, InteractView{Visit: visit, Verb: Boost, URI: post.URI, Post: &post})
		}, "interact-boost"),
		at(func(w io.Writer, l locale.Lang) error {
			return p.Done(w, l, DoneView{Visit: visit, Title: locale.T(l, "password.title"), Text: locale.T(l, "setup.text", "home", "梅"), Link: "/deck"})
		}, "done"),
		at(func(w io.Writer, l locale.Lang) error { return p.Error(w, l, ErrorView{Status: 404}) }, "error-404"),
		at(func(w io.Writer, l locale.Lang) error {
			return p.Error(w, l, ErrorView{Status: 429, Retry: 170 * time.Second, Request: "01JD8XQ2"})
		}, "error-429"),
		at(func(w io.Writer, l locale.Lang) error { return p.Error(w, l, ErrorView{Status: 500}) }, "error-500"),
	}
}
