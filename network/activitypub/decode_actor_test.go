package activitypub

import (
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"

	"engawa/internal/keys"
)

func TestStamps(t *testing.T) {
	ok := `{"type":"QuoteAuthorization","id":"https://q.test/s","attributedTo":"https://q.test/u","interactingObject":"https://home.test/n","interactionTarget":"https://q.test/n"}`
	s, err := DecodeStamp(mustParse(t, ok))
	if err != nil || !s.Proves("https://home.test/n", "https://q.test/n", "https://q.test/u") {
		t.Fatalf("%+v %v", s, err)
	}
	if s.Proves("https://q.test/n", "https://home.test/n", "https://q.test/u") || s.Proves("https://home.test/n", "https://q.test/n", "https://q.test/other") {
		t.Error("a stamp proves what it does not name")
	}
	for _, bad := range []string{
		strings.Replace(ok, "https://q.test/s", "https://evil.test/s", 1),
		strings.Replace(ok, `"interactionTarget":"https://q.test/n"`, `"interactionTarget":"https://other.test/n"`, 1),
		strings.Replace(ok, "interactingObject", "x", 1), strings.Replace(ok, "QuoteAuthorization", "Note", 1),
	} {
		if _, err := DecodeStamp(mustParse(t, bad)); !errors.Is(err, ErrInvalid) {
			t.Errorf("%s: %v", bad, err)
		}
	}
}

func TestRecordedDocuments(t *testing.T) {
	doc, err := DecodeActor(mustParse(t, string(read(t, "testdata/misskey/document-actor.json"))))
	if err != nil {
		t.Fatal(err)
	}
	if len(doc.Profile.Keys) != 1 || doc.Profile.Keys[0].KeyID != doc.Profile.Actor.URI+"#main-key" {
		t.Errorf("keys %+v", doc.Profile.Keys)
	}
	out, _ := json.Marshal(doc)
	golden(t, "decoded/document-actor.json", out)
	for file, want := range map[string]int{"document-featured": 1, "document-followers": 0, "document-outbox-page": 5} {
		c, err := DecodeCollection(mustParse(t, string(read(t, "testdata/misskey/"+file+".json"))))
		if err != nil || len(c.Items) != want || len(c.URIs()) != want || c.Total < int64(want) {
			t.Errorf("%s: %+v %v", file, c, err)
		}
	}
}

func TestActors(t *testing.T) {
	ed, err := keys.Ed25519FromSeed(make([]byte, 32))
	if err != nil {
		t.Fatal(err)
	}
	multikey, _ := ed.Public().Multikey()
	pem, _ := ed.Public().PEM()
	pemJSON, _ := json.Marshal(pem)
	base := `"id":"https://a.test/u","type":"Person","preferredUsername":"me","inbox":"https://a.test/u/inbox"`
	ok := func(more string) *ActorDocument {
		t.Helper()
		d, err := DecodeActor(mustParse(t, "{"+base+more+"}"))
		if err != nil {
			t.Fatalf("%s: %v", more, err)
		}
		return d
	}
	d := ok(`,"sharedInbox":"https://b.test/inbox","followers":"https://b.test/f","outbox":"https://a.test/o","url":"https://b.test/@me","alsoKnownAs":"https://c.test/u","movedTo":"https://d.test/u",
		"publicKey":[{"id":"https://a.test/u#1","owner":"https://a.test/u","publicKeyPem":` + string(pemJSON) + `},{"id":"https://b.test/u#1","owner":"https://a.test/u","publicKeyPem":` + string(pemJSON) + `},{"id":"https://a.test/u#2","owner":"https://a.test/v","publicKeyPem":` + string(pemJSON) + `},{"id":"https://a.test/u#3","owner":"https://a.test/u","publicKeyPem":"x"}],
		"assertionMethod":[{"type":"Multikey","id":"https://a.test/u#ed","controller":"https://a.test/u","publicKeyMultibase":"` + multikey + `"},"https://a.test/u#named"],
		"requireSigninToViewContents":true,"_misskey_requireSigninToViewContents":false,"_misskey_makeNotesHiddenBefore":-86400,"isCat":"true"`)
	a := d.Profile.Actor
	if a.SharedInbox != "" || a.FollowersURI != "" || a.Outbox == "" || a.URL != a.URI || len(a.Aliases) != 1 || d.MovedTo != "https://d.test/u" {
		t.Errorf("%+v", d)
	}
	if len(d.Profile.Keys) != 2 || d.Profile.Keys[0].KeyID != "https://a.test/u#1" || d.Profile.Keys[1].KeyID != "https://a.test/u#ed" {
		t.Errorf("keys %+v", d.Profile.Keys)
	}
	if want := map[string]string{"_misskey_requireSigninToViewContents": "true", "_misskey_makeNotesHiddenBefore": "-86400", "isCat": "true"}; !reflect.DeepEqual(a.Extra, want) {
		t.Errorf("extra %v", a.Extra)
	}
	d = ok(`,"name":"` + strings.Repeat("n", 3000) + `","attachment":[` + strings.TrimSuffix(strings.Repeat(`{"type":"PropertyValue","name":"n","value":"<script>x</script>v"},`, 60), ",") + `],"alsoKnownAs":[` + strings.TrimSuffix(strings.Repeat(`"https://c.test/u",`, 300), ",") + `]`)
	if a := d.Profile.Actor; len(a.DisplayName) != maxDisplayName || len(a.Fields) != maxFields || a.Fields[0].Value != "v" || len(a.Aliases) != maxAliases {
		t.Errorf("limits: %d %d %d %q", len(a.DisplayName), len(a.Fields), len(a.Aliases), a.Fields[0].Value)
	}
	for name, text := range map[string]string{
		"no inbox":       strings.Replace(base, "inbox", "x", 1),
		"foreign inbox":  strings.Replace(base, "https://a.test/u/inbox", "https://b.test/inbox", 1),
		"space in name":  strings.Replace(base, `"me"`, `"m e"`, 1),
		"empty name":     strings.Replace(base, `"me"`, `""`, 1),
		"slash in name":  strings.Replace(base, `"me"`, `"m/e"`, 1),
		"name too long":  strings.Replace(base, `"me"`, `"`+strings.Repeat("m", maxUsername+1)+`"`, 1),
		"dot at the end": strings.Replace(base, `"me"`, `"me."`, 1),
		"no id":          strings.Replace(base, "https://a.test/u\"", "x\"", 1),
		"not an actor":   strings.Replace(base, "Person", "Note", 1),
		"userinfo in id": strings.Replace(base, "https://a.test/u\"", "https://x@a.test/u\"", 1),
	} {
		if _, err := DecodeActor(mustParse(t, "{"+text+"}")); !errors.Is(err, ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestCollections(t *testing.T) {
	c, err := DecodeCollection(mustParse(t, `{"type":"Collection","id":"https://a.test/r","totalItems":1e30,"first":{"type":"CollectionPage","partOf":"https://a.test/r","items":"https://a.test/1","next":"https://b.test/2"}}`))
	if err != nil || c.Total != maxTotal || c.FirstPage == nil || len(c.FirstPage.Items) != 1 || c.FirstPage.Next != "" {
		t.Errorf("%+v %v", c, err)
	}
	c, err = DecodeCollection(mustParse(t, `{"type":"OrderedCollection","id":"https://a.test/r","first":"https://b.test/1","orderedItems":[`+strings.TrimSuffix(strings.Repeat("1,", 2000), ",")+`]}`))
	if err != nil || c.First != "" || len(c.Items) != maxCollected || len(c.URIs()) != 0 {
		t.Errorf("%+v %v", c.First, err)
	}
}
