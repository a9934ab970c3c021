package misskey

import (
	"bytes"
	"context"
	"io"
	"mime/multipart"
	"net/textproto"
	"strconv"
	"strings"

	"engawa/internal/loose"
	"engawa/social"
)

// upload brings the files of a Part into the account's drive, in order.
func (s *session) upload(ctx context.Context, p *social.Part) ([]string, error) {
	var ids []string
	for i := range p.Media {
		id, err := s.uploadOne(ctx, p, i)
		if err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	return ids, nil
}

// uploadOne is drive/files/create. The drive knows a file by its hash and
// answers with the one it has, so that a try that is repeated fills no room;
// where that one bears another description, the file is stored once more.
func (s *session) uploadOne(ctx context.Context, p *social.Part, i int) (string, error) {
	f := &p.Media[i]
	made, err := s.store(ctx, p, f, i, false)
	if err == nil && (made.Comment != alt(f.Alt) || p.Sensitive && !made.IsSensitive) {
		made, err = s.store(ctx, p, f, i, true)
	}
	if err != nil {
		return "", err
	}
	return string(made.ID), nil
}

func (s *session) store(ctx context.Context, p *social.Part, f *social.PartFile, i int, force bool) (*file, error) {
	r, size, kind, err := s.Files.Open(ctx, f)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	fields := [][2]string{
		{"i", s.token}, {"name", strconv.FormatInt(int64(f.Media), 10) + "-" + strconv.Itoa(i+1) + ending(kind)},
		{"isSensitive", strconv.FormatBool(p.Sensitive)}, {"force", strconv.FormatBool(force)},
	}
	if f.Alt != "" {
		fields = append(fields, [2]string{"comment", alt(f.Alt)})
	}
	head, tail, formType, err := form(fields, kind)
	if err != nil {
		return nil, err
	}
	body := io.MultiReader(bytes.NewReader(head), io.LimitReader(r, size), bytes.NewReader(tail))
	a, err := s.post(ctx, s.base, "drive/files/create", formType, body, int64(len(head))+size+int64(len(tail)), uploadTime)
	if err != nil {
		return nil, err
	}
	var made file
	if err := s.read(s.base, "drive/files/create", a, &made); err != nil {
		return nil, err
	}
	if made.ID == "" {
		return nil, nonsense(s.base, false, nil)
	}
	return &made, nil
}

// form is what stands before and after the file in a multipart body (RFC 7578).
func form(fields [][2]string, kind string) (head, tail []byte, formType string, err error) {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for _, f := range fields {
		if err = w.WriteField(f[0], f[1]); err != nil {
			return nil, nil, "", err
		}
	}
	h := textproto.MIMEHeader{}
	h.Set("Content-Disposition", `form-data; name="file"; filename="file`+ending(kind)+`"`)
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

// ending is the end of a file's name by its type: image/png → .png.
func ending(kind string) string {
	kind, _, _ = strings.Cut(kind, ";")
	_, sub, _ := strings.Cut(strings.TrimSpace(kind), "/")
	if sub == "jpeg" {
		sub = "jpg"
	}
	if !loose.IsID(sub) {
		return ""
	}
	return "." + sub
}
