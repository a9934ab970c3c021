package bluesky

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"engawa/network"
	"engawa/social"
)

// didDoc is a DID document as the PLC directory gives it.
func didDoc(did, handle, pds string) string {
	return fmt.Sprintf(`{"id":"%s","alsoKnownAs":["at://%s"],"service":[{"id":"#other","type":"X","serviceEndpoint":{"a":1}},{"id":"#atproto_pds","type":"AtprotoPersonalDataServer","serviceEndpoint":"%s"}]}`, did, handle, pds)
}

// resolves sets who alice.test is.
func (r *rig) resolves(did, doc string) {
	r.say("com.atproto.identity.resolveHandle", 200, `{"did":"`+did+`"}`)
	r.say(did, 200, doc)
}

func (r *rig) begin(fields map[string]string) (*network.LinkStep, error) {
	return r.Begin(r.Context(), network.LinkInput{Fields: fields, HomeURL: "https://home.example", Callback: "https://home.example/back"})
}

func TestLookUp(t *testing.T) {
	for name, tt := range map[string]struct {
		who   string
		set   func(*rig)
		class social.LinkFailure
		words string
	}{
		"nothing typed":        {"", func(*rig) {}, social.FixPost, "No handle"},
		"not a handle":         {"alice", func(*rig) {}, social.FixPost, "not a Bluesky handle"},
		"did of a method":      {"did:key:x", func(*rig) {}, social.FixPost, "not a DID"},
		"did:web with a path":  {"did:web:a.example:b", func(*rig) {}, social.FixPost, "not a DID"},
		"did:web of localhost": {"did:web:localhost%3A80", func(*rig) {}, social.FixPost, "not a DID"},
		"unknown": {"alice.test", func(r *rig) {
			r.say("com.atproto.identity.resolveHandle", 400, `{"error":"InvalidRequest","message":"Unable to resolve handle"}`)
		}, social.FixPost, "no account @alice.test"},
		"resolver down":      {"alice.test", func(r *rig) { r.say("com.atproto.identity.resolveHandle", 503, ``) }, social.TryAgain, "looking up @alice.test"},
		"another's document": {"alice.test", func(r *rig) { r.resolves(aliceDID, didDoc(bobDID, "alice.test", r.server.URL)) }, social.TryAgain, "looking up"},
		"does not name back": {"alice.test", func(r *rig) { r.resolves(bobDID, didDoc(bobDID, "bob.test", r.server.URL)) }, social.FixPost, "does not name it back"},
		"no PDS":             {"alice.test", func(r *rig) { r.resolves(aliceDID, `{"id":"did:plc:alice","alsoKnownAs":["at://alice.test"]}`) }, social.FixPost, "no server"},
		"PDS by file":        {"alice.test", func(r *rig) { r.resolves(aliceDID, didDoc(aliceDID, "alice.test", "file:///etc/passwd")) }, social.TryAgain, "looking up"},
		"PDS with password":  {"alice.test", func(r *rig) { r.resolves(aliceDID, didDoc(aliceDID, "alice.test", "https://a:b@pds.example")) }, social.TryAgain, "looking up"},
		"PDS without TLS": {"alice.test", func(r *rig) {
			r.resolves(aliceDID, didDoc(aliceDID, "alice.test", "http://pds.example"))
			r.AllowHTTP = false
		}, social.TryAgain, ""},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			tt.set(r)
			_, err := r.begin(map[string]string{"handle": tt.who, "password": "password-secret"})
			r.class(err, tt.class, tt.words)
			if r.count("com.atproto.server.createSession") != 0 {
				t.Error("the password went somewhere")
			}
		})
	}
}

// TestRedirect: no answer leads a password elsewhere.
func TestRedirect(t *testing.T) {
	r := newRig(t)
	r.resolves(aliceDID, didDoc(aliceDID, "alice.test", r.server.URL))
	r.on("com.atproto.server.createSession", func(w http.ResponseWriter, req *http.Request) {
		http.Redirect(w, req, r.server.URL+"/elsewhere", http.StatusTemporaryRedirect)
	})
	_, err := r.begin(map[string]string{"handle": "alice.test", "password": "password-secret"})
	r.class(err, social.TryAgain, "logging in")
	if r.count("elsewhere") != 0 {
		t.Error("followed")
	}
}

func TestByMail(t *testing.T) {
	r := newRig(t)
	r.on("com.atproto.server.createSession", func(w http.ResponseWriter, _ *http.Request) {
		answerWith(w, 200, strings.Replace(r.tokensAnswer("r"), `"did"`, `"didDoc":`+didDoc(aliceDID, "alice.test", r.server.URL)+`,"did"`, 1))
	})
	r.say(getSession, 200, `{"did":"did:plc:alice","handle":"alice.test"}`)
	step, err := r.begin(map[string]string{"handle": "alice@mail.test", "password": "p"})
	if err != nil || step.Link.Account != aliceDID || step.Link.Handle != "alice.test" || step.Link.Base != r.server.URL || step.Link.Limits.Characters != 300 {
		t.Fatalf("%+v, %v", step, err)
	}
	_, err = r.begin(map[string]string{"handle": "alice@mail.test"})
	r.class(err, social.FixPost, "needs an app password")
	_, err = r.Begin(t.Context(), network.LinkInput{Base: "ftp://a", Fields: map[string]string{"handle": "alice.test"}})
	r.class(err, social.FixPost, "no address")
}
