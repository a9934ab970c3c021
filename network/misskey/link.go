package misskey

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"engawa/internal/locale"
	"engawa/internal/loose"
	"engawa/network"
	"engawa/social"
)

// permissions are what a link asks for.
const permissions = "read:account,read:notifications,read:favorites,write:favorites,read:following,write:following,read:reactions,write:reactions,read:drive,write:drive,write:notes,write:votes"

// step is what is kept between Begin and Finish.
type step struct {
	Base    string `json:"base"`
	Session string `json:"session"`
}

// meta is POST /api/meta.
type meta struct {
	Version  string `json:"version"`
	URI      string `json:"uri"`
	MaxText  int64  `json:"maxNoteTextLength"`
	Policies struct {
		MaxFileMB float64 `json:"maxFileSizeMb"`
	} `json:"policies"`
	MaxFile  int64 `json:"maxFileSize"`
	Features struct {
		MiAuth *bool `json:"miauth"`
	} `json:"features"`
}

// Begin links by a token that was typed (field "token"), or sends the person to
// the server's page of MiAuth, which sends back to the callback with a
// parameter "session".
func (n *Network) Begin(ctx context.Context, in network.LinkInput) (*network.LinkStep, error) {
	base, err := baseOf(in.Base)
	if err != nil {
		return nil, err
	}
	m, err := n.meta(ctx, base)
	if err != nil {
		return nil, err
	}
	if token := strings.TrimSpace(in.Fields["token"]); token != "" {
		return n.linked(ctx, base, m, token)
	}
	if m.Features.MiAuth != nil && !*m.Features.MiAuth {
		return nil, network.Cannot(locale.W("link.fail.miauth", "where", hostOf(base)), locale.W("link.do.token"))
	}
	st := step{Base: base, Session: uuid()}
	state, err := json.Marshal(st)
	if err != nil {
		return nil, err
	}
	q := url.Values{"name": {orElse(in.HomeName, "Engawa")}, "permission": {permissions}}
	if in.Callback != "" {
		q.Set("callback", in.Callback)
	}
	return &network.LinkStep{URL: base + "/miauth/" + st.Session + "?" + q.Encode(), State: state}, nil
}

// uuid is a random UUID (RFC 9562, version 4).
func uuid() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// baseOf reads what a person types for a server: a host, a URL, or a handle.
func baseOf(typed string) (string, error) {
	s := strings.TrimSpace(typed)
	scheme := "https"
	if rest, ok := strings.CutPrefix(s, "http://"); ok {
		scheme, s = "http", rest
	}
	s = strings.TrimPrefix(s, "https://")
	if i := strings.IndexAny(s, "/?#"); i >= 0 {
		s = s[:i]
	}
	s = strings.ToLower(s[strings.LastIndexByte(s, '@')+1:])
	if !isHost(s) {
		return "", network.Address(loose.Line(typed, 100), "misskey.io")
	}
	return scheme + "://" + s, nil
}

// isHost: a host name, with a port perhaps.
func isHost(s string) bool {
	if s == "" || len(s) > 253 {
		return false
	}
	u, err := url.Parse("https://" + s)
	return err == nil && u.Host == s
}

func (n *Network) meta(ctx context.Context, base string) (*meta, error) {
	body := `{"detail":true}`
	a, err := n.post(ctx, base, "meta", "application/json", strings.NewReader(body), int64(len(body)), callTime)
	if err != nil {
		return nil, err
	}
	if a.status == http.StatusTooManyRequests || a.status >= 500 {
		return nil, n.refusal(base, "meta", a)
	}
	var m meta
	if err := loose.Decode(a.body, &m); err != nil || a.status != http.StatusOK || m.Version == "" {
		return nil, network.OtherAPI(hostOf(base), "Misskey", "misskey.io", err)
	}
	return &m, nil
}

// Finish asks whether the person said yes: POST /api/miauth/{session}/check,
// which answers once.
func (n *Network) Finish(ctx context.Context, state []byte, back url.Values) (*network.LinkStep, error) {
	var st step
	if err := json.Unmarshal(state, &st); err != nil || st.Base == "" || st.Session == "" {
		return nil, network.Unbegun(social.Reconnect, err)
	}
	if s := back.Get("session"); s != "" && s != st.Session {
		return nil, network.Crossed(social.Reconnect, hostOf(st.Base))
	}
	var got struct {
		OK    bool       `json:"ok"`
		Token loose.Text `json:"token"`
	}
	if err := n.call(ctx, st.Base, "miauth/"+st.Session+"/check", params{}, &got); err != nil {
		return nil, err
	}
	if !got.OK || got.Token == "" {
		return nil, network.Denied(social.Reconnect, hostOf(st.Base), "")
	}
	m, err := n.meta(ctx, st.Base)
	if err != nil {
		return nil, err
	}
	return n.linked(ctx, st.Base, m, string(got.Token))
}

// linked asks who the token belongs to and makes the Link.
func (n *Network) linked(ctx context.Context, base string, m *meta, token string) (*network.LinkStep, error) {
	l := &social.Link{Network: "misskey", Base: base, State: social.LinkActive, CreatedAt: social.Millis(n.now())}
	data, err := json.Marshal(secret{Token: token})
	if err != nil {
		return nil, err
	}
	if err := n.look(ctx, &session{Network: n, base: base, token: token}, m, l); err != nil {
		return nil, err
	}
	return &network.LinkStep{Link: l, Secret: data}, nil
}

// Check asks for the account and its server again.
func (n *Network) Check(ctx context.Context, l *social.Login) error {
	s, err := n.open(l)
	if err != nil {
		return err
	}
	m, err := n.meta(ctx, l.Base)
	if err != nil {
		return err
	}
	return n.look(ctx, s, m, l.Link)
}

// able is what every such server can do. None edits: CherryPick and Sharkey do,
// each in its own way (facts/misskey.md 1.10).
const able = social.AblePost | social.AbleReply | social.AbleDelete | social.AbleMedia | social.AblePoll | social.AbleQuote | social.AbleBoost |
	social.AbleFavourite | social.AbleReact | social.AbleBookmark | social.AbleFollow | social.AbleRead | social.AbleNotify

// Bounds that are in no answer: files and alternative texts of notes/create and
// drive/files/create, options of a poll.
const (
	maxFiles   = 16
	maxComment = 512
	maxChoices = 10
	maxCW      = 100 // characters of a content warning
)

// look reads the account of a session into l.
func (n *Network) look(ctx context.Context, s *session, m *meta, l *social.Link) error {
	var me struct {
		user
		Policies struct {
			MaxFileMB float64 `json:"maxFileSizeMb"`
		} `json:"policies"`
	}
	if err := s.ask(ctx, "i", params{}, &me); err != nil {
		return err
	}
	name := loose.Cut(me.Username, 256)
	if me.ID == "" || name == "" {
		return nonsense(s.base, false, nil)
	}
	if l.Account != "" && l.Account != string(me.ID) {
		return network.Stranger(name)
	}
	l.Account, l.Handle = string(me.ID), name+"@"+hostOf(s.base)
	l.URL, l.Avatar = s.base+"/@"+name, loose.WebURL(me.AvatarURL)
	l.Can = able
	if n.Dialer != nil {
		l.Can |= social.AbleStream
	}
	l.Limits = social.Bounds{Characters: 3000, Media: maxFiles, AltText: maxComment, PollOptions: maxChoices}
	if m.MaxText > 0 && m.MaxText <= 1_000_000 {
		l.Limits.Characters = int(m.MaxText)
	}
	for _, mb := range []float64{me.Policies.MaxFileMB, m.Policies.MaxFileMB, float64(m.MaxFile) / (1 << 20)} {
		if mb > 0 && mb < 1<<20 {
			l.Limits.ImageBytes = int64(mb * (1 << 20))
			break
		}
	}
	return nil
}
