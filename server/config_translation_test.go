package server

import "testing"

func TestTranslationSetting(t *testing.T) {
	for text, want := range map[string]struct {
		is    Translation
		shown string
	}{
		"":                                      {Translation{}, "off"},
		"off":                                   {Translation{}, "off"},
		"deepl:secret:fx":                       {Translation{Kind: "deepl", Key: "secret:fx"}, "deepl:" + masked},
		"libretranslate:http://10.0.0.2:5000":   {Translation{Kind: "libretranslate", URL: "http://10.0.0.2:5000"}, "libretranslate:http://10.0.0.2:5000"},
		"libretranslate:https://key@lt.example": {Translation{Kind: "libretranslate", URL: "https://lt.example", Key: "key"}, "libretranslate:https://" + masked + "@lt.example"},
	} {
		got, err := parseTranslation(text)
		if err != nil || got != want.is || got.text() != want.shown {
			t.Errorf("%q is %+v (%v), shown as %s", text, got, err, got.text())
		}
	}
	for _, text := range []string{"deepl", "deepl:", "libretranslate", "libretranslate:lt.example", "google:key", "on"} {
		if got, err := parseTranslation(text); err == nil {
			t.Errorf("%q is taken as %+v", text, got)
		}
	}
}
