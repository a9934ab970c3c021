package mail

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/url"
	"regexp"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"

	"engawa/internal/clock"
	"engawa/internal/locale"
	"engawa/network"
	"engawa/social"
)

// Due is when a Part that is ready at now is to be sent: at once, or with the
// next digest of the Link's settings. The ledger writes it into Copy.DueAt when
// the Copy is queued, collects what is due at one moment, and hands it to
// SendAll; nothing is kept here.
func (n *Network) Due(l *social.Login, now social.Millis) social.Millis {
	set := settingsOf(l)
	at := clock.FromMillis(int64(now))
	switch set.Digest {
	case "hourly":
		return social.Millis(clock.Millis(at.Truncate(time.Hour).Add(time.Hour)))
	case "daily":
		zone, err := time.LoadLocation(set.Zone)
		if err != nil {
			zone = time.UTC
		}
		at = at.In(zone)
		next := time.Date(at.Year(), at.Month(), at.Day(), set.Hour, 0, 0, 0, zone)
		if !next.After(at) {
			next = time.Date(at.Year(), at.Month(), at.Day()+1, set.Hour, 0, 0, 0, zone)
		}
		return social.Millis(clock.Millis(next))
	}
	return now
}

// Send sends one letter.
func (n *Network) Send(ctx context.Context, l *social.Login, p *social.Part) (*social.Sent, error) {
	sent, err := n.SendAll(ctx, l, []*social.Part{p})
	if err != nil {
		return nil, err
	}
	return sent[0], nil
}

// SendAll sends Parts as one letter, in their order; all of them arrive or
// none. There is one Sent a Part.
func (n *Network) SendAll(ctx context.Context, l *social.Login, parts []*social.Part) ([]*social.Sent, error) {
	if len(parts) == 0 {
		return nil, nil
	}
	s, err := opened(l)
	if err != nil {
		return nil, err
	}
	m := n.letter(l, s, parts)
	id := n.messageID(parts)
	m.SetMessageIDWithValue(id)
	if err := m.To(s.Address); err != nil {
		return nil, network.Reconnect(locale.W("link.fail.mail_to"), locale.W("link.do.mail_other"), err)
	}
	if err := n.hand(ctx, m); err != nil {
		return nil, err
	}
	sent := make([]*social.Sent, len(parts))
	for i := range parts {
		sent[i] = &social.Sent{Ref: social.Ref{ID: id}}
		if len(parts) > 1 {
			sent[i].Ref.ID = id + "#" + parts[i].Key
		}
	}
	return sent, nil
}

// Edit is not possible.
func (n *Network) Edit(context.Context, *social.Login, social.Ref, *social.Part) (*social.Sent, error) {
	return nil, network.Cannot(locale.W("link.fail.letter_fixed"), locale.W("link.do.letter_new"))
}

// Delete is not possible.
func (n *Network) Delete(context.Context, *social.Login, social.Ref) (*social.Sent, error) {
	return nil, network.Cannot(locale.W("link.fail.letter_gone"), "")
}

// Find answers that nothing arrived: a letter sent again has the same Message-ID.
func (n *Network) Find(context.Context, *social.Login, *social.Part) (*social.Sent, error) {
	return nil, nil
}

// client is made for each letter: they are few, and no connection is kept.
func (n *Network) client() (*gomail.Client, error) {
	opts := []gomail.Option{gomail.WithTimeout(30 * time.Second), gomail.WithoutNoop()}
	port := n.SMTP.Port
	switch n.SMTP.TLS {
	case "implicit":
		opts = append(opts, gomail.WithSSL())
		port = orPort(port, 465)
	case "off":
		opts = append(opts, gomail.WithTLSPolicy(gomail.NoTLS))
		port = orPort(port, 25)
	default:
		opts = append(opts, gomail.WithTLSPolicy(gomail.TLSMandatory))
		port = orPort(port, 587)
	}
	opts = append(opts, gomail.WithPort(port))
	if n.SMTP.User != "" {
		how := gomail.SMTPAuthAutoDiscover
		if n.SMTP.TLS == "off" {
			how = gomail.SMTPAuthPlainNoEnc // the operator switched TLS off
		}
		opts = append(opts, gomail.WithSMTPAuth(how), gomail.WithUsername(n.SMTP.User), gomail.WithPassword(n.SMTP.Password))
	}
	if u, err := url.Parse(n.HomeURL); err == nil && u.Hostname() != "" {
		opts = append(opts, gomail.WithHELO(u.Hostname()))
	}
	if n.TLSConfig != nil {
		opts = append(opts, gomail.WithTLSConfig(n.TLSConfig))
	}
	if n.Dial != nil {
		opts = append(opts, gomail.WithDialContextFunc(gomail.DialContextFunc(n.Dial)))
	}
	c, err := gomail.NewClient(n.SMTP.Host, opts...)
	if err != nil {
		return nil, &social.LinkError{Class: social.TryAgain, Message: locale.W("link.fail.smtp_setup"), Remedy: locale.W("link.do.smtp"), Err: err}
	}
	return c, nil
}

func orPort(port, usual int) int {
	if port == 0 {
		return usual
	}
	return port
}

// hand gives a letter to the mail server.
func (n *Network) hand(ctx context.Context, m *gomail.Msg) error {
	c, err := n.client()
	if err != nil {
		return err
	}
	conn, err := c.DialToSMTPClientWithContext(ctx)
	if err != nil {
		return n.failure(err)
	}
	err = c.SendWithSMTPClient(conn, m)
	_ = c.CloseWithSMTPClient(conn) // the letter is taken or not by now
	if err == nil || m.IsDelivered() {
		return nil
	}
	return n.failure(err)
}

// failure says what the mail server's refusal means (RFC 5321 §4.2).
func (n *Network) failure(err error) error {
	var se *gomail.SendError
	if !errors.As(err, &se) {
		return &social.LinkError{Class: social.TryAgain, Message: locale.W("link.fail.smtp_away"),
			Remedy: locale.W("link.do.smtp_wait"), Err: err}
	}
	switch {
	case se.IsTemp() || se.ErrorCode() < 500:
		return &social.LinkError{Class: social.TryAgain, Message: locale.W("link.fail.smtp_later"), Remedy: network.DoWait, Err: err}
	case se.Reason == gomail.ErrSMTPRcptTo:
		return network.Reconnect(locale.W("link.fail.mail_refused"), locale.W("link.do.mail_other"), err)
	case se.Reason == gomail.ErrSMTPMailFrom:
		return &social.LinkError{Class: social.TryAgain, Message: locale.W("link.fail.sender"), Remedy: locale.W("link.do.smtp"), Err: err}
	}
	return &social.LinkError{Class: social.FixPost, Message: locale.W("link.fail.letter_refused"), Remedy: locale.W("link.do.skip"), Err: err}
}

var idChars = regexp.MustCompile(`[^A-Za-z0-9-]+`)

// messageID is the Message-ID of a letter, without <>: the path of the post's
// address, a hash of all keys, at the home's host (RFC 5322 §3.6.4).
func (n *Network) messageID(parts []*social.Part) string {
	h := sha256.New()
	for _, p := range parts {
		h.Write([]byte(p.Key))
		h.Write([]byte{0})
	}
	sum := hex.EncodeToString(h.Sum(nil)[:8])
	host, local := "localhost", "digest"
	if u, err := url.Parse(n.HomeURL); err == nil && u.Hostname() != "" {
		host = u.Hostname()
	}
	if u, err := url.Parse(parts[0].Origin); err == nil && u.Hostname() != "" && len(parts) == 1 {
		host, local = u.Hostname(), strings.Trim(idChars.ReplaceAllString(u.Path, "."), ".")
	}
	if len(local) > 100 {
		local = local[len(local)-100:]
	}
	return strings.TrimPrefix(local+"."+sum, ".") + "@" + host
}
