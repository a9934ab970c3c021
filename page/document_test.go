package page

import (
	"bytes"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"engawa/internal/locale"
)

// void elements have no end tag (HTML Living Standard 13.1.2).
var void = []string{"meta", "link", "img", "input", "br", "hr", "wbr", "source"}

// checkDocument holds a page against what every page must be.
func checkDocument(t *testing.T, name string, page []byte, lang locale.Lang) {
	t.Helper()
	checkNesting(t, name, page)
	doc, err := html.Parse(bytes.NewReader(page))
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	c := census{t: t, name: name, ids: map[string]int{}}
	c.walk(doc)
	if c.lang != string(lang) {
		t.Errorf("%s: html lang is %q, want %q", name, c.lang, lang)
	}
	if c.headings != 1 {
		t.Errorf("%s has %d h1, want 1", name, c.headings)
	}
	if !strings.HasPrefix(string(page), "<!doctype html>") {
		t.Errorf("%s does not begin with its doctype", name)
	}
	for id, n := range c.ids {
		if n > 1 {
			t.Errorf("%s: id %q stands %d times", name, id, n)
		}
	}
	for _, ref := range c.refs {
		if c.ids[ref] == 0 {
			t.Errorf("%s: something refers to id %q, which nothing has", name, ref)
		}
	}
	for _, input := range c.inputs {
		if !slices.Contains(c.refs, input) {
			t.Errorf("%s: input %q has no label", name, input)
		}
	}
}

// checkNesting sees that every start tag has its end tag, in order.
func checkNesting(t *testing.T, name string, page []byte) {
	t.Helper()
	z := html.NewTokenizer(bytes.NewReader(page))
	var open []string
	for {
		switch z.Next() {
		case html.ErrorToken:
			if z.Err() != io.EOF {
				t.Errorf("%s: %v", name, z.Err())
			}
			if len(open) > 0 {
				t.Errorf("%s: %v never closed", name, open)
			}
			return
		case html.StartTagToken:
			tag, _ := z.TagName()
			if !slices.Contains(void, string(tag)) {
				open = append(open, string(tag))
			}
		case html.EndTagToken:
			tag, _ := z.TagName()
			if len(open) == 0 || open[len(open)-1] != string(tag) {
				t.Errorf("%s: </%s> closes %v", name, tag, open)
				return
			}
			open = open[:len(open)-1]
		}
	}
}

// census counts what matters in a parsed page.
type census struct {
	t        *testing.T
	name     string
	lang     string
	headings int
	ids      map[string]int
	refs     []string // ids that labels and aria attributes refer to
	inputs   []string // ids of inputs that need a label
}

func (c *census) walk(n *html.Node) {
	if n.Type == html.ElementNode {
		c.element(n)
	}
	if n.Type == html.TextNode && remains.MatchString(n.Data) {
		c.t.Errorf("%s: %q was not filled in", c.name, n.Data)
	}
	for child := n.FirstChild; child != nil; child = child.NextSibling {
		c.walk(child)
	}
}

func (c *census) element(n *html.Node) {
	at := map[string]string{}
	for _, a := range n.Attr {
		at[a.Key] = a.Val
		c.attribute(n.Data, a)
	}
	switch n.Data {
	case "html":
		c.lang = at["lang"]
	case "h1":
		c.headings++
	case "script":
		if !strings.HasPrefix(at["src"], "/page/passkey-") || n.FirstChild != nil {
			c.t.Errorf("%s holds a script that is not the one of passkeys", c.name)
		}
	case "style", "iframe", "object", "base", "embed":
		c.t.Errorf("%s holds <%s>", c.name, n.Data)
	case "img":
		if _, ok := at["alt"]; !ok || at["height"] == "" {
			c.t.Errorf("%s: img %q lacks alt or height", c.name, at["src"])
		}
	case "form":
		if at["method"] != "post" || SamePath(at["action"]) == "" {
			c.t.Errorf("%s: form goes to %q by %q, want post to this site", c.name, at["action"], at["method"])
		}
	case "input":
		if at["type"] != "hidden" && at["aria-label"] == "" {
			c.inputs = append(c.inputs, at["id"])
		}
	case "details":
		if n.FirstChild == nil || !strings.Contains(outline(n), "summary") {
			c.t.Errorf("%s: details without summary", c.name)
		}
	}
}

func outline(n *html.Node) string {
	var tags []string
	for child := n.FirstChild; child != nil; child = child.NextSibling {
		tags = append(tags, child.Data)
	}
	return strings.Join(tags, " ")
}

var remains = regexp.MustCompile(`ZgotmplZ|<no value>|%!|\{[a-zA-Z]+\}|&lt;nil`)

func (c *census) attribute(tag string, a html.Attribute) {
	switch a.Key {
	case "id":
		c.ids[a.Val]++
	case "for", "aria-labelledby", "aria-describedby":
		c.refs = append(c.refs, strings.Fields(a.Val)...)
	case "style":
		c.t.Errorf("%s: <%s> has an inline style, which the policy forbids", c.name, tag)
	case "href", "src", "action", "poster":
		if s := strings.ToLower(a.Val); web(a.Val) == "" && !strings.HasPrefix(s, "mailto:") && !strings.HasPrefix(s, "#") && !strings.HasPrefix(s, "?lang=") {
			c.t.Errorf("%s: <%s %s=%q> leads astray", c.name, tag, a.Key, a.Val)
		}
	}
	if strings.HasPrefix(a.Key, "on") {
		c.t.Errorf("%s: <%s> has %s", c.name, tag, a.Key)
	}
	if remains.MatchString(a.Val) {
		c.t.Errorf("%s: <%s %s=%q> was not filled in", c.name, tag, a.Key, a.Val)
	}
}
