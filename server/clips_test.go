package server_test

import (
	"bytes"
	"encoding/json"
	"mime/multipart"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// sendClip sends a file to the API.
func (p *person) sendClip(path string, data []byte) (*answer, map[string]any) {
	p.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	part, err := w.CreateFormFile("file", "clip")
	if err != nil {
		p.Fatal(err)
	}
	_, _ = part.Write(data)
	_ = w.WriteField("description", "a test")
	_ = w.Close()
	a := p.do("POST", path, w.FormDataContentType(), body.String())
	var out map[string]any
	if err := json.Unmarshal([]byte(a.body), &out); err != nil {
		p.Fatalf("%d %s", a.status, a.body)
	}
	return a, out
}

func film(t *testing.T) []byte {
	t.Helper()
	path := filepath.Join(t.TempDir(), "a.mp4")
	out, err := exec.Command("ffmpeg", "-nostdin", "-loglevel", "error", "-f", "lavfi", "-i", "testsrc=size=320x240:rate=10:duration=1",
		"-f", "lavfi", "-i", "sine=duration=1", "-metadata", "title=SECRET", path).CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// ready asks for a medium until it is no longer on its way.
func (p *person) ready(id string) *answer {
	p.Helper()
	for range 1000 {
		a := p.get("/api/v1/media/" + id)
		if a.status != http.StatusPartialContent {
			return a
		}
		select {
		case <-p.Context().Done():
		case <-time.After(20 * time.Millisecond):
		}
	}
	p.Fatal("the film never came")
	return nil
}

func TestFilms(t *testing.T) {
	if _, err := exec.LookPath("ffmpeg"); err != nil {
		const how = "ffmpeg is not here: scripts/deps test installs it"
		if os.Getenv("CI") != "" {
			t.Fatal(how)
		}
		t.Skip(how)
	}
	x := attack(t)
	hanako, taro := x.person("hanako"), x.person("taro")
	data := film(t)
	a, first := hanako.sendClip("/api/v2/media", data)
	if a.status != http.StatusAccepted || first["url"] != nil || first["type"] != "video" {
		t.Fatalf("%d %v", a.status, first)
	}
	id := first["id"].(string)
	if a := hanako.get("/api/v1/media/" + id); a.status != http.StatusPartialContent {
		t.Errorf("on its way: %d", a.status)
	}
	if a := taro.get("/api/v1/media/" + id); a.status != http.StatusNotFound {
		t.Errorf("somebody else's: %d", a.status)
	}
	post := `{"status":"look","media_ids":["` + id + `"]}`
	if a := hanako.do("POST", "/api/v1/statuses", "application/json", post); a.status != 422 || !strings.Contains(a.body, "finished processing") {
		t.Errorf("a post too early: %d %s", a.status, a.body)
	}
	x.work()
	var m map[string]any
	if a := hanako.ready(id); json.Unmarshal([]byte(a.body), &m) != nil || a.status != http.StatusOK {
		t.Fatalf("%d %s", a.status, a.body)
	}
	original := m["meta"].(map[string]any)["original"].(map[string]any)
	if m["type"] != "video" || m["blurhash"] == nil || m["description"] != "a test" || original["width"] != 320.0 || original["frame_rate"] != "10/1" || original["duration"].(float64) < 0.9 {
		t.Errorf("%v", m)
	}
	for field, kind := range map[string]string{"url": "video/mp4", "preview_url": "image/"} {
		address := m[field].(string)
		a := x.stranger().get(strings.TrimPrefix(address, here))
		if a.status != http.StatusOK || !strings.HasPrefix(a.header.Get("Content-Type"), kind) || strings.Contains(a.body, "SECRET") {
			t.Errorf("%s: %d %s", field, a.status, a.header.Get("Content-Type"))
		}
	}
	if got := hanako.json("POST", "/api/v1/statuses", json.RawMessage(post)); len(got["media_attachments"].([]any)) != 1 {
		t.Errorf("%v", got)
	}
	if a := x.stranger().get("/blob/incoming/"); a.status != http.StatusNotFound {
		t.Errorf("what came is shown: %d", a.status)
	}

	_, bad := hanako.sendClip("/api/v2/media", append([]byte("\x00\x00\x00\x18ftypmp42"), bytes.Repeat([]byte{0}, 500)...))
	if a := hanako.ready(bad["id"].(string)); a.status != 422 {
		t.Errorf("what is no film: %d %s", a.status, a.body)
	}
}

// Without ffmpeg a film is refused with the reason, and pictures go on.
func TestFilmsWithoutTools(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	x := attack(t)
	hanako := x.person("hanako")
	a, out := hanako.sendClip("/api/v2/media", []byte("\x00\x00\x00\x18ftypmp42aaaa"))
	if a.status != 422 || !strings.Contains(out["error"].(string), "ffmpeg") {
		t.Errorf("%d %v", a.status, out)
	}
	instance := x.stranger().json("GET", "/api/v2/instance", map[string]any{})
	types := instance["configuration"].(map[string]any)["media_attachments"].(map[string]any)["supported_mime_types"]
	if raw, _ := json.Marshal(types); strings.Contains(string(raw), "video") {
		t.Errorf("films are said to be taken: %s", raw)
	}
}
