package relay

import (
	"strings"
	"testing"

	"engawa/internal/locale"
)

func TestRuleSentences(t *testing.T) {
	for _, c := range []struct{ name, toml, en, ja string }{
		{"three lines", "name = 'x'\nwhen.tag_any = ['ttr']\nto = ['x']",
			"Your public posts (original, self-reply) with #ttr go to x: what is too long as a thread; after 20 seconds.",
			"公開の投稿（新しい投稿、自分への返信）のうち#ttr の付いたものを x に送ります（長いものはスレッドにする、20秒たってから）。"},
		{"no condition, at once", "name = 'x'\nto = ['x', 'bluesky']\nlimit.hold = '0s'\nas.long = 'cut_link'",
			"Your public posts (original, self-reply) go to x, bluesky: what is too long is cut, with a link.",
			"公開の投稿（新しい投稿、自分への返信）を x、bluesky に送ります（長いものは短くしてリンクを付ける）。"},
		{"block", "name = 'x'\nwhen.tag_any = ['a', 'b']\nwhen.media = 'only'\nto = ['none']",
			"Your public posts (original, self-reply) with one of #a, #b and with files go nowhere.",
			"公開の投稿（新しい投稿、自分への返信）のうち#a、#b のどれかが付いたもの、添付のあるものは、どこにも送りません。"},
		{"off, limits and keep", "name = 'x'\non = false\nto = ['x']\nlimit.per_day = 3\nlimit.budget_month = 5\nlimit.quiet_hours = '23:00-07:00'\nkeep.edit = 'redo_within:10m'\nkeep.delete = false\nas.template = '{text} {link}'",
			"Switched off: Your public posts (original, self-reply) go to x: what is too long as a thread; after 20 seconds; as.template = \"{text} {link}\"; edits within 10 minutes delete and send again; deletes do not follow; at most 3 a day; not in the hours 23:00-07:00; at most $5.00 a month.",
			""},
		{"from elsewhere", "name = 'x'\nfrom = ['mastodon']\nto = ['x']",
			"Nothing: the rule looks only at mastodon, and what is read through a linked account is never relayed.", ""},
	} {
		book, problems := Parse("[[rule]]\n" + c.toml)
		if problems.Err() != nil || len(book.Rules) != 1 {
			t.Errorf("%s: %v", c.name, problems)
			continue
		}
		if got := book.Rules[0].Sentence(locale.English); got != c.en {
			t.Errorf("%s:\n got %s\nwant %s", c.name, got, c.en)
		}
		if got := book.Rules[0].Sentence(locale.Japanese); c.ja != "" && got != c.ja {
			t.Errorf("%s:\n got %s\nwant %s", c.name, got, c.ja)
		}
	}
}

// Every choice of a rule that is not the usual one has words.
func TestSentenceHasWordsForEveryChoice(t *testing.T) {
	found := 0
	for _, f := range fields {
		c, is := f.binding.(choiceField[string])
		if !is || !strings.HasPrefix(f.key, "as.") || f.key == "as.long" {
			continue
		}
		plain := NewRule()
		for _, choice := range c.of {
			if choice == f.write(&plain) {
				continue
			}
			found++
			if key := "relay.sentence." + f.key + "." + choice; !locale.Has(key) {
				t.Errorf("%q is missing", key)
			}
		}
	}
	if found < 20 {
		t.Errorf("only %d choices were found", found)
	}
	for _, long := range []string{"thread", "cut_link", "link_only", "skip"} {
		if !locale.Has("relay.sentence.long_" + long) {
			t.Errorf("long %q has no words", long)
		}
	}
}
