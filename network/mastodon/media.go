package mastodon

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"time"

	"engawa/internal/loose"
	"engawa/network"
	"engawa/social"
)

// upload brings the files of a Part there, in order.
func (s *session) upload(ctx context.Context, p *social.Part) ([]string, error) {
	var ids []string
	for i := range p.Media {
		id, err := s.uploadOne(ctx, &p.Media[i])
		if err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	return ids, nil
}

// uploadOne is POST /api/v2/media, or the older /api/v1/media, and waits until
// the medium can be used.
func (s *session) uploadOne(ctx context.Context, f *social.PartFile) (string, error) {
	for _, path := range []string{"/api/v2/media", "/api/v1/media"} {
		var made media
		status, err := s.uploadTo(ctx, path, f, &made)
		if status == http.StatusNotFound {
			continue
		}
		if err != nil {
			return "", err
		}
		if made.ID == "" {
			return "", nonsense(s.base, false, nil)
		}
		if status == http.StatusAccepted || made.URL == "" {
			return string(made.ID), s.ready(ctx, string(made.ID))
		}
		return string(made.ID), nil
	}
	return "", network.NoFiles(hostOf(s.base))
}

func (s *session) uploadTo(ctx context.Context, path string, f *social.PartFile, out *media) (int, error) {
	r, size, kind, err := s.Files.Open(ctx, f)
	if err != nil {
		return 0, err
	}
	defer r.Close()
	head, tail, formType, err := form(s.alt(f.Alt), kind)
	if err != nil {
		return 0, err
	}
	c := call{
		method: "POST", path: path, kind: formType, time: uploadTime,
		stream: io.MultiReader(bytes.NewReader(head), io.LimitReader(r, size), bytes.NewReader(tail)), size: int64(len(head)) + size + int64(len(tail)),
	}
	return s.askStatus(ctx, c, out)
}

// form is what stands before and after the file in a multipart body (RFC 7578).
func form(alt, kind string) (head, tail []byte, formType string, err error) {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	if alt != "" {
		if err = w.WriteField("description", alt); err != nil {
			return nil, nil, "", err
		}
	}
	h := textproto.MIMEHeader{}
	h.Set("Content-Disposition", fmt.Sprintf(`form-data; name="file"; filename="file%s"`, extension(kind)))
	h.Set("Content-Type", kind)
	if _, err = w.CreatePart(h); err != nil {
		return nil, nil, "", err
	}
	head = bytes.Clone(b.Bytes())
	if err = w.Close(); err != nil {
		return nil, nil, "", err
	}
	return head, b.Bytes()[len(head):], w.FormDataContentType(), nil
}

// extension is an ending that servers know the type by.
func extension(kind string) string {
	kind, _, _ = mime.ParseMediaType(kind)
	for ext, t := range contentTypes {
		if t == kind && ext != ".jpeg" {
			return ext
		}
	}
	return ""
}

// looks is how often a medium is asked after; the pauses grow to 5 seconds,
// about two minutes in all.
const looks = 30

// ready waits for a medium that is being worked on: 206 until it is there
// (facts/mastodon.md 3.5).
func (s *session) ready(ctx context.Context, id string) error {
	for i := range looks {
		if err := s.pause(ctx, min(time.Duration(i+1)*500*time.Millisecond, 5*time.Second)); err != nil {
			return err
		}
		var m media
		status, err := s.askStatus(ctx, call{method: "GET", path: "/api/v1/media/" + id}, &m)
		switch {
		case status == http.StatusUnprocessableEntity:
			return network.BadFile(hostOf(s.base), "", err)
		case err != nil:
			return err
		case status == http.StatusOK && loose.WebURL(m.URL) != "":
			return nil
		}
	}
	return network.FileBusy(hostOf(s.base))
}
