package relay

import (
	"context"
	"fmt"
	"strings"

	"golang.org/x/text/unicode/norm"

	"engawa/internal/locale"
	"engawa/internal/markup"
	"engawa/social"
)

// choice is what the person answered.
type choice string

const (
	chooseThread choice = "thread" // send it, in as many parts as it takes
	chooseCut    choice = "cut"    // send it cut, with a link to the whole
	chooseSkip   choice = "skip"   // do not send it
)

// choices are the words that are understood, folded.
var choices = map[string]choice{
	"thread": chooseThread, "send": chooseThread, "yes": chooseThread, "分割": chooseThread, "スレッド": chooseThread, "送信": chooseThread, "はい": chooseThread,
	"cut": chooseCut, "省略": chooseCut, "短縮": chooseCut,
	"skip": chooseSkip, "no": chooseSkip, "中止": chooseSkip, "やめる": chooseSkip, "いいえ": chooseSkip,
}

// readChoice finds the one word of an answer, mentions left out; "" when it is something else.
func readChoice(text string) choice {
	found := choice("")
	for _, word := range strings.Fields(norm.NFKC.String(text)) {
		if strings.HasPrefix(word, "@") {
			continue
		}
		word = strings.ToLower(strings.Trim(word, "`'\"“”「」『』.,!?。、！？"))
		if word == "" {
			continue
		}
		c, ok := choices[word]
		if !ok || (found != "" && found != c) {
			return ""
		}
		found = c
	}
	return found
}

// HandleNotice acts on what a User answered to the home's own account (Job.Ref is
// the answer). Anything but a choice is answered with help.
func (l *Ledger) HandleNotice(ctx context.Context, j *social.Job) error {
	answer, err := l.Home.Store.Post(ctx, j.Ref)
	if err != nil {
		return goneOK(err)
	}
	text := answer.Source
	if text == "" {
		text = markup.Text(answer.Content)
	}
	lang, did := l.langOf(ctx, answer.Actor), readChoice(text)
	post, linkID, known := l.askedBy(ctx, answer.ReplyTo)
	reply := func(key string, args ...any) error {
		return l.send(ctx, &Notice{
			User: answer.Actor, ReplyTo: answer.ID, Key: fmt.Sprintf("answer-%d", answer.ID),
			Text: locale.T(lang, key, args...), Post: post, Link: linkID,
		})
	}
	if !known || did == "" {
		return reply("relay.ask.help")
	}
	link, err := l.Home.Store.Link(ctx, answer.Actor, linkID)
	if err != nil {
		if social.IsKind(err, social.NotFound) {
			return reply("relay.ask.settled")
		}
		return err
	}
	acted, err := l.Settle(ctx, link, post, string(did))
	if err != nil {
		return err
	}
	if !acted {
		return reply("relay.ask.settled")
	}
	return reply(doneTexts[did], "link", link.Name)
}

var doneTexts = map[choice]string{
	chooseThread: "relay.ask.done_thread", chooseCut: "relay.ask.done_cut", chooseSkip: "relay.ask.done_skip",
}

// Settle carries out a choice (thread, cut or skip) for what is asked or waits of
// a Post at a Link; it reports false when nothing does.
func (l *Ledger) Settle(ctx context.Context, link *social.Link, post social.ID, choice string) (bool, error) {
	switch choice {
	case string(chooseThread), string(chooseCut), string(chooseSkip):
	default:
		return false, &social.Error{Kind: social.Invalid, Op: "settle", Field: "choice", Message: string(locale.W("link.bad.choice"))}
	}
	rows, err := l.Home.Store.Copies(ctx, []social.ID{post})
	if err != nil {
		return false, err
	}
	rows = ofLink(rows, link.ID)
	var open []entry
	for i := range rows {
		if s := rows[i].State; s == social.CopyAsked || s == social.CopyWaiting {
			e := entry{Copy: &rows[i]}
			if err := e.load(); err != nil {
				return false, err
			}
			open = append(open, e)
		}
	}
	if len(open) == 0 {
		return false, nil
	}
	if choice == string(chooseSkip) {
		return true, l.skip(ctx, rows, l.say(ctx, link.User, "relay.copy.skipped"))
	}
	return true, l.resume(ctx, link, rows, &open[0], choice)
}

// skip gives up all of rows that is not sent.
func (l *Ledger) skip(ctx context.Context, rows []social.Copy, reason string) error {
	return l.write(ctx, func(w *writing) error {
		for i := range rows {
			cur, err := w.again(ctx, rows[i].ID)
			if err != nil {
				return err
			}
			if !isOpen(cur.State) || cur.State == social.CopyDeleting || cur.State == social.CopySending {
				continue
			}
			cur.State, cur.DueAt, cur.Reason = social.CopySkipped, 0, reason
			if err := w.put(ctx, cur); err != nil {
				return err
			}
			w.wake(cur.Link, cur.Post, w.now) // those behind it go on
		}
		return nil
	})
}

// resume lets what was asked about go out as chosen: made anew, except where
// only the outcome was unknown.
func (l *Ledger) resume(ctx context.Context, link *social.Link, rows []social.Copy, first *entry, long string) error {
	var made []stored
	if !first.Again || long == string(chooseCut) {
		var err error
		if made, err = l.remake(ctx, first, map[string]string{"thread": "thread", "cut": "cut_link"}[long]); err != nil {
			return err
		}
	}
	return l.write(ctx, func(w *writing) error {
		if len(made) > 0 {
			in := &laying{
				rows: rows, made: made, post: first.Post, link: link, rule: first.Rule, state: social.CopyQueued, due: w.now, agreed: true,
			}
			if long == string(chooseCut) && first.Number > 0 && !link.Can.Has(social.AbleEdit) {
				return w.redo(ctx, in)
			}
			in.edit = long == string(chooseCut)
			return w.lay(ctx, in)
		}
		for i := range rows {
			cur, err := w.again(ctx, rows[i].ID)
			if err != nil {
				return err
			}
			if !isOpen(cur.State) || cur.State == social.CopyDeleting {
				continue
			}
			cur.State, cur.DueAt, cur.Reason, cur.Agreed, cur.Fails = social.CopyQueued, w.now, "", true, 0
			if err := w.put(ctx, cur); err != nil {
				return err
			}
			w.wake(cur.Link, cur.Post, w.now)
		}
		return nil
	})
}

// AskContext is the Post.Context of a message that asks about the Copy of a Post at a Link.
func AskContext(post, link social.ID) string {
	if post == 0 || link == 0 {
		return ""
	}
	return fmt.Sprintf("%s%d:%d", askScheme, post, link)
}

const askScheme = "urn:engawa:copy:"

// askedBy is what the message that was answered asked about.
func (l *Ledger) askedBy(ctx context.Context, message social.ID) (post, link social.ID, ok bool) {
	if message == 0 {
		return 0, 0, false
	}
	m, err := l.Home.Store.Post(ctx, message)
	if err != nil {
		return 0, 0, false
	}
	rest, ours := strings.CutPrefix(m.Context, askScheme)
	a, b, two := strings.Cut(rest, ":")
	post, ok1 := social.ParseID(a)
	link, ok2 := social.ParseID(b)
	return post, link, ours && two && ok1 && ok2 && m.Local()
}
