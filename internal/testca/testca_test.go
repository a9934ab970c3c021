package testca

import (
	"crypto/tls"
	"crypto/x509"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"testing"
)

func TestLeafIsForItsHostsOnly(t *testing.T) {
	ca, err := New()
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := ca.Leaf("one.test", "*.wild.test", "127.0.0.1", "::1")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		host string
		ok   bool
	}{
		{"one.test", true}, {"a.wild.test", true}, {"127.0.0.1", true}, {"::1", true},
		{"two.test", false}, {"wild.test", false}, {"127.0.0.2", false},
	} {
		_, err := leaf.Leaf.Verify(x509.VerifyOptions{Roots: ca.Pool(), DNSName: c.host})
		if (err == nil) != c.ok {
			t.Errorf("%s: %v", c.host, err)
		}
	}
	other, err := New()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := leaf.Leaf.Verify(x509.VerifyOptions{Roots: other.Pool(), DNSName: "one.test"}); err == nil {
		t.Error("another authority vouched for it")
	}
	if _, err := ca.Leaf(); err == nil {
		t.Error("a certificate for no host")
	}
}

func TestWrittenFilesServe(t *testing.T) {
	ca, err := New()
	if err != nil {
		t.Fatal(err)
	}
	f, err := ca.Write(t.TempDir(), "home", "127.0.0.1")
	if err != nil {
		t.Fatal(err)
	}
	pair, err := tls.LoadX509KeyPair(f.Cert, f.Key)
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		io.WriteString(w, "hello")
	}))
	srv.TLS = &tls.Config{Certificates: []tls.Certificate{pair}}
	srv.StartTLS()
	defer srv.Close()

	roots, err := os.ReadFile(f.CA)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(roots) {
		t.Fatal("no certificate in ca.pem")
	}
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}}
	defer transport.CloseIdleConnections()
	resp, err := (&http.Client{Transport: transport}).Get(srv.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if body, _ := io.ReadAll(resp.Body); string(body) != "hello" {
		t.Errorf("got %q", body)
	}
	if _, err := ca.Write(f.CA, "home", "127.0.0.1"); err == nil {
		t.Error("wrote into a file as if it were a folder")
	}
}
