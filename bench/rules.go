package main

import (
	"context"
	"fmt"
	"strings"

	"engawa/relay"
	"engawa/social"
)

const (
	decideRules = 10
	decideLinks = 3
	decideTimes = 5000
)

// rules is what one decision costs: one Post at one linked account, by a book
// that has to be read to its end.
func (b *bench) rules(context.Context) error {
	links := make([]social.Link, decideLinks)
	for i := range links {
		links[i] = social.Link{ID: social.ID(i + 1), User: 1, Network: "mastodon", Name: laneName(i), State: social.LinkActive, Can: social.AblePost | social.AbleMedia}
	}
	var book strings.Builder
	for i := range decideRules {
		fmt.Fprintf(&book, "[[rule]]\nname = \"r%[1]d\"\nwhen.tag_any = [\"tag%[1]d\", \"日本%[1]d\"]\nwhen.text = [\"猫\", \"/犬[がは]/\"]\nwhen.lang = [\"ja\"]\nto = [\"%s\", \"%s\", \"%s\"]\n",
			i, laneName(0), laneName(1), laneName(2))
	}
	read, problems := relay.Parse(book.String())
	if err := problems.Err(); err != nil {
		return err
	}
	compiled := relay.Compile(read, links)
	post := &social.Post{
		ID: 1, Actor: 1, Home: 1, Kind: social.Note, Audience: social.Public, Language: "ja", Origin: social.Local, Tags: []string{"日本9", "ねこ"},
		Source: "きょうは猫がよく寝ている #日本9 #ねこ", Content: "<p>きょうは猫がよく寝ている #日本9 #ねこ</p>",
	}
	sent := 0
	value, err := own(decideTimes, func() error {
		d := compiled.Decide(relay.Facts{Post: post})
		for i := range d.Each {
			if d.Each[i].Send {
				sent++
			}
		}
		return nil
	})
	if err == nil && sent != 3*decideTimes*decideLinks {
		err = fmt.Errorf("%d of %d decisions sent the post", sent, 3*decideTimes*decideLinks)
	}
	each := value * 1000 / decideLinks
	b.note("decide", fmt.Sprintf("%.0f a second and core", 1e6/each))
	return b.set("decide", each, err)
}
