package fetch

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
)

// The two benchmarks send the same deliveries over one loopback connection;
// their difference is what the guard, the signature's hook, the deadline and
// the caps cost.

func delivery() ([]byte, http.Header) {
	return bytes.Repeat([]byte("a"), 1500), http.Header{
		"Content-Type": {"application/activity+json"}, "Date": {"Wed, 25 Nov 2026 12:00:00 GMT"},
		"Digest": {"SHA-256=X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE="},
	}
}

func inbox(b *testing.B) *httptest.Server {
	srv := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		rw.WriteHeader(http.StatusAccepted)
	}))
	b.Cleanup(srv.Close)
	return srv
}

func BenchmarkDelivery(b *testing.B) {
	srv := inbox(b)
	c := mustClient(b, Config{AllowHTTP: true, AllowNetworks: prefixes("127.0.0.0/8")})
	body, header := delivery()
	sign := func(r *http.Request) error { r.Header.Set("Signature", "x"); return nil }
	b.ReportAllocs()
	for b.Loop() {
		if _, err := c.Post(context.Background(), srv.URL+"/inbox", body, Options{Header: header, Sign: sign}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkDeliveryPlain(b *testing.B) {
	srv := inbox(b)
	c := &http.Client{Transport: &http.Transport{DisableCompression: true}}
	b.Cleanup(c.CloseIdleConnections)
	body, header := delivery()
	b.ReportAllocs()
	for b.Loop() {
		req, err := http.NewRequestWithContext(context.Background(), http.MethodPost, srv.URL+"/inbox", bytes.NewReader(body))
		if err != nil {
			b.Fatal(err)
		}
		for k, v := range header {
			req.Header[k] = v
		}
		req.Header.Set("Signature", "x")
		resp, err := c.Do(req)
		if err != nil {
			b.Fatal(err)
		}
		io.Copy(io.Discard, resp.Body)
		resp.Body.Close()
	}
}

// silent answers every request from memory, so that only our own work is
// measured.
type silent struct{}

func (silent) RoundTrip(r *http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: 202, Header: http.Header{}, Body: http.NoBody, Request: r}, nil
}

func BenchmarkOverhead(b *testing.B) {
	c := mustClient(b, Config{})
	c.send = silent{}
	body, header := delivery()
	sign := func(r *http.Request) error { r.Header.Set("Signature", "x"); return nil }
	b.ReportAllocs()
	for b.Loop() {
		if _, err := c.Post(context.Background(), "https://social.example.com/inbox", body, Options{Header: header, Sign: sign}); err != nil {
			b.Fatal(err)
		}
	}
}
