// Package mail sends posts as letters: one a post, or a digest of an hour or a
// day. The person proves that the address is theirs before anything is sent.
//
// A letter cannot be changed or taken back. Its Message-ID is made of the
// post's address and the Part's key, so a letter that is sent twice because an
// answer was lost (RFC 1047) is the same letter to whoever keeps them apart.
package mail

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"crypto/tls"
	"encoding/json"
	"net"
	netmail "net/mail"
	"net/url"
	"strconv"
	"strings"
	"time"

	"engawa/internal/clock"
	"engawa/internal/locale"
	"engawa/network"
	"engawa/social"
)

// Name is the network's name in a Link.
const Name = "mail"

// Can is what every Link here can do.
const Can = social.AblePost | social.AbleReply | social.AbleMedia | social.AbleQuote

const (
	maxAddress = 254 // RFC 5321 §4.5.3.1.3
	maxText    = 50_000
	maxMedia   = 16
	proofTime  = 24 * time.Hour
)

// SMTP is the server that letters are handed to: settings of the home's
// operator. With Host "" the home sends no mail.
type SMTP struct {
	Host     string
	Port     int // zero: 587, with TLS "implicit" 465, "off" 25
	User     string
	Password string
	From     string // address of the sender
	TLS      string // starttls (""), implicit, off
}

// Network implements network.Linker and network.Poster, and sends digests.
type Network struct {
	SMTP     SMTP
	Clock    clock.Clock
	HomeURL  string // without a slash at the end
	HomeName string
	// TLSConfig and Dial are nil outside tests.
	TLSConfig *tls.Config
	Dial      func(ctx context.Context, network, addr string) (net.Conn, error)

	proofs proofs
}

// secret is what Link.Secret holds.
type secret struct {
	Address string `json:"address"`
	Key     string `json:"key"` // lets one unsubscribe
}

// settings is what Link.Settings holds.
type settings struct {
	Digest string `json:"digest,omitempty"` // "" each post by itself, hourly, daily
	Hour   int    `json:"hour,omitempty"`   // of the daily one
	Zone   string `json:"zone,omitempty"`   // its time zone; "" is UTC
}

// waiting is what LinkStep.State holds until the address is proved.
type waiting struct {
	Address  string        `json:"address"`
	Code     string        `json:"code"`
	Until    social.Millis `json:"until"`
	Settings settings      `json:"settings"`
}

// Fields are what a person types to link an address. digest is "", hourly or
// daily, hour 0 to 23, zone a name like Asia/Tokyo.
func (n *Network) Fields() []network.Field {
	return []network.Field{
		{Name: "address", Label: "link.field.mail", Needed: true},
		{Name: "digest", Label: "link.field.digest"},
		{Name: "hour", Label: "link.field.hour"},
		{Name: "zone", Label: "link.field.zone"},
	}
}

// Begin sends a letter with an address to come back to. The step has neither
// Link nor URL: the person goes on from the letter.
func (n *Network) Begin(ctx context.Context, in network.LinkInput) (*network.LinkStep, error) {
	if n.SMTP.Host == "" {
		return nil, network.Cannot(locale.W("link.fail.no_mail"), locale.W("link.do.smtp"))
	}
	to, err := address(in.Fields["address"])
	if err != nil {
		return nil, err
	}
	set, err := readSettings(in.Fields)
	if err != nil {
		return nil, err
	}
	w := waiting{Address: to, Code: rand.Text(), Until: social.Millis(clock.Millis(n.Clock.Now().Add(proofTime))), Settings: set}
	back, err := url.Parse(in.Callback)
	if err != nil || back.Host == "" {
		return nil, &social.LinkError{Class: social.TryAgain, Message: locale.W("link.fail.own_address"), Remedy: locale.W("link.do.url")}
	}
	q := back.Query()
	q.Set("code", w.Code)
	back.RawQuery = q.Encode()
	if err := n.proofs.take(n.Clock.Now(), to); err != nil {
		return nil, err
	}
	if err := n.prove(ctx, to, back.String()); err != nil {
		return nil, err
	}
	state, err := json.Marshal(w)
	return &network.LinkStep{State: state}, err
}

// Finish makes the Link when the person comes from the letter with its code.
func (n *Network) Finish(_ context.Context, state []byte, back url.Values) (*network.LinkStep, error) {
	var w waiting
	if json.Unmarshal(state, &w) != nil || w.Code == "" || subtle.ConstantTimeCompare([]byte(w.Code), []byte(back.Get("code"))) != 1 {
		return nil, network.Fix(locale.W("link.fail.letter_code"), locale.W("link.do.letter_code"))
	}
	if clock.Millis(n.Clock.Now()) > int64(w.Until) {
		return nil, network.Fix(locale.W("link.fail.letter_old"), network.DoRelink)
	}
	l := &social.Link{Network: Name, Base: "mailto:", Account: w.Address, Handle: w.Address}
	var err error
	if l.Settings, err = json.Marshal(w.Settings); err != nil {
		return nil, err
	}
	able(l)
	sealed, err := json.Marshal(secret{Address: w.Address, Key: rand.Text()})
	return &network.LinkStep{Link: l, Secret: sealed}, err
}

func able(l *social.Link) {
	l.Can = Can
	l.Limits = social.Bounds{Characters: maxText, Media: maxMedia}
}

// Check asks whether the mail server lets the home in; that an address still
// takes letters shows only when one is sent.
func (n *Network) Check(ctx context.Context, l *social.Login) error {
	if _, err := opened(l); err != nil {
		return err
	}
	c, err := n.client()
	if err != nil {
		return err
	}
	conn, err := c.DialToSMTPClientWithContext(ctx)
	if err != nil {
		return n.failure(err)
	}
	_ = c.CloseWithSMTPClient(conn) // it answered: that is all that was asked
	able(l.Link)
	return nil
}

// Unsubscribes reports whether key, from a letter's List-Unsubscribe, is the
// Link's: whoever has it may pause the Link.
func Unsubscribes(l *social.Login, key string) bool {
	s, err := opened(l)
	return err == nil && s.Key != "" && subtle.ConstantTimeCompare([]byte(s.Key), []byte(key)) == 1
}

// UnsubscribePath is where letters send who wants no more of them, below the
// home's URL, with the parameters link and key.
const UnsubscribePath = "/links/mail/unsubscribe"

// address reads one address without a name.
func address(typed string) (string, error) {
	typed = strings.TrimSpace(typed)
	a, err := netmail.ParseAddress(typed)
	if err != nil || a.Name != "" || a.Address != typed || len(typed) > maxAddress || strings.ContainsAny(typed, " \"\r\n\t<>,;") {
		return "", network.Fix(locale.W("link.fail.mail_address"), locale.W("link.do.mail_address"))
	}
	return typed, nil
}

func readSettings(fields map[string]string) (s settings, err error) {
	switch s.Digest = strings.TrimSpace(fields["digest"]); s.Digest {
	case "none":
		s.Digest = ""
	case "", "hourly", "daily":
	default:
		return s, network.Fix(locale.W("link.fail.digest"), locale.W("link.do.digest"))
	}
	if h := strings.TrimSpace(fields["hour"]); h != "" {
		if s.Hour, err = strconv.Atoi(h); err != nil || s.Hour < 0 || s.Hour > 23 {
			return s, network.Fix(locale.W("link.fail.hour"), locale.W("link.do.hour"))
		}
	}
	s.Zone = strings.TrimSpace(fields["zone"])
	if _, err := time.LoadLocation(s.Zone); err != nil || s.Zone == "Local" || len(s.Zone) > 64 {
		return s, network.Fix(locale.W("link.fail.zone"), locale.W("link.do.zone"))
	}
	return s, nil
}

func settingsOf(l *social.Login) (s settings) {
	_ = json.Unmarshal(l.Settings, &s) // what cannot be read is as if it were not set
	return s
}

func opened(l *social.Login) (s secret, err error) {
	if json.Unmarshal(l.Secret, &s) == nil {
		if _, err := address(s.Address); err == nil {
			return s, nil
		}
	}
	return s, network.Unreadable(nil)
}
