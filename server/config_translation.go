package server

import (
	"net/http"
	"net/url"
	"strings"
	"time"

	"engawa/internal/translate"
)

// Translation is a translation service: deepl with its key, or libretranslate
// with its address and perhaps a key.
type Translation struct{ Kind, URL, Key string }

// parseTranslation takes off, deepl:KEY, or libretranslate:https://[KEY@]HOST.
func parseTranslation(text string) (Translation, error) {
	const want = "give off, deepl:KEY or libretranslate:https://HOST"
	kind, rest, _ := strings.Cut(text, ":")
	switch kind {
	case "", "off":
		return Translation{}, nil
	case "deepl":
		if rest == "" {
			return Translation{}, &wrong{"has no key", want}
		}
		return Translation{Kind: kind, Key: rest}, nil
	case "libretranslate":
		u, err := url.Parse(rest)
		if err != nil || (u.Scheme != "https" && u.Scheme != "http") || u.Host == "" {
			return Translation{}, &wrong{"has no address of a service", want}
		}
		t := Translation{Kind: kind, Key: u.User.Username()}
		u.User = nil
		t.URL = u.String()
		return t, nil
	}
	return Translation{}, &wrong{"names no service that is known", want}
}

// text is the setting with the key masked.
func (t Translation) text() string {
	switch {
	case t.Kind == "":
		return "off"
	case t.Kind == "deepl":
		return "deepl:" + masked
	case t.Key == "":
		return t.Kind + ":" + t.URL
	}
	scheme, rest, _ := strings.Cut(t.URL, "://")
	return t.Kind + ":" + scheme + "://" + masked + "@" + rest
}

// openTranslation asks the service through the client that every request to the
// outside goes through: one in the home's own network needs allow_networks.
func (s *Server) openTranslation() (err error) {
	if t := s.Config.Translation; t.Kind != "" {
		client := &http.Client{Transport: s.fetch, Timeout: 30 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
		s.API.Translate, err = translate.Open(t.Kind, t.URL, t.Key, client)
	}
	return err
}
