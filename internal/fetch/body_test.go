package fetch

import (
	"bytes"
	"compress/gzip"
	"context"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"
)

func gzipped(b []byte) []byte {
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	z.Write(b)
	z.Close()
	return out.Bytes()
}

func TestBodies(t *testing.T) {
	const most = 1 << 20
	noise := make([]byte, most+1)
	for i, x := 0, uint32(1); i < len(noise); i++ {
		x = x*1664525 + 1013904223
		noise[i] = byte(x >> 24)
	}
	for _, c := range []struct {
		name     string
		body     []byte
		encoding string
		chunked  bool
		size     int // what comes out, if it does
		kind     Kind
	}{
		{"empty", nil, "", false, 0, 0},
		{"at the cap", noise[:most], "", false, most, 0},
		{"at the cap, chunked", noise[:most], "", true, most, 0},
		{"above", noise, "", false, 0, TooLarge},
		{"above, chunked", noise, "", true, 0, TooLarge},
		{"gzip", gzipped(noise[:most]), "gzip", false, most, 0},
		{"gzip above", gzipped(noise), "gzip", false, 0, TooLarge},
		{"bomb within the cap", gzipped(make([]byte, most)), "gzip", true, 0, TooLarge},
		{"small and repetitive", gzipped(make([]byte, bombStart)), "gzip", false, bombStart, 0},
		{"no gzip at all", []byte("hello"), "gzip", false, 0, Unreachable},
		{"cut gzip", gzipped(noise[:most])[:5000], "gzip", false, 0, Unreachable},
		{"unasked encoding", []byte("hello"), "br", false, 0, Unreachable},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t, func(rw http.ResponseWriter, r *http.Request) {
				if c.encoding != "" {
					rw.Header().Set("Content-Encoding", c.encoding)
				}
				if c.chunked {
					rw.(http.Flusher).Flush()
				}
				rw.Write(c.body)
			}, nil)
			resp, err := w.client.Get(context.Background(), "https://a.test/", Options{MaxBytes: most})
			if c.kind != 0 {
				wantKind(t, c.name, err, c.kind)
			} else if err != nil || len(resp.Body) != c.size {
				t.Errorf("%v", err)
			} else if c.encoding == "" && !bytes.Equal(resp.Body, c.body) {
				t.Error("the body came out different")
			}
		})
	}
}

func TestOpen(t *testing.T) {
	w := newWorld(t, func(rw http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/404" {
			rw.WriteHeader(404)
		}
		rw.(http.Flusher).Flush()
		rw.Write(make([]byte, 5000))
	}, nil)
	for _, c := range []struct {
		most int64
		kind Kind
	}{{5000, 0}, {4999, TooLarge}, {1, TooLarge}} {
		body, resp, err := w.client.Open(context.Background(), "https://a.test/", Options{MaxBytes: c.most})
		if err != nil || resp.Status != 200 {
			t.Fatal(err)
		}
		n, err := io.Copy(io.Discard, body)
		if n > c.most {
			t.Errorf("%d bytes came through a cap of %d", n, c.most)
		}
		if c.kind != 0 {
			if e := wantKind(t, "open", err, c.kind); !strings.Contains(e.Error(), strconv.FormatInt(c.most, 10)) {
				t.Errorf("%q does not name the cap", e)
			}
		} else if err != nil || n != 5000 {
			t.Errorf("%d bytes, %v", n, err)
		}
		body.Close()
	}
	body, resp, err := w.client.Open(context.Background(), "https://a.test/404", Options{})
	wantKind(t, "404", err, BadStatus)
	if body != nil || len(resp.Body) != 5000 {
		t.Error("the answer of a refusal is not there")
	}
}

func TestStatusOnly(t *testing.T) {
	w := newWorld(t, func(rw http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/410" {
			rw.Header().Set("Content-Encoding", "br")
			rw.WriteHeader(http.StatusGone)
		}
		rw.Write(make([]byte, 5000)) // above the cap
	}, nil)
	o := Options{StatusOnly: true, MaxBytes: 10}
	resp, err := w.client.Post(context.Background(), "https://a.test/", []byte("x"), o)
	if err != nil || resp.Status != http.StatusOK || len(resp.Body) != 0 {
		t.Errorf("%+v, %v", resp, err)
	}
	_, err = w.client.Post(context.Background(), "https://a.test/410", []byte("x"), o)
	if e := wantKind(t, "a refusal with an unreadable body", err, BadStatus); e.Status != http.StatusGone {
		t.Errorf("%+v", e)
	}
}
