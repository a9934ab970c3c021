package x

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha1"
	"encoding/base64"
	"encoding/hex"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// sign1 signs r by OAuth 1.0a, HMAC-SHA1 (RFC 5849, section 3.4). The body is
// left out: JSON and multipart bodies are not signed (section 3.4.1.3.1), and
// this client sends no forms so.
func sign1(r *http.Request, k *keys, now time.Time) {
	nonce := make([]byte, 16)
	rand.Read(nonce)
	params := [][2]string{
		{"oauth_consumer_key", k.ConsumerKey},
		{"oauth_nonce", hex.EncodeToString(nonce)},
		{"oauth_signature_method", "HMAC-SHA1"},
		{"oauth_timestamp", strconv.FormatInt(now.Unix(), 10)},
		{"oauth_token", k.Token},
		{"oauth_version", "1.0"},
	}
	signature := Signature(r.Method, r.URL, params, k.ConsumerSecret, k.TokenSecret)
	params = append(params, [2]string{"oauth_signature", signature})
	parts := make([]string, len(params))
	for i, p := range params {
		parts[i] = p[0] + `="` + escape(p[1]) + `"`
	}
	r.Header.Set("Authorization", "OAuth "+strings.Join(parts, ", "))
}

// Signature is the oauth_signature of a request with the given oauth_ parameters
// (without oauth_signature and realm): RFC 5849, sections 3.4.1 and 3.4.2.
func Signature(method string, u *url.URL, params [][2]string, consumerSecret, tokenSecret string) string {
	var pairs [][2]string
	for _, p := range params {
		pairs = append(pairs, [2]string{escape(p[0]), escape(p[1])})
	}
	for name, values := range u.Query() {
		for _, v := range values {
			pairs = append(pairs, [2]string{escape(name), escape(v)})
		}
	}
	slices.SortFunc(pairs, func(a, b [2]string) int {
		if c := strings.Compare(a[0], b[0]); c != 0 {
			return c
		}
		return strings.Compare(a[1], b[1])
	})
	joined := make([]string, len(pairs))
	for i, p := range pairs {
		joined[i] = p[0] + "=" + p[1]
	}
	base := strings.ToUpper(method) + "&" + escape(strings.ToLower(u.Scheme)+"://"+strings.ToLower(u.Host)+u.EscapedPath()) +
		"&" + escape(strings.Join(joined, "&"))
	mac := hmac.New(sha1.New, []byte(escape(consumerSecret)+"&"+escape(tokenSecret)))
	mac.Write([]byte(base))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// escape is percent-encoding with the unreserved characters of RFC 3986 alone
// left as they are (RFC 5849, section 3.6).
func escape(s string) string {
	const upper = "0123456789ABCDEF"
	var b strings.Builder
	for i := range len(s) {
		c := s[i]
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '.' || c == '_' || c == '~' {
			b.WriteByte(c)
			continue
		}
		b.WriteByte('%')
		b.WriteByte(upper[c>>4])
		b.WriteByte(upper[c&15])
	}
	return b.String()
}
