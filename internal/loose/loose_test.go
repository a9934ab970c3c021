package loose

import (
	"strings"
	"testing"
	"unicode/utf8"
)

type sample struct {
	ID   ID           `json:"id"`
	Name string       `json:"name"`
	N    int64        `json:"n"`
	Ok   bool         `json:"ok"`
	In   *sample      `json:"in"`
	List List[sample] `json:"list"`
	Map  Map[int64]   `json:"map"`
	Text Text         `json:"text"`
}

func TestDecode(t *testing.T) {
	for _, c := range []struct {
		in    string
		check func(s *sample) bool
	}{
		{`{"id":"abc-1_Z","name":"x","n":5,"ok":true,"text":"t"}`, func(s *sample) bool { return s.ID == "abc-1_Z" && s.Name == "x" && s.N == 5 && s.Ok && s.Text == "t" }},
		{`{"id":12345678901234567890,"text":1.5}`, func(s *sample) bool { return s.ID == "12345678901234567890" && s.Text == "1.5" }},
		{`{"id":"../x","name":[1],"n":"5","ok":"yes","text":{}}`, func(s *sample) bool { return s.ID == "" && s.Name == "" && s.N == 0 && !s.Ok && s.Text == "" }},
		{`{"n":"x","name":"after"}`, func(s *sample) bool { return s.Name == "after" }},
		{`{"n":1e400,"name":"after"}`, func(s *sample) bool { return s.N == 0 && s.Name == "after" }},
		{`{"list":{"a":1},"name":"x"}`, func(s *sample) bool { return len(s.List) == 0 && s.Name == "x" }},
		{`{"list":[1,{"n":2},null,"x"],"name":"x"}`, func(s *sample) bool { return len(s.List) == 4 && s.List[1].N == 2 && s.Name == "x" }},
		{`{"map":{"a":1,"b":"x"},"name":"x"}`, func(s *sample) bool { return len(s.Map) == 2 && s.Map["a"] == 1 && s.Name == "x" }},
		{`{"map":[],"in":"x","name":"x"}`, func(s *sample) bool { return len(s.Map) == 0 && s.Name == "x" }},
		{`{"list":[` + strings.Repeat(`{},`, 5000) + `{}]}`, func(s *sample) bool { return len(s.List) == MaxList }},
		{`[]`, func(s *sample) bool { return s.Name == "" }},
	} {
		var s sample
		if err := Decode([]byte(c.in), &s); err != nil || !c.check(&s) {
			t.Errorf("%.80s: %+v, %v", c.in, s, err)
		}
	}
	var s sample
	if err := Decode([]byte(`{"name":`), &s); err == nil {
		t.Error("broken JSON was taken")
	}
	if err := Read(strings.NewReader(`"`+strings.Repeat("x", MaxBody)+`"`), &s); err != ErrTooLong {
		t.Errorf("a huge answer: %v", err)
	}
}

func TestTexts(t *testing.T) {
	for _, c := range []struct{ got, want string }{
		{Cut("あい", 3), "あ"}, {Cut("あい", 4), "あ"}, {Cut("あい", 6), "あい"}, {Cut("a\x00b\xff", 9), "ab"}, {Cut("abc", 2), "ab"}, {Cut("é", 1), ""},
		{Runes("あいう", 2), "あい"}, {Runes("abc", 3), "abc"}, {Runes("", 0), ""},
		{Line(" a\n\tb\x00 c", 9), "a b c"}, {Line("あいうえお", 3), "あいう"},
		{WebURL("https://a.example/b"), "https://a.example/b"}, {WebURL("http://a"), "http://a"}, {WebURL("javascript:x"), ""}, {WebURL("https://"), ""},
		{WebURL("https:///x"), ""}, {WebURL("https://a b"), ""}, {WebURL("https://" + strings.Repeat("a", 3000)), ""},
	} {
		if c.got != c.want {
			t.Errorf("%q, want %q", c.got, c.want)
		}
	}
}

func TestMoment(t *testing.T) {
	const limit = 1_800_000_000_000
	for in, want := range map[string]int64{
		"2026-11-22T10:18:07.365Z": 1795342687365, "2026-11-22T10:18:07+09:00": 1795310287000, "2026-11-22T10:18:07": 1795342687000,
		"1999-12-31T00:00:00Z": 0, "2999-01-01T00:00:00Z": 0, "": 0, "yesterday": 0, "0000-00-00T00:00:00Z": 0,
	} {
		if got := Moment(in, limit); got != want {
			t.Errorf("%q: %d, want %d", in, got, want)
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte(`{"id":"a","list":[{"in":{"map":{"x":1}}}],"text":1}`))
	f.Add([]byte(`{"list":[[[]]],"map":[{}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var s sample
		_ = Decode(data, &s)
		if len(s.List) > MaxList || len(s.Map) > MaxList || (s.ID != "" && !IsID(string(s.ID))) {
			t.Errorf("%+v", s)
		}
		if c := Cut(string(data), 7); len(c) > 7 || !utf8.ValidString(c) {
			t.Errorf("%q", c)
		}
	})
}
