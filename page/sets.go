package page

import (
	"html/template"
	"slices"
	"sync"

	"engawa/internal/locale"
)

// sets are the templates of the pages, each page in each language on the same
// frame. One is read when it is first shown: all of them take megabytes.
type sets struct {
	functions func(locale.Lang) template.FuncMap

	mu    sync.Mutex
	ready map[setKey]*template.Template
}

type setKey struct {
	lang locale.Lang
	name string
}

// page is the template of a page, in English where lang is not spoken.
func (s *sets) page(lang locale.Lang, name string) (locale.Lang, *template.Template, error) {
	if !slices.Contains(locale.All(), lang) {
		lang = locale.English
	}
	key := setKey{lang, name}
	s.mu.Lock()
	t := s.ready[key]
	s.mu.Unlock()
	if t != nil {
		return lang, t, nil
	}
	t, err := template.New("").Funcs(s.functions(lang)).
		ParseFS(templates, "templates/frame.html", "templates/parts.html", "templates/post.html", "templates/"+name+".html")
	if err != nil {
		return lang, nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ready == nil {
		s.ready = map[setKey]*template.Template{}
	}
	s.ready[key] = t
	return lang, t, nil
}
