package mastodon

import (
	"context"
	"crypto/sha256"
	"errors"
	"slices"
	"strings"
	"sync"
	"time"

	"engawa/internal/markup"
	"engawa/internal/translate"
	"engawa/social"
)

// Translation is a Status in another language.
type Translation struct {
	Content  string                  `json:"content"`
	Warning  string                  `json:"spoiler_text"`
	Language string                  `json:"language"`
	Poll     *TranslationPoll        `json:"poll"`
	Media    []TranslationAttachment `json:"media_attachments"`
	Detected string                  `json:"detected_source_language"`
	Provider string                  `json:"provider"`
}

// TranslationPoll are a poll's choices in another language.
type TranslationPoll struct {
	ID      string              `json:"id"`
	Options []TranslationOption `json:"options"`
}

// TranslationOption is one of them.
type TranslationOption struct {
	Title string `json:"title"`
}

// TranslationAttachment is a medium's description in another language.
type TranslationAttachment struct {
	ID          string `json:"id"`
	Description string `json:"description"`
}

// How long what a translation service said is kept, and how much of it.
const (
	translationAge  = 24 * time.Hour
	languagesAge    = 7 * 24 * time.Hour
	maxTranslations = 500
	translateTime   = 20 * time.Second
	maxTranslated   = 50_000 // bytes of one Post
)

// translations keeps answers of the service: by text and language.
type translations struct {
	mu        sync.Mutex
	known     map[[32]byte]translation
	languages map[string][]string
	until     social.Millis
}

type translation struct {
	texts    []string
	detected string
	until    social.Millis
}

// noTranslation is Mastodon's answer where a Post cannot be translated: no
// service, not public, or no such pair of languages.
var noTranslation = &social.Error{Kind: social.Forbidden, Op: "translate", Message: "This action is not allowed"}

var serviceAway = &social.Error{Kind: social.Temporary, Op: "translate", Message: "There was a temporary problem serving your request, please try again"}

func translationLanguages(a *API, c *call) (any, error) {
	if a.Translate == nil {
		return empty, nil
	}
	all, err := a.pairs(c.ctx)
	if err != nil {
		return nil, err
	}
	out := make(map[string][]string, len(all))
	for from, to := range all {
		out[orElse(from, "und")] = to
	}
	return out, nil
}

// pairs are the languages of the service, asked once a week.
func (a *API) pairs(ctx context.Context) (map[string][]string, error) {
	t := &a.translated
	t.mu.Lock()
	known, fresh := t.languages, a.now() < t.until
	t.mu.Unlock()
	if fresh {
		return known, nil
	}
	ctx, cancel := context.WithTimeout(ctx, translateTime)
	defer cancel()
	all, err := a.Translate.Languages(ctx)
	if err != nil {
		return nil, translateFailed(err)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.languages, t.until = all, a.now()+languagesAge.Milliseconds()
	return all, nil
}

func translateFailed(err error) error {
	e := *serviceAway
	e.Err = err
	if errors.Is(err, translate.ErrBusy) {
		e.Message = "The translation service is currently unavailable"
	}
	return &e
}

// statusTranslate is POST /api/v1/statuses/{id}/translate: into lang, or the
// User's language.
func statusTranslate(a *API, c *call) (any, error) {
	l, p, err := a.opened(c)
	if err != nil {
		return nil, err
	}
	if a.Translate == nil || (p.Audience != social.Public && p.Audience != social.Unlisted) {
		return nil, noTranslation
	}
	to := orElse(c.in.text("lang"), orElse(c.grant.User.Settings.Language, c.grant.User.Locale))
	pairs, err := a.pairs(c.ctx)
	if err != nil {
		return nil, err
	}
	from := p.Language
	if _, known := pairs[from]; !known {
		from, _, _ = strings.Cut(from, "-")
	}
	if !isLanguage(to) || !slices.Contains(pairs[from], to) {
		return nil, noTranslation
	}
	w, err := a.viewOf(c.ctx, c.viewer(), l, "")
	if err != nil {
		return nil, err
	}
	return a.translateStatus(c.ctx, w, p, from, to)
}

// translateStatus asks for all texts of a Post at once, and puts the answers
// where they belong.
func (a *API) translateStatus(ctx context.Context, w *view, p *social.Post, from, to string) (any, error) {
	poll, media := w.l.Polls[p.ID], w.l.Media[p.ID]
	texts := []string{w.content(p), escapeHTML.Replace(p.Warning)}
	if poll != nil {
		for _, o := range poll.Options {
			texts = append(texts, escapeHTML.Replace(o.Title))
		}
	}
	for i := range media {
		texts = append(texts, escapeHTML.Replace(media[i].Description))
	}
	done, err := a.translateTexts(ctx, texts, from, to)
	if err != nil {
		return nil, err
	}
	plain := func(html string) string { return strings.TrimSpace(markup.Text(html)) }
	out := &Translation{
		Content: markup.Sanitize(done.texts[0]), Warning: plain(done.texts[1]), Language: to, Detected: orElse(done.detected, from),
		Provider: a.Translate.Provider(), Media: []TranslationAttachment{},
	}
	rest := done.texts[2:]
	if poll != nil {
		out.Poll = &TranslationPoll{ID: p.ID.String()}
		for range poll.Options {
			out.Poll.Options = append(out.Poll.Options, TranslationOption{plain(rest[0])})
			rest = rest[1:]
		}
	}
	for i := range media {
		out.Media = append(out.Media, TranslationAttachment{ID: media[i].ID.String(), Description: plain(rest[i])})
	}
	return out, nil
}

// translateTexts asks the service for those that are not empty, unless it was
// asked for the same within a day.
func (a *API) translateTexts(ctx context.Context, texts []string, from, to string) (*translation, error) {
	var asked []string
	size, hash := 0, sha256.New()
	for _, s := range append([]string{from, to}, texts...) {
		hash.Write([]byte(s))
		hash.Write([]byte{0})
	}
	for _, s := range texts {
		if s != "" {
			asked, size = append(asked, s), size+len(s)
		}
	}
	if size > maxTranslated || len(asked) == 0 {
		return nil, noTranslation
	}
	key := [32]byte(hash.Sum(nil))
	if known, ok := a.translated.get(key, a.now()); ok {
		return &known, nil
	}
	ctx, cancel := context.WithTimeout(ctx, translateTime)
	defer cancel()
	answers, detected, err := a.Translate.Translate(ctx, asked, from, to)
	if err != nil {
		return nil, translateFailed(err)
	}
	done := translation{texts: make([]string, len(texts)), detected: detected, until: a.now() + translationAge.Milliseconds()}
	for i, s := range texts {
		if s != "" {
			done.texts[i], answers = answers[0], answers[1:]
		}
	}
	a.translated.put(key, done)
	return &done, nil
}

func (t *translations) get(key [32]byte, now social.Millis) (translation, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	known, ok := t.known[key]
	return known, ok && now < known.until
}

// put keeps an answer; where there are too many, some go.
func (t *translations) put(key [32]byte, done translation) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.known == nil {
		t.known = make(map[[32]byte]translation)
	}
	for old := range t.known {
		if len(t.known) < maxTranslations {
			break
		}
		delete(t.known, old)
	}
	t.known[key] = done
}
