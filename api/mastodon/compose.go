package mastodon

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"unicode"

	"engawa/internal/clock"
	"engawa/internal/markup"
	"engawa/social"
)

// composer makes a Draft of what a User said. It reads, and asks neighbours for
// whom the text names, before anything is written.
type composer struct {
	*API
	ctx  context.Context
	user *social.User
	s    *saying
	d    *social.Draft
	old  *social.Post // what is edited; nil for a new Post
}

// compose judges and renders a new Post.
func (a *API) compose(ctx context.Context, u *social.User, s *saying) (*social.Draft, error) {
	k := &composer{API: a, ctx: ctx, user: u, s: s, d: &social.Draft{}}
	k.d.Post.Actor, k.d.Post.App = u.ID, s.App
	if s.Idempotency != nil {
		k.d.IdempotencyKey = *s.Idempotency
	}
	for _, step := range []func() error{k.audience, k.media, k.poll, k.reply, k.quote, k.text, k.quotable, k.allowed} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	return k.d, nil
}

// recompose judges and renders what an edit of old says. As in Mastodon an edit
// says everything anew; what it leaves out is taken away.
func (a *API) recompose(ctx context.Context, u *social.User, s *saying, old *social.Post) (*social.Draft, error) {
	k := &composer{API: a, ctx: ctx, user: u, s: s, d: &social.Draft{ReplaceMedia: true}, old: old}
	k.d.Post.ID, k.d.Post.Actor, k.d.Post.App = old.ID, u.ID, old.App
	k.d.Post.Audience, k.d.Post.QuoteOf = old.Audience, old.QuoteOf
	k.d.Post.QuoteURI, k.d.Post.Title = old.QuoteURI, old.Title
	if s.Format == "" {
		s.Format = string(old.Format)
	}
	for _, step := range []func() error{k.media, k.poll, k.text, k.policy} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	return k.d, nil
}

// audience decides who may see the Post.
func (k *composer) audience() error {
	p := &k.d.Post
	p.Audience = k.user.Settings.Audience
	if k.s.Visibility != "" {
		var ok bool
		if p.Audience, ok = social.ParseAudience(k.s.Visibility); !ok {
			return badInput("visibility", "Validation failed: Visibility is not one of public, unlisted, private, direct, local")
		}
	}
	if !k.s.LocalOnly {
		return nil
	}
	if p.Audience == social.Followers || p.Audience == social.Direct {
		return badInput("local_only", "Validation failed: local_only goes with the visibilities public and unlisted only")
	}
	p.Audience = social.LocalOnly
	return nil
}

// text checks and renders what was written, and finds what it names.
func (k *composer) text() error {
	p, s := &k.d.Post, k.s
	if strings.TrimSpace(s.Text) == "" && s.Warning != "" {
		s.Text = k.filler()
	}
	if strings.TrimSpace(s.Text) == "" && p.MediaCount == 0 && k.d.Poll == nil && p.QuoteOf == 0 {
		return badInput("status", "Validation failed: Text can't be blank")
	}
	most := k.Home.Limits.Characters
	if len(s.Text)+len(s.Warning) > markup.MaxSource || markup.Length(s.Text)+markup.Length(s.Warning) > most {
		return badInput("status", "Validation failed: Text character limit of "+strconv.Itoa(most)+" exceeded")
	}
	format, social, err := k.format()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(k.ctx, resolveTime)
	defer cancel()
	who := &resolver{API: k.API, ctx: ctx, left: maxFetched}
	r := markup.Render(s.Text, markup.Options{Format: format, Resolve: who.resolve, TagURL: k.tagURL})
	if err := k.ctx.Err(); err != nil {
		return err
	}
	p.Content, p.Source, p.Format, p.Warning = r.HTML, s.Text, social, s.Warning
	p.Mentions, p.Tags, p.Links = who.mentions, r.Tags, r.URLs
	p.Sensitive = k.user.Settings.Sensitive
	if s.Sensitive != nil {
		p.Sensitive = *s.Sensitive
	}
	p.Sensitive = p.Sensitive || s.Warning != ""
	p.Language = k.language()
	p.Emojis, err = k.emojisIn(k.ctx, r.Emoji, append([]string{s.Warning}, k.options()...)...)
	return err
}

// filler stands where only a content warning was written.
func (k *composer) filler() string {
	if k.d.Post.MediaCount > 0 {
		return "🖼"
	}
	return "."
}

// format is the format the text is written in.
func (k *composer) format() (markup.Format, social.Format, error) {
	name := k.s.Format
	if name == "" {
		name = string(k.user.Settings.Format)
	}
	f, err := markup.ParseFormat(name)
	if err != nil {
		return "", "", badInput("content_type", "Validation failed: Content type is not one of text/plain, text/markdown, text/x.misskeymarkdown")
	}
	return f, map[markup.Format]social.Format{markup.Plain: social.Plain, markup.Markdown: social.Markdown, markup.MFM: social.MFM}[f], nil
}

// language is the one that was said, if it is one, or the one that was there,
// or the User's; for who chose none, the script may tell.
func (k *composer) language() string {
	if k.s.Language != nil && isLanguage(*k.s.Language) {
		return *k.s.Language
	}
	if k.old != nil && k.old.Language != "" {
		return k.old.Language
	}
	if k.user.Settings.Language != "" {
		return k.user.Settings.Language
	}
	if l := scriptLanguage(k.s.Text); l != "" {
		return l
	}
	return k.user.Locale
}

// scriptLanguage is the language that only one script is written for.
func scriptLanguage(text string) string {
	for _, r := range text {
		switch {
		case unicode.In(r, unicode.Hiragana, unicode.Katakana) && r != 'ー':
			return "ja"
		case unicode.Is(unicode.Hangul, r):
			return "ko"
		}
	}
	return ""
}

// isLanguage reports whether s has the form of a language tag (BCP 47) of two
// or three letters, with a script or region at most.
func isLanguage(s string) bool {
	first, rest, more := strings.Cut(s, "-")
	return (len(first) == 2 || len(first) == 3) && letters(first) && (!more || (len(rest) >= 2 && len(rest) <= 4 && letters(rest)))
}

func letters(s string) bool {
	for i := 0; i < len(s); i++ {
		if c := s[i] | 0x20; c < 'a' || c > 'z' {
			return false
		}
	}
	return s != ""
}

// media checks the pictures that go along: of this User, on no other Post.
func (k *composer) media() error {
	if most := k.Home.Limits.Media; len(k.s.MediaIDs) > most {
		return badInput("media_ids", "Validation failed: Cannot attach more than "+strconv.Itoa(most)+" files")
	}
	seen := make(map[social.ID]bool, len(k.s.MediaIDs))
	for _, text := range k.s.MediaIDs {
		id, ok := social.ParseID(text)
		if ok && seen[id] {
			continue
		}
		m, err := k.ownMedia(k.ctx, k.user.ID, id)
		if err != nil && !social.IsKind(err, social.NotFound) {
			return err
		}
		if !ok || err != nil || (m.Post != 0 && (k.old == nil || m.Post != k.old.ID)) {
			return badInput("media_ids", "Validation failed: Media "+clip(text)+" not found or already attached to another post")
		}
		seen[id] = true
		k.d.MediaIDs = append(k.d.MediaIDs, id)
	}
	k.d.Post.MediaCount = len(k.d.MediaIDs)
	return nil
}

// poll checks a poll. An edit that tells none takes the one away that was there.
func (k *composer) poll() error {
	if k.s.Poll == nil {
		k.d.DropPoll = k.old != nil && k.old.HasPoll
		return nil
	}
	p, l := k.s.Poll, k.Home.Limits
	bad := func(text string) error { return badInput("poll", "Validation failed: "+text) }
	life := int64(0)
	if p.ExpiresIn != nil {
		life = int64(*p.ExpiresIn)
	}
	switch {
	case p.ExpiresIn == nil:
		return bad("Expires at can't be blank")
	case life < l.PollMin/1000:
		return bad("Expires at is too soon")
	case life > l.PollMax/1000:
		return bad("Expires at is too far into the future")
	case len(p.Options) < 2:
		return bad("Options must have more than one item")
	case len(p.Options) > l.PollOptions:
		return bad("Options can't contain more than " + strconv.Itoa(l.PollOptions) + " items")
	}
	poll := &social.Poll{Multiple: p.Multiple, HideTotals: p.HideTotals, ExpiresAt: clock.Millis(k.Home.Clock.Now()) + life*1000}
	seen := make(map[string]bool, len(p.Options))
	for _, o := range p.Options {
		o = strings.TrimSpace(o)
		switch {
		case o == "":
			return bad("Options can't be blank")
		case len([]rune(o)) > l.PollOptionCharacters:
			return bad("Options can't be longer than " + strconv.Itoa(l.PollOptionCharacters) + " characters each")
		case seen[o]:
			return bad("Options contain duplicate items")
		}
		seen[o] = true
		poll.Options = append(poll.Options, social.Option{Title: o})
	}
	k.d.Poll = poll
	return nil
}

func (k *composer) options() []string {
	if k.d.Poll == nil {
		return nil
	}
	titles := make([]string, len(k.d.Poll.Options))
	for i, o := range k.d.Poll.Options {
		titles[i] = o.Title
	}
	return titles
}

// reply checks that what is answered is there to be seen.
func (k *composer) reply() error {
	if k.s.InReplyTo == nil {
		return nil
	}
	p, err := k.seen(*k.s.InReplyTo, noReply)
	if err != nil {
		return err
	}
	k.d.Post.ReplyTo = p.ID
	return nil
}

// quote checks that what is quoted is there to be seen; whether it may be
// quoted is decided by the domain.
func (k *composer) quote() error {
	if k.s.Quoted == nil {
		return nil
	}
	id, _ := social.ParseID(*k.s.Quoted)
	p, err := k.seen(id, noQuote)
	if err != nil {
		return err
	}
	k.d.Post.QuoteOf = p.ID
	return nil
}

// seen is the Post of that id, or the one it passes on.
func (k *composer) seen(id social.ID, missing error) (*social.Post, error) {
	l, err := k.Home.PostFor(k.ctx, social.Viewer{Actor: k.user.ID, User: true}, id)
	if social.IsKind(err, social.NotFound) {
		return nil, missing
	}
	if err != nil {
		return nil, err
	}
	return subject(l), nil
}

// quotable sets who may quote the Post, and asks that who is quoted in a
// direct Post is named in it.
func (k *composer) quotable() error {
	p := &k.d.Post
	if p.QuoteOf != 0 && p.Audience == social.Direct {
		quoted, err := k.Home.Store.Post(k.ctx, p.QuoteOf)
		if err != nil {
			return err
		}
		if quoted.Actor != p.Actor && !p.Mentioned(quoted.Actor) {
			return badInput("quoted_status_id", "Validation failed: Cannot quote a non-mentioned user in a Private Mention post")
		}
	}
	return k.policy()
}

// policy reads who may quote the Post; an edit that does not say leaves it.
func (k *composer) policy() error {
	if k.s.QuotePolicy == "" {
		if k.old == nil {
			k.d.Post.QuotePolicy = defaultPolicy(k.user)
		}
		return nil
	}
	q, err := parsePolicy("quote_approval_policy", k.s.QuotePolicy)
	if k.old != nil && (k.old.Audience == social.Followers || k.old.Audience == social.Direct) {
		q = social.QuoteNobody
	}
	k.d.Post.QuotePolicy = q
	return err
}

func defaultPolicy(u *social.User) social.QuotePolicy {
	if u.Settings.QuotePolicy == social.QuoteUnknown {
		return social.QuoteAnyone
	}
	return u.Settings.QuotePolicy
}

// parsePolicy reads the API's name of a quote policy.
func parsePolicy(field, name string) (social.QuotePolicy, error) {
	switch name {
	case "public":
		return social.QuoteAnyone, nil
	case "followers":
		return social.QuoteFollowers, nil
	case "following":
		return social.QuoteFollowing, nil
	case "nobody":
		return social.QuoteNobody, nil
	}
	return 0, badInput(field, "Validation failed: "+field+" is not one of public, followers, nobody")
}

// allowed refuses a Post that would reach somebody whom the writer did not mean.
func (k *composer) allowed() error {
	if k.s.Allowed == nil {
		return nil
	}
	meant := make(map[string]bool, len(*k.s.Allowed))
	for _, id := range *k.s.Allowed {
		meant[id] = true
	}
	var unexpected []social.ID
	for _, m := range k.d.Post.Mentions {
		if !meant[m.Actor.String()] {
			unexpected = append(unexpected, m.Actor)
		}
	}
	if len(unexpected) == 0 {
		return nil
	}
	accounts, err := k.accountsOf(k.ctx, unexpected)
	if err != nil {
		return err
	}
	return &statusError{http.StatusUnprocessableEntity, map[string]any{
		"error": "Post would be sent to unexpected accounts", "unexpected_accounts": accounts,
	}}
}

// clip shortens what a client sent for an error text.
func clip(s string) string { return markup.Shorten(s, 40) }
