package mail

import (
	"context"

	gomail "github.com/wneessen/go-mail"

	"engawa/internal/locale"
	"engawa/social"
)

// Write sends a letter of plain text about the home itself. What the mail
// server says is a *social.LinkError, as with Send.
func (n *Network) Write(ctx context.Context, to, subject, text string) error {
	m := n.blank()
	m.Subject(subject)
	m.SetMessageID()
	if err := m.To(to); err != nil {
		return &social.LinkError{Class: social.FixPost, Message: locale.W("link.fail.mail_address"), Remedy: locale.W("link.do.mail_address"), Err: err}
	}
	m.SetBodyString(gomail.TypeTextPlain, text)
	return n.hand(ctx, m)
}
