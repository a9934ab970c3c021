package server

import (
	"net/url"
	"strconv"

	"engawa/network/mail"
)

// parseSMTP takes smtp://USER:PASSWORD@HOST[:PORT]?from=ADDRESS&tls=starttls,
// or nothing: then the home sends no mail.
func parseSMTP(text string) (mail.SMTP, error) {
	const want = "give smtp://USER:PASSWORD@HOST[:PORT]?from=ADDRESS&tls=starttls (or implicit, or off), or leave it empty"
	if text == "" {
		return mail.SMTP{}, nil
	}
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "smtp" || u.Hostname() == "" {
		return mail.SMTP{}, &wrong{"is no address of a mail server", want}
	}
	s := mail.SMTP{Host: u.Hostname(), From: u.Query().Get("from"), TLS: u.Query().Get("tls")}
	s.User = u.User.Username()
	s.Password, _ = u.User.Password()
	if u.Port() != "" {
		if s.Port, err = strconv.Atoi(u.Port()); err != nil {
			return mail.SMTP{}, &wrong{"has no port that can be read", want}
		}
	}
	switch s.TLS {
	case "", "starttls", "implicit", "off":
	default:
		return mail.SMTP{}, &wrong{"names no way of TLS that is known", want}
	}
	if s.From == "" {
		return mail.SMTP{}, &wrong{"does not say the sender", want}
	}
	return s, nil
}

// smtpText is the setting with the password masked.
func smtpText(s mail.SMTP) string {
	if s.Host == "" {
		return ""
	}
	u := url.URL{Scheme: "smtp", Host: s.Host}
	if s.Port != 0 {
		u.Host += ":" + strconv.Itoa(s.Port)
	}
	q := url.Values{"from": {s.From}}
	if s.TLS != "" {
		q.Set("tls", s.TLS)
	}
	u.RawQuery = q.Encode()
	text := u.String()
	if s.User != "" {
		text = "smtp://" + url.PathEscape(s.User) + ":" + masked + "@" + text[len("smtp://"):]
	}
	return text
}
