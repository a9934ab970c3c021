package engawa

import (
	"encoding/json"
	"net/http"
	"strings"
	"unicode/utf8"

	"engawa/internal/locale"
	"engawa/internal/markup"
)

// rulesShow is GET rules: TOML where Accept asks for text/plain or
// application/toml, else JSON.
func rulesShow(a *API, c *call) (any, error) {
	toml, book, err := a.Rules.Read(c.ctx, c.me())
	if err != nil {
		return nil, err
	}
	switch accept := c.Header.Get("Accept"); {
	case strings.Contains(accept, "application/toml"):
		return raw{"application/toml; charset=utf-8", []byte(toml)}, nil
	case strings.Contains(accept, "text/plain"):
		return raw{"text/plain; charset=utf-8", []byte(toml)}, nil
	}
	return map[string]any{"toml": toml, "rules": json.RawMessage(book)}, nil
}

type trialEntity struct {
	Saved    bool        `json:"saved"`
	Errors   []Problem   `json:"errors"`
	Warnings []Problem   `json:"warnings"`
	Trial    []triedPost `json:"trial"`
}

type triedPost struct {
	Post      string          `json:"post_id"`
	Excerpt   string          `json:"excerpt"`
	CreatedAt *string         `json:"created_at"`
	Each      []decidedEntity `json:"decisions"`
}

type decidedEntity struct {
	Link    string `json:"link_id"`
	Name    string `json:"link"`
	Network string `json:"network"`
	Send    bool   `json:"send"`
	Rule    string `json:"rule,omitempty"`
	Reason  string `json:"reason"`
}

func decidedOf(d *Decided) decidedEntity {
	return decidedEntity{Link: d.Link.ID.String(), Name: d.Link.Name, Network: d.Link.Network, Send: d.Send, Rule: d.Rule, Reason: d.Reason}
}

// excerptSize is how much of a Post a trial shows, in characters.
const excerptSize = 80

// rulesPut is PUT rules: TOML (text/plain, application/toml) or JSON (the book
// as GET shows it under rules). With dry_run nothing is kept. A book with errors
// is answered with 422 and what is wrong with it.
func rulesPut(a *API, c *call) (any, error) {
	kind, data, err := c.body()
	if err != nil {
		return nil, err
	}
	in := RuleText{Text: string(data)}
	switch kind {
	case "application/json":
		in.JSON = true
	case "text/plain", "application/toml", "":
	default:
		return nil, refuse("Content-Type", locale.W("own.rules_type", "kind", kind))
	}
	if !utf8.Valid(data) {
		return nil, refuse("", locale.W("own.rules_utf8"))
	}
	keep := !c.flag("dry_run")
	t, err := a.Rules.Put(c.ctx, c.me(), in, keep, c.lang)
	if err != nil {
		return nil, err
	}
	out := trialEntity{Saved: keep && len(t.Errors) == 0, Errors: problems(t.Errors), Warnings: problems(t.Warnings), Trial: []triedPost{}}
	for i := range t.Trial {
		p := t.Trial[i].Post
		e := triedPost{Post: p.ID.String(), Excerpt: markup.Shorten(markup.Text(p.Content), excerptSize), CreatedAt: moment(p.CreatedAt), Each: []decidedEntity{}}
		for j := range t.Trial[i].Each {
			e.Each = append(e.Each, decidedOf(&t.Trial[i].Each[j]))
		}
		out.Trial = append(out.Trial, e)
	}
	if len(t.Errors) > 0 {
		return status{http.StatusUnprocessableEntity, struct {
			Error string `json:"error"`
			trialEntity
		}{t.Errors[0].Message, out}}, nil
	}
	return out, nil
}

// problems is never null in JSON.
func problems(ps []Problem) []Problem {
	if ps == nil {
		return []Problem{}
	}
	return ps
}
