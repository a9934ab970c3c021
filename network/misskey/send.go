package misskey

import (
	"context"
	"strings"
	"unicode/utf8"

	"engawa/internal/locale"
	"engawa/internal/loose"
	"engawa/network"
	"engawa/social"
)

// visibilities by audience: never wider than asked for.
var visibilities = map[social.Audience]string{social.Public: "public", social.Unlisted: "home", social.Followers: "followers", social.Direct: "specified"}

// draft is the body of notes/create.
func (s *session) draft(ctx context.Context, p *social.Part) (params, error) {
	visibility, ok := visibilities[p.Audience]
	if !ok {
		return nil, network.HomeOnly()
	}
	d := params{"visibility": visibility, "localOnly": false}
	if !p.Boost.Zero() || p.Boost.URI != "" {
		id, err := s.resolve(ctx, p.Boost)
		d["renoteId"] = id
		return d, err
	}
	if text := encode(p.Text, p.Spans); text != "" {
		d["text"] = text
	}
	if p.Warning != "" {
		d["cw"] = warning(p.Warning)
	}
	if p.Poll != nil {
		d["poll"] = params{"choices": p.Poll.Options, "multiple": p.Poll.Multiple, "expiredAfter": max(p.Poll.Seconds, 1) * 1000}
	}
	for name, ref := range map[string]social.Ref{"replyId": p.Parent, "renoteId": p.Quote} {
		if ref.Zero() {
			continue
		}
		id, err := s.resolve(ctx, ref)
		if err != nil {
			return nil, err
		}
		d[name] = id
	}
	if p.Audience == social.Direct {
		who, err := s.recipients(ctx, p)
		if err != nil {
			return nil, err
		}
		d["visibleUserIds"] = who
	}
	return d, nil
}

// encode writes a text as MFM: it stays as it is, but for links that hide
// their address.
func encode(text string, spans []social.Span) string {
	if len(spans) == 0 {
		return text
	}
	var b strings.Builder
	for _, piece := range network.Pieces(text, spans) {
		if piece.Kind == social.SpanLink && hides(piece.Text, piece.Target) {
			b.WriteString("[" + piece.Text + "](" + piece.Target + ")")
		} else {
			b.WriteString(piece.Text)
		}
	}
	return b.String()
}

// hides: text shows nothing of where it leads, and can stand in [](): without
// brackets, line ends, handles and tags.
func hides(text, target string) bool {
	if loose.WebURL(target) == "" || strings.ContainsAny(target, "()") || strings.ContainsAny(text, "[]@#:\n") {
		return false
	}
	return text != "" && !strings.Contains(target, strings.TrimSuffix(text, "…"))
}

// recipients are the ids of those whom a private note is for: who is named, and
// who is answered.
func (s *session) recipients(ctx context.Context, p *social.Part) ([]string, error) {
	ids := []string{}
	add := func(id string) {
		if id != "" && !contains(ids, id) {
			ids = append(ids, id)
		}
	}
	for _, sp := range p.Spans {
		if sp.Kind != social.SpanMention || len(ids) >= maxMentions {
			continue
		}
		if loose.IsID(sp.Target) {
			add(sp.Target)
			continue
		}
		handle := sp.Target
		if sp.From >= 0 && sp.To <= len(p.Text) && sp.From < sp.To && !strings.Contains(strings.TrimPrefix(handle, "@"), "@") {
			handle = p.Text[sp.From:sp.To]
		}
		name, host, _ := strings.Cut(strings.TrimPrefix(handle, "@"), "@")
		id, err := s.who(ctx, name, host)
		if err != nil {
			return nil, err
		}
		add(id)
	}
	if loose.IsID(p.Parent.Author) && p.Parent.Author != s.login.Account {
		add(p.Parent.Author)
	}
	if len(ids) == 0 {
		return nil, network.Fix(locale.W("link.fail.nobody", "where", hostOf(s.base)), locale.W("link.do.name"))
	}
	return ids, nil
}

// who finds somebody's id there, by handle.
func (s *session) who(ctx context.Context, name, host string) (string, error) {
	p := params{"username": name, "host": nil}
	if host = strings.ToLower(host); host != "" && host != hostOf(s.base) {
		p["host"] = host
	}
	var u user
	if err := s.ask(ctx, "users/show", p, &u); err != nil {
		return "", err
	}
	if u.ID == "" {
		return "", network.UnknownPerson(hostOf(s.base), "@"+loose.Line(name+"@"+host, 100))
	}
	s.learn(&u)
	return string(u.ID), nil
}

// Send makes a note or a renote. Misskey knows no key against doubles: an
// unknown outcome is Uncertain.
func (n *Network) Send(ctx context.Context, l *social.Login, p *social.Part) (*social.Sent, error) {
	s, err := n.open(l)
	if err != nil {
		return nil, err
	}
	d, err := s.draft(ctx, p)
	if err != nil {
		return nil, err
	}
	ids, err := s.upload(ctx, p)
	if err != nil {
		return nil, err
	}
	if len(ids) > 0 {
		d["fileIds"] = ids
	}
	var made struct {
		Note note `json:"createdNote"`
	}
	if err := s.ask(ctx, "notes/create", d, &made); err != nil {
		return nil, err
	}
	if made.Note.ID == "" {
		return nil, nonsense(s.base, true, nil)
	}
	return &social.Sent{Ref: s.sentRef(&made.Note)}, nil
}

// sentRef is refOf for a note of the account's own.
func (s *session) sentRef(n *note) social.Ref {
	ref := s.refOf(n)
	ref.Author = s.login.Account
	if n.isRenote() && n.URI == "" {
		ref.URI += "/activity"
	}
	return ref
}

// Edit is not possible: Misskey has no edits.
func (n *Network) Edit(_ context.Context, l *social.Login, _ social.Ref, _ *social.Part) (*social.Sent, error) {
	return nil, network.NoEdit(hostOf(l.Base))
}

// Delete removes the note; gone already is no error.
func (n *Network) Delete(ctx context.Context, l *social.Login, ref social.Ref) (*social.Sent, error) {
	s, err := n.open(l)
	if err != nil {
		return nil, err
	}
	id, err := s.resolve(ctx, ref)
	if err == nil {
		err = s.ask(ctx, "notes/delete", params{"noteId": id}, nil)
	}
	if err != nil && !isClass(err, social.NotThere) {
		return nil, err
	}
	return &social.Sent{Ref: ref}, nil
}

// alt is a description as long as Misskey takes it.
func alt(text string) string { return loose.Runes(text, maxComment) }

// warning is a content warning as long as Misskey takes it.
func warning(text string) string {
	if utf8.RuneCountInString(text) <= maxCW {
		return text
	}
	return loose.Runes(text, maxCW-1) + "…"
}
