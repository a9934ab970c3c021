package activitypub

import (
	"strings"
	"testing"
)

// What strangers answer and ask never breaks anything, and leads nowhere else.
func FuzzFinger(f *testing.F) {
	f.Add([]byte(`{"subject":"acct:a@x.test","links":[{"rel":"self","type":"application/activity+json","href":"https://x.test/u"}]}`))
	f.Add([]byte(`{"subject":"acct:a@b@x.test:99","links":null}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		got, err := readJRD(body, "x.test")
		if err == nil && (got.name == "" || got.domain == "" || HostOf(got.self) == "") {
			t.Errorf("%q: %+v", body, got)
		}
	})
}

func FuzzAlternate(f *testing.F) {
	f.Add([]byte(`<link rel="alternate" type="application/activity+json" href="/a">`))
	f.Add([]byte(`<link rel=alternate type=application/activity+json href=//y.test/>`))
	f.Fuzz(func(t *testing.T, page []byte) {
		if href := alternateOf("https://x.test/p", page); href != "" && HostOf(href) != "x.test" {
			t.Errorf("%q leads to %q", page, href)
		}
	})
}

func FuzzWants(f *testing.F) {
	f.Add("text/html;q=0.9, application/activity+json;q=")
	f.Fuzz(func(t *testing.T, accept string) {
		if wantsDocument([]string{accept}) && !strings.Contains(strings.ToLower(accept), "application/") {
			t.Errorf("%q wants a document", accept)
		}
	})
}
