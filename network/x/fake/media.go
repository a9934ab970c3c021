package fake

import (
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"strings"
)

// File is a medium on the fake X.
type File struct {
	ID, Key, Type, Category, Alt string
	Sensitive                    bool
	Bytes                        []byte
	Owner                        *User
	total                        int64
	ready                        bool
	asked                        int
}

// caps are the most bytes of each category.
var caps = map[string]int64{"tweet_image": 5 << 20, "tweet_gif": 15 << 20, "tweet_video": 512 << 20}

func (f *X) newFile(who *User, kind, category string, total int64) *File {
	f.nextID++
	id := strconv.FormatInt(1_900_000_000_000_000_000+f.nextID, 10)
	file := &File{ID: id, Key: "3_" + id, Type: kind, Category: category, Owner: who, total: total}
	f.media[id] = file
	return file
}

func (file *File) says() map[string]any {
	return map[string]any{"id": file.ID, "media_key": file.Key, "expires_after_secs": 86400, "size": len(file.Bytes)}
}

// oneShot takes pictures whole.
func (f *X) oneShot(who *User, r *http.Request) reply {
	bytes, refused := part(r)
	if refused != nil {
		return *refused
	}
	category := r.FormValue("media_category")
	if category != "tweet_image" {
		return invalid("media_category: one request is for images")
	}
	file := f.newFile(who, r.FormValue("media_type"), category, int64(len(bytes)))
	file.Bytes, file.ready = bytes, true
	return reply{status: 200, body: map[string]any{"data": file.says()}}
}

// part reads the multipart field media; more than 4 MiB at once is refused by
// 431, as one saw for 5 MB.
func part(r *http.Request) ([]byte, *reply) {
	if !strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/form-data") {
		bad := invalid("multipart is needed")
		return nil, &bad
	}
	file, _, err := r.FormFile("media")
	if err != nil { // twitter-api-v2 sends no file name
		if value := r.MultipartForm; value != nil && len(value.Value["media"]) == 1 {
			return []byte(value.Value["media"][0]), nil
		}
		bad := invalid("media: the field is missing")
		return nil, &bad
	}
	bytes, err := io.ReadAll(file)
	if err != nil || len(bytes) > 5<<20 {
		bad := problem(431, "Request Header Fields Too Large", "too large")
		return nil, &bad
	}
	return bytes, nil
}

func (f *X) initialize(who *User, r *http.Request) reply {
	var in struct {
		Type     string `json:"media_type"`
		Total    int64  `json:"total_bytes"`
		Category string `json:"media_category"`
	}
	if json.NewDecoder(r.Body).Decode(&in) != nil || in.Type == "" || in.Total <= 0 || caps[in.Category] == 0 {
		return invalid("media_type, total_bytes and media_category are needed")
	}
	if in.Total > caps[in.Category] {
		return invalid("total_bytes: too large for " + in.Category)
	}
	return reply{status: 200, body: map[string]any{"data": f.newFile(who, in.Type, in.Category, in.Total).says()}}
}

func (f *X) appendTo(who *User, r *http.Request) reply {
	file := f.media[r.PathValue("id")]
	if file == nil || file.Owner != who {
		return problem(404, "Not Found", "no such upload")
	}
	bytes, refused := part(r)
	if refused != nil {
		return *refused
	}
	if n, err := strconv.Atoi(r.FormValue("segment_index")); err != nil || n < 0 || n > 999 {
		return invalid("segment_index")
	}
	file.Bytes = append(file.Bytes, bytes...)
	return reply{status: 200, body: map[string]any{"data": map[string]any{"expires_at": f.Clock.Now().Unix() + 86400}}}
}

func (f *X) finalize(who *User, r *http.Request) reply {
	file := f.media[r.PathValue("id")]
	if file == nil || file.Owner != who {
		return problem(404, "Not Found", "no such upload")
	}
	if int64(len(file.Bytes)) != file.total {
		return invalid("the segments have " + strconv.Itoa(len(file.Bytes)) + " bytes, not " + strconv.FormatInt(file.total, 10))
	}
	file.ready = f.Processing == 0 && !f.FailMedia
	says := file.says()
	if !file.ready {
		says["processing_info"] = map[string]any{"state": "pending", "check_after_secs": 1}
	}
	return reply{status: 200, body: map[string]any{"data": says}}
}

func (f *X) status(who *User, r *http.Request) reply {
	file := f.media[r.URL.Query().Get("media_id")]
	if r.URL.Query().Get("command") != "STATUS" || file == nil || file.Owner != who {
		return invalid("command=STATUS and a media_id are needed")
	}
	file.asked++
	says := file.says()
	switch {
	case file.asked <= f.Processing:
		says["processing_info"] = map[string]any{"state": "in_progress", "check_after_secs": 2, "progress_percent": 100 * file.asked / (f.Processing + 1)}
	case f.FailMedia:
		says["processing_info"] = map[string]any{"state": "failed", "error": map[string]any{"code": 1, "name": "InvalidMedia", "message": "file is currently unsupported"}}
	default:
		file.ready = true
		says["processing_info"] = map[string]any{"state": "succeeded", "progress_percent": 100}
	}
	return reply{status: 200, body: map[string]any{"data": says}}
}

func (f *X) metadata(who *User, r *http.Request) reply {
	var in struct {
		ID       string
		Metadata struct {
			Alt *struct{ Text string } `json:"alt_text"`
			// Known from X's OpenAPI text.
			Warning *struct{ Other bool } `json:"sensitive_media_warning"`
		}
	}
	if json.NewDecoder(r.Body).Decode(&in) != nil {
		return invalid("the body is no JSON")
	}
	file := f.media[in.ID]
	if file == nil || file.Owner != who {
		return invalid("id: no such medium")
	}
	if a := in.Metadata.Alt; a != nil {
		if len([]rune(a.Text)) > 1000 {
			return invalid("alt_text: at most 1000 characters")
		}
		file.Alt = a.Text
	}
	file.Sensitive = in.Metadata.Warning != nil && in.Metadata.Warning.Other
	f.charge(5_000, "")
	return reply{status: 200, body: map[string]any{"data": map[string]any{"id": in.ID, "associated_metadata": map[string]any{}}}}
}
