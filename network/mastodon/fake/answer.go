package fake

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// open are the paths that need no token.
var open = map[string]bool{"/api/v1/instance": true, "/api/v2/instance": true, "/api/v1/apps": true, "/oauth/token": true, "/.well-known/oauth-authorization-server": true}

// answer does the work of a call.
func (s *Server) answer(c Call) (int, any) {
	if s.kind == OneFrontpage {
		return http.StatusNotFound, "<html>"
	}
	if !open[c.Path] && !s.tokens[strings.TrimPrefix(c.Header.Get("Authorization"), "Bearer ")] {
		return refuse(http.StatusUnauthorized, "The access token is invalid")
	}
	rest, isStatus := strings.CutPrefix(c.Path, "/api/v1/statuses/")
	switch {
	case c.Path == "/api/v2/instance" && s.kind == OldMastodon:
		return refuse(http.StatusNotFound, "Not Found")
	case c.Path == "/api/v2/instance", c.Path == "/api/v1/instance":
		return http.StatusOK, s.instance()
	case c.Path == "/api/v1/apps":
		return http.StatusOK, JSON{"client_id": "client", "client_secret": "secret"}
	case c.Path == "/.well-known/oauth-authorization-server":
		return refuse(http.StatusNotFound, "Not Found")
	case c.Path == "/oauth/token":
		return s.grant(c)
	case c.Path == "/api/v1/accounts/verify_credentials":
		return http.StatusOK, s.alice()
	case c.Path == "/api/v1/accounts/1/statuses":
		return http.StatusOK, page(c, s.statuses)
	case c.Path == "/api/v1/timelines/home":
		return http.StatusOK, page(c, s.statuses)
	case c.Path == "/api/v1/notifications":
		return http.StatusOK, page(c, s.notices)
	case c.Path == "/api/v1/statuses" && c.Method == "POST":
		return s.post(c)
	case c.Path == "/api/v2/media", c.Path == "/api/v1/media":
		return s.upload(c)
	case strings.HasPrefix(c.Path, "/api/v1/media/"):
		return s.medium(strings.TrimPrefix(c.Path, "/api/v1/media/"))
	case strings.HasPrefix(c.Path, "/api/v1/pleroma/statuses/") && s.kind == Pleroma:
		return s.on(strings.TrimPrefix(c.Path, "/api/v1/pleroma/statuses/"), c)
	case isStatus:
		return s.on(rest, c)
	}
	return refuse(http.StatusNotFound, "Not Found")
}

// grant is POST /oauth/token: any code will do; Pleroma's tokens end after an
// hour, and each refresh token is good once.
func (s *Server) grant(c Call) (int, any) {
	form, _ := url.ParseQuery(c.Body["form"].(string))
	if form.Get("client_id") != "client" || form.Get("client_secret") != "secret" {
		return http.StatusUnauthorized, JSON{"error": "invalid_client", "error_description": "Client authentication failed"}
	}
	if form.Get("grant_type") == "refresh_token" && form.Get("refresh_token") != s.refresh || form.Get("grant_type") == "authorization_code" && form.Get("code") == "" {
		return http.StatusBadRequest, JSON{"error": "invalid_grant"}
	}
	token := "token-" + s.id()
	s.tokens[token] = true
	out := JSON{"access_token": token, "token_type": "Bearer", "scope": "read write", "created_at": s.now().Unix()}
	if s.kind == Pleroma {
		s.refresh = "refresh-" + s.id()
		out["expires_in"], out["refresh_token"] = 3600, s.refresh
	}
	return http.StatusOK, out
}

// page cuts a list by max_id, min_id and limit, newest first.
func page(c Call, list []JSON) []JSON {
	get := func(k string) string {
		if v := c.Query[k]; len(v) > 0 {
			return v[0]
		}
		return ""
	}
	limit, err := strconv.Atoi(get("limit"))
	if err != nil || limit > 40 {
		limit = 20
	}
	out := slices.DeleteFunc(slices.Clone(list), func(x JSON) bool {
		id, _ := x["id"].(string)
		return get("max_id") != "" && id >= get("max_id") || get("min_id") != "" && id <= get("min_id")
	})
	if get("min_id") != "" {
		out = out[:min(len(out), limit)]
	} else {
		out = out[max(len(out)-limit, 0):]
	}
	slices.Reverse(out)
	return out
}

func (s *Server) post(c Call) (int, any) {
	key := c.Header.Get("Idempotency-Key")
	if k, is := s.keys[key]; is && key != "" && s.now().Sub(k.at) < time.Hour {
		return http.StatusOK, k.status
	}
	text, _ := c.Body["status"].(string)
	if utf8.RuneCountInString(text) > 500 && s.kind == Mastodon {
		return refuse(http.StatusUnprocessableEntity, "Validation failed: Text character limit of 500 exceeded")
	}
	more := JSON{}
	for _, k := range []string{"visibility", "spoiler_text", "sensitive", "language", "in_reply_to_id"} {
		if v, is := c.Body[k]; is {
			more[k] = v
		}
	}
	media := []any{}
	ids, _ := c.Body["media_ids"].([]any)
	for _, v := range ids {
		id, _ := v.(string)
		left, is := s.media[id]
		if !is || left != 0 {
			return refuse(http.StatusUnprocessableEntity, "Cannot attach files that have not finished processing. Try again in a moment!")
		}
		media = append(media, JSON{"id": id, "type": "image", "url": s.URL + "/m/" + id})
	}
	more["media_attachments"] = media
	st := s.make(text, more)
	s.keys[key] = keyed{st, s.now()}
	return http.StatusOK, st
}

func (s *Server) upload(c Call) (int, any) {
	if c.Path == "/api/v2/media" && s.kind == OldMastodon {
		return refuse(http.StatusNotFound, "Not Found")
	}
	id := s.id()
	s.media[id] = s.slow
	if s.slow != 0 {
		return http.StatusAccepted, JSON{"id": id, "type": "video", "url": nil}
	}
	return http.StatusOK, JSON{"id": id, "type": "image", "url": s.URL + "/m/" + id}
}

func (s *Server) medium(id string) (int, any) {
	left, is := s.media[id]
	switch {
	case !is:
		return refuse(http.StatusNotFound, "Record not found")
	case left < 0:
		return refuse(http.StatusUnprocessableEntity, "Error processing thumbnail for uploaded media")
	case left > 0:
		s.media[id]--
		return http.StatusPartialContent, JSON{"id": id, "type": "video", "url": nil}
	}
	return http.StatusOK, JSON{"id": id, "type": "video", "url": s.URL + "/m/" + id}
}

// on is /api/v1/statuses/{id} and what stands below it.
func (s *Server) on(rest string, c Call) (int, any) {
	id, verb, _ := strings.Cut(rest, "/")
	i := slices.IndexFunc(s.statuses, func(x JSON) bool { return x["id"] == id })
	if i < 0 {
		return refuse(http.StatusNotFound, "Record not found")
	}
	st := s.statuses[i]
	switch word, name, _ := strings.Cut(verb, "/"); {
	case verb == "" && c.Method == "DELETE":
		s.statuses = slices.Delete(s.statuses, i, i+1)
	case verb == "" && c.Method == "PUT":
		if s.kind == GoToSocial {
			return refuse(http.StatusNotFound, "Not Found")
		}
		st["content"], st["_source"], st["edited_at"] = "<p>"+c.Body["status"].(string)+"</p>", c.Body["status"], s.stamp()
	case verb == "source":
		return http.StatusOK, JSON{"id": id, "text": st["_source"], "spoiler_text": st["spoiler_text"]}
	case word == "reactions", word == "react", word == "emoji_reactions":
		if ok := map[Make]string{Pleroma: "reactions", Glitch: "react", Fedibird: "emoji_reactions"}[s.kind] == word; !ok {
			return refuse(http.StatusNotFound, "Not Found")
		}
		st["emoji_reactions"] = []JSON{{"name": name, "count": 1, "me": true}}
	case word == "favourite", word == "unfavourite":
		st["favourited"] = word == "favourite"
	case verb != "":
		return refuse(http.StatusNotFound, "Not Found")
	}
	return http.StatusOK, st
}
