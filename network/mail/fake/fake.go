// Package fake is a mail server on loopback that keeps what it gets (go-smtp,
// so RFC 5321 as that library speaks it). Nothing is delivered. Assumed: the
// texts of its refusals; Engawa reads only their codes.
package fake

import (
	"bytes"
	"crypto/tls"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	netmail "net/mail"
	"strings"
	"sync"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// Letter is one that was taken.
type Letter struct {
	From   string
	To     []string
	Header netmail.Header
	Text   string
	HTML   string
}

// Subject is the decoded subject.
func (l *Letter) Subject() string {
	s, _ := new(mime.WordDecoder).DecodeHeader(l.Header.Get("Subject"))
	return s
}

// Server is a mail server.
type Server struct {
	Host string
	Port int
	// User and Password are asked for when set.
	User, Password string

	smtp *smtp.Server
	mu   sync.Mutex
	all  []Letter
	fail map[string]*smtp.SMTPError // by "mail", "rcpt", "data"
	done chan struct{}
}

// New starts a server that speaks no TLS. Close it.
func New(user, password string) (*Server, error) { return NewTLS(user, password, nil, false) }

// NewTLS starts one that takes the credentials over TLS only: from the first
// byte where implicit is set, else by STARTTLS (RFC 3207).
func NewTLS(user, password string, cfg *tls.Config, implicit bool) (*Server, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	s := &Server{Host: "127.0.0.1", Port: l.Addr().(*net.TCPAddr).Port, User: user, Password: password, fail: map[string]*smtp.SMTPError{}, done: make(chan struct{})}
	s.smtp = smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &session{server: s}, nil }))
	s.smtp.Domain, s.smtp.AllowInsecureAuth, s.smtp.MaxMessageBytes, s.smtp.MaxRecipients = "mail.test", cfg == nil, 1<<20, 5
	switch {
	case implicit:
		l = tls.NewListener(l, cfg)
	case cfg != nil:
		s.smtp.TLSConfig = cfg
	}
	s.run(l)
	return s, nil
}

// run serves until Close.
func (s *Server) run(l net.Listener) {
	go func() {
		defer close(s.done)
		_ = s.smtp.Serve(l) // ends with Close
	}()
}

// Close ends it; it may be called again.
func (s *Server) Close() {
	_ = s.smtp.Close()
	<-s.done
}

// Letters are those taken.
func (s *Server) Letters() []Letter {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Letter(nil), s.all...)
}

// Fail makes the commands at a stage ("mail", "rcpt", "data") answer code; 0: no more.
func (s *Server) Fail(stage string, code int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.fail, stage)
	if code != 0 {
		s.fail[stage] = &smtp.SMTPError{Code: code, EnhancedCode: smtp.EnhancedCode{code / 100, 0, 0}, Message: "refused by the test"}
	}
}

type session struct {
	server *Server
	in     bool
	letter Letter
}

// AuthMechanisms implements smtp.AuthSession.
func (s *session) AuthMechanisms() []string { return []string{sasl.Plain} }

// Auth implements smtp.AuthSession.
func (s *session) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if user != s.server.User || password != s.server.Password {
			return smtp.ErrAuthFailed
		}
		s.in = true
		return nil
	}), nil
}

func (s *session) Reset()        { s.letter = Letter{} }
func (s *session) Logout() error { return nil }

func (s *session) stage(name string) error {
	s.server.mu.Lock()
	defer s.server.mu.Unlock()
	if e := s.server.fail[name]; e != nil {
		return e
	}
	return nil
}

func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	if s.server.User != "" && !s.in {
		return smtp.ErrAuthRequired
	}
	s.letter.From = from
	return s.stage("mail")
}

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.letter.To = append(s.letter.To, to)
	return s.stage("rcpt")
}

func (s *session) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	if err := s.stage("data"); err != nil {
		return err
	}
	if err := parse(&s.letter, raw); err != nil {
		return &smtp.SMTPError{Code: 554, Message: err.Error()}
	}
	s.server.mu.Lock()
	s.server.all = append(s.server.all, s.letter)
	s.server.mu.Unlock()
	return nil
}

// parse reads header, text and HTML.
func parse(l *Letter, raw []byte) error {
	m, err := netmail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		return err
	}
	l.Header = m.Header
	kind, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil {
		return err
	}
	if !strings.HasPrefix(kind, "multipart/") {
		l.Text, err = decode(m.Body, m.Header.Get("Content-Transfer-Encoding"))
		return err
	}
	for parts := multipart.NewReader(m.Body, params["boundary"]); ; {
		p, err := parts.NextRawPart()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		body, err := decode(p, p.Header.Get("Content-Transfer-Encoding"))
		if err != nil {
			return err
		}
		if strings.HasPrefix(p.Header.Get("Content-Type"), "text/html") {
			l.HTML = body
		} else {
			l.Text = body
		}
	}
}

func decode(r io.Reader, encoding string) (string, error) {
	if strings.EqualFold(encoding, "quoted-printable") {
		r = quotedprintable.NewReader(r)
	}
	b, err := io.ReadAll(r)
	return strings.ReplaceAll(string(b), "\r\n", "\n"), err
}
