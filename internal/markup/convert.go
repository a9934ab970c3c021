package markup

import (
	"fmt"
	"net/url"
	"strings"

	"engawa/internal/markup/htmltoken"
	"engawa/internal/markup/mfm"
)

// Convert turns a text from one format (mfm, markdown, plain) into another:
// "html" as it federates, "web" for our client, "text" without markup. No home
// is needed: mentions lead to https://host/@user, those of no host and tags to
// http://localhost.
func Convert(from, to, text string) (string, error) {
	return ConvertAt("http://localhost", from, to, text)
}

// ConvertAt is Convert for the home at base (https://home.example).
func ConvertAt(base, from, to, text string) (string, error) {
	format, err := ParseFormat(from)
	if err != nil {
		return "", err
	}
	o := optionsAt(strings.TrimSuffix(base, "/"))
	o.Format = format
	switch to {
	case "html":
		return Render(text, o).HTML, nil
	case "web":
		r := Render(text, o)
		if format == MFM {
			return r.Web, nil
		}
		return SanitizeWeb(r.HTML), nil
	case "text":
		return toText(text, o), nil
	}
	return "", fmt.Errorf("target %q is unknown: use html, web or text", to)
}

func toText(text string, o Options) string {
	switch o.Format {
	case MFM:
		return mfm.PlainText(mfm.Parse(text))
	case Markdown:
		return Text(Render(text, o).HTML)
	}
	return htmltoken.Valid(text, MaxText)
}

func optionsAt(base string) Options {
	return Options{
		Resolve: func(handle string) (Mention, bool) {
			user, host, remote := strings.Cut(handle, "@")
			page := base + "/@" + user
			if remote {
				page = "https://" + host + "/@" + user
			}
			return Mention{Name: user, URL: page, URI: page}, true
		},
		TagURL: func(tag string) string { return base + "/tags/" + url.PathEscape(tag) },
	}
}
