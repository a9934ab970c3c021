package discord

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/textproto"
	"strconv"
	"unicode/utf8"

	"engawa/network"
	"engawa/social"
)

// message is the JSON of a message (Execute Webhook, JSON/form params).
type message struct {
	Content     string       `json:"content"`
	Username    string       `json:"username,omitempty"`
	Embeds      []embed      `json:"embeds"`
	Allowed     allowed      `json:"allowed_mentions"`
	Attachments []attachment `json:"attachments"`
}

// allowed is always empty: no text of a post calls anybody in Discord.
type allowed struct {
	Parse []string `json:"parse"`
}

type embed struct {
	Title       string `json:"title,omitempty"`
	Description string `json:"description,omitempty"`
	URL         string `json:"url,omitempty"`
}

type attachment struct {
	ID          int    `json:"id"`
	Filename    string `json:"filename"`
	Description string `json:"description,omitempty"`
}

// messageOf writes p as a message, without its files. A text that Discord's
// marks make longer than a message may be goes into an embed, which takes more.
func messageOf(p *social.Part, set settings) (*message, error) {
	m := &message{Username: set.Username, Embeds: []embed{}, Allowed: allowed{Parse: []string{}}, Attachments: []attachment{}}
	m.Content = content(p)
	if utf8.RuneCountInString(m.Content) > MaxText {
		if utf8.RuneCountInString(m.Content) > maxEmbedText {
			return nil, network.TooLong("Discord", nil)
		}
		m.Embeds = append(m.Embeds, embed{Description: m.Content})
		m.Content = ""
	}
	if url := address(p.Quote); url != "" {
		m.Embeds = append(m.Embeds, embed{Title: "❝ " + cut(url, 200), URL: url})
	}
	if url := address(p.Boost); url != "" {
		m.Embeds = append(m.Embeds, embed{Title: "🔁 " + cut(url, 200), URL: url})
	}
	if p.Link != "" && safe(p.Link) {
		m.Embeds = append(m.Embeds, embed{Title: cut(p.Link, 200), URL: p.Link})
	}
	if len(p.Media) > maxFiles {
		return nil, network.TooMany("Discord", 10)
	}
	if m.Content == "" && len(m.Embeds) == 0 && len(p.Media) == 0 {
		return nil, network.Empty("Discord")
	}
	return m, nil
}

// address is where a post on whatever network can be read.
func address(r social.Ref) string {
	for _, u := range []string{r.URL, r.URI} {
		if safe(u) {
			return u
		}
	}
	return ""
}

// encode makes the body: JSON, or with files multipart with payload_json and
// files[n] (Uploading Files). A file of a warned or sensitive post has a name
// that begins with SPOILER_, which covers it.
func (n *Network) encode(ctx context.Context, m *message, p *social.Part) (body []byte, contentType string, err error) {
	if len(p.Media) == 0 {
		body, err = json.Marshal(m)
		return body, "application/json", err
	}
	files := make([]file, len(p.Media))
	for i := range p.Media {
		if files[i], err = n.open(ctx, p, i); err != nil {
			return nil, "", err
		}
		m.Attachments = append(m.Attachments, attachment{ID: i, Filename: files[i].name, Description: cut(p.Media[i].Alt, maxAlt)})
	}
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	payload, err := json.Marshal(m)
	if err != nil {
		return nil, "", err
	}
	part, err := w.CreatePart(textproto.MIMEHeader{"Content-Disposition": {`form-data; name="payload_json"`}, "Content-Type": {"application/json"}})
	if err == nil {
		_, err = part.Write(payload)
	}
	for i := 0; i < len(files) && err == nil; i++ {
		part, err = w.CreatePart(textproto.MIMEHeader{
			"Content-Disposition": {fmt.Sprintf(`form-data; name="files[%d]"; filename="%s"`, i, files[i].name)},
			"Content-Type":        {files[i].kind}})
		if err == nil {
			_, err = part.Write(files[i].bytes)
		}
	}
	if err = errors.Join(err, w.Close()); err != nil {
		return nil, "", err
	}
	return b.Bytes(), w.FormDataContentType(), nil
}

// file is one medium as it is sent.
type file struct {
	name, kind string
	bytes      []byte
}

// open reads the i-th medium of p, fitted.
func (n *Network) open(ctx context.Context, p *social.Part, i int) (file, error) {
	f := p.Media[i]
	if f.Bytes == 0 || f.Bytes > maxFileBytes {
		f.Bytes = maxFileBytes
	}
	r, _, kind, err := n.Files.Open(ctx, &f)
	if err != nil {
		return file{}, err
	}
	defer r.Close()
	data, err := io.ReadAll(io.LimitReader(r, maxFileBytes+1))
	if err != nil {
		return file{}, network.FileLost(err)
	}
	if len(data) > maxFileBytes {
		return file{}, network.TooLarge("Discord", nil)
	}
	name := strconv.Itoa(i+1) + extension(kind)
	if p.Sensitive || p.Warning != "" {
		name = "SPOILER_" + name
	}
	return file{name: name, kind: kind, bytes: data}, nil
}

// extension is the end of a file's name, by which Discord knows what to show.
func extension(kind string) string {
	kind, _, _ = mime.ParseMediaType(kind)
	if e, ok := map[string]string{"image/jpeg": ".jpg", "image/png": ".png", "image/gif": ".gif", "image/webp": ".webp", "image/avif": ".avif",
		"video/mp4": ".mp4", "video/webm": ".webm", "video/quicktime": ".mov", "audio/mpeg": ".mp3", "audio/ogg": ".ogg",
		"audio/mp4": ".m4a", "audio/flac": ".flac", "audio/wav": ".wav"}[kind]; ok {
		return e
	}
	return ".bin"
}
