package engawa

import (
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"

	"engawa/internal/locale"
	"engawa/social"
)

// statusOf maps a Kind to a status, as api/mastodon does.
var statusOf = map[social.Kind]int{
	social.Invalid:         http.StatusUnprocessableEntity,
	social.Unauthenticated: http.StatusUnauthorized,
	social.Forbidden:       http.StatusForbidden,
	social.NotFound:        http.StatusNotFound,
	social.Conflict:        http.StatusConflict,
	social.Gone:            http.StatusGone,
	social.Limited:         http.StatusTooManyRequests,
	social.Temporary:       http.StatusServiceUnavailable,
}

// fail writes an error as {"error": "…"}, with "field" where one input is at
// fault, in lang. What the operator needs is logged.
func fail(w http.ResponseWriter, r *http.Request, lang locale.Lang, err error) {
	code, body := http.StatusServiceUnavailable, map[string]any{"error": locale.T(lang, "own.trouble")}
	var e *social.Error
	if errors.As(err, &e) {
		code = statusOf[e.Kind]
		switch e.Message {
		case "":
		case social.ErrNotFound.Message:
			body["error"] = locale.T(lang, "own.not_found")
		default:
			body["error"] = locale.Say(lang, e.Message)
		}
		if e.Field != "" {
			body["field"] = e.Field
		}
	}
	if code >= 500 && r.Context().Err() == nil {
		slog.Error("a request failed", "method", r.Method, "path", r.URL.Path, "err", err)
	}
	write(w, code, body)
}

// write sends JSON.
func write(w http.ResponseWriter, code int, body any) {
	data, err := json.Marshal(body)
	if err != nil {
		slog.Error("an answer could not be encoded", "err", err)
		code, data = http.StatusInternalServerError, []byte(`{"error":"the answer could not be written"}`)
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(code)
	_, _ = w.Write(data)
}

// refuse is an error about one input.
func refuse(field string, message locale.Words) error {
	return &social.Error{Kind: social.Invalid, Op: "read request", Field: field, Message: string(message)}
}
