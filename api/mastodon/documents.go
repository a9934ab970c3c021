package mastodon

import (
	"context"
	"time"

	"engawa/internal/clock"
	"engawa/internal/markup"
	"engawa/social"
)

// inForce finds, among versions of a Document with the latest first, the one in
// force at now; nil for none.
func inForce(all []social.Document, now social.Millis) *social.Document {
	for i := range all {
		if all[i].EffectiveAt <= now {
			return &all[i]
		}
	}
	return nil
}

func (a *API) markdown(text string) (string, error) {
	if text == "" {
		return "", nil
	}
	return markup.ConvertAt(a.Base, "markdown", "html", text)
}

// Document is the HTML of a kind of text that is in force, with when it came
// into force; "" while there is none.
func (a *API) Document(ctx context.Context, kind string) (html string, since social.Millis, err error) {
	all, err := a.Home.Store.Documents(ctx, kind)
	if err != nil {
		return "", 0, err
	}
	d := inForce(all, a.now())
	if d == nil {
		return "", 0, nil
	}
	html, err = a.markdown(d.Text)
	return html, d.EffectiveAt, err
}

// instancePrivacy is the privacy policy in force. A home that wrote none
// answers an empty one.
func instancePrivacy(a *API, c *call) (any, error) {
	html, since, err := a.Document(c.ctx, social.DocPrivacy)
	if err != nil {
		return nil, err
	}
	if since == 0 {
		h, err := a.home(c)
		if err != nil {
			return nil, err
		}
		since = max(h.CreatedAt, 1)
	}
	return map[string]any{"updated_at": moment(since), "content": html}, nil
}

// termsOfService is the version in force, or the one of the date in the path.
// As in Mastodon there are none (404) until the staff wrote some.
func termsOfService(a *API, c *call) (any, error) {
	all, err := a.Home.Store.Documents(c.ctx, social.DocTerms)
	if err != nil {
		return nil, err
	}
	found := inForce(all, a.now())
	if date := c.PathValue("date"); date != "" {
		day, err := time.Parse(time.DateOnly, date)
		if err != nil {
			return nil, social.ErrNotFound
		}
		found = nil
		for i := range all {
			if all[i].EffectiveAt == clock.Millis(day) {
				found = &all[i]
			}
		}
	}
	if found == nil {
		return nil, social.ErrNotFound
	}
	content, err := a.markdown(found.Text)
	if err != nil {
		return nil, err
	}
	out := map[string]any{"effective_date": dayOf(found.EffectiveAt), "effective": found.EffectiveAt <= a.now(), "content": content, "succeeded_by": nil}
	for i := range all { // the latest first: the last that is later is the next
		if all[i].EffectiveAt > found.EffectiveAt {
			out["succeeded_by"] = dayOf(all[i].EffectiveAt)
		}
	}
	return out, nil
}
