package relay

import (
	"engawa/internal/locale"
	"engawa/social"
)

// Draft is a Post of ours with all that rendering it needs.
type Draft struct {
	Post     *social.Post
	Media    []social.Media // of the Post, in order
	Poll     *social.Poll
	Quoted   *social.Post // the one quoted, where it is here
	Boosted  *social.Post // the one boosted
	Triggers []string     // social.TagKey of the tags that decided
	Now      social.Millis
	// MediaURL is the public address of a medium; nil: there is none.
	MediaURL func(*social.Media) string
}

// Target is where a Draft goes: a Link, and what is known there.
type Target struct {
	Link   *social.Link
	Root   social.Ref // of the thread that Parent is in
	Parent social.Ref // what the Post answers, as it stands there
	// Follows says that the Post continues one of ours that has a Copy there or
	// will have one; Parent may still be zero.
	Follows bool
	Quote   social.Ref // the quoted Post as it stands there
	Boost   social.Ref // the boosted one
	// Person finds a mentioned Actor on the network: the handle as it is written
	// there, with @, and the account's id in the network's words. nil finds nobody.
	Person func(*social.Mention) (handle, id string, ok bool)
}

// Plan is what a Post becomes at one Link.
type Plan struct {
	Parts  []social.Part // without Key; Root and Parent only where the target knew them
	Costs  []int64       // micro-dollars, of each Part
	Price  int64         // of all
	Losses []Loss        // what of the Post is not there, or not as it was
	Skip   *Loss         // why it becomes nothing; then there are no Parts
}

// Loss is one thing that a Copy lacks, or the reason why there is none.
type Loss struct {
	Code string // stable, for programs: "emoji", "altCut"
	args []any
}

// Say is the loss in words.
func (l *Loss) Say(lang locale.Lang) string { return locale.T(lang, "relay.loss."+l.Code, l.args...) }

// Lossy reports whether something of the Post would be lost.
func (p *Plan) Lossy() bool { return len(p.Losses) > 0 }

// NeedsAsk is why the person has to be asked before the Plan is carried out: the
// word that social.Copy.Reason bears, "confirm", "lossy" or "price"; "" when
// nothing asks for it.
func (p *Plan) NeedsAsk(l *Limit) string {
	switch {
	case p.Skip != nil:
		return ""
	case l.Confirm == ConfirmAlways:
		return "confirm"
	case l.Confirm == ConfirmLossy && p.Lossy():
		return "lossy"
	case l.AskOver > 0 && p.Price >= l.AskOver:
		return "price"
	}
	return ""
}

// lose notes a loss, each kind once.
func (p *Plan) lose(code string, args ...any) {
	for i := range p.Losses {
		if p.Losses[i].Code == code {
			return
		}
	}
	p.Losses = append(p.Losses, Loss{code, args})
}

func skipped(code string, args ...any) Plan { return Plan{Skip: &Loss{code, args}} }
