package push

import (
	"encoding/json"
	"unicode/utf8"

	"engawa/internal/locale"
	"engawa/internal/markup"
	"engawa/social"
)

// payload is what apps read. The id is a number there; apps take it for text too.
type payload struct {
	AccessToken string    `json:"access_token"`
	Locale      string    `json:"preferred_locale"`
	ID          social.ID `json:"notification_id"`
	Type        string    `json:"notification_type"`
	Icon        string    `json:"icon"`
	Title       string    `json:"title"`
	Body        string    `json:"body"`
}

// Bounds of what is shown, in characters; longest is the whole message in bytes.
const (
	maxTitle = 100
	maxBody  = 140
)

// titles are what is said of each kind of notification.
var titles = map[social.NotificationType]string{
	social.NotifyMention: "push.mention", social.NotifyStatus: "push.status", social.NotifyBoost: "push.reblog", social.NotifyFollow: "push.follow",
	social.NotifyFollowRequest: "push.follow_request", social.NotifyFavourite: "push.favourite", social.NotifyReaction: "push.reaction",
	social.NotifyPoll: "push.poll", social.NotifyUpdate: "push.update", social.NotifyQuote: "push.quote", social.NotifyQuotedUpdate: "push.quoted_update",
	social.NotifySignUp: "push.sign_up", social.NotifyReport: "push.report", social.NotifyMoved: "push.move", social.NotifyWarning: "push.warning",
}

// message is the payload of a notification, in the language of its User.
func (s *Sender) message(sub *social.PushSubscription, user *social.User, n *social.Notices) ([]byte, error) {
	row := &n.Rows[0]
	from := n.Actors[row.Actor]
	lang, ok := locale.Parse(user.Locale)
	if !ok {
		lang = locale.English
	}
	p := payload{Locale: string(lang), ID: row.ID, Type: string(row.Type), Icon: s.Icon(from), Body: cut(body(row, from, n.Listing), maxBody)}
	key := titles[row.Type]
	if row.Type == social.NotifyPoll && row.Actor == row.User {
		key = "push.own_poll"
	}
	name := from.DisplayName
	if name == "" {
		name = "@" + from.Name
	}
	p.Title = locale.T(lang, key, "name", cut(name, maxTitle), "reaction", cut(row.Reaction, maxTitle))
	if sub.Sealed != "" {
		text, err := s.Home.Master.OpenBytes(sub.Sealed, social.PushContext(sub.Token))
		if err != nil {
			return nil, err
		}
		p.AccessToken = string(text)
	}
	return json.Marshal(&p)
}

// body is the warning or the text of the Post, or who it is that came.
func body(row *social.Notification, from *social.Actor, l *social.Listing) string {
	for _, p := range l.Posts {
		if row.Post == 0 || p.ID != row.Post {
			continue
		}
		if p.Warning != "" {
			return p.Warning
		}
		return markup.Text(p.Content)
	}
	return markup.Text(from.Summary)
}

// cut is at most n characters of s.
func cut(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	r := []rune(s)
	return string(r[:n-1]) + "…"
}
