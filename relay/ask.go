package relay

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"engawa/internal/locale"
	"engawa/internal/markup"
	"engawa/social"
)

// Notice is a message of the home's own account to a User. One with the same Key is
// sent once.
type Notice struct {
	User social.ID
	Text string // plain
	Key  string
	// Post and Link say which Copy an answer to it is about; zero: none.
	Post, Link social.ID
	// ReplyTo is the User's message that it answers; zero: none.
	ReplyTo social.ID
}

// question is what the person is told or asked about a Copy.
type question struct {
	cause string            // a key below relay.ask
	said  *social.LinkError // by the network, nil where it is not to blame
	url   string
	price int64
	again bool   // the outcome is unknown: to send means to send again
	once  string // "month": told once a month for the Link, not once for the Copy
}

// message is what the network said, in words for the person.
func (q *question) message() locale.Words {
	if q.said == nil {
		return ""
	}
	return q.said.Message
}

// askTexts are the keys of what is told, by cause.
var askTexts = map[string]string{
	"refused": "relay.ask.refused", "unknown": "relay.ask.unknown", "unreachable": "relay.ask.unreachable", "price": "relay.ask.price",
	"perday": "relay.ask.per_day", "month": "relay.ask.month", "budget": "relay.ask.budget", "stays": "relay.ask.stays",
	"confirm": "relay.ask.confirm", "lossy": "relay.ask.lossy", "reconnect": "relay.ask.reconnect", "answer": "relay.ask.answer",
	"down": "relay.ask.down",
}

// asking are the causes that want an answer.
var asking = map[string]bool{
	"refused": true, "unknown": true, "unreachable": true, "price": true, "perday": true, "month": true, "confirm": true, "lossy": true,
}

// ask puts the question to the person and lets the Copy wait for the answer: all
// of its Post at this Link that is not sent. The message goes first: after a
// crash between the two the same step comes again, and its Key keeps it single.
func (c *courier) ask(ctx context.Context, e *entry, q question) error {
	if err := c.tell(ctx, e, q); err != nil {
		return err
	}
	asked := c.asked(ctx, q)
	err := c.change(ctx, e, func(w *writing, cur *entry) error {
		if cur.State == social.CopyDeleting {
			cur.State = social.CopyFailed // there is nothing to choose
		} else {
			cur.State = social.CopyAsked
		}
		cur.DueAt, cur.Reason, cur.Again, cur.Fails = 0, asked, q.again, 0
		return w.unwellBy(ctx, c.link, q)
	})
	if err == nil && e.ID != c.tried {
		c.passed() // the network answers
	}
	return err
}

// unwellBy notes the failure at the Link where the network was to blame.
func (w *writing) unwellBy(ctx context.Context, link *social.Link, q question) error {
	if q.said == nil {
		return nil
	}
	return w.unwell(ctx, link, q.said, social.LinkActive)
}

// asked is what the ledger shows of a question.
func (c *courier) asked(ctx context.Context, q question) string {
	switch q.cause {
	case "price":
		return c.say(ctx, "relay.copy.asked_price", "price", dollars(q.price))
	case "perday":
		return c.say(ctx, "relay.copy.asked_day")
	case "unknown":
		return c.say(ctx, "relay.copy.asked_unknown")
	}
	return c.say(ctx, "relay.copy.asked", "why", q.message())
}

// say is a text in the language of a User.
func (l *Ledger) say(ctx context.Context, user social.ID, key string, args ...any) string {
	return locale.T(l.langOf(ctx, user), key, args...)
}

// say is a text in the language of the Link's User.
func (c *courier) say(ctx context.Context, key string, args ...any) string {
	return c.Ledger.say(ctx, c.link.User, key, args...)
}

// told is what the person is told of an error, in the language of the Link's User.
func (c *courier) told(ctx context.Context, cause error) string {
	return locale.Say(c.langOf(ctx, c.link.User), string(knownOf(cause).Message))
}

// tell sends the person a message about a Copy.
func (c *courier) tell(ctx context.Context, e *entry, q question) error {
	key := fmt.Sprintf("ask-%d-%d-%d-%d-%s", e.Post, e.Link, e.Number, e.Version, q.cause)
	if q.once == "month" {
		key = fmt.Sprintf("ask-%d-%s-%s", e.Link, q.cause, c.Home.Clock.Now().UTC().Format("2006-01"))
	}
	return c.tellOf(ctx, c.link, e.Post, key, q)
}

// Refused tells once that a Link has to be linked again; for who reads its Lane.
func (l *Ledger) Refused(ctx context.Context, link *social.Link, cause error) error {
	return l.tellReconnect(ctx, link, cause)
}

// tellReconnect tells once that a Link has to be linked again.
func (l *Ledger) tellReconnect(ctx context.Context, link *social.Link, cause error) error {
	return l.tellOf(ctx, link, 0, fmt.Sprintf("reconnect-%d-%d", link.ID, link.OKAt), question{cause: "reconnect", said: knownOf(cause)})
}

// tellOf writes the message in the person's language.
func (l *Ledger) tellOf(ctx context.Context, link *social.Link, post social.ID, key string, q question) error {
	lang := l.langOf(ctx, link.User)
	var b strings.Builder
	b.WriteString(locale.T(lang, askTexts[q.cause], "link", link.Name, "message", q.message(), "price", dollars(q.price), "url", q.url))
	if about := l.excerpt(ctx, post); about != "" {
		b.WriteString("\n\n" + about)
	}
	if asking[q.cause] {
		b.WriteString("\n\n" + locale.T(lang, "relay.ask.choices"))
	}
	n := &Notice{User: link.User, Text: b.String(), Key: key}
	if asking[q.cause] {
		n.Post, n.Link = post, link.ID
	}
	return l.send(ctx, n)
}

// send sends a message. What can never be sent does not keep the rest from being done.
func (l *Ledger) send(ctx context.Context, n *Notice) error {
	err := l.Tell(ctx, n)
	var said *social.Error
	if errors.As(err, &said) && said.Kind != social.Temporary && said.Kind != social.Limited {
		l.log().Error("a person could not be told", "user", n.User, "key", n.Key, "err", err)
		return nil
	}
	return err
}

// langOf is the person's language.
func (l *Ledger) langOf(ctx context.Context, user social.ID) locale.Lang {
	u, err := l.Home.Store.User(ctx, user)
	if err != nil {
		return locale.English
	}
	if lang, ok := locale.Parse(u.Locale); ok {
		return lang
	}
	return locale.English
}

// excerpt is how a Post is named in a message: its beginning and its page.
func (l *Ledger) excerpt(ctx context.Context, post social.ID) string {
	const most = 60
	if post == 0 {
		return ""
	}
	p, err := l.Home.Store.Post(ctx, post)
	if err != nil {
		return ""
	}
	text := strings.Join(strings.Fields(markup.Text(p.Content)), " ")
	if p.Warning != "" {
		text = p.Warning
	}
	if utf8.RuneCountInString(text) > most {
		text = string([]rune(text)[:most]) + "…"
	}
	return strings.TrimSpace("“" + text + "” " + p.URL)
}

// dollars writes micro-dollars as people read them: $0.015.
func dollars(micros int64) string {
	s := fmt.Sprintf("%d.%06d", micros/1_000_000, micros%1_000_000)
	for strings.HasSuffix(s, "0") && len(s)-strings.IndexByte(s, '.') > 3 {
		s = s[:len(s)-1]
	}
	return "$" + s
}
