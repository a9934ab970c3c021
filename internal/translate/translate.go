// Package translate asks a translation service: LibreTranslate or DeepL, over
// the client it is given.
package translate

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
)

// Service translates HTML. Languages are ISO 639-1, regions as in pt-BR.
type Service interface {
	// Provider is the service's name as readers are told it.
	Provider() string
	// Languages are the languages each language can be translated into; "" is a
	// language that the service has to find out.
	Languages(ctx context.Context) (map[string][]string, error)
	// Translate returns one text for each of texts, and the language they were
	// taken to be in; from "" leaves that to the service.
	Translate(ctx context.Context, texts []string, from, to string) (translated []string, detected string, err error)
}

// ErrBusy says that the service takes no more now: too much was asked, or what
// was paid for is used up.
var ErrBusy = errors.New("the translation service takes no more at the moment")

// maxAnswer bounds what is read of an answer, in bytes.
const maxAnswer = 1 << 20

// Open makes the Service of a kind: "libretranslate" with its address, or
// "deepl", whose address follows from the key when it is not said.
func Open(kind, base, key string, client *http.Client) (Service, error) {
	if base != "" {
		u, err := url.Parse(base)
		if err != nil || (u.Scheme != "https" && u.Scheme != "http") || u.Host == "" {
			return nil, fmt.Errorf("the translation service's address must be a URL such as https://translate.example, not %q", base)
		}
	}
	base = strings.TrimRight(base, "/")
	switch kind {
	case "libretranslate":
		if base == "" {
			return nil, errors.New("libretranslate needs the address of the service")
		}
		return &libre{asker{client, base, ""}, key}, nil
	case "deepl":
		if key == "" {
			return nil, errors.New("deepl needs a key")
		}
		if base == "" {
			base = "https://api.deepl.com"
			if strings.HasSuffix(key, ":fx") { // keys of the free plan end so
				base = "https://api-free.deepl.com"
			}
		}
		return &deepl{asker{client, base, "DeepL-Auth-Key " + key}}, nil
	}
	return nil, fmt.Errorf("translation must be off, libretranslate or deepl, not %q", kind)
}

// asker speaks JSON with the service.
type asker struct {
	client        *http.Client
	base          string
	authorization string
}

// ask sends body (nil: GET) and reads the answer into out.
func (a *asker) ask(ctx context.Context, path string, body, out any) error {
	method, data := http.MethodGet, []byte(nil)
	if body != nil {
		var err error
		method = http.MethodPost
		if data, err = json.Marshal(body); err != nil {
			return err
		}
	}
	req, err := http.NewRequestWithContext(ctx, method, a.base+path, bytes.NewReader(data))
	if err != nil {
		return err
	}
	req.Header.Set("Accept", "application/json")
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if a.authorization != "" {
		req.Header.Set("Authorization", a.authorization)
	}
	resp, err := a.client.Do(req)
	if err != nil {
		return fmt.Errorf("asking the translation service: %w", err)
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer+1))
	switch {
	case err != nil:
		return fmt.Errorf("reading what the translation service answered: %w", err)
	case resp.StatusCode == http.StatusTooManyRequests, resp.StatusCode == 456, resp.StatusCode == http.StatusForbidden && a.authorization == "": // 456: DeepL's quota
		return ErrBusy
	case resp.StatusCode != http.StatusOK:
		return fmt.Errorf("the translation service answered %d", resp.StatusCode)
	case len(answer) > maxAnswer:
		return errors.New("the translation service answered more than a megabyte")
	}
	if err := json.Unmarshal(answer, out); err != nil {
		return fmt.Errorf("the translation service's answer is not what was expected: %w", err)
	}
	return nil
}
