package media

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// tools are the machine's; without them there is nothing to try.
func tools(t *testing.T) *Tools {
	t.Helper()
	tools := FindTools()
	if tools == nil {
		const how = "ffmpeg is not here: scripts/deps test installs it"
		if os.Getenv("CI") != "" {
			t.Fatal(how)
		}
		t.Skip(how)
	}
	return tools
}

// filmed lets ffmpeg draw a test picture and hum, in a folder of its own.
func filmed(t *testing.T, tools *Tools, name string, args ...string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	out, err := exec.Command(tools.FFmpeg, append(append([]string{"-nostdin", "-loglevel", "error", "-y"}, args...), path)...).CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return path
}

var (
	picture = []string{"-f", "lavfi", "-i", "testsrc=size=321x241:rate=10:duration=1"}
	hum     = []string{"-f", "lavfi", "-i", "sine=frequency=440:duration=1"}
	secret  = []string{"-metadata", "title=SECRET-TITLE", "-metadata", "location=+35.0+135.0/", "-metadata", "comment=SECRET-COMMENT"}
)

func all(parts ...[]string) (out []string) {
	for _, p := range parts {
		out = append(out, p...)
	}
	return out
}

func TestClips(t *testing.T) {
	tools := tools(t)
	for _, c := range []struct {
		name  string
		args  []string
		kind  Moving
		video bool
	}{
		{"a.mp4", all(picture, hum, secret, []string{"-shortest"}), MOV, true},
		{"a.mov", all(picture, secret), MOV, true},
		{"a.webm", all(picture, hum, []string{"-c:v", "vp8", "-c:a", "libvorbis"}, secret), Matroska, true},
		{"a.mp3", all(hum, secret), MP3, false},
		{"a.ogg", all(hum, []string{"-c:a", "libvorbis"}, secret), OGG, false},
		{"a.flac", all(hum, secret), FLAC, false},
		{"a.wav", all(hum, secret), WAV, false},
		{"a.m4a", all(hum, secret), MOV, false},
	} {
		path := filmed(t, tools, c.name, c.args...)
		came, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if got := SniffMoving(came); got != c.kind {
			t.Errorf("%s is taken for %q", c.name, got)
			continue
		}
		m, err := tools.Make(t.Context(), path, c.kind)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		made, err := os.ReadFile(m.File)
		if err != nil || SniffMoving(made) != MOV || int64(len(made)) != m.Size {
			t.Errorf("%s became %d bytes, %v", c.name, len(made), err)
		}
		for _, word := range []string{"SECRET", "+35.0"} {
			if strings.Contains(string(made), word) {
				t.Errorf("%s still says %q", c.name, word)
			}
		}
		if m.Video != c.video || m.Duration < 900*time.Millisecond || m.Duration > 1500*time.Millisecond {
			t.Errorf("%s: %+v", c.name, m.Clip)
		}
		if c.video && (m.Type != MP4 || m.Width != 320 || m.Height != 240 || m.Rate != "10/1") || !c.video && (m.Type != M4A || m.Poster != "") {
			t.Errorf("%s: %+v, %s", c.name, m.Clip, m.Type)
		}
		if c.video {
			checkPoster(t, m)
		}
	}
}

func checkPoster(t *testing.T, m *Made) {
	t.Helper()
	f, err := os.Open(m.Poster)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r, err := Process(t.Context(), f, Options{Kind: Attachment})
	if err != nil || r.Original.Width != m.Width || r.Blurhash == "" {
		t.Errorf("the poster: %+v, %v", r, err)
	}
}

func TestClipsRefused(t *testing.T) {
	tools := tools(t)
	dir := t.TempDir()
	own := filepath.Join(dir, "secret.txt")
	write := func(name, text string) string {
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	if err := os.WriteFile(own, []byte("SECRET"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		path string
		kind Moving
		want error
	}{
		"a playlist":     {write("a", "#EXTM3U\n#EXTINF:1,\nfile://"+own+"\n"), MOV, ErrBroken},
		"a list":         {write("a", "ffconcat version 1.0\nfile "+own+"\n"), Matroska, ErrBroken},
		"nothing":        {write("a", ""), OGG, ErrBroken},
		"half a film":    {write("a", "\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00"), MOV, ErrBroken},
		"another sort":   {filmed(t, tools, "a.mp3", hum...), MOV, ErrBroken},
		"too many sides": {filmed(t, tools, "a.mp4", "-f", "lavfi", "-i", "testsrc=size=4200x64:rate=1:duration=1"), MOV, ErrTooLarge},
	} {
		if _, err := tools.Make(t.Context(), c.path, c.kind); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := tools.Make(ended, filmed(t, tools, "b.mp3", hum...), MP3); !errors.Is(err, context.Canceled) {
		t.Errorf("after the end: %v", err)
	}
}

func TestSniffMoving(t *testing.T) {
	for text, want := range map[string]Moving{
		"": "", "\x89PNG\r\n\x1a\n": "", "\xff\xd8\xff\xe0": "", "GIF89a": "", "#EXTM3U": "", "RIFF\x00\x00\x00\x00WEBPVP8 ": "", "\xff\xff\xff": "",
		"\x00\x00\x00\x18ftypisom": MOV, "\x1aE\xdf\xa3": Matroska, "OggS": OGG, "fLaC": FLAC, "RIFF\x00\x00\x00\x00WAVE": WAV, "ID3\x04": MP3, "\xff\xfb\x90": MP3, "\xff\xf3\x90": MP3,
	} {
		if got := SniffMoving([]byte(text)); got != want {
			t.Errorf("%q is taken for %q, want %q", text, got, want)
		}
	}
}
