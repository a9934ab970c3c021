package fediverse

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"
	"time"

	"engawa/internal/clock"
	misskeyfake "engawa/network/misskey/fake"
	"engawa/network/x"
	xfake "engawa/network/x/fake"
	"engawa/server"
	"engawa/social"
)

// upload gives the person's home a picture and returns its id.
func (p *Person) upload(description string) string {
	p.tb.Helper()
	m := image.NewNRGBA(image.Rect(0, 0, 64, 48))
	for i := range m.Pix {
		m.Pix[i] = uint8(i * len(description))
	}
	m.Set(0, 0, color.White)
	var file, body bytes.Buffer
	if err := png.Encode(&file, m); err != nil {
		p.tb.Fatal(err)
	}
	form := multipart.NewWriter(&body)
	_ = form.WriteField("description", description)
	part, err := form.CreateFormFile("file", "picture.png")
	if err != nil {
		p.tb.Fatal(err)
	}
	_, _ = part.Write(file.Bytes())
	_ = form.Close()
	req, err := http.NewRequestWithContext(p.Home.w.ctx, "POST", "https://"+p.Home.Domain+"/api/v2/media", &body)
	if err != nil {
		p.tb.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+p.Token)
	req.Header.Set("Content-Type", form.FormDataContentType())
	resp, err := p.Home.w.Client().Do(req)
	if err != nil {
		p.tb.Fatal(err)
	}
	defer resp.Body.Close()
	data, _ := io.ReadAll(resp.Body)
	var out struct {
		ID string `json:"id"`
	}
	if err := json.Unmarshal(data, &out); err != nil || out.ID == "" {
		p.tb.Fatalf("upload: %d %s", resp.StatusCode, data)
	}
	return out.ID
}

const fakeRules = `
[[rule]]
name = "everywhere"
when.tag_any = ["ttr"]
to = ["x", "misskey"]
limit.hold = "0s"
`

// elsewhere is a person with accounts on X and on a Misskey server.
type elsewhere struct {
	*Person
	x       *xfake.X
	me      *xfake.User
	misskey *misskeyfake.Server
	mia     *misskeyfake.User
}

func liveElsewhere(t *testing.T, w *World) *elsewhere {
	t.Helper()
	e := &elsewhere{Person: w.Person("alice@a.test"), x: xfake.New(t, clock.System), misskey: misskeyfake.New(time.Now)}
	t.Cleanup(e.misskey.Close)
	e.me, e.mia = e.x.Join("alice"), e.misskey.AddUser("alice", "")
	onX := e.Home.Linked["x"].Value.(*x.X)
	onX.API, onX.Site = e.x.URL, e.x.URL
	for _, ask := range []*server.LinkAsk{
		{Network: "x", Fields: map[string]string{
			"consumerKey": e.x.App.ConsumerKey, "consumerSecret": e.x.App.ConsumerSecret, "token": e.me.Token, "tokenSecret": e.me.TokenSecret,
		}},
		{Network: "misskey", Base: e.misskey.URL, Fields: map[string]string{"token": e.misskey.Token(e.mia)}},
	} {
		if l, url, err := e.Home.Links.Begin(w.ctx, e.ID, ask); err != nil || l == nil {
			t.Fatalf("%s is not linked: %v %q", ask.Network, err, url)
		}
	}
	if err := e.Home.Server.Home.Store.Write(w.ctx, func(tx social.Tx) error { return tx.PutRules(w.ctx, e.ID, fakeRules, 1) }); err != nil {
		t.Fatal(err)
	}
	e.Home.Ledger.Forget(e.ID)
	return e
}

// onX and onMisskey are what stands there: text, files with descriptions, and what it answers.
func (e *elsewhere) onX() string {
	var out []string
	index := map[string]int{}
	for i, p := range e.x.Posts(e.me) {
		index[p.ID] = i + 1
		line := fmt.Sprintf("%d>%d %s", i+1, index[p.ReplyTo], p.Text)
		for _, f := range p.Media {
			line += " [" + f.Alt + "]"
		}
		out = append(out, line)
	}
	return strings.Join(out, "\n")
}

func (e *elsewhere) onMisskey() string {
	var out []string
	index := map[string]int{}
	for i, n := range e.misskey.Notes(e.mia) {
		index[n.ID] = i + 1
		line := fmt.Sprintf("%d>", i+1)
		if n.Reply != nil {
			line += fmt.Sprint(index[n.Reply.ID])
		}
		if n.CW != nil {
			line += " (" + *n.CW + ")"
		}
		if n.Text != nil {
			line += " " + *n.Text
		}
		for _, f := range n.Files {
			line += " [" + f.Comment + "]"
		}
		out = append(out, line)
	}
	return strings.Join(out, "\n")
}

func same(t *testing.T, what, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("%s:\n%s\nwant:\n%s", what, got, want)
	}
}

// A thread of three posts with a picture, Japanese text, a link and a tag, on X
// and Misskey; then edited, then deleted.
func TestLinkedThreadOnXAndMisskey(t *testing.T) {
	w := Empty(t)
	w.Settings = []string{"ENGAWA_ALLOW_HTTP=true"}
	w.Start("a.test")
	e := liveElsewhere(t, w)
	first := e.Post("おはよう #ttr https://example.com/日本", JSON{"media_ids": []string{e.upload("縁側の写真")}, "language": "ja"})
	second := e.Post("二つ目です", JSON{"in_reply_to_id": first["id"], "language": "ja"})
	e.Post("三つ目です", JSON{"in_reply_to_id": second["id"], "language": "ja"})
	link := "https://example.com/%E6%97%A5%E6%9C%AC"
	same(t, "on X", e.onX(), "1>0 おはよう "+link+" [縁側の写真]\n2>1 二つ目です\n3>2 三つ目です")
	same(t, "on Misskey", e.onMisskey(), "1> おはよう https://example.com/日本 [縁側の写真]\n2>1 二つ目です\n3>2 三つ目です")

	e.Call("PUT", "/api/v1/statuses/"+second["id"].(string), JSON{"status": "二つ目、直しました"})
	w.Settle()
	same(t, "X cannot edit", e.onX(), "1>0 おはよう "+link+" [縁側の写真]\n2>1 二つ目です\n3>2 三つ目です")
	copies, err := e.Home.Server.Home.Store.Copies(w.ctx, []social.ID{idOf(t, second)})
	if err != nil || len(copies) != 2 || copies[0].Reason == "" {
		t.Errorf("it is not said that the edit is not there: %+v, %v", copies, err)
	}

	e.Call("DELETE", "/api/v1/statuses/"+first["id"].(string), nil)
	e.Call("DELETE", "/api/v1/statuses/"+second["id"].(string), nil)
	w.Settle()
	same(t, "deleted on X", e.onX(), "1>0 三つ目です")
	same(t, "deleted on Misskey", e.onMisskey(), "1>0 三つ目です")
	if e.x.Spent() == 0 {
		t.Error("X cost nothing")
	}
	micros, sent, err := e.Home.Server.Home.Store.Spent(w.ctx, copies[0].Link, 0)
	if err != nil || sent != 3 || micros == 0 {
		t.Errorf("the ledger says %d micro-dollars for %d posts, %v", micros, sent, err)
	}
}

// X may refuse answers by program, one's own thread too: then a long post stands
// there once, cut, with a link to the whole; Misskey has it in full.
func TestLinkedThreadThatXRefuses(t *testing.T) {
	w := Empty(t)
	w.Settings = []string{"ENGAWA_ALLOW_HTTP=true"}
	w.Start("a.test")
	e := liveElsewhere(t, w)
	e.x.StrictReply = true
	text := strings.Repeat("縁側で猫が寝ている。", 30)
	post := e.Post(text + " #ttr")
	for _, c := range e.x.Calls() {
		t.Log(c)
	}
	posts := e.x.Posts(e.me)
	if len(posts) != 1 || !strings.HasPrefix(posts[0].Text, "縁側で") || !strings.HasSuffix(posts[0].Text, post["url"].(string)) {
		t.Errorf("on X: %s", e.onX())
	}
	same(t, "on Misskey", e.onMisskey(), "1> "+text)
	if list := e.List("/api/v1/conversations"); len(list) != 0 {
		t.Errorf("the person was asked: %v", list[0]["last_status"])
	}
}
