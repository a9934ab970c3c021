package fake

import (
	"bytes"
	"crypto/md5"
	"encoding/hex"
	"image"
	_ "image/gif"  // the formats that pictures here may have
	_ "image/jpeg" //
	_ "image/png"  //
	"net/http"
	"strings"
	"unicode/utf8"
)

// File is a file of somebody's drive.
type File struct {
	ID, Name, Type, Comment, MD5 string
	Sensitive                    bool
	Data                         []byte
	Width, Height                int
	by                           *User
}

func (s *Server) fileView(f *File) map[string]any {
	v := map[string]any{
		"id": f.ID, "name": f.Name, "type": f.Type, "md5": f.MD5, "size": len(f.Data), "isSensitive": f.Sensitive, "blurhash": nil, "comment": nil,
		"properties": map[string]any{"width": f.Width, "height": f.Height}, "url": s.URL + "/files/" + f.ID, "thumbnailUrl": s.URL + "/files/" + f.ID,
		"folderId": nil, "userId": f.by.ID,
	}
	if f.Comment != "" {
		v["comment"] = f.Comment
	}
	return v
}

// upload is drive/files/create: a file with the same bytes is given back
// unless force is set.
func upload(c *call) reply {
	text := func(name string) string { s, _ := c.p[name].(string); return s }
	f := &File{
		Name: text("name"), Type: c.kind, Comment: text("comment"), Sensitive: text("isSensitive") == "true", Data: c.body, by: c.me,
	}
	switch {
	case len(c.body) == 0:
		return invalid("file", "must be given")
	case len(c.body) > 30<<20:
		return failed("MAX_FILE_SIZE_EXCEEDED")
	case utf8.RuneCountInString(f.Comment) > 512:
		return invalid("comment", "must NOT have more than 512 characters")
	}
	sum := md5.Sum(c.body)
	f.MD5 = hex.EncodeToString(sum[:])
	if text("force") != "true" {
		for _, old := range c.files {
			if old.by == c.me && old.MD5 == f.MD5 {
				return ok(c.fileView(old))
			}
		}
	}
	if cfg, _, err := image.DecodeConfig(bytes.NewReader(c.body)); err == nil {
		f.Width, f.Height = cfg.Width, cfg.Height
	} else if strings.HasPrefix(f.Type, "image/") {
		f.Type = "application/octet-stream" // Misskey looks at the bytes
	}
	f.ID = c.id()
	c.files[f.ID] = f
	return ok(c.fileView(f))
}

func (s *Server) file(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	f := s.files[r.PathValue("id")]
	s.mu.Unlock()
	if f == nil {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", f.Type)
	_, _ = w.Write(f.Data)
}
