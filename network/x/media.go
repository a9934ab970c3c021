package x

import (
	"bytes"
	"context"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"engawa/internal/locale"
	"engawa/network"
	"engawa/social"
)

// chunk is how much of a film goes in one request: X once refused 5 MB by 431.
const chunk = 1 << 20

// uploadedFile is a medium that X has and no post uses yet.
type uploadedFile struct {
	id        string
	expires   time.Time
	ready     bool // X has worked through it
	described bool
}

// upload is what X says of a medium.
type upload struct {
	Data struct {
		ID         string `json:"id"`
		Expires    int64  `json:"expires_after_secs"`
		Processing *struct {
			State string `json:"state"`
			After int64  `json:"check_after_secs"`
			Error struct {
				Message string `json:"message"`
			} `json:"error"`
		} `json:"processing_info"`
	} `json:"data"`
}

// media uploads the files of p, from where an earlier try came to, and says
// what it cost.
func (x *X) media(ctx context.Context, l *social.Login, p *social.Part) (ids []string, cost int64, err error) {
	for i := range p.Media {
		f := p.Media[i]
		if f.Alt != "" || p.Sensitive {
			cost += PriceMetadata
		}
		key := strconv.FormatInt(int64(l.ID), 10) + "/" + p.Key + "/" + strconv.Itoa(i)
		id, err := x.bring(ctx, l, key, &f, p.Sensitive)
		if err != nil {
			return nil, 0, err
		}
		ids = append(ids, id)
	}
	return ids, cost, nil
}

// bring takes one file through upload, processing and description. Each step
// is remembered under key, so that a try that ends early goes on there.
func (x *X) bring(ctx context.Context, l *social.Login, key string, f *social.PartFile, sensitive bool) (string, error) {
	x.mu.Lock()
	at, ok := x.uploads.get(key)
	x.mu.Unlock()
	keep := func() {
		x.mu.Lock()
		x.uploads.put(key, at)
		x.mu.Unlock()
	}
	if !ok || !x.now().Before(at.expires) {
		u, err := x.upload(ctx, l, f)
		if err != nil {
			return "", err
		}
		lasts := time.Duration(min(max(u.Data.Expires-60, 0), 7*86400)) * time.Second
		at = uploadedFile{id: u.Data.ID, expires: x.now().Add(lasts), ready: u.done()}
		keep()
	}
	if !at.ready {
		if err := x.processed(ctx, l, at.id); err != nil {
			var e *social.LinkError
			if errors.As(err, &e) && e.Class != social.TryAgain {
				at.expires = time.Time{} // it is of no use
				keep()
			}
			return "", err
		}
		at.ready = true
		keep()
	}
	if (f.Alt != "" || sensitive) && !at.described {
		if err := x.describeMedia(ctx, l, at.id, f.Alt, sensitive); err != nil {
			return "", err
		}
		at.described = true
		keep()
	}
	return at.id, nil
}

// upload brings one file there: pictures in one request, the rest in chunks.
func (x *X) upload(ctx context.Context, l *social.Login, f *social.PartFile) (*upload, error) {
	if x.Files == nil {
		return nil, network.NoFiles("X")
	}
	fit := *f
	if f.Kind == social.Image && (fit.Bytes == 0 || fit.Bytes > imageBytes) {
		fit.Bytes = imageBytes
	}
	r, size, contentType, err := x.Files.Open(ctx, &fit)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	contentType, _, err = mime.ParseMediaType(contentType)
	if err != nil {
		return nil, network.Fix(locale.W("link.fail.file_unknown"), network.DoNoFile)
	}
	category, most := "", int64(0)
	switch {
	case contentType == "image/gif":
		category, most = "tweet_gif", gifBytes
	case strings.HasPrefix(contentType, "image/"):
		category, most = "tweet_image", imageBytes
	case strings.HasPrefix(contentType, "video/"):
		category, most = "tweet_video", videoBytes
	default:
		return nil, network.WrongKind("X", contentType, nil)
	}
	if size > most || size <= 0 {
		return nil, network.Fix(locale.W("link.fail.large_of", "where", "X", "size", size, "most", most), network.DoSmaller)
	}
	if category == "tweet_image" {
		return x.oneShot(ctx, l, io.LimitReader(r, size), contentType, category)
	}
	return x.chunked(ctx, l, r, size, contentType, category)
}

func (x *X) oneShot(ctx context.Context, l *social.Login, r io.Reader, contentType, category string) (*upload, error) {
	raw, form, err := multi(r, contentType, [][2]string{{"media_category", category}, {"media_type", contentType}})
	if err != nil {
		return nil, err
	}
	var u upload
	err = x.do(ctx, l, &call{method: http.MethodPost, path: "/2/media/upload", raw: raw, contentType: form}, &u)
	return known(&u, err)
}

func (x *X) chunked(ctx context.Context, l *social.Login, r io.Reader, size int64, contentType, category string) (*upload, error) {
	var begun upload
	err := x.do(ctx, l, &call{method: http.MethodPost, path: "/2/media/upload/initialize",
		body: map[string]any{"media_type": contentType, "total_bytes": size, "media_category": category}}, &begun)
	if err != nil {
		return nil, err
	}
	id := begun.Data.ID
	if !number(id) {
		return nil, lost(errors.New("the upload has no id"), false)
	}
	for segment, left := 0, size; left > 0; segment, left = segment+1, left-chunk {
		raw, form, err := multi(io.LimitReader(r, min(left, chunk)), contentType, [][2]string{{"segment_index", strconv.Itoa(segment)}})
		if err != nil {
			return nil, err
		}
		if err := x.do(ctx, l, &call{method: http.MethodPost, path: "/2/media/upload/" + id + "/append", raw: raw, contentType: form}, nil); err != nil {
			return nil, err
		}
	}
	var u upload
	err = x.do(ctx, l, &call{method: http.MethodPost, path: "/2/media/upload/" + id + "/finalize"}, &u)
	if u.Data.Expires == 0 {
		u.Data.Expires = begun.Data.Expires
	}
	return known(&u, err)
}

// known is an upload that X gave an id.
func known(u *upload, err error) (*upload, error) {
	if err == nil && !number(u.Data.ID) {
		err = lost(errors.New("the medium has no id"), false)
	}
	return u, err
}

// done reports whether X has worked through it.
func (u *upload) done() bool {
	return u.Data.Processing == nil || u.Data.Processing.State == "succeeded"
}

// asks is how often X is asked whether a medium is ready.
const asks = 40

// processed waits until X has worked through a medium.
func (x *X) processed(ctx context.Context, l *social.Login, id string) error {
	wait := time.Second
	for range asks {
		if err := x.pause(ctx, wait); err != nil {
			return lost(err, false)
		}
		var u upload
		err := x.do(ctx, l, &call{method: http.MethodGet, path: "/2/media/upload", query: url.Values{"command": {"STATUS"}, "media_id": {id}}}, &u)
		switch {
		case err != nil:
			return err
		case u.done():
			return nil
		case u.Data.Processing.State == "failed":
			return network.BadFile("X", short(u.Data.Processing.Error.Message), nil)
		}
		wait = time.Duration(min(max(u.Data.Processing.After, 1), 30)) * time.Second
	}
	return network.FileBusy("X")
}

// describeMedia sets the alternative text and the mark of what is sensitive.
// The latter's field is known from X's OpenAPI text, not from the facts.
func (x *X) describeMedia(ctx context.Context, l *social.Login, id, alt string, sensitive bool) error {
	type text struct {
		Text string `json:"text"`
	}
	type warning struct {
		Other bool `json:"other"`
	}
	var body struct {
		ID       string `json:"id"`
		Metadata struct {
			Alt     *text    `json:"alt_text,omitempty"`
			Warning *warning `json:"sensitive_media_warning,omitempty"`
		} `json:"metadata"`
	}
	body.ID = id
	if alt != "" {
		body.Metadata.Alt = &text{cut(alt, altChars)}
	}
	if sensitive {
		body.Metadata.Warning = &warning{true}
	}
	return x.do(ctx, l, &call{method: http.MethodPost, path: "/2/media/metadata", body: &body}, nil)
}

// multi is a multipart body with one file "media" and some fields.
func multi(file io.Reader, contentType string, fields [][2]string) (body []byte, form string, err error) {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for _, f := range fields {
		if err := w.WriteField(f[0], f[1]); err != nil {
			return nil, "", err
		}
	}
	part, err := w.CreatePart(textproto.MIMEHeader{
		"Content-Disposition": {`form-data; name="media"; filename="media"`}, "Content-Type": {contentType}})
	if err == nil {
		_, err = io.Copy(part, file)
	}
	if err == nil {
		err = w.Close()
	}
	return b.Bytes(), w.FormDataContentType(), err
}

// cut is s with at most n characters.
func cut(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	runes := []rune(s)
	return string(runes[:n-1]) + "…"
}

func short(s string) string { return cut(s, 200) }
