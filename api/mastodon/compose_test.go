package mastodon

import "testing"

func TestScriptLanguage(t *testing.T) {
	for text, want := range map[string]string{
		"お茶": "ja", "コーヒー": "ja", "漢字": "", "hello": "", "안녕": "ko", "wow — ー": "", "see カフェ": "ja", "": "",
	} {
		if got := scriptLanguage(text); got != want {
			t.Errorf("%q is taken for %q, not %q", text, got, want)
		}
	}
}
