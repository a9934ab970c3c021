package page

import (
	"io"
	"time"

	"engawa/internal/locale"
)

// relayLooks are the pages of linked accounts.
func relayLooks(p *Pages) []look {
	at := func(name string, f func(io.Writer, locale.Lang) error) look { return look{name, f} }
	return []look{
		at("relay", func(w io.Writer, l locale.Lang) error { return p.Relay(w, l, sampleRelay(l)) }),
		at("relay-empty", func(w io.Writer, l locale.Lang) error {
			v := sampleRelay(l)
			v.Links, v.Posts, v.Problem = nil, nil, locale.T(l, "error.422.what")
			v.Networks[1].Open, v.Networks[1].Again, v.Networks[1].As = true, "7", "bird"
			return p.Relay(w, l, v)
		}),
		at("leave", func(w io.Writer, l locale.Lang) error {
			return p.Leave(w, l, LeaveView{Visit: sampleVisit(RelayPath), Network: "Mastodon", URL: "https://social.example/oauth/authorize?client_id=1"})
		}),
		at("rules", func(w io.Writer, l locale.Lang) error { return p.Rules(w, l, sampleRules(l)) }),
		at("rules-wrong", func(w io.Writer, l locale.Lang) error {
			v := RulesView{Visit: sampleVisit(RulesPath), Text: "\n[[rule]]\nto = [\"birb\"]\n</textarea><b>", Errors: []string{locale.T(l, "relay.at.line", "line", 3) + ": birb"}}
			return p.Rules(w, l, v)
		}),
		at("copies", func(w io.Writer, l locale.Lang) error { return p.Copies(w, l, sampleCopies(l)) }),
		at("copies-none", func(w io.Writer, l locale.Lang) error {
			return p.Copies(w, l, CopiesView{Visit: sampleVisit("/relay/posts/5"), ID: "5"})
		}),
	}
}

func sampleVisit(here string) Visit {
	reader := alice()
	return Visit{Reader: &reader, Here: here}
}

func sampleRelay(l locale.Lang) RelayView {
	said := func(key string, args ...any) string { return locale.T(l, key, args...) }
	later := sample.Add(30 * 24 * time.Hour)
	return RelayView{
		Visit: sampleVisit(RelayPath),
		Links: []LinkView{
			{ID: "1", Name: "bluesky", Network: "Bluesky", Handle: "alice.bsky.social", URL: "https://bsky.app/profile/alice.bsky.social", Mood: "well",
				Summary: said("link.says.well", "ago", said("time.ago.minute", "count", 3)), OK: sample, Expires: later, Spent: "$0.00", Sent: 41, Reading: true, Reads: true, Merges: true},
			{ID: "2", Name: "bird", Network: "X", Handle: "alice_ume", URL: "https://x.com/alice_ume", Mood: "unwell", Again: true,
				Summary: said("link.says.reconnect", "error", "401"), OK: sample.Add(-time.Hour), Failed: sample, Error: "The key is refused", Remedy: "Link it again",
				Queue: []string{said("linked.queueLine", "n", 2, "state", said("copy.state.waiting"))}, Spent: "$1.215", Sent: 81, Reading: true},
			{ID: "3", Name: "letters", Network: "E-mail", Handle: "alice@mail.example", Mood: "paused", Summary: said("link.says.paused"), Paused: true, Spent: "$0.00"},
		},
		Networks: []NetworkView{
			{Name: "mastodon", Title: "Mastodon", Base: "needed", Fields: []FieldAsk{{Name: "token", Label: said("link.field.token"), Secret: true}}},
			{Name: "x", Title: "X", Fields: []FieldAsk{
				{Name: "consumerKey", Label: said("link.x.consumer_key"), Needed: true, Typed: "abc"}, {Name: "consumerSecret", Label: said("link.x.consumer_secret"), Secret: true},
			}},
		},
		Posts: []RelayedView{
			{ID: "113", Text: "今朝、庭の梅が咲きました。小さな花ですが、縁側まで香りが届きます。", At: sample, Copies: []string{"bluesky: " + said("copy.state.sent"), "bird: " + said("copy.state.waiting")}},
			{ID: "112", Text: "", At: sample},
		},
	}
}

func sampleRules(l locale.Lang) RulesView {
	post := RelayedView{ID: "113", Text: "今朝、庭の梅が咲きました。 #ttr", At: sample}
	return RulesView{
		Visit: sampleVisit(RulesPath), Text: "[[rule]]\nname = \"birds\"\nwhen.tag_any = [\"ttr\"]\nto = [\"bird\"]\n", Checked: true, Saved: true,
		Warnings: []string{locale.T(l, "relay.at.line", "line", 4) + ": " + locale.T(l, "relay.warn.unable_poll", "link", "bird")},
		Rules:    []SentenceView{{"birds", locale.T(l, "relay.sentence.blocks", "posts", locale.T(l, "relay.sentence.posts", "visibility", "x", "kinds", "y"))}},
		Links:    []string{"bluesky", "bird"},
		Trial: TrialView{
			Posts: 2, Counts: []CountView{{"bluesky", 0}, {"bird", 1}},
			Sent: []TriedView{{post, []DecidedView{{"bird", true, locale.T(l, "relay.reason.tag", "tag", "#ttr", "rule", "birds")}, {"bluesky", false, locale.T(l, "relay.reason.no_rule", "link", "bluesky")}}}},
			Kept: []TriedView{{RelayedView{ID: "112", At: sample}, []DecidedView{{"bird", false, locale.T(l, "relay.reason.tag_any", "tags", "#ttr", "rule", "birds")}}}},
		},
	}
}

func sampleCopies(l locale.Lang) CopiesView {
	state := func(s string) string { return locale.T(l, "copy.state."+s) }
	return CopiesView{
		Visit: sampleVisit("/relay/posts/113"), ID: "113", Text: "今朝、庭の梅が咲きました。小さな花ですが、縁側まで香りが届きます。", URL: "/@alice/113", At: sample,
		Targets: []CopiesAt{
			{ID: "1", Name: "bluesky", Network: "Bluesky", Send: true, Reason: locale.T(l, "relay.reason.match", "rule", "all"), Actions: []string{"delete"}, Parts: []CopyView{
				{Number: 1, Of: 2, State: state("sent"), Mood: "well", Text: "今朝、庭の梅が咲きました。", URL: "https://bsky.app/profile/alice.bsky.social/post/3k", Sent: sample},
				{Number: 2, Of: 2, State: state("sent"), Mood: "well", Text: "小さな花ですが、縁側まで香りが届きます。", URL: "https://bsky.app/profile/alice.bsky.social/post/3l", Sent: sample},
			}},
			{ID: "2", Name: "bird", Network: "X", Send: true, Reason: locale.T(l, "relay.reason.match", "rule", "all"), Actions: []string{"retry", "skip", "thread", "cut"}, Parts: []CopyView{
				{Number: 1, Of: 1, State: state("asked"), Mood: "waiting", Reason: locale.T(l, "relay.ask.price", "link", "bird", "price", "$0.20"), Cost: "$0.20", Tries: 2, Due: sample.Add(time.Hour)},
			}},
			{ID: "9", Send: true, Parts: []CopyView{{Number: 1, Of: 1, State: state("failed"), Mood: "unwell", Deleted: sample}}},
		},
	}
}
