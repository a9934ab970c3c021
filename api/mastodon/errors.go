package mastodon

import (
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"strings"

	"engawa/social"
)

// statusError is an error with a status that its Kind alone does not give.
type statusError struct {
	code int
	body map[string]any
}

// Error is the text that the client reads.
func (e *statusError) Error() string { s, _ := e.body["error"].(string); return s }

func badRequest(field, message string) error {
	return &statusError{http.StatusBadRequest, map[string]any{"error": message, "field": field}}
}

// outsideScopes names the scopes of which any would do.
func outsideScopes(scopes []string) error {
	return &statusError{http.StatusForbidden, map[string]any{
		"error": "This action is outside the authorized scopes", "scope": strings.Join(scopes, " "),
	}}
}

// challenge is what a refusal tells by WWW-Authenticate (RFC 6750 3).
func challenge(code int, body map[string]any) string {
	scope, _ := body["scope"].(string)
	switch {
	case code == http.StatusUnauthorized:
		return `Bearer realm="Engawa", error="invalid_token"`
	case code == http.StatusForbidden && scope != "":
		return `Bearer realm="Engawa", error="insufficient_scope", scope="` + scope + `"`
	}
	return ""
}

// statusOf maps a Kind to the status Mastodon answers.
var statusOf = map[social.Kind]int{
	social.Invalid:         http.StatusUnprocessableEntity,
	social.Unauthenticated: http.StatusUnauthorized,
	social.Forbidden:       http.StatusForbidden,
	social.NotFound:        http.StatusNotFound,
	social.Conflict:        http.StatusUnprocessableEntity,
	social.Gone:            http.StatusGone,
	social.Limited:         http.StatusTooManyRequests,
	social.Temporary:       http.StatusServiceUnavailable,
}

// fail writes an error as {"error": "…"}. What the operator needs is logged.
func fail(w http.ResponseWriter, r *http.Request, err error) {
	code, body := http.StatusServiceUnavailable, map[string]any{"error": "There was a temporary problem serving your request, please try again"}
	var (
		se *statusError
		e  *social.Error
	)
	switch {
	case errors.As(err, &se):
		code, body = se.code, se.body
	case errors.As(err, &e):
		code = statusOf[e.Kind]
		if e.Message != "" {
			body = map[string]any{"error": e.Message}
		}
	}
	if code >= 500 && r.Context().Err() == nil {
		slog.Error("a request failed", "method", r.Method, "path", r.URL.Path, "err", err)
	}
	if c := challenge(code, body); c != "" {
		w.Header().Set("WWW-Authenticate", c)
	}
	write(w, code, body)
}

// write sends JSON.
func write(w http.ResponseWriter, code int, body any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	if own, ok := body.(appender); ok {
		w.WriteHeader(code)
		e := encoders.Get().(*enc)
		e.b = e.b[:0]
		own.appendJSON(e)
		_, _ = w.Write(e.b)
		if cap(e.b) <= maxKept {
			encoders.Put(e)
		}
		return
	}
	data, err := json.Marshal(body)
	if err != nil {
		slog.Error("an answer could not be encoded", "err", err)
		code, data = http.StatusInternalServerError, []byte(`{"error":"the answer could not be written"}`)
	}
	w.WriteHeader(code)
	_, _ = w.Write(data)
}
