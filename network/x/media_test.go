package x_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"engawa/network/x"
	"engawa/network/x/fake"
	"engawa/social"
)

func TestMedia(t *testing.T) {
	r := newRig(t)
	r.fake.Processing = 2
	film := bytes.Repeat([]byte("0123456789"), 250_000) // three segments
	r.files[1] = file{"image/png", []byte("png")}
	r.files[2] = file{"video/mp4; codecs=avc1", film}
	r.files[3] = file{"image/gif", []byte("gif")}
	p := r.part("三つ")
	p.Media = []social.PartFile{{Media: 1, Kind: social.Image, Alt: strings.Repeat("猫", 1001)}, {Media: 2, Kind: social.Video, Alt: "歩く"}, {Media: 3, Kind: social.GIFV}}
	sent := r.send(p)
	if want := int64(x.PricePost + 2*x.PriceMetadata); sent.Cost != want {
		t.Errorf("it cost %d, want %d", sent.Cost, want)
	}
	got := r.fake.Posts(r.me)[0].Media
	if len(got) != 3 || got[0].Category != "tweet_image" || len([]rune(got[0].Alt)) != 1000 || got[1].Category != "tweet_video" || got[1].Type != "video/mp4" ||
		!bytes.Equal(got[1].Bytes, film) || got[1].Alt != "歩く" || got[2].Category != "tweet_gif" || got[2].Alt != "" {
		t.Errorf("on X are %d files", len(got))
	}
	if len(r.waits) != 6 || r.waits[0] != time.Second || r.waits[1] != 2*time.Second || r.waits[3] != time.Second {
		t.Errorf("it waited %v", r.waits)
	}
	if n := count(r.fake.Calls(), "POST /2/media/upload/{id}/append"); n != 4 {
		t.Errorf("%d segments, want 3 and 1", n)
	}
}

func TestSensitiveMedia(t *testing.T) {
	r := newRig(t)
	r.files[1] = file{"image/jpeg", []byte("jpeg")}
	p := r.part("注意")
	p.Sensitive = true
	p.Media = []social.PartFile{{Media: 1, Kind: social.Image}}
	r.send(p)
	if m := r.fake.Posts(r.me)[0].Media[0]; !m.Sensitive {
		t.Error("the picture is not marked")
	}
}

// What is uploaded is not uploaded, or paid for, again when the post fails.
func TestMediaIsUploadedOnce(t *testing.T) {
	r := newRig(t)
	r.files[1] = file{"image/png", []byte("png")}
	p := r.part("a")
	p.Media = []social.PartFile{{Media: 1, Kind: social.Image, Alt: "b"}}
	r.fake.Next("POST /2/tweets", fake.Fault{Status: 429})
	_, err := r.x.Send(t.Context(), r.login, p)
	r.failure(err, social.TryAgain)
	r.send(p)
	if n := count(r.fake.Calls(), "POST /2/media/upload"); n != 1 {
		t.Errorf("uploaded %d times", n)
	}
	if want := int64(x.PricePost + x.PriceMetadata + x.PriceOwnRead); r.fake.Spent() != want {
		t.Errorf("X charges %d, want %d", r.fake.Spent(), want)
	}
}

func TestMediaThatXDoesNotTake(t *testing.T) {
	for _, c := range []struct {
		name string
		file file
		fail bool
		want social.LinkFailure
	}{
		{"sound", file{"audio/mpeg", []byte("mp3")}, false, social.FixPost},
		{"a large picture", file{"image/png", make([]byte, 5<<20+1)}, false, social.FixPost},
		{"a large moving picture", file{"image/gif", make([]byte, 15<<20+1)}, false, social.FixPost},
		{"nothing", file{"image/png", nil}, false, social.FixPost},
		{"no kind", file{"", []byte("x")}, false, social.FixPost},
		{"a film X cannot work with", file{"video/mp4", []byte("mp4")}, true, social.FixPost},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newRig(t)
			r.fake.FailMedia = c.fail
			r.files[1] = c.file
			p := r.part("a")
			p.Media = []social.PartFile{{Media: 1, Kind: social.Image}}
			_, err := r.x.Send(t.Context(), r.login, p)
			r.failure(err, c.want)
			if len(r.fake.Posts(r.me)) != 0 {
				t.Error("the post went out without its file")
			}
		})
	}
	r := newRig(t)
	r.fake.Processing = 1000
	r.files[1] = file{"video/mp4", []byte("mp4")}
	p := r.part("a")
	p.Media = []social.PartFile{{Media: 1, Kind: social.Video}}
	_, err := r.x.Send(t.Context(), r.login, p)
	r.failure(err, social.TryAgain)
	r.fake.Processing = 0
	r.send(p) // X has worked through it meanwhile: it is not uploaded again
	if n := count(r.fake.Calls(), "POST /2/media/upload/initialize"); n != 1 {
		t.Errorf("uploaded %d times", n)
	}
}
