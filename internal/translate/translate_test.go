package translate

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// service answers paths with fixed bodies and keeps what it was asked.
func service(t *testing.T, answers map[string]string) (*httptest.Server, *[]string) {
	t.Helper()
	var asked []string
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		asked = append(asked, r.Method+" "+r.URL.RequestURI()+" "+r.Header.Get("Authorization")+" "+string(body))
		answer, ok := answers[r.URL.RequestURI()]
		if !ok {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		var code int
		if _, err := fmt.Sscanf(answer, "status %d", &code); err == nil {
			w.WriteHeader(code)
			return
		}
		io.WriteString(w, answer)
	}))
	t.Cleanup(s.Close)
	return s, &asked
}

func open(t *testing.T, kind, base, key string) Service {
	t.Helper()
	s, err := Open(kind, base, key, http.DefaultClient)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestLibreTranslate(t *testing.T) {
	s, asked := service(t, map[string]string{
		"/languages": `[{"code":"en","targets":["en","ja"]},{"code":"ja","targets":["en"]}]`,
		"/translate": `{"translatedText":["<p>茶</p>","二"],"detectedLanguage":[{"language":"en","confidence":90}]}`,
	})
	l := open(t, "libretranslate", s.URL+"/", "secret")
	pairs, err := l.Languages(t.Context())
	if err != nil || fmt.Sprint(pairs) != "map[:[en ja] en:[ja] ja:[en]]" {
		t.Errorf("%v, %v", pairs, err)
	}
	texts, from, err := l.Translate(t.Context(), []string{"<p>tea</p>", "two"}, "", "ja")
	if err != nil || from != "en" || fmt.Sprint(texts) != "[<p>茶</p> 二]" {
		t.Errorf("%v, %s, %v", texts, from, err)
	}
	var body map[string]any
	_, text, _ := strings.Cut((*asked)[1], "{")
	if err := json.Unmarshal([]byte("{"+text), &body); err != nil || body["source"] != "auto" || body["format"] != "html" || body["api_key"] != "secret" {
		t.Errorf("asked %s: %v", (*asked)[1], err)
	}
	if _, _, err := l.Translate(t.Context(), []string{"one"}, "en", "ja"); err == nil {
		t.Error("two answers for one text are taken")
	}
}

func TestDeepL(t *testing.T) {
	s, asked := service(t, map[string]string{
		"/v2/languages?type=source": `[{"language":"EN"},{"language":"JA"}]`,
		"/v2/languages?type=target": `[{"language":"EN-GB"},{"language":"JA"}]`,
		"/v2/translate":             `{"translations":[{"detected_source_language":"EN","text":"茶"}]}`,
	})
	d := open(t, "deepl", s.URL, "k:fx")
	pairs, err := d.Languages(t.Context())
	if err != nil || fmt.Sprint(pairs["ja"]) != "[en-GB en pt]" || fmt.Sprint(pairs["en"]) != "[en-GB ja pt]" || len(pairs[""]) != 4 {
		t.Errorf("%v, %v", pairs, err)
	}
	for to, want := range map[string]string{"ja": `"target_lang":"JA"`, "en": `"target_lang":"EN-US"`} {
		texts, from, err := d.Translate(t.Context(), []string{"tea"}, "en-US", to)
		last := (*asked)[len(*asked)-1]
		if err != nil || from != "en" || texts[0] != "茶" || !strings.Contains(last, "DeepL-Auth-Key k:fx") || !strings.Contains(last, want) || !strings.Contains(last, `"source_lang":"EN"`) {
			t.Errorf("%v, %s, %v: asked %s", texts, from, err, last)
		}
	}
}

func TestTheServiceFails(t *testing.T) {
	for answer, busy := range map[string]bool{"status 429": true, "status 456": true, "status 500": false, "<html>": false, `{"translatedText":"one"}`: false, strings.Repeat(" ", maxAnswer+1): false} {
		s, _ := service(t, map[string]string{"/translate": answer})
		_, _, err := open(t, "libretranslate", s.URL, "").Translate(t.Context(), []string{"a"}, "en", "ja")
		if err == nil || errors.Is(err, ErrBusy) != busy {
			t.Errorf("%.20q: %v", answer, err)
		}
		if err != nil && strings.Contains(err.Error(), s.URL) {
			t.Errorf("the error tells the address: %v", err)
		}
	}
	for _, c := range [][3]string{{"libretranslate", "", ""}, {"deepl", "", ""}, {"libretranslate", "ftp://x", ""}, {"other", "https://x.example", "k"}} {
		if _, err := Open(c[0], c[1], c[2], http.DefaultClient); err == nil {
			t.Errorf("%v opens", c)
		}
	}
	if s := open(t, "deepl", "", "k").(*deepl); s.base != "https://api.deepl.com" {
		t.Errorf("base is %s", s.base)
	}
	if s := open(t, "deepl", "", "k:fx").(*deepl); s.base != "https://api-free.deepl.com" {
		t.Errorf("base of the free plan is %s", s.base)
	}
}
