package fake

import (
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"sort"
	"strconv"
	"strings"
	"time"
)

// grant is what a code or token of OAuth 2 stands for.
type grant struct {
	user      *User
	challenge string
	callback  string
	ends      time.Time
}

func (f *X) authenticate(r *http.Request) *User {
	scheme, rest, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	switch scheme {
	case "Bearer":
		if g, ok := f.access[rest]; ok && f.Clock.Now().Before(g.ends) {
			return g.user
		}
	case "OAuth":
		return f.signed(r, rest)
	}
	return nil
}

// signed verifies OAuth 1.0a: known keys, a new nonce, a time within five
// minutes, the signature of method, address and parameters.
func (f *X) signed(r *http.Request, header string) *User {
	params := url.Values{}
	var signature string
	for _, item := range strings.Split(header, ",") {
		name, value, ok := strings.Cut(strings.TrimSpace(item), "=")
		if !ok || len(value) < 2 {
			return nil
		}
		plain, err := url.PathUnescape(strings.Trim(value, `"`))
		if err != nil {
			return nil
		}
		if name == "oauth_signature" {
			signature = plain
		} else if name != "realm" {
			params.Add(name, plain)
		}
	}
	var who *User
	for _, u := range f.users {
		if u.Token == params.Get("oauth_token") {
			who = u
		}
	}
	nonce := params.Get("oauth_nonce")
	at, err := strconv.ParseInt(params.Get("oauth_timestamp"), 10, 64)
	skew := f.Clock.Now().Unix() - at
	if who == nil || err != nil || skew > 300 || skew < -300 || nonce == "" || f.nonces[nonce] ||
		params.Get("oauth_consumer_key") != f.App.ConsumerKey || params.Get("oauth_signature_method") != "HMAC-SHA1" {
		return nil
	}
	for k, vs := range r.URL.Query() {
		params[k] = append(params[k], vs...)
	}
	base := f.Base
	if base == "" {
		base = f.URL
	}
	mac := hmac.New(sha1.New, []byte(f.App.ConsumerSecret+"&"+who.TokenSecret))
	mac.Write([]byte(r.Method + "&" + strict(base+r.URL.Path) + "&" + strict(normal(params))))
	if base64.StdEncoding.EncodeToString(mac.Sum(nil)) != signature {
		return nil
	}
	f.nonces[nonce] = true
	return who
}

// normal are the parameters as RFC 5849, section 3.4.1.3.2, joins them.
func normal(params url.Values) string {
	var pairs []string
	for k, vs := range params {
		for _, v := range vs {
			pairs = append(pairs, strict(k)+"="+strict(v))
		}
	}
	sort.Strings(pairs)
	return strings.Join(pairs, "&")
}

// strict is percent-encoding by RFC 3986, made from Go's for forms.
func strict(s string) string {
	return strings.NewReplacer("+", "%20", "*", "%2A", "%7E", "~").Replace(url.QueryEscape(s))
}

// authorize stands for the person who says yes, as the first account that
// joined; with deny=1 for one who says no.
func (f *X) authorize(_ *User, r *http.Request) reply {
	q := r.URL.Query()
	callback, err := url.Parse(q.Get("redirect_uri"))
	if err != nil || q.Get("client_id") != f.App.ClientID || q.Get("response_type") != "code" || !strings.EqualFold(q.Get("code_challenge_method"), "S256") || // others say s256
		!strings.Contains(q.Get("scope"), "offline.access") || len(f.users) == 0 {
		return invalid("authorize")
	}
	back := url.Values{"state": {q.Get("state")}}
	if q.Get("deny") != "" {
		back.Set("error", "access_denied")
	} else {
		code := f.secret("code")
		f.codes[code] = grant{user: f.users[0], challenge: q.Get("code_challenge"), callback: q.Get("redirect_uri"), ends: f.Clock.Now().Add(30 * time.Second)}
		back.Set("code", code)
	}
	callback.RawQuery = back.Encode()
	return reply{status: http.StatusFound, header: map[string]string{"Location": callback.String()}}
}

func (f *X) secret(kind string) string {
	f.nextID++
	return kind + "-" + strconv.FormatInt(f.nextID, 10)
}

// token exchanges codes and refresh tokens, each good for once.
func (f *X) token(_ *User, r *http.Request) reply {
	bad := reply{status: 400, body: map[string]any{"error": "invalid_request", "error_description": "Value passed for the token was invalid."}}
	if !readForm(r) {
		return bad
	}
	id, secret, ok := r.BasicAuth()
	if !ok || id != f.App.ClientID || secret != f.App.ClientSecret {
		return reply{status: 401, body: map[string]any{"error": "unauthorized_client", "error_description": "Missing valid authorization header"}}
	}
	var g grant
	switch r.PostForm.Get("grant_type") {
	case "authorization_code":
		code := r.PostForm.Get("code")
		g, ok = f.codes[code]
		delete(f.codes, code)
		sum := sha256.Sum256([]byte(r.PostForm.Get("code_verifier")))
		ok = ok && f.Clock.Now().Before(g.ends) && g.callback == r.PostForm.Get("redirect_uri") && base64.RawURLEncoding.EncodeToString(sum[:]) == g.challenge
	case "refresh_token":
		old := r.PostForm.Get("refresh_token")
		g, ok = f.refresh[old]
		delete(f.refresh, old)
		f.refreshCount++
	default:
		ok = false
	}
	if !ok {
		return bad
	}
	access, refresh := f.secret("access"), f.secret("refresh")
	f.access[access] = grant{user: g.user, ends: f.Clock.Now().Add(f.AccessLasts)}
	f.refresh[refresh] = grant{user: g.user}
	return reply{status: 200, body: map[string]any{"token_type": "bearer", "expires_in": int(f.AccessLasts.Seconds()), "access_token": access,
		"refresh_token": refresh, "scope": "tweet.read tweet.write users.read media.write offline.access"}}
}

// readForm reads a form, or JSON, as twitter-api-v2 sends it.
func readForm(r *http.Request) bool {
	if !strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") {
		return r.ParseForm() == nil
	}
	in := make(map[string]string)
	if json.NewDecoder(r.Body).Decode(&in) != nil {
		return false
	}
	r.PostForm = url.Values{}
	for k, v := range in {
		r.PostForm.Set(k, v)
	}
	return true
}

// Revoke ends all access tokens, as if the person had.
func (f *X) Revoke(refreshToo bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	clear(f.access)
	if refreshToo {
		clear(f.refresh)
	}
}
