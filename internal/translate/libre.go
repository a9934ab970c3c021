package translate

import (
	"context"
	"encoding/json"
	"errors"
)

// libre is LibreTranslate (docs.libretranslate.com/api): POST /translate, GET
// /languages.
type libre struct {
	asker
	key string
}

func (l *libre) Provider() string { return "LibreTranslate" }

func (l *libre) Languages(ctx context.Context) (map[string][]string, error) {
	var all []struct {
		Code    string   `json:"code"`
		Targets []string `json:"targets"`
	}
	if err := l.ask(ctx, "/languages", nil, &all); err != nil {
		return nil, err
	}
	out := make(map[string][]string, len(all)+1)
	for _, x := range all {
		for _, t := range x.Targets {
			if t != x.Code {
				out[x.Code] = append(out[x.Code], t)
			}
		}
		out[""] = append(out[""], x.Code)
	}
	return out, nil
}

func (l *libre) Translate(ctx context.Context, texts []string, from, to string) ([]string, string, error) {
	body := map[string]any{"q": texts, "source": from, "target": to, "format": "html"}
	if from == "" {
		body["source"] = "auto"
	}
	if l.key != "" {
		body["api_key"] = l.key
	}
	var answer struct {
		Translated []string        `json:"translatedText"`
		Detected   json.RawMessage `json:"detectedLanguage"`
	}
	if err := l.ask(ctx, "/translate", body, &answer); err != nil {
		return nil, "", err
	}
	if len(answer.Translated) != len(texts) {
		return nil, "", errors.New("the translation service answered another number of texts")
	}
	if from == "" {
		from = detected(answer.Detected)
	}
	return answer.Translated, from, nil
}

// detected reads one language, or the first of a list of them.
func detected(data json.RawMessage) string {
	type guess struct {
		Language string `json:"language"`
	}
	var list []guess
	if json.Unmarshal(data, &list) == nil && len(list) > 0 {
		return list[0].Language
	}
	var one guess
	_ = json.Unmarshal(data, &one)
	return one.Language
}
