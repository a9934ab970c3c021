package mastodon

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	bounds "engawa/internal/limits"
	"engawa/social"
)

// Params are the parameters of a request, from the query and from a body in any
// of the forms that clients send: JSON, urlencoded, multipart; with Rails'
// nesting (a[b][], a[0][b]). Values are string, bool, float64, nil,
// []any, Params, or File.
type Params map[string]any

// File is an uploaded file. Data is at most maxUpload bytes.
type File struct {
	Name string
	Type string
	Data []byte
}

// Bounds of a request.
const (
	maxForm   = 1 << 20
	maxUpload = bounds.UploadBytes
	maxParams = 1000
	maxNested = 8
)

// readParams reads everything a request says. Bodies of every method count,
// DELETE's too.
func readParams(w http.ResponseWriter, r *http.Request) (Params, error) {
	p := Params{}
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, badInput("", "the query string cannot be read: "+err.Error())
	}
	if err := p.addForm(query); err != nil {
		return nil, err
	}
	if r.Body == nil || r.Body == http.NoBody || r.Method == http.MethodGet || r.Method == http.MethodHead {
		return p, nil
	}
	kind, args, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil && r.Header.Get("Content-Type") != "" {
		return nil, badInput("Content-Type", "the content type cannot be read: "+err.Error())
	}
	switch {
	case kind == "multipart/form-data":
		return p, p.addMultipart(http.MaxBytesReader(w, r.Body, maxUpload+maxForm), args["boundary"])
	case kind == "application/json" || strings.HasSuffix(kind, "+json"):
		return p, p.addJSON(http.MaxBytesReader(w, r.Body, maxForm))
	case kind == "application/x-www-form-urlencoded" || kind == "":
		return p, p.addURLEncoded(http.MaxBytesReader(w, r.Body, maxForm))
	default:
		return nil, &social.Error{Kind: social.Invalid, Op: "read body", Field: "Content-Type",
			Message: "a body must be application/json, application/x-www-form-urlencoded or multipart/form-data, not " + kind}
	}
}

func badInput(field, message string) error {
	return &social.Error{Kind: social.Invalid, Op: "read parameters", Field: field, Message: message}
}

func readAll(r io.Reader) ([]byte, error) {
	data, err := io.ReadAll(r)
	var tooLong *http.MaxBytesError
	if errors.As(err, &tooLong) {
		return nil, badInput("", "the body is larger than "+strconv.FormatInt(tooLong.Limit, 10)+" bytes")
	}
	if err != nil {
		return nil, badInput("", "the body ended early")
	}
	return data, nil
}

func (p Params) addURLEncoded(r io.Reader) error {
	data, err := readAll(r)
	if err != nil {
		return err
	}
	form, err := url.ParseQuery(string(data))
	if err != nil {
		return badInput("", "the form cannot be read: "+err.Error())
	}
	return p.addForm(form)
}

func (p Params) addJSON(r io.Reader) error {
	data, err := readAll(r)
	if err != nil || len(strings.TrimSpace(string(data))) == 0 {
		return err
	}
	var body map[string]any
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber() // ids as numbers have more digits than a float
	if err := d.Decode(&body); err != nil {
		return badInput("", "the body is not a JSON object: "+err.Error())
	}
	if _, err := d.Token(); err != io.EOF {
		return badInput("", "the body is more than one JSON object")
	}
	for k, v := range body {
		nested, err := fromJSON(v, 0)
		if err != nil {
			return err
		}
		// Some clients write Rails' names into JSON too: {"media_ids[]": […]}.
		if strings.ContainsRune(k, '[') {
			if list, ok := nested.([]any); ok && strings.HasSuffix(k, "[]") {
				p[strings.TrimSuffix(k, "[]")] = list
				continue
			}
			if err := p.set(k, nested); err != nil {
				return err
			}
			continue
		}
		p[k] = nested
	}
	return nil
}

func fromJSON(v any, depth int) (any, error) {
	if depth > maxNested {
		return nil, badInput("", "the body is nested too deeply")
	}
	switch v := v.(type) {
	case map[string]any:
		p := Params{}
		for k, x := range v {
			y, err := fromJSON(x, depth+1)
			if err != nil {
				return nil, err
			}
			p[k] = y
		}
		return p, nil
	case []any:
		for i, x := range v {
			y, err := fromJSON(x, depth+1)
			if err != nil {
				return nil, err
			}
			v[i] = y
		}
		return v, nil
	case json.Number:
		if strings.ContainsAny(v.String(), ".eE") {
			f, _ := v.Float64()
			return f, nil
		}
		return v.String(), nil
	default:
		return v, nil
	}
}

func (p Params) addMultipart(r io.Reader, boundary string) error {
	if boundary == "" {
		return badInput("Content-Type", "multipart/form-data needs a boundary")
	}
	mr := multipart.NewReader(r, boundary)
	for n := 0; ; n++ {
		part, err := mr.NextPart()
		if err == io.EOF {
			return nil
		}
		if err != nil || n > maxParams {
			return badInput("", "the multipart body cannot be read to its end")
		}
		if err := p.addPart(part); err != nil {
			return err
		}
	}
}

func (p Params) addPart(part *multipart.Part) error {
	defer part.Close()
	name := part.FormName()
	if name == "" {
		return nil
	}
	limit := int64(maxForm)
	if part.FileName() != "" {
		limit = maxUpload
	}
	data, err := readAll(io.LimitReader(part, limit+1))
	if err != nil {
		return err
	}
	if int64(len(data)) > limit {
		return badInput(name, "this part is larger than "+strconv.FormatInt(limit, 10)+" bytes")
	}
	if part.FileName() != "" {
		return p.set(name, File{Name: part.FileName(), Type: part.Header.Get("Content-Type"), Data: data})
	}
	return p.set(name, string(data))
}

func (p Params) addForm(form url.Values) error {
	if len(form) > maxParams {
		return badInput("", "too many parameters")
	}
	for k, values := range form {
		for _, v := range values {
			if err := p.set(k, v); err != nil {
				return err
			}
		}
	}
	return nil
}

// set puts a value where a name in Rails' manner says: a, a[b], a[], a[0][b].
func (p Params) set(name string, v any) error {
	head, rest, nested := strings.Cut(name, "[")
	if !nested || head == "" {
		p[name] = v
		return nil
	}
	keys := strings.Split(strings.TrimSuffix(rest, "]"), "][")
	if len(keys) > maxNested {
		return badInput(head, "nested too deeply")
	}
	return p.nest(head, keys, v)
}

func (p Params) nest(head string, keys []string, v any) error {
	switch {
	case len(keys) == 0:
		p[head] = v
		return nil
	case keys[0] == "":
		list, _ := p[head].([]any)
		if len(list) >= maxParams {
			return badInput(head, "too many values")
		}
		p[head] = appendNested(list, keys[1:], v)
		return nil
	default:
		child, ok := p[head].(Params)
		if !ok {
			child = Params{}
			p[head] = child
		}
		return child.nest(keys[0], keys[1:], v)
	}
}

// appendNested handles a[][b]=1&a[][c]=2: a key that is there already begins
// the next element, as Rails reads it.
func appendNested(list []any, keys []string, v any) []any {
	if len(keys) == 0 {
		return append(list, v)
	}
	if n := len(list); n > 0 {
		if last, ok := list[n-1].(Params); ok {
			if _, taken := last[keys[0]]; !taken {
				_ = last.nest(keys[0], keys[1:], v)
				return list
			}
		}
	}
	next := Params{}
	_ = next.nest(keys[0], keys[1:], v)
	return append(list, next)
}
