package translate

import (
	"context"
	"errors"
	"strings"
)

// deepl is DeepL (developers.deepl.com): POST /v2/translate, GET /v2/languages.
type deepl struct{ asker }

func (d *deepl) Provider() string { return "DeepL.com" }

func (d *deepl) Languages(ctx context.Context) (map[string][]string, error) {
	type language struct {
		Code string `json:"language"`
	}
	var from, to []language
	if err := d.ask(ctx, "/v2/languages?type=source", nil, &from); err != nil {
		return nil, err
	}
	if err := d.ask(ctx, "/v2/languages?type=target", nil, &to); err != nil {
		return nil, err
	}
	targets := make([]string, 0, len(to))
	for _, t := range to {
		targets = append(targets, normal(t.Code))
	}
	if len(from) > 0 { // English and Portuguese are targets with a region only
		targets = append(targets, "en", "pt")
	}
	out := map[string][]string{"": targets}
	for _, f := range from {
		code := normal(f.Code)
		for _, t := range targets {
			if t != code {
				out[code] = append(out[code], t)
			}
		}
	}
	return out, nil
}

func (d *deepl) Translate(ctx context.Context, texts []string, from, to string) ([]string, string, error) {
	target := strings.ToUpper(to)
	switch target {
	case "EN":
		target = "EN-US"
	case "PT":
		target = "PT-PT"
	}
	body := map[string]any{"text": texts, "target_lang": target, "tag_handling": "html"}
	if from != "" {
		first, _, _ := strings.Cut(from, "-")
		body["source_lang"] = strings.ToUpper(first)
	}
	var answer struct {
		Translations []struct {
			Detected string `json:"detected_source_language"`
			Text     string `json:"text"`
		} `json:"translations"`
	}
	if err := d.ask(ctx, "/v2/translate", body, &answer); err != nil {
		return nil, "", err
	}
	if len(answer.Translations) != len(texts) {
		return nil, "", errors.New("the translation service answered another number of texts")
	}
	out := make([]string, len(texts))
	for i, t := range answer.Translations {
		out[i] = t.Text
		if i == 0 {
			from = normal(t.Detected)
		}
	}
	return out, from, nil
}

// normal writes a code as ISO 639 does: EN-GB is en-GB.
func normal(code string) string {
	first, region, regional := strings.Cut(code, "-")
	first = strings.ToLower(first)
	if !regional {
		return first
	}
	return first + "-" + region
}
