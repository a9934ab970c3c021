package activitypub

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"engawa/social"
)

// draftFrom decodes one Note of https://home.test/users/ME, as misskey-probe.json has it.
func draftFrom(t *testing.T, fields string) *social.Draft {
	t.Helper()
	base := `"id":"https://home.test/notes/N","type":"Note","attributedTo":"https://home.test/users/ME","published":"2026-11-22T10:00:00Z"`
	for _, key := range []string{"type", "id"} {
		if strings.Contains(fields, `"`+key+`":`) && strings.HasPrefix(fields, `"`+key) {
			base = strings.Replace(base, `"type":"Note",`, "", 1)
		}
	}
	doc, err := DecodePost(mustParse(t, "{"+base+","+fields+"}"))
	if err != nil {
		t.Fatalf("%s: %v", fields, err)
	}
	d, err := doc.Draft(resolveAll(doc.Needs()), hereFor(authorOf("https://home.test/users/ME")))
	if err != nil {
		t.Fatalf("%s: %v", fields, err)
	}
	return d
}

func TestAudiences(t *testing.T) {
	const me, followers = "https://home.test/users/ME", "https://home.test/users/ME/followers"
	for _, c := range []struct {
		to, cc string
		want   social.Audience
		named  int
	}{
		{`["https://www.w3.org/ns/activitystreams#Public"]`, `["` + followers + `"]`, social.Public, 0},
		{`"https://www.w3.org/ns/activitystreams#Public"`, `[]`, social.Public, 0},
		{`["as:Public"]`, `[]`, social.Public, 0},
		{`"Public"`, `null`, social.Public, 0},
		{`["` + followers + `"]`, `["https://www.w3.org/ns/activitystreams#Public"]`, social.Unlisted, 0},
		{`["` + followers + `"]`, `["as:Public","https://h.test/u"]`, social.Unlisted, 1},
		{`["` + followers + `"]`, `[]`, social.Followers, 0},
		{`["` + followers + `"]`, `["https://h.test/u"]`, social.Followers, 1},
		{`["https://h.test/u"]`, `["` + followers + `"]`, social.Followers, 1},
		{`["https://h.test/u","https://h.test/v"]`, `["https://h.test/u"]`, social.Direct, 2},
		{`["https://other.test/users/x/followers"]`, `[]`, social.Direct, 0},
		{`["https://www.w3.org/ns/activitystreams#public"]`, `[]`, social.Direct, 1}, // nobody of that name is ever found
		{`["` + me + `"]`, `[]`, social.Direct, 0},
		{`[]`, `[]`, social.Direct, 0},
		{`null`, `null`, social.Direct, 0},
		{`[{"id":"as:Public"}]`, `[]`, social.Public, 0},
	} {
		d := draftFrom(t, `"content":"x","to":`+c.to+`,"cc":`+c.cc)
		if d.Post.Audience != c.want || len(d.Post.Mentions) != c.named {
			t.Errorf("to %s cc %s: %s naming %d, want %s naming %d", c.to, c.cc, d.Post.Audience, len(d.Post.Mentions), c.want, c.named)
		}
		for _, m := range d.Post.Mentions {
			if !m.Silent {
				t.Errorf("to %s cc %s: %+v is not silent", c.to, c.cc, m)
			}
		}
	}
	// The audience of the activity counts only where the post has none of its own.
	for text, want := range map[string]social.Audience{`"to":["https://h.test/u"]`: social.Direct, `"cc":[]`: social.Direct, `"name":"x"`: social.Public} {
		in, err := Decode([]byte(`{"type":"Create","id":"https://home.test/1","actor":"` + me + `","to":"as:Public","object":{"type":"Note","id":"https://home.test/n","attributedTo":"` + me + `","content":"x",` + text + `}}`))
		if err != nil {
			t.Fatal(err)
		}
		if got := in.Post().Audience(authorOf(me)); got != want {
			t.Errorf("%s inside a public activity: %s, want %s", text, got, want)
		}
	}
}

func TestQuotes(t *testing.T) {
	const q = "https://q.test/n"
	link := `{"type":"Link","mediaType":"application/ld+json; profile=\"https://www.w3.org/ns/activitystreams\"","href":"https://q.test/n","name":"RE: https://q.test/n"%s}`
	for text, want := range map[string]social.Post{
		`"quote":"https://q.test/n"`:                                                              {QuoteURI: q, QuoteState: social.QuotePending},
		`"quote":{"type":"Note","id":"https://q.test/n"}`:                                         {QuoteURI: q, QuoteState: social.QuotePending},
		`"quoteUrl":"https://q.test/n"`:                                                           {QuoteURI: q, QuoteState: social.QuotePending},
		`"quoteUri":"https://q.test/n"`:                                                           {QuoteURI: q, QuoteState: social.QuotePending},
		`"_misskey_quote":"https://q.test/n"`:                                                     {QuoteURI: q, QuoteState: social.QuotePending},
		`"quote":"https://q.test/n","quoteUrl":"https://other.test/n"`:                            {QuoteURI: q, QuoteState: social.QuotePending},
		`"tag":[` + fmt.Sprintf(link, `,"rel":"https://misskey-hub.net/ns#_misskey_quote"`) + `]`: {QuoteURI: q, QuoteState: social.QuotePending},
		`"tag":[` + fmt.Sprintf(link, `,"rel":["x","https://w3id.org/fep/044f#quote"]`) + `]`:     {QuoteURI: q, QuoteState: social.QuotePending},
		`"tag":` + fmt.Sprintf(link, ``):                                                          {QuoteURI: q, QuoteState: social.QuotePending},
		`"tag":[` + fmt.Sprintf(link, `,"rel":"tag"`) + `]`:                                       {},
		`"tag":[{"type":"Link","mediaType":"text/html","href":"https://q.test/n","rel":"https://misskey-hub.net/ns#_misskey_quote"}]`: {},
		`"quote":{"type":"Tombstone"}`:                                           {QuoteState: social.QuoteDeleted},
		`"quote":"https://home.test/notes/N"`:                                    {},
		`"quote":"javascript:x"`:                                                 {},
		`"quote":"https://q.test/n","quoteAuthorization":"https://q.test/stamp"`: {QuoteURI: q, QuoteState: social.QuotePending, QuoteStamp: "https://q.test/stamp"},
	} {
		d := draftFrom(t, `"content":"x",`+text)
		got := social.Post{QuoteURI: d.Post.QuoteURI, QuoteState: d.Post.QuoteState, QuoteStamp: d.Post.QuoteStamp}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v", text, got)
		}
		if want.QuoteURI != "" && d.Post.QuoteOf == 0 {
			t.Errorf("%s: the quoted post was not among the needs", text)
		}
	}
	for text, want := range map[string]social.QuotePolicy{
		`{}`: social.QuoteUnknown,
		`{"canQuote":{"automaticApproval":["https://www.w3.org/ns/activitystreams#Public"]}}`:                                               social.QuoteAnyone,
		`{"canQuote":{"automaticApproval":"as:Public"}}`:                                                                                    social.QuoteAnyone,
		`{"canQuote":{"automaticApproval":["https://home.test/users/ME/followers"]}}`:                                                       social.QuoteFollowers,
		`{"canQuote":{"automaticApproval":["https://home.test/users/ME/following"]}}`:                                                       social.QuoteFollowing,
		`{"canQuote":{"automaticApproval":["https://home.test/users/ME"]}}`:                                                                 social.QuoteNobody,
		`{"canQuote":{"automaticApproval":[]}}`:                                                                                             social.QuoteNobody,
		`{"canQuote":{"automaticApproval":"https://home.test/users/ME","manualApproval":["https://www.w3.org/ns/activitystreams#Public"]}}`: social.QuoteManual,
		`{"canQuote":{"automaticApproval":"https://home.test/users/ME","manualApproval":["https://home.test/users/ME"]}}`:                   social.QuoteNobody,
	} {
		if got := draftFrom(t, `"content":"x","interactionPolicy":`+text).Post.QuotePolicy; got != want {
			t.Errorf("%s: %d, want %d", text, got, want)
		}
	}
}

func TestTexts(t *testing.T) {
	for _, c := range []struct{ fields, content, source, lang string }{
		{`"content":"<p>html</p>"`, "<p>html</p>", "", ""},
		{`"content":"<p>html</p>","source":{"content":"$[x2 src]","mediaType":"text/x.misskeymarkdown"},"_misskey_content":"other"`, "<p>html</p>", "$[x2 src]", ""},
		{`"content":"<p>html</p>","_misskey_content":"$[x2 mk]"`, "<p>html</p>", "$[x2 mk]", ""},
		{`"content":"<p>h</p>","source":{"content":"**md**","mediaType":"text/markdown"},"_misskey_content":"mk"`, "<p>h</p>", "mk", ""},
		{`"content":"<p>h</p>","source":{"content":"**md**","mediaType":"text/markdown"}`, "<p>h</p>", "**md**", ""},
		{`"content":null,"source":{"content":"only **src**","mediaType":"text/x.misskeymarkdown"}`, "only <b>src</b>", "only **src**", ""},
		{`"content":"<p>x</p><script>alert(1)</script>"`, "<p>x</p>", "", ""},
		{`"content":"x","contentMap":{"ja":"x"}`, "x", "", "ja"},
		{`"content":"x","contentMap":{"ja":"y","en-GB":"x"}`, "x", "", "en-GB"},
		{`"contentMap":{"ja":"y","en":"x"}`, "y", "", "ja"},
		{`"content":"x","contentMap":{"<b>":"x"}`, "x", "", ""},
		{`"content":"x","contentMap":{"und":"x"}`, "x", "", ""},
		{`"content":["x","y"]`, "x", "", ""},
		{`"content":{"id":1}`, "", "", ""},
	} {
		p := draftFrom(t, c.fields).Post
		if p.Content != c.content || p.Source != c.source || p.Language != c.lang {
			t.Errorf("%s: %q, %q, %q", c.fields, p.Content, p.Source, p.Language)
		}
	}
	d := draftFrom(t, `"type":"Article","name":"a <b>title</b>","summary":"abstract","content":"<p>body</p>","url":"https://home.test/page"`)
	if p := d.Post; p.Kind != social.Article || p.Title != "a title" || p.Content != "<p>body</p>" || p.Warning != "" || p.URL != "https://home.test/page" {
		t.Errorf("article: %+v", p)
	}
	d = draftFrom(t, `"type":"Video","name":"film","url":[{"type":"Link","href":"https://home.test/w?a&b","mediaType":"text/html"}]`)
	if p := d.Post; p.Title != "film" || !strings.Contains(p.Content, `href="https://home.test/w?a&amp;b"`) || !contains(p.Links, "https://home.test/w?a&b") {
		t.Errorf("video: %+v", p)
	}
	if p := draftFrom(t, `"content":"x","summary":"cw","sensitive":true,"url":"https://other.test/x"`).Post; p.Warning != "cw" || !p.Sensitive || p.URL != "https://home.test/notes/N" {
		t.Errorf("warning, or a foreign url is shown: %+v", p)
	}
	p := draftFrom(t, `"content":"<a href=\"https://l.test/1\">x</a> <a class=\"mention\" href=\"https://h.test/@u\">u</a> <a href=\"https://home.test/tags/x\" rel=\"tag\">#x</a> <a href=\"https://l.test/2\">y</a>","tag":{"type":"Hashtag","name":"#x"},"attachment":{"type":"Link","href":"https://l.test/card"}`).Post
	if want := []string{"https://l.test/card", "https://l.test/1", "https://l.test/2"}; !reflect.DeepEqual(p.Links, want) {
		t.Errorf("links %q", p.Links)
	}
}

func TestAttachments(t *testing.T) {
	d := draftFrom(t, `"content":"x","attachment":[
		{"type":"Document","mediaType":"image/png","url":"https://f.test/1.png","name":"alt","blurhash":"abc","focalPoint":[0.5,-1],"width":3,"height":4,"sensitive":true},
		{"type":"Image","url":[{"type":"Link","href":"https://f.test/2.webp","mediaType":"image/webp"}],"summary":"s"},
		{"type":"Video","url":"https://f.test/3","icon":{"type":"Image","url":"https://f.test/3.png"},"focalPoint":{"@list":[2,2]}},
		{"type":"Document","url":"ftp://f.test/4"},{"type":"PropertyValue","name":"x"},
		{"type":"Document","url":"https://f.test/5.bin","mediaType":"application/zip"}]`)
	want := []social.Media{
		{Kind: social.Image, ContentType: "image/png", RemoteURL: "https://f.test/1.png", Description: "alt", Blurhash: "abc", FocusX: 0.5, FocusY: -1, Width: 3, Height: 4, Sensitive: true},
		{Kind: social.Image, ContentType: "image/webp", RemoteURL: "https://f.test/2.webp", Description: "s", Position: 1},
		{Kind: social.Video, RemoteURL: "https://f.test/3", PreviewURL: "https://f.test/3.png", Position: 2},
		{Kind: social.UnknownMedia, ContentType: "application/zip", RemoteURL: "https://f.test/5.bin", Position: 3},
	}
	if !reflect.DeepEqual(d.Media, want) {
		t.Errorf("%+v", d.Media)
	}
}

func TestPolls(t *testing.T) {
	d := draftFrom(t, `"type":"Question","content":"x","anyOf":[{"name":"A","replies":{"totalItems":2}},{"name":"B","_misskey_votes":3},{"name":"C","replies":{"totalItems":1e12}},{"name":""}],
		"endTime":"2026-11-22T11:00:00.000Z","closed":"2026-11-22T10:30:00Z","votersCount":4`)
	want := &social.Poll{Multiple: true, Voters: 4, ExpiresAt: 1_795_345_200_000, ClosedAt: 1_795_343_400_000, Options: []social.Option{{Title: "A", Votes: 2}, {Title: "B", Votes: 3}, {Title: "C", Votes: maxTotal}}}
	if !reflect.DeepEqual(d.Poll, want) || d.Post.Kind != social.Question || !d.Post.HasPoll {
		t.Errorf("%+v", d.Poll)
	}
	if d := draftFrom(t, `"type":"Question","content":"x"`); d.Poll != nil || d.Post.HasPoll {
		t.Error("a Question without options is a poll")
	}
}

// T46 and mastodon.md 5.9.
func TestLimits(t *testing.T) {
	list := func(n int, item string) string {
		return "[" + strings.TrimSuffix(strings.Repeat(item+",", n), ",") + "]"
	}
	options := list(maxOptions+100, `{"name":"o"}`)
	if d := draftFrom(t, `"type":"Question","oneOf":`+options); len(d.Poll.Options) != maxOptions {
		t.Errorf("%d options", len(d.Poll.Options))
	}
	if _, err := ParseDocument([]byte(`{"oneOf":` + list(100_000, "1") + `}`)); !errors.Is(err, ErrDocument) {
		t.Errorf("1e5 options: %v", err)
	}
	d := draftFrom(t, `"content":"`+strings.Repeat("あ", maxText+5)+`","tag":`+list(500, `{"type":"Hashtag","name":"#t"}`)+`,"attachment":`+list(60, `{"type":"Image","url":"https://f.test/x","name":"`+strings.Repeat("a", maxAlt+1)+`"}`))
	if n := len([]rune(d.Post.Content)); n != maxText || len(d.Post.Tags) != maxTags || len(d.Media) != maxAttachments || len(d.Media[0].Description) != maxAlt {
		t.Errorf("%d characters, %d tags, %d media", n, len(d.Post.Tags), len(d.Media))
	}
	many := make([]string, 5000)
	for i := range many {
		many[i] = fmt.Sprintf(`"https://h.test/%d"`, i)
	}
	if d := draftFrom(t, `"content":"x","to":[`+strings.Join(many, ",")+`]`); len(d.Post.Mentions) != maxTags {
		t.Errorf("%d recipients", len(d.Post.Mentions))
	}
	for _, c := range []struct{ text, want string }{
		{"1959-12-31T00:00:00Z", "0"}, {"2999-01-01T00:00:00Z", "0"}, {"2026-11-22T10:06:02.670Z", "1795341962670"}, {"2026-11-22", "1795305600000"}, {"x", "0"},
	} {
		if got := social.ID(timeOf(mustParse(t, `{"t":"`+c.text+`"}`).Get("t"))).String(); got != c.want {
			t.Errorf("time %s: %s", c.text, got)
		}
	}
}
