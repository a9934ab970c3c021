package toot_test

import (
	"crypto/tls"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"engawa/internal/testca"
	"engawa/test/toot"
)

// A server that knows the few requests of these tests, to see that the harness says what it is told to say.
// posted gets what POST /api/v1/statuses brings.
func answering(t *testing.T, posted chan<- string) http.Handler {
	mux := http.NewServeMux()
	reply := func(pattern string, value any) {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			if strings.HasPrefix(r.URL.Path, "/api/v1/accounts") && r.Header.Get("Authorization") != "Bearer the-token" {
				http.Error(w, `{"error":"The access token is invalid"}`, http.StatusUnauthorized)
				return
			}
			json.NewEncoder(w).Encode(value)
		})
	}
	reply("GET /api/v1/instance", map[string]string{"uri": "home.test", "title": "Test", "version": "4.5.0"})
	reply("POST /api/v1/apps", map[string]string{"client_id": "id", "client_secret": "secret"})
	reply("GET /api/v1/accounts/verify_credentials", map[string]string{"username": "tanuki"})
	mux.HandleFunc("POST /oauth/token", func(w http.ResponseWriter, r *http.Request) {
		if r.FormValue("code") != "the-code" {
			http.Error(w, `{"error":"invalid_grant"}`, http.StatusBadRequest)
			return
		}
		w.Write([]byte(`{"access_token":"the-token"}`))
	})
	mux.HandleFunc("POST /api/v1/statuses", func(w http.ResponseWriter, r *http.Request) {
		var status struct{ Status string }
		if err := json.NewDecoder(r.Body).Decode(&status); err != nil {
			t.Error(err)
		}
		posted <- r.Header.Get("Authorization") + " " + status.Status
		w.Write([]byte(`{"url":"https://home.test/@tanuki/1"}`))
	})
	return mux
}

func TestLogInAndPost(t *testing.T) {
	posted := make(chan string, 1)
	server := httptest.NewServer(answering(t, posted))
	defer server.Close()
	client := toot.New(t, server.URL, "")
	client.Login(func(page string) string {
		if !strings.HasPrefix(page, server.URL+"/oauth/authorize/?") {
			t.Errorf("the authorisation page is %s", page)
		}
		return "the-code"
	})
	out := client.Run("post", "縁側から")
	if got := <-posted; got != "Bearer the-token 縁側から" || !strings.Contains(out, "https://home.test/@tanuki/1") {
		t.Errorf("the server got %q, toot printed %q", got, out)
	}
}

func TestATokenFromElsewhereOverTLS(t *testing.T) {
	ca, err := testca.New()
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := ca.Leaf("127.0.0.1")
	if err != nil {
		t.Fatal(err)
	}
	roots := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(roots, ca.PEM(), 0o644); err != nil {
		t.Fatal(err)
	}
	posted := make(chan string, 1)
	server := httptest.NewUnstartedServer(answering(t, posted))
	server.TLS = &tls.Config{Certificates: []tls.Certificate{leaf}}
	server.StartTLS()
	defer server.Close()
	client := toot.New(t, server.URL, roots)
	client.UseToken("tanuki", "another-token")
	client.Run("post", "hello")
	if got := <-posted; got != "Bearer another-token hello" {
		t.Errorf("the server got %q", got)
	}
}

func TestFailuresAreErrors(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	defer server.Close()
	client := toot.New(t, server.URL, "")
	for _, args := range [][]string{{"fly"}, {"post", "not logged in"}, {"timeline", "--once"}} {
		if out, err := client.Try(args...); err == nil {
			t.Errorf("toot %v succeeded: %q", args, out)
		}
	}
	client.UseToken("tanuki", "token")
	if out, err := client.Try("whoami"); err == nil {
		t.Errorf("toot whoami succeeded on a server without accounts: %q", out)
	}
}
