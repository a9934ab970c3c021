package media

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"engawa/internal/limits"
)

// ErrNoTools says that a film or sound cannot be taken since ffmpeg is not there.
var ErrNoTools = errors.New("films and sounds need ffmpeg, which is not installed")

// Moving is a container of films or sounds, told from the first bytes. The
// value is ffmpeg's name of what reads it: a file is never opened as anything
// else, so that no playlist leads it to other files.
type Moving string

// The containers that are read.
const (
	MOV      Moving = "mov" // MP4, QuickTime, M4A, 3GP
	Matroska Moving = "matroska"
	OGG      Moving = "ogg"
	MP3      Moving = "mp3"
	FLAC     Moving = "flac"
	WAV      Moving = "wav"
)

// MovingTypes are the media types of uploads that are taken where ffmpeg is.
var MovingTypes = []string{
	"video/mp4", "video/webm", "video/quicktime", "audio/mpeg", "audio/ogg", "audio/wav", "audio/x-wav", "audio/flac", "audio/mp4", "audio/x-m4a", "audio/webm",
}

// SniffMoving tells the container from the first bytes, "" when it is none of ours.
func SniffMoving(b []byte) Moving {
	at := func(i int, s string) bool { return len(b) >= i+len(s) && string(b[i:i+len(s)]) == s }
	switch {
	case at(4, "ftyp"):
		return MOV
	case at(0, "\x1aE\xdf\xa3"):
		return Matroska
	case at(0, "OggS"):
		return OGG
	case at(0, "fLaC"):
		return FLAC
	case at(0, "RIFF") && at(8, "WAVE"):
		return WAV
	case at(0, "ID3"), len(b) > 2 && b[0] == 0xff && b[1]&0xe6 == 0xe2 && b[1] != 0xff: // layer III
		return MP3
	}
	return ""
}

// Tools are the machine's ffmpeg and ffprobe. One of them runs at a time.
type Tools struct {
	FFmpeg, FFprobe string // paths
	turn            chan struct{}
}

// FindTools looks for the programs in PATH; nil when one is not there.
func FindTools() *Tools {
	m, err := exec.LookPath("ffmpeg")
	p, err2 := exec.LookPath("ffprobe")
	if err != nil || err2 != nil {
		return nil
	}
	return &Tools{FFmpeg: m, FFprobe: p, turn: make(chan struct{}, 1)}
}

// Clip is a film (Video) or a sound.
type Clip struct {
	Video         bool
	Width, Height int // of a film, as it is shown
	Duration      time.Duration
	Rate          string // pictures a second, as a fraction: "30/1"
	Sound         bool
}

// Made is a clip that can be shown to anyone: H.264 and AAC in MP4, or AAC
// alone, without metadata. Poster is a picture of a film, "" for a sound.
type Made struct {
	Clip
	File, Poster string // paths in the folder that was given
	Type         Type
	Size         int64
}

// Bounds of what is made of a clip.
const (
	probeTime = 30 * time.Second
	makeTime  = 7 * time.Minute
)

// Make reads the clip in the file at path, which lies in an own folder, and
// makes beside it what is shown. Errors: ErrType, ErrTooLarge, ErrBroken, or the
// context's.
func (t *Tools) Make(ctx context.Context, path string, kind Moving) (*Made, error) {
	select {
	case t.turn <- struct{}{}:
		defer func() { <-t.turn }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	c, err := t.probe(ctx, path, kind)
	if err != nil {
		return nil, err
	}
	m := &Made{Clip: *c, File: filepath.Join(filepath.Dir(path), "made.m4a"), Type: M4A}
	args := append(opening(path, kind), "-map_metadata", "-1", "-map_chapters", "-1", "-sn", "-dn", "-fflags", "+bitexact", "-flags:v", "+bitexact", "-flags:a", "+bitexact")
	if c.Video {
		m.File, m.Type = filepath.Join(filepath.Dir(path), "made.mp4"), MP4
		args = append(args, "-map", "0:V:0", "-map", "0:a:0?", "-c:v", "libx264", "-preset", "veryfast", "-crf", "26", "-maxrate", "2500k", "-bufsize", "5000k",
			"-pix_fmt", "yuv420p", "-fpsmax", strconv.Itoa(limits.VideoRate), "-vf", scale)
	} else {
		args = append(args, "-map", "0:a:0", "-vn")
	}
	args = append(args, "-c:a", "aac", "-b:a", "128k", "-ac", "2", "-ar", "44100", "-movflags", "+faststart", "-t", strconv.Itoa(limits.ClipSeconds), "-fs", strconv.Itoa(limits.ClipBytes), "-f", "mp4", m.File)
	if err := t.run(ctx, makeTime, t.FFmpeg, args, nil); err != nil {
		return nil, err
	}
	return m, t.finish(ctx, m)
}

// scale brings a film to at most 1280 × 1280 pixels, both even.
const scale = `scale=w='min(1280,iw)':h='min(1280,ih)':force_original_aspect_ratio=decrease:force_divisible_by=2`

// opening are the arguments that open a file as nothing but kind.
func opening(path string, kind Moving) []string {
	return []string{"-nostdin", "-hide_banner", "-loglevel", "error", "-y", "-threads", "1", "-protocol_whitelist", "file", "-f", string(kind), "-i", path}
}

// finish measures what was made and takes a picture of a film.
func (t *Tools) finish(ctx context.Context, m *Made) error {
	info, err := os.Stat(m.File)
	if err != nil || info.Size() == 0 {
		return fmt.Errorf("%w: ffmpeg made nothing of it", ErrBroken)
	}
	m.Size = info.Size()
	shown, err := t.probe(ctx, m.File, MOV)
	if err != nil {
		return err
	}
	m.Clip = *shown
	if !m.Video {
		return nil
	}
	m.Poster = filepath.Join(filepath.Dir(m.File), "poster.png")
	return t.run(ctx, probeTime, t.FFmpeg, append(opening(m.File, MOV), "-map", "0:v:0", "-frames:v", "1", "-c:v", "png", "-f", "image2", "-update", "1", m.Poster), nil)
}

// probe reads what a file holds, and refuses what is too large.
func (t *Tools) probe(ctx context.Context, path string, kind Moving) (*Clip, error) {
	var out bytes.Buffer
	err := t.run(ctx, probeTime, t.FFprobe, []string{
		"-hide_banner", "-loglevel", "error", "-protocol_whitelist", "file", "-f", string(kind), "-of", "json",
		"-show_entries", "format=duration:stream=codec_type,width,height,avg_frame_rate,duration:stream_disposition=attached_pic:stream_side_data=rotation", "-i", path,
	}, &out)
	if err != nil {
		return nil, err
	}
	var said struct {
		Streams []stream `json:"streams"`
		Format  struct {
			Duration string `json:"duration"`
		} `json:"format"`
	}
	if err := json.Unmarshal(out.Bytes(), &said); err != nil {
		return nil, broken(err)
	}
	c := &Clip{Duration: seconds(said.Format.Duration)}
	for i := range said.Streams {
		said.Streams[i].addTo(c)
	}
	switch {
	case !c.Video && !c.Sound:
		return nil, fmt.Errorf("%w: it holds neither film nor sound", ErrBroken)
	case c.Width > limits.ClipSide || c.Height > limits.ClipSide || c.Width*c.Height > limits.OriginalPixels:
		return nil, fmt.Errorf("%w: %d × %d pixels, at most %d in all", ErrTooLarge, c.Width, c.Height, limits.OriginalPixels)
	case c.Duration > limits.ClipSeconds*time.Second:
		return nil, fmt.Errorf("%w: it takes %s, at most %d s", ErrTooLarge, c.Duration, limits.ClipSeconds)
	}
	return c, nil
}

// stream is one of a file, as ffprobe tells it.
type stream struct {
	Kind   string `json:"codec_type"`
	Width  int    `json:"width"`
	Height int    `json:"height"`
	Rate   string `json:"avg_frame_rate"`
	Flags  struct {
		Picture int `json:"attached_pic"`
	} `json:"disposition"`
	Side []struct {
		Rotation float64 `json:"rotation"`
	} `json:"side_data_list"`
}

func (s *stream) addTo(c *Clip) {
	switch {
	case s.Kind == "audio":
		c.Sound = true
	case s.Kind == "video" && s.Flags.Picture == 0 && !c.Video && s.Width > 0 && s.Height > 0: // covers of records are no film
		c.Video, c.Width, c.Height, c.Rate = true, s.Width, s.Height, s.Rate
		for _, d := range s.Side {
			if r := int(d.Rotation); r%180 != 0 {
				c.Width, c.Height = c.Height, c.Width
			}
		}
	}
}

func seconds(s string) time.Duration {
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || f < 0 || f > 1e6 {
		return 0
	}
	return time.Duration(f * float64(time.Second))
}

// run lets a program work within bounds of time, memory and size of its files.
// What it says of the file becomes ErrBroken.
func (t *Tools) run(ctx context.Context, most time.Duration, program string, args []string, out *bytes.Buffer) error {
	ctx, cancel := context.WithTimeout(ctx, most)
	defer cancel()
	cmd := bounded(ctx, most, program, args)
	cmd.Env = []string{"LC_ALL=C", "PATH=/usr/bin:/bin"}
	cmd.Dir = filepath.Dir(args[len(args)-1])
	var said tail
	cmd.Stderr = &said
	if out != nil {
		cmd.Stdout = &capped{out, 1 << 20}
	}
	err := cmd.Run()
	switch {
	case err == nil:
		return nil
	case ctx.Err() == context.DeadlineExceeded:
		return fmt.Errorf("%w: it takes longer than %s to read", ErrTooLarge, most)
	case ctx.Err() != nil:
		return ctx.Err()
	}
	return fmt.Errorf("%w: %s: %s", ErrBroken, err, strings.TrimSpace(string(said.b)))
}

// tail keeps the last 2 KiB of what is written.
type tail struct{ b []byte }

// Write implements io.Writer.
func (t *tail) Write(p []byte) (int, error) {
	t.b = append(t.b, p...)
	if len(t.b) > 2048 {
		t.b = t.b[len(t.b)-2048:]
	}
	return len(p), nil
}

// capped takes at most left bytes.
type capped struct {
	*bytes.Buffer
	left int
}

// Write implements io.Writer.
func (c *capped) Write(p []byte) (int, error) {
	if c.left -= len(p); c.left < 0 {
		return 0, errors.New("it says too much")
	}
	return c.Buffer.Write(p)
}
