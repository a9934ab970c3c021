package social

import (
	"context"
	"strings"
)

// way is how a User answers a Post that Links read: through one of them.
type way struct {
	link *Link
	ref  Ref
}

// deeds are the abilities in the person's words.
var abilityWords = map[Ability]string{
	AbleReply: "reply", AbleFavourite: "favourite", AbleReact: "react with an emoji", AbleBoost: "boost", AbleQuote: "quote",
	AblePoll: "post polls", AbleMedia: "post media", AbleFollow: "follow", AbleBookmark: "bookmark",
}

// wayTo finds a Link of the turn's Actor that saw p and can do what is needed.
// What cannot be done is an Error that says why and where to do it instead.
func (t *turn) wayTo(ctx context.Context, p *Post, need Ability) (*way, error) {
	seen, err := t.waysTo(ctx, p)
	if err != nil {
		return nil, err
	}
	return pickWay(seen, need, p.openURL())
}

// waysTo are all Links of the turn's Actor that know p.
func (t *turn) waysTo(ctx context.Context, p *Post) ([]way, error) {
	var list []way
	rows, err := t.LaneRows(ctx, t.actor.ID, []ID{p.ID})
	if err != nil {
		return nil, err
	}
	for i := range rows {
		l, err := t.Link(ctx, t.actor.ID, rows[i].Link)
		if missingOK(err) != nil {
			return nil, err
		}
		if err == nil {
			list = append(list, way{l, rows[i].Ref})
		}
	}
	if len(list) > 0 || p.Actor != t.actor.ID {
		return list, nil
	}
	copies, err := t.Copies(ctx, []ID{p.ID}) // an answer of one's own: it stands where it was sent
	if err != nil {
		return nil, err
	}
	for i := range copies {
		if c := &copies[i]; c.Number == 0 && c.State != CopySkipped && c.State != CopyFailed {
			l, err := t.Link(ctx, t.actor.ID, c.Link)
			if missingOK(err) != nil {
				return nil, err
			}
			if err == nil {
				list = append(list, way{l, c.Ref})
			}
		}
	}
	return list, nil
}

// pickWay takes the first Link that is well and can do what is needed.
func pickWay(list []way, need Ability, url string) (*way, error) {
	why := "it was read through an account that is not linked any more"
	for i := range list {
		l := list[i].link
		switch {
		case !l.Can.Has(need):
			why = "your account " + l.Name + " (" + l.Network + ") cannot " + wordsOf(need) + " from here"
		case l.State == LinkReconnect:
			why = "your account " + l.Name + " (" + l.Network + ") has to be linked again first"
		case l.State == LinkPaused:
			why = "your account " + l.Name + " (" + l.Network + ") is paused"
		default:
			return &list[i], nil
		}
	}
	return nil, cannotAnswer(why, url)
}

func wordsOf(need Ability) string {
	var words []string
	for bit := AblePost; bit <= AbleStream; bit <<= 1 {
		if w := abilityWords[bit]; w != "" && need.Has(bit) {
			words = append(words, w)
		}
	}
	return strings.Join(words, " and ")
}

func cannotAnswer(why, url string) error {
	message := "This post is on another network, and " + why + "."
	if url != "" {
		message += " Open it there: " + url
	}
	return forbidden("answer", message)
}

// openURL is where a Post can be opened by whoever may see it there.
func (p *Post) openURL() string {
	if p.URL != "" {
		return p.URL
	}
	if strings.HasPrefix(p.URI, "https://") {
		return p.URI
	}
	return ""
}

// answerThere leaves an answer without text to the Link.
func (t *turn) answerThere(ctx context.Context, w *way, a Answer) error {
	if t.a.Quiet {
		return nil
	}
	d := DeedRow{User: t.actor.ID, Target: a.Target, Verb: a.Verb, Content: a.Content, Link: w.link.ID, At: t.now}
	if err := t.PutDeed(ctx, &d); err != nil {
		return err
	}
	t.jobs = append(t.jobs, answerJob(w.link, a))
	return nil
}

func answerJob(l *Link, a Answer) Job {
	key := "link:" + l.ID.String()
	return Job{Kind: JobAnswer, Key: key, Host: key, Network: l.Network, Ref: l.ID, Target: a.String()}
}

// takeBackThere asks the Link through which an answer was given to undo it.
func (t *turn) takeBackThere(ctx context.Context, a Answer) error {
	if !t.local() {
		return nil
	}
	d, err := t.Deed(ctx, t.actor.ID, a.Target, a.Verb, a.Content)
	if err != nil {
		return missingOK(err)
	}
	l, err := t.Link(ctx, t.actor.ID, d.Link)
	if isMissing(err) {
		return t.DropDeed(ctx, t.actor.ID, a.Target, a.Verb, a.Content)
	}
	if err != nil {
		return err
	}
	d.At = 0
	if err := t.PutDeed(ctx, d); err != nil {
		return err
	}
	a.Undo = true
	t.jobs = append(t.jobs, answerJob(l, a))
	return nil
}
